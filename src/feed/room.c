// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: the feeds of the server.
#include "feed/private.h"

static err start(struct ctx *ctx)
{
	str path = str_fmt(ctx->mem, "%.*s/feed", STR_ARGS(option_text(ctx->house, "data")));
	return feed_open(ctx, path, &ctx->house->feed);
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
	sb_fmt(sb, "# TYPE feed_ready gauge\nfeed_ready %d\n", feed_ready(ctx->house->feed));
}

const struct room feed_room = {.name = "feed",
	.extent = OPEN_SERVER,
	.start = start,
	.run = run,
	.halt = halt,
	.stop = stop,
	.metrics = metrics};
