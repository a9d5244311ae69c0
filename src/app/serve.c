// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao serve: starts the rooms, the job runners and the listeners, waits for a signal, ends all in the
// opposite order. A second signal ends it at once.
#include "app/app.h"
#include "app/aside.h"

#include "accounts/accounts.h"
#include "community/community.h"
#include "crypto/crypto.h"
#include "disk/disk.h"
#include "feed/feed.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "media/media.h"
#include "notes/notes.h"
#include "permit/permit.h"
#include "store/store.h"
#include "web/web.h"
#include "app/operations.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define STOP_WITHIN (20 * MS_SECOND)
#define PICTURES_END (5 * MS_SECOND) // those at work may end by themselves

#define TICK (5 * MS_SECOND)

struct serving {
	struct app *app;
	struct http *http;
	int lock_fd;
	struct lock lock; // guards ending
	struct waker waker;
	bool ending;
	pthread_t timer;
	enum disk_state disk_was; // the timer's own
};

// Two servers on one data directory would each believe they are alone.
static err lock_data(struct serving *s)
{
	struct arena *mem = s->app->mem;
	str path = str_fmt(mem, "%.*s/lock", STR_ARGS(config_text(&s->app->config, OPT_DATA)));
	s->lock_fd = open(str_z(mem, path), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (s->lock_fd >= 0 && flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0) {
		aside_sweep(mem, config_text(&s->app->config, OPT_DATA));
		return OK;
	}
	complain("%.*s: %s", STR_ARGS(path),
		errno == EWOULDBLOCK ? "another qiao serves from this directory" : strerror(errno));
	return ERR_CONFLICT;
}

static str last_part(str s, char sep)
{
	for (ptrdiff_t i = s.n - 1; i >= 0; i--)
		if (s.p[i] == sep)
			return str_skip(s, i + 1);
	return s;
}

// The public address is in every link that ever left the house: it is set once.
static err public_url(struct serving *s, str *out)
{
	struct app *app = s->app;
	str wanted = config_text(&app->config, OPT_URL), known = {0};
	while (str_ends(wanted, S("/")))
		wanted.n--;
	if (wanted.n && !str_starts(wanted, S("https://")) && !str_starts(wanted, S("http://"))) {
		complain("--url must begin with https:// or http://");
		return ERR_INVALID;
	}
	err found = wanted.n ? setting_first(&app->ctx, S("url"), wanted, &known)
			     : setting_read(&app->ctx, S("url"), &known);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	if (wanted.n && !str_eq(known, wanted)) {
		complain("this community's address is %.*s and cannot become %.*s: links, apps and "
			 "other servers know it",
			STR_ARGS(known), STR_ARGS(wanted));
		return ERR_CONFLICT;
	}
	str port = last_part(config_text(&app->config, OPT_LISTEN), ':');
	*out = known.n ? known : str_fmt(app->mem, "http://localhost:%.*s", STR_ARGS(port));
	return OK;
}

// One of the community, whichever of its processes starts first.
static err server_secret(struct serving *s, uint8_t out[32])
{
	struct app *app = s->app;
	uint8_t fresh[32];
	str kept, bytes;
	crypto_random(fresh, sizeof fresh);
	TRY(setting_first(&app->ctx, S("secret"), base64url(app->mem, fresh, sizeof fresh), &kept));
	if (!base64url_decode(app->mem, kept, &bytes) || bytes.n != sizeof fresh)
		return ERR_INVALID;
	memcpy(out, bytes.p, sizeof fresh);
	return OK;
}

static void request_ends(struct ctx *ctx)
{
	store_done(ctx);
}

static void tell_waiting(job_id id, err result, void *arg)
{
	struct serving *s = arg;
	(void)result;
	if (s->http)
		http_job_ended(s->http, id);
}

static ptrdiff_t split_list(struct arena *mem, str list, str **out)
{
	LIST(str) parts = {0};
	while (list.p) {
		str part = str_trim(str_cut(&list, ','));
		if (part.n)
			list_push(mem, &parts, part);
	}
	*out = parts.at;
	return parts.n;
}

// One line where it is, as others reach it too; and, as long as nobody has an account, how to begin.
static void say_where(str url, int port, bool somebody)
{
	bool local = str_starts(url, S("http://localhost:"));
	printf("Serving on http://localhost:%d", port);
	if (!local)
		printf(" as %.*s", STR_ARGS(url));
	printf("\n");
	if (!somebody)
		printf("Nobody has an account yet. Make the first, your own: "
		       "qiao account create NAME --role admin\n");
	fflush(stdout);
}

static err start_http(struct serving *s)
{
	struct app *app = s->app;
	const struct config *c = &app->config;
	char why[HTTP_WHY] = "";
	bool somebody;
	str *proxies;
	struct http_config config = {
		.listen = config_text(c, OPT_LISTEN),
		.assets = web_assets,
		.n_assets = web_assets_n,
		.house = &app->house,
		.temporary = str_fmt(app->mem, "%.*s/upload", STR_ARGS(config_text(c, OPT_DATA))),
		.disk = app->house.disk,
		.session_cookie = SESSION_COOKIE,
		.reads_wait = store_is_postgres(app->house.store),
		.rate_limits = config_on(c, OPT_RATE_LIMITS),
		.partial_raw_is_kept = true,
		.log_requests = config_on(c, OPT_LOG_REQUESTS),
		.slow = config_number(c, OPT_SLOW_MS),
		.limits = {.listeners = (int)config_number(c, OPT_LISTENERS),
			.workers = (int)config_number(c, OPT_WORKERS)},
		.finish = request_ends,
	};
	config.n_trusted_proxies =
		split_list(app->mem, config_text(c, OPT_TRUSTED_PROXIES), &proxies);
	config.trusted_proxies = proxies;
	config.tables = operations_routes(app, &s->http, &config.n_tables);
	TRY(public_url(s, &config.url));
	TRY(server_secret(s, config.secret));
	TRY(accounts_any(&app->ctx, &somebody));
	store_done(&app->ctx);
	err failed = http_start(&config, &s->http, why);
	if (failed != OK) {
		complain("cannot listen on %.*s: %s", STR_ARGS(config.listen), why);
		return failed;
	}
	say_where(config.url, http_port(s->http), somebody);
	log_event(LOG_INFO, "serving", LOG_STR("url", config.url),
		LOG_INT("port", http_port(s->http)),
		LOG_STR("database",
			store_is_postgres(app->house.store) ? S("postgresql") : S("sqlite")));
	return OK;
}

static void watch_disk(struct serving *s)
{
	struct disk *disk = s->app->house.disk;
	disk_tend(disk);
	enum disk_state now = disk_state(disk);
	if (now == s->disk_was)
		return;
	log_event(now == DISK_OK    ? LOG_INFO
		  : now == DISK_LOW ? LOG_WARN
				    : LOG_ERROR,
		now == DISK_OK    ? "the disk has room again"
		: now == DISK_LOW ? "the disk runs full: no more pictures are taken in"
				  : "the disk is full: nothing but deleting and moderating works",
		LOG_INT("free_mb", disk_free(disk) >> 20),
		LOG_INT("reserve_mb", disk_reserve(disk) >> 20));
	s->disk_was = now;
}

// The timer: what a passing moment asks for.
static void *tick(void *arg)
{
	struct serving *s = arg;
	thread_is(THREAD_TIMER, "timer");
	struct arena *mem = arena_new(1024);
	lock_take(&s->lock);
	while (!s->ending) {
		waker_wait_until(&s->waker, &s->lock, clock_steady() + TICK);
		lock_release(&s->lock);
		media_rest(&s->app->house);
		watch_disk(s);
		aside_sweep(mem, config_text(&s->app->config, OPT_DATA));
		arena_reset(mem);
		lock_take(&s->lock);
	}
	lock_release(&s->lock);
	arena_free(mem);
	return NULL;
}

static void end_timer(struct serving *s)
{
	lock_take(&s->lock);
	s->ending = true;
	waker_one(&s->waker);
	lock_release(&s->lock);
	pthread_join(s->timer, NULL);
}

static err start(struct serving *s)
{
	struct app *app = s->app;
	app->house.permit = permit_new(config_on(&app->config, OPT_RATE_LIMITS));
	TRY(lock_data(s));
	TRY(web_start(&app->ctx)); // before feed's thread: listeners first
	TRY(feed_start(&app->ctx,
		str_fmt(app->mem, "%.*s/feed", STR_ARGS(config_text(&app->config, OPT_DATA)))));
	jobs_on_end(app->house.jobs, tell_waiting, s);
	TRY(start_http(s));
	store_tail_start(&app->ctx, app->house.store);
	jobs_start(app->house.jobs, &app->house, (int)config_number(&app->config, OPT_RUNNERS));
	lock_init(&s->lock);
	waker_init(&s->waker);
	s->timer = thread_start(tick, s);
	return OK;
}

static void wait_for_signal(const sigset_t *signals)
{
	int got;
	while (sigwait(signals, &got) != 0)
		;
	log_event(LOG_INFO, "stopping", LOG_INT("signal", got));
	// From now on a signal ends the program at once.
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static bool stop(struct serving *s)
{
	struct house *house = &s->app->house;
	bool clean = http_stop(s->http, STOP_WITHIN);
	if (!jobs_stop(house->jobs, clock_steady() + PICTURES_END)) {
		media_end(house);
		clean &= jobs_stop(house->jobs, clock_steady() + STOP_WITHIN);
	}
	store_tail_stop(house->store);
	http_free(s->http); // until now jobs that ended, here and in other processes, spoke to it
	end_timer(s);
	feed_stop(house->feed);
	web_stop(house);
	notes_stop(house);
	media_stop(house);
	close(s->lock_fd);
	log_event(LOG_INFO, "stopped");
	return clean;
}

static void setup_log(const struct config *c)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	enum log_level level = LOG_INFO;
	for (int i = 0; i < COUNT(names); i++)
		if (str_eq(config_text(c, OPT_LOG_LEVEL), str_from(names[i])))
			level = (enum log_level)i;
	log_setup(str_eq(config_text(c, OPT_LOG), S("json")) ? LOG_JSON : LOG_HUMAN, level);
}

int command_serve(struct app *app, int argc, char **argv)
{
	struct serving s = {.app = app, .lock_fd = -1};
	sigset_t signals;
	if (argc > 1)
		return usage(command_find(argv[0]));
	setup_log(&app->config);
	app->serves = true;
	// Blocked before any thread starts, so that only sigwait gets them.
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (app_open(app, OPEN_ROOMS) != OK || start(&s) != OK) {
		// Threads may run already: end without tearing down what they use.
		fflush(stdout);
		_exit(EXIT_FAILED);
	}
	wait_for_signal(&signals);
	if (stop(&s))
		return EXIT_OK;
	_exit(EXIT_FAILED);
}
