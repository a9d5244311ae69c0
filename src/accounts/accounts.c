// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Making and finding accounts, and following the changes that make cached facts stale. Profiles are
// edited in profile.c, people cached in people.c, sessions kept in sessions.c.
#include "accounts/private.h"

#include "community/community.h"
#include "jobs/jobs.h"
#include "media/media.h"
#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

struct change_kind account_made = {.name = "accounts.made"};
struct change_kind account_waits = {.name = "accounts.waits"};
struct change_kind account_changed = {.name = "accounts.changed"};
struct change_kind standing_changed = {.name = "accounts.standing"};
struct change_kind account_counted = {.name = "accounts.counted"};
struct change_kind follow_begun = {.name = "accounts.followed"};
struct change_kind follow_ended = {.name = "accounts.unfollowed"};
struct change_kind session_ended = {.name = "accounts.session-ended"};

// A profile's pictures are everyone's while the account is in good standing; else they are for itself and
// for moderators to judge.
static err guard(struct ctx *ctx, int64_t id, account_id by, bool *is_public)
{
	const struct viewer *v = &ctx->viewer;
	account_id account = {id};
	(void)by;
	TRY(people_in_good_standing(ctx, &account, 1, is_public));
	bool may = *is_public || v->account.v == id || v->role >= ROLE_MODERATOR;
	return may ? OK : ERR_NOT_FOUND;
}

static struct change_kind *const seen_anew[] = {&account_changed, NULL};
const struct media_owner_kind account_media = {
	.name = "account", .guard = guard, .until = seen_anew};

static err start(struct ctx *ctx)
{
	struct accounts *a = mem_new(1, (ptrdiff_t)sizeof *a);
	a->people = people_new(ctx->house->store);
	sessions_start(a, ctx->house->store);
	ctx->house->accounts = a;
	media_owner_register(ctx, &account_media);
	return OK;
}

static void stop(struct ctx *ctx)
{
	struct accounts *a = ctx->house->accounts;
	sessions_stop(a);
	memo_free(a->people);
	mem_free(a);
	ctx->house->accounts = NULL;
}

const struct room accounts_room = {.name = "accounts",
	.commands = accounts_commands,
	.extent = OPEN_ROOMS,
	.start = start,
	.stop = stop};

int reads_parse(str reads, lang out[VIEWER_LANGS])
{
	int n = 0;
	while (reads.p && n < VIEWER_LANGS) {
		lang l = lang_from(str_cut(&reads, ' '));
		if (l.tag[0])
			out[n++] = l;
	}
	return n;
}

str reads_join(struct arena *mem, const lang *reads, int n)
{
	struct sb sb = sb_new(mem, 64);
	for (int i = 0; i < n; i++) {
		if (i)
			sb_char(&sb, ' ');
		sb_add(&sb, lang_str(&reads[i]));
	}
	return sb_str(&sb);
}

struct account account_from_row(struct ctx *ctx, const struct account_row *r)
{
	(void)ctx;
	struct account a = {
		.id = r->id,
		.name = r->name,
		.display = r->display.n ? r->display : r->name,
		.bio = r->bio,
		.avatar_id = r->avatar,
		.cover_id = r->cover,
		.role = (enum role)r->role,
		.standing = (enum standing)r->standing,
		.locale = r->locale,
		.writes = r->writes,
		.topics = r->topics,
		.show_likes = r->show_likes,
		.welcomed = r->welcomed,
		.why = r->why,
		.created = r->created,
		.notes = r->notes,
		.followers = r->followers,
		.following = r->following,
		.liked = r->liked,
	};
	a.n_reads = reads_parse(r->reads, a.reads);
	return a;
}

static err picture_name(struct ctx *ctx, media_id id, str *name)
{
	struct media_name_row row = {0};
	if (id.v) {
		err found = media_name(ctx, id, &row);
		if (found != OK && found != ERR_NOT_FOUND)
			return found;
	}
	*name = row.name;
	return OK;
}

static err complete(struct ctx *ctx, const struct account_row *row, struct account *out)
{
	struct account a = account_from_row(ctx, row);
	TRY(picture_name(ctx, a.avatar_id, &a.avatar));
	TRY(picture_name(ctx, a.cover_id, &a.cover));
	*out = a;
	return OK;
}

err account_by_id(struct ctx *ctx, account_id id, struct account *out)
{
	struct account_row row;
	TRY(account_get(ctx, id, &row));
	return complete(ctx, &row, out);
}

err account_by_name(struct ctx *ctx, str name, struct account *out)
{
	struct account_row row;
	if (name.n > NAME_MOST)
		return ERR_NOT_FOUND;
	TRY(account_get_by_name(ctx, str_lower(ctx->mem, name), &row));
	return complete(ctx, &row, out);
}

err account_row_of_viewer(struct ctx *ctx, struct account_row *out)
{
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	return account_get(ctx, ctx->viewer.account, out);
}

static struct account *accounts_from_rows(
	struct ctx *ctx, const struct account_row *rows, ptrdiff_t n)
{
	struct account *list = NEW_N(ctx->mem, struct account, n);
	for (ptrdiff_t i = 0; i < n; i++)
		list[i] = account_from_row(ctx, &rows[i]);
	return list;
}

err accounts_list(struct ctx *ctx, enum standing standing, account_id before, int limit,
	struct account **out, ptrdiff_t *n)
{
	struct account_row *rows;
	ptrdiff_t found;
	account_id top = before.v ? before : (account_id){INT64_MAX};
	TRY(accounts_by_standing(ctx, standing, top, limit, &rows, &found));
	*out = accounts_from_rows(ctx, rows, found);
	*n = found;
	return OK;
}

err accounts_beginning(struct ctx *ctx, str begin, int limit, struct account **out, ptrdiff_t *n)
{
	struct account_row *rows;
	ptrdiff_t found;
	str least = str_lower(ctx->mem, begin);
	// Names are of a-z, 0-9 and _: '{' sorts after all of them.
	str below = str_fmt(ctx->mem, "%.*s{", STR_ARGS(least));
	TRY(accounts_named_from(ctx, least, below, limit, &rows, &found));
	*out = accounts_from_rows(ctx, rows, found);
	*n = found;
	return OK;
}

err accounts_any(struct ctx *ctx, bool *out)
{
	struct account_first_row row;
	err found = account_first(ctx, &row);
	*out = found == OK;
	return found == ERR_NOT_FOUND ? OK : found;
}

err accounts_waiting_count(struct ctx *ctx, int64_t *out)
{
	struct accounts_waiting_row row;
	TRY(accounts_waiting(ctx, &row));
	*out = row.n;
	return OK;
}

struct creation {
	struct account_row row;
	str invite;
	bool taken;
};

static err create(struct ctx *ctx, void *arg)
{
	struct creation *c = arg;
	int64_t made;
	TRY(account_insert(ctx, &c->row, &made));
	c->taken = made == 0;
	if (c->taken)
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

err account_create(struct ctx *ctx, const struct account_new *want, account_id *out)
{
	struct creation c = {0};
	char hash[PASSWORD_HASH_SIZE] = "";
	if (!want->trusted)
		TRY(permit_disk(ctx));
	bool backdated = want->trusted && want->created;
	ms created = backdated ? want->created : ctx->now;
	if (!want->trusted)
		TRY(apply_mode(ctx, want, &c));
	TRY(check_name(ctx, want->name, &c.row.name));
	TRY(check_name_free(ctx, c.row.name, want->trusted));
	TRY(check_display(ctx, want->display, &c.row.display));
	if (want->password.n || !want->trusted) {
		TRY(check_password(ctx, "password", want->password));
		TRY(hash_password(ctx, want->password, hash));
	}
	c.row.id = (account_id){backdated ? id_past(created) : id_new(created)};
	c.row.role = want->trusted && want->role ? want->role : ROLE_MEMBER;
	c.row.locale = want->locale;
	c.row.password = str_from(hash);
	c.row.created = created;
	TRY(store_write(ctx, create, &c));
	*out = c.row.id;
	return OK;
}
