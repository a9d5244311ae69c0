// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The recent world in memory, shared by the files of this room. Entries are facts in one array, named
// by their index; authors, topics and languages too. A note's own entry is what is known of the note.
// The place of a note that is gone is given to another: an order that was made before tells by `born`
// that it is not its note any more. Some 60 bytes a note in all, 100 with a few topics (test_size.c).
#pragma once

#include "feed/feed.h"
#include "notes/notes.h"
#include "store/store.h"

#include <stdatomic.h>

// Indices of entries ordered by moment, all of `fresh` above all of `old`. The rebuild goes back in time, the
// living world forwards: two arrays that both grow at their end.
struct timeline {
	uint32_t *fresh, *old; // ids rising; ids falling
	uint32_t n_fresh, cap_fresh, n_old, cap_old;
};

enum fact_flag {
	FACT_GONE = 1,
	FACT_SENSITIVE = 2,
	FACT_PICTURE = 4,
	FACT_FREE = 8 // gone, and in no timeline: the place of the next note that comes
};
struct fact {
	int64_t id;               // the moment; of a note's own entry the note
	uint32_t author;          // index: whose entry it is
	uint32_t likes, comments; // of another kind the two halves of the note's id
	uint32_t topics;          // place in the pool: how many, then their indices; 0 = none
	uint8_t language;         // index
	uint8_t visibility;
	uint8_t flags;
	uint8_t kind;  // index; 0: published, the note's own
	uint32_t born; // the turn in which it came here
};

struct author {
	account_id id;
	struct timeline entries;
	uint32_t *follows; // author indices, rising
	uint32_t n_follows;
	uint64_t *
		follow_bits; // the same as bits of author indices, of who follows very many; else NULL
	uint32_t n_bits;
	uint32_t follow_turns; // changes of the list, so that an old one is not taken for true
	bool loaded;
	bool hidden; // suspended: nobody else sees the notes
};

#define KINDS_MOST 8 // of entries
struct joined {
	struct feed *feed;
	const struct entry_kind *kind;
	uint8_t index;
	int64_t reached; // its entries are loaded down to here. The world's.
};

struct topic_line {
	str name, shown; // on the heap; as the database spells it now; "": the place is free
	struct timeline notes;
};

#define LANGUAGES_MOST 200
#define ORDER_MOST 20000  // notes that an order of explore holds
#define NEWEST_MOST 12000 // of these the newest, where there are more than it holds
#define SNAPSHOTS_MOST 512

// Note indices, best first.
struct order {
	uint32_t *at;
	ptrdiff_t n;
	uint32_t turn; // notes that came later are not in it
};

struct scored {
	double score;
	int64_t id;
	uint32_t index;
};

// An order as readers of certain languages get it: first what they read, then the others; a note
// whose author was shown just before waits for the next turn. Goes on from where it stopped, so
// that a page deep down costs no more than the first.
struct reading {
	const struct order *order;
	bool mine[LANGUAGES_MOST];
	bool anything; // the reader has no preference
	bool done;
	int pass;
	ptrdiff_t at;           // next of the order in this pass
	LIST(uint32_t) shown;   // on the heap
	LIST(uint32_t) waiting; // all of the author shown last; served from first_waiting on
	ptrdiff_t first_waiting;
};

struct alive {
	uint32_t topic;
	uint32_t weight;
	uint8_t language; // that most of its recent notes are written in
};
struct snapshot {
	uint64_t epoch;
	ms at;
	bool used; // somebody has an address that goes on in it
	ptrdiff_t bytes;
	struct order all;
	struct strmap topics;   // name → struct order on the heap, filled when first asked
	struct strmap readings; // topic and languages → struct reading on the heap
	struct alive *alive;    // topics, most used first
	ptrdiff_t n_alive;
};

// A stretch of the past as the database has it.
struct page {
	note_id below;             // 0: from the top
	struct note_fact *facts;   // newest first
	struct note_topic *topics; // oldest note first
	ptrdiff_t n, n_topics;
	bool last;
};

struct feed {
	struct rwlock world; // guards everything down to the line below
	struct fact *facts;
	ptrdiff_t n_facts, cap_facts;
	struct timeline all;       // also of what is gone, until the thread tidies up
	LIST(uint32_t) gone, free; // places of notes
	_Atomic uint32_t turn;     // counts orders
	LIST(uint32_t) pool;       // topics of notes
	uint32_t pool_free[NOTE_TOPICS_MOST +
			   1]; // by how many: the first place, each leads to the next
	LIST(uint32_t) free_topics;
	ptrdiff_t emptied; // topics that lost their last note here, since the thread tidied up
	bool reloading;    // topics of the file are known before their notes, and are none of these
	LIST(struct author) authors;
	struct map by_account; // account id → author index
	LIST(struct topic_line) topics;
	struct strmap by_topic; // name → index + 1 as a pointer
	struct map by_note; // note id → its entries of other kinds, a struct timeline on the heap
	lang languages[LANGUAGES_MOST];
	int n_languages;
	// Every entry from the newer of the two on is here; of what is older only notes of at least this love.
	int64_t reached; // down to here the past has been read; 0: all of it
	int64_t cut;     // below there was no room for all; 0: there was
	uint32_t loved_least;
	ptrdiff_t n_noted;       // topics of all notes
	int64_t follows_bytes;   // of all lists of whom somebody follows
	ptrdiff_t n_entries;     // of other kinds than published
	bool unspelled;          // topics may have lost a note that spelled them and is not here
	bool rebuilding;         // the past is still being read
	uint32_t standing_turns; // times that somebody's standing may have changed
	struct map touched; // notes that changed while it is read, which the change told better
	// ---
	struct lock snapshots_lock; // guards snapshots and all in them; taken before the world's
	struct snapshot *snapshots[SNAPSHOTS_MOST]; // newest first
	// That the next ones consider beside the newest, in no order. The feed's thread alone changes it.
	struct order older;
	struct lock lock; // guards what follows: talk with the thread
	struct waker waker;
	bool dirty, stop, again; // again: compare everything with the database
	_Atomic uint64_t epoch;
	_Atomic bool ready;
	_Atomic uint64_t changes; // that were applied
	str path;                 // of the file, on the heap; "": none is kept
	uint64_t kept_changes;    // what of it is in the file; the thread's own
	ms started;               // clock_steady
	bool reloaded;            // the past came from the file
	_Atomic ms chosen_at;     // clock_steady, older; 0: not yet
	ms kept_at;               // clock_steady; 0: not yet
	int64_t bound;            // bytes that the world may take; 0: as many as it does
	note_id oldest_loaded;    // where the thread goes on
	pthread_t thread;
	struct house *house;
	struct joined kinds[KINDS_MOST]; // does not change once threads run
	int n_kinds;
};

// feed.c
// Loads the newest notes and listens to changes; the past is loaded by a thread, between run and halt: from
// the file at `path` ("": there is none), which is made anew now and then and at the end; when it is
// missing, damaged, of another database or schema, too old or made for less memory, from the database.
// bound: bytes that it may take; 0: as many as it does.
err feed_open(struct ctx *, str path, int64_t bound, struct feed **out) CHECKED;
void feed_run(struct feed *);
void feed_halt(struct feed *);
void feed_free(struct feed *);

void feed_wake(struct feed *, bool again);
bool feed_stopping(struct feed *); // or the past is to be read again

// changes.c: listens to what happens; of a change, the note that it is about (0: none).
void feed_listen(struct feed *, struct store *);
note_id feed_about(const struct change *);
// Topics as the database does now; what fails leaves them unspelled.
err spell_all(struct ctx *, struct feed *) CHECKED;

// rebuild.c
bool was_touched(const struct feed *, int64_t id); // read
// Reads the next page of the past and makes the world equal to it. What changes meanwhile is left to
// the change, which is newer.
err load_page(struct ctx *, struct feed *, note_id *below, int limit, bool *more) CHECKED;
err page_of(
	struct ctx *, const note_id *ids, ptrdiff_t n, struct page *out) CHECKED; // of those there
void put_page(struct feed *, const struct page *);                                // write

// reload.c: the past from the file. ERR_NOT_FOUND: there is none, or it is too old or of another
// database; ERR_INVALID: it is damaged. Whatever fails leaves nothing wrong that a rebuild does not
// put right; nothing of the file is shown before what came after it.
err feed_reload(struct ctx *, struct feed *, str path) CHECKED;

// memory.c: what stays when there is no room for all.
int64_t world_bytes(const struct feed *); // read; what is in use, a little more than counted
int64_t world_complete(
	const struct feed *); // read; from this moment on every entry is here; 0: all are
uint32_t fact_love(int64_t likes, int64_t comments);
bool world_admits(const struct feed *, const struct note_fact *); // read; it is to be here
void world_shed(struct feed *); // when it is too much; takes the lock itself

// world.c: all require the world's lock (read or write as they say).
uint32_t world_author(struct feed *, account_id);               // write; made when new
bool world_find(const struct feed *, note_id, uint32_t *index); // read
uint32_t world_put(struct feed *, const struct note_fact *);    // write; adds or updates
uint32_t world_topic(struct feed *, const struct note_topic *); // write; made when new
// The topics of a note become exactly these, and are spelled so; none when it is not public. Write.
void world_topics(struct feed *, uint32_t note, const struct note_topic *, ptrdiff_t n);
void world_place(
	struct feed *, uint32_t note, const uint32_t *topics, ptrdiff_t n); // the same by index
bool world_shows(const struct feed *, const struct fact *); // in explore and topics. Read.
// The note of an order that is still there, or NULL. Read.
const struct fact *order_fact(const struct feed *, const struct order *, uint32_t index);
// Names of a note's topics, to be spelled anew when the note has left them. Read.
ptrdiff_t world_topic_names(struct ctx *, const struct feed *, note_id, str **out);
void world_spell(struct feed *, const struct note_topic *);                // write
void world_count(struct feed *, note_id, int64_t likes, int64_t comments); // write
void world_remove(struct feed *, note_id);                                 // write
void world_drop(struct feed *);                                            // write
bool world_place_of(
	const struct feed *, int64_t moment, uint32_t *index); // also of what is gone. Read.
// A new entry, at the place where it is gone (placed) or at another one. Write.
uint32_t world_add(struct feed *, const struct fact *, bool placed, uint32_t index);
void world_take_out(struct feed *, uint32_t index); // write

// entries.c: of other kinds than published.
note_id entry_note(const struct fact *); // that the entry is about, whatever its kind
void entry_put(struct feed *, uint8_t kind, const struct feed_entry *); // write
void entry_remove(struct feed *, int64_t moment);                       // write
void entries_remove(struct feed *, note_id);                            // write; all about it
const struct timeline *entries_about(const struct feed *, note_id);     // read; NULL: none
err entries_load(
	struct ctx *, struct feed *) CHECKED; // what is missing, and away with what is not so
void entries_drop(struct feed *);             // write

// reclaim.c: places that are used again. All but the last require the world's lock (write).
uint32_t fact_place(struct feed *);
uint32_t pool_place(struct feed *, ptrdiff_t n); // for n topics, and how many they are
void pool_give(struct feed *, uint32_t place);
void world_tidy(struct feed *, bool all); // when much is gone, or at once; takes the lock itself
int world_language(const struct feed *, lang); // read; -1 when nobody wrote in it

// timeline.c
void line_add(const struct feed *, struct timeline *, uint32_t index);    // write
void line_remove(const struct feed *, struct timeline *, uint32_t index); // write
void line_free(struct timeline *);
// Walks a timeline newest first from below `before` (0: from the top): walk_take gives the index
// into facts. Read.
struct walk {
	const struct timeline *line;
	int64_t fresh, old; // next positions
};
struct walk walk_below(const struct feed *, const struct timeline *, int64_t before);
int64_t walk_peek(const struct feed *, const struct walk *); // moment, 0 at the end
uint32_t walk_take(struct walk *);

// The newest of several walks, by a heap.
struct head {
	int64_t id; // moment
	union {
		struct walk walk;       // in memory
		struct past_walk *past; // in the database
	};
};
void heads_make(struct head *, ptrdiff_t n);
// What comes after the first, which stands in heap[0] now; id 0: that walk is over.
void heads_next(struct head *heap, ptrdiff_t *n);

// following.c: an entry that is about this note, older than `before`, reaches the viewer.
err past_has_older(struct ctx *, struct feed *, note_id, int64_t before, bool *out) CHECKED;

// past.c: the following feed as the database has it, of moments older than `before`.
err past_following(struct ctx *, struct feed *, int64_t before, ptrdiff_t limit,
	struct feed_entry **out, ptrdiff_t *n) CHECKED;

// older.c
void older_choose(struct feed *); // by the feed's thread, without a lock
bool older_is_due(struct feed *);

// snapshot.c. All but the first two require the snapshots' lock and the world's (read).
void snapshot_make(struct feed *);
void snapshots_drop(struct feed *);
double fact_score(const struct fact *, ms now); // by which explore is ordered
struct order *order_line(
	struct feed *, const struct timeline *, ptrdiff_t most, ms now); // on the heap
struct snapshot *snapshot_of(struct feed *, uint64_t epoch);

// explore.c
void reading_free(struct reading *);
// Marks the languages, by index, that a reader of these reads, and the one of notes without a text. Read.
void world_read_by(const struct feed *, const lang *reads, int n_reads, bool *mine);

// standing.c: who is hidden, all of it or as one account changed.
err standing_load(struct ctx *, struct feed *) CHECKED;
err standing_change(struct ctx *, struct feed *, account_id) CHECKED;

// follows.c: whom somebody follows; read when first asked, and again after it changed.
err follows_load(struct ctx *, struct feed *, account_id follower) CHECKED;
bool follows_have(const struct author *, uint32_t whom); // read
void follows_change(struct feed *, account_id follower);
void follows_forget(struct feed *); // all of them are loaded anew. Write.
void follows_give(struct feed *);   // the memory of all of them, too. Write.
