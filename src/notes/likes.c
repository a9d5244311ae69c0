// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Likes of notes and comments: exact, counted in the transaction of the row. Who likes what stands in
// memory: liked.c. Each like says in which list of its owner's it is, which goes with whether everyone
// may see the note.
#include "notes/private.h"

#include "jobs/jobs.h"
#include "permit/permit.h"
#include "store/store.h"

static const struct act liking = {
	.name = "like", .burst = 120, .per_hour = 1200, .least = ROLE_MEMBER};

ptrdiff_t list_rows = 500;

static enum like_list list_of(const struct note *note)
{
	if (note->root.v)
		return LISTED_NOWHERE;
	return note->counted == COUNTED ? LISTED_OPEN : LISTED_NARROW;
}

struct like {
	note_id note;
	int by;
	int64_t likes;
};

// in_number: the row is in the note's number, as all are but those of people who were just restored.
static err write_row(struct ctx *ctx, const struct like *l, const struct note *note, bool *changed,
	bool *in_number)
{
	account_id me = ctx->viewer.account;
	int64_t rows;
	*in_number = true;
	if (l->by > 0)
		TRY(liking_insert(ctx, me, l->note, ctx->now, list_of(note), &rows));
	else
		TRY(liking_delete(ctx, me, l->note, true, &rows));
	if (!rows && l->by < 0) {
		*in_number = false;
		TRY(liking_delete(ctx, me, l->note, false, &rows));
	}
	*changed = rows > 0;
	return OK;
}

static err move(struct ctx *ctx, void *arg)
{
	struct like *l = arg;
	struct note note;
	bool changed, in_number;
	TRY(notes_get_held(ctx, l->note, &note));
	l->likes = note.likes;
	TRY(write_row(ctx, l, &note, &changed, &in_number));
	if (!changed)
		return OK;
	if (in_number) {
		TRY(likes_move(ctx, l->note, l->by));
		l->likes += l->by;
	}
	if (in_number && note.counted == COUNTED)
		TRY(author_liked_move(ctx, note.account, l->by));
	change_add(ctx, l->by > 0 ? &note_liked : &note_unliked, l->note.v, ctx->viewer.account.v,
		note.account.v);
	return OK;
}

static err like(struct ctx *ctx, note_id id, int by, int64_t *likes)
{
	struct like l = {.note = id, .by = by};
	TRY(permit_write(ctx, &liking, move, &l));
	*likes = l.likes;
	return OK;
}

err like_add(struct ctx *ctx, note_id id, int64_t *likes)
{
	return like(ctx, id, 1, likes);
}

err like_remove(struct ctx *ctx, note_id id, int64_t *likes)
{
	return like(ctx, id, -1, likes);
}

// --- lists ---------------------------------------------------------------------------------------

struct listing {
	note_id note;
	enum like_list to;
	account_id from, after; // those up to here are in their list; the body may run again
	ptrdiff_t most, n;
};

static err list_some(struct ctx *ctx, struct listing *l)
{
	struct likings_after_row *rows;
	ptrdiff_t wrong = 0;
	l->after = l->from;
	TRY(likings_after(ctx, l->note, l->from, l->most, &rows, &l->n));
	account_id *ids = NEW_N(ctx->mem, account_id, l->n);
	for (ptrdiff_t i = 0; i < l->n; i++) {
		l->after = rows[i].account;
		if (rows[i].listed != l->to)
			ids[wrong++] = rows[i].account;
	}
	return wrong ? likings_set_listed(ctx, l->note, ids, wrong, l->to) : OK;
}

err likes_list(struct ctx *ctx, note_id note, bool counted, ptrdiff_t *room)
{
	struct listing l = {.note = note,
		.to = counted ? LISTED_OPEN : LISTED_NARROW,
		.most = MIN(*room, list_rows)};
	if (l.most > 0) {
		TRY(list_some(ctx, &l));
		*room -= l.n;
		if (l.n < l.most)
			return OK;
	}
	return jobs_add(ctx,
		&(struct job_new){.kind = S("notes.list-likes"),
			.subject = note.v,
			.unique = str_fmt(ctx->mem, "list likes %lld", (long long)note.v)},
		NULL);
}

// As the note is now: it may be turned round while its likes follow.
static err list_as_it_is(struct ctx *ctx, void *arg)
{
	struct listing *l = arg;
	struct note_row row;
	l->n = 0;
	err found = note_lock(ctx, l->note, &row);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found; // its likes go, too
	struct note note = note_from_row(&row);
	l->to = list_of(&note);
	return list_some(ctx, l);
}

err likes_list_all(struct ctx *ctx, note_id note)
{
	struct listing l = {.note = note, .most = list_rows};
	do {
		l.from = l.after;
		TRY(store_write_committed(ctx, list_as_it_is, &l));
	} while (l.n == l.most);
	return OK;
}

static err on_list(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return likes_list_all(ctx, (note_id){job->subject});
}

void likes_start(struct ctx *ctx)
{
	if (ctx->house->jobs)
		jobs_register(ctx->house->jobs, S("notes.list-likes"), on_list, NULL, NULL);
}
