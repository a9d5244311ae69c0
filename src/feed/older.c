// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What explore considers beside the newest notes, in a community that has more than an order holds: of
// all that are older and in memory the best by score, the most loved of all time, and a sample, another
// one each day. Chosen by the feed's thread every few minutes, in pieces, so that nobody waits for it.
#include "feed/private.h"

#include <stdlib.h>

#define BEST_MOST 6000
#define LOVED_MOST 1000
#define SAMPLE_MOST 1000
#define AT_ONCE 4096
#define EVERY (5 * MS_MINUTE)

// The best that were offered, the worst of them on top of a heap.
struct best {
	struct scored *at;
	ptrdiff_t n, most;
};

static bool is_worse(const struct scored *a, const struct scored *b)
{
	return a->score < b->score || (a->score == b->score && a->id < b->id);
}

static void sift_down(struct best *b, struct scored s)
{
	ptrdiff_t i = 0;
	for (ptrdiff_t child; (child = 2 * i + 1) < b->n; i = child) {
		if (child + 1 < b->n && is_worse(&b->at[child + 1], &b->at[child]))
			child++;
		if (!is_worse(&b->at[child], &s))
			break;
		b->at[i] = b->at[child];
	}
	b->at[i] = s;
}

static void offer(struct best *b, struct scored s)
{
	if (b->n == b->most) {
		if (is_worse(&b->at[0], &s))
			sift_down(b, s);
		return;
	}
	ptrdiff_t i = b->n++;
	for (; i && is_worse(&s, &b->at[(i - 1) / 2]); i = (i - 1) / 2)
		b->at[i] = b->at[(i - 1) / 2];
	b->at[i] = s;
}

// By chance, but the same within a day.
static double lot(int64_t id, ms now)
{
	uint64_t x = (uint64_t)id ^ (uint64_t)(now / MS_DAY) * 0x9e3779b97f4a7c15U;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
	x = (x ^ x >> 27) * 0x94d049bb133111ebU;
	return (double)(x >> 11);
}

struct choice {
	struct best best, loved, sample;
	ms now;
	int64_t before; // what comes next is older
	uint32_t turn;
};

static void weigh(const struct feed *f, struct choice *c, uint32_t index)
{
	const struct fact *fact = &f->facts[index];
	struct scored s = {fact_score(fact, c->now), fact->id, index};
	if (!world_shows(f, fact))
		return;
	offer(&c->best, s);
	s.score = fact_love(fact->likes, fact->comments);
	if (s.score > 0)
		offer(&c->loved, s);
	s.score = lot(fact->id, c->now);
	offer(&c->sample, s);
}

// Nearly all of the newest that an order holds are passed over: an eighth of them may leave it before older
// notes are chosen again.
static void pass_newest(struct feed *f, struct choice *c)
{
	rwlock_read(&f->world);
	struct walk w = walk_below(f, &f->all, 0);
	for (int n = 0; n < NEWEST_MOST - NEWEST_MOST / 8 && walk_peek(f, &w);) {
		c->before = walk_peek(f, &w);
		n += world_shows(f, &f->facts[walk_take(&w)]);
	}
	rwlock_read_done(&f->world);
}

static bool weigh_some(struct feed *f, struct choice *c)
{
	rwlock_read(&f->world);
	struct walk w = walk_below(f, &f->all, c->before);
	for (int i = 0; i < AT_ONCE && walk_peek(f, &w); i++) {
		c->before = walk_peek(f, &w);
		weigh(f, c, walk_take(&w));
	}
	bool more = walk_peek(f, &w) != 0;
	rwlock_read_done(&f->world);
	return more;
}

static int by_index(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

// All three as one, each note once.
static struct order join(const struct choice *c)
{
	const struct best *parts[] = {&c->best, &c->loved, &c->sample};
	struct order all = {.turn = c->turn};
	ptrdiff_t n = 0;
	all.at = mem_new(c->best.n + c->loved.n + c->sample.n, (ptrdiff_t)sizeof *all.at);
	for (int p = 0; p < COUNT(parts); p++)
		for (ptrdiff_t i = 0; i < parts[p]->n; i++)
			all.at[n++] = parts[p]->at[i].index;
	if (n)
		qsort(all.at, (size_t)n, sizeof *all.at, by_index);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!all.n || all.at[all.n - 1] != all.at[i])
			all.at[all.n++] = all.at[i];
	return all;
}

static struct best best_of(ptrdiff_t most)
{
	return (struct best){.at = mem_new(most, (ptrdiff_t)sizeof(struct scored)), .most = most};
}

static ptrdiff_t n_known(struct feed *f)
{
	rwlock_read(&f->world);
	ptrdiff_t n = (ptrdiff_t)f->all.n_fresh + f->all.n_old;
	rwlock_read_done(&f->world);
	return n;
}

void older_choose(struct feed *f)
{
	struct order chosen = {0};
	if (n_known(f) > ORDER_MOST) {
		struct choice c = {.best = best_of(BEST_MOST),
			.loved = best_of(LOVED_MOST),
			.sample = best_of(SAMPLE_MOST),
			.now = clock_now(),
			.turn = atomic_fetch_add(&f->turn, 1)};
		pass_newest(f, &c);
		while (weigh_some(f, &c))
			;
		chosen = join(&c);
		mem_free(c.best.at);
		mem_free(c.loved.at);
		mem_free(c.sample.at);
	}
	lock_take(&f->snapshots_lock);
	mem_free(f->older.at);
	f->older = chosen;
	lock_release(&f->snapshots_lock);
	atomic_store(&f->chosen_at, clock_steady());
}

bool older_is_due(struct feed *f)
{
	ms at = atomic_load(&f->chosen_at);
	return !at || clock_steady() - at >= EVERY;
}
