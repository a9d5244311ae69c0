// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The recent world in memory, shared by the files of this room. Notes are facts in one array, named
// by their index; authors and topics too. About 100 bytes a note in all.
#pragma once

#include "feed/feed.h"
#include "notes/notes.h"

#include <stdatomic.h>

// Note indices ordered by id. The rebuild goes back in time, the living world forwards: two arrays
// that both grow at their end.
struct timeline {
	uint32_t *fresh, *old; // ids rising; ids falling, all below fresh[0]
	uint32_t n_fresh, cap_fresh, n_old, cap_old;
};

enum fact_flag { FACT_GONE = 1, FACT_SENSITIVE = 2, FACT_PICTURE = 4 };
struct fact {
	int64_t id;
	uint32_t author; // index
	uint32_t likes, comments;
	uint8_t language; // index
	uint8_t visibility;
	uint8_t flags;
};

struct author {
	account_id id;
	struct timeline notes;
	uint32_t *follows; // author indices; NULL with loaded = true: nobody
	uint32_t n_follows, cap_follows;
	bool loaded;
};

struct topic_line {
	str name, shown; // on the heap
	struct timeline notes;
};

#define LANGUAGES_MOST 200
#define RECENT_MOST 20000 // notes that explore considers
#define SNAPSHOTS_KEPT 6

// One order of explore: all that a page needs, so that reading it takes no lock.
struct entry {
	int64_t id;
	uint32_t author;
	uint8_t language;
};
struct order {
	struct entry *at; // best first
	ptrdiff_t n;
};
struct alive {
	uint32_t topic;
	uint32_t weight;
	uint8_t language; // that most of its recent notes are written in
};
struct snapshot {
	uint64_t epoch;
	ms at;
	struct order all;
	struct strmap topics; // name → struct order on the heap, filled when first asked
	struct alive *alive;  // topics, most used first
	ptrdiff_t n_alive;
};

struct feed {
	struct rwlock world; // guards everything down to the line below
	struct fact *facts;
	ptrdiff_t n_facts, cap_facts;
	struct map by_id; // note id → index
	struct timeline all;
	LIST(struct author) authors;
	struct map by_account; // account id → author index
	LIST(struct topic_line) topics;
	struct strmap by_topic; // name → index + 1 as a pointer
	lang languages[LANGUAGES_MOST];
	int n_languages;
	struct map gone; // deleted while the rebuild was on its way
	// ---
	struct lock snapshots_lock;                 // guards snapshots and their topics
	struct snapshot *snapshots[SNAPSHOTS_KEPT]; // newest first
	struct lock lock;                           // guards what follows: talk with the thread
	struct waker waker;
	bool dirty, stop, again; // again: rebuild from nothing
	_Atomic uint64_t epoch;
	_Atomic bool ready;
	pthread_t thread;
	struct house *house;
};

// world.c: all require the world's lock (read or write as they say).
uint32_t world_author(struct feed *, account_id);               // write; made when new
bool world_find(const struct feed *, note_id, uint32_t *index); // read
// Adds or updates; `rebuilding`: from the past, never overwrites what is newer. Write.
void world_put(struct feed *, const struct note_fact *, bool rebuilding);
void world_topics(
	struct feed *, const struct note_topic *, ptrdiff_t n); // write; notes are there already
// Takes a note out of all topics, before its new ones are added. Write.
void world_untopic(struct feed *, note_id);
void world_remove(struct feed *, note_id);     // write
void world_clear(struct feed *);               // write
int world_language(const struct feed *, lang); // read; -1 when nobody wrote in it
// Walks a timeline newest first from below `before` (0: from the top): next_below gives the index
// into facts or -1. Read.
struct walk {
	const struct timeline *line;
	int64_t fresh, old; // next positions
};
struct walk walk_below(const struct feed *, const struct timeline *, int64_t before);
int64_t walk_peek(const struct feed *, const struct walk *); // note id, 0 at the end
uint32_t walk_take(struct walk *);

// explore.c
void snapshot_make(struct feed *);
void snapshots_drop(struct feed *);
// follow.c: keeps loaded lists true.
void follows_change(struct feed *, account_id follower, account_id followed, bool begins);
