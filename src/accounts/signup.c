// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Making an account: by the host, or by a stranger who signs up as the community's mode has it.
#include "accounts/private.h"

#include "community/community.h"
#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#define SIGN_UPS_NETWORK 30 // within an hour

struct creation {
	struct account_row row;
	str invite;
	char hash[PASSWORD_HASH_SIZE];
};

static err create(struct ctx *ctx, void *arg)
{
	struct creation *c = arg;
	int64_t made;
	TRY(account_insert(ctx, &c->row, &made));
	if (!made)
		return fail(ctx, ERR_INVALID, "name", W_account_name_taken);
	if (c->invite.n)
		TRY(invite_spend(ctx, c->invite));
	change_add(ctx, &account_made, c->row.id.v, 0, 0);
	if (c->row.standing == STANDING_WAITING)
		change_add(ctx, &account_waits, c->row.id.v, 0, 0);
	return OK;
}

// What the community's mode asks of a stranger who wants to join.
static err apply_mode(struct ctx *ctx, const struct account_new *want, struct creation *c)
{
	switch (community_get(ctx)->signup) {
	case SIGNUP_OPEN:
		return OK;
	case SIGNUP_APPROVAL:
		// Whoever was invited is vouched for.
		c->invite = str_trim(want->invite);
		if (c->invite.n)
			return OK;
		c->row.standing = STANDING_WAITING;
		if (!str_trim(want->why).n)
			return fail(ctx, ERR_INVALID, "why", W_error_required);
		if (utf8_count(want->why) > BIO_MOST)
			return fail_n(ctx, ERR_INVALID, "why", W_error_too_long, BIO_MOST);
		c->row.why = unicode_body(ctx->mem, want->why);
		return OK;
	case SIGNUP_INVITE:
		c->invite = str_trim(want->invite);
		if (!c->invite.n)
			return fail(ctx, ERR_INVALID, "invite", W_error_required);
		return OK;
	case SIGNUP_CLOSED:
		break;
	}
	return fail(ctx, ERR_FORBIDDEN, NULL, W_account_signup_closed);
}

// All that can be refused before anything is written, and the hashing. The creation stays where it is.
static err prepare(struct ctx *ctx, const struct account_new *want, struct creation *c)
{
	if (!want->trusted)
		TRY(permit_disk(ctx));
	bool backdated = want->trusted && want->created;
	ms created = backdated ? want->created : ctx->now;
	if (!want->trusted)
		TRY(apply_mode(ctx, want, c));
	TRY(check_name(ctx, want->name, &c->row.name));
	TRY(check_name_free(ctx, c->row.name, want->trusted));
	TRY(check_display(ctx, want->display, &c->row.display));
	if (want->password.n || !want->trusted) {
		TRY(check_password(ctx, "password", want->password));
		TRY(hash_password(ctx, want->password, c->hash));
	}
	c->row.id = (account_id){backdated ? id_past(created) : id_new(created)};
	c->row.role = want->trusted && want->role ? want->role : ROLE_MEMBER;
	c->row.locale = want->locale;
	c->row.reads = reads_join(ctx->mem, want->reads, MIN(want->n_reads, VIEWER_LANGS));
	c->row.password = str_from(c->hash);
	c->row.created = created;
	return OK;
}

err account_create(struct ctx *ctx, const struct account_new *want, account_id *out)
{
	struct creation c = {0};
	TRY(prepare(ctx, want, &c));
	TRY(store_write(ctx, create, &c));
	*out = c.row.id;
	return OK;
}

struct joining {
	struct creation creation;
	struct opening session;
};

static err join(struct ctx *ctx, void *arg)
{
	struct joining *j = arg;
	TRY(create(ctx, &j->creation));
	return session_begin(ctx, &j->session);
}

err sign_up(struct ctx *ctx, const struct sign_up *s, struct signed_in *out)
{
	struct joining j = {0};
	struct signed_in in;
	str from = str_fmt(ctx->mem, "sign-up %.*s", STR_ARGS(s->network));
	TRY(permit_try(ctx, from, SIGN_UPS_NETWORK, MS_HOUR));
	if (!s->rules && community_get(ctx)->signup != SIGNUP_CLOSED)
		return fail(ctx, ERR_INVALID, "rules", W_account_rules_needed);
	TRY(prepare(ctx, &s->account, &j.creation));
	const struct account_row *row = &j.creation.row;
	TRY(browser_mark(ctx, s->browser, row->id, row->password, &in.browser));
	j.session = opening_of(ctx, row->id, s->agent, &in.token);
	TRY(store_write(ctx, join, &j));
	*out = in;
	return OK;
}
