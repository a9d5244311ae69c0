// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What standing does to others' numbers: follows from and to somebody suspended are in none.
#include "accounts/private.h"

#include "store/store.h"

struct astray {
	account_id other;
	bool counted;
};

struct turning { // of follows in one direction
	account_id id;
	bool outward;
	account_id *others[2]; // that were turned: out of the numbers, into them
	ptrdiff_t n[2];
};

// The follows first, all of them: whoever follows has his own when he comes to the numbers.
static err turn_rows(struct ctx *ctx, struct turning *t, const struct astray *rows, ptrdiff_t n)
{
	account_id *some = NEW_N(ctx->mem, account_id, n), *held;
	ptrdiff_t n_held;
	for (ptrdiff_t i = 0; i < n; i++)
		some[i] = rows[i].other;
	TRY((t->outward ? following_lock : followers_lock)(ctx, t->id, some, n, &held, &n_held));
	for (int counted = 0; counted <= 1; counted++) {
		ptrdiff_t n_some = 0;
		for (ptrdiff_t i = 0; i < n; i++)
			if (rows[i].counted != counted)
				some[n_some++] = rows[i].other;
		if (n_some)
			TRY((t->outward ? following_turn : followers_turn)(ctx, t->id, some, n_some,
				counted, &t->others[counted], &t->n[counted]));
	}
	return OK;
}

static err lock_numbers(struct ctx *ctx, const struct turning *t)
{
	account_id *ids = NEW_N(ctx->mem, account_id, t->n[0] + t->n[1] + 1), *held;
	ptrdiff_t n = 0;
	ids[n++] = t->id;
	for (int counted = 0; counted <= 1; counted++)
		for (ptrdiff_t i = 0; i < t->n[counted]; i++)
			ids[n++] = t->others[counted][i];
	return follow_numbers_lock(ctx, ids, n, &held, &n);
}

// Both sides' numbers follow.
static err count_turned(struct ctx *ctx, const struct turning *t)
{
	int64_t by = t->n[1] - t->n[0];
	if (!t->n[0] && !t->n[1])
		return OK;
	TRY(lock_numbers(ctx, t));
	TRY((t->outward ? following_count : followers_count)(ctx, t->id, by));
	change_add(ctx, &account_counted, t->id.v, 0, 0);
	for (int counted = 0; counted <= 1; counted++) {
		if (t->n[counted])
			TRY((t->outward ? followers_count_many : following_count_many)(
				ctx, t->others[counted], t->n[counted], counted ? 1 : -1));
		for (ptrdiff_t i = 0; i < t->n[counted]; i++)
			change_add(ctx, &account_counted, t->others[counted][i].v, 0, 0);
	}
	return OK;
}

static err turn_all(
	struct ctx *ctx, account_id id, const struct astray *rows, ptrdiff_t n, bool outward)
{
	struct turning t = {.id = id, .outward = outward};
	if (!n)
		return OK;
	TRY(turn_rows(ctx, &t, rows, n));
	return count_turned(ctx, &t);
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

// One direction in a transaction: two of these that meet have one row in common.
err follows_settle(struct ctx *ctx, account_id id, int most, struct follows_settling *s)
{
	if (!s->out)
		return settle_following(ctx, id, most, s, &s->out);
	return settle_followers(ctx, id, most, s, &s->done);
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
