// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Covers: a picture cut to the ratio of its note's card. The crop belongs to the row; covers made
// for another crop have other names, so a browser never shows an old cut under a new address.
#include "media/private.h"

#include "words/words.h"

#include <unistd.h>

// What columns of cards ask for: a desk's at 1, a phone's at under 2, either at more.
static const int cover_widths[] = {270, 360, 540};
#define COVER_JPEG_WIDTH 540
#define COVER_QUALITY 82

struct cut {
	int64_t ratio, x, y, w, h;
};

struct aspect ratio_aspect(enum ratio ratio)
{
	static const struct aspect aspects[] = {
		[RATIO_3_4] = {3, 4}, [RATIO_1_1] = {1, 1}, [RATIO_4_3] = {4, 3}};
	must(ratio >= RATIO_3_4 && ratio <= RATIO_4_3);
	return aspects[ratio];
}

// A crop that lies outside the picture counts as none.
static struct crop sound(struct crop c)
{
	const int one = (int)MEDIA_CROP_ONE;
	bool ok = c.x >= 0 && c.y >= 0 && c.w > 0 && c.h > 0 && c.x < one && c.y < one &&
		  c.w <= one - c.x && c.h <= one - c.y;
	return ok ? c : (struct crop){0};
}

static bool cut_read(str crop, struct cut *out)
{
	struct cut c;
	int64_t *const fields[] = {&c.ratio, &c.x, &c.y, &c.w, &c.h};
	str rest = crop;
	for (ptrdiff_t i = 0; i < COUNT(fields); i++)
		if (!str_int(str_cut(&rest, ' '), fields[i]))
			return false;
	if (c.ratio < RATIO_3_4 || c.ratio > RATIO_4_3)
		return false;
	*out = c;
	return true;
}

struct covering {
	media_id id;
	enum ratio ratio;
	struct crop crop;
};

static err choose(struct ctx *ctx, void *arg)
{
	const struct covering *c = arg;
	struct crop crop = sound(c->crop);
	struct media_row row;
	TRY(media_get(ctx, c->id, &row));
	if (row.kind != MEDIA_PICTURE || state_of(&row) != MEDIA_READY || row.use != USE_NOTE)
		return fail(ctx, ERR_INVALID, "pictures", W_media_not_ready);
	str text =
		str_fmt(ctx->mem, "%d %d %d %d %d", (int)c->ratio, crop.x, crop.y, crop.w, crop.h);
	if (str_eq(text, row.crop))
		return OK;
	TRY(media_set_crop(ctx, row.id, text));
	change_add(ctx, &picture_changed, row.id.v, row.account.v, row.owner.v);
	return media_job_later(ctx, S("media.covers"), &row, RANK_LATER);
}

err media_cover(struct ctx *ctx, media_id id, enum ratio ratio, struct crop crop)
{
	struct covering c = {id, ratio, crop};
	return ratio == RATIO_TEXT ? OK : store_write(ctx, choose, &c);
}

struct cutting {
	const struct media_row *row;
	struct cut cut;
	struct making made;
	str covers;
	int64_t bytes, changed;
};

// Of a page of text the middle says nothing: uncut, its cover is where it begins.
static void begin_at_top(const struct media_row *row, struct cut *c)
{
	struct aspect a = ratio_aspect((enum ratio)c->ratio);
	struct picture p = {.width = (int)row->width, .height = (int)row->height};
	if (c->w || picture_shape(&p) != SHAPE_TALL)
		return;
	c->w = MEDIA_CROP_ONE;
	c->h = row->width * a.height * MEDIA_CROP_ONE / (a.width * row->height);
	c->h = MIN(MAX(c->h, 1), MEDIA_CROP_ONE);
}

static struct media_rendition wish(const struct cut *c, int width, enum media_format format)
{
	struct aspect a = ratio_aspect((enum ratio)c->ratio);
	return (struct media_rendition){
		.format = (uint32_t)format,
		.width = (uint32_t)width,
		.quality = COVER_QUALITY,
		.crop_left = (uint32_t)c->x,
		.crop_top = (uint32_t)c->y,
		.crop_width = (uint32_t)c->w,
		.crop_height = (uint32_t)c->h,
		.aspect_width = (uint32_t)a.width,
		.aspect_height = (uint32_t)a.height,
	};
}

static err set_covers(struct ctx *ctx, void *arg)
{
	struct cutting *c = arg;
	const struct media_row *row = c->row;
	TRY(media_set_covers(
		ctx, row->id, row->name, row->crop, row->covers, c->covers, c->bytes, &c->changed));
	return c->changed ? making_told(ctx, row->id) : OK;
}

// One that would be as wide as the widest there is, is that one: the part has no more pixels.
static bool is_missing(const struct widths *have, int width)
{
	for (int i = 0; i < have->n; i++)
		if (have->at[i] == width)
			return false;
	return !have->n || width < have->at[have->n - 1];
}

static err wishes(struct ctx *ctx, struct cutting *c)
{
	struct widths have = widths_read(c->row->covers);
	for (ptrdiff_t i = 0; i < COUNT(cover_widths); i++)
		if (is_missing(&have, cover_widths[i]))
			TRY(making_add(ctx, &c->made, wish(&c->cut, cover_widths[i], MEDIA_WEBP)));
	if (have.n)
		return OK;
	return making_add(ctx, &c->made, wish(&c->cut, COVER_JPEG_WIDTH, MEDIA_JPEG));
}

static void name_parts(struct ctx *ctx, struct cutting *c)
{
	struct widths widths = widths_read(c->row->covers);
	for (int i = 0; i < c->made.n; i++) {
		const struct picture_output *made = &c->made.at[i];
		bool jpeg = made->wish.format == MEDIA_JPEG;
		if (!jpeg)
			widths_add(&widths, made->width);
		c->made.parts[i] =
			part_of_cover(ctx->mem, made->width, c->row->crop, jpeg ? "jpg" : "webp");
	}
	c->covers = widths_write(ctx->mem, &widths);
}

static err render(struct ctx *ctx, struct cutting *c)
{
	int master;
	int64_t size;
	TRY(wishes(ctx, c));
	if (!c->made.n)
		return OK;
	TRY(blobs_get(ctx->house->blobs, c->row->name, S("master.jpg"), &master, &size));
	err code = picture_render(ctx, ctx->house->media->decoder, master, c->made.at, c->made.n);
	close(master);
	TRY(code);
	name_parts(ctx, c);
	TRY(making_put(ctx, &c->made, c->row->name, &c->bytes));
	TRY(store_write(ctx, set_covers, c));
	return c->changed ? OK : making_late(ctx, c->row);
}

err make_covers(struct ctx *ctx, const struct media_row *row)
{
	struct cutting c = {.row = row};
	if (row->kind != MEDIA_PICTURE || state_of(row) != MEDIA_READY ||
		!cut_read(row->crop, &c.cut))
		return OK;
	begin_at_top(row, &c.cut);
	err code = render(ctx, &c);
	making_close(ctx, &c.made);
	return code;
}

err job_covers(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_row row;
	bool gone;
	(void)arg;
	TRY(row_of_job(ctx, job, &row, &gone));
	return gone ? OK : make_covers(ctx, &row);
}

// Covers made before there were as many widths get the others: one job walks over all pictures, a
// handful at a time, and leaves the rest to its next turn.
#define WIDEN_AT_ONCE 16

static err widen_rest(struct ctx *ctx, void *arg)
{
	const media_id *last = arg;
	struct job_new job = {.kind = S("media.widen"), .subject = last->v};
	return jobs_add(ctx, &job, NULL);
}

err job_widen(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_row *rows;
	ptrdiff_t n;
	(void)arg;
	TRY(media_covered_after(ctx, (media_id){job->subject}, WIDEN_AT_ONCE, &rows, &n));
	for (ptrdiff_t i = 0; i < n; i++) {
		err code = make_covers(ctx, &rows[i]);
		// A master that is gone or cannot be read keeps the covers it has; so does one with
		// which something is wrong each time, or it would stop all that follow.
		bool its_own = code == ERR_NOT_FOUND || is_its_fault(code);
		if (code != OK && !its_own && (code == ERR_FULL || !job->last))
			return code;
	}
	return n < WIDEN_AT_ONCE ? OK : store_write(ctx, widen_rest, &rows[n - 1].id);
}
