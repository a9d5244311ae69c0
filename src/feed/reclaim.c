// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Memory of what is gone is used again. Notes leave the timelines of their author and topics at once,
// that of everybody, which is long, together with many others.
#include "feed/private.h"

#include <string.h>

#define GONE_LEAST 1024   // so many are worth a walk over all
#define GONE_SHARE 64     // and so large a part
#define EMPTIED_LEAST 256 // topics

uint32_t fact_place(struct feed *f)
{
	if (f->free.n)
		return f->free.at[--f->free.n];
	if (f->n_facts == f->cap_facts) {
		ptrdiff_t more = f->cap_facts + MAX(f->cap_facts / 4, 4);
		f->facts = mem_resize(f->facts, f->cap_facts, more, (ptrdiff_t)sizeof *f->facts);
		f->cap_facts = more;
	}
	return (uint32_t)f->n_facts++;
}

uint32_t pool_place(struct feed *f, ptrdiff_t n)
{
	uint32_t place = f->pool_free[n];
	must(n > 0 && n <= NOTE_TOPICS_MOST);
	if (place) {
		f->pool_free[n] = f->pool.at[place + 1];
		return place;
	}
	if (!f->pool.n)
		list_push(NULL, &f->pool, 0); // place 0 means none
	place = (uint32_t)f->pool.n;
	list_push(NULL, &f->pool, (uint32_t)n);
	for (ptrdiff_t i = 0; i < n; i++)
		list_push(NULL, &f->pool, 0);
	return place;
}

void pool_give(struct feed *f, uint32_t place)
{
	uint32_t n = f->pool.at[place];
	f->pool.at[place + 1] = f->pool_free[n];
	f->pool_free[n] = place;
}

static void squeeze(const struct feed *f, uint32_t *at, uint32_t *n)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < *n; i++)
		if (!(f->facts[at[i]].flags & FACT_GONE))
			at[kept++] = at[i];
	*n = kept;
}

// A place may be named twice: what was gone may have come back and gone again.
static void free_gone(struct feed *f)
{
	squeeze(f, f->all.fresh, &f->all.n_fresh);
	squeeze(f, f->all.old, &f->all.n_old);
	list_each (index, &f->gone) {
		struct fact *fact = &f->facts[*index];
		if ((fact->flags & (FACT_GONE | FACT_FREE)) != FACT_GONE)
			continue;
		fact->flags |= FACT_FREE;
		list_push(NULL, &f->free, *index);
	}
	f->gone.n = 0;
}

static void free_emptied(struct feed *f)
{
	for (ptrdiff_t i = 0; i < f->topics.n; i++) {
		struct topic_line *t = &f->topics.at[i];
		if (!t->name.n || t->notes.n_fresh || t->notes.n_old)
			continue;
		strmap_del(&f->by_topic, t->name);
		str_drop(t->name);
		str_drop(t->shown);
		*t = (struct topic_line){0};
		list_push(NULL, &f->free_topics, (uint32_t)i);
	}
	f->emptied = 0;
}

void world_tidy(struct feed *f, bool all)
{
	rwlock_write(&f->world);
	if (all || f->gone.n > MAX(GONE_LEAST, f->n_facts / GONE_SHARE))
		free_gone(f);
	if (!f->reloading && (all || f->emptied > MAX(EMPTIED_LEAST, f->topics.n / 8)))
		free_emptied(f);
	rwlock_write_done(&f->world);
}
