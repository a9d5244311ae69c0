// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SQLite's writers: group commit. Transactions queue; the first one leads: on its thread it runs
// its own and all that wait, each as a savepoint, commits them with one fsync, tells the listeners
// and wakes their callers. Meanwhile the next group gathers, and its first leads next. Bodies thus
// run on a thread that need not be their caller's, while the caller sleeps.
#include "store/lite.h"

#include <sqlite3.h>

#define GROUP_MOST 128
#define GROUP_TIME (10 * MS_SECOND / 1000) // a group takes no more turns after this

enum turn_state { TURN_WAITS, TURN_LEADS, TURN_TAKEN, TURN_DONE };

struct turn {
	struct ctx *ctx;
	store_body body;
	void *arg;
	err result;
	enum turn_state state; // guarded by the group's lock
	struct waker waker;
	struct turn *next;
};

static struct turn *queue_pop(struct lite *lite)
{
	lock_take(&lite->group.lock);
	struct turn *turn = lite->group.first;
	if (turn) {
		lite->group.first = turn->next;
		if (!turn->next)
			lite->group.last = NULL;
		turn->next = NULL;
		turn->state = TURN_TAKEN;
	}
	lock_release(&lite->group.lock);
	return turn;
}

static void queue_leave(struct lite *lite, struct turn *turn) REQUIRES_LOCK(lite->group.lock)
{
	struct turn **at = &lite->group.first, *before = NULL;
	while (*at != turn) {
		before = *at;
		at = &before->next;
	}
	*at = turn->next;
	if (lite->group.last == turn)
		lite->group.last = before;
}

static err control(struct ctx *ctx, struct lite *lite, const struct sql *sql)
{
	struct sink none = {0};
	return lite_run(ctx, lite->writer, sql, NULL, &none);
}

// Undoes what is open; the problem told is the one before.
static void undo(struct ctx *ctx, struct lite *lite, bool all)
{
	struct problem problem = ctx->problem;
	if (lite_in_transaction(lite->writer)) {
		err result = all ? control(ctx, lite, &sql_rollback)
				 : control(ctx, lite, &sql_rollback_to);
		if (result == OK && !all)
			result = control(ctx, lite, &sql_release);
		if (result != OK && lite_in_transaction(lite->writer))
			must(control(ctx, lite, &sql_rollback) == OK);
	}
	ctx->problem = problem;
}

static err run_turn(struct store *store, struct turn *turn)
{
	struct lite *lite = store->lite;
	struct db db = {.store = store, .lite = lite->writer};
	TRY(control(turn->ctx, lite, &sql_savepoint));
	err result = store_run_body(turn->ctx, &db, turn->body, turn->arg);
	if (result == OK)
		result = control(turn->ctx, lite, &sql_release);
	if (result != OK)
		undo(turn->ctx, lite, false);
	return result;
}

struct group {
	struct turn *first, *last;
	int n, n_ok;
};

static void group_add(struct group *group, struct turn *turn)
{
	if (group->last)
		group->last->next = turn;
	else
		group->first = turn;
	group->last = turn;
	group->n++;
	group->n_ok += turn->result == OK;
}

static void group_fail(struct group *group, err result, struct problem problem)
{
	for (struct turn *t = group->first; t; t = t->next)
		if (t->result == OK) {
			t->result = result;
			t->ctx->problem = problem;
		}
	group->n_ok = 0;
}

static void group_run(struct store *store, struct group *group)
{
	struct lite *lite = store->lite;
	ms until = clock_steady() + GROUP_TIME;
	struct turn *turn;
	while (group->n < GROUP_MOST && (turn = queue_pop(lite))) {
		turn->result = run_turn(store, turn);
		group_add(group, turn);
		// A full disk and the like end the whole transaction, with all that was in it.
		if (!lite_in_transaction(lite->writer)) {
			group_fail(group, turn->result == ERR_FULL ? ERR_FULL : ERR_DATABASE,
				turn->ctx->problem);
			return;
		}
		if (clock_steady() >= until)
			return;
	}
}

static void group_commit(struct ctx *ctx, struct store *store, struct group *group)
{
	struct lite *lite = store->lite;
	struct problem before = ctx->problem;
	err result = group->n_ok ? control(ctx, lite, &sql_commit) : OK;
	if (result != OK)
		group_fail(group, result, ctx->problem);
	ctx->problem = before;
	if (lite_in_transaction(lite->writer))
		undo(ctx, lite, true);
}

// Runs the next group. Whoever was in it is woken afterwards, together.
static void lead(struct store *store, struct ctx *ctx)
{
	struct lite *lite = store->lite;
	struct group group = {0};
	struct flight flight;
	flight_begin(store, &flight);
	err begun = control(ctx, lite, &sql_begin);
	if (begun != OK) {
		// Somebody else writes for longer than the leader may wait. The others try for themselves:
		// each has a deadline of its own.
		struct turn *mine = queue_pop(lite);
		mine->result = begun;
		group_add(&group, mine);
	} else {
		group_run(store, &group);
		group_commit(ctx, store, &group);
	}
	for (struct turn *t = group.first; t; t = t->next)
		if (t->result == OK)
			store_deliver(t->ctx, store);
	flight_end(store, &flight);
	lock_take(&lite->group.lock);
	for (struct turn *t = group.first, *next; t; t = next) {
		next = t->next; // its caller may be gone at once
		t->state = TURN_DONE;
		waker_one(&t->waker);
	}
	lock_release(&lite->group.lock);
}

// Until the turn leads or was run by another. Whose time is over before that leaves the queue; what a
// leader has taken is run, whatever the clock says.
static err await_turn(struct ctx *ctx, struct lite *lite, struct turn *me, ms until)
	REQUIRES_LOCK(lite->group.lock)
{
	while (me->state == TURN_WAITS || me->state == TURN_TAKEN) {
		if (me->state == TURN_TAKEN) {
			waker_wait(&me->waker, &lite->group.lock);
		} else if (!waker_wait_until(&me->waker, &lite->group.lock, until) &&
			   me->state == TURN_WAITS) {
			queue_leave(lite, me);
			return store_fail(
				ctx, ERR_UNAVAILABLE, "writer", "others write for too long");
		}
	}
	return OK;
}

err lite_write(struct ctx *ctx, struct store *store, store_body body, void *arg)
{
	struct lite *lite = store->lite;
	struct turn me = {.ctx = ctx, .body = body, .arg = arg};
	ms until = store_until(ctx, store);
	waker_init(&me.waker);
	lock_take(&lite->group.lock);
	if (lite->group.last)
		lite->group.last->next = &me;
	else
		lite->group.first = &me;
	lite->group.last = &me;
	if (!lite->group.led) {
		lite->group.led = true;
		me.state = TURN_LEADS;
	}
	err waited = await_turn(ctx, lite, &me, until);
	if (waited != OK) {
		lock_release(&lite->group.lock);
		return waited;
	}
	if (me.state == TURN_LEADS) {
		lock_release(&lite->group.lock);
		lead(store, ctx);
		lock_take(&lite->group.lock);
		struct turn *heir = lite->group.first;
		lite->group.led = heir != NULL;
		if (heir) {
			heir->state = TURN_LEADS;
			waker_one(&heir->waker);
		}
	}
	lock_release(&lite->group.lock);
	ctx->pending = NULL;
	return me.result;
}
