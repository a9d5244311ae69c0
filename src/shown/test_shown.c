// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is shown of notes and comments, to whom; and what is kept of them.
#include "notifications/notifications.h"
#include "people.h"
#include "shown/shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define ALL (SHOWN_PICTURES | SHOWN_TOPICS | SHOWN_LEADS | SHOWN_LIKED | SHOWN_FOLLOWS)

static void each_gets_what_is_its_own(void **state)
{
	struct town t;
	struct shown_note *list;
	ptrdiff_t n;
	int64_t likes;
	town_open(&t, *state);
	note_id bread = say(&t, t.ann, "Bread", "Rye for @cleo #bread #rye", VIS_PUBLIC);
	note_id tea = say(&t, t.ben, "Tea", "Green #tea", VIS_PUBLIC);
	note_id secret = say(&t, t.ben, "Mine", "Alone", VIS_ONLY_ME);
	act_as(&t, t.ann);
	assert_int_equal(like_add(t.ctx, tea, &likes), OK);
	assert_int_equal(follow_add(t.ctx, t.ben), OK);
	assert_int_equal(
		shown_by_ids(t.ctx, (note_id[]){tea, secret, {77}, bread}, 4, ALL, &list, &n), OK);
	assert_int_equal(n, 2);
	assert_true(list[0].note.id.v == tea.v && list[1].note.id.v == bread.v);
	assert_true(list[0].author->id.v == t.ben.v && list[1].author->id.v == t.ann.v);
	assert_true(list[0].liked && list[0].follows && !list[0].mine && !list[0].may_delete);
	assert_true(!list[1].liked && !list[1].follows && list[1].mine && list[1].may_delete);
	assert_int_equal(list[0].n_topics, 1);
	assert_true(str_eq(list[0].topics[0].name, S("tea")));
	assert_int_equal(list[1].n_topics, 2);
	assert_true(leads_to_person(list[1].leads, bread, S("cleo")));
	assert_false(leads_to_person(list[0].leads, tea, S("cleo")));
	assert_true(leads_to_topic(list[0].leads, S("rye")));
	assert_false(list[0].answers || list[0].cover || list[0].n_pictures);
	// Only what was asked for.
	assert_int_equal(shown_by_ids(t.ctx, &tea, 1, 0, &list, &n), OK);
	assert_true(n == 1 && list->author && !list->liked && !list->follows && !list->leads);
	act_as_stranger(&t);
	assert_int_equal(shown_by_ids(t.ctx, &tea, 1, ALL, &list, &n), OK);
	assert_true(n == 1 && !list->liked && !list->follows && !list->mine && !list->may_delete);
	struct shown_note one;
	assert_int_equal(shown_by_id(t.ctx, secret, ALL, &one), ERR_NOT_FOUND);
	assert_int_equal(shown_by_ids(t.ctx, NULL, 0, ALL, &list, &n), OK);
	assert_int_equal(n, 0);
	town_close(&t);
}

static void pictures_go_to_their_notes_in_their_order(void **state)
{
	struct town t;
	struct shown_note *list;
	ptrdiff_t n;
	town_open(&t, *state);
	media_id a1 = picture_there(&t, t.ann), a2 = picture_there(&t, t.ann),
		 b1 = picture_there(&t, t.ben);
	act_as(&t, t.ann);
	note_id first, second, third = say(&t, t.ann, "Words", "Only", VIS_PUBLIC);
	struct picture_place two[] = {{a2, S("two")}, {a1, S("one")}}, other[] = {{b1, S("other")}};
	struct note_draft draft = {.title = S("Two"),
		.pictures = two,
		.n_pictures = 2,
		.cover = 1,
		.ratio = RATIO_1_1};
	assert_int_equal(notes_publish(t.ctx, &draft, &first), OK);
	act_as(&t, t.ben);
	draft = (struct note_draft){
		.title = S("One"), .pictures = other, .n_pictures = 1, .ratio = RATIO_3_4};
	assert_int_equal(notes_publish(t.ctx, &draft, &second), OK);
	assert_int_equal(shown_by_ids(t.ctx, (note_id[]){second, third, first}, 3, SHOWN_PICTURES,
				 &list, &n),
		OK);
	assert_int_equal(n, 3);
	assert_true(list[0].n_pictures == 1 && list[0].cover == &list[0].pictures[0]);
	assert_true(str_eq(list[0].cover->alt, S("other")));
	assert_true(!list[1].n_pictures && !list[1].cover);
	assert_int_equal(list[2].n_pictures, 2);
	assert_true(list[2].pictures[0].id.v == a2.v && list[2].pictures[1].id.v == a1.v);
	assert_true(list[2].cover == &list[2].pictures[1]);
	assert_int_equal(shown_by_ids(t.ctx, &first, 1, SHOWN_COVER, &list, &n), OK);
	assert_true(list->cover && list->cover->id.v == a1.v && !list->n_pictures);
	town_close(&t);
}

static void comments_say_whom_they_answer_and_who_may_delete(void **state)
{
	struct town t;
	struct shown_note *list, one;
	struct comment_page page;
	struct note root;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC), top, answer;
	act_as(&t, t.ben);
	assert_int_equal(notes_comment(t.ctx,
				 &(struct comment_draft){.under = note, .body = S("Good")}, &top),
		OK);
	act_as(&t, t.cleo);
	assert_int_equal(notes_comment(t.ctx,
				 &(struct comment_draft){.under = top, .body = S("Very")}, &answer),
		OK);
	assert_int_equal(shown_comment(t.ctx, answer, &one, &root), OK);
	assert_true(root.id.v == note.v && one.answers->id.v == t.ben.v);
	assert_true(one.mine && one.may_delete);
	assert_int_equal(shown_comment(t.ctx, note, &one, &root), ERR_NOT_FOUND);
	const struct {
		account_id who;
		bool may_delete;
	} cases[] = {{t.ann, true}, {t.ben, true}, {t.cleo, false}};
	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		act_as(&t, cases[i].who);
		assert_int_equal(notes_get(t.ctx, note, &root), OK);
		assert_int_equal(comments_under(t.ctx, &root, COMMENTS_NEWEST,
					 (struct comment_cursor){0}, 9, &page),
			OK);
		assert_int_equal(shown_under(t.ctx, &root, page.at, page.n, &list), OK);
		assert_int_equal(page.n, 1);
		assert_true(list->author->id.v == t.ben.v && !list->answers);
		assert_int_equal(list->may_delete, cases[i].may_delete);
	}
	town_close(&t);
}

static struct shown_text found(struct town *t, note_id id, int variant, struct shown_moment *moment)
{
	struct shown_text text;
	note_id missing;
	ptrdiff_t n;
	assert_int_equal(shown_texts(t->ctx, &id, 1, variant, &text, &missing, &n, moment), OK);
	store_done(t->ctx);
	assert_int_equal(n, !text.written.text.p);
	assert_true(!n || missing.v == id.v);
	return text;
}

static void keep(struct town *t, note_id id, int variant, str text, struct shown_moment moment)
{
	struct shown_note s;
	struct shown_text written = {
		.written = {.text = text, .gaps = {{1, 5}, {3, 2}}, .n_gaps = 2}};
	assert_int_equal(shown_by_id(t->ctx, id, 0, &s), OK);
	written.author = s.author->id;
	written.likes = s.note.likes;
	shown_keep(t->ctx, &s, variant, &written, moment);
}

static void texts_are_kept_by_variant_and_end_with_their_note(void **state)
{
	struct town t;
	struct shown_moment moment, late;
	int64_t likes;
	town_open(&t, *state);
	note_id id = say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC);
	act_as(&t, t.ben);
	assert_true(!found(&t, id, 1, &moment).written.text.p);
	keep(&t, id, 1, S("one"), moment);
	assert_true(!found(&t, id, 2, &late).written.text.p);
	keep(&t, id, 2, S("two"), late);
	struct shown_text text = found(&t, id, 1, &moment);
	assert_true(str_eq(text.written.text, S("one")));
	assert_true(str_eq(found(&t, id, 2, &moment).written.text, S("two")));
	assert_int_equal(text.written.n_gaps, 2);
	assert_true(text.written.gaps[0].at == 1 && text.written.gaps[0].name == 5);
	assert_true(text.written.gaps[1].at == 3 && text.written.gaps[1].name == 2);
	assert_int_equal(like_add(t.ctx, id, &likes), OK);
	assert_int_equal(found(&t, id, 1, &moment).likes, 1);
	assert_int_equal(found(&t, id, 2, &moment).likes, 1);
	act_as(&t, t.ann);
	struct note_draft draft = {.title = S("Cake")};
	assert_int_equal(notes_edit(t.ctx, id, &draft), OK);
	assert_true(!found(&t, id, 1, &late).written.text.p);
	keep(&t, id, 1, S("stale"), moment); // what was read before the edit
	assert_true(!found(&t, id, 1, &late).written.text.p);
	town_close(&t);
}

// Somebody reads after a like was committed and before it is told here.
struct reader {
	struct town *town;
	note_id id;
};
static struct change_kind committed = {.name = "test.committed"};

static void read_early(struct ctx *ctx, const struct change *c, void *arg)
{
	const struct reader *r = arg;
	struct shown_moment moment;
	struct ctx *before = r->town->ctx;
	(void)c;
	r->town->ctx = ctx;
	assert_true(!found(r->town, r->id, 1, &moment).written.text.p);
	keep(r->town, r->id, 1, S("early"), moment);
	assert_int_equal(found(r->town, r->id, 1, &moment).likes, 1);
	r->town->ctx = before;
}

static err like_and_say(struct ctx *ctx, void *arg)
{
	const struct reader *r = arg;
	int64_t likes;
	change_add(ctx, &committed, r->id.v, 0, 0);
	return like_add(ctx, r->id, &likes);
}

static void a_like_that_was_read_is_not_counted_again(void **state)
{
	struct town t;
	struct shown_moment moment;
	town_open(&t, *state);
	struct reader reader = {&t, say(&t, t.ann, "Bread", "Rye", VIS_PUBLIC)};
	store_on(t.ctx->house->store, &committed, read_early, &reader);
	act_as(&t, t.ben);
	assert_int_equal(store_write_committed(t.ctx, like_and_say, &reader), OK);
	struct shown_text text = found(&t, reader.id, 1, &moment);
	assert_true(str_eq(text.written.text, S("early")));
	assert_int_equal(text.likes, 1);
	town_close(&t);
}

static void what_not_everyone_may_see_is_not_kept(void **state)
{
	struct town t;
	struct shown_moment moment;
	town_open(&t, *state);
	note_id ids[] = {say(&t, t.ann, "Friends", "Rye", VIS_FOLLOWERS),
		say(&t, t.ann, "By address", "Rye", VIS_UNLISTED)};
	act_as(&t, t.ann);
	for (int i = 0; i < 2; i++) {
		found(&t, ids[i], 1, &moment);
		keep(&t, ids[i], 1, S("mine"), moment);
		assert_true(!found(&t, ids[i], 1, &moment).written.text.p);
	}
	assert_int_equal(shown_kept(t.ctx), 0);
	town_close(&t);
}

static void the_kept_stay_within_their_bytes(void **state)
{
	struct town t;
	struct shown_moment moment;
	town_open(&t, *state);
	char *text = mem_new(20000, 1);
	for (int i = 0; i < 20000; i++)
		text[i] = 'x';
	struct person author = {.id = t.ann, .standing = STANDING_GOOD};
	struct shown_note s = {.note = {.visibility = VIS_PUBLIC}, .author = &author};
	struct shown_text w = {.written.text = {text, 20000}, .author = t.ann};
	found(&t, (note_id){1}, 1, &moment);
	for (s.note.id.v = 1; s.note.id.v <= 4000; s.note.id.v++) {
		shown_keep(t.ctx, &s, 1, &w, moment);
		assert_in_range(shown_kept(t.ctx), 20000, 24 << 20);
	}
	assert_int_equal(found(&t, (note_id){4000}, 1, &moment).written.text.n, 20000);
	assert_true(!found(&t, (note_id){4000}, 2, &moment).written.text.p);
	assert_true(!found(&t, (note_id){1}, 1, &moment).written.text.p);
	mem_free(text);
	town_close(&t);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gets_what_is_its_own),
		cmocka_unit_test(pictures_go_to_their_notes_in_their_order),
		cmocka_unit_test(comments_say_whom_they_answer_and_who_may_delete),
		cmocka_unit_test(texts_are_kept_by_variant_and_end_with_their_note),
		cmocka_unit_test(a_like_that_was_read_is_not_counted_again),
		cmocka_unit_test(what_not_everyone_may_see_is_not_kept),
		cmocka_unit_test(the_kept_stay_within_their_bytes),
	};
	return run_on_both(tests);
}
