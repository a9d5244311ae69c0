// SPDX-License-Identifier: AGPL-3.0-or-later
//
// /healthz (the database answers) and /metrics (Prometheus text, for this machine or with a token).
// Both belong to the process, hence the one pointer kept here: handlers have only the request.
#include "app/operations.h"

#include "crypto/crypto.h"
#include "disk/disk.h"
#include "feed/feed.h"
#include "jobs/jobs.h"
#include "store/store.h"
#include "web/web.h"

#include <stdio.h>
#include <unistd.h>

#define PATIENCE (2 * MS_SECOND)

static struct app *the_app;
static struct http **the_http;

// Whoever asks how it is must hear it also when the database does not say anything.
static err within_patience(struct ctx *ctx, err (*ask)(struct ctx *, void *arg), void *arg)
{
	ms deadline = ctx->deadline, patience = clock_steady() + PATIENCE;
	ctx->deadline = deadline ? MIN(deadline, patience) : patience;
	err result = ask(ctx, arg);
	ctx->deadline = deadline;
	return result;
}

static err ping(struct ctx *ctx, void *arg)
{
	(void)arg;
	return store_ping(ctx);
}

static void warn_of_disk(struct disk *disk, struct sb *sb)
{
	enum disk_state state = disk_state(disk);
	if (state != DISK_OK)
		sb_fmt(sb, "warning: disk %s: %lld MB free, reserve %lld MB\n",
			disk_state_name(state), (long long)(disk_free(disk) >> 20),
			(long long)(disk_reserve(disk) >> 20));
}

// As long as the database answers it serves, whatever else is said: whoever takes it out of service for a
// warning would make reading impossible as well.
static err healthz(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct sb sb = sb_new(ctx->mem, 200);
	err alive = within_patience(ctx, ping, NULL);
	if (alive != OK && thread_kind() == THREAD_LISTENER)
		return alive; // once more, in a worker
	sb_add(&sb, alive == OK ? S("ok\n") : S("unavailable: the database does not answer\n"));
	warn_of_disk(ctx->house->disk, &sb);
	if (!store_is_heard(ctx->house->store))
		sb_fmt(&sb,
			"warning: what other processes changed was last known %lld s ago; nothing "
			"is "
			"shown from memory\n",
			(long long)(store_unheard(ctx->house->store) / MS_SECOND));
	if (alive != OK)
		answer_header(req, "Retry-After", S("5"));
	answer_text(req, alive == OK ? 200 : 503, sb_str(&sb));
	return OK;
}

static void memory(struct sb *sb)
{
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (f && fscanf(f, "%ld %ld", &pages, &resident) == 2)
		sb_fmt(sb,
			"# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes "
			"%ld\n",
			resident * sysconf(_SC_PAGESIZE));
	if (f)
		fclose(f);
}

static void room(struct disk *disk, struct sb *sb)
{
	sb_fmt(sb,
		"# TYPE disk_free_bytes gauge\ndisk_free_bytes %lld\n"
		"# TYPE disk_reserve_bytes gauge\ndisk_reserve_bytes %lld\n"
		"# TYPE uploads_claimed_bytes gauge\nuploads_claimed_bytes %lld\n",
		(long long)disk_free(disk), (long long)disk_reserve(disk),
		(long long)disk_claimed(disk));
}

static void changes(struct store *store, struct sb *sb)
{
	sb_fmt(sb,
		"# TYPE changes_unheard_seconds gauge\nchanges_unheard_seconds %.3f\n"
		"# TYPE changes_delay_seconds gauge\nchanges_delay_seconds %.3f\n",
		(double)store_unheard(store) / 1000, (double)store_delay(store) / 1000);
}

static err queue(struct ctx *ctx, void *arg)
{
	struct sb *sb = arg;
	struct job_count *counts;
	ptrdiff_t n;
	TRY(jobs_counts(ctx, &counts, &n));
	sb_lit(sb, "# TYPE jobs_waiting gauge\n");
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(sb, "jobs_waiting{kind=\"%.*s\"} %lld\n", STR_ARGS(counts[i].kind),
			(long long)counts[i].waiting);
	sb_lit(sb, "# TYPE jobs_given_up gauge\n");
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(sb, "jobs_given_up{kind=\"%.*s\"} %lld\n", STR_ARGS(counts[i].kind),
			(long long)counts[i].given_up);
	return OK;
}

static err metrics(struct request *req)
{
	str token = config_text(&the_app->config, OPT_METRICS_TOKEN);
	bool known = token.n && crypto_str_equal(req_bearer(req), token);
	if (!known && !req_is_loopback(req))
		return ERR_NOT_FOUND;
	struct sb sb = sb_new(req->ctx->mem, 8 << 10);
	http_metrics(*the_http, &sb);
	memory(&sb);
	room(req->ctx->house->disk, &sb);
	sb_fmt(&sb, "# TYPE feed_ready gauge\nfeed_ready %d\n", feed_ready(req->ctx->house->feed));
	changes(req->ctx->house->store, &sb);
	bool up = within_patience(req->ctx, queue, &sb) == OK;
	sb_fmt(&sb, "# TYPE database_up gauge\ndatabase_up %d\n", up);
	answer_as(req, 200, S("text/plain; version=0.0.4"), sb_str(&sb));
	return OK;
}

static const struct route routes[] = {
	{.name = "healthz",
		.method = GET,
		.path = "/healthz",
		.handler = healthz,
		.run = RUN_READ,
		.cost = -1},
	{.name = "metrics",
		.method = GET,
		.path = "/metrics",
		.handler = metrics,
		.run = RUN_WAIT,
		.cost = -1},
	{0},
};

const struct route_table *operations_routes(struct app *app, struct http **http, ptrdiff_t *n)
{
	LIST(struct route_table) all = {0};
	the_app = app;
	the_http = http;
	list_push(app->mem, &all, (struct route_table){&web_group, routes});
	for (const struct route_table *table = web_tables; table->group; table++)
		list_push(app->mem, &all, *table);
	*n = all.n;
	return all.at;
}
