// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pages of the past, read from the database newest first. What is known already is compared with them.
#include "feed/private.h"

#include <stdlib.h>

static err read_topics(struct ctx *ctx, struct page *p)
{
	note_id *ids = NEW_N(ctx->mem, note_id, p->n);
	for (ptrdiff_t i = 0; i < p->n; i++)
		ids[i] = p->facts[i].id;
	return notes_topics(ctx, ids, p->n, &p->topics, &p->n_topics);
}

static err read_page(struct ctx *ctx, struct page *p, int limit)
{
	TRY(notes_facts(ctx, p->below, limit, &p->facts, &p->n));
	p->last = p->n < limit;
	return read_topics(ctx, p);
}

static int newest_first(const void *a, const void *b)
{
	const struct note_fact *x = a, *y = b;
	return (x->id.v < y->id.v) - (x->id.v > y->id.v);
}

err page_of(struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct page *p)
{
	*p = (struct page){0};
	TRY(notes_facts_of(ctx, ids, n, &p->facts, &p->n));
	if (p->n)
		qsort(p->facts, (size_t)p->n, sizeof *p->facts, newest_first);
	return read_topics(ctx, p);
}

bool was_touched(const struct feed *f, int64_t id)
{
	uint64_t ignored;
	return map_get(&f->touched, (uint64_t)id, &ignored);
}

// Whatever of this stretch of time is known and not in the database went unheard.
static void sweep(struct ctx *ctx, struct feed *f, const struct page *p)
{
	LIST(note_id) gone = {0};
	struct walk w = walk_below(f, &f->all, p->below.v);
	int64_t lowest = p->last ? 1 : p->facts[p->n - 1].id.v;
	ptrdiff_t i = 0;
	while (walk_peek(f, &w) >= lowest) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		while (i < p->n && p->facts[i].id.v > fact->id)
			i++;
		bool there = i < p->n && p->facts[i].id.v == fact->id;
		if (!there && !fact->kind && !(fact->flags & FACT_GONE) &&
			!was_touched(f, fact->id))
			list_push(ctx->mem, &gone, (note_id){fact->id});
	}
	list_each (id, &gone)
		world_remove(f, *id);
}

void put_page(struct feed *f, const struct page *p)
{
	ptrdiff_t from = p->n_topics; // they come rising, the notes falling
	for (ptrdiff_t i = 0; i < p->n; i++) {
		ptrdiff_t to = from;
		while (from > 0 && p->topics[from - 1].note.v == p->facts[i].id.v)
			from--;
		if (!was_touched(f, p->facts[i].id.v) && world_admits(f, &p->facts[i]))
			world_topics(f, world_put(f, &p->facts[i]), p->topics + from, to - from);
	}
}

// One page of the past. What changes while it is read is left to the change, which is newer.
err load_page(struct ctx *ctx, struct feed *f, note_id *below, int limit, bool *more)
{
	struct page p = {.below = *below};
	rwlock_write(&f->world);
	map_free(&f->touched);
	rwlock_write_done(&f->world);
	TRY(read_page(ctx, &p, limit));
	rwlock_write(&f->world);
	sweep(ctx, f, &p);
	put_page(f, &p);
	if (p.n)
		*below = p.facts[p.n - 1].id;
	f->reached = MIN(f->reached, p.last ? 0 : below->v);
	rwlock_write_done(&f->world);
	world_shed(f);
	*more = !p.last;
	return OK;
}
