// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands behind an address, and who may have it. What is remembered of names is never asked
// whether it is still true: every change is counted, each note, picture and account falls into a
// bucket that knows its last change, and what was learnt before that is forgotten. Learning counts
// from before its first read, so a change in between cannot be missed.
#include "media/private.h"

#include <string.h>

#define NAME_SIZE 22
#define SETS 1024 // of WAYS names each
#define WAYS 4
#define BUCKETS 4096

struct sight {
	char name[NAME_SIZE];
	bool used, is_public; // public: everyone may have it, without asking
	uint8_t use;
	media_id id;
	account_id account;
	note_id note;
	uint64_t learnt;
};

struct sights {
	struct lock lock; // guards what follows
	struct sight (*sets)[WAYS];
	uint64_t changed[BUCKETS]; // number of the last change
	uint64_t changed_all;
	uint64_t changes;
	unsigned next;
};

struct sights *sights_new(void)
{
	struct sights *s = mem_new(1, sizeof *s);
	lock_init(&s->lock);
	s->sets = mem_new(SETS, sizeof *s->sets);
	return s;
}

void sights_free(struct sights *s)
{
	mem_free(s->sets);
	mem_free(s);
}

enum thing { A_NOTE, A_PICTURE, AN_ACCOUNT };

static size_t bucket(enum thing thing, int64_t id)
{
	uint64_t h = ((uint64_t)id + (uint64_t)thing) * 0x9e3779b97f4a7c15u;
	return (size_t)(h >> 52) % BUCKETS;
}

void sights_heard(struct ctx *ctx, const struct change *change, void *arg)
{
	struct sights *s = arg;
	(void)ctx;
	lock_take(&s->lock);
	s->changes++;
	switch (change->kind) {
	case CHANGE_LOST:
		s->changed_all = s->changes;
		break;
	case CHANGE_NOTE:
	case CHANGE_NOTE_GONE:
		s->changed[bucket(A_NOTE, change->subject)] = s->changes;
		break;
	case CHANGE_MEDIA:
		s->changed[bucket(A_PICTURE, change->subject)] = s->changes;
		break;
	case CHANGE_ACCOUNT:
		s->changed[bucket(AN_ACCOUNT, change->subject)] = s->changes;
		break;
	default:
		break;
	}
	lock_release(&s->lock);
}

static bool is_true_still(const struct sights *s, const struct sight *one) REQUIRES_LOCK(s->lock)
{
	return s->changed_all <= one->learnt &&
	       s->changed[bucket(A_NOTE, one->note.v)] <= one->learnt &&
	       s->changed[bucket(A_PICTURE, one->id.v)] <= one->learnt &&
	       s->changed[bucket(AN_ACCOUNT, one->account.v)] <= one->learnt;
}

// False when nothing is known; out->learnt is then what learning begins with.
static bool recall(struct sights *s, str name, struct sight *out)
{
	bool known = false;
	size_t set = str_hash(name) % SETS;
	lock_take(&s->lock);
	out->learnt = s->changes;
	for (int i = 0; i < WAYS && !known; i++) {
		const struct sight *one = &s->sets[set][i];
		known = one->used && memcmp(one->name, name.p, NAME_SIZE) == 0 &&
			is_true_still(s, one);
		if (known)
			*out = *one;
	}
	lock_release(&s->lock);
	return known;
}

static void remember(struct sights *s, str name, const struct sight *learnt)
{
	size_t set = str_hash(name) % SETS;
	lock_take(&s->lock);
	struct sight *at = NULL;
	for (int i = 0; i < WAYS; i++) {
		struct sight *one = &s->sets[set][i];
		if (one->used && memcmp(one->name, name.p, NAME_SIZE) == 0) {
			at = one;
			break;
		}
		if (!one->used && !at)
			at = one;
	}
	if (!at)
		at = &s->sets[set][s->next++ % WAYS];
	*at = *learnt;
	memcpy(at->name, name.p, NAME_SIZE);
	at->used = true;
	lock_release(&s->lock);
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

static err learn(struct ctx *ctx, str name, struct sight *s)
{
	struct media_behind_row row;
	TRY(media_behind(ctx, name, &row));
	s->id = row.id;
	s->account = row.account;
	s->note = row.note;
	s->use = (uint8_t)row.use;
	s->is_public = row.use == USE_MARK || (row.use != USE_NOTE && row.standing == 0);
	if (s->note.v)
		TRY(ask_as_stranger(ctx, s, &s->is_public));
	remember(ctx->house->media->sights, name, s);
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
	struct media_file file = {.type = type_of(part)};
	if (name.n != NAME_SIZE || !file.type)
		return ERR_NOT_FOUND;
	if (!recall(ctx->house->media->sights, name, &s))
		TRY(learn(ctx, name, &s));
	TRY(may_have(ctx, &s));
	file.is_public = s.is_public;
	TRY(blobs_get(ctx->house->blobs, name, part, &file.fd, &file.size));
	*out = file;
	return OK;
}
