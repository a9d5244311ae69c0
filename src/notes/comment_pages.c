// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading comments page by page. A list is walked in the order of its index, so that the last page
// costs what the first does: what everyone may see in one walk and, for who is signed in, what fewer
// may see in another. Who may see what is judged by see.c alone, before rows are counted.
#include "notes/private.h"

#include "base/scan.h"

#include <stdlib.h>

#define BEGINNING_MOST 200 // answers for fewer read of a thread that is shown in short

struct listing {
	struct note root;
	enum { BEST, NEWEST, ANSWERS } kind;
	note_id parent;                 // of answers
	struct comment_cursor from;     // the list goes on behind
	LIST(struct comment_spot) kept; // for the viewer
	struct comment_spot last;       // what comes behind is on no page yet; id 0: not known
};

// A walk through the comments that everyone may see, or through the others.
struct walk {
	bool narrow;
	ptrdiff_t most;           // rows for one page
	struct comment_cursor at; // the last row that was read
};

// First the rest of those that are as good as the last one, then those below.
static err read_best(struct ctx *ctx, const struct listing *l, const struct walk *w, ptrdiff_t most,
	struct comment_spot **out, ptrdiff_t *n)
{
	struct comment_spot *below, *rows = NULL;
	ptrdiff_t n_below;
	int64_t rank = INT64_MAX;
	*n = 0;
	if (w->at.id.v) {
		rank = w->at.rank;
		TRY((w->narrow ? comments_alike_narrow : comments_alike)(
			ctx, l->root.id, rank, w->at.id, most, &rows, n));
	}
	if (*n == most) {
		*out = rows;
		return OK;
	}
	TRY((w->narrow ? comments_below_narrow : comments_below)(
		ctx, l->root.id, rank, most - *n, &below, &n_below));
	struct comment_spot *all = NEW_N(ctx->mem, struct comment_spot, *n + n_below);
	for (ptrdiff_t i = 0; i < *n; i++)
		all[i] = rows[i];
	for (ptrdiff_t i = 0; i < n_below; i++)
		all[*n + i] = below[i];
	*out = all;
	*n += n_below;
	return OK;
}

static err read_some(struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most,
	struct comment_spot **rows, ptrdiff_t *n)
{
	note_id before = {w->at.id.v ? w->at.id.v : INT64_MAX};
	if (l->kind == BEST)
		TRY(read_best(ctx, l, w, most, rows, n));
	else if (l->kind == NEWEST)
		TRY((w->narrow ? comments_newest_narrow : comments_newest)(
			ctx, l->root.id, before, most, rows, n));
	else
		TRY((w->narrow ? answers_after_narrow : answers_after)(
			ctx, l->root.id, l->parent, w->at.id, most, rows, n));
	if (*n)
		w->at = (struct comment_cursor){(*rows)[*n - 1].rank, (*rows)[*n - 1].id};
	return OK;
}

static int best_first(const void *a, const void *b)
{
	const struct comment_spot *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static int newest_first(const void *a, const void *b)
{
	const struct comment_spot *x = a, *y = b;
	return (x->id.v < y->id.v) - (x->id.v > y->id.v);
}

static int oldest_first(const void *a, const void *b)
{
	return newest_first(b, a);
}

typedef int (*order_fn)(const void *, const void *);

static order_fn order_of(const struct listing *l)
{
	return l->kind == BEST ? best_first : l->kind == NEWEST ? newest_first : oldest_first;
}

// The page is full with what comes before.
static bool has_passed(const struct listing *l, const struct walk *w)
{
	const struct comment_spot at = {.rank = w->at.rank, .id = w->at.id};
	return l->last.id.v && at.id.v && order_of(l)(&l->last, &at) < 0;
}

static err see_spots(struct ctx *ctx, const struct listing *l, const struct comment_spot *rows,
	ptrdiff_t n, bool *shown)
{
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	for (ptrdiff_t i = 0; i < n; i++)
		notes[i] = (struct note){.id = rows[i].id,
			.account = rows[i].account,
			.answers = rows[i].answers,
			.visibility = (enum visibility)rows[i].visibility};
	return see_below(ctx, &l->root, notes, n, shown);
}

// As much of one walk as a page of that length may need.
static err gather(struct ctx *ctx, struct listing *l, struct walk w, int limit)
{
	struct scan scan = scan_begin(limit, w.most);
	ptrdiff_t kept = 0, n;
	w.at = l->from;
	while (scan_goes_on(&scan, kept) && !has_passed(l, &w)) {
		struct comment_spot *rows;
		TRY(read_some(ctx, l, &w, scan.next, &rows, &n));
		scan_read(&scan, n);
		bool *shown = NEW_N(ctx->mem, bool, n);
		TRY(see_spots(ctx, l, rows, n, shown));
		for (ptrdiff_t i = 0; i < n; i++) {
			if (!shown[i])
				continue;
			list_push(ctx->mem, &l->kept, rows[i]);
			if (++kept == limit + 1 && !l->last.id.v)
				l->last = rows[i];
		}
	}
	return OK;
}

static void sort(struct listing *l)
{
	if (l->kept.n)
		qsort(l->kept.at, (size_t)l->kept.n, sizeof *l->kept.at, order_of(l));
}

// In the order of the list; what was deleted since it was read is left out.
static err load(struct ctx *ctx, const struct comment_spot *spots, ptrdiff_t n, struct note **out,
	ptrdiff_t *n_out)
{
	struct note_row *rows;
	ptrdiff_t n_rows, kept = 0;
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = spots[i].id;
	TRY(notes_get_many(ctx, ids, n, &rows, &n_rows));
	for (ptrdiff_t i = 0; i < n; i++)
		for (ptrdiff_t r = 0; r < n_rows; r++)
			if (rows[r].id.v == ids[i].v)
				notes[kept++] = note_from_row(&rows[r]);
	*out = notes;
	*n_out = kept;
	return OK;
}

static err page(struct ctx *ctx, struct listing *l, int limit, struct comment_page *out)
{
	TRY(gather(ctx, l, (struct walk){.most = SCAN_OPEN}, limit));
	if (ctx->viewer.account.v) {
		TRY(gather(ctx, l, (struct walk){.narrow = true, .most = SCAN_NARROW}, limit));
		sort(l);
	}
	ptrdiff_t n = MIN(l->kept.n, limit);
	out->more = l->kept.n > limit;
	out->next = (struct comment_cursor){0};
	if (n)
		out->next = (struct comment_cursor){l->kept.at[n - 1].rank, l->kept.at[n - 1].id};
	return load(ctx, l->kept.at, n, &out->at, &out->n);
}

err comments_under(struct ctx *ctx, const struct note *root, enum comment_order order,
	struct comment_cursor after, int limit, struct comment_page *out)
{
	struct listing l = {
		.root = *root, .kind = order == COMMENTS_NEWEST ? NEWEST : BEST, .from = after};
	return page(ctx, &l, limit, out);
}

err comments_page(struct ctx *ctx, note_id root_id, enum comment_order order,
	struct comment_cursor after, int limit, struct comment_page *out)
{
	struct note root;
	TRY(notes_get(ctx, root_id, &root));
	return comments_under(ctx, &root, order, after, limit, out);
}

err comments_answers_after(
	struct ctx *ctx, note_id parent_id, note_id after, int limit, struct comment_page *out)
{
	struct listing l = {.kind = ANSWERS, .parent = parent_id, .from = {.id = after}};
	struct note parent;
	TRY(notes_get(ctx, parent_id, &parent));
	if (!parent.root.v)
		return ERR_NOT_FOUND;
	TRY(notes_get(ctx, parent.root, &l.root));
	return page(ctx, &l, limit, out);
}

static bool is_among(const note_id *ids, ptrdiff_t n, note_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (ids[i].v == id.v)
			return true;
	return false;
}

// Each thread on its own: a statement for all would read every answer of a long one.
err comments_answers(struct ctx *ctx, const struct note *root, const note_id *parents,
	ptrdiff_t n_parents, int each, struct note **out, ptrdiff_t *n)
{
	struct comment_spot *all = NEW_N(ctx->mem, struct comment_spot, n_parents * each);
	note_id *narrow = NULL;
	ptrdiff_t n_all = 0, n_narrow = 0;
	if (ctx->viewer.account.v)
		TRY(threads_narrow(ctx, root->id, parents, n_parents, &narrow, &n_narrow));
	for (ptrdiff_t i = 0; i < n_parents; i++) {
		struct listing l = {.kind = ANSWERS, .root = *root, .parent = parents[i]};
		TRY(gather(ctx, &l, (struct walk){.most = SCAN_OPEN}, each));
		if (is_among(narrow, n_narrow, parents[i])) {
			TRY(gather(ctx, &l, (struct walk){.narrow = true, .most = BEGINNING_MOST},
				each));
			sort(&l);
		}
		for (ptrdiff_t k = 0; k < MIN(l.kept.n, each); k++)
			all[n_all++] = l.kept.at[k];
	}
	return load(ctx, all, n_all, out, n);
}

err comment_get(struct ctx *ctx, note_id id, struct note *out, struct note *root)
{
	TRY(notes_get(ctx, id, out));
	return out->root.v ? notes_get(ctx, out->root, root) : ERR_NOT_FOUND;
}
