// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Roles, standing, and token buckets in memory: one bucket for each (account, act) and each key of
// an attempt. A bucket that is full again is the same as none, so old ones are simply dropped.
#include "permit/attempts.h"
#include "permit/permit.sql.h"

#include "disk/disk.h"
#include "words/words.h"

const struct act act_edit = {.name = "edit", .burst = 60, .per_hour = 300, .least = ROLE_MEMBER};
const struct act act_administer = {
	.name = "administer", .burst = 200, .per_hour = 2000, .least = ROLE_ADMIN, .always = true};

#define BUCKETS_MOST 100000

struct bucket {
	double level; // acts that may still be done
	ms at;
};

struct permit {
	bool rate_limits;
	struct lock lock;      // guards buckets
	struct strmap buckets; // guarded by lock
	struct attempts *attempts;
};

struct permit *permit_new(bool rate_limits)
{
	struct permit *p = mem_new(1, (ptrdiff_t)sizeof *p);
	p->rate_limits = rate_limits;
	p->attempts = attempts_new();
	lock_init(&p->lock);
	return p;
}

struct attempts *permit_attempts(struct permit *p)
{
	return p->rate_limits ? p->attempts : NULL;
}

// Too many keys at once is an attack on memory: forget all, which only forgives.
static void forget_all(struct permit *p) REQUIRES_LOCK(p->lock)
{
	ptrdiff_t at = 0;
	str key;
	void *value;
	while (strmap_next(&p->buckets, &at, &key, &value))
		mem_free(value);
	strmap_free(&p->buckets);
}

void permit_free(struct permit *p)
{
	lock_take(&p->lock);
	forget_all(p);
	lock_release(&p->lock);
	attempts_free(p->attempts);
	mem_free(p);
}

// Takes one from the bucket; returns how long to wait when it is empty, 0 when it was taken.
static ms take(struct permit *p, str key, ms now, double burst, double per_ms)
{
	lock_take(&p->lock);
	if (p->buckets.n > BUCKETS_MOST)
		forget_all(p);
	struct bucket *b = strmap_get(&p->buckets, key);
	if (!b) {
		b = mem_new(1, (ptrdiff_t)sizeof *b);
		*b = (struct bucket){burst, now};
		strmap_put(&p->buckets, key, b);
	}
	b->level = MIN(burst, b->level + (double)MAX(now - b->at, 0) * per_ms);
	b->at = now;
	ms wait = 0;
	if (b->level >= 1)
		b->level -= 1;
	else
		wait = (ms)((1 - b->level) / per_ms) + 1;
	lock_release(&p->lock);
	return wait;
}

static err limited(struct ctx *ctx, str key, double burst, double per_ms)
{
	struct permit *p = ctx->house->permit;
	if (!p || !p->rate_limits)
		return OK;
	ms wait = take(p, key, ctx->now, burst, per_ms);
	if (!wait)
		return OK;
	return fail_n(ctx, ERR_TOO_MANY, NULL, W_error_wait_seconds, (wait + 999) / 1000);
}

// A session in memory may not know yet what another process did to the account a moment ago.
static err judge_now(struct ctx *ctx, enum role least)
{
	struct permit_rank_row now;
	err found = permit_rank(ctx, ctx->viewer.account, &now);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	if (found == ERR_NOT_FOUND || now.standing != 0)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_account_limited);
	if (now.role < (int64_t)least)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	return OK;
}

err permit_disk(struct ctx *ctx)
{
	if (disk_state(ctx->house->disk) != DISK_FULL)
		return OK;
	return fail(ctx, ERR_FULL, NULL, W_error_disk_full);
}

// What the session says.
static err judge_viewer(struct ctx *ctx, enum role least)
{
	const struct viewer *v = &ctx->viewer;
	if (!v->account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	if (v->limited)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_account_limited);
	if (v->role < least)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	return OK;
}

err permit_role(struct ctx *ctx, enum role least)
{
	TRY(judge_viewer(ctx, least));
	return judge_now(ctx, least);
}

// Room, and how often.
static err count_act(struct ctx *ctx, const struct act *act)
{
	if (!act->always)
		TRY(permit_disk(ctx));
	str key = str_fmt(ctx->mem, "%s %lld", act->name, (long long)ctx->viewer.account.v);
	return limited(ctx, key, act->burst, act->per_hour / (double)MS_HOUR);
}

err permit_act(struct ctx *ctx, const struct act *act)
{
	TRY(permit_role(ctx, act->least));
	return count_act(ctx, act);
}

struct permitted {
	enum role least;
	store_body body;
	void *arg;
};

static err write_if_permitted(struct ctx *ctx, void *arg)
{
	const struct permitted *p = arg;
	TRY(judge_now(ctx, p->least));
	return p->body(ctx, p->arg);
}

err permit_write(struct ctx *ctx, const struct act *act, store_body body, void *arg)
{
	struct permitted p = {act->least, body, arg};
	TRY(judge_viewer(ctx, p.least));
	TRY(count_act(ctx, act));
	return store_write_committed(ctx, write_if_permitted, &p);
}

err permit_try(struct ctx *ctx, str key, int most, ms within)
{
	return limited(ctx, key, most, most / (double)within);
}

static err start(struct ctx *ctx)
{
	ctx->house->permit = permit_new(option_on(ctx->house, "rate_limits"));
	return OK;
}

static void stop(struct ctx *ctx)
{
	permit_free(ctx->house->permit);
	ctx->house->permit = NULL;
}

static const struct option_row options[] = {
	{.key = "rate_limits",
		.operand = "on|off",
		.help = "limits per address and account",
		.fallback = "on",
		.kind = KIND_SWITCH},
	{0},
};

const struct room permit_room = {
	.name = "permit", .options = options, .extent = OPEN_SERVER, .start = start, .stop = stop};
