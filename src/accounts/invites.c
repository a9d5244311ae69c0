// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Invitations: a short random code that lets so many people join until it ends.
#include "accounts/private.h"

#include "crypto/crypto.h"
#include "permit/permit.h"
#include "store/store.h"
#include "words/words.h"

static const struct act inviting = {
	.name = "invite", .burst = 10, .per_hour = 20, .least = ROLE_ADMIN};

struct invitation {
	str code;
	int64_t uses;
	ms expires;
};

static err insert(struct ctx *ctx, void *arg)
{
	struct invitation *i = arg;
	return invite_insert(ctx, i->code, (invite_id){id_new(ctx->now)}, ctx->viewer.account,
		ctx->now, i->expires, i->uses);
}

err invite_create(struct ctx *ctx, int uses, ms lifetime, str *code)
{
	uint8_t bytes[9];
	TRY(permit_act(ctx, &inviting));
	crypto_random(bytes, (ptrdiff_t)sizeof bytes);
	struct invitation i = {
		.code = base64url(ctx->mem, bytes, (ptrdiff_t)sizeof bytes),
		.uses = MAX(1, MIN(uses, 1000)),
		.expires = ctx->now + MAX(MS_HOUR, MIN(lifetime, 365 * MS_DAY)),
	};
	TRY(store_write(ctx, insert, &i));
	*code = i.code;
	return OK;
}

err invite_spend(struct ctx *ctx, str code)
{
	int64_t spent;
	TRY(invite_use(ctx, code, ctx->now, &spent));
	if (!spent)
		return fail(ctx, ERR_INVALID, "invite", W_account_invite_wrong);
	return OK;
}

err invite_check(struct ctx *ctx, str code)
{
	struct invite_open_row row;
	err found = invite_open(ctx, code, ctx->now, &row);
	if (found == ERR_NOT_FOUND)
		return fail(ctx, ERR_INVALID, "invite", W_account_invite_wrong);
	return found;
}

err invites_page(
	struct ctx *ctx, invite_id before, int limit, struct invite **out, ptrdiff_t *n_out)
{
	struct invites_open_row *rows;
	ptrdiff_t n;
	invite_id top = before.v ? before : (invite_id){INT64_MAX};
	TRY(permit_role(ctx, ROLE_ADMIN)); // reading counts as no act
	TRY(invites_open(ctx, ctx->now, top, limit, &rows, &n));
	account_id *ids = NEW_N(ctx->mem, account_id, n);
	struct person *people = NEW_N(ctx->mem, struct person, n);
	struct invite *list = NEW_N(ctx->mem, struct invite, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].by_account;
	TRY(people_by_ids(ctx, ids, n, people));
	for (ptrdiff_t i = 0; i < n; i++)
		list[i] = (struct invite){.id = rows[i].id,
			.code = rows[i].code,
			.by = people[i],
			.created = rows[i].created,
			.expires = rows[i].expires,
			.uses_left = rows[i].uses_left};
	*out = list;
	*n_out = n;
	return OK;
}

static err revoke(struct ctx *ctx, void *arg)
{
	int64_t gone;
	TRY(invite_delete(ctx, *(const invite_id *)arg, &gone));
	return gone ? OK : ERR_NOT_FOUND;
}

err invite_revoke(struct ctx *ctx, invite_id id)
{
	TRY(permit_act(ctx, &act_administer));
	return store_write(ctx, revoke, &id);
}
