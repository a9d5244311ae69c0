// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao jobs: what is to be done, and what was given up once more.
#include "jobs/inside.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MOST 1000

static void print_job(const struct job_info *j)
{
	char due[TIME_ISO_SIZE];
	time_iso(j->state == JOB_DONE ? j->done_at : j->run_at, due);
	printf("%lld  %-20.*s %s  attempts %d%s%s%.*s\n", (long long)j->id.v, STR_ARGS(j->kind),
		due, j->attempts, j->running ? "  running" : "", j->last_error.n ? "  " : "",
		STR_ARGS(j->last_error));
}

static err retry(struct ctx *ctx, const char *text)
{
	int64_t id;
	if (!id_parse(str_from(text), &id))
		return ERR_BAD_REQUEST;
	err found = jobs_retry(ctx, (job_id){id});
	return found == ERR_NOT_FOUND ? fail_fmt(ctx, found, "no job %s was given up", text)
				      : found;
}

static err list(struct ctx *ctx, const char *which)
{
	static const char *const names[] = {
		[JOB_WAITING] = "waiting", [JOB_DONE] = "done", [JOB_GIVEN_UP] = "failed"};
	struct job_info *jobs;
	ptrdiff_t n;
	int state = 0;
	while (state < COUNT(names) && strcmp(names[state], which) != 0)
		state++;
	if (state == COUNT(names))
		return ERR_BAD_REQUEST;
	TRY(jobs_list(ctx, (enum job_state)state, SHOWN_MOST, &jobs, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		print_job(&jobs[i]);
	return OK;
}

static err run(struct ctx *ctx, int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "retry") == 0)
		return retry(ctx, argv[2]);
	if (argc > 2)
		return ERR_BAD_REQUEST;
	return list(ctx, argc == 2 ? argv[1] : "waiting");
}

const struct command jobs_commands[] = {
	{"jobs", "[waiting|done|failed] | retry ID", "list what is to be done", NULL, OPEN_STORE,
		run},
	{0},
};
