// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which job a runner claims, on SQLite and on PostgreSQL: whose turn it is, whatever stands before it and
// may not begin, and each once.
#include "jobs/inside.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "both.h"

#define CROWD 30 // more than is read at once

enum { TAKE, WIDEN, LOOP, QUICK, KINDS };
static const char *const names[] = {"take", "widen", "loop", "quick"};

static err nothing(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx, (void)job, (void)arg;
	return OK;
}

static struct world *open_world(struct pg_server *pg, const char *address)
{
	struct world *w = world_new(pg);
	if (address)
		strcpy(w->address, address);
	world_open(w);
	struct jobs *jobs = w->house.jobs = jobs_new(w->house.store);
	for (int i = 0; i < KINDS; i++)
		jobs_register(jobs, str_from(names[i]), nothing, NULL, NULL);
	return w;
}

static struct world *begin(void **state)
{
	if (*state)
		world_wipe(*state);
	return open_world(*state, NULL);
}

static void end(struct world *w)
{
	jobs_free(w->house.jobs);
	world_close(w);
	world_free(w);
}

static void add(struct world *w, const char *kind, int64_t subject, int64_t account,
	enum job_rank rank, ms at)
{
	const struct job_new job = {.kind = str_from(kind),
		.subject = subject,
		.run_at = at,
		.account = {account},
		.rank = rank};
	w->ctx.now = clock_now();
	assert_int_equal(jobs_add(&w->ctx, &job, NULL), OK);
}

static void add_crowd(struct world *w, const char *kind, enum job_rank rank)
{
	for (int64_t i = 1; i <= CROWD; i++)
		add(w, kind, 1000 + i, i, rank, 0);
}

// Everything may begin.
static struct claim all_free(struct world *w)
{
	struct claim c = {.n_kinds = KINDS, .below = RANKS * TURNS};
	for (int i = 0; i < KINDS; i++)
		c.kinds[i] = &w->house.jobs->kinds[i];
	return c;
}

static struct claim but(struct world *w, int kind)
{
	struct claim c = all_free(w);
	c.kinds[kind] = c.kinds[--c.n_kinds];
	return c;
}

static err look(struct world *w, struct claim *c)
{
	w->ctx.now = clock_now();
	w->ctx.deadline = 0;
	err code = jobs_claim(&w->ctx, c);
	store_done(&w->ctx);
	return code;
}

static void assert_claims(struct world *w, struct claim *c, int64_t subject)
{
	assert_int_equal(look(w, c), OK);
	assert_int_equal(c->row.subject, subject);
	assert_true(str_eq(c->kind->name, c->row.kind));
	assert_true(c->until > w->ctx.now && c->lease > 0 && c->row.lease == c->lease);
}

static void says_what_else_there_is(void **state)
{
	struct world *w = begin(state);
	struct claim c = all_free(w);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_true(!c.others && c.next == 0);
	ms later = clock_now() + 15 * MS_SECOND; // sooner than a lease ends
	add(w, "quick", 1, 0, RANK_USUAL, later);
	add(w, "quick", 2, 0, RANK_USUAL, later + 1);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_true(!c.others && c.next == later);
	add(w, "quick", 3, 0, RANK_USUAL, 0);
	add(w, "take", 4, 0, RANK_USUAL, 0);
	assert_claims(w, &c, 3);
	assert_true(c.others && c.next == later);
	assert_claims(w, &c, 4);
	assert_true(!c.others && c.next == later);
	struct claim no_take = but(w, TAKE);
	add(w, "take", 5, 0, RANK_USUAL, 0);
	assert_int_equal(look(w, &no_take), ERR_NOT_FOUND);
	assert_true(no_take.others && no_take.next == later);
	end(w);
}

// Of a few and of many; the kind is no matter.
static void ranks_come_one_after_another(void **state)
{
	struct world *w = begin(state);
	struct claim c = all_free(w);
	for (int many = 0; many < 2; many++) {
		int n = many ? 12 : 2;
		for (int i = 0; i < n; i++) {
			add(w, names[LOOP - i % 2], 300 + i, 1, RANK_LAST, 0);
			add(w, names[WIDEN], 200 + i, 1 + i % 2, RANK_LATER, 0);
			add(w, names[i % 2 ? TAKE : QUICK], 100 + i, 0, RANK_USUAL, 0);
		}
		for (int i = 0; i < n; i++)
			assert_claims(w, &c, 100 + i);
		assert_claims(w, &c, 200);
		add(w, names[LOOP], 110 + n, 0, RANK_USUAL, 0); // comes before what came before it
		assert_claims(w, &c, 110 + n);
		for (int i = 1; i < n; i++)
			assert_claims(w, &c, 200 + i);
		for (int i = 0; i < n; i++)
			assert_claims(w, &c, 300 + i);
		assert_int_equal(look(w, &c), ERR_NOT_FOUND);
		assert_false(c.others);
	}
	end(w);
}

static void a_kind_without_room_hides_nothing(void **state)
{
	struct world *w = begin(state);
	struct claim c = but(w, TAKE);
	add_crowd(w, "take", RANK_USUAL);
	add(w, "quick", 1, 0, RANK_LATER, 0);
	add(w, "loop", 2, 0, RANK_LAST, 0);
	assert_claims(w, &c, 1);
	assert_true(c.others);
	assert_claims(w, &c, 2);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_true(c.others && c.next > w->ctx.now); // not at once, which would be over and over
	ms later = clock_now() + 15 * MS_SECOND;
	add(w, "take", 3, 0, RANK_USUAL, later);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_true(c.others && c.next == later);
	c = all_free(w);
	for (int i = 1; i <= CROWD; i++)
		assert_claims(w, &c, 1000 + i);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_false(c.others);
	end(w);
}

static void an_account_with_enough_hides_nothing(void **state)
{
	struct world *w = begin(state);
	struct claim c = all_free(w);
	c.full[c.n_full++] = (account_id){9};
	for (int i = 0; i < CROWD; i++)
		add(w, "take", 100 + i, 9, RANK_USUAL, 0);
	add(w, "take", 1, 8, RANK_LATER, 0);
	assert_claims(w, &c, 1);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_true(c.others && c.next > w->ctx.now);
	end(w);
}

static void later_ranks_may_have_to_wait(void **state)
{
	struct world *w = begin(state);
	struct claim c = all_free(w);
	c.below = TURNS;
	add_crowd(w, "widen", RANK_LATER);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	assert_true(c.others && c.next == 0);
	add(w, "widen", 1, 0, RANK_USUAL, 0);
	assert_claims(w, &c, 1);
	end(w);
}

// Of a kind that only another version of the program knows.
static void what_nobody_knows_hides_nothing(void **state)
{
	struct world *w = begin(state);
	struct claim c = all_free(w);
	add_crowd(w, "new in 2.0", RANK_USUAL);
	add(w, "quick", 1, 0, RANK_LATER, 0);
	assert_claims(w, &c, 1);
	assert_int_equal(look(w, &c), ERR_NOT_FOUND);
	end(w);
}

#define MANY 150

struct process {
	struct world *w;
	pthread_barrier_t *both;
	int times[MANY];
};

static void *claim_all(void *arg)
{
	struct process *p = arg;
	struct claim c = all_free(p->w);
	ms deadline = clock_steady() + 20 * MS_SECOND;
	err code;
	thread_is(THREAD_RUNNER, "claims");
	pthread_barrier_wait(p->both);
	do {
		arena_reset(p->w->ctx.mem);
		code = look(p->w, &c);
		must(code == OK || code == ERR_NOT_FOUND);
		if (code == OK)
			p->times[c.row.subject]++;
	} while ((code == OK || c.others) && clock_steady() < deadline);
	return NULL;
}

// Two that read the same front of the queue at the same time.
static void each_job_is_claimed_once(void **state)
{
	pthread_barrier_t both;
	struct process of[2] = {{.w = begin(state), .both = &both}, {.both = &both}};
	pthread_t threads[2];
	assert_int_equal(pthread_barrier_init(&both, NULL, 2), 0);
	of[1].w = open_world(*state, of[0].w->address);
	for (int64_t i = 0; i < MANY; i++)
		add(of[0].w, names[i % KINDS], i, i % 7, (enum job_rank)(i % RANKS), 0);
	for (int i = 0; i < 2; i++)
		threads[i] = thread_start(claim_all, &of[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(of[0].times[i] + of[1].times[i], 1);
	pthread_barrier_destroy(&both);
	end(of[1].w);
	end(of[0].w);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_else_there_is),
		cmocka_unit_test(ranks_come_one_after_another),
		cmocka_unit_test(a_kind_without_room_hides_nothing),
		cmocka_unit_test(an_account_with_enough_hides_nothing),
		cmocka_unit_test(later_ranks_may_have_to_wait),
		cmocka_unit_test(what_nobody_knows_hides_nothing),
		cmocka_unit_test(each_job_is_claimed_once),
	};
	return run_on_both(tests);
}
