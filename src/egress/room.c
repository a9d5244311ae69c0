// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: the policy, the pauses, the timer's turn. When the server ends, requests under way have as long as
// jobs have to end by themselves.
#include "egress/inside.h"

#include "jobs/jobs.h"

#define ENDS_WITHIN (4 * MS_SECOND)
#define PRUNED_EVERY MS_DAY

static err prune(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)job, (void)arg;
	return ledger_prune(ctx);
}

static err open_policy(struct ctx *ctx, struct egress *e)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fail_fmt(ctx, ERR_INTERNAL, "libcurl does not start");
	err read = policy_read(ctx, e->mem, &e->policy);
	if (read != OK)
		curl_global_cleanup();
	return read;
}

static err start(struct ctx *ctx)
{
	struct egress *e = mem_new(1, (ptrdiff_t)sizeof *e);
	e->mem = arena_new(1024);
	err opened = open_policy(ctx, e);
	if (opened != OK) {
		arena_free(e->mem);
		mem_free(e);
		return opened;
	}
	e->pauses = pauses_new();
	ctx->house->egress = e;
	jobs_register(ctx->house->jobs, S("egress.prune"), prune, NULL, NULL);
	return OK;
}

static void tick(struct ctx *ctx)
{
	struct egress *e = ctx->house->egress;
	job_id waiting;
	if (ctx->now < e->next_prune)
		return;
	err found = jobs_waiting(ctx, S("egress.prune"), &waiting);
	struct job_new job = {.kind = S("egress.prune"), .unique = S("egress.prune")};
	if (found == ERR_NOT_FOUND)
		found = jobs_add(ctx, &job, NULL);
	e->next_prune = ctx->now + (found == OK ? PRUNED_EVERY : MS_MINUTE);
}

static bool halt(struct ctx *ctx)
{
	atomic_store(&ctx->house->egress->end_by, clock_steady() + ENDS_WITHIN);
	return true;
}

static void stop(struct ctx *ctx)
{
	struct egress *e = ctx->house->egress;
	pauses_free(e->pauses);
	arena_free(e->mem);
	mem_free(e);
	curl_global_cleanup();
	ctx->house->egress = NULL;
}

static str origins_of(struct arena *mem, const struct policy *policy, enum egress_purpose purpose)
{
	struct sb sb = sb_new(mem, 100);
	for (ptrdiff_t i = 0; i < policy->rules.n; i++) {
		const struct rule *rule = &policy->rules.at[i];
		if (rule->purpose != purpose)
			continue;
		sb_add(&sb, sb.n ? S(", ") : S(""));
		sb_add(&sb, str_eq(rule->origin, S("*")) ? S("any https") : rule->origin);
	}
	return sb_str(&sb);
}

static void examine(struct ctx *ctx, struct doctor *d)
{
	struct policy policy;
	if (policy_read(ctx, ctx->mem, &policy) != OK) {
		doctor_say(d, false, "egress", ctx->problem.text,
			"Mend the option; see docs/hosting.md.");
		return;
	}
	if (!policy.rules.n)
		doctor_say(d, true, "egress", S("nothing leaves for other servers"), "");
	for (int i = 0; i < EGRESS_PURPOSE_COUNT; i++) {
		str origins = origins_of(ctx->mem, &policy, (enum egress_purpose)i);
		if (origins.n)
			doctor_say(d, true, "egress",
				str_fmt(ctx->mem, "%s: %.*s",
					egress_purpose_name((enum egress_purpose)i),
					STR_ARGS(origins)),
				"");
	}
}

static const struct option_row options[] = {
	{.key = "egress",
		.operand = "PURPOSE=ORIGIN,…",
		.help = "what may be sent to which other servers (default: nothing)",
		.fallback = ""},
	{.key = "egress_local",
		.operand = "HOST:PORT,…",
		.help = "servers of this machine or a private network that may be asked",
		.fallback = ""},
	{.key = "egress_proxy",
		.operand = "URL",
		.help = "proxy through which other servers are asked",
		.fallback = "",
		.secret = true},
	{0},
};

const struct room egress_room = {.name = "egress",
	.options = options,
	.commands = egress_commands,
	.extent = OPEN_ROOMS,
	.start = start,
	.tick = tick,
	.halt = halt,
	.stop = stop,
	.examine = examine};
