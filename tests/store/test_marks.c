// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Places in the order of changes: nothing that came after one is left out, and one that cannot promise
// that any more says so.
#include "store/inside.h"
#include "store/store.sql.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

extern const struct schema_step grown_steps[];
extern const int grown_steps_n;

static struct change_kind moved = {.name = "marks.moved"};
static struct change_kind unheard = {.name = "marks.unheard"};

static void hear(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx, (void)change, (void)arg;
}

// A process on the database at this address, or on one of its own.
static struct world *process(void **state, const char *address)
{
	struct world *w = world_new(*state);
	w->steps = contract_steps;
	w->n_steps = contract_steps_n;
	if (address)
		strcpy(w->address, address);
	world_open(w);
	store_on(w->house.store, &moved, hear, NULL);
	return w;
}

static struct world *first_one(void **state)
{
	if (*state)
		world_wipe(*state);
	return process(state, NULL);
}

static void end(struct world *w)
{
	world_close(w);
	world_free(w);
}

struct saying {
	const struct change_kind *kind;
	int64_t subject;
};

static err say_within(struct ctx *ctx, void *arg)
{
	const struct saying *s = arg;
	change_add(ctx, s->kind, s->subject, 2, 3);
	return OK;
}

static void say(struct world *w, const struct change_kind *kind, int64_t subject)
{
	struct saying s = {kind, subject};
	assert_int_equal(store_write(&w->ctx, say_within, &s), OK);
	store_done(&w->ctx);
}

// As a process does whose commit becomes visible long after it numbered its changes.
struct late {
	ms at;
	int64_t subject;
};

static err say_late_within(struct ctx *ctx, void *arg)
{
	const struct late *l = arg;
	return store_change_add(
		ctx, (change_id){id_past(l->at)}, 99, S("marks.moved"), l->subject, 2, 3);
}

static void say_late(struct world *w, ms at, int64_t subject)
{
	struct late l = {at, subject};
	assert_int_equal(store_write(&w->ctx, say_late_within, &l), OK);
	store_done(&w->ctx);
}

struct told {
	int times[100];
	int n;
};

static void note_down(const struct change *change, void *arg)
{
	struct told *t = arg;
	assert_ptr_equal(change->kind, &moved);
	assert_in_range(change->subject, 0, COUNT(t->times) - 1);
	assert_int_equal(change->actor, 2);
	assert_int_equal(change->extra, 3);
	t->times[change->subject]++;
	t->n++;
}

static err since(struct world *w, const struct store_mark *mark, struct told *t)
{
	*t = (struct told){0};
	err result = store_since(&w->ctx, mark, note_down, t);
	store_done(&w->ctx);
	return result;
}

static struct store_mark mark_of(struct world *w)
{
	struct store_mark mark;
	assert_int_equal(store_mark(&w->ctx, &mark), OK);
	store_done(&w->ctx);
	return mark;
}

static void all_that_came_after_is_told(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	struct world *other = process(state, w->address);
	struct store_mark empty = mark_of(w);
	assert_int_equal(since(w, &empty, &t), OK);
	assert_int_equal(t.n, 0);
	say(w, &moved, 1);
	struct store_mark mark = mark_of(w);
	say(w, &moved, 2);
	say(other, &moved, 3);
	say(other, &unheard, 4);
	say_late(other, clock_now() - 29 * MS_SECOND, 5);
	world_close(w);
	world_open(w); // a process that starts: its tail does not run yet
	store_on(w->house.store, &moved, hear, NULL);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_true(t.times[2] == 1 && t.times[3] == 1 && t.times[5] == 1 && !t.times[4]);
	assert_int_equal(since(w, &empty, &t), OK);
	assert_true(t.times[1] == 1 && t.times[2] == 1 && t.times[3] == 1 && t.times[5] == 1);
	for (int i = 0; i < 2500; i++) // more than one reading
		say_late(other, clock_now() - i, 6);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_int_equal(t.times[6], 2500);
	end(other);
	end(w);
}

struct listening {
	struct store_mark mark;
	ms pretended;
};

static void mark_now(struct ctx *ctx, const struct change *change, void *arg)
{
	struct listening *l = arg;
	if (change->subject != 7)
		return;
	atomic_store(&ctx->house->store->told, l->pretended);
	assert_int_equal(store_mark(ctx, &l->mark), OK);
}

// Others may have been heard up to now while what was committed here is only being told.
static void what_is_being_told_is_not_behind(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	struct listening l = {.pretended = clock_now() + 10 * MS_MINUTE};
	store_on(w->house.store, &moved, mark_now, &l);
	say(w, &moved, 7);
	say(w, &moved, 8);
	assert_int_equal(since(w, &l.mark, &t), OK);
	assert_true(t.times[7] == 1 && t.times[8] == 1);
	end(w);
}

static err prune(struct ctx *ctx, void *arg)
{
	int64_t gone;
	return store_changes_prune(ctx, (change_id){id_floor(*(ms *)arg)}, &gone);
}

static void prune_before(struct world *w, ms at)
{
	assert_int_equal(store_write(&w->ctx, prune, &at), OK);
	store_done(&w->ctx);
}

static void what_is_pruned_is_missed(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	ms now = clock_now();
	say_late(w, now - 60 * MS_HOUR, 1);
	atomic_store(&w->house.store->told, now - 50 * MS_HOUR);
	struct store_mark mark = mark_of(w);
	say_late(w, now - 40 * MS_HOUR, 2);
	say_late(w, now - 30 * MS_HOUR, 3);
	// Two days old, and whole: as where nobody served meanwhile.
	prune_before(w, now - 55 * MS_HOUR);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_true(t.times[2] == 1 && t.times[3] == 1);
	atomic_store(&w->house.store->told, now - 25 * MS_HOUR);
	struct store_mark later = mark_of(w);
	prune_before(w, now - 35 * MS_HOUR);
	assert_int_equal(since(w, &mark, &t), ERR_NOT_FOUND);
	// Where nothing happens any more a mark is good for ever.
	prune_before(w, now);
	assert_int_equal(since(w, &later, &t), OK);
	assert_int_equal(t.n, 0);
	say(w, &moved, 4);
	assert_int_equal(since(w, &later, &t), OK);
	assert_int_equal(t.times[4], 1);
	end(w);
}

static err forget_newest(struct ctx *ctx, void *arg)
{
	const struct sql sql = {.name = "forget",
		.sqlite = "DELETE FROM change WHERE id = (SELECT MAX(id) FROM change)",
		.postgres = "DELETE FROM change WHERE id = (SELECT MAX(id) FROM change)",
		.writes = true};
	(void)arg;
	return sql_change(ctx, &sql, NULL, NULL);
}

static void another_database_is_refused(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	say(w, &moved, 1);
	say(w, &moved, 2);
	struct store_mark mark = mark_of(w);
	assert_int_equal(since(w, &mark, &t), OK);
	for (int i = 0; i < 16; i++) { // of another one, or of another schema
		struct store_mark wrong = mark;
		wrong.bytes[i] ^= 1;
		assert_int_equal(since(w, &wrong, &t), ERR_NOT_FOUND);
	}
	struct store_mark wrong = mark;
	memset(wrong.bytes, 0xff, sizeof wrong.bytes);
	assert_int_equal(since(w, &wrong, &t), ERR_NOT_FOUND);
	memset(wrong.bytes, 0, sizeof wrong.bytes);
	assert_int_equal(since(w, &wrong, &t), ERR_NOT_FOUND);
	// Put back to what it was before the mark.
	assert_int_equal(store_write(&w->ctx, forget_newest, NULL), OK);
	store_done(&w->ctx);
	say(w, &moved, 3);
	assert_int_equal(since(w, &mark, &t), ERR_NOT_FOUND);
	mark = mark_of(w);
	world_close(w);
	w->steps = grown_steps;
	w->n_steps = grown_steps_n;
	world_open(w);
	assert_int_equal(since(w, &mark, &t), ERR_NOT_FOUND);
	end(w);
}

static void a_clock_put_back_is_refused(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	say(w, &moved, 1);
	atomic_store(&w->house.store->told, clock_now() + MS_HOUR);
	struct store_mark mark = mark_of(w);
	assert_int_equal(since(w, &mark, &t), ERR_NOT_FOUND);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_came_after_is_told),
		cmocka_unit_test(what_is_being_told_is_not_behind),
		cmocka_unit_test(what_is_pruned_is_missed),
		cmocka_unit_test(another_database_is_refused),
		cmocka_unit_test(a_clock_put_back_is_refused),
	};
	return run_on_both(tests);
}
