// SPDX-License-Identifier: AGPL-3.0-or-later
//
// /healthz (the database answers) and /metrics (Prometheus text, for this machine or with a token).
#include "app/operations.h"

#include "crypto/crypto.h"
#include "store/store.h"
#include "web/web.h"

#include <stdio.h>
#include <unistd.h>

#define PATIENCE (2 * MS_SECOND)

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

// As long as the database answers and it is not about to end it serves, whatever else is said: whoever takes it out of service for a
// warning would make reading impossible as well.
static err healthz(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct sb sb = sb_new(ctx->mem, 200);
	err alive = within_patience(ctx, ping, NULL);
	bool ending = http_is_draining(ctx->house->http), well = alive == OK && !ending;
	sb_add(&sb, ending        ? S("draining\n")
		    : alive == OK ? S("ok\n")
				  : S("unavailable: the database does not answer\n"));
	for (const struct room *const *room = house_rooms; *room; room++)
		if ((*room)->health)
			(*room)->health(ctx, &sb);
	if (!well)
		answer_header(req, "Retry-After", S("5"));
	answer_text(req, well ? 200 : 503, sb_str(&sb));
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

// What a room reads from the database for it ends with the patience, too.
static err all_metrics(struct ctx *ctx, void *sb)
{
	for (const struct room *const *room = house_rooms; *room; room++)
		if ((*room)->metrics)
			(*room)->metrics(ctx, sb);
	return store_ping(ctx);
}

static err metrics(struct request *req)
{
	str token = option_text(req->ctx->house, "metrics_token");
	bool known = token.n && crypto_str_equal(req_bearer(req), token);
	if (!known && !req_is_loopback(req))
		return ERR_NOT_FOUND;
	struct sb sb = sb_new(req->ctx->mem, 8 << 10);
	http_metrics(req->ctx->house->http, &sb);
	memory(&sb);
	bool up = within_patience(req->ctx, all_metrics, &sb) == OK;
	sb_fmt(&sb, "# TYPE database_up gauge\ndatabase_up %d\n", up);
	answer_as(req, 200, S("text/plain; version=0.0.4"), sb_str(&sb));
	return OK;
}

static const struct route routes[] = {
	{.name = "healthz",
		.method = GET,
		.path = "/healthz",
		.handler = healthz,
		.run = RUN_WATCH,
		.cost = -1},
	{.name = "metrics",
		.method = GET,
		.path = "/metrics",
		.handler = metrics,
		.run = RUN_WATCH,
		.cost = -1},
	{0},
};

const struct route_table operations_routes[] = {{&web_group, routes}, {0}};
