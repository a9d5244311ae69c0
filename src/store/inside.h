// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share: the store, an open transaction, where result rows go, and the
// two engines' entry points (lite*.c, pg*.c), which mirror each other.
#pragma once

#include "store/store.h"

struct lite;      // SQLite: reader connections and the writer
struct lite_conn; // one SQLite connection with its prepared statements
struct pg;        // PostgreSQL: the pool
struct pg_conn;   // one PostgreSQL connection with its prepared statements

#define CHANGES_KEPT MS_DAY // how long changes stay in the table, at least
#define KINDS_MOST 64       // of changes that anybody listens to, in this process

struct listener {
	change_fn fn;
	change_within_fn within; // one of the two
	void *arg;
};
struct subject {
	LIST(struct listener) listeners; // on the heap
};

// Transactions whose changes are written, or soon will be, and that are not told yet: one of PostgreSQL,
// a group of SQLite. Those of PostgreSQL are told in the order in which they came to that: one that saw
// another's work did so after that one's commit.
struct flight {
	struct flight *before, *after;
	int64_t since; // of all that changes here, nothing is below
	bool aloft;
};

// A place in the change feed (place.c): what was there when it was taken. Numbers are those of
// PostgreSQL's transactions, or of SQLite's changes.
struct place {
	int64_t oldest;        // all below this number were there
	int64_t end;           // this number and all above were not
	LIST(int64_t) awaited; // nor were these between the two
	ms at;                 // by the database's clock
};

struct store {
	bool postgres;
	int readers, pool;
	ms busy;
	int64_t process; // marks this process's changes
	struct lite *lite;
	struct pg *pg;
	const struct schema_step *steps;
	int n_steps;
	struct subject subjects[KINDS_MOST]; // by the number of the kind
	struct {
		struct lock lock;      // one leases at a time
		int64_t number;        // -1: none yet
		_Atomic int64_t until; // clock_steady: relied on until then; 0: not leased
	} node;
	struct tail *tail;
	struct {
		_Atomic int64_t
			since; // clock_boot when what is heard now was read; 0: no tail runs
		_Atomic int64_t delay; // of what was heard last, by the database's clock: ms
		struct lock lock;      // guards what follows
		struct place place;    // what is there has been told here; on the heap
		str history;           // on the heap
		LIST(int64_t)
		doubts;      // transactions whose end this process does not know; on the heap
		bool missed; // something was not heard, or could not be taken in
	} heard;
	struct {
		struct lock lock;    // held while listeners run
		_Atomic int64_t own; // changes of this process that were told; grows under the lock
		int64_t own_then; // the tail's: how many when it took the place that it reads from
	} told;
	struct {
		struct lock lock; // guards the list
		struct waker landed;
		struct flight *first, *last;
	} flights;
};

bool is_postgres(str database); // by its address
// Threads that may wait for the database.
#define STORE_THREADS (THREAD_MAIN | THREAD_WORKER | THREAD_HASHER | THREAD_RUNNER | THREAD_TIMER)

struct db { // an open transaction; ctx->db points to it
	struct store *store;
	struct lite_conn *lite; // one of the two
	struct pg_conn *pg;
	struct flight *flight; // PostgreSQL
	int64_t work;          // PostgreSQL: the transaction's number, once it said a change
	err failed; // a statement or inner body failed: nothing more is done, and it is rolled back
	struct problem problem;
};

struct after {
	void (*fn)(void *arg);
	void *arg;
};
struct db_pending {
	LIST(struct change) changes;
	LIST(struct after) after;
};

struct sink { // where the rows of a statement go
	bool many, found;
	char *rows; // one: the caller's row; many: an array in ctx->mem
	ptrdiff_t n, cap;
	int64_t changed;
};
// The place for the next row, zeroed.
char *sink_row(struct ctx *, const struct sql *, struct sink *);

// Records what the database said. `what` names the statement or step.
err store_fail(struct ctx *, err code, const char *what, const char *message) CHECKED;

// When what begins now must have ended (clock_steady): the store's patience, or the deadline of ctx if
// that is sooner. It is the whole time: waiting for a connection or a lock, and every further try.
ms store_until(const struct ctx *, const struct store *);

// Runs the body in the open transaction db and stores its changes; leaves ctx->pending filled when
// OK, and ctx->db NULL.
err store_run_body(struct ctx *, struct db *, store_body, void *arg) CHECKED;
bool node_has_lapsed(struct store *); // it had a number and may have it no more
// changes.c. Within the transaction: tells who subscribed so; then stores the changes.
err changes_within(struct ctx *, struct store *) CHECKED;
err changes_write(struct ctx *, struct db *) CHECKED;
void subjects_free(struct store *);
bool store_is_telling(void); // this thread tells listeners
// Tells the listeners and calls what waits for the commit; empties ctx->pending.
void store_deliver(struct ctx *, struct store *);
void flight_begin(struct store *, struct flight *);
void flight_await(struct store *, struct flight *); // until all that began before have ended
void flight_end(struct store *, struct flight *);
// A commit was sent and nobody knows how it ended: the tail asks the table, and tells what it said.
void store_doubts(struct store *, int64_t work);
enum teller { TELL_OWN, TELL_OTHERS };
void store_tell(struct ctx *, struct store *, enum teller, struct change *);
const struct change_kind *change_kind_named(str name); // NULL when nobody here listens to it

struct store_step; // of store.sql
struct said;
struct change change_said(const struct said *); // its kind is NULL when nobody here listens to it

// place.c. `ctx` says who reads: its ctx->db, or the pool.
#define NOBODY (-1)                                                           // is no process
#define PLACE_PAGE 1000                                                       // rows at once
err place_now(struct ctx *, const struct store *, struct place *out) CHECKED; // in ctx->mem
struct place place_copy(struct arena *or_heap, const struct place *);
bool place_is(const struct place *, const struct place *); // nothing came between them
bool place_shows(const struct place *, int64_t work);
// What is there at `until` and was not at `since`, but of one process, in order; a page of it from the
// turn after `after` (-1: the first). A page that is not full is the last.
err place_page(struct ctx *, const struct store *, const struct place *since,
	const struct place *until, int64_t but_of, int64_t after, struct said **out,
	ptrdiff_t *n) CHECKED;
// Whether nothing from this number on, and after this moment of the database's clock, has been thrown
// away.
err place_is_whole(struct ctx *, const struct store *, int64_t from, ms at, bool *out) CHECKED;
// The last change below a number, or ERR_NOT_FOUND.
err place_newest(struct ctx *, const struct store *, int64_t before, struct said *out) CHECKED;
// Which database this is the history of: another after a standby has taken over. In ctx->mem.
err place_history(struct ctx *, const struct store *, str *out) CHECKED;
// Applies the steps of store->steps through these calls.
struct schema_engine {
	void *on;
	err (*run)(struct ctx *, void *on, const char *sql);
	err (*recorded)(struct ctx *, void *on, struct store_step **steps, ptrdiff_t *n);
	err (*record)(struct ctx *, void *on, const struct schema_step *);
};
err schema_apply(struct ctx *, struct store *, const struct schema_engine *) CHECKED;

// Transaction control: the only statements outside room.sql.
extern const struct sql sql_begin, sql_begin_committed, sql_commit, sql_rollback, sql_savepoint,
	sql_release, sql_rollback_to, sql_begin_read;

err lite_open(struct ctx *, struct store *, str path) CHECKED;
void lite_close(struct store *);
err lite_read(struct ctx *, struct store *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
err lite_write(struct ctx *, struct store *, store_body, void *arg) CHECKED;
// Runs a body that reads, each statement by itself, on one connection. For it ctx->house is not needed.
err lite_each(struct ctx *, struct store *, store_body, void *arg) CHECKED;
enum lite_use { LITE_READ, LITE_WRITE, LITE_FILE /* a copy: no WAL */ };
err lite_connect(
	struct ctx *, const char *path, enum lite_use, ms busy, struct lite_conn **out) CHECKED;
void lite_disconnect(struct lite_conn *);
err lite_run(struct ctx *, struct lite_conn *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
err lite_script(struct ctx *, struct lite_conn *, const char *sql) CHECKED;
err lite_schema(struct ctx *, struct store *, struct lite_conn *) CHECKED;
err lite_watch(struct ctx *, struct store *, struct lite_conn **out) CHECKED;
bool lite_in_transaction(struct lite_conn *);
struct sqlite3 *lite_handle(struct lite_conn *);
err lite_failed(struct ctx *, struct sqlite3 *, const char *what) CHECKED;

// What a connection is taken for: each lane has a number of its own, so that what hangs in one leaves the
// others theirs. Threads that hash, do jobs or turn time into jobs stay in their own, whatever they do.
enum pg_lane { PG_READ, PG_WRITE, PG_HASH, PG_JOB, PG_TIMER, PG_PING, PG_LANES };
err pg_open(struct ctx *, struct store *, str address) CHECKED;
void pg_close(struct store *);
err pg_read(struct ctx *, struct store *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
err pg_write(struct ctx *, struct store *, const struct sql *begin, store_body, void *arg) CHECKED;
// The same: a body whose statements each are a transaction of their own.
err pg_each(struct ctx *, struct store *, enum pg_lane, store_body, void *arg) CHECKED;
err pg_run(struct ctx *, struct pg_conn *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
