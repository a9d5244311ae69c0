// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who may act at all, and how often.
#include "permit/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct act waving = {.name = "wave", .burst = 2, .per_hour = 60, .least = ROLE_MEMBER};
static const struct act judging = {
	.name = "judge", .burst = 2, .per_hour = 60, .least = ROLE_MODERATOR};

static void only_members_in_good_standing_act(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = {.mem = arena_new(1024), .now = 1790000000000, .house = &house};
	assert_int_equal(permit_act(&ctx, &waving), ERR_SIGN_IN);
	ctx.viewer = (struct viewer){.account = {7}, .role = ROLE_MEMBER};
	assert_int_equal(permit_act(&ctx, &judging), ERR_FORBIDDEN);
	ctx.viewer.role = ROLE_MODERATOR;
	assert_int_equal(permit_act(&ctx, &act_administer), ERR_FORBIDDEN);
	ctx.viewer.limited = true;
	assert_int_equal(permit_act(&ctx, &waving), ERR_FORBIDDEN);
	arena_free(ctx.mem);
}

static void a_bucket_empties_and_fills_with_time(void **state)
{
	(void)state;
	struct house house = {.permit = permit_new(true)};
	struct ctx ctx = {.mem = arena_new(1024), .now = 1790000000000, .house = &house};
	for (int i = 0; i < 5; i++)
		assert_int_equal(permit_try(&ctx, S("sign-in ::1"), 5, MS_MINUTE), OK);
	assert_int_equal(permit_try(&ctx, S("sign-in ::1"), 5, MS_MINUTE), ERR_TOO_MANY);
	assert_in_range(ctx.problem.number, 1, 13);
	assert_int_equal(permit_try(&ctx, S("sign-in ::2"), 5, MS_MINUTE), OK);
	ctx.now += MS_MINUTE / 5 + 1;
	assert_int_equal(permit_try(&ctx, S("sign-in ::1"), 5, MS_MINUTE), OK);
	assert_int_equal(permit_try(&ctx, S("sign-in ::1"), 5, MS_MINUTE), ERR_TOO_MANY);
	permit_free(house.permit);
	arena_free(ctx.mem);
}

static void what_others_counted_is_counted(void **state)
{
	(void)state;
	struct house house = {.permit = permit_new(true)};
	struct ctx ctx = {.mem = arena_new(1024), .now = 1790000000000, .house = &house};
	uint64_t key = key_of(&ctx, "try", S("sign-up ::1"), S(""));
	for (int i = 0; i < 3; i++)
		act_buckets_heard(house.permit->acts, key, ctx.now);
	for (int i = 0; i < 2; i++)
		assert_int_equal(permit_try(&ctx, S("sign-up ::1"), 5, MS_MINUTE), OK);
	assert_int_equal(permit_try(&ctx, S("sign-up ::1"), 5, MS_MINUTE), ERR_TOO_MANY);
	ctx.now += MS_MINUTE;
	assert_int_equal(permit_try(&ctx, S("sign-up ::1"), 5, MS_MINUTE), OK);
	struct attempt t = {.name = S("ann"), .network = S("::1")};
	ms held;
	key = key_of(&ctx, "pair", t.name, t.network);
	assert_int_equal(permit_attempt(&ctx, &t, &held), OK);
	for (int i = 0; i < 9; i++)
		attempts_heard(house.permit->attempts, key, COUNTED_PAIR, ctx.now);
	assert_int_equal(permit_attempt(&ctx, &t, &held), ERR_TOO_MANY);
	permit_free(house.permit);
	arena_free(ctx.mem);
}

// Seconds to wait, or minus the milliseconds that the answer is held back.
static int64_t try_at(struct ctx *ctx, const char *name, const char *network, const char *browser)
{
	struct attempt t = {
		.name = str_from(name), .network = str_from(network), .browser = str_from(browser)};
	ms hold;
	return permit_attempt(ctx, &t, &hold) == OK ? -hold : ctx->problem.number;
}

static void right(struct ctx *ctx, const char *name, const char *network, const char *browser)
{
	struct attempt t = {
		.name = str_from(name), .network = str_from(network), .browser = str_from(browser)};
	assert_int_equal(permit_attempt_right(ctx, &t), OK);
}

static struct ctx counting(struct house *house)
{
	house->permit = permit_new(true);
	return (struct ctx){.mem = arena_new(1024), .now = 1790000000000, .house = house};
}

static void counting_ends(struct ctx *ctx)
{
	permit_free(ctx->house->permit);
	arena_free(ctx->mem);
}

static void who_fails_in_one_place_waits_there(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	for (int i = 0; i < 10; i++)
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	assert_in_range(try_at(&ctx, "ann", "192.0.2.1", ""), 14, 15);
	assert_int_equal(try_at(&ctx, "ann", "192.0.2.2", ""), 0); // from elsewhere
	assert_int_equal(try_at(&ctx, "ben", "192.0.2.1", ""), 0); // another name
	assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", "known"), 0);
	ctx.now += 15 * MS_SECOND; // it said so
	assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	assert_in_range(try_at(&ctx, "ann", "192.0.2.1", ""), 16, 30); // longer now
	for (int i = 0; i < 20; i++) {
		ctx.now += 15 * MS_MINUTE;
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	}
	assert_true(try_at(&ctx, "ann", "192.0.2.1", "") <= 15 * 60);
	ctx.now += MS_DAY;
	for (int i = 0; i < 9; i++)
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	right(&ctx, "ann", "192.0.2.1", ""); // nothing is held against a right one
	for (int i = 0; i < 10; i++)
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	counting_ends(&ctx);
}

static void many_places_make_a_name_slow_and_never_shut(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	int64_t slowest = 0;
	for (int i = 0; i < 400; i++) {
		char network[32];
		snprintf(network, sizeof network, "10.0.%d.%d", i / 200, i % 200);
		int64_t held = -try_at(&ctx, "ann", network, "");
		assert_true(held >= slowest); // ever slower, nobody refused
		slowest = held;
	}
	assert_int_equal(slowest, 8000);
	int64_t owner = try_at(&ctx, "ann", "198.51.100.7", "");
	assert_in_range(-owner, 1, 8000);
	right(&ctx, "ann", "198.51.100.7", "");
	assert_int_equal(try_at(&ctx, "ann", "198.51.100.8", "known"), 0);
	assert_int_equal(try_at(&ctx, "ben", "198.51.100.9", ""), 0);
	ctx.now += 4 * MS_HOUR;
	assert_int_equal(try_at(&ctx, "ann", "198.51.100.10", ""), 0);
	counting_ends(&ctx);
}

// How many of eight at once are held back; the others are told to come again.
static int held_at_once(struct ctx *ctx, const char *network)
{
	int waiting = 0;
	for (int i = 0; i < 8; i++) {
		char name[16];
		snprintf(name, sizeof name, "name_%d", i);
		int64_t wait = try_at(ctx, name, network, "");
		waiting += wait < 0;
		if (wait >= 0)
			assert_in_range(wait, 1, 8);
	}
	return waiting;
}

static void one_place_that_tries_many_names_is_slow(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	for (int i = 0; i < 30; i++) {
		char name[16];
		snprintf(name, sizeof name, "first_%d", i);
		assert_int_equal(try_at(&ctx, name, "2001:db8::/64", ""), 0);
	}
	assert_int_equal(held_at_once(&ctx, "2001:db8::/64"), 4);
	assert_int_equal(try_at(&ctx, "name_1", "2001:db8:0:1::/64", ""), 0);
	assert_int_equal(try_at(&ctx, "name_1", "2001:db8::/64", "known"), 0);
	counting_ends(&ctx);
}

// Whatever became of the requests: many are never heard of again.
static void a_place_among_the_held_ends_with_its_time(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	for (int round = 0; round < 2000; round++) {
		char network[32];
		snprintf(network, sizeof network, "10.0.%d.%d", round / 200, round % 200);
		(void)try_at(&ctx, "ann", network, "");
	}
	// All places are taken, and the next one is told so.
	assert_in_range(try_at(&ctx, "ann", "198.51.100.7", ""), 1, 8);
	ctx.now += 8 * MS_SECOND;
	assert_in_range(-try_at(&ctx, "ann", "198.51.100.7", ""), 1, 8000);
	for (int i = 0; i < 40; i++) {
		char name[16];
		snprintf(name, sizeof name, "other_%d", i);
		(void)try_at(&ctx, name, "203.0.113.9", "");
	}
	for (int round = 0; round < 5; round++) {
		ctx.now += 8 * MS_SECOND;
		assert_int_equal(held_at_once(&ctx, "203.0.113.9"), 4);
	}
	ctx.now -= MS_HOUR; // the clock was set back
	assert_int_equal(held_at_once(&ctx, "203.0.113.9"), 4);
	counting_ends(&ctx);
}

static void an_attempt_from_which_nothing_was_learnt_counts_for_nothing(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	const struct attempt t = {.name = S("ann"), .network = S("192.0.2.1")};
	for (int i = 0; i < 9; i++)
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	for (int i = 0; i < 100; i++) { // the database is away
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
		permit_attempt_undo(&ctx, &t);
	}
	// The nine that failed before it are not forgotten.
	assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	assert_in_range(try_at(&ctx, "ann", "192.0.2.1", ""), 14, 15);
	counting_ends(&ctx);
}

static void a_known_browser_has_its_own_count(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	for (int i = 0; i < 10; i++)
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", "known"), 0);
	assert_in_range(try_at(&ctx, "ann", "192.0.2.1", "known"), 14, 15);
	assert_in_range(try_at(&ctx, "ann", "192.0.2.99", "known"), 14, 15); // wherever it is
	assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", "another"), 0);
	assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	counting_ends(&ctx);
}

static void a_flood_of_names_costs_no_memory_and_frees_nobody(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = counting(&house);
	while (try_at(&ctx, "ann", "192.0.2.1", "") <= 0)
		;
	for (int i = 0; i < 100000; i++) {
		char name[32];
		snprintf(name, sizeof name, "flood_%d", i);
		arena_reset(ctx.mem);
		int64_t held = try_at(&ctx, name, "203.0.113.1", "");
		assert_true(held <= 8);
	}
	assert_true(try_at(&ctx, "ann", "192.0.2.1", "") > 0);
	counting_ends(&ctx);
}

static void nothing_is_counted_where_limits_are_off(void **state)
{
	(void)state;
	struct house house = {.permit = permit_new(false)};
	struct ctx ctx = {.mem = arena_new(1024), .now = 1790000000000, .house = &house};
	for (int i = 0; i < 100; i++)
		assert_int_equal(try_at(&ctx, "ann", "192.0.2.1", ""), 0);
	counting_ends(&ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_members_in_good_standing_act),
		cmocka_unit_test(a_bucket_empties_and_fills_with_time),
		cmocka_unit_test(what_others_counted_is_counted),
		cmocka_unit_test(who_fails_in_one_place_waits_there),
		cmocka_unit_test(many_places_make_a_name_slow_and_never_shut),
		cmocka_unit_test(one_place_that_tries_many_names_is_slow),
		cmocka_unit_test(a_place_among_the_held_ends_with_its_time),
		cmocka_unit_test(an_attempt_from_which_nothing_was_learnt_counts_for_nothing),
		cmocka_unit_test(a_known_browser_has_its_own_count),
		cmocka_unit_test(a_flood_of_names_costs_no_memory_and_frees_nobody),
		cmocka_unit_test(nothing_is_counted_where_limits_are_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
