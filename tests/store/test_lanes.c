// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What hangs in one lane of PostgreSQL's connections leaves the others theirs: a crowd of one kind waits
// for the database, more than there are connections, and all other kinds have their answer at once.
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <time.h>
#include <cmocka.h>

#define CROWD 24 // more than all connections
#define HANGS 2500
#define AT_ONCE 700
#define A_MOMENT 200

enum kind { READS, WRITES, HASHES, DOES_JOBS, KEEPS_TIME, PINGS, KINDS };
static const enum thread_kind threads[KINDS] = {
	THREAD_WORKER, THREAD_WORKER, THREAD_HASHER, THREAD_RUNNER, THREAD_TIMER, THREAD_WORKER};

struct said_row {
	str said;
};
static const struct sql_field column = {"said", SQL_STR, false, 0};
#define STATEMENT(text) \
	{ \
		.name = "said", .postgres = text, .columns = &column, .n_columns = 1, \
		.row_size = sizeof(struct said_row), .row_align = _Alignof(struct said_row) \
	}
static const struct sql slow = STATEMENT("SELECT CAST(pg_sleep(30) AS TEXT) AS said");
static const struct sql quick = STATEMENT("SELECT 'at once' AS said");

static struct pg_server server;

struct asking {
	struct world *w;
	enum kind kind;
	bool writes, hangs;
	ms within;
	err result;
};

static err ask_one(struct ctx *ctx, void *arg)
{
	struct said_row row;
	return sql_one(ctx, ((const struct asking *)arg)->hangs ? &slow : &quick, NULL, &row);
}

static void *ask(void *arg)
{
	struct asking *a = arg;
	struct ctx ctx;
	thread_is(threads[a->kind], "asking");
	ctx_begin(&ctx, a->w);
	ctx.deadline = clock_steady() + a->within;
	if (a->kind == PINGS)
		a->result = store_ping(&ctx);
	else
		a->result = a->writes ? store_write(&ctx, ask_one, a) : ask_one(&ctx, a);
	store_done(&ctx);
	ctx_end(&ctx);
	return NULL;
}

static err answer(struct world *w, enum kind kind, bool writes, ms within)
{
	struct asking one = {.w = w, .kind = kind, .writes = writes, .within = within};
	pthread_join(thread_start(ask, &one), NULL);
	return one.result;
}

// But for workers it is all one whether they read or write.
static void is_left_alone(struct world *w, enum kind crowd, enum kind kind)
{
	for (int writes = kind == WRITES; writes <= (kind != READS && kind != PINGS); writes++) {
		err said = answer(w, kind, writes, kind == crowd ? A_MOMENT : AT_ONCE);
		err due = kind == crowd ? ERR_UNAVAILABLE : OK;
		if (said != due)
			print_message("%d beside a crowd of %d: %s\n", kind, crowd, err_name(said));
		assert_int_equal(said, due);
	}
}

static void a_crowd_leaves_the_others_theirs(void **state)
{
	(void)state;
	for (enum kind crowd = READS; crowd < PINGS; crowd++) {
		struct world *w = world_new(&server);
		const struct store_config config = {.database = str_from(w->address)};
		assert_int_equal(store_open(&w->ctx, &config, &w->house.store), OK);
		pthread_t waiting[CROWD];
		struct asking asking[CROWD];
		for (int i = 0; i < CROWD; i++) {
			asking[i] = (struct asking){.w = w,
				.kind = crowd,
				.writes = crowd == WRITES || (crowd != READS && i % 2),
				.hangs = true,
				.within = HANGS};
			waiting[i] = thread_start(ask, &asking[i]);
		}
		nanosleep(&(struct timespec){0, 400000000}, NULL);
		for (enum kind kind = READS; kind < KINDS; kind++)
			is_left_alone(w, crowd, kind);
		for (int i = 0; i < CROWD; i++)
			pthread_join(waiting[i], NULL);
		world_close(w);
		world_free(w);
	}
}

static int lend(void **state)
{
	(void)state;
	pg_server_lend(&server);
	return 0;
}

static int give_back(void **state)
{
	(void)state;
	pg_server_stop(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_crowd_leaves_the_others_theirs)};
	return cmocka_run_group_tests(tests, lend, give_back);
}
