// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The scanner against its table, scan_cases.txt, and the promises that hold for every text: parts
// joined are the text, a part alone is what it was, what topics are compared by is a topic.
#include "unicode/scan_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define CASES_LEAST 400

static const char *table;
static struct arena *mem;

static int setup(void **state)
{
	(void)state;
	mem = arena_new(1 << 16);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static void alone(const struct text_part *part)
{
	struct text_part again;
	ptrdiff_t at = 0;
	assert_true(text_next(part->all, &at, &again));
	assert_int_equal(again.kind, part->kind);
	assert_true(str_eq(again.all, part->all) && str_eq(again.name, part->name));
}

// M(mention) T(topic) L(link), the rest as it is. Of the links also where they lead and what they
// show, one after the other.
static str marked(str text, struct sb *leads)
{
	struct sb sb = sb_new(mem, text.n + 64);
	struct text_part part;
	struct text_link link;
	ptrdiff_t covered = 0;
	for (ptrdiff_t at = 0; text_next(text, &at, &part);) {
		assert_ptr_equal(part.all.p, text.p + covered);
		covered += part.all.n;
		if (part.kind == TEXT_PLAIN) {
			sb_add(&sb, part.all);
			continue;
		}
		alone(&part);
		assert_true(text_may_have(text, part.kind));
		sb_fmt(&sb, "%c(%.*s)", "?TML"[part.kind], STR_ARGS(part.name));
		if (part.kind != TEXT_LINK)
			continue;
		text_link(mem, part.name, &link);
		sb_fmt(leads, "%s%.*s|%.*s%.*s", leads->n ? " " : "", STR_ARGS(link.href),
			STR_ARGS(link.host), STR_ARGS(link.rest));
	}
	assert_int_equal(covered, text.n);
	return sb_str(&sb);
}

static bool holds(const struct scan_case *c)
{
	struct sb leads = sb_new(mem, 64);
	str got = marked(c->text, &leads);
	bool good = str_eq(got, c->want);
	if (!good)
		print_error("%.*s\n  found    %.*s\n", STR_ARGS(c->line), STR_ARGS(got));
	if (c->leads.n && !str_eq(c->leads, sb_str(&leads))) {
		print_error("%.*s\n  leads to %.*s\n", STR_ARGS(c->line), STR_ARGS(sb_str(&leads)));
		good = false;
	}
	return good;
}

static void the_table(void **state)
{
	(void)state;
	struct scan_case c = {0};
	str kind = {0};
	int n = 0, of_kind = 0, wrong = 0;
	FILE *f = fopen(table, "re");
	assert_non_null(f);
	for (; case_next(f, mem, &c); n++) {
		if (!str_eq(c.kind, kind) && of_kind) {
			print_message("%.*s: %d\n", STR_ARGS(kind), of_kind);
			of_kind = 0;
		}
		kind = c.kind;
		of_kind++;
		wrong += !holds(&c);
	}
	print_message("%.*s: %d\nall: %d\n", STR_ARGS(kind), of_kind, n);
	(void)fclose(f);
	assert_true(n >= CASES_LEAST);
	assert_int_equal(wrong, 0);
}

// Whatever may stand in a topic may stand in its form for comparison, which is what addresses hold.
static void every_character_of_a_topic_folds_to_a_topic(void **state)
{
	(void)state;
	static const char *const around[][2] = {
		{"", ""}, {"", "z"}, {"a", ""}, {"a", "z"}, {"a-", ""}, {"1", ""}, {"a", "-z"}};
	int n = 0;
	for (uint32_t cp = 0x21; cp < 0x110000; cp++) {
		char bytes[4];
		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		str one = {bytes, utf8_encode(cp, bytes)};
		for (int i = 0; i < COUNT(around); i++) {
			str name =
				str_fmt(mem, "%s%.*s%s", around[i][0], STR_ARGS(one), around[i][1]);
			if (!topic_ok(name))
				continue;
			str fold = topic_fold(mem, name);
			n++;
			if (!topic_ok(fold) || !str_eq(topic_fold(mem, fold), fold))
				fail_msg("U+%04X in %.*s folds to %.*s", cp, STR_ARGS(name),
					STR_ARGS(fold));
		}
		if (cp % 1024 == 0)
			arena_reset(mem);
	}
	assert_true(n > 700000);
}

static void most_texts_have_nothing(void **state)
{
	(void)state;
	str text = S("今天吃火锅，真好！ https://example.org");
	assert_false(text_may_have(text, TEXT_TOPIC) || text_may_have(text, TEXT_MENTION));
	assert_true(text_may_have(text, TEXT_LINK) && text_may_have(text, TEXT_PLAIN));
	assert_true(text_may_have(S("a＃b"), TEXT_TOPIC) && text_may_have(S("a﹟b"), TEXT_TOPIC));
	assert_false(text_may_have((str){0}, TEXT_TOPIC) || text_may_have((str){0}, TEXT_MENTION));
}

static void topics_are_compared(void **state)
{
	(void)state;
	static const char *const same[][2] = {{"ＨotPot", "hotpot"}, {"Straße", "STRASSE"},
		{"cafe\u0301", "CAFÉ"}, {"col·lecció", "COL·LECCIÓ"}, {"coŀlecció", "col·lecció"},
		{"می\u200cخواهم", "میخواهم"}, {"ﾗｰﾒﾝ", "ラーメン"}, {"ﾄﾑ･ﾊﾝｸｽ", "トム・ハンクス"},
		{"ΣΑΣ", "σας"}, {"❤️", "❤"}, {"Wi‑Fi", "wi‐fi"}, {"ＩⅤ", "iv"},
		{"ПРИВЕТ", "привет"}};
	static const char *const apart[][2] = {{"火鍋", "火锅"}, {"café", "cafe"}, {"a-b", "ab"},
		{"a·b", "ab"}, {"かき", "がき"}, {"L·L", "LL"}};
	for (int i = 0; i < COUNT(same); i++)
		if (!str_eq(topic_fold(mem, str_from(same[i][0])),
			    topic_fold(mem, str_from(same[i][1]))))
			fail_msg("%s and %s are two topics", same[i][0], same[i][1]);
	for (int i = 0; i < COUNT(apart); i++)
		if (str_eq(topic_fold(mem, str_from(apart[i][0])),
			    topic_fold(mem, str_from(apart[i][1]))))
			fail_msg("%s and %s are one topic", apart[i][0], apart[i][1]);
	assert_true(topic_ok(S("火锅")) && topic_ok(S("hot_pot")) && topic_ok(S("col·lecció")));
	assert_false(topic_ok(S("hot pot")) || topic_ok(S("")) || topic_ok(S("12")) ||
		     topic_ok(S("a/b")) || topic_ok(S("#a")));
}

// A text of nothing but beginnings must not cost more than its length.
static void hostile_texts_are_quick(void **state)
{
	(void)state;
	static const char *const bricks[] = {"@ab", "#", "#a-", "https://", "https://a.b", "@ab你",
		"你", "\"@ab", "(@ab)", "@ab-", "@ab.", "http://[", "a@", "https://a.b/((",
		"\xcc\x81", "@ab:", "#\xef\xb8\x8f", "https://用户", "https://例子.",
		"'https://a.b/'", ")@ab", "\u200d", "。你", "@ab。你", "https://a.b/c/“", "/“",
		"https://a.b。你", "https://a.中国", "你中"};
	for (int i = 0; i < COUNT(bricks); i++) {
		struct sb sb = sb_new(mem, 1 << 20), leads = sb_new(mem, 1 << 10);
		while (sb.n < 200000)
			sb_add(&sb, str_from(bricks[i]));
		ms began = clock_steady();
		marked(sb_str(&sb), &leads);
		if (clock_steady() - began > 5000)
			fail_msg("%s repeated takes %d ms", bricks[i],
				(int)(clock_steady() - began));
		arena_reset(mem);
	}
}

static void a_list_of_addresses_may_be_long(void **state)
{
	(void)state;
	static const char *const signs[] = {",", ";", "|", ";,", "—", "\n"};
	for (int i = 0; i < COUNT(signs); i++) {
		struct sb sb = sb_new(mem, 1 << 20);
		struct text_part part;
		int links = 0;
		for (int k = 0; k < 9999; k++)
			sb_fmt(&sb, "http://a.bc/%s", signs[i]);
		ms began = clock_steady();
		for (ptrdiff_t at = 0; text_next(sb_str(&sb), &at, &part);)
			links += part.kind == TEXT_LINK;
		assert_int_equal(links, 9999);
		assert_true(clock_steady() - began < 5000);
		arena_reset(mem);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(every_character_of_a_topic_folds_to_a_topic),
		cmocka_unit_test(most_texts_have_nothing),
		cmocka_unit_test(topics_are_compared),
		cmocka_unit_test(hostile_texts_are_quick),
		cmocka_unit_test(a_list_of_addresses_may_be_long),
	};
	table = argc > 1 ? argv[1] : "src/unicode/scan_cases.txt";
	return cmocka_run_group_tests(tests, setup, teardown);
}
