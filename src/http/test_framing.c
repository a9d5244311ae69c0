// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Heads of requests that two readers could understand in two ways, and bodies that end in doubt:
// after one of them nothing on the connection may be taken for a request, on any kind of route.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define SMUGGLED "GET /letters/7 HTTP/1.1\r\n" HOST "\r\n" // answers "abcdefg"

static struct site site;

// Everything the server says until it closes, or for a second.
static str overhear(int fd)
{
	struct sb sb = sb_new(site.mem, 4096);
	struct timeval patience = {.tv_sec = 1};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	char piece[4096];
	ssize_t n;
	while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
		sb_add(&sb, (str){piece, n});
	return sb_str(&sb);
}

static ptrdiff_t times(str text, str what)
{
	ptrdiff_t n = 0, at;
	while ((at = str_find(text, what)) >= 0) {
		n++;
		text = str_skip(text, at + what.n);
	}
	return n;
}

// Silence: what libmicrohttpd takes for no request line at all it drops without a word.
static void assert_refused(str head, str body, bool may_be_silent)
{
	int fd = dial(site.port);
	say(fd, head);
	say(fd, body);
	say(fd, S(SMUGGLED));
	str heard = overhear(fd);
	bool answered = str_starts(heard, S("HTTP/1.1 4")) || (may_be_silent && !heard.n);
	bool refused = answered && times(heard, S("HTTP/1.1 ")) == times(heard, S("HTTP/1.1 4")) &&
		       str_find(heard, S("abcdefg")) < 0;
	if (!refused)
		print_message("%.*s\n-> %.*s\n", STR_ARGS(head), STR_ARGS(heard));
	assert_true(refused);
	assert_true(closed_within(fd, 3000));
	hang_up(fd);
}

static str joined(str a, str b, str c)
{
	const str parts[] = {a, b, c};
	return str_join(site.mem, parts, COUNT(parts), S(""));
}

// What stands between a request line and the empty line, each with its Host.
static const str bad_fields[] = {
	STR_INIT(HOST "A: b\nC: d\r\n"),          // bare LF
	STR_INIT("Host: x\nC: d\r\n"),            //
	STR_INIT("Host: x\n"),                    //
	STR_INIT(HOST "A: b\rC: d\r\n"),          // bare CR
	STR_INIT(HOST "A: b\r\n c\r\n"),          // folded
	STR_INIT(HOST "A: b\r\n\tc\r\nD: e\r\n"), //
	STR_INIT(HOST "A: b\r\n \r\nD: e\r\n"),   //
	STR_INIT(" A: b\r\n" HOST),               // a fold with nothing before
	STR_INIT(HOST "A : b\r\n"),               // space before the colon
	STR_INIT(HOST "A\t: b\r\n"),              //
	STR_INIT(HOST ": b\r\n"),                 // no name
	STR_INIT(HOST "A\r\n"),                   // no colon
	STR_INIT(HOST "A(b): c\r\n"),             // no name either
	STR_INIT(HOST "A\x80: c\r\n"),            //
	STR_INIT(HOST "A: b\0c\r\nD: e\r\n"),     // NUL
	STR_INIT(HOST "A: b\r\nD: e\0\r\n"),      //
	STR_INIT(HOST "A\0: b\r\n"),              //
	STR_INIT(HOST "A: b\0\nC: d\r\n"),        // like CR LF once the library was there
	STR_INIT("Host: x\0\nC: d\r\n"),          //
	STR_INIT(HOST "A: b\0\n"),                //
	STR_INIT(HOST "A: b\r\n\0\n" SMUGGLED),   // like the end of the head
	STR_INIT(HOST "A: b\x01\r\n"),            // other controls
	STR_INIT(HOST "A: b\x7f\r\n"),            //
	STR_INIT(HOST "A: \x1b[31m\r\n"),         //
	STR_INIT(HOST HOST),                      // two hosts
	STR_INIT(HOST "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
	STR_INIT(HOST "content-length: 0\r\nCONTENT-LENGTH: 0\r\n"),
	STR_INIT(HOST "Content-Length: 0\r\nContent-Length: 5\r\n"),
	STR_INIT(HOST "Content-Length: 0, 0\r\n"),
	STR_INIT(HOST "Content-Length: +0\r\n"),
	STR_INIT(HOST "Content-Length: -1\r\n"),
	STR_INIT(HOST "Content-Length: 0x0\r\n"),
	STR_INIT(HOST "Content-Length: 0 1\r\n"),
	STR_INIT(HOST "Content-Length:\r\n"),
	STR_INIT(HOST "Content-Length: 99999999999999999999\r\n"),
	STR_INIT(HOST "Content-Length : 5\r\n"),
	STR_INIT(HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
	STR_INIT(HOST "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding: identity\r\n"),
	STR_INIT(HOST "Transfer-Encoding: gzip, chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding: chunked, identity\r\n"),
	STR_INIT(HOST "Transfer-Encoding: xchunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding: \x0b"
		      "chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding : chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding\r\n : chunked\r\n"),
	STR_INIT(HOST "Transfer-Encoding:\r\n chunked\r\n"),
};

// One of each way a request can go: a ready answer, a page in the listener, one in a worker, a form,
// a stream to disk, an address that nothing stands behind.
static const str request_lines[] = {
	STR_INIT("GET /assets/style-1.css HTTP/1.1\r\n"),
	STR_INIT("GET /letters/3 HTTP/1.1\r\n"),
	STR_INIT("GET /slow/1 HTTP/1.1\r\n"),
	STR_INIT("POST /small HTTP/1.1\r\n" FORM),
	STR_INIT("PATCH /raw HTTP/1.1\r\n"),
	STR_INIT("GET /nothing HTTP/1.1\r\n"),
};

static void heads_with_two_readings_are_refused_on_every_route(void **state)
{
	(void)state;
	for (ptrdiff_t f = 0; f < COUNT(bad_fields); f++)
		for (ptrdiff_t r = 0; r < COUNT(request_lines); r++)
			assert_refused(
				joined(request_lines[r], bad_fields[f], S("\r\n")), S(""), false);
}

static void request_lines_with_two_readings_are_refused(void **state)
{
	(void)state;
	static const str heads[] = {
		STR_INIT("GET /letters/3 HTTP/1.1\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1\r\n" HOST "\n"),
		STR_INIT("GET /letters/3\0x HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /assets/style-1.css\0 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET\0 /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET  /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3  HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 x HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /assets/style-1.css HTTP/1.1 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1 \r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1\r\r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1\r\n\r\n"),
		STR_INIT("POST /small HTTP/1.0\r\n" HOST FORM "Transfer-Encoding: chunked\r\n\r\n"),
		// and what the library skips in front of them
		STR_INIT("\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("\n\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("\r\n\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("\r\n\r\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("\0\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("\0POST /small HTTP/1.1\r\nGET /assets/style-1.css HTTP/1.1\r\n" HOST
			 "\r\n"),
	};
	for (ptrdiff_t i = 0; i < COUNT(heads); i++)
		assert_refused(heads[i], S("3\r\na=b\r\n0\r\n\r\n"), false);
}

static void what_is_no_request_line_ends_the_connection(void **state)
{
	(void)state;
	static const str heads[] = {
		STR_INIT("GET\t/letters/3\tHTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT(" GET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("\r\r\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1\0\n" HOST "\r\n"),
	};
	for (ptrdiff_t i = 0; i < COUNT(heads); i++)
		assert_refused(heads[i], S(""), true);
}

static void controls_in_a_target_are_refused(void **state)
{
	(void)state;
	static const char *const targets[] = {"/letters/3", "/assets/style-1.css", "/nothing"};
	static const str controls[] = {STR_INIT("\x01"), STR_INIT("\x0b"), STR_INIT("\r"),
		STR_INIT("\x1b[m"), STR_INIT("\x7f"), STR_INIT("?q=\x1f")};
	for (ptrdiff_t t = 0; t < COUNT(targets); t++)
		for (ptrdiff_t c = 0; c < COUNT(controls); c++)
			assert_refused(str_fmt(site.mem, "GET %s%.*sx HTTP/1.1\r\n" HOST "\r\n",
					       targets[t], STR_ARGS(controls[c])),
				S(""), false);
}

// Nobody is there to read it, and it is no request.
static void a_body_for_a_ready_file_is_refused(void **state)
{
	(void)state;
	static const str bodies[] = {
		STR_INIT("Content-Length: 5\r\n\r\nhello"),
		STR_INIT("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
	};
	for (ptrdiff_t i = 0; i < COUNT(bodies); i++)
		assert_refused(S("GET /assets/style-1.css HTTP/1.1\r\n" HOST), bodies[i], false);
}

// What a proxy takes for the rest of a chunked body never becomes a request here, however its
// chunks are written.
static void nothing_after_a_chunked_body_is_a_request(void **state)
{
	(void)state;
	static const str bodies[] = {
		STR_INIT("3\r\na=b\r\n0\r\n\r\n"),
		STR_INIT("3\na=b\n0\n\n"),
		STR_INIT("3;x=\"\r\n\"\r\na=b\r\n0\r\n\r\n"),
		STR_INIT("03\r\na=b\r\n0\r\nX: y\r\n\r\n"),
		STR_INIT("0\r\n\r\n"),
		STR_INIT("0\n\r\n"),
		STR_INIT("0\r\n\n"),
		STR_INIT("0x3\r\na=b\r\n0\r\n\r\n"),
		STR_INIT("3 \r\na=b\r\n0\r\n\r\n"),
		STR_INIT("-1\r\n\r\n0\r\n\r\n"),
		STR_INIT("10000000000000003\r\na=b\r\n0\r\n\r\n"),
		STR_INIT("3\r\na=bXX0\r\n\r\n"),
	};
	for (ptrdiff_t i = 0; i < COUNT(bodies); i++) {
		int fd = dial(site.port);
		sayf(fd, "POST /small HTTP/1.1\r\n" HOST FORM "Transfer-Encoding: chunked\r\n\r\n");
		say(fd, bodies[i]);
		say(fd, S(SMUGGLED));
		str heard = overhear(fd);
		if (str_find(heard, S("abcdefg")) >= 0)
			print_message("%.*s-> %.*s\n", STR_ARGS(bodies[i]), STR_ARGS(heard));
		assert_true(str_find(heard, S("abcdefg")) < 0);
		assert_true(closed_within(fd, 3000));
		hang_up(fd);
	}
}

static void assert_fine(str head)
{
	int fd = dial(site.port);
	for (int twice = 0; twice < 2; twice++) { // and the connection lives on
		say(fd, head);
		struct reply r = hear(site.mem, fd);
		if (r.status != 200)
			print_message("%.*s-> %d\n", STR_ARGS(head), r.status);
		assert_int_equal(r.status, 200);
	}
	hang_up(fd);
}

static void what_has_one_reading_is_served(void **state)
{
	(void)state;
	static const str heads[] = {
		STR_INIT("GET /letters/3 HTTP/1.1\r\nhost:x\r\n\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1\r\nHOST: \t  x\r\nA:\r\nB: \r\nC:d  \r\n\r\n"),
		STR_INIT("GET /letters/3?a=b&c HTTP/1.1\r\n" HOST "X: a:b, \"c\"\r\n\r\n"),
		STR_INIT("GET /assets/style-1.css?v HTTP/1.1\r\n" HOST "A: b\r\n\r\n"),
		STR_INIT("\r\nGET /letters/3 HTTP/1.1\r\n" HOST "\r\n"),
		STR_INIT("GET /letters/3 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"),
		STR_INIT("POST /small HTTP/1.1\r\n" HOST FORM "Content-Length: 003\r\n\r\na=b"),
	};
	for (ptrdiff_t i = 0; i < COUNT(heads); i++)
		assert_fine(heads[i]);
	struct reply old = ask(site.mem, site.port, "GET /letters/3 HTTP/1.0\r\n\r\n");
	assert_int_equal(old.status, 200);
}

// The distances hold also when the head arrives in pieces and makes its room grow.
static void heads_in_pieces_are_served(void **state)
{
	(void)state;
	str head = S("GET /letters/3?q HTTP/1.1\r\n" HOST "A: b\r\nC:  d\r\n\r\n");
	int fd = dial(site.port);
	for (ptrdiff_t i = 0; i < head.n; i++) {
		say(fd, str_sub(head, i, i + 1));
		nap_ms(1);
	}
	assert_int_equal(hear(site.mem, fd).status, 200);
	hang_up(fd);
	char filling[300];
	memset(filling, 'x', sizeof filling);
	for (int lines = 1; lines <= 41; lines += 5) {
		fd = dial(site.port);
		sayf(fd, "GET /letters/3 HTTP/1.1\r\n" HOST);
		for (int i = 0; i < lines; i++) {
			sayf(fd, "X-%d: %.*s", i, (int)sizeof filling, filling);
			nap_ms(2);
			sayf(fd, "\r\n");
		}
		sayf(fd, "\r\n");
		assert_int_equal(hear(site.mem, fd).status, 200);
		hang_up(fd);
	}
}

static void a_nul_is_seen_wherever_pieces_end(void **state)
{
	(void)state;
	static const str head = STR_INIT("GET /letters/3 HTTP/1.1\r\n" HOST "A: b\0\nC: d\r\n\r\n");
	for (ptrdiff_t end = 1; end < head.n; end++) {
		int fd = dial(site.port);
		say(fd, str_sub(head, 0, end));
		nap_ms(5);
		say(fd, str_skip(head, end));
		assert_int_equal(hear(site.mem, fd).status, 400);
		assert_true(closed_within(fd, 3000));
		hang_up(fd);
	}
}

// How many answers of each kind to what is sent at once, and whether the connection ended then.
static void assert_answers(str sent, int fine, bool refused)
{
	int fd = dial(site.port);
	say(fd, sent);
	for (int i = 0; i < fine; i++)
		assert_int_equal(hear(site.mem, fd).status, 200);
	if (refused)
		assert_int_equal(hear(site.mem, fd).status, 400);
	assert_int_equal(closed_within(fd, refused ? 3000 : 50), refused);
	hang_up(fd);
}

#define GOOD "GET /letters/3 HTTP/1.1\r\n" HOST "\r\n"
#define BODY "PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\n"
#define NUL_LF "GET /letters/7 HTTP/1.1\r\n" HOST "A: b\0\n\r\n"

static void only_bodies_hold_what_they_like(void **state)
{
	(void)state;
	assert_answers(S(GOOD GOOD NUL_LF GOOD), 2, true);
	assert_answers(S(BODY "\n\0\n\0\r\n" GOOD), 2, false);
	assert_answers(S(BODY "a\0\nbcd" BODY "\0\0\0\0\0\0" GOOD "\r\n" GOOD), 4, false);
	assert_answers(S(BODY "a\0\nbcd" NUL_LF GOOD), 1, true);
	assert_answers(S(BODY "a\0\nbcd" GOOD NUL_LF GOOD), 2, true);
	assert_answers(S(BODY "a\0\nbcd\n" GOOD), 1, true);
	assert_answers(S(BODY "abcdef\0\n" GOOD), 1, true);
	// A body's end and the next head in one piece, which begins amid the body.
	static const str rest[] = {STR_INIT("\0ef" GOOD), STR_INIT("\0ef" NUL_LF GOOD)};
	for (int bad = 0; bad < 2; bad++) {
		int fd = dial(site.port);
		say(fd, S(BODY "abc"));
		nap_ms(30);
		say(fd, rest[bad]);
		assert_int_equal(hear(site.mem, fd).status, 200);
		assert_int_equal(hear(site.mem, fd).status, bad ? 400 : 200);
		assert_int_equal(closed_within(fd, bad ? 3000 : 50), bad);
		hang_up(fd);
	}
}

static int start(void **state)
{
	(void)state;
	crypto_start();
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	return site_close(&site, 1000) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_with_two_readings_are_refused_on_every_route),
		cmocka_unit_test(request_lines_with_two_readings_are_refused),
		cmocka_unit_test(what_is_no_request_line_ends_the_connection),
		cmocka_unit_test(controls_in_a_target_are_refused),
		cmocka_unit_test(a_body_for_a_ready_file_is_refused),
		cmocka_unit_test(nothing_after_a_chunked_body_is_a_request),
		cmocka_unit_test(what_has_one_reading_is_served),
		cmocka_unit_test(heads_in_pieces_are_served),
		cmocka_unit_test(a_nul_is_seen_wherever_pieces_end),
		cmocka_unit_test(only_bodies_hold_what_they_like),
	};
	return cmocka_run_group_tests_name("http framing", tests, start, stop);
}
