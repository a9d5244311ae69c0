/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables and what stands on them. One tilt for all vessels lets a scene be seen from above or from the side. */
#include "props.h"

#include <math.h>

void planks(struct art *a, double x, double y, double w, double h, double step, struct rgb c)
{
	rect(a, x, y, w, h);
	fade(a, x, y, x + w, y + h, shade(c, 0.12), 1, shade(c, -0.12), 1);
	for (double px = x; px < x + w; px += step) {
		rect(a, px, y, step, h);
		flat(a, vary(a, c, 0.16), 0.35);
		for (int i = 0; i < 5; i++) {
			double gx = px + rnd(a, 0.1, 0.9) * step, gy = y + rnd(a, -0.1, 0.8) * h,
			       l = rnd(a, 0.1, 0.4) * h;

			CURVE(a, gx, gy, gx + rnd(a, -0.06, 0.06) * step, gy + l / 2, gx, gy + l);
		}
		stroke(a, shade(c, -0.35), 0.22, 0.35);
		line_to(a, px, y, px, y + h);
		stroke(a, shade(c, -0.5), 0.3, 0.55);
		line_to(a, px + 0.35, y, px + 0.35, y + h);
		stroke(a, shade(c, 0.5), 0.2, 0.35);
	}
}

void tiles(struct art *a, double x, double y, double w, double h, double cell, struct rgb c)
{
	rect(a, x, y, w, h);
	flat(a, shade(c, -0.2), 1);
	for (double py = y; py < y + h; py += cell)
		for (double px = x; px < x + w; px += cell) {
			box(a, px + 0.25, py + 0.25, cell - 0.5, cell - 0.5, 0.4);
			flat(a, vary(a, c, 0.09), 1);
		}
	for (double py = y; py < y + h; py += cell)
		for (double px = x; px < x + w; px += cell)
			line_to(a, px + 0.8, py + 0.8, px + cell * 0.6, py + 0.8);
	stroke(a, shade(c, 0.7), 0.3, 0.5);
}

static void cloth(struct art *a, struct rgb c, struct rgb bar)
{
	double step = rnd(a, 7, 12);

	paint_all(a, shade(c, 0.2), shade(c, -0.06));
	for (double x = -40; x < a->w + 40; x += step)
		rect(a, x, -40, step / 2, a->h + 80);
	flat(a, bar, 0.34);
	for (double y = -40; y < a->h + 40; y += step)
		rect(a, -40, y, a->w + 80, step / 2);
	flat(a, bar, 0.34);
	dashes(a, -20, -20, a->w + 40, a->h + 40, 120, 4, 0.12, shade(c, 0.6), 0.3);
}

static void linen(struct art *a, struct rgb c, struct rgb bar)
{
	double x = rnd(a, 0.1, 0.3) * a->w;

	paint_all(a, shade(c, 0.1), shade(c, -0.08));
	for (int i = 0; i < 3; i++)
		rect(a, x + i * 3.2, -40, i == 1 ? 2 : 0.8, a->h + 80);
	flat(a, bar, 0.6);
	dashes(a, -20, -20, a->w + 40, a->h + 40, 260, 5, 0.12, shade(c, -0.4), 0.16);
}

static void terrazzo(struct art *a, struct rgb c)
{
	paint_all(a, shade(c, 0.25), c);
	for (int i = 0; i < 90; i++) {
		double r = rnd(a, 0.4, 1.7);

		blob(a, rnd(a, -10, a->w + 10), rnd(a, -10, a->h + 10), r, r * rnd(a, 0.5, 1), 0.25,
			6);
		flat(a, any(a), 0.42);
	}
}

void table_above(struct art *a)
{
	struct rgb wood = mix(hex(pick(a, 2) ? 0xb9814f : 0x8a5a3c), a->p.mid, 0.18);

	switch (pick(a, 6)) {
	case 0:
	case 1:
		planks(a, -40, -40, a->w + 80, a->h + 80, rnd(a, 15, 24), wood);
		break;
	case 2:
		cloth(a, a->p.paper, any(a));
		break;
	case 3:
		linen(a, mix(a->p.light, a->p.paper, rnd(a, 0.2, 0.7)), a->p.pop);
		break;
	case 4:
		terrazzo(a, mix(a->p.paper, a->p.light, 0.3));
		break;
	default:
		linen(a, mix(a->p.deep, a->p.mid, rnd(a, 0.25, 0.6)), a->p.light);
	}
	sunbeams(a, a->tod == NIGHT ? 0.1 : 0.3);
}

void wall(struct art *a, struct rgb c)
{
	paint_all(a, shade(c, 0.1), shade(c, -0.12));
	dashes(a, -20, -20, a->w + 40, a->h + 40, 70, 9, 0.5, shade(c, 0.5), 0.07);
	rect(a, -40, -40, a->w + 80, a->h + 80);
	fade(a, 0, 0, a->w, a->h * 0.6, hex(0xfff1cf), a->tod == NIGHT ? 0.1 : 0.28, shade(c, -0.7),
		0.2);
}

void table_edge(struct art *a, double y)
{
	struct rgb w = a->tod == NIGHT ? mix(a->p.deep, a->p.mid, 0.25)
				       : mix(a->p.light, a->p.mid, rnd(a, 0, 0.6));
	struct rgb wood = mix(hex(0xa8734a), a->p.mid, 0.15);

	wall(a, w);
	if (chance(a, 0.5)) {
		bokeh(a, -5, -5, a->w + 10, y - 6, 16, 8);
	} else {
		rect(a, a->w * 0.55, -40, a->w, y + 40);
		flat(a, shade(w, -0.2), 0.25);
		bokeh(a, a->w * 0.5, 0, a->w * 0.5, y - 8, 6, 5);
	}
	if (a->tod != NIGHT)
		sunbeams(a, 0.24);
	rect(a, -60, y, a->w + 120, a->h - y + 60);
	fade(a, 0, y, 0, a->h, shade(wood, 0.2), 1, shade(wood, -0.28), 1);
	for (int i = 0; i < 26; i++) {
		double t = rnd(a, 0, 1), gy = y + t * t * (a->h - y) + 1, gx = rnd(a, -20, a->w);

		CURVE(a, gx, gy, gx + 15, gy + rnd(a, -0.4, 0.4), gx + rnd(a, 20, 55), gy);
		stroke(a, shade(wood, -0.4), 0.15 + 0.5 * t, 0.25);
	}
	line_to(a, -60, y + 0.4, a->w + 60, y + 0.4);
	stroke(a, shade(wood, 0.6), 0.6, 0.6);
}

void backdrop(struct art *a, double y, double k)
{
	if (k > 0.8)
		table_above(a);
	else
		table_edge(a, y);
}

void bowl(struct art *a, double x, double y, double r, double k, struct rgb c)
{
	double depth = r * 0.85 * sqrt(fmax(0, 1 - k * k));

	contact(a, x + r * 0.22, y + depth * 0.85 + r * k * 0.16, r * 1.28,
		r * fmax(k, 0.3) * (k > 0.8 ? 1.22 : 0.75), 0.55);
	if (depth > 1) {
		cairo_new_sub_path(a->cr);
		cairo_move_to(a->cr, x - r, y);
		cairo_curve_to(a->cr, x - r * 0.95, y + depth * 0.75, x - r * 0.5, y + depth * 1.05,
			x - r * 0.42, y + depth * 1.08);
		cairo_curve_to(a->cr, x - r * 0.2, y + depth * 1.2, x + r * 0.2, y + depth * 1.2,
			x + r * 0.42, y + depth * 1.08);
		cairo_curve_to(a->cr, x + r * 0.5, y + depth * 1.05, x + r * 0.95, y + depth * 0.75,
			x + r, y);
		cairo_close_path(a->cr);
		solid(a, c);
		wedge(a, x, y + depth * 0.16, r * 0.97, r * k * 0.97, 0.1, M_PI - 0.1);
		stroke(a, mix(c, a->p.pop, 0.7), r * 0.05, 0.85);
	}
	oval(a, x, y, r, r * k);
	lit(a, shade(c, 0.35));
	oval(a, x, y, r * 0.94, r * k * 0.94);
	fade(a, x - r, y - r * k, x + r, y + r * k, shade(c, -0.38), 1, shade(c, 0.25), 1);
}

void liquid(struct art *a, double x, double y, double r, double k, struct rgb c)
{
	double dy = k > 0.8 ? 0 : r * 0.07;

	oval(a, x, y + dy, r, r * k);
	fade(a, x - r, y - r * k, x + r, y + r * k, shade(c, -0.22), 1, shade(c, 0.14), 1);
	wedge(a, x, y + dy, r * 0.93, r * k * 0.93, 0.3, 1.4);
	stroke(a, shade(c, 0.75), r * 0.025, 0.5);
}

void plate(struct art *a, double x, double y, double r, double k, struct rgb c)
{
	contact(a, x + r * 0.12, y + r * 0.14, r * 1.2, r * 1.16 * k, 0.55);
	if (k < 0.8) {
		oval(a, x, y + r * 0.06, r, r * k);
		flat(a, shade(c, -0.35), 1);
	}
	oval(a, x, y, r, r * k);
	fade(a, x - r, y - r * k, x + r, y + r * k, shade(c, 0.35), 1, shade(c, -0.1), 1);
	oval(a, x, y, r * 0.93, r * k * 0.93);
	stroke(a, mix(c, a->p.pop, 0.65), r * 0.018, 0.75);
	oval(a, x, y, r * 0.72, r * k * 0.72);
	fade(a, x - r, y - r * k, x + r, y + r * k, shade(c, -0.2), 1, shade(c, 0.35), 1);
}

void cup(struct art *a, double x, double y, double r, double k, struct rgb c, struct rgb drink)
{
	double depth = r * 1.5 * sqrt(fmax(0, 1 - k * k));

	contact(a, x + r * 0.3, y + depth + r * 0.1, r * 1.35, r * fmax(k, 0.35) * 1.1, 0.5);
	oval(a, x + r * 1.12, y + (depth > 1 ? depth * 0.45 : 0), r * 0.36,
		depth > 1 ? r * 0.42 : r * 0.13);
	stroke(a, shade(c, -0.12), r * 0.17, 1);
	if (depth > 1) {
		cairo_new_sub_path(a->cr);
		cairo_move_to(a->cr, x - r, y);
		cairo_curve_to(a->cr, x - r * 0.98, y + depth * 0.8, x - r * 0.8, y + depth,
			x - r * 0.6, y + depth);
		cairo_curve_to(a->cr, x - r * 0.3, y + depth * 1.12, x + r * 0.3, y + depth * 1.12,
			x + r * 0.6, y + depth);
		cairo_curve_to(
			a->cr, x + r * 0.8, y + depth, x + r * 0.98, y + depth * 0.8, x + r, y);
		cairo_close_path(a->cr);
		solid(a, c);
	}
	oval(a, x, y, r, r * k);
	lit(a, shade(c, 0.3));
	liquid(a, x, y, r * 0.86, k, drink);
}

void glass(struct art *a, double x, double y, double w, double h, struct rgb drink, double level)
{
	double top = w * 0.5, low = w * 0.4;

	contact(a, x + w * 0.3, y, w * 0.95, w * 0.22, 0.45);
	POLY(a, x - top, y - h, x + top, y - h, x + low, y, x - low, y);
	flat(a, hex(0xf4f6f0), 0.32);
	POLY(a, x - low - (top - low) * level, y - h * level, x + low + (top - low) * level,
		y - h * level, x + low, y - h * 0.02, x - low, y - h * 0.02);
	lit(a, drink);
	oval(a, x, y - h * level, low + (top - low) * level, w * 0.09);
	flat(a, shade(drink, 0.35), 0.9);
	POLY(a, x - top * 0.8, y - h * 0.95, x - top * 0.58, y - h * 0.95, x - low * 0.6,
		y - h * 0.06, x - low * 0.78, y - h * 0.06);
	flat(a, hex(0xffffff), 0.3);
	oval(a, x, y - h, top, w * 0.09);
	stroke(a, hex(0xffffff), w * 0.03, 0.7);
}

void chopsticks(struct art *a, double x, double y, double length, double turn, struct rgb c)
{
	push(a, x, y, length / 50, turn);
	for (int i = 0; i < 2; i++) {
		POLY(a, -25, -1.6 + i * 3, -25, 0.1 + i * 3, 25, -0.1 + i * 1.6, 25,
			-0.9 + i * 1.6);
		drop(a, 0.7, 1.2, 0.8, 0.4);
		down(a, shade(c, 0.3), shade(c, -0.25));
		rect(a, -24, -1.5 + i * 3, 9, 1.5);
		flat(a, a->p.pop, 0.85);
	}
	pop(a);
}

void scallions(struct art *a, double x, double y, double rx, double ry, int n)
{
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < n; i++) {
			double t = rnd(a, 0, 6.28), d = sqrt(rnd(a, 0, 1)),
			       r = rx * rnd(a, 0.035, 0.06);

			oval(a, x + cos(t) * d * rx, y + sin(t) * d * ry, r, r * 0.8);
		}
		stroke(a, hex(pass ? 0x9cc25a : 0x4f8b3d), rx * 0.028, 1);
	}
}

void egg_half(struct art *a, double x, double y, double r, double turn)
{
	push(a, x, y, r, turn);
	oval(a, 0, 0, 1.18, 0.92);
	drop(a, 0.06, 0.1, 0.1, 0.4);
	lit(a, hex(0xfdf3df));
	oval(a, 0.12, 0, 0.62, 0.56);
	lit(a, hex(0xf09a2c));
	oval(a, -0.02, -0.14, 0.26, 0.18);
	flat(a, hex(0xffd98a), 0.8);
	pop(a);
}

void spoon(struct art *a, double x, double y, double length, double turn, struct rgb c)
{
	push(a, x, y, length / 40, turn);
	box(a, -20, -0.8, 28, 1.6, 0.8);
	oval(a, 13, 0, 7, 4.4);
	drop(a, 0.8, 1.2, 0.8, 0.4);
	lit(a, c);
	oval(a, 13, 0, 5.4, 3.2);
	fade(a, 8, -3, 18, 3, shade(c, -0.3), 1, shade(c, 0.4), 1);
	pop(a);
}

void napkin(struct art *a, double x, double y, double size, double turn, struct rgb c)
{
	push(a, x, y, size / 20, turn);
	box(a, -10, -10, 20, 20, 0.5);
	drop(a, 0.3, 0.5, 0.6, 0.35);
	lit(a, c);
	for (int i = 0; i < 4; i++)
		line_to(a, -9.5, -7 + i * 1.2 + (i > 1) * 9, 9.5, -7 + i * 1.2 + (i > 1) * 9);
	stroke(a, a->p.pop, 0.4, 0.6);
	pop(a);
}
