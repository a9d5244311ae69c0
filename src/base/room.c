// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Up and down a list of rooms.
#include "base/base.h"

#include <stdio.h>

static bool is_opened(const struct ctx *ctx, const struct room *room)
{
	return room->extent <= ctx->house->extent;
}

static err start(struct ctx *ctx, struct rooms *rooms)
{
	for (const struct room *room; (room = rooms->list[rooms->started]); rooms->started++)
		if (is_opened(ctx, room) && room->start)
			TRY(room->start(ctx));
	return OK;
}

static err run(struct ctx *ctx, struct rooms *rooms)
{
	for (const struct room *room; (room = rooms->list[rooms->running]); rooms->running++)
		if (is_opened(ctx, room) && room->run)
			TRY(room->run(ctx));
	return OK;
}

static void stop(struct ctx *ctx, struct rooms *rooms)
{
	while (rooms->started) {
		const struct room *room = rooms->list[--rooms->started];
		if (is_opened(ctx, room) && room->stop)
			room->stop(ctx);
	}
	ctx->house->extent = OPEN_NOTHING;
}

static void halt(struct ctx *ctx, struct rooms *rooms)
{
	while (rooms->running) {
		const struct room *room = rooms->list[--rooms->running];
		if (is_opened(ctx, room) && room->halt)
			rooms->stuck |= !room->halt(ctx);
	}
}

// What the room said to the operator; of what said nothing at least which it was.
static err failed(struct ctx *ctx, const struct room *room, err code)
{
	bool told = ctx->problem.text.n && !ctx->problem.word;
	return told ? code : fail_fmt(ctx, code, "%s cannot start: %s", room->name, err_name(code));
}

static err up(struct ctx *ctx, struct rooms *rooms)
{
	err code = start(ctx, rooms);
	if (code != OK)
		return failed(ctx, rooms->list[rooms->started], code);
	code = ctx->house->extent == OPEN_SERVER ? run(ctx, rooms) : OK;
	return code == OK ? OK : failed(ctx, rooms->list[rooms->running], code);
}

err rooms_up(struct ctx *ctx, struct rooms *rooms, enum extent extent)
{
	must(ctx->house->extent == OPEN_NOTHING && !rooms->started && !rooms->running);
	if (extent == OPEN_NOTHING)
		return OK;
	ctx->house->extent = extent;
	ctx->problem = (struct problem){0};
	err code = up(ctx, rooms);
	struct problem told = ctx->problem;
	if (code != OK) {
		bool ended = rooms_down(ctx, rooms);
		(void)ended; // rooms->stuck says so
		ctx->problem = told;
	}
	return code;
}

bool rooms_down(struct ctx *ctx, struct rooms *rooms)
{
	halt(ctx, rooms);
	if (!rooms->stuck)
		stop(ctx, rooms);
	return !rooms->stuck;
}

void doctor_say(struct doctor *doctor, bool ok, const char *what, str text, const char *advice)
{
	printf("%-8s %-14s %.*s\n", ok ? "ok" : "MEND", what, STR_ARGS(text));
	if (!ok)
		printf("%24s%s\n", "", advice);
	doctor->faults += !ok;
}
