// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Timelines: places of entries in the order of their moments. Adding at either end and walking from
// anywhere cost a logarithm. The caller holds the world's lock.
#include "feed/private.h"

#include <string.h>

static int64_t id_at(const struct feed *f, uint32_t index)
{
	return f->facts[index].id;
}

static uint32_t grown(uint32_t cap)
{
	return cap + MAX(cap / 4, 4U);
}

static void insert(uint32_t **at, uint32_t *n, uint32_t *cap, int64_t place, uint32_t index)
{
	if (*n == *cap) {
		uint32_t more = grown(*cap);
		*at = mem_resize(*at, *cap, more, (ptrdiff_t)sizeof **at);
		*cap = more;
	}
	memmove(*at + place + 1, *at + place, (size_t)(*n - place) * sizeof **at);
	(*at)[place] = index;
	++*n;
}

static void erase(uint32_t *at, uint32_t *n, int64_t place)
{
	memmove(at + place, at + place + 1, (size_t)(*n - place - 1) * sizeof *at);
	--*n;
}

// First position in falling `old` whose id is below `before`.
static int64_t first_below(const struct feed *f, const struct timeline *t, int64_t before)
{
	int64_t low = 0, high = t->n_old;
	while (low < high) {
		int64_t mid = (low + high) / 2;
		if (id_at(f, t->old[mid]) < before)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

// Last position in rising `fresh` whose id is below `before`; -1 when there is none.
static int64_t last_below(const struct feed *f, const struct timeline *t, int64_t before)
{
	int64_t low = 0, high = t->n_fresh;
	while (low < high) {
		int64_t mid = (low + high) / 2;
		if (id_at(f, t->fresh[mid]) < before)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

static bool belongs_to_fresh(const struct feed *f, const struct timeline *t, int64_t id)
{
	if (t->n_fresh && id > id_at(f, t->fresh[0]))
		return true;
	if (t->n_old && id < id_at(f, t->old[0]))
		return false;
	// Between the two: where less has to move.
	return t->n_old && t->n_fresh < t->n_old;
}

// Nearly always at the end of one of the two arrays, which costs one look there.
void line_add(const struct feed *f, struct timeline *t, uint32_t index)
{
	int64_t id = id_at(f, index);
	if (t->n_old && id < id_at(f, t->old[t->n_old - 1]))
		insert(&t->old, &t->n_old, &t->cap_old, t->n_old, index);
	else if (t->n_fresh && id > id_at(f, t->fresh[t->n_fresh - 1]))
		insert(&t->fresh, &t->n_fresh, &t->cap_fresh, t->n_fresh, index);
	else if (belongs_to_fresh(f, t, id))
		insert(&t->fresh, &t->n_fresh, &t->cap_fresh, last_below(f, t, id) + 1, index);
	else
		insert(&t->old, &t->n_old, &t->cap_old, first_below(f, t, id), index);
}

void line_free(struct timeline *t)
{
	mem_free(t->fresh);
	mem_free(t->old);
	*t = (struct timeline){0};
}

void line_remove(const struct feed *f, struct timeline *t, uint32_t index)
{
	int64_t fresh = last_below(f, t, id_at(f, index)) + 1;
	int64_t old = first_below(f, t, id_at(f, index)) - 1;
	if (fresh < t->n_fresh && t->fresh[fresh] == index)
		erase(t->fresh, &t->n_fresh, fresh);
	else if (old >= 0 && t->old[old] == index)
		erase(t->old, &t->n_old, old);
	if (!t->n_fresh && !t->n_old)
		line_free(t);
}

struct walk walk_below(const struct feed *f, const struct timeline *t, int64_t before)
{
	if (!before)
		return (struct walk){t, (int64_t)t->n_fresh - 1, 0};
	return (struct walk){t, last_below(f, t, before), first_below(f, t, before)};
}

int64_t walk_peek(const struct feed *f, const struct walk *w)
{
	if (w->fresh >= 0)
		return id_at(f, w->line->fresh[w->fresh]);
	return w->old < (int64_t)w->line->n_old ? id_at(f, w->line->old[w->old]) : 0;
}

uint32_t walk_take(struct walk *w)
{
	return w->fresh >= 0 ? w->line->fresh[w->fresh--] : w->line->old[w->old++];
}
