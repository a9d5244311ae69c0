/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a room holds: books, plants, windows, lamps, cushions, paper. */
#include "props.h"

#include <math.h>

#include "scape.h"

void floor_boards(struct art *a, double y, struct rgb c)
{
	rect(a, -60, y, a->w + 120, a->h - y + 60);
	fade(a, 0, y, 0, a->h, shade(c, 0.1), 1, shade(c, -0.2), 1);
	for (int i = -6; i <= 16; i++)
		line_to(a, a->w * i / 10.0, y, a->w * 0.5 + (a->w * i / 10.0 - a->w * 0.5) * 2.6,
			a->h + 20);
	stroke(a, shade(c, -0.4), 0.3, 0.5);
	rect(a, -60, y - 2.6, a->w + 120, 2.6);
	flat(a, shade(c, 0.5), 0.7);
	line_to(a, -60, y, a->w + 60, y);
	stroke(a, shade(c, -0.6), 0.5, 0.5);
}

void book(struct art *a, double x, double y, double w, double h, double turn, struct rgb c)
{
	push(a, x, y, 1, turn);
	box(a, -w / 2 + 0.8, -h / 2 + 0.9, w, h, 0.6);
	drop(a, 0.8, 1.4, 1.6, 0.45);
	flat(a, hex(0xf4ead6), 1);
	box(a, -w / 2, -h / 2, w, h, 0.6);
	lit(a, c);
	rect(a, -w / 2 + w * 0.06, -h / 2, w * 0.035, h);
	flat(a, shade(c, -0.5), 0.5);
	box(a, -w * 0.25, -h * 0.32, w * 0.55, h * 0.24, 0.3);
	flat(a, a->p.paper, 0.85);
	rect(a, -w * 0.18, -h * 0.26, w * 0.4, h * 0.03);
	rect(a, -w * 0.12, -h * 0.19, w * 0.28, h * 0.02);
	flat(a, shade(c, -0.4), 0.8);
	oval(a, w * 0.03, h * 0.2, w * 0.13, w * 0.13);
	flat(a, shade(c, 0.5), 0.6);
	pop(a);
}

void open_book(struct art *a, double x, double y, double size, double turn, struct rgb cover)
{
	push(a, x, y, size / 40, turn);
	box(a, -21, -14.5, 42, 29, 1);
	drop(a, 1, 2, 2, 0.5);
	lit(a, cover);
	for (int side = -1; side <= 1; side += 2) {
		cairo_move_to(a->cr, 0, -13);
		cairo_curve_to(a->cr, side * 6, -15, side * 14, -13.5, side * 20, -13.5);
		cairo_line_to(a->cr, side * 20, 13.5);
		cairo_curve_to(a->cr, side * 14, 13.5, side * 6, 12, 0, 14);
		cairo_close_path(a->cr);
		fade(a, 0, 0, side * 20, 0, side < 0 ? hex(0xe6d8be) : hex(0xd4c3a6), 1,
			side < 0 ? hex(0xfdf7ea) : hex(0xf7eddb), 1);
		for (int i = 0; i < 11; i++) {
			double w = i % 4 == 3 ? rnd(a, 6, 11) : 14;

			line_to(a, side < 0 ? -17.5 : 3, -10 + i * 2, (side < 0 ? -17.5 : 3) + w,
				-10 + i * 2);
		}
		stroke(a, hex(0x8b7a6a), 0.45, 0.55);
	}
	line_to(a, 0, -13, 0, 14);
	stroke(a, hex(0x7a6650), 0.5, 0.6);
	pop(a);
}

void book_row(struct art *a, double x, double y, double w, double h)
{
	double end = x + w;

	while (x < end - 1) {
		double t = fmin(rnd(a, 0.1, 0.24) * h, end - x), tall = h * rnd(a, 0.68, 0.95);
		struct rgb c = tint(a, vary(a, mix(any(a), a->p.paper, rnd(a, 0, 0.35)), 0.12));

		if (chance(a, 0.06)) {
			x += t * 1.4;
			continue;
		}
		box(a, x, y - tall, t * 0.96, tall, 0.3);
		fade(a, x, 0, x + t, 0, shade(c, 0.12), 1, shade(c, -0.25), 1);
		rect(a, x + t * 0.2, y - tall * 0.86, t * 0.56, tall * 0.05);
		rect(a, x + t * 0.2, y - tall * 0.2, t * 0.56, tall * 0.03);
		flat(a, shade(c, 0.6), 0.8);
		if (chance(a, 0.5)) {
			rect(a, x + t * 0.36, y - tall * 0.7, t * 0.25, tall * 0.4);
			flat(a, shade(c, 0.5), 0.5);
		}
		x += t;
	}
}

static void pot_body(struct art *a, double size, struct rgb pot)
{
	contact(a, size * 0.1, 0, size * 0.52, size * 0.1, 0.45);
	POLY(a, -size * 0.3, -size * 0.5, size * 0.3, -size * 0.5, size * 0.22, 0, -size * 0.22, 0);
	lit(a, pot);
	box(a, -size * 0.34, -size * 0.58, size * 0.68, size * 0.13, size * 0.03);
	drop(a, 0.1, size * 0.03, size * 0.03, 0.3);
	lit(a, shade(pot, 0.08));
}

void plant_pot(struct art *a, double x, double y, double size, struct rgb pot, int kind)
{
	struct rgb green = tint(a, hex(kind % 2 ? 0x5d8a58 : 0x3f7457));
	double s = size;

	push(a, x, y, 1, 0);
	switch (kind % 5) {
	case 0:
		for (int i = 0; i < 13; i++) {
			double t = -M_PI_2 + (i - 6) * 0.24 + rnd(a, -0.1, 0.1),
			       l = s * rnd(a, 0.75, 1.1);

			leaf(a, 0, -s * 0.55, l, s * 0.1, t, vary(a, green, 0.2));
		}
		break;
	case 1:
		for (int i = 0; i < 6; i++)
			sprig(a, 0, -s * 0.55, s * rnd(a, 0.9, 1.25), -M_PI_2 + (i - 2.5) * 0.33, 7,
				vary(a, green, 0.15));
		break;
	case 2:
		foliage(a, 0, -s * 0.95, s * 0.46, green);
		for (int i = 0; i < 9; i++)
			flower(a, rnd(a, -0.36, 0.36) * s, -s * 0.95 + rnd(a, -0.36, 0.3) * s,
				s * 0.1, vary(a, a->p.pop, 0.2));
		break;
	case 3:
		for (int i = 0; i < 7; i++) {
			double t = (i - 3) * 0.3, l = s * rnd(a, 0.6, 0.9), bx = sin(t) * l,
			       by = -s * 0.55 - cos(t) * l;

			CURVE(a, 0, -s * 0.55, bx * 0.4, -s * 0.55 - cos(t) * l * 0.7, bx, by);
			stroke(a, shade(green, -0.2), s * 0.02, 1);
			push(a, bx, by, 1, t);
			SHAPE(a, 0, -s * 0.2, s * 0.16, -s * 0.06, s * 0.12, s * 0.14, 0, s * 0.08,
				-s * 0.12, s * 0.14, -s * 0.16, -s * 0.06);
			lit(a, vary(a, green, 0.15));
			line_to(a, 0, s * 0.1, 0, -s * 0.16);
			stroke(a, shade(green, 0.5), s * 0.012, 0.7);
			pop(a);
		}
		break;
	default:
		SHAPE(a, -s * 0.2, -s * 0.5, -s * 0.24, -s * 0.9, 0, -s * 1.25, s * 0.24, -s * 0.9,
			s * 0.2, -s * 0.5);
		solid(a, green);
		for (int i = 0; i < 22; i++) {
			double px = rnd(a, -0.18, 0.18) * s, py = -s * rnd(a, 0.55, 1.15);

			line_to(a, px, py, px + s * 0.03, py - s * 0.04);
		}
		stroke(a, hex(0xf6ecd0), s * 0.012, 0.9);
		flower(a, 0, -s * 1.25, s * 0.12, a->p.pop);
	}
	pot_body(a, s, pot);
	pop(a);
}

void window_view(struct art *a, double x, double y, double w, double h, struct rgb frame)
{
	struct rgb far = sky_low(a);
	double hy = y + h * 0.72;

	push(a, 0, 0, 1, 0);
	box(a, x, y, w, h, 0.5);
	clip(a);
	sky(a, hy);
	if (a->tod == NIGHT) {
		stars(a, hy, 60);
		moon(a, x + w * 0.7, y + h * 0.22, w * 0.06);
	} else {
		cloud(a, x + w * 0.3, y + h * 0.25, w * 0.015, 0.8);
		cloud(a, x + w * 0.75, y + h * 0.42, w * 0.012, 0.7);
	}
	for (double px = x; px < x + w; px += w * 0.14)
		tower(a, px, y + h + 4, w * rnd(a, 0.09, 0.14), h * rnd(a, 0.2, 0.45),
			mix(far, a->p.deep, 0.35), a->tod >= DUSK ? 0.5 : 0.04);
	for (int i = 0; i < 4; i++)
		foliage(a, x + w * rnd(a, 0, 1), y + h * 1.02, w * rnd(a, 0.09, 0.16),
			leaf_colour(a));
	pop(a);
	for (int i = 0; i < 2; i++) {
		rect(a, x, y, w, h);
		stroke(a, i ? shade(frame, 0.3) : shade(frame, -0.3), i ? w * 0.025 : w * 0.05, 1);
	}
	line_to(a, x + w / 2, y, x + w / 2, y + h);
	line_to(a, x, y + h * 0.38, x + w, y + h * 0.38);
	stroke(a, frame, w * 0.025, 1);
	box(a, x - w * 0.06, y + h, w * 1.12, h * 0.05, 0.4);
	drop(a, 0.6, 1.2, 1, 0.3);
	lit(a, shade(frame, 0.1));
}

void curtain(struct art *a, double x, double y, double w, double h, struct rgb c)
{
	rect(a, x, y, w, h);
	drop(a, 0.8, 0.5, 1.4, 0.3);
	flat(a, c, 1);
	for (int i = 0; i < 6; i++) {
		double px = x + w * i / 6;

		rect(a, px, y, w / 6, h);
		fade(a, px, 0, px + w / 6, 0, shade(c, 0.3), 0.9, shade(c, -0.3), 0.9);
	}
	rect(a, x, y, w, h);
	fade(a, 0, y, 0, y + h, hex(0xfff3d4), 0.2, c, 0);
}

void picture_frame(struct art *a, double x, double y, double w, double h, struct rgb c)
{
	struct rgb sky_c = mix(a->p.paper, a->p.light, 0.6);

	rect(a, x, y, w, h);
	drop(a, 0.7, 1.3, 1.2, 0.4);
	flat(a, shade(c, -0.3), 1);
	rect(a, x + w * 0.05, y + w * 0.05, w * 0.9, h - w * 0.1);
	flat(a, hex(0xfaf4e8), 1);
	push(a, 0, 0, 1, 0);
	rect(a, x + w * 0.16, y + w * 0.16, w * 0.68, h - w * 0.32);
	clip(a);
	rect(a, x, y, w, h);
	flat(a, sky_c, 1);
	oval(a, x + w * 0.62, y + h * 0.38, w * 0.12, w * 0.12);
	flat(a, a->p.pop, 1);
	oval(a, x + w * 0.25, y + h * 0.95, w * 0.45, h * 0.4);
	flat(a, a->p.mid, 1);
	oval(a, x + w * 0.8, y + h * 1.02, w * 0.45, h * 0.4);
	flat(a, a->p.deep, 0.9);
	pop(a);
}

void table_lamp(struct art *a, double x, double y, double h, struct rgb c)
{
	glow(a, x, y - h * 0.7, h * 1.1, hex(0xffd28a), 0.5);
	oval(a, x, y, h * 0.2, h * 0.04);
	rect(a, x - h * 0.02, y - h * 0.65, h * 0.04, h * 0.65);
	flat(a, hex(0x6a4a3a), 1);
	POLY(a, x - h * 0.16, y - h, x + h * 0.16, y - h, x + h * 0.3, y - h * 0.6, x - h * 0.3,
		y - h * 0.6);
	fade(a, x, y - h, x, y - h * 0.58, shade(c, 0.1), 1, hex(0xffe9b8), 1);
	line_to(a, x - h * 0.3, y - h * 0.6, x + h * 0.3, y - h * 0.6);
	stroke(a, shade(c, -0.2), h * 0.02, 0.8);
}

void pendant_lamp(struct art *a, double x, double y, double r, struct rgb c)
{
	line_to(a, x, -40, x, y - r * 0.7);
	stroke(a, hex(0x3a2a30), 0.4, 0.9);
	glow(a, x, y + r * 0.3, r * 3.4, hex(0xffd28a), 0.5);
	oval(a, x, y + r * 0.12, r * 0.34, r * 0.28);
	flat(a, hex(0xfff3cf), 1);
	wedge(a, x, y + r * 0.1, r, r * 0.85, M_PI, 2 * M_PI);
	cairo_close_path(a->cr);
	solid(a, c);
}

void cushion(struct art *a, double x, double y, double size, double turn, struct rgb c)
{
	push(a, x, y, size / 20, turn);
	SHAPE(a, -10, -9.5, 0, -8.6, 10, -9.5, 8.8, 0, 10, 9.5, 0, 8.8, -10, 9.5, -8.8, 0);
	drop(a, 0.6, 1.2, 1.4, 0.35);
	solid(a, c);
	for (int i = -2; i <= 2; i++)
		CURVE(a, i * 3.2, -7.6, i * 3.4, 0, i * 3.2, 7.6);
	stroke(a, shade(c, 0.45), 0.5, 0.5);
	pop(a);
}

void rug(struct art *a, double x, double y, double rx, double ry, struct rgb c)
{
	static const double ring[] = {1, 0.9, 0.72, 0.64, 0.3};

	for (int i = 0; i < 5; i++) {
		oval(a, x, y, rx * ring[i], ry * ring[i]);
		flat(a, i % 2 ? shade(c, 0.45) : vary(a, c, 0.08), 1);
	}
}

void pen(struct art *a, double x, double y, double length, double turn, struct rgb c)
{
	push(a, x, y, length / 30, turn);
	box(a, -15, -0.9, 26, 1.8, 0.7);
	drop(a, 0.6, 1, 0.7, 0.4);
	down(a, shade(c, 0.35), shade(c, -0.25));
	POLY(a, 11, -0.9, 15, 0, 11, 0.9);
	flat(a, hex(0xe9c99a), 1);
	rect(a, -15, -0.9, 2.6, 1.8);
	flat(a, a->p.pop, 1);
	pop(a);
}

void paper_sheet(struct art *a, double x, double y, double w, double h, double turn, struct rgb c)
{
	push(a, x, y, 1, turn);
	rect(a, -w / 2, -h / 2, w, h);
	drop(a, 0.6, 1.1, 1.3, 0.35);
	fade(a, -w / 2, -h / 2, w / 2, h / 2, shade(c, 0.5), 1, shade(c, -0.05), 1);
	pop(a);
}

void vase(struct art *a, double x, double y, double h, struct rgb c, struct rgb bloom)
{
	struct rgb green = tint(a, hex(0x5d8a58));

	for (int i = 0; i < 7; i++) {
		double t = -M_PI_2 + (i - 3) * 0.26, l = h * rnd(a, 0.75, 1.15);
		double bx = x + cos(t) * l, by = y - h * 0.8 + sin(t) * l;

		CURVE(a, x, y - h * 0.75, x + cos(t) * l * 0.4, y - h * 0.8 + sin(t) * l * 0.55, bx,
			by);
		stroke(a, green, h * 0.018, 1);
		leaf(a, x + cos(t) * l * 0.5, y - h * 0.8 + sin(t) * l * 0.55, h * 0.28, h * 0.06,
			t + (i % 2 ? 0.7 : -0.7), vary(a, green, 0.15));
		flower(a, bx, by, h * rnd(a, 0.13, 0.2), vary(a, bloom, 0.2));
	}
	contact(a, x + h * 0.1, y, h * 0.4, h * 0.07, 0.45);
	SHAPE(a, x - h * 0.1, y - h * 0.85, x - h * 0.12, y - h * 0.65, x - h * 0.27, y - h * 0.35,
		x - h * 0.2, y, x, y + h * 0.03, x + h * 0.2, y, x + h * 0.27, y - h * 0.35,
		x + h * 0.12, y - h * 0.65, x + h * 0.1, y - h * 0.85);
	solid(a, c);
}

void candle(struct art *a, double x, double y, double h, struct rgb c)
{
	glow(a, x, y - h * 1.15, h * 1.3, hex(0xffc76b), 0.6);
	box(a, x - h * 0.18, y - h, h * 0.36, h, h * 0.04);
	lit(a, c);
	SHAPE(a, x, y - h * 1.42, x + h * 0.08, y - h * 1.14, x, y - h * 1.04, x - h * 0.08,
		y - h * 1.14);
	flat(a, hex(0xffe9a6), 1);
}
