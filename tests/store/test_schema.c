// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Schema steps and copies: a database grows with the program, a newer one is refused, a step that
// fails leaves no trace, every statement of every room can be prepared on PostgreSQL and gives the
// declared types, and a backup of either database can be restored into the other.
#include "contract.sql.h"
#include "store/pg.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#undef fail

#include "both.h"

extern const struct schema_step grown_steps[];
extern const int grown_steps_n;

static struct world *begin(void **state, bool open)
{
	if (*state)
		world_wipe(*state);
	struct world *w = world_new(*state);
	w->steps = contract_steps;
	w->n_steps = contract_steps_n;
	if (open)
		world_open(w);
	return w;
}

static void end(struct world *w)
{
	if (w->house.store)
		world_close(w);
	world_free(w);
}

static err fill(struct ctx *ctx, void *arg)
{
	int64_t changed;
	(void)arg;
	const struct thing t = {.id = {7},
		.name = S("a 桥\nb"),
		.size = INT64_MIN,
		.at = 1,
		.weight = -0.25,
		.data = {"\0\xff\n", 3},
		.tag = {"zh-Hans"}};
	TRY(thing_add(ctx, &t));
	TRY(maybe_add(ctx, &(struct maybe){.id = {1}}));
	TRY(maybe_add(ctx, &(struct maybe){.id = {2}, .name = S("x"), .data = S("y")}));
	for (int64_t i = 0; i < 3000; i++)
		TRY(pair_add(ctx, 1 + i % 3, i, &changed));
	return OK;
}

static void an_older_database_grows(void **state)
{
	struct world *w = begin(state, true);
	struct pair_get_row row;
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	assert_int_equal(pair_get(&w->ctx, 1, 0, &row), OK);
	assert_int_equal(row.n, 1);
	world_close(w);
	w->steps = grown_steps;
	w->n_steps = grown_steps_n;
	for (int i = 0; i < 2; i++) { // the second time nothing is left to do
		world_open(w);
		assert_int_equal(pair_get(&w->ctx, 1, 0, &row), OK);
		assert_int_equal(row.n, 101);
		world_close(w);
	}
	w->steps = contract_steps; // the older program
	w->n_steps = contract_steps_n;
	assert_int_equal(world_try_open(w), ERR_CONFLICT);
	assert_true(str_find(w->ctx.problem.text, S("9002")) > 0);
	assert_true(str_find(w->ctx.problem.text, S("newer")) > 0);
	struct schema_step steps[8]; // a program whose step 9002 says something else
	memcpy(steps, grown_steps, (size_t)grown_steps_n * sizeof *steps);
	steps[grown_steps_n - 1].hash = "other";
	w->steps = steps;
	w->n_steps = grown_steps_n;
	assert_int_equal(world_try_open(w), ERR_CONFLICT);
	assert_true(str_find(w->ctx.problem.text, S("9002")) > 0);
	end(w);
}

static void a_step_that_comes_too_late_is_refused(void **state)
{
	struct world *w = begin(state, false);
	struct schema_step steps[8];
	int n = 0;
	for (int i = 0; i < contract_steps_n; i++)
		if (contract_steps[i].number != 15)
			steps[n++] = contract_steps[i];
	assert_int_equal(n, contract_steps_n - 1);
	w->steps = steps;
	w->n_steps = n;
	world_open(w);
	world_close(w);
	w->steps = contract_steps;
	w->n_steps = contract_steps_n;
	assert_int_equal(world_try_open(w), ERR_CONFLICT);
	assert_true(
		str_find(w->ctx.problem.text, S("has schema step 9001 and lacks step 15:")) > 0);
	end(w);
}

static void a_failing_step_leaves_no_trace(void **state)
{
	struct world *w = begin(state, true);
	struct pair_get_row row;
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	world_close(w);
	static const char *const broken[] = {"UPDATE pair SET n = 5",
		"CREATE TABLE extra (id INTEGER)", "UPDATE nowhere SET n = 5", NULL};
	struct schema_step steps[8];
	memcpy(steps, contract_steps, (size_t)contract_steps_n * sizeof *steps);
	steps[contract_steps_n] = (struct schema_step){9002, "broken", "x", broken, broken};
	w->steps = steps;
	w->n_steps = contract_steps_n + 1;
	assert_int_equal(world_try_open(w), ERR_DATABASE);
	assert_true(str_find(w->ctx.problem.text, S("nowhere")) >= 0);
	w->steps = contract_steps;
	w->n_steps = contract_steps_n;
	world_open(w);
	assert_int_equal(pair_get(&w->ctx, 1, 0, &row), OK);
	assert_int_equal(row.n, 1);
	end(w);
}

static void *open_it(void *arg)
{
	struct world *w = arg;
	thread_is(THREAD_MAIN, "opener");
	world_open(w);
	return NULL;
}

static void two_programs_may_start_at_once(void **state)
{
	struct world *w = begin(state, false);
	struct world *both[4] = {w};
	pthread_t threads[4];
	for (int i = 1; i < 4; i++) {
		both[i] = world_new(*state);
		both[i]->steps = w->steps;
		both[i]->n_steps = w->n_steps;
		strcpy(both[i]->address, w->address);
	}
	for (int i = 0; i < 4; i++)
		threads[i] = thread_start(open_it, both[i]);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	for (int i = 3; i >= 0; i--)
		end(both[i]);
}

// --- the program's own statements --------------------------------------------------------------

static bool type_fits(enum sql_kind kind, Oid type)
{
	switch (kind) {
	case SQL_STR:
	case SQL_LANG:
		return type == 25;
	case SQL_BYTES:
		return type == 17;
	case SQL_REAL:
	case SQL_OPT_REAL:
		return type == 701 || type == 20 || type == 23;
	case SQL_BOOL:
		return type == 16 || type == 20 || type == 23;
	default:
		return type == 20 || type == 23 || type == 21;
	}
}

static int describe(PGconn *c, const char *room, const struct sql *sql)
{
	static const Oid types[] = {[SQL_INT] = 20,
		[SQL_BOOL] = 20,
		[SQL_REAL] = 701,
		[SQL_STR] = 25,
		[SQL_BYTES] = 17,
		[SQL_LANG] = 25,
		[SQL_OPT_INT] = 20,
		[SQL_OPT_REAL] = 701,
		[SQL_INTS] = 1016,
		[SQL_STRS] = 1009};
	Oid params[64];
	int faults = 0;
	if (!sql->postgres)
		return 0;
	for (int i = 0; i < sql->n_params; i++)
		params[i] = types[sql->params[i].kind];
	PGresult *made = PQprepare(c, sql->name, sql->postgres, sql->n_params, params);
	PGresult *said = PQdescribePrepared(c, sql->name);
	if (PQresultStatus(made) != PGRES_COMMAND_OK) {
		fprintf(stderr, "%s.sql: %s: %s", room, sql->name, PQresultErrorMessage(made));
		faults++;
	} else if (PQnfields(said) != sql->n_columns) {
		fprintf(stderr, "%s.sql: %s gives %d columns\n", room, sql->name, PQnfields(said));
		faults++;
	} else {
		for (int i = 0; i < sql->n_columns; i++)
			if (!type_fits(sql->columns[i].kind, PQftype(said, i))) {
				fprintf(stderr, "%s.sql: %s: column %s has type %u on PostgreSQL\n",
					room, sql->name, sql->columns[i].name, PQftype(said, i));
				faults++;
			}
	}
	PQclear(made);
	PQclear(said);
	return faults;
}

// What sorts on PostgreSQL alone, and why that stays small.
static bool may_sort_here(const struct sql *sql)
{
	static const char *const known[] = {
		"jobs_finished", // NULLs come last: for the operator, finished jobs are pruned
	};
	for (int i = 0; i < COUNT(known); i++)
		if (strcmp(known[i], sql->name) == 0)
			return true;
	return sql->may_sort;
}

// With every other way switched off, whatever still sorts or reads a whole table has no index that
// gives what it wants. Planned for any values, as prepared statements are.
static int explain(PGconn *c, const char *room, const struct sql *sql)
{
	char text[512];
	int faults = 0;
	if (!sql->postgres)
		return 0;
	size_t n = (size_t)snprintf(text, sizeof text, "EXPLAIN (COSTS OFF) EXECUTE %s", sql->name);
	for (int i = 0; i < sql->n_params; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%sNULL", i ? ", " : "(");
	if (sql->n_params)
		snprintf(text + n, sizeof text - n, ")");
	PGresult *plan = PQexec(c, text);
	if (PQresultStatus(plan) != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s.sql: %s: %s", room, sql->name, PQresultErrorMessage(plan));
		faults++;
	}
	for (int i = 0; i < PQntuples(plan); i++) {
		const char *line = PQgetvalue(plan, i, 0);
		bool sorts = strstr(line, "Sort") || strstr(line, "HashAggregate");
		bool scans = strstr(line, "Seq Scan on") != NULL;
		if ((sorts && !may_sort_here(sql) && strstr(line, "Key:") == NULL) ||
			(scans && !sql->may_scan)) {
			fprintf(stderr, "%s.sql: %s: %s\n", room, sql->name, line);
			faults++;
		}
	}
	PQclear(plan);
	return faults;
}

static void every_list_of_every_room_has_its_index_on_postgresql(void **state)
{
	static const char *const only[] = {"enable_seqscan = off", "enable_bitmapscan = off",
		"enable_sort = off", "enable_incremental_sort = off", "enable_hashagg = off",
		"enable_hashjoin = off", "enable_mergejoin = off",
		"plan_cache_mode = force_generic_plan"};
	char text[64];
	int faults = 0;
	world_wipe(*state);
	struct world *w = world_new(*state);
	world_open(w);
	PGconn *c = PQconnectdb(w->address);
	assert_int_equal(PQstatus(c), CONNECTION_OK);
	for (int i = 0; i < COUNT(only); i++) {
		snprintf(text, sizeof text, "SET %s", only[i]);
		PQclear(PQexec(c, text));
	}
	for (int i = 0; i < sql_rooms_n; i++)
		for (int k = 0; k < *sql_rooms[i].n; k++) {
			const struct sql *sql = sql_rooms[i].statements[k];
			assert_int_equal(describe(c, sql_rooms[i].name, sql), 0);
			faults += explain(c, sql_rooms[i].name, sql);
		}
	PQfinish(c);
	assert_int_equal(faults, 0);
	end(w);
}

static void every_statement_of_every_room_fits_postgresql(void **state)
{
	int faults = 0, n = 0;
	world_wipe(*state);
	struct world *w = world_new(*state);
	world_open(w); // the program's own schema
	PGconn *c = PQconnectdb(w->address);
	assert_int_equal(PQstatus(c), CONNECTION_OK);
	struct strmap names = {0};
	for (int i = 0; i < sql_rooms_n; i++)
		for (int k = 0; k < *sql_rooms[i].n; k++, n++) {
			const struct sql *sql = sql_rooms[i].statements[k];
			assert_null(strmap_get(&names, str_from(sql->name)));
			strmap_put(&names, str_from(sql->name), &names);
			faults += describe(c, sql_rooms[i].name, sql);
		}
	strmap_free(&names);
	PQfinish(c);
	assert_int_equal(faults, 0);
	assert_true(n > 15);
	end(w);
}

// --- copies ------------------------------------------------------------------------------------

static int64_t last_done, last_total;

static bool note_progress(int64_t done, int64_t total, void *arg)
{
	assert_ptr_equal(arg, &last_done);
	assert_true(done >= 0 && done <= total);
	last_done = done;
	last_total = total;
	return true;
}

static bool enough(int64_t done, int64_t total, void *arg)
{
	(void)done;
	(void)total;
	(void)arg;
	return false;
}

static void check_filled(struct world *w)
{
	struct thing t;
	struct maybe m;
	struct pair_sum_row sum;
	assert_int_equal(thing_get(&w->ctx, (note_id){7}, &t), OK);
	assert_true(str_eq(t.name, S("a 桥\nb")) && str_eq(t.data, (str){"\0\xff\n", 3}));
	assert_true(t.size == INT64_MIN && t.weight == -0.25 && lang_eq(t.tag, LANG("zh-Hans")));
	assert_int_equal(maybe_get(&w->ctx, (note_id){1}, &m), OK);
	assert_true(m.name.n == 0 && !m.size.has && m.data.n == 0);
	assert_int_equal(maybe_get(&w->ctx, (note_id){2}, &m), OK);
	assert_true(str_eq(m.name, S("x")) && str_eq(m.data, S("y")));
	for (int64_t a = 1; a <= 3; a++) {
		assert_int_equal(pair_sum(&w->ctx, a, &sum), OK);
		assert_int_equal(sum.n, 1000);
	}
}

static void round_trip(struct world *from, struct world *to)
{
	char path[128];
	struct stat st;
	snprintf(path, sizeof path, "%s/copy.db", from->dir);
	assert_int_equal(store_write(&from->ctx, fill, NULL), OK);
	// Stopped in the middle, it leaves nothing under either name.
	assert_int_equal(store_backup(&from->ctx, str_from(path), enough, NULL), ERR_UNAVAILABLE);
	assert_int_not_equal(stat(path, &st), 0);
	snprintf(path, sizeof path, "%s/copy.db.part", from->dir);
	assert_int_not_equal(stat(path, &st), 0);
	snprintf(path, sizeof path, "%s/copy.db", from->dir);
	assert_int_equal(store_backup(&from->ctx, str_from(path), note_progress, &last_done), OK);
	assert_true(last_done > 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > 50000);
	assert_int_equal(store_restore(&from->ctx, str_from(path), NULL, NULL), ERR_CONFLICT);
	check_filled(from);
	assert_int_equal(store_restore(&to->ctx, str_from(path), enough, NULL), ERR_UNAVAILABLE);
	assert_int_equal(store_restore(&to->ctx, str_from(path), note_progress, &last_done), OK);
	check_filled(to);
	assert_int_equal(store_write(&to->ctx, fill, NULL), ERR_CONFLICT); // it is really there
	strcat(path, ".part");
	assert_int_not_equal(stat(path, &st), 0);
}

static void a_copy_can_be_restored_into_the_same_database(void **state)
{
	struct world *w = begin(state, true);
	char path[128], kept[160];
	snprintf(path, sizeof path, "%s/copy.db", w->dir);
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	assert_int_equal(store_backup(&w->ctx, str_from(path), NULL, NULL), OK);
	// What is no copy, or a damaged one, is refused and changes nothing.
	struct world *v = world_new(NULL);
	v->steps = w->steps;
	v->n_steps = w->n_steps;
	world_open(v);
	assert_int_equal(store_restore(&v->ctx, S("/nonexistent/copy"), NULL, NULL), ERR_IO);
	snprintf(kept, sizeof kept, "%s/damaged.db", w->dir);
	char text[800];
	snprintf(text, sizeof text,
		"cp '%s' '%s' && dd if=/dev/urandom of='%s' bs=4096 seek=3 count=8 conv=notrunc "
		"2>/dev/null",
		path, kept, kept);
	assert_int_equal(system(text), 0);
	assert_int_equal(store_restore(&v->ctx, str_from(kept), NULL, NULL), ERR_INVALID);
	snprintf(text, sizeof text, "head -c 9000 /dev/urandom >'%s'", kept);
	assert_int_equal(system(text), 0);
	assert_int_equal(store_restore(&v->ctx, str_from(kept), NULL, NULL), ERR_INVALID);
	assert_int_equal(store_restore(&v->ctx, str_from(path), NULL, NULL), OK);
	check_filled(v);
	// A copy of an older version is brought up to date on the way, the copy itself stays.
	struct world *grown = world_new(NULL);
	struct pair_get_row row;
	grown->steps = grown_steps;
	grown->n_steps = grown_steps_n;
	world_open(grown);
	assert_int_equal(store_restore(&grown->ctx, str_from(path), NULL, NULL), OK);
	assert_int_equal(pair_get(&grown->ctx, 1, 0, &row), OK);
	assert_int_equal(row.n, 101);
	assert_int_equal(store_backup(&grown->ctx, str_from(kept), NULL, NULL), OK);
	struct world *old = world_new(NULL);
	old->steps = w->steps;
	old->n_steps = w->n_steps;
	world_open(old);
	assert_int_equal(store_restore(&old->ctx, str_from(kept), NULL, NULL), ERR_CONFLICT);
	assert_int_equal(store_restore(&old->ctx, str_from(path), NULL, NULL), OK);
	end(old);
	end(grown);
	end(v);
	end(w);
}

static void a_community_can_move_between_databases(void **state)
{
	void *none = NULL;
	struct world *lite = begin(&none, true), *pg = begin(state, true);
	round_trip(lite, pg);
	end(lite);
	struct world *back = begin(&none, true);
	world_close(pg);
	world_wipe(*state);
	world_open(pg);
	round_trip(pg, back);
	end(back);
	end(pg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_older_database_grows),
		cmocka_unit_test(a_step_that_comes_too_late_is_refused),
		cmocka_unit_test(a_failing_step_leaves_no_trace),
		cmocka_unit_test(two_programs_may_start_at_once),
		cmocka_unit_test(a_copy_can_be_restored_into_the_same_database),
	};
	const struct CMUnitTest more[] = {
		cmocka_unit_test(every_statement_of_every_room_fits_postgresql),
		cmocka_unit_test(every_list_of_every_room_has_its_index_on_postgresql),
		cmocka_unit_test(a_community_can_move_between_databases),
	};
	int both = cmocka_run_group_tests_name("both", more, pg_setup, pg_teardown);
	return run_on_both(tests) || both;
}
