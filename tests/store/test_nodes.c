// SPDX-License-Identifier: AGPL-3.0-or-later
//
// No two processes on one database make ids with the same number, however they start, stop and sleep.
#include "store/inside.h"
#include "store/store.sql.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define CROWD 8

// A process of its own on the database of the first.
static struct world *another(void **state, const struct world *first)
{
	struct world *w = world_new(*state);
	strcpy(w->address, first->address);
	world_open(w);
	return w;
}

static void leave(struct world *w)
{
	store_node_return(&w->ctx);
	world_close(w);
	world_free(w);
}

static struct world *first_one(void **state)
{
	if (*state)
		world_wipe(*state);
	struct world *w = world_new(*state);
	world_open(w);
	assert_int_equal(store_node_lease(&w->ctx), OK);
	return w;
}

static int64_t number_of(const struct world *w)
{
	return w->house.store->node.number;
}

static void *lease_at_once(void *arg)
{
	struct world *w = arg;
	thread_is(THREAD_WORKER, "starting");
	must(store_node_lease(&w->ctx) == OK);
	return NULL;
}

static void who_starts_at_once_has_a_number_of_its_own(void **state)
{
	struct world *w = first_one(state), *crowd[CROWD];
	pthread_t threads[CROWD];
	bool taken[256] = {[0] = true};
	assert_int_equal(number_of(w), 0);
	for (int i = 0; i < CROWD; i++)
		crowd[i] = another(state, w);
	for (int i = 0; i < CROWD; i++)
		threads[i] = thread_start(lease_at_once, crowd[i]);
	for (int i = 0; i < CROWD; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < CROWD; i++) {
		assert_false(taken[number_of(crowd[i])]);
		taken[number_of(crowd[i])] = true;
	}
	int64_t given_back = number_of(crowd[3]);
	leave(crowd[3]);
	crowd[3] = another(state, w);
	assert_int_equal(store_node_lease(&crowd[3]->ctx), OK);
	assert_int_equal(number_of(crowd[3]), given_back);
	for (int i = 0; i < CROWD; i++)
		leave(crowd[i]);
	leave(w);
}

static err run_out(struct ctx *ctx, void *arg)
{
	const struct store *of = arg;
	int64_t n;
	return node_renew(ctx, of->node.number, of->process, clock_now() - 1, &n);
}

static err nothing(struct ctx *ctx, void *arg)
{
	(void)ctx, (void)arg;
	return OK;
}

static void who_slept_too_long_takes_another_before_it_writes(void **state)
{
	struct world *sleeper = first_one(state), *w = another(state, sleeper);
	assert_int_equal(store_node_lease(&w->ctx), OK);
	assert_int_equal(store_write(&w->ctx, run_out, sleeper->house.store), OK);
	struct world *heir = another(state, sleeper);
	assert_int_equal(store_node_lease(&heir->ctx), OK);
	assert_int_equal(number_of(heir), 0);
	atomic_store(&sleeper->house.store->node.until, 1); // as its clock says when it wakes
	assert_int_equal(store_write(&sleeper->ctx, nothing, NULL), OK);
	assert_int_equal(number_of(sleeper), 2);
	// Whose number nobody took goes on with it.
	assert_int_equal(store_write(&heir->ctx, run_out, w->house.store), OK);
	atomic_store(&w->house.store->node.until, 1);
	assert_int_equal(store_write(&w->ctx, nothing, NULL), OK);
	assert_int_equal(number_of(w), 1);
	leave(heir);
	leave(w);
	leave(sleeper);
}

static err use_up(struct ctx *ctx, void *arg)
{
	int64_t made;
	(void)arg;
	for (int64_t i = 1; i < 255; i++)
		TRY(node_add(ctx, i, 7, clock_now() + MS_HOUR, &made));
	return OK;
}

static void when_all_are_taken_it_says_so(void **state)
{
	struct world *w = first_one(state);
	assert_int_equal(store_write(&w->ctx, use_up, NULL), OK);
	struct world *late = another(state, w);
	assert_int_equal(store_node_lease(&late->ctx), ERR_CONFLICT);
	assert_true(late->ctx.problem.text.n > 0);
	assert_int_equal(store_node_lease(&w->ctx), OK); // the others go on
	leave(late);
	leave(w);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_starts_at_once_has_a_number_of_its_own),
		cmocka_unit_test(who_slept_too_long_takes_another_before_it_writes),
		cmocka_unit_test(when_all_are_taken_it_says_so),
	};
	return run_on_both(tests);
}
