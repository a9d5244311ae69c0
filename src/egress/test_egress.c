// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is decided without a network: how addresses are read, which are refused, what the host allowed, and when
// a host is left alone.
#include "egress/inside.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

// Names the case of a table that went the other way.
static void wrong(const char *which)
{
	print_error("not so: %s\n", which);
	assert_true(false);
}

static const char *judged(const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return address_refused((struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return address_refused((struct sockaddr *)&in6);
}

static void addresses_that_are_nobody_elses_are_refused(void **state)
{
	static const char *const refused[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
		"100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
		"192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7",
		"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
		"::ffff:127.0.0.1", "::ffff:93.184.216.34", "::127.0.0.1", "64:ff9b::7f00:1",
		"64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:db8::1", "2002:7f00:1::1",
		"3fff:fff::1", "4000::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
		"ff02::1"};
	static const char *const fine[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
		"100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.0.1", "172.15.255.255",
		"172.32.0.0", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2001:200::1", "2001:db7::1", "2003::1", "2606:4700::1111", "3ffe::1"};
	(void)state;
	for (int i = 0; i < COUNT(refused); i++)
		if (!judged(refused[i]))
			wrong(refused[i]);
	for (int i = 0; i < COUNT(fine); i++)
		if (judged(fine[i]))
			wrong(fine[i]);
	assert_non_null(address_refused(&(struct sockaddr){.sa_family = AF_UNIX}));
}

static void an_address_has_one_reading(void **state)
{
	static const struct {
		const char *url, *origin, *host_port;
		bool literal;
	} good[] = {
		{"https://API.Example.com/v1?key=x", "https://api.example.com",
			"api.example.com:443", false},
		{"https://api.example.com:443", "https://api.example.com", "api.example.com:443",
			false},
		{"http://api.example.com:8080/", "http://api.example.com:8080",
			"api.example.com:8080", false},
		{"http://127.1/", "http://127.0.0.1", "127.0.0.1:80", true},
		{"http://2130706433/", "http://127.0.0.1", "127.0.0.1:80", true},
		{"http://0x7f000001/", "http://127.0.0.1", "127.0.0.1:80", true},
		{"http://0177.0.0.1/", "http://127.0.0.1", "127.0.0.1:80", true},
		{"http://[::1]:81/", "http://[::1]:81", "[::1]:81", true},
	};
	static const char *const bad[] = {"", "api.example.com", "ftp://example.com/",
		"file:///etc/passwd", "gopher://example.com", "https://me@example.com/",
		"https://me:secret@example.com/", "https://example.com@evil.example/",
		"https://exa mple.com/", "https://example.com/\r\nX: y", "https:///path",
		"https://ex\xc3\xa4mple.com/", "https://example.com:0/",
		"https://example.com:99999/", "https://example.com\\@evil.example/",
		"https://%c3%a4.example/"};
	struct arena *mem = arena_new(1024);
	struct target t;
	(void)state;
	for (int i = 0; i < COUNT(good); i++) {
		assert_true(target_parse(mem, str_from(good[i].url), &t));
		assert_string_equal(str_z(mem, t.origin), good[i].origin);
		assert_string_equal(str_z(mem, t.host_port), good[i].host_port);
		assert_int_equal(t.literal, good[i].literal);
		target_free(&t);
	}
	for (int i = 0; i < COUNT(bad); i++)
		if (target_parse(mem, str_from(bad[i]), &t))
			wrong(bad[i]);
	arena_free(mem);
}

static void a_name_of_the_local_network_is_kept_from_the_proxy(void **state)
{
	static const char *const refused[] = {"http://localhost/", "http://localhost./",
		"http://db/", "http://a.localhost/", "http://nas.local/", "http://x.internal/",
		"http://metadata.google.internal./", "http://127.1/", "http://0x0a000001/",
		"http://[::1]/", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/"};
	struct arena *mem = arena_new(1024);
	struct target t;
	(void)state;
	for (int i = 0; i < COUNT(refused); i++) {
		assert_true(target_parse(mem, str_from(refused[i]), &t));
		if (!name_refused(&t))
			wrong(refused[i]);
		target_free(&t);
	}
	assert_true(target_parse(mem, S("https://api.example.com/"), &t));
	assert_null(name_refused(&t));
	target_free(&t);
	arena_free(mem);
}

// --- the policy --------------------------------------------------------------------------------------

struct chosen {
	struct option options[4];
	struct house house;
	struct ctx ctx;
	struct policy policy;
};

static err choose(struct chosen *c, const char *egress, const char *local, const char *proxy)
{
	*c = (struct chosen){
		.options = {{"egress", str_from(egress)}, {"egress_local", str_from(local)},
			{"egress_proxy", str_from(proxy)}},
		.ctx = {.mem = arena_new(1024)}};
	c->house.options = c->options;
	c->ctx.house = &c->house;
	return policy_read(&c->ctx, c->ctx.mem, &c->policy);
}

static bool allows(struct chosen *c, enum egress_purpose purpose, const char *url)
{
	struct target t;
	assert_true(target_parse(c->ctx.mem, str_from(url), &t));
	bool allowed = policy_allows(&c->policy, purpose, &t);
	target_free(&t);
	return allowed;
}

static void what_is_not_allowed_is_denied(void **state)
{
	struct chosen c;
	(void)state;
	assert_int_equal(choose(&c, "", "", ""), OK);
	assert_false(allows(&c, EGRESS_TRANSLATE, "https://api.example.com/"));
	arena_free(c.ctx.mem);
	assert_int_equal(choose(&c,
				 " translate=https://api.example.com/ , federation=*,"
				 "translate=http://lt.example:5000",
				 "", ""),
		OK);
	assert_true(allows(&c, EGRESS_TRANSLATE, "https://API.example.com:443/v2"));
	assert_true(allows(&c, EGRESS_TRANSLATE, "http://lt.example:5000/"));
	assert_false(allows(&c, EGRESS_PUSH, "https://api.example.com/"));
	assert_false(allows(&c, EGRESS_TRANSLATE, "http://api.example.com/"));
	assert_false(allows(&c, EGRESS_TRANSLATE, "https://api.example.com:444/"));
	assert_false(allows(&c, EGRESS_TRANSLATE, "https://api.example.com.evil.example/"));
	assert_false(allows(&c, EGRESS_TRANSLATE, "http://lt.example:5001/"));
	assert_true(allows(&c, EGRESS_FEDERATION, "https://anybody.example/"));
	assert_false(allows(&c, EGRESS_FEDERATION, "http://anybody.example/"));
	assert_false(allows(&c, EGRESS_FEDERATION, "https://anybody.example:8443/"));
	arena_free(c.ctx.mem);
}

static void options_that_make_no_sense_are_refused(void **state)
{
	static const char *const bad[][3] = {{"translate", "", ""}, {"=https://a.example", "", ""},
		{"tea=https://a.example", "", ""}, {"translate=a.example", "", ""},
		{"translate=https://a.example/v1", "", ""},
		{"translate=https://a.example?x", "", ""}, {"translate=ftp://a.example", "", ""},
		{"translate=https://k@a.example", "", ""}, {"", "localhost", ""}, {"", "[::1]", ""},
		{"", "http://localhost:80", ""}, {"", "localhost:", ""}, {"", "", "proxy:3128"},
		{"", "", "socks5://proxy:1080"}};
	struct chosen c;
	(void)state;
	for (int i = 0; i < COUNT(bad); i++) {
		if (choose(&c, bad[i][0], bad[i][1], bad[i][2]) != ERR_INVALID)
			wrong(bad[i][0]);
		assert_true(c.ctx.problem.text.n > 0);
		arena_free(c.ctx.mem);
	}
}

// --- pauses ------------------------------------------------------------------------------------------

static void three_failures_make_a_pause_that_doubles(void **state)
{
	struct pauses *p = pauses_new();
	str at = S("a.example:443");
	ms now = 1000 * MS_HOUR, until;
	(void)state;
	for (int i = 0; i < 2; i++) {
		pause_failed(p, at, now, now, 0);
		assert_int_equal(pause_until(p, at, now), 0);
	}
	pause_failed(p, at, now, now, 0);
	assert_int_equal(pause_until(p, at, now), now + MS_MINUTE);
	assert_int_equal(pause_until(p, S("b.example:443"), now), 0);
	// What was under way when the pause began does not double it.
	pause_failed(p, at, now - 5, now + 5, 0);
	assert_int_equal(pause_until(p, at, now), now + MS_MINUTE);
	for (ms length = 2 * MS_MINUTE; length < 3 * MS_HOUR; length *= 2) {
		now = pause_until(p, at, now);
		assert_int_equal(pause_until(p, at, now), 0); // it is over at that moment
		pause_failed(p, at, now, now, 0);
		until = now + MIN(length, MS_HOUR);
		assert_int_equal(pause_until(p, at, now), until);
	}
	pause_worked(p, at);
	assert_int_equal(pause_until(p, at, now), 0);
	pause_failed(p, at, now, now, 0);
	assert_int_equal(pause_until(p, at, now), 0);
	pauses_free(p);
}

static void who_says_how_long_to_wait_is_believed(void **state)
{
	struct pauses *p = pauses_new();
	ms now = 1000 * MS_HOUR;
	(void)state;
	pause_failed(p, S("a.example:443"), now, now, 7 * MS_SECOND);
	assert_int_equal(pause_until(p, S("a.example:443"), now), now + 7 * MS_SECOND);
	pause_failed(p, S("b.example:443"), now, now, 300 * MS_DAY);
	assert_int_equal(pause_until(p, S("b.example:443"), now), now + MS_DAY);
	pauses_free(p);
}

static void many_hosts_that_fail_are_not_remembered_for_ever(void **state)
{
	struct pauses *p = pauses_new();
	struct arena *mem = arena_new(1024);
	ms now = 1000 * MS_HOUR;
	(void)state;
	for (int i = 0; i < 3; i++)
		pause_failed(p, S("bad.example:443"), now, now, 0);
	for (int i = 0; i < 1500; i++)
		pause_failed(p, str_fmt(mem, "h%d.example:443", i), now, now, 0);
	assert_int_equal(pause_until(p, S("bad.example:443"), now), now + MS_MINUTE);
	for (int i = 0; i < 3000; i++)
		pause_failed(p, str_fmt(mem, "w%d.example:443", i), now, now, MS_HOUR);
	arena_free(mem);
	pauses_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_that_are_nobody_elses_are_refused),
		cmocka_unit_test(an_address_has_one_reading),
		cmocka_unit_test(a_name_of_the_local_network_is_kept_from_the_proxy),
		cmocka_unit_test(what_is_not_allowed_is_denied),
		cmocka_unit_test(options_that_make_no_sense_are_refused),
		cmocka_unit_test(three_failures_make_a_pause_that_doubles),
		cmocka_unit_test(who_says_how_long_to_wait_is_believed),
		cmocka_unit_test(many_hosts_that_fail_are_not_remembered_for_ever),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
