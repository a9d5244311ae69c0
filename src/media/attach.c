// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What belongs to something becomes exactly these, in this order. Its room decides who may edit; here is
// decided only that each picture is the viewer's own, ready, and belongs to nothing else.
#include "media/private.h"

#include "community/community.h"
#include "permit/permit.h"
#include "words/words.h"

struct attaching {
	struct media_owner owner;
	const struct picture_place *places;
	ptrdiff_t n;
	struct media_row *rows; // in the order of places
};

static const struct media_row *row_of(const struct media_row *rows, ptrdiff_t n, media_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].id.v == id.v)
			return &rows[i];
	return NULL;
}

static bool belongs(const struct media_row *row, struct media_owner owner)
{
	return row->owner.v == owner.id && str_eq(row->owner_kind, str_from(owner.kind->name));
}

static err check(struct ctx *ctx, const struct attaching *a, const struct media_row *row)
{
	bool own = row && row->use == USE_NOTE && row->account.v == ctx->viewer.account.v &&
		   (!row->owner.has || belongs(row, a->owner));
	if (!own)
		return fail(ctx, ERR_INVALID, "pictures", W_media_not_yours);
	if (state_of(row) != MEDIA_READY)
		return fail(ctx, ERR_INVALID, "pictures", W_media_not_ready);
	return OK;
}

static err load(struct ctx *ctx, struct attaching *a)
{
	struct media_row *found;
	ptrdiff_t n_found;
	media_id *ids = NEW_N(ctx->mem, media_id, a->n);
	a->rows = NEW_N(ctx->mem, struct media_row, a->n);
	for (ptrdiff_t i = 0; i < a->n; i++) {
		for (ptrdiff_t k = 0; k < i; k++)
			if (ids[k].v == a->places[i].id.v)
				return fail(ctx, ERR_INVALID, "pictures", W_media_twice);
		ids[i] = a->places[i].id;
	}
	TRY(media_lock(ctx, ids, a->n, &found,
		&n_found)); // two who want it at once get it one after the other
	for (ptrdiff_t i = 0; i < a->n; i++) {
		const struct media_row *row = row_of(found, n_found, ids[i]);
		TRY(check(ctx, a, row));
		a->rows[i] = *row;
	}
	return OK;
}

static err remove_others(struct ctx *ctx, const struct attaching *a)
{
	struct media_row *before;
	ptrdiff_t n, n_gone = 0;
	TRY(media_of(ctx, str_from(a->owner.kind->name), a->owner.id, &before, &n));
	media_id *gone = NEW_N(ctx->mem, media_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!row_of(a->rows, a->n, before[i].id))
			gone[n_gone++] = before[i].id;
	return media_remove(ctx, gone, n_gone);
}

static err give(struct ctx *ctx, const struct media_row *row, struct media_owner owner,
	int64_t place, str alt)
{
	TRY(media_set_place(ctx, row->id, str_from(owner.kind->name), owner.id, place, alt));
	change_add(ctx, &picture_changed, row->id.v, row->account.v, owner.id);
	return OK;
}

static err attach(struct ctx *ctx, void *arg)
{
	struct attaching *a = arg;
	TRY(load(ctx, a));
	for (ptrdiff_t i = 0; i < a->n; i++)
		if (!a->rows[i].owner.has) {
			TRY(media_check_disk(ctx));
			break;
		}
	TRY(remove_others(ctx, a));
	for (ptrdiff_t i = 0; i < a->n; i++) {
		const struct media_row *row = &a->rows[i];
		if (row->owner.has && row->place == i && str_eq(row->alt, a->places[i].alt))
			continue;
		TRY(give(ctx, row, a->owner, i, a->places[i].alt));
	}
	return OK;
}

err media_attach(
	struct ctx *ctx, struct media_owner owner, const struct picture_place *places, ptrdiff_t n)
{
	struct attaching a = {.owner = owner, .places = places, .n = n};
	if (n > PICTURES_MOST)
		return fail_n(ctx, ERR_INVALID, "pictures", W_error_too_many_files, PICTURES_MOST);
	return store_write(ctx, attach, &a);
}

// --- one for a use ------------------------------------------------------------------------------

static err check_one(struct ctx *ctx, const struct media_row *row, enum media_use use)
{
	static const char *const fields[] = {
		[USE_AVATAR] = "avatar", [USE_COVER] = "cover", [USE_MARK] = "mark"};
	const char *field = fields[use];
	bool own = row && row->account.v == ctx->viewer.account.v && row->use == (int64_t)use;
	if (!own)
		return fail(ctx, ERR_INVALID, field, W_media_not_yours);
	return state_of(row) == MEDIA_READY ? OK : fail(ctx, ERR_INVALID, field, W_media_not_ready);
}

struct attaching_one {
	struct media_owner owner;
	enum media_use use;
	media_id id;
};

// Nobody is served the one before any more: whoever removes a picture does not wait until others' have
// been made.
static err remove_former(struct ctx *ctx, const struct attaching_one *a, bool *there)
{
	struct media_row *rows;
	ptrdiff_t n, n_gone = 0;
	TRY(media_of(ctx, str_from(a->owner.kind->name), a->owner.id, &rows, &n));
	media_id *gone = NEW_N(ctx->mem, media_id, n);
	*there = false;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (rows[i].use != (int64_t)a->use)
			continue;
		if (rows[i].id.v == a->id.v)
			*there = true;
		else
			gone[n_gone++] = rows[i].id;
	}
	return media_remove(ctx, gone, n_gone);
}

static err attach_one(struct ctx *ctx, void *arg)
{
	const struct attaching_one *a = arg;
	struct media_row *row;
	ptrdiff_t n;
	bool there;
	TRY(remove_former(ctx, a, &there));
	if (!a->id.v || there)
		return OK;
	TRY(media_lock(ctx, &a->id, 1, &row, &n));
	TRY(check_one(ctx, n && !row->owner.has ? row : NULL, a->use));
	return give(ctx, row, a->owner, a->use, row->alt);
}

err media_attach_one(struct ctx *ctx, struct media_owner owner, enum media_use use, media_id id)
{
	struct attaching_one a = {owner, use, id};
	return store_write(ctx, attach_one, &a);
}

static err show_mark(struct ctx *ctx, void *arg)
{
	const media_id *id = arg;
	struct media_row row = {0};
	TRY(media_attach_one(ctx, media_of_community, USE_MARK, *id));
	if (id->v)
		TRY(media_get(ctx, *id, &row));
	return setting_write(ctx, S("mark"), row.name);
}

err media_set_mark(struct ctx *ctx, media_id id)
{
	return permit_write(ctx, &act_administer, show_mark, &id);
}
