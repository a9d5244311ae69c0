// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Normal forms, characters, words and languages, on texts as people write them.
#include "unicode/unicode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static struct arena *mem;

static void same(str got, const char *want, int line)
{
	if (!str_eq(got, str_from(want)))
		fail_msg("line %d: got \"%.*s\", want \"%s\"", line, STR_ARGS(got), want);
}
#define assert_str(value, want) same((value), (want), __LINE__)

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

static void normal_forms(void **state)
{
	(void)state;
	str same_bytes = S("Grüße 今天 привет");
	assert_ptr_equal(unicode_nfc(mem, same_bytes).p, same_bytes.p);
	assert_str(unicode_nfc(mem, S("cafe\u0301")), "café");
	assert_str(unicode_nfc(mem, S("\u212b")), "Å");
	assert_str(unicode_nfc(mem, S("\u1112\u1161\u11ab")), "한");
	assert_int_equal(unicode_nfc(mem, (str){0}).n, 0);
	assert_str(unicode_fold(mem, S("Hot_Pot")), "hot_pot");
	assert_str(unicode_fold(mem, S("重庆ABC")), "重庆abc");
	assert_str(unicode_fold(mem, S("ＡＢＣ ﬁ Straße ΣΑΣ")), "abc fi strasse σασ");
	assert_str(unicode_fold(mem, S("ÉTÉ")), "été");
	struct sb sb = sb_new(mem, 0);
	for (int i = 0; i < 1000; i++)
		sb_lit(&sb, "ﷺ"); // 18 letters each in NFKC
	assert_true(unicode_fold(mem, sb_str(&sb)).n > 30000);
}

static void lines_and_bodies(void **state)
{
	(void)state;
	assert_str(unicode_line(mem, S("  a \t\n b\u3000\u00a0c\x01\xef\xbb\xbf ")), "a b c");
	assert_str(unicode_line(mem, S(" \n ")), "");
	assert_str(unicode_line(mem, S("one two  three four ")), "one two three four");
	assert_str(unicode_line(mem, S("今天 吃　火锅！ é b\u2028c d\x7f e ")),
		"今天 吃 火锅！ é b c d e");
	assert_str(
		unicode_body(mem, S("\r\n a  \r\n\r\n\r\n\r\n\r\nb\rc\x07 d \n")), "a\n\n\nb\nc d");
	assert_str(unicode_body(mem, S("\n\n")), "");
	assert_str(unicode_body(mem, S("今天 吃\n 火锅 \n\né  b c\u2028d ")),
		"今天 吃\n 火锅\n\né  b c\nd");
	assert_str(unicode_body(mem, S("a\n  indented")), "a\n  indented");
}

static void characters(void **state)
{
	(void)state;
	assert_int_equal(unicode_count(S("abc")), 3);
	assert_int_equal(unicode_count(S("今天吃火锅！")), 6);
	assert_int_equal(unicode_count(S("e\u0301a")), 2);
	assert_int_equal(unicode_count(S("👩‍👩‍👧‍👦🇨🇳👍🏽")), 3);
	assert_int_equal(unicode_count(S("नमस्ते")), 3);
	assert_int_equal(unicode_count((str){0}), 0);
	assert_str(unicode_cut(S("今天吃火锅"), 2), "今天");
	assert_str(unicode_cut(S("abe\u0301"), 3), "abe\u0301");
	assert_str(unicode_cut(S("ab👩‍👩‍👧c"), 3), "ab👩‍👩‍👧");
	assert_str(unicode_cut(S("ab"), 5), "ab");
	assert_str(unicode_cut(S("ab"), 0), "");
	assert_str(unicode_excerpt(mem, S("short"), 5), "short");
	assert_str(unicode_excerpt(mem, S("今天吃火锅真开心"), 5), "今天吃火…");
	assert_str(unicode_excerpt(mem, S("the quick brown fox jumps"), 19), "the quick brown…");
	assert_str(unicode_excerpt(mem, S("incomprehensibilities"), 10), "incompreh…");
}

static void names(void **state)
{
	(void)state;
	const char *good[] = {
		"小满在重庆", "Maya 🍜", "José", "علی\u200cرضا", "👩‍🍳 Chef", "O’Neill", "a"};
	const char *bad[] = {"", " ", "\u3000", "a\u202eb", "a\u2066b", "\u200d", "\u200b", "a\nb",
		"a\x07", "\ue000", "\u3164", "Z\u0300\u0301\u0302\u0303\u0304", "\u2028",
		"\ufdd0x"};
	for (int i = 0; i < COUNT(good); i++)
		if (!unicode_name_ok(str_from(good[i])))
			fail_msg("refused: %s", good[i]);
	for (int i = 0; i < COUNT(bad); i++)
		if (unicode_name_ok(str_from(bad[i])))
			fail_msg("passed: number %d", i);
}

static void join(str word, void *arg)
{
	struct sb *sb = arg;
	if (sb->n)
		sb_char(sb, '|');
	sb_add(sb, word);
}

static str words_of(str text)
{
	struct sb sb = sb_new(mem, 64);
	unicode_words(text, join, &sb);
	return sb_str(&sb);
}

static void words(void **state)
{
	(void)state;
	assert_str(words_of(S("Don't stop, v1.2 of snake_case!")), "Don't|stop|v1.2|of|snake_case");
	assert_str(words_of(S("Grüße aus Köln")), "Grüße|aus|Köln");
	assert_str(words_of(S("我们今天去重庆，2个人")), "我们|今天|去|重庆|2|个人");
	assert_str(words_of(S("ラーメンを食べる")), "ラーメン|を|食べる");
	assert_str(words_of(S("   ...")), "");
	assert_str(words_of((str){0}), "");
}

static void *words_in_a_thread(void *arg)
{
	struct arena *own = arena_new(4096);
	struct sb sb = sb_new(own, 64);
	unicode_words(S("สวัสดี ครับ"), join, &sb);
	*(bool *)arg =
		str_find(sb_str(&sb), S("|")) > 0 && unicode_count(S("é\u0301👍🏽")) == 2;
	arena_free(own);
	return NULL;
}

static void iterators_are_closed_with_their_thread(void **state)
{
	(void)state;
	bool good[3] = {0};
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		threads[i] = thread_start(words_in_a_thread, &good[i]);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		assert_true(good[i]);
	}
}

static void languages(void **state)
{
	(void)state;
	static const struct {
		const char *text, *author1, *author2, *want;
	} cases[] = {
		{"今天在重庆吃火锅，太辣了", "en", "", "zh-Hans"},
		{"今天在重慶吃火鍋，太辣了！", "en", "zh-Hans", "zh-Hant"},
		{"好吃", "zh-Hant", "", "zh-Hant"},
		{"好吃", "", "", "zh-Hans"},
		{"好吃", "ja", "", "ja"},
		{"好吃", "ja", "zh-Hant", "zh-Hant"},
		{"頑張って", "en", "", "ja"},
		{"カフェ", "", "", "ja"},
		{"我爱の力量和很多很多别的东西在这里写得很长", "zh-Hans", "", "zh-Hans"},
		{"오늘은 훠궈", "en", "", "ko"},
		{"วันนี้กินหม้อไฟ", "", "", "th"},
		{"Σήμερα", "", "", "el"},
		{"Hot pot tonight, who is coming?", "zh-Hans", "en", "en"},
		{"Esta noche comemos fuera", "es", "en", "es"},
		{"Esta noche", "zh-Hans", "es", "es"},
		{"Hot pot tonight, who is coming?", "zh-Hans", "", "en"},
		{"ok", "zh-Hans", "", ""},
		{"Сегодня едим хот-пот", "uk", "", "uk"},
		{"Сегодня едим хот-пот", "en", "", "ru"},
		{"اليوم", "fa", "", "fa"},
		{"שלום", "", "", "he"},
		{"https://example.org/aaaaaaaaaaaaaaaa @maya_eats 火锅", "en", "", "zh-Hans"},
		{"#火锅 #重庆", "en", "", "zh-Hans"},
		{"123 👍🏽 !!!", "en", "", ""},
		{"", "en", "", ""},
		{"yyds！这家火锅绝了 so good", "en", "zh-Hans", "zh-Hans"},
		{"မင်္ဂလာပါ", "my", "", "my"},
	};
	for (int i = 0; i < COUNT(cases); i++) {
		lang author[2] = {lang_from(str_from(cases[i].author1)),
			lang_from(str_from(cases[i].author2))};
		int n = (author[0].tag[0] != 0) + (author[1].tag[0] != 0);
		lang got = unicode_language(str_from(cases[i].text), author, n);
		if (!str_eq(lang_str(&got), str_from(cases[i].want)))
			fail_msg("%s: got %s, want %s", cases[i].text, got.tag, cases[i].want);
	}
	assert_int_equal(unicode_text_script(S("hi 你好 @abcdefghijk")), SCRIPT_HAN);
	assert_int_equal(unicode_lang_script(LANG("pt")), SCRIPT_LATIN);
	assert_int_equal(unicode_lang_script(LANG("sr")), SCRIPT_CYRILLIC);
	assert_int_equal(unicode_lang_script((lang){0}), SCRIPT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_forms),
		cmocka_unit_test(lines_and_bodies),
		cmocka_unit_test(characters),
		cmocka_unit_test(names),
		cmocka_unit_test(words),
		cmocka_unit_test(iterators_are_closed_with_their_thread),
		cmocka_unit_test(languages),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
