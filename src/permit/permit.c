// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Roles, standing, room, and how often: what is counted is in memory (buckets.c, attempts.c), and told to the
// other processes on the database.
#include "permit/permit.sql.h"
#include "permit/private.h"

#include "crypto/crypto.h"
#include "disk/disk.h"
#include "words/words.h"

#include <string.h>

const struct act act_edit = {.name = "edit", .burst = 60, .per_hour = 300, .least = ROLE_MEMBER};
const struct act act_administer = {
	.name = "administer", .burst = 200, .per_hour = 2000, .least = ROLE_ADMIN, .always = true};

struct change_kind permit_counted = {.name = "permit.counted"};
struct change_kind permit_forgiven = {.name = "permit.forgiven"};

struct permit *permit_new(bool rate_limits)
{
	struct permit *p = mem_new(1, (ptrdiff_t)sizeof *p);
	p->rate_limits = rate_limits;
	p->acts = act_buckets_new();
	p->attempts = attempts_new();
	return p;
}

void permit_free(struct permit *p)
{
	act_buckets_free(p->acts);
	attempts_free(p->attempts);
	mem_free(p);
}

// The same in all processes, and nobody finds another name for a number.
uint64_t key_of(struct ctx *ctx, const char *kind, str one, str two)
{
	uint64_t key;
	struct digest digest =
		token_digest(str_fmt(ctx->mem, "%s %.*s %.*s", kind, STR_ARGS(one), STR_ARGS(two)));
	memcpy(&key, digest.b, sizeof key);
	return key ? key : 1;
}

bool is_shared(const struct ctx *ctx)
{
	const struct permit *p = ctx->house->permit;
	const struct store *store = ctx->house->store;
	return p && p->rate_limits && store && store_is_postgres(store);
}

void tell_counted(struct ctx *ctx, uint64_t key, enum counted what)
{
	change_add(ctx, &permit_counted, (int64_t)key, store_process(ctx->house->store),
		(int64_t)what);
}

static void on_counted(struct ctx *ctx, const struct change *c, void *arg)
{
	struct permit *p = arg;
	if (c->actor == store_process(ctx->house->store))
		return;
	if (c->extra == COUNTED_ACT)
		act_buckets_heard(p->acts, (uint64_t)c->subject, clock_now());
	else
		attempts_heard(
			p->attempts, (uint64_t)c->subject, (enum counted)c->extra, clock_now());
}

static void on_forgiven(struct ctx *ctx, const struct change *c, void *arg)
{
	struct permit *p = arg;
	if (c->actor != store_process(ctx->house->store))
		attempts_forgive(p->attempts, (uint64_t)c->subject, clock_now());
}

static err limited(struct ctx *ctx, uint64_t key, double burst, double per_ms)
{
	struct permit *p = ctx->house->permit;
	if (!p || !p->rate_limits)
		return OK;
	ms wait = act_buckets_take(p->acts, key, ctx->now, burst, per_ms);
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

static uint64_t key_of_act(struct ctx *ctx, const struct act *act)
{
	str who = str_fmt(ctx->mem, "%lld", (long long)ctx->viewer.account.v);
	return key_of(ctx, "act", str_from(act->name), who);
}

// Room, and how often.
static err count_act(struct ctx *ctx, const struct act *act)
{
	if (!act->always)
		TRY(permit_disk(ctx));
	return limited(ctx, key_of_act(ctx, act), act->burst, act->per_hour / (double)MS_HOUR);
}

err permit_act(struct ctx *ctx, const struct act *act)
{
	TRY(permit_role(ctx, act->least));
	return count_act(ctx, act);
}

struct permitted {
	const struct act *act;
	store_body body;
	void *arg;
	const bool *again; // NULL: each time is another
};

static bool is_again(const struct permitted *p)
{
	return p->again && *p->again;
}

static err write_if_permitted(struct ctx *ctx, void *arg)
{
	const struct permitted *p = arg;
	TRY(judge_now(ctx, p->act->least));
	TRY(p->body(ctx, p->arg));
	if (p->act->everywhere && is_shared(ctx) && !is_again(p))
		tell_counted(ctx, key_of_act(ctx, p->act), COUNTED_ACT);
	return OK;
}

err permit_write_once(
	struct ctx *ctx, const struct act *act, store_body body, void *arg, const bool *again)
{
	struct permitted p = {act, body, arg, again};
	TRY(judge_viewer(ctx, act->least));
	TRY(count_act(ctx, act));
	TRY(store_write_committed(ctx, write_if_permitted, &p));
	if (is_again(&p) && ctx->house->permit)
		act_buckets_give_back(ctx->house->permit->acts, key_of_act(ctx, act), ctx->now);
	return OK;
}

err permit_write(struct ctx *ctx, const struct act *act, store_body body, void *arg)
{
	return permit_write_once(ctx, act, body, arg, NULL);
}

static err tell_tried(struct ctx *ctx, void *arg)
{
	tell_counted(ctx, *(const uint64_t *)arg, COUNTED_ACT);
	return OK;
}

err permit_try(struct ctx *ctx, str name, int most, ms within)
{
	uint64_t key = key_of(ctx, "try", name, S(""));
	TRY(limited(ctx, key, most, most / (double)within));
	return is_shared(ctx) ? store_write_committed(ctx, tell_tried, &key) : OK;
}

static err start(struct ctx *ctx)
{
	ctx->house->permit = permit_new(option_on(ctx->house, "rate_limits"));
	store_on(ctx->house->store, &permit_counted, on_counted, ctx->house->permit);
	store_on(ctx->house->store, &permit_forgiven, on_forgiven, ctx->house->permit);
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
