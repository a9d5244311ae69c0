// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Words: looked up, filled, put into the right plural form; counts and times in both languages; the
// locale that a browser's header asks for.
#include "words/words.h"
#include "words/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define assert_str(value, want) \
	do { \
		str got_ = (value); \
		if (!str_eq(got_, S(want))) \
			fail_msg("got \"%.*s\", want \"%s\"", STR_ARGS(got_), want); \
	} while (0)

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

static void every_word_has_a_text_in_both_languages(void **state)
{
	(void)state;
	assert_int_equal(word_get(LOCALE_EN, W_none).n, 0);
	for (int w = 1; w < W_COUNT; w++) {
		assert_true(word_given(LOCALE_EN, w));
		assert_true(word_given(LOCALE_ZH_HANS, w));
		assert_true(utf8_valid(word_get(LOCALE_ZH_HANS, w)));
	}
	assert_str(word_get(LOCALE_EN, W_common_like), "Like");
	assert_str(word_get(LOCALE_ZH_HANS, W_common_like), "点赞");
	assert_string_equal(word_key(W_common_like), "common_like");
}

static void assert_meet(const char *left, const char *right, const char *want)
{
	str a = str_from(left), b = str_from(right);
	word_meet(&a, &b);
	str got = str_fmt(mem, "%.*s%.*s", STR_ARGS(a), STR_ARGS(b));
	if (!str_eq(got, str_from(want)))
		fail_msg("got \"%.*s\", want \"%s\"", STR_ARGS(got), want);
}

static void chinese_meets_latin_with_a_space_and_itself_with_none(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		{"加入 ", "Qiao", "加入 Qiao"},
		{"加入 ", "湖边", "加入湖边"},
		{"加入 ", "3 点", "加入 3 点"},
		{"小满", " 的笔记", "小满的笔记"},
		{"Maya", " 的笔记", "Maya 的笔记"},
		{"1.2万", " 个赞", "1.2万个赞"},
		{"さくら", " 的笔记", "さくら的笔记"},
		{"𠮷", " 的笔记", "𠮷的笔记"},
		{"（小满）", " 的笔记", "（小满）的笔记"},
		{"<b dir=\"auto\">小满</b>", " 赞了", "<b dir=\"auto\">小满</b>赞了"},
		{"<b>Maya</b>", " 赞了", "<b>Maya</b> 赞了"},
		{"和 ", "<b>小满</b>", "和<b>小满</b>"},
		{"和 ", "<b>Maya</b>", "和 <b>Maya</b>"},
		{"Join ", "湖边", "Join 湖边"},
		{"by ", "Maya", "by Maya"},
		{"小满", "的", "小满的"},
		{"加入 ", "", "加入 "},
		{" ", "小满", " 小满"},
		{"", " 的", " 的"},
		{"<b>", " 的", "<b> 的"},
		{"加入 ", "<b>", "加入 <b>"},
	};
	for (int i = 0; i < COUNT(cases); i++)
		assert_meet(cases[i][0], cases[i][1], cases[i][2]);
	struct word_args name = {.s = S("小满")}, latin = {.s = S("Maya")};
	assert_str(word_fmt(mem, LOCALE_ZH_HANS, W_note_of, &name), "小满的笔记");
	assert_str(word_fmt(mem, LOCALE_ZH_HANS, W_note_of, &latin), "Maya 的笔记");
	assert_str(word_fmt(mem, LOCALE_EN, W_note_of, &name), "Note by 小满");
}

static void placeholders_and_plural_forms(void **state)
{
	(void)state;
	assert_str(word_n(mem, LOCALE_EN, W_common_likes, 1), "1 like");
	assert_str(word_n(mem, LOCALE_EN, W_common_likes, 0), "0 likes");
	assert_str(word_n(mem, LOCALE_EN, W_common_likes, 12345), "12.3k likes");
	assert_str(word_n(mem, LOCALE_ZH_HANS, W_common_likes, 12345), "1.2万个赞");
	struct word_args two = {.s = S("a {s2} b"), .s2 = S("C")};
	assert_str(word_fmt(mem, LOCALE_EN, W_common_title_with_site, &two), "a {s2} b · C");
}

static void plural_rules(void **state)
{
	(void)state;
	assert_int_equal(plural_of(PLURAL_ONLY, 1), PLURAL_OTHER_);
	assert_int_equal(plural_of(PLURAL_ZERO_ONE, 0), PLURAL_ONE_);
	assert_int_equal(plural_of(PLURAL_SLAVIC, 21), PLURAL_ONE_);
	assert_int_equal(plural_of(PLURAL_SLAVIC, 11), PLURAL_MANY_);
	assert_int_equal(plural_of(PLURAL_SLAVIC, 23), PLURAL_FEW_);
	assert_int_equal(plural_of(PLURAL_POLISH, 21), PLURAL_MANY_);
	assert_int_equal(plural_of(PLURAL_POLISH, 24), PLURAL_FEW_);
	assert_int_equal(plural_of(PLURAL_CZECH, 5), PLURAL_OTHER_);
	assert_int_equal(plural_of(PLURAL_ARABIC, 2), PLURAL_TWO_);
	assert_int_equal(plural_of(PLURAL_ARABIC, 103), PLURAL_FEW_);
	assert_int_equal(plural_of(PLURAL_ARABIC, 100), PLURAL_OTHER_);
	assert_int_equal(plural_of(PLURAL_ONE, INT64_MIN), PLURAL_OTHER_);
}

static void numbers_and_counts(void **state)
{
	(void)state;
	assert_str(words_number(mem, LOCALE_EN, 999), "999");
	assert_str(words_number(mem, LOCALE_EN, 12345), "12,345");
	assert_str(words_number(mem, LOCALE_EN, -123456), "-123,456");
	assert_str(words_number(mem, LOCALE_EN, 1234567), "1,234,567");
	assert_str(words_count(mem, LOCALE_EN, 999), "999");
	assert_str(words_count(mem, LOCALE_EN, 1000), "1k");
	assert_str(words_count(mem, LOCALE_EN, 99999), "99.9k");
	assert_str(words_count(mem, LOCALE_EN, 123456), "123k");
	assert_str(words_count(mem, LOCALE_EN, 3400000), "3.4M");
	assert_str(words_count(mem, LOCALE_ZH_HANS, 9999), "9999");
	assert_str(words_count(mem, LOCALE_ZH_HANS, 12345), "1.2万");
	assert_str(words_count(mem, LOCALE_ZH_HANS, 210000000), "2.1亿");
}

static void times(void **state)
{
	(void)state;
	ms now;
	assert_true(time_parse_iso(S("2026-11-23T15:24:04.000Z"), &now));
	assert_str(words_ago(mem, LOCALE_EN, now, now + 5000), "just now");
	assert_str(words_ago(mem, LOCALE_EN, now, now - 5 * MS_MINUTE), "5 min ago");
	assert_str(words_ago(mem, LOCALE_ZH_HANS, now, now - 3 * MS_HOUR), "3 小时前");
	assert_str(words_ago(mem, LOCALE_EN, now, now - 30 * MS_HOUR), "yesterday");
	assert_str(words_ago(mem, LOCALE_EN, now, now - 6 * MS_DAY), "6 days ago");
	assert_str(words_ago(mem, LOCALE_EN, now, now - 7 * MS_DAY), "Nov 16");
	assert_str(words_ago(mem, LOCALE_ZH_HANS, now, now - 400 * MS_DAY), "2025年10月19日");
	assert_str(words_time(mem, LOCALE_EN, now), "Nov 23, 2026, 15:24 UTC");
	assert_str(words_date(mem, LOCALE_EN, now, -1), "Dec 31, 1969");
}

static void the_locale_a_browser_asks_for(void **state)
{
	(void)state;
	assert_int_equal(locale_pick(S("zh-CN,zh;q=0.9,en;q=0.8")), LOCALE_ZH_HANS);
	assert_int_equal(locale_pick(S("en-GB,en;q=0.9,zh;q=0.8")), LOCALE_EN);
	assert_int_equal(locale_pick(S("en;q=0.3, zh ; q=0.8")), LOCALE_ZH_HANS);
	assert_int_equal(locale_pick(S("zh-TW")), LOCALE_ZH_HANS); // nearer than English
	assert_int_equal(locale_pick(S("xx,yy;q=0.5")), LOCALE_EN);
	assert_int_equal(locale_pick(S("zh;q=0")), LOCALE_EN);
	assert_int_equal(locale_pick(S("zhx,;;q=,,q=1")), LOCALE_EN);
	assert_int_equal(locale_pick((str){0}), LOCALE_EN);
	assert_int_equal(locale_find(S("zh-hans")), LOCALE_ZH_HANS);
	assert_int_equal(locale_find(S("zh")), -1);
	assert_false(locale_rtl(LOCALE_EN));
	assert_str(locale_name(LOCALE_ZH_HANS), "简体中文");
}

static void names_of_languages(void **state)
{
	(void)state;
	ptrdiff_t n;
	const struct language *all = words_languages(&n);
	assert_true(n >= 40);
	for (ptrdiff_t i = 0; i < n; i++) {
		assert_true(all[i].itself.n > 0);
		for (ptrdiff_t j = 0; j < i; j++)
			assert_false(lang_eq(all[i].lang, all[j].lang));
	}
	assert_str(words_language(LOCALE_ZH_HANS, LANG("ja")), "日语");
	assert_str(words_language(LOCALE_EN, LANG("pt-BR")), "Portuguese");
	assert_str(words_language(LOCALE_EN, LANG("nb")), "Norwegian");
	assert_str(words_language(LOCALE_EN, LANG("tlh")), "Unknown language");
	assert_str(words_language(LOCALE_EN, (lang){0}), "Unknown language");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_has_a_text_in_both_languages),
		cmocka_unit_test(chinese_meets_latin_with_a_space_and_itself_with_none),
		cmocka_unit_test(placeholders_and_plural_forms),
		cmocka_unit_test(plural_rules),
		cmocka_unit_test(numbers_and_counts),
		cmocka_unit_test(times),
		cmocka_unit_test(the_locale_a_browser_asks_for),
		cmocka_unit_test(names_of_languages),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
