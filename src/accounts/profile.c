// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Changing an account: profile, languages, topics, password, role, standing. Each is one statement
// and one change that tells the caches.
#include "accounts/private.h"

#include "jobs/jobs.h"
#include "media/media.h"
#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#include <string.h>

#define TOPICS_MOST 30
#define SETTLE_AGAIN (30 * MS_SECOND)

static err tell(struct ctx *ctx, account_id id, int64_t changed)
{
	if (!changed)
		return ERR_NOT_FOUND;
	change_add(ctx, &account_changed, id.v, ctx->viewer.account.v, 0);
	return OK;
}

static err told(struct ctx *ctx, account_id id, int64_t changed)
{
	return tell(ctx, id, changed);
}

struct profile_change {
	const struct profile_edit *edit;
	str display, bio;
};

static media_id chosen(media_id now, media_id wanted)
{
	if (wanted.v < 0)
		return (media_id){0};
	return wanted.v ? wanted : now;
}

// Nobody is served the one before any more as soon as the profile shows another.
static err show_pictures(struct ctx *ctx, account_id id, media_id avatar, media_id cover)
{
	const struct media_owner profile = {&account_media, id.v};
	TRY(media_attach_one(ctx, profile, USE_AVATAR, avatar));
	return media_attach_one(ctx, profile, USE_COVER, cover);
}

static err edit_profile(struct ctx *ctx, void *arg)
{
	struct profile_change *c = arg;
	const struct profile_edit *e = c->edit;
	struct account_row row;
	int64_t n;
	TRY(account_row_of_viewer(ctx, &row));
	media_id avatar = chosen(row.avatar, e->avatar), cover = chosen(row.cover, e->cover);
	TRY(profile_update(ctx, row.id, c->display, c->bio, e->show_likes, avatar, cover, &n));
	TRY(show_pictures(ctx, row.id, avatar, cover));
	return told(ctx, row.id, n);
}

err account_edit_profile(struct ctx *ctx, const struct profile_edit *edit)
{
	struct profile_change c = {.edit = edit};
	TRY(permit_act(ctx, &act_edit));
	TRY(check_display(ctx, edit->display, &c.display));
	TRY(check_bio(ctx, edit->bio, &c.bio));
	return store_write(ctx, edit_profile, &c);
}

struct clearing {
	account_id account;
	enum profile_part part;
};

static bool has(const struct account_row *row, enum profile_part part)
{
	switch (part) {
	case PROFILE_AVATAR:
		return row->avatar.v;
	case PROFILE_COVER:
		return row->cover.v;
	case PROFILE_NAME:
		return row->display.n;
	case PROFILE_BIO:
		return row->bio.n;
	}
	return false;
}

static err clear(struct ctx *ctx, void *arg)
{
	const struct clearing *c = arg;
	struct account_row row;
	int64_t n;
	TRY(account_get(ctx, c->account, &row));
	if (!has(&row, c->part))
		return fail(ctx, ERR_CONFLICT, NULL, W_moderation_nothing_there);
	media_id avatar = c->part == PROFILE_AVATAR ? (media_id){0} : row.avatar;
	media_id cover = c->part == PROFILE_COVER ? (media_id){0} : row.cover;
	TRY(profile_update(ctx, row.id, c->part == PROFILE_NAME ? S("") : row.display,
		c->part == PROFILE_BIO ? S("") : row.bio, row.show_likes, avatar, cover, &n));
	TRY(show_pictures(ctx, row.id, avatar, cover));
	return told(ctx, row.id, n);
}

err account_clear(struct ctx *ctx, account_id id, enum profile_part part)
{
	return store_write(ctx, clear, &(struct clearing){id, part});
}

static err edit_reading(struct ctx *ctx, void *arg)
{
	const struct reading_edit *e = arg;
	int64_t n;
	str reads = reads_join(ctx->mem, e->reads, MIN(e->n_reads, VIEWER_LANGS));
	TRY(reading_update(ctx, ctx->viewer.account, reads, e->writes, e->locale, &n));
	return told(ctx, ctx->viewer.account, n);
}

// Not counted as an act and not refused to those who wait for approval: it only changes what the
// person sees.
err account_edit_reading(struct ctx *ctx, const struct reading_edit *edit)
{
	struct reading_edit copy = *edit;
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	return store_write(ctx, edit_reading, &copy);
}

static err edit_topics(struct ctx *ctx, void *arg)
{
	const str *joined = arg;
	int64_t n;
	TRY(topics_update(ctx, ctx->viewer.account, *joined, &n));
	return told(ctx, ctx->viewer.account, n);
}

err account_edit_topics(struct ctx *ctx, const str *topics, ptrdiff_t n)
{
	struct sb sb = sb_new(ctx->mem, 128);
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	for (ptrdiff_t i = 0; i < MIN(n, TOPICS_MOST); i++) {
		if (!topic_ok(topics[i]))
			continue;
		if (sb.n)
			sb_char(&sb, ' ');
		sb_add(&sb, topic_fold(ctx->mem, topics[i]));
	}
	str joined = sb_str(&sb);
	return store_write(ctx, edit_topics, &joined);
}

err account_topics(struct ctx *ctx, str *out)
{
	struct memo *kept = ctx->house->accounts->topics;
	account_id me = ctx->viewer.account;
	struct account_liked_topics_row row;
	*out = (str){0};
	if (!me.v)
		return OK;
	uint64_t moment = memo_open(kept);
	const char *known = memo_at(kept, memo_id(me));
	if (known)
		*out = str_copy(ctx->mem, str_from(known));
	memo_close(kept);
	if (known)
		return OK;
	TRY(account_liked_topics(ctx, me, &row));
	*out = row.topics;
	char *text = mem_new(row.topics.n + 1, 1);
	if (row.topics.n)
		memcpy(text, row.topics.p, (size_t)row.topics.n);
	memo_keep(ctx, kept, memo_id(me), text, row.topics.n + 64, moment, &me.v, 1);
	return OK;
}

static err welcome(struct ctx *ctx, void *arg)
{
	int64_t n;
	(void)arg;
	TRY(welcomed_update(ctx, ctx->viewer.account, &n));
	return told(ctx, ctx->viewer.account, n);
}

err account_welcomed(struct ctx *ctx)
{
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	return store_write(ctx, welcome, NULL);
}

struct password_change {
	account_id account;
	session_id keep; // 0: every session ends
	char hash[PASSWORD_HASH_SIZE];
};

static err change_password(struct ctx *ctx, void *arg)
{
	struct password_change *c = arg;
	int64_t n, ended;
	TRY(password_update(ctx, c->account, str_from(c->hash), &n));
	TRY(sessions_delete_others(ctx, c->account, c->keep, &ended));
	change_add(ctx, &session_ended, 0, c->account.v, 0);
	return told(ctx, c->account, n);
}

err account_change_password(struct ctx *ctx, str old, str fresh)
{
	struct account_row row;
	struct password_change c = {.account = ctx->viewer.account, .keep = ctx->viewer.session};
	TRY(account_row_of_viewer(ctx, &row));
	TRY(permit_try(
		ctx, str_fmt(ctx->mem, "password %lld", (long long)row.id.v), 10, 15 * MS_MINUTE));
	TRY(check_password(ctx, "fresh", fresh));
	if (!is_password(ctx, old, row.password))
		return fail(ctx, ERR_INVALID, "old", W_account_password_wrong);
	TRY(hash_password(ctx, fresh, c.hash));
	return store_write(ctx, change_password, &c);
}

static err close_others(struct ctx *ctx, void *arg)
{
	const struct viewer *v = &ctx->viewer;
	int64_t ended;
	(void)arg;
	TRY(sessions_delete_others(ctx, v->account, v->session, &ended));
	change_add(ctx, &session_ended, 0, v->account.v, 0);
	return OK;
}

err sessions_close_others(struct ctx *ctx)
{
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	return store_write(ctx, close_others, NULL);
}

err account_set_password(struct ctx *ctx, account_id id, str fresh)
{
	struct password_change c = {.account = id};
	TRY(check_password(ctx, "password", fresh));
	TRY(hash_password(ctx, fresh, c.hash));
	return store_write(ctx, change_password, &c);
}

struct rank_change {
	account_id account;
	int64_t value;
};

static err set_role(struct ctx *ctx, void *arg)
{
	struct rank_change *c = arg;
	int64_t n;
	TRY(role_update(ctx, c->account, c->value, &n));
	return told(ctx, c->account, n);
}

err account_set_role(struct ctx *ctx, account_id id, enum role role)
{
	return store_write(ctx, set_role, &(struct rank_change){id, role});
}

// The numbers follow at once, and once more when whatever began before has ended: a sweep for each
// decision, since one that is planned already may come too soon after this.
static err settle_later(struct ctx *ctx, account_id id)
{
	struct job_new now = {.kind = S("standing.settle"),
		.subject = id.v,
		.unique = str_fmt(ctx->mem, "standing %lld", (long long)id.v)};
	struct job_new again = {
		.kind = S("standing.sweep"), .subject = id.v, .run_at = ctx->now + SETTLE_AGAIN};
	TRY(jobs_add(ctx, &now, NULL));
	return jobs_add(ctx, &again, NULL);
}

// Of an admin all admins, in the order of their ids: they are counted when one goes.
err account_hold(struct ctx *ctx, account_id id)
{
	struct account_row row;
	struct account_lock_row held;
	account_id *admins;
	ptrdiff_t n;
	TRY(account_get(ctx, id, &row));
	if (row.role == ROLE_ADMIN)
		TRY(admins_locked(ctx, &admins, &n));
	return account_lock(ctx, id, &held);
}

// Two who suspend each other at once: the second finds that it is the last.
static err check_not_last_admin(struct ctx *ctx, const struct rank_change *c)
{
	struct account_row row;
	account_id *admins;
	ptrdiff_t n;
	err found = account_get(ctx, c->account, &row);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found;
	if (c->value == STANDING_GOOD || row.role != ROLE_ADMIN)
		return OK;
	TRY(admins_locked(ctx, &admins, &n));
	if (n == 1 && admins[0].v == c->account.v)
		return fail(ctx, ERR_CONFLICT, NULL, W_account_last_admin);
	return OK;
}

static err set_standing(struct ctx *ctx, void *arg)
{
	struct rank_change *c = arg;
	int64_t n;
	TRY(check_not_last_admin(ctx, c));
	TRY(standing_update(ctx, c->account, c->value, &n));
	TRY(tell(ctx, c->account, n));
	change_add(ctx, &standing_changed, c->account.v, ctx->viewer.account.v, 0);
	return settle_later(ctx, c->account);
}

err account_set_standing(struct ctx *ctx, account_id id, enum standing standing)
{
	return store_write(ctx, set_standing, &(struct rank_change){id, standing});
}
