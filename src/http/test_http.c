// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The server as a client sees it: routes, values, answers, caching, compression, ranges.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <libdeflate.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define GET_(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

static struct site site;

static int start(void **state)
{
	(void)state;
	crypto_start();
	struct http_config config = site_config(&site);
	config.reads_wait = true;
	site_open(&site, &config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	return site_close(&site, 2000) ? 0 : -1;
}

static struct reply get(const char *target)
{
	return ask(site.mem, site.port, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
}

static void expect_status(const char *target, int status)
{
	struct reply r = ask(site.mem, site.port, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
	if (r.status != status)
		print_message("%s: %d, not %d\n", target, r.status, status);
	assert_int_equal(r.status, status);
}

static void assert_body(struct reply r, const char *body)
{
	if (!str_eq(r.body, str_from(body)))
		print_message("%.*s\n", STR_ARGS(r.body));
	assert_true(str_eq(r.body, str_from(body)));
}

static void a_connection_serves_many_requests(void **state)
{
	(void)state;
	int fd = dial(site.port);
	for (int i = 0; i < 3; i++) {
		sayf(fd, GET_("/"));
		struct reply r = hear(site.mem, fd);
		assert_int_equal(r.status, 200);
		assert_body(r, "hello");
		assert_null(reply_header(&r, "connection").p);
	}
	// Two at once, one answered in place and one by a worker: answers keep their order.
	sayf(fd, "GET /slow/50 HTTP/1.1\r\n" HOST "User-Agent: me\r\n\r\n" GET_("/"));
	assert_body(hear(site.mem, fd), "me");
	assert_body(hear(site.mem, fd), "hello");
	hang_up(fd);
}

static void paths_match_exactly(void **state)
{
	(void)state;
	expect_status("/echo/a", 200);
	expect_status("/echo/a/", 404);
	expect_status("//echo/a", 404);
	expect_status("/echo//a", 404);
	expect_status("/echo/../token", 404);
	expect_status("/echo/%2e%2e", 404);
	expect_status("/echo/a%2Fb", 404);
	expect_status("/echo", 404);
	expect_status("/Echo/a", 404);
	expect_status("/echo/%zz", 400);
	expect_status("/echo/%ff", 400);
	expect_status("/echo/%00", 400);
	expect_status("/echo/a?q=%ff", 400);
	expect_status("/number/12x", 404);
	expect_status("/number/-1", 404);
	expect_status("/number/12", 200);
	expect_status("http://evil.test/number/12", 200);
	struct reply r = get("/echo/%E6%A1%A5?q=a+b%26&x=1&x=%E4%BD%A0");
	assert_body(r, "id=桥 q=a b& x=1 x=你 from=127.0.0.1");
}

// However many they are: each costs the library more of the connection's memory than its two bytes.
static void too_many_parameters_are_answered(void **state)
{
	(void)state;
	for (int n = 500; n <= 7500; n += 1000) {
		struct sb sb = sb_new(site.mem, 16 << 10);
		for (int i = 0; i < n; i++)
			sb_add(&sb, S("a&"));
		int fd = dial(site.port);
		say(fd, S("GET /?"));
		say(fd, sb_str(&sb));
		say(fd, S(" HTTP/1.1\r\n" HOST "\r\n"));
		assert_int_equal(hear(site.mem, fd).status, 400);
		hang_up(fd);
	}
}

static void methods_are_told_apart(void **state)
{
	(void)state;
	struct reply r = ask(site.mem, site.port, "DELETE /token HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(r.status, 405);
	assert_true(str_eq(reply_header(&r, "allow"), S("GET, HEAD, OPTIONS")));
	r = ask(site.mem, site.port, "OPTIONS /form HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(r.status, 204);
	assert_true(str_eq(reply_header(&r, "allow"), S("POST, OPTIONS")));
	r = ask(site.mem, site.port, "BREW / HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(r.status, 405);
	int fd = dial(site.port);
	sayf(fd, "HEAD /page HTTP/1.1\r\n" HOST "\r\n" GET_("/"));
	r = hear_head(site.mem, fd);
	assert_int_equal(r.status, 200);
	int64_t size = 0;
	assert_true(str_int(reply_header(&r, "content-length"), &size));
	assert_true(size >= 8192);
	assert_body(hear(site.mem, fd), "hello");
	hang_up(fd);
}

static void every_answer_carries_the_security_headers(void **state)
{
	(void)state;
	const char *const targets[] = {"/", "/nowhere", "/page", "/assets/style-1.css", "/file"};
	for (ptrdiff_t i = 0; i < COUNT(targets); i++) {
		struct reply r =
			ask(site.mem, site.port, "GET %s HTTP/1.1\r\n" HOST "\r\n", targets[i]);
		str csp = reply_header(&r, "content-security-policy");
		assert_true(str_starts(csp, S("default-src 'none';")));
		assert_true(str_find(csp, S("unsafe")) < 0);
		assert_true(str_find(csp, S("frame-ancestors 'none'")) > 0);
		assert_true(str_eq(reply_header(&r, "x-content-type-options"), S("nosniff")));
		assert_true(str_eq(reply_header(&r, "referrer-policy"), S("same-origin")));
		assert_null(reply_header(&r, "strict-transport-security").p);
	}
}

static void errors_are_rendered_and_drop_what_was_said(void **state)
{
	(void)state;
	struct reply r = ask(
		site.mem, site.port, "GET /fails HTTP/1.1\r\n" HOST "Cookie: session=7\r\n\r\n");
	assert_int_equal(r.status, 409);
	assert_body(r, "<p>conflict for 7");
	assert_null(reply_header(&r, "set-cookie").p);
	r = get("/broken/x");
	assert_int_equal(r.status, 409);
	assert_body(r, "409 conflict\n");
	r = get("/silent");
	assert_int_equal(r.status, 500);
	r = ask(site.mem, site.port, "GET / HTTP/1.1\r\n" HOST "X-Bad: \xff\xfe\r\n\r\n");
	assert_int_equal(r.status, 400);
}

static void only_who_may_is_let_in(void **state)
{
	(void)state;
	struct reply r = get("/me");
	assert_int_equal(r.status, 401);
	r = ask(site.mem, site.port, "GET /me HTTP/1.1\r\n" HOST "Cookie: session=5\r\n\r\n");
	assert_body(r, "account 5");
	r = ask(site.mem, site.port, "GET /me HTTP/1.1\r\n" HOST "Cookie: session=cold-6\r\n\r\n");
	assert_body(r, "account 6");
	r = ask(site.mem, site.port, "GET /admin HTTP/1.1\r\n" HOST "Cookie: session=5\r\n\r\n");
	assert_int_equal(r.status, 403);
	r = ask(site.mem, site.port, "GET /admin HTTP/1.1\r\n" HOST "Cookie: session=1\r\n\r\n");
	assert_int_equal(r.status, 200);
	r = get("/metrics");
	assert_int_equal(r.status, 200);
	r = ask(site.mem, site.port,
		"GET /metrics HTTP/1.1\r\n" HOST "X-Forwarded-For: 1.2.3.4\r\n\r\n");
	assert_int_equal(r.status, 404);
	// No proxy was named in the configuration: nobody's word on the address is taken.
	r = ask(site.mem, site.port,
		"GET /echo/a HTTP/1.1\r\n" HOST "X-Forwarded-For: 1.2.3.4\r\n\r\n");
	assert_body(r, "id=a q= from=127.0.0.1");
}

static void known_pages_are_not_sent_again(void **state)
{
	(void)state;
	int fd = dial(site.port);
	sayf(fd, GET_("/page"));
	struct reply r = hear(site.mem, fd);
	assert_true(str_eq(reply_header(&r, "etag"), S("W/\"v1\"")));
	assert_true(str_eq(reply_header(&r, "cache-control"), S("private, no-cache")));
	sayf(fd, "GET /page HTTP/1.1\r\n" HOST "If-None-Match: \"x\", W/\"v1\"\r\n\r\n");
	r = hear(site.mem, fd);
	assert_int_equal(r.status, 304);
	sayf(fd, "GET /page HTTP/1.1\r\n" HOST "If-None-Match: \"v2\"\r\n\r\n");
	r = hear(site.mem, fd);
	assert_int_equal(r.status, 200);
	hang_up(fd);
	r = get("/");
	assert_true(str_eq(reply_header(&r, "cache-control"), S("private, no-store")));
}

static void pages_are_compressed_when_asked(void **state)
{
	(void)state;
	struct reply plain = get("/page");
	assert_null(reply_header(&plain, "content-encoding").p);
	assert_true(str_eq(reply_header(&plain, "vary"), S("Accept-Encoding")));
	for (int i = 0; i < 3; i++) {
		struct reply r = ask(site.mem, site.port,
			"GET /page HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip;q=0.8\r\n\r\n");
		assert_true(str_eq(reply_header(&r, "content-encoding"), S("gzip")));
		assert_true(r.body.n < plain.body.n / 3);
		unsigned char out[16384];
		size_t n = 0;
		struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
		assert_int_equal(libdeflate_gzip_decompress(
					 d, r.body.p, (size_t)r.body.n, out, sizeof out, &n),
			LIBDEFLATE_SUCCESS);
		assert_int_equal(n, plain.body.n);
		assert_memory_equal(out, plain.body.p, (size_t)plain.body.n);
		libdeflate_free_decompressor(d);
	}
	struct reply r = ask(site.mem, site.port,
		"GET /page HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0\r\n\r\n");
	assert_null(reply_header(&r, "content-encoding").p);
}

static void assets_come_in_the_best_form(void **state)
{
	(void)state;
	struct reply r = ask(site.mem, site.port,
		"GET /assets/style-1.css?x HTTP/1.1\r\n" HOST "Accept-Encoding: gzip, br\r\n\r\n");
	assert_body(r, "brotli css");
	assert_true(str_eq(reply_header(&r, "content-encoding"), S("br")));
	assert_true(str_find(reply_header(&r, "cache-control"), S("immutable")) > 0);
	r = ask(site.mem, site.port,
		"GET /assets/style-1.css HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n");
	assert_body(r, "gzip css");
	int fd = dial(site.port);
	sayf(fd, GET_("/assets/style-1.css") GET_("/assets/style-1.css")
			 GET_("/assets/style-2.css"));
	assert_body(hear(site.mem, fd), "plain css");
	assert_body(hear(site.mem, fd), "plain css");
	assert_int_equal(hear(site.mem, fd).status, 404);
	hang_up(fd);
}

static struct reply range(const char *header)
{
	return ask(site.mem, site.port, "GET /file HTTP/1.1\r\n" HOST "%s\r\n\r\n", header);
}

static void files_are_sent_whole_or_in_part(void **state)
{
	(void)state;
	struct reply r = get("/file");
	assert_body(r, "0123456789abcdef");
	assert_true(str_eq(reply_header(&r, "accept-ranges"), S("bytes")));
	assert_true(str_eq(reply_header(&r, "content-type"), S("image/webp")));
	r = range("Range: bytes=2-4");
	assert_int_equal(r.status, 206);
	assert_body(r, "234");
	assert_true(str_eq(reply_header(&r, "content-range"), S("bytes 2-4/16")));
	assert_body(range("Range: bytes=12-"), "cdef");
	assert_body(range("Range: bytes=-3"), "def");
	assert_body(range("Range: bytes=-99"), "0123456789abcdef");
	assert_body(range("Range: bytes=10-99"), "abcdef");
	r = range("Range: bytes=16-");
	assert_int_equal(r.status, 416);
	assert_true(str_eq(reply_header(&r, "content-range"), S("bytes */16")));
	assert_int_equal(range("Range: bytes=4-2").status, 200);
	assert_int_equal(range("Range: bytes=1-2,4-5").status, 200);
	assert_int_equal(range("Range: bytes=1-2\r\nIf-Range: \"file-1\"").status, 206);
	assert_int_equal(range("Range: bytes=1-2\r\nIf-Range: \"file-0\"").status, 200);
	assert_int_equal(range("If-None-Match: \"file-1\"").status, 304);
	int fd = dial(site.port);
	sayf(fd, "HEAD /file HTTP/1.1\r\n" HOST "\r\n" GET_("/"));
	r = hear_head(site.mem, fd);
	assert_true(str_eq(reply_header(&r, "content-length"), S("16")));
	assert_body(hear(site.mem, fd), "hello");
	hang_up(fd);
}

static void large_files_too(void **state)
{
	(void)state;
	struct reply r = get("/large");
	assert_int_equal(r.body.n, 400000);
	assert_true(str_starts(r.body, S("begin")) && str_ends(r.body, S("end")));
	r = ask(site.mem, site.port, "GET /large HTTP/1.1\r\n" HOST "Range: bytes=1-\r\n\r\n");
	assert_int_equal(r.status, 206);
	assert_int_equal(r.body.n, 399999);
	assert_true(str_starts(r.body, S("egin")) && str_ends(r.body, S("end")));
}

static void cookies_are_set_and_never_cached(void **state)
{
	(void)state;
	struct reply r = ask(site.mem, site.port,
		"GET /cookies HTTP/1.1\r\n" HOST "Cookie: a=b; theme=\"light\"; =x; bad\r\n\r\n");
	assert_body(r, "light");
	assert_true(str_eq(reply_header(&r, "cache-control"), S("private, no-store")));
	assert_true(
		str_find(r.head,
			S("Set-Cookie: theme=dark; Path=/; Max-Age=3600; SameSite=Lax\r\n")) > 0);
	assert_true(
		str_find(r.head,
			S("Set-Cookie: gone=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict\r\n")) >
		0);
	assert_true(str_find(r.head, S("Set-Cookie: odd=aDomain=evil; Path=/; HttpOnly")) > 0);
	assert_true(str_eq(reply_header(&r, "x-split"), S("aX-Evil: b")));
	assert_null(reply_header(&r, "x-evil").p);
}

static void redirects_stay_on_the_site(void **state)
{
	(void)state;
	struct reply r = get("/leave?to=/note/1?a=%E6%A1%A5");
	assert_int_equal(r.status, 302);
	assert_true(str_eq(reply_header(&r, "location"), S("/note/1?a=%E6%A1%A5")));
	r = get("/leave?to=//evil.test");
	assert_true(str_eq(reply_header(&r, "location"), S("/")));
	r = get("/leave?to=https://evil.test/");
	assert_true(str_eq(reply_header(&r, "location"), S("/")));
	r = get("/leave?to=/%5Cevil.test");
	assert_true(str_eq(reply_header(&r, "location"), S("/")));
}

static void what_is_kept_needs_no_worker(void **state)
{
	(void)state;
	int fd = dial(site.port);
	sayf(fd, GET_("/memory?q=kept") GET_("/memory?q=new") GET_("/"));
	assert_body(hear(site.mem, fd), "kept, from a listener");
	assert_body(hear(site.mem, fd), "new, from a worker");
	assert_body(hear(site.mem, fd), "hello");
	// Who it is only a worker can tell: what is kept is kept there too.
	sayf(fd, "GET /memory?q=kept HTTP/1.1\r\n" HOST "Cookie: session=cold-5\r\n\r\n");
	assert_body(hear(site.mem, fd), "kept, from a worker");
	hang_up(fd);
}

static void what_had_no_time_is_begun_again(void **state)
{
	(void)state;
	struct site quick;
	struct http_config config = site_config(&quick);
	site_open(&quick, &config);
	int fd = dial(quick.port);
	sayf(fd, GET_("/memory?q=new") GET_("/impatient") GET_("/"));
	assert_body(hear(quick.mem, fd), "new, from a listener");
	struct reply again = hear(quick.mem, fd);
	assert_body(again, "from a worker");
	assert_false(reply_header(&again, "set-cookie").n);
	assert_body(hear(quick.mem, fd), "hello");
	hang_up(fd);
	assert_true(site_close(&quick, 1000));
}

static void shared_bytes_are_sent_as_they_are(void **state)
{
	(void)state;
	struct reply r = get("/shared");
	assert_body(r, "some text that many people share, and share, and share");
	assert_true(str_eq(reply_header(&r, "cache-control"), S("public, max-age=30")));
	assert_true(str_eq(reply_header(&r, "vary"), S("Accept-Encoding")));
	r = ask(site.mem, site.port,
		"GET /shared HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n");
	assert_true(str_eq(reply_header(&r, "content-encoding"), S("gzip")));
	assert_true(str_starts(r.body, S("\x1f\x8b")));
	r = get("/replaced");
	assert_int_equal(r.status, 201);
	assert_body(r, "the last word");
	r = get("/empty");
	assert_int_equal(r.status, 200);
	assert_int_equal(r.body.n, 0);
	r = get("/consent");
	assert_true(str_ends(reply_header(&r, "content-security-policy"),
		S("form-action 'self' https://app.test*")));
}

static void old_clients_are_served(void **state)
{
	(void)state;
	int fd = dial(site.port);
	sayf(fd, "GET / HTTP/1.0\r\n\r\n");
	char bytes[2000];
	nap_ms(100);
	ssize_t n = recv(fd, bytes, sizeof bytes, 0);
	assert_true(n > 0 && str_ends((str){bytes, n}, S("hello")));
	assert_true(closed_within(fd, 1000));
	hang_up(fd);
	// HTTP/1.1 without Host is refused.
	assert_int_equal(ask(site.mem, site.port, "GET / HTTP/1.1\r\n\r\n").status, 400);
}

static void behind_tls_cookies_are_bound_to_the_host(void **state)
{
	(void)state;
	struct site secure;
	struct http_config config = site_config(&secure);
	config.url = S("https://site.test");
	site_open(&secure, &config);
	struct reply r = ask(secure.mem, secure.port, GET_("/token"));
	str rest = reply_header(&r, "set-cookie");
	str cookie = str_cut(&rest, ';');
	assert_true(str_starts(cookie, S("__Host-guest=")));
	assert_true(str_find(rest, S("; Secure")) >= 0 || str_find(rest, S(" Secure")) >= 0);
	assert_true(reply_header(&r, "strict-transport-security").p != NULL);
	r = ask(secure.mem, secure.port,
		"POST /form HTTP/1.1\r\n" HOST "Cookie: %.*s\r\nX-CSRF-Token: %.*s\r\n"
		"Origin: https://site.test\r\nContent-Length: 3\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\n\r\na=1",
		STR_ARGS(cookie), STR_ARGS(r.body));
	assert_body(r, "a=1;");
	r = ask(secure.mem, secure.port, "GET /me HTTP/1.1\r\n" HOST "Cookie: session=5\r\n\r\n");
	assert_int_equal(r.status, 401);
	r = ask(secure.mem, secure.port,
		"GET /me HTTP/1.1\r\n" HOST "Cookie: __Host-session=5\r\n\r\n");
	assert_int_equal(r.status, 200);
	assert_true(site_close(&secure, 1000));
}

static void metrics_count_what_happened(void **state)
{
	(void)state;
	get("/number/7");
	struct sb sb = sb_new(site.mem, 4096);
	http_metrics(site.http, &sb);
	str text = sb_str(&sb);
	assert_true(
		str_find(text,
			S("http_requests_total{route=\"number\",method=\"GET\",status=\"2xx\"}")) >
		0);
	assert_true(str_find(text, S("http_requests_total{route=\"number\",method=\"GET\",status="
				     "\"4xx\"} 2\n")) > 0);
	assert_true(str_find(text, S("http_request_seconds_bucket{le=\"+Inf\"}")) > 0);
	assert_true(str_find(text, S("http_connections{state=\"idle\"}")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_serves_many_requests),
		cmocka_unit_test(paths_match_exactly),
		cmocka_unit_test(too_many_parameters_are_answered),
		cmocka_unit_test(methods_are_told_apart),
		cmocka_unit_test(every_answer_carries_the_security_headers),
		cmocka_unit_test(errors_are_rendered_and_drop_what_was_said),
		cmocka_unit_test(only_who_may_is_let_in),
		cmocka_unit_test(known_pages_are_not_sent_again),
		cmocka_unit_test(pages_are_compressed_when_asked),
		cmocka_unit_test(assets_come_in_the_best_form),
		cmocka_unit_test(files_are_sent_whole_or_in_part),
		cmocka_unit_test(large_files_too),
		cmocka_unit_test(cookies_are_set_and_never_cached),
		cmocka_unit_test(redirects_stay_on_the_site),
		cmocka_unit_test(what_is_kept_needs_no_worker),
		cmocka_unit_test(what_had_no_time_is_begun_again),
		cmocka_unit_test(shared_bytes_are_sent_as_they_are),
		cmocka_unit_test(old_clients_are_served),
		cmocka_unit_test(behind_tls_cookies_are_bound_to_the_host),
		cmocka_unit_test(metrics_count_what_happened),
	};
	return cmocka_run_group_tests(tests, start, end);
}
