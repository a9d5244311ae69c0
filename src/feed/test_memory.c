// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Memory for less than there is: the newest notes and the most loved are in it, and whoever reads on beyond
// reads the same as from memory that has everything.
#include "feed/test_life.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#define BACKLOG 900
#define BOUND 24000 // bytes: some 300 notes
#define LOVED_EACH 40

struct backlog {
	struct world *w;
	note_id ids[BACKLOG]; // the newest first
};
static struct backlog backlog;

// An hour between each; every fortieth is loved. The very oldest spells a topic that newer ones have.
static err publish_backlog(struct ctx *ctx, void *arg)
{
	struct backlog *b = arg;
	ms now = clock_now() - MS_HOUR;
	int64_t likes;
	for (int i = 0; i < BACKLOG; i++) {
		struct note_draft draft = {.body = str_fmt(ctx->mem, "x%s",
						   i == BACKLOG - 1 ? " #anCient"
						   : i % 100 == 5   ? " #Ancient"
								    : ""),
			.visibility = i % 9 == 4   ? VIS_FOLLOWERS
				      : i % 9 == 7 ? VIS_MUTUALS
						   : VIS_PUBLIC,
			.language = LANG("en"),
			.created = now - i * MS_HOUR};
		ctx->viewer =
			(struct viewer){.account = b->w->people[i % PEOPLE], .role = ROLE_MEMBER};
		TRY(notes_publish(ctx, &draft, &b->ids[i]));
		ctx->viewer.account = b->w->people[(i + 1) % PEOPLE];
		if (i % LOVED_EACH == 0 && draft.visibility == VIS_PUBLIC)
			TRY(like_add(ctx, b->ids[i], &likes));
	}
	for (int i = 0; i < PEOPLE; i++)
		for (int k = 1; k < 6; k++) {
			ctx->viewer.account = b->w->people[i];
			TRY(follow_add(ctx, b->w->people[(i + k * k) % PEOPLE]));
		}
	return OK;
}

static struct world *old_world(int64_t bound)
{
	struct world *w = world_new();
	backlog.w = w;
	w->keeps = true;
	w->bound = bound;
	assert_int_equal(store_write(&w->ctx, publish_backlog, &backlog), OK);
	let_go(w);
	return w;
}

// Everybody reads what they read where everything is in memory.
static void reads_as_if_whole(struct world *w)
{
	struct feed *f = w->house.feed;
	int64_t bound = w->bound;
	w->bound = 0;
	w->keeps = false;
	struct feed *whole = feed_of(w);
	assert_int_equal(cut_of(whole), 0);
	w->bound = bound;
	w->keeps = true;
	same_following(w, f, whole);
	w->house.feed = f;
	let_go(w);
}

// Who follows very many reads the same.
static void as_one_of_many(void **state)
{
	(void)state;
	struct world *w = old_world(BOUND * 3 / 2);
	follow_crowd(w, 0, true);
	struct feed *f = feed_of(w);
	assert_true(cut_of(f) > backlog.ids[600].v);
	reads_as_if_whole(w);
	world_end(w);
}

static bool is_here(struct feed *f, note_id id)
{
	uint32_t index;
	rwlock_read(&f->world);
	bool here = world_find(f, id, &index);
	rwlock_read_done(&f->world);
	return here;
}

static int n_here(struct feed *f, int from, int to)
{
	int n = 0;
	for (int i = from; i < to; i++)
		n += is_here(f, backlog.ids[i]);
	return n;
}

static bool explored(struct world *w, note_id id)
{
	static struct read r;
	bool found = false;
	r = (struct read){0};
	snapshot_make(w->house.feed);
	read_explore(w, (str){0}, NULL, 0, 50, (str){0}, &r);
	for (ptrdiff_t i = 0; i < r.n; i++)
		found |= r.ids[i].v == id.v;
	let_go(w);
	return found;
}

static bool follows_see(struct world *w, note_id id)
{
	static struct read r;
	bool found = false;
	for (int who = 0; who < PEOPLE; who++) {
		r = (struct read){0};
		read_following(w, w->people[who], 30, &r);
		for (ptrdiff_t i = 0; i < r.n; i++)
			found |= r.ids[i].v == id.v;
		let_go(w);
	}
	return found;
}

static void the_newest_and_the_loved_stay(void **state)
{
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	assert_true(cut_of(f) > 0 && cut_of(f) < backlog.ids[100].v);
	assert_true(bytes_used(f) <= BOUND);
	assert_int_equal(n_here(f, 0, 200), 200);
	for (int i = 0; i < BACKLOG; i++) {
		bool loved = i % LOVED_EACH == 0 && i % 9 != 4 && i % 9 != 7;
		assert_int_equal(
			is_here(f, backlog.ids[i]), loved || backlog.ids[i].v >= cut_of(f));
	}
	assert_true(explored(w, backlog.ids[800]));
	assert_false(explored(w, backlog.ids[801]));
	reads_as_if_whole(w);
	world_end(w);
}

static void what_changes_beyond_is_never_shown(void **state)
{
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	note_id gone = backlog.ids[701], narrowed = backlog.ids[705], of_few = backlog.ids[711],
		loved = backlog.ids[720];
	assert_true(follows_see(w, gone) && follows_see(w, narrowed) && explored(w, loved));
	assert_false(is_here(f, gone) || is_here(f, narrowed) || is_here(f, of_few));
	as(w, w->people[701 % PEOPLE]);
	assert_int_equal(notes_delete(&w->ctx, gone), OK);
	struct note_draft draft = {.body = S("x"), .visibility = VIS_ONLY_ME};
	as(w, w->people[705 % PEOPLE]);
	assert_int_equal(notes_edit(&w->ctx, narrowed, &draft), OK);
	draft.visibility = VIS_MUTUALS;
	as(w, w->people[711 % PEOPLE]);
	assert_int_equal(notes_edit(&w->ctx, of_few, &draft), OK);
	as(w, w->people[720 % PEOPLE]);
	assert_int_equal(notes_delete(&w->ctx, loved), OK);
	let_go(w);
	assert_false(follows_see(w, gone) || follows_see(w, loved) || explored(w, loved));
	reads_as_if_whole(w);
	assert_int_equal(account_set_standing(&w->ctx, w->people[3], STANDING_SUSPENDED), OK);
	assert_false(explored(w, backlog.ids[723]));
	reads_as_if_whole(w);
	world_end(w);
}

static void what_is_loved_comes_back(void **state)
{
	int64_t likes;
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	note_id old = backlog.ids[801], few = backlog.ids[805];
	assert_int_equal(801 % 9 == 4 || 801 % 9 == 7, 0);
	assert_int_equal(805 % 9, 4); // for followers: never in explore
	assert_false(explored(w, old));
	for (int i = 0; i < PEOPLE && !is_here(f, old); i++) {
		as(w, w->people[i]);
		assert_int_equal(like_add(&w->ctx, old, &likes), OK);
		assert_int_equal(is_here(f, old), likes >= f->loved_least);
		err ignored = like_add(&w->ctx, few, &likes);
		(void)ignored;
		let_go(w);
	}
	assert_true(explored(w, old));
	assert_false(is_here(f, few));
	reads_as_if_whole(w);
	world_end(w);
}

// Much is written, liked, narrowed, deleted and dated back, while memory is full.
static void a_life_in_little_memory(void **state)
{
	static struct life l;
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	l = (struct life){0};
	for (int i = 0; i < BACKLOG; i += 3)
		l.notes[l.n_notes++] = backlog.ids[i];
	dice_seed(11);
	for (int turn = 0; turn < 3; turn++) {
		int64_t cut = cut_of(f);
		for (int i = 0; i < 250; i++)
			live_once(w, &l);
		reads_as_if_whole(w);
		for (int i = 0; i < 120; i++)
			say(w, i % PEOPLE, "on and on #tea", VIS_PUBLIC, LANG("en"));
		world_shed(f);
		assert_true(cut_of(f) > cut && bytes_used(f) <= BOUND);
		world_restart(w);
		f = feed_of(w);
		assert_true(f->reloaded);
	}
	reads_as_if_whole(w);
	world_end(w);
}

static void the_file_knows_of_the_bound(void **state)
{
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	assert_false(f->reloaded);
	int64_t cut = cut_of(f);
	int here = n_here(f, 0, BACKLOG);
	world_restart(w);
	f = feed_of(w);
	assert_true(f->reloaded && cut_of(f) == cut && bytes_used(f) <= BOUND);
	assert_in_range(
		n_here(f, 0, BACKLOG), here, here + 100); // the first page is read before the file
	reads_as_if_whole(w);
	w->bound = BOUND / 2; // less
	world_restart(w);
	f = feed_of(w);
	assert_true(f->reloaded && cut_of(f) > cut && bytes_used(f) <= BOUND / 2);
	reads_as_if_whole(w);
	say(w, 0, "so that a file is made", VIS_PUBLIC, LANG("en"));
	w->bound = BOUND; // more than it was made for
	world_restart(w);
	f = feed_of(w);
	assert_false(f->reloaded);
	assert_in_range(n_here(f, 0, BACKLOG), here - 5, here + 5);
	w->bound = 0;
	world_restart(w);
	f = feed_of(w);
	assert_int_equal(cut_of(f), 0);
	assert_int_equal(n_here(f, 0, BACKLOG), BACKLOG);
	world_end(w);
}

static bool is_spelled(struct world *w, const char *shown)
{
	struct feed_topic *tabs;
	ptrdiff_t n;
	assert_int_equal(feed_topics(&w->ctx, S("ancient"), NULL, 0, 1, &tabs, &n), OK);
	assert_int_equal(n, 1);
	return str_eq(tabs[0].shown, str_from(shown));
}

static void topics_are_spelled_as_now(void **state)
{
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	note_id first = backlog.ids[BACKLOG - 1];
	assert_false(is_here(f, first));
	assert_true(is_spelled(w, "anCient"));
	as(w, w->people[(BACKLOG - 1) % PEOPLE]);
	assert_int_equal(notes_delete(&w->ctx, first), OK);
	for (ms deadline = clock_steady() + 20 * MS_SECOND; !is_spelled(w, "Ancient");) {
		assert_true(clock_steady() < deadline); // by the feed's thread
		let_go(w);
	}
	world_end(w);
}

// A page of the past was read before somebody narrowed a note of it that memory has no room for.
static void what_is_narrowed_meanwhile_stays_narrow(void **state)
{
	struct page p;
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	note_id old = backlog.ids[801];
	assert_false(is_here(f, old));
	rwlock_write(&f->world);
	f->rebuilding = true;
	rwlock_write_done(&f->world);
	assert_int_equal(page_of(&w->ctx, &old, 1, &p), OK);
	p.facts[0].likes = 1000; // so that there would be room
	struct note_draft draft = {.body = S("x"), .visibility = VIS_FOLLOWERS};
	as(w, w->people[801 % PEOPLE]);
	assert_int_equal(notes_edit(&w->ctx, old, &draft), OK);
	assert_false(is_here(f, old));
	rwlock_write(&f->world);
	put_page(f, &p);
	f->rebuilding = false;
	rwlock_write_done(&f->world);
	assert_false(is_here(f, old));
	world_end(w);
}

#define MANY 9000    // more than two pieces of a file
#define LOVED_OF 300 // the oldest of them

// Notes of memory alone, a minute between each. Only the oldest have topics, and love.
static void fill(struct feed *f)
{
	ms now = clock_now() - MS_HOUR;
	rwlock_write(&f->world);
	for (int i = 0; i < MANY; i++) {
		bool loved = i >= MANY - LOVED_OF;
		struct note_fact fact = {.id = {id_past(now - i * MS_MINUTE)},
			.account = {1000 + i % 50},
			.language = LANG("en"),
			.likes = loved ? 20 : 0};
		struct note_topic topic = {.name = S("old"), .shown = S("Old")};
		world_topics(f, world_put(f, &fact), &topic, loved);
	}
	rwlock_write_done(&f->world);
	atomic_fetch_add(&f->changes, 1); // so that it is kept
}

// Memory is full before the file has told of the notes that its last topics are for.
static void topics_wait_for_their_notes(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->keeps = true;
	say(w, 0, "the newest", VIS_PUBLIC, LANG("en"));
	fill(feed_of(w));
	w->bound = 120000;
	world_restart(w);
	struct feed *f = feed_of(w);
	assert_true(f->reloaded && cut_of(f) > 0);
	rwlock_read(&f->world);
	uintptr_t place = (uintptr_t)strmap_get(&f->by_topic, S("old"));
	assert_true(place > 0);
	const struct timeline *notes = &f->topics.at[place - 1].notes;
	assert_int_equal(notes->n_fresh + notes->n_old, LOVED_OF);
	rwlock_read_done(&f->world);
	world_end(w);
}

// The list of who follows very many, and its bits.
static void lists_are_counted(void **state)
{
	(void)state;
	struct world *w = world_new();
	follow_crowd(w, 0, false);
	struct feed *f = feed_of(w);
	rwlock_write(&f->world);
	for (int i = 0; i < 100000; i++)
		(void)world_author(f, (account_id){(int64_t)1000000 + i});
	rwlock_write_done(&f->world);
	assert_int_equal(follows_load(&w->ctx, f, w->people[0]), OK); // they are known now
	rwlock_write(&f->world);
	follows_give(f);
	rwlock_write_done(&f->world);
	int64_t before = bytes_used(f);
	assert_int_equal(follows_load(&w->ctx, f, w->people[0]), OK);
	int64_t bytes = CROWD * (int64_t)sizeof(uint32_t) + 100000 / 8;
	assert_in_range(bytes_used(f) - before, bytes, 2 * bytes);
	rwlock_write(&f->world);
	follows_give(f);
	assert_int_equal(f->follows_bytes, 0);
	rwlock_write_done(&f->world);
	world_end(w);
}

// Who serves all others leaves what reads long to a worker.
static void a_listener_reads_no_past(void **state)
{
	(void)state;
	struct world *w = old_world(BOUND);
	struct feed *f = feed_of(w);
	struct feed_entries page;
	str deep = str_fmt(w->ctx.mem, "%lld", (long long)cut_of(f) - 1);
	as(w, w->people[0]);
	assert_int_equal(feed_following(&w->ctx, deep, 20, &page), OK);
	assert_int_equal(page.n, 20);
	if (!store_is_postgres(w->house.store)) {
		thread_is(THREAD_LISTENER, "listener");
		assert_int_equal(feed_following(&w->ctx, (str){0}, 20, &page), OK);
		assert_int_equal(feed_following(&w->ctx, deep, 20, &page), ERR_UNAVAILABLE);
		thread_is(THREAD_MAIN, "main");
	}
	let_go(w);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_and_the_loved_stay),
		cmocka_unit_test(what_changes_beyond_is_never_shown),
		cmocka_unit_test(as_one_of_many),
		cmocka_unit_test(what_is_loved_comes_back),
		cmocka_unit_test(a_life_in_little_memory),
		cmocka_unit_test(the_file_knows_of_the_bound),
		cmocka_unit_test(topics_are_spelled_as_now),
		cmocka_unit_test(what_is_narrowed_meanwhile_stays_narrow),
		cmocka_unit_test(topics_wait_for_their_notes),
		cmocka_unit_test(lists_are_counted),
		cmocka_unit_test(a_listener_reads_no_past),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
