// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Clients that are slow, greedy or gone, requests that wait for a job, and the end of the server
// while all that goes on.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define URLENCODED "Content-Type: application/x-www-form-urlencoded\r\n"

static struct reply get(struct site *site, const char *target)
{
	return ask(site->mem, site->port, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
}

static void assert_body(struct reply r, const char *body)
{
	if (!str_eq(r.body, str_from(body)))
		print_message("%d %.*s\n", r.status, STR_ARGS(r.body));
	assert_true(str_eq(r.body, str_from(body)));
}

static bool wait_for(int (*what)(void), int n)
{
	for (int i = 0; i < 500 && what() < n; i++)
		nap_ms(10);
	return what() >= n;
}

static void slow_clients_are_cut_off(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.header_time = 300;
	config.limits.idle_time = 600;
	config.limits.body_stall = 300;
	site_open(&site, &config);
	int silent = dial(site.port), dribble = dial(site.port), body = dial(site.port);
	int idle = dial(site.port), fast = dial(site.port);
	sayf(dribble, "GET / HTTP/1.1\r\n" HOST "X: ");
	sayf(body, "POST /small HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 900\r\n\r\n");
	sayf(idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(hear(site.mem, idle).status, 200);
	sayf(fast, "POST /small HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 1000\r\n\r\na=");
	for (int i = 0; i < 10; i++) {
		nap_ms(40);
		sayf(dribble, "x"); // active, and still too slow
		sayf(body, "x");
		sayf(fast, "%060d", 0);
		if (i == 3) // kept alive within its time
			assert_false(closed_within(idle, 0));
	}
	sayf(fast, "%0398d", 0);
	assert_int_equal(hear(site.mem, fast).status, 200);
	assert_true(closed_within(silent, 1000));
	assert_true(closed_within(dribble, 1000));
	assert_true(closed_within(body, 1000));
	assert_true(closed_within(idle, 1000));
	const int all[] = {silent, dribble, body, idle, fast};
	for (ptrdiff_t i = 0; i < COUNT(all); i++)
		hang_up(all[i]);
	assert_true(site_close(&site, 1000));
}

static ms until_closed(int fd)
{
	ms from = clock_steady();
	assert_true(ends_within(fd, 5000));
	return clock_steady() - from;
}

// However much came before, silence and a trickle end every kind of body.
static void bytes_sent_buy_no_silence(void **state)
{
	static const char *const kinds[] = {
		"PATCH /raw HTTP/1.1\r\n" HOST "Content-Length: 4000000\r\n\r\n",
		"PATCH /raw HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n100000\r\n",
		"POST /form HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 4000000\r\n\r\na=",
		"POST /upload HTTP/1.1\r\n" HOST "Cookie: session=5\r\nContent-Length: 1000000\r\n"
		"Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n"
		"Content-Disposition: form-data; name=f; filename=x\r\n\r\n",
		"POST /any HTTP/1.1\r\n" HOST "Authorization: Bearer t\r\nContent-Length: 60000\r\n"
		"Content-Type: application/json\r\n\r\n",
		// Refused, and what comes is only read away.
		"POST /small HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 200000\r\n\r\n",
	};
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.body_stall = 400;
	config.limits.memory_body = 4 << 20;
	site_open(&site, &config);
	int fds[COUNT(kinds)], trickle = dial(site.port);
	char much[50001];
	memset(much, 'x', 50000);
	much[50000] = '\0';
	sayf(trickle, "%s", kinds[0]);
	say(trickle, str_from(much));
	say(trickle, str_from(much)); // 200 s at the least rate
	for (ptrdiff_t i = 0; i < COUNT(kinds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], "%s", kinds[i]);
		say(fds[i], str_from(much));
	}
	for (ptrdiff_t i = 0; i < COUNT(kinds); i++) {
		ms took = until_closed(fds[i]);
		assert_true(took < 3000);
		hang_up(fds[i]);
	}
	bool closed = false;
	for (int i = 0; i < 40 && !closed; i++) { // never silent for long
		sayf(trickle, "x");
		closed = closed_within(trickle, 100);
	}
	assert_true(closed);
	hang_up(trickle);
	assert_true(site_close(&site, 1000));
}

static void a_client_that_does_not_read_is_cut_off(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.send_time = 100;
	site_open(&site, &config);
	int fd = dial(site.port);
	for (int i = 0; i < 2000; i++)
		sayf(fd, "GET /page HTTP/1.1\r\n" HOST "\r\n");
	nap_ms(3500); // 100 ms, and a second for every 4 KB
	struct sb sb = sb_new(site.mem, 4096);
	http_metrics(site.http, &sb);
	assert_true(str_find(sb_str(&sb), S("http_cut_off_total 1\n")) > 0);
	hang_up(fd);
	assert_true(site_close(&site, 1000));
}

static void many_slow_readers_get_their_whole_answers(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.lent = 4;
	site_open(&site, &config);
	int fds[12];
	str wanted = get(&site, "/letters/6000000").body;
	assert_int_equal(wanted.n, 6000000);
	assert_true(str_starts(wanted, S("abcdefghijklmnopqrstuvwabc")));
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial_narrow(site.port);
		sayf(fds[i], "GET /letters/6000000 HTTP/1.1\r\n" HOST "\r\n");
	}
	nap_ms(300);
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		if (i % 4 == 3) { // and some hang up in the middle
			hang_up(fds[i]);
			continue;
		}
		assert_true(str_eq(hear(site.mem, fds[i]).body, wanted));
		sayf(fds[i], "GET /letters/3 HTTP/1.1\r\n" HOST "\r\n");
		assert_true(str_eq(hear(site.mem, fds[i]).body, S("abc")));
		hang_up(fds[i]);
	}
	assert_true(site_close(&site, 1000));
}

static void oversized_headers_are_refused(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	char *much = NEW_N(site.mem, char, 60001);
	memset(much, 'x', 60000);
	int fd = dial(site.port);
	sayf(fd, "GET / HTTP/1.1\r\n" HOST "X: ");
	say(fd, str_from(much));
	sayf(fd, "\r\n\r\n");
	int status = hear(site.mem, fd).status;
	assert_true(status == 431 || status == 413 || status == 0);
	hang_up(fd);
	fd = dial(site.port);
	sayf(fd, "GET /");
	say(fd, str_from(much));
	sayf(fd, " HTTP/1.1\r\n" HOST "\r\n");
	status = hear(site.mem, fd).status;
	assert_true(status == 414 || status == 0);
	hang_up(fd);
	fd = dial(site.port);
	sayf(fd, "GET / HTTP/1.1\r\n" HOST);
	for (int i = 0; i < 200; i++)
		sayf(fd, "X-%d: y\r\n", i);
	sayf(fd, "\r\n");
	assert_int_equal(hear(site.mem, fd).status, 400);
	hang_up(fd);
	// What a browser with many cookies sends is fine.
	fd = dial(site.port);
	sayf(fd, "GET / HTTP/1.1\r\n" HOST "Cookie: a=");
	say(fd, (str){much, 8000});
	sayf(fd, "\r\n\r\n");
	assert_int_equal(hear(site.mem, fd).status, 200);
	hang_up(fd);
	assert_true(site_close(&site, 1000));
}

static void hanging_up_frees_nothing_a_handler_uses(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	int begun = site_slow_begun(), ended = site_slow_ended();
	for (int i = 0; i < 8; i++) {
		int fd = dial(site.port);
		sayf(fd, "GET /slow/150 HTTP/1.1\r\n" HOST "User-Agent: gone %d\r\n\r\n", i);
		if (i % 2)
			nap_ms(20);
		hang_up(fd);
	}
	assert_true(wait_for(site_slow_begun, begun + 8));
	assert_true(wait_for(site_slow_ended, ended + 8));
	int fd = dial(site.port);
	sayf(fd, "GET /await/60 HTTP/1.1\r\n" HOST "\r\n");
	hang_up(fd);
	nap_ms(150);
	assert_body(get(&site, "/"), "hello");
	assert_true(site_close(&site, 1000));
}

static void requests_wait_for_a_job_or_its_deadline(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	ms began = clock_steady();
	assert_body(get(&site, "/await/120"), "deadline");
	assert_in_range(clock_steady() - began, 115, 1500);
	int fds[20];
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i],
			"GET /await/9000 HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
	}
	nap_ms(100);
	began = clock_steady();
	http_job_ended(site.http, (job_id){41});
	http_job_ended(site.http, SITE_JOB);
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		assert_body(hear(site.mem, fds[i]), "ended");
		assert_body(hear(site.mem, fds[i]), "hello");
		hang_up(fds[i]);
	}
	assert_in_range(clock_steady() - began, 0, 2000);
	// The job was faster than its request: known at once.
	assert_body(get(&site, "/await/9000"), "ended");
	assert_true(site_close(&site, 1000));
}

static void rates_are_limited_and_say_when(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	const str proxy = S("127.0.0.0/8");
	config.trusted_proxies = &proxy;
	config.n_trusted_proxies = 1;
	config.rate_limits = true;
	config.limits.burst_address = 20;
	config.limits.rate_address = 0.01;
	config.limits.burst_account = 10;
	config.limits.rate_account = 0.01;
	site_open(&site, &config);
	for (int i = 0; i < 20; i++)
		assert_int_equal(get(&site, "/number/1").status, 200);
	struct reply r = get(&site, "/number/1");
	assert_int_equal(r.status, 429);
	int64_t seconds = 0;
	assert_true(str_int(reply_header(&r, "retry-after"), &seconds));
	assert_in_range(seconds, 90, 102);
	assert_body(r, "<p>too_many_requests for 0");
	// Its row takes no tokens.
	assert_int_equal(get(&site, "/").status, 200);
	// Another client behind the same proxy is another client; its account has its own limit.
	for (int i = 0; i < 11; i++) {
		r = ask(site.mem, site.port,
			"GET /me HTTP/1.1\r\n" HOST "X-Forwarded-For: 5.5.5.%d\r\n"
			"Cookie: session=5\r\n\r\n",
			i);
		assert_int_equal(r.status, i < 10 ? 200 : 429);
	}
	r = ask(site.mem, site.port,
		"POST /any HTTP/1.1\r\n" HOST URLENCODED
		"X-Forwarded-For: 6.6.6.6\r\nAuthorization: Bearer x\r\n"
		"Content-Length: 3\r\n\r\na=1");
	assert_int_equal(r.status, 200);
	assert_true(str_eq(reply_header(&r, "x-ratelimit-limit"), S("20")));
	assert_true(str_eq(reply_header(&r, "x-ratelimit-remaining"), S("19")));
	assert_true(reply_header(&r, "x-ratelimit-reset").n == 24);
	assert_true(site_close(&site, 1000));
}

static void one_address_opens_only_so_many(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.per_address = 5;
	site_open(&site, &config);
	int fds[5];
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], "GET / HTTP/1.1\r\n" HOST "\r\n");
		assert_int_equal(hear(site.mem, fds[i]).status, 200);
	}
	assert_int_equal(get(&site, "/").status, 0);
	hang_up(fds[0]);
	nap_ms(100);
	assert_int_equal(get(&site, "/").status, 200);
	for (ptrdiff_t i = 1; i < COUNT(fds); i++)
		hang_up(fds[i]);
	assert_true(site_close(&site, 1000));
}

static void a_full_queue_says_so(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.workers = 1;
	config.limits.queue = 2;
	site_open(&site, &config);
	int fds[6], unavailable = 0, served = 0;
	int begun = site_slow_begun();
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], "GET /slow/300 HTTP/1.1\r\n" HOST "\r\n");
		if (i == 0)
			assert_true(wait_for(site_slow_begun, begun + 1));
	}
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		int status = hear(site.mem, fds[i]).status;
		unavailable += status == 503;
		served += status == 200;
		hang_up(fds[i]);
	}
	assert_int_equal(served, 3);
	assert_int_equal(unavailable, 3);
	assert_true(site_close(&site, 1000));
}

static void stopping_finishes_what_runs(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	int begun = site_slow_begun();
	int fds[4], idle = dial(site.port);
	sayf(idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(hear(site.mem, idle).status, 200);
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], "GET /slow/300 HTTP/1.1\r\n" HOST "User-Agent: still\r\n\r\n");
	}
	assert_true(wait_for(site_slow_begun, begun + 4));
	struct arena *mem = arena_new(4096);
	ms began = clock_steady();
	assert_true(site_close(&site, 5000));
	assert_in_range(clock_steady() - began, 100, 2000);
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		struct reply r = hear(mem, fds[i]);
		assert_int_equal(r.status, 200);
		assert_body(r, "still");
		assert_true(str_ieq(reply_header(&r, "connection"), S("close")));
		hang_up(fds[i]);
	}
	assert_true(closed_within(idle, 0));
	hang_up(idle);
	arena_free(mem);
}

static void stopping_lets_go_at_its_deadline(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	int begun = site_slow_begun();
	int slow = dial(site.port), waits = dial(site.port), half = dial(site.port);
	sayf(slow, "GET /slow/900 HTTP/1.1\r\n" HOST "\r\n");
	sayf(waits, "GET /await/50000 HTTP/1.1\r\n" HOST "\r\n");
	sayf(half, "POST /small HTTP/1.1\r\n" HOST URLENCODED "Content-Length: 900\r\n\r\nabc");
	assert_true(wait_for(site_slow_begun, begun + 1));
	nap_ms(50);
	struct arena *mem = arena_new(4096);
	ms began = clock_steady();
	assert_false(site_close(&site, 200));
	// The running handler has to end by itself; nobody else is waited for.
	assert_in_range(clock_steady() - began, 200, 2500);
	assert_int_equal(hear(mem, slow).status, 503);
	struct reply r = hear(mem, waits);
	assert_true(r.status == 503 || (r.status == 200 && str_eq(r.body, S("deadline"))));
	assert_int_equal(hear(mem, half).status, 0);
	hang_up(slow);
	hang_up(waits);
	hang_up(half);
	arena_free(mem);
}

static void bad_configurations_are_explained(void **state)
{
	(void)state;
	struct site site;
	struct http_config good = site_config(&site), bad = good;
	struct http *http = NULL;
	char why[HTTP_WHY];
	bad.listen = S("nonsense");
	assert_int_equal(http_open(&bad, &http, why), ERR_INVALID);
	assert_non_null(strstr(why, "ADDRESS:PORT"));
	bad = good;
	bad.url = S("http://site.test/path");
	assert_int_equal(http_open(&bad, &http, why), ERR_INVALID);
	assert_non_null(strstr(why, "http://site.test/path"));
	const str proxy = S("10.0.0.0/64");
	bad = good;
	bad.trusted_proxies = &proxy;
	bad.n_trusted_proxies = 1;
	assert_int_equal(http_open(&bad, &http, why), ERR_INVALID);
	bad = good;
	bad.temporary = S("/nowhere/at/all");
	assert_int_equal(http_open(&bad, &http, why), ERR_INVALID);
	assert_non_null(strstr(why, "No such file"));
	site_open(&site, &good);
	char taken[32];
	snprintf(taken, sizeof taken, "127.0.0.1:%d", site.port);
	bad = good;
	bad.listen = str_from(taken);
	assert_int_equal(http_open(&bad, &http, why), ERR_INVALID);
	assert_non_null(strstr(why, "in use"));
	assert_true(site_close(&site, 1000));
}

static int start(void **state)
{
	(void)state;
	crypto_start();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_clients_are_cut_off),
		cmocka_unit_test(bytes_sent_buy_no_silence),
		cmocka_unit_test(a_client_that_does_not_read_is_cut_off),
		cmocka_unit_test(many_slow_readers_get_their_whole_answers),
		cmocka_unit_test(oversized_headers_are_refused),
		cmocka_unit_test(hanging_up_frees_nothing_a_handler_uses),
		cmocka_unit_test(requests_wait_for_a_job_or_its_deadline),
		cmocka_unit_test(rates_are_limited_and_say_when),
		cmocka_unit_test(one_address_opens_only_so_many),
		cmocka_unit_test(a_full_queue_says_so),
		cmocka_unit_test(stopping_finishes_what_runs),
		cmocka_unit_test(stopping_lets_go_at_its_deadline),
		cmocka_unit_test(bad_configurations_are_explained),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
