/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Out of town: trails, snow, sea, desert, camp and the window of a train. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

static void lights(struct art *a, double hy)
{
	if (a->tod == NIGHT) {
		stars(a, hy, 130);
		moon(a, a->w * rnd(a, 0.2, 0.8), hy * 0.35, rnd(a, 3.5, 5));
	} else {
		sun(a, a->w * rnd(a, 0.2, 0.8), hy * rnd(a, 0.4, 0.8), rnd(a, 4.5, 7));
	}
	clouds(a, 4, hy * 0.7, 4);
}

static void peak(
	struct art *a, double x, double base, double w, double h, struct rgb c, double snow)
{
	double l = w * rnd(a, 0.42, 0.58), k = h * 0.3;

	POLY(a, x, base, x + l * 0.5, base - h * 0.46, x + l * 0.72, base - h * 0.66, x + l,
		base - h, x + l + (w - l) * 0.3, base - h * 0.7, x + l + (w - l) * 0.55,
		base - h * 0.42, x + w, base);
	fade(a, 0, base - h, 0, base, c, 1, mix(c, sky_low(a), 0.6), 1);
	POLY(a, x + l, base - h, x + l + (w - l) * 0.3, base - h * 0.7, x + l + (w - l) * 0.55,
		base - h * 0.42, x + w, base, x + l * 1.05, base, x + l * 0.96, base - h * 0.5,
		x + l * 1.06, base - h * 0.72);
	fade(a, 0, base - h, 0, base, shade(c, -0.3), 0.8, sky_low(a), 0.05);
	if (snow > 0) {
		double r = w - l;

		POLY(a, x + l, base - h, x + l + r * 0.24, base - h + k * 0.8, x + l + r * 0.12,
			base - h + k * 0.7, x + l + r * 0.06, base - h + k * 1.15, x + l - l * 0.07,
			base - h + k * 0.75, x + l - l * 0.14, base - h + k * 1.1, x + l * 0.76,
			base - h + k * 0.92);
		flat(a, day_colour(a, hex(0xfdf8f2)), snow);
		POLY(a, x + l, base - h, x + l + r * 0.24, base - h + k * 0.8, x + l + r * 0.12,
			base - h + k * 0.7, x + l, base - h + k * 0.6);
		flat(a, day_colour(a, hex(0xb9b6cf)), 0.7);
	}
}

static void hiker(struct art *a, double x, double y, double h, struct rgb coat)
{
	person(a, x, y, h, coat, 0.08);
	box(a, x - h * 0.2, y - h * 0.74, h * 0.2, h * 0.3, h * 0.06);
	solid(a, mix(a->p.mid, a->p.deep, 0.3));
	line_to(a, x + h * 0.22, y - h * 0.46, x + h * 0.3, y + h * 0.01);
	stroke(a, hex(0x5a4038), h * 0.025, 1);
}

static void mountain_trail(struct art *a)
{
	double hy = a->horizon + 6;
	struct rgb rock, green;

	sky(a, hy);
	lights(a, hy);
	rock = day_colour(a, mix(hex(0x76808c), a->p.deep, 0.25));
	green = meadow(a);
	for (int i = 0; i < 3; i++)
		peak(a, a->w * (0.36 * i - 0.24), hy + 4, a->w * rnd(a, 0.55, 0.8),
			rnd(a, 26, 50) * a->s, vary(a, rock, 0.1), 0.95);
	rect(a, -60, hy - 10, a->w + 120, 14);
	fade(a, 0, hy - 10, 0, hy + 4, sky_low(a), 0, sky_low(a), 0.8);
	ridge(a, hy + 3, 7, 6, mix(green, sky_low(a), 0.45), mix(green, sky_low(a), 0.2));
	for (int i = 0; i < 16; i++)
		conifer(a, rnd(a, -4, a->w + 4), hy + rnd(a, 4, 9), rnd(a, 6, 12),
			mix(green, a->p.deep, 0.35), a->season == WINTER ? 0.8 : 0);
	ridge(a, hy + 16, 8, 8, shade(green, 0.1), shade(green, -0.15));
	{
		double x = a->w * rnd(a, 0.45, 0.6);

		cairo_new_sub_path(a->cr);
		cairo_move_to(a->cr, x, hy + 13);
		cairo_curve_to(a->cr, x + 18, hy + 22, x - 30, hy + 26, a->w * 0.34, a->h * 0.78);
		cairo_curve_to(
			a->cr, a->w * 0.42, a->h * 0.9, a->w * 0.4, a->h, a->w * 0.3, a->h + 20);
		cairo_line_to(a->cr, a->w * 0.72, a->h + 20);
		cairo_curve_to(a->cr, a->w * 0.7, a->h * 0.95, a->w * 0.62, a->h * 0.86,
			a->w * 0.55, a->h * 0.78);
		cairo_curve_to(a->cr, x, hy + 30, x + 26, hy + 21, x + 1.4, hy + 13);
		cairo_close_path(a->cr);
		down(a, day_colour(a, hex(0xf0dcb2)), day_colour(a, hex(0xc49d6e)));
	}
	for (int i = 0; i < 7; i++) {
		double r = rnd(a, 2, 5.5);

		blob(a, chance(a, 0.5) ? rnd(a, 0, a->w * 0.3) : rnd(a, a->w * 0.7, a->w),
			rnd(a, a->h * 0.75, a->h), r, r * 0.7, 0.15, 8);
		drop(a, 0.4, 0.6, 0.6, 0.3);
		solid(a, day_colour(a, hex(0xa39a92)));
	}
	conifer(a, a->w * 0.06, a->h * 0.98, 44 * a->s, mix(green, a->p.deep, 0.45),
		a->season == WINTER ? 0.9 : 0);
	conifer(a, a->w * 0.93, a->h * 0.93, 36 * a->s, mix(green, a->p.deep, 0.4),
		a->season == WINTER ? 0.9 : 0);
	conifer(a, a->w * 0.2, a->h * 0.86, 24 * a->s, mix(green, a->p.deep, 0.35),
		a->season == WINTER ? 0.9 : 0);
	hiker(a, a->w * 0.47, a->h * 0.87, (a->view == CLOSE ? 38 : 24) * a->s, a->p.pop);
	if (a->view == WIDE)
		hiker(a, a->w * 0.41, a->h * 0.73, 13 * a->s, a->p.light);
	grass(a, -5, a->h + 4, a->w * 0.4, 60, 10, shade(green, -0.2));
	for (int i = 0; i < 20 && a->season != WINTER; i++)
		flower(a, rnd(a, 0, a->w), a->h - rnd(a, 0, 12), rnd(a, 0.7, 1.5),
			i % 2 ? a->p.pop : hex(0xfdf2dc));
	if (a->season == WINTER)
		snowfall(a, 70);
	else
		birds(a, a->w * 0.4, hy * 0.5, 5, 0.9, shade(rock, -0.3));
}

static void snow_field(struct art *a)
{
	double hy = a->horizon + 6, base = a->cy + 24 * a->s;
	struct rgb snow, shadow;

	a->season = WINTER;
	sky(a, hy);
	lights(a, hy);
	snow = day_colour(a, hex(0xfcf7f0));
	shadow = mix(snow, a->tod == NIGHT ? hex(0x4a4a80) : hex(0xa9b3cc), 0.5);
	for (int i = 0; i < 2; i++)
		peak(a, a->w * (0.5 * i - 0.2), hy + 3, a->w * 0.75, rnd(a, 20, 34) * a->s,
			mix(sky_low(a), a->p.deep, 0.3), 0.9);
	for (double x = -4; x < a->w + 4; x += rnd(a, 3, 8))
		conifer(a, x, hy + 2, rnd(a, 7, 17), day_colour(a, hex(0x4d6d68)), 0.85);
	ridge(a, hy + 4, 3, 8, snow, mix(snow, shadow, 0.7));
	ridge(a, hy + 20, 5, 9, snow, mix(snow, shadow, 0.6));
	if (a->view != CLOSE) {
		double x = a->cx - 16 * a->s, w = 30 * a->s, h = 17 * a->s;

		rect(a, x, base - h, w, h);
		fade(a, x, 0, x + w, 0, day_colour(a, hex(0xa0643f)), 1,
			day_colour(a, hex(0x6a4030)), 1);
		for (int i = 1; i < 5; i++)
			line_to(a, x, base - h * i / 5, x + w, base - h * i / 5);
		stroke(a, hex(0x4a2c24), 0.35, 0.5);
		for (int i = 0; i < 2; i++)
			box(a, x + w * (0.12 + 0.52 * i), base - h * 0.72, w * 0.24, h * 0.36, 0.4);
		flat(a, hex(0xffd27c), 1);
		rect(a, x + w * 0.42, base - h * 0.6, w * 0.16, h * 0.6);
		flat(a, hex(0x4a2c24), 1);
		glow(a, x + w * 0.24, base - h * 0.5, w * 0.5, hex(0xffc76b),
			a->tod >= DUSK ? 0.6 : 0.25);
		rect(a, x + w * 0.7, base - h * 2.05, w * 0.12, h * 0.8);
		flat(a, day_colour(a, hex(0x8a5a48)), 1);
		SHAPE(a, x - w * 0.16, base - h * 0.9, x + w * 0.5, base - h * 1.95, x + w * 1.16,
			base - h * 0.9, x + w * 0.9, base - h * 0.98, x + w * 0.5, base - h * 1.02,
			x + w * 0.1, base - h * 0.98);
		solid(a, snow);
		steam(a, x + w * 0.76, base - h * 2.05, 0.7);
	}
	ridge(a, base + 1, 2, 8, snow, mix(snow, shadow, 0.8));
	for (int i = 0; i < 16; i++) {
		double t = i / 16.0, y = base + 3 + (a->h - base) * t;

		oval(a, a->cx + sin(t * 5) * 8 - (i % 2) * 2 - t * 12, y, 0.6 + t * 1.3,
			0.35 + t * 0.7);
	}
	flat(a, shadow, 0.9);
	if (a->view == CLOSE) {
		double x = a->cx;

		contact(a, x + 4, base + 12 * a->s, 24 * a->s, 4, 0.3);
		for (int i = 0; i < 3; i++) {
			double r = (17 - i * 4.2) * a->s;

			oval(a, x, base + (-3 - i * 19 + i * i * 1.6) * a->s, r, r * 0.95);
			solid(a, mix(snow, hex(0xffffff), 0.4));
		}
		push(a, x, base - 34 * a->s, a->s, 0);
		oval(a, -3, -1, 1, 1.2);
		oval(a, 4, -1, 1, 1.2);
		oval(a, 1, 16, 1, 1);
		oval(a, 1, 22, 1, 1);
		flat(a, hex(0x3a3038), 1);
		SHAPE(a, 0, 1, 0, 3.4, 10, 3.4);
		solid(a, hex(0xee8a3a));
		box(a, -9, 6.4, 18, 4, 2);
		box(a, 4, 8, 4.4, 15, 1.6);
		solid(a, a->p.pop);
		box(a, -10, -9, 20, 3, 1.4);
		box(a, -6.5, -19, 13, 11, 1.6);
		solid(a, a->p.deep);
		pop(a);
	} else {
		hiker(a, a->cx + 22 * a->s, base + 8, 15 * a->s, a->p.pop);
	}
	conifer(a, a->w * 0.07, a->h + 2, 50 * a->s, day_colour(a, hex(0x45625f)), 0.95);
	conifer(a, a->w * 0.94, a->h + 5, 40 * a->s, day_colour(a, hex(0x45625f)), 0.95);
	snowfall(a, 150);
}

static void parasol(struct art *a, double x, double y, double r, struct rgb c)
{
	line_to(a, x, y, x + r * 0.1, y + r * 1.5);
	stroke(a, hex(0xfaf0e0), r * 0.06, 1);
	for (int i = 0; i < 6; i++) {
		cairo_new_sub_path(a->cr);
		cairo_move_to(a->cr, x, y - r * 0.75);
		cairo_curve_to(a->cr, x - r + i * r / 3, y - r * 0.6, x - r + i * r / 3,
			y - r * 0.2, x - r + i * r / 3, y);
		cairo_curve_to(a->cr, x - r + (i + 0.3) * r / 3, y + r * 0.09,
			x - r + (i + 0.7) * r / 3, y + r * 0.09, x - r + (i + 1) * r / 3, y);
		cairo_curve_to(a->cr, x - r + (i + 1) * r / 3, y - r * 0.2, x - r + (i + 1) * r / 3,
			y - r * 0.6, x, y - r * 0.75);
		cairo_close_path(a->cr);
		flat(a, shade(i % 2 ? hex(0xfdf3e2) : c, 0.12 - 0.06 * i), 1);
	}
}

static void beach_above(struct art *a)
{
	struct rgb sand, sea;

	sea = mix(hex(0x49a6a6), a->p.mid, 0.2);
	sand = mix(hex(0xf2dcae), a->p.light, 0.15);
	paint_all(a, sea, shade(sea, -0.25));
	for (int i = 0; i < 4; i++) {
		double y = a->h * 0.5 + i * 3 - 8;

		CURVE(a, -40, y - 5, a->w * 0.2, y + 3, a->w * 0.45, y - 5, a->w * 0.7, y + 5,
			a->w + 40, y - 5);
		cairo_line_to(a->cr, a->w + 60, a->h + 60);
		cairo_line_to(a->cr, -60, a->h + 60);
		cairo_close_path(a->cr);
		flat(a,
			i == 3   ? sand
			: i == 2 ? shade(sand, -0.14)
				 : hex(0xffffff),
			i < 2 ? 0.45 : 1);
	}
	specks(a, -10, a->h * 0.55, a->w + 20, a->h * 0.5, 220, 0.4, shade(sand, -0.4), 0.4);
	for (int i = 0; i < 3; i++) {
		double x = a->w * (0.2 + 0.3 * i), y = a->h * 0.8 + (i % 2) * 12;

		push(a, x + 4, y, a->s, -0.3);
		box(a, -5, -11, 10, 24, 1);
		drop(a, 1, 1.4, 1, 0.3);
		lit(a, i % 2 ? hex(0xfaf2e4) : a->p.mid);
		for (int j = 0; j < 5; j++)
			rect(a, -5, -9 + j * 4.6, 10, 1.6);
		flat(a, a->p.pop, 0.7);
		pop(a);
		for (int j = 0; j < 8; j++) {
			wedge(a, x - 6, y - 8, 11 * a->s, 11 * a->s, j * 0.7854, (j + 1) * 0.7854);
			cairo_line_to(a->cr, x - 6, y - 8);
			cairo_close_path(a->cr);
			if (!j)
				contact(a, x, y - 2, 13, 11, 0.35);
			wedge(a, x - 6, y - 8, 11 * a->s, 11 * a->s, j * 0.7854, (j + 1) * 0.7854);
			cairo_line_to(a->cr, x - 6, y - 8);
			cairo_close_path(a->cr);
			flat(a,
				shade(j % 2 ? hex(0xfdf5e6) : (i % 2 ? a->p.light : a->p.pop),
					j > 2 && j < 6 ? 0.12 : -0.08),
				1);
		}
	}
	dashes(a, 0, 0, a->w, a->h * 0.42, 40, 7, 0.4, hex(0xffffff), 0.4);
	birds(a, a->w * 0.5, a->h * 0.2, 5, 1.5, hex(0xfffaf0));
}

static void beach(struct art *a)
{
	double hy = a->horizon - 4, shore = a->cy + 8 * a->s;
	struct rgb sand;

	if (a->view == TOP) {
		beach_above(a);
		return;
	}
	sky(a, hy);
	lights(a, hy);
	sand = day_colour(a, mix(hex(0xf3dfb6), a->p.light, 0.2));
	ridge(a, hy - 4, 5, 7, mix(sky_low(a), a->p.deep, 0.3), sky_low(a));
	water(a, hy, shore + 40, mix(sky_low(a), hex(0x5aa9a8), 0.45),
		day_colour(a, mix(hex(0x3f9aa0), a->p.mid, 0.2)));
	for (int i = 0; i < 4; i++) {
		double y = shore + i * 3.2 - 5;

		CURVE(a, -40, y + 3, a->w * 0.25, y - 3, a->w * 0.5, y + 2, a->w * 0.8, y - 3,
			a->w + 40, y + 3);
		cairo_line_to(a->cr, a->w + 60, a->h + 60);
		cairo_line_to(a->cr, -60, a->h + 60);
		cairo_close_path(a->cr);
		if (i == 3)
			down(a, sand, shade(sand, -0.18));
		else
			flat(a, i == 2 ? shade(sand, -0.16) : day_colour(a, hex(0xfffdf6)),
				i == 2 ? 1 : 0.5);
	}
	specks(a, -5, shore + 10, a->w + 10, a->h, 160, 0.4, shade(sand, -0.4), 0.4);
	if (a->view == CLOSE) {
		for (int i = 0; i < 8; i++)
			leaf(a, a->w * 0.02, a->h * 0.06, rnd(a, 40, 60), 4, 0.1 + i * 0.24,
				vary(a, leaf_colour(a), 0.15));
		for (int i = 0; i < 5; i++) {
			double x = rnd(a, 6, a->w - 6), y = rnd(a, shore + 28, a->h - 4),
			       r = rnd(a, 1.6, 3);

			for (int j = 0; j < 5; j++)
				line_to(a, x, y, x + cos(j * 1.2566) * r,
					y + sin(j * 1.2566) * r * 0.8);
			stroke(a, i % 2 ? hex(0xe98a5a) : hex(0xf7c9a8), r * 0.5, 1);
		}
	}
	for (int i = 0; i < 18; i++) {
		double t = i / 18.0;

		oval(a, a->w * (0.2 + 0.5 * t) + (i % 2) * 3, a->h + 2 - t * 26 + sin(t * 7) * 2,
			1.5 - t, 0.8 - t * 0.5);
	}
	flat(a, shade(sand, -0.3), 0.55);
	push(a, a->w * 0.83, a->h - 13 * a->s, a->s, 0);
	contact(a, 2, 7, 9, 2, 0.4);
	oval(a, 0, 0, 7, 7);
	solid(a, hex(0xfdf5e6));
	SHAPE(a, 0, -7, 4.4, -4, 6, 3, 1, 0);
	SHAPE(a, -1, 0, -6.4, 2, -4, 5.6, 1, 6.8);
	SHAPE(a, -2, -2, -6, -3, -3, -6, -1, -6.6);
	flat(a, a->p.pop, 0.95);
	pop(a);
	contact(a, a->cx + 14, shore + 34 * a->s, 30, 5, 0.35);
	parasol(a, a->cx - 3, shore - 8 * a->s, 27 * a->s, a->p.pop);
	for (int i = -1; i <= 1; i += 2) {
		push(a, a->cx + i * 14 * a->s, shore + 33 * a->s, a->s, 0);
		POLY(a, -9, -3, 7, -3, 11, -13, 13.4, -12, 9, 0, -9, 0);
		lit(a, i < 0 ? a->p.mid : a->p.light);
		line_to(a, -6, 0, -8, 5);
		line_to(a, 6, 0, 8, 5);
		stroke(a, hex(0x9a6a48), 1, 1);
		pop(a);
	}
	birds(a, a->w * 0.5, hy * 0.5, 6, 1.1, day_colour(a, hex(0xfffaf0)));
}

static void desert_road(struct art *a)
{
	double hy = a->horizon + 4, vx = a->w * rnd(a, 0.4, 0.6);
	struct rgb sand, tar;

	sky(a, hy);
	lights(a, hy);
	sand = day_colour(a, mix(hex(0xe2a868), a->p.light, 0.25));
	tar = day_colour(a, mix(hex(0x6a5a5c), a->p.deep, 0.2));
	for (int i = 0; i < 4; i++) {
		double x = a->w * rnd(a, -0.1, 0.9), w = rnd(a, 14, 34), h = rnd(a, 8, 22) * a->s;

		POLY(a, x - 4, hy + 2, x + w * 0.1, hy - h * 0.7, x + w * 0.14, hy - h,
			x + w * 0.82, hy - h, x + w * 0.88, hy - h * 0.66, x + w + 5, hy + 2);
		fade(a, x, 0, x + w, 0, mix(day_colour(a, hex(0xd9784a)), sky_low(a), 0.25), 1,
			mix(day_colour(a, hex(0x8a4a44)), sky_low(a), 0.35), 1);
		for (int j = 1; j < 4; j++)
			line_to(a, x + w * 0.06, hy - h * 0.24 * j, x + w * 0.92,
				hy - h * 0.24 * j + 0.5);
		stroke(a, day_colour(a, hex(0xf0a878)), 0.5, 0.4);
	}
	ridge(a, hy + 1, 2, 8, shade(sand, 0.12), sand);
	ridge(a, hy + 14, 4, 9, shade(sand, 0.06), shade(sand, -0.15));
	POLY(a, vx - 1, hy + 1, vx + 1, hy + 1, vx + a->w * 0.42, a->h + 30, vx - a->w * 0.42,
		a->h + 30);
	fade(a, 0, hy, 0, a->h, mix(tar, sky_low(a), 0.5), 1, shade(tar, -0.15), 1);
	for (int i = 0; i < 9; i++) {
		double t0 = i / 9.0, t1 = (i + 0.5) / 9, y0 = hy + 2 + (a->h + 10 - hy) * t0 * t0,
		       y1 = hy + 2 + (a->h + 10 - hy) * t1 * t1;

		POLY(a, vx - 0.1 - t0 * 1.3, y0, vx + 0.1 + t0 * 1.3, y0, vx + 0.1 + t1 * 1.5, y1,
			vx - 0.1 - t1 * 1.5, y1);
	}
	flat(a, day_colour(a, hex(0xfbe9b4)), 0.95);
	for (int i = 0; i < 7; i++) {
		double t = rnd(a, 0.15, 1), side = i % 2 ? 1 : -1, y = hy + (a->h - hy) * t * t + 4;
		double x = vx + side * (7 + a->w * rnd(a, 0.42, 0.55) * t * t + rnd(a, 0, 9)),
		       h = 5 + 26 * t * t * a->s;
		struct rgb c = day_colour(a, hex(0x5f8a55));

		contact(a, x + h * 0.2, y, h * 0.4, h * 0.07, 0.4);
		box(a, x - h * 0.09, y - h, h * 0.18, h, h * 0.09);
		solid(a, c);
		CURVE(a, x, y - h * 0.4, x - h * 0.26, y - h * 0.42, x - h * 0.28, y - h * 0.72);
		stroke(a, c, h * 0.12, 1);
		CURVE(a, x, y - h * 0.3, x + h * 0.24, y - h * 0.33, x + h * 0.26, y - h * 0.58);
		stroke(a, shade(c, -0.2), h * 0.12, 1);
		flower(a, x, y - h, h * 0.08, a->p.pop);
	}
	if (a->view != WIDE) {
		push(a, vx + 9 * a->s, a->h * 0.86, a->s * (a->view == CLOSE ? 1.35 : 0.9), 0);
		contact(a, 0, 0, 20, 3.5, 0.55);
		box(a, -15, -22, 30, 20, 5);
		solid(a, day_colour(a, a->p.pop));
		box(a, -15, -14, 30, 12, 2.5);
		solid(a, day_colour(a, hex(0xfaf0de)));
		box(a, -11.5, -20, 23, 7.5, 2);
		fade(a, 0, -20, 0, -12, hex(0xf6e6c8), 1, day_colour(a, hex(0x6f8f98)), 1);
		for (int i = -1; i <= 1; i += 2) {
			box(a, i * 11 - 2.8, -5, 5.6, 6, 1.5);
			flat(a, hex(0x3a3038), 1);
			box(a, i * 12 - 1.8, -10, 3.6, 3, 1);
			flat(a, hex(0xe8432f), 1);
		}
		box(a, -4, -8, 8, 3, 0.6);
		flat(a, a->p.light, 1);
		box(a, -12, -28, 11, 6, 1);
		solid(a, hex(0x9a6a48));
		box(a, 0, -26.4, 12, 4.4, 2);
		solid(a, a->p.mid);
		pop(a);
	}
}

static void train_window(struct art *a)
{
	double x0 = a->w * 0.09, x1 = a->w * 0.91, y0 = fmax(8, a->cy - 42 * a->s),
	       y1 = a->cy + 21 * a->s, hy;
	struct rgb cabin = mix(a->p.mid, a->p.paper, a->tod == NIGHT ? 0.1 : 0.5), green;

	paint_all(a, shade(cabin, 0.15), shade(cabin, -0.25));
	push(a, 0, 0, 1, 0);
	box(a, x0, y0, x1 - x0, y1 - y0, 7);
	clip(a);
	hy = y0 + (y1 - y0) * 0.58;
	sky(a, hy);
	lights(a, hy);
	green = meadow(a);
	peak(a, x0 + 4, hy + 4, 60, 34 * a->s, mix(sky_low(a), a->p.deep, 0.3), 0.9);
	peak(a, x0 + 40, hy + 4, 56, 25 * a->s, mix(sky_low(a), a->p.deep, 0.35), 0.9);
	if (a->view == CLOSE) {
		water(a, hy, y1 + 10, mix(sky_low(a), a->p.mid, 0.3),
			day_colour(a, mix(a->p.mid, a->p.deep, 0.4)));
		ridge(a, hy + 14, 3, 7, shade(green, 0.05), shade(green, -0.2));
	} else {
		ridge(a, hy + 2, 4, 6, mix(green, sky_low(a), 0.35), mix(green, sky_low(a), 0.1));
		for (int i = 0; i < 6; i++) {
			double y = hy + 6 + i * 4;

			POLY(a, -20, y, a->w + 20, y - 2, a->w + 20, y + 4, -20, y + 4);
			flat(a,
				vary(a,
					i % 2 ? green
					      : day_colour(a, a->season == SUMMER ? hex(0xe3c65a)
										  : hex(0xc9b26a)),
					0.12),
				1);
		}
	}
	for (int i = 0; i < 5; i++)
		foliage(a, a->w * rnd(a, 0.05, 0.95), hy + rnd(a, 4, 10), rnd(a, 3, 6),
			leaf_colour(a));
	for (int i = 0; i < 9; i++) {
		double y = rnd(a, y1 - 14, y1), x = rnd(a, 0, a->w * 0.7);

		line_to(a, x, y, x + rnd(a, 16, 40), y);
	}
	stroke(a, shade(green, 0.35), 1.1, 0.45);
	if (a->season == WINTER)
		snowfall(a, 60);
	POLY(a, x0 + 10, y0, x0 + 26, y0, x0 + 4, y1, x0 - 12, y1);
	POLY(a, x0 + 32, y0, x0 + 37, y0, x0 + 15, y1, x0 + 10, y1);
	flat(a, hex(0xffffff), 0.12);
	pop(a);
	box(a, x0, y0, x1 - x0, y1 - y0, 7);
	stroke(a, shade(cabin, -0.3), 3.4, 1);
	box(a, x0 - 0.8, y0 - 0.8, x1 - x0 + 1.6, y1 - y0 + 1.6, 7.6);
	stroke(a, shade(cabin, 0.45), 0.9, 0.9);
	if (a->view != WIDE) {
		curtain(a, x0 - 7, y0 - 5, 13, y1 - y0 + 8, a->p.pop);
		curtain(a, x1 - 6, y0 - 5, 13, y1 - y0 + 8, a->p.pop);
	}
	rect(a, -60, y1 + 9, a->w + 120, a->h);
	down(a, hex(0xb98a62), hex(0x6a4838));
	rect(a, -60, y1 + 9, a->w + 120, 1);
	flat(a, hex(0xf4d6a6), 0.8);
	push(a, a->cx, y1 + 21, a->s, 0);
	cup(a, -24, -12, 8.5, 0.34, a->p.paper, hex(0x8a5230));
	steam(a, -24, -14, 0.6);
	push(a, 12, 4, 1, 0);
	stretch(a, 1, 0.5);
	open_book(a, 0, 0, 42, -0.12, a->p.pop);
	pop(a);
	oval(a, 38, -1, 4, 3.8);
	solid(a, hex(0xec933a));
	pop(a);
}

static void campsite(struct art *a)
{
	double hy = a->horizon + 4, base = a->cy + 24 * a->s;
	struct rgb green, tent = chance(a, 0.5) ? a->p.pop : mix(a->p.light, hex(0xf3c46a), 0.3);

	if (a->tod == NOON)
		a->tod = NIGHT;
	sky(a, hy);
	lights(a, hy);
	green = meadow(a);
	peak(a, a->w * 0.05, hy + 5, a->w * 0.7, 40 * a->s, mix(sky_low(a), a->p.deep, 0.35), 0.9);
	peak(a, a->w * 0.5, hy + 5, a->w * 0.65, 30 * a->s, mix(sky_low(a), a->p.deep, 0.45), 0.9);
	for (double x = -4; x < a->w + 4; x += rnd(a, 3, 7))
		conifer(a, x, hy + 5, rnd(a, 12, 26), mix(green, a->p.deep, 0.6),
			a->season == WINTER ? 0.7 : 0);
	if (a->view == WIDE) {
		water(a, hy + 4, base, mix(sky_low(a), a->p.deep, 0.2),
			day_colour(a, mix(a->p.mid, a->p.deep, 0.5)));
		ridge(a, base - 8, 2, 8, shade(green, -0.05), shade(green, -0.35));
	} else {
		ridge(a, hy + 6, 2, 8, green, shade(green, -0.35));
	}
	for (int i = 0; i < 2; i++)
		conifer(a, i ? a->w * 0.95 : a->w * 0.04, base + 4, rnd(a, 44, 62) * a->s,
			mix(green, a->p.deep, 0.6), 0);
	push(a, a->cx - 8 * a->s, base, a->s * 1.1, 0);
	contact(a, 3, 0, 34, 5, 0.5);
	glow(a, 0, -12, 42, hex(0xffc05a), 0.5);
	POLY(a, -28, 0, -2, -32, 2, -32, 28, 0);
	lit(a, tent);
	POLY(a, 2, -32, 28, 0, 36, -2, 10, -31);
	flat(a, shade(tent, -0.35), 1);
	cairo_new_sub_path(a->cr);
	cairo_move_to(a->cr, 0, -27);
	cairo_curve_to(a->cr, -5, -14, -9, -6, -13, 0);
	cairo_line_to(a->cr, 13, 0);
	cairo_curve_to(a->cr, 9, -6, 5, -14, 0, -27);
	cairo_close_path(a->cr);
	fade(a, 0, -27, 0, 0, hex(0xffe6a3), 1, hex(0xf29a3e), 1);
	SHAPE(a, -6, 0, -6, -6, 0, -9, 6, -6, 6, 0);
	flat(a, hex(0x8a4a2c), 0.8);
	pop(a);
	push(a, a->cx + 28 * a->s, base + 10, a->s, 0);
	glow(a, 0, -4, 40, hex(0xff9a3c), 0.6);
	for (int i = 0; i < 3; i++) {
		push(a, 0, 0, 1, -0.5 + i * 0.5);
		box(a, -9, -1.6, 18, 3.2, 1.5);
		solid(a, hex(0x6a4030));
		pop(a);
	}
	SHAPE(a, 0, -20, 6, -9, 5, -2, 0, 0, -5, -2, -6, -8, -2, -12);
	fade(a, 0, -20, 0, 0, hex(0xffc648), 1, hex(0xf2622c), 1);
	SHAPE(a, 0.5, -12, 3, -5, 2, -1, -1, -0.6, -3, -4);
	flat(a, hex(0xfff0b4), 1);
	for (int i = 0; i < 12; i++)
		oval(a, rnd(a, -8, 8), -20 - rnd(a, 0, 26), 0.5, 0.5);
	flat(a, hex(0xffc868), 0.9);
	pop(a);
	person(a, a->cx + 42 * a->s, base + 9, 23 * a->s, a->p.mid, -0.12);
	lamp_string(a, -4, hy - 12, a->cx - 8 * a->s, base - 34 * a->s, 4, 6, 0.8);
	lamp_string(a, a->cx - 6 * a->s, base - 34 * a->s, a->w + 4, hy - 14, 4, 7, 0.8);
	grass(a, -5, a->h + 4, a->w + 10, 130, 13, shade(green, -0.45));
}

static void autumn_street(struct art *a)
{
	double vy = a->horizon + 6, vx = a->cx;
	struct rgb gold[] = {hex(0xe9a63a), hex(0xd96a2f), hex(0xf0c04f), hex(0xc24a2c)}, road;

	a->season = AUTUMN;
	if (a->tod == NIGHT)
		a->tod = GOLDEN;
	sky(a, vy);
	sun(a, vx + 6, vy - 12, 5);
	for (int i = 0; i < 6; i++)
		tower(a, vx - 26 + i * 9, vy + 3, 8, rnd(a, 9, 20), mix(sky_low(a), a->p.mid, 0.35),
			0.1);
	road = day_colour(a, mix(hex(0xb59c86), a->p.light, 0.2));
	rect(a, -60, vy + 2, a->w + 120, a->h);
	down(a, day_colour(a, hex(0xd9a95c)), day_colour(a, hex(0x9a5f34)));
	POLY(a, vx - 3, vy + 2, vx + 3, vy + 2, vx + a->w * 0.5, a->h + 30, vx - a->w * 0.5,
		a->h + 30);
	fade(a, 0, vy, 0, a->h, shade(road, 0.35), 1, shade(road, -0.22), 1);
	for (int i = 0; i < 14; i++) {
		double t = i / 14.0, y = vy + 4 + (a->h - vy) * t * t;

		SHAPE(a, vx - 3 - 40 * t * t, y, vx, y - 0.5, vx + 3 + 26 * t * t, y + 0.4, vx,
			y + 0.5 + 2 * t * t);
	}
	flat(a, day_colour(a, hex(0x7a5a52)), 0.22);
	for (int i = 0; i < 6; i++)
		for (int side = -1; side <= 1; side += 2) {
			double t = (i + 1) / 6.0, x = vx + side * (5 + a->w * 0.47 * t * t),
			       y = vy + 3 + (a->h - vy) * 0.62 * t * t;

			tree(a, x, y, (14 + 70 * t * t) * a->s, day_colour(a, gold[pick(a, 4)]));
		}
	for (int i = 0; i < 190; i++) {
		double t = sqrt(rnd(a, 0, 1)), y = vy + 5 + (a->h - vy) * t, r = 0.4 + 1.5 * t * t;

		push(a, rnd(a, -4, a->w + 4), y, r, rnd(a, 0, 6));
		SHAPE(a, -1.2, 0, 0, -0.55, 1.2, 0, 0, 0.55);
		flat(a, gold[i % 4], 0.9);
		pop(a);
	}
	for (int i = 0; i < 26; i++)
		leaf(a, rnd(a, 0, a->w), rnd(a, 0, a->h * 0.8), rnd(a, 1.6, 3.6), rnd(a, 0.5, 1.1),
			rnd(a, 0, 6), gold[i % 4]);
	person(a, vx - 3, vy + 38 * a->s, (a->view == CLOSE ? 36 : 26) * a->s, a->p.pop, 0.03);
	if (a->view == CLOSE) {
		umbrella(a, vx - 1, vy + 10 * a->s, 14 * a->s, mix(a->p.deep, a->p.mid, 0.4));
	} else {
		person(a, vx + 8, vy + 38 * a->s, 25 * a->s, mix(a->p.deep, a->p.mid, 0.4), -0.03);
	}
	if (a->view == WIDE) {
		box(a, vx + 17 * a->s, vy + 38 * a->s, 24 * a->s, 2, 0.5);
		box(a, vx + 17 * a->s, vy + 31 * a->s, 24 * a->s, 2, 0.5);
		rect(a, vx + 19 * a->s, vy + 32 * a->s, 1.2, 14 * a->s);
		rect(a, vx + 38 * a->s, vy + 32 * a->s, 1.2, 14 * a->s);
		flat(a, hex(0x6a4434), 1);
	}
}

const struct scene nature_scenes[] = {
	{"mountain_trail", mountain_trail, SCENE_LEVEL},
	{"snow_field", snow_field, SCENE_LEVEL},
	{"beach", beach, SCENE_LEVEL},
	{"desert_road", desert_road, SCENE_LEVEL},
	{"train_window", train_window, SCENE_LEVEL},
	{"campsite", campsite, SCENE_LEVEL},
	{"autumn_street", autumn_street, SCENE_LEVEL},
	{NULL, NULL, 0},
};
