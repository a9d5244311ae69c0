// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Clients that say that they are done before they read: they get their answers, whoever has the
// request, and the connection ends soon after.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define UPLOAD "POST /upload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\n"
#define FILE "--B\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\nabc\r\n--B--\r\n"

static struct site site;
// libmicrohttpd treats the connection that was quiet for longest in another order than all others.
static int older;

static const struct {
	const char *head;
	str body;
	int status;
} requests[] = {
	{"GET /letters/3 HTTP/1.1\r\n", STR_INIT(""), 200},
	{"GET /assets/style-1.css HTTP/1.1\r\n", STR_INIT(""), 200},
	{"GET /page HTTP/1.1\r\n", STR_INIT(""), 200},
	{"GET /nothing HTTP/1.1\r\n", STR_INIT(""), 404},
	{"GET /slow/80 HTTP/1.1\r\n", STR_INIT(""), 200},
	{"PATCH /raw HTTP/1.1\r\nContent-Length: 3\r\n", STR_INIT("abc"), 200},
	{"PATCH /raw HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", STR_INIT("3\r\nabc\r\n0\r\n\r\n"),
		200},
	{UPLOAD "Cookie: session=5\r\nContent-Length: 71\r\n", STR_INIT(FILE), 200},
	// Who it is a worker finds out, before the body is read.
	{UPLOAD "Cookie: session=cold-5\r\nContent-Length: 71\r\n", STR_INIT(FILE), 200},
	{UPLOAD "Cookie: session=cold-5\r\nTransfer-Encoding: chunked\r\n",
		STR_INIT("47\r\n" FILE "\r\n0\r\n\r\n"), 200},
};

// The end comes with the request, while somebody has it, or after the answer.
static void assert_answered(ptrdiff_t i, int pause)
{
	int fd = dial(site.port);
	str head = str_fmt(site.mem, "%s" HOST "\r\n", requests[i].head);
	const str parts[] = {head, requests[i].body};
	say(fd, str_join(site.mem, parts, COUNT(parts), S("")));
	nap_ms(pause);
	shutdown(fd, SHUT_WR);
	int status = hear(site.mem, fd).status;
	bool closed = closed_within(fd, 3000);
	if (status != requests[i].status || !closed)
		print_message("%s%d ms: %d, %d\n", requests[i].head, pause, status, closed);
	assert_int_equal(status, requests[i].status);
	assert_true(closed);
	hang_up(fd);
}

static void half_open_clients_get_their_answer(void **state)
{
	(void)state;
	for (ptrdiff_t i = 0; i < COUNT(requests); i++)
		for (int pause = 0; pause <= 120; pause += 40)
			assert_answered(i, pause);
}

static void all_of_several_requests_are_answered(void **state)
{
	(void)state;
	int fd = dial(site.port);
	say(fd, S("GET /slow/50 HTTP/1.1\r\n" HOST "\r\nGET /slow/50 HTTP/1.1\r\n" HOST "\r\n"
		  "GET /slow/5"));
	shutdown(fd, SHUT_WR);
	assert_int_equal(hear(site.mem, fd).status, 200);
	assert_int_equal(hear(site.mem, fd).status, 200);
	assert_true(closed_within(fd, 3000));
	hang_up(fd);
}

static void half_of_a_request_is_none(void **state)
{
	(void)state;
	static const str halves[] = {STR_INIT("GET /letters"),
		STR_INIT("GET /letters/3 HTTP/1.1\r\n" HOST),
		STR_INIT("PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc"),
		STR_INIT("PATCH /raw HTTP/1.1\r\n" HOST
			 "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")};
	for (ptrdiff_t i = 0; i < COUNT(halves); i++) {
		int fd = dial(site.port);
		say(fd, halves[i]);
		shutdown(fd, SHUT_WR);
		assert_true(closed_within(fd, 3000));
		hang_up(fd);
	}
}

static int start(void **state)
{
	(void)state;
	struct http_config config = site_config(&site);
	config.reads_wait = true;
	config.limits.listeners = 1;
	config.limits.send_time = 400; // and sweeps are four times as frequent as that
	site_open(&site, &config);
	older = dial(site.port);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	hang_up(older);
	return site_close(&site, 1000) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_open_clients_get_their_answer),
		cmocka_unit_test(all_of_several_requests_are_answered),
		cmocka_unit_test(half_of_a_request_is_none),
	};
	crypto_start();
	return cmocka_run_group_tests_name("http half open", tests, start, stop);
}
