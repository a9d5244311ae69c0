// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Asking servers that this test runs on loopback: one that may be asked, one that may not, and what they do.
#include "egress/inside.h"

#include "store/store.h"
#include "egress/egress.sql.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#undef fail

#include "both.h"
#include "people.h"

// --- a small server ----------------------------------------------------------------------------------

struct small {
	int fd, port;
	atomic_int accepted;
	atomic_bool ending;
	char heard[8192]; // the last request; read when it was answered
	char say[512];    // the answer of /say
	pthread_t thread;
};

static bool put(int fd, const char *text, size_t n)
{
	return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static void put_text(int fd, const char *text)
{
	(void)!put(fd, text, strlen(text));
}

static void nap(long us)
{
	nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

static void hear(struct small *s, int fd)
{
	size_t n = 0, whole = 0;
	while (n < sizeof s->heard - 1 && (!whole || n < whole)) {
		ssize_t got = recv(fd, s->heard + n, sizeof s->heard - 1 - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
		s->heard[n] = '\0';
		const char *end = strstr(s->heard, "\r\n\r\n");
		const char *length = strstr(s->heard, "Content-Length: ");
		if (end)
			whole = (size_t)(end + 4 - s->heard) +
				(length ? strtoul(length + 16, NULL, 10) : 0);
	}
	s->heard[n] = '\0';
}

static void drip(struct small *s, int fd, const char *head, const char *drop, size_t n, long us)
{
	bool goes = put(fd, head, strlen(head));
	while (goes && !atomic_load(&s->ending)) {
		goes = put(fd, drop, n);
		nap(us);
	}
}

static void answer(struct small *s, int fd)
{
	static char much[4096];
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
	struct pollfd gone = {.fd = fd, .events = POLLIN};
	hear(s, fd);
	if (strstr(s->heard, " /endless "))
		drip(s, fd, head, much, sizeof much, 0);
	else if (strstr(s->heard, " /drip "))
		drip(s, fd, head, "a", 1, 20000);
	else if (strstr(s->heard, " /headers "))
		drip(s, fd, "HTTP/1.1 200 OK\r\n", "X-More: and more and more\r\n", 27, 0);
	else if (strstr(s->heard, " /hang "))
		while (!atomic_load(&s->ending) && poll(&gone, 1, 20) == 0)
			;
	else
		put_text(fd, s->say);
}

static void *serve(void *arg)
{
	struct small *s = arg;
	struct pollfd one = {.fd = s->fd, .events = POLLIN};
	while (!atomic_load(&s->ending)) {
		int fd = poll(&one, 1, 20) > 0 ? accept(s->fd, NULL, NULL) : -1;
		if (fd < 0)
			continue;
		atomic_fetch_add(&s->accepted, 1);
		answer(s, fd);
		close(fd);
	}
	return NULL;
}

static void small_start(struct small *s)
{
	// Of both families, so that every way to write the address ends here.
	struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
	socklen_t n = sizeof at;
	int off = 0;
	*s = (struct small){.fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	strcpy(s->say, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		       "Content-Length: 2\r\n\r\n{}");
	must(setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
	must(bind(s->fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(s->fd, 64) == 0);
	must(getsockname(s->fd, (struct sockaddr *)&at, &n) == 0);
	s->port = ntohs(at.sin6_port);
	s->thread = thread_start(serve, s);
}

static void small_stop(struct small *s)
{
	atomic_store(&s->ending, true);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

// --- the scene ---------------------------------------------------------------------------------------

struct scene {
	struct town town;
	struct ctx *ctx;
	struct egress *egress;
	struct small known, inner; // both allowed by the policy, only the first by egress_local
	struct egress_answer got;
};

static void choose(struct scene *s, const char *key, str value)
{
	for (struct option *o = s->town.options; o->key; o++)
		if (strcmp(o->key, key) == 0)
			o->value = value;
	assert_int_equal(policy_read(s->ctx, s->egress->mem, &s->egress->policy), OK);
}

static void set_scene(struct scene *s, void **state)
{
	*s = (struct scene){0};
	town_open(&s->town, *state);
	s->ctx = s->town.ctx;
	s->egress = s->ctx->house->egress;
	small_start(&s->known);
	small_start(&s->inner);
	choose(s, "egress",
		str_fmt(s->ctx->mem,
			"translate=http://127.0.0.1:%d,translate=http://127.0.0.1:%d,"
			"translate=http://localhost:%d,translate=http://[::1]:%d,"
			"translate=http://[::ffff:127.0.0.1]:%d",
			s->known.port, s->inner.port, s->inner.port, s->inner.port, s->inner.port));
	choose(s, "egress_local", str_fmt(s->ctx->mem, "127.0.0.1:%d", s->known.port));
}

static void end_scene(struct scene *s)
{
	small_stop(&s->known);
	small_stop(&s->inner);
	town_close(&s->town);
}

static err ask(struct scene *s, struct egress_request r)
{
	s->ctx->problem = (struct problem){0};
	s->got = (struct egress_answer){0};
	err code = egress_send(s->ctx, &r, &s->got);
	store_done(s->ctx);
	return code;
}

static str url_of(struct scene *s, const char *host, const struct small *at, const char *path)
{
	return str_fmt(s->ctx->mem, "http://%s:%d%s", host, at->port, path);
}

static err get(struct scene *s, const struct small *from, const char *path)
{
	return ask(s, (struct egress_request){.url = url_of(s, "127.0.0.1", from, path)});
}

static struct egress_row last_line(struct scene *s)
{
	struct egress_row *rows;
	ptrdiff_t n;
	assert_int_equal(egress_last(s->ctx, 1, &rows, &n), OK);
	store_done(s->ctx);
	assert_int_equal(n, 1);
	return rows[0];
}

static int64_t lines(struct scene *s)
{
	struct egress_row *rows;
	ptrdiff_t n;
	assert_int_equal(egress_last(s->ctx, 1000, &rows, &n), OK);
	store_done(s->ctx);
	return n;
}

static void says(struct small *s, const char *status, const char *headers)
{
	snprintf(s->say, sizeof s->say, "HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n", status,
		headers);
}

static void leads_to(struct scene *s, struct small *from, const char *host, const struct small *to)
{
	char header[200];
	snprintf(header, sizeof header, "Location: http://%s:%d/next\r\n", host, to->port);
	says(from, "302 Found", header);
	(void)s;
}

#define assert_str(got, want) assert_string_equal(str_z(s.ctx->mem, (got)), (want))

// --- tests -------------------------------------------------------------------------------------------

static void what_is_allowed_leaves_and_is_written_down(void **state)
{
	struct scene s;
	set_scene(&s, state);
	struct egress_header key = {S("Authorization"), S("Key deep-secret")};
	struct egress_request r = {.method = EGRESS_POST,
		.url = url_of(&s, "127.0.0.1", &s.known, "/say?path=hidden"),
		.headers = &key,
		.n_headers = 1,
		.body = S("a text of somebody")};
	assert_int_equal(ask(&s, r), OK);
	assert_int_equal(s.got.status, 200);
	assert_str(s.got.body, "{}");
	assert_str(s.got.type, "application/json");
	assert_non_null(strstr(s.known.heard, "POST /say?path=hidden HTTP/1.1\r\n"));
	assert_non_null(strstr(s.known.heard, "Authorization: Key deep-secret\r\n"));
	assert_non_null(strstr(s.known.heard, "User-Agent: Qiao/"));
	assert_non_null(strstr(s.known.heard, "\r\n\r\na text of somebody"));
	struct egress_row line = last_line(&s);
	assert_str(line.purpose, "translate");
	assert_str(line.host, str_z(s.ctx->mem, str_fmt(s.ctx->mem, "127.0.0.1:%d", s.known.port)));
	assert_str(line.result, "answered");
	assert_int_equal(line.status, 200);
	assert_int_equal(line.sent, strlen(s.known.heard));
	assert_int_equal(line.received, strlen(s.known.say));
	assert_true(id_time(line.id) > clock_now() - MS_MINUTE);
	end_scene(&s);
}

static void what_is_not_allowed_opens_no_socket(void **state)
{
	struct scene s;
	set_scene(&s, state);
	struct egress_request r = {
		.purpose = EGRESS_PUSH, .url = url_of(&s, "127.0.0.1", &s.known, "/say")};
	assert_int_equal(ask(&s, r), ERR_FORBIDDEN);
	assert_str(last_line(&s).result, "denied: not allowed");
	assert_int_equal(
		ask(&s, (struct egress_request){.url = S("ftp://127.0.0.1/")}), ERR_INVALID);
	assert_str(last_line(&s).result, "denied: malformed");
	struct egress_header bad[] = {{S("X"), S("a\r\nHost: b")}, {S("Host"), S("b")},
		{S("content-length"), S("1")}, {S("X y"), S("b")}, {S(""), S("b")}};
	for (int i = 0; i < COUNT(bad); i++) {
		r = (struct egress_request){.url = url_of(&s, "127.0.0.1", &s.known, "/say"),
			.headers = &bad[i],
			.n_headers = 1};
		assert_int_equal(ask(&s, r), ERR_INVALID);
	}
	assert_int_equal(atomic_load(&s.known.accepted), 0);
	end_scene(&s);
}

static void no_way_to_write_it_leads_to_this_machine(void **state)
{
	static const char *const names[] = {"127.0.0.1", "127.1", "0x7f000001", "2130706433",
		"0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"};
	struct scene s;
	set_scene(&s, state);
	for (int i = 0; i < COUNT(names); i++) {
		struct egress_request r = {.url = url_of(&s, names[i], &s.inner, "/say")};
		assert_int_equal(ask(&s, r), ERR_FORBIDDEN);
		assert_str(last_line(&s).result, "denied: address");
	}
	assert_int_equal(atomic_load(&s.inner.accepted), 0);
	end_scene(&s);
}

static void a_redirect_is_judged_anew(void **state)
{
	struct scene s;
	set_scene(&s, state);
	leads_to(&s, &s.known, "127.0.0.1", &s.inner);
	assert_int_equal(get(&s, &s.known, "/say"), ERR_FORBIDDEN);
	assert_str(last_line(&s).result, "denied: address");
	leads_to(&s, &s.known, "127.0.0.2", &s.inner);
	assert_int_equal(get(&s, &s.known, "/say"), ERR_FORBIDDEN);
	assert_str(last_line(&s).result, "denied: not allowed");
	says(&s.known, "302 Found", "Location: file:///etc/passwd\r\n");
	assert_int_equal(get(&s, &s.known, "/say"), ERR_INVALID);
	assert_int_equal(atomic_load(&s.inner.accepted), 0);
	// A POST is not sent to anybody else, nor twice.
	leads_to(&s, &s.known, "127.0.0.1", &s.known);
	int before = atomic_load(&s.known.accepted);
	struct egress_request r = {.method = EGRESS_POST,
		.url = url_of(&s, "127.0.0.1", &s.known, "/say"),
		.body = S("text")};
	assert_int_equal(ask(&s, r), OK);
	assert_int_equal(s.got.status, 302);
	assert_int_equal(atomic_load(&s.known.accepted), before + 1);
	// In a circle it ends.
	assert_int_equal(get(&s, &s.known, "/say"), ERR_UNAVAILABLE);
	assert_int_equal(atomic_load(&s.known.accepted), before + 5);
	end_scene(&s);
}

static void a_redirect_takes_no_key_to_another_origin(void **state)
{
	struct scene s;
	set_scene(&s, state);
	choose(&s, "egress_local",
		str_fmt(s.ctx->mem, "127.0.0.1:%d,127.0.0.1:%d", s.known.port, s.inner.port));
	leads_to(&s, &s.known, "127.0.0.1", &s.inner);
	struct egress_header key = {S("Authorization"), S("Key deep-secret")};
	struct egress_request r = {
		.url = url_of(&s, "127.0.0.1", &s.known, "/say"), .headers = &key, .n_headers = 1};
	assert_int_equal(ask(&s, r), OK);
	assert_non_null(strstr(s.known.heard, "deep-secret"));
	assert_non_null(strstr(s.inner.heard, "GET /next "));
	assert_null(strstr(s.inner.heard, "deep-secret"));
	assert_int_equal(lines(&s), 2);
	end_scene(&s);
}

// Also after a test that failed: the next ones would ask a proxy that is gone.
static int forget_proxies(void **state)
{
	(void)state;
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("no_proxy");
	return 0;
}

static void the_environments_proxy_is_not_asked(void **state)
{
	struct scene s;
	set_scene(&s, state);
	char proxy[64];
	snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", s.inner.port);
	setenv("http_proxy", proxy, 1);
	setenv("all_proxy", proxy, 1);
	assert_int_equal(get(&s, &s.known, "/say"), OK);
	assert_int_equal(atomic_load(&s.inner.accepted), 0);
	end_scene(&s);
}

static void the_hosts_proxy_is_asked_for_public_names_alone(void **state)
{
	struct scene s;
	set_scene(&s, state);
	choose(&s, "egress",
		S("translate=http://api.example.com,translate=http://127.0.0.1,"
		  "translate=http://db"));
	choose(&s, "egress_proxy", str_fmt(s.ctx->mem, "http://127.0.0.1:%d", s.inner.port));
	setenv("no_proxy", "api.example.com", 1);
	assert_int_equal(
		ask(&s, (struct egress_request){.url = S("http://api.example.com/v1")}), OK);
	assert_non_null(strstr(s.inner.heard, "GET http://api.example.com/v1 "));
	assert_int_equal(
		ask(&s, (struct egress_request){.url = S("http://127.1/")}), ERR_FORBIDDEN);
	assert_int_equal(ask(&s, (struct egress_request){.url = S("http://db/")}), ERR_FORBIDDEN);
	assert_int_equal(atomic_load(&s.inner.accepted), 1);
	end_scene(&s);
}

static void what_does_not_end_is_ended(void **state)
{
	static const struct {
		const char *path;
		err want;
		const char *result;
	} all[] = {{"/endless", ERR_TOO_LARGE, "failed: too large"},
		{"/drip", ERR_TIMEOUT, "failed: timeout"},
		{"/hang", ERR_TIMEOUT, "failed: timeout"},
		{"/headers", ERR_TOO_LARGE, "failed: too large"}};
	struct scene s;
	set_scene(&s, state);
	for (int i = 0; i < COUNT(all); i++) {
		ms began = clock_steady();
		pause_worked(s.egress->pauses, str_fmt(s.ctx->mem, "127.0.0.1:%d", s.known.port));
		struct egress_request r = {.url = url_of(&s, "127.0.0.1", &s.known, all[i].path),
			.bytes = 10000,
			.time = all[i].want == ERR_TIMEOUT ? 400 : 3000};
		assert_int_equal(ask(&s, r), all[i].want);
		assert_str(last_line(&s).result, all[i].result);
		assert_true(last_line(&s).received < (4 << 20));
		assert_true(clock_steady() - began < 8 * MS_SECOND);
		assert_null(s.got.body.p);
	}
	// The caller's own deadline counts, too; the line is written all the same.
	s.ctx->deadline = clock_steady() + 300;
	assert_int_equal(
		ask(&s, (struct egress_request){.url = url_of(&s, "127.0.0.1", &s.known, "/hang")}),
		ERR_TIMEOUT);
	s.ctx->deadline = 0;
	assert_int_equal(lines(&s), COUNT(all) + 1);
	end_scene(&s);
}

static void a_server_that_ends_asks_nobody(void **state)
{
	struct scene s;
	set_scene(&s, state);
	ms began = clock_steady();
	atomic_store(&s.egress->end_by, began + 200);
	assert_int_equal(
		ask(&s, (struct egress_request){.url = url_of(&s, "127.0.0.1", &s.known, "/hang")}),
		ERR_UNAVAILABLE);
	assert_true(clock_steady() - began < 5 * MS_SECOND);
	assert_str(last_line(&s).result, "failed: shutdown");
	assert_int_equal(get(&s, &s.known, "/say"), ERR_UNAVAILABLE);
	assert_int_equal(atomic_load(&s.known.accepted), 1);
	end_scene(&s);
}

static void a_host_that_fails_is_left_alone(void **state)
{
	struct scene s;
	set_scene(&s, state);
	says(&s.known, "500 No", "");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(get(&s, &s.known, "/say"), OK);
		assert_int_equal(s.got.status, 500);
	}
	assert_int_equal(get(&s, &s.known, "/say"), ERR_TOO_MANY);
	assert_int_equal(atomic_load(&s.known.accepted), 3);
	assert_int_equal(lines(&s), 3);
	s.ctx->now = clock_now();
	ms until = egress_paused_until(s.ctx, url_of(&s, "127.0.0.1", &s.known, "/"));
	assert_true(until > s.ctx->now + 50 * MS_SECOND && until <= s.ctx->now + MS_MINUTE);
	end_scene(&s);
	set_scene(&s, state);
	says(&s.known, "429 Slow down", "Retry-After: 300\r\n");
	assert_int_equal(get(&s, &s.known, "/say"), OK);
	assert_int_equal(s.got.retry_after, 300 * MS_SECOND);
	assert_int_equal(get(&s, &s.known, "/say"), ERR_TOO_MANY);
	assert_int_equal(atomic_load(&s.known.accepted), 1);
	// That a caller was wrong is not the host's failure.
	says(&s.inner, "404 No", "");
	choose(&s, "egress_local", str_fmt(s.ctx->mem, "127.0.0.1:%d", s.inner.port));
	for (int i = 0; i < 5; i++)
		assert_int_equal(get(&s, &s.inner, "/say"), OK);
	end_scene(&s);
}

// A server that speaks TLS with a certificate it made itself.
static pid_t start_tls(struct arena *mem, const char *dir, int port)
{
	str key = str_fmt(mem, "%s/tls.pem", dir);
	const char *const make[] = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
		"ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-addext",
		"subjectAltName=IP:127.0.0.1", "-keyout", str_z(mem, key), "-out",
		str_z(mem, str_fmt(mem, "%s/crt.pem", dir)), NULL};
	const char *const run[] = {"openssl", "s_server", "-quiet", "-www", "-accept",
		str_z(mem, str_fmt(mem, "127.0.0.1:%d", port)), "-key", str_z(mem, key), "-cert",
		str_z(mem, str_fmt(mem, "%s/crt.pem", dir)), NULL};
	posix_spawn_file_actions_t quiet;
	pid_t pid;
	int status;
	must(posix_spawn_file_actions_init(&quiet) == 0);
	must(posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0) == 0);
	must(posix_spawnp(&pid, "openssl", &quiet, NULL, (char *const *)make, environ) == 0);
	must(waitpid(pid, &status, 0) == pid && status == 0);
	must(posix_spawnp(&pid, "openssl", &quiet, NULL, (char *const *)run, environ) == 0);
	posix_spawn_file_actions_destroy(&quiet);
	return pid;
}

static void await_port(int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	bool listens = false;
	for (ms until = clock_steady() + 10 * MS_SECOND; !listens && clock_steady() < until;
		nap(20000)) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		listens = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
		close(fd);
	}
	must(listens);
}

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
	struct scene s;
	set_scene(&s, state);
	struct small gone;
	small_start(&gone); // for its number
	small_stop(&gone);
	pid_t pid = start_tls(s.ctx->mem, s.town.world->dir, gone.port);
	await_port(gone.port);
	choose(&s, "egress", str_fmt(s.ctx->mem, "translate=https://127.0.0.1:%d", gone.port));
	choose(&s, "egress_local", str_fmt(s.ctx->mem, "127.0.0.1:%d", gone.port));
	struct egress_request r = {.url = str_fmt(s.ctx->mem, "https://127.0.0.1:%d/", gone.port)};
	assert_int_equal(ask(&s, r), ERR_UNAVAILABLE);
	assert_str(last_line(&s).result, "failed: certificate");
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	end_scene(&s);
}

static void lines_are_kept_for_ninety_days(void **state)
{
	struct scene s;
	set_scene(&s, state);
	assert_int_equal(get(&s, &s.known, "/say"), OK);
	ms now = clock_now();
	s.ctx->now = now + 90 * MS_DAY - MS_MINUTE;
	assert_int_equal(ledger_prune(s.ctx), OK);
	assert_int_equal(lines(&s), 1);
	s.ctx->now = now + 90 * MS_DAY + MS_MINUTE;
	assert_int_equal(ledger_prune(s.ctx), OK);
	assert_int_equal(lines(&s), 0);
	s.ctx->now = now;
	end_scene(&s);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_allowed_leaves_and_is_written_down),
		cmocka_unit_test(what_is_not_allowed_opens_no_socket),
		cmocka_unit_test(no_way_to_write_it_leads_to_this_machine),
		cmocka_unit_test(a_redirect_is_judged_anew),
		cmocka_unit_test(a_redirect_takes_no_key_to_another_origin),
		cmocka_unit_test_teardown(the_environments_proxy_is_not_asked, forget_proxies),
		cmocka_unit_test_teardown(
			the_hosts_proxy_is_asked_for_public_names_alone, forget_proxies),
		cmocka_unit_test(what_does_not_end_is_ended),
		cmocka_unit_test(a_server_that_ends_asks_nobody),
		cmocka_unit_test(a_host_that_fails_is_left_alone),
		cmocka_unit_test(a_certificate_that_nobody_vouches_for_is_refused),
		cmocka_unit_test(lines_are_kept_for_ninety_days),
	};
	return run_on_both(tests);
}
