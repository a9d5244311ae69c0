// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: the queue, and its runners in a server.
#include "jobs/inside.h"

#define BY_THEMSELVES (5 * MS_SECOND) // jobs that run may end so
#define WHEN_CUT (20 * MS_SECOND)     // and then so

static err start(struct ctx *ctx)
{
	ctx->house->jobs = jobs_new(ctx->house->store);
	return OK;
}

static err run(struct ctx *ctx)
{
	jobs_start(ctx->house->jobs, ctx->house, (int)option_number(ctx->house, "runners"));
	return OK;
}

static bool halt(struct ctx *ctx)
{
	struct jobs *jobs = ctx->house->jobs;
	if (jobs_stop(jobs, clock_steady() + BY_THEMSELVES))
		return true;
	jobs_cut(jobs);
	return jobs_stop(jobs, clock_steady() + WHEN_CUT);
}

static void stop(struct ctx *ctx)
{
	jobs_free(ctx->house->jobs);
	ctx->house->jobs = NULL;
}

static void metrics(struct ctx *ctx, struct sb *sb)
{
	struct job_count *counts;
	ptrdiff_t n;
	if (jobs_counts(ctx, &counts, &n) != OK)
		return;
	sb_lit(sb, "# TYPE jobs_waiting gauge\n");
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(sb, "jobs_waiting{kind=\"%.*s\"} %lld\n", STR_ARGS(counts[i].kind),
			(long long)counts[i].waiting);
	sb_lit(sb, "# TYPE jobs_given_up gauge\n");
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(sb, "jobs_given_up{kind=\"%.*s\"} %lld\n", STR_ARGS(counts[i].kind),
			(long long)counts[i].given_up);
}

static const struct option_row options[] = {
	{.key = "runners",
		.operand = "N",
		.help = "job runner threads; one is kept free of pictures",
		.fallback = "4",
		.kind = KIND_NUMBER,
		.least = 1,
		.most = RUNNERS_MOST},
	{0},
};

const struct room jobs_room = {.name = "jobs",
	.options = options,
	.commands = jobs_commands,
	.extent = OPEN_ROOMS,
	.start = start,
	.run = run,
	.halt = halt,
	.stop = stop,
	.metrics = metrics};
