// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What waits for one thing leaves workers to what waits for another; in the lane of the few, addresses
// take turns; and who cannot be served is told when to come again.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define POSTS(target, more) "POST " target " HTTP/1.1\r\n" HOST more "Content-Length: 0\r\n\r\n"

static int count_status(struct site *site, const int *fds, ptrdiff_t n, int status)
{
	int found = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		struct reply r = hear(site->mem, fds[i]);
		found += r.status == status;
		if (r.status == 503)
			assert_true(reply_header(&r, "retry-after").n > 0);
		hang_up(fds[i]);
	}
	return found;
}

static void begin(struct site *site, int n)
{
	for (int i = 0; i < 500 && site_slow_begun() < n; i++)
		nap_ms(10);
	assert_true(site_slow_begun() >= n);
	(void)site;
}

static void waiting_writers_leave_readers_alone(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.workers = 1;
	site_open(&site, &config);
	int fds[12], begun = site_slow_begun();
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], i % 2 ? POSTS("/write/400", "") : POSTS("/hash/400", ""));
	}
	begin(&site, begun + 2); // one of each
	ms began = clock_steady();
	for (int i = 0; i < 5; i++)
		assert_int_equal(
			ask(site.mem, site.port, "GET /slow/1 HTTP/1.1\r\n" HOST "\r\n").status,
			200);
	assert_true(clock_steady() - began < 1500); // the writers need 2,400 ms
	assert_int_equal(count_status(&site, fds, COUNT(fds), 200), COUNT(fds));
	assert_true(site_close(&site, 2000));
}

static void waiting_readers_leave_writers_alone(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.workers = 1;
	site_open(&site, &config);
	int fds[6], begun = site_slow_begun();
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], "GET /slow/400 HTTP/1.1\r\n" HOST "\r\n");
	}
	begin(&site, begun + 1);
	ms began = clock_steady();
	assert_int_equal(ask(site.mem, site.port, POSTS("/write/1", "")).status, 200);
	assert_int_equal(ask(site.mem, site.port, POSTS("/hash/1", "")).status, 200);
	assert_true(clock_steady() - began < 1500);
	assert_int_equal(count_status(&site, fds, COUNT(fds), 200), COUNT(fds));
	assert_true(site_close(&site, 2000));
}

// How many of four writers work at once.
static int writers_at_once(bool reads_wait)
{
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.workers = 4;
	config.reads_wait = reads_wait;
	site_open(&site, &config);
	int fds[4], before = site_slow_begun();
	for (ptrdiff_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(site.port);
		sayf(fds[i], POSTS("/write/600", ""));
	}
	nap_ms(300);
	int begun = site_slow_begun() - before;
	assert_int_equal(count_status(&site, fds, COUNT(fds), 200), COUNT(fds));
	assert_true(site_close(&site, 2000));
	return begun;
}

static void writers_are_held_back_only_where_readers_wait(void **state)
{
	(void)state;
	assert_int_equal(writers_at_once(true), 2);
	assert_int_equal(writers_at_once(false), 4);
}

static void addresses_take_turns(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	const str proxy = S("127.0.0.1");
	config.trusted_proxies = &proxy;
	config.n_trusted_proxies = 1;
	config.limits.hashers = 1;
	config.limits.hash_queue = 6;
	site_open(&site, &config);
	int greedy[10], begun = site_slow_begun();
	// Sixty addresses of one network are one.
	for (ptrdiff_t i = 0; i < COUNT(greedy); i++) {
		greedy[i] = dial(site.port);
		sayf(greedy[i], POSTS("/hash/300", "X-Forwarded-For: 2001:db8:0:1::%d\r\n"),
			(int)i);
		if (i == 0)
			begin(&site, begun + 1);
	}
	nap_ms(50); // seven are in, three were sent away
	ms began = clock_steady();
	struct reply other =
		ask(site.mem, site.port, POSTS("/hash/1", "X-Forwarded-For: 2001:db8:0:2::1\r\n"));
	assert_int_equal(other.status, 200);
	assert_true(clock_steady() - began < 1000); // and not 2,100 ms
	int served = count_status(&site, greedy, COUNT(greedy), 200);
	assert_int_equal(served, 6); // one of those in line gave way
	assert_true(site_close(&site, 2000));
}

static void a_lane_in_which_nothing_moves_says_so_at_once(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.workers = 1;
	config.limits.patience = 500;
	site_open(&site, &config);
	int begun = site_slow_begun(), fd = dial(site.port);
	sayf(fd, POSTS("/write/1500", ""));
	begin(&site, begun + 1);
	nap_ms(600);
	ms began = clock_steady();
	struct reply r = ask(site.mem, site.port, POSTS("/write/1", ""));
	assert_int_equal(r.status, 503);
	assert_true(clock_steady() - began < 500);
	int64_t seconds = 0;
	assert_true(str_int(reply_header(&r, "retry-after"), &seconds));
	assert_in_range(seconds, 1, 60);
	assert_int_equal(
		ask(site.mem, site.port, "GET /slow/1 HTTP/1.1\r\n" HOST "\r\n").status, 200);
	assert_int_equal(count_status(&site, &fd, 1, 200), 1);
	assert_int_equal(ask(site.mem, site.port, POSTS("/write/1", "")).status, 200);
	assert_true(site_close(&site, 2000));
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
		cmocka_unit_test(waiting_writers_leave_readers_alone),
		cmocka_unit_test(waiting_readers_leave_writers_alone),
		cmocka_unit_test(writers_are_held_back_only_where_readers_wait),
		cmocka_unit_test(addresses_take_turns),
		cmocka_unit_test(a_lane_in_which_nothing_moves_says_so_at_once),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
