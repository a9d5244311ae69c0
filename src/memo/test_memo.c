// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is kept is true: whatever comes between reading and keeping, and however many look at once.
#include "memo/memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <cmocka.h>

static _Atomic int dropped; // threads drop, too

static void drop(void *value)
{
	dropped++;
	mem_free(value);
}

static struct ctx *outside(void)
{
	static struct ctx ctx;
	return &ctx;
}

static void keep(struct memo *m, struct memo_key key, int64_t number, uint64_t moment,
	const int64_t *about, ptrdiff_t n)
{
	int64_t *value = mem_new(1, (ptrdiff_t)sizeof *value);
	*value = number;
	memo_keep(outside(), m, key, value, 1, moment, about, n);
}

static uint64_t moment_of(struct memo *m)
{
	uint64_t moment = memo_open(m);
	memo_close(m);
	return moment;
}

// The number kept, 0: none.
static int64_t kept(struct memo *m, struct memo_key key)
{
	memo_open(m);
	const int64_t *value = memo_at(m, key);
	int64_t number = value ? *value : 0;
	memo_close(m);
	return number;
}

static struct memo_key key(int64_t id)
{
	return (struct memo_key){.id = id};
}

static struct memo *fresh(int64_t most)
{
	dropped = 0;
	return memo_new(NULL, &(struct memo_spec){.most = most, .drop = drop});
}

static void keys_are_told_apart(void **state)
{
	struct memo *m = fresh(100);
	const int64_t about[] = {7};
	(void)state;
	keep(m, key(7), 1, moment_of(m), about, 1);
	keep(m, (struct memo_key){.id = 7, .form = 1}, 2, moment_of(m), about, 1);
	keep(m, memo_name(S("seven")), 3, moment_of(m), about, 1);
	keep(m, memo_name(S("sevens")), 4, moment_of(m), about, 1);
	assert_int_equal(kept(m, key(7)), 1);
	assert_int_equal(kept(m, (struct memo_key){.id = 7, .form = 1}), 2);
	assert_int_equal(kept(m, memo_name(S("seven"))), 3);
	assert_int_equal(kept(m, memo_name(S("sevens"))), 4);
	assert_int_equal(kept(m, memo_name(S("seve"))), 0);
	assert_int_equal(kept(m, key(8)), 0);
	keep(m, key(7), 5, moment_of(m), about, 1); // in the place of the first
	assert_int_equal(kept(m, key(7)), 5);
	assert_int_equal(dropped, 1);
	memo_end(m, 7);
	assert_int_equal(memo_weight(m), 0);
	assert_int_equal(dropped, 5);
	memo_free(m);
}

static void what_ends_while_it_is_read_is_not_kept(void **state)
{
	struct memo *m = fresh(10000);
	const int64_t about[] = {1, 2, 3};
	(void)state;
	for (int i = 0; i < COUNT(about); i++) {
		uint64_t moment = moment_of(m);
		memo_end(m, about[i]);
		keep(m, key(1), 1, moment, about, COUNT(about));
		assert_int_equal(kept(m, key(1)), 0);
	}
	uint64_t moment = moment_of(m);
	memo_end(m, 4); // something else
	keep(m, key(1), 1, moment, about, COUNT(about));
	assert_int_equal(kept(m, key(1)), 1);
	moment = moment_of(m);
	memo_end_all(m);
	keep(m, key(1), 1, moment, about, COUNT(about));
	keep(m, key(2), 1, moment, NULL, 0);
	assert_int_equal(memo_weight(m), 0);
	moment = moment_of(m);
	memo_end(m, 9);
	for (int i = 0; i < 2000; i++)
		memo_end(m, 100 + i); // so many that the first is forgotten
	keep(m, key(9), 1, moment, (int64_t[]){9}, 1);
	keep(m, key(10), 1, moment, (int64_t[]){10}, 1);
	assert_int_equal(memo_weight(m), 0);
	memo_free(m);
}

static void nothing_is_kept_of_what_a_transaction_sees(void **state)
{
	struct memo *m = fresh(10);
	struct ctx within = {.db = (struct db *)&within};
	(void)state;
	memo_keep(&within, m, key(1), mem_new(1, 8), 1, moment_of(m), NULL, 0);
	assert_int_equal(memo_weight(m), 0);
	assert_int_equal(dropped, 1);
	memo_free(m);
}

static void an_end_ends_all_that_is_about_it_and_nothing_else(void **state)
{
	struct memo *m = fresh(100000);
	(void)state;
	for (int64_t i = 1; i <= 300; i++)
		keep(m, key(i), i, moment_of(m), (int64_t[]){1000 + i % 7, 2000 + i % 5, i}, 3);
	memo_end(m, 1003);
	memo_end(m, 2002);
	memo_end(m, 11);
	for (int64_t i = 1; i <= 300; i++) {
		bool gone = i % 7 == 3 || i % 5 == 2 || i == 11;
		assert_int_equal(kept(m, key(i)), gone ? 0 : i);
	}
	memo_end_all(m);
	assert_int_equal(memo_weight(m), 0);
	assert_int_equal(dropped, 300);
	memo_free(m);
}

static void what_is_asked_for_outlives_what_is_not(void **state)
{
	struct memo *m = fresh(100);
	(void)state;
	for (int64_t i = 1; i <= 1000; i++) {
		keep(m, key(i), i, moment_of(m), NULL, 0);
		for (int64_t wanted = 1; wanted <= 10; wanted++)
			assert_int_equal(kept(m, key(wanted)), wanted <= i ? wanted : 0);
		assert_in_range(memo_weight(m), 1, 100);
	}
	memo_keep(outside(), m, key(5000), mem_new(1, 8), 101, moment_of(m), NULL, 0);
	assert_int_equal(kept(m, key(5000)), 0); // heavier than all may be
	assert_int_equal(kept(m, key(1)), 1);
	memo_keep(outside(), m, key(5000), mem_new(1, 8), 100, moment_of(m), NULL, 0);
	assert_int_equal(memo_weight(m), 100);
	memo_free(m);
}

static int64_t add(void *value, void *arg)
{
	*(int64_t *)value += *(int64_t *)arg;
	return *(int64_t *)value;
}

static void an_edit_follows_and_ends_what_is_read(void **state)
{
	struct memo *m = fresh(100);
	int64_t by = 4, more = 1000;
	(void)state;
	keep(m, key(1), 1, moment_of(m), (int64_t[]){1}, 1);
	keep(m, (struct memo_key){.id = 1, .form = 1}, 10, moment_of(m), (int64_t[]){1, 2}, 2);
	keep(m, key(2), 20, moment_of(m), (int64_t[]){2}, 1);
	uint64_t moment = moment_of(m);
	memo_edit(m, 1, add, &by);
	assert_int_equal(kept(m, key(1)), 5);
	assert_int_equal(kept(m, (struct memo_key){.id = 1, .form = 1}), 14);
	assert_int_equal(kept(m, key(2)), 20);
	assert_int_equal(memo_weight(m), 5 + 14 + 1);
	keep(m, key(1), 99, moment, (int64_t[]){1}, 1); // read before the edit
	assert_int_equal(kept(m, key(1)), 5);
	memo_edit(m, 1, add, &more); // too heavy now
	assert_in_range(memo_weight(m), 0, 100);
	memo_edit(m, 77, add, &by); // nobody there
	memo_free(m);
}

static void plain_values_are_copied_in_and_out(void **state)
{
	struct pair {
		int64_t a, b;
	} in = {3, 4}, out = {0};
	struct memo *m = memo_new(NULL, &(struct memo_spec){.most = 10});
	uint64_t moment;
	(void)state;
	assert_false(memo_copy(m, key(1), &out, sizeof out, &moment));
	assert_int_equal(out.a, 0);
	memo_keep_copy(outside(), m, key(1), &in, sizeof in, 1, moment, (int64_t[]){1}, 1);
	in.b = 5; // what is kept is its own
	assert_true(memo_copy(m, key(1), &out, sizeof out, NULL));
	assert_int_equal(out.a, 3);
	assert_int_equal(out.b, 4);
	memo_end(m, 1);
	memo_keep_copy(outside(), m, key(1), &in, sizeof in, 1, moment, (int64_t[]){1}, 1);
	assert_false(memo_copy(m, key(1), &out, sizeof out, NULL)); // read before it ended
	memo_free(m);
}

// Against a plain model, with every operation in random order.
#define THINGS 40

static void a_long_life_equals_a_plain_one(void **state)
{
	struct memo *m = fresh(1 << 20);
	int64_t model[THINGS] = {0};
	unsigned seed = 7;
	(void)state;
	for (int turn = 0; turn < 20000; turn++) {
		int64_t thing = rand_r(&seed) % THINGS, other = rand_r(&seed) % THINGS;
		const int64_t about[] = {thing, 100 + thing % 3};
		int what = rand_r(&seed) % 10;
		if (what < 6) {
			uint64_t moment = moment_of(m);
			if (what == 5)
				memo_end(m, other);
			bool ended = what == 5 && other == thing;
			keep(m, key(thing), turn + 1, moment, about, 2);
			if (what == 5)
				model[other] = 0;
			if (!ended)
				model[thing] = turn + 1;
		} else if (what < 9) {
			memo_end(m, thing);
			model[thing] = 0;
		} else if (turn % 50 == 0) {
			memo_end(m, 100 + thing % 3);
			for (int64_t i = 0; i < THINGS; i++)
				if (i % 3 == thing % 3)
					model[i] = 0;
		}
		assert_int_equal(kept(m, key(other)), model[other]);
	}
	memo_free(m);
}

// A truth that writers change, telling the memo after; what readers find kept is never older than what
// was told before they looked.
static struct memo *shared;
static _Atomic int64_t truth[8], told[8];
static _Atomic bool over;

static void *read_and_keep(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;
	int64_t wrong = 0;
	while (!atomic_load(&over)) {
		int64_t id = rand_r(&seed) % 8 + 1;
		int64_t least = atomic_load(&told[id - 1]);
		uint64_t moment = memo_open(shared);
		const int64_t *value = memo_at(shared, key(id));
		wrong += value && *value < least;
		memo_close(shared);
		int64_t now = atomic_load(&truth[id - 1]);
		if (rand_r(&seed) % 4 == 0)
			sched_yield();
		keep(shared, key(id), now, moment, &id, 1);
	}
	return (void *)(uintptr_t)wrong;
}

static void nobody_finds_what_is_old(void **state)
{
	pthread_t readers[4];
	int64_t wrong = 0;
	(void)state;
	shared = fresh(100);
	for (uintptr_t i = 0; i < COUNT(readers); i++)
		readers[i] = thread_start(read_and_keep, (void *)(i + 1));
	for (int64_t turn = 1; turn <= 20000; turn++) {
		int64_t id = turn % 8 + 1;
		atomic_store(&truth[id - 1], turn);
		memo_end(shared, id);
		atomic_store(&told[id - 1], turn);
	}
	atomic_store(&over, true);
	for (int i = 0; i < COUNT(readers); i++) {
		void *seen;
		pthread_join(readers[i], &seen);
		wrong += (int64_t)(uintptr_t)seen;
	}
	assert_int_equal(wrong, 0);
	memo_free(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_told_apart),
		cmocka_unit_test(what_ends_while_it_is_read_is_not_kept),
		cmocka_unit_test(nothing_is_kept_of_what_a_transaction_sees),
		cmocka_unit_test(an_end_ends_all_that_is_about_it_and_nothing_else),
		cmocka_unit_test(what_is_asked_for_outlives_what_is_not),
		cmocka_unit_test(an_edit_follows_and_ends_what_is_read),
		cmocka_unit_test(plain_values_are_copied_in_and_out),
		cmocka_unit_test(a_long_life_equals_a_plain_one),
		cmocka_unit_test(nobody_finds_what_is_old),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
