// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Explore in a community that has more notes than an order holds: beside the newest it has the best of
// the older, the most loved of all time and a few others.
#include "feed/test_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#define NOTES 40000

static note_id ids[NOTES]; // the newest first
static struct feed_page page;

// A minute between each. Every hundredth has one like; three old ones many more.
static void fill(struct feed *f)
{
	ms now = clock_now();
	rwlock_write(&f->world);
	for (int i = 0; i < NOTES; i++) {
		ids[i] = (note_id){id_past(now - i * MS_MINUTE)};
		bool adored = i == 39999 || i == 39998 || i == 35000;
		world_put(f, &(struct note_fact){.id = ids[i],
				     .account = {1000 + i % 97},
				     .language = LANG("en"),
				     .likes = adored ? 500 : i % 100 == 50});
	}
	rwlock_write_done(&f->world);
}

static void read_all(struct world *w)
{
	struct explore_query q = {.limit = 30000};
	as(w, (account_id){0});
	snapshot_make(w->house.feed);
	assert_int_equal(feed_explore(&w->ctx, &q, &page), OK);
	assert_int_equal(page.next.n, 0);
}

static int place_of(note_id id)
{
	int found = -1;
	for (ptrdiff_t i = 0; i < page.n; i++)
		if (page.ids[i].v == id.v) {
			assert_int_equal(found, -1); // once
			found = (int)i;
		}
	return found;
}

static int n_shown(int from, int to, int step)
{
	int n = 0;
	for (int i = from; i < to; i += step)
		n += place_of(ids[i]) >= 0;
	return n;
}

static void remove_some(struct feed *f, int from, int to)
{
	rwlock_write(&f->world);
	for (int i = from; i < to; i++)
		world_remove(f, ids[i]);
	rwlock_write_done(&f->world);
}

static void the_older_are_considered(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	fill(f);
	older_choose(f);
	read_all(w);
	assert_in_range(page.n, 17000, ORDER_MOST);
	assert_int_equal(n_shown(0, 12000, 100), 120);      // the newest
	assert_int_equal(n_shown(12050, 20000, 100), 80);   // what is liked somewhat
	assert_int_equal(n_shown(20050, 40000, 100), 200);  // and of the old
	assert_in_range(n_shown(30001, 40000, 20), 5, 200); // others by chance
	int loved = place_of(ids[35000]), plain = place_of(ids[11000]);
	assert_true(loved >= 0 && place_of(ids[39999]) > loved && loved < plain);
	// What is gone is not shown, nor twice what became one of the newest.
	remove_some(f, 39999, 40000);
	remove_some(f, 100, 11100);
	read_all(w);
	assert_int_equal(place_of(ids[39999]), -1);
	assert_int_equal(n_shown(100, 11100, 1), 0);
	assert_int_equal(n_shown(11150, 23000, 100), 119);
	assert_in_range(page.n, 12000, ORDER_MOST);
	// Their places are others' now.
	world_tidy(f, true);
	for (int i = 0; i < 11001; i++) {
		rwlock_write(&f->world);
		world_put(f, &(struct note_fact){.id = {id_past(clock_now() - i - 1)},
				     .account = {2000 + i % 7},
				     .visibility = VIS_ONLY_ME});
		rwlock_write_done(&f->world);
	}
	ptrdiff_t before = page.n;
	read_all(w);
	assert_int_equal(page.n, before);
	// In a small community everything is there, as before.
	remove_some(f, 15000, 39999);
	world_tidy(f, true);
	older_choose(f);
	read_all(w);
	assert_int_equal(page.n, 15000 - 11000);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_older_are_considered)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
