// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Browsers that were signed in to an account before. What such a browser keeps is no session and opens
// nothing: it only says that a wrong password typed there is more likely a slip than an attack. It
// is made with the account's password hash, so a new password ends all of them.
#include "accounts/private.h"

#include "community/community.h"
#include "crypto/crypto.h"

#include <string.h>

#define NONCE 16
#define TAG 16
#define ACCOUNTS_MOST 4 // that one browser remembers
#define MARK (8 + NONCE + TAG)

static err key_of(struct ctx *ctx, struct digest *out)
{
	str secret = {0};
	TRY(setting_read(ctx, S("secret"), &secret));
	*out = crypto_hmac(secret.p, secret.n, S("known browser"));
	return OK;
}

static void sign(
	struct ctx *ctx, const struct digest *key, str head, str password, uint8_t tag[TAG])
{
	const str parts[] = {head, password};
	struct digest d = crypto_mac(key, str_join(ctx->mem, parts, COUNT(parts), S("")));
	memcpy(tag, d.b, TAG);
}

static bool account_in(struct ctx *ctx, str mark, str *raw, account_id *id)
{
	if (!base64url_decode(ctx->mem, mark, raw) || raw->n != MARK)
		return false;
	memcpy(&id->v, raw->p, sizeof id->v);
	return true;
}

err browser_known(struct ctx *ctx, str marks, account_id account, str password, str *out)
{
	struct digest key;
	str known = {0};
	uint8_t tag[TAG];
	err found = marks.n ? key_of(ctx, &key) : ERR_NOT_FOUND;
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	for (int i = 0; found == OK && marks.p && i < ACCOUNTS_MOST; i++) {
		str raw, mark = str_cut(&marks, '.');
		account_id id;
		if (!account_in(ctx, mark, &raw, &id) || id.v != account.v)
			continue;
		sign(ctx, &key, str_sub(raw, 0, 8 + NONCE), password, tag);
		if (crypto_equal(tag, raw.p + 8 + NONCE, TAG))
			known = mark;
	}
	*out = known;
	return OK;
}

err browser_mark(struct ctx *ctx, str marks, account_id account, str password, str *out)
{
	struct digest key;
	uint8_t bytes[MARK];
	err found = key_of(ctx, &key);
	if (found == ERR_NOT_FOUND) { // a house without a server: nobody comes by a browser
		*out = (str){0};
		return OK;
	}
	TRY(found);
	memcpy(bytes, &account.v, sizeof account.v);
	crypto_random(bytes + 8, NONCE);
	sign(ctx, &key, (str){(const char *)bytes, 8 + NONCE}, password, bytes + 8 + NONCE);
	struct sb sb = sb_new(ctx->mem, 300);
	sb_add(&sb, base64url(ctx->mem, bytes, MARK));
	for (int n = 1; marks.p && n < ACCOUNTS_MOST;) {
		str raw, mark = str_cut(&marks, '.');
		account_id id;
		if (!account_in(ctx, mark, &raw, &id) || id.v == account.v)
			continue;
		sb_char(&sb, '.');
		sb_add(&sb, mark);
		n++;
	}
	*out = sb_str(&sb);
	return OK;
}
