// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Memory of what is gone is used again: however much is published and deleted the world does not grow, and
// no order shows a note in the place of another.
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

#define ALIVE 5000
#define CYCLES 150000

static note_id ring[ALIVE];

// A public note by one of fifty, with topics that many have and one that no other has.
static note_id put_one(struct feed *f, struct arena *mem, int n)
{
	struct note_fact fact = {.id = {id_new(clock_now())},
		.account = {1000 + n % 50},
		.language = LANG("en"),
		.likes = n % 7};
	struct note_topic topics[4];
	int n_topics = n % 5;
	for (int i = 0; i < n_topics; i++)
		topics[i].name = topics[i].shown =
			i ? str_fmt(mem, "topic %d", (n + i) % 300) : str_fmt(mem, "only %d", n);
	rwlock_write(&f->world);
	world_topics(f, world_put(f, &fact), topics, n_topics);
	rwlock_write_done(&f->world);
	return fact.id;
}

static void cycle(struct world *w, int n)
{
	struct feed *f = w->house.feed;
	rwlock_write(&f->world);
	world_remove(f, ring[n % ALIVE]);
	rwlock_write_done(&f->world);
	ring[n % ALIVE] = put_one(f, w->ctx.mem, n);
	if (n % 500)
		return;
	let_go(w);
	world_tidy(f, false); // as the feed's thread does every second
	snapshot_make(f);
	struct feed_page page;
	assert_int_equal(feed_explore(&w->ctx, &(struct explore_query){.limit = 24}, &page), OK);
	assert_int_equal(page.n, 24);
}

static void the_world_does_not_grow(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	int n = 0;
	for (; n < ALIVE; n++)
		ring[n] = put_one(f, w->ctx.mem, n);
	for (; n < ALIVE + CYCLES / 3; n++)
		cycle(w, n);
	ptrdiff_t before = bytes_of_world(f);
	for (; n < ALIVE + CYCLES; n++)
		cycle(w, n);
	ptrdiff_t after = bytes_of_world(f);
	print_message("%d notes live, %d came and went: %td bytes, then %td\n", ALIVE, CYCLES,
		before, after);
	assert_in_range(after, before / 2, before + before / 100);
	world_end(w);
}

struct many {
	struct world *w;
	note_id ids[3000];
	int n;
	bool delete;
};

static err change_many(struct ctx *ctx, void *arg)
{
	struct many *m = arg;
	for (int i = 0; i < m->n; i++) {
		struct note_draft draft = {.body = str_fmt(ctx->mem, "Once #once%d", i)};
		ctx->viewer =
			(struct viewer){.account = m->w->people[i % PEOPLE], .role = ROLE_MEMBER};
		if (m->delete)
			TRY(notes_delete(ctx, m->ids[i]));
		else
			TRY(notes_publish(ctx, &draft, &m->ids[i]));
	}
	return OK;
}

static void change_all(struct many *m, bool delete)
{
	m->delete = delete;
	assert_int_equal(store_write(&m->w->ctx, change_many, m), OK);
	let_go(m->w);
}

static ptrdiff_t free_places(struct feed *f)
{
	rwlock_read(&f->world);
	ptrdiff_t n = f->free.n;
	rwlock_read_done(&f->world);
	return n;
}

static void the_thread_tidies_up(void **state)
{
	static struct many m;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	m = (struct many){.w = w, .n = 1500};
	note_id stays = say(w, 3, "stays #here", VIS_PUBLIC, LANG("en"));
	change_all(&m, false);
	ptrdiff_t notes = f->n_facts, topics = f->topics.n;
	assert_int_equal(notes, 1501);
	change_all(&m, true);
	for (ms deadline = clock_steady() + 20 * MS_SECOND; free_places(f) < 1500;) {
		assert_true(clock_steady() < deadline);
		nanosleep(&(struct timespec){0, 5000000}, NULL);
	}
	change_all(&m, false);
	assert_int_equal(f->n_facts, notes);
	assert_int_equal(f->topics.n, topics);
	uint32_t index;
	assert_true(world_find(f, stays, &index));
	assert_int_equal(equals_rebuilt(w), 1501);
	world_end(w);
}

// Somebody pages on in an order some of whose notes were deleted, and others took their places.
static void an_order_shows_only_its_own(void **state)
{
	static note_id first[200];
	static struct read before, after;
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	for (int i = 0; i < COUNT(first); i++)
		first[i] = say(w, i % PEOPLE, "x #tea", VIS_PUBLIC, LANG("en"));
	for (int topic = 0; topic < 2; topic++) {
		struct explore_query q = {.topic = topic ? S("tea") : (str){0}, .limit = 20};
		struct feed_page page;
		char cursor[64];
		as(w, (account_id){0});
		snapshot_make(f);
		before = after = (struct read){0};
		assert_int_equal(feed_explore(&w->ctx, &q, &page), OK);
		snprintf(cursor, sizeof cursor, "%.*s", STR_ARGS(page.next));
		read_explore(w, q.topic, NULL, 0, 20, str_from(cursor), &before);
		for (int i = topic; i < COUNT(first); i += 2) {
			as(w, w->people[i % PEOPLE]);
			assert_int_equal(notes_delete(&w->ctx, first[i]), OK);
		}
		let_go(w);
		world_tidy(f, true);
		assert_int_equal(f->free.n, 100);
		for (int i = 0; i < 100; i++)
			say(w, i % PEOPLE, "y #tea", VIS_PUBLIC, LANG("en"));
		assert_int_equal(f->free.n, 0);
		read_explore(w, q.topic, NULL, 0, 20, str_from(cursor), &after);
		ptrdiff_t kept = 0;
		for (ptrdiff_t i = 0; i < before.n;
			i++) // what was there and still is, in its order
			if (kept < after.n && before.ids[i].v == after.ids[kept].v)
				kept++;
		assert_int_equal(kept, after.n);
		assert_in_range(after.n, 60, before.n - 60);
	}
	equals_rebuilt(w);
	world_end(w);
}

static void what_comes_back_is_there_once(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct feed *f = feed_of(w);
	struct note_fact fact = {.id = say(w, 1, "#again", VIS_PUBLIC, LANG("en")),
		.account = w->people[1],
		.language = LANG("en")};
	struct note_topic topic = {.name = S("again"), .shown = S("again")};
	for (int turn = 0; turn < 3; turn++) {
		rwlock_write(&f->world);
		world_remove(f, fact.id);
		world_topics(f, world_put(f, &fact), &topic, 1);
		world_remove(f, fact.id);
		world_topics(f, world_put(f, &fact), &topic, 1);
		rwlock_write_done(&f->world);
		if (turn)
			world_tidy(f, true);
		assert_int_equal(equals_rebuilt(w), 1);
	}
	assert_int_equal(f->free.n, 0);
	assert_int_equal(f->n_facts, 1);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_does_not_grow),
		cmocka_unit_test(the_thread_tidies_up),
		cmocka_unit_test(an_order_shows_only_its_own),
		cmocka_unit_test(what_comes_back_is_there_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
