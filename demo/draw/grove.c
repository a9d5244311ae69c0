/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The near half of an outdoor picture: plants, houses, lanterns, passers-by. */
#include "scape.h"

#include <math.h>
#include <stdlib.h>

void foliage(struct art *a, double x, double y, double r, struct rgb c)
{
	blob(a, x + r * 0.06, y + r * 0.1, r, r * 0.92, 0.09, 11);
	flat(a, shade(c, -0.32), 1);
	for (int i = 0; i < 6; i++) {
		double t = rnd(a, 0, 6.28), d = r * 0.42;

		blob(a, x - r * 0.08 + cos(t) * d, y - r * 0.08 + sin(t) * d * 0.9, r * 0.48,
			r * 0.44, 0.1, 9);
	}
	flat(a, c, 1);
	for (int i = 0; i < 4; i++)
		blob(a, x - r * 0.28 + rnd(a, -0.34, 0.34) * r,
			y - r * 0.34 + rnd(a, -0.26, 0.26) * r, r * 0.27, r * 0.22, 0.12, 8);
	flat(a, shade(c, 0.25), 0.75);
	for (int i = 0; i < 26; i++) {
		double t = rnd(a, 0, 6.28), d = r * sqrt(rnd(a, 0, 1)) * 0.92;

		oval(a, x + cos(t) * d, y + sin(t) * d, r * 0.045, r * 0.035);
	}
	flat(a, shade(c, 0.4), 0.5);
}

void tree(struct art *a, double x, double y, double h, struct rgb c)
{
	struct rgb bark = day_colour(a, hex(0x6b4a3a));
	double t = h * 0.035;

	contact(a, x + h * 0.12, y, h * 0.36, h * 0.05, 0.35);
	CURVE(a, x - t * 1.8, y, x - t, y - h * 0.3, x - t * 0.6, y - h * 0.6);
	cairo_line_to(a->cr, x + t * 0.6, y - h * 0.6);
	cairo_curve_to(a->cr, x + t, y - h * 0.3, x + t, y - h * 0.1, x + t * 2, y);
	cairo_close_path(a->cr);
	lit(a, bark);
	line_to(a, x, y - h * 0.42, x + h * 0.14, y - h * 0.6);
	line_to(a, x, y - h * 0.38, x - h * 0.14, y - h * 0.56);
	stroke(a, shade(bark, -0.1), t, 1);
	foliage(a, x + h * 0.15, y - h * 0.6, h * 0.2, shade(c, -0.12));
	foliage(a, x - h * 0.15, y - h * 0.58, h * 0.2, c);
	foliage(a, x, y - h * 0.76, h * 0.25, vary(a, c, 0.06));
}

void conifer(struct art *a, double x, double y, double h, struct rgb c, double snow)
{
	rect(a, x - h * 0.025, y - h * 0.14, h * 0.05, h * 0.14);
	flat(a, day_colour(a, hex(0x5a4036)), 1);
	for (int i = 0; i < 4; i++) {
		double base = y - h * (0.1 + 0.2 * i), w = h * (0.23 - 0.045 * i),
		       top = base - h * 0.34;

		POLY(a, x, top, x + w * 0.5, base - h * 0.1, x + w, base, x + w * 0.4,
			base - h * 0.03, x, base + h * 0.012, x - w * 0.4, base - h * 0.03, x - w,
			base, x - w * 0.5, base - h * 0.1);
		fade(a, x - w, top, x + w, base, shade(c, 0.12), 1, shade(c, -0.35), 1);
		if (snow > 0) {
			POLY(a, x, top, x + w * 0.2, base - h * 0.16, x - w * 0.1, base - h * 0.09,
				x - w * 0.92, base - h * 0.005, x - w * 0.5, base - h * 0.1);
			flat(a, day_colour(a, hex(0xfbf7f2)), snow);
		}
	}
}

void grass(struct art *a, double x, double y, double w, int n, double h, struct rgb c)
{
	for (int i = 0; i < n; i++) {
		double px = x + rnd(a, 0, w), l = h * rnd(a, 0.4, 1), bend = rnd(a, -0.4, 0.4) * l;

		cairo_move_to(a->cr, px - h * 0.05, y);
		cairo_curve_to(
			a->cr, px, y - l * 0.5, px + bend * 0.4, y - l * 0.8, px + bend, y - l);
		cairo_curve_to(a->cr, px + bend * 0.5, y - l * 0.7, px + h * 0.05, y - l * 0.4,
			px + h * 0.06, y);
	}
	flat(a, c, 1);
}

void leaf(struct art *a, double x, double y, double length, double width, double turn, struct rgb c)
{
	push(a, x, y, 1, turn);
	cairo_move_to(a->cr, 0, 0);
	cairo_curve_to(a->cr, length * 0.25, -width, length * 0.7, -width * 0.8, length, 0);
	cairo_curve_to(a->cr, length * 0.7, width * 0.8, length * 0.25, width, 0, 0);
	flat(a, c, 1);
	cairo_move_to(a->cr, 0, 0);
	cairo_curve_to(a->cr, length * 0.25, -width, length * 0.7, -width * 0.8, length, 0);
	cairo_close_path(a->cr);
	flat(a, shade(c, 0.3), 0.6);
	line_to(a, 0, 0, length * 0.92, 0);
	stroke(a, shade(c, -0.3), width * 0.08, 0.6);
	pop(a);
}

void sprig(struct art *a, double x, double y, double length, double turn, int n, struct rgb c)
{
	push(a, x, y, 1, turn);
	CURVE(a, 0, 0, length * 0.4, -length * 0.04, length, length * 0.04);
	stroke(a, shade(c, -0.25), length * 0.014, 1);
	for (int i = 0; i < n; i++) {
		double t = (i + 1.0) / (n + 0.5), l = length * (0.34 - 0.18 * t);

		leaf(a, length * t * 0.92, 0, l, l * 0.24, i % 2 ? 0.75 : -0.75, vary(a, c, 0.14));
	}
	leaf(a, length * 0.97, length * 0.03, length * 0.2, length * 0.045, 0.05, shade(c, 0.12));
	pop(a);
}

void flower(struct art *a, double x, double y, double r, struct rgb c)
{
	double t = rnd(a, 0, 6.28);

	for (int i = 0; i < 5; i++) {
		double k = t + i * 2 * M_PI / 5;

		oval(a, x + cos(k) * r * 0.55, y + sin(k) * r * 0.55, r * 0.46, r * 0.46);
	}
	flat(a, c, 1);
	for (int i = 0; i < 5; i++) {
		double k = t + i * 2 * M_PI / 5;

		oval(a, x + cos(k) * r * 0.62 - r * 0.1, y + sin(k) * r * 0.62 - r * 0.1, r * 0.24,
			r * 0.24);
	}
	flat(a, shade(c, 0.5), 0.6);
	oval(a, x, y, r * 0.26, r * 0.26);
	flat(a, hex(0xeebb4d), 1);
}

void branch(struct art *a, double x, double y, double length, double turn, int depth, double width,
	struct rgb bark, struct rgb bloom)
{
	double x1 = x + cos(turn) * length, y1 = y + sin(turn) * length,
	       bend = rnd(a, -0.14, 0.14) * length;

	cairo_move_to(a->cr, x, y);
	cairo_curve_to(a->cr, x + cos(turn) * length * 0.4 - sin(turn) * bend,
		y + sin(turn) * length * 0.4 + cos(turn) * bend, x1, y1, x1, y1);
	stroke(a, bark, width, 1);
	if (depth > 0) {
		branch(a, x1, y1, length * 0.72, turn + rnd(a, 0.15, 0.6), depth - 1, width * 0.65,
			bark, bloom);
		branch(a, x1, y1, length * 0.72, turn - rnd(a, 0.15, 0.6), depth - 1, width * 0.65,
			bark, bloom);
	}
	for (int i = 0; i < 4 && depth < 3; i++) {
		double t = rnd(a, 0.2, 1), r = length * rnd(a, 0.07, 0.13);

		flower(a, x + (x1 - x) * t + rnd(a, -r, r), y + (y1 - y) * t + rnd(a, -r, r), r,
			vary(a, bloom, 0.12));
	}
}

void tower(struct art *a, double x, double base, double w, double h, struct rgb c, double lamps)
{
	double cell = fmax(1.5, w / rnd(a, 4, 7)), storey = cell * rnd(a, 1.0, 1.5), top = base - h;
	struct rgb lamp = mix(hex(0xffd58a), a->p.light, 0.25);

	rect(a, x, top, w, h);
	fade(a, x, top, x + w, base, shade(c, 0.08), 1, shade(c, -0.14), 1);
	rect(a, x, top, w * 0.08, h);
	flat(a, shade(c, 0.4), 0.35);
	if (chance(a, 0.4)) {
		rect(a, x + w * 0.3, top - w * 0.16, w * 0.3, w * 0.17);
		flat(a, shade(c, -0.1), 1);
	}
	for (double y = top + storey * 0.6; y < base - storey; y += storey)
		for (double px = x + cell * 0.35; px < x + w - cell * 0.5; px += cell)
			rect(a, px, y, cell * 0.52, storey * 0.5);
	flat(a, a->tod == NIGHT || a->tod == DUSK ? shade(c, -0.35) : shade(c, -0.22), 0.75);
	for (double y = top + storey * 0.6; y < base - storey; y += storey)
		for (double px = x + cell * 0.35; px < x + w - cell * 0.5; px += cell)
			if (chance(a, lamps))
				rect(a, px, y, cell * 0.52, storey * 0.5);
	flat(a, lamp, 0.92);
}

void tiled_roof(struct art *a, double x, double y, double w, double h, struct rgb c)
{
	double o = w * 0.09;

	cairo_new_sub_path(a->cr);
	cairo_move_to(a->cr, x - o, y - h * 0.16);
	cairo_curve_to(
		a->cr, x + w * 0.06, y - h * 0.16, x + w * 0.14, y - h * 0.75, x + w * 0.2, y - h);
	cairo_line_to(a->cr, x + w * 0.8, y - h);
	cairo_curve_to(a->cr, x + w * 0.86, y - h * 0.75, x + w * 0.94, y - h * 0.16, x + w + o,
		y - h * 0.16);
	cairo_curve_to(a->cr, x + w * 0.95, y, x + w * 0.9, y, x + w * 0.85, y);
	cairo_line_to(a->cr, x + w * 0.15, y);
	cairo_curve_to(a->cr, x + w * 0.1, y, x + w * 0.05, y, x - o, y - h * 0.16);
	cairo_close_path(a->cr);
	cairo_save(a->cr);
	cairo_clip_preserve(a->cr);
	fade(a, x, y - h, x + w, y, shade(c, 0.16), 1, shade(c, -0.25), 1);
	for (int i = 0; i <= 22; i++) {
		double t = i / 22.0;

		line_to(a, x + w * (0.18 + 0.64 * t), y - h, x - o + (w + 2 * o) * t, y);
	}
	stroke(a, shade(c, -0.5), w * 0.006, 0.5);
	cairo_restore(a->cr);
	box(a, x + w * 0.17, y - h * 1.07, w * 0.66, h * 0.13, h * 0.06);
	lit(a, shade(c, -0.2));
	line_to(a, x + w * 0.13, y, x + w * 0.87, y);
	stroke(a, shade(c, -0.55), h * 0.06, 0.7);
}

void paper_lantern(struct art *a, double x, double y, double r, struct rgb c)
{
	glow(a, x, y, r * 2.6, shade(c, 0.4), 0.4);
	line_to(a, x, y - r * 1.5, x, y + r * 1.8);
	stroke(a, hex(0x4a2a26), r * 0.06, 0.8);
	oval(a, x, y, r, r * 0.82);
	fade(a, x, y - r, x, y + r * 0.9, shade(c, 0.25), 1, shade(c, -0.08), 1);
	oval(a, x - r * 0.1, y, r * 0.62, r * 0.62);
	flat(a, hex(0xffe2a1), 0.34);
	for (int i = -2; i <= 2; i++)
		wedge(a, x, y, fmax(0.01, r * abs(i) * 0.36 + 0.01), r * 0.82,
			i < 0 ? M_PI_2 : -M_PI_2, i < 0 ? 3 * M_PI_2 : M_PI_2);
	stroke(a, shade(c, -0.35), r * 0.035, 0.5);
	box(a, x - r * 0.42, y - r * 0.95, r * 0.84, r * 0.2, r * 0.05);
	box(a, x - r * 0.42, y + r * 0.75, r * 0.84, r * 0.2, r * 0.05);
	flat(a, hex(0x7a4a2a), 1);
	for (int i = -3; i <= 3; i++)
		line_to(a, x + i * r * 0.06, y + r * 0.95, x + i * r * 0.09, y + r * 1.7);
	stroke(a, hex(0xf0c060), r * 0.05, 0.9);
}

void lamp_string(
	struct art *a, double x0, double y0, double x1, double y1, double sag, int n, double r)
{
	double mx = (x0 + x1) / 2, my = (y0 + y1) / 2 + sag * 2;

	cairo_move_to(a->cr, x0, y0);
	cairo_curve_to(a->cr, (x0 + 2 * mx) / 3, (y0 + 2 * my) / 3, (x1 + 2 * mx) / 3,
		(y1 + 2 * my) / 3, x1, y1);
	stroke(a, hex(0x3a2a30), 0.25, 0.8);
	for (int i = 0; i < n; i++) {
		double t = (i + 0.5) / n, u = 1 - t;
		double x = u * u * x0 + 2 * u * t * mx + t * t * x1,
		       y = u * u * y0 + 2 * u * t * my + t * t * y1;

		glow(a, x, y + r, r * 4.5, hex(0xffc96b), 0.5);
		oval(a, x, y + r, r, r * 1.2);
		flat(a, hex(0xfff0c4), 1);
	}
}

void person(struct art *a, double x, double y, double h, struct rgb coat, double lean)
{
	struct rgb dark = shade(coat, -0.6), skin = day_colour(a, hex(0xd9a27e));

	push(a, x, y, h / 10, 0);
	contact(a, 0.8, 0, 2.4, 0.5, 0.4);
	SHAPE(a, -0.85, -4.4, 0.85, -4.4, 0.95, -2, 1.1, 0, 0.35, 0, 0.1, -2.6, -0.3, 0, -1, 0,
		-0.85, -2);
	flat(a, dark, 1);
	push(a, 0, -4, 1, lean);
	SHAPE(a, -1.25, 0.6, -1.35, -1.8, -1.05, -3.6, 0, -4, 1.05, -3.6, 1.35, -1.8, 1.25, 0.6, 0,
		0.8);
	lit(a, coat);
	CURVE(a, 1, -3.2, 1.5, -1.8, 1.35, -0.3);
	CURVE(a, -1, -3.2, -1.5, -1.8, -1.35, -0.3);
	stroke(a, shade(coat, -0.25), 0.6, 1);
	oval(a, 0, -4.85, 0.82, 0.95);
	flat(a, skin, 1);
	SHAPE(a, -0.9, -4.6, -0.85, -5.6, 0, -6, 0.85, -5.6, 0.95, -4.6, 0.45, -5.1, -0.4, -5.2);
	flat(a, shade(dark, -0.4), 1);
	pop(a);
	pop(a);
}

void umbrella(struct art *a, double x, double y, double r, struct rgb c)
{
	line_to(a, x, y - r * 0.1, x, y + r * 1.2);
	stroke(a, hex(0x3a2a30), r * 0.05, 1);
	wedge(a, x, y, r, r * 0.72, M_PI, 2 * M_PI);
	for (int i = 0; i < 4; i++) {
		double px = x + r - i * r / 2;

		cairo_curve_to(a->cr, px - r * 0.12, y - r * 0.14, px - r * 0.38, y - r * 0.14,
			px - r * 0.5, y);
	}
	lit(a, c);
	for (int i = -1; i <= 1; i++)
		CURVE(a, x, y - r * 0.72, x + i * r * 0.36, y - r * 0.4, x + i * r * 0.5, y);
	stroke(a, shade(c, -0.4), r * 0.025, 0.5);
}
