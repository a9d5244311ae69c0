// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What this room's tests share: a database with people who write, and the feed over it.
#pragma once

#include "accounts/accounts.h"
#include "feed/private.h"

#define PEOPLE 12

struct world {
	char dir[64];
	struct house house;
	struct ctx ctx;
	account_id people[PEOPLE];
	struct feed *feeds[4]; // all that were started
	int n_feeds;
	int64_t bound;                  // of memory of feeds that start; 0: none
	bool keeps;                     // feeds that start have the file DIR/feed
	const struct entry_kind *joins; // into feeds that start
};

struct world *world_new(void); // the feed is not started
void world_end(struct world *);
void world_restart(struct world *);      // ends the process and begins another, without a feed
struct feed *feed_begin(struct world *); // starts one more
struct feed *feed_of(struct world *);    // starts one more and waits until it knows everything
// From now on ctx acts for this person, a little later than before.
void as(struct world *, account_id);
#define CROWD 1000 // who follows them follows very many
// Makes them, and this person follows them all; they may have written, every twentieth a note, hours ago.
void follow_crowd(struct world *, int who, bool write);
note_id say(struct world *, int who, const char *body, enum visibility, lang);
note_id say_at(struct world *, int who, const char *body, ms when);
void wait_ready(struct feed *);
void let_go(struct world *); // what a request does at its end

ptrdiff_t bytes_of_world(struct feed *); // what it takes, whoever reads it
int64_t cut_of(struct feed *);           // while its thread works
int64_t bytes_used(struct feed *);       // as the bound counts them

struct read { // a whole feed, page by page
	note_id ids[4096];
	ptrdiff_t n;
	int pages;
};
void read_explore(struct world *, str topic, const lang *reads, int n_reads, int limit, str cursor,
	struct read *);
void read_following(struct world *, account_id who, int limit, struct read *);
