/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sky, weather, hills and water: the far half of an outdoor picture. Plants and houses are in grove.c. */
#include "scape.h"

#include <math.h>

struct hour {
	unsigned top, middle, low;
};

static const struct hour hours[] = {
	[MORNING] = {0xa9cdd0, 0xdfe3d3, 0xfde0bd},
	[NOON] = {0x79b9c6, 0xb5dad6, 0xf3f0db},
	[GOLDEN] = {0x87a9ac, 0xf3c58b, 0xf7a465},
	[DUSK] = {0x4d4272, 0xb8648a, 0xf6a878},
	[NIGHT] = {0x171c3c, 0x33315c, 0x7a5479},
};

struct rgb sky_low(struct art *a)
{
	return mix(hex(hours[a->tod].low), a->p.light, 0.18);
}

struct rgb day_colour(struct art *a, struct rgb c)
{
	switch (a->tod) {
	case MORNING:
		return mix(c, hex(0xfdf0dc), 0.1);
	case GOLDEN:
		return mix(c, hex(0xf09a55), 0.2);
	case DUSK:
		return mix(shade(c, -0.22), hex(0x7a4a7c), 0.28);
	case NIGHT:
		return mix(shade(c, -0.4), hex(0x2a2a55), 0.42);
	case NOON:
	default:
		return c;
	}
}

struct rgb leaf_colour(struct art *a)
{
	static const unsigned leaves[4][4] = {
		{0x9dbf6b, 0x7aa85c, 0xf3b9c1, 0xb7cf7d},
		{0x4f8a55, 0x6fa25a, 0x3d7355, 0x86ad57},
		{0xe08a3a, 0xc9532f, 0xe9b44a, 0xa8703a},
		{0x6d8577, 0x55716a, 0x8a9a8c, 0x4b625f},
	};

	return day_colour(a, mix(hex(leaves[a->season][pick(a, 4)]), a->p.mid, 0.08));
}

struct rgb meadow(struct art *a)
{
	static const unsigned fields[4] = {0x9cbd66, 0x7fab58, 0xc9a14c, 0xe3e1da};

	return day_colour(a, mix(vary(a, hex(fields[a->season]), 0.1), a->p.mid, 0.08));
}

void sky(struct art *a, double bottom)
{
	const struct hour *h = &hours[a->tod];
	struct rgb top = mix(hex(h->top), a->tod == NIGHT ? a->p.deep : a->p.mid, 0.2);
	struct rgb mid = mix(hex(h->middle), a->p.light, a->tod == NIGHT ? 0.06 : 0.2);
	double half = bottom * 0.55;

	rect(a, -60, -60, a->w + 120, half + 61);
	fade(a, 0, -10, 0, half, top, 1, mid, 1);
	rect(a, -60, half, a->w + 120, a->h + 60 - half);
	fade(a, 0, half, 0, bottom, mid, 1, sky_low(a), 1);
}

void sun(struct art *a, double x, double y, double r)
{
	struct rgb c = a->tod == NOON || a->tod == MORNING ? hex(0xfff4d6) : hex(0xffdf9e);

	glow(a, x, y, r * 5, c, 0.5);
	oval(a, x, y, r, r);
	fade(a, 0, y - r, 0, y + r, shade(c, 0.6), 1, a->tod >= GOLDEN ? hex(0xff9a62) : c, 1);
}

void moon(struct art *a, double x, double y, double r)
{
	struct rgb c = hex(0xfdf0cd);

	glow(a, x, y, r * 4.5, c, 0.42);
	oval(a, x, y, r, r);
	lit(a, c);
	for (int i = 0; i < 6; i++) {
		double t = rnd(a, 0, 6.28), d = r * rnd(a, 0.1, 0.62), k = r * rnd(a, 0.08, 0.22);

		oval(a, x + cos(t) * d, y + sin(t) * d, k, k * 0.85);
		flat(a, hex(0xdcc596), 0.4);
	}
}

void stars(struct art *a, double bottom, int n)
{
	for (int i = 0; i < n; i++) {
		double y = rnd(a, 0, 1), r = rnd(a, 0.08, 0.3);

		oval(a, rnd(a, 0, a->w), y * y * bottom, r, r);
	}
	flat(a, hex(0xfff6df), 0.85);
}

void cloud(struct art *a, double x, double y, double size, double alpha)
{
	struct rgb top =
		a->tod == NIGHT ? hex(0x6f6690) : shade(mix(hex(0xfffaf0), sky_low(a), 0.15), 0.2);
	struct rgb low = a->tod == NIGHT ? hex(0x3a3866) : mix(top, sky_low(a), 0.65);

	push(a, x, y, size, 0);
	box(a, -14, -3.2, 28, 4.4, 2.2);
	for (int i = 0; i < 5; i++) {
		double px = -9 + i * 4.5 + rnd(a, -1, 1), r = rnd(a, 2.6, 4.2) + (i == 2 ? 1.8 : 0);

		oval(a, px, -3, r, r);
	}
	fade(a, 0, -9, 0, 1.5, top, alpha, low, alpha);
	for (int i = 0; i < 3; i++)
		oval(a, -8 + i * 5 + rnd(a, -1, 1), -3.6, 2.4, 2.2);
	fade(a, 0, -8, 0, -1, top, alpha * 0.7, top, 0);
	pop(a);
}

void clouds(struct art *a, double top, double bottom, int n)
{
	for (int i = 0; i < n; i++) {
		double t = (i + rnd(a, 0, 1)) / n;

		cloud(a, rnd(a, 0, a->w), top + (bottom - top) * t, rnd(a, 0.55, 1.5),
			rnd(a, 0.55, 0.95));
	}
}

void ridge(struct art *a, double y, double amp, double step, struct rgb top, struct rgb bottom)
{
	double xy[2 * 64], p = rnd(a, 0, 6.28), q = rnd(a, 0, 6.28);
	size_t n = 0;

	for (double x = -30; x < a->w + 30 + step && n < 60; x += step) {
		xy[2 * n] = x;
		xy[2 * n + 1] = y - amp * (0.55 * sin(x * 0.05 + p) + 0.3 * sin(x * 0.13 + q) +
						  0.15 * rnd(a, -1, 1));
		n++;
	}
	curve(a, xy, n, false);
	cairo_line_to(a->cr, xy[2 * n - 2], a->h + 60);
	cairo_line_to(a->cr, -30, a->h + 60);
	cairo_close_path(a->cr);
	fade(a, 0, y - amp, 0, y + amp * 2 + 14, top, 1, bottom, 1);
}

void water(struct art *a, double y0, double y1, struct rgb far, struct rgb near)
{
	far = mix(far, near, 0.28);
	near = mix(near, hex(0x1f4a5c), 0.2);
	rect(a, -60, y0, a->w + 120, y1 - y0);
	fade(a, 0, y0, 0, y1, far, 1, near, 1);
	for (int band = 0; band < 4; band++) {
		double t = band / 4.0, top = y0 + (y1 - y0) * t * t,
		       high = (y1 - y0) * (0.1 + 0.16 * band);

		dashes(a, -20, top + 0.6, a->w + 30, high, 26 - band * 3, 5 + 9 * band,
			0.22 + 0.24 * band, shade(far, 0.55), 0.3);
		dashes(a, -20, top + 0.6, a->w + 30, high, 18, 6 + 9 * band, 0.25 + 0.25 * band,
			shade(near, -0.35), 0.18);
	}
}

void reflection(
	struct art *a, double x, double y, double length, double width, struct rgb c, double alpha)
{
	for (int i = 0; i < 14; i++) {
		double t = (i + rnd(a, 0, 0.6)) / 14, w = width * (0.5 + t) * rnd(a, 0.4, 1);

		line_to(a, x - w + rnd(a, -w, w) * 0.4, y + t * length, x + w, y + t * length);
		stroke(a, c, 0.3 + length * 0.016, alpha * (1 - t * 0.8));
	}
}

void snowfall(struct art *a, int n)
{
	specks(a, -5, -5, a->w + 10, a->h + 10, n, 0.62, hex(0xffffff), 0.75);
	specks(a, -5, -5, a->w + 10, a->h + 10, n / 4, 1.2, hex(0xffffff), 0.5);
}

void rain(struct art *a, int n, double alpha)
{
	for (int i = 0; i < n; i++) {
		double x = rnd(a, -10, a->w + 10), y = rnd(a, -10, a->h), l = rnd(a, 3, 8);

		line_to(a, x, y, x - l * 0.18, y + l);
	}
	stroke(a, hex(0xf2f4f0), 0.22, alpha);
}

void birds(struct art *a, double x, double y, int n, double size, struct rgb c)
{
	for (int i = 0; i < n; i++) {
		double px = x + rnd(a, -9, 9), py = y + rnd(a, -4, 4), k = size * rnd(a, 0.6, 1.1);

		CURVE(a, px - 2 * k, py - 0.7 * k, px - k, py - 1.1 * k, px, py, px + k,
			py - 1.1 * k, px + 2 * k, py - 0.6 * k);
		stroke(a, c, 0.35 * k, 0.8);
	}
}
