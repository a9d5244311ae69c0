// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The uppermost room: one server on a data directory, its address, what all rooms answer on it, and the
// timer. qiao serve opens the house, waits for a signal and closes it; a second signal ends it at once.
#include "app/app.h"
#include "app/aside.h"

#include "accounts/accounts.h"
#include "community/community.h"
#include "crypto/crypto.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "store/store.h"
#include "web/web.h"
#include "app/operations.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STOP_WITHIN (20 * MS_SECOND)
#define TICK (5 * MS_SECOND)

struct serving {
	struct house *house;
	str url;
	bool somebody; // has an account
	int lock_fd;
	struct lock lock; // guards ending
	struct waker waker;
	bool ending;
	pthread_t timer;
};

// Two servers on one data directory would each believe they are alone.
static err lock_data(struct ctx *ctx, int *fd)
{
	str data = option_text(ctx->house, "data");
	str path = str_fmt(ctx->mem, "%.*s/lock", STR_ARGS(data));
	*fd = open(str_z(ctx->mem, path), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (*fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return OK;
	return fail_fmt(ctx, ERR_CONFLICT, "%.*s: %s", STR_ARGS(path),
		errno == EWOULDBLOCK ? "another qiao serves from this directory" : strerror(errno));
}

static str last_part(str s, char sep)
{
	for (ptrdiff_t i = s.n - 1; i >= 0; i--)
		if (s.p[i] == sep)
			return str_skip(s, i + 1);
	return s;
}

// The public address is in every link that ever left the house: it is set once.
static err public_url(struct ctx *ctx, str *out)
{
	str wanted = option_text(ctx->house, "url"), known = {0};
	while (str_ends(wanted, S("/")))
		wanted.n--;
	if (wanted.n && !str_starts(wanted, S("https://")) && !str_starts(wanted, S("http://")))
		return fail_fmt(ctx, ERR_INVALID, "--url must begin with https:// or http://");
	err found = wanted.n ? setting_first(ctx, S("url"), wanted, &known)
			     : setting_read(ctx, S("url"), &known);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	if (wanted.n && !str_eq(known, wanted))
		return fail_fmt(ctx, ERR_CONFLICT,
			"this community's address is %.*s and cannot become %.*s: links, apps and "
			"other servers know it",
			STR_ARGS(known), STR_ARGS(wanted));
	str port = last_part(option_text(ctx->house, "listen"), ':');
	*out = known.n ? known : str_fmt(ctx->mem, "http://localhost:%.*s", STR_ARGS(port));
	return OK;
}

// One of the community, whichever of its processes starts first.
static err server_secret(struct ctx *ctx, uint8_t out[32])
{
	uint8_t fresh[32];
	str kept, bytes;
	crypto_random(fresh, sizeof fresh);
	TRY(setting_first(ctx, S("secret"), base64url(ctx->mem, fresh, sizeof fresh), &kept));
	if (!base64url_decode(ctx->mem, kept, &bytes) || bytes.n != sizeof fresh)
		return ERR_INVALID;
	memcpy(out, bytes.p, sizeof fresh);
	return OK;
}

static void tell_waiting(job_id id, err result, void *arg)
{
	(void)result;
	http_job_ended(arg, id);
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

// What requests bring lies in the data directory for a moment, wherever media are kept.
static str receiving(struct ctx *ctx)
{
	str dir = str_fmt(ctx->mem, "%.*s/upload", STR_ARGS(option_text(ctx->house, "data")));
	mkdir(str_z(ctx->mem, dir), 0750); // http says so when it is not there
	return dir;
}

static err open_http(struct ctx *ctx, struct serving *s)
{
	const struct house *house = ctx->house;
	char why[HTTP_WHY] = "";
	str *proxies;
	struct http_config config = {
		.listen = option_text(house, "listen"),
		.assets = web_assets,
		.n_assets = web_assets_n,
		.house = ctx->house,
		.temporary = receiving(ctx),
		.disk = house->disk,
		.session_cookie = SESSION_COOKIE,
		.reads_wait = store_is_postgres(house->store),
		.rate_limits = option_on(house, "rate_limits"),
		.partial_raw_is_kept = true,
		.log_requests = option_on(house, "log_requests"),
		.slow = option_number(house, "slow_ms"),
		.limits = {.listeners = (int)option_number(house, "listeners"),
			.workers = (int)option_number(house, "workers")},
		.finish = store_done,
	};
	config.n_trusted_proxies =
		split_list(ctx->mem, option_text(house, "trusted_proxies"), &proxies);
	config.trusted_proxies = proxies;
	config.tables = house_routes(ctx->mem, &config.n_tables);
	TRY(public_url(ctx, &config.url));
	TRY(server_secret(ctx, config.secret));
	s->url = config.url;
	if (http_open(&config, &ctx->house->http, why) == OK)
		return OK;
	return fail_fmt(
		ctx, ERR_CONFLICT, "cannot listen on %.*s: %s", STR_ARGS(config.listen), why);
}

static void stop(struct ctx *ctx)
{
	struct serving *s = ctx->house->app->serving;
	if (ctx->house->http)
		http_free(ctx->house->http);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	mem_free(s);
	ctx->house->http = NULL;
	ctx->house->app->serving = NULL;
}

static err open_all(struct ctx *ctx, struct serving *s)
{
	TRY(lock_data(ctx, &s->lock_fd));
	aside_sweep(ctx->mem, option_text(ctx->house, "data"));
	TRY(accounts_any(ctx, &s->somebody));
	TRY(open_http(ctx, s));
	jobs_on_end(ctx->house->jobs, tell_waiting, ctx->house->http);
	return OK;
}

static err start(struct ctx *ctx)
{
	struct serving *s = mem_new(1, (ptrdiff_t)sizeof *s);
	*s = (struct serving){.house = ctx->house, .lock_fd = -1};
	lock_init(&s->lock);
	waker_init(&s->waker);
	ctx->house->app->serving = s;
	err opened = open_all(ctx, s);
	store_done(ctx);
	if (opened != OK)
		stop(ctx);
	return opened;
}

// The timer: what a passing moment asks for.
static void *watch(void *arg)
{
	struct serving *s = arg;
	struct ctx ctx = {.mem = arena_new(1024), .house = s->house};
	thread_is(THREAD_TIMER, "timer");
	lock_take(&s->lock);
	while (!s->ending) {
		waker_wait_until(&s->waker, &s->lock, clock_steady() + TICK);
		lock_release(&s->lock);
		ctx.now = clock_now();
		for (const struct room *const *room = house_rooms; *room; room++)
			if ((*room)->tick)
				(*room)->tick(&ctx);
		store_done(&ctx);
		arena_reset(ctx.mem);
		lock_take(&s->lock);
	}
	lock_release(&s->lock);
	arena_free(ctx.mem);
	return NULL;
}

static void tick(struct ctx *ctx)
{
	aside_sweep(ctx->mem, option_text(ctx->house, "data"));
}

// One line where it is, as others reach it too; and, as long as nobody has an account, how to begin.
static void say_where(const struct serving *s, int port)
{
	bool local = str_starts(s->url, S("http://localhost:"));
	printf("Serving on http://localhost:%d", port);
	if (!local)
		printf(" as %.*s", STR_ARGS(s->url));
	printf("\n");
	if (!s->somebody)
		printf("Nobody has an account yet. Make the first, your own: "
		       "qiao account create NAME --role admin\n");
	fflush(stdout);
}

static err run(struct ctx *ctx)
{
	struct serving *s = ctx->house->app->serving;
	TRY(http_serve(ctx->house->http));
	s->timer = thread_start(watch, s);
	say_where(s, http_port(ctx->house->http));
	log_event(LOG_INFO, "serving", LOG_STR("url", s->url),
		LOG_INT("port", http_port(ctx->house->http)),
		LOG_STR("database",
			store_is_postgres(ctx->house->store) ? S("postgresql") : S("sqlite")));
	return OK;
}

static bool halt(struct ctx *ctx)
{
	struct serving *s = ctx->house->app->serving;
	http_drain(ctx->house->http, option_number(ctx->house, "drain") * MS_SECOND);
	bool clean = http_stop(ctx->house->http, STOP_WITHIN);
	lock_take(&s->lock);
	s->ending = true;
	waker_one(&s->waker);
	lock_release(&s->lock);
	pthread_join(s->timer, NULL);
	return clean;
}

// clang-format off
static const struct option_row options[] = {
	{.key = "listen", .operand = "ADDRESS:PORT", .help = "where to listen", .fallback = "127.0.0.1:8080"},
	{.key = "url", .operand = "URL", .help = "public address, set once (default: http://localhost:PORT)", .fallback = ""},
	{.key = "trusted_proxies", .operand = "LIST", .help = "addresses or networks whose X-Forwarded-For counts", .fallback = ""},
	{.key = "listeners", .operand = "N", .help = "listener threads (0: one per core)", .fallback = "0",
		.kind = KIND_NUMBER, .most = 64},
	{.key = "workers", .operand = "N", .help = "worker threads, started when needed", .fallback = "16",
		.kind = KIND_NUMBER, .least = 1, .most = 256},
	{.key = "drain", .operand = "SECONDS", .help = "before it ends, serve on and let /healthz say so", .fallback = "0",
		.kind = KIND_NUMBER, .most = 300},
	{.key = "log", .operand = "human|json", .help = "form of the log lines", .fallback = "human",
		.kind = KIND_CHOICE, .choices = "human json"},
	{.key = "log_level", .operand = "LEVEL", .help = "debug, info, warn or error", .fallback = "info",
		.kind = KIND_CHOICE, .choices = "debug info warn error"},
	{.key = "log_requests", .operand = "on|off", .help = "a log line for every request", .fallback = "off",
		.kind = KIND_SWITCH},
	{.key = "slow_ms", .operand = "N", .help = "requests slower than this are logged", .fallback = "500",
		.kind = KIND_NUMBER, .least = 1, .most = 600000},
	{.key = "metrics_token", .operand = "TOKEN", .help = "bearer token for /metrics from elsewhere than this machine",
		.fallback = "", .secret = true},
	{0},
};
// clang-format on

const struct room app_room = {.name = "app",
	.options = options,
	.commands = app_commands,
	.routes = operations_routes,
	.extent = OPEN_SERVER,
	.start = start,
	.run = run,
	.tick = tick,
	.halt = halt,
	.stop = stop,
	.examine = app_examine};

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

static void setup_log(const struct house *house)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	enum log_level level = LOG_INFO;
	for (int i = 0; i < COUNT(names); i++)
		if (str_eq(option_text(house, "log_level"), str_from(names[i])))
			level = (enum log_level)i;
	log_setup(str_eq(option_text(house, "log"), S("json")) ? LOG_JSON : LOG_HUMAN, level);
}

err command_serve(struct ctx *ctx, int argc, char **argv)
{
	struct app *app = ctx->house->app;
	sigset_t signals;
	(void)argv;
	if (argc > 1)
		return ERR_BAD_REQUEST;
	setup_log(&app->house);
	// Blocked before any thread starts, so that only sigwait gets them.
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	TRY(app_open(app, OPEN_SERVER));
	wait_for_signal(&signals);
	bool clean = app_close(app);
	log_event(LOG_INFO, "stopped");
	return clean ? OK : fail_fmt(ctx, ERR_TIMEOUT, "what ran did not end in time");
}
