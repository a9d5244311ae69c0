// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stays in memory when there is no room for all: of every four notes the three newest, and one that is
// older and most loved. From a moment on, the cut, everything is here; below it only what is loved so much.
#include "feed/private.h"

#include <stdlib.h>

#define NOTES_LEAST 100 // stay, whatever the rest takes
#define AT_ONCE 4096
#define SLOT 24         // bytes of a map's slot
#define FOLLOWS_SHARE 8 // of the bound, for lists of whom somebody follows

// What grows is larger than what is in it, by an eighth on average.
static int64_t grown(int64_t bytes)
{
	return bytes + bytes / 8;
}

static ptrdiff_t n_live(const struct feed *f)
{
	return f->n_facts - f->free.n - MIN(f->gone.n, f->n_facts - f->free.n);
}

static int64_t bytes_of_notes(const struct feed *f)
{
	int64_t each = (int64_t)sizeof(struct fact) + 2 * (int64_t)sizeof(uint32_t);
	return grown(n_live(f) * each + f->n_noted * 3 * (int64_t)sizeof(uint32_t));
}

static int64_t bytes_of_rest(const struct feed *f)
{
	int64_t authors = f->authors.n * ((int64_t)sizeof(struct author) + 2 * SLOT);
	int64_t topics =
		(f->topics.n - f->free_topics.n) * ((int64_t)sizeof(struct topic_line) + 4 * SLOT);
	return grown(authors + topics + f->n_follows * (int64_t)sizeof(uint32_t));
}

int64_t world_bytes(const struct feed *f)
{
	return bytes_of_notes(f) + bytes_of_rest(f);
}

int64_t world_complete(const struct feed *f)
{
	int64_t from = MAX(f->cut, f->reached);
	for (int i = 1; i < f->n_kinds; i++)
		from = MAX(from, f->kinds[i].reached);
	return from;
}

// A comment says more than a like.
uint32_t fact_love(int64_t likes, int64_t comments)
{
	return (uint32_t)MIN(likes + 3 * comments, (int64_t)UINT32_MAX);
}

static bool is_loved(const struct feed *f, enum visibility visibility, uint32_t love)
{
	return visibility == VIS_PUBLIC && love >= f->loved_least;
}

bool world_admits(const struct feed *f, const struct note_fact *note)
{
	uint32_t index;
	return note->id.v >= f->cut || world_find(f, note->id, &index) ||
	       is_loved(f, note->visibility, fact_love(note->likes, note->comments));
}

static bool stays(const struct feed *f, const struct fact *fact)
{
	return fact->id >= f->cut ||
	       (!fact->kind && is_loved(f, (enum visibility)fact->visibility,
				       fact_love(fact->likes, fact->comments)));
}

static int most_first(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x < *y) - (*x > *y);
}

struct plan {
	int64_t cut;
	uint32_t loved_least;
};

// A sixteenth more goes than must, so that this is seldom done.
static ptrdiff_t notes_wanted(const struct feed *f)
{
	int64_t room = f->bound - f->bound / 16 - bytes_of_rest(f);
	int64_t each = MAX(bytes_of_notes(f) / MAX(n_live(f), 1), 1);
	return (ptrdiff_t)MAX(room / each, NOTES_LEAST);
}

// Of what is older than the cut so many stay as have more love than the first that goes.
static uint32_t love_that_stays(const struct feed *f, struct walk w, ptrdiff_t most)
{
	LIST(uint32_t) loves = {0};
	while (walk_peek(f, &w)) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		uint32_t love = fact_love(fact->likes, fact->comments);
		if (!fact->kind && !(fact->flags & FACT_GONE) && love &&
			fact->visibility == VIS_PUBLIC)
			list_push(NULL, &loves, love);
	}
	if (loves.n)
		qsort(loves.at, (size_t)loves.n, sizeof *loves.at, most_first);
	uint32_t least = loves.n > most ? loves.at[most] + 1 : 1;
	list_free(&loves);
	return MAX(least, f->loved_least);
}

static struct plan make_plan(const struct feed *f)
{
	ptrdiff_t wanted = notes_wanted(f), newest = wanted - wanted / 4;
	struct walk w = walk_below(f, &f->all, 0);
	struct plan plan = {f->cut, f->loved_least};
	for (ptrdiff_t n = 0; n < newest && walk_peek(f, &w);) {
		plan.cut = MAX(f->cut, walk_peek(f, &w));
		n += !(f->facts[walk_take(&w)].flags & FACT_GONE);
	}
	plan.loved_least = love_that_stays(f, walk_below(f, &f->all, plan.cut), wanted / 4);
	return plan;
}

// A stretch of what is below the cut, from `before` on downwards; where the next one begins, 0: none.
static int64_t shed_some(struct feed *f, int64_t before)
{
	struct walk w = walk_below(f, &f->all, before);
	int64_t last = 0;
	for (int i = 0; i < AT_ONCE && walk_peek(f, &w); i++) {
		uint32_t index = walk_take(&w);
		last = f->facts[index].id;
		if (f->facts[index].flags & FACT_GONE || stays(f, &f->facts[index]))
			continue;
		if (f->facts[index].kind)
			entry_remove(f, last);
		else
			world_take_out(f, index);
	}
	return last;
}

static bool is_too_much(struct feed *f, struct plan *plan)
{
	rwlock_read(&f->world);
	bool much = f->bound && world_bytes(f) > f->bound && n_live(f) > NOTES_LEAST;
	bool lists =
		f->bound && f->n_follows * (int64_t)sizeof(uint32_t) > f->bound / FOLLOWS_SHARE;
	if (much)
		*plan = make_plan(f);
	rwlock_read_done(&f->world);
	if (lists) {
		rwlock_write(&f->world);
		follows_give(f);
		rwlock_write_done(&f->world);
	}
	return much;
}

void world_shed(struct feed *f)
{
	struct plan plan;
	if (!is_too_much(f, &plan))
		return;
	int64_t before = plan.cut;
	while (before) {
		rwlock_write(&f->world);
		f->cut = plan.cut;
		f->loved_least = plan.loved_least;
		before = shed_some(f, before);
		rwlock_write_done(&f->world);
	}
	world_tidy(f, true);
}
