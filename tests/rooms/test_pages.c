// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Long lists page by page, on both databases: every page walk gives exactly what a plain list of all
// that one may see would give, whatever the length of the pages, whoever looks; what moves meanwhile
// moves alone. What stands behind very much that is hidden: test_hidden.c.
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

#define COMMENTS 400
#define ROUNDS 12

static uint64_t seed;

static int64_t below(int64_t n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

struct made {
	note_id id, parent;
	int64_t rank;
	bool open;
	bool moves; // is liked while pages are read
};

struct forest {
	struct town *t;
	note_id root;
	account_id writers[5];
	struct made all[COMMENTS];
	int n;
};

static struct note_row row_of(struct forest *f, ms at, enum visibility visibility)
{
	account_id by = f->writers[below(COUNT(f->writers))];
	return (struct note_row){.id = {id_past(at)},
		.counted = is_open(visibility),
		.account = by,
		.root = f->root,
		.created = at,
		.visibility = visibility,
		.body = S("x")};
}

// Many without any likes, as it is everywhere; two written in one moment now and then.
static err plant(struct ctx *ctx, void *arg)
{
	struct forest *f = arg;
	int64_t made;
	static int plantings; // each has an hour of its own, so that no two ids meet
	ms from = ctx->now - MS_DAY - ++plantings * MS_HOUR;
	for (f->n = 0; f->n < COMMENTS; f->n++) {
		enum visibility v = below(3) ? VIS_PUBLIC : (enum visibility)below(VISIBILITIES);
		struct note_row row = row_of(f, from + f->n / 2, v);
		const struct made *top = &f->all[below(MAX(f->n, 1))];
		if (f->n && below(3) == 0 && !top->parent.v) {
			row.parent = top->id;
			row.answers = f->writers[below(COUNT(f->writers))];
			row.counted &= top->open;
		}
		row.likes = below(2) ? 0 : below(6);
		row.comments = row.parent.v || below(4) ? 0 : below(3);
		TRY(note_insert(ctx, &row, &made));
		must(made == 1);
		f->all[f->n] = (struct made){row.id, row.parent, 2 * row.likes + row.comments,
			row.counted, below(3) == 0};
	}
	return OK;
}

// What is settled takes answers out of numbers, and brings them back.
static void weigh(struct forest *f)
{
	struct note_numbers_row row;
	for (int i = 0; i < f->n; i++) {
		assert_int_equal(note_numbers(f->t->ctx, f->all[i].id, &row), OK);
		f->all[i].rank = 2 * row.likes + row.comments;
	}
}

static int best_first(const void *a, const void *b)
{
	const struct made *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static int newest_first(const void *a, const void *b)
{
	const struct made *x = a, *y = b;
	return (x->id.v < y->id.v) - (x->id.v > y->id.v);
}

// What the viewer should get: each is asked for on its own.
static int plain(struct forest *f, note_id parent, struct made *out)
{
	struct note note;
	int n = 0;
	for (int i = 0; i < f->n; i++)
		if (f->all[i].parent.v == parent.v &&
			notes_get(f->t->ctx, f->all[i].id, &note) == OK)
			out[n++] = f->all[i];
	return n;
}

static void walk_first_level(struct forest *f, enum comment_order order)
{
	struct made want[COMMENTS];
	struct comment_page page = {.more = true};
	int n = plain(f, (note_id){0}, want), limit = 1 + (int)below(40), at = 0;
	qsort(want, (size_t)n, sizeof *want, order == COMMENTS_BEST ? best_first : newest_first);
	while (page.more) {
		assert_int_equal(
			comments_page(f->t->ctx, f->root, order, page.next, limit, &page), OK);
		for (ptrdiff_t i = 0; i < page.n; i++, at++) {
			assert_true(at < n);
			assert_int_equal(page.at[i].id.v, want[at].id.v);
		}
		assert_true(page.n == limit || !page.more);
	}
	assert_int_equal(at, n);
}

static void walk_answers(struct forest *f, note_id parent)
{
	struct made want[COMMENTS];
	struct comment_page page = {.more = true};
	struct note *first;
	ptrdiff_t n_first;
	struct note root;
	int n = plain(f, parent, want), at = 0, limit = 1 + (int)below(9);
	struct note first_level;
	if (notes_get(f->t->ctx, parent, &first_level) != OK) {
		assert_int_equal(comments_answers_after(f->t->ctx, parent, (note_id){0}, 9, &page),
			ERR_NOT_FOUND);
		return;
	}
	qsort(want, (size_t)n, sizeof *want, newest_first);
	while (page.more) {
		assert_int_equal(
			comments_answers_after(f->t->ctx, parent, page.next.id, limit, &page), OK);
		for (ptrdiff_t i = 0; i < page.n; i++, at++)
			assert_int_equal(page.at[i].id.v, want[n - 1 - at].id.v);
	}
	assert_int_equal(at, n);
	assert_int_equal(notes_get(f->t->ctx, f->root, &root), OK);
	assert_int_equal(comments_answers(f->t->ctx, &root, &parent, 1, 3, &first, &n_first), OK);
	assert_int_equal(n_first, MIN(n, 3));
	for (ptrdiff_t i = 0; i < n_first; i++)
		assert_int_equal(first[i].id.v, want[n - 1 - i].id.v);
}

static void look_as(struct forest *f, int who)
{
	const account_id all[] = {f->t->ann, f->t->ben, f->t->cleo, f->t->mod2};
	if (who == COUNT(all))
		act_as_stranger(f->t);
	else
		act_as(f->t, all[who]);
}

static void every_page_is_what_a_plain_list_gives(void **state)
{
	struct town t;
	town_open(&t, *state);
	// Ben follows cleo, mod and cleo follow each other; what mod2 wrote is hidden for a while.
	act_as(&t, t.ben);
	assert_int_equal(follow_add(t.ctx, t.cleo), OK);
	act_as(&t, t.cleo);
	assert_int_equal(follow_add(t.ctx, t.mod), OK);
	act_as(&t, t.mod);
	assert_int_equal(follow_add(t.ctx, t.cleo), OK);
	for (seed = 1; seed <= ROUNDS; seed++) {
		uint64_t round = seed;
		struct forest f = {.t = &t, .writers = {t.ann, t.ben, t.cleo, t.mod, t.mod2}};
		f.root = say(&t, t.ann, "Root", "", VIS_PUBLIC);
		assert_int_equal(store_write(t.ctx, plant, &f), OK);
		bool good = round % 2 == 0;
		assert_int_equal(account_set_standing(
					 t.ctx, t.mod2, good ? STANDING_GOOD : STANDING_SUSPENDED),
			OK);
		if (good || round % 4 == 1) // whoever goes is gone at once
			assert_int_equal(notes_settle(t.ctx, t.mod2, 0), OK);
		weigh(&f);
		for (int who = 0; who <= 4; who++) {
			look_as(&f, who);
			walk_first_level(&f, COMMENTS_BEST);
			walk_first_level(&f, COMMENTS_NEWEST);
			for (int i = 0; i < 5; i++)
				if (!f.all[i].parent.v)
					walk_answers(&f, f.all[i].id);
			store_done(t.ctx);
		}
		seed = round;
	}
	assert_int_equal(account_set_standing(t.ctx, t.mod2, STANDING_GOOD), OK);
	town_close(&t);
}

static int place_of(const struct forest *f, note_id id)
{
	for (int i = 0; i < f->n; i++)
		if (f->all[i].id.v == id.v)
			return i;
	return -1;
}

// Somebody likes, and takes back, some of the comments while they are read: all the others are met
// once, and those as often as they moved at most.
static void likes_between_pages_move_only_what_is_liked(void **state)
{
	struct town t;
	town_open(&t, *state);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		struct forest f = {.t = &t, .writers = {t.ann, t.ben, t.cleo, t.mod, t.mod}};
		int met[COMMENTS] = {0};
		int moved[COMMENTS] = {0};
		struct comment_page page = {.more = true};
		int64_t likes;
		seed = round;
		f.root = say(&t, t.ann, "Root", "", VIS_PUBLIC);
		assert_int_equal(store_write(t.ctx, plant, &f), OK);
		act_as(&t, t.ann); // sees every one
		for (int turn = 0; page.more; turn++) {
			assert_int_equal(comments_page(t.ctx, f.root, COMMENTS_BEST, page.next,
						 1 + (int)below(20), &page),
				OK);
			for (ptrdiff_t i = 0; i < page.n; i++)
				met[place_of(&f, page.at[i].id)]++;
			for (int i = 0; i < 12; i++) {
				int k = (int)below(f.n);
				if (!f.all[k].moves)
					continue;
				moved[k]++;
				assert_int_equal(turn % 3 ? like_add(t.ctx, f.all[k].id, &likes)
							  : like_remove(t.ctx, f.all[k].id, &likes),
					OK);
			}
		}
		for (int i = 0; i < f.n; i++) {
			if (f.all[i].parent.v)
				assert_int_equal(met[i], 0);
			else if (!moved[i])
				assert_int_equal(met[i], 1);
			else
				assert_true(met[i] <= 1 + moved[i]);
		}
		store_done(t.ctx);
	}
	town_close(&t);
}

// --- the other lists ----------------------------------------------------------------------------

#define NOTES 120

struct shelf {
	struct town *t;
	note_id ids[NOTES];
	enum visibility visibility[NOTES];
	ms liked[NOTES]; // by cleo; 0 = not
};

// A liked comment is no card.
static err like_comment(struct ctx *ctx, const struct shelf *s, note_id root, ms at)
{
	int64_t changed;
	struct note_row row = {.id = {id_past(ctx->now - MS_DAY)},
		.account = s->t->ann,
		.root = root,
		.created = ctx->now,
		.counted = 1,
		.body = S("x")};
	TRY(note_insert(ctx, &row, &changed));
	must(changed == 1);
	return liking_insert(ctx, s->t->cleo, row.id, at, LISTED_NOWHERE, &changed);
}

// Likes of one moment, likes of what was deleted and of comments.
static err stock(struct ctx *ctx, void *arg)
{
	struct shelf *s = arg;
	int64_t changed;
	for (int i = 0; i < NOTES; i++) {
		s->visibility[i] = below(2) ? VIS_PUBLIC : (enum visibility)below(VISIBILITIES);
		struct note_row row = {.id = {id_past(ctx->now - MS_DAY + i)},
			.account = below(5) ? s->t->ann : s->t->mod2,
			.created = ctx->now,
			.visibility = s->visibility[i],
			.counted = s->visibility[i] <= VIS_UNLISTED,
			.body = S("x")};
		s->ids[i] = row.id;
		TRY(note_insert(ctx, &row, &changed));
		must(changed == 1);
		TRY(note_topic_insert(ctx, S("shelf"), row.id, row.account, S("shelf"),
			!row.visibility, &changed));
		s->liked[i] = below(4) ? ctx->now + below(9) : 0;
		if (s->liked[i])
			TRY(liking_insert(ctx, s->t->cleo, row.id, s->liked[i],
				row.counted ? LISTED_OPEN : LISTED_NARROW, &changed));
		if (s->liked[i] && below(2))
			TRY(like_comment(ctx, s, row.id, s->liked[i]));
		if (below(10))
			continue;
		TRY(notes_delete_many(ctx, &row.id, 1, &changed));
		TRY(note_topics_delete(ctx, row.id, &changed));
	}
	return OK;
}

enum list { OF_ANN, OF_TOPIC, OF_LIKES };

static bool belongs(struct shelf *s, enum list list, int i, const struct note *note)
{
	if (list == OF_ANN)
		return note->account.v == s->t->ann.v;
	return list == OF_TOPIC ? note->visibility == VIS_PUBLIC : s->liked[i] > 0;
}

static bool comes_before(const struct shelf *s, enum list list, int a, int b)
{
	if (list == OF_LIKES && s->liked[a] != s->liked[b])
		return s->liked[a] > s->liked[b];
	return s->ids[a].v > s->ids[b].v;
}

static int plain_list(struct shelf *s, enum list list, int *out)
{
	int n = 0;
	for (int i = 0; i < NOTES; i++) {
		struct note note;
		if (notes_get(s->t->ctx, s->ids[i], &note) != OK || !belongs(s, list, i, &note))
			continue;
		int at = n++;
		for (; at > 0 && comes_before(s, list, i, out[at - 1]); at--)
			out[at] = out[at - 1];
		out[at] = i;
	}
	return n;
}

static err page_of(struct shelf *s, enum list list, int limit, struct note_page *page)
{
	struct ctx *ctx = s->t->ctx;
	if (list == OF_ANN)
		return notes_of(ctx, s->t->ann, page->next.id, limit, page);
	if (list == OF_TOPIC)
		return notes_of_topic(ctx, S("Shelf"), page->next.id, limit, page);
	return likes_page(ctx, s->t->cleo, page->next, limit, page);
}

static void walk_list(struct shelf *s, enum list list)
{
	int want[NOTES], at = 0, n = plain_list(s, list, want), limit = 1 + (int)below(30);
	struct note_page page = {.more = true};
	while (page.more) {
		assert_int_equal(page_of(s, list, limit, &page), OK);
		for (ptrdiff_t i = 0; i < page.n; i++, at++) {
			assert_true(at < n);
			assert_int_equal(page.ids[i].v, s->ids[want[at]].v);
		}
	}
	assert_int_equal(at, n);
}

static void lists_of_notes_are_complete_and_in_order(void **state)
{
	for (uint64_t round = 1; round <= 4; round++) {
		struct town t;
		struct shelf s = {.t = &t};
		struct forest nobody = {.t = &t};
		town_open(&t, *state);
		seed = round;
		act_as(&t, t.cleo);
		assert_int_equal(follow_add(t.ctx, t.ann), OK);
		assert_int_equal(store_write(t.ctx, stock, &s), OK);
		assert_int_equal(account_set_standing(t.ctx, t.mod2,
					 round % 2 ? STANDING_SUSPENDED : STANDING_GOOD),
			OK);
		bool gone = round == 3; // from the topic for whoever looks, the author too
		if (gone)
			assert_int_equal(notes_settle(t.ctx, t.mod2, 0), OK);
		for (int who = 0; who <= 4; who++)
			for (enum list list = OF_ANN; list <= OF_LIKES; list++) {
				look_as(&nobody, who);
				if (!gone || list != OF_TOPIC ||
					t.ctx->viewer.account.v != t.mod2.v)
					walk_list(&s, list);
			}
		town_close(&t);
	}
}

static void lists_of_people_are_complete(void **state)
{
	struct town t;
	account_id all[90];
	struct person_page page = {.more = true};
	int at = 0;
	town_open(&t, *state);
	for (int i = 0; i < COUNT(all); i++) {
		struct account_new want = {
			.name = str_fmt(t.ctx->mem, "fan_%d", i), .trusted = true};
		assert_int_equal(account_create(t.ctx, &want, &all[i]), OK);
		act_as(&t, all[i]);
		assert_int_equal(follow_add(t.ctx, t.ann), OK);
		act_as(&t, t.ann);
		assert_int_equal(follow_add(t.ctx, all[i]), OK);
		if (i % 3 == 1 || i > 60)
			assert_int_equal(
				account_set_standing(t.ctx, all[i], STANDING_SUSPENDED), OK);
	}
	for (int followers = 0; followers < 2; followers++) {
		page = (struct person_page){.more = true};
		for (at = 0; page.more;) {
			assert_int_equal((followers ? followers_page : following_page)(
						 t.ctx, t.ann, page.next, 7, &page),
				OK);
			for (ptrdiff_t i = 0; i < page.n; i++, at++) {
				while (at % 3 == 1)
					at++;
				assert_int_equal(page.ids[i].v, all[at].v);
			}
			assert_true(page.n == 7 || !page.more);
		}
		assert_int_equal(at, 61);
	}
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_is_what_a_plain_list_gives),
		cmocka_unit_test(likes_between_pages_move_only_what_is_liked),
		cmocka_unit_test(lists_of_notes_are_complete_and_in_order),
		cmocka_unit_test(lists_of_people_are_complete),
	};
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	return run_on_both(tests);
}
