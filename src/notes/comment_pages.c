// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading comments page by page. A list is walked in the order of its index, so that the last page
// costs what the first does; who may see what is judged by see.c alone, before rows are counted.
#include "notes/private.h"

#include "base/scan.h"

#define BEGINNING_MOST 200 // answers read of a thread that is shown in short

struct listing {
	struct note root;
	enum { BEST, NEWEST, ANSWERS } kind;
	note_id parent;            // of answers
	struct comment_cursor at;  // the last row that was read
	struct comment_spot *kept; // of what was read, for the viewer
	ptrdiff_t n;
};

static bool owns(const struct ctx *ctx, const struct note *note)
{
	return note->account.v && note->account.v == ctx->viewer.account.v;
}

// First the rest of those that are as good as the last one, then those below.
static err read_best(struct ctx *ctx, const struct listing *l, ptrdiff_t most,
	struct comment_spot **out, ptrdiff_t *n)
{
	struct comment_spot *below, *rows = NULL;
	ptrdiff_t n_below;
	int64_t rank = INT64_MAX;
	*n = 0;
	if (l->at.id.v) {
		rank = l->at.rank;
		TRY(comments_alike(ctx, l->root.id, rank, l->at.id, most, &rows, n));
	}
	if (*n == most) {
		*out = rows;
		return OK;
	}
	TRY(comments_below(ctx, l->root.id, rank, most - *n, &below, &n_below));
	struct comment_spot *all = NEW_N(ctx->mem, struct comment_spot, *n + n_below);
	for (ptrdiff_t i = 0; i < *n; i++)
		all[i] = rows[i];
	for (ptrdiff_t i = 0; i < n_below; i++)
		all[*n + i] = below[i];
	*out = all;
	*n += n_below;
	return OK;
}

static err read_some(struct ctx *ctx, struct listing *l, ptrdiff_t most, struct comment_spot **rows,
	ptrdiff_t *n)
{
	note_id before = {l->at.id.v ? l->at.id.v : INT64_MAX};
	if (l->kind == BEST)
		TRY(read_best(ctx, l, most, rows, n));
	else if (l->kind == NEWEST)
		TRY(comments_newest(ctx, l->root.id, before, most, rows, n));
	else
		TRY(answers_after(ctx, l->root.id, l->parent, l->at.id, most, rows, n));
	if (*n)
		l->at = (struct comment_cursor){(*rows)[*n - 1].rank, (*rows)[*n - 1].id};
	return OK;
}

static err keep_seen(
	struct ctx *ctx, struct listing *l, const struct comment_spot *rows, ptrdiff_t n)
{
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	bool *shown = NEW_N(ctx->mem, bool, n);
	for (ptrdiff_t i = 0; i < n; i++)
		notes[i] = (struct note){.id = rows[i].id,
			.account = rows[i].account,
			.answers = rows[i].answers,
			.visibility = (enum visibility)rows[i].visibility};
	TRY(see_below(ctx, &l->root, notes, n, shown));
	for (ptrdiff_t i = 0; i < n; i++)
		if (shown[i])
			l->kept[l->n++] = rows[i];
	return OK;
}

// Fills the list up to the limit; *more: it goes on behind l->at.
static err gather(struct ctx *ctx, struct listing *l, int limit, ptrdiff_t most, bool *more)
{
	struct scan scan = scan_begin(limit, most);
	l->kept = NEW_N(ctx->mem, struct comment_spot, scan_room(limit));
	while (scan_goes_on(&scan, l->n)) {
		struct comment_spot *rows;
		ptrdiff_t n;
		TRY(read_some(ctx, l, scan.next, &rows, &n));
		scan_read(&scan, n);
		TRY(keep_seen(ctx, l, rows, n));
	}
	*more = !scan.end || l->n > limit;
	if (l->n > limit) {
		l->n = limit;
		l->at = (struct comment_cursor){l->kept[limit - 1].rank, l->kept[limit - 1].id};
	}
	return OK;
}

// Authors, whom they answer, likes and rights of a list of comments.
static err complete(struct ctx *ctx, const struct note *root, const struct note *notes, ptrdiff_t n,
	struct comment *out)
{
	bool *liked = NEW_N(ctx->mem, bool, n);
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	account_id *people_ids = NEW_N(ctx->mem, account_id, 2 * n), me = ctx->viewer.account;
	struct person *people = NEW_N(ctx->mem, struct person, 2 * n);
	struct leads *leads = NEW(ctx->mem, struct leads);
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[i] = notes[i].id;
		people_ids[2 * i] = notes[i].account;
		people_ids[2 * i + 1] = notes[i].answers;
	}
	TRY(likes_among(ctx, ids, n, liked));
	TRY(people_by_ids(ctx, people_ids, 2 * n, people));
	TRY(notes_leads(ctx, notes, n, leads));
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = (struct comment){
			.note = notes[i],
			.author = &people[2 * i],
			.answers = notes[i].answers.v ? &people[2 * i + 1] : NULL,
			.liked = liked[i],
			.may_delete = me.v && (notes[i].account.v == me.v || owns(ctx, root)),
			.leads = leads,
		};
	return OK;
}

// In the order of the list; what was deleted since it was read is left out.
static err load(struct ctx *ctx, const struct note *root, const struct comment_spot *spots,
	ptrdiff_t n, struct comment **out, ptrdiff_t *n_out)
{
	struct note_row *rows;
	ptrdiff_t n_rows, kept = 0;
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	struct comment *list = NEW_N(ctx->mem, struct comment, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = spots[i].id;
	TRY(notes_get_many(ctx, ids, n, &rows, &n_rows));
	for (ptrdiff_t i = 0; i < n; i++)
		for (ptrdiff_t r = 0; r < n_rows; r++)
			if (rows[r].id.v == ids[i].v)
				notes[kept++] = note_from_row(&rows[r]);
	TRY(complete(ctx, root, notes, kept, list));
	*out = list;
	*n_out = kept;
	return OK;
}

static err page(struct ctx *ctx, struct listing *l, int limit, struct comment_page *out)
{
	TRY(gather(ctx, l, limit, SCAN_MOST, &out->more));
	out->next = l->at;
	return load(ctx, &l->root, l->kept, l->n, &out->at, &out->n);
}

err comments_page(struct ctx *ctx, note_id root, enum comment_order order,
	struct comment_cursor after, int limit, struct comment_page *out)
{
	struct listing l = {.kind = order == COMMENTS_NEWEST ? NEWEST : BEST, .at = after};
	TRY(notes_get(ctx, root, &l.root));
	return page(ctx, &l, limit, out);
}

err comments_answers_after(
	struct ctx *ctx, note_id parent_id, note_id after, int limit, struct comment_page *out)
{
	struct listing l = {.kind = ANSWERS, .parent = parent_id, .at = {.id = after}};
	struct note parent;
	TRY(notes_get(ctx, parent_id, &parent));
	if (!parent.root.v)
		return ERR_NOT_FOUND;
	TRY(notes_get(ctx, parent.root, &l.root));
	return page(ctx, &l, limit, out);
}

// Each thread on its own: a statement for all would read every answer of a long one.
err comments_answers(struct ctx *ctx, note_id root_id, const note_id *parents, ptrdiff_t n_parents,
	int each, struct comment **out, ptrdiff_t *n)
{
	struct note root;
	struct comment_spot *all = NEW_N(ctx->mem, struct comment_spot, n_parents * each);
	ptrdiff_t n_all = 0;
	bool more;
	TRY(notes_get(ctx, root_id, &root));
	for (ptrdiff_t i = 0; i < n_parents; i++) {
		struct listing l = {.kind = ANSWERS, .root = root, .parent = parents[i]};
		TRY(gather(ctx, &l, each, BEGINNING_MOST, &more));
		for (ptrdiff_t k = 0; k < l.n; k++)
			all[n_all++] = l.kept[k];
	}
	return load(ctx, &root, all, n_all, out, n);
}

err comment_get(struct ctx *ctx, note_id id, struct comment *out)
{
	struct note note, root;
	TRY(notes_get(ctx, id, &note));
	if (!note.root.v)
		return ERR_NOT_FOUND;
	TRY(notes_get(ctx, note.root, &root));
	return complete(ctx, &root, &note, 1, out);
}
