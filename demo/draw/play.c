/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sport, games and the moon festival. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

static void weiqi(struct art *a)
{
	double k = a->view == TOP ? 1 : 0.56, cell = a->view == CLOSE ? 6.4 : 4.6;
	struct rgb board = hex(0xdcaa62);
	double half = cell * 9;

	backdrop(a, a->cy - 34 * a->s, k);
	push(a, a->cx, a->cy + (k < 0.8 ? 4 : 0) * a->s, a->s * (a->view == CLOSE ? 0.9 : 1),
		k > 0.8 ? rnd(a, -0.2, 0.2) : 0);
	if (k > 0.8) {
		box(a, -half - 4, -half - 4, 2 * half + 8, 2 * half + 8, 0.6);
		drop(a, 1.4, 2.6, 2.4, 0.5);
		lit(a, board);
	} else {
		box(a, -half - 4, -half * k - 3, 2 * half + 8, 2 * half * k + 16, 1);
		drop(a, 1.4, 3, 2.6, 0.5);
		lit(a, shade(board, -0.35));
		box(a, -half - 4, -half * k - 3, 2 * half + 8, 2 * half * k + 7, 0.6);
		lit(a, board);
	}
	for (int i = 0; i < 14; i++)
		CURVE(a, -half - 3, (-half + i * half / 7) * k, 0,
			(-half + i * half / 7 + rnd(a, -2, 2)) * k, half + 3,
			(-half + i * half / 7) * k);
	stroke(a, shade(board, -0.3), 0.3, 0.25);
	for (int i = -9; i <= 9; i++) {
		line_to(a, i * cell, -half * k, i * cell, half * k);
		line_to(a, -half, i * cell * k, half, i * cell * k);
	}
	stroke(a, hex(0x5a3a20), 0.2, 0.9);
	for (int i = -1; i <= 1; i++)
		for (int j = -1; j <= 1; j++)
			oval(a, i * 6 * cell, j * 6 * cell * k, 0.6, 0.6 * k);
	flat(a, hex(0x5a3a20), 1);
	for (int y = -9; y <= 9; y++)
		for (int x = -9; x <= 9; x++) {
			double d = sin(x * 0.7 + y * 0.3) + cos(y * 0.62 - x * 0.2);
			struct rgb c = d > 0 ? hex(0x34303a) : hex(0xfbf5ea);

			if (!chance(a, 0.12 + 0.14 * fabs(d)))
				continue;
			contact(a, x * cell + cell * 0.12, y * cell * k + cell * 0.2, cell * 0.56,
				cell * 0.5 * k, 0.5);
			oval(a, x * cell, y * cell * k - (k < 0.8 ? 0.6 : 0), cell * 0.46,
				cell * 0.46 * fmax(k, 0.66));
			lit(a, c);
			oval(a, x * cell - cell * 0.14, y * cell * k - cell * 0.16, cell * 0.13,
				cell * 0.09);
			flat(a, hex(0xffffff), d > 0 ? 0.4 : 0.9);
		}
	for (int s = -1; s <= 1; s += 2) {
		double x = s * (k > 0.8 ? 42 : 40),
		       y = s * 46 * (k > 0.8 ? 1 : 0.3) + (k > 0.8 ? 0 : 40);

		bowl(a, x, y, 12, k, hex(0x8a4f30));
		for (int i = 0; i < 16; i++) {
			oval(a, x + rnd(a, -7, 7), y + rnd(a, -7, 7) * k, 2.4, 2.2 * fmax(k, 0.7));
			lit(a, s < 0 ? hex(0x3a363f) : hex(0xfbf5ea));
		}
	}
	if (k < 0.8) {
		cup(a, -2, 43, 7.4, 0.4, hex(0xeee6d6), hex(0xb9a24a));
		steam(a, -2, 41, 0.6);
	}
	if (a->season == WINTER || a->season == SPRING)
		branch(a, 56, -52 * k - 6, 16, 2.7, 3, 1.4, hex(0x5a4038),
			a->season == SPRING ? hex(0xf6b8c0) : hex(0xfaf0ea));
	pop(a);
}

static void chessman(struct art *a, double x, double y, double h, int kind, struct rgb c)
{
	double w = h * 0.24;

	contact(a, x + w * 0.5, y, w * 1.5, w * 0.45, 0.5);
	SHAPE(a, x - w * 0.5, y - h * 0.62, x - w * 0.42, y - h * 0.4, x - w * 0.9, y - h * 0.12,
		x - w, y - h * 0.02, x, y + h * 0.03, x + w, y - h * 0.02, x + w * 0.9,
		y - h * 0.12, x + w * 0.42, y - h * 0.4, x + w * 0.5, y - h * 0.62);
	solid(a, c);
	oval(a, x, y - h * 0.6, w * 0.74, h * 0.045);
	lit(a, shade(c, 0.12));
	switch (kind % 5) {
	case 0:
		oval(a, x, y - h * 0.74, w * 0.58, w * 0.58);
		solid(a, c);
		break;
	case 1:
		box(a, x - w * 0.66, y - h * 0.86, w * 1.32, h * 0.26, w * 0.1);
		solid(a, c);
		for (int i = 0; i < 3; i++)
			rect(a, x - w * 0.6 + i * w * 0.44, y - h * 0.95, w * 0.32, h * 0.12);
		lit(a, c);
		break;
	case 2:
		SHAPE(a, x - w * 0.7, y - h * 0.6, x - w * 0.6, y - h * 0.86, x - w * 0.1,
			y - h * 1.06, x + w * 0.2, y - h * 0.98, x + w, y - h * 0.82, x + w * 0.9,
			y - h * 0.72, x + w * 0.2, y - h * 0.76, x + w * 0.6, y - h * 0.6);
		solid(a, c);
		oval(a, x + w * 0.15, y - h * 0.88, w * 0.09, w * 0.09);
		flat(a, shade(c, -0.7), 1);
		break;
	case 3:
		SHAPE(a, x - w * 0.5, y - h * 0.62, x - w * 0.5, y - h * 0.84, x, y - h * 1.02,
			x + w * 0.5, y - h * 0.84, x + w * 0.5, y - h * 0.62);
		solid(a, c);
		oval(a, x, y - h * 1.04, w * 0.16, w * 0.16);
		flat(a, c, 1);
		break;
	default:
		POLY(a, x - w * 0.45, y - h * 0.6, x - w * 0.72, y - h * 0.94, x - w * 0.3,
			y - h * 0.88, x, y - h * 0.98, x + w * 0.3, y - h * 0.88, x + w * 0.72,
			y - h * 0.94, x + w * 0.45, y - h * 0.6);
		solid(a, c);
		rect(a, x - w * 0.09, y - h * 1.2, w * 0.18, h * 0.28);
		rect(a, x - w * 0.3, y - h * 1.12, w * 0.6, h * 0.055);
		flat(a, c, 1);
	}
}

static void chess(struct art *a)
{
	double base = a->cy + 30 * a->s, far = a->cy - 4 * a->s;
	struct rgb white = hex(0xf6e8cc), black = mix(hex(0x4a3432), a->p.deep, 0.4),
		   dark = mix(hex(0x8a5a3c), a->p.mid, 0.2);
	double x0 = a->cx - 46 * a->s, w = 92 * a->s;

	table_edge(a, far - 12 * a->s);
	POLY(a, x0 + w * 0.14, far - 2, x0 + w * 0.86, far - 2, x0 + w + 4, base + 6, x0 - 4,
		base + 6);
	drop(a, 1, 3, 3, 0.5);
	lit(a, shade(dark, -0.4));
	rect(a, x0 - 4, base + 5, w + 8, 5);
	flat(a, shade(dark, -0.6), 1);
	for (int r = 0; r < 8; r++) {
		double t0 = r / 8.0, t1 = (r + 1) / 8.0,
		       y0 = far + (base - far + 3) * t0 * (0.6 + 0.4 * t0),
		       y1 = far + (base - far + 3) * t1 * (0.6 + 0.4 * t1);
		double i0 = 0.14 * (1 - (y0 - far) / (base - far + 3)),
		       i1 = 0.14 * (1 - (y1 - far) / (base - far + 3));

		for (int c = 0; c < 8; c++) {
			double a0 = x0 + w * (i0 + (1 - 2 * i0) * c / 8),
			       b0 = x0 + w * (i0 + (1 - 2 * i0) * (c + 1) / 8);
			double a1 = x0 + w * (i1 + (1 - 2 * i1) * c / 8),
			       b1 = x0 + w * (i1 + (1 - 2 * i1) * (c + 1) / 8);

			POLY(a, a0, y0, b0, y0, b1, y1, a1, y1);
			flat(a, vary(a, (r + c) % 2 ? dark : hex(0xf3dcb2), 0.05), 1);
		}
	}
	for (int r = 0; r < 8; r++) {
		double t = (r + 0.6) / 8, y = far + (base - far + 3) * t * (0.6 + 0.4 * t),
		       inset = 0.14 * (1 - (y - far) / (base - far + 3));

		for (int c = 0; c < 8; c++) {
			double x = x0 + w * (inset + (1 - 2 * inset) * (c + 0.5) / 8),
			       h = (a->view == CLOSE ? 19 : 14) * a->s * (0.72 + 0.42 * t);
			bool back = r == 0 || r == 7;

			if (!chance(a, back ? 0.75 : r == 1 || r == 6 ? 0.55 : 0.14))
				continue;
			chessman(a, x, y, h * (back ? 1.3 : 1), back ? 1 + (c * 3 + r) % 4 : 0,
				r < 4 ? black : white);
		}
	}
	if (a->view != TOP)
		chessman(a, a->cx + 12 * a->s, base - 6 * a->s, (a->view == CLOSE ? 54 : 40) * a->s,
			2 + 2 * pick(a, 2), black);
	else
		cup(a, a->cx + 36 * a->s, base + 16 * a->s, 8 * a->s, 0.4, a->p.pop, hex(0x7a452a));
}

static void running_track(struct art *a)
{
	double hy = a->horizon, vx = a->cx + rnd(a, -10, 10);
	struct rgb track;

	sky(a, hy);
	sun(a, a->w * 0.22, hy * 0.7, 6);
	clouds(a, 4, hy * 0.7, 5);
	track = day_colour(a, chance(a, 0.75) ? hex(0xcb5d43) : mix(a->p.mid, a->p.pop, 0.4));
	for (double x = -6; x < a->w; x += rnd(a, 6, 10))
		tower(a, x, hy + 2, rnd(a, 6, 9), rnd(a, 6, 20), mix(sky_low(a), a->p.deep, 0.3),
			a->tod >= DUSK ? 0.5 : 0.03);
	for (int i = 0; i < 8; i++)
		foliage(a, a->w * i / 7.0, hy + 2, rnd(a, 5, 9), leaf_colour(a));
	rect(a, -60, hy + 4, a->w + 120, a->h);
	down(a, meadow(a), shade(meadow(a), -0.2));
	POLY(a, vx - 9, hy + 4, vx + 9, hy + 4, vx + a->w * 0.95, a->h + 30, vx - a->w * 0.95,
		a->h + 30);
	fade(a, 0, hy, 0, a->h, shade(track, 0.15), 1, shade(track, -0.2), 1);
	for (int i = -4; i <= 4; i++) {
		double n = vx + i * 2.2, f = vx + i * a->w * 0.235;

		POLY(a, n - 0.12, hy + 4, n + 0.12, hy + 4, f + 0.9, a->h + 30, f - 0.9, a->h + 30);
	}
	flat(a, day_colour(a, hex(0xfff8ec)), 0.92);
	specks(a, -5, a->cy, a->w + 10, a->h, 140, 0.4, shade(track, -0.4), 0.35);
	for (int i = 0; i < (a->view == WIDE ? 4 : 2); i++) {
		double t = 0.3 + 0.5 * i / (a->view == WIDE ? 4 : 2), y = hy + 6 + (a->h - hy) * t,
		       h = (10 + 44 * t) * a->s;
		double x = vx + (i % 2 ? 1 : -1) * (4 + 20 * t);
		struct rgb shirt = i % 2 ? a->p.light : a->p.pop, leg = hex(0xc98f6c);

		contact(a, x + h * 0.1, y, h * 0.34, h * 0.05, 0.45);
		CURVE(a, x, y - h * 0.45, x + h * 0.17, y - h * 0.3, x + h * 0.1, y - h * 0.02);
		CURVE(a, x, y - h * 0.45, x - h * 0.08, y - h * 0.25, x - h * 0.28, y - h * 0.2);
		stroke(a, day_colour(a, leg), h * 0.075, 1);
		CURVE(a, x, y - h * 0.47, x + h * 0.11, y - h * 0.38, x + h * 0.15, y - h * 0.3);
		CURVE(a, x, y - h * 0.47, x - h * 0.06, y - h * 0.34, x - h * 0.11, y - h * 0.27);
		stroke(a, day_colour(a, a->p.deep), h * 0.13, 1);
		box(a, x + h * 0.06, y - h * 0.04, h * 0.13, h * 0.05, h * 0.02);
		box(a, x - h * 0.34, y - h * 0.24, h * 0.07, h * 0.11, h * 0.02);
		flat(a, hex(0xfff8ec), 1);
		push(a, x, y - h * 0.46, 1, 0.12);
		SHAPE(a, -h * 0.09, 0, -h * 0.1, -h * 0.27, 0, -h * 0.31, h * 0.1, -h * 0.27,
			h * 0.09, 0);
		lit(a, day_colour(a, shirt));
		CURVE(a, -h * 0.08, -h * 0.26, -h * 0.2, -h * 0.14, -h * 0.1, -h * 0.05);
		CURVE(a, h * 0.08, -h * 0.26, h * 0.17, -h * 0.13, h * 0.25, -h * 0.2);
		stroke(a, day_colour(a, leg), h * 0.055, 1);
		oval(a, h * 0.015, -h * 0.4, h * 0.075, h * 0.088);
		flat(a, day_colour(a, leg), 1);
		SHAPE(a, -h * 0.08, -h * 0.4, -h * 0.05, -h * 0.49, h * 0.05, -h * 0.5, h * 0.09,
			-h * 0.43, 0, -h * 0.45);
		flat(a, hex(0x3a2a30), 1);
		CURVE(a, -h * 0.06, -h * 0.43, -h * 0.13, -h * 0.41, -h * 0.16, -h * 0.34);
		stroke(a, hex(0x3a2a30), h * 0.045, 1);
		pop(a);
	}
	for (int i = 0; i < 4; i++)
		letters(a, vx + (i - 1.5) * a->w * 0.2, a->h - 6, 9, "Noto Sans CJK SC Bold",
			(const char *[]){"2", "3", "4", "5"}[i], day_colour(a, hex(0xfff8ec)), 0.9);
}

static void swimming_pool(struct art *a)
{
	struct rgb sea = mix(hex(0x5fbdb8), a->p.mid, 0.15),
		   deck = mix(hex(0xf3e4c8), a->p.light, 0.25);
	double edge;

	if (a->view == WIDE) {
		double hy = a->horizon;

		sky(a, hy);
		sun(a, a->w * 0.7, hy * 0.55, 6);
		clouds(a, 4, hy * 0.7, 4);
		ridge(a, hy - 3, 5, 7, mix(sky_low(a), a->p.deep, 0.3), sky_low(a));
		for (int i = 0; i < 5; i++) {
			double x = a->w * (0.08 + 0.21 * i), h = rnd(a, 24, 40) * a->s;

			CURVE(a, x, hy + 4, x + 1, hy - h * 0.5, x + 3, hy - h);
			stroke(a, day_colour(a, hex(0x8a6248)), 1.5, 1);
			for (int j = 0; j < 8; j++)
				leaf(a, x + 3, hy - h, h * 0.42, h * 0.06, j * 0.785 + 0.2,
					vary(a, day_colour(a, hex(0x4f8f58)), 0.2));
		}
		rect(a, -60, hy + 3, a->w + 120, 9);
		down(a, day_colour(a, deck), day_colour(a, shade(deck, -0.2)));
		edge = hy + 12;
		sea = day_colour(a, sea);
	} else {
		paint_all(a, shade(deck, 0.2), shade(deck, -0.08));
		tiles(a, -20, -20, a->w + 40, a->h + 40, 11, deck);
		edge = a->view == TOP ? a->h * 0.2 : a->cy - 8 * a->s;
	}
	rect(a, -60, edge - 2.5, a->w + 120, a->h);
	flat(a, shade(deck, 0.5), 1);
	rect(a, -60, edge, a->w + 120, a->h);
	fade(a, 0, edge, 0, a->h, shade(sea, 0.3), 1, shade(sea, -0.3), 1);
	rect(a, -60, edge, a->w + 120, 3);
	flat(a, shade(sea, -0.35), 0.5);
	for (int i = 0; i < 60; i++) {
		double x = rnd(a, -10, a->w), y = rnd(a, edge + 4, a->h + 4), l = rnd(a, 5, 13);

		CURVE(a, x, y, x + l * 0.3, y - 1.4, x + l * 0.6, y + 1.2, x + l, y - 0.4);
	}
	stroke(a, hex(0xf6fdf6), 0.5, 0.5);
	for (int i = 0; i < 3; i++) {
		double x = a->w * (0.2 + 0.32 * i),
		       n = a->w * 0.5 + (x - a->w * 0.5) * (a->view == WIDE ? 0.45 : 1);

		if (a->view == CLOSE)
			break;
		for (int j = 0; j < 22; j++) {
			double t = j / 22.0, px = n + (x - n) * t * 1.6,
			       y = edge + 1 + (a->h - edge + 6) * t;

			box(a, px - 1.2, y, 2.4, (a->h - edge) / 25, 1);
			flat(a, j % 2 ? hex(0xfdf6ea) : a->p.pop, 1);
		}
	}
	for (int i = 0; i < (a->view == WIDE ? 1 : 2); i++) {
		double x = a->cx + (i ? 22 : -12) * a->s, y = a->cy + (i ? 34 : 16) * a->s,
		       r = (i ? 10 : 18) * a->s;

		contact(a, x + 3, y + 4, r * 1.2, r * 0.9, 0.3);
		for (int j = 0; j < 10; j++) {
			wedge(a, x, y, r, r * 0.82, j * 0.6283, (j + 1) * 0.6283);
			cairo_line_to(a->cr, x, y);
			cairo_close_path(a->cr);
			flat(a,
				shade(j % 2 ? hex(0xfdf6ea)
					: i ? a->p.light
					    : a->p.pop,
					j > 1 && j < 6 ? -0.1 : 0.1),
				1);
		}
		oval(a, x, y, r * 0.46, r * 0.36);
		fade(a, 0, y - r, 0, y + r, shade(sea, -0.15), 1, sea, 1);
		wedge(a, x, y, r * 0.8, r * 0.64, 3.3, 4.5);
		stroke(a, hex(0xffffff), r * 0.07, 0.7);
	}
	if (a->view == CLOSE) {
		for (int i = 0; i < 5; i++)
			leaf(a, -4, -4, rnd(a, 34, 50), 5, 0.2 + i * 0.28,
				vary(a, hex(0x4f8f58), 0.2));
		push(a, a->cx + 26 * a->s, edge - 14, a->s, 0);
		glass(a, 0, 8, 9, 14, hex(0xf0a24a), 0.8);
		oval(a, 5, -6, 3.4, 3.4);
		lit(a, hex(0xf3c24a));
		pop(a);
		push(a, a->cx - 20, edge - 9, 1, 0.2);
		box(a, -10, -4, 20, 8, 3);
		drop(a, 0.6, 1, 1, 0.35);
		solid(a, a->p.mid);
		pop(a);
	}
}

static void yoga_mat(struct art *a)
{
	struct rgb mat = any(a), floor_c = mix(hex(0xc79a6a), a->p.mid, 0.15);

	if (a->view == TOP) {
		planks(a, -40, -40, a->w + 80, a->h + 80, 17, floor_c);
		sunbeams(a, 0.34);
		push(a, a->cx, a->cy, a->s, -0.18);
		box(a, -22, -50, 44, 108, 2);
		drop(a, 1, 2, 2, 0.45);
		lit(a, mat);
		box(a, -19, -47, 38, 102, 1.4);
		stroke(a, shade(mat, 0.5), 0.6, 0.7);
		for (int i = 0; i < 3; i++) {
			oval(a, 0, -20, 6 + i * 4.4, 6 + i * 4.4);
			stroke(a, shade(mat, 0.5), 0.5, 0.7);
		}
		for (int i = 0; i < 8; i++)
			leaf(a, cos(i * 0.785) * 5, -20 + sin(i * 0.785) * 5, 10, 2.6, i * 0.785,
				shade(mat, 0.35));
		oval(a, 0, -51, 22, 5.4);
		drop(a, 0.6, 1.6, 1.4, 0.4);
		solid(a, shade(mat, -0.12));
		pop(a);
		push(a, a->cx, a->cy, a->s, 0);
		for (int i = 0; i < 2; i++) {
			box(a, 28, -26 + i * 17, 22, 13, 2);
			drop(a, 0.8, 1.6, 1.4, 0.4);
			solid(a, i ? a->p.pop : a->p.light);
		}
		push(a, -38, 22, 1, 0.3);
		box(a, -4.4, -15, 8.8, 28, 3.4);
		drop(a, 0.8, 1.6, 1.4, 0.4);
		solid(a, mix(a->p.mid, a->p.deep, 0.2));
		box(a, -3, -19, 6, 5, 1.4);
		solid(a, hex(0x4a4048));
		pop(a);
		sprig(a, -46, -48, 40, 0.8, 9, tint(a, hex(0x6f9463)));
		SHAPE(a, 30, 22, 46, 24, 44, 48, 28, 46);
		drop(a, 0.6, 1.2, 1.2, 0.35);
		solid(a, hex(0xfaf2e6));
		pop(a);
		return;
	}
	wall(a, mix(a->p.light, a->p.paper, 0.45));
	floor_boards(a, a->cy + 14 * a->s, floor_c);
	push(a, a->cx, a->cy + 36 * a->s, a->s, 0);
	window_view(
		a, a->view == WIDE ? -34 : -50, -88, a->view == WIDE ? 68 : 42, 58, hex(0xf6ebd9));
	contact(a, 2, -2, 44, 7, 0.35);
	POLY(a, -32, -11, 32, -11, 44, 5, -44, 5);
	lit(a, mat);
	rect(a, -44, 5, 88, 1.4);
	flat(a, shade(mat, -0.4), 1);
	{
		struct rgb skin = day_colour(a, hex(0xd9a27e)), top = a->p.pop,
			   leg = mix(a->p.deep, a->p.mid, 0.2);

		contact(a, 2, -3, 27, 4, 0.4);
		SHAPE(a, -25, -5, -20, -10, -6, -12, 0, -10, 6, -12, 20, -10, 25, -5, 14, -2, 0, -4,
			-14, -2);
		solid(a, leg);
		SHAPE(a, -8, -10, -7, -22, -10, -33, 0, -37, 10, -33, 7, -22, 8, -10, 0, -8);
		solid(a, top);
		if (chance(a, 0.5)) {
			CURVE(a, -9, -32, -17, -22, -22, -11);
			CURVE(a, 9, -32, 17, -22, 22, -11);
		} else {
			CURVE(a, -9, -32, -13, -46, -1, -62);
			CURVE(a, 9, -32, 13, -46, 1, -62);
		}
		stroke(a, skin, 4, 1);
		rect(a, -2, -40, 4, 5);
		flat(a, shade(skin, -0.15), 1);
		oval(a, 0, -45, 6, 7);
		flat(a, skin, 1);
		SHAPE(a, -6.6, -43, -6, -51, 0, -53, 6, -51, 6.6, -43, 0, -41);
		flat(a, hex(0x4a3034), 1);
		oval(a, 0, -54, 3.4, 3);
		flat(a, hex(0x4a3034), 1);
	}
	plant_pot(a, -47, 2, 34, a->p.paper, pick(a, 4));
	if (a->view == CLOSE) {
		plant_pot(a, 48, -4, 44, a->p.pop, pick(a, 4));
		candle(a, 33, 10, 8, a->p.paper);
	} else {
		for (int i = 0; i < 2; i++) {
			box(a, 37, -1 - i * 7, 17, 7, 1.6);
			solid(a, i ? a->p.pop : a->p.light);
		}
	}
	pop(a);
	sunbeams(a, a->tod == NIGHT ? 0.05 : 0.28);
}

static void mooncake(struct art *a, double x, double y, double r, double k)
{
	struct rgb c = hex(0xd08c3c);
	double depth = k > 0.8 ? 0 : r * 0.42;

	contact(a, x + r * 0.2, y + depth + r * 0.1, r * 1.3, r * fmax(k, 0.4) * 1.2, 0.5);
	for (int pass = 0; pass < 2; pass++) {
		double py = y + (pass ? 0 : depth);

		for (int i = 0; i < 12; i++)
			oval(a, x + cos(i * 0.5236) * r * 0.86, py + sin(i * 0.5236) * r * 0.86 * k,
				r * 0.24, r * 0.24 * fmax(k, 0.6));
		flat(a, pass ? c : shade(c, -0.3), 1);
	}
	oval(a, x, y, r * 0.92, r * 0.92 * k);
	lit(a, shade(c, 0.08));
	oval(a, x, y, r * 0.8, r * 0.8 * k);
	stroke(a, shade(c, -0.3), r * 0.06, 0.8);
	for (int i = 0; i < 6; i++) {
		double t = i * 1.0472;

		oval(a, x + cos(t) * r * 0.4, y + sin(t) * r * 0.4 * k, r * 0.22, r * 0.22 * k);
	}
	oval(a, x, y, r * 0.16, r * 0.16 * k);
	stroke(a, shade(c, -0.32), r * 0.05, 0.9);
	wedge(a, x - r * 0.02, y - r * 0.03, r * 0.86, r * 0.86 * k, 3.4, 4.6);
	stroke(a, shade(c, 0.6), r * 0.05, 0.8);
}

static void moon_festival(struct art *a)
{
	double base = a->cy + 15 * a->s;

	if (a->view == TOP) {
		table_above(a);
		push(a, a->cx, a->cy, a->s, 0);
		plate(a, 0, 0, 33, 1, mix(a->p.paper, a->p.light, 0.3));
		for (int i = 0; i < 6; i++)
			mooncake(a, cos(i * 1.0472) * 19, sin(i * 1.0472) * 19, 8.8, 1);
		mooncake(a, 0, 0, 8.8, 1);
		bowl(a, 38, -40, 10, 1, hex(0xeee6d6));
		liquid(a, 38, -40, 8.8, 1, hex(0xc98f35));
		bowl(a, -38, 42, 10, 1, hex(0xeee6d6));
		liquid(a, -38, 42, 8.8, 1, hex(0xc98f35));
		for (int i = 0; i < 26; i++)
			flower(a, 30 + rnd(a, -14, 14), 42 + rnd(a, -9, 9), rnd(a, 1, 2),
				hex(0xf2b33c));
		sprig(a, 48, 52, 38, -2.4, 9, hex(0x5f8a52));
		sprig(a, -50, -50, 36, 0.6, 9, hex(0x5f8a52));
		for (int i = 0; i < 22; i++)
			flower(a, -34 + rnd(a, -11, 11), -40 + rnd(a, -8, 8), rnd(a, 1, 1.8),
				hex(0xf2b33c));
		pop(a);
		return;
	}
	a->tod = NIGHT;
	sky(a, a->h * 0.9);
	stars(a, base, 90);
	moon(a, a->cx + 6 * a->s, a->cy - 20 * a->s, (a->view == CLOSE ? 27 : 20) * a->s);
	clouds(a, a->cy - 22 * a->s, base - 6, 4);
	ridge(a, base - 6, 7, 8, mix(hex(0x3a3768), a->p.deep, 0.3),
		mix(hex(0x25244a), a->p.deep, 0.4));
	if (a->view == WIDE) {
		tiled_roof(a, -12, base + 2, 62, 15, mix(hex(0x454054), a->p.deep, 0.3));
		rect(a, -3, base + 1, 44, 30);
		flat(a, mix(hex(0x5a3a3f), a->p.deep, 0.4), 1);
		for (int i = 0; i < 3; i++)
			box(a, 3 + i * 13, base + 5, 9, 12, 0.5);
		flat(a, hex(0xffcb74), 1);
	}
	branch(a, a->w + 4, a->h * 0.1, 20, 2.7, 4, 2.2, hex(0x4a3440), hex(0xf0b23f));
	for (int i = 0; i < 2; i++) {
		double x = i ? a->w * 0.14 : a->w * 0.86, r = (i ? 8 : 6) * a->s;

		line_to(a, x, -10, x, base - 42 * a->s + i * 8);
		stroke(a, hex(0x2a1a26), 0.4, 0.9);
		paper_lantern(a, x, base - 34 * a->s + i * 8, r, hex(i ? 0xe2492f : 0xf0a63a));
	}
	rect(a, -60, base + 12, a->w + 120, a->h);
	down(a, hex(0x8a5a40), hex(0x4a2f30));
	rect(a, -60, base + 12, a->w + 120, 1.2);
	flat(a, hex(0xf0c48a), 0.7);
	push(a, a->cx, base + 18 * a->s, a->s, 0);
	plate(a, 0, 6, 30, 0.36, hex(0xf3ead9));
	for (int i = 0; i < 3; i++)
		mooncake(a, -15 + i * 15, 3 - (i == 1) * 2, 8, 0.5);
	mooncake(a, -7, -5.4, 8, 0.5);
	mooncake(a, 8, -5.4, 8, 0.5);
	cup(a, 38, 5, 6, 0.4, hex(0xeee6d6), hex(0xc98f35));
	steam(a, 38, 3, 0.5);
	push(a, -40, 11, 1, 0);
	SHAPE(a, -9, -2, -8, -14, 0, -18, 8, -14, 9, -2, 0, 1);
	solid(a, hex(0x8d4a34));
	CURVE(a, 8, -6, 13, -9, 14, -14);
	stroke(a, hex(0x7a3f2c), 2.4, 1);
	oval(a, 0, -19, 2, 1.8);
	solid(a, hex(0x8d4a34));
	pop(a);
	pop(a);
}

const struct scene play_scenes[] = {
	{"weiqi", weiqi, SCENE_LEVEL},
	{"chess", chess, SCENE_LEVEL},
	{"running_track", running_track, SCENE_LEVEL | SCENE_LETTERS},
	{"swimming_pool", swimming_pool, SCENE_LEVEL},
	{"yoga_mat", yoga_mat, SCENE_LEVEL},
	{"moon_festival", moon_festival, SCENE_LEVEL},
	{NULL, NULL, 0},
};
