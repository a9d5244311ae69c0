// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The feed over a real database: what was followed live is what a restart would read, and the orders
// keep their promises while the world moves.
#include "feed/test_life.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#undef fail

static void rebuilt_equals_live(void **state)
{
	static struct life l;
	(void)state;
	for (uint32_t seed = 1; seed < 4; seed++) {
		struct world *w = world_new();
		l = (struct life){0};
		feed_of(w);
		dice_seed(seed);
		for (int i = 0; i < 700; i++)
			live_once(w, &l);
		assert_in_range(equals_rebuilt(w), 60, 2000);
		world_end(w);
	}
}

static err changed(struct ctx *ctx, void *arg)
{
	const struct change *c = arg;
	change_add(ctx, c->kind, c->subject, c->actor, c->extra);
	return OK;
}

static void commit(struct world *w, struct change *c)
{
	assert_int_equal(store_write(&w->ctx, changed, c), OK);
	let_go(w);
}

// A second process writes and nobody hears of it: changes_lost brings the two together again.
static void what_was_missed_is_found(void **state)
{
	static struct life l;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	struct store *heard = w->house.store, *unheard;
	struct store_config config = {.database = getenv("TEST_DATABASE")
							  ? str_from(getenv("TEST_DATABASE"))
							  : str_fmt(w->ctx.mem, "%s/db", w->dir)};
	assert_int_equal(store_open(&w->ctx, &config, &unheard), OK);
	l = (struct life){0};
	dice_seed(77);
	for (int i = 0; i < 300; i++)
		live_once(w, &l);
	for (int i = 0; i < PEOPLE; i++) { // so that all lists are loaded
		struct read r = {0};
		read_following(w, w->people[i], 20, &r);
	}
	w->house.store = unheard;
	for (int i = 0; i < 300; i++)
		live_once(w, &l);
	w->house.store = heard;
	for (int i = 0; i < 2; i++) { // the second: as it goes on while changes come
		struct change lost = {.kind = &changes_lost};
		commit(w, &lost);
		for (int k = 0; k < 100; k++)
			live_once(w, &l);
	}
	wait_compared(f);
	assert_in_range(equals_rebuilt(w), 60, 2000);
	store_close(unheard);
	world_end(w);
}

// --- explore ------------------------------------------------------------------------------------

static account_id author_of(struct world *w, note_id id)
{
	struct note_fact fact;
	assert_int_equal(note_fact_get(&w->ctx, id, &fact), OK);
	return fact.account;
}

static void no_neighbours(struct world *w, const struct read *r)
{
	for (ptrdiff_t i = 1; i < r->n; i++)
		assert_int_not_equal(author_of(w, r->ids[i]).v, author_of(w, r->ids[i - 1]).v);
}

static int by_id(const void *a, const void *b)
{
	const note_id *x = a, *y = b;
	return (x->v > y->v) - (x->v < y->v);
}

static void no_doubles(const struct read *r)
{
	static struct read sorted;
	sorted = *r;
	qsort(sorted.ids, (size_t)sorted.n, sizeof *sorted.ids, by_id);
	for (ptrdiff_t i = 1; i < sorted.n; i++)
		assert_int_not_equal(sorted.ids[i].v, sorted.ids[i - 1].v);
}

static void never_two_of_one_author_in_a_row(void **state)
{
	static struct read r;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	for (int i = 0; i < 60; i++)
		say(w, 1 + i % 5, "theirs", VIS_PUBLIC, LANG("en"));
	for (int i = 0; i < 30; i++) // one writes much at once
		say(w, 0, "mine", VIS_PUBLIC, LANG("en"));
	snapshot_make(f);
	for (int limit = 1; limit < 30; limit += 7) {
		r = (struct read){0};
		read_explore(w, (str){0}, NULL, 0, limit, (str){0}, &r);
		assert_int_equal(r.n, 90); // all of them, although thirty had to wait
		no_neighbours(w, &r);
		no_doubles(&r);
		let_go(w);
	}
	world_end(w);
}

static void one_author_alone_is_shown_whole(void **state)
{
	static struct read r;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	for (int i = 0; i < 9; i++)
		say(w, 3, "the first days #alone", VIS_PUBLIC, LANG("en"));
	snapshot_make(f);
	r = (struct read){0};
	read_explore(w, (str){0}, NULL, 0, 4, (str){0}, &r);
	assert_int_equal(r.n, 9);
	no_doubles(&r);
	say(w, 4, "somebody else", VIS_PUBLIC, LANG("en"));
	snapshot_make(f);
	r = (struct read){0};
	read_explore(w, (str){0}, NULL, 0, 4, (str){0}, &r);
	assert_int_equal(r.n, 10); // his early between theirs, and none left out
	no_doubles(&r);
	int his = 0;
	while (author_of(w, r.ids[his]).v != w->people[4].v)
		his++;
	assert_in_range(his, 0, 1);
	world_end(w);
}

static void the_languages_of_the_reader_come_first(void **state)
{
	static const lang langs[] = {{"en"}, {"zh-Hans"}, {"de"}, {"zh-Hant"}};
	static struct read r;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	for (int i = 0; i < 80; i++)
		say(w, i % PEOPLE, "x", VIS_PUBLIC, langs[i % 4]);
	snapshot_make(f);
	r = (struct read){0};
	read_explore(w, (str){0}, &LANG("zh-Hans"), 1, 9, (str){0}, &r);
	assert_int_equal(r.n, 80);
	for (ptrdiff_t i = 0; i < r.n; i++) {
		struct note_fact fact;
		assert_int_equal(note_fact_get(&w->ctx, r.ids[i], &fact), OK);
		assert_true(str_starts(lang_str(&fact.language), S("zh")) == (i < 40));
	}
	r = (struct read){0};
	read_explore(w, (str){0}, (const lang[]){LANG("de"), LANG("en")}, 2, 9, (str){0}, &r);
	assert_int_equal(r.n, 80);
	for (ptrdiff_t i = 0; i < r.n; i++) {
		struct note_fact fact;
		assert_int_equal(note_fact_get(&w->ctx, r.ids[i], &fact), OK);
		assert_true(str_starts(lang_str(&fact.language), S("zh")) == (i >= 40));
	}
	world_end(w);
}

static void paging_stays_as_it_began(void **state)
{
	static struct read whole, paged;
	int64_t likes;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	for (int i = 0; i < 100; i++)
		say(w, i % 7, "x #stable", VIS_PUBLIC, LANG("en"));
	snapshot_make(f);
	whole = paged = (struct read){0};
	read_explore(w, (str){0}, NULL, 0, 40, (str){0}, &whole);
	struct explore_query q = {.limit = 10};
	char cursor[64] = "";
	note_id gone = whole.ids[55];
	for (int page = 0; page < 10; page++) {
		struct feed_page p;
		as(w, (account_id){0});
		q.cursor = str_from(cursor);
		assert_int_equal(feed_explore(&w->ctx, &q, &p), OK);
		assert_int_equal(p.n, 10);
		for (ptrdiff_t i = 0; i < p.n; i++)
			paged.ids[paged.n++] = p.ids[i];
		snprintf(cursor, sizeof cursor, "%.*s", STR_ARGS(p.next));
		let_go(w);
		say(w, page % 7, "new", VIS_PUBLIC, LANG("en"));
		as(w, w->people[8]);
		assert_int_equal(like_add(&w->ctx, whole.ids[95 - page], &likes), OK);
		if (page == 6) {
			as(w, author_of(w, gone));
			assert_int_equal(notes_delete(&w->ctx, gone), OK);
		}
		let_go(w);
		snapshot_make(f);
		snapshot_make(f);
	}
	assert_string_equal(cursor, "");
	assert_int_equal(paged.n, whole.n); // a note read already does not move what follows
	assert_memory_equal(paged.ids, whole.ids, (size_t)whole.n * sizeof *whole.ids);
	paged = (struct read){0};
	read_explore(w, (str){0}, NULL, 0, 10, (str){0}, &paged);
	assert_int_equal(paged.n, 109); // from the beginning it is the new order
	struct feed_page p;
	q.cursor = S("1.20");
	assert_int_equal(feed_explore(&w->ctx, &q, &p), OK); // of another time: goes on somewhere
	assert_int_equal(p.n, 10);
	q.cursor = S("1.99999999999999");
	assert_int_equal(feed_explore(&w->ctx, &q, &p), OK);
	assert_int_equal(p.n, 0);
	q.cursor = S("1.x");
	assert_int_equal(feed_explore(&w->ctx, &q, &p), ERR_NOT_FOUND);
	world_end(w);
}

static void engagement_and_time_decide(void **state)
{
	static struct read r;
	int64_t likes;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	ms now = clock_now();
	note_id old = say_at(w, 0, "old", now - 30 * MS_DAY);
	note_id loved = say_at(w, 1, "loved", now - 2 * MS_DAY);
	note_id plain = say_at(w, 2, "plain", now - 2 * MS_DAY + 1);
	note_id fresh = say_at(w, 3, "fresh", now - MS_MINUTE);
	for (int i = 4; i < 10; i++) {
		as(w, w->people[i]);
		assert_int_equal(like_add(&w->ctx, loved, &likes), OK);
	}
	snapshot_make(f);
	read_explore(w, (str){0}, NULL, 0, 2, (str){0}, &r);
	const note_id wanted[] = {fresh, loved, plain, old};
	assert_int_equal(r.n, 4);
	assert_memory_equal(r.ids, wanted, sizeof wanted);
	world_end(w);
}

static void topics_hold_their_public_notes(void **state)
{
	static struct read r;
	struct feed_topic *tabs;
	ptrdiff_t n;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	note_id moved = say(w, 0, "#Rivers here", VIS_PUBLIC, LANG("en"));
	for (int i = 0; i < 6; i++) {
		say(w, 1 + i % 3, "#河流", VIS_PUBLIC, LANG("zh-Hans"));
		say(w, 1 + i % 3, i < 4 ? "#rivers" : "#hills", VIS_PUBLIC, LANG("en"));
		say(w, 4, "#rivers", VIS_UNLISTED, LANG("en"));
	}
	snapshot_make(f);
	read_explore(w, S("rivers"), NULL, 0, 3, (str){0}, &r);
	assert_int_equal(r.n, 5);
	as(w, w->people[0]);
	struct note_draft hidden = {.body = S("#Rivers here"), .visibility = VIS_FOLLOWERS};
	assert_int_equal(notes_edit(&w->ctx, moved, &hidden), OK);
	snapshot_make(f);
	r = (struct read){0};
	read_explore(w, S("rivers"), NULL, 0, 3, (str){0}, &r);
	assert_int_equal(r.n, 4);
	r = (struct read){0};
	read_explore(w, S("nowhere"), NULL, 0, 3, (str){0}, &r);
	assert_int_equal(r.n, 0);
	assert_int_equal(
		feed_topics(&w->ctx, S("hills none"), &LANG("zh-Hans"), 1, 9, &tabs, &n), OK);
	assert_int_equal(n, 3); // what is liked, what is read, the rest
	assert_true(str_eq(tabs[0].name, S("hills")));
	assert_true(str_eq(tabs[1].name, S("河流")));
	assert_true(str_eq(tabs[2].name, S("rivers")));
	assert_true(
		str_eq(tabs[2].shown, S("rivers"))); // not as the note that was hidden spelled it
	world_end(w);
}

// --- following ----------------------------------------------------------------------------------

static void following_is_the_newest_first(void **state)
{
	static struct read r;
	(void)state;
	struct world *w = world_new();
	feed_of(w);
	as(w, w->people[0]);
	for (int i = 1; i < 4; i++)
		assert_int_equal(follow_add(&w->ctx, w->people[i]), OK);
	ms now = clock_now();
	note_id own = say_at(w, 0, "own", now - 5 * MS_HOUR);
	note_id first = say_at(w, 1, "first", now - 9 * MS_HOUR);
	note_id last = say_at(w, 2, "last", now - MS_HOUR);
	say_at(w, 5, "not followed", now - 2 * MS_HOUR);
	say(w, 3, "nobody's business", VIS_ONLY_ME, LANG("en"));
	note_id between = say_at(w, 1, "between", now - 7 * MS_HOUR);
	for (int limit = 1; limit < 6; limit++) {
		const note_id wanted[] = {last, own, between, first};
		r = (struct read){0};
		read_following(w, w->people[0], limit, &r);
		assert_int_equal(r.n, 4);
		assert_memory_equal(r.ids, wanted, sizeof wanted);
	}
	assert_int_equal(follow_remove(&w->ctx, w->people[1]), OK);
	const note_id without[] = {last, own};
	r = (struct read){0};
	read_following(w, w->people[0], 9, &r);
	assert_int_equal(r.n, 2);
	assert_memory_equal(r.ids, without, sizeof without);
	assert_int_equal(follow_add(&w->ctx, w->people[1]), OK);
	r = (struct read){0};
	read_following(w, w->people[0], 9, &r);
	assert_int_equal(r.n, 4);
	// Without those of somebody suspended; they come back.
	const note_id good[] = {own, between, first};
	assert_int_equal(account_set_standing(&w->ctx, w->people[2], STANDING_SUSPENDED), OK);
	r = (struct read){0};
	read_following(w, w->people[0], 3, &r);
	assert_int_equal(r.n, 3);
	assert_memory_equal(r.ids, good, sizeof good);
	assert_int_equal(account_set_standing(&w->ctx, w->people[2], STANDING_GOOD), OK);
	r = (struct read){0};
	read_following(w, w->people[0], 9, &r);
	assert_int_equal(r.n, 4);
	as(w, (account_id){0});
	struct feed_entries page;
	assert_int_equal(feed_following(&w->ctx, (str){0}, 9, &page), ERR_SIGN_IN);
	world_end(w);
}

// Notes that nobody's database knows, of one author, older than all others that are there.
static void put_many(struct feed *f, account_id author, int n, enum visibility visibility, ms at)
{
	rwlock_write(&f->world);
	for (int i = 0; i < n; i++)
		world_put(f, &(struct note_fact){.id = {id_past(at - i)},
				     .account = author,
				     .visibility = visibility});
	rwlock_write_done(&f->world);
}

// Who follows a thousand gets the same list, also where most of the newest notes are not for him.
static void following_very_many_is_the_same(void **state)
{
	static struct read r;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	ms now = clock_now();
	follow_crowd(w, 0, false);
	for (int i = 1; i < 4; i++) {
		as(w, w->people[0]);
		assert_int_equal(follow_add(&w->ctx, w->people[i]), OK);
	}
	note_id oldest = say_at(w, 2, "oldest", now - 90 * MS_HOUR);
	note_id own = say_at(w, 0, "own", now - 5 * MS_HOUR);
	note_id last = say_at(w, 1, "last", now - MS_HOUR);
	note_id gone = say_at(w, 3, "gone", now - 3 * MS_HOUR);
	as(w, w->people[3]);
	assert_int_equal(notes_delete(&w->ctx, gone), OK);
	say(w, 3, "nobody's business", VIS_ONLY_ME, LANG("en"));
	say_at(w, 5, "not followed", now - 2 * MS_HOUR);
	const note_id wanted[] = {last, own, oldest};
	for (int turn = 0; turn < 2; turn++) {
		for (int limit = 1; limit < 5; limit++) {
			r = (struct read){0};
			read_following(w, w->people[0], limit, &r);
			assert_int_equal(r.n, 3);
			assert_memory_equal(r.ids, wanted, sizeof wanted);
		}
		put_many(f, w->people[6], 21000, VIS_PUBLIC, now - 7 * MS_HOUR);
	}
	// What somebody keeps for himself or for few is read past, however much it is.
	for (enum visibility v = VIS_MUTUALS; v < VISIBILITIES; v++)
		put_many(f, w->people[2], 21000, v, now - (9 + 2 * (int)v) * MS_HOUR);
	r = (struct read){0};
	read_following(w, w->people[0], 3, &r);
	assert_int_equal(r.n, 3);
	assert_memory_equal(r.ids, wanted, sizeof wanted);
	world_end(w);
}

// Page by page exactly these, each page but the last full, the next behind the last one shown.
static void follows_are(struct world *w, const note_id *want, ptrdiff_t n)
{
	struct feed_entries page = {0};
	ptrdiff_t at = 0;
	as(w, w->people[0]);
	do {
		assert_int_equal(feed_following(&w->ctx, page.next, 2, &page), OK);
		for (ptrdiff_t i = 0; i < page.n; i++) {
			assert_true(at < n);
			assert_int_equal(page.at[i].note.v, want[at++].v);
		}
		int64_t next;
		if (page.next.n)
			assert_true(page.n == 2 && id_parse(page.next, &next) &&
				    next == want[at - 1].v);
	} while (page.next.n);
	assert_int_equal(at, n);
	let_go(w);
}

static void following_shows_what_is_behind_notes_for_others(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	ms now = clock_now();
	for (int i = 1; i < 4; i++) {
		as(w, w->people[0]);
		assert_int_equal(follow_add(&w->ctx, w->people[i]), OK);
	}
	note_id want[6];
	want[5] = say_at(w, 1, "oldest", now - 90 * MS_HOUR);
	want[4] = say_at(w, 2, "next", now - 80 * MS_HOUR);
	want[3] = say_at(w, 1, "third", now - 70 * MS_HOUR);
	for (enum visibility v = VIS_MUTUALS; v < VISIBILITIES; v++)
		put_many(f, w->people[1], 10500, v, now - (9 + 2 * (int)v) * MS_HOUR);
	follows_are(w, want + 3, 3);
	// Named in one that is for few, and in one by somebody who is not followed.
	say(w, 4, "for @person_0", VIS_MENTIONED, LANG("en"));
	want[2] = say(w, 3, "for @person_0", VIS_MENTIONED, LANG("en"));
	say(w, 3, "for @person_5", VIS_MENTIONED, LANG("en"));
	follows_are(w, want + 2, 4);
	// For friends, of one who follows back and one who does not, yet.
	want[0] = say(w, 2, "for friends", VIS_MUTUALS, LANG("en"));
	want[1] = say(w, 3, "for friends", VIS_MUTUALS, LANG("en"));
	note_id of_2 = want[0], of_3 = want[1], named = want[2];
	follows_are(w, want + 2, 4);
	as(w, w->people[3]);
	assert_int_equal(follow_add(&w->ctx, w->people[0]), OK);
	follows_are(w, want + 1, 5);
	as(w, w->people[2]);
	assert_int_equal(follow_add(&w->ctx, w->people[0]), OK);
	want[0] = of_3;
	want[1] = of_2;
	want[2] = named;
	follows_are(w, want, 6);
	as(w, w->people[3]);
	assert_int_equal(follow_remove(&w->ctx, w->people[0]), OK);
	want[1] = of_2;
	follows_are(w, want + 1, 5);
	world_end(w);
}

// --- many at once -------------------------------------------------------------------------------

struct living {
	struct world *w;
	uint32_t seed;
};

static void *read_on(void *arg)
{
	struct living *me = arg;
	struct ctx ctx = {.mem = arena_new(4096), .now = clock_now(), .house = &me->w->house};
	thread_is(THREAD_WORKER, "reader");
	ctx.viewer = (struct viewer){.account = me->w->people[me->seed], .role = ROLE_MEMBER};
	for (int i = 0; i < 300; i++) {
		struct explore_query q = {.limit = 20};
		struct feed_page page;
		struct feed_entries entries;
		struct feed_topic *tabs;
		ptrdiff_t n;
		arena_reset(ctx.mem);
		do {
			must(feed_explore(&ctx, &q, &page) == OK);
			q.cursor = page.next;
		} while (q.cursor.n);
		err read = feed_following(&ctx, (str){0}, 20, &entries);
		must(read == OK || read == ERR_UNAVAILABLE);
		must(feed_topics(&ctx, (str){0}, NULL, 0, 9, &tabs, &n) == OK);
		store_done(&ctx);
	}
	arena_free(ctx.mem);
	return NULL;
}

static void readers_and_writers_meet(void **state)
{
	static struct life l;
	pthread_t threads[3];
	struct living readers[3];
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	l = (struct life){0};
	dice_seed(5);
	for (uint32_t i = 0; i < COUNT(threads); i++) {
		readers[i] = (struct living){w, i};
		threads[i] = thread_start(read_on, &readers[i]);
	}
	for (int i = 0; i < 500; i++) {
		live_once(w, &l);
		if (i % 10 == 0)
			snapshot_make(f);
	}
	for (int i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	assert_in_range(equals_rebuilt(w), 30, 2000);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rebuilt_equals_live),
		cmocka_unit_test(what_was_missed_is_found),
		cmocka_unit_test(never_two_of_one_author_in_a_row),
		cmocka_unit_test(one_author_alone_is_shown_whole),
		cmocka_unit_test(the_languages_of_the_reader_come_first),
		cmocka_unit_test(paging_stays_as_it_began),
		cmocka_unit_test(engagement_and_time_decide),
		cmocka_unit_test(topics_hold_their_public_notes),
		cmocka_unit_test(following_is_the_newest_first),
		cmocka_unit_test(following_very_many_is_the_same),
		cmocka_unit_test(following_shows_what_is_behind_notes_for_others),
		cmocka_unit_test(readers_and_writers_meet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
