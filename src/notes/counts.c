// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Public numbers that change with others or by more than one: sums by id, written in the order of locks; and
// how many comments a viewer sees.
#include "notes/private.h"

#include "store/store.h"

#include <stdlib.h>

#define NARROWER_MOST 500 // comments that not everyone sees and that are looked at

void tally_add(struct ctx *ctx, struct tally *t, int64_t id, int64_t by)
{
	if (by)
		list_push(ctx->mem, &t->sums, (struct sum){id, by});
}

static int by_id(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

void tally_merge(struct tally *t)
{
	struct sum *sums = t->sums.at;
	ptrdiff_t kept = 0;
	if (t->sums.n)
		qsort(sums, (size_t)t->sums.n, sizeof *sums, by_id);
	for (ptrdiff_t i = 0; i < t->sums.n; i++) {
		if (kept && sums[kept - 1].id == sums[i].id)
			sums[kept - 1].by += sums[i].by;
		else
			sums[kept++] = sums[i];
	}
	t->sums.n = kept;
}

static err write_comments(struct ctx *ctx, struct tally *t)
{
	tally_merge(t);
	list_each (s, &t->sums)
		if (s->by)
			TRY(comments_count(ctx, (note_id){s->id}, s->by));
	return OK;
}

static err lock_accounts(struct ctx *ctx, struct ledger *l)
{
	ptrdiff_t most = l->notes.sums.n + l->liked.sums.n, n = 0;
	int64_t *ids = NEW_N(ctx->mem, int64_t, most), *held;
	list_each (s, &l->notes.sums)
		ids[n++] = s->id;
	list_each (s, &l->liked.sums)
		ids[n++] = s->id;
	return n > 1 ? accounts_lock_numbers(ctx, ids, n, &held, &n) : OK;
}

static err write_accounts(struct ctx *ctx, struct ledger *l)
{
	tally_merge(&l->notes);
	tally_merge(&l->liked);
	TRY(lock_accounts(ctx, l));
	list_each (s, &l->notes.sums)
		if (s->by)
			TRY(author_notes_count(ctx, (account_id){s->id}, s->by));
	list_each (s, &l->liked.sums) {
		if (!s->by)
			continue;
		TRY(author_liked_count(ctx, (account_id){s->id}, s->by));
		change_add(ctx, &account_counted, s->id, 0, 0);
	}
	return OK;
}

err ledger_write(struct ctx *ctx, struct ledger *l)
{
	TRY(write_comments(ctx, &l->comments));
	TRY(topics_move(ctx, l->topics.at, l->topics.n));
	return write_accounts(ctx, l);
}

// An answer is read where what it answers is.
static bool is_reached(const struct note *notes, const bool *shown, ptrdiff_t n, ptrdiff_t i)
{
	if (!notes[i].parent.v)
		return true;
	for (ptrdiff_t k = 0; k < n; k++)
		if (notes[k].id.v == notes[i].parent.v)
			return shown[k];
	return true; // what it answers is for everyone
}

err comments_number(struct ctx *ctx, const struct note *root, struct comment_count *out)
{
	struct note_sight *rows;
	ptrdiff_t n;
	// Of a note that was just narrowed some comments may still be in the number.
	*out = (struct comment_count){.n = is_open(root->visibility) ? root->comments : 0};
	if (!ctx->viewer.account.v)
		return OK;
	TRY(comments_uncounted(ctx, root->id, NARROWER_MOST, &rows, &n));
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	bool *shown = NEW_N(ctx->mem, bool, n);
	out->narrower = NEW_N(ctx->mem, note_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		notes[i] = note_from_sight(&rows[i]);
	TRY(see_below(ctx, root, notes, n, shown));
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!shown[i] || !is_reached(notes, shown, n, i))
			continue;
		out->n++;
		if (notes[i].parent.v)
			out->narrower[out->n_narrower++] = notes[i].parent;
	}
	return OK;
}
