/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The file name rule, by hand-computed examples: the loader and the painter must agree for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "name.h"

static void plain_names(void **state)
{
	char name[PICTURE_NAME_MAX];

	(void)state;
	assert_true(picture_name(name, sizeof name, "hotpot", 11, "3:4", NULL));
	assert_string_equal(name, "hotpot-11-3x4.jpg");
	assert_true(picture_name(name, sizeof name, "cat_sofa", 0, "1x1", ""));
	assert_string_equal(name, "cat_sofa-0-1x1.jpg");
	assert_true(picture_name(name, sizeof name, "tea_set", 4000000000UL, "cover", NULL));
	assert_string_equal(name, "tea_set-4000000000-cover.jpg");
}

static void headline_names(void **state)
{
	char name[PICTURE_NAME_MAX];

	(void)state;
	/* FNV-1a test vectors: "a" is e40c292c, "foobar" is bf9cf968. */
	assert_true(picture_name(name, sizeof name, "bread", 3, "4:3", "a"));
	assert_string_equal(name, "bread-3-4x3-e40c292c.jpg");
	assert_true(picture_name(name, sizeof name, "bread", 3, "avatar", "foobar"));
	assert_string_equal(name, "bread-3-avatar-bf9cf968.jpg");
}

static void refusals(void **state)
{
	char name[PICTURE_NAME_MAX] = "x";

	(void)state;
	assert_false(picture_name(name, sizeof name, "hotpot", 1, "16:9", NULL));
	assert_string_equal(name, "");
	assert_false(picture_name(name, sizeof name, "../etc", 1, "1:1", NULL));
	assert_false(picture_name(name, sizeof name, "", 1, "1:1", NULL));
	assert_false(picture_name(name, 10, "hotpot", 1, "1:1", NULL));
	assert_string_equal(name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names),
		cmocka_unit_test(headline_names),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
