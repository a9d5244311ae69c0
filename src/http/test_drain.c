// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A server that leaves behind a proxy: it says so and serves on, cuts off nobody who is connected, accepted or
// not, and whoever comes then is refused, not lost.
#include "http/test_client.h"
#include "http/test_site.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#define GETS(target) "GET " target " HTTP/1.1\r\nHost: x\r\n\r\n"
#define AT_THE_DOOR 6

static bool wait_for(int n)
{
	for (int i = 0; i < 500 && site_slow_begun() < n; i++)
		nap_ms(10);
	return site_slow_begun() >= n;
}

static void is_served(struct arena *mem, int fd, bool ends)
{
	struct reply r = hear(mem, fd);
	assert_int_equal(r.status, 200);
	assert_int_equal(str_ieq(reply_header(&r, "connection"), S("close")), ends);
}

// Begins to connect, and does not wait for it.
static int knock(int port)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	must(connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at) < 0);
	must(errno == EINPROGRESS);
	return fd;
}

// What became of it within the time; EAGAIN: nothing yet.
static int outcome(int fd, int time)
{
	struct pollfd p = {fd, POLLOUT, 0};
	int error = EAGAIN;
	socklen_t n = sizeof error;
	if (poll(&p, 1, time) > 0)
		must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0);
	return error;
}

static void *stop(void *site)
{
	bool in_time = site_close(site, 5000);
	must(in_time);
	return NULL;
}

static void nobody_is_cut_off(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	config.limits.listeners = 1;
	site_open(&site, &config);
	struct arena *mem = arena_new(4096);
	int begun = site_slow_begun(), kept = dial(site.port), fds[AT_THE_DOOR];
	sayf(kept, GETS("/"));
	is_served(mem, kept, false);
	int busy = dial(site.port);
	sayf(busy, GETS("/hold/700")); // nobody is accepted meanwhile
	assert_true(wait_for(begun + 1));
	for (int i = 0; i < AT_THE_DOOR; i++) {
		fds[i] = dial(site.port);
		if (i % 2)
			sayf(fds[i], GETS("/"));
	}
	http_drain(site.http, 1);
	assert_true(http_is_draining(site.http));
	int late = knock(site.port);
	assert_int_equal(outcome(late, 50), EAGAIN);
	pthread_t stopping = thread_start(stop, &site);
	nap_ms(300);
	sayf(kept, GETS("/"));
	is_served(mem, busy, true);
	is_served(mem, kept, true);
	for (int i = 0; i < AT_THE_DOOR; i++) {
		if (i % 2 == 0)
			sayf(fds[i], GETS("/"));
		is_served(mem, fds[i], true);
		hang_up(fds[i]);
	}
	hang_up(busy);
	hang_up(kept);
	pthread_join(stopping, NULL);
	assert_int_equal(outcome(late, 4000), ECONNREFUSED);
	close(late);
	arena_free(mem);
}

static void without_a_time_nothing_is_said(void **state)
{
	(void)state;
	struct site site;
	struct http_config config = site_config(&site);
	site_open(&site, &config);
	assert_false(http_is_draining(site.http));
	http_drain(site.http, 0);
	assert_false(http_is_draining(site.http));
	assert_int_equal(ask(site.mem, site.port, GETS("/")).status, 200);
	assert_true(site_close(&site, 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_cut_off),
		cmocka_unit_test(without_a_time_nothing_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
