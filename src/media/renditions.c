// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The further widths of a note's picture, from its master. Never wider than the master; which exist
// stands in the row, so a second run finds nothing to do.
#include "media/private.h"

#include <unistd.h>

static const int ladder[] = {360, 720, 1080};

struct widening {
	const struct media_row *row;
	struct making made;
	str widths;
	int64_t bytes, changed;
};

static err set_widths(struct ctx *ctx, void *arg)
{
	struct widening *w = arg;
	const struct media_row *row = w->row;
	TRY(media_set_widths(
		ctx, row->id, row->name, row->widths, w->widths, w->bytes, &w->changed));
	return w->changed ? making_told(ctx, row->id) : OK;
}

static bool has(const struct widths *w, int width)
{
	for (int i = 0; i < w->n; i++)
		if (w->at[i] == width)
			return true;
	return false;
}

static err missing(struct ctx *ctx, struct widening *w)
{
	struct widths have = widths_read(w->row->widths);
	for (ptrdiff_t i = 0; i < COUNT(ladder); i++) {
		int width = (int)MIN(ladder[i], w->row->width);
		if (has(&have, width))
			continue;
		TRY(making_add(ctx, &w->made, picture_webp(width)));
		widths_add(&have, width);
	}
	return OK;
}

static err render(struct ctx *ctx, struct widening *w)
{
	struct widths all = widths_read(w->row->widths);
	int master;
	int64_t size;
	TRY(missing(ctx, w));
	if (!w->made.n)
		return OK;
	TRY(blobs_get(ctx->house->blobs, w->row->name, S("master.jpg"), &master, &size));
	err code = picture_render(ctx, ctx->house->media->decoder, master, w->made.at, w->made.n);
	close(master);
	TRY(code);
	for (int i = 0; i < w->made.n; i++) {
		w->made.parts[i] = part_of_picture(ctx->mem, w->made.at[i].width);
		widths_add(&all, w->made.at[i].width);
	}
	w->widths = widths_write(ctx->mem, &all);
	TRY(making_put(ctx, &w->made, w->row->name, &w->bytes));
	TRY(store_write(ctx, set_widths, w));
	return w->changed ? OK : making_late(ctx, w->row);
}

err make_renditions(struct ctx *ctx, const struct media_row *row)
{
	struct widening w = {.row = row};
	if (row->kind != MEDIA_PICTURE || state_of(row) != MEDIA_READY || row->use != USE_NOTE)
		return OK;
	err code = render(ctx, &w);
	making_close(ctx, &w.made);
	return code;
}

err job_renditions(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_row row;
	bool gone;
	(void)arg;
	TRY(row_of_job(ctx, job, &row, &gone));
	return gone ? OK : make_renditions(ctx, &row);
}
