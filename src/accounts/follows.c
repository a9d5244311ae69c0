// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who follows whom. The counters of both sides move in the transaction of the row itself.
#include "accounts/private.h"

#include "base/scan.h"
#include "permit/permit.h"
#include "store/store.h"
#include "words/words.h"

static const struct act following = {
	.name = "follow", .burst = 60, .per_hour = 300, .least = ROLE_MEMBER};

static err count(struct ctx *ctx, account_id followed, int by)
{
	account_id follower = ctx->viewer.account;
	// In the order of ids: two who follow each other at once must not wait for each other.
	if (follower.v < followed.v)
		TRY(following_count(ctx, follower, by));
	TRY(followers_count(ctx, followed, by));
	if (follower.v > followed.v)
		TRY(following_count(ctx, follower, by));
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
	change_add(ctx, &follow_begun, whom.v, ctx->viewer.account.v, 0);
	return count(ctx, whom, 1);
}

err follow_add(struct ctx *ctx, account_id whom)
{
	if (whom.v == ctx->viewer.account.v)
		return fail(ctx, ERR_INVALID, NULL, W_account_follow_self);
	return permit_write(ctx, &following, add, &whom);
}

static err take_away(struct ctx *ctx, void *arg)
{
	account_id whom = *(account_id *)arg;
	account_id me = ctx->viewer.account;
	int64_t counted, others = 0;
	TRY(follow_delete(ctx, me, whom, true, &counted));
	if (!counted)
		TRY(follow_delete(ctx, me, whom, false, &others));
	if (counted || others)
		change_add(ctx, &follow_ended, whom.v, me.v, 0);
	return counted ? count(ctx, whom, -1) : OK;
}

err follow_remove(struct ctx *ctx, account_id whom)
{
	return permit_write(ctx, &following, take_away, &whom);
}

err follows_among(struct ctx *ctx, const account_id *ids, ptrdiff_t n, bool *out)
{
	account_id *followed;
	ptrdiff_t n_followed = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = false;
	if (!ctx->viewer.account.v || !n)
		return OK;
	TRY(follows_of(ctx, ctx->viewer.account, ids, n, &followed, &n_followed));
	for (ptrdiff_t f = 0; f < n_followed; f++)
		for (ptrdiff_t i = 0; i < n; i++)
			out[i] |= ids[i].v == followed[f].v;
	return OK;
}

err followers_among(struct ctx *ctx, const account_id *ids, ptrdiff_t n, bool *out)
{
	account_id *followers;
	ptrdiff_t n_followers = 0;
	struct map found = {0};
	uint64_t ignored;
	if (ctx->viewer.account.v && n)
		TRY(followers_of(ctx, ctx->viewer.account, ids, n, &followers, &n_followers));
	for (ptrdiff_t f = 0; f < n_followers; f++)
		map_put(&found, (uint64_t)followers[f].v, 1);
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = map_get(&found, (uint64_t)ids[i].v, &ignored);
	map_free(&found);
	return OK;
}

err relation_with(struct ctx *ctx, account_id whom, struct relation *out)
{
	account_id *ids;
	struct relation r = {0};
	ptrdiff_t n;
	if (ctx->viewer.account.v) {
		TRY(follows_among(ctx, &whom, 1, &r.following));
		TRY(follows_of(ctx, whom, &ctx->viewer.account, 1, &ids, &n));
		r.followed_by = n > 0;
	}
	*out = r;
	return OK;
}

static err page(struct ctx *ctx, account_id of, account_id after, bool followers, int limit,
	struct person_page *out)
{
	struct scan scan = scan_begin(limit, SCAN_OPEN);
	LIST(account_id) kept = {0};
	struct person *people;
	account_id *read;
	ptrdiff_t n_read;
	while (scan_goes_on(&scan, kept.n)) {
		TRY((followers ? followers_after : following_after)(
			ctx, of, after, scan.next, &read, &n_read));
		people = NEW_N(ctx->mem, struct person, n_read);
		scan_read(&scan, n_read);
		TRY(people_by_ids(ctx, read, n_read, people));
		for (ptrdiff_t i = 0; i < n_read; i++)
			if (people[i].id.v && people[i].standing == STANDING_GOOD)
				list_push(ctx->mem, &kept, read[i]);
		if (n_read)
			after = read[n_read - 1];
	}
	ptrdiff_t n = MIN(kept.n, limit);
	*out = (struct person_page){.ids = kept.at, .n = n, .more = kept.n > limit};
	if (n)
		out->next = kept.at[n - 1];
	return OK;
}

err followers_page(
	struct ctx *ctx, account_id whom, account_id after, int limit, struct person_page *out)
{
	return page(ctx, whom, after, true, limit, out);
}

err following_page(
	struct ctx *ctx, account_id who, account_id after, int limit, struct person_page *out)
{
	return page(ctx, who, after, false, limit, out);
}

err following_all(struct ctx *ctx, account_id who, account_id **out, ptrdiff_t *n)
{
	return follows_all(ctx, who, out, n);
}
