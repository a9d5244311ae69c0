// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Entries of a kind that another room has: somebody recommends a note to those who follow. The room is
// played here: its table is an array, and what it says and answers is what feed.h asks for.
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

static struct change_kind recommended = {.name = "test.recommended"};
static struct change_kind taken_back = {.name = "test.taken_back"};

static struct feed_entry table[4096]; // moments rising
static ptrdiff_t n_table;

static err read_table(struct ctx *ctx, account_id who, int64_t before, int limit,
	struct feed_entry **out, ptrdiff_t *n)
{
	*out = NEW_N(ctx->mem, struct feed_entry, limit);
	*n = 0;
	for (ptrdiff_t i = n_table - 1; i >= 0 && *n < limit; i--)
		if ((!before || table[i].moment < before) && (!who.v || table[i].who.v == who.v))
			(*out)[(*n)++] = table[i];
	return OK;
}

static err read_heads(struct ctx *ctx, const account_id *who, ptrdiff_t n_who, int64_t before,
	struct feed_entry **out, ptrdiff_t *n)
{
	*out = NEW_N(ctx->mem, struct feed_entry, n_who);
	*n = 0;
	for (ptrdiff_t i = 0; i < n_who; i++) {
		struct feed_entry *head;
		ptrdiff_t found;
		TRY(read_table(ctx, who[i], before, 1, &head, &found));
		if (found)
			(*out)[(*n)++] = *head;
	}
	return OK;
}

static err read_about(
	struct ctx *ctx, note_id note, int64_t before, struct feed_entry **out, ptrdiff_t *n)
{
	*out = NEW_N(ctx->mem, struct feed_entry, n_table);
	*n = 0;
	for (ptrdiff_t i = 0; i < n_table; i++)
		if (table[i].note.v == note.v && (!before || table[i].moment < before))
			(*out)[(*n)++] = table[i];
	return OK;
}

static const struct entry_kind recommending = {.name = "recommended",
	.begun = &recommended,
	.ended = &taken_back,
	.read = read_table,
	.heads = read_heads,
	.about = read_about};

struct said {
	struct change_kind *kind;
	struct feed_entry entry;
};

static err say_change(struct ctx *ctx, void *arg)
{
	const struct said *s = arg;
	change_add(ctx, s->kind, s->entry.note.v, s->entry.who.v, s->entry.moment);
	return OK;
}

static void tell(struct world *w, struct change_kind *kind, struct feed_entry entry)
{
	struct said said = {kind, entry};
	assert_int_equal(store_write(&w->ctx, say_change, &said), OK);
	let_go(w);
}

static struct feed_entry recommend(struct world *w, int who, note_id note)
{
	struct feed_entry e = {id_new(clock_now()), note, &recommending, w->people[who]};
	must(n_table < COUNT(table));
	table[n_table++] = e;
	tell(w, &recommended, e);
	return e;
}

static void forget(ptrdiff_t at)
{
	memmove(table + at, table + at + 1, (size_t)(--n_table - at) * sizeof *table);
}

static void take_back(struct world *w, struct feed_entry e)
{
	ptrdiff_t at = 0;
	while (table[at].moment != e.moment)
		at++;
	forget(at);
	tell(w, &taken_back, e);
}

static struct world *new_world(void)
{
	struct world *w = world_new();
	w->joins = &recommending;
	n_table = 0;
	return w;
}

static void follow(struct world *w, int who, int whom)
{
	as(w, w->people[who]);
	assert_int_equal(follow_add(&w->ctx, w->people[whom]), OK);
	let_go(w);
}

static bool same(const struct feed_entry *a, const struct feed_entry *b)
{
	return a->moment == b->moment && a->note.v == b->note.v && a->why == b->why &&
	       a->who.v == b->who.v;
}

// Page by page exactly these.
static void reads(struct world *w, int who, const struct feed_entry *want, ptrdiff_t n)
{
	for (int limit = 1; limit < 9; limit += 3) {
		struct feed_entries page = {0};
		ptrdiff_t at = 0;
		as(w, w->people[who]);
		do {
			assert_int_equal(feed_following(&w->ctx, page.next, limit, &page), OK);
			for (ptrdiff_t i = 0; i < page.n; i++, at++)
				assert_true(at < n && same(&page.at[i], &want[at]));
		} while (page.next.n);
		assert_int_equal(at, n);
		let_go(w);
	}
}

static struct feed_entry own(struct world *w, int who, note_id note)
{
	return (struct feed_entry){note.v, note, &feed_published, w->people[who]};
}

#define READS(w, who, ...) \
	reads(w, who, (const struct feed_entry[]){__VA_ARGS__}, \
		COUNT(((const struct feed_entry[]){__VA_ARGS__})))

// 0 follows 1 and 2; 3 and 4 write and are not followed.
static void a_note_stands_once_at_the_oldest_entry_for_the_reader(void **state)
{
	(void)state;
	struct world *w = new_world();
	feed_of(w);
	follow(w, 0, 1);
	follow(w, 0, 2);
	struct feed_entry of_3 = own(w, 3, say(w, 3, "by 3", VIS_PUBLIC, LANG("en")));
	struct feed_entry of_1 = own(w, 1, say(w, 1, "by 1", VIS_PUBLIC, LANG("en")));
	recommend(w, 5, of_3.note); // not followed
	READS(w, 0, of_1);
	struct feed_entry second = recommend(w, 2, of_3.note);
	READS(w, 0, second, of_1);
	recommend(w, 2, of_1.note); // he has it from its author
	struct feed_entry third = recommend(w, 1, of_3.note);
	READS(w, 0, second, of_1);
	take_back(w, second);
	READS(w, 0, third, of_1);
	struct feed_entry mine = recommend(w, 0, of_3.note);
	READS(w, 0, third, of_1);
	take_back(w, third);
	READS(w, 0, mine, of_1);
	follow(w, 0, 3); // now he has it from its author
	READS(w, 0, of_1, of_3);
	equals_rebuilt(w);
	world_end(w);
}

static void who_must_not_be_shown_is_not(void **state)
{
	(void)state;
	struct world *w = new_world();
	feed_of(w);
	follow(w, 0, 1);
	follow(w, 0, 2);
	note_id note = say(w, 3, "by 3", VIS_PUBLIC, LANG("en"));
	struct feed_entry first = recommend(w, 1, note), second = recommend(w, 2, note);
	READS(w, 0, first);
	assert_int_equal(account_set_standing(&w->ctx, w->people[1], STANDING_SUSPENDED), OK);
	READS(w, 0, second);
	assert_int_equal(account_set_standing(&w->ctx, w->people[1], STANDING_GOOD), OK);
	READS(w, 0, first);
	assert_int_equal(account_set_standing(&w->ctx, w->people[3], STANDING_SUSPENDED), OK);
	reads(w, 0, NULL, 0);
	assert_int_equal(account_set_standing(&w->ctx, w->people[3], STANDING_GOOD), OK);
	READS(w, 0, first);
	for (enum visibility v = VISIBILITIES; v-- > VIS_PUBLIC;) {
		struct note_draft draft = {.body = S("by 3"), .visibility = v};
		as(w, w->people[3]);
		assert_int_equal(notes_edit(&w->ctx, note, &draft), OK);
		let_go(w);
		reads(w, 0, &first, v <= VIS_UNLISTED);
	}
	as(w, w->people[3]);
	assert_int_equal(notes_delete(&w->ctx, note), OK);
	let_go(w);
	assert_int_equal(w->house.feed->by_note.n, 0);
	reads(w, 0, NULL, 0);
	world_end(w);
}

// --- among much else ----------------------------------------------------------------------------

static bool follows_whom(struct world *w, account_id who, account_id whom)
{
	bool yes;
	w->ctx.viewer = (struct viewer){.account = who, .role = ROLE_MEMBER};
	assert_int_equal(follows_among(&w->ctx, &whom, 1, &yes), OK);
	return yes || who.v == whom.v;
}

// Is this what a reader is to meet? Judged slowly, by the table and the database alone.
static bool is_wanted(struct world *w, account_id reader, const struct feed_entry *e)
{
	struct note_fact fact;
	if (note_fact_get(&w->ctx, e->note, &fact) != OK || fact.visibility > VIS_UNLISTED ||
		!follows_whom(w, reader, e->who) || follows_whom(w, reader, fact.account))
		return false;
	for (ptrdiff_t i = 0; i < n_table; i++)
		if (table[i].note.v == e->note.v && table[i].moment < e->moment &&
			follows_whom(w, reader, table[i].who))
			return false;
	return true;
}

static int check_reader(struct world *w, account_id reader)
{
	static struct feed_entry met[2048];
	struct feed_entries page = {0};
	int n = 0, of_others = 0;
	do {
		w->ctx.viewer = (struct viewer){.account = reader, .role = ROLE_MEMBER};
		assert_int_equal(feed_following(&w->ctx, page.next, 7, &page), OK);
		for (ptrdiff_t i = 0; i < page.n; i++)
			met[n++] = page.at[i];
	} while (page.next.n);
	for (int i = 0; i < n; i++) {
		assert_true(!i || met[i].moment < met[i - 1].moment);
		of_others += met[i].why == &recommending;
		if (met[i].why == &recommending)
			assert_true(is_wanted(w, reader, &met[i]));
		for (int k = 0; k < i; k++)
			assert_int_not_equal(met[i].note.v, met[k].note.v);
	}
	int wanted = 0;
	for (ptrdiff_t i = 0; i < n_table; i++)
		wanted += is_wanted(w, reader, &table[i]);
	assert_int_equal(of_others, wanted);
	let_go(w);
	return wanted;
}

static void live(struct world *w, struct life *l, int times)
{
	for (int i = 0; i < times; i++) {
		live_once(w, l);
		if (i % 3 == 0 && l->n_notes)
			recommend(w, dice(PEOPLE), l->notes[dice(l->n_notes)]);
		if (i % 11 == 0)
			take_back(w, table[dice((int)n_table)]);
	}
}

static void check_all(struct world *w)
{
	int met = 0;
	for (int i = 0; i < PEOPLE; i++)
		met += check_reader(w, w->people[i]);
	assert_in_range(met, 10, 4096);
	if (!w->bound)
		equals_rebuilt(w);
}

static void a_life(int64_t bound)
{
	static struct life l;
	struct world *w = new_world();
	w->keeps = true;
	w->bound = bound;
	feed_of(w);
	dice_seed(9);
	l = (struct life){0};
	live(w, &l, 400);
	world_shed(w->house.feed);
	assert_true(!bound == !cut_of(w->house.feed));
	check_all(w);
	for (int i = 0; i < 30; i++) // nobody is told
		forget(dice((int)n_table));
	world_restart(w);
	live(w, &l, 100);
	world_restart(w);
	assert_true(feed_of(w)->reloaded);
	check_all(w);
	world_end(w);
}

static void a_life_with_entries(void **state)
{
	(void)state;
	a_life(0);
}

// Most of it is not in memory.
static void a_life_with_little_memory(void **state)
{
	(void)state;
	a_life(12000);
}

// More than memory holds, by somebody whom nobody follows.
static void fill_memory(struct world *w, int64_t newer_than)
{
	struct feed *f = w->house.feed;
	for (int i = 0; cut_of(f) <= newer_than; i++) {
		must(i < 2000);
		say(w, 5, "much", VIS_PUBLIC, LANG("en"));
		world_shed(f);
	}
}

static void beyond_memory(bool very_many)
{
	struct world *w = new_world();
	w->bound = 12000;
	struct feed *f = feed_of(w);
	if (very_many)
		follow_crowd(w, 0, false);
	follow(w, 0, 1);
	follow(w, 0, 2);
	struct feed_entry by_1 = own(w, 1, say(w, 1, "by 1", VIS_PUBLIC, LANG("en")));
	note_id a = say(w, 3, "a", VIS_PUBLIC, LANG("en"));
	note_id b = say(w, 3, "b", VIS_PUBLIC, LANG("en"));
	struct feed_entry first = recommend(w, 1, a), second = recommend(w, 2, a);
	recommend(w, 2, by_1.note);                 // he has it from its author
	for (int i = 0; very_many && i < 1100; i++) // by one who is not followed
		table[n_table++] =
			(struct feed_entry){id_new(clock_now()), b, &recommending, w->people[6]};
	fill_memory(w, table[n_table - 1].moment);
	assert_int_equal(f->by_note.n, 0);
	recommend(w, 2, a); // again, and it is there already
	struct feed_entry new = recommend(w, 1, b);
	READS(w, 0, new, first, by_1);
	take_back(w, first);
	READS(w, 0, new, second, by_1);
	struct note_draft draft = {.body = S("b"), .visibility = VIS_FOLLOWERS};
	as(w, w->people[3]);
	assert_int_equal(notes_edit(&w->ctx, b, &draft), OK);
	READS(w, 0, second, by_1);
	as(w, w->people[3]);
	assert_int_equal(notes_edit(&w->ctx, a, &draft), OK);
	READS(w, 0, by_1);
	world_end(w);
}

static void entries_beyond_memory_count(void **state)
{
	(void)state;
	beyond_memory(false);
}

static void to_those_who_follow_very_many(void **state)
{
	(void)state;
	beyond_memory(true);
}

static void what_was_missed_is_found(void **state)
{
	(void)state;
	struct world *w = new_world();
	struct feed *f = feed_of(w);
	follow(w, 0, 1);
	follow(w, 0, 2);
	note_id a = say(w, 3, "a", VIS_PUBLIC, LANG("en"));
	note_id b = say(w, 3, "b", VIS_PUBLIC, LANG("en"));
	recommend(w, 1, a);
	forget(0);
	table[n_table++] = (struct feed_entry){id_new(clock_now()), b, &recommending, w->people[2]};
	struct said lost = {&changes_lost, {0}};
	assert_int_equal(store_write(&w->ctx, say_change, &lost), OK);
	let_go(w);
	wait_compared(f);
	READS(w, 0, table[0]);
	world_end(w);
}

static void lists_given_up_are_read_again(void **state)
{
	bool older;
	(void)state;
	struct world *w = new_world();
	struct feed *f = feed_of(w);
	follow(w, 0, 1);
	note_id note = say(w, 3, "shared", VIS_PUBLIC, LANG("en"));
	recommend(w, 1, note);
	as(w, w->people[0]);
	assert_int_equal(follows_load(&w->ctx, f, w->people[0]), OK);
	rwlock_write(&f->world);
	follows_give(f);
	rwlock_write_done(&f->world);
	assert_int_equal(past_has_older(&w->ctx, f, note, INT64_MAX, &older), OK);
	assert_true(older);
	let_go(w);
	world_end(w);
}

#define LISTS 1000

// Beside its fact an entry has a list of those about its note, and a place where that is found.
static void entries_are_counted(void **state)
{
	(void)state;
	struct world *w = new_world();
	struct feed *f = feed_of(w);
	int64_t each =
		(int64_t)(sizeof(struct fact) + sizeof(struct timeline) + sizeof(struct map_slot)) +
		4 * (int64_t)sizeof(uint32_t);
	int64_t empty = bytes_used(f);
	rwlock_write(&f->world);
	for (int i = 0; i < LISTS; i++)
		entry_put(f, 1,
			&(struct feed_entry){.moment = id_past(clock_now() - i * MS_MINUTE),
				.note = {id_past(clock_now() - MS_DAY - i)},
				.who = w->people[0]});
	rwlock_write_done(&f->world);
	int64_t full = bytes_used(f);
	assert_in_range(full - empty, LISTS * each, 2 * LISTS * each);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_stands_once_at_the_oldest_entry_for_the_reader),
		cmocka_unit_test(who_must_not_be_shown_is_not),
		cmocka_unit_test(a_life_with_entries),
		cmocka_unit_test(a_life_with_little_memory),
		cmocka_unit_test(entries_beyond_memory_count),
		cmocka_unit_test(to_those_who_follow_very_many),
		cmocka_unit_test(what_was_missed_is_found),
		cmocka_unit_test(entries_are_counted),
		cmocka_unit_test(lists_given_up_are_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
