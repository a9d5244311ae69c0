// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lists in which more is hidden, one after the other, than a page looks at: what may be seen is on the
// pages all the same, and no address that leads on tells of anything else. Of each list, on both
// databases: what was narrowed, what is of somebody suspended, before and after that is settled.
#include "accounts/accounts.sql.h"
#include "hidden.sql.h"
#include "notes/private.h"
#include "notifications/private.h"
#include "people.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define HIDDEN 10500
#define SHOWN 20
#define LIMIT 7
#define PLACES 12000

// Ids rise with each that is made: none is there twice.
struct stage {
	struct town t;
	int64_t last;
	note_id root, parent;
	str topic;
	struct page { // the last that was read, and where the next begins
		int64_t ids[LIMIT];
		ptrdiff_t n;
		bool more;
		int64_t next, rank;
		ms at;
	} page;
};

static void open_stage(struct stage *s, void *state)
{
	*s = (struct stage){.topic = S("crowd")};
	town_open(&s->t, state);
	s->last = id_floor(s->t.ctx->now - 30 * MS_DAY);
}

static int64_t make_ids(struct stage *s, int n)
{
	int64_t first = s->last + 1;
	s->last += n;
	return first;
}

// --- writing ------------------------------------------------------------------------------------

struct many {
	err (*fn)(struct ctx *, const struct many *, int64_t *made);
	int64_t first;
	int n;
	account_id account;
	note_id root, parent;
	enum visibility visibility;
	int circles, counted, listed;
	str topic;
	account_id actor;
	enum notification_kind kind;
};

static err write_many(struct ctx *ctx, void *arg)
{
	const struct many *m = arg;
	int64_t made;
	TRY(m->fn(ctx, m, &made));
	must(made == m->n);
	return OK;
}

static void make(struct stage *s, struct many m)
{
	assert_int_equal(store_write(s->t.ctx, write_many, &m), OK);
}

static err notes_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_notes(ctx, m->first, m->n, m->account, m->root, m->parent, m->visibility,
		MAX(m->circles, 1), m->counted, made);
}

static err topics_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_topics(ctx, m->first, m->n, m->account, m->topic, m->counted, made);
}

static err likes_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_likes(ctx, m->first, m->n, m->account, m->listed, made);
}

static err likers_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_likers(ctx, m->first, m->n, m->root, m->listed, made);
}

static err accounts_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_accounts(
		ctx, m->first, m->n, m->counted ? STANDING_GOOD : STANDING_SUSPENDED, made);
}

static err followers_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_followers(ctx, m->first, m->n, m->account, m->counted, made);
}

static err followed_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_followed(ctx, m->first, m->n, m->account, m->counted, made);
}

static err mentions_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_mentions(ctx, m->first, m->n, m->account, m->actor, REACH_NARROW, made);
}

static err told_fn(struct ctx *ctx, const struct many *m, int64_t *made)
{
	return many_told(ctx, m->first, m->n, m->account, m->kind, m->actor, m->root, made);
}

// Notes that are open to everyone, or comments under the root. Of somebody suspended they are counted until that is
// settled.
static int64_t notes_of_somebody(struct stage *s, account_id by, int n, bool counted)
{
	int64_t first = make_ids(s, n);
	make(s, (struct many){.fn = notes_fn,
			.first = first,
			.n = n,
			.account = by,
			.root = s->root,
			.parent = s->parent,
			.counted = counted});
	return first;
}

static int64_t open_notes(struct stage *s, account_id by, int n)
{
	return notes_of_somebody(s, by, n, true);
}

// For followers, for friends, for who is named, for the author alone, in turns.
static int64_t narrow_notes(struct stage *s, account_id by, int n)
{
	int64_t first = make_ids(s, n);
	make(s, (struct many){.fn = notes_fn,
			.first = first,
			.n = n,
			.account = by,
			.root = s->root,
			.parent = s->parent,
			.visibility = VIS_FOLLOWERS,
			.circles = VIS_ONLY_ME - VIS_FOLLOWERS + 1});
	return first;
}

static void suspend(struct stage *s, account_id id)
{
	assert_int_equal(account_set_standing(s->t.ctx, id, STANDING_SUSPENDED), OK);
}

// --- reading ------------------------------------------------------------------------------------

static err read_notes(struct stage *s, err failed, const struct note_page *page)
{
	TRY(failed);
	s->page.n = page->n;
	s->page.more = page->more;
	s->page.next = page->next.id.v;
	s->page.at = page->next.at;
	for (ptrdiff_t i = 0; i < page->n; i++)
		s->page.ids[i] = page->ids[i].v;
	return OK;
}

static err read_profile(struct stage *s)
{
	struct note_page page;
	err code = notes_of(s->t.ctx, s->t.ben, (note_id){s->page.next}, LIMIT, &page);
	return read_notes(s, code, &page);
}

static err read_topic(struct stage *s)
{
	struct note_page page;
	err code = notes_of_topic(s->t.ctx, s->topic, (note_id){s->page.next}, LIMIT, &page);
	return read_notes(s, code, &page);
}

static err read_likes(struct stage *s)
{
	struct note_page page;
	struct note_place from = {s->page.at, {s->page.next}};
	err code = likes_page(s->t.ctx, s->t.mod, from, LIMIT, &page);
	return read_notes(s, code, &page);
}

static err read_naming(struct stage *s)
{
	struct note_page page;
	err code = notes_naming(s->t.ctx, (note_id){s->page.next}, LIMIT, &page);
	return read_notes(s, code, &page);
}

static err read_comments(struct stage *s, err failed, const struct comment_page *page)
{
	TRY(failed);
	s->page.n = page->n;
	s->page.more = page->more;
	s->page.next = page->next.id.v;
	s->page.rank = page->next.rank;
	for (ptrdiff_t i = 0; i < page->n; i++)
		s->page.ids[i] = page->at[i].id.v;
	return OK;
}

static err read_first_level(struct stage *s, enum comment_order order)
{
	struct comment_page page;
	struct comment_cursor from = {s->page.rank, {s->page.next}};
	err code = comments_page(s->t.ctx, s->root, order, from, LIMIT, &page);
	return read_comments(s, code, &page);
}

static err read_newest(struct stage *s)
{
	return read_first_level(s, COMMENTS_NEWEST);
}

static err read_best(struct stage *s)
{
	return read_first_level(s, COMMENTS_BEST);
}

static err read_answers(struct stage *s)
{
	struct comment_page page;
	note_id after = {s->page.next};
	err code = comments_answers_after(s->t.ctx, s->parent, after, LIMIT, &page);
	return read_comments(s, code, &page);
}

static err read_people(struct stage *s, err failed, const struct person_page *page)
{
	TRY(failed);
	s->page.n = page->n;
	s->page.more = page->more;
	s->page.next = page->next.v;
	for (ptrdiff_t i = 0; i < page->n; i++)
		s->page.ids[i] = page->ids[i].v;
	return OK;
}

static err read_followers(struct stage *s)
{
	struct person_page page;
	err code = followers_page(s->t.ctx, s->t.ann, (account_id){s->page.next}, LIMIT, &page);
	return read_people(s, code, &page);
}

static err read_following(struct stage *s)
{
	struct person_page page;
	err code = following_page(s->t.ctx, s->t.ann, (account_id){s->page.next}, LIMIT, &page);
	return read_people(s, code, &page);
}

static err read_told(struct stage *s)
{
	struct notification_page page;
	notification_id before = {s->page.next};
	TRY(notifications_page(s->t.ctx, before, LIMIT, &page));
	s->page.n = page.n;
	s->page.more = page.more;
	s->page.next = page.next.v;
	for (ptrdiff_t i = 0; i < page.n; i++)
		s->page.ids[i] = page.at[i].id.v;
	return OK;
}

// Page by page these and no others, each full but the last; what leads on is the last one shown.
static void gives(struct stage *s, err (*read)(struct stage *), const int64_t *want, int n)
{
	int at = 0;
	s->page = (struct page){.more = true};
	while (s->page.more) {
		assert_int_equal(read(s), OK);
		assert_true(s->page.n <= n - at);
		for (ptrdiff_t i = 0; i < s->page.n; i++)
			assert_int_equal(s->page.ids[i], want[at++]);
		if (s->page.more)
			assert_int_equal(s->page.n, LIMIT);
		if (s->page.n)
			assert_int_equal(s->page.next, want[at - 1]);
	}
	assert_int_equal(at, n);
	store_done(s->t.ctx);
}

// Those that follow one another from the first.
static void gives_run(struct stage *s, err (*read)(struct stage *), int64_t first, bool falling)
{
	int64_t want[SHOWN];
	for (int i = 0; i < SHOWN; i++)
		want[i] = first + (falling ? SHOWN - 1 - i : i);
	gives(s, read, want, SHOWN);
}

static void gives_newest(struct stage *s, err (*read)(struct stage *), int64_t first)
{
	gives_run(s, read, first, true);
}

static void gives_oldest(struct stage *s, err (*read)(struct stage *), int64_t first)
{
	gives_run(s, read, first, false);
}

// --- notes --------------------------------------------------------------------------------------

// Those of one or two circles that are in a run of narrow notes, newest first, then what is open.
static int in_circles(int64_t *want, int64_t narrow, int circles, int64_t open)
{
	int n = 0;
	for (int i = HIDDEN - 1; i >= 0; i--)
		if (i % 4 < circles)
			want[n++] = narrow + i;
	for (int i = SHOWN - 1; i >= 0; i--)
		want[n++] = open + i;
	return n;
}

static void a_profile_shows_what_is_behind_narrow_notes(void **state)
{
	static int64_t want[PLACES];
	struct stage s;
	open_stage(&s, *state);
	int64_t open = open_notes(&s, s.t.ben, SHOWN);
	int64_t narrow = narrow_notes(&s, s.t.ben, HIDDEN);
	act_as_stranger(&s.t);
	gives_newest(&s, read_profile, open);
	act_as(&s.t, s.t.cleo);
	gives_newest(&s, read_profile, open);
	assert_int_equal(follow_add(s.t.ctx, s.t.ben), OK);
	gives(&s, read_profile, want, in_circles(want, narrow, 1, open));
	act_as(&s.t, s.t.ben);
	assert_int_equal(follow_add(s.t.ctx, s.t.cleo), OK);
	act_as(&s.t, s.t.cleo);
	gives(&s, read_profile, want, in_circles(want, narrow, 2, open));
	act_as(&s.t, s.t.ben);
	gives(&s, read_profile, want, in_circles(want, narrow, 4, open));
	town_close(&s.t);
}

static void who_is_named_finds_it_among_all_the_others(void **state)
{
	struct stage s;
	int64_t want[SHOWN + 1];
	struct note_draft named = {.body = S("for @cleo"), .visibility = VIS_MENTIONED};
	struct note_draft kept = {.body = S("not for @cleo"), .visibility = VIS_ONLY_ME};
	note_id id, other;
	open_stage(&s, *state);
	int64_t open = open_notes(&s, s.t.ben, SHOWN);
	act_as(&s.t, s.t.ben);
	named.created = id_time(make_ids(&s, 5 << 20)) + 2;
	assert_int_equal(notes_publish(s.t.ctx, &named, &id), OK);
	assert_int_equal(notes_publish(s.t.ctx, &kept, &other), OK);
	narrow_notes(&s, s.t.ben, HIDDEN);
	want[0] = id.v;
	for (int i = 0; i < SHOWN; i++)
		want[i + 1] = open + SHOWN - 1 - i;
	act_as(&s.t, s.t.cleo);
	gives(&s, read_profile, want, SHOWN + 1);
	// Of those whom she follows; others name her often, too.
	int64_t strangers = narrow_notes(&s, s.t.mod, 2000);
	make(&s, (struct many){.fn = mentions_fn,
			 .first = strangers,
			 .n = 2000,
			 .account = s.t.cleo,
			 .actor = s.t.mod});
	gives(&s, read_naming, want, 0);
	assert_int_equal(follow_add(s.t.ctx, s.t.ben), OK);
	gives(&s, read_naming, want, 1);
	act_as(&s.t, s.t.ben);
	named.visibility = VIS_ONLY_ME;
	assert_int_equal(notes_edit(s.t.ctx, id, &named), OK);
	act_as(&s.t, s.t.cleo);
	gives(&s, read_naming, want, 0);
	act_as(&s.t, s.t.ben);
	named.visibility = VIS_MUTUALS;
	assert_int_equal(notes_edit(s.t.ctx, id, &named), OK);
	act_as(&s.t, s.t.cleo);
	gives(&s, read_naming, want, 1);
	town_close(&s.t);
}

static void in_topic(struct stage *s, account_id author, int64_t first, int n, bool counted)
{
	make(s, (struct many){.fn = topics_fn,
			.first = first,
			.n = n,
			.account = author,
			.topic = s->topic,
			.counted = counted});
}

static void a_topic_shows_what_is_behind_the_suspended(void **state)
{
	struct stage s;
	struct note_page page;
	open_stage(&s, *state);
	int64_t open = open_notes(&s, s.t.ben, SHOWN);
	in_topic(&s, s.t.ben, open, SHOWN, true);
	for (int settled = 0; settled < 2; settled++)
		in_topic(&s, s.t.cleo, notes_of_somebody(&s, s.t.cleo, HIDDEN, !settled), HIDDEN,
			!settled);
	suspend(&s, s.t.cleo);
	act_as_stranger(&s.t);
	gives_newest(&s, read_topic, open);
	act_as(&s.t, s.t.ann);
	gives_newest(&s, read_topic, open);
	assert_int_equal(account_set_standing(s.t.ctx, s.t.cleo, STANDING_GOOD), OK);
	assert_int_equal(notes_of_topic(s.t.ctx, s.topic, (note_id){0}, LIMIT, &page), OK);
	assert_int_equal(page.ids[0].v, s.last - HIDDEN);
	town_close(&s.t);
}

static void likes_many(struct stage *s, int64_t first, int n, enum like_list list)
{
	make(s, (struct many){.fn = likes_fn,
			.first = first,
			.n = n,
			.account = s->t.mod,
			.listed = (int)list});
}

// Comments, narrow notes, notes of somebody suspended.
static void what_somebody_likes_shows_what_is_behind_the_hidden(void **state)
{
	struct stage s;
	open_stage(&s, *state);
	int64_t open = open_notes(&s, s.t.ben, SHOWN);
	likes_many(&s, open, SHOWN, LISTED_OPEN);
	int64_t narrow = narrow_notes(&s, s.t.ben, HIDDEN);
	likes_many(&s, narrow, HIDDEN, LISTED_NARROW);
	likes_many(&s, open_notes(&s, s.t.cleo, HIDDEN), HIDDEN, LISTED_OPEN);
	likes_many(&s, notes_of_somebody(&s, s.t.cleo, HIDDEN, false), HIDDEN, LISTED_NARROW);
	s.root = (note_id){open};
	likes_many(&s, open_notes(&s, s.t.ann, HIDDEN), HIDDEN, LISTED_NOWHERE);
	suspend(&s, s.t.cleo);
	act_as_stranger(&s.t);
	gives_newest(&s, read_likes, open);
	act_as(&s.t, s.t.ann);
	gives_newest(&s, read_likes, open);
	// Fewer than are looked at: who may see some of them does.
	assert_int_equal(follow_add(s.t.ctx, s.t.ben), OK);
	s.page = (struct page){.at = narrow + 1, .next = narrow + 1};
	assert_int_equal(read_likes(&s), OK);
	assert_int_equal(s.page.ids[0], narrow);
	for (int i = 1; i < LIMIT; i++)
		assert_int_equal(s.page.ids[i], open + SHOWN - i);
	town_close(&s.t);
}

static int64_t in_list(struct stage *s, note_id note, enum like_list list)
{
	struct likers_in_row row;
	assert_int_equal(likers_in(s->t.ctx, note, list, &row), OK);
	store_done(s->t.ctx);
	return row.n;
}

static void all_likes_are_in_their_lists(struct stage *s, int64_t unsettled)
{
	struct recount r;
	assert_int_equal(notes_recount(s->t.ctx, false, &r), OK);
	assert_int_equal(r.standing, unsettled);
	store_done(s->t.ctx);
}

// Likes of a note follow it from list to list, very many of them by a job.
static void likes_go_with_their_note_from_list_to_list(void **state)
{
	struct stage s;
	struct recount r;
	struct note_draft draft = {.body = S("text")};
	int n = 3 * (int)list_rows + 1;
	open_stage(&s, *state);
	s.root = say(&s.t, s.t.ben, "", "text", VIS_PUBLIC);
	note_id comment = comment_on(&s.t, s.t.ben, s.root, "of it", VIS_PUBLIC);
	make(&s, (struct many){.fn = likers_fn,
			 .first = make_ids(&s, n),
			 .n = n,
			 .root = s.root,
			 .listed = LISTED_OPEN});
	int64_t likes;
	note_id small = say(&s.t, s.t.ben, "", "liked once", VIS_PUBLIC);
	act_as(&s.t, s.t.cleo);
	assert_int_equal(like_add(s.t.ctx, s.root, &likes), OK);
	assert_int_equal(like_add(s.t.ctx, comment, &likes), OK);
	assert_int_equal(like_add(s.t.ctx, small, &likes), OK);
	assert_int_equal(in_list(&s, comment, LISTED_NOWHERE), 1);
	for (int turn = 0; turn < 2; turn++) {
		draft.visibility = VIS_FOLLOWERS;
		act_as(&s.t, s.t.ben);
		assert_int_equal(notes_edit(s.t.ctx, s.root, &draft), OK);
		if (!turn) { // nothing does jobs yet
			assert_int_equal(in_list(&s, s.root, LISTED_NARROW), list_rows);
			assert_int_equal(notes_recount(s.t.ctx, false, &r), OK);
			assert_int_equal(r.standing, 1); // a job is at it
		}
		do_jobs(&s.t);
		assert_int_equal(in_list(&s, s.root, LISTED_NARROW), n + 1);
		draft.visibility = VIS_UNLISTED;
		act_as(&s.t, s.t.ben);
		assert_int_equal(notes_edit(s.t.ctx, s.root, &draft), OK);
		do_jobs(&s.t);
		assert_int_equal(in_list(&s, s.root, LISTED_OPEN), n + 1);
		all_likes_are_in_their_lists(&s, 0);
	}
	suspend(&s, s.t.ben);
	do_jobs(&s.t);
	assert_int_equal(in_list(&s, s.root, LISTED_NARROW), n + 1);
	assert_int_equal(in_list(&s, small, LISTED_NARROW), 1);
	assert_int_equal(account_set_standing(s.t.ctx, s.t.ben, STANDING_GOOD), OK);
	do_jobs(&s.t);
	assert_int_equal(in_list(&s, s.root, LISTED_OPEN), n + 1);
	assert_int_equal(in_list(&s, small, LISTED_OPEN), 1);
	assert_int_equal(in_list(&s, comment, LISTED_NOWHERE), 1);
	all_likes_are_in_their_lists(&s, 0);
	town_close(&s.t);
}

static err misplace(struct ctx *ctx, void *arg)
{
	const struct many *m = arg;
	return likings_set_listed(ctx, m->root, &m->account, 1, LISTED_NARROW);
}

static void a_like_in_the_wrong_list_is_found_and_put_right(void **state)
{
	struct stage s;
	struct recount r;
	int64_t likes;
	open_stage(&s, *state);
	s.root = say(&s.t, s.t.ben, "", "text", VIS_PUBLIC);
	act_as(&s.t, s.t.cleo);
	assert_int_equal(like_add(s.t.ctx, s.root, &likes), OK);
	struct many one = {.root = s.root, .account = s.t.cleo};
	assert_int_equal(store_write(s.t.ctx, misplace, &one), OK);
	assert_int_equal(notes_recount(s.t.ctx, true, &r), OK);
	assert_int_equal(r.standing, 1);
	assert_int_equal(in_list(&s, s.root, LISTED_OPEN), 1);
	all_likes_are_in_their_lists(&s, 0);
	town_close(&s.t);
}

// --- comments -----------------------------------------------------------------------------------

// Of somebody who is to be suspended, settled and not.
static void comments_of_cleo(struct stage *s)
{
	notes_of_somebody(s, s->t.cleo, HIDDEN, true);
	notes_of_somebody(s, s->t.cleo, HIDDEN, false);
}

static void comments_show_what_is_between_the_hidden(void **state)
{
	struct stage s;
	open_stage(&s, *state);
	s.root = say(&s.t, s.t.ann, "Root", "", VIS_PUBLIC);
	narrow_notes(&s, s.t.ben, HIDDEN);
	comments_of_cleo(&s);
	int64_t first = open_notes(&s, s.t.mod2, SHOWN);
	comments_of_cleo(&s);
	narrow_notes(&s, s.t.ben, HIDDEN);
	suspend(&s, s.t.cleo);
	const account_id nobody = {0}, readers[] = {nobody, s.t.mod};
	for (int i = 0; i < COUNT(readers); i++) {
		act_as_stranger(&s.t);
		if (readers[i].v)
			act_as(&s.t, readers[i]);
		gives_newest(&s, read_newest, first);
		gives_oldest(&s, read_best, first); // all of one rank
	}
	// Who wrote them sees them.
	act_as(&s.t, s.t.ben);
	s.page = (struct page){0};
	assert_int_equal(read_newest(&s), OK);
	assert_int_equal(s.page.n, LIMIT);
	assert_int_equal(s.page.ids[0], s.last);
	town_close(&s.t);
}

static void answers_show_what_is_between_the_hidden(void **state)
{
	struct stage s;
	struct note *short_list;
	struct note root;
	ptrdiff_t n;
	open_stage(&s, *state);
	s.root = say(&s.t, s.t.ann, "Root", "", VIS_PUBLIC);
	s.parent = comment_on(&s.t, s.t.mod2, s.root, "first", VIS_PUBLIC);
	narrow_notes(&s, s.t.ben, HIDDEN);
	comments_of_cleo(&s);
	int64_t first = open_notes(&s, s.t.mod2, SHOWN);
	suspend(&s, s.t.cleo);
	for (int i = 0; i < 2; i++) {
		if (i)
			act_as(&s.t, s.t.mod);
		else
			act_as_stranger(&s.t);
		gives_oldest(&s, read_answers, first);
		assert_int_equal(notes_get(s.t.ctx, s.root, &root), OK);
		assert_int_equal(
			comments_answers(s.t.ctx, &root, &s.parent, 1, 3, &short_list, &n), OK);
		assert_int_equal(n, 3);
		assert_int_equal(short_list[0].id.v, first);
		store_done(s.t.ctx);
	}
	town_close(&s.t);
}

// --- people -------------------------------------------------------------------------------------

static void people_are_shown_behind_the_suspended(void **state)
{
	for (int settled = 0; settled < 2; settled++) {
		struct stage s;
		open_stage(&s, *state);
		int64_t away = make_ids(&s, HIDDEN), there = make_ids(&s, SHOWN);
		make(&s, (struct many){.fn = accounts_fn, .first = away, .n = HIDDEN});
		make(&s,
			(struct many){.fn = accounts_fn, .first = there, .n = SHOWN, .counted = 1});
		struct many follows[] = {{.fn = followers_fn, .account = s.t.ann},
			{.fn = followed_fn, .account = s.t.ann}};
		for (int i = 0; i < COUNT(follows); i++) {
			follows[i].first = away;
			follows[i].n = HIDDEN;
			follows[i].counted = !settled;
			make(&s, follows[i]);
			follows[i].first = there;
			follows[i].n = SHOWN;
			follows[i].counted = 1;
			make(&s, follows[i]);
		}
		act_as_stranger(&s.t);
		gives_oldest(&s, read_followers, there);
		gives_oldest(&s, read_following, there);
		town_close(&s.t);
	}
}

// --- notifications ------------------------------------------------------------------------------

struct places {
	int64_t n[3];
};

static struct places where(struct stage *s, account_id who)
{
	struct told_aside_row *rows;
	struct places out = {0};
	ptrdiff_t n;
	assert_int_equal(told_aside(s->t.ctx, who, &rows, &n), OK);
	for (ptrdiff_t i = 0; i < n; i++)
		out.n[rows[i].aside] = rows[i].n;
	store_done(s->t.ctx);
	return out;
}

static void stand(
	struct stage *s, account_id who, int64_t in_list, int64_t not_so, int64_t not_there)
{
	struct places p = where(s, who);
	assert_int_equal(p.n[TOLD_IN_LIST], in_list);
	assert_int_equal(p.n[TOLD_NOT_SO], not_so);
	assert_int_equal(p.n[TOLD_NOT_THERE], not_there);
}

static int64_t told_by(struct stage *s, account_id actor, note_id note, int n)
{
	int64_t first = make_ids(s, n);
	make(s, (struct many){.fn = told_fn,
			.first = first,
			.n = n,
			.account = s->t.ann,
			.actor = actor,
			.root = note,
			.kind = NOTE_COMMENTED});
	return first;
}

static int64_t unread(struct stage *s)
{
	int64_t n;
	act_as(&s->t, s->t.ann);
	assert_int_equal(notifications_unread(s->t.ctx, &n), OK);
	store_done(s->t.ctx);
	return n;
}

static void notifications_show_what_is_behind_the_hidden(void **state)
{
	struct stage s;
	struct note_draft draft = {.body = S("text"), .visibility = VIS_FOLLOWERS};
	open_stage(&s, *state);
	note_id own = say(&s.t, s.t.ann, "Own", "", VIS_PUBLIC);
	note_id other = say(&s.t, s.t.mod, "Of somebody else", "", VIS_PUBLIC);
	do_jobs(&s.t);
	int64_t first = told_by(&s, s.t.ben, own, SHOWN);
	told_by(&s, s.t.cleo, own, HIDDEN);
	told_by(&s, s.t.ben, other, HIDDEN);
	suspend(&s, s.t.cleo);
	act_as(&s.t, s.t.mod);
	assert_int_equal(notes_edit(s.t.ctx, other, &draft), OK);
	act_as(&s.t, s.t.ann);
	gives_newest(&s, read_told, first);
	assert_int_equal(unread(&s), SHOWN);
	do_jobs(&s.t);
	stand(&s, s.t.ann, SHOWN, HIDDEN, HIDDEN); // read past no more
	act_as(&s.t, s.t.ann);
	gives_newest(&s, read_told, first);
	assert_int_equal(unread(&s), SHOWN);
	// What she may read again comes back: one by one what may bring it.
	act_as(&s.t, s.t.ann);
	assert_int_equal(follow_add(s.t.ctx, s.t.mod), OK);
	do_jobs(&s.t);
	stand(&s, s.t.ann, SHOWN + HIDDEN, HIDDEN, 0);
	assert_int_equal(unread(&s), 1000);
	assert_int_equal(account_set_standing(s.t.ctx, s.t.cleo, STANDING_GOOD), OK);
	do_jobs(&s.t);
	stand(&s, s.t.ann, SHOWN + 2 * HIDDEN, 0, 0);
	town_close(&s.t);
}

#define SOME 300

static void look_and_work(struct stage *s, ptrdiff_t want)
{
	struct notification_page page;
	act_as(&s->t, s->t.ann);
	assert_int_equal(notifications_page(s->t.ctx, (notification_id){0}, 2 * SOME, &page), OK);
	assert_int_equal(page.n, want);
	store_done(s->t.ctx);
	do_jobs(&s->t);
}

static void all_come_back_when_their_note_does(void **state)
{
	struct stage s;
	struct note_draft draft = {.body = S("text")};
	open_stage(&s, *state);
	note_id other = say(&s.t, s.t.mod, "Of somebody else", "", VIS_PUBLIC);
	do_jobs(&s.t);
	told_by(&s, s.t.ben, other, SOME);
	for (int turn = 0; turn < 2; turn++) {
		// Narrowed and opened; its author suspended and back.
		draft.visibility = VIS_ONLY_ME;
		act_as(&s.t, s.t.mod);
		assert_int_equal(notes_edit(s.t.ctx, other, &draft), OK);
		look_and_work(&s, 0);
		stand(&s, s.t.ann, 0, 0, SOME);
		draft.visibility = turn ? VIS_PUBLIC : VIS_FOLLOWERS;
		act_as(&s.t, s.t.mod);
		assert_int_equal(notes_edit(s.t.ctx, other, &draft), OK);
		do_jobs(&s.t);
		stand(&s, s.t.ann, SOME, 0, 0);
		act_as(&s.t, s.t.ann);
		assert_int_equal(follow_add(s.t.ctx, s.t.mod), OK);
		look_and_work(&s, SOME);
		suspend(&s, s.t.mod);
		look_and_work(&s, 0);
		look_and_work(&s, 0); // what was put aside before all was settled came back
		stand(&s, s.t.ann, 0, 0, SOME);
		assert_int_equal(account_set_standing(s.t.ctx, s.t.mod, STANDING_GOOD), OK);
		do_jobs(&s.t);
		look_and_work(&s, SOME);
	}
	// Those of which nothing is left go whole.
	act_as(&s.t, s.t.mod);
	draft.visibility = VIS_ONLY_ME;
	assert_int_equal(notes_edit(s.t.ctx, other, &draft), OK);
	look_and_work(&s, 0);
	act_as(&s.t, s.t.mod);
	assert_int_equal(notes_delete(s.t.ctx, other), OK);
	do_jobs(&s.t);
	stand(&s, s.t.ann, 0, 0, 0);
	town_close(&s.t);
}

// A like that is taken back, with very many others; and given once more.
static void what_is_told_again_comes_back(void **state)
{
	struct stage s;
	int64_t likes;
	open_stage(&s, *state);
	note_id own = say(&s.t, s.t.ann, "Own", "", VIS_PUBLIC);
	act_as(&s.t, s.t.ben);
	assert_int_equal(like_add(s.t.ctx, own, &likes), OK);
	do_jobs(&s.t);
	told_by(&s, s.t.cleo, own, SOME);
	act_as(&s.t, s.t.ben);
	assert_int_equal(like_remove(s.t.ctx, own, &likes), OK);
	suspend(&s, s.t.cleo);
	look_and_work(&s, 0);
	stand(&s, s.t.ann, 0, SOME + 1, 0);
	assert_int_equal(unread(&s), 0);
	act_as(&s.t, s.t.ben);
	assert_int_equal(like_add(s.t.ctx, own, &likes), OK);
	do_jobs(&s.t);
	stand(&s, s.t.ann, 1, SOME, 0);
	assert_int_equal(unread(&s), 1);
	look_and_work(&s, 1);
	town_close(&s.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_shows_what_is_behind_narrow_notes),
		cmocka_unit_test(who_is_named_finds_it_among_all_the_others),
		cmocka_unit_test(a_topic_shows_what_is_behind_the_suspended),
		cmocka_unit_test(what_somebody_likes_shows_what_is_behind_the_hidden),
		cmocka_unit_test(likes_go_with_their_note_from_list_to_list),
		cmocka_unit_test(a_like_in_the_wrong_list_is_found_and_put_right),
		cmocka_unit_test(comments_show_what_is_between_the_hidden),
		cmocka_unit_test(answers_show_what_is_between_the_hidden),
		cmocka_unit_test(people_are_shown_behind_the_suspended),
		cmocka_unit_test(notifications_show_what_is_behind_the_hidden),
		cmocka_unit_test(all_come_back_when_their_note_does),
		cmocka_unit_test(what_is_told_again_comes_back),
	};
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	return run_on_both(tests);
}
