// SPDX-License-Identifier: AGPL-3.0-or-later
//
// JSON: commas and escapes when writing; shapes, limits and hostile input when reading.
#include "json/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena *mem;

static int setup(void **state)
{
	(void)state;
	mem = arena_new(4096);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static void same(str got, const char *want)
{
	if (!str_eq(got, str_from(want)))
		fail_msg("got %.*s, want %s", STR_ARGS(got), want);
}

static void written(void **state)
{
	(void)state;
	struct sb sb = sb_new(mem, 16);
	struct json_out o = json_out(&sb);
	json_begin(&o);
	json_put_str(&o, "s", S("a\"\\\n\x01\t汉"));
	json_put_id(&o, "id", 42);
	json_key(&o, "list");
	json_begin_list(&o);
	json_add_int(&o, INT64_MIN);
	json_add_real(&o, 0.1);
	json_add_real(&o, NAN);
	json_begin(&o);
	json_end(&o);
	json_begin_list(&o);
	json_end_list(&o);
	json_add_bool(&o, true);
	json_end_list(&o);
	json_put_null(&o, "n");
	json_put_str_or_null(&o, "e", S(""));
	json_put_bool(&o, "b", false);
	json_put_real(&o, "r", 2.5e300);
	json_put_time(&o, "at", 1000);
	json_put_time(&o, "never", 0);
	json_put_int(&o, "i", -7);
	json_key(&o, "raw");
	json_add_raw(&o, S("[1]"));
	json_end(&o);
	same(sb_str(&sb), "{\"s\":\"a\\\"\\\\\\n\\u0001\\u0009汉\",\"id\":\"42\","
			  "\"list\":[-9223372036854775808,0.1,null,{},[],true],\"n\":null,\"e\":"
			  "null,\"b\":false,"
			  "\"r\":2.5e+300,\"at\":\"1970-01-01T00:00:01.000Z\",\"never\":null,\"i\":"
			  "-7,\"raw\":[1]}");
}

static const struct json *read_ok(const char *text)
{
	const struct json *v = NULL;
	assert_int_equal(json_read(mem, str_from(text), 1 << 20, &v), OK);
	return v;
}

static void read_values(void **state)
{
	(void)state;
	const struct json *v = read_ok(
		"{\"s\":\"汉\\u00e9\",\"i\":7,\"r\":2.5,\"t\":true,\"n\":null,\"l\":[1,\"2\",[3]],"
		"\"o\":{\"k\":\"v\"},\"q\":\"12\",\"d\":1,\"d\":2,\"f\":3.0,\"one\":\"1\"}");
	same(json_str(v, "s"), "汉é");
	assert_int_equal(json_int(v, "i"), 7);
	assert_true(json_double(v, "r") > 2.4 && json_double(v, "i") > 6.9);
	assert_true(json_bool(v, "t") && json_bool(v, "one"));
	assert_int_equal(json_int(v, "q"), 12);
	assert_int_equal(json_int(v, "f"), 3);
	assert_int_equal(json_int(v, "d"), 2);
	assert_true(json_has(v, "n"));
	assert_int_equal(json_is(json_at(v, "n")), JSON_IS_NULL);
	assert_int_equal(json_count(json_at(v, "l")), 3);
	assert_int_equal(json_whole(json_item(json_item(json_at(v, "l"), 2), 0)), 3);
	same(json_str(json_at(v, "o"), "k"), "v");
	same(json_item_key(json_at(v, "o"), 0), "k");
	assert_int_equal(json_whole(read_ok(" 5 ")), 5);
}

static void wrong_shapes_are_empty(void **state)
{
	(void)state;
	const struct json *v = read_ok("{\"s\":[1],\"i\":\"x\",\"b\":\"yes\",\"l\":\"a\"}");
	assert_int_equal(json_str(v, "s").n, 0);
	assert_int_equal(json_str(v, "absent").n, 0);
	assert_int_equal(json_int(v, "i"), 0);
	assert_int_equal(json_int(v, "s"), 0);
	assert_false(json_bool(v, "b"));
	assert_int_equal(json_count(json_at(v, "l")), 0);
	assert_null(json_item(v, 99));
	assert_null(json_item(v, -1));
	assert_null(json_at(json_at(v, "s"), "x"));
	assert_int_equal(json_is(json_at(NULL, "x")), JSON_IS_NOTHING);
	assert_int_equal(json_int(NULL, "x"), 0);
	assert_int_equal(json_item_key(json_at(v, "s"), 0).n, 0);
	assert_int_equal(json_int(read_ok("{\"a\":1e300}"), "a"), 0);
}

static void refused(void **state)
{
	(void)state;
	const char *bad[] = {"", "{", "{\"a\":1} x", "[1,]", "nul", "\"\\u0000\"", "\"\xff\"",
		"{\"a\\u0000\":1}", "'a'", "99999999999999999999", "\"\\ud800\"", "1e999"};
	const struct json *v = NULL;
	for (int i = 0; i < COUNT(bad); i++)
		if (json_read(mem, str_from(bad[i]), 1000, &v) != ERR_BAD_REQUEST)
			fail_msg("passed: %s", bad[i]);
	assert_int_equal(json_read(mem, S("[1,2]"), 4, &v), ERR_TOO_LARGE);
	char deep[200] = {0};
	memset(deep, '[', JSON_DEPTH);
	memset(deep + JSON_DEPTH, ']', JSON_DEPTH);
	assert_int_equal(json_read(mem, str_from(deep), 1000, &v), OK);
	memset(deep, '[', JSON_DEPTH + 1);
	memset(deep + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	v = NULL;
	assert_int_equal(json_read(mem, str_from(deep), 1000, &v), ERR_BAD_REQUEST);
	assert_null(v);
	assert_int_equal(
		json_read(mem, S("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""), 1000, &v), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written),
		cmocka_unit_test(read_values),
		cmocka_unit_test(wrong_shapes_are_empty),
		cmocka_unit_test(refused),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
