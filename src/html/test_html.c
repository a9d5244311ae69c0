// SPDX-License-Identifier: AGPL-3.0-or-later
//
// HTML: what is escaped and what is not, which addresses pass, and a compiled page with every kind
// of slot.
#include "html/test_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define assert_str(value, want) \
	do { \
		str got_ = (value); \
		if (!str_eq(got_, S(want))) \
			fail_msg("got:\n%.*s\nwant:\n%s", STR_ARGS(got_), want); \
	} while (0)

static struct ctx ctx;

static int setup(void **state)
{
	(void)state;
	ctx.mem = arena_new(4096);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

static void escaping(void **state)
{
	(void)state;
	assert_str(html_escape(ctx.mem, S("<a href=\"x\" b='y'>&amp;汉")).s,
		"&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;汉");
	assert_int_equal(html_escape(ctx.mem, (str){0}).s.n, 0);
	struct out o = out_new(&ctx, LOCALE_EN, 1);
	out_int(&o, INT64_MIN);
	out_lit(&o, " ");
	out_int(&o, 0);
	out_lit(&o, " ");
	out_value(&o, (unsigned char)7 + 0L);
	out_lit(&o, " ");
	out_uint(&o, UINT64_MAX);
	assert_str(out_done(&o).s, "-9223372036854775808 0 7 18446744073709551615");
}

static void addresses_that_pass(void **state)
{
	(void)state;
	const char *good[] = {"/", "/note/1?a=b#c", "https://example.org/a?b=c&d",
		"HTTP://example.org", "/汉", "/wiki/L'Equipe", "mailto:host@example.org"};
	for (int i = 0; i < COUNT(good); i++) {
		url u;
		if (!url_from(str_from(good[i]), &u))
			fail_msg("refused: %s", good[i]);
		assert_true(str_eq(u.s, str_from(good[i])));
	}
}

static void addresses_that_are_refused(void **state)
{
	(void)state;
	const char *bad[] = {"", "//example.org", "javascript:alert(1)", " /a", "/a b", "/a\n",
		"/\\example.org", "JaVaScRiPt:x", "data:text/html,x", "example.org", "https://",
		"https:///a", "http:/a", "/a\"b", "/a`b", "/<b>", "\thttps://example.org",
		"mailto:", "ftp://example.org", "?a=b", "/a\x01"};
	for (int i = 0; i < COUNT(bad); i++) {
		url u = {S("untouched")};
		if (url_from(str_from(bad[i]), &u))
			fail_msg("passed: %s", bad[i]);
		assert_true(str_eq(u.s, S("untouched")));
	}
}

static void addresses_that_are_built(void **state)
{
	(void)state;
	assert_str(url_escape(ctx.mem, S("a b/汉&")), "a%20b%2F%E6%B1%89%26");
	url u = url_fmt(ctx.mem, "/topic/%.*s", STR_ARGS(url_escape(ctx.mem, S("茶 &"))));
	assert_str(u.s, "/topic/%E8%8C%B6%20%26");
	u = url_query(ctx.mem, u, "page", S("2&3"));
	assert_str(url_query(ctx.mem, u, "q", S("x")).s, "/topic/%E8%8C%B6%20%26?page=2%263&q=x");
	assert_str(url_query(ctx.mem, (url){S("/a#b")}, "q", S("x")).s, "/a?q=x#b");
	srcset set = srcset_add(ctx.mem, (srcset){0}, (url){S("/m/a,1.webp")}, 320);
	assert_str(srcset_add(ctx.mem, set, (url){S("/m/b.webp")}, 640).s,
		"/m/a%2C1.webp 320w, /m/b.webp 640w");
	assert_true(url_none((url){0}));
}

static struct test_note example(void)
{
	return (struct test_note){.id = {42},
		.lang = LANG("zh-Hans"),
		.title = S("<火锅>"),
		.author = S("A & B"),
		.body = HTML("<p>x</p>"),
		.author_url = {S("/@a?b&c")},
		.picture = {S("/m/1.webp")},
		.pictures = {S("/m/1.webp 320w")},
		.tags = {S("美食"), S("\"q\"")},
		.n_tags = 2,
		.likes = 1,
		.mine = true};
}

static void a_page(void **state)
{
	(void)state;
	struct test_note v = example();
	struct out o = out_new(&ctx, LOCALE_EN, 64);
	test_note(&o, &v);
	assert_str(out_done(&o).s,
		"<!doctype html><title>&lt;火锅&gt;</title><main>"
		"<article lang=\"zh-Hans\" id=\"note-42\" class=\"note mine\"><h1 "
		"dir=\"auto\">&lt;火锅&gt;</h1>"
		"<div><p>x</p></div>"
		"<a href=\"/@a?b&amp;c\">A &amp; B</a> <a href=\"#note-42\">#</a> "
		"<img src=\"/m/1.webp\" srcset=\"/m/1.webp 320w\" alt=\"\">"
		"<ul><li><b>1</b>. 美食</li><li><b>2</b>. &quot;q&quot;</li></ul>"
		"<p>1 like Request number &lt;火锅&gt; Request number <b>1</b></p>"
		"<input type=\"checkbox\" checked> Edit {literal}</article></main>");
}

static void the_same_page_otherwise(void **state)
{
	(void)state;
	struct test_note v = example();
	v.body = (html){0};
	v.mine = false;
	v.n_tags = 0;
	v.likes = 12345;
	struct out o = out_new(&ctx, LOCALE_ZH_HANS, 64);
	test_note(&o, &v);
	str page = out_done(&o).s;
	assert_true(str_find(page, S("class=\"note\"")) > 0);
	assert_true(str_find(page, S("<p>笔记</p>")) > 0);
	assert_true(str_find(page, S("<ul></ul><p>1.2万个赞 请求编号")) > 0);
	assert_true(str_find(page, S("disabled> 举报 {literal}")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escaping),
		cmocka_unit_test(addresses_that_pass),
		cmocka_unit_test(addresses_that_are_refused),
		cmocka_unit_test(addresses_that_are_built),
		cmocka_unit_test(a_page),
		cmocka_unit_test(the_same_page_otherwise),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
