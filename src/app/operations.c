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

static struct app *the_app;
static struct http **the_http;

static err healthz(struct request *req)
{
	struct disk *disk = req->ctx->house->disk;
	TRY(store_ping(req->ctx));
	enum disk_state state = disk_state(disk);
	// It serves: whoever takes it out of service for this would make reading impossible as well.
	answer_text(req, 200,
		state == DISK_OK
			? S("ok\n")
			: str_fmt(req->ctx->mem,
				  "ok\nwarning: disk %s: %lld MB free, reserve %lld MB\n",
				  disk_state_name(state), (long long)(disk_free(disk) >> 20),
				  (long long)(disk_reserve(disk) >> 20)));
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

static err queue(struct ctx *ctx, struct sb *sb)
{
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
	TRY(queue(req->ctx, &sb));
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
