// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Deleting: a note with everything under it, a first-level comment with its answers. Counters of
// what stays are put right in the same transaction; files go by media's job.
#include "notes/private.h"

#include "store/store.h"
#include "words/words.h"

#include <stdlib.h>

static err with_likes_and_mentions(struct ctx *ctx, const note_id *ids, ptrdiff_t n)
{
	int64_t gone;
	TRY(likings_delete_of(ctx, ids, n, &gone));
	TRY(mentions_delete_of(ctx, ids, n, &gone));
	return notes_delete_many(ctx, ids, n, &gone);
}

// What goes with a note or comment: those below it. Then the thing itself.
struct going {
	note_id *ids;
	account_id *authors;
	int64_t *likes;
	ptrdiff_t n;
};

static struct going going_new(struct ctx *ctx, ptrdiff_t most)
{
	return (struct going){
		.ids = NEW_N(ctx->mem, note_id, most),
		.authors = NEW_N(ctx->mem, account_id, most),
		.likes = NEW_N(ctx->mem, int64_t, most),
	};
}

static void going_add(struct going *g, note_id id, account_id author, int64_t likes)
{
	g->ids[g->n] = id;
	g->authors[g->n] = author;
	g->likes[g->n++] = likes;
}

struct liked {
	account_id author;
	int64_t likes;
};

static int by_author(const void *a, const void *b)
{
	const struct liked *x = a, *y = b;
	return (x->author.v > y->author.v) - (x->author.v < y->author.v);
}

// Everybody loses the likes that go, in the order of ids, as all who change many accounts do.
static err uncount_likes(struct ctx *ctx, const struct going *g)
{
	struct liked *all = NEW_N(ctx->mem, struct liked, g->n);
	for (ptrdiff_t i = 0; i < g->n; i++)
		all[i] = (struct liked){g->authors[i], g->likes[i]};
	qsort(all, (size_t)g->n, sizeof *all, by_author);
	for (ptrdiff_t i = 0, next; i < g->n; i = next) {
		int64_t likes = 0;
		for (next = i; next < g->n && all[next].author.v == all[i].author.v; next++)
			likes += all[next].likes;
		if (likes)
			TRY(author_liked_count(ctx, all[i].author, -likes));
	}
	return OK;
}

static err delete_note(struct ctx *ctx, const struct note *note)
{
	struct note_below_row *below;
	ptrdiff_t n;
	TRY(note_below(ctx, note->id, &below, &n));
	struct going g = going_new(ctx, n + 1);
	for (ptrdiff_t i = 0; i < n; i++) {
		going_add(&g, below[i].id, below[i].account, below[i].likes);
		if (below[i].pictures)
			TRY(media_remove_of_note(ctx, below[i].id));
	}
	going_add(&g, note->id, note->account, note->likes);
	TRY(topics_erase(ctx, note->id, note->visibility));
	TRY(media_remove_of_note(ctx, note->id));
	TRY(with_likes_and_mentions(ctx, g.ids, g.n));
	if (is_counted(note->visibility))
		TRY(author_notes_count(ctx, note->account, -1));
	return uncount_likes(ctx, &g);
}

static err delete_comment(struct ctx *ctx, const struct note *note)
{
	struct note_answers_to_row *answers = NULL;
	ptrdiff_t n = 0;
	if (!note->parent.v)
		TRY(note_answers_to(ctx, note->root, note->id, &answers, &n));
	struct going g = going_new(ctx, n + 1);
	for (ptrdiff_t i = 0; i < n; i++) {
		going_add(&g, answers[i].id, answers[i].account, answers[i].likes);
		TRY(job_for_note(ctx, S("notify.forget"), answers[i].id, ctx->viewer.account));
	}
	going_add(&g, note->id, note->account, note->likes);
	TRY(with_likes_and_mentions(ctx, g.ids, g.n));
	TRY(comments_count(ctx, note->root, -g.n));
	if (note->parent.v)
		TRY(comments_count(ctx, note->parent, -1));
	return uncount_likes(ctx, &g);
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
