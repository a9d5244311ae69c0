// SPDX-License-Identifier: AGPL-3.0-or-later
//
// When somebody is suspended, all that hangs on the account leaves the public numbers, and comes back
// when the suspension ends: notes with their topics and with what others wrote under them, comments
// with the answers, likes, follows. In steps, a transaction each, so that nobody waits for a hundred
// thousand likes. A step that was cut off, or whose direction was turned meanwhile, leaves rows that say
// what they are in, and is taken up where the next run finds rows astray. Of all processes one settles at a
// time, since a step holds several notes with what is below them, and nobody else more than one.
#include "notes/private.h"

#include "jobs/jobs.h"
#include "store/store.h"

ptrdiff_t settle_rows = 200;

enum phase { OWN_NOTES, OWN_COMMENTS, OWN_LIKES, OWN_FOLLOWS, SETTLED };

struct settling {
	account_id account;
	enum phase phase;
	int64_t after;       // done so far in this phase
	note_id root, below; // a note with much below: the last first-level comment that is done
	struct follows_settling follows;
	struct ledger *ledger; // of the step
};

static err flip_root(
	struct ctx *ctx, const struct astray_note *row, int by, ptrdiff_t *room, struct ledger *l)
{
	TRY(likes_list(ctx, row->id, by > 0, room));
	if (row->visibility == VIS_PUBLIC)
		TRY(topics_show(ctx, row->id, by > 0, l));
	change_add(ctx, &note_changed, row->id.v, row->account.v, 0);
	return OK;
}

// What is under way on them has ended, and they are as they are now; without those that are gone, or that
// somebody narrowed and which so belong into no number.
static err take_hold(struct ctx *ctx, const struct astray_note *rows, ptrdiff_t n, int to,
	struct astray_note **out, ptrdiff_t *n_out)
{
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct astray_note *held = NEW_N(ctx->mem, struct astray_note, n);
	struct note_now *now;
	ptrdiff_t n_now, n_held = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	TRY(notes_take(ctx, ids, n, &now, &n_now));
	for (ptrdiff_t i = 0; i < n; i++) {
		ptrdiff_t k = 0;
		while (k < n_now && now[k].id.v != rows[i].id.v)
			k++;
		if (k == n_now || (to == COUNTED && !is_open((enum visibility)now[k].visibility)))
			continue;
		held[n_held] = rows[i];
		held[n_held].visibility = now[k].visibility;
		held[n_held].likes = now[k].likes;
		held[n_held++].counted = now[k].counted;
	}
	*out = held;
	*n_out = n_held;
	return OK;
}

err notes_flip(struct ctx *ctx, const struct astray_note *astray, ptrdiff_t n_astray, int to,
	struct ledger *l)
{
	struct astray_note *rows;
	ptrdiff_t n, room = list_rows;
	if (!n_astray)
		return OK;
	TRY(take_hold(ctx, astray, n_astray, to, &rows, &n));
	note_id *ids = NEW_N(ctx->mem, note_id, n), told = {0};
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	TRY(notes_set_counted(ctx, ids, n, to));
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct astray_note *row = &rows[i];
		int by = (to == COUNTED) - (row->counted == COUNTED);
		if (!by)
			continue;
		tally_add(ctx, &l->liked, row->account.v, by * row->likes);
		if (row->root.v) {
			tally_add(ctx, &l->comments, row->root.v, by);
			if (row->parent.v)
				tally_add(ctx, &l->comments, row->parent.v, by);
			// Once for all of a note, which stand together.
			if (row->root.v != told.v)
				change_add(ctx, &note_counted, row->root.v, 0, 0);
			told = row->root;
		} else {
			tally_add(ctx, &l->notes, row->account.v, by);
			TRY(flip_root(ctx, row, by, &room, l));
		}
	}
	return OK;
}

// All at once, in the order in which everybody locks them.
static err lock_rows(struct ctx *ctx, const struct astray_note *rows, ptrdiff_t n)
{
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct note_now *now;
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	return n ? notes_take(ctx, ids, n, &now, &n) : OK;
}

// Each row as it is wanted.
static err flip_as_wanted(
	struct ctx *ctx, const struct astray_note *rows, ptrdiff_t n, struct ledger *l)
{
	struct astray_note *some = NEW_N(ctx->mem, struct astray_note, n);
	for (int wanted = 0; wanted <= 1; wanted++) {
		ptrdiff_t n_some = 0;
		for (ptrdiff_t i = 0; i < n; i++)
			if (rows[i].wanted == wanted)
				some[n_some++] = rows[i];
		TRY(notes_flip(ctx, some, n_some, wanted, l));
	}
	return OK;
}

// First-level comments with the answers under them. False in *whole: more answers than fit in a step;
// then the comments are in the making until the rest of the answers is done.
static err settle_comments(struct ctx *ctx, struct settling *s, note_id root,
	struct astray_note *rows, ptrdiff_t n, ptrdiff_t *room, bool *whole)
{
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct astray_note *answers;
	ptrdiff_t n_answers;
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	*room -= n;
	TRY(lock_rows(ctx, rows, n));
	TRY(answers_astray(ctx, root, ids, n, settle_rows, &answers, &n_answers));
	*whole = n_answers < settle_rows;
	*room -= n_answers;
	TRY(lock_rows(ctx, answers, n_answers));
	if (!*whole) // first: the numbers of what is in the making are not looked at
		TRY(notes_flip(ctx, rows, n, IN_THE_MAKING, s->ledger));
	TRY(flip_as_wanted(ctx, answers, n_answers, s->ledger));
	return *whole ? flip_as_wanted(ctx, rows, n, s->ledger) : OK;
}

// One note of the account with all below it, or as much of it as there is room for.
static err settle_note(
	struct ctx *ctx, struct settling *s, struct astray_note *row, ptrdiff_t *room, bool *whole)
{
	struct astray_note *below;
	ptrdiff_t n;
	TRY(lock_rows(ctx, row, 1)); // nothing comes below it, nor is it narrowed
	if (s->root.v != row->id.v) {
		s->root = row->id;
		s->below = (note_id){0};
	}
	for (bool all = true; all; s->below = all ? below[n - 1].id : s->below) {
		TRY(comments_below_astray(ctx, row->id, s->below, settle_rows, &below, &n));
		*whole = n == 0;
		if (*whole)
			return flip_as_wanted(ctx, row, 1, s->ledger);
		if (*room <= 0)
			return OK;
		TRY(notes_flip(ctx, row, 1, IN_THE_MAKING, s->ledger));
		row->counted = IN_THE_MAKING;
		TRY(settle_comments(ctx, s, row->id, below, n, room, &all));
	}
	return OK;
}

static void next_phase(struct settling *s)
{
	*s = (struct settling){.account = s->account, .phase = s->phase + 1, .ledger = s->ledger};
}

static err settle_notes(struct ctx *ctx, struct settling *s)
{
	struct astray_note *rows;
	ptrdiff_t n, room = settle_rows;
	TRY(notes_astray(ctx, s->account, (note_id){s->after}, settle_rows, &rows, &n));
	for (ptrdiff_t i = 0; i < n && room > 0; i++) {
		bool whole;
		room--;
		TRY(settle_note(ctx, s, &rows[i], &room, &whole));
		if (!whole)
			return OK;
		s->after = rows[i].id.v;
	}
	if (!n)
		next_phase(s);
	return OK;
}

// The next that is astray while what it stands under stays as it is.
static err next_comment(
	struct ctx *ctx, const struct settling *s, struct astray_note **row, ptrdiff_t *n)
{
	note_id above[2], *held;
	ptrdiff_t n_held;
	TRY(comments_astray(ctx, s->account, (note_id){s->after}, 1, row, n));
	for (int64_t id = 0; *n && (*row)->id.v != id;) {
		id = (*row)->id.v;
		above[0] = (*row)->root;
		above[1] = (*row)->parent;
		TRY(notes_hold(ctx, above, above[1].v ? 2 : 1, &held, &n_held));
		TRY(comments_astray(ctx, s->account, (note_id){s->after}, 1, row, n));
	}
	return OK;
}

// One by one: an own answer under an own comment is settled with it.
static err settle_own_comments(struct ctx *ctx, struct settling *s)
{
	struct astray_note *row;
	ptrdiff_t n, room = settle_rows;
	while (room > 0) {
		bool whole = true;
		TRY(next_comment(ctx, s, &row, &n));
		if (!n) {
			next_phase(s);
			return OK;
		}
		if (row->parent.v) {
			TRY(flip_as_wanted(ctx, row, 1, s->ledger));
			room--;
		} else {
			TRY(settle_comments(ctx, s, row->root, row, 1, &room, &whole));
		}
		if (!whole)
			return OK;
		s->after = row->id.v;
	}
	return OK;
}

// The notes stay as they are, so that their authors lose or get back what is in their numbers.
static err move_likes(
	struct ctx *ctx, const struct settling *s, const note_id *ids, ptrdiff_t n, bool counted)
{
	struct notes_authors_row *rows;
	note_id *turned;
	int64_t *held;
	ptrdiff_t n_rows, n_turned, n_held;
	int by = counted ? 1 : -1;
	if (!n)
		return OK;
	TRY(likings_turn(ctx, s->account, ids, n, counted, &turned, &n_turned));
	if (!n_turned)
		return OK;
	int64_t *numbers = NEW_N(ctx->mem, int64_t, n_turned);
	for (ptrdiff_t i = 0; i < n_turned; i++)
		numbers[i] = turned[i].v;
	TRY(notes_lock_numbers(ctx, numbers, n_turned, &held, &n_held));
	TRY(likes_count_many(ctx, turned, n_turned, by));
	TRY(notes_authors(ctx, turned, n_turned, &rows, &n_rows));
	for (ptrdiff_t i = 0; i < n_rows; i++) {
		if (rows[i].counted)
			tally_add(ctx, &s->ledger->liked, rows[i].account.v, by);
		change_add(ctx, &note_counted, rows[i].id.v, 0, 0);
	}
	return OK;
}

// As whoever likes: the notes, then the likes.
static err lock_likes(struct ctx *ctx, account_id who, const note_id *ids, ptrdiff_t n)
{
	note_id *held;
	if (!n)
		return OK;
	TRY(notes_hold(ctx, ids, n, &held, &n));
	return n ? likings_lock(ctx, who, held, n, &held, &n) : OK;
}

static err settle_likes(struct ctx *ctx, struct settling *s)
{
	struct likings_astray_row *rows;
	ptrdiff_t n, n_ids;
	TRY(likings_astray(ctx, s->account, (note_id){s->after}, settle_rows, &rows, &n));
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].note;
	TRY(lock_likes(ctx, s->account, ids, n));
	for (int counted = 0; counted <= 1; counted++) {
		n_ids = 0;
		for (ptrdiff_t i = 0; i < n; i++)
			if (rows[i].counted != counted)
				ids[n_ids++] = rows[i].note;
		TRY(move_likes(ctx, s, ids, n_ids, counted));
	}
	if (n)
		s->after = rows[n - 1].note.v;
	else
		next_phase(s);
	return OK;
}

struct turn {
	struct settling from, to; // the body may run again
};

static err settle_some(struct ctx *ctx, struct settling *s)
{
	switch (s->phase) {
	case OWN_NOTES:
		return settle_notes(ctx, s);
	case OWN_COMMENTS:
		return settle_own_comments(ctx, s);
	case OWN_LIKES:
		return settle_likes(ctx, s);
	case OWN_FOLLOWS:
		TRY(follows_settle(ctx, s->account, (int)settle_rows, &s->follows));
		if (s->follows.done)
			s->phase = SETTLED;
		return OK;
	case SETTLED:
		break;
	}
	return OK;
}

static err take_step(struct ctx *ctx, void *arg)
{
	struct turn *t = arg;
	struct settling_begin_row alone;
	struct ledger l = {0};
	t->to = t->from;
	t->to.ledger = &l;
	if (store_is_postgres(ctx->house->store))
		TRY(settling_begin(ctx, &alone));
	TRY(settle_some(ctx, &t->to));
	t->to.ledger = NULL;
	return ledger_write(ctx, &l);
}

err notes_settle(struct ctx *ctx, account_id account, int steps)
{
	struct turn t = {.from = {.account = account}};
	struct arena *mem = ctx->mem, *scratch = ctx->db ? NULL : arena_new(64 << 10);
	err failed = OK;
	for (int i = 0; t.from.phase != SETTLED && (!steps || i < steps); i++) {
		if (scratch)
			ctx->mem = scratch;
		failed = store_write_committed(ctx, take_step, &t);
		ctx->mem = mem;
		if (failed != OK)
			break;
		t.from = t.to;
		if (scratch)
			arena_reset(scratch);
	}
	if (failed != OK)
		ctx->problem.text = str_copy(mem, ctx->problem.text);
	if (scratch)
		arena_free(scratch);
	return failed;
}

static err on_settle(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return notes_settle(ctx, (account_id){job->subject}, 0);
}

void settle_start(struct ctx *ctx)
{
	struct jobs *jobs = ctx->house->jobs;
	if (!jobs)
		return;
	// The second looks once more, when whatever began before the standing changed has ended.
	jobs_register(jobs, S("standing.settle"), on_settle, NULL, NULL);
	jobs_register(jobs, S("standing.sweep"), on_settle, NULL, NULL);
}
