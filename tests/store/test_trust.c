// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is kept in memory is shown only while it is known what other processes changed: not when the
// link to the database is cut, not by who was stopped, and again as soon as all is heard.
#include "community/community.h"
#include "memo/memo.h"
#include "store/inside.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#undef fail

#include "both.h"
#include "relay.h"

#define TRUSTED (5 * MS_SECOND) // as store.h has it
#define BACK (6 * MS_SECOND)    // by then a link that is whole again is used, on a busy machine
#define HASTE 1000              // a request's deadline here

static struct change_kind moved = {.name = "trust.moved"};

struct process {
	struct world *w;
	struct memo *memo;
	_Atomic int lost;
};

static void nap(ms time)
{
	nanosleep(&(struct timespec){time / 1000, time % 1000 * 1000000}, NULL);
}

static void note_lost(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx, (void)change;
	((struct process *)arg)->lost++;
}

static struct process *begin(void **state, const char *address)
{
	struct process *p = mem_new(1, sizeof *p);
	p->w = world_new(*state);
	if (address)
		strcpy(p->w->address, address);
	world_open(p->w);
	p->memo = memo_new(p->w->house.store, &(struct memo_spec){.most = 100});
	memo_follow(p->memo, &moved, MEMO_SUBJECT);
	store_on(p->w->house.store, &changes_lost, note_lost, p);
	return p;
}

static struct process *first(void **state)
{
	if (*state)
		world_wipe(*state);
	return begin(state, NULL);
}

static void follow(struct process *p)
{
	store_tail_start(&p->w->ctx, p->w->house.store);
}

static void leave(struct process *p)
{
	store_tail_stop(p->w->house.store);
	memo_free(p->memo);
	world_close(p->w);
	world_free(p->w);
	mem_free(p);
}

static err move_it(struct ctx *ctx, void *arg)
{
	change_add(ctx, &moved, *(int64_t *)arg, 0, 0);
	return OK;
}

static void moves(struct process *p, int64_t id)
{
	assert_int_equal(store_write(&p->w->ctx, move_it, &id), OK);
	store_done(&p->w->ctx);
}

static const struct memo_key key = {.id = 1};

// As whoever reads it from the database does.
static void keep(struct process *p)
{
	int64_t value = 77, about = 1;
	uint64_t moment = memo_open(p->memo);
	memo_close(p->memo);
	memo_keep_copy(&p->w->ctx, p->memo, key, &value, sizeof value, 1, moment, &about, 1);
}

static void count(struct memo_key at, const void *value, void *arg)
{
	(void)at, (void)value;
	++*(int *)arg;
}

static bool shows(struct process *p)
{
	int n = 0;
	int64_t value;
	bool shown = memo_copy(p->memo, key, &value, sizeof value, NULL);
	memo_open(p->memo);
	memo_each(p->memo, count, &n);
	memo_close(p->memo);
	assert_int_equal(n, shown);
	return shown;
}

static void pretend_unheard(struct process *p, ms for_so_long)
{
	atomic_store(&p->w->house.store->heard.since, clock_boot() - for_so_long);
}

static void only_what_is_heard_is_shown(void **state)
{
	struct process *p = first(state);
	keep(p);
	assert_true(shows(p)); // where no tail runs nobody else writes
	assert_true(store_is_heard(p->w->house.store));
	pretend_unheard(p, TRUSTED + 1);
	assert_false(shows(p));
	assert_false(store_is_heard(p->w->house.store));
	pretend_unheard(p, TRUSTED - MS_SECOND);
	assert_true(shows(p));
	// What is read meanwhile is kept, and is shown when that may be again.
	memo_end_all(p->memo);
	pretend_unheard(p, MS_HOUR);
	keep(p);
	assert_int_equal(memo_weight(p->memo), 1);
	assert_false(shows(p));
	pretend_unheard(p, 0);
	assert_true(shows(p));
	// Whoever has opened it sees no more once it is known not to be right.
	memo_open(p->memo);
	assert_non_null(memo_at(p->memo, key));
	pretend_unheard(p, MS_HOUR);
	memo_open(p->memo);
	assert_null(memo_at(p->memo, key));
	memo_close(p->memo);
	memo_close(p->memo);
	leave(p);
}

static bool becomes(struct process *p, bool heard, ms within)
{
	for (ms until = clock_steady() + within; clock_steady() < until; nap(20))
		if (store_is_heard(p->w->house.store) == heard)
			return true;
	return false;
}

static void what_others_change_is_ended_first(void **state)
{
	struct process *p = first(state), *q = begin(state, p->w->address);
	keep(p);
	keep(q);
	follow(q);
	moves(p, 2);
	nap(1500);
	assert_true(shows(q));
	moves(p, 1);
	assert_false(shows(p));
	for (ms until = clock_steady() + TRUSTED; shows(q) && clock_steady() < until;)
		nap(10);
	assert_false(shows(q));
	assert_true(store_is_heard(q->w->house.store)); // it was told, not distrusted
	assert_true(store_delay(q->w->house.store) < TRUSTED);
	leave(q);
	leave(p);
}

static err read_now(struct process *p)
{
	p->w->ctx.deadline = clock_steady() + HASTE;
	err result = store_ping(&p->w->ctx);
	p->w->ctx.deadline = 0;
	store_done(&p->w->ctx);
	return result;
}

// The link to the database is cut, and nobody says so.
static void a_cut_link_ends_trust(void **state)
{
	static struct relay relay;
	struct process *near = first(state);
	relay_start(&relay, *state);
	struct process *far = begin(state, relay.address);
	follow(near);
	follow(far);
	keep(near);
	keep(far);
	nap(600);
	assert_true(shows(near) && shows(far));
	assert_int_equal(read_now(far), OK);
	relay.mode = RELAY_HOLDS;
	ms cut = clock_steady();
	moves(near, 1);
	while (shows(far) && clock_steady() < cut + 2 * TRUSTED)
		nap(10);
	ms shown = clock_steady() - cut;
	assert_true(shown <= TRUSTED + 200);
	assert_false(store_is_heard(far->w->house.store));
	assert_true(store_unheard(far->w->house.store) >= TRUSTED);
	ms began = clock_steady();
	err read = read_now(far);
	assert_true(read == ERR_TIMEOUT || read == ERR_UNAVAILABLE);
	assert_true(clock_steady() - began < 3 * HASTE);
	keep(far);
	nap(3000);
	assert_false(shows(far));
	assert_true(store_is_heard(near->w->house.store));
	relay.mode = RELAY_FLOWS;
	assert_true(becomes(far, true, BACK));
	assert_false(shows(far)); // ended by what happened meanwhile
	assert_int_equal(read_now(far), OK);
	keep(far);
	assert_true(shows(far));
	assert_int_equal(far->lost, 0);
	leave(far);
	leave(near);
	relay_stop(&relay);
}

static void psql(const struct process *p, const char *sql, const char *how)
{
	char text[600];
	snprintf(text, sizeof text, "psql -q -o /dev/null '%s' -c \"%s\" %s", p->w->address, sql,
		how);
	must(system(text) == 0);
}

static void changes_that_cannot_be_read_end_trust(void **state)
{
	struct process *p = first(state);
	follow(p);
	keep(p);
	nap(500);
	psql(p, "BEGIN; LOCK TABLE change; SELECT pg_sleep(8); COMMIT", "&");
	struct process *q = begin(state, p->w->address); // something to be read
	psql(p, "SELECT pg_current_xact_id()", "");
	assert_true(becomes(p, false, TRUSTED + MS_SECOND));
	assert_false(shows(p));
	assert_int_equal(read_now(p), OK); // the database is asked, and answers
	assert_true(becomes(p, true, BACK + 4 * MS_SECOND));
	assert_true(shows(p));
	leave(q);
	leave(p);
}

struct slow_row {
	str slept;
};

static void *take_long(void *arg)
{
	static const struct sql_field column = {"slept", SQL_STR, false, 0};
	static const struct sql slow = {.name = "slow",
		.postgres = "SELECT CAST(pg_sleep(4) AS TEXT) AS slept",
		.columns = &column,
		.n_columns = 1,
		.row_size = sizeof(struct slow_row),
		.row_align = _Alignof(struct slow_row)};
	struct ctx ctx;
	struct slow_row row;
	thread_is(THREAD_WORKER, "slow");
	ctx_begin(&ctx, arg);
	for (int i = 0; i < 2; i++)
		must(sql_one(&ctx, &slow, NULL, &row) != ERR_DATABASE);
	ctx_end(&ctx);
	return NULL;
}

// Eight connections, and twelve who want one for longer than trust lasts.
static void who_serves_does_not_keep_the_tail_waiting(void **state)
{
	struct process *p = first(state), *q = begin(state, p->w->address);
	pthread_t threads[12];
	follow(p);
	for (ptrdiff_t i = 0; i < COUNT(threads); i++)
		threads[i] = thread_start(take_long, p->w);
	ms longest = 0;
	for (ms until = clock_steady() + TRUSTED + MS_SECOND; clock_steady() < until; nap(50))
		longest = MAX(longest, store_unheard(p->w->house.store));
	assert_true(longest < TRUSTED / 2);
	keep(p);
	moves(q, 1);
	nap(1500);
	assert_false(shows(p));
	for (ptrdiff_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	leave(q);
	leave(p);
}

// --- what listeners read ---------------------------------------------------------------------------------

static bool is_named(struct process *p, const char *name)
{
	return str_eq(community_get(&p->w->ctx)->name, str_from(name));
}

static void what_could_not_be_read_is_read_again(void **state)
{
	struct process *p = first(state), *q = begin(state, p->w->address);
	assert_int_equal(community_room.start(&p->w->ctx), OK);
	assert_int_equal(community_room.start(&q->w->ctx), OK);
	assert_int_equal(setting_write(&p->w->ctx, S("name"), S("Harbour")), OK);
	assert_true(is_named(p, "Harbour") && !is_named(q, "Harbour"));
	psql(p, "BEGIN; LOCK TABLE setting; SELECT pg_sleep(8); COMMIT", "&");
	nap(500);
	follow(q); // hears of it, and cannot read it in time
	nap(6500);
	assert_false(is_named(q, "Harbour"));
	for (ms until = clock_steady() + 4 * BACK;
		!is_named(q, "Harbour") && clock_steady() < until;)
		nap(50);
	assert_true(is_named(q, "Harbour"));
	assert_true(q->lost >= 1);
	struct process *each[] = {q, p};
	for (int i = 0; i < 2; i++) {
		store_tail_stop(each[i]->w->house.store);
		community_room.stop(&each[i]->w->ctx);
		leave(each[i]);
	}
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_heard_is_shown),
		cmocka_unit_test(what_others_change_is_ended_first),
	};
	const struct CMUnitTest on_pg[] = {
		cmocka_unit_test(a_cut_link_ends_trust),
		cmocka_unit_test(changes_that_cannot_be_read_end_trust),
		cmocka_unit_test(who_serves_does_not_keep_the_tail_waiting),
		cmocka_unit_test(what_could_not_be_read_is_read_again),
	};
	int alone = cmocka_run_group_tests_name("PostgreSQL alone", on_pg, pg_setup, pg_teardown);
	return run_on_both(tests) || alone;
}
