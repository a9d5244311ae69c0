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
#define CHANGES_LATE \
	(30 * MS_SECOND) // longest time between making an id and its commit being visible
#define KINDS_MOST 64    // of changes that anybody listens to, in this process

struct listener {
	change_fn fn;
	change_within_fn within; // one of the two
	void *arg;
};
struct subject {
	LIST(struct listener) listeners; // on the heap
};

// Transactions whose changes have their ids, or soon get them, and that are not told yet: one of
// PostgreSQL, a group of SQLite. Those of PostgreSQL are told in the order of ids: a transaction that saw
// another's work got its ids after that one's commit.
struct flight {
	struct flight *before, *after;
	ms since; // no id in it is older
	bool aloft;
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
	_Atomic int64_t
		doubts_until; // clock_steady; until then this process's own changes are followed too
	_Atomic int64_t heard; // clock_steady when all changes of others were known last
	_Atomic int64_t
		told;        // the same in clock_now; of a store without a tail: when it was opened
	struct lock telling; // held while listeners run
	struct {
		struct lock lock; // guards the list
		struct waker landed;
		struct flight *first, *last;
	} flights;
};

struct db { // an open transaction; ctx->db points to it
	struct store *store;
	struct lite_conn *lite; // one of the two
	struct pg_conn *pg;
	struct flight *flight; // PostgreSQL
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
// A commit ended and nobody knows how: for a while the tail tells of this process's own changes too,
// which those that were told already bear twice.
void store_doubts(struct store *);
void store_tell(struct ctx *, struct store *, const struct change *);
const struct change_kind *change_kind_named(str name); // NULL when nobody here listens to it

struct store_step; // of store.sql
// Applies the steps of store->steps through these calls.
struct schema_engine {
	void *on;
	err (*run)(struct ctx *, void *on, const char *sql);
	err (*recorded)(struct ctx *, void *on, struct store_step **steps, ptrdiff_t *n);
	err (*record)(struct ctx *, void *on, const struct schema_step *);
};
err schema_apply(struct ctx *, struct store *, const struct schema_engine *) CHECKED;

// Transaction control: the only statements outside room.sql.
extern const struct sql sql_begin, sql_commit, sql_rollback, sql_savepoint, sql_release,
	sql_rollback_to, sql_begin_read;

err lite_open(struct ctx *, struct store *, str path) CHECKED;
void lite_close(struct store *);
err lite_read(struct ctx *, struct store *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
err lite_write(struct ctx *, struct store *, store_body, void *arg) CHECKED;
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

err pg_open(struct ctx *, struct store *, str address) CHECKED;
void pg_close(struct store *);
err pg_read(struct ctx *, struct store *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
err pg_write(struct ctx *, struct store *, store_body, void *arg) CHECKED;
err pg_run(struct ctx *, struct pg_conn *, const struct sql *, const struct sql_value *,
	struct sink *) CHECKED;
