// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who may act at all, and how often.
#include "permit/permit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void only_members_in_good_standing_act(void **state)
{
	(void)state;
	struct house house = {0};
	struct ctx ctx = {.mem = arena_new(1024), .now = 1790000000000, .house = &house};
	assert_int_equal(permit_act(&ctx, ACT_LIKE), ERR_SIGN_IN);
	ctx.viewer = (struct viewer){.account = {7}, .role = ROLE_MEMBER};
	assert_int_equal(permit_act(&ctx, ACT_MODERATE), ERR_FORBIDDEN);
	ctx.viewer.role = ROLE_MODERATOR;
	assert_int_equal(permit_act(&ctx, ACT_ADMINISTER), ERR_FORBIDDEN);
	ctx.viewer.limited = true;
	assert_int_equal(permit_act(&ctx, ACT_LIKE), ERR_FORBIDDEN);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_members_in_good_standing_act),
		cmocka_unit_test(a_bucket_empties_and_fills_with_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
