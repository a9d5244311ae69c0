// SPDX-License-Identifier: AGPL-3.0-or-later
#include "shown/private.h"

static err start(struct ctx *ctx)
{
	struct shown *s = mem_new(1, (ptrdiff_t)sizeof *s);
	s->texts = texts_new(ctx->house->store);
	s->numbers = numbers_new(ctx->house->store);
	ctx->house->shown = s;
	return OK;
}

static void stop(struct ctx *ctx)
{
	memo_free(ctx->house->shown->texts);
	memo_free(ctx->house->shown->numbers);
	mem_free(ctx->house->shown);
	ctx->house->shown = NULL;
}

const struct room shown_room = {
	.name = "shown", .extent = OPEN_ROOMS, .start = start, .stop = stop};
