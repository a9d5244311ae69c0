// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands behind an address, and who may have it. What was learnt of names is kept until what it is
// about changes: the picture, whoever brought it, what it belongs to.
#include "media/private.h"

#define NAME_SIZE 22
#define SIGHTS_MOST 4096

struct sight {
	bool is_public; // everyone may have it, without asking
	media_id id;
	account_id account;                  // who brought it
	const struct media_owner_kind *kind; // NULL: of what it belongs to nobody knows
	int64_t owner;                       // 0: nothing yet
	int64_t video;                       // of a poster, which is judged as its video is
};

struct memo *sights_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = SIGHTS_MOST});
	memo_follow(m, &picture_changed, MEMO_SUBJECT);
	return m;
}

static void remember(struct ctx *ctx, str name, const struct sight *s, uint64_t moment)
{
	int64_t about[4] = {s->id.v, s->account.v};
	ptrdiff_t n = 2;
	if (s->owner)
		about[n++] = s->owner;
	if (s->video)
		about[n++] = s->video;
	memo_keep_copy(
		ctx, ctx->house->media->sights, memo_name(name), s, sizeof *s, 1, moment, about, n);
}

static const char *type_of(str part)
{
	static const struct {
		str ending;
		const char *type;
	} types[] = {
		{STR_INIT(".webp"), "image/webp"},
		{STR_INIT(".jpg"), "image/jpeg"},
		{STR_INIT(".mp4"), "video/mp4"},
		{STR_INIT(".webm"), "video/webm"},
		{STR_INIT(".m4a"), "audio/mp4"},
	};
	for (ptrdiff_t i = 0; i < COUNT(types); i++)
		if (str_ends(part, types[i].ending))
			return types[i].type;
	return NULL;
}

// --- what pictures belong to --------------------------------------------------------------------

static const struct media_owner_kind *kind_of(struct ctx *ctx, str name)
{
	const struct media *m = ctx->house->media;
	for (int i = 0; i < m->n_owners; i++)
		if (str_eq(name, str_from(m->owners[i]->name)))
			return m->owners[i];
	return NULL;
}

void media_owner_register(struct ctx *ctx, const struct media_owner_kind *kind)
{
	struct media *m = ctx->house->media;
	if (!m)
		return;
	str name = str_from(kind->name);
	must(m->n_owners < OWNERS_MOST && !kind_of(ctx, name) && !str_eq(name, S(OF_MEDIA)));
	m->owners[m->n_owners++] = kind;
	for (struct change_kind *const *until = kind->until; until && *until; until++)
		memo_follow(m->sights, *until, MEMO_SUBJECT);
}

static err everybody(struct ctx *ctx, int64_t id, account_id by, bool *is_public)
{
	(void)ctx, (void)id, (void)by;
	*is_public = true;
	return OK;
}

// community/ stands below this room, so its mark is registered here.
static const struct media_owner_kind marks = {.name = "mark", .guard = everybody};
const struct media_owner media_of_community = {.kind = &marks, .id = 1};

// --- sight --------------------------------------------------------------------------------------

// Public is what a stranger may see and its guard calls so: what only the owner still sees of
// a public note (of somebody suspended) must not be remembered as everyone's.
static err ask_as_stranger(struct ctx *ctx, const struct sight *s, bool *is_public)
{
	struct viewer viewer = ctx->viewer;
	struct problem problem = ctx->problem;
	bool told = false;
	ctx->viewer = (struct viewer){.locale = viewer.locale};
	err code = s->kind->guard(ctx, s->owner, s->account, &told);
	ctx->viewer = viewer;
	ctx->problem = problem;
	*is_public = code == OK && told;
	return code == ERR_NOT_FOUND || code == ERR_FORBIDDEN || code == ERR_SIGN_IN ? OK : code;
}

// A poster belongs to its video, and is for whoever may have that.
static err look_through(struct ctx *ctx, struct media_sight *row, struct sight *s)
{
	if (!str_eq(row->owner_kind, S(OF_MEDIA)))
		return OK;
	s->video = row->owner.v;
	err found = media_sight_of(ctx, (media_id){s->video}, row);
	if (found == ERR_NOT_FOUND)
		*row = (struct media_sight){.owner = {s->video, true}};
	return found == ERR_NOT_FOUND ? OK : found;
}

static err learn(struct ctx *ctx, str name, struct sight *s, uint64_t moment)
{
	struct media_sight row;
	TRY(media_behind(ctx, name, &row));
	s->id = row.id;
	s->account = row.account;
	TRY(look_through(ctx, &row, s));
	s->kind = kind_of(ctx, row.owner_kind);
	s->owner = row.owner.v;
	if (s->kind)
		TRY(ask_as_stranger(ctx, s, &s->is_public));
	remember(ctx, name, s, moment);
	return OK;
}

static err may_have(struct ctx *ctx, const struct sight *s)
{
	account_id me = ctx->viewer.account;
	bool is_public;
	if (s->is_public)
		return OK;
	if (!me.v)
		return ERR_NOT_FOUND;
	if (!s->owner)
		return s->account.v == me.v ? OK : ERR_NOT_FOUND;
	return s->kind ? s->kind->guard(ctx, s->owner, s->account, &is_public) : ERR_NOT_FOUND;
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
