// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Likes of notes and comments: exact, counted in the transaction of the row. Who likes what stands in
// memory: liked.c.
#include "notes/private.h"

#include "permit/permit.h"
#include "store/store.h"

struct like {
	note_id note;
	int by;
	int64_t likes;
};

// in_number: the row is in the note's number, as all are but those of people who were just restored.
static err write_row(struct ctx *ctx, const struct like *l, bool *changed, bool *in_number)
{
	account_id me = ctx->viewer.account;
	int64_t rows;
	*in_number = true;
	if (l->by > 0)
		TRY(liking_insert(ctx, me, l->note, ctx->now, &rows));
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
	TRY(notes_get(ctx, l->note, &note));
	l->likes = note.likes;
	TRY(write_row(ctx, l, &changed, &in_number));
	if (!changed)
		return OK;
	if (in_number) {
		TRY(likes_count(ctx, l->note, l->by));
		l->likes += l->by;
	}
	if (in_number && note.counted == COUNTED)
		TRY(author_liked_count(ctx, note.account, l->by));
	change_add(ctx, l->by > 0 ? &note_liked : &note_unliked, l->note.v, ctx->viewer.account.v,
		note.account.v);
	return OK;
}

static err like(struct ctx *ctx, note_id id, int by, int64_t *likes)
{
	struct like l = {.note = id, .by = by};
	TRY(permit_write(ctx, ACT_LIKE, move, &l));
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
