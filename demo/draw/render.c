/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Framing and darkroom. The frame decides by the seed which palette, hour, season, view and side of the
 * light a scene gets, walking through them so that neighbouring seeds differ. The darkroom adds vignette,
 * tone and grain in one pass over the pixels.
 */
#include "render.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "name.h"
#include "scenes.h"
#include "text.h"

struct format {
	const char *ratio;
	int w, h;
	double units; /* of the shorter side */
};

static const struct format formats[] = {
	{"3x4", 1080, 1440, 100},
	{"1x1", 1200, 1200, 100},
	{"4x3", 1280, 960, 100},
	{"avatar", 640, 640, 100},
	{"cover", 1500, 500, 78},
};

static const struct format *format_of(const char *ratio)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (!strcmp(ratio, formats[i].ratio))
			return &formats[i];
	return NULL;
}

static void mood(struct art *a, const struct request *r)
{
	unsigned long h = 5381;

	for (const char *p = r->scene; *p; p++)
		h = h * 33 + (unsigned char)*p;
	a->rng = (uint64_t)h * 0x9e3779b97f4a7c15U + (uint64_t)r->seed * 0xd1b54a32d192ed03U;
	a->p = *palette_at(h + r->seed * 5 + r->seed / 6);
	a->tod = (enum tod)((h / 7 + r->seed * 3 + r->seed / 5) % 5);
	a->season = (enum season)((h / 11 + r->seed + r->seed / 4) % 4);
	a->view = (enum view)((h / 13 + r->seed + r->seed / 3) % 3);
	(void)rnd(a, 0, 1);
}

/* Puts the subject where a headline leaves room, and the camera at its place. */
static void frame(struct art *a, const struct scene *scene, const struct request *r, double band)
{
	bool avatar = !strcmp(r->ratio, "avatar");
	double top = scene->flags & SCENE_LOW ? 0 : band, free = a->h - band;
	double zoom = avatar ? 1.3 : 1, turn = 0;

	a->wide = !strcmp(r->ratio, "cover");
	a->cx = a->wide ? a->w * (chance(a, 0.5) ? 0.36 : 0.62)
			: a->w / 2 + (avatar ? 0 : rnd(a, -3, 3));
	a->cy = top + free / 2;
	a->s = fmin(a->w, free) / 100 * (band > 0 ? 1.04 : a->wide ? 1.3 : rnd(a, 1.0, 1.14));
	a->horizon = top + free * (band > 0 ? rnd(a, 0.36, 0.46) : rnd(a, 0.46, 0.58));
	if (!(scene->flags & SCENE_LEVEL) && a->view == TOP)
		turn = rnd(a, -0.09, 0.09);
	else if (!(scene->flags & SCENE_LEVEL))
		turn = rnd(a, -0.02, 0.02);
	if (a->view == CLOSE && band <= 0 && !avatar && !(scene->flags & SCENE_LETTERS))
		zoom = rnd(a, 1.02, 1.22);
	cairo_translate(
		a->cr, a->cx + (zoom - 1) * rnd(a, -20, 20), a->cy + (zoom - 1) * rnd(a, -8, 8));
	cairo_rotate(a->cr, turn);
	cairo_scale(a->cr, zoom, zoom);
	cairo_translate(a->cr, -a->cx, -a->cy);
	if (!(scene->flags & SCENE_LETTERS) && chance(a, 0.5)) {
		cairo_translate(a->cr, a->w, 0);
		cairo_scale(a->cr, -1, 1);
		a->cx = a->w - a->cx;
	}
}

struct darkroom {
	signed char grain[256 * 256];
	unsigned char curve[3][256];
	unsigned short *across; /* vignette by column, 1/256 */
};

static void develop_with(struct darkroom *d, const struct art *a, int w)
{
	static const double warm[5][3] = {{1.01, 1.0, 0.985}, {1.0, 1.0, 0.985}, {1.03, 1.0, 0.95},
		{1.02, 0.985, 1.0}, {1.0, 0.99, 1.02}};
	struct art dice = {.rng = 1};

	for (size_t i = 0; i < sizeof d->grain; i++)
		d->grain[i] =
			(signed char)lround(rnd(&dice, -1, 1) * 3.2 + rnd(&dice, -1, 1) * 3.2);
	for (int c = 0; c < 3; c++)
		for (int v = 0; v < 256; v++) {
			double t = v / 255.0, s = t * t * (3 - 2 * t);
			double out = (0.03 + 0.985 * (t * 0.7 + s * 0.3)) * warm[a->tod][c];

			d->curve[c][v] = (unsigned char)lround(fmin(1, out) * 255);
		}
	for (int x = 0; x < w; x++) {
		double t = (x + 0.5) / w * 2 - 1;

		d->across[x] = (unsigned short)lround(t * t * t * t * 17);
	}
}

static uint32_t tone(const struct darkroom *d, int c, int value, int keep, int grain)
{
	int v = (d->curve[c][value] * keep >> 8) + grain;

	return (uint32_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* A channel moved a seventh further from grey. */
static int vivid(int value, int grey)
{
	int v = value + (value - grey) / 7;

	return v < 0 ? 0 : v > 255 ? 255 : v;
}

static void develop(cairo_surface_t *s, const struct art *a)
{
	int w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s);
	size_t stride = (size_t)cairo_image_surface_get_stride(s);
	unsigned char *rows;
	struct darkroom *d = calloc(1, sizeof *d);

	cairo_surface_flush(s);
	rows = cairo_image_surface_get_data(s);
	if (d)
		d->across = calloc((size_t)w, sizeof *d->across);
	if (d && d->across) {
		develop_with(d, a, w);
		for (int y = 0; y < h; y++) {
			uint32_t *row = (uint32_t *)(void *)(rows + (size_t)y * stride);
			const signed char *grain = d->grain + (y & 255) * 256;
			double t = (y + 0.5) / h * 2 - 1;
			int edge = (int)lround(t * t * t * t * 17);

			for (int x = 0; x < w; x++) {
				int keep = 256 - edge - d->across[x], g = grain[x & 255];
				int red = row[x] >> 16 & 255, green = row[x] >> 8 & 255,
				    blue = row[x] & 255;
				int grey = (red * 77 + green * 151 + blue * 28) >> 8;

				row[x] = tone(d, 0, vivid(red, grey), keep, g) << 16 |
					 tone(d, 1, vivid(green, grey), keep, g) << 8 |
					 tone(d, 2, vivid(blue, grey), keep, g);
			}
		}
		free(d->across);
	}
	free(d);
	cairo_surface_mark_dirty(s);
}

cairo_surface_t *render(const struct request *r, double scale)
{
	const struct scene *scene = scene_named(r->scene);
	const struct format *f = format_of(r->ratio);
	bool titled = r->headline && *r->headline;
	struct art a = {0};
	cairo_surface_t *s;
	double unit, band;

	if (!scene || !f)
		return NULL;
	unit = fmin(f->w, f->h) * scale / f->units;
	s = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)lround(f->w * scale), (int)lround(f->h * scale));
	a.cr = cairo_create(s);
	a.w = f->w * scale / unit;
	a.h = f->h * scale / unit;
	band = titled ? headline_height(a.w, a.h) : 0;
	cairo_scale(a.cr, unit, unit);
	cairo_set_line_cap(a.cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(a.cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_tolerance(a.cr, 0.25);
	mood(&a, r);
	cairo_save(a.cr);
	frame(&a, scene, r, band);
	scene->draw(&a);
	cairo_restore(a.cr);
	if (titled)
		headline(&a, scene->flags & SCENE_LOW ? a.h - band : 0, band, r->headline);
	cairo_destroy(a.cr);
	develop(s, &a);
	return s;
}

static bool write_jpeg(cairo_surface_t *s, const char *path)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr error;
	FILE *file = fopen(path, "wb");

	if (!file)
		return false;
	jpeg.err = jpeg_std_error(&error);
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, file);
	jpeg.image_width = (JDIMENSION)cairo_image_surface_get_width(s);
	jpeg.image_height = (JDIMENSION)cairo_image_surface_get_height(s);
	jpeg.input_components = 4;
	jpeg.in_color_space = JCS_EXT_BGRX;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, 88, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	while (jpeg.next_scanline < jpeg.image_height) {
		JSAMPROW row =
			cairo_image_surface_get_data(s) +
			(size_t)jpeg.next_scanline * (size_t)cairo_image_surface_get_stride(s);

		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	return fclose(file) == 0;
}

bool render_jpeg(const struct request *r, const char *path)
{
	cairo_surface_t *s = render(r, 1);
	char temporary[4096];
	bool ok;
	int n = snprintf(temporary, sizeof temporary, "%s.part", path);

	errno = 0;
	if (!s)
		return false;
	ok = n > 0 && (size_t)n < sizeof temporary && write_jpeg(s, temporary) &&
	     !rename(temporary, path);
	cairo_surface_destroy(s);
	return ok;
}
