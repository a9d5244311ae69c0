// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Note text as HTML: paragraphs, links, and what people try.
#include "html/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
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

static url to_topic(struct arena *m, str name, void *arg)
{
	(void)arg;
	return url_fmt(m, "/topic/%.*s", STR_ARGS(url_escape(m, topic_fold(m, name))));
}

static url to_account(struct arena *m, str name, str *shown, void *arg)
{
	if (str_eq(name, S("maya_was"))) {
		*shown = S("@maya@<far>");
		name = *(str *)arg;
	}
	return str_ieq(name, *(str *)arg) ? url_fmt(m, "/@%.*s", STR_ARGS(str_lower(m, name)))
					  : (url){0};
}

static void becomes(const char *text, const char *want)
{
	str maya = S("maya_eats");
	struct html_links links = {to_topic, to_account, &maya};
	str got = html_text(mem, str_from(text), &links).s;
	if (!str_eq(got, str_from(want)))
		fail_msg("got:\n%.*s\nwant:\n%s", STR_ARGS(got), want);
}

static void paragraphs(void **state)
{
	(void)state;
	becomes("", "");
	becomes(" \n ", "");
	becomes("a\nb\n\nc\n\n\n\nd\n",
		"<p dir=\"auto\">a<br>b</p><p dir=\"auto\">c</p><p dir=\"auto\">d</p>");
	becomes("a\n  \nb", "<p dir=\"auto\">a</p><p dir=\"auto\">b</p>");
	becomes("a\n#b\n\n#c d",
		"<p dir=\"auto\">a<br><a class=\"topic\" href=\"/topic/b\">#b</a></p>"
		"<p dir=\"auto\"><a class=\"topic\" href=\"/topic/c\">#c</a> d</p>");
}

static void topics_and_mentions(void **state)
{
	(void)state;
	becomes("今天#重庆 @Maya_eats @nobody",
		"<p dir=\"auto\">今天<a class=\"topic\" "
		"href=\"/topic/%E9%87%8D%E5%BA%86\">#重庆</a> "
		"<a class=\"mention\" href=\"/@maya_eats\">@Maya_eats</a> @nobody</p>");
	becomes("@maya_was", "<p dir=\"auto\"><a class=\"mention\" href=\"/@maya_eats\">"
			     "@maya@&lt;far&gt;</a></p>");
	becomes("#HotPot",
		"<p dir=\"auto\"><a class=\"topic\" href=\"/topic/hotpot\">#HotPot</a></p>");
	str plain = html_text(mem, S("#a @ab https://a.b"), NULL).s;
	assert_true(str_starts(plain, S("<p dir=\"auto\">#a @ab <a class=\"link\"")));
}

#define LINK "<a class=\"link\" dir=\"ltr\" rel=\"nofollow noopener ugc\" href="

static void links(void **state)
{
	(void)state;
	becomes("https://example.org/",
		"<p dir=\"auto\">" LINK "\"https://example.org/\"><bdi>example.org</bdi></a></p>");
	becomes("(http://example.org/?a=1&b=2).",
		"<p dir=\"auto\">(" LINK "\"http://example.org/?a=1&amp;b=2\">"
		"<bdi>example.org</bdi>/?a=1&amp;b=2</a>).</p>");
	becomes("https://example.org/a/very/long/path/that/goes/on/and/on",
		"<p dir=\"auto\">" LINK
		"\"https://example.org/a/very/long/path/that/goes/on/and/on\">"
		"<bdi>example.org</bdi>/a/very/long/path/that/goes/…</a></p>");
	becomes("https://a-very-long-host-name-of-somebody.example.org/path",
		"<p dir=\"auto\">" LINK
		"\"https://a-very-long-host-name-of-somebody.example.org/path\">"
		"<bdi>a-very-long-host-name-of-somebody.example.org</bdi>…</a></p>");
	becomes("https://shop.müller.example/wiki/L'Équipe",
		"<p dir=\"auto\">" LINK
		"\"https://shop.xn--mller-kva.example/wiki/L&#39;%C3%89quipe\">"
		"<bdi>shop.müller.example</bdi>/wiki/L&#39;Équipe</a></p>");
	becomes("https://zh.example.org/重庆火锅重庆火锅重庆火锅重庆火锅重庆火锅重庆火锅重庆",
		"<p dir=\"auto\">" LINK "\"https://zh.example.org/"
		"%E9%87%8D%E5%BA%86%E7%81%AB%E9%94%85%E9%87%8D%E5%BA%86%E7%81%AB%E9%94%85"
		"%E9%87%8D%E5%BA%86%E7%81%AB%E9%94%85%E9%87%8D%E5%BA%86%E7%81%AB%E9%94%85"
		"%E9%87%8D%E5%BA%86%E7%81%AB%E9%94%85%E9%87%8D%E5%BA%86%E7%81%AB%E9%94%85%E9%87%8D%"
		"E5%BA%86\">"
		"<bdi>zh.example.org</bdi>/重庆火锅重庆火锅重庆火锅重庆火锅重庆火锅重庆火锅…</a></"
		"p>");
	becomes("https://аpple.example/",
		"<p dir=\"auto\">" LINK "\"https://xn--pple-43d.example/\">"
		"<bdi>xn--pple-43d.example</bdi></a></p>");
	becomes("https://مثال.إختبار/أ",
		"<p dir=\"auto\">" LINK "\"https://xn--mgbh0fb.xn--kgbechtv/%D8%A3\">"
		"<bdi>مثال.إختبار</bdi>/أ</a></p>");
}

static void hostile(void **state)
{
	(void)state;
	becomes("<script>alert('1')</script>",
		"<p dir=\"auto\">&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</p>");
	becomes("javascript:alert(1)", "<p dir=\"auto\">javascript:alert(1)</p>");
	becomes("https://example.org/\"onclick=\"x",
		"<p dir=\"auto\">" LINK
		"\"https://example.org/\"><bdi>example.org</bdi></a>&quot;onclick=&quot;x</p>");
	becomes("#a\"><b>", "<p dir=\"auto\"><a class=\"topic\" "
			    "href=\"/topic/a\">#a</a>&quot;&gt;&lt;b&gt;</p>");
	becomes("https://good.example@evil.example/",
		"<p dir=\"auto\">https://good.example@evil.example/</p>");
	becomes("https://example.org/a'onclick='x",
		"<p dir=\"auto\">" LINK "\"https://example.org/a&#39;onclick=&#39;x\">"
		"<bdi>example.org</bdi>/a&#39;onclick=&#39;x</a></p>");
	becomes("https://evil.example/\u202egpj.exe",
		"<p dir=\"auto\">" LINK "\"https://evil.example/\">"
		"<bdi>evil.example</bdi></a>\u202egpj.exe</p>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs),
		cmocka_unit_test(topics_and_mentions),
		cmocka_unit_test(links),
		cmocka_unit_test(hostile),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
