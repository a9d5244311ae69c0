// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Comments in two levels: an answer to an answer stands under the same first-level comment and
// names whom it answers.
#include "notes/private.h"

#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

struct commenting {
	const struct comment_draft *draft;
	str body;
	note_id id;
};

static err find_again(struct ctx *ctx, str request, note_id *out)
{
	struct note_by_request_row row;
	TRY(note_by_request(ctx, ctx->viewer.account, request, &row));
	*out = row.id;
	return OK;
}

// Never wider than the note, nor than the comment it answers: whoever is answered reads it, and a
// whisper to the note's owner stays between the two.
static enum visibility circle(
	const struct comment_draft *draft, const struct note *under, const struct note *root)
{
	enum visibility widest = root->visibility;
	if (under->root.v)
		widest = MAX(widest, MIN(under->visibility, VIS_MENTIONED));
	return MAX(draft->visibility, widest);
}

static err insert(
	struct ctx *ctx, struct commenting *c, const struct note *under, const struct note *root)
{
	lang written_in;
	int64_t made;
	TRY(language_of(ctx, ctx->viewer.account, c->body, &written_in));
	bool top = !under->root.v;
	bool mentions; // told with the comment
	struct note_row row = {
		.id = {c->draft->created ? id_past(c->draft->created) : id_new(ctx->now)},
		.account = ctx->viewer.account,
		.root = root->id,
		.parent = top               ? (note_id){0}
			  : under->parent.v ? under->parent
					    : under->id,
		.answers = top ? (account_id){0} : under->account,
		.created = c->draft->created ? c->draft->created : ctx->now,
		.visibility = (int64_t)circle(c->draft, under, root),
		.language = written_in,
		.body = c->body,
		.request = c->draft->request,
	};
	TRY(note_insert(ctx, &row, &made));
	if (!made)
		return find_again(ctx, c->draft->request, &c->id);
	c->id = row.id;
	TRY(mentions_write(ctx, row.id, c->body, &mentions));
	TRY(comments_count(ctx, root->id, 1));
	if (row.parent.v)
		TRY(comments_count(ctx, row.parent, 1));
	TRY(job_for_note(ctx, S("notify.comment"), row.id, ctx->viewer.account));
	change_add(ctx, CHANGE_NOTE, row.id.v, row.account.v, root->id.v);
	return OK;
}

static err comment(struct ctx *ctx, void *arg)
{
	struct commenting *c = arg;
	struct note under, root;
	TRY(notes_get(ctx, c->draft->under, &under));
	root = under;
	if (under.root.v)
		TRY(notes_get(ctx, under.root, &root));
	return insert(ctx, c, &under, &root);
}

err notes_comment(struct ctx *ctx, const struct comment_draft *draft, note_id *out)
{
	struct commenting c = {.draft = draft, .body = unicode_body(ctx->mem, draft->body)};
	TRY(permit_act(ctx, ACT_COMMENT));
	if (!c.body.n)
		return fail(ctx, ERR_INVALID, "body", W_error_required);
	if (utf8_count(c.body) > COMMENT_MOST)
		return fail_n(ctx, ERR_INVALID, "body", W_error_too_long, COMMENT_MOST);
	TRY(store_write(ctx, comment, &c));
	*out = c.id;
	return OK;
}

// Authors, whom they answer, likes and rights of a list of comments.
static err complete(struct ctx *ctx, const struct note *root, const struct note_row *rows,
	ptrdiff_t n, struct comment **out, ptrdiff_t *n_out)
{
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	bool *shown = NEW_N(ctx->mem, bool, n), *liked = NEW_N(ctx->mem, bool, n);
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	account_id *people_ids = NEW_N(ctx->mem, account_id, 2 * n);
	struct person *people = NEW_N(ctx->mem, struct person, 2 * n);
	struct comment *list = NEW_N(ctx->mem, struct comment, n);
	ptrdiff_t kept = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		notes[i] = note_from_row(&rows[i]);
		ids[i] = notes[i].id;
		people_ids[2 * i] = notes[i].account;
		people_ids[2 * i + 1] = notes[i].answers;
	}
	TRY(see_many(ctx, notes, n, shown));
	TRY(likes_among(ctx, ids, n, liked));
	TRY(people_by_ids(ctx, people_ids, 2 * n, people));
	account_id me = ctx->viewer.account;
	for (ptrdiff_t i = 0; i < n; i++) {
		bool mine = me.v && (notes[i].account.v == me.v || root->account.v == me.v);
		if (!shown[i] && !mine)
			continue;
		list[kept++] = (struct comment){
			.note = notes[i],
			.author = &people[2 * i],
			.answers = notes[i].answers.v ? &people[2 * i + 1] : NULL,
			.liked = liked[i],
			.may_delete = mine,
		};
	}
	*out = list;
	*n_out = kept;
	return OK;
}

static bool owns(const struct ctx *ctx, const struct note *note)
{
	return note->account.v && note->account.v == ctx->viewer.account.v;
}

err comments_page(struct ctx *ctx, note_id root_id, enum comment_order order, int64_t offset,
	int limit, struct comment **out, ptrdiff_t *n)
{
	struct note root;
	struct note_row *rows;
	ptrdiff_t n_rows;
	TRY(notes_get(ctx, root_id, &root));
	if (order == COMMENTS_NEWEST)
		TRY(comments_newest(ctx, root_id, (note_id){offset ? offset : INT64_MAX},
			ctx->viewer.account, owns(ctx, &root), limit, &rows, &n_rows));
	else
		TRY(comments_best(ctx, root_id, ctx->viewer.account, owns(ctx, &root), limit,
			offset, &rows, &n_rows));
	return complete(ctx, &root, rows, n_rows, out, n);
}

err comments_answers(struct ctx *ctx, note_id root_id, const note_id *parents, ptrdiff_t n_parents,
	int each, struct comment **out, ptrdiff_t *n)
{
	struct note root;
	struct note_row *rows;
	ptrdiff_t n_rows;
	TRY(notes_get(ctx, root_id, &root));
	TRY(answers_first(ctx, root_id, parents, n_parents, each, ctx->viewer.account,
		owns(ctx, &root), &rows, &n_rows));
	return complete(ctx, &root, rows, n_rows, out, n);
}

err comments_answers_after(struct ctx *ctx, note_id parent_id, note_id after, int limit,
	struct comment **out, ptrdiff_t *n)
{
	struct note parent, root;
	struct note_row *rows;
	ptrdiff_t n_rows;
	TRY(notes_get(ctx, parent_id, &parent));
	if (!parent.root.v)
		return ERR_NOT_FOUND;
	TRY(notes_get(ctx, parent.root, &root));
	TRY(answers_after(ctx, parent.root, parent_id, after, ctx->viewer.account, owns(ctx, &root),
		limit, &rows, &n_rows));
	return complete(ctx, &root, rows, n_rows, out, n);
}

err comment_get(struct ctx *ctx, note_id id, struct comment *out)
{
	struct note_row row;
	struct note root;
	struct comment *list;
	ptrdiff_t n;
	TRY(note_get(ctx, id, &row));
	if (!row.root.v)
		return ERR_NOT_FOUND;
	TRY(notes_get(ctx, row.root, &root));
	TRY(complete(ctx, &root, &row, 1, &list, &n));
	if (!n)
		return ERR_NOT_FOUND;
	*out = list[0];
	return OK;
}
