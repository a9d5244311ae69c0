// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Decks of cards on a real database: warm ones ask it nothing, and show every change at once.
#include "notifications/notifications.h"
#include "people.h"
#include "web/card.h"
#include "web/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

static void open_town(struct town *t, void **state)
{
	town_open(t, *state);
	assert_int_equal(web_room.start(t->ctx), OK);
}

static void close_town(struct town *t)
{
	web_room.stop(t->ctx);
	town_close(t);
}

static struct deck load(struct town *t, const note_id *ids, ptrdiff_t n)
{
	struct deck d;
	assert_int_equal(deck_load(t->ctx, ids, n, true, S(""), &d), OK);
	store_done(t->ctx);
	return d;
}

// Without a store every statement would end the program.
static struct deck load_from_memory(struct town *t, const note_id *ids, ptrdiff_t n)
{
	struct house blind = *t->ctx->house, *house = t->ctx->house;
	blind.store = NULL;
	t->ctx->house = &blind;
	struct deck d = load(t, ids, n);
	t->ctx->house = house;
	return d;
}

static bool shows(const struct deck *d, ptrdiff_t i, const char *what)
{
	return str_find(d->at[i].card.written.text, str_from(what)) >= 0;
}

static void warm_cards_ask_nothing(void **state)
{
	struct town t;
	open_town(&t, state);
	note_id ids[] = {say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC),
		say(&t, t.ben, "Tea", "Green", VIS_PUBLIC)};
	act_as(&t, t.cleo);
	struct deck cold = load(&t, ids, 2), warm = load_from_memory(&t, ids, 2);
	assert_int_equal(cold.n, 2);
	assert_int_equal(warm.n, 2);
	for (int i = 0; i < 2; i++) {
		struct out a = out_new(t.ctx, LOCALE_EN, 1000), b = out_new(t.ctx, LOCALE_EN, 1000);
		deck_write(&a, &cold, i);
		deck_write(&b, &warm, i);
		assert_true(str_eq(out_done(&a).s, out_done(&b).s));
	}
	assert_true(shows(&warm, 0, "Bread") && shows(&warm, 1, "Tea"));
	act_as_stranger(&t);
	assert_int_equal(load_from_memory(&t, ids, 2).n, 2);
	close_town(&t);
}

static void a_like_is_counted_for_all_and_pressed_for_one(void **state)
{
	struct town t;
	int64_t likes;
	open_town(&t, state);
	note_id id = say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC);
	act_as(&t, t.ben);
	assert_false(load(&t, &id, 1).at[0].liked);
	act_as(&t, t.cleo);
	assert_false(load(&t, &id, 1).at[0].liked);
	act_as(&t, t.ben);
	assert_int_equal(like_add(t.ctx, id, &likes), OK);
	struct deck d = load(&t, &id, 1); // the number is read anew, and nothing else
	assert_true(d.at[0].liked);
	assert_int_equal(d.at[0].card.likes, 1);
	act_as(&t, t.cleo);
	d = load_from_memory(&t, &id, 1);
	assert_false(d.at[0].liked);
	assert_int_equal(d.at[0].card.likes, 1);
	act_as(&t, t.ben);
	assert_int_equal(like_remove(t.ctx, id, &likes), OK);
	load(&t, &id, 1);
	d = load_from_memory(&t, &id, 1);
	assert_false(d.at[0].liked);
	assert_int_equal(d.at[0].card.likes, 0);
	close_town(&t);
}

static void an_edit_shows_at_once_and_what_is_gone_is_gone(void **state)
{
	struct town t;
	open_town(&t, state);
	note_id ids[] = {say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC),
		say(&t, t.ann, "Tea", "Green", VIS_PUBLIC)};
	act_as_stranger(&t);
	load(&t, ids, 2);
	struct note_draft draft = {.title = S("Cake"), .body = S("Plums")};
	act_as(&t, t.ann);
	assert_int_equal(notes_edit(t.ctx, ids[0], &draft), OK);
	act_as_stranger(&t);
	struct deck d = load(&t, ids, 2);
	assert_true(shows(&d, 0, "Cake") && !shows(&d, 0, "Bread"));
	act_as(&t, t.ann);
	assert_int_equal(notes_delete(t.ctx, ids[0]), OK);
	draft = (struct note_draft){
		.title = S("Tea"), .body = S("Mine alone"), .visibility = VIS_ONLY_ME};
	assert_int_equal(notes_edit(t.ctx, ids[1], &draft), OK);
	act_as_stranger(&t);
	assert_int_equal(load(&t, ids, 2).n, 0);
	close_town(&t);
}

static void only_public_cards_are_kept(void **state)
{
	struct town t;
	open_town(&t, state);
	note_id ids[] = {say(&t, t.ann, "For friends", "Rye", VIS_FOLLOWERS),
		say(&t, t.ann, "By address", "Rye", VIS_UNLISTED)};
	act_as(&t, t.ann);
	assert_int_equal(load(&t, ids, 2).n, 2);
	assert_int_equal(shown_kept(t.ctx), 0);
	act_as_stranger(&t);
	assert_int_equal(load(&t, ids, 1).n, 0);
	close_town(&t);
}

static void a_new_name_shows_and_the_suspended_disappear(void **state)
{
	struct town t;
	open_town(&t, state);
	note_id id = say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC);
	act_as_stranger(&t);
	load(&t, &id, 1);
	act_as(&t, t.ann);
	struct profile_edit edit = {.display = S("Ann the Baker")};
	assert_int_equal(account_edit_profile(t.ctx, &edit), OK);
	act_as_stranger(&t);
	struct deck d = load(&t, &id, 1);
	assert_true(shows(&d, 0, "Ann the Baker"));
	assert_true(shown_kept(t.ctx) > 0);
	act_as(&t, t.host);
	assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_SUSPENDED), OK);
	assert_int_equal(shown_kept(t.ctx), 0);
	act_as_stranger(&t);
	assert_int_equal(load(&t, &id, 1).n, 0);
	close_town(&t);
}

static void topics_a_person_likes_are_remembered_until_they_change(void **state)
{
	struct town t;
	str topics, bread[] = {STR_INIT("bread")}, tea[] = {STR_INIT("tea")};
	open_town(&t, state);
	act_as(&t, t.ann);
	assert_int_equal(account_edit_topics(t.ctx, bread, 1), OK);
	assert_int_equal(account_topics(t.ctx, &topics), OK);
	assert_true(str_eq(topics, S("bread")));
	store_done(t.ctx);
	struct house blind = *t.ctx->house, *house = t.ctx->house;
	blind.store = NULL;
	t.ctx->house = &blind;
	assert_int_equal(account_topics(t.ctx, &topics), OK);
	assert_true(str_eq(topics, S("bread")));
	t.ctx->house = house;
	assert_int_equal(account_edit_topics(t.ctx, tea, 1), OK);
	assert_int_equal(account_topics(t.ctx, &topics), OK);
	assert_true(str_eq(topics, S("tea")));
	act_as_stranger(&t);
	assert_int_equal(account_topics(t.ctx, &topics), OK);
	assert_int_equal(topics.n, 0);
	close_town(&t);
}

static err changed(struct ctx *ctx, void *arg)
{
	const struct change *c = arg;
	change_add(ctx, c->kind, c->subject, c->actor, c->extra);
	return OK;
}

#define PAGES 3

// Keeps all three; which of them a change then ends, as a number of three bits.
static int ended_by(struct town *t, struct memo *m, const struct change *c)
{
	const account_id author = {20};
	const int64_t notes[] = {10, 11, author.v}, profile[] = {SHOWS_ALL_OF(author)},
		      topic[] = {SHOWS_NEW_NOTES};
	const struct {
		const int64_t *shows;
		ptrdiff_t n;
	} pages[] = {{notes, 3}, {profile, 1}, {topic, 1}};
	struct change copy = *c;
	int ended = 0;
	for (int i = 0; i < PAGES; i++) {
		uint64_t moment = memo_open(m);
		memo_close(m);
		memo_keep(t->ctx, m, (struct memo_key){.id = i}, mem_new(1, 8), 1, moment,
			pages[i].shows, pages[i].n);
	}
	assert_int_equal(memo_weight(m), PAGES);
	assert_int_equal(store_write(t->ctx, changed, &copy), OK);
	store_done(t->ctx);
	memo_open(m);
	for (int i = 0; i < PAGES; i++)
		ended |= (memo_at(m, (struct memo_key){.id = i}) ? 0 : 1) << i;
	memo_close(m);
	return ended;
}

static void changes_end_the_pages_that_show_them(void **state)
{
	const struct {
		struct change change;
		bool page, profile, topic;
	} cases[] = {
		{{.kind = &changes_lost}, true, true, true},
		{{.kind = &setting_changed, .actor = 5}, true, true, true},
		{{.kind = &note_published, .subject = 12, .actor = 20}, false, true, true},
		{{.kind = &note_edited, .subject = 10, .actor = 20}, true, true, true},
		{{.kind = &note_changed, .subject = 10, .actor = 20}, true, true, true},
		{{.kind = &note_changed, .subject = 12, .actor = 20, .extra = 10}, true, false,
			false}, // a comment's text
		{{.kind = &comment_published, .subject = 12, .actor = 5, .extra = 10}, true, false,
			false},
		{{.kind = &comment_published, .subject = 12, .actor = 20, .extra = 99}, false,
			false, false},
		{{.kind = &comment_deleted, .subject = 11, .actor = 5, .extra = 98}, true, false,
			false},
		{{.kind = &note_deleted, .subject = 99, .actor = 20}, false, true, true},
		{{.kind = &comment_deleted, .subject = 12, .actor = 20, .extra = 99}, false, true,
			false}, // its likes are counted
		{{.kind = &note_liked, .subject = 11, .actor = 5, .extra = 1}, true, false, false},
		{{.kind = &note_liked, .subject = 99, .actor = 20, .extra = 1}, false, false,
			false},
		{{.kind = &note_liked, .subject = 99, .actor = 5, .extra = 20}, false, true,
			false}, // likes that the author received
		{{.kind = &note_unliked, .subject = 99, .actor = 5, .extra = 20}, false, true,
			false},
		{{.kind = &note_counted, .subject = 10}, true, false, false},
		{{.kind = &account_counted, .subject = 20}, true, true, false},
		{{.kind = &note_counted, .subject = 99}, false, false, false},
		{{.kind = &picture_changed, .subject = 70, .actor = 20, .extra = 10}, true, false,
			false},
		{{.kind = &picture_changed, .subject = 70, .actor = 20}, false, false, false},
		{{.kind = &account_changed, .subject = 20, .actor = 5}, true, true, false},
		{{.kind = &account_changed, .subject = 5, .actor = 20}, false, false, false},
		{{.kind = &follow_begun, .subject = 20, .actor = 5}, false, true, false},
		{{.kind = &follow_ended, .subject = 5, .actor = 20}, false, true, false},
		{{.kind = &session_ended, .subject = 10, .actor = 20}, false, false, false},
		{{.kind = &account_told, .subject = 10, .actor = 20}, false, false, false},
	};
	struct town t;
	town_open(&t, *state);
	struct memo *m = kept_memo(t.ctx->house->store, 100, NULL);
	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		int ended = cases[i].page | cases[i].profile << 1 | cases[i].topic << 2;
		assert_int_equal(ended_by(&t, m, &cases[i].change), ended);
	}
	town_close(&t);
	memo_free(m);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(warm_cards_ask_nothing),
		cmocka_unit_test(a_like_is_counted_for_all_and_pressed_for_one),
		cmocka_unit_test(an_edit_shows_at_once_and_what_is_gone_is_gone),
		cmocka_unit_test(only_public_cards_are_kept),
		cmocka_unit_test(a_new_name_shows_and_the_suspended_disappear),
		cmocka_unit_test(topics_a_person_likes_are_remembered_until_they_change),
		cmocka_unit_test(changes_end_the_pages_that_show_them),
	};
	return run_on_both(tests);
}
