// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PostgreSQL: the pool and transactions. A connection is taken for one statement or one
// transaction, within the number that its lane has: who waits waits for those of the own lane. When the server went away, a read is tried once more on a new connection, and a
// transaction as long as its commit was not sent; conflicts of serialisable transactions are tried
// again after a random pause.
#include "store/pg.h"
#include "store/store.sql.h"

#include <sys/random.h>
#include <time.h>

#define TRIES 12
#define DOWN_PAUSE (250 * MS_SECOND / 1000)

static err schema_run(struct ctx *ctx, void *on, const char *sql)
{
	return pg_script(ctx, on, sql);
}

static err schema_recorded(struct ctx *ctx, void *on, struct store_step **steps, ptrdiff_t *n)
{
	struct db db = {.pg = on};
	ctx->db = &db;
	err result = store_steps(ctx, steps, n);
	ctx->db = NULL;
	return result;
}

static err schema_record(struct ctx *ctx, void *on, const struct schema_step *step)
{
	struct db db = {.pg = on};
	ctx->db = &db;
	err result = store_step_add(
		ctx, step->number, str_from(step->name), str_from(step->hash), clock_now());
	ctx->db = NULL;
	return result;
}

// Of 20: 7 that read, 6 that write, 2 each for those who hash, jobs and timers, 1 for health checks.
static void divide(struct pg *pg, int pool)
{
	int few = MAX(pool / 10, 1), write = pool * 3 / 10;
	const int most[PG_LANES] = {[PG_READ] = pool - write - 3 * few - 1,
		[PG_WRITE] = write,
		[PG_HASH] = few,
		[PG_JOB] = few,
		[PG_TIMER] = few,
		[PG_PING] = 1};
	for (int i = 0; i < PG_LANES; i++) {
		pg->lanes[i].most = most[i];
		waker_init(&pg->lanes[i].freed);
	}
}

err pg_open(struct ctx *ctx, struct store *store, str address)
{
	struct pg *pg = store->pg = mem_new(1, sizeof *pg);
	lock_init(&pg->lock);
	waker_init(&pg->calmed);
	divide(pg, MAX(MIN(store->pool, POOL_MOST), POOL_LEAST));
	pg->address = mem_new(address.n + 1, 1);
	for (ptrdiff_t i = 0; i < address.n; i++)
		pg->address[i] = address.p[i];
	struct pg_conn *conn;
	TRY(pg_refuse_pooler(ctx, pg->address, store->busy, store_until(ctx, store)));
	TRY(pg_conn_take(ctx, store, PG_WRITE, &conn));
	const struct schema_engine engine = {conn, schema_run, schema_recorded, schema_record};
	err result = pg_script(ctx, conn, "SET statement_timeout = 0"); // steps take what they take
	if (result == OK)
		result = schema_apply(ctx, store, &engine);
	conn->lost = true; // the next one has its limits again
	pg_conn_give(store, conn);
	return result;
}

void pg_close(struct store *store)
{
	struct pg *pg = store->pg;
	must(pg->n_idle == pg->n_open);
	for (int i = 0; i < pg->n_idle; i++)
		pg_disconnect(pg->idle[i]);
	mem_free(pg->address);
	mem_free(pg);
	store->pg = NULL;
}

static enum pg_lane lane_of(enum pg_lane asked)
{
	if (asked == PG_PING)
		return asked;
	switch (thread_kind()) {
	case THREAD_HASHER:
		return PG_HASH;
	case THREAD_RUNNER:
		return PG_JOB;
	case THREAD_TIMER:
		return PG_TIMER;
	default:
		return asked;
	}
}

// A place in the lane, and the connection that is idle, if there is one; else one is to be opened.
static err enter(
	struct ctx *ctx, struct pg *pg, enum pg_lane lane, ms deadline, struct pg_conn **idle)
{
	err result = OK;
	bool mine = true;
	lock_take(&pg->lock);
	while (mine && pg->lanes[lane].taken == pg->lanes[lane].most)
		mine = waker_wait_until(&pg->lanes[lane].freed, &pg->lock, deadline);
	*idle = mine && pg->n_idle ? pg->idle[--pg->n_idle] : NULL;
	if (!mine)
		result = store_fail(ctx, ERR_UNAVAILABLE, "pool", "all connections are busy");
	else if (!*idle && clock_steady() < pg->down_until)
		result = store_fail(
			ctx, ERR_UNAVAILABLE, "pool", "the database was not there just now");
	if (result == OK)
		pg->lanes[lane].taken++;
	if (result == OK && !*idle)
		pg->n_open++;
	lock_release(&pg->lock);
	return result;
}

// Of the lane, with so many connections fewer.
static void leave(struct pg *pg, enum pg_lane lane, int closed) REQUIRES_LOCK(pg->lock)
{
	pg->lanes[lane].taken--;
	pg->n_open -= closed;
	waker_one(&pg->lanes[lane].freed);
}

err pg_conn_take(struct ctx *ctx, struct store *store, enum pg_lane asked, struct pg_conn **out)
{
	struct pg *pg = store->pg;
	enum pg_lane lane = lane_of(asked);
	ms deadline = store_until(ctx, store), began = clock_steady();
	thread_must_be(STORE_THREADS);
	TRY(enter(ctx, pg, lane, deadline, out));
	if (!*out) {
		err result = pg_connect(ctx, pg->address, store->busy, deadline, out);
		if (result != OK) {
			lock_take(&pg->lock);
			// Who came with hardly any time left has learnt nothing about the server.
			if (clock_steady() < deadline || deadline - began > store->busy / 2)
				pg->down_until = clock_steady() + DOWN_PAUSE;
			leave(pg, lane, 1);
			lock_release(&pg->lock);
			return result;
		}
	}
	(*out)->lane = lane;
	return OK;
}

// A lost connection takes the idle ones along: they were lost with it, most likely.
void pg_conn_give(struct store *store, struct pg_conn *conn)
{
	struct pg *pg = store->pg;
	struct pg_conn *gone[POOL_MOST + 1];
	int n_gone = 0;
	bool lost = conn->lost || PQstatus(conn->c) != CONNECTION_OK;
	lock_take(&pg->lock);
	if (!lost && PQtransactionStatus(conn->c) == PQTRANS_IDLE) {
		conn->conflict = false;
		pg->idle[pg->n_idle++] = conn;
	} else {
		gone[n_gone++] = conn;
		while (lost && pg->n_idle)
			gone[n_gone++] = pg->idle[--pg->n_idle];
	}
	leave(pg, conn->lane, n_gone);
	lock_release(&pg->lock);
	for (int i = 0; i < n_gone; i++)
		pg_disconnect(gone[i]);
}

static err read_until(struct ctx *ctx, struct store *store, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	struct sink fresh = *sink;
	err result = OK;
	for (int tries = 0; tries < 2; tries++) {
		struct pg_conn *conn;
		TRY(pg_conn_take(ctx, store, PG_READ, &conn));
		*sink = fresh;
		result = pg_run(ctx, conn, sql, values, sink);
		bool again = result == ERR_UNAVAILABLE && conn->lost;
		pg_conn_give(store, conn);
		if (!again)
			break;
	}
	return result;
}

// The wait for a connection, the statement and the second try share one time.
err pg_read(struct ctx *ctx, struct store *store, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	ms deadline = ctx->deadline;
	ctx->deadline = store_until(ctx, store);
	err result = read_until(ctx, store, sql, values, sink);
	ctx->deadline = deadline;
	return result;
}

err pg_each(struct ctx *ctx, struct store *store, enum pg_lane lane, store_body body, void *arg)
{
	struct db db = {.store = store};
	TRY(pg_conn_take(ctx, store, lane, &db.pg));
	ctx->db = &db;
	err result = body(ctx, arg);
	ctx->db = NULL;
	pg_conn_give(store, db.pg);
	return result;
}

static err control(struct ctx *ctx, struct pg_conn *conn, const struct sql *sql)
{
	struct sink none = {0};
	return pg_run(ctx, conn, sql, NULL, &none);
}

// One try. *again: nothing has happened, and it may go better next time.
static err try_once(struct ctx *ctx, struct store *store, const struct sql *begin, store_body body,
	void *arg, bool *again)
{
	struct pg_conn *conn;
	struct flight flight = {0};
	*again = false;
	TRY(pg_conn_take(ctx, store, PG_WRITE, &conn));
	struct db db = {.store = store, .pg = conn, .flight = &flight};
	err result = control(ctx, conn, begin);
	if (result == OK)
		result = store_run_body(ctx, &db, body, arg);
	// What took too long would take as long again.
	*again = result != OK && result != ERR_TIMEOUT && (conn->lost || conn->conflict);
	if (result == OK) {
		result = control(ctx, conn, &sql_commit);
		*again = result != OK && conn->conflict;
		if (result != OK && conn->lost) {
			// Nobody knows: when it did happen, the listeners hear of it from the table.
			store_doubts(store, db.work);
			result = ERR_UNAVAILABLE;
		}
	} else if (!conn->lost) {
		struct problem problem = ctx->problem;
		if (control(ctx, conn, &sql_rollback) != OK)
			conn->lost = true;
		ctx->problem = problem;
	}
	pg_conn_give(store, conn);
	if (result == OK) {
		flight_await(store, &flight);
		store_deliver(ctx, store);
	}
	flight_end(store, &flight);
	return result;
}

static void pause_randomly(int tries)
{
	uint32_t random;
	must(getrandom(&random, sizeof random, 0) == sizeof random);
	int64_t most = MIN(1 << tries, 64);
	int64_t us = 200 + (int64_t)(random % (uint32_t)(most * 1000));
	nanosleep(&(struct timespec){0, us * 1000}, NULL);
}

// Those of this process that met another transaction go on one after the other: all at once they would
// only meet again. False when the time was over first.
static bool begin_once_more(struct pg *pg, ms until)
{
	bool mine = true;
	lock_take(&pg->lock);
	while (mine && pg->once_more)
		mine = waker_wait_until(&pg->calmed, &pg->lock, until) || !pg->once_more;
	if (mine)
		pg->once_more = true;
	lock_release(&pg->lock);
	return mine;
}

static void end_once_more(struct pg *pg)
{
	lock_take(&pg->lock);
	pg->once_more = false;
	lock_release(&pg->lock);
	waker_one(&pg->calmed);
}

err pg_write(
	struct ctx *ctx, struct store *store, const struct sql *begin, store_body body, void *arg)
{
	bool again;
	struct problem before = ctx->problem;
	ms until = store_until(ctx, store);
	err result = try_once(ctx, store, begin, body, arg, &again);
	for (int tries = 1; again && tries < TRIES && clock_steady() < until; tries++) {
		if (!begin_once_more(store->pg, until))
			break;
		pause_randomly(tries);
		ctx->problem = before;
		result = try_once(ctx, store, begin, body, arg, &again);
		end_once_more(store->pg);
	}
	ctx->pending = NULL;
	return result;
}
