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
#include <time.h>
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

// As if it had been said at another time, by the database's clock.
static err say_at_within(struct ctx *ctx, void *arg)
{
	struct sql_value at = {.i = *(ms *)arg};
	static const struct sql_field field = {"at", SQL_INT, false, 0};
	static const struct sql sql = {.name = "dated",
		.sqlite = "UPDATE change SET at = ?1 WHERE turn = (SELECT MAX(turn) FROM change)",
		.postgres = "UPDATE change SET at = $1 WHERE turn = (SELECT MAX(turn) FROM change)",
		.params = &field,
		.n_params = 1,
		.writes = true};
	return sql_change(ctx, &sql, &at, NULL);
}

static void say_at(struct world *w, ms at, int64_t subject)
{
	say(w, &moved, subject);
	assert_int_equal(store_write(&w->ctx, say_at_within, &at), OK);
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

static err say_often_within(struct ctx *ctx, void *arg)
{
	for (int i = 0; i < *(int *)arg; i++)
		change_add(ctx, &moved, 6, 2, 3);
	return OK;
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
	say_at(other, clock_now() - MS_HOUR, 5);
	world_close(w);
	world_open(w); // a process that starts: its tail does not run yet
	store_on(w->house.store, &moved, hear, NULL);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_true(t.times[2] == 1 && t.times[3] == 1 && t.times[5] == 1 && !t.times[4]);
	assert_int_equal(since(w, &empty, &t), OK);
	assert_true(t.times[1] == 1 && t.times[2] == 1 && t.times[3] == 1 && t.times[5] == 1);
	assert_int_equal(store_write(&other->ctx, say_often_within, &(int){2500}), OK);
	store_done(&other->ctx);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_int_equal(t.times[6], 2500); // in more than one reading
	end(other);
	end(w);
}

static void mark_now(struct ctx *ctx, const struct change *change, void *arg)
{
	if (change->subject != 7)
		return;
	// Whatever the tail finds meanwhile.
	struct place now;
	assert_int_equal(place_now(ctx, ctx->house->store, &now), OK);
	ctx->house->store->heard.place.oldest = now.oldest;
	ctx->house->store->heard.place.end = now.end;
	assert_int_equal(store_mark(ctx, arg), OK);
}

// Others may have been heard up to now while what was committed here is only being told.
static void what_is_being_told_is_not_behind(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	struct store_mark mark;
	store_on(w->house.store, &moved, mark_now, &mark);
	say(w, &moved, 7);
	say(w, &moved, 8);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_true(t.times[7] == 1 && t.times[8] == 1);
	mark = mark_of(w); // it is told now
	assert_int_equal(since(w, &mark, &t), OK);
	assert_true((t.times[7] == 0 || w->postgres) && t.times[8] == 1);
	end(w);
}

// All that is older than so long.
static err prune(struct ctx *ctx, void *arg)
{
	int64_t gone;
	ms age = *(ms *)arg;
	return store_is_postgres(ctx->house->store)
		       ? changes_prune_on_pg(ctx, age, 1000, &gone)
		       : changes_prune(ctx, clock_now() - age, 1000, &gone);
}

static void prune_older(struct world *w, ms age)
{
	assert_int_equal(store_write(&w->ctx, prune, &age), OK);
	store_done(&w->ctx);
}

// Where all that was said lies behind: whatever began before it, for any database of the server, has ended.
static struct place place_past_all(struct world *w)
{
	struct place now;
	struct said newest;
	assert_int_equal(place_newest(&w->ctx, w->house.store, INT64_MAX, &newest), OK);
	for (int tries = 0; tries < 3000; tries++) {
		assert_int_equal(place_now(&w->ctx, w->house.store, &now), OK);
		store_done(&w->ctx);
		if (now.oldest > newest.work)
			return now;
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	print_error("something is under way for half a minute\n");
	assert_true(false);
	return now;
}

// What w has been told by now, as if that had been a while ago.
static void pretend(struct world *w, ms ago)
{
	struct place now = place_past_all(w);
	w->house.store->heard.place.oldest = now.oldest;
	w->house.store->heard.place.end = now.end;
	w->house.store->heard.place.at = now.at - ago;
}

static void what_is_pruned_is_missed(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	ms now = clock_now();
	say_at(w, now - 60 * MS_HOUR, 1);
	pretend(w, 50 * MS_HOUR);
	struct store_mark mark = mark_of(w);
	say_at(w, now - 40 * MS_HOUR, 2);
	say_at(w, now - 30 * MS_HOUR, 3);
	// Two days old, and whole: as where nobody served meanwhile.
	prune_older(w, 55 * MS_HOUR);
	assert_int_equal(since(w, &mark, &t), OK);
	assert_true(t.times[2] == 1 && t.times[3] == 1);
	pretend(w, 25 * MS_HOUR);
	struct store_mark later = mark_of(w);
	prune_older(w, 35 * MS_HOUR);
	assert_int_equal(since(w, &mark, &t), ERR_NOT_FOUND);
	// Where nothing happens any more a mark is good for ever.
	prune_older(w, 0);
	assert_int_equal(since(w, &later, &t), OK);
	assert_true(t.n == 0 || w->postgres);
	say(w, &moved, 4);
	assert_int_equal(since(w, &later, &t), OK);
	assert_int_equal(t.times[4], 1);
	end(w);
}

static err forget_newest(struct ctx *ctx, void *arg)
{
	const struct sql sql = {.name = "forget",
		.sqlite = "DELETE FROM change WHERE turn = (SELECT MAX(turn) FROM change)",
		.postgres = "DELETE FROM change WHERE turn = (SELECT MAX(turn) FROM change)",
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
	for (int i = 0; i < 24; i++) { // of another one, of another schema or history
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
	say_at(w, clock_now() + MS_SECOND, 3);
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
	pretend(w, -MS_HOUR);
	struct store_mark mark = mark_of(w);
	assert_int_equal(since(w, &mark, &t), ERR_NOT_FOUND);
	end(w);
}

struct holding {
	struct world *other;
	struct store_mark mark; // made while this is under way
};

static err hold(struct ctx *ctx, void *arg)
{
	const struct sql sql = {.name = "hold",
		.postgres = "CREATE TEMPORARY TABLE held ON COMMIT DROP AS SELECT 1 AS one",
		.writes = true};
	struct holding *h = arg;
	struct world *other = h->other;
	struct told t;
	TRY(sql_change(ctx, &sql, NULL, NULL));
	say(other, &moved, 1);
	world_close(other);
	world_open(other);
	store_on(other->house.store, &moved, hear, NULL);
	h->mark = mark_of(other);
	say(other, &moved, 2);
	assert_int_equal(since(other, &h->mark, &t), OK);
	assert_true(!t.times[1] && t.times[2] == 1);
	change_add(ctx, &moved, 3, 2, 3);
	return OK;
}

// Of this database or of another one of the server.
static void what_takes_its_time_holds_no_mark_back(void **state)
{
	struct told t;
	struct world *w = first_one(state);
	if (w->postgres) {
		struct holding h = {.other = process(state, w->address)};
		assert_int_equal(store_write(&w->ctx, hold, &h), OK);
		store_done(&w->ctx);
		assert_int_equal(since(h.other, &h.mark, &t), OK);
		assert_true(!t.times[1] && t.times[2] == 1 && t.times[3] == 1);
		end(h.other);
	}
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_came_after_is_told),
		cmocka_unit_test(what_takes_its_time_holds_no_mark_back),
		cmocka_unit_test(what_is_being_told_is_not_behind),
		cmocka_unit_test(what_is_pruned_is_missed),
		cmocka_unit_test(another_database_is_refused),
		cmocka_unit_test(a_clock_put_back_is_refused),
	};
	return run_on_both(tests);
}
