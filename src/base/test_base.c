// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The ground: arenas keep neighbours apart, slices cut right, maps survive deletion, ids never
// repeat, UTF-8 is read strictly.
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void arena_hands_out_zeroed_memory_and_takes_it_back(void **state)
{
	(void)state;
	struct arena *a = arena_new(64);
	char *first = arena_alloc(a, 100, 1, 1);
	memset(first, 'x', 100);
	int64_t *number = NEW(a, int64_t);
	assert_int_equal((uintptr_t)number % _Alignof(int64_t), 0);
	assert_int_equal(*number, 0);
	assert_int_equal(arena_used(a), 108);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	char *again = arena_alloc(a, 100, 1, 1);
	for (int i = 0; i < 100; i++)
		assert_int_equal(again[i], 0);
	arena_free(a);
}

static void lists_grow_in_an_arena_between_other_allocations(void **state)
{
	(void)state;
	struct arena *a = arena_new(64);
	LIST(int) xs = {0};
	for (int i = 0; i < 1000; i++) {
		list_push(a, &xs, i);
		if (i % 7 == 0)
			memset(arena_alloc(a, 5, 1, 1), 0xff, 5);
	}
	int sum = 0;
	list_each (x, &xs)
		sum += *x;
	assert_int_equal(sum, 499500);
	arena_free(a);
}

static void slices_cut_trim_and_compare(void **state)
{
	(void)state;
	str rest = S("a,bc,,d");
	assert_true(str_eq(str_cut(&rest, ','), S("a")));
	assert_true(str_eq(str_cut(&rest, ','), S("bc")));
	assert_true(str_eq(str_cut(&rest, ','), S("")));
	assert_true(str_eq(str_cut(&rest, ','), S("d")));
	assert_null(rest.p);
	assert_true(str_eq(str_trim(S(" \t x y\n")), S("x y")));
	assert_true(str_cmp(S("ab"), S("abc")) < 0);
	assert_true(str_ieq(S("HeLLo"), S("hEllO")));
	assert_int_equal(str_find(S("needle in hay"), S("in")), 7);
	assert_int_equal(str_find(S("hay"), S("needle")), -1);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
	(void)state;
	int64_t v = 7;
	assert_true(str_int(S("-9223372036854775808"), &v));
	assert_true(v == INT64_MIN);
	assert_true(str_int(S("9223372036854775807"), &v));
	assert_true(v == INT64_MAX);
	static const str bad[] = {STR_INIT(""), STR_INIT("-"), STR_INIT("+1"), STR_INIT("1 "),
		STR_INIT("9223372036854775808"), STR_INIT("0x10")};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(str_int(bad[i], &v));
	assert_true(v == INT64_MAX);
}

static void utf8_is_read_from_either_end(void **state)
{
	(void)state;
	const str s = S("a\xc3\xa9\xe6\xa1\xa5\xf0\x9f\x98\x80");
	const uint32_t want[] = {0x1f600, 0x6865, 0xe9, 'a'};
	ptrdiff_t at = s.n;
	for (int i = 0; i < COUNT(want); i++)
		assert_int_equal(utf8_before(s, &at), want[i]);
	assert_int_equal(at, 0);
	assert_true(str_eq(utf8_head(s, 2), S("a\xc3\xa9")));
	assert_true(str_eq(utf8_head(s, 9), s));
	assert_int_equal(utf8_head(s, 0).n, 0);
	str kept = str_keep(s), none = str_keep((str){0});
	assert_true(kept.p != s.p && str_eq(kept, s) && !none.n);
	str_drop(kept);
	str_drop(none);
}

static void utf8_is_read_strictly(void **state)
{
	(void)state;
	assert_true(utf8_valid(S("桥 bridge 🌉 é")));
	static const str bad[] = {STR_INIT("\x80"), STR_INIT("\xc0\x80"), STR_INIT("\xed\xa0\x80"),
		STR_INIT("\xf4\x90\x80\x80"), STR_INIT("\xe6\xa1"), STR_INIT("a\0b")};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(utf8_valid(bad[i]));
	for (ptrdiff_t i = 0; i < 20; i++) { // wherever it stands among ASCII
		char text[20];
		memset(text, 'a', sizeof text);
		assert_true(utf8_valid((str){text, sizeof text}));
		text[i] = '\0';
		assert_false(utf8_valid((str){text, sizeof text}));
		text[i] = '\x80';
		assert_false(utf8_valid((str){text, sizeof text}));
	}
	ptrdiff_t at = 0;
	str s = S("\xe6\xa1\xa5\xff!");
	assert_int_equal(utf8_next(s, &at), 0x6865);
	assert_int_equal(utf8_next(s, &at), 0xfffd);
	assert_int_equal(utf8_next(s, &at), '!');
	char bytes[4];
	assert_int_equal(utf8_encode(0x1f309, bytes), 4);
	assert_memory_equal(bytes, "\xf0\x9f\x8c\x89", 4);
	assert_int_equal(utf8_count(S("桥é!")), 3);
}

static void controls_are_found_wherever_they_stand(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		for (ptrdiff_t i = 0; i < 20; i++) {
			char text[20];
			memset(text, ' ', sizeof text);
			text[i] = (char)c;
			assert_int_equal(
				str_has_controls((str){text, sizeof text}), c < 0x20 || c == 0x7f);
		}
	assert_false(str_has_controls((str){0}));
}

static void maps_stay_whole_through_deletions(void **state)
{
	(void)state;
	struct map m = {0};
	uint64_t v;
	for (uint64_t k = 0; k < 5000; k++)
		map_put(&m, k * 64, k);
	for (uint64_t k = 0; k < 5000; k += 2)
		assert_true(map_del(&m, k * 64));
	assert_false(map_del(&m, 0));
	assert_int_equal(m.n, 2500);
	for (uint64_t k = 0; k < 5000; k++) {
		assert_int_equal(map_get(&m, k * 64, &v), k % 2);
		if (k % 2)
			assert_int_equal(v, k);
	}
	map_free(&m);
	struct strmap s = {0};
	int one = 1, two = 2;
	strmap_put(&s, S("一"), &one);
	strmap_put(&s, S(""), &two);
	assert_ptr_equal(strmap_get(&s, S("一")), &one);
	assert_ptr_equal(strmap_del(&s, S("")), &two);
	assert_null(strmap_get(&s, S("")));
	strmap_free(&s);
}

static void ids_are_ordered_and_never_repeat(void **state)
{
	(void)state;
	int64_t last = 0, id;
	for (int i = 0; i < 10000; i++) { // more than one millisecond holds
		id = id_new(1790000000000);
		assert_true(id > last);
		last = id;
	}
	assert_true(id_time(last) >= 1790000000000 && id_time(last) < 1790000000010);
	assert_true(id_parse(S("1876954931200000001"), &id));
	assert_false(id_parse(S("-5"), &id));
	assert_false(id_parse(S("0"), &id));
}

static void times_are_written_as_protocols_want_them(void **state)
{
	(void)state;
	char iso[TIME_ISO_SIZE], http[30];
	ms at;
	time_iso(1795447444004, iso);
	assert_string_equal(iso, "2026-11-23T15:24:04.004Z");
	time_http(1795447444004, http);
	assert_string_equal(http, "Mon, 23 Nov 2026 15:24:04 GMT");
	assert_true(time_parse_iso(S("2026-11-23T15:24:04.004Z"), &at));
	assert_true(at == 1795447444004);
	assert_true(time_parse_iso(S("2026-11-23T15:24:04Z"), &at));
	assert_false(time_parse_iso(S("2026-11-23 15:24:04"), &at));
}

static void language_tags_are_short_and_clean(void **state)
{
	(void)state;
	assert_true(lang_eq(lang_from(S("zh-Hans")), LANG("zh-Hans")));
	assert_true(lang_same_base(LANG("zh-Hans"), LANG("zh-Hant")));
	assert_false(lang_same_base(LANG("en"), LANG("eo")));
	assert_true(lang_eq(lang_from(S("en\"><script")), (lang){0}));
	assert_true(lang_eq(lang_from(S("x")), (lang){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_hands_out_zeroed_memory_and_takes_it_back),
		cmocka_unit_test(lists_grow_in_an_arena_between_other_allocations),
		cmocka_unit_test(slices_cut_trim_and_compare),
		cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
		cmocka_unit_test(utf8_is_read_strictly),
		cmocka_unit_test(utf8_is_read_from_either_end),
		cmocka_unit_test(controls_are_found_wherever_they_stand),
		cmocka_unit_test(maps_stay_whole_through_deletions),
		cmocka_unit_test(ids_are_ordered_and_never_repeat),
		cmocka_unit_test(times_are_written_as_protocols_want_them),
		cmocka_unit_test(language_tags_are_short_and_clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
