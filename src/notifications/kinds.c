// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Kinds of notification that other rooms bring: what makes them still so is asked of their room, once for
// all lines of a kind that are read together. A page without such lines costs nothing for it.
#include "notifications/private.h"

#include "jobs/jobs.h"
#include "store/store.h"

static const struct told_kind *kind_of(struct ctx *ctx, int64_t number)
{
	const struct notifications *n = ctx->house->notifications;
	for (int i = 0; i < n->n_kinds; i++)
		if (n->kinds[i]->number == number)
			return n->kinds[i];
	return NULL;
}

// --- still so -----------------------------------------------------------------------------------

static err judge_kind(struct ctx *ctx, const struct told_kind *kind, struct told_line *lines,
	ptrdiff_t n, bool *there)
{
	struct told_thing *things = NEW_N(ctx->mem, struct told_thing, n);
	ptrdiff_t *at = NEW_N(ctx->mem, ptrdiff_t, n), n_things = 0;
	bool *so = NEW_N(ctx->mem, bool, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		if (lines[i].kind != kind->number || !there[i])
			continue;
		at[n_things] = i;
		things[n_things++] =
			(struct told_thing){ctx->viewer.account, lines[i].actor, lines[i].thing.v};
	}
	if (!n_things || !kind->still_true)
		return OK;
	TRY(kind->still_true(ctx, things, n_things, so));
	for (ptrdiff_t i = 0; i < n_things; i++)
		there[at[i]] = lines[at[i]].so = so[i];
	return OK;
}

bool told_is_known(struct ctx *ctx, int64_t kind)
{
	return kind < TOLD_BY_ROOMS || kind_of(ctx, kind);
}

err told_judge_rooms(struct ctx *ctx, struct told_line *lines, ptrdiff_t n, bool *there)
{
	const struct notifications *known = ctx->house->notifications;
	for (int k = 0; k < known->n_kinds; k++)
		TRY(judge_kind(ctx, known->kinds[k], lines, n, there));
	for (ptrdiff_t i = 0; i < n; i++)
		if (!told_is_known(ctx, lines[i].kind))
			there[i] = lines[i].so = false;
	return OK;
}

// --- telling ------------------------------------------------------------------------------------

err notifications_tell(
	struct ctx *ctx, const struct told_kind *kind, const struct told_thing *what, str once)
{
	const struct notification_row row = {.account = what->reader,
		.kind = kind->number,
		.actor = what->actor,
		.thing = {what->thing, what->thing != 0}};
	return told_tell(ctx, &row, once);
}

static err find_of_thing(
	struct ctx *ctx, int64_t thing, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	return told_of_thing(ctx, thing, most, rows, n);
}

err notifications_forget(struct ctx *ctx, int64_t thing)
{
	return told_forget(ctx, find_of_thing, thing);
}

// --- there again --------------------------------------------------------------------------------

static err find_aside(
	struct ctx *ctx, int64_t thing, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	return aside_of_thing(ctx, thing, most, rows, n);
}

static err on_back(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return told_bring_back(ctx, find_aside, job->subject);
}

// What stands aside may be so again: it comes back, and is judged as all are.
static err on_thing(struct ctx *ctx, const struct change *c, void *arg)
{
	struct told_row *rows;
	ptrdiff_t n;
	(void)arg;
	TRY(aside_of_thing(ctx, c->subject, 1, &rows, &n));
	if (!n)
		return OK;
	const struct job_new job = {.kind = S("notify.back-thing"),
		.subject = c->subject,
		.unique = str_fmt(ctx->mem, "notify.back-thing %lld", (long long)c->subject)};
	return jobs_add(ctx, &job, NULL);
}

void notifications_register(struct ctx *ctx, const struct told_kind *kind)
{
	struct notifications *n = ctx->house->notifications;
	if (!n)
		return;
	must(kind->number >= TOLD_BY_ROOMS && !kind_of(ctx, kind->number));
	must(n->n_kinds < ROOMS_KINDS_MOST);
	n->kinds[n->n_kinds++] = kind;
	for (struct change_kind *const *until = kind->until; until && *until; until++) {
		memo_follow(n->counts, *until, MEMO_SUBJECT);
		store_within(ctx->house->store, *until, on_thing, NULL);
	}
}

void kinds_start(struct ctx *ctx)
{
	jobs_register(ctx->house->jobs, S("notify.back-thing"), on_back, NULL, NULL);
}
