// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What very many rows hang on, on both databases: it is gone, or hidden, at once; its rows go step by
// step, none of them long; in the end all of them are gone and every number is exact.
#include "notes/private.h"
#include "people.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define COMMENTS 700
#define LIKES 2500
#define STEP 200 // rows that go at once, at most

struct crowd {
	struct town *t;
	note_id root, parent;  // parent: all of them answer it
	int likes, liked_most; // of the root; of the comment in the middle
	note_id ids[COMMENTS];
	int told; // of the root's numbers
};

static err like_as_crowd(struct ctx *ctx, note_id note, account_id by, int n)
{
	int64_t made;
	for (int i = 0; i < n; i++)
		TRY(liking_insert(ctx, (account_id){1000 + i}, note, ctx->now, LISTED_OPEN, &made));
	TRY(likes_count(ctx, note, n));
	return author_liked_count(ctx, by, n);
}

static err gather(struct ctx *ctx, void *arg)
{
	struct crowd *c = arg;
	int64_t made;
	const account_id writers[] = {c->t->ann, c->t->ben, c->t->cleo};
	for (int i = 0; i < COMMENTS; i++) {
		struct note_row row = {.id = {id_past(ctx->now - COMMENTS + i)},
			.account = writers[i % 3],
			.root = c->root,
			.parent = c->parent,
			.answers = c->parent.v ? c->t->ben : (account_id){0},
			.created = ctx->now,
			.counted = 1,
			.body = S("x")};
		c->ids[i] = row.id;
		TRY(note_insert(ctx, &row, &made));
		if (i % 5 == 0)
			TRY(like_as_crowd(ctx, row.id, row.account, 3));
	}
	TRY(comments_count(ctx, c->root, COMMENTS));
	if (c->parent.v)
		TRY(comments_count(ctx, c->parent, COMMENTS));
	TRY(like_as_crowd(ctx, c->root, c->t->ann, c->likes));
	return like_as_crowd(ctx, c->ids[COMMENTS / 2], writers[COMMENTS / 2 % 3], c->liked_most);
}

static struct crowd crowd(struct town *t, int likes, int liked_most, bool answers)
{
	struct crowd c = {.t = t, .likes = likes, .liked_most = liked_most};
	c.root = say(t, t->ann, "Root", "", VIS_PUBLIC);
	if (answers)
		c.parent = comment_on(t, t->ben, c.root, "first", VIS_PUBLIC);
	assert_int_equal(store_write(t->ctx, gather, &c), OK);
	return c;
}

static int64_t left_below(struct town *t, note_id root)
{
	struct note_below_row *rows;
	ptrdiff_t n;
	assert_int_equal(note_below(t->ctx, root, 9999, &rows, &n), OK);
	return n;
}

static int seen(struct crowd *c)
{
	struct note note;
	int n = 0;
	for (int i = 0; i < COMMENTS; i++)
		n += notes_get(c->t->ctx, c->ids[i], &note) == OK;
	return n;
}

static int64_t likes_left(struct crowd *c, note_id note)
{
	note_id *rows;
	ptrdiff_t n, left = 0;
	for (int i = 0; i < LIKES; i++) {
		assert_int_equal(
			likings_of(c->t->ctx, (account_id){1000 + i}, &note, 1, &rows, &n), OK);
		left += n;
	}
	return left;
}

static void nobody_is_liked(struct town *t)
{
	const account_id all[] = {t->ann, t->ben, t->cleo};
	for (int i = 0; i < COUNT(all); i++) {
		struct account a;
		assert_int_equal(account_by_id(t->ctx, all[i], &a), OK);
		assert_int_equal(a.liked, 0);
	}
}

static void a_note_goes_at_once_and_its_comments_step_by_step(void **state)
{
	for (int turn = 0; turn < 3; turn++) {
		struct town t;
		town_open(&t, *state); // nobody does its jobs yet
		struct crowd c = crowd(&t, turn ? 0 : LIKES, turn == 1 ? LIKES : 0, false);
		struct note note;
		struct comment_page page;
		act_as(&t, t.ann);
		assert_int_equal(notes_delete(t.ctx, c.root), OK);
		assert_int_equal(notes_get(t.ctx, c.root, &note), ERR_NOT_FOUND);
		assert_int_equal(comments_page(t.ctx, c.root, COMMENTS_BEST,
					 (struct comment_cursor){0}, 20, &page),
			ERR_NOT_FOUND);
		assert_int_equal(seen(&c), 0);
		assert_true(left_below(&t, c.root) >= COMMENTS - STEP);
		do_jobs(&t);
		assert_int_equal(left_below(&t, c.root), 0);
		assert_int_equal(likes_left(&c, c.root), 0);
		assert_int_equal(likes_left(&c, c.ids[COMMENTS / 2]), 0);
		nobody_is_liked(&t);
		town_close(&t);
	}
}

static void a_thread_goes_at_once_and_its_answers_step_by_step(void **state)
{
	struct town t;
	struct note root;
	town_open(&t, *state);
	struct crowd c = crowd(&t, 0, LIKES, true);
	note_id other = comment_on(&t, t.cleo, c.root, "stays", VIS_PUBLIC);
	act_as(&t, t.ben);
	assert_int_equal(seen(&c), COMMENTS);
	assert_int_equal(notes_delete(t.ctx, c.parent), OK);
	assert_int_equal(notes_get(t.ctx, c.root, &root), OK);
	assert_int_equal(root.comments, 1);
	assert_int_equal(seen(&c), 0);
	struct comment_draft late = {.under = c.ids[9], .body = S("x")};
	assert_int_equal(notes_comment(t.ctx, &late, &late.under), ERR_NOT_FOUND);
	assert_true(left_below(&t, c.root) >= COMMENTS - STEP);
	do_jobs(&t);
	assert_int_equal(left_below(&t, c.root), 1);
	assert_int_equal(notes_get(t.ctx, other, &root), OK);
	nobody_is_liked(&t);
	town_close(&t);
}

static int64_t wide(struct town *t, note_id root)
{
	struct comment_cursor at = {0};
	struct comment_page page;
	int64_t n = 0;
	act_as_stranger(t);
	do {
		assert_int_equal(comments_page(t->ctx, root, COMMENTS_NEWEST, at, 100, &page), OK);
		n += page.n;
		at = page.next;
	} while (page.more);
	return n;
}

static void comments_are_hidden_with_their_note_and_narrowed_step_by_step(void **state)
{
	struct town t;
	struct comment_page page;
	town_open(&t, *state);
	struct crowd c = crowd(&t, 0, 0, false);
	struct note_draft draft = {.title = S("Root"), .visibility = VIS_FOLLOWERS};
	assert_int_equal(wide(&t, c.root), COMMENTS);
	act_as(&t, t.ann);
	assert_int_equal(notes_edit(t.ctx, c.root, &draft), OK);
	act_as_stranger(&t);
	assert_int_equal(seen(&c), 0);
	assert_int_equal(
		comments_page(t.ctx, c.root, COMMENTS_BEST, (struct comment_cursor){0}, 20, &page),
		ERR_NOT_FOUND);
	act_as(&t, t.ann);
	draft.visibility = VIS_PUBLIC;
	assert_int_equal(notes_edit(t.ctx, c.root, &draft), OK);
	note_id fresh = comment_on(&t, t.cleo, c.root, "since then", VIS_PUBLIC);
	int64_t at_once = wide(&t, c.root);
	assert_true(at_once <= COMMENTS + 1 && at_once >= COMMENTS + 1 - STEP);
	do_jobs(&t);
	assert_int_equal(wide(&t, c.root), 1); // what was narrowed stays so
	assert_int_equal(notes_get(t.ctx, fresh, &(struct note){0}), OK);
	town_close(&t);
}

static void count_told(struct ctx *ctx, const struct change *c, void *arg)
{
	struct crowd *crowd = arg;
	(void)ctx;
	crowd->told += c->subject == crowd->root.v;
}

static void a_number_that_changes_by_many_is_told_once_a_step(void **state)
{
	for (int answers = 0; answers < 2; answers++) {
		struct town t;
		struct note root;
		town_open(&t, *state);
		struct crowd c = crowd(&t, 0, 0, answers);
		store_on(t.ctx->house->store, &note_counted, count_told, &c);
		assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_SUSPENDED), OK);
		assert_int_equal(notes_settle(t.ctx, t.ann, 0), OK);
		assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_GOOD), OK);
		assert_int_equal(notes_settle(t.ctx, t.ann, 0), OK);
		act_as_stranger(&t);
		assert_int_equal(notes_get(t.ctx, c.root, &root), OK);
		assert_int_equal(root.comments, COMMENTS + answers);
		assert_in_range(c.told, 2, 4 * (COMMENTS / STEP + 1));
		town_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_goes_at_once_and_its_comments_step_by_step),
		cmocka_unit_test(a_thread_goes_at_once_and_its_answers_step_by_step),
		cmocka_unit_test(comments_are_hidden_with_their_note_and_narrowed_step_by_step),
		cmocka_unit_test(a_number_that_changes_by_many_is_told_once_a_step),
	};
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	return run_on_both(tests);
}
