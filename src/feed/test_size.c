// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A big world in memory: what a note costs, and that a page costs the same at any depth and size.
// FEED_NOTES sets how many notes there are; times are printed, memory is judged.
#include "feed/test_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#define BYTES_MOST 120 // a note
#define FOLLOWEES 300

static uint32_t random_state = 1;

static uint32_t dice(uint32_t sides)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % sides;
}

static void fill(struct feed *f, int n, uint32_t n_authors)
{
	static const lang langs[] = {{"en"}, {"zh-Hans"}, {"de"}, {"fr"}};
	struct arena *mem = arena_new(1 << 16);
	ms begin = clock_now() - 300 * MS_DAY;
	rwlock_write(&f->world);
	for (int i = n - 1; i >= 0; i--) { // as a rebuild does
		struct note_fact fact = {.id = {id_past(begin + 300 * MS_DAY / n * i)},
			.account = {1000 + (int64_t)dice(n_authors)},
			.language = langs[dice(COUNT(langs))],
			.likes = dice(40)};
		struct note_topic topics[3];
		uint32_t first = dice(2000);
		arena_reset(mem);
		for (int k = 0; k < COUNT(topics); k++)
			topics[k].name = topics[k].shown =
				str_fmt(mem, "topic %u", first + (uint32_t)k);
		world_topics(f, world_put(f, &fact), topics, COUNT(topics));
	}
	rwlock_write_done(&f->world);
	arena_free(mem);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

#define TURNS 1001
static int64_t times[TURNS];

static void report(const char *what)
{
	qsort(times, TURNS, sizeof *times, by_size);
	print_message("%s: median %lld us, longest %lld us\n", what, (long long)times[TURNS / 2],
		(long long)times[TURNS - 1]);
}

static void read_explore_often(struct world *w, const char *what, bool deep, bool fresh)
{
	char cursor[64] = "";
	for (int i = 0; i < TURNS; i++) {
		struct explore_query q = {.reads = &LANG("zh-Hans"), .n_reads = 1, .limit = 24};
		struct feed_page page;
		if (deep)
			q.cursor = str_from(cursor);
		if (fresh && i % 100 == 0)
			snapshot_make(w->house.feed);
		int64_t begin = clock_us();
		assert_int_equal(feed_explore(&w->ctx, &q, &page), OK);
		times[i] = clock_us() - begin;
		assert_true(page.n > 0);
		snprintf(cursor, sizeof cursor, "%.*s", STR_ARGS(page.next));
		let_go(w);
	}
	report(what);
}

static void read_following_often(struct world *w, uint32_t n_authors, bool deep)
{
	struct feed *f = w->house.feed;
	char cursor[64] = "";
	as(w, (account_id){1});
	uint32_t me = world_author(f, w->ctx.viewer.account);
	struct author *a = &f->authors.at[me];
	for (int i = 0; i < TURNS; i++) {
		struct feed_entries page;
		if (i % 50 == 0) {
			mem_free(a->follows);
			a->follows = mem_new(FOLLOWEES, (ptrdiff_t)sizeof *a->follows);
			for (uint32_t k = 0; k < FOLLOWEES; k++)
				a->follows[k] = world_author(
					f, (account_id){1000 + (int64_t)dice(n_authors)});
			a->n_follows = FOLLOWEES;
			a->loaded = true;
		}
		int64_t begin = clock_us();
		assert_int_equal(
			feed_following(&w->ctx, deep ? str_from(cursor) : (str){0}, 24, &page), OK);
		times[i] = clock_us() - begin;
		snprintf(cursor, sizeof cursor, "%.*s", STR_ARGS(page.next));
		let_go(w);
	}
	report(deep ? "following, on and on" : "following, first page");
}

static void a_big_world_is_small_and_quick(void **state)
{
	const char *wanted = getenv("FEED_NOTES");
	int n = wanted ? atoi(wanted) : 60000;
	uint32_t n_authors = (uint32_t)n / 20;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	int64_t begin = clock_us();
	fill(f, n, n_authors);
	ptrdiff_t each = bytes_of_world(f) / n;
	print_message("%d notes: filled in %lld ms, %td bytes a note\n", n,
		(long long)(clock_us() - begin) / 1000, each);
	assert_in_range(each, 24, BYTES_MOST);
	begin = clock_us();
	older_choose(f);
	print_message("choosing the older: %lld us\n", (long long)(clock_us() - begin));
	begin = clock_us();
	snapshot_make(f);
	print_message("an order of explore: %lld us\n", (long long)(clock_us() - begin));
	read_explore_often(w, "explore, first page", false, false);
	read_explore_often(w, "explore, new orders", false, true);
	read_explore_often(w, "explore, on and on", true, false);
	for (uint32_t i = 0; i < n_authors; i++) // none moves while a list is held
		(void)world_author(f, (account_id){1000 + (int64_t)i});
	(void)world_author(f, (account_id){1});
	read_following_often(w, n_authors, false);
	read_following_often(w, n_authors, true);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_big_world_is_small_and_quick)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
