// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stays in memory when there is no room for all: of every four notes the three newest, and one that is
// older and most loved. From a moment on, the cut, everything is here; below it only what is loved so much.
#include "feed/private.h"

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

// Of other kinds, beside what is counted as of notes: the lists of those about one note, whose
// arrays begin with room for a few, and where these are found.
static int64_t bytes_of_entries(const struct feed *f)
{
	int64_t line = 2 * SLOT + (int64_t)sizeof(struct timeline) + 4 * (int64_t)sizeof(uint32_t);
	return f->by_note.n * line + grown(f->n_entries * (int64_t)sizeof(uint32_t));
}

static int64_t bytes_of_notes(const struct feed *f)
{
	int64_t each = (int64_t)sizeof(struct fact) + 2 * (int64_t)sizeof(uint32_t);
	return grown(n_live(f) * each + f->n_noted * 3 * (int64_t)sizeof(uint32_t)) +
	       bytes_of_entries(f);
}

static int64_t bytes_of_rest(const struct feed *f)
{
	int64_t authors = f->authors.n * ((int64_t)sizeof(struct author) + 2 * SLOT);
	int64_t topics =
		(f->topics.n - f->free_topics.n) * ((int64_t)sizeof(struct topic_line) + 4 * SLOT);
	return grown(authors + topics) + f->follows_bytes;
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

// Love up to here is told apart; above it so many steps to each doubling.
#define LOVE_EXACT 1024U
#define LOVE_EXACT_BITS 10
#define LOVE_STEP_BITS 6
#define LOVES ((int)(LOVE_EXACT + ((32 - LOVE_EXACT_BITS) << LOVE_STEP_BITS)))

static int love_class(uint32_t love)
{
	if (love < LOVE_EXACT)
		return (int)love;
	int bits = 31 - __builtin_clz(love);
	uint32_t step = (love >> (bits - LOVE_STEP_BITS)) - (1U << LOVE_STEP_BITS);
	return (int)(LOVE_EXACT + ((uint32_t)(bits - LOVE_EXACT_BITS) << LOVE_STEP_BITS) + step);
}

// The least love of a class; above the last one none.
static uint32_t love_of_class(int class)
{
	if (class < (int)LOVE_EXACT)
		return (uint32_t) class;
	if (class >= LOVES)
		return UINT32_MAX;
	uint32_t above = (uint32_t) class - LOVE_EXACT;
	uint32_t steps = (1U << LOVE_STEP_BITS) + (above & ((1U << LOVE_STEP_BITS) - 1));
	return steps << ((above >> LOVE_STEP_BITS) + LOVE_EXACT_BITS - LOVE_STEP_BITS);
}

struct planning {
	ptrdiff_t newest, loved; // that are to stay; of the newest what is left to find
	int64_t before;          // what comes next is older; 0: from the newest
	int64_t cut;             // so far
	ptrdiff_t notes[LOVES];  // loved ones below the cut, by class
};

static void count_love(struct planning *p, const struct fact *fact)
{
	uint32_t love = fact_love(fact->likes, fact->comments);
	if (!fact->kind && !(fact->flags & FACT_GONE) && love && fact->visibility == VIS_PUBLIC)
		p->notes[love_class(love)]++;
}

static bool plan_some(struct feed *f, struct planning *p)
{
	rwlock_read(&f->world);
	struct walk w = walk_below(f, &f->all, p->before);
	for (int i = 0; i < AT_ONCE && walk_peek(f, &w); i++) {
		p->before = walk_peek(f, &w);
		const struct fact *fact = &f->facts[walk_take(&w)];
		if (p->newest && fact->id >= f->cut) {
			p->cut = fact->id;
			p->newest -= !(fact->flags & FACT_GONE);
		} else {
			count_love(p, fact);
		}
	}
	bool more = walk_peek(f, &w) != 0;
	rwlock_read_done(&f->world);
	return more;
}

// Of what is older than the cut so many stay as have more love than the first that goes.
static uint32_t love_that_stays(const struct planning *p)
{
	int class = LOVES;
	for (ptrdiff_t n = 0; class > 1; class --) {
		n += p->notes[class - 1];
		if (n > p->loved)
			break;
	}
	return love_of_class(class);
}

// In stretches, so that nobody waits for it.
static struct plan make_plan(struct feed *f, ptrdiff_t wanted)
{
	struct planning *p = mem_new(1, (ptrdiff_t)sizeof *p);
	p->newest = wanted - wanted / 4;
	p->loved = wanted / 4;
	p->cut = f->cut; // this thread's own to change
	while (plan_some(f, p))
		;
	struct plan plan = {p->cut, MAX(love_that_stays(p), f->loved_least)};
	mem_free(p);
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

static bool is_too_much(struct feed *f, ptrdiff_t *wanted)
{
	rwlock_read(&f->world);
	bool much = f->bound && world_bytes(f) > f->bound && n_live(f) > NOTES_LEAST;
	bool lists = f->bound && f->follows_bytes > f->bound / FOLLOWS_SHARE;
	*wanted = notes_wanted(f);
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
	ptrdiff_t wanted;
	if (!is_too_much(f, &wanted))
		return;
	struct plan plan = make_plan(f, wanted);
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
