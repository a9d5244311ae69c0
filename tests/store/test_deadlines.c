// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whatever the database is busy with, whoever asks has an answer at the deadline: another process
// holds a lock, others stand in line before, the server hangs, or nobody answers at its address.
#include "contract.sql.h"
#include "world.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define SOON 600  // a request's deadline here
#define LATE 3000 // by then it must have been kept, on a machine with much else to do
#define BUSY 1000 // the store's own patience

static struct pg_server server;

static struct world *begin(struct pg_server *or_null)
{
	if (or_null)
		world_wipe(or_null);
	struct world *w = world_new(or_null);
	const struct store_config config = {.database = str_from(w->address),
		.busy = BUSY,
		.steps = contract_steps,
		.n_steps = contract_steps_n};
	assert_int_equal(store_open(&w->ctx, &config, &w->house.store), OK);
	return w;
}

static void end(struct world *w)
{
	world_close(w);
	world_free(w);
}

static void nap(ms time)
{
	nanosleep(&(struct timespec){time / 1000, time % 1000 * 1000000}, NULL);
}

static err add_pair(struct ctx *ctx, void *arg)
{
	struct pair_count_row row;
	return pair_count(ctx, *(int64_t *)arg, 1, &row);
}

static err write_pair(struct ctx *ctx)
{
	int64_t one = 1;
	return store_write(ctx, add_pair, &one);
}

static err read_pair(struct ctx *ctx)
{
	struct pair_get_row row;
	return pair_get(ctx, 1, 1, &row);
}

// The answer came, not before there was need, and not after its time.
static void is_answered(struct world *w, err (*ask)(struct ctx *), ms deadline, err one, err other)
{
	ms began = clock_steady();
	w->ctx.deadline = deadline ? began + deadline : 0;
	err result = ask(&w->ctx);
	ms took = clock_steady() - began;
	w->ctx.deadline = 0;
	if ((result != one && result != other) || took > LATE)
		print_message("%s after %d ms: %.*s\n", err_name(result), (int)took,
			STR_ARGS(w->ctx.problem.text));
	assert_true(result == one || result == other);
	assert_true(took <= LATE);
	store_done(&w->ctx);
}

// --- SQLite: another process has begun to write ---------------------------------------------------

static err hold_for(struct ctx *ctx, void *arg)
{
	TRY(add_pair(ctx, &(int64_t){2}));
	nap(*(ms *)arg);
	return OK;
}

struct holding {
	struct world *w;
	struct store *store;
	ms time, until;
	err result;
};

static void *hold(void *arg)
{
	struct holding *h = arg;
	struct house house = {.store = h->store};
	struct ctx ctx;
	ctx_begin(&ctx, h->w);
	ctx.house = &house;
	ctx.deadline = h->until;
	h->result = h->time ? store_write(&ctx, hold_for, &h->time) : write_pair(&ctx);
	store_done(&ctx);
	ctx_end(&ctx);
	return NULL;
}

static void writers_of_sqlite_have_deadlines(void **state)
{
	(void)state;
	struct world *w = begin(NULL);
	struct ctx other = {.mem = arena_new(1024), .now = clock_now()};
	struct store *elsewhere;
	const struct store_config config = {.database = str_from(w->address),
		.steps = contract_steps,
		.n_steps = contract_steps_n};
	assert_int_equal(store_open(&other, &config, &elsewhere), OK);
	is_answered(w, write_pair, 0, OK, OK);
	pthread_t threads[5];
	// Another process's transaction, then one of ours that may wait for it and leads, then others.
	struct holding holder = {.w = w, .store = elsewhere, .time = 4000};
	struct holding patient[4];
	threads[0] = thread_start(hold, &holder);
	nap(300);
	ms began = clock_steady();
	for (int i = 0; i < 4; i++) {
		patient[i] = (struct holding){
			.w = w, .store = w->house.store, .until = clock_steady() + BUSY - 50 * i};
		threads[1 + i] = thread_start(hold, &patient[i]);
		nap(10);
	}
	is_answered(w, write_pair, SOON, ERR_UNAVAILABLE, ERR_TIMEOUT);
	is_answered(w, read_pair, SOON, OK, OK); // nobody who reads waits for a writer
	for (int i = 1; i < 5; i++)
		pthread_join(threads[i], NULL);
	assert_true(clock_steady() - began < LATE); // not one after the other
	for (int i = 0; i < 4; i++)
		assert_true(
			patient[i].result == ERR_UNAVAILABLE || patient[i].result == ERR_TIMEOUT);
	is_answered(w, write_pair, 0, ERR_UNAVAILABLE, ERR_TIMEOUT); // the store's own patience
	pthread_join(threads[0], NULL);
	assert_int_equal(holder.result, OK);
	is_answered(w, write_pair, SOON, OK, OK);
	store_close(elsewhere);
	arena_free(other.mem);
	end(w);
}

static void whoever_waited_long_enough_writes(void **state)
{
	(void)state;
	struct world *w = begin(NULL);
	struct holding holder = {.w = w, .store = w->house.store, .time = 700};
	struct holding patient = {
		.w = w, .store = w->house.store, .until = clock_steady() + 10 * MS_SECOND};
	pthread_t first = thread_start(hold, &holder);
	nap(100);
	pthread_t second = thread_start(hold, &patient);
	is_answered(w, write_pair, 200, ERR_UNAVAILABLE, ERR_TIMEOUT); // leaves the line
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	assert_int_equal(holder.result, OK);
	assert_int_equal(patient.result, OK);
	is_answered(w, write_pair, SOON, OK, OK);
	end(w);
}

struct long_row {
	int64_t n;
};

static err read_for_long(struct ctx *ctx)
{
	static const struct sql_field column = {"n", SQL_INT, false, 0};
	static const struct sql endless = {.name = "endless",
		.sqlite =
			"WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < "
			"4000000000) SELECT COUNT(*) AS n FROM c",
		.postgres = "SELECT COUNT(*) AS n FROM generate_series(1, 4000000000)",
		.columns = &column,
		.n_columns = 1,
		.row_size = sizeof(struct long_row),
		.row_align = _Alignof(struct long_row)};
	struct long_row row;
	return sql_one(ctx, &endless, NULL, &row);
}

static void a_long_read_ends_at_its_deadline(void **state)
{
	struct world *w = begin(*state);
	is_answered(w, read_for_long, SOON, ERR_TIMEOUT, ERR_TIMEOUT);
	is_answered(w, read_pair, SOON, ERR_NOT_FOUND, ERR_NOT_FOUND);
	is_answered(w, write_pair, SOON, OK, OK);
	// A deadline that is over is not begun with.
	w->ctx.deadline = clock_steady() - 1;
	assert_true(write_pair(&w->ctx) != OK);
	end(w);
}

// --- PostgreSQL ---------------------------------------------------------------------------------

static void psql(const char *sql, const char *how)
{
	char text[600];
	snprintf(text, sizeof text, "psql -q -o /dev/null '%s' -c \"%s\" %s", server.address, sql,
		how);
	must(system(text) == 0);
}

static void a_locked_table_costs_one_deadline(void **state)
{
	struct world *w = begin(*state);
	is_answered(w, write_pair, 0, OK, OK);
	psql("BEGIN; LOCK TABLE pair; SELECT pg_sleep(6); COMMIT", "&");
	nap(500);
	is_answered(w, read_pair, SOON, ERR_TIMEOUT, ERR_UNAVAILABLE);
	is_answered(w, write_pair, SOON, ERR_TIMEOUT, ERR_UNAVAILABLE);
	is_answered(w, write_pair, 0, ERR_TIMEOUT, ERR_UNAVAILABLE); // and no twelve tries
	is_answered(w, store_ping, SOON, OK, OK);
	nap(6000);
	is_answered(w, read_pair, SOON, OK, OK);
	is_answered(w, write_pair, LATE, OK, OK);
	end(w);
}

static void signal_all(const char *what)
{
	char text[400];
	snprintf(text, sizeof text,
		"p=$(head -n 1 %s/data/postmaster.pid); kill -%s $p $(ps -o pid= --ppid $p)",
		server.dir, what);
	must(system(text) == 0);
}

static void a_server_that_hangs_costs_one_deadline(void **state)
{
	struct world *w = begin(*state);
	is_answered(w, write_pair, 0, OK, OK);
	signal_all(
		"STOP"); // connections are there, and nothing answers, not even a request to cancel
	is_answered(w, read_pair, SOON, ERR_TIMEOUT, ERR_UNAVAILABLE);
	is_answered(w, write_pair, SOON, ERR_TIMEOUT, ERR_UNAVAILABLE);
	is_answered(w, read_pair, 0, ERR_TIMEOUT, ERR_UNAVAILABLE);
	is_answered(w, store_ping, SOON, ERR_TIMEOUT, ERR_UNAVAILABLE);
	signal_all("CONT");
	nap(500);
	is_answered(w, read_pair, LATE, OK, OK);
	is_answered(w, write_pair, LATE, OK, OK);
	end(w);
}

static void nobody_at_the_address_costs_one_deadline(void **state)
{
	(void)state;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)(void *)&at, n), 0);
	assert_int_equal(listen(fd, 8), 0); // connects, and then says nothing
	assert_int_equal(getsockname(fd, (struct sockaddr *)(void *)&at, &n), 0);
	struct world *w = world_new(&server);
	char address[80];
	snprintf(address, sizeof address, "postgresql://x@127.0.0.1:%d/x", ntohs(at.sin_port));
	const struct store_config config = {.database = str_from(address), .busy = BUSY};
	ms began = clock_steady();
	assert_int_equal(store_open(&w->ctx, &config, &w->house.store), ERR_UNAVAILABLE);
	assert_true(clock_steady() - began < LATE);
	world_free(w);
	close(fd);
}

// Says what a server says when one has signed in, and then nothing more.
static void *greet_only(void *arg)
{
	static const char greeting[] = "R\0\0\0\x08\0\0\0\0"
				       "S\0\0\0\x19server_encoding\0UTF8\0"
				       "Z\0\0\0\x05I";
	char heard[1000];
	int fd = accept(*(int *)arg, NULL, NULL);
	must(fd >= 0 && read(fd, heard, sizeof heard) > 0);
	must(write(fd, greeting, sizeof greeting - 1) == (ssize_t)sizeof greeting - 1);
	while (read(fd, heard, sizeof heard) > 0)
		;
	close(fd);
	return NULL;
}

static void a_server_that_only_greets_costs_one_deadline(void **state)
{
	(void)state;
	pthread_t thread;
	char address[120];
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(fd, (struct sockaddr *)&at, size) == 0 && listen(fd, 1) == 0);
	must(getsockname(fd, (struct sockaddr *)&at, &size) == 0);
	snprintf(address, sizeof address,
		"postgresql://qiao@127.0.0.1:%d/qiao?sslmode=disable&gssencmode=disable",
		ntohs(at.sin_port));
	must(pthread_create(&thread, NULL, greet_only, &fd) == 0);
	struct ctx ctx = {.mem = arena_new(1024), .now = clock_now()};
	struct store *store;
	const struct store_config config = {.database = str_from(address), .busy = BUSY};
	ms began = clock_steady();
	assert_int_equal(store_open(&ctx, &config, &store), ERR_UNAVAILABLE);
	assert_true(clock_steady() - began <= LATE);
	must(pthread_join(thread, NULL) == 0);
	close(fd);
	arena_free(ctx.mem);
}

static int start_server(void **state)
{
	pg_server_start(&server);
	*state = &server;
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
	const struct CMUnitTest on_lite[] = {
		cmocka_unit_test(writers_of_sqlite_have_deadlines),
		cmocka_unit_test(whoever_waited_long_enough_writes),
		cmocka_unit_test(a_long_read_ends_at_its_deadline),
	};
	const struct CMUnitTest on_pg[] = {
		cmocka_unit_test(a_long_read_ends_at_its_deadline),
		cmocka_unit_test(a_locked_table_costs_one_deadline),
		cmocka_unit_test(a_server_that_hangs_costs_one_deadline),
		cmocka_unit_test(a_server_that_only_greets_costs_one_deadline),
		cmocka_unit_test(nobody_at_the_address_costs_one_deadline),
	};
	int lite = cmocka_run_group_tests_name("SQLite", on_lite, NULL, NULL);
	int pg = cmocka_run_group_tests_name("PostgreSQL", on_pg, start_server, stop_server);
	return lite || pg;
}
