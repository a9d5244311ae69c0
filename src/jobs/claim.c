// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Finding the job that comes next and claiming it. Each action of somebody leaves a job, so this is most
// of what an action costs afterwards: the database only gives what stands in front, in the order of time,
// which nearly always is all that is due; what of it may begin is decided here. Only of a crowd the turn is
// asked of the database, and only when all in front of that wait for something is it told what may begin.
#include "jobs/inside.h"
#include "jobs/jobs.sql.h"

#include <stdlib.h>
#include <sys/random.h>

#define FRONT 8

int64_t jobs_random(void)
{
	int64_t random;
	must(getrandom(&random, sizeof random, 0) == sizeof random);
	return random & INT64_MAX;
}

static int by_turn(const void *a, const void *b)
{
	const struct job_place *x = a, *y = b;
	if (x->turn != y->turn)
		return x->turn < y->turn ? -1 : 1;
	if (x->run_at != y->run_at)
		return x->run_at < y->run_at ? -1 : 1;
	return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

// Its kind, when it may begin.
static struct kind *may_begin(const struct claim *c, const struct job_place *place)
{
	if (place->turn >= c->below)
		return NULL;
	for (ptrdiff_t i = 0; i < c->n_full; i++)
		if (c->full[i].v == place->account.v)
			return NULL;
	for (int i = 0; i < c->n_kinds; i++)
		if (str_eq(c->kinds[i]->name, place->kind))
			return c->kinds[i];
	return NULL;
}

struct claiming {
	struct claim *claim;
	const struct job_place *places;
	ptrdiff_t n;
};

static err claim_place(struct ctx *ctx, struct claim *c, job_id id)
{
	if (store_is_postgres(ctx->house->store))
		return job_claim_unless_busy(ctx, id, ctx->now, c->lease, c->until, &c->row);
	return job_claim(ctx, id, ctx->now, c->lease, c->until, &c->row);
}

static err claim(struct ctx *ctx, void *arg)
{
	const struct claiming *of = arg;
	struct claim *c = of->claim;
	err code = ERR_NOT_FOUND;
	for (ptrdiff_t i = 0; i < of->n && code == ERR_NOT_FOUND; i++) {
		c->kind = may_begin(c, &of->places[i]);
		if (!c->kind)
			continue;
		c->lease = jobs_random() | 1;
		c->until = ctx->now + c->kind->policy.lease;
		code = claim_place(ctx, c, of->places[i].id);
	}
	return code;
}

// The first that may begin and that no other process has by now, which the statement itself asks. What is added
// meanwhile comes next.
static err claim_first(
	struct ctx *ctx, struct claim *c, const struct job_place *places, ptrdiff_t n)
{
	struct claiming of = {c, places, n};
	for (ptrdiff_t i = 0; i < n; i++)
		if (may_begin(c, &places[i]))
			return store_write_committed(ctx, claim, &of);
	return ERR_NOT_FOUND;
}

static err claim_behind(struct ctx *ctx, struct claim *c)
{
	str names[KINDS_MOST];
	struct job_place *places;
	ptrdiff_t n;
	for (int i = 0; i < c->n_kinds; i++)
		names[i] = c->kinds[i]->name;
	TRY(job_behind(ctx, names, c->n_kinds, c->full, c->n_full, c->below, ctx->now, FRONT,
		&places, &n));
	err code = claim_first(ctx, c, places, n);
	if (code == ERR_NOT_FOUND && n) // others were faster: there may be more
		c->next = ctx->now;
	return code;
}

static err claim_in_crowd(struct ctx *ctx, struct claim *c)
{
	struct job_next_due_row later = {0};
	struct job_place *places;
	ptrdiff_t n;
	TRY(job_front(ctx, ctx->now, FRONT, &places, &n));
	err code = claim_first(ctx, c, places, n);
	if (code == ERR_NOT_FOUND && n == FRONT)
		code = claim_behind(ctx, c);
	if (code != ERR_NOT_FOUND || c->next)
		return code;
	code = job_next_due(ctx, ctx->now, &later);
	c->next = later.due;
	return code == OK ? ERR_NOT_FOUND : code;
}

err jobs_claim(struct ctx *ctx, struct claim *c)
{
	struct job_place *places;
	ptrdiff_t n, due = 0;
	c->next = 0;
	c->others = true;
	TRY(job_earliest(ctx, FRONT, &places, &n));
	while (due < n && places[due].run_at <= ctx->now)
		due++;
	if (due == FRONT)
		return claim_in_crowd(ctx, c);
	c->next = due < n ? places[due].run_at : 0;
	qsort(places, (size_t)due, sizeof *places, by_turn);
	err code = claim_first(ctx, c, places, due);
	c->others = due > (code == OK);
	return code;
}
