// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Deleting: a note with everything under it, a first-level comment with its answers. Counters of
// what stays are put right in the same transaction; files go by media's job, the many by clear.c's.
#include "notes/private.h"

#include "store/store.h"
#include "words/words.h"

// The thing itself, with what only it has. What others hang on it goes with it or soon after.
static err delete_row(struct ctx *ctx, const struct note *note, struct ledger *l)
{
	int64_t gone;
	TRY(mentions_delete_of(ctx, &note->id, 1, &gone));
	TRY(notes_delete_many(ctx, &note->id, 1, &gone));
	if (note->counted == COUNTED)
		tally_add(ctx, &l->liked, note->account.v, -note->likes);
	return clear_begin(ctx, note, l);
}

static err delete_note(struct ctx *ctx, const struct note *note, struct ledger *l)
{
	TRY(delete_row(ctx, note, l));
	TRY(media_remove_of(ctx, media_of_note(note->id)));
	if (note->counted == COUNTED)
		tally_add(ctx, &l->notes, note->account.v, -1);
	return topics_erase(ctx, note->id, l);
}

static err delete_comment(struct ctx *ctx, const struct note *note, struct ledger *l)
{
	int counted = note->counted == COUNTED; // the number of its answers is public, too
	tally_add(ctx, &l->comments, note->root.v, -counted - note->comments);
	if (counted && note->parent.v)
		tally_add(ctx, &l->comments, note->parent.v, -1);
	return delete_row(ctx, note, l);
}

// Of a comment what stands above first. What is under way on it has ended then, and its numbers are those.
static err delete_it(struct ctx *ctx, const note_id above[2], note_id id)
{
	struct ledger l = {0};
	struct note_row row;
	note_id *held;
	ptrdiff_t n_held;
	if (above[0].v)
		TRY(notes_hold(ctx, above, above[1].v ? 2 : 1, &held, &n_held));
	TRY(note_take(ctx, id, &row));
	struct note note = note_from_row(&row);
	if (note.root.v)
		TRY(delete_comment(ctx, &note, &l));
	else
		TRY(delete_note(ctx, &note, &l));
	change_add(ctx, note.root.v ? &comment_deleted : &note_deleted, note.id.v, note.account.v,
		note.root.v);
	return ledger_write(ctx, &l);
}

err notes_deletable(struct ctx *ctx, note_id id, struct note *out)
{
	struct note root;
	err own = notes_own(ctx, id, out);
	if (own != ERR_NOT_FOUND)
		return own;
	TRY(notes_get(ctx, id, out));
	if (!out->root.v)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	TRY(notes_get(ctx, out->root, &root));
	if (root.account.v != ctx->viewer.account.v)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	return OK;
}

static err by_owner(struct ctx *ctx, void *arg)
{
	struct note note;
	TRY(notes_deletable(ctx, *(note_id *)arg, &note));
	return delete_it(ctx, (note_id[]){note.root, note.parent}, note.id);
}

// A person who is limited may still take back what they said.
err notes_delete(struct ctx *ctx, note_id id)
{
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	return store_write_committed(ctx, by_owner, &id);
}

static err by_moderator(struct ctx *ctx, void *arg)
{
	struct note_row row;
	TRY(note_get(ctx, *(note_id *)arg, &row));
	return delete_it(ctx, (note_id[]){row.root, row.parent}, row.id);
}

err notes_delete_as_moderator(struct ctx *ctx, note_id id)
{
	return store_write_committed(ctx, by_moderator, &id);
}
