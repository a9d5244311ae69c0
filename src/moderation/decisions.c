// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading decisions: all of them for moderators, their own for the people concerned, who see that
// "the moderators" decided and not which one.
#include "moderation/private.h"

static struct decision from_row(const struct decision_row *r)
{
	return (struct decision){
		.id = r->id,
		.thing = {r->thing_kind, r->thing},
		.action = (enum decision_action)r->action,
		.reason = r->reason,
		.excerpt = r->excerpt,
		.created = r->created,
	};
}

static err complete(
	struct ctx *ctx, const struct decision_row *rows, ptrdiff_t n, struct decision **out)
{
	struct decision *list = NEW_N(ctx->mem, struct decision, n);
	account_id *ids = NEW_N(ctx->mem, account_id, 2 * n);
	struct person **people = NEW_N(ctx->mem, struct person *, 2 * n);
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[2 * i] = rows[i].moderator;
		ids[2 * i + 1] = rows[i].account;
	}
	TRY(people_for(ctx, ids, 2 * n, people));
	for (ptrdiff_t i = 0; i < n; i++) {
		list[i] = from_row(&rows[i]);
		list[i].moderator = people[2 * i];
		list[i].account = people[2 * i + 1];
	}
	*out = list;
	return OK;
}

// A sign-up's answer is told as a welcome, or not at all.
static bool was_told(int64_t action)
{
	return action != DECIDE_DISMISS && action != DECIDE_APPROVE && action != DECIDE_REFUSE;
}

err decision_get(struct ctx *ctx, decision_id id, struct decision *out)
{
	struct decision_row row;
	struct decision *one;
	bool moderates = ctx->viewer.role >= ROLE_MODERATOR && !ctx->viewer.limited;
	TRY(decision_row_get(ctx, id, &row));
	bool concerned = ctx->viewer.account.v && row.account.v == ctx->viewer.account.v;
	if (!moderates && !(concerned && was_told(row.action)))
		return ERR_NOT_FOUND;
	TRY(complete(ctx, &row, 1, &one));
	if (concerned)
		one->moderator = NULL;
	*out = *one;
	return OK;
}

err decisions_page(struct ctx *ctx, account_id account, decision_id before, int limit,
	struct decision **out, ptrdiff_t *n)
{
	struct decision_row *rows;
	ptrdiff_t found;
	decision_id top = before.v ? before : (decision_id){INT64_MAX};
	TRY(must_moderate(ctx));
	if (account.v)
		TRY(decisions_of_before(ctx, account, top, limit, &rows, &found));
	else
		TRY(decisions_before(ctx, top, limit, &rows, &found));
	TRY(complete(ctx, rows, found, out));
	*n = found;
	return OK;
}
