// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Orders of explore: engagement with time decay over the newest notes and chosen older ones, computed by
// the feed's own thread. Those that somebody is paging through are kept, within a bound of memory and time, so that
// nothing moves under a reader.
#include "feed/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALIVE_MOST 60
#define ALIVE_FOR (14 * MS_DAY)
#define KEPT_BYTES (12 << 20)
#define KEPT_FOR (30 * MS_MINUTE)

// Four hours are as good as new.
double fact_score(const struct fact *fact, ms now)
{
	double engagement = 1 + (double)fact_love(fact->likes, fact->comments);
	double hours = (double)MAX(now - id_time(fact->id), 0) / (double)MS_HOUR;
	return engagement / pow(hours + 4, 1.3);
}

static int best_first(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

struct gathered {
	struct scored *at;
	ptrdiff_t n;
	uint32_t turn;
};

static struct gathered gather(struct feed *f, const struct timeline *line, ptrdiff_t most, ms now)
{
	struct walk w = walk_below(f, line, 0);
	ptrdiff_t cap = MIN(most, (ptrdiff_t)line->n_fresh + line->n_old);
	struct gathered g = {.at = mem_new(cap, (ptrdiff_t)sizeof *g.at)};
	g.turn = atomic_fetch_add(&f->turn, 1);
	while (g.n < cap && walk_peek(f, &w)) {
		uint32_t index = walk_take(&w);
		const struct fact *fact = &f->facts[index];
		if (world_shows(f, fact))
			g.at[g.n++] = (struct scored){fact_score(fact, now), fact->id, index};
	}
	return g;
}

static struct order sorted(struct gathered g)
{
	if (g.n)
		qsort(g.at, (size_t)g.n, sizeof *g.at, best_first);
	struct order order = {mem_new(g.n, (ptrdiff_t)sizeof *order.at), g.n, g.turn};
	for (ptrdiff_t i = 0; i < g.n; i++)
		order.at[i] = g.at[i].index;
	mem_free(g.at);
	return order;
}

struct order *order_line(struct feed *f, const struct timeline *line, ptrdiff_t most, ms now)
{
	struct order *order = mem_new(1, (ptrdiff_t)sizeof *order);
	*order = sorted(gather(f, line, most, now));
	return order;
}

static int most_used_first(const void *a, const void *b)
{
	const struct alive *x = a, *y = b;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return (x->topic > y->topic) - (x->topic < y->topic);
}

struct count {
	uint32_t notes, votes;
	uint8_t language; // most wanted so far (majority vote)
};

static void vote(struct count *c, uint8_t language)
{
	c->notes++;
	if (!c->votes)
		c->language = language;
	if (c->language == language)
		c->votes++;
	else
		c->votes--;
}

// How many of the newest notes each topic has in two weeks, and the language of most of them.
static struct count *count_topics(const struct feed *f, const struct gathered *g, ms now)
{
	struct count *counts = mem_new(f->topics.n, (ptrdiff_t)sizeof *counts);
	int64_t floor = id_floor(now - ALIVE_FOR);
	for (ptrdiff_t i = 0; i < g->n && g->at[i].id > floor; i++) {
		const struct fact *fact = &f->facts[g->at[i].index];
		uint32_t n = fact->topics ? f->pool.at[fact->topics] : 0;
		for (uint32_t k = 1; k <= n; k++)
			vote(&counts[f->pool.at[fact->topics + k]], fact->language);
	}
	return counts;
}

static void find_alive(struct snapshot *s, struct count *counts, ptrdiff_t n_topics)
{
	LIST(struct alive) all = {0};
	for (ptrdiff_t i = 0; i < n_topics; i++)
		if (counts[i].notes > 1)
			list_push(NULL, &all,
				(struct alive){(uint32_t)i, counts[i].notes, counts[i].language});
	mem_free(counts);
	if (all.n)
		qsort(all.at, (size_t)all.n, sizeof *all.at, most_used_first);
	s->n_alive = MIN(all.n, ALIVE_MOST);
	s->alive = mem_new(s->n_alive, (ptrdiff_t)sizeof *s->alive);
	for (ptrdiff_t i = 0; i < s->n_alive; i++)
		s->alive[i] = all.at[i];
	list_free(&all);
}

static void snapshot_free(struct snapshot *s)
{
	str key;
	void *value;
	if (!s)
		return;
	for (ptrdiff_t at = 0; strmap_next(&s->readings, &at, &key, &value);)
		reading_free(value);
	for (ptrdiff_t at = 0; strmap_next(&s->topics, &at, &key, &value);) {
		mem_free(((struct order *)value)->at);
		mem_free(value);
	}
	strmap_free(&s->readings);
	strmap_free(&s->topics);
	mem_free(s->all.at);
	mem_free(s->alive);
	mem_free(s);
}

// The newest goes in front; it takes the place of one that nobody goes on in.
static void push(struct feed *f, struct snapshot *s) REQUIRES_LOCK(f->snapshots_lock)
{
	struct snapshot **all = f->snapshots;
	if (all[0] && !all[0]->used) {
		snapshot_free(all[0]);
	} else {
		snapshot_free(all[SNAPSHOTS_MOST - 1]);
		memmove(all + 1, all, (SNAPSHOTS_MOST - 1) * sizeof *all);
	}
	all[0] = s;
	ptrdiff_t bytes = 0;
	for (int i = 0; i < SNAPSHOTS_MOST && all[i]; i++) {
		bytes += all[i]->bytes;
		if (i && (bytes > KEPT_BYTES || s->at - all[i]->at > KEPT_FOR)) {
			snapshot_free(all[i]);
			memmove(all + i, all + i + 1,
				(size_t)(SNAPSHOTS_MOST - 1 - i) * sizeof *all);
			all[SNAPSHOTS_MOST - 1] = NULL;
			i--;
		}
	}
}

// Below the newest, which may reach further down than when the older ones were chosen.
static struct gathered add_older(
	const struct feed *f, const struct order *older, struct gathered g, ms now)
{
	int64_t below = g.n ? g.at[g.n - 1].id : 0;
	struct gathered all = {mem_new(g.n + older->n, (ptrdiff_t)sizeof *all.at), g.n, g.turn};
	if (g.n)
		memcpy(all.at, g.at, (size_t)g.n * sizeof *all.at);
	mem_free(g.at);
	for (ptrdiff_t i = 0; i < older->n; i++) {
		const struct fact *fact = order_fact(f, older, older->at[i]);
		if (fact && fact->id < below)
			all.at[all.n++] =
				(struct scored){fact_score(fact, now), fact->id, older->at[i]};
	}
	return all;
}

void snapshot_make(struct feed *f)
{
	struct snapshot *s = mem_new(1, (ptrdiff_t)sizeof *s);
	s->at = clock_now();
	lock_take(&f->snapshots_lock);
	const struct order older = f->older; // nobody but this thread gives it up
	lock_release(&f->snapshots_lock);
	rwlock_read(&f->world);
	struct gathered newest = gather(f, &f->all, older.n ? NEWEST_MOST : ORDER_MOST, s->at);
	struct count *counts = count_topics(f, &newest, s->at);
	ptrdiff_t n_topics = f->topics.n;
	if (older.n)
		newest = add_older(f, &older, newest, s->at);
	rwlock_read_done(&f->world);
	s->all = sorted(newest);
	find_alive(s, counts, n_topics);
	s->bytes = (ptrdiff_t)sizeof *s + s->all.n * (ptrdiff_t)sizeof *s->all.at;
	lock_take(&f->snapshots_lock);
	s->epoch = atomic_load(&f->epoch) + 1;
	push(f, s);
	atomic_store(&f->epoch, s->epoch);
	lock_release(&f->snapshots_lock);
}

void snapshots_drop(struct feed *f)
{
	lock_take(&f->snapshots_lock);
	for (int i = 0; i < SNAPSHOTS_MOST; i++) {
		snapshot_free(f->snapshots[i]);
		f->snapshots[i] = NULL;
	}
	mem_free(f->older.at);
	f->older = (struct order){0};
	lock_release(&f->snapshots_lock);
}

struct snapshot *snapshot_of(struct feed *f, uint64_t epoch)
{
	for (int i = 0; i < SNAPSHOTS_MOST && f->snapshots[i]; i++)
		if (f->snapshots[i]->epoch == epoch)
			return f->snapshots[i];
	return f->snapshots[0]; // too old: go on in the present order, doubles are possible
}
