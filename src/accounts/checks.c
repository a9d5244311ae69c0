// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What may stand in a name, a display name, a bio, a password.
#include "accounts/private.h"

#include "unicode/unicode.h"
#include "words/words.h"

// Names that would look like the host speaking.
static const str reserved[] = {STR_INIT("admin"), STR_INIT("administrator"), STR_INIT("moderator"),
	STR_INIT("root"), STR_INIT("support"), STR_INIT("help"), STR_INIT("qiao"),
	STR_INIT("system"), STR_INIT("everyone"), STR_INIT("all"), STR_INIT("me"),
	STR_INIT("security")};

err check_name(struct ctx *ctx, str typed, str *name)
{
	str s = str_lower(ctx->mem, str_trim(typed));
	if (str_starts(s, S("@")))
		s = str_skip(s, 1);
	if (!s.n)
		return fail(ctx, ERR_INVALID, "name", W_error_required);
	if (s.n < NAME_LEAST || s.n > NAME_MOST)
		return fail(ctx, ERR_INVALID, "name", W_account_name_length);
	bool letter = false;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		letter |= c >= 'a' && c <= 'z';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
			return fail(ctx, ERR_INVALID, "name", W_account_name_letters);
	}
	if (!letter)
		return fail(ctx, ERR_INVALID, "name", W_account_name_letters);
	*name = s;
	return OK;
}

static bool is_reserved(str name)
{
	for (ptrdiff_t i = 0; i < COUNT(reserved); i++)
		if (str_eq(name, reserved[i]))
			return true;
	return false;
}

err check_name_free(struct ctx *ctx, str name, bool trusted)
{
	if (!trusted && is_reserved(name))
		return fail(ctx, ERR_INVALID, "name", W_account_name_taken);
	return OK;
}

err check_display(struct ctx *ctx, str typed, str *display)
{
	str s = unicode_line(ctx->mem, typed);
	if (utf8_count(s) > DISPLAY_MOST)
		return fail_n(ctx, ERR_INVALID, "display", W_error_too_long, DISPLAY_MOST);
	if (s.n && !unicode_name_ok(s))
		return fail(ctx, ERR_INVALID, "display", W_error_not_text);
	*display = s;
	return OK;
}

err check_bio(struct ctx *ctx, str typed, str *bio)
{
	str s = unicode_body(ctx->mem, typed);
	if (utf8_count(s) > BIO_MOST)
		return fail_n(ctx, ERR_INVALID, "bio", W_error_too_long, BIO_MOST);
	*bio = s;
	return OK;
}

err check_password(struct ctx *ctx, const char *field, str password)
{
	if (utf8_count(password) < PASSWORD_LEAST)
		return fail_n(ctx, ERR_INVALID, field, W_error_too_short, PASSWORD_LEAST);
	if (utf8_count(password) > PASSWORD_MOST)
		return fail_n(ctx, ERR_INVALID, field, W_error_too_long, PASSWORD_MOST);
	return OK;
}

static void give_time(struct ctx *ctx, ms began)
{
	if (ctx->deadline)
		ctx->deadline += clock_steady() - began;
}

err hash_password(struct ctx *ctx, str password, char out[PASSWORD_HASH_SIZE])
{
	ms began = clock_steady();
	err code = password_hash(password, out);
	give_time(ctx, began);
	return code;
}

bool is_password(struct ctx *ctx, str password, str hash)
{
	ms began = clock_steady();
	bool right = hash.n && password_matches(password, hash);
	if (!hash.n)
		password_waste(password);
	give_time(ctx, began);
	return right;
}
