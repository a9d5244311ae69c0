/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hot dishes. Each is a vessel at some tilt with things strewn in it; the dice choose what stands around. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

static double tilt(const struct art *a)
{
	return a->view == TOP ? 1 : a->view == CLOSE ? 0.66 : 0.48;
}

static void ground(struct art *a, double k)
{
	if (k < 0.8) {
		a->s *= a->h > a->w ? 1.16 : 1.04;
		a->cy += a->h * 0.03;
	}
	backdrop(a, a->cy - a->s * (a->view == WIDE ? 15 : 25), k);
}

static struct rgb ware(struct art *a)
{
	switch (pick(a, 4)) {
	case 0:
		return hex(0xf6eee0);
	case 1:
		return mix(a->p.mid, a->p.paper, 0.25);
	case 2:
		return mix(a->p.deep, a->p.mid, 0.25);
	default:
		return mix(a->p.light, a->p.paper, 0.4);
	}
}

static void chilli(struct art *a, double x, double y, double l, double turn)
{
	push(a, x, y, l / 10, turn);
	SHAPE(a, -4, -1.2, -1, -1.5, 3, -0.4, 5.5, 1.4, 2, 0.8, -2, 1.1, -4.3, 0.6);
	lit(a, hex(0xd0311f));
	CURVE(a, -3, -0.7, 0, -0.8, 3, 0.2);
	stroke(a, hex(0xff9a72), 0.4, 0.8);
	line_to(a, -4, -0.3, -6, -1.2);
	stroke(a, hex(0x6c8a3a), 0.7, 1);
	pop(a);
}

static void meat_roll(struct art *a, double x, double y, double r, double turn)
{
	push(a, x, y, r, turn);
	SHAPE(a, -1.3, -0.5, -0.4, -0.75, 0.6, -0.5, 1.3, -0.65, 1.25, 0.4, 0.4, 0.65, -0.6, 0.45,
		-1.25, 0.6);
	lit(a, hex(0xcf5b52));
	CURVE(a, -1.2, -0.1, -0.4, -0.35, 0.5, 0, 1.2, -0.25);
	CURVE(a, -1.1, 0.25, -0.3, 0.05, 0.5, 0.4, 1.1, 0.1);
	stroke(a, hex(0xfbe3d6), 0.17, 0.9);
	pop(a);
}

static void greens(struct art *a, double x, double y, double r)
{
	for (int i = 0; i < 5; i++)
		leaf(a, x, y, r * rnd(a, 0.8, 1.2), r * 0.36, rnd(a, 0, 6.28),
			vary(a, hex(0x5f9a4a), 0.2));
}

static void mushroom(struct art *a, double x, double y, double r, double turn)
{
	push(a, x, y, r, turn);
	box(a, -0.25, 0, 0.5, 1.05, 0.2);
	flat(a, hex(0xf3e3c8), 1);
	wedge(a, 0, 0.1, 1, 0.9, M_PI, 2 * M_PI);
	cairo_close_path(a->cr);
	lit(a, hex(0xb98a5f));
	line_to(a, -0.3, -0.5, 0.3, -0.2);
	line_to(a, 0.3, -0.5, -0.3, -0.2);
	stroke(a, hex(0xf6e6cc), 0.12, 0.8);
	pop(a);
}

static void tofu(struct art *a, double x, double y, double r, double turn)
{
	push(a, x, y, r, turn);
	box(a, -0.8, -0.8, 1.6, 1.6, 0.2);
	drop(a, 0.1, 0.15, 0.15, 0.3);
	lit(a, hex(0xf9edd2));
	pop(a);
}

static void lotus(struct art *a, double x, double y, double r)
{
	oval(a, x, y, r, r * 0.9);
	lit(a, hex(0xf0dcc0));
	for (int i = 0; i < 7; i++)
		oval(a, x + cos(i * 0.9) * r * 0.55, y + sin(i * 0.9) * r * 0.5, r * 0.15,
			r * 0.13);
	flat(a, hex(0xb08a63), 0.8);
}

static void floaters(struct art *a, double x, double y, double rx, double ry, int n, bool hot)
{
	for (int i = 0; i < n; i++) {
		double t = rnd(a, 0, 6.28), d = sqrt(rnd(a, 0.03, 0.85)), px = x + cos(t) * d * rx,
		       py = y + sin(t) * d * ry;
		double r = fmax(rx * 0.15, 3.3), turn = rnd(a, 0, 6.28);

		switch (pick(a, hot ? 7 : 5)) {
		case 0:
			mushroom(a, px, py, r, rnd(a, -0.6, 0.6));
			break;
		case 1:
			tofu(a, px, py, r * 0.9, turn);
			break;
		case 2:
			greens(a, px, py, r * 1.3);
			break;
		case 3:
			lotus(a, px, py, r * 1.1);
			break;
		case 4:
			meat_roll(a, px, py, r, turn);
			break;
		default:
			chilli(a, px, py, fmax(rx * 0.3, 7), turn);
		}
	}
}

static void side_dish(struct art *a, double x, double y, double r, double k, int kind)
{
	plate(a, x, y, r, k, ware(a));
	switch (kind % 4) {
	case 0:
		for (int i = 0; i < 11; i++) {
			double t = i * 2 * M_PI / 11;

			meat_roll(a, x + cos(t) * r * 0.48, y + sin(t) * r * 0.48 * k, r * 0.24, t);
		}
		break;
	case 1:
		for (int i = 0; i < 5; i++)
			greens(a, x + rnd(a, -0.3, 0.3) * r, y + rnd(a, -0.3, 0.3) * r * k,
				r * 0.5);
		break;
	case 2:
		for (int i = 0; i < 8; i++)
			lotus(a, x + cos(i * 0.8) * r * 0.4, y + sin(i * 0.8) * r * 0.4 * k,
				r * 0.24);
		break;
	default:
		for (int i = 0; i < 8; i++)
			mushroom(a, x + rnd(a, -0.45, 0.45) * r, y + rnd(a, -0.45, 0.45) * r * k,
				r * 0.22, rnd(a, -0.8, 0.8));
	}
}

static void hotpot(struct art *a)
{
	double k = tilt(a), ry;
	bool two = chance(a, 0.6);
	struct rgb metal = pick(a, 2) ? hex(0xb9b2a8) : hex(0x8c6a4a), red = hex(0xc43a1c);

	ground(a, k);
	push(a, a->cx, a->cy, a->s, 0);
	ry = 29 * k;
	for (int i = 0; i < 4; i++) {
		double t = 0.75 + i * M_PI_2 + rnd(a, -0.12, 0.12);

		if (k > 0.8 || sin(t) > -0.2)
			side_dish(a, cos(t) * 49, sin(t) * 54 * (k > 0.8 ? 1 : 0.72),
				rnd(a, 13, 17), k, i + pick(a, 2));
	}
	bowl(a, 0, 0, 33, k, metal);
	for (int i = -1; i <= 1; i += 2) {
		box(a, i * 35 - 4.5, -2.5, 9, 5, 2.4);
		lit(a, shade(metal, -0.2));
	}
	oval(a, 0, 1, 29.5, ry);
	fade(a, -20, -ry, 20, ry, shade(red, -0.15), 1, hex(0xe8622a), 1);
	for (int i = 0; i < 60; i++) {
		double t = rnd(a, 0, 6.28), d = sqrt(rnd(a, 0, 0.95)), r = rnd(a, 0.3, 1.2);

		oval(a, cos(t) * d * 29, 1 + sin(t) * d * ry, r, r * fmax(k, 0.6));
	}
	flat(a, hex(0xff9c4a), 0.55);
	floaters(a, two ? -12 : 0, 1, two ? 16 : 25, ry * 0.8, two ? 16 : 22, true);
	if (two) {
		push(a, 0, 1, 1, 0);
		stretch(a, 29.5, ry);
		cairo_new_path(a->cr);
		cairo_arc(a->cr, 0, 0, 1, -M_PI_2, M_PI_2);
		cairo_arc_negative(a->cr, 0, 0.5, 0.5, M_PI_2, -M_PI_2);
		cairo_arc(a->cr, 0, -0.5, 0.5, M_PI_2, 3 * M_PI_2);
		fade(a, -0.4, -1, 1, 1, hex(0xf9ecd0), 1, hex(0xe6cf9f), 1);
		cairo_arc_negative(a->cr, 0, 0.5, 0.5, M_PI_2, -M_PI_2);
		cairo_arc(a->cr, 0, -0.5, 0.5, M_PI_2, 3 * M_PI_2);
		stroke(a, shade(metal, 0.25), 0.07, 1);
		pop(a);
		floaters(a, 15, 1, 9, ry * 0.55, 6, false);
		scallions(a, 15, 3, 9, ry * 0.5, 10);
	}
	wedge(a, 0, 1, 28, ry * 0.96, 3.4, 4.4);
	stroke(a, hex(0xffe6c8), 0.8, 0.5);
	chopsticks(a, 23, 33 * fmax(k, 0.75), 46, -0.5, hex(0x8a4a30));
	steam(a, -8, -3, 1.15);
	steam(a, 10, 2, 0.9);
	pop(a);
}

static void noodle_bowl(struct art *a)
{
	double k = tilt(a), ry;
	struct rgb broth = hex((const unsigned[]){0xd98b3a, 0xb85c2a, 0xe3c07c}[pick(a, 3)]),
		   strand = hex(0xf7dfa0);
	int top = pick(a, 3);

	ground(a, k);
	push(a, a->cx, a->cy, a->s, 0);
	push(a, 0, k > 0.8 ? 0 : 20, 1, 0);
	stretch(a, 1, k > 0.8 ? 1 : 0.45);
	napkin(a, -5, 6, 64, 0.3, mix(a->p.paper, a->p.light, 0.5));
	pop(a);
	bowl(a, 0, 0, 31, k, ware(a));
	liquid(a, 0, 0, 28, k, broth);
	ry = 25 * k;
	push(a, 0, 1, 1, 0);
	oval(a, 0, 0, 26.5, 26.5 * k);
	clip(a);
	for (int i = 0; i < 46; i++) {
		double x = rnd(a, -24, 16), y = rnd(a, -0.75, 0.9) * ry, b = rnd(a, -5, 5) * k;

		CURVE(a, x - 6, y + b, x + 3, y - b, x + 11, y + b * 0.6, x + 19, y - b * 0.4);
		stroke(a, shade(strand, -0.3), 1.75, 0.55);
		CURVE(a, x - 6, y + b - 0.3, x + 3, y - b - 0.3, x + 11, y + b * 0.6 - 0.3, x + 19,
			y - b * 0.4 - 0.3);
		stroke(a, vary(a, strand, 0.12), 1.15, 1);
	}
	pop(a);
	egg_half(a, -13, -4 * k, 6.4, -0.3);
	egg_half(a, -3, -13 * k, 6.2, 0.5);
	if (top == 0) {
		for (int i = 0; i < 4; i++) {
			oval(a, 10 + i * 2.4, (-8 + i * 5.5) * k, 8, 6.4 * fmax(k, 0.7));
			drop(a, 0.4, 0.8, 0.6, 0.35);
			lit(a, hex(0xc98b6a));
			wedge(a, 10 + i * 2.4, (-8 + i * 5.5) * k, 6, 4.6 * fmax(k, 0.7), 0.4, 5);
			stroke(a, hex(0xf6dcc4), 1.1, 0.9);
		}
	} else if (top == 1) {
		for (int i = 0; i < 7; i++) {
			SHAPE(a, 6 + i * 1.5, -9 * k + i * 3 * k, 14, -12 * k + i * 3 * k, 20,
				-7 * k + i * 3 * k, 13, -5 * k + i * 3 * k);
			lit(a, vary(a, hex(0x9a4f32), 0.14));
		}
		chilli(a, -8, 12 * k, 9, 0.6);
		chilli(a, 2, 16 * k, 8, -0.5);
	} else {
		for (int i = 0; i < 5; i++) {
			push(a, 9 + 2.5 * i, (-6 + 4.5 * i) * k, 1, 0.3 * i - 0.4);
			wedge(a, 0, 0, 5.6, 4.8, 0.5, 4.8);
			stroke(a, hex(0xf0835a), 3, 1);
			wedge(a, 0, 0, 5.6, 4.8, 0.7, 4.6);
			stroke(a, hex(0xffe2cf), 0.8, 0.8);
			pop(a);
		}
	}
	greens(a, -12, 11 * k, 7);
	greens(a, 4, 14 * k, 6);
	scallions(a, 0, 2, 14, 11 * k, 24);
	chopsticks(a, 24, -21 * k, 54, -2.2 - 0.3, hex(0x6b3a2a));
	if (k > 0.8)
		cup(a, 42, -38, 9, 1, ware(a), hex(0xb9c06a));
	side_dish(a, -41, 45 * k + (k < 0.8 ? 16 : 0), 12, k, pick(a, 4));
	steam(a, 0, -4, 1.2);
	pop(a);
}

static void dumpling(struct art *a, double x, double y, double r, double turn, struct rgb c)
{
	push(a, x, y, r / 10, turn);
	SHAPE(a, -11, 2.5, -7, -3.5, 0, -5.5, 7, -3.5, 11, 2.5, 6, 5.2, 0, 6, -6, 5.2);
	drop(a, 0.8, 1.6, 1.4, 0.4);
	solid(a, c);
	for (int i = -3; i <= 3; i++)
		CURVE(a, i * 2.3, -4.6 + i * i * 0.3, i * 2.5 + 0.6, -2.2 + i * i * 0.3, i * 2.5,
			0.4 + i * i * 0.15);
	stroke(a, shade(c, -0.28), 0.55, 0.7);
	CURVE(a, -9.5, 0.3, -6, -3.4, 0, -5, 6, -3.4, 9.5, 0.3);
	stroke(a, shade(c, 0.8), 0.8, 0.85);
	if (c.g < 0.85)
		return pop(a);
	SHAPE(a, -6, 4, 0, 3, 6, 4, 3, 5.6, -3, 5.6);
	flat(a, hex(0xd9923f), 0.45);
	pop(a);
}

static void steamer(struct art *a, double x, double y, double r, double k)
{
	struct rgb cane = hex(0xd3a262);
	double depth = k > 0.8 ? 0 : r * 0.42;

	contact(a, x + r * 0.15, y + depth + r * 0.1, r * 1.25, r * 1.15 * fmax(k, 0.4), 0.5);
	if (depth > 0) {
		cairo_new_path(a->cr);
		wedge(a, x, y + depth, r, r * k, 0, M_PI);
		cairo_line_to(a->cr, x - r, y);
		cairo_line_to(a->cr, x + r, y);
		cairo_close_path(a->cr);
		solid(a, cane);
		wedge(a, x, y + depth * 0.5, r, r * k, 0.05, M_PI - 0.05);
		stroke(a, shade(cane, -0.4), r * 0.03, 0.8);
	}
	oval(a, x, y, r, r * k);
	lit(a, shade(cane, 0.1));
	oval(a, x, y, r * 0.95, r * k * 0.95);
	stroke(a, shade(cane, -0.3), r * 0.02, 0.8);
	oval(a, x, y, r * 0.88, r * k * 0.88);
	fade(a, x - r, y - r * k, x + r, y + r * k, shade(cane, -0.5), 1, shade(cane, 0.05), 1);
	push(a, 0, 0, 1, 0);
	oval(a, x, y, r * 0.86, r * k * 0.86);
	clip(a);
	for (int i = -8; i <= 8; i++)
		line_to(a, x + i * r * 0.11, y - r, x + i * r * 0.11, y + r);
	stroke(a, shade(cane, -0.3), r * 0.02, 0.8);
	oval(a, x, y, r * 0.74, r * k * 0.74);
	flat(a, hex(0xf4ead4), 0.75);
	pop(a);
}

static void dumplings(struct art *a)
{
	double k = tilt(a);
	struct rgb dough = chance(a, 0.25) ? hex(0xb9cf95) : hex(0xfaeed6);
	bool cane = chance(a, 0.6);

	ground(a, k);
	push(a, a->cx, a->cy, a->s, 0);
	if (cane) {
		steamer(a, 0, 0, 33, k);
	} else {
		plate(a, 0, 0, 34, k, ware(a));
	}
	for (int i = 0; i < 8; i++) {
		double t = i * 2 * M_PI / 8 - 2.2;

		dumpling(a, cos(t) * 18.5, sin(t) * 18.5 * k, 8.6,
			k > 0.8 ? t + M_PI_2 : rnd(a, -0.25, 0.25), vary(a, dough, 0.04));
	}
	dumpling(a, 0, 1, 9, rnd(a, -0.4, 0.4), dough);
	scallions(a, 0, 0, 22, 22 * k, 16);
	bowl(a, 37, 36 * fmax(k, 0.8), 12, k, ware(a));
	liquid(a, 37, 36 * fmax(k, 0.8), 10.4, k, hex(0x6a2f1c));
	scallions(a, 37, 36 * fmax(k, 0.8), 5, 4 * k, 5);
	chilli(a, 34, 35 * fmax(k, 0.8), 6, 0.4);
	chopsticks(a, -30, 36 * fmax(k, 0.8), 52, 0.35, hex(0x9a5a38));
	if (k > 0.8)
		side_dish(a, -42, -40, 15, 1, 1);
	steam(a, 0, -2, 1.3);
	pop(a);
}

static void bun(struct art *a, double x, double y, double r, double k, struct rgb c, int kind)
{
	contact(a, x + r * 0.2, y + r * 0.55, r * 1.2, r * 0.5, 0.5);
	if (k > 0.8)
		oval(a, x, y, r, r * 0.97);
	else
		SHAPE(a, x - r, y + r * 0.35, x - r * 0.9, y - r * 0.25, x - r * 0.4, y - r * 0.72,
			x, y - r * 0.82, x + r * 0.4, y - r * 0.72, x + r * 0.9, y - r * 0.25,
			x + r, y + r * 0.35, x, y + r * 0.66);
	solid(a, c);
	y -= k > 0.8 ? 0 : r * 0.5;
	if (kind == 0) {
		for (int i = 0; i < 12; i++) {
			double t = i * 2 * M_PI / 12, q = k > 0.8 ? 1 : 0.55;

			CURVE(a, x + cos(t) * r * 0.1, y + sin(t) * r * 0.1 * q,
				x + cos(t + 0.35) * r * 0.32, y + sin(t + 0.35) * r * 0.32 * q,
				x + cos(t + 0.45) * r * 0.6, y + sin(t + 0.45) * r * 0.6 * q);
		}
		stroke(a, shade(c, -0.26), r * 0.06, 0.75);
		oval(a, x, y, r * 0.11, r * 0.08);
		flat(a, shade(c, -0.35), 0.8);
	} else {
		oval(a, x, y, r * 0.16, r * 0.14);
		flat(a, hex(0xd2402c), 0.9);
	}
}

static void bao(struct art *a)
{
	double k = tilt(a);
	int kind = pick(a, 2), stack = k < 0.8 ? 1 + pick(a, 2) : 0;
	struct rgb dough = kind ? mix(hex(0xfdeedd), a->p.pop, 0.12) : hex(0xfdf3e0);
	double lift = stack * 6;

	ground(a, k);
	push(a, a->cx, a->cy - lift + (stack ? 6 : 0), a->s, 0);
	for (int i = stack; i > 0; i--)
		steamer(a, 0, i * 14, 34, k);
	steamer(a, 0, 0, 34, k);
	for (int i = 0; i < 6; i++) {
		double t = i * M_PI / 3 - 2.6;

		bun(a, cos(t) * 18.5, sin(t) * 19 * k, 9.6, k, dough, kind);
	}
	bun(a, 0, 2 * k, 10, k, dough, kind);
	if (k > 0.8) {
		cup(a, 41, 42, 10, 1, ware(a), hex(0xf3e8d0));
		chopsticks(a, -32, 44, 50, 0.15, hex(0x7a4630));
	} else {
		glass(a, 44, 38 + stack * 6, 12, 19, hex(0xf5ead2), 0.82);
		dumpling(a, -42, 44 + stack * 4, 8, 0, hex(0xfaeed6));
	}
	steam(a, -6, -6, 1.4);
	steam(a, 12, -2, 1.1);
	pop(a);
}

static void skewer(struct art *a, double x, double y, double l, double turn, int kind)
{
	static const unsigned meats[] = {0x9a4a2a, 0xb5652f, 0x7d3a24};

	push(a, x, y, l / 60, turn);
	line_to(a, -34, 0, 32, 0);
	stroke(a, hex(0xd9b07a), 1.1, 1);
	for (int i = 0; i < 6; i++) {
		double px = -20 + i * 8.6;
		struct rgb c = hex(meats[pick(a, 3)]);

		if (kind == 1 && i % 2)
			c = hex(0x6f9a3f);
		else if (kind == 2 && i % 2)
			c = hex(0xd8472d);
		blob(a, px, 0, 4.6, 4, 0.1, 8);
		drop(a, 0.5, 1, 0.8, 0.35);
		solid(a, c);
		line_to(a, px - 1.8, -2.4, px - 0.4, 2.2);
		line_to(a, px + 1, -2.2, px + 2.2, 2);
		stroke(a, hex(0x3a1a16), 0.7, 0.7);
	}
	specks(a, -24, -4, 50, 8, 26, 0.5, hex(0xf4d9a0), 0.9);
	pop(a);
}

static void street_grill(struct art *a)
{
	double y, r = a->view == TOP ? 46 : 38;

	if (a->view == TOP) {
		paint_all(
			a, shade(mix(a->p.deep, hex(0x2b2026), 0.5), 0.06), shade(a->p.deep, -0.4));
		bokeh(a, -10, -10, a->w + 20, a->h + 20, 10, 7);
	} else {
		paint_all(a, mix(a->p.deep, hex(0x241c30), 0.45), mix(a->p.deep, a->p.pop, 0.35));
		bokeh(a, -5, -5, a->w + 10, a->h * 0.6, 30, 9);
		lamp_string(a, -5, a->cy - 34 * a->s, a->w + 5, a->cy - 40 * a->s, 5, 7, 1.4);
	}
	push(a, a->cx, a->cy + (a->view == TOP ? 0 : 14 * a->s), a->s,
		a->view == TOP ? rnd(a, -0.2, 0.2) : 0);
	y = a->view == TOP ? 46 : 21;
	contact(a, 6, y, r * 1.5, y * 0.7, 0.6);
	box(a, -r, -y, 2 * r, 2 * y, 3);
	solid(a, hex(0x4a4146));
	push(a, 0, 0, 1, 0);
	box(a, -r + 3, -y + 3, 2 * r - 6, 2 * y - 6, 2);
	clip(a);
	rect(a, -r, -y, 2 * r, 2 * y);
	flat(a, hex(0x2c1a1a), 1);
	for (int i = 0; i < 110; i++) {
		double px = rnd(a, -r, r), py = rnd(a, -y, y), s = rnd(a, 2, 4.5);

		blob(a, px, py, s, s * 0.8, 0.2, 6);
		flat(a, mix(hex(0x3b2523), hex(0xf4682a), rnd(a, 0, 1) * rnd(a, 0.2, 1)), 1);
	}
	for (int i = 0; i < 14; i++)
		glow(a, rnd(a, -r, r), rnd(a, -y, y), rnd(a, 6, 12), hex(0xffa03c), 0.5);
	for (double px = -r; px < r; px += 3.4)
		line_to(a, px, -y, px, y);
	stroke(a, hex(0x9a8f8a), 0.5, 0.8);
	pop(a);
	for (int i = 0; i < 6; i++)
		skewer(a, rnd(a, -3, 3), (i - 2.5) * y * 0.31, 2 * r + 14, rnd(a, -0.04, 0.04),
			pick(a, 3));
	if (a->view != TOP) {
		rect(a, -r, y - 1, 2 * r, 15);
		down(a, hex(0x5a4d50), hex(0x2f2528));
		for (int i = 0; i < 9; i++)
			oval(a, -r + 8 + i * 9, y + 7, 1.6, 1.6);
		flat(a, hex(0xff8a3a), 0.9);
		for (int i = 0; i < 12; i++)
			glow(a, rnd(a, -r, r), -y - rnd(a, 2, 25), rnd(a, 0.8, 1.8), hex(0xffc060),
				0.9);
	}
	steam(a, -14, -8, 1.5);
	steam(a, 14, -6, 1.6);
	pop(a);
}

static void sushi_piece(struct art *a, double x, double y, double r, int kind)
{
	static const unsigned fish[] = {0xf28a5c, 0xd8453f, 0xf7d9b8, 0xf0b93a};

	push(a, x, y, r / 10, 0);
	contact(a, 2, 4.5, 13, 4.5, 0.5);
	if (kind < 4) {
		box(a, -9.5, -3, 19, 9, 3.6);
		solid(a, hex(0xfcf6e9));
		specks(a, -8, 0.5, 16, 5, 16, 0.8, hex(0xe3d8c2), 0.8);
		SHAPE(a, -11, -0.4, -9, -5, 0, -6.4, 9, -5, 11, -0.4, 6, 0.8, 0, 0, -6, 0.8);
		drop(a, 0.2, 0.8, 0.6, 0.3);
		solid(a, hex(fish[kind]));
		for (int i = 0; i < 4; i++)
			CURVE(a, -7 + i * 4, -0.6, -5.6 + i * 4, -3, -5 + i * 4, -5.4);
		stroke(a, shade(hex(fish[kind]), 0.65), 0.7, 0.8);
	} else {
		box(a, -8, -3, 16, 11, 2.5);
		lit(a, hex(0x24382f));
		oval(a, 0, -3, 8, 5);
		flat(a, hex(0x2f4a3c), 1);
		oval(a, 0, -3, 7, 4.2);
		lit(a, hex(0xfcf6e9));
		oval(a, 0, -3, 3.6, 2.2);
		flat(a, hex(kind == 4 ? 0xe8743f : 0x8fb04a), 1);
	}
	pop(a);
}

static void sushi(struct art *a)
{
	double k = a->view == TOP ? 0.85 : 0.6;
	struct rgb board = pick(a, 2) ? hex(0x3b2f33) : hex(0xb57f4e);

	backdrop(a, a->cy - 30 * a->s, a->view == TOP ? 1 : 0.5);
	push(a, a->cx, a->cy, a->s, a->view == TOP ? -0.12 : 0);
	box(a, -36, -30 * k, 72, 62 * k, 2);
	drop(a, 1.5, 3, 3, 0.5);
	solid(a, board);
	box(a, -36, 30 * k, 72, 4, 1.5);
	lit(a, shade(board, -0.3));
	for (int row = 0; row < 3; row++)
		for (int i = 0; i < 3; i++)
			sushi_piece(a, -22.5 + i * 22 + rnd(a, -1, 1), (-18 + row * 18) * k, 8.6,
				(row * 2 + i + pick(a, 3)) % 6);
	for (int i = 0; i < 6; i++)
		oval(a, 29 + rnd(a, -3, 3), 21 * k + rnd(a, -2, 2), 3.2, 2.2);
	lit(a, hex(0xf3b7a8));
	oval(a, -30, 23 * k, 3, 2.4);
	solid(a, hex(0x93b35a));
	bowl(a, 40, 36 * k + 8, 10, k * 0.8, hex(0xf3ead9));
	liquid(a, 40, 36 * k + 8, 8.6, k * 0.8, hex(0x4a2018));
	chopsticks(a, -14, 44 * k + 6, 54, -0.06, hex(0x6f3a2a));
	sprig(a, -44, -34 * k, 26, 0.5, 7, hex(0x6f9a52));
	pop(a);
}

static void taco(struct art *a, double x, double y, double r, double turn)
{
	push(a, x, y, r / 20, turn);
	wedge(a, 1.5, -2, 19, 17, M_PI, 2 * M_PI);
	cairo_close_path(a->cr);
	drop(a, 1, 3, 2.5, 0.45);
	flat(a, hex(0xc98a3a), 1);
	for (int i = 0; i < 16; i++) {
		double t = M_PI + 0.15 + i * 0.185, d = rnd(a, 15, 19);

		leaf(a, cos(t) * 12, -2 + sin(t) * 11, 8, 3, t + rnd(a, -0.5, 0.5),
			vary(a, hex(0x74a648), 0.2));
		blob(a, cos(t) * d * 0.93, -1 + sin(t) * d * 0.83, 2.9, 2.6, 0.2, 7);
		lit(a, hex((const unsigned[]){0x8a4526, 0xd4402a, 0x9a5028, 0xf3e4cf}[pick(a, 4)]));
	}
	wedge(a, -1, 2, 19, 17, M_PI, 2 * M_PI);
	cairo_curve_to(a->cr, 12, 4, -12, 4, -20, 2);
	cairo_close_path(a->cr);
	solid(a, hex(0xeebb5c));
	specks(a, -15, -10, 28, 10, 18, 1, hex(0xc07a2a), 0.45);
	pop(a);
}

static void tacos(struct art *a)
{
	double k = tilt(a) > 0.8 ? 0.9 : 0.6;

	backdrop(a, a->cy - 24 * a->s, tilt(a));
	push(a, a->cx, a->cy, a->s, 0);
	plate(a, 0, 6, 42, k, pick(a, 2) ? mix(a->p.mid, a->p.paper, 0.3) : hex(0xc26a3e));
	for (int i = 0; i < 3; i++)
		taco(a, -15 + i * 15, -10 + i * 11, 20, rnd(a, -0.12, 0.12));
	for (int i = 0; i < 3; i++) {
		double x = 28 - i * 4, y = -22 * k + 6 + i * 4;

		oval(a, x, y, 6, 5);
		drop(a, 0.3, 0.6, 0.6, 0.4);
		lit(a, hex(0x8fbf4a));
		oval(a, x, y, 4.8, 4);
		flat(a, hex(0xdcec9f), 1);
		for (int j = 0; j < 4; j++)
			line_to(a, x - 4.5 * cos(j * 0.8), y - 3.6 * sin(j * 0.8),
				x + 4.5 * cos(j * 0.8), y + 3.6 * sin(j * 0.8));
		stroke(a, hex(0x9ac458), 0.4, 0.9);
	}
	bowl(a, -35, 38 * k + 6, 12, k * 0.85, ware(a));
	liquid(a, -35, 38 * k + 6, 10.4, k * 0.85, hex(0xb8321f));
	scallions(a, -35, 38 * k + 6, 6, 4 * k, 6);
	chilli(a, 33, 40 * k + 4, 13, -0.5);
	chilli(a, 38, 43 * k + 4, 11, 0.3);
	pop(a);
}

static void home_cooking(struct art *a)
{
	double k = tilt(a);
	static const double at[4][2] = {{-22, -31}, {25, -25}, {-27, 17}, {20, 23}};
	int shift = pick(a, 4);

	ground(a, k);
	push(a, a->cx, a->cy, a->s * 0.98, 0);
	stretch(a, 1, k > 0.8 ? 1 : 0.86);
	for (int i = 0; i < 4; i++) {
		double x = at[i][0] * (a->w > a->h ? 1.2 : 1), y = at[i][1] * fmax(k, 0.72), r = 22;
		static const unsigned mains[] = {
			0xe7b93f, 0xa8482a, 0x6f9a3f, 0xc7432e, 0x8a4a2c, 0xf0e2c2};
		int dish = (i + shift) % 4;
		struct rgb main_colour = hex(mains[dish == 3 ? 3 + pick(a, 3) : dish]);

		plate(a, x, y, r, k, ware(a));
		if (dish == 1) {
			push(a, x, y, r / 23, -0.4);
			stretch(a, 1, fmax(k, 0.6));
			SHAPE(a, -16, 0, -8, -6, 4, -6, 10, -1, 16, -6, 16, 6, 10, 1, 4, 6, -8, 6);
			drop(a, 0.8, 1.2, 1, 0.4);
			solid(a, hex(0xb9773f));
			for (int j = 0; j < 4; j++)
				line_to(a, -7 + j * 4, -4.4, -5 + j * 4, 4.4);
			stroke(a, hex(0x7a4020), 0.7, 0.8);
			oval(a, -12, -1.5, 1, 1);
			flat(a, hex(0xfdf3df), 1);
			pop(a);
			scallions(a, x, y, r * 0.5, r * 0.35 * k, 14);
			continue;
		}
		for (int j = 0; j < 40; j++) {
			double t = rnd(a, 0, 6.28), d = sqrt(rnd(a, 0, 1)) * r * 0.6;
			struct rgb c = vary(a, main_colour, 0.18);

			if (j % 4 == 1)
				c = dish == 0   ? hex(0xd8432c)
				    : dish == 2 ? hex(0xf3ead0)
						: hex(0x6f9a3f);
			blob(a, x + cos(t) * d, y + sin(t) * d * k, r * 0.17, r * 0.14, 0.22, 7);
			lit(a, c);
		}
		scallions(a, x, y, r * 0.5, r * 0.5 * k, 8);
	}
	for (int i = -1; i <= 1; i += 2) {
		bowl(a, i * 43, 48 * fmax(k, 0.7) * i, 11, k, ware(a));
		oval(a, i * 43, 48 * fmax(k, 0.7) * i, 9.4, 9 * k);
		lit(a, hex(0xfdf8ee));
		specks(a, i * 43 - 6, 48 * fmax(k, 0.7) * i - 5 * k, 12, 10 * k, 24, 0.9,
			hex(0xe6dcc8), 0.9);
	}
	chopsticks(a, 0, 49 * fmax(k, 0.7), 44, 0.06, hex(0x8a4a30));
	steam(a, 8, -6, 1.2);
	pop(a);
}

const struct scene food_scenes[] = {
	{"hotpot", hotpot, 0},
	{"noodle_bowl", noodle_bowl, 0},
	{"dumplings", dumplings, 0},
	{"bao", bao, 0},
	{"street_grill", street_grill, 0},
	{"home_cooking", home_cooking, 0},
	{"sushi", sushi, 0},
	{"tacos", tacos, 0},
	{NULL, NULL, 0},
};
