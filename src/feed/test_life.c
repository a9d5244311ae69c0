// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A random life, and whether two feeds hold the same world.
#include "feed/test_life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>
#undef fail

static uint32_t random_state;

void dice_seed(uint32_t seed)
{
	random_state = seed;
}

int dice(int sides)
{
	random_state = random_state * 1664525 + 1013904223;
	return (int)((random_state >> 8) % (uint32_t)sides);
}

// --- the same world twice -----------------------------------------------------------------------

static void same_topics(
	const struct feed *a, const struct feed *b, const struct fact *x, const struct fact *y)
{
	uint32_t n = x->topics ? a->pool.at[x->topics] : 0;
	assert_int_equal(n, y->topics ? b->pool.at[y->topics] : 0);
	for (uint32_t i = 1; i <= n; i++)
		assert_true(str_eq(a->topics.at[a->pool.at[x->topics + i]].name,
			b->topics.at[b->pool.at[y->topics + i]].name));
}

static void same_fact(
	const struct feed *a, const struct feed *b, const struct fact *x, const struct fact *y)
{
	assert_int_equal(x->id, y->id);
	assert_int_equal(a->authors.at[x->author].id.v, b->authors.at[y->author].id.v);
	assert_int_equal(x->likes, y->likes);
	assert_int_equal(x->comments, y->comments);
	assert_int_equal(x->kind, y->kind);
	if (x->kind)
		return; // has no language
	assert_string_equal(a->languages[x->language].tag, b->languages[y->language].tag);
	assert_int_equal(x->visibility, y->visibility);
	assert_int_equal(x->flags, y->flags);
	same_topics(a, b, x, y);
}

static const struct fact *next_there(const struct feed *f, struct walk *w)
{
	while (walk_peek(f, w)) {
		const struct fact *fact = &f->facts[walk_take(w)];
		if (!(fact->flags & FACT_GONE))
			return fact;
	}
	return NULL;
}

static int same_line(const struct feed *a, const struct timeline *la, const struct feed *b,
	const struct timeline *lb)
{
	struct walk wa = walk_below(a, la, 0), wb = walk_below(b, lb, 0);
	int n = 0;
	int64_t last = INT64_MAX;
	for (;; n++) {
		const struct fact *x = next_there(a, &wa), *y = next_there(b, &wb);
		assert_true(!x == !y);
		if (!x)
			return n;
		assert_true(x->id < last);
		last = x->id;
		same_fact(a, b, x, y);
	}
}

int same_world(struct feed *a, struct feed *b)
{
	int n = same_line(a, &a->all, b, &b->all);
	list_each (x, &a->authors) {
		static const struct timeline none;
		uint64_t index;
		bool known = map_get(&b->by_account, (uint64_t)x->id.v, &index);
		same_line(a, &x->entries, b, known ? &b->authors.at[index].entries : &none);
	}
	list_each (t, &a->topics) {
		static const struct timeline none;
		uintptr_t index = (uintptr_t)strmap_get(&b->by_topic, t->name);
		same_line(a, &t->notes, b, index ? &b->topics.at[index - 1].notes : &none);
	}
	return n;
}

// --- a random life ------------------------------------------------------------------------------

static const char *const bodies[] = {"Bread and #butter", "#tea in the garden", "No topic at all",
	"#Tea, #bread and #跑步", "晨跑十公里 #跑步", "#bread again"};

static struct note_draft some_draft(struct world *w)
{
	static const lang langs[] = {{"en"}, {"zh-Hans"}, {"de"}};
	return (struct note_draft){
		.body = str_from(bodies[dice(COUNT(bodies))]),
		.visibility = dice(3) ? VIS_PUBLIC : (enum visibility)dice(VISIBILITIES),
		.language = langs[dice(3)],
		.sensitive = dice(9) == 0,
		.created = dice(4) ? 0 : w->ctx.now - dice(20 * 24) * MS_HOUR - dice(1000),
	};
}

static void comment(struct world *w, struct life *l, note_id under)
{
	struct comment_draft draft = {.under = under, .body = S("Well said")};
	note_id id;
	if (notes_comment(&w->ctx, &draft, &id) == OK && l->n_comments < COUNT(l->comments))
		l->comments[l->n_comments++] = id;
}

// Anything may be refused (not seen, not one's own): then nothing happens to both worlds.
void live_once(struct world *w, struct life *l)
{
	int64_t likes;
	note_id note = l->n_notes ? l->notes[dice(l->n_notes)] : (note_id){1};
	note_id said = l->n_comments ? l->comments[dice(l->n_comments)] : note;
	int what = l->n_notes < 20 ? 0 : dice(14);
	err ignored = OK;
	as(w, w->people[dice(PEOPLE)]);
	struct note_draft draft = some_draft(w);
	if (what < 3 && l->n_notes < COUNT(l->notes)) {
		if (notes_publish(&w->ctx, &draft, &note) == OK)
			l->notes[l->n_notes++] = note;
	} else if (what < 6) {
		ignored = like_add(&w->ctx, dice(5) ? note : said, &likes);
	} else if (what < 7) {
		ignored = like_remove(&w->ctx, note, &likes);
	} else if (what < 9) {
		comment(w, l, dice(3) ? note : said);
	} else if (what < 10) {
		ignored = notes_delete(&w->ctx, said);
	} else if (what < 11) {
		ignored = notes_delete(&w->ctx, note);
	} else if (what < 12) {
		draft.created = 0;
		ignored = notes_edit(&w->ctx, note, &draft);
	} else if (what < 13) {
		ignored = follow_add(&w->ctx, w->people[dice(PEOPLE)]);
	} else {
		ignored = follow_remove(&w->ctx, w->people[dice(PEOPLE)]);
	}
	(void)ignored;
	let_go(w);
}

void same_following(struct world *w, struct feed *live, struct feed *fresh)
{
	static struct read a, b;
	for (int i = 0; i < PEOPLE; i++) {
		a.n = b.n = 0;
		w->house.feed = live;
		read_following(w, w->people[i], 7, &a);
		w->house.feed = fresh;
		read_following(w, w->people[i], 50, &b);
		assert_int_equal(a.n, b.n);
		assert_memory_equal(a.ids, b.ids, (size_t)a.n * sizeof *a.ids);
	}
	w->house.feed = live;
}

// What is in memory is what a restart would read.
int equals_rebuilt(struct world *w)
{
	struct feed *live = w->house.feed;
	bool keeps = w->keeps;
	w->keeps = false;
	struct feed *fresh = feed_of(w);
	w->keeps = keeps;
	int n = same_world(live, fresh);
	same_world(fresh, live);
	same_following(w, live, fresh);
	let_go(w);
	return n;
}

void wait_compared(struct feed *f)
{
	for (bool busy = true; busy;) {
		nanosleep(&(struct timespec){0, 5000000}, NULL);
		lock_take(&f->lock);
		busy = f->again;
		lock_release(&f->lock);
		rwlock_read(&f->world);
		busy |= f->rebuilding;
		rwlock_read_done(&f->world);
	}
}
