// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What both engines have in common: opening, who runs a statement (the open transaction, a reader,
// the pool), what a transaction leaves behind for after its commit. The engines are lite*.c and
// pg*.c. A failed statement dooms the transaction here, so that both refuse all that follows, as
// PostgreSQL does by itself and SQLite does not.
#include "store/inside.h"
#include "store/store.sql.h"

#include "disk/disk.h"

#include <string.h>
#include <sys/random.h>

const struct sql sql_begin = {.name = "begin",
	.sqlite = "BEGIN IMMEDIATE",
	.postgres = "BEGIN ISOLATION LEVEL SERIALIZABLE",
	.writes = true};
const struct sql sql_begin_committed = {
	.name = "begin", .postgres = "BEGIN ISOLATION LEVEL READ COMMITTED", .writes = true};
const struct sql sql_begin_read = {.name = "begin",
	.sqlite = "BEGIN",
	.postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
const struct sql sql_commit = {.name = "commit", .sqlite = "COMMIT", .postgres = "COMMIT"};
const struct sql sql_rollback = {.name = "rollback", .sqlite = "ROLLBACK", .postgres = "ROLLBACK"};
const struct sql sql_savepoint = {.name = "savepoint", .sqlite = "SAVEPOINT turn"};
const struct sql sql_release = {.name = "release", .sqlite = "RELEASE turn"};
const struct sql sql_rollback_to = {.name = "rollback to", .sqlite = "ROLLBACK TO turn"};

// Before anything is read that will be kept: all that comes after it is heard.
static err begin_place(struct ctx *ctx, void *arg)
{
	struct store *store = arg;
	struct place now;
	str history;
	TRY(place_history(ctx, store, &history));
	TRY(place_now(ctx, store, &now));
	store->heard.place = place_copy(NULL, &now);
	store->heard.history = str_keep(history);
	return OK;
}

static err open_engine(struct ctx *ctx, struct store *store, str database)
{
	TRY(store->postgres ? pg_open(ctx, store, database) : lite_open(ctx, store, database));
	return store->postgres ? pg_each(ctx, store, PG_READ, begin_place, store)
			       : lite_each(ctx, store, begin_place, store);
}

bool is_postgres(str database)
{
	return str_starts(database, S("postgresql://")) || str_starts(database, S("postgres://"));
}

err store_open(struct ctx *ctx, const struct store_config *config, struct store **out)
{
	struct store *store = mem_new(1, sizeof *store);
	store->postgres = is_postgres(config->database);
	store->readers = config->readers > 0 ? config->readers : 8;
	store->pool = config->pool > 0 ? config->pool : 20;
	store->busy = config->busy > 0 ? config->busy : 5 * MS_SECOND;
	store->steps = config->steps ? config->steps : schema_steps;
	store->n_steps = config->steps ? config->n_steps : schema_steps_n;
	must(getrandom(&store->process, sizeof store->process, 0) == sizeof store->process);
	store->process &= INT64_MAX;
	lock_init(&store->told.lock);
	lock_init(&store->heard.lock);
	lock_init(&store->node.lock);
	store->node.number = -1;
	lock_init(&store->flights.lock);
	waker_init(&store->flights.landed);
	err result = open_engine(ctx, store, config->database);
	if (result != OK) {
		store_close(store);
		return result;
	}
	*out = store;
	return OK;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	must(!store->tail);
	if (store->lite)
		lite_close(store);
	if (store->pg)
		pg_close(store);
	subjects_free(store);
	list_free(&store->heard.place.awaited);
	list_free(&store->heard.doubts);
	str_drop(store->heard.history);
	mem_free(store);
}

bool store_is_postgres(const struct store *store)
{
	return store->postgres;
}

int64_t store_process(const struct store *store)
{
	return store->process;
}

void store_done(struct ctx *ctx)
{
	must(!ctx->db);
	ctx->pending = NULL;
}

static err ping(struct ctx *ctx, void *arg)
{
	struct store_alive_row row;
	(void)arg;
	return store_alive(ctx, &row);
}

// A connection that was idle may have been lost since.
err store_ping(struct ctx *ctx)
{
	struct store *store = ctx->house->store;
	if (!store->postgres)
		return ping(ctx, NULL);
	ms deadline = ctx->deadline;
	ctx->deadline = store_until(ctx, store);
	err result = pg_each(ctx, store, PG_PING, ping, NULL);
	if (result == ERR_UNAVAILABLE)
		result = pg_each(ctx, store, PG_PING, ping, NULL);
	ctx->deadline = deadline;
	return result;
}

err store_fail(struct ctx *ctx, err code, const char *what, const char *message)
{
	return fail_s(ctx, code, what, 0, str_trim(str_copy(ctx->mem, str_from(message))));
}

ms store_until(const struct ctx *ctx, const struct store *store)
{
	ms until = clock_steady() + store->busy;
	return ctx->deadline ? MIN(until, ctx->deadline) : until;
}

char *sink_row(struct ctx *ctx, const struct sql *sql, struct sink *sink)
{
	char *row = sink->rows;
	if (sink->many) {
		sink->rows = list_room(
			ctx->mem, sink->rows, sink->n, &sink->cap, (ptrdiff_t)sql->row_size);
		row = sink->rows + sink->n * (ptrdiff_t)sql->row_size;
		sink->n++;
	}
	sink->found = true;
	memset(row, 0, sql->row_size);
	return row;
}

static err in_time(struct ctx *ctx, const char *what)
{
	if (ctx->deadline && clock_steady() >= ctx->deadline)
		return store_fail(ctx, ERR_TIMEOUT, what, "the time was over before it began");
	return OK;
}

static err run(
	struct ctx *ctx, const struct sql *sql, const struct sql_value *values, struct sink *sink)
{
	struct db *db = ctx->db;
	must(db || !sql->writes); // what writes belongs into store_write
	if (!db) {
		struct store *store = ctx->house->store;
		TRY(in_time(ctx, sql->name));
		return store->postgres ? pg_read(ctx, store, sql, values, sink)
				       : lite_read(ctx, store, sql, values, sink);
	}
	if (db->failed != OK) {
		ctx->problem = db->problem;
		return db->failed;
	}
	err result = db->pg ? pg_run(ctx, db->pg, sql, values, sink)
			    : lite_run(ctx, db->lite, sql, values, sink);
	if (result != OK) {
		db->failed = result;
		db->problem = ctx->problem;
	}
	return result;
}

err sql_one(struct ctx *ctx, const struct sql *sql, const struct sql_value *values, void *row)
{
	// The caller's row stays as it is unless all went well.
	struct sink sink = {.rows = arena_alloc(ctx->mem, 1, (ptrdiff_t)sql->row_size,
				    (ptrdiff_t)sql->row_align)};
	TRY(run(ctx, sql, values, &sink));
	if (!sink.found)
		return ERR_NOT_FOUND;
	memcpy(row, sink.rows, sql->row_size);
	return OK;
}

err sql_many(struct ctx *ctx, const struct sql *sql, const struct sql_value *values, void **rows,
	ptrdiff_t *n)
{
	struct sink sink = {.many = true};
	TRY(run(ctx, sql, values, &sink));
	if (!sink.rows)
		sink.rows = arena_alloc(
			ctx->mem, 1, (ptrdiff_t)sql->row_size, (ptrdiff_t)sql->row_align);
	*rows = sink.rows;
	*n = sink.n;
	return OK;
}

err sql_change(
	struct ctx *ctx, const struct sql *sql, const struct sql_value *values, int64_t *changed)
{
	struct sink sink = {0};
	TRY(run(ctx, sql, values, &sink));
	if (changed)
		*changed = sink.changed;
	return OK;
}

static err write_once(
	struct ctx *ctx, struct store *store, const struct sql *begin, store_body body, void *arg)
{
	return store->postgres ? pg_write(ctx, store, begin, body, arg)
			       : lite_write(ctx, store, body, arg);
}

static err write_with(struct ctx *ctx, const struct sql *begin, store_body body, void *arg)
{
	must(!store_is_telling());
	thread_must_be(STORE_THREADS);
	if (ctx->db) {
		struct db *db = ctx->db;
		err result = db->failed == OK ? body(ctx, arg) : db->failed;
		if (result != OK && db->failed == OK) {
			db->failed = result;
			db->problem = ctx->problem;
		}
		return db->failed;
	}
	struct store *store = ctx->house->store;
	TRY(in_time(ctx, "transaction"));
	if (node_has_lapsed(store))
		TRY(store_node_lease(ctx));
	err result = write_once(ctx, store, begin, body, arg);
	// A full disk must not keep anybody from deleting: once more in the room of the ballast. A body
	// that refuses something for want of room says so in words; the database does not.
	bool database_full = result == ERR_FULL && !ctx->problem.word;
	if (database_full && disk_give_way(ctx->house->disk))
		result = write_once(ctx, store, begin, body, arg);
	return result;
}

err store_write(struct ctx *ctx, store_body body, void *arg)
{
	return write_with(ctx, &sql_begin, body, arg);
}

err store_write_committed(struct ctx *ctx, store_body body, void *arg)
{
	return write_with(ctx, &sql_begin_committed, body, arg);
}

err store_run_body(struct ctx *ctx, struct db *db, store_body body, void *arg)
{
	ctx->db = db;
	ctx->pending = NEW(ctx->mem, struct db_pending);
	err result = body(ctx, arg);
	if (result == OK && db->failed != OK) {
		result = db->failed;
		ctx->problem = db->problem;
	}
	if (result == OK)
		result = changes_within(ctx, db->store);
	if (result == OK && ctx->pending->changes.n)
		result = changes_write(ctx, db);
	ctx->db = NULL;
	return result;
}

void store_after_commit(struct ctx *ctx, void (*fn)(void *arg), void *arg)
{
	must(ctx->db && ctx->pending);
	struct after after = {fn, arg};
	list_push(ctx->mem, &ctx->pending->after, after);
}

#define DOUBTS_MOST 1000

// More than so many came while the database could not be asked: the tail has missed what they said.
void store_doubts(struct store *store, int64_t work)
{
	lock_take(&store->heard.lock);
	if (work && store->heard.doubts.n < DOUBTS_MOST)
		list_push(NULL, &store->heard.doubts, work);
	else if (work)
		store->heard.missed = true;
	lock_release(&store->heard.lock);
}

void store_missed(struct store *store)
{
	lock_take(&store->heard.lock);
	store->heard.missed = true;
	lock_release(&store->heard.lock);
}

void flight_begin(struct store *store, struct flight *flight)
{
	lock_take(&store->heard.lock);
	int64_t since = store->heard.place.oldest;
	lock_release(&store->heard.lock);
	lock_take(&store->flights.lock);
	*flight = (struct flight){.before = store->flights.last, .since = since, .aloft = true};
	if (flight->before)
		flight->before->after = flight;
	else
		store->flights.first = flight;
	store->flights.last = flight;
	lock_release(&store->flights.lock);
}

void flight_await(struct store *store, struct flight *flight)
{
	lock_take(&store->flights.lock);
	while (flight->aloft && flight->before)
		waker_wait(&store->flights.landed, &store->flights.lock);
	lock_release(&store->flights.lock);
}

void flight_end(struct store *store, struct flight *flight)
{
	lock_take(&store->flights.lock);
	if (flight->aloft) {
		*(flight->before ? &flight->before->after : &store->flights.first) = flight->after;
		*(flight->after ? &flight->after->before : &store->flights.last) = flight->before;
		flight->aloft = false;
		waker_all(&store->flights.landed);
	}
	lock_release(&store->flights.lock);
}
