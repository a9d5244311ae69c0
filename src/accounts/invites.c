// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Invitations: a short random code that lets so many people join until it ends.
#include "accounts/private.h"

#include "crypto/crypto.h"
#include "permit/permit.h"
#include "store/store.h"
#include "words/words.h"

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
	TRY(permit_act(ctx, ACT_INVITE));
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
