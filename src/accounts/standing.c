// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What standing does to others' numbers: follows from and to somebody suspended are in none.
#include "accounts/private.h"

#include "store/store.h"

// Follows in one direction say `counted` from now on, and both sides' numbers follow.
static err turn(struct ctx *ctx, account_id id, const account_id *astray, ptrdiff_t n_astray,
	bool outward, bool counted)
{
	int64_t by = counted ? 1 : -1;
	account_id *others;
	ptrdiff_t n;
	if (!n_astray)
		return OK;
	TRY((outward ? following_turn : followers_turn)(
		ctx, id, astray, n_astray, counted, &others, &n));
	if (!n)
		return OK;
	if (outward) {
		TRY(following_count(ctx, id, by * n));
		TRY(followers_count_many(ctx, others, n, by));
	} else {
		TRY(followers_count(ctx, id, by * n));
		TRY(following_count_many(ctx, others, n, by));
	}
	change_add(ctx, &account_counted, id.v, 0, 0);
	for (ptrdiff_t i = 0; i < n; i++)
		change_add(ctx, &account_counted, others[i].v, 0, 0);
	return OK;
}

struct astray {
	account_id other;
	bool counted;
};

static err turn_all(
	struct ctx *ctx, account_id id, const struct astray *rows, ptrdiff_t n, bool outward)
{
	account_id *others = NEW_N(ctx->mem, account_id, n);
	for (int counted = 0; counted <= 1; counted++) {
		ptrdiff_t n_others = 0;
		for (ptrdiff_t i = 0; i < n; i++)
			if (rows[i].counted != counted)
				others[n_others++] = rows[i].other;
		TRY(turn(ctx, id, others, n_others, outward, counted));
	}
	return OK;
}

static err settle_following(
	struct ctx *ctx, account_id id, int most, struct follows_settling *s, bool *done)
{
	struct following_astray_row *rows;
	ptrdiff_t n;
	TRY(following_astray(ctx, id, s->following, most, &rows, &n));
	struct astray *all = NEW_N(ctx->mem, struct astray, n);
	for (ptrdiff_t i = 0; i < n; i++)
		all[i] = (struct astray){rows[i].other, rows[i].counted};
	if (n)
		s->following = rows[n - 1].other;
	*done = n < most;
	return turn_all(ctx, id, all, n, true);
}

static err settle_followers(
	struct ctx *ctx, account_id id, int most, struct follows_settling *s, bool *done)
{
	struct followers_astray_row *rows;
	ptrdiff_t n;
	TRY(followers_astray(ctx, id, s->followers, most, &rows, &n));
	struct astray *all = NEW_N(ctx->mem, struct astray, n);
	for (ptrdiff_t i = 0; i < n; i++)
		all[i] = (struct astray){rows[i].other, rows[i].counted};
	if (n)
		s->followers = rows[n - 1].other;
	*done = n < most;
	return turn_all(ctx, id, all, n, false);
}

err follows_settle(struct ctx *ctx, account_id id, int most, struct follows_settling *s)
{
	bool out, in;
	TRY(settle_following(ctx, id, most, s, &out));
	TRY(settle_followers(ctx, id, most, s, &in));
	s->done = out && in;
	return OK;
}

err follows_settled(struct ctx *ctx, account_id id, bool *out)
{
	struct following_astray_row *following;
	struct followers_astray_row *followers;
	ptrdiff_t n_following, n_followers;
	TRY(following_astray(ctx, id, (account_id){0}, 1, &following, &n_following));
	TRY(followers_astray(ctx, id, (account_id){0}, 1, &followers, &n_followers));
	*out = !n_following && !n_followers;
	return OK;
}

err accounts_hidden(struct ctx *ctx, account_id **out, ptrdiff_t *n)
{
	return accounts_not_good(ctx, out, n);
}
