/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drinks, bread and sweets, and the fruit stall. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>
#include <stdlib.h>

static double tilt(const struct art *a)
{
	return a->view == TOP ? 1 : a->view == CLOSE ? 0.6 : 0.42;
}

static struct rgb ware(struct art *a)
{
	const struct rgb set[] = {hex(0xf8f1e4), mix(a->p.mid, a->p.paper, 0.3),
		mix(a->p.light, a->p.paper, 0.3), mix(a->p.deep, a->p.mid, 0.35)};

	return set[pick(a, 4)];
}

static void ground(struct art *a, double k, double above)
{
	if (k < 0.8) {
		a->s *= a->h > a->w ? 1.14 : 1;
		a->cy += a->h * 0.02;
	}
	backdrop(a, a->cy - a->s * above, k);
}

static void tea_glass(
	struct art *a, double x, double y, double h, struct rgb milk, struct rgb tea, bool lid)
{
	double w = h * 0.27, low = h * 0.2;

	contact(a, x + h * 0.12, y, h * 0.42, h * 0.08, 0.5);
	POLY(a, x - w, y - h, x + w, y - h, x + low, y, x - low, y);
	fade(a, 0, y - h, 0, y, milk, 1, tea, 1);
	push(a, 0, 0, 1, 0);
	POLY(a, x - w, y - h, x + w, y - h, x + low, y, x - low, y);
	clip(a);
	for (int i = 0; i < 7; i++) {
		double px = x + rnd(a, -w, w), py = y - h * rnd(a, 0.4, 0.9);

		CURVE(a, px, py, px + 3, py + h * 0.1, px - 2, py + h * 0.2, px + 2, py + h * 0.34);
		stroke(a, shade(milk, 0.5), rnd(a, 1, 3), 0.35);
	}
	for (int i = 0; i < 26; i++) {
		double r = h * 0.032, px = x + rnd(a, -low, low), py = y - rnd(a, 0.01, 0.2) * h;

		oval(a, px, py, r, r);
		lit(a, hex(0x3b1e1a));
		oval(a, px - r * 0.3, py - r * 0.35, r * 0.3, r * 0.22);
		flat(a, hex(0xd79a6a), 0.8);
	}
	for (int i = 0; i < 4; i++) {
		push(a, x + rnd(a, -0.7, 0.7) * w, y - h * rnd(a, 0.8, 0.93), 1, rnd(a, 0, 1.5));
		box(a, -h * 0.06, -h * 0.06, h * 0.12, h * 0.12, h * 0.02);
		flat(a, hex(0xffffff), 0.28);
		pop(a);
	}
	POLY(a, x - w * 0.82, y - h, x - w * 0.55, y - h, x - low * 0.62, y, x - low * 0.85, y);
	flat(a, hex(0xffffff), 0.35);
	POLY(a, x + w * 0.72, y - h, x + w, y - h, x + low, y, x + low * 0.75, y);
	flat(a, shade(tea, -0.5), 0.25);
	pop(a);
	box(a, x - low * 0.75, y - h * 0.62, low * 1.5, h * 0.26, h * 0.03);
	flat(a, a->p.paper, 0.92);
	oval(a, x, y - h * 0.51, h * 0.065, h * 0.065);
	flat(a, a->p.pop, 1);
	rect(a, x - low * 0.45, y - h * 0.42, low * 0.9, h * 0.012);
	flat(a, a->p.deep, 0.8);
	if (lid) {
		wedge(a, x, y - h, w * 1.02, h * 0.18, M_PI, 2 * M_PI);
		cairo_close_path(a->cr);
		flat(a, hex(0xffffff), 0.4);
	}
	box(a, x - w * 1.08, y - h * 1.02, w * 2.16, h * 0.045, h * 0.02);
	lit(a, mix(a->p.paper, hex(0xffffff), 0.5));
	push(a, x + w * 0.2, y - h, 1, 0.16);
	rect(a, -h * 0.028, -h * 0.42, h * 0.056, h * 0.42);
	fade(a, -h * 0.03, 0, h * 0.03, 0, shade(a->p.pop, 0.3), 1, shade(a->p.pop, -0.2), 1);
	pop(a);
}

static void milk_tea(struct art *a)
{
	static const unsigned kinds[][2] = {{0xf6e4c8, 0xb9794a}, {0xf7eee0, 0x8fae5c},
		{0xf8e3e2, 0xd5808a}, {0xf5e6d2, 0x9a5f3a}, {0xf3e7f0, 0xa184bb}};
	int first = pick(a, 5), n = a->view == CLOSE ? 1 : a->view == TOP ? 2 : 3;

	table_edge(a, a->cy + 14 * a->s);
	push(a, a->cx, a->cy + 36 * a->s, a->s, 0);
	if (a->view != WIDE) {
		plant_pot(a, 38, -18, 22, mix(a->p.mid, a->p.paper, 0.3), pick(a, 4));
		candle(a, -42, -14, 9, a->p.paper);
	}
	for (int i = 0; i < n; i++) {
		double x = n == 1   ? 0
			   : n == 2 ? -17 + i * 33
				    : -32 + i * 32,
		       h = n == 1   ? 78
			   : n == 2 ? 63
				    : 54;

		tea_glass(a, x, rnd(a, -4, 3) + (i % 2) * 4, h, hex(kinds[(first + i) % 5][0]),
			hex(kinds[(first + i) % 5][1]), chance(a, 0.4));
	}
	for (int i = 0; i < 9; i++) {
		double x = rnd(a, -44, 44), y = rnd(a, 9, 15);

		contact(a, x + 0.7, y + 0.8, 2.6, 1, 0.4);
		oval(a, x, y, 1.9, 1.8);
		solid(a, hex(0x4a2620));
	}
	leaf(a, -36, 13, 13, 3.6, -0.3, hex(0x7aa657));
	leaf(a, -36, 13, 11, 3.2, 0.4, hex(0x5f9150));
	pop(a);
}

static void latte_art(struct art *a, double x, double y, double r, double k)
{
	struct rgb c = hex(0xfbeeda);

	push(a, x, y, r, 0);
	stretch(a, 1, k);
	oval(a, 0, 0, 0.8, 0.78);
	flat(a, hex(0xb87942), 0.8);
	for (int i = 3; i >= 0; i--) {
		double s = 0.26 + i * 0.13, o = -0.22 + i * 0.06;

		SHAPE(a, 0, 0.62 * s + o, -0.72 * s, o, -0.45 * s, -0.52 * s + o, 0, -0.22 * s + o,
			0.45 * s, -0.52 * s + o, 0.72 * s, o);
		flat(a, i % 2 ? c : hex(0xb06f3a), 1);
	}
	line_to(a, 0, 0.72, 0, -0.3);
	stroke(a, c, 0.05, 1);
	pop(a);
}

static void coffee_book(struct art *a)
{
	double k = tilt(a);
	struct rgb cover = any(a);

	ground(a, k, 22);
	push(a, a->cx, a->cy, a->s, 0);
	if (k > 0.8) {
		if (chance(a, 0.5))
			open_book(a, -10, 14, 74, rnd(a, -0.4, 0.1), cover);
		else
			for (int i = 0; i < 2; i++)
				book(a, -14 + i * 3, 14 - i * 2, 44, 58, -0.3 + i * 0.22,
					i ? cover : any(a));
		plate(a, 19, -20, 21, 1, ware(a));
		cup(a, 19, -20, 14.5, 1, ware(a), hex(0x8a5230));
		latte_art(a, 19, -20, 12.5, 1);
		sprig(a, -42, -48, 38, 0.7, 9, tint(a, hex(0x6f9463)));
		spoon(a, 36, 9, 28, 1.2, hex(0xd9c8a8));
		for (int i = 0; i < 6; i++) {
			oval(a, -34 + rnd(a, -5, 5), -20 + rnd(a, -8, 8), 1.9, 1.4);
			lit(a, hex(0x5a3424));
		}
	} else {
		for (int i = 0; i < 4; i++) {
			struct rgb c = any(a);
			double w = 60 - i * 3;

			contact(a, 4, 35 - i * 8, w * 0.6, 5, i ? 0.25 : 0.5);
			box(a, -w / 2 - 4 + rnd(a, -2, 2), 27 - i * 8, w, 8, 1.2);
			solid(a, c);
			rect(a, w / 2 - 14, 28.4 - i * 8, 9, 5);
			flat(a, hex(0xf7ecd8), 1);
		}
		plate(a, -4, 2, 21, k * 0.75, ware(a));
		cup(a, -4, -16, 15, k * 0.75, ware(a), hex(0x8a5230));
		latte_art(a, -4, -15.4, 12.6, k * 0.75);
		steam(a, -4, -20, 0.9);
		vase(a, 40, 30, 44, ware(a), a->p.pop);
		candle(a, -43, 36, 11, a->p.paper);
	}
	pop(a);
}

static void croissant(struct art *a, double x, double y, double r, double turn)
{
	struct rgb c = hex(0xdb9340);

	push(a, x, y, r / 10, turn);
	for (int pass = 0; pass < 2; pass++)
		for (int i = -3; i <= 3; i++) {
			double t = i * 0.42, px = sin(t) * 9.5, py = 6 - cos(t) * 9.5,
			       s = 4.6 - abs(i) * 0.85;

			push(a, px, py, 1, t);
			oval(a, 0, 0, s * 0.8, s * 1.25);
			if (!pass)
				drop(a, 0.6, 1.3, 1.2, 0.25);
			solid(a, vary(a, c, 0.05));
			CURVE(a, -s * 0.4, -s, -s * 0.05, 0, -s * 0.4, s);
			stroke(a, shade(c, 0.5), 0.5, 0.6);
			pop(a);
		}
	pop(a);
}

static void fried_egg(struct art *a, double x, double y, double r, double k)
{
	blob(a, x, y, r, r * 0.9 * k, 0.1, 9);
	drop(a, 0.4, 0.9, 0.8, 0.3);
	lit(a, hex(0xfffaee));
	oval(a, x + r * 0.08, y, r * 0.42, r * 0.38 * k);
	solid(a, hex(0xf5a623));
}

static void main_dish(struct art *a, double k, int kind)
{
	if (kind == 0) {
		fried_egg(a, -7, 0, 13, k);
	} else if (kind == 1) {
		for (int i = 0; i < 4; i++) {
			double y = (4 - i * 2.6) * (k < 0.8 ? 1.1 : 0.6);

			oval(a, -7, y, 14 - i * 0.5, (14 - i * 0.5) * fmax(k * 0.92, 0.5));
			drop(a, 0.3, 0.9, 0.7, 0.35);
			solid(a, i == 3 ? hex(0xd9943f) : hex(0xecbf74));
		}
		SHAPE(a, -14, -4, -6, -10 * k, 2, -4, 4, 5 * k, -1, 2, -6, 8 * k, -11, 2);
		flat(a, hex(0xb8601f), 0.75);
		box(a, -10, -6, 6.4, 5, 0.8);
		solid(a, hex(0xfbe49a));
	} else {
		push(a, -7, 0, 1, -0.25);
		box(a, -13, -11 * k, 25, 23 * k, 4);
		drop(a, 0.5, 1.2, 1, 0.4);
		solid(a, hex(0xc98a45));
		box(a, -11, -9 * k, 21, 19 * k, 3);
		lit(a, hex(0x9dbb5f));
		specks(a, -9, -7 * k, 17, 14 * k, 26, 0.7, hex(0x6f8f3c), 0.8);
		fried_egg(a, 0, 0, 8.6, k);
		pop(a);
	}
}

static void breakfast_table(struct art *a)
{
	double k = a->view == WIDE ? 0.62 : 1;

	ground(a, k, 34);
	push(a, a->cx, a->cy, a->s, 0);
	plate(a, 0, 3, 29, k, ware(a));
	main_dish(a, k, pick(a, 3));
	for (int i = 0; i < 3; i++) {
		SHAPE(a, 10, (-12 + i * 5) * k, 16, (-15 + i * 5) * k, 21, (-11 + i * 5) * k, 24,
			(-9 + i * 5) * k, 21, (-7 + i * 5) * k, 15, (-11 + i * 5) * k);
		lit(a, i % 2 ? hex(0xe39a7a) : hex(0xb54a35));
	}
	for (int i = 0; i < 4; i++) {
		oval(a, 5 + i * 4.5, (13 + (i % 2) * 4) * k, 3.6, 3.6 * k);
		solid(a, hex(0xd9412c));
	}
	for (int i = 0; i < 5; i++)
		leaf(a, -12, 17 * k, 7, 2.4, i * 1.2, vary(a, hex(0x6f9f4c), 0.2));
	cup(a, 30, -35 * k, 12.5, k, ware(a), hex(0x7a452a));
	if (chance(a, 0.5))
		latte_art(a, 30, -35 * k, 10.8, k);
	plate(a, -31, -38 * k, 17, k, ware(a));
	croissant(a, -31, -38 * k, 11, 0.3);
	napkin(a, 40, 36 * k, 24, 0.25, a->p.light);
	spoon(a, 38, 28 * k, 34, 1.35, hex(0xd8c6a2));
	bowl(a, -35, 44 * k, 14, k, ware(a));
	liquid(a, -35, 44 * k, 12, k, hex(0xf6e8cf));
	for (int i = 0; i < 9; i++) {
		oval(a, -35 + rnd(a, -7, 7), 44 * k + rnd(a, -7, 7) * k, 2.2, 2.1);
		solid(a, i % 2 ? hex(0xcf3b3f) : hex(0x51507c));
	}
	sprig(a, 8, 52 * k, 24, -0.15, 7, tint(a, hex(0x7d9d62)));
	steam(a, 30, -38 * k, 0.6);
	pop(a);
}

static void berry(struct art *a, double x, double y, double r)
{
	SHAPE(a, x, y + r * 1.25, x - r, y - r * 0.1, x - r * 0.5, y - r * 0.8, x + r * 0.5,
		y - r * 0.8, x + r, y - r * 0.1);
	drop(a, r * 0.1, r * 0.15, r * 0.2, 0.3);
	solid(a, hex(0xd62f35));
	specks(a, x - r * 0.5, y - r * 0.5, r, r, 7, r * 0.12, hex(0xf9d98a), 0.9);
	for (int i = 0; i < 5; i++)
		leaf(a, x, y - r * 0.75, r * 0.7, r * 0.2, M_PI + i * 0.75 - 0.1 - 0.0,
			hex(0x6a9a45));
}

static void cake_layers(struct art *a, double x, double y, double r, double k, double h,
	struct rgb icing, struct rgb sponge)
{
	contact(a, x + r * 0.18, y + h * 0.9, r * 1.25, r * k * 1.25, 0.5);
	cairo_new_path(a->cr);
	wedge(a, x, y + h, r, r * k, 0, M_PI);
	cairo_line_to(a->cr, x - r, y);
	cairo_line_to(a->cr, x + r, y);
	cairo_close_path(a->cr);
	solid(a, sponge);
	for (int i = 0; i < 2; i++) {
		wedge(a, x, y + h * (0.42 + i * 0.34), r * 0.995, r * k, 0.02, M_PI - 0.02);
		stroke(a, shade(icing, 0.4), h * 0.11, 1);
	}
	cairo_new_path(a->cr);
	wedge(a, x, y, r * 1.02, r * k * 1.02, M_PI, 2 * M_PI);
	for (int i = 0; i < 8; i++) {
		double t0 = x + r * 1.02 * cos(M_PI * i / 8),
		       t1 = x + r * 1.02 * cos(M_PI * (i + 1) / 8);
		double y1 = y + r * k * 1.02 * sin(M_PI * (i + 1) / 8),
		       drip = h * (i % 2 ? 0.5 : 0.22);

		cairo_curve_to(a->cr, t0, y1 + drip, t1, y1 + drip, t1, y1 + h * 0.06);
	}
	cairo_close_path(a->cr);
	drop(a, 0.2, 0.6, 0.6, 0.25);
	lit(a, icing);
	oval(a, x, y - h * 0.02, r * 0.97, r * k * 0.94);
	fade(a, x - r, y, x + r, y, shade(icing, 0.45), 1, shade(icing, -0.02), 1);
}

static void cake(struct art *a)
{
	double k = a->view == TOP ? 0.72 : 0.4;
	struct rgb icing = hex(
		(const unsigned[]){0xfdf1e3, 0xf4b9bd, 0x6f4030, 0xd7e3b4, 0xf5d27a}[pick(a, 5)]);
	struct rgb sponge = chance(a, 0.5) ? hex(0xe3b06a) : hex(0x9a5c38);

	ground(a, 0.5, a->view == TOP ? 34 : 14);
	push(a, a->cx, a->cy + 2 * a->s, a->s, 0);
	oval(a, 0, 27, 38, 38 * k * 0.8);
	drop(a, 1, 2, 2, 0.4);
	solid(a, ware(a));
	cake_layers(a, 0, -6 + 3 * k, 29, k, 26 - k * 6, icing, sponge);
	for (int i = 0; i < 9; i++) {
		double t = i * 2 * M_PI / 9 + 3.3, px = cos(t) * 22, py = -6 + sin(t) * 22 * k;

		oval(a, px, py + 1, 4.2, 3);
		drop(a, 0.2, 0.5, 0.5, 0.25);
		solid(a, shade(icing, 0.55));
		if (i % 2 == 0)
			berry(a, px, py - 2.6, 3.4);
	}
	if (chance(a, 0.55)) {
		for (int i = 0; i < 3; i++) {
			rect(a, -9 + i * 8, -26, 1.6, 19);
			flat(a, i % 2 ? a->p.pop : a->p.mid, 1);
			glow(a, -8.2 + i * 8, -28, 9, hex(0xffcf70), 0.7);
			SHAPE(a, -8.2 + i * 8, -31.5, -7.2 + i * 8, -28, -8.2 + i * 8, -26.6,
				-9.2 + i * 8, -28);
			flat(a, hex(0xfff0b8), 1);
		}
	} else {
		berry(a, -4, -11, 5.2);
		berry(a, 5, -10, 5.6);
		berry(a, 0, -6, 5.8);
		leaf(a, 7, -12, 9, 3, -0.6, hex(0x7aa657));
	}
	plate(a, 39, 41, 13, 0.5, ware(a));
	POLY(a, 31, 41, 47, 36, 47, 28, 31, 33);
	lit(a, sponge);
	POLY(a, 31, 33, 47, 28, 42, 25.5);
	lit(a, icing);
	berry(a, 41, 26, 3);
	vase(a, -41, 34, 34, ware(a), a->p.pop);
	specks(a, -45, 40, 80, 8, 16, 0.9, a->p.pop, 0.8);
	pop(a);
}

static void fruit(struct art *a, double x, double y, double r, int kind)
{
	static const unsigned skins[] = {
		0xe9912f, 0xcf3b35, 0x9bbf4a, 0xf3c13f, 0x7c4a7a, 0xf0a08a};
	struct rgb c = hex(skins[kind % 6]);

	oval(a, x, y, r, r * (kind % 6 == 3 ? 0.85 : 0.96));
	solid(a, vary(a, c, 0.06));
	oval(a, x - r * 0.35, y - r * 0.4, r * 0.22, r * 0.15);
	flat(a, hex(0xffffff), 0.45);
	oval(a, x, y - r * 0.62, r * 0.14, r * 0.09);
	flat(a, shade(c, -0.5), 0.7);
	if (kind % 6 == 1 || kind % 6 == 5)
		leaf(a, x, y - r * 0.7, r * 0.7, r * 0.22, -0.5, hex(0x6a9a45));
}

static void fruit_market(struct art *a)
{
	double u = a->w / 100, x0 = a->w / 2 - 62 * u;
	int rows = a->h > a->w ? 4 : 3;
	double top = a->cy - (a->view == CLOSE ? 40 : 18) * a->s, step = (a->h - top) / rows + 1;

	wall(a, mix(a->p.deep, a->p.mid, 0.35));
	bokeh(a, 0, 0, a->w, top, 12, 7);
	for (int i = 0; i < 14; i++) {
		double w = 9 * u, x = x0 + i * w;

		cairo_new_sub_path(a->cr);
		cairo_move_to(a->cr, x, top - 52);
		cairo_line_to(a->cr, x + w, top - 52);
		cairo_line_to(a->cr, x + w, top - 22);
		cairo_curve_to(a->cr, x + w, top - 16, x, top - 16, x, top - 22);
		cairo_close_path(a->cr);
		fade(a, 0, top - 50, 0, top - 16, i % 2 ? hex(0xfaf1e0) : a->p.pop, 1,
			shade(i % 2 ? hex(0xfaf1e0) : a->p.pop, -0.18), 1);
	}
	rect(a, x0, top - 20, 130 * u, 16);
	fade(a, 0, top - 20, 0, top - 4, a->p.deep, 0.5, a->p.deep, 0);
	for (int r = 0; r < rows; r++)
		for (int c = 0; c < 3; c++) {
			double w = 38 * u, x = x0 + 5 + c * (w + 1.6) + (r % 2) * 7,
			       y = top + r * step;
			int kind = pick(a, 6);

			rect(a, x, y, w, step * 0.94);
			drop(a, 0.5, 1, 1, 0.4);
			flat(a, hex(0x5e3d2a), 1);
			for (int j = 0; j < 3; j++)
				for (int i = 0; i < 6; i++)
					fruit(a, x + 3.4 + (i + (j % 2) * 0.5) * w * 0.163,
						y + j * step * 0.24 + 0.5, w * 0.1, kind);
			rect(a, x - 0.6, y + step * 0.56, w + 1.2, step * 0.4);
			planks(a, x - 0.6, y + step * 0.56, w + 1.2, step * 0.4, w, hex(0xc08a55));
			push(a, x + w * 0.5, y + step * 0.64, 1, rnd(a, -0.08, 0.08));
			box(a, -6, -3, 12, 8, 0.6);
			drop(a, 0.3, 0.6, 0.5, 0.3);
			flat(a, hex(0xfff6e2), 1);
			rect(a, -4, -0.6, 8, 0.8);
			rect(a, -4, 1.6, 5, 0.8);
			flat(a, a->p.pop, 0.9);
			pop(a);
		}
	pendant_lamp(a, a->w * 0.3, top - 10, 5, a->p.deep);
	pendant_lamp(a, a->w * 0.72, top - 12, 5, a->p.deep);
}

static void loaf(struct art *a, double x, double y, double rx, double ry, double turn)
{
	struct rgb c = hex(0xc9803c);

	push(a, x, y, 1, turn);
	contact(a, rx * 0.1, ry * 0.7, rx * 1.15, ry * 0.8, 0.5);
	SHAPE(a, -rx, 0.1 * ry, -rx * 0.75, -ry * 0.75, 0, -ry, rx * 0.75, -ry * 0.75, rx, 0.1 * ry,
		rx * 0.7, ry * 0.75, 0, ry * 0.9, -rx * 0.7, ry * 0.75);
	solid(a, c);
	for (int i = -1; i <= 1; i++) {
		SHAPE(a, i * rx * 0.48 - rx * 0.2, ry * 0.35, i * rx * 0.48 - rx * 0.06, -ry * 0.2,
			i * rx * 0.48 + rx * 0.22, -ry * 0.6, i * rx * 0.48 + rx * 0.1, 0);
		flat(a, hex(0xf3d39a), 0.95);
		CURVE(a, i * rx * 0.48 - rx * 0.2, ry * 0.35, i * rx * 0.48 + rx * 0.02, -ry * 0.05,
			i * rx * 0.48 + rx * 0.22, -ry * 0.6);
		stroke(a, shade(c, -0.35), ry * 0.05, 0.7);
	}
	specks(a, -rx * 0.7, -ry * 0.7, rx * 1.4, ry * 1.2, 40, 0.5, hex(0xfff4dc), 0.7);
	pop(a);
}

static void baguette(struct art *a, double x, double y, double l, double turn)
{
	struct rgb c = hex(0xd08f42);

	push(a, x, y, l / 60, turn);
	contact(a, 3, 4, 33, 6, 0.5);
	SHAPE(a, -30, 0, -24, -6, 0, -7.4, 24, -6, 30, 0, 24, 6, 0, 7, -24, 6);
	solid(a, c);
	for (int i = -2; i <= 2; i++) {
		SHAPE(a, i * 10 - 6, 3, i * 10 - 1, -2.4, i * 10 + 7, -4.4, i * 10 + 2, 0.8);
		flat(a, hex(0xf6dba6), 0.95);
		CURVE(a, i * 10 - 6, 3, i * 10, -0.6, i * 10 + 7, -4.4);
		stroke(a, shade(c, -0.35), 0.5, 0.6);
	}
	specks(a, -22, -5, 44, 9, 24, 0.5, hex(0xfff4dc), 0.7);
	pop(a);
}

static void boule(struct art *a, double x, double y, double r, double k)
{
	struct rgb c = hex(0xbd7636);

	contact(a, x + r * 0.14, y + r * 0.3, r * 1.2, r * (k > 0.8 ? 1.1 : 0.7), 0.5);
	if (k > 0.8)
		oval(a, x, y, r, r);
	else
		SHAPE(a, x - r, y + r * 0.2, x - r * 0.85, y - r * 0.4, x, y - r * 0.72,
			x + r * 0.85, y - r * 0.4, x + r, y + r * 0.2, x + r * 0.7, y + r * 0.52, x,
			y + r * 0.6, x - r * 0.7, y + r * 0.52);
	solid(a, c);
	push(a, x, y - (k > 0.8 ? 0 : r * 0.2), r, 0);
	stretch(a, 1, k > 0.8 ? 1 : 0.6);
	for (int i = 0; i < 4; i++) {
		push(a, 0, 0, 1, i * M_PI_2 + 0.4);
		SHAPE(a, 0.1, -0.02, 0.4, -0.16, 0.78, -0.12, 0.42, 0.08);
		flat(a, hex(0xf6dba6), 0.95);
		CURVE(a, 0.1, 0, 0.42, -0.02, 0.76, -0.1);
		stroke(a, shade(c, -0.4), 0.025, 0.7);
		pop(a);
	}
	for (int i = 1; i < 4; i++) {
		oval(a, 0, 0, 0.22 * i, 0.22 * i);
		stroke(a, hex(0xfff0d4), 0.035, 0.28);
	}
	pop(a);
	specks(a, x - r * 0.7, y - r * 0.5, r * 1.4, r, 60, 0.5, hex(0xfff4dc), 0.7);
}

static void bread(struct art *a)
{
	double k = tilt(a);
	int kind = pick(a, 3);

	ground(a, k, 30);
	push(a, a->cx, a->cy, a->s, 0);
	if (k > 0.8) {
		push(a, 0, 0, 1, 0.25);
		box(a, -37, -25, 74, 52, 4);
		drop(a, 1.5, 2.5, 2.5, 0.45);
		solid(a, hex(0x9a6a42));
		oval(a, 32, -20, 2, 2);
		flat(a, hex(0x5a3a26), 1);
		pop(a);
	} else {
		box(a, -42, 18, 84, 7, 2);
		drop(a, 1, 2.5, 2.5, 0.5);
		lit(a, hex(0x9a6a42));
	}
	if (kind == 0)
		loaf(a, -2, k > 0.8 ? -6 : 4, 30, 18, k > 0.8 ? -0.25 : 0);
	else if (kind == 1)
		boule(a, -6, k > 0.8 ? -6 : 2, 28, k);
	for (int i = 0; i < 3 && kind == 2; i++)
		baguette(a, -4 + i * 3, (k > 0.8 ? -14 : -4) + i * (k > 0.8 ? 12 : 8), 78,
			-0.3 + i * 0.12);
	for (int i = 0; i < 3; i++) {
		double x = 12 + i * 10, y = k > 0.8 ? 24 + i * 3 : 24 + i * 3;

		SHAPE(a, x - 7, y + 8, x - 8, y - 5, x, y - 10, x + 8, y - 5, x + 7, y + 8, x,
			y + 10);
		drop(a, 0.8, 1, 1, 0.4);
		solid(a, hex(0xb87436));
		SHAPE(a, x - 5.4, y + 6.4, x - 6.2, y - 4, x, y - 8, x + 6.2, y - 4, x + 5.4,
			y + 6.4, x, y + 8);
		lit(a, hex(0xf8e6c2));
		specks(a, x - 4, y - 5, 8, 10, 9, 0.8, hex(0xdfc08f), 0.8);
	}
	croissant(a, -32, 34 * fmax(k, 0.85), 12, -0.3);
	for (int i = 0; i < 5; i++)
		sprig(a, -46, -24 + i * 2 - (k < 0.8 ? 14 : 20), 34, -0.7 + i * 0.22, 8,
			hex(0xd9ad57));
	bowl(a, 36, -38 * k + (k < 0.8 ? 18 : 0), 11, k, ware(a));
	liquid(a, 36, -38 * k + (k < 0.8 ? 18 : 0), 9.4, k, hex(0xf5d98f));
	specks(a, -46, 30, 92, 20, 60, 0.5, hex(0xfff8ea), 0.8);
	pop(a);
}

static void tea_set(struct art *a)
{
	double k = tilt(a) > 0.8 ? 0.8 : 0.4;
	struct rgb clay =
		hex((const unsigned[]){0x8d4a34, 0xe9e3d2, 0x6f8a78, 0x4a3a3a}[pick(a, 4)]);
	struct rgb tea = hex((const unsigned[]){0xc9772a, 0xb8b44a, 0x9c3b22}[pick(a, 3)]);

	ground(a, 0.5, k > 0.5 ? 34 : 16);
	push(a, a->cx + 2, a->cy + 4 * a->s, a->s * 0.93, 0);
	box(a, -44, 8 - 14 * k, 88, 18 + 38 * k, 2);
	drop(a, 1, 3, 3, 0.5);
	planks(a, -44, 8 - 14 * k, 88, 18 + 38 * k, 8, hex(0x7a5238));
	rect(a, -44, 24 + 24 * k, 88, 4);
	flat(a, hex(0x4f3325), 1);
	contact(a, -6, 21, 27, 8, 0.55);
	CURVE(a, -29, -6, -42, -8, -40, 12, -25, 12);
	stroke(a, shade(clay, -0.1), 3.4, 1);
	CURVE(a, 10, 10, 20, 4, 22, -8, 29, -12);
	stroke(a, shade(clay, -0.12), 5.4, 1);
	SHAPE(a, -30, 4, -26, -9, -10, -15, 8, -9, 13, 4, 8, 17, -8, 21, -24, 17);
	solid(a, clay);
	oval(a, -9, -13, 13, 4);
	solid(a, shade(clay, 0.1));
	oval(a, -9, -18, 3, 2.8);
	solid(a, clay);
	sprig(a, -19, 9, 17, -0.35, 5, mix(clay, a->p.light, 0.55));
	for (int i = 0; i < 3; i++) {
		double x = -26 + i * 25, y = 29 + 14 * k - (i % 2) * 3;

		bowl(a, x, y, 9, k * 0.9, i % 2 ? clay : hex(0xf3ecdc));
		liquid(a, x, y, 7.8, k * 0.9, tea);
		steam(a, x, y - 2, 0.45);
	}
	glass(a, 34, 20, 13, 19, tea, 0.66);
	branch(a, 50, -8, 19, -2.7, 2, 1.2, hex(0x6a4a3a),
		a->season == WINTER ? hex(0xfaf0ea) : a->p.pop);
	for (int i = 0; i < 12; i++)
		leaf(a, rnd(a, -40, 40), rnd(a, 46, 54), 4.5, 0.9, rnd(a, 0, 6.28), hex(0x5d6b3a));
	steam(a, 30, -14, 0.7);
	pop(a);
}

const struct scene table_scenes[] = {
	{"milk_tea", milk_tea, SCENE_LEVEL},
	{"coffee_book", coffee_book, 0},
	{"breakfast_table", breakfast_table, 0},
	{"cake", cake, SCENE_LEVEL},
	{"fruit_market", fruit_market, SCENE_LEVEL},
	{"bread", bread, 0},
	{"tea_set", tea_set, SCENE_LEVEL},
	{NULL, NULL, 0},
};
