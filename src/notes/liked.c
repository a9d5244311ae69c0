// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which notes people like, in memory: a page of twenty cards asks it once for whoever looks. All likes
// of a person are kept as sorted ids, loaded when first asked and kept true by changes; whoever likes
// very much is asked of the database each time.
#include "notes/private.h"

#include "memo/memo.h"

#include <string.h>

#define LIKES_MOST 4000       // of one person
#define KEPT_MOST (512 << 10) // ids of all, 4 MB
#define ENTRY_WEIGHT 16       // what the entry of a person takes itself, in ids

struct likes_of {
	int64_t *notes; // rising
	ptrdiff_t n, cap;
	bool too_many; // to keep any: the database is asked each time
};

static void drop(void *value)
{
	struct likes_of *l = value;
	mem_free(l->notes);
	mem_free(l);
}

// Where the note stands, or would.
static ptrdiff_t place_of(const struct likes_of *l, int64_t note)
{
	ptrdiff_t low = 0, high = l->n;
	while (low < high) {
		ptrdiff_t mid = (low + high) / 2;
		if (l->notes[mid] < note)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool holds(const struct likes_of *l, int64_t note)
{
	ptrdiff_t at = place_of(l, note);
	return at < l->n && l->notes[at] == note;
}

static void insert(struct likes_of *l, int64_t note)
{
	ptrdiff_t at = place_of(l, note);
	if (at < l->n && l->notes[at] == note)
		return;
	if (l->n == l->cap) {
		ptrdiff_t more = l->cap + MAX(l->cap / 2, 8);
		l->notes = mem_resize(l->notes, l->cap, more, (ptrdiff_t)sizeof *l->notes);
		l->cap = more;
	}
	memmove(l->notes + at + 1, l->notes + at, (size_t)(l->n - at) * sizeof *l->notes);
	l->notes[at] = note;
	l->n++;
}

static void delete (struct likes_of *l, int64_t note)
{
	ptrdiff_t at = place_of(l, note);
	if (at == l->n || l->notes[at] != note)
		return;
	l->n--;
	memmove(l->notes + at, l->notes + at + 1, (size_t)(l->n - at) * sizeof *l->notes);
}

struct liking {
	int64_t note;
	bool on;
};

static int64_t follow(void *value, void *arg)
{
	struct likes_of *l = value;
	const struct liking *liking = arg;
	if (l->too_many)
		return ENTRY_WEIGHT;
	if (liking->on)
		insert(l, liking->note);
	else
		delete (l, liking->note);
	return l->n + ENTRY_WEIGHT;
}

// Whoever is heard to like a note late may have taken that back since.
static void on_liking(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	if (c->late)
		memo_end(arg, c->actor);
	else
		memo_edit(arg, c->actor, follow,
			&(struct liking){c->subject, c->kind == &note_liked});
}

void liked_start(struct ctx *ctx)
{
	struct notes *m = mem_new(1, (ptrdiff_t)sizeof *m);
	struct store *store = ctx->house->store;
	m->liked = memo_new(store, &(struct memo_spec){.most = KEPT_MOST, .drop = drop});
	if (store) {
		store_on(store, &note_liked, on_liking, m->liked);
		store_on(store, &note_unliked, on_liking, m->liked);
	}
	ctx->house->notes = m;
}

void liked_stop(struct ctx *ctx)
{
	memo_free(ctx->house->notes->liked);
	mem_free(ctx->house->notes);
	ctx->house->notes = NULL;
}

static bool from_memory(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out, bool *too_many,
	uint64_t *moment)
{
	struct memo *liked = ctx->house->notes->liked;
	*moment = memo_open(liked);
	const struct likes_of *l = memo_at(liked, memo_id(ctx->viewer.account));
	*too_many = l && l->too_many;
	for (ptrdiff_t i = 0; l && i < n; i++)
		out[i] = holds(l, ids[i].v);
	memo_close(liked);
	return l != NULL;
}

static struct likes_of *likes_new(const note_id *notes, ptrdiff_t n)
{
	struct likes_of *l = mem_new(1, (ptrdiff_t)sizeof *l);
	l->notes = mem_new(n, (ptrdiff_t)sizeof *l->notes);
	for (ptrdiff_t i = 0; i < n; i++)
		l->notes[i] = notes[i].v;
	l->n = l->cap = n;
	return l;
}

static err from_store(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out)
{
	note_id *liked;
	ptrdiff_t n_liked;
	TRY(likings_of(ctx, ctx->viewer.account, ids, n, &liked, &n_liked));
	for (ptrdiff_t l = 0; l < n_liked; l++)
		for (ptrdiff_t i = 0; i < n; i++)
			out[i] |= ids[i].v == liked[l].v;
	return OK;
}

err likes_among(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out)
{
	account_id me = ctx->viewer.account;
	note_id *all;
	ptrdiff_t n_all;
	uint64_t moment;
	bool too_many;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = false;
	if (!me.v || !n)
		return OK;
	// Within a transaction memory does not know yet what was just written.
	if (!ctx->house->notes || ctx->pending)
		return from_store(ctx, ids, n, out);
	if (from_memory(ctx, ids, n, out, &too_many, &moment))
		return too_many ? from_store(ctx, ids, n, out) : OK;
	TRY(likings_all(ctx, me, LIKES_MOST + 1, &all, &n_all));
	too_many = n_all > LIKES_MOST;
	struct likes_of *kept = likes_new(all, too_many ? 0 : n_all);
	kept->too_many = too_many;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = holds(kept, ids[i].v);
	memo_keep(ctx, ctx->house->notes->liked, memo_id(me), kept, kept->n + ENTRY_WEIGHT, moment,
		&me.v, 1);
	return too_many ? from_store(ctx, ids, n, out) : OK;
}
