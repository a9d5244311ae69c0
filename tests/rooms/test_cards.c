// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Decks of cards on a real database: warm ones ask it nothing, and show every change at once.
#include "people.h"
#include "web/card.h"
#include "web/private.h"
#include "web/viewers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

static struct pg_server server;

static void open_town(struct town *t, void **state)
{
	town_open(t, *state);
	assert_int_equal(web_start(t->ctx), OK);
}

static void close_town(struct town *t)
{
	web_stop(&t->world->house);
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
	return str_find(d->at[i].card.text, str_from(what)) >= 0;
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
		assert_true(str_eq(cold.at[i].card.text, warm.at[i].card.text));
		assert_int_equal(cold.at[i].card.count_at, warm.at[i].card.count_at);
		assert_int_equal(cold.at[i].card.pressed_at, warm.at[i].card.pressed_at);
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
	struct deck d = load_from_memory(&t, &id, 1);
	assert_true(d.at[0].liked);
	assert_int_equal(d.at[0].card.likes, 1);
	act_as(&t, t.cleo);
	d = load_from_memory(&t, &id, 1);
	assert_false(d.at[0].liked);
	assert_int_equal(d.at[0].card.likes, 1);
	act_as(&t, t.ben);
	assert_int_equal(like_remove(t.ctx, id, &likes), OK);
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
	assert_int_equal(cards_bytes(t.ctx->house->web->cards), 0);
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
	assert_true(cards_bytes(t.ctx->house->web->cards) > 0);
	act_as(&t, t.host);
	assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_SUSPENDED), OK);
	assert_int_equal(cards_bytes(t.ctx->house->web->cards), 0);
	act_as_stranger(&t);
	assert_int_equal(load(&t, &id, 1).n, 0);
	close_town(&t);
}

static void the_cache_stays_within_its_bytes(void **state)
{
	struct town t;
	uint64_t since;
	open_town(&t, state);
	struct web_cards *cards = t.ctx->house->web->cards;
	char *text = mem_new(20000, 1);
	for (int i = 0; i < 20000; i++)
		text[i] = 'x';
	struct written_card w = {.text = {text, 20000}, .author = t.ann}, found;
	note_id id = {1};
	cards_find(cards, t.ctx->mem, LOCALE_EN, &id, 1, &found, &since);
	for (id.v = 1; id.v <= 4000; id.v++) {
		cards_keep(cards, LOCALE_EN, id, &w, since);
		assert_in_range(cards_bytes(cards), 20000, 24 << 20);
	}
	struct arena *mem = arena_new(64 << 10);
	id.v = 4000;
	assert_int_equal(cards_find(cards, mem, LOCALE_EN, &id, 1, &found, &since), 0);
	assert_int_equal(found.text.n, 20000);
	assert_int_equal(cards_find(cards, mem, LOCALE_ZH_HANS, &id, 1, &found, &since), 1);
	id.v = 1;
	assert_int_equal(cards_find(cards, mem, LOCALE_EN, &id, 1, &found, &since), 1);
	arena_free(mem);
	mem_free(text);
	close_town(&t);
}

static void topics_a_person_likes_are_remembered_until_they_change(void **state)
{
	struct town t;
	str topics, bread[] = {STR_INIT("bread")}, tea[] = {STR_INIT("tea")};
	open_town(&t, state);
	act_as(&t, t.ann);
	assert_int_equal(account_edit_topics(t.ctx, bread, 1), OK);
	assert_int_equal(viewer_topics(t.ctx, &topics), OK);
	assert_true(str_eq(topics, S("bread")));
	store_done(t.ctx);
	struct house blind = *t.ctx->house, *house = t.ctx->house;
	blind.store = NULL;
	t.ctx->house = &blind;
	assert_int_equal(viewer_topics(t.ctx, &topics), OK);
	assert_true(str_eq(topics, S("bread")));
	t.ctx->house = house;
	assert_int_equal(account_edit_topics(t.ctx, tea, 1), OK);
	assert_int_equal(viewer_topics(t.ctx, &topics), OK);
	assert_true(str_eq(topics, S("tea")));
	act_as_stranger(&t);
	assert_int_equal(viewer_topics(t.ctx, &topics), OK);
	assert_int_equal(topics.n, 0);
	close_town(&t);
}

static int start_server(void **state)
{
	pg_server_start(&server);
	*state = &server;
	return 0;
}

static int stop_server(void **state)
{
	(void)state;
	pg_server_stop(&server);
	return 0;
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
		cmocka_unit_test(the_cache_stays_within_its_bytes),
	};
	int on_lite = cmocka_run_group_tests_name("SQLite", tests, NULL, NULL);
	int on_pg = cmocka_run_group_tests_name("PostgreSQL", tests, start_server, stop_server);
	return on_lite || on_pg;
}
