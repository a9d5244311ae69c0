// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Many writers at once: nothing is lost, everything is told once and in order, what was
// acknowledged survives a kill, and what another process changes is heard.
#include "contract.sql.h"
#include "world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define WRITERS 8
#define TURNS 40
#define HEARD_MOST 4096

struct ear {
	int n;
	int64_t subjects[HEARD_MOST], extras[HEARD_MOST];
	int lost;
	bool inside;
	struct lock lock;
};

static struct change_kind counter_moved = {.name = "counters.moved"};

static void hear(struct ctx *ctx, const struct change *change, void *arg)
{
	struct ear *ear = arg;
	(void)ctx;
	lock_take(&ear->lock);
	must(!ear->inside);
	ear->inside = true;
	lock_release(&ear->lock);
	if (change->kind == &changes_lost)
		ear->lost++;
	if (change->kind == &counter_moved && ear->n < HEARD_MOST) {
		ear->subjects[ear->n] = change->subject;
		ear->extras[ear->n++] = change->extra;
	}
	lock_take(&ear->lock);
	ear->inside = false;
	lock_release(&ear->lock);
}

static struct world *begin(void **state)
{
	if (*state)
		world_wipe(*state);
	struct world *w = world_new(*state);
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

struct writer {
	struct world *w;
	int number;
	int failed, unexpected;
};

static void committed(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_SEQ_CST);
}

static int commits;

// Reads and writes back: loses updates unless transactions are serialisable.
static err increase(struct ctx *ctx, void *arg)
{
	struct writer *me = arg;
	struct pair_get_row row;
	int64_t changed, counter = me->number % 2;
	err got = pair_get(ctx, 1, counter, &row);
	if (got == ERR_NOT_FOUND) {
		TRY(pair_add(ctx, 1, counter, &changed));
		row.n = 1;
	} else {
		TRY(got);
		row.n++;
		TRY(pair_set(ctx, 1, counter, row.n));
	}
	change_add(ctx, &counter_moved, counter, me->number, row.n);
	store_after_commit(ctx, committed, &commits);
	return OK;
}

static err spoil(struct ctx *ctx, void *arg)
{
	struct writer *me = arg;
	TRY(increase(ctx, me));
	return fail(ctx, ERR_FORBIDDEN, "spoilt", me->number);
}

static void *write_often(void *arg)
{
	struct writer *me = arg;
	struct ctx ctx;
	thread_is(THREAD_WORKER, "writer");
	ctx_begin(&ctx, me->w);
	for (int i = 0; i < TURNS; i++) {
		arena_reset(ctx.mem);
		ctx.now = clock_now();
		bool bad = i % 5 == 4;
		err result = store_write(&ctx, bad ? spoil : increase, me);
		if (bad) {
			me->failed++;
			me->unexpected += result != ERR_FORBIDDEN ||
					  ctx.problem.word != me->number ||
					  strcmp(ctx.problem.field, "spoilt") != 0;
		} else {
			me->unexpected += result != OK;
		}
		struct pair_get_row row;
		me->unexpected += pair_get(&ctx, 1, me->number % 2, &row) != OK && i > 0;
		store_done(&ctx);
	}
	ctx_end(&ctx);
	return NULL;
}

static void writers_lose_nothing(void **state)
{
	static struct ear ear;
	struct world *w = begin(state);
	struct writer writers[WRITERS] = {0};
	pthread_t threads[WRITERS];
	memset(&ear, 0, sizeof ear);
	lock_init(&ear.lock);
	commits = 0;
	store_on(w->house.store, &counter_moved, hear, &ear);
	store_on(w->house.store, &changes_lost, hear, &ear);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.w = w, .number = i};
		threads[i] = thread_start(write_often, &writers[i]);
	}
	int good = 0;
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(writers[i].unexpected, 0);
		good += TURNS - writers[i].failed;
	}
	struct pair_sum_row sum;
	assert_int_equal(pair_sum(&w->ctx, 1, &sum), OK);
	assert_int_equal(sum.n, good);
	assert_int_equal(commits, good);
	assert_int_equal(ear.n, good);
	int64_t last[2] = {0};
	for (int i = 0; i < ear.n; i++) { // each counter was heard rising by one
		assert_int_equal(ear.extras[i], last[ear.subjects[i]] + 1);
		last[ear.subjects[i]]++;
	}
	end(w);
}

static err like(struct ctx *ctx, void *arg)
{
	int64_t changed, number = *(int64_t *)arg;
	TRY(pair_add(ctx, 7, number, &changed));
	change_add(ctx, &counter_moved, number, 0, 0);
	return OK;
}

static void changes_of_others_are_heard_once(void **state)
{
	static struct ear own, other;
	struct world *w = begin(state), *v = world_new(*state);
	v->steps = w->steps;
	v->n_steps = w->n_steps;
	strcpy(v->address, w->address);
	world_open(v);
	memset(&own, 0, sizeof own);
	memset(&other, 0, sizeof other);
	lock_init(&own.lock);
	lock_init(&other.lock);
	store_on(w->house.store, &counter_moved, hear, &own);
	store_on(w->house.store, &changes_lost, hear, &own);
	store_on(v->house.store, &counter_moved, hear, &other);
	store_on(v->house.store, &changes_lost, hear, &other);
	store_tail_start(&v->ctx, v->house.store);
	store_tail_start(&w->ctx, w->house.store);
	for (int64_t i = 0; i < 60; i++) {
		w->ctx.now = clock_now();
		assert_int_equal(store_write(&w->ctx, like, &i), OK);
		assert_int_equal(own.n, i + 1);
		nanosleep(&(struct timespec){0, 20000000}, NULL);
	}
	nanosleep(&(struct timespec){1, 500000000}, NULL);
	store_tail_stop(v->house.store);
	store_tail_stop(w->house.store);
	assert_int_equal(own.n, 60);
	assert_int_equal(other.n, 60);
	for (int i = 0; i < 60; i++)
		assert_int_equal(other.subjects[i], i);
	assert_int_equal(own.lost + other.lost, 0);
	world_close(v);
	world_free(v);
	end(w);
}

// --- killed in mid-commit ----------------------------------------------------------------------

struct acknowledging {
	struct world *w;
	int number, to;
};

static err add_pair(struct ctx *ctx, void *arg)
{
	int64_t *pair = arg, changed;
	TRY(pair_add(ctx, 100 + pair[0], pair[1], &changed));
	return pair_add(ctx, 200 + pair[0], pair[1], &changed); // both or none
}

static void *acknowledge(void *arg)
{
	struct acknowledging *me = arg;
	struct ctx ctx;
	thread_is(THREAD_WORKER, "writer");
	ctx_begin(&ctx, me->w);
	for (int64_t i = 0;; i++) {
		int64_t pair[2] = {me->number, i};
		arena_reset(ctx.mem);
		must(store_write(&ctx, add_pair, pair) == OK);
		must(write(me->to, pair, sizeof pair) == sizeof pair);
	}
	return NULL;
}

static void acknowledged_survives_a_kill(void **state)
{
	for (int round = 0; round < 4; round++) {
		struct world *w = begin(state);
		int pipes[2];
		int64_t pair[2], acknowledged[4] = {0}, total = 0;
		assert_int_equal(pipe(pipes), 0);
		world_close(w);
		pid_t child = fork();
		if (child == 0) {
			pthread_t threads[4];
			struct acknowledging all[4];
			close(pipes[0]);
			world_open(w);
			for (int i = 0; i < 4; i++) {
				all[i] = (struct acknowledging){w, i, pipes[1]};
				threads[i] = thread_start(acknowledge, &all[i]);
			}
			for (int i = 0; i < 4; i++)
				pthread_join(threads[i], NULL);
			_exit(0);
		}
		close(pipes[1]);
		ms until = 0;
		bool killed = false;
		while (read(pipes[0], pair, sizeof pair) == sizeof pair) {
			acknowledged[pair[0]] = pair[1] + 1;
			if (!total++)
				until = clock_steady() + 30 + 70 * round;
			if (!killed && total > 20 && clock_steady() > until) {
				kill(child, SIGKILL);
				killed = true;
			}
		}
		close(pipes[0]);
		waitpid(child, NULL, 0);
		assert_true(killed);
		world_open(w);
		for (int64_t i = 0; i < 4; i++) {
			struct pair_sum_row one, two;
			// A database server may still be finishing what the killed program asked of it.
			for (int again = 0; again < 20; again++) {
				assert_int_equal(pair_sum(&w->ctx, 100 + i, &one), OK);
				assert_int_equal(pair_sum(&w->ctx, 200 + i, &two), OK);
				if (one.n == two.n)
					break;
				nanosleep(&(struct timespec){0, 50000000}, NULL);
			}
			assert_int_equal(one.n, two.n);
			assert_in_range(
				one.n, (uintmax_t)acknowledged[i], (uintmax_t)acknowledged[i] + 1);
		}
		end(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_lose_nothing),
		cmocka_unit_test(changes_of_others_are_heard_once),
		cmocka_unit_test(acknowledged_survives_a_kill),
	};
	return run_on_both(tests);
}
