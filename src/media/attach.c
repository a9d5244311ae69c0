// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A note's pictures become exactly these, in this order. Notes decide who may edit; here is decided
// only that each picture is the viewer's own, ready, and in no other note.
#include "media/private.h"

#include "words/words.h"

struct attaching {
	note_id note;
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

static err check(struct ctx *ctx, const struct attaching *a, const struct media_row *row)
{
	bool own = row && row->use == USE_NOTE && row->account.v == ctx->viewer.account.v &&
		   (!row->note.v || row->note.v == a->note.v);
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
	TRY(media_lock(
		ctx, ids, a->n, &found, &n_found)); // two notes at once get it one after the other
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
	TRY(media_of_note(ctx, a->note, &before, &n));
	media_id *gone = NEW_N(ctx->mem, media_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!row_of(a->rows, a->n, before[i].id))
			gone[n_gone++] = before[i].id;
	return media_remove(ctx, gone, n_gone);
}

static err attach(struct ctx *ctx, void *arg)
{
	struct attaching *a = arg;
	TRY(load(ctx, a));
	for (ptrdiff_t i = 0; i < a->n; i++)
		if (!a->rows[i].note.v) {
			TRY(media_check_disk(ctx));
			break;
		}
	TRY(remove_others(ctx, a));
	for (ptrdiff_t i = 0; i < a->n; i++) {
		const struct media_row *row = &a->rows[i];
		if (row->note.v && row->place == i && str_eq(row->alt, a->places[i].alt))
			continue;
		TRY(media_set_place(ctx, row->id, a->note, i, a->places[i].alt));
		change_add(ctx, &picture_changed, row->id.v, row->account.v, a->note.v);
	}
	return OK;
}

err media_attach(struct ctx *ctx, note_id note, const struct picture_place *places, ptrdiff_t n)
{
	struct attaching a = {.note = note, .places = places, .n = n};
	if (n > PICTURES_MOST)
		return fail_n(ctx, ERR_INVALID, "pictures", W_error_too_many_files, PICTURES_MOST);
	return store_write(ctx, attach, &a);
}

err media_check_profile(struct ctx *ctx, media_id id, enum media_use use)
{
	struct media_row row;
	err code = media_get(ctx, id, &row);
	if (code != OK && code != ERR_NOT_FOUND)
		return code;
	static const char *const fields[] = {
		[USE_AVATAR] = "avatar", [USE_COVER] = "cover", [USE_MARK] = "mark"};
	const char *field = fields[use];
	if (code != OK || row.account.v != ctx->viewer.account.v || row.use != (int64_t)use)
		return fail(ctx, ERR_INVALID, field, W_media_not_yours);
	if (state_of(&row) != MEDIA_READY)
		return fail(ctx, ERR_INVALID, field, W_media_not_ready);
	return OK;
}
