// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands behind an address, and who may have it. What was learnt of names is kept until a note,
// picture or account that it is about changes.
#include "media/private.h"

#define NAME_SIZE 22
#define SIGHTS_MOST 4096

struct sight {
	bool is_public; // everyone may have it, without asking
	enum media_use use;
	media_id id;
	account_id account;
	note_id note;
};

struct memo *sights_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = SIGHTS_MOST});
	memo_follow(m, &picture_changed, MEMO_SUBJECT);
	return m;
}

static void remember(struct ctx *ctx, str name, const struct sight *s, uint64_t moment)
{
	const int64_t about[] = {s->id.v, s->account.v, s->note.v};
	memo_keep_copy(ctx, ctx->house->media->sights, memo_name(name), s, sizeof *s, 1, moment,
		about, s->note.v ? 3 : 2);
}

static const char *type_of(str part)
{
	if (str_ends(part, S(".webp")))
		return "image/webp";
	return str_ends(part, S(".jpg")) ? "image/jpeg" : NULL;
}

void media_guard(struct ctx *ctx, media_guard_fn guard)
{
	ctx->house->media->guard = guard;
}

void media_until(struct ctx *ctx, struct change_kind *kind)
{
	if (ctx->house->media)
		memo_follow(ctx->house->media->sights, kind, MEMO_SUBJECT);
}

// Public is what a stranger may see and its visibility calls so: what only the owner still sees of
// a public note (of somebody suspended) must not be remembered as everyone's.
static err ask_as_stranger(struct ctx *ctx, const struct sight *s, bool *is_public)
{
	struct viewer viewer = ctx->viewer;
	struct problem problem = ctx->problem;
	bool told = false;
	ctx->viewer = (struct viewer){.locale = viewer.locale};
	err code = ctx->house->media->guard(ctx, s->note, s->account, &told);
	ctx->viewer = viewer;
	ctx->problem = problem;
	*is_public = code == OK && told;
	return code == ERR_NOT_FOUND || code == ERR_FORBIDDEN || code == ERR_SIGN_IN ? OK : code;
}

static err learn(struct ctx *ctx, str name, struct sight *s, uint64_t moment)
{
	struct media_behind_row row;
	TRY(media_behind(ctx, name, &row));
	s->id = row.id;
	s->account = row.account;
	s->note = row.note;
	s->use = (enum media_use)row.use;
	s->is_public = row.use == USE_MARK || (row.use != USE_NOTE && row.standing == 0);
	if (s->note.v)
		TRY(ask_as_stranger(ctx, s, &s->is_public));
	remember(ctx, name, s, moment);
	return OK;
}

// A profile's picture is theirs to judge also while its owner is suspended.
static bool is_for_moderators(const struct ctx *ctx, const struct sight *s)
{
	return s->use != USE_NOTE && ctx->viewer.role >= ROLE_MODERATOR;
}

static err may_have(struct ctx *ctx, const struct sight *s)
{
	bool is_public;
	if (s->is_public)
		return OK;
	if (!ctx->viewer.account.v)
		return ERR_NOT_FOUND;
	if (!s->note.v)
		return s->account.v == ctx->viewer.account.v || is_for_moderators(ctx, s)
			       ? OK
			       : ERR_NOT_FOUND;
	return ctx->house->media->guard(ctx, s->note, s->account, &is_public);
}

err media_open(struct ctx *ctx, str name, str part, struct media_file *out)
{
	struct sight s = {0};
	uint64_t moment;
	struct media_file file = {.type = type_of(part)};
	if (name.n != NAME_SIZE || !file.type)
		return ERR_NOT_FOUND;
	if (!memo_copy(ctx->house->media->sights, memo_name(name), &s, sizeof s, &moment))
		TRY(learn(ctx, name, &s, moment));
	TRY(may_have(ctx, &s));
	file.is_public = s.is_public;
	TRY(blobs_get(ctx->house->blobs, name, part, &file.fd, &file.size));
	*out = file;
	return OK;
}
