// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Deleting: a note with everything under it, a first-level comment with its answers. Counters of
// what stays are put right in the same transaction; files go by media's job.
#include "notes/private.h"

#include "store/store.h"
#include "words/words.h"

static err with_likes_and_mentions(struct ctx *ctx, const note_id *ids, ptrdiff_t n)
{
	int64_t gone;
	TRY(likings_delete_of(ctx, ids, n, &gone));
	TRY(mentions_delete_of(ctx, ids, n, &gone));
	return notes_delete_many(ctx, ids, n, &gone);
}

static err delete_note(struct ctx *ctx, const struct note *note)
{
	struct note_below_row *below;
	ptrdiff_t n;
	TRY(note_below(ctx, note->id, &below, &n));
	note_id *ids = NEW_N(ctx->mem, note_id, n + 1);
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[i] = below[i].id;
		TRY(media_remove_of_note(ctx, ids[i]));
	}
	ids[n] = note->id;
	TRY(topics_erase(ctx, note->id, note->visibility));
	TRY(media_remove_of_note(ctx, note->id));
	TRY(with_likes_and_mentions(ctx, ids, n + 1));
	if (is_counted(note->visibility))
		TRY(author_notes_count(ctx, note->account, -1));
	return author_liked_count(ctx, note->account, -note->likes);
}

static err delete_comment(struct ctx *ctx, const struct note *note)
{
	struct note_answers_to_row *answers = NULL;
	ptrdiff_t n = 0;
	if (!note->parent.v)
		TRY(note_answers_to(ctx, note->root, note->id, &answers, &n));
	note_id *ids = NEW_N(ctx->mem, note_id, n + 1);
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[i] = answers[i].id;
		TRY(job_for_note(ctx, S("notify.forget"), ids[i], ctx->viewer.account));
	}
	ids[n] = note->id;
	TRY(with_likes_and_mentions(ctx, ids, n + 1));
	TRY(comments_count(ctx, note->root, -(n + 1)));
	if (note->parent.v)
		TRY(comments_count(ctx, note->parent, -1));
	return author_liked_count(ctx, note->account, -note->likes);
}

static err delete_it(struct ctx *ctx, const struct note *note)
{
	if (note->root.v)
		TRY(delete_comment(ctx, note));
	else
		TRY(delete_note(ctx, note));
	TRY(job_for_note(ctx, S("notify.forget"), note->id, ctx->viewer.account));
	change_add(ctx, CHANGE_NOTE_GONE, note->id.v, note->account.v, note->root.v);
	return OK;
}

static err by_owner(struct ctx *ctx, void *arg)
{
	struct note note, root;
	TRY(notes_get(ctx, *(note_id *)arg, &note));
	if (note.account.v == ctx->viewer.account.v)
		return delete_it(ctx, &note);
	if (!note.root.v)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	TRY(notes_get(ctx, note.root, &root));
	if (root.account.v != ctx->viewer.account.v)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	return delete_it(ctx, &note);
}

// A person who is limited may still take back what they said.
err notes_delete(struct ctx *ctx, note_id id)
{
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	return store_write(ctx, by_owner, &id);
}

static err by_moderator(struct ctx *ctx, void *arg)
{
	struct note_row row;
	TRY(note_get(ctx, *(note_id *)arg, &row));
	struct note note = note_from_row(&row);
	return delete_it(ctx, &note);
}

err notes_delete_as_moderator(struct ctx *ctx, note_id id)
{
	return store_write(ctx, by_moderator, &id);
}
