// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who follows whom. The counters of both sides move in the transaction of the row itself.
#include "accounts/private.h"

#include "jobs/jobs.h"
#include "permit/permit.h"
#include "store/store.h"
#include "words/words.h"

static err count(struct ctx *ctx, account_id followed, int by)
{
	account_id follower = ctx->viewer.account;
	// In the order of ids: two who follow each other at once must not wait for each other.
	if (follower.v < followed.v)
		TRY(following_count(ctx, follower, by));
	TRY(followers_count(ctx, followed, by));
	if (follower.v > followed.v)
		TRY(following_count(ctx, follower, by));
	change_add(ctx, CHANGE_FOLLOW, followed.v, ctx->viewer.account.v, by > 0);
	return OK;
}

static err add(struct ctx *ctx, void *arg)
{
	account_id whom = *(account_id *)arg;
	struct account_row row;
	int64_t fresh;
	TRY(account_get(ctx, whom, &row));
	if (row.standing != STANDING_GOOD)
		return ERR_NOT_FOUND;
	TRY(follow_insert(ctx, ctx->viewer.account, whom, ctx->now, &fresh));
	if (!fresh)
		return OK;
	TRY(count(ctx, whom, 1));
	return jobs_add(ctx,
		&(struct job_new){.kind = S("notify.follow"),
			.subject = whom.v,
			.payload = str_fmt(ctx->mem, "%lld", (long long)ctx->viewer.account.v)},
		NULL);
}

err follow_add(struct ctx *ctx, account_id whom)
{
	TRY(permit_act(ctx, ACT_FOLLOW));
	if (whom.v == ctx->viewer.account.v)
		return fail(ctx, ERR_INVALID, NULL, W_account_follow_self);
	return store_write(ctx, add, &whom);
}

static err take_away(struct ctx *ctx, void *arg)
{
	account_id whom = *(account_id *)arg;
	int64_t gone;
	TRY(follow_delete(ctx, ctx->viewer.account, whom, &gone));
	return gone ? count(ctx, whom, -1) : OK;
}

err follow_remove(struct ctx *ctx, account_id whom)
{
	TRY(permit_act(ctx, ACT_FOLLOW));
	return store_write(ctx, take_away, &whom);
}

err follows_among(struct ctx *ctx, const account_id *ids, ptrdiff_t n, bool *out)
{
	struct follows_of_row *rows;
	ptrdiff_t n_rows = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = false;
	if (!ctx->viewer.account.v || !n)
		return OK;
	TRY(follows_of(ctx, ctx->viewer.account, ids, n, &rows, &n_rows));
	for (ptrdiff_t r = 0; r < n_rows; r++)
		for (ptrdiff_t i = 0; i < n; i++)
			out[i] |= ids[i].v == rows[r].id.v;
	return OK;
}

err relation_with(struct ctx *ctx, account_id whom, struct relation *out)
{
	struct follows_of_row *rows;
	struct relation r = {0};
	ptrdiff_t n;
	if (ctx->viewer.account.v) {
		TRY(follows_among(ctx, &whom, 1, &r.following));
		TRY(follows_of(ctx, whom, &ctx->viewer.account, 1, &rows, &n));
		r.followed_by = n > 0;
	}
	*out = r;
	return OK;
}

err followers_page(struct ctx *ctx, account_id whom, account_id after, int limit, account_id **out,
	ptrdiff_t *n)
{
	struct followers_after_row *rows;
	ptrdiff_t n_rows;
	TRY(followers_after(ctx, whom, after, limit, &rows, &n_rows));
	account_id *ids = NEW_N(ctx->mem, account_id, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		ids[i] = rows[i].id;
	*out = ids;
	*n = n_rows;
	return OK;
}

err following_page(struct ctx *ctx, account_id who, account_id after, int limit, account_id **out,
	ptrdiff_t *n)
{
	struct following_after_row *rows;
	ptrdiff_t n_rows;
	TRY(following_after(ctx, who, after, limit, &rows, &n_rows));
	account_id *ids = NEW_N(ctx->mem, account_id, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		ids[i] = rows[i].id;
	*out = ids;
	*n = n_rows;
	return OK;
}

err following_all(struct ctx *ctx, account_id who, account_id **out, ptrdiff_t *n)
{
	struct follows_all_row *rows;
	ptrdiff_t n_rows;
	TRY(follows_all(ctx, who, &rows, &n_rows));
	account_id *ids = NEW_N(ctx->mem, account_id, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		ids[i] = rows[i].id;
	*out = ids;
	*n = n_rows;
	return OK;
}
