/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tools of the canvas: dice, colour, paths, fills that know where the light is, cheap texture.
 * Soft edges are gradients or a few wide strokes, never a blur: a picture must take milliseconds.
 */
#include "paint.h"

#include <math.h>

static const struct palette palettes[] = {
	{{0.984, 0.945, 0.878}, {0.961, 0.765, 0.482}, {0.886, 0.455, 0.282}, {0.760, 0.243, 0.196},
		{0.290, 0.137, 0.161}}, /* persimmon */
	{{0.957, 0.941, 0.886}, {0.776, 0.835, 0.659}, {0.451, 0.627, 0.490}, {0.925, 0.549, 0.286},
		{0.137, 0.255, 0.259}}, /* jade tea */
	{{0.988, 0.937, 0.914}, {0.949, 0.769, 0.706}, {0.847, 0.537, 0.498}, {0.722, 0.243, 0.318},
		{0.302, 0.169, 0.239}}, /* rose clay */
	{{1.000, 0.957, 0.847}, {0.965, 0.796, 0.380}, {0.870, 0.575, 0.240}, {0.855, 0.380, 0.270},
		{0.235, 0.208, 0.330}}, /* mustard dusk */
	{{0.957, 0.949, 0.914}, {0.733, 0.855, 0.820}, {0.420, 0.675, 0.670}, {0.937, 0.506, 0.392},
		{0.118, 0.243, 0.302}}, /* sea glass */
	{{0.973, 0.945, 0.949}, {0.863, 0.773, 0.867}, {0.659, 0.545, 0.722}, {0.957, 0.655, 0.400},
		{0.204, 0.161, 0.310}}, /* lilac evening */
};

const struct palette *palette_at(unsigned long n)
{
	return &palettes[n % (sizeof palettes / sizeof palettes[0])];
}

static uint64_t next(struct art *a)
{
	uint64_t z = (a->rng += 0x9e3779b97f4a7c15U);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

double rnd(struct art *a, double lo, double hi)
{
	return lo + (hi - lo) * (double)(next(a) >> 11) / 9007199254740992.0;
}

int pick(struct art *a, int n)
{
	return (int)(next(a) % (unsigned)n);
}

bool chance(struct art *a, double p)
{
	return rnd(a, 0, 1) < p;
}

struct rgb hex(unsigned value)
{
	return (struct rgb){
		(value >> 16 & 255) / 255.0, (value >> 8 & 255) / 255.0, (value & 255) / 255.0};
}

struct rgb mix(struct rgb a, struct rgb b, double t)
{
	return (struct rgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

struct rgb shade(struct rgb c, double t)
{
	return t < 0 ? mix(c, (struct rgb){0.15, 0.09, 0.16}, -t)
		     : mix(c, (struct rgb){1, 0.965, 0.9}, t);
}

struct rgb vary(struct art *a, struct rgb c, double amount)
{
	return shade(c, rnd(a, -amount, amount));
}

struct rgb tint(struct art *a, struct rgb c)
{
	return mix(c, a->p.mid, 0.12);
}

struct rgb any(struct art *a)
{
	const struct rgb set[] = {a->p.light, a->p.mid, a->p.pop, a->p.deep};

	return set[pick(a, 4)];
}

void rect(struct art *a, double x, double y, double w, double h)
{
	cairo_rectangle(a->cr, x, y, w, h);
}

void box(struct art *a, double x, double y, double w, double h, double r)
{
	if (r > w / 2)
		r = w / 2;
	if (r > h / 2)
		r = h / 2;
	cairo_new_sub_path(a->cr);
	cairo_arc(a->cr, x + w - r, y + r, r, -M_PI_2, 0);
	cairo_arc(a->cr, x + w - r, y + h - r, r, 0, M_PI_2);
	cairo_arc(a->cr, x + r, y + h - r, r, M_PI_2, M_PI);
	cairo_arc(a->cr, x + r, y + r, r, M_PI, 3 * M_PI_2);
	cairo_close_path(a->cr);
}

void oval(struct art *a, double x, double y, double rx, double ry)
{
	wedge(a, x, y, rx, ry, 0, 2 * M_PI);
	cairo_close_path(a->cr);
}

void wedge(struct art *a, double x, double y, double rx, double ry, double from, double to)
{
	cairo_matrix_t saved;

	if (rx <= 0 || ry <= 0)
		return;
	cairo_get_matrix(a->cr, &saved);
	cairo_translate(a->cr, x, y);
	cairo_scale(a->cr, rx, ry);
	cairo_new_sub_path(a->cr);
	cairo_arc(a->cr, 0, 0, 1, from, to);
	cairo_set_matrix(a->cr, &saved);
}

void curve(struct art *a, const double *xy, size_t n, bool closed)
{
	size_t last = closed ? n : n - 1;

	cairo_new_sub_path(a->cr);
	cairo_move_to(a->cr, xy[0], xy[1]);
	for (size_t i = 0; i < last; i++) {
		size_t i0 = closed ? (i + n - 1) % n : (i ? i - 1 : 0);
		size_t i2 = (i + 1) % n, i3 = closed ? (i + 2) % n : (i + 2 < n ? i + 2 : n - 1);
		const double *p0 = xy + 2 * i0, *p1 = xy + 2 * i, *p2 = xy + 2 * i2,
			     *p3 = xy + 2 * i3;

		cairo_curve_to(a->cr, p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6,
			p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6, p2[0], p2[1]);
	}
	if (closed)
		cairo_close_path(a->cr);
}

void polygon(struct art *a, const double *xy, size_t n)
{
	cairo_new_sub_path(a->cr);
	for (size_t i = 0; i < n; i++)
		cairo_line_to(a->cr, xy[2 * i], xy[2 * i + 1]);
	cairo_close_path(a->cr);
}

void blob(struct art *a, double x, double y, double rx, double ry, double wobble, int n)
{
	double xy[64];
	double phase = rnd(a, 0, 1);

	if (n > 32)
		n = 32;
	for (int i = 0; i < n; i++) {
		double t = 2 * M_PI * (i + phase) / n, k = 1 + rnd(a, -wobble, wobble);

		xy[2 * i] = x + cos(t) * rx * k;
		xy[2 * i + 1] = y + sin(t) * ry * k;
	}
	curve(a, xy, (size_t)n, true);
}

void line_to(struct art *a, double x0, double y0, double x1, double y1)
{
	cairo_move_to(a->cr, x0, y0);
	cairo_line_to(a->cr, x1, y1);
}

static void source(struct art *a, struct rgb c, double alpha)
{
	cairo_set_source_rgba(a->cr, c.r, c.g, c.b, alpha);
}

static void stop(cairo_pattern_t *g, double at, struct rgb c, double alpha)
{
	cairo_pattern_add_color_stop_rgba(g, at, c.r, c.g, c.b, alpha);
}

static void pour(struct art *a, cairo_pattern_t *g)
{
	cairo_set_source(a->cr, g);
	cairo_fill(a->cr);
	cairo_pattern_destroy(g);
}

void flat(struct art *a, struct rgb c, double alpha)
{
	source(a, c, alpha);
	cairo_fill(a->cr);
}

void fade(struct art *a, double x0, double y0, double x1, double y1, struct rgb c0, double a0,
	struct rgb c1, double a1)
{
	cairo_pattern_t *g = cairo_pattern_create_linear(x0, y0, x1, y1);

	stop(g, 0, c0, a0);
	stop(g, 1, c1, a1);
	pour(a, g);
}

void down(struct art *a, struct rgb top, struct rgb bottom)
{
	double x0, y0, x1, y1;

	cairo_path_extents(a->cr, &x0, &y0, &x1, &y1);
	fade(a, 0, y0, 0, y1, top, 1, bottom, 1);
}

static cairo_pattern_t *across(double x0, double y0, double x1, double y1)
{
	return cairo_pattern_create_linear(x0 + (x1 - x0) * 0.15, y0, x1 - (x1 - x0) * 0.15, y1);
}

void lit(struct art *a, struct rgb c)
{
	double x0, y0, x1, y1;
	cairo_pattern_t *g;

	cairo_path_extents(a->cr, &x0, &y0, &x1, &y1);
	g = across(x0, y0, x1, y1);
	stop(g, 0, shade(c, 0.2), 1);
	stop(g, 0.45, c, 1);
	stop(g, 1, shade(c, -0.24), 1);
	pour(a, g);
}

void solid(struct art *a, struct rgb c)
{
	double x0, y0, x1, y1, size;
	cairo_pattern_t *g;

	cairo_path_extents(a->cr, &x0, &y0, &x1, &y1);
	size = fmin(x1 - x0, y1 - y0);
	cairo_save(a->cr);
	g = across(x0, y0, x1, y1);
	stop(g, 0, shade(c, 0.16), 1);
	stop(g, 0.45, c, 1);
	stop(g, 1, shade(c, -0.2), 1);
	cairo_set_source(a->cr, g);
	cairo_fill_preserve(a->cr);
	cairo_pattern_destroy(g);
	cairo_clip_preserve(a->cr);
	g = across(x0, y0, x1, y1);
	stop(g, 0, shade(c, 0.75), 0.55);
	stop(g, 0.42, shade(c, 0.6), 0);
	stop(g, 0.58, shade(c, -0.6), 0);
	stop(g, 1, shade(c, -0.6), 0.38);
	cairo_set_source(a->cr, g);
	cairo_set_line_width(a->cr, size * 0.16);
	cairo_stroke_preserve(a->cr);
	if (x1 - x0 > 12) {
		cairo_set_line_width(a->cr, size * 0.06);
		cairo_stroke_preserve(a->cr);
	}
	cairo_new_path(a->cr);
	cairo_pattern_destroy(g);
	cairo_restore(a->cr);
}

void stroke(struct art *a, struct rgb c, double width, double alpha)
{
	source(a, c, alpha);
	cairo_set_line_width(a->cr, width);
	cairo_stroke(a->cr);
}

void drop(struct art *a, double dx, double dy, double blur, double alpha)
{
	enum { layers = 5 };
	cairo_path_t *path = cairo_copy_path(a->cr);

	cairo_save(a->cr);
	cairo_new_path(a->cr);
	cairo_translate(a->cr, dx, dy);
	cairo_append_path(a->cr, path);
	source(a, (struct rgb){0.13, 0.06, 0.12}, alpha / layers);
	for (int i = 0; i < layers; i++) {
		cairo_set_line_width(a->cr, 0.01 + 2 * blur * i / (layers - 1));
		if (i)
			cairo_stroke_preserve(a->cr);
		cairo_fill_preserve(a->cr);
	}
	cairo_restore(a->cr);
	cairo_new_path(a->cr);
	cairo_append_path(a->cr, path);
	cairo_path_destroy(path);
}

void glow(struct art *a, double x, double y, double r, struct rgb c, double alpha)
{
	cairo_pattern_t *g = cairo_pattern_create_radial(x, y, 0, x, y, r);

	stop(g, 0, c, alpha);
	stop(g, 0.35, c, alpha * 0.5);
	stop(g, 1, c, 0);
	oval(a, x, y, r, r);
	pour(a, g);
}

void contact(struct art *a, double x, double y, double rx, double ry, double alpha)
{
	cairo_pattern_t *g = cairo_pattern_create_radial(0, 0, 0, 0, 0, 1);
	struct rgb c = {0.13, 0.06, 0.12};

	stop(g, 0, c, alpha);
	stop(g, 0.55, c, alpha * 0.75);
	stop(g, 1, c, 0);
	cairo_save(a->cr);
	cairo_translate(a->cr, x, y);
	cairo_scale(a->cr, rx, ry);
	cairo_new_path(a->cr);
	cairo_arc(a->cr, 0, 0, 1, 0, 2 * M_PI);
	pour(a, g);
	cairo_restore(a->cr);
}

void push(struct art *a, double x, double y, double scale, double turn)
{
	cairo_save(a->cr);
	cairo_translate(a->cr, x, y);
	cairo_rotate(a->cr, turn);
	cairo_scale(a->cr, scale, scale);
}

void stretch(struct art *a, double sx, double sy)
{
	cairo_scale(a->cr, sx, sy);
}

void pop(struct art *a)
{
	cairo_restore(a->cr);
}

void clip(struct art *a)
{
	cairo_clip(a->cr);
}

void paint_all(struct art *a, struct rgb top, struct rgb bottom)
{
	rect(a, -60, -60, a->w + 120, a->h + 120);
	fade(a, 0, 0, 0, a->h, top, 1, bottom, 1);
}

void specks(struct art *a, double x, double y, double w, double h, int n, double size, struct rgb c,
	double alpha)
{
	for (int i = 0; i < n; i++) {
		double px = x + rnd(a, 0, w), py = y + rnd(a, 0, h), r = size * rnd(a, 0.35, 1);

		if (size < 0.6)
			rect(a, px, py, 1.6 * r, 1.6 * r);
		else
			oval(a, px, py, r, r);
	}
	flat(a, c, alpha);
}

void dashes(struct art *a, double x, double y, double w, double h, int n, double length,
	double width, struct rgb c, double alpha)
{
	for (int i = 0; i < n; i++) {
		double px = x + rnd(a, 0, w), py = y + rnd(a, 0, h), l = length * rnd(a, 0.3, 1);

		line_to(a, px, py, px + l, py);
	}
	stroke(a, c, width, alpha);
}

void steam(struct art *a, double x, double y, double scale)
{
	struct rgb c = {1, 0.98, 0.95};

	push(a, x, y, scale, 0);
	for (int i = 0; i < 3; i++) {
		double ox = (i - 1) * 9 + rnd(a, -2, 2), k = rnd(a, 0.8, 1.25),
		       side = i % 2 ? 1 : -1;

		for (int j = 0; j < 5; j++) {
			cairo_pattern_t *g = cairo_pattern_create_linear(0, 0, 0, -32 * k);

			stop(g, 0, c, 0);
			stop(g, 0.35, c, 0.075);
			stop(g, 1, c, 0);
			CURVE(a, ox, 0, ox + 4 * side, -7 * k, ox - 3 * side, -15 * k,
				ox + 4 * side, -24 * k, ox + 1 * side, -32 * k);
			cairo_set_source(a->cr, g);
			cairo_set_line_width(a->cr, 1 + 2.2 * j);
			cairo_stroke(a->cr);
			cairo_pattern_destroy(g);
		}
	}
	pop(a);
}

void bokeh(struct art *a, double x, double y, double w, double h, int n, double size)
{
	const struct rgb warm[] = {
		hex(0xffd98a), hex(0xffb36b), hex(0xfff0cf), a->p.light, a->p.pop};

	for (int i = 0; i < n; i++) {
		double px = x + rnd(a, 0, w), py = y + rnd(a, 0, h), r = size * rnd(a, 0.4, 1);
		struct rgb c = warm[pick(a, 5)];

		oval(a, px, py, r, r);
		flat(a, c, rnd(a, 0.12, 0.34));
		oval(a, px, py, r * 0.94, r * 0.94);
		stroke(a, shade(c, 0.4), r * 0.08, 0.25);
	}
}

void sunbeams(struct art *a, double alpha)
{
	double x = rnd(a, -10, a->w * 0.35), slope = rnd(a, 0.35, 0.7), wide = rnd(a, 20, 30);
	struct rgb c = a->tod == NIGHT ? hex(0xffc978) : hex(0xfff3d4);

	for (int i = 0; i < 3; i++) {
		double bx = x + i * (wide + 5);

		for (int j = 0; j < 3; j++) {
			double e = j * 1.4;

			POLY(a, bx - e, -20, bx + wide + e, -20,
				bx + wide + e + slope * (a->h + 40), a->h + 20,
				bx - e + slope * (a->h + 40), a->h + 20);
			flat(a, c, alpha / 3);
		}
	}
}
