// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What clients send: forms, files, raw bodies, forged requests, and bodies that are too large.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define URLENCODED "Content-Type: application/x-www-form-urlencoded\r\n"
#define MULTIPART "Content-Type: multipart/form-data; boundary=\"B\"\r\n"

static struct site site;
static _Atomic int64_t space = (int64_t)1 << 40; // on the disk, of which nothing is reserved
static struct disk *space_of;

static bool measure(void *arg, int64_t *free, int64_t *size)
{
	(void)arg;
	*free = space;
	*size = (int64_t)1 << 40;
	return true;
}

static int start(void **state)
{
	(void)state;
	crypto_start();
	struct http_config config = site_config(&site);
	config.partial_raw_is_kept = true;
	config.reads_wait = true;
	const struct disk_config disk = {.dir = str_from(site.directory), .measure = measure};
	assert_int_equal(disk_open(&disk, &config.disk), OK);
	space_of = config.disk;
	site_open(&site, &config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	bool clean = site_close(&site, 2000);
	disk_close(space_of);
	return clean ? 0 : -1;
}

static void assert_body(struct reply r, const char *body)
{
	if (!str_eq(r.body, str_from(body)))
		print_message("%d %.*s\n", r.status, STR_ARGS(r.body));
	assert_true(str_eq(r.body, str_from(body)));
}

// A token and the cookie line that belongs to it.
static str token_for(const char *cookie, str *line)
{
	struct reply r = ask(site.mem, site.port, "GET /token HTTP/1.1\r\n" HOST "%s%s\r\n", cookie,
		*cookie ? "\r\n" : "");
	str rest = reply_header(&r, "set-cookie");
	str set = str_cut(&rest, ';');
	*line = set.p ? str_fmt(site.mem, "Cookie: %.*s", STR_ARGS(set)) : str_from(cookie);
	return r.body;
}

static struct reply post(const char *path, const char *headers, str body)
{
	int fd = dial(site.port);
	sayf(fd, "POST %s HTTP/1.1\r\n" HOST "%sContent-Length: %td\r\n\r\n", path, headers,
		body.n);
	say(fd, body);
	struct reply r = hear(site.mem, fd);
	hang_up(fd);
	return r;
}

static struct reply post_form(const char *headers, str line, str token)
{
	str all = str_fmt(site.mem, URLENCODED "%.*s\r\n%s", STR_ARGS(line), headers);
	str body = str_fmt(site.mem, "a=1&b=%%E6%%A1%%A5&csrf=%.*s", STR_ARGS(token));
	return post("/form", str_z(site.mem, all), body);
}

static void forms_need_a_token_of_the_same_person(void **state)
{
	(void)state;
	str line = {0}, other_line = {0};
	str token = token_for("", &line), other = token_for("", &other_line);
	assert_true(str_starts(line, S("Cookie: guest=")));
	assert_body(post_form("", line, token), "a=1;b=桥;");
	assert_body(post_form("Origin: http://site.test\r\n", line, token), "a=1;b=桥;");
	assert_body(post_form("Sec-Fetch-Site: same-origin\r\n", line, token), "a=1;b=桥;");
	assert_int_equal(post_form("Origin: http://evil.test\r\n", line, token).status, 403);
	assert_int_equal(post_form("Origin: null\r\n", line, token).status, 403);
	assert_int_equal(post_form("Sec-Fetch-Site: cross-site\r\n", line, token).status, 403);
	assert_int_equal(post_form("Sec-Fetch-Site: same-site\r\n", line, token).status, 403);
	assert_body(post_form("", line, other), "<p>forbidden for 0csrf");
	assert_int_equal(post_form("", line, S("")).status, 403);
	assert_int_equal(post_form("", S("X: y"), token).status, 403);
	char *spoiled = str_z(site.mem, token);
	spoiled[50] = spoiled[50] == 'A' ? 'B' : 'A';
	assert_int_equal(post_form("", line, str_from(spoiled)).status, 403);
	// Tokens differ each time and all hold.
	str session = {0};
	str one = token_for("Cookie: session=9", &session),
	    two = token_for("Cookie: session=9", &session);
	assert_false(str_eq(one, two));
	assert_body(post_form("", S("Cookie: session=9"), one), "a=1;b=桥;");
	assert_body(post_form("", S("Cookie: session=9"), two), "a=1;b=桥;");
	assert_int_equal(post_form("", S("Cookie: session=8"), one).status, 403);
	// A guest's token does not speak for somebody signed in: a neighbour's host can plant that cookie.
	str both = str_fmt(site.mem, "%.*s; session=9", STR_ARGS(line));
	assert_body(post_form("", both, token), "<p>forbidden for 9csrf");
	assert_body(post_form("", both, one), "a=1;b=桥;");
	assert_body(post_form("",
			    str_fmt(site.mem, "Cookie: session=none; %.*s",
				    STR_ARGS(str_skip(line, 8))),
			    token),
		"a=1;b=桥;");
	str header = str_fmt(site.mem, "X-CSRF-Token: %.*s\r\n", STR_ARGS(one));
	assert_body(post_form(str_z(site.mem, header), S("Cookie: session=9"), S("")), "a=1;b=桥;");
}

static void bodies_come_in_the_form_the_route_reads(void **state)
{
	(void)state;
	assert_body(post("/any", "Authorization: Bearer t\r\nContent-Type: application/json\r\n",
			    S("{\"a\":1}")),
		"{\"a\":1}");
	assert_body(post("/any", "Authorization: Bearer t\r\n" URLENCODED, S("a=1")), "a=1;");
	assert_int_equal(
		post("/any", "Authorization: Bearer t\r\nContent-Type: text/xml\r\n", S("<a/>"))
			.status,
		415);
	assert_int_equal(post("/json", "Content-Type: application/json\r\n", S("{}")).status, 403);
	assert_int_equal(post("/small", URLENCODED, S("a=%ff")).status, 400);
	assert_int_equal(post("/small", URLENCODED, S("a=1")).status, 200);
	assert_int_equal(post("/small", MULTIPART, S("--B--")).status, 200);
	assert_int_equal(
		post("/small", "Content-Type: multipart/form-data\r\n", S("--B--")).status, 400);
	assert_int_equal(
		post("/small", MULTIPART,
			S("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--B--"))
			.status,
		400);
	// This route takes no files, and the token check comes after the form.
	assert_int_equal(
		post("/small", MULTIPART,
			S("--B\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n"
			  "data\r\n--B--"))
			.status,
		413);
	struct sb many = sb_new(site.mem, 1000);
	for (int i = 0; i < 201; i++)
		sb_lit(&many, "a&");
	assert_int_equal(post("/small", URLENCODED, sb_str(&many)).status, 413);
	int fd = dial(site.port);
	sayf(fd, "POST /small HTTP/1.1\r\n" HOST URLENCODED
		 "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n2\r\n&c\r\n0\r\n\r\n");
	assert_body(hear(site.mem, fd), "a=b;c=;");
	hang_up(fd);
}

static void ambiguous_framing_is_refused(void **state)
{
	(void)state;
	const char *const framings[] = {
		"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
		"Content-Length: 3\r\nContent-Length: 4\r\n",
		"Content-Length: -3\r\n",
		"Content-Length: 3x\r\n",
		"Transfer-Encoding: gzip, chunked\r\n",
	};
	for (ptrdiff_t i = 0; i < COUNT(framings); i++) {
		int fd = dial(site.port);
		sayf(fd,
			"POST /small HTTP/1.1\r\n" HOST URLENCODED
			"%s\r\na=bGET / HTTP/1.1\r\n\r\n",
			framings[i]);
		struct reply r = hear(site.mem, fd);
		if (r.status != 400 && r.status != 0)
			print_message("%s: %d\n", framings[i], r.status);
		assert_true(r.status == 400 || r.status == 0);
		// libmicrohttpd 0.9.75 sends the head of its own refusals twice, then closes.
		assert_true(ends_within(fd, 1500));
		assert_true(closed_within(fd, 3000));
		hang_up(fd);
	}
}

static void too_much_is_refused_early(void **state)
{
	(void)state;
	// Before a byte of it was sent:
	int fd = dial(site.port);
	sayf(fd, "POST /small HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 900000000\r\n\r\n");
	assert_int_equal(hear(site.mem, fd).status, 413);
	hang_up(fd);
	fd = dial(site.port);
	sayf(fd, "POST /small HTTP/1.1\r\n" HOST URLENCODED
		 "Expect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
	assert_int_equal(hear(site.mem, fd).status, 413);
	hang_up(fd);
	// A client that sends all the same still gets to read the answer.
	char *much = NEW_N(site.mem, char, 4 << 20);
	memset(much, 'x', 4 << 20);
	assert_int_equal(post("/small", URLENCODED, (str){much, 4 << 20}).status, 413);
	// Slightly too much: read away, and the connection lives on.
	fd = dial(site.port);
	sayf(fd, "POST /small HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 2000\r\n\r\n");
	say(fd, (str){much, 2000});
	assert_int_equal(hear(site.mem, fd).status, 413);
	sayf(fd, "GET / HTTP/1.1\r\n" HOST "\r\n");
	assert_body(hear(site.mem, fd), "hello");
	hang_up(fd);
	// Chunked, so that nothing told us: told and cut off when it goes on and on.
	fd = dial(site.port);
	sayf(fd, "POST /small HTTP/1.1\r\n" HOST URLENCODED
		 "Transfer-Encoding: chunked\r\n\r\n400000\r\n");
	say(fd, (str){much, 4 << 20});
	assert_int_equal(hear(site.mem, fd).status, 413);
	assert_true(closed_within(fd, 3000));
	hang_up(fd);
	// A body where none belongs.
	fd = dial(site.port);
	sayf(fd, "GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc");
	assert_int_equal(hear(site.mem, fd).status, 413);
	hang_up(fd);
}

static void a_field_over_its_limit_is_answered(void **state)
{
	(void)state;
	char *much = NEW_N(site.mem, char, 6 << 20);
	memset(much, 'x', 6 << 20);
	const str parts[] = {S("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"),
		{much, 6 << 20}, S("\r\n--B--\r\n")};
	str body = str_join(site.mem, parts, COUNT(parts), S(""));
	int fd = dial(site.port);
	sayf(fd, "POST /form HTTP/1.1\r\n" HOST MULTIPART "Content-Length: %td\r\n\r\n", body.n);
	say(fd, body);
	assert_int_equal(hear(site.mem, fd).status, 413);
	sayf(fd, "GET / HTTP/1.1\r\n" HOST "\r\n"); // all of it was read
	assert_body(hear(site.mem, fd), "hello");
	hang_up(fd);
	fd = dial(site.port); // and where nobody knows how much is to come
	sayf(fd, "POST /form HTTP/1.1\r\n" HOST MULTIPART "Transfer-Encoding: chunked\r\n\r\n");
	sayf(fd, "%zx\r\n", (size_t)body.n);
	say(fd, body);
	assert_int_equal(hear(site.mem, fd).status, 413);
	hang_up(fd);
}

static void strangers_upload_nothing(void **state)
{
	(void)state;
	int fd = dial(site.port);
	sayf(fd, "POST /upload HTTP/1.1\r\n" HOST MULTIPART "Content-Length: 1000000\r\n\r\n");
	assert_int_equal(hear(site.mem, fd).status, 401);
	hang_up(fd);
	// Who it is only a worker can tell: the body waits, and is read or refused then.
	fd = dial(site.port);
	sayf(fd, "POST /upload HTTP/1.1\r\n" HOST MULTIPART
		 "Cookie: session=cold-x\r\nContent-Length: 1000000\r\n\r\n");
	assert_int_equal(hear(site.mem, fd).status, 401);
	hang_up(fd);
	struct reply r = post("/upload", MULTIPART "Cookie: session=cold-5\r\n",
		S("--B\r\nContent-Disposition: form-data; name=f; filename=\"x.jpg\"\r\n"
		  "Content-Type: image/jpeg\r\n\r\nabc\r\n--B--\r\n"));
	assert_body(r, "f:x.jpg:image/jpeg:3:ba7816bf8f01cfea;");
}

static void twenty_megabytes_in_several_files(void **state)
{
	(void)state;
	str line = {0}, token = token_for("", &line);
	ptrdiff_t sizes[] = {12 << 20, 0, (8 << 20) + 17};
	struct sb body = sb_new(NULL, 21 << 20), wanted = sb_new(site.mem, 300);
	sb_fmt(&body, "--B\r\nContent-Disposition: form-data; name=csrf\r\n\r\n%.*s\r\n",
		STR_ARGS(token));
	sb_fmt(&body,
		"--B\r\nContent-Disposition: form-data; name=none; filename=\"\"\r\n\r\n\r\n");
	for (ptrdiff_t i = 0; i < COUNT(sizes); i++) {
		sb_fmt(&body,
			"--B\r\nContent-Disposition: form-data; name=f; filename=\"%td.jpg\"\r\n"
			"Content-Type: image/jpeg\r\n\r\n",
			i);
		char *bytes = sb_room(&body, sizes[i]);
		crypto_random(bytes, sizes[i]);
		if (sizes[i])
			memcpy(bytes + sizes[i] - 8, "\r\n--\r\n--", 8);
		struct digest d = crypto_sha256((str){bytes, sizes[i]});
		body.n += sizes[i];
		sb_lit(&body, "\r\n");
		sb_fmt(&wanted, "f:%td.jpg:image/jpeg:%td:%.*s;", i, sizes[i],
			STR_ARGS(hex(site.mem, d.b, 8)));
	}
	sb_lit(&body, "--B--\r\n");
	str headers = str_fmt(site.mem, MULTIPART "%.*s\r\n", STR_ARGS(line));
	struct reply r = post("/form", str_z(site.mem, headers), sb_str(&body));
	sb_free(&body);
	sb_char(&wanted, '\0');
	assert_body(r, wanted.p);
}

static void raw_bodies_go_to_a_file_even_half(void **state)
{
	(void)state;
	int fd = dial(site.port);
	sayf(fd, "PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\n0123456789");
	assert_body(hear(site.mem, fd), "10 bytes");
	sayf(fd, "PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
	assert_body(hear(site.mem, fd), "0 bytes");
	hang_up(fd);
	fd = dial(site.port);
	sayf(fd, "PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 5000000\r\n\r\n");
	assert_int_equal(hear(site.mem, fd).status, 413);
	hang_up(fd);
	fd = dial(site.port);
	sayf(fd, "PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n0123456");
	nap_ms(50);
	hang_up(fd);
	for (int i = 0; i < 200 && site_partial() == 0; i++)
		nap_ms(10);
	assert_int_equal(site_partial(), 7);
}

// Others were faster: what was let in finds no room as it comes, and its sender is told.
static void room_that_goes_meanwhile_is_told(void **state)
{
	str bytes = {arena_alloc(site.mem, 2 << 20, 1, 1), 2 << 20};
	memset((char *)(uintptr_t)bytes.p, 0, (size_t)bytes.n);
	(void)state;
	for (int64_t left = 1 << 20; left <= 8 << 20; left *= 8) {
		int fd = dial(site.port);
		sayf(fd, "PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", 2 << 20);
		say(fd, str_sub(bytes, 0, 512 << 10));
		nap_ms(300); // as long as an answer of the disk holds
		space = left;
		say(fd, str_skip(bytes, 512 << 10));
		struct reply r = hear(site.mem, fd);
		assert_int_equal(r.status, left < 4 << 20 ? 507 : 200);
		hang_up(fd);
		space = (int64_t)1 << 40;
		nap_ms(300);
	}
	assert_int_equal(disk_claimed(space_of), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_need_a_token_of_the_same_person),
		cmocka_unit_test(bodies_come_in_the_form_the_route_reads),
		cmocka_unit_test(ambiguous_framing_is_refused),
		cmocka_unit_test(too_much_is_refused_early),
		cmocka_unit_test(a_field_over_its_limit_is_answered),
		cmocka_unit_test(strangers_upload_nothing),
		cmocka_unit_test(twenty_megabytes_in_several_files),
		cmocka_unit_test(raw_bodies_go_to_a_file_even_half),
		cmocka_unit_test(room_that_goes_meanwhile_is_told),
	};
	return cmocka_run_group_tests(tests, start, end);
}
