// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: the feeds of the server.
#include "feed/private.h"

#define BOUND_LEAST (1 << 20)

static err start(struct ctx *ctx)
{
	str path = str_fmt(ctx->mem, "%.*s/feed", STR_ARGS(option_text(ctx->house, "data")));
	int64_t bound = option_size(ctx->house, "feed_memory");
	return feed_open(ctx, path, MAX(bound, BOUND_LEAST), &ctx->house->feed);
}

static err run(struct ctx *ctx)
{
	feed_run(ctx->house->feed);
	return OK;
}

static bool halt(struct ctx *ctx)
{
	feed_halt(ctx->house->feed);
	return true;
}

static void stop(struct ctx *ctx)
{
	feed_free(ctx->house->feed);
	ctx->house->feed = NULL;
}

static void metrics(struct ctx *ctx, struct sb *sb)
{
	struct feed *f = ctx->house->feed;
	rwlock_read(&f->world);
	int64_t bytes = world_bytes(f);
	rwlock_read_done(&f->world);
	sb_fmt(sb, "# TYPE feed_ready gauge\nfeed_ready %d\n", feed_ready(f));
	sb_fmt(sb, "# TYPE feed_memory_bytes gauge\nfeed_memory_bytes %lld\n", (long long)bytes);
}

// clang-format off
static const struct option_row options[] = {
	{.key = "feed_memory", .operand = "SIZE", .kind = KIND_SIZE, .fallback = "256M",
		.help = "memory for what the feeds know: the newest notes and the most loved; at least 1M"},
	{0},
};
// clang-format on

const struct room feed_room = {.name = "feed",
	.options = options,
	.extent = OPEN_SERVER,
	.start = start,
	.run = run,
	.halt = halt,
	.stop = stop,
	.metrics = metrics};
