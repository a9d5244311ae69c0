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
		.host = r->host,
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
	TRY(account_get_by_handle(ctx, str_lower(ctx->mem, name), S(""), &row));
	return complete(ctx, &row, out);
}

str handle_of(struct arena *mem, str name, str host)
{
	return str_fmt(mem, "@%.*s%s%.*s", STR_ARGS(name), host.n ? "@" : "", STR_ARGS(host));
}

void handle_read(struct arena *mem, str handle, str *name, str *host)
{
	str rest = str_lower(mem, str_skip(handle, str_starts(handle, S("@"))));
	ptrdiff_t at = str_find_char(rest, '@');
	bool both = at >= 0 && at + 1 < rest.n; // "name@" names nobody
	*name = both ? str_sub(rest, 0, at) : rest;
	*host = both ? str_skip(rest, at + 1) : S("");
}

err account_by_handle(struct ctx *ctx, str handle, struct account *out)
{
	struct account_row row;
	str name, host;
	if (handle.n > HANDLE_MOST)
		return ERR_NOT_FOUND;
	handle_read(ctx->mem, handle, &name, &host);
	TRY(account_get_by_handle(ctx, name, host, &row));
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
	str least, host;
	handle_read(ctx->mem, begin, &least, &host);
	// Names are of a-z, 0-9 and _, elsewhere also of - and .: '{' sorts after all of them.
	str below = str_fmt(ctx->mem, "%.*s{", STR_ARGS(least));
	TRY(accounts_named_from(ctx, host, least, below, limit, &rows, &found));
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
