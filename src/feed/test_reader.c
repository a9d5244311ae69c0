// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a feed owes to one person: the own new notes are seen at once, nothing is hidden by who wrote
// it, and those whom one is offered to follow write in languages that one reads.
#include "feed/test_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail

static void explore_as(
	struct world *w, account_id who, str topic, int limit, struct read *r, int *first_page)
{
	str cursor = {0};
	*r = (struct read){0};
	as(w, who);
	struct explore_query q = {
		.topic = topic, .reads = &LANG("en"), .n_reads = 1, .limit = limit};
	do {
		struct feed_page page;
		q.cursor = cursor;
		assert_int_equal(feed_explore(&w->ctx, &q, &page), OK);
		for (ptrdiff_t i = 0; i < page.n; i++)
			r->ids[r->n++] = page.ids[i];
		if (!r->pages++)
			*first_page = (int)page.n;
		cursor = page.next;
	} while (cursor.n);
}

static int place_of(const struct read *r, note_id id)
{
	int found = -1;
	for (ptrdiff_t i = 0; i < r->n; i++)
		if (r->ids[i].v == id.v) {
			assert_int_equal(found, -1); // once
			found = (int)i;
		}
	return found;
}

// Forty notes that everybody liked, in the reader's language.
static void a_loved_world(struct world *w)
{
	int64_t likes;
	for (int i = 0; i < 40; i++) {
		note_id id = say(w, i % 4, "loved #tea", VIS_PUBLIC, LANG("en"));
		for (int k = 4; k < 8; k++) {
			as(w, w->people[k]);
			assert_int_equal(like_add(&w->ctx, id, &likes), OK);
		}
		let_go(w);
	}
}

static void a_new_note_is_on_its_authors_first_page(void **state)
{
	static struct read r;
	int first;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	a_loved_world(w);
	say_at(w, 9, "of yesterday #tea", clock_now() - MS_DAY);
	snapshot_make(f);
	note_id mine[3];
	for (int made = 0; made < 3; made++) {
		// Before and after the order is made anew, with a topic and without, read or not.
		mine[made] = say(w, 9, made == 1 ? "不同的语言" : "just now #tea", VIS_PUBLIC,
			made == 1 ? LANG("zh-Hans") : LANG("en"));
		for (int again = 0; again < 2; again++) {
			explore_as(w, w->people[9], (str){0}, 12, &r, &first);
			assert_int_equal(first, 12);
			assert_int_equal(r.n, 41 + made + 1);
			for (int i = 0; i <= made; i++)
				assert_in_range(place_of(&r, mine[i]), 0, 11);
			snapshot_make(f);
		}
	}
	explore_as(w, w->people[9], S("tea"), 12, &r, &first);
	assert_int_equal(r.n, 43);
	assert_in_range(place_of(&r, mine[0]), 0, 11);
	assert_in_range(place_of(&r, mine[2]), 0, 11);
	assert_int_equal(place_of(&r, mine[1]), -1);
	explore_as(w, w->people[10], (str){0}, 12, &r, &first); // to others it has its rank
	assert_int_equal(r.n, 44);
	assert_in_range(place_of(&r, mine[1]), 12, 43);
	world_end(w);
}

static void only_public_ones_and_not_all_the_room(void **state)
{
	static struct read r;
	int first;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	a_loved_world(w);
	note_id hidden = say(w, 9, "for me", VIS_ONLY_ME, LANG("en"));
	note_id gone = say(w, 9, "gone again", VIS_PUBLIC, LANG("en"));
	as(w, w->people[9]);
	assert_int_equal(notes_delete(&w->ctx, gone), OK);
	let_go(w);
	for (int i = 0; i < 30; i++)
		say(w, 9, "much at once", VIS_PUBLIC, LANG("de"));
	snapshot_make(f);
	explore_as(w, w->people[9], (str){0}, 10, &r, &first);
	assert_int_equal(first, 10);
	assert_int_equal(r.n, 70);
	assert_int_equal(place_of(&r, hidden), -1);
	assert_int_equal(place_of(&r, gone), -1);
	int own = 0;
	for (int i = 0; i < 10; i++) {
		struct note_fact fact;
		assert_int_equal(note_fact_get(&w->ctx, r.ids[i], &fact), OK);
		own += fact.account.v == w->people[9].v;
	}
	assert_int_equal(own, 5);
	world_end(w);
}

// However the notes of a topic are shared out among authors, all of them are there.
static void no_share_of_authors_hides_a_note(void **state)
{
	static const int shares[][3] = {
		{10, 0, 0}, {9, 1, 0}, {8, 1, 1}, {5, 5, 0}, {6, 3, 1}, {1, 0, 0}, {7, 2, 1}};
	static struct read r;
	char body[40];
	int first;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	for (int share = 0; share < COUNT(shares); share++) {
		int wanted = 0;
		snprintf(body, sizeof body, "a word on #share%d", share);
		for (int who = 0; who < 3; who++)
			for (int i = 0; i < shares[share][who]; i++, wanted++)
				say(w, who, body, VIS_PUBLIC, i % 3 ? LANG("en") : LANG("ja"));
		snapshot_make(f);
		for (int limit = 1; limit < 13; limit += 4) {
			str topic = str_from(strrchr(body, '#') + 1);
			explore_as(w, w->people[11], topic, limit, &r, &first);
			assert_int_equal(r.n, wanted);
			for (ptrdiff_t i = 0; i < r.n; i++)
				assert_int_equal(place_of(&r, r.ids[i]), i);
		}
	}
	world_end(w);
}

static bool offered(struct world *w, lang reads, account_id whom)
{
	account_id *ids;
	ptrdiff_t n;
	bool found = false;
	assert_int_equal(feed_people(&w->ctx, &reads, reads.tag[0] != 0, 20, &ids, &n), OK);
	for (ptrdiff_t i = 0; i < n; i++)
		found |= ids[i].v == whom.v;
	return found;
}

static void people_are_offered_by_what_they_write(void **state)
{
	(void)state;
	struct world *w = world_new();
	feed_of(w);
	for (int who = 0; who < 6; who++) { // whatever the account says of itself
		as(w, w->people[who]);
		assert_int_equal(
			account_edit_reading(&w->ctx,
				&(struct reading_edit){
					.reads = &LANG("en"), .n_reads = 1, .writes = LANG("en")}),
			OK);
		let_go(w);
	}
	say(w, 0, "在桥上", VIS_PUBLIC, LANG("zh-Hans"));
	say(w, 1, "on the bridge", VIS_PUBLIC, LANG("en"));
	say(w, 2, "in English, for few", VIS_FOLLOWERS, LANG("en"));
	say(w, 2, "auf der Brücke", VIS_PUBLIC, LANG("de"));
	for (int i = 0; i < 4; i++)
		say(w, 3, i ? "橋の上" : "a bridge", VIS_PUBLIC, i ? LANG("ja") : LANG("en"));
	say(w, 4, "half", VIS_PUBLIC, LANG("en"));
	say(w, 4, "halb", VIS_PUBLIC, LANG("de"));
	say(w, 5, "橋上", VIS_PUBLIC, LANG("zh-Hant"));
	as(w, w->people[11]);
	static const struct {
		int who;
		bool en, zh, de, any;
	} wanted[] = {{0, false, true, false, true}, {1, true, false, false, true},
		{2, false, false, true, true}, {3, false, false, false, true},
		{4, true, false, true, true}, {5, false, true, false, true},
		{6, false, false, false, false}};
	for (int i = 0; i < COUNT(wanted); i++) {
		account_id whom = w->people[wanted[i].who];
		assert_int_equal(offered(w, LANG("en"), whom), wanted[i].en);
		assert_int_equal(offered(w, LANG("zh-Hans"), whom), wanted[i].zh);
		assert_int_equal(offered(w, LANG("de"), whom), wanted[i].de);
		assert_int_equal(offered(w, (lang){0}, whom), wanted[i].any);
	}
	assert_int_equal(follow_add(&w->ctx, w->people[1]), OK);
	assert_false(offered(w, LANG("en"), w->people[1]));
	assert_int_equal(account_set_standing(&w->ctx, w->people[4], STANDING_SUSPENDED), OK);
	assert_false(offered(w, LANG("en"), w->people[4]));
	as(w, w->people[0]);
	assert_false(offered(w, LANG("zh-Hans"), w->people[0]));
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_note_is_on_its_authors_first_page),
		cmocka_unit_test(only_public_ones_and_not_all_the_room),
		cmocka_unit_test(no_share_of_authors_hides_a_note),
		cmocka_unit_test(people_are_offered_by_what_they_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
