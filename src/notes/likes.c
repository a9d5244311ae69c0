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

static err move(struct ctx *ctx, void *arg)
{
	struct like *l = arg;
	struct note note;
	struct likes_count_row counted;
	int64_t changed;
	TRY(notes_get(ctx, l->note, &note));
	l->likes = note.likes;
	if (l->by > 0)
		TRY(liking_insert(ctx, ctx->viewer.account, l->note, ctx->now, &changed));
	else
		TRY(liking_delete(ctx, ctx->viewer.account, l->note, &changed));
	if (!changed)
		return OK;
	TRY(likes_count(ctx, l->note, l->by, &counted));
	TRY(author_liked_count(ctx, note.account, l->by));
	l->likes = counted.likes;
	change_add(ctx, CHANGE_LIKE, l->note.v, ctx->viewer.account.v, l->by > 0);
	if (l->by > 0 && note.account.v != ctx->viewer.account.v)
		TRY(job_for_note(ctx, S("notify.like"), l->note, ctx->viewer.account));
	return OK;
}

static err like(struct ctx *ctx, note_id id, int by, int64_t *likes)
{
	struct like l = {.note = id, .by = by};
	TRY(permit_act(ctx, ACT_LIKE));
	TRY(store_write(ctx, move, &l));
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
