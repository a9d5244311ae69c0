// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The readers of what strangers send: escapes, forms, cookies, ranges, addresses, routes, limits, and
// multipart in pieces of every size.
#include "http/limits.h"
#include "http/multipart.h"
#include "http/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena *mem;

static int start(void **state)
{
	(void)state;
	mem = arena_new(4096);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static void assert_str(str got, const char *wanted)
{
	if (!str_eq(got, str_from(wanted)))
		print_message("got: %.*s\n", STR_ARGS(got));
	assert_true(str_eq(got, str_from(wanted)));
}

static void forms_are_decoded_or_refused(void **state)
{
	(void)state;
	pairs list = {0};
	assert_int_equal(
		parse_urlencoded(mem, S("a=1&b=x+y%26&&c&=d&%E4%BD%A0=%2b"), 10, &list), OK);
	assert_int_equal(list.n, 5);
	assert_str(list.at[1].value, "x y&");
	assert_str(list.at[2].name, "c");
	assert_str(list.at[2].value, "");
	assert_str(list.at[3].name, "");
	assert_str(list.at[4].name, "你");
	assert_str(list.at[4].value, "+");
	const str bad[] = {S("a=%"), S("a=%1"), S("a=%g1"), S("%00=1"), S("a=%ff"), S("a=\xc3")};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(parse_urlencoded(mem, bad[i], 10, &list), ERR_BAD_REQUEST);
	list = (pairs){0};
	assert_int_equal(parse_urlencoded(mem, S("a&b&c"), 2, &list), ERR_TOO_LARGE);
}

static void cookies_are_read_as_browsers_send_them(void **state)
{
	(void)state;
	pairs list = {0};
	assert_int_equal(
		parse_cookies(mem, S(" a=1; b=\"two\";c=x=y ; junk; bad name=1; =v;d="), &list),
		OK);
	assert_int_equal(list.n, 4);
	assert_str(list.at[0].value, "1");
	assert_str(list.at[1].value, "two");
	assert_str(list.at[2].value, "x=y");
	assert_str(list.at[3].name, "d");
	assert_int_equal(parse_cookies(mem, S("a=\xff"), &list), ERR_BAD_REQUEST);
}

static void tokens_have_the_characters_of_the_standard(void **state)
{
	(void)state;
	assert_false(is_token(S("")));
	for (int c = 0; c < 256; c++) {
		char text[] = {'x', (char)c};
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool fits = letter || (c >= '0' && c <= '9') ||
			    (c && strchr("!#$%&'*+-.^_`|~", c)); // RFC 9110, section 5.6.2
		assert_int_equal(is_token((str){text, 2}), fits);
	}
}

static void paths_are_cut_before_they_are_decoded(void **state)
{
	(void)state;
	struct path path;
	assert_int_equal(parse_path(mem, S("/"), &path), OK);
	assert_int_equal(path.n, 0);
	assert_int_equal(parse_path(mem, S("/a%20b/%E6%A1%A5"), &path), OK);
	assert_int_equal(path.n, 2);
	assert_str(path.segments[0], "a b");
	assert_str(path.segments[1], "桥");
	const str absent[] = {S("//"), S("/a/"), S("/a//b"), S("/."), S("/a/.."), S("/%2e%2E/a"),
		S("/a%2fb"), S("/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7")};
	for (ptrdiff_t i = 0; i < COUNT(absent); i++)
		assert_int_equal(parse_path(mem, absent[i], &path), ERR_NOT_FOUND);
	const str bad[] = {S(""), S("a"), S("*"), S("/%"), S("/%e6"), S("/a%00")};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(parse_path(mem, bad[i], &path), ERR_BAD_REQUEST);
}

static void ranges_and_tags_follow_the_standard(void **state)
{
	(void)state;
	int64_t from = 0, to = 0;
	bool none = false;
	assert_true(parse_range(S("bytes=0-0"), 10, &from, &to, &none));
	assert_int_equal(to, 0);
	assert_true(parse_range(S("bytes=-0"), 10, &from, &to, &none));
	assert_true(none);
	assert_true(parse_range(S("bytes=5-99999999999"), 10, &from, &to, &none));
	assert_int_equal(to, 9);
	assert_true(parse_range(S("bytes=0-"), 0, &from, &to, &none));
	assert_true(none);
	const str ignored[] = {S("bytes=a-b"), S("items=0-1"), S("bytes=5"), S("bytes=--1"),
		S("bytes=0-1,3-4"), S("bytes=3-2"), S("bytes=-"), S("bytes=99999999999999999999-")};
	for (ptrdiff_t i = 0; i < COUNT(ignored); i++)
		assert_false(parse_range(ignored[i], 10, &from, &to, &none));
	assert_true(etag_listed(S("*"), S("x")));
	assert_true(etag_listed(S("\"a\", W/\"x\""), S("x")));
	assert_false(etag_listed(S("\"a\", x"), S("x")));
	assert_true(accepts_coding(S("deflate, GZIP ; q=0.5"), S("gzip")));
	assert_false(accepts_coding(S("gzip;q=0.0, br"), S("gzip")));
	assert_false(accepts_coding(S("x-gzip"), S("gzip")));
}

static str client(const char *peer, const char *header)
{
	struct network trusted[2];
	struct address a = {0};
	assert_true(parse_network(S("10.0.0.0/8"), &trusted[0]));
	assert_true(parse_network(S("::1"), &trusted[1]));
	assert_true(parse_address(str_from(peer), &a));
	return address_text(mem, forwarded_client(a, str_from(header), trusted, 2));
}

static void only_trusted_proxies_are_believed(void **state)
{
	(void)state;
	assert_str(client("10.1.2.3", "6.6.6.6, 5.5.5.5"), "5.5.5.5");
	assert_str(client("10.1.2.3", "6.6.6.6, 10.9.9.9"), "6.6.6.6");
	assert_str(client("9.1.2.3", "6.6.6.6"), "9.1.2.3");
	assert_str(client("::1", "2001:db8::7"), "2001:db8::7");
	assert_str(client("::1", "[2001:db8::7]:443"), "2001:db8::7");
	assert_str(client("10.1.2.3", "5.5.5.5:1234"), "5.5.5.5");
	assert_str(client("10.1.2.3", "nonsense"), "10.1.2.3");
	assert_str(client("10.1.2.3", ""), "10.1.2.3");
	struct network n;
	assert_false(parse_network(S("10.0.0.0/33"), &n));
	assert_false(parse_network(S("ten/8"), &n));
	assert_true(parse_network(S("2001:db8::/33"), &n));
	struct address a = {0};
	assert_true(parse_address(S("2001:db8:7fff::1"), &a));
	assert_true(network_has(&n, a));
	assert_true(parse_address(S("2001:db8:8000::1"), &a));
	assert_false(network_has(&n, a));
}

static str network(const char *text)
{
	struct address a = {0};
	assert_true(parse_address(str_from(text), &a));
	return address_network(mem, a);
}

static bool share(const char *one, const char *other)
{
	struct address a = {0}, b = {0};
	assert_true(parse_address(str_from(one), &a) && parse_address(str_from(other), &b));
	bool same = str_eq(network(one), network(other));
	assert_int_equal(same, address_key(a) == address_key(b));
	return same;
}

static void a_household_is_one_network(void **state)
{
	(void)state;
	assert_str(network("192.0.2.7"), "192.0.2.7");
	assert_str(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
	assert_true(share("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
	assert_false(share("2001:db8:1:2::1", "2001:db8:1:3::1"));
	assert_false(share("192.0.2.7", "192.0.2.8"));
	// However an IPv4 host is written.
	assert_true(share("192.0.2.7", "::ffff:192.0.2.7"));
	assert_true(share("192.0.2.7", "::ffff:c000:207"));
	assert_true(share("192.0.2.7", "64:ff9b::192.0.2.7"));
	assert_false(share("64:ff9b::192.0.2.8", "64:ff9b::192.0.2.7"));
	assert_false(share("::ffff:192.0.2.8", "::ffff:192.0.2.7"));
	assert_true(share("fe80::1", "fe80::2"));
}

static err nothing(struct request *req)
{
	(void)req;
	return OK;
}

static bool never(struct request *req)
{
	(void)req;
	return false;
}

static struct routes *compile(const struct route *rows, char why[HTTP_WHY])
{
	static const struct route_group group = {.name = "all"};
	const struct route_table table = {&group, rows};
	return routes_compile(&table, 1, why);
}

static const char *found(const struct routes *routes, str target, enum http_method method)
{
	struct path path;
	struct route_match match;
	assert_int_equal(parse_path(mem, target, &path), OK);
	routes_find(routes, &path, method, &match);
	return match.route ? match.route->name : match.methods ? "method" : "none";
}

static void routes_prefer_literals_and_come_back(void **state)
{
	(void)state;
	const struct route rows[] = {
		{.name = "home", .path = "/", .handler = nothing},
		{.name = "new", .path = "/note/new", .handler = nothing},
		{.name = "note", .path = "/note/:id", .handler = nothing},
		{.name = "edit", .path = "/note/:id/edit", .handler = nothing},
		{.name = "publish", .method = POST, .path = "/note/:id", .handler = nothing},
		{.name = "likes", .path = "/:kind/:id/likes", .handler = nothing},
		{0},
	};
	char why[HTTP_WHY];
	struct routes *routes = compile(rows, why);
	assert_non_null(routes);
	assert_string_equal(found(routes, S("/"), GET), "home");
	assert_string_equal(found(routes, S("/note/new"), GET), "new");
	assert_string_equal(found(routes, S("/note/7"), GET), "note");
	assert_string_equal(found(routes, S("/note/new/edit"), GET), "edit");
	assert_string_equal(found(routes, S("/note/7"), POST), "publish");
	assert_string_equal(found(routes, S("/note/7/likes"), GET), "likes");
	assert_string_equal(found(routes, S("/note/7"), PATCH), "method");
	assert_string_equal(found(routes, S("/note"), GET), "none");
	routes_free(routes);
}

static void conflicting_routes_are_refused(void **state)
{
	(void)state;
	const struct route pairs_of_rows[][3] = {
		{{.name = "a", .path = "/x/:id", .handler = nothing},
			{.name = "b", .path = "/x/:name", .handler = nothing}},
		{{.name = "a", .path = "/", .handler = nothing},
			{.name = "b", .path = "/x/", .handler = nothing}},
		{{.name = "a", .path = "/", .handler = nothing},
			{.name = "b", .path = "x", .handler = nothing}},
		{{.name = "a", .path = "/", .handler = nothing},
			{.name = "b", .path = "/x//y", .handler = nothing}},
		{{.name = "a", .path = "/", .handler = nothing},
			{.name = "b", .path = "/:", .handler = nothing}},
		{{.name = "a", .path = "/", .handler = nothing}, {.name = "b", .path = "/b"}},
		{{.name = "a", .path = "/", .handler = nothing},
			{.name = "b", .method = HEAD_, .path = "/b", .handler = nothing}},
		{{.name = "b", .path = "/b", .handler = nothing, .run = RUN_KEPT}},
		{{.name = "b", .path = "/b", .handler = nothing, .kept = never}},
		{{.name = "b",
			.method = POST,
			.path = "/b",
			.handler = nothing,
			.run = RUN_KEPT,
			.kept = never}},
	};
	for (ptrdiff_t i = 0; i < COUNT(pairs_of_rows); i++) {
		char why[HTTP_WHY] = "";
		assert_null(compile(pairs_of_rows[i], why));
		assert_non_null(strstr(why, "route b"));
	}
}

static const char *answers(const struct routes *routes, str path)
{
	return routes_group(routes, path)->name;
}

static void groups_answer_for_what_lies_under_them(void **state)
{
	(void)state;
	static const struct route rows[] = {
		{.name = "home", .path = "/", .handler = nothing},
		{0},
	};
	static const struct route none[] = {{0}};
	static const struct route_group groups[] = {{.name = "pages"},
		{.name = "api", .prefix = "/api", .tokens = true},
		{.name = "inner", .prefix = "/api/v2", .tokens = true}};
	const struct route_table tables[] = {
		{&groups[0], rows}, {&groups[1], none}, {&groups[2], none}, {&groups[0], none}};
	char why[HTTP_WHY];
	struct routes *routes = routes_compile(tables, COUNT(tables), why);
	assert_non_null(routes);
	assert_string_equal(answers(routes, S("/")), "pages");
	assert_string_equal(answers(routes, S("")), "pages");
	assert_string_equal(answers(routes, S("*")), "pages");
	assert_string_equal(answers(routes, S("/apis")), "pages");
	assert_string_equal(answers(routes, S("/api")), "api");
	assert_string_equal(answers(routes, S("/api/v1/x")), "api");
	assert_string_equal(answers(routes, S("/api/v2")), "inner");
	assert_string_equal(answers(routes, S("/api/v2/%zz")), "inner");
	routes_free(routes);
}

static void groups_that_contradict_are_refused(void **state)
{
	(void)state;
	static const struct route none[] = {{0}};
	static const struct cors cors = {0};
	static const struct {
		struct route_group groups[2];
		const char *because;
	} cases[] = {
		{{{.name = "a"}, {.name = "b"}}, "routes of b: another group"},
		{{{.name = "a"}, {.name = "b", .prefix = ""}}, "routes of b: another group"},
		{{{.name = "a"}, {.name = "b", .prefix = "api"}}, "routes of b: a prefix"},
		{{{.name = "a"}, {.name = "b", .prefix = "/"}}, "routes of b: a prefix"},
		{{{.name = "a"}, {.name = "b", .prefix = "/b", .cors = &cors}},
			"routes of b: other origins"},
		{{{.name = "a", .prefix = "/a"}, {.name = "b", .prefix = "/b"}},
			"no group without a prefix"},
	};
	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		const struct route_table tables[] = {
			{&cases[i].groups[0], none}, {&cases[i].groups[1], none}};
		char why[HTTP_WHY] = "";
		assert_null(routes_compile(tables, COUNT(tables), why));
		assert_non_null(strstr(why, cases[i].because));
	}
}

static void buckets_empty_and_fill(void **state)
{
	(void)state;
	struct buckets *b = buckets_new(10, 3);
	double left = 0;
	ms wait = 0;
	for (int i = 0; i < 3; i++)
		assert_true(buckets_take(b, 7, 1, 1000, &left, &wait));
	assert_false(buckets_take(b, 7, 1, 1000, &left, &wait));
	assert_in_range(wait, 100, 101);
	assert_true(buckets_take(b, 8, 1, 1000, &left, &wait));
	assert_true(buckets_take(b, 7, 1, 1101, &left, &wait));
	assert_false(buckets_take(b, 7, 1, 1102, &left, &wait));
	assert_true(buckets_take(b, 7, 3, 99999, &left, &wait));
	// Many others come by: the table keeps its size, and whoever is pushed out starts full.
	for (uint64_t key = 100; key < 100000; key++)
		assert_true(buckets_take(b, key, 1, 100000, &left, &wait));
	buckets_free(b);
}

struct heard {
	struct sb sb;
	err refuse;
};

static err on_begin(void *arg, str name, str file, str type)
{
	struct heard *h = arg;
	sb_fmt(&h->sb, "<%.*s", STR_ARGS(name));
	if (file.p)
		sb_fmt(&h->sb, "|%.*s|%.*s", STR_ARGS(file), STR_ARGS(type));
	sb_char(&h->sb, ':');
	return h->refuse;
}

static err on_data(void *arg, str bytes)
{
	sb_add(&((struct heard *)arg)->sb, bytes);
	return OK;
}

static err on_end(void *arg)
{
	sb_char(&((struct heard *)arg)->sb, '>');
	return OK;
}

static err feed(str body, str boundary, ptrdiff_t piece, struct heard *h)
{
	struct multipart m;
	h->sb.n = 0;
	TRY(multipart_start(
		&m, mem, boundary, (struct multipart_sink){h, on_begin, on_data, on_end}));
	for (ptrdiff_t at = 0; at < body.n; at += piece)
		TRY(multipart_feed(&m, str_sub(body, at, at + piece)));
	return multipart_finish(&m);
}

#define PART(headers, data) "--B\r\n" headers "\r\n\r\n" data "\r\n"
#define FIELD(name, data) PART("Content-Disposition: form-data; name=\"" name "\"", data)

static void multipart_reads_the_same_in_any_pieces(void **state)
{
	(void)state;
	str body = S("preamble\r\n" FIELD("a", "1") FIELD("empty", "") FIELD("tricky",
		"\r\n--\r\n--A\r\r\n--\n--B\r\n-") PART("content-disposition: form-data; "
							"name=photos; filename=\"\xe6\xa1\xa5 "
							"%22\\\"x.jpg\"\r\n"
							"Content-Type: image/jpeg",
		"\xff\xd8\r\n\r\n--b--\r\n") "--B \t\r\nContent-Disposition: form-data; "
					     "name=\"f\"; filename=\"\"\r\n\r\n\r\n--B--\r\nafter");
	const char *wanted = "<a:1><empty:><tricky:\r\n--\r\n--A\r\r\n--\n--B\r\n->"
			     "<photos|桥 \"\"x.jpg|image/jpeg:\xff\xd8\r\n\r\n--b--\r\n><f||:>";
	struct heard h = {.sb = sb_new(mem, 256)};
	for (ptrdiff_t piece = 1; piece <= body.n; piece++) {
		assert_int_equal(feed(body, S("B"), piece, &h), OK);
		assert_str(sb_str(&h.sb), wanted);
	}
}

static void broken_multipart_is_refused(void **state)
{
	(void)state;
	struct heard h = {.sb = sb_new(mem, 256)};
	const str bad[] = {
		S(""),
		S("--B"),
		S("--B\r\n"),
		S("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ndata"),
		S("--Bad\r\n\r\n--B--"),
		S("--B\rx"),
		S("--B-x"),
		S(PART("Content-Type: text/plain", "no name") "--B--"),
		S(PART("Content-Disposition: attachment; name=a", "x") "--B--"),
		S(FIELD("\xff", "x") "--B--"),
		S(FIELD("", "x") "--B--"),
	};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(feed(bad[i], S("B"), 3, &h), ERR_BAD_REQUEST);
	assert_int_equal(feed(S("x"), S(""), 1, &h), ERR_BAD_REQUEST);
	assert_int_equal(feed(S("x"), S("a\nb"), 1, &h), ERR_BAD_REQUEST);
	struct sb huge = sb_new(mem, 6000);
	sb_lit(&huge, "--B\r\nX: ");
	while (huge.n < 5000)
		sb_char(&huge, 'x');
	assert_int_equal(feed(sb_str(&huge), S("B"), 100, &h), ERR_TOO_LARGE);
	h.refuse = ERR_IO;
	assert_int_equal(feed(S(FIELD("a", "1") "--B--"), S("B"), 4, &h), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_decoded_or_refused),
		cmocka_unit_test(cookies_are_read_as_browsers_send_them),
		cmocka_unit_test(tokens_have_the_characters_of_the_standard),
		cmocka_unit_test(paths_are_cut_before_they_are_decoded),
		cmocka_unit_test(ranges_and_tags_follow_the_standard),
		cmocka_unit_test(only_trusted_proxies_are_believed),
		cmocka_unit_test(a_household_is_one_network),
		cmocka_unit_test(routes_prefer_literals_and_come_back),
		cmocka_unit_test(conflicting_routes_are_refused),
		cmocka_unit_test(groups_answer_for_what_lies_under_them),
		cmocka_unit_test(groups_that_contradict_are_refused),
		cmocka_unit_test(buckets_empty_and_fill),
		cmocka_unit_test(multipart_reads_the_same_in_any_pieces),
		cmocka_unit_test(broken_multipart_is_refused),
	};
	return cmocka_run_group_tests(tests, start, end);
}
