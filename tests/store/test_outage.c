// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PostgreSQL goes away in every way it can: connections are cut between statements and within a
// transaction, the server is stopped and comes back. And a statement that takes too long.
#include "contract.sql.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static struct pg_server server;

static void psql(const char *sql)
{
	char text[600];
	snprintf(text, sizeof text, "psql -q -o /dev/null '%s' -c \"%s\"", server.address, sql);
	must(system(text) == 0);
}

static void cut_connections(void)
{
	psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
	     "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
}

static struct world *begin(void)
{
	world_wipe(&server);
	struct world *w = world_new(&server);
	w->steps = contract_steps;
	w->n_steps = contract_steps_n;
	world_open(w);
	return w;
}

static void end(struct world *w)
{
	world_close(w);
	world_free(w);
}

struct cutting {
	int runs, cut_in_run, committed;
};

static void committed(void *arg)
{
	((struct cutting *)arg)->committed++;
}

static err count_with_cut(struct ctx *ctx, void *arg)
{
	struct cutting *c = arg;
	struct pair_count_row row;
	c->runs++;
	TRY(pair_count(ctx, 1, 1, &row));
	if (c->runs <= c->cut_in_run)
		cut_connections();
	TRY(pair_count(ctx, 1, 2, &row));
	store_after_commit(ctx, committed, c);
	return OK;
}

static int64_t count_of(struct world *w, int64_t b)
{
	struct pair_get_row row;
	assert_int_equal(pair_get(&w->ctx, 1, b, &row), OK);
	return row.n;
}

static void a_cut_connection_is_replaced(void **state)
{
	(void)state;
	struct world *w = begin();
	struct cutting c = {0};
	assert_int_equal(store_write(&w->ctx, count_with_cut, &c), OK);
	cut_connections();
	assert_int_equal(count_of(w, 1), 1); // the read notices and tries again
	cut_connections();
	assert_int_equal(store_write(&w->ctx, count_with_cut, &c), OK);
	assert_int_equal(count_of(w, 1), 2);
	c = (struct cutting){.cut_in_run = 2}; // twice in the middle of the transaction
	assert_int_equal(store_write(&w->ctx, count_with_cut, &c), OK);
	assert_int_equal(c.runs, 3);
	assert_int_equal(c.committed, 1);
	assert_int_equal(count_of(w, 1), 3);
	assert_int_equal(count_of(w, 2), 3);
	end(w);
}

static void a_stopped_server_is_awaited(void **state)
{
	(void)state;
	struct world *w = begin();
	struct cutting c = {0};
	assert_int_equal(store_write(&w->ctx, count_with_cut, &c), OK);
	pg_server_halt(&server);
	struct pair_get_row row = {77};
	ms began = clock_steady();
	assert_int_equal(pair_get(&w->ctx, 1, 1, &row), ERR_UNAVAILABLE);
	assert_int_equal(row.n, 77);
	assert_true(w->ctx.problem.text.n > 0);
	assert_int_equal(store_write(&w->ctx, count_with_cut, &c), ERR_UNAVAILABLE);
	assert_int_equal(store_ping(&w->ctx), ERR_UNAVAILABLE);
	assert_true(clock_steady() - began < 2000);
	assert_int_equal(c.runs, 1);
	struct world *late = world_new(&server);
	assert_int_equal(world_try_open(late), ERR_UNAVAILABLE);
	world_free(late);
	pg_server_resume(&server);
	nanosleep(&(struct timespec){0, 300000000}, NULL);
	assert_int_equal(store_ping(&w->ctx), OK);
	assert_int_equal(store_write(&w->ctx, count_with_cut, &c), OK);
	assert_int_equal(count_of(w, 1), 2);
	end(w);
}

struct slow_row {
	str slept;
};

static void a_slow_statement_ends_at_its_deadline(void **state)
{
	(void)state;
	static const struct sql_field column = {"slept", SQL_STR, false, 0};
	static const struct sql slow = {.name = "slow",
		.postgres = "SELECT CAST(pg_sleep(30) AS TEXT) AS slept",
		.columns = &column,
		.n_columns = 1,
		.row_size = sizeof(struct slow_row),
		.row_align = _Alignof(struct slow_row)};
	world_wipe(&server);
	struct world *w = world_new(&server);
	const struct store_config config = {.database = str_from(w->address), .busy = 700};
	assert_int_equal(store_open(&w->ctx, &config, &w->house.store), OK);
	struct slow_row row;
	ms began = clock_steady();
	assert_int_equal(sql_one(&w->ctx, &slow, NULL, &row), ERR_TIMEOUT);
	ms took = clock_steady() - began;
	assert_true(took >= 700 && took < 3000);
	assert_int_equal(store_ping(&w->ctx), OK);
	end(w);
}

static int start_server(void **state)
{
	(void)state;
	pg_server_start(&server);
	return 0;
}

static int stop_server(void **state)
{
	(void)state;
	pg_server_stop(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_connection_is_replaced),
		cmocka_unit_test(a_stopped_server_is_awaited),
		cmocka_unit_test(a_slow_statement_ends_at_its_deadline),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
