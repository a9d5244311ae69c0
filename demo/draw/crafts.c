/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Things made by hand: the work in progress in the middle, its tools around it. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>
#include <stdlib.h>

static void brush_pen(struct art *a, double x, double y, double length, double turn)
{
	push(a, x, y, length / 40, turn);
	box(a, -20, -1.1, 28, 2.2, 1);
	drop(a, 0.8, 1.4, 1, 0.4);
	down(a, hex(0xd9a868), hex(0x8a5a34));
	box(a, 7, -1.5, 3.4, 3, 0.6);
	lit(a, hex(0x4a3a38));
	SHAPE(a, 10, -1.4, 15, -1.7, 20.5, 0, 15, 1.7, 10, 1.4);
	fade(a, 10, 0, 20, 0, hex(0x6a5a52), 1, hex(0x241e24), 1);
	pop(a);
}

static void calligraphy(struct art *a)
{
	static const char *const words[] = {
		"福", "茶", "静", "清风", "和", "春", "山水", "桥", "雅", "永"};
	static const char *const fonts[] = {"LXGW WenKai Bold", "Noto Serif CJK SC Bold"};
	const char *word = words[pick(a, 10)], *font = fonts[pick(a, 4) == 0];
	bool two = word[3] != '\0';
	struct rgb ink = hex(0x2c252b), red = hex(0xc53a2c);
	struct rgb paper = pick(a, 3) ? hex(0xfbf4e4) : hex(0xd8432f);

	table_above(a);
	push(a, a->cx, a->cy, a->s * (a->view == CLOSE ? 1.2 : 1), 0);
	box(a, -36, -46, 72, 92, 1);
	drop(a, 1, 2, 2, 0.4);
	lit(a, mix(a->p.deep, a->p.mid, 0.3));
	if (paper.g < 0.5) {
		push(a, 0, -4, 1, M_PI / 4);
		box(a, -27, -27, 54, 54, 0.6);
		drop(a, 1, 1, 1.4, 0.4);
		lit(a, paper);
		box(a, -24.6, -24.6, 49.2, 49.2, 0.4);
		stroke(a, hex(0xf0c860), 0.6, 0.9);
		pop(a);
		if (two)
			word = "福";
		letters(a, 0, -4, 38, font, word, ink, 0.95);
	} else {
		paper_sheet(a, 0, -2, 56, 78, 0, paper);
		specks(a, -27, -40, 54, 76, 50, 0.4, hex(0xc9a86a), 0.4);
		if (a->view == WIDE)
			for (int i = -1; i <= 1; i++) {
				rect(a, -20 + (i + 1) * 13.4, -31, 13.4, 60);
				stroke(a, red, 0.25, 0.6);
			}
		if (two) {
			char one[4] = {word[0], word[1], word[2], '\0'};

			letters(a, -1, -21, 31, font, one, ink, 0.93);
			letters(a, -1, 13, 31, font, word + 3, ink, 0.93);
		} else {
			letters(a, 0, -9, 46, font, word, ink, 0.94);
		}
		box(a, 16, 24, 7, 7, 0.6);
		flat(a, red, 0.92);
		for (int i = 0; i < 3; i++)
			line_to(a, 17.4 + i * 2, 25.4, 17.4 + i * 2, 29.6);
		stroke(a, hex(0xfbe9da), 0.5, 1);
	}
	for (int i = -1; i <= 1; i += 2) {
		box(a, -24, i * 40 - 2, 48, 4, 1);
		drop(a, 0.6, 1.2, 1, 0.4);
		down(a, hex(0x8a5a3c), hex(0x4a2f26));
	}
	box(a, 31, 17, 22, 29, 3);
	drop(a, 1, 1.8, 1.6, 0.5);
	solid(a, hex(0x4a454c));
	oval(a, 42, 34, 8, 8.6);
	lit(a, hex(0x1f1a22));
	wedge(a, 42, 34, 6, 6.4, 3.5, 4.6);
	stroke(a, hex(0x9a94a0), 0.9, 0.7);
	push(a, 45, 22, 1, 0.2);
	box(a, -3, -6, 6, 11, 0.6);
	solid(a, hex(0x2c262e));
	pop(a);
	brush_pen(a, 23, 41, 50, -0.9);
	brush_pen(a, -41, -8, 46, 1.35);
	brush_pen(a, -46, -4, 40, 1.45);
	cup(a, -42, 38, 9, 1, hex(0xeee6d6), hex(0xb9a24a));
	branch(a, 52, -52, 17, 2.5, 3, 1.6, hex(0x5a4038),
		a->season == SPRING ? hex(0xf6b8c0) : a->p.pop);
	pop(a);
}

static void yarn(struct art *a, double x, double y, double r, struct rgb c)
{
	contact(a, x + r * 0.2, y + r * 0.5, r * 1.25, r * 0.9, 0.5);
	oval(a, x, y, r, r);
	solid(a, c);
	push(a, 0, 0, 1, 0);
	oval(a, x, y, r, r);
	clip(a);
	for (int i = -4; i <= 4; i++)
		CURVE(a, x - r, y + i * r * 0.24, x, y + i * r * 0.24 - r * 0.34, x + r,
			y + i * r * 0.24 + r * 0.1);
	stroke(a, shade(c, -0.3), r * 0.035, 0.7);
	for (int i = -3; i <= 3; i++)
		CURVE(a, x + i * r * 0.2 - r * 0.5, y - r, x + i * r * 0.24, y,
			x + i * r * 0.2 + r * 0.3, y + r);
	stroke(a, shade(c, 0.45), r * 0.04, 0.6);
	pop(a);
}

static void stitches(struct art *a, double x, double y, double w, double h, double cell,
	struct rgb c, struct rgb second)
{
	int row = 0;

	rect(a, x, y, w, h);
	flat(a, shade(c, -0.3), 1);
	for (double py = y; py < y + h; py += cell * 0.8, row++) {
		bool other = row % 9 == 3 || row % 9 == 5;
		int column = 0;

		for (double px = x; px < x + w - cell * 0.5; px += cell, column++) {
			if ((row % 9 == 4 && column % 2) != other)
				continue;
			line_to(a, px + cell * 0.12, py, px + cell * 0.5, py + cell * 0.62);
			line_to(a, px + cell * 0.88, py, px + cell * 0.5, py + cell * 0.62);
		}
		stroke(a, c, cell * 0.36, 1);
		column = 0;
		for (double px = x; px < x + w - cell * 0.5; px += cell, column++) {
			if ((row % 9 == 4 && column % 2) == other)
				continue;
			line_to(a, px + cell * 0.12, py, px + cell * 0.5, py + cell * 0.62);
			line_to(a, px + cell * 0.88, py, px + cell * 0.5, py + cell * 0.62);
		}
		stroke(a, second, cell * 0.36, 1);
	}
	rect(a, x, y, w, h);
	fade(a, x, y, x + w, y + h, hex(0xfff4dc), 0.18, shade(c, -0.7), 0.25);
}

static void needle(struct art *a, double x0, double y0, double x1, double y1)
{
	line_to(a, x0 + 0.8, y0 + 1.4, x1 + 0.8, y1 + 1.4);
	stroke(a, hex(0x2a1a20), 2.2, 0.25);
	line_to(a, x0, y0, x1, y1);
	stroke(a, hex(0xd9aa6c), 2, 1);
	line_to(a, x0, y0 - 0.4, x1, y1 - 0.4);
	stroke(a, hex(0xf6dcae), 0.6, 0.9);
	oval(a, x0, y0, 2.4, 2.4);
	solid(a, hex(0xb5503a));
}

static void knitting(struct art *a)
{
	struct rgb c = any(a), second = hex(0xfbf3e4);

	if (a->view == WIDE) {
		table_edge(a, a->cy - 4 * a->s);
		push(a, a->cx, a->cy + 16 * a->s, a->s * 1.1, 0);
		needle(a, -30, -44, -2, 0);
		needle(a, 20, -46, -6, -4);
		contact(a, 2, 16, 38, 7, 0.5);
		for (int i = 0; i < 3; i++)
			yarn(a, -20 + i * 19, -10 - (i % 2) * 5, 12.4,
				i == 1 ? second
				: i    ? c
				       : a->p.pop);
		SHAPE(a, -36, -7, 0, -3, 36, -7, 32, 17, 0, 20, -32, 17);
		solid(a, hex(0xc9965f));
		for (int r = 0; r < 4; r++)
			for (int i = -6; i <= 6; i++) {
				box(a, i * 5.2 - 2.3 + (r % 2) * 2.4, -2.6 + r * 5, 4.4, 3.6, 1.5);
				flat(a, shade(hex(0xd9ab72), r % 2 ? -0.14 : 0.08), 0.8);
			}
		yarn(a, 40, 19, 9, c);
		CURVE(a, 33, 24, 18, 32, -4, 25, -22, 31, -40, 26);
		stroke(a, c, 1.2, 1);
		cup(a, -44, 8, 8, 0.36, mix(a->p.light, a->p.paper, 0.4), hex(0x9a5a34));
		steam(a, -44, 6, 0.6);
		pop(a);
		return;
	}
	table_above(a);
	push(a, a->cx, a->cy, a->s * (a->view == CLOSE ? 1.25 : 1), -0.1);
	box(a, -26, -26, 52, 60, 1.4);
	drop(a, 1, 2, 2.2, 0.45);
	flat(a, c, 1);
	stitches(a, -26, -26, 52, 60, 3.4, c, second);
	needle(a, -44, -29, 40, -25);
	for (int i = 0; i < 16; i++) {
		wedge(a, -23.5 + i * 3.3, -27.2 + i * 0.16, 1.5, 2.6, M_PI, 2 * M_PI);
		stroke(a, c, 1.2, 1);
	}
	needle(a, 46, -42, -6, -24);
	yarn(a, 34, 35, 15, c);
	yarn(a, -36, 40, 11, second);
	yarn(a, -40, -44, 9, a->p.pop);
	CURVE(a, 27, -25, 40, -12, 44, 8, 38, 21);
	stroke(a, c, 1.2, 1);
	push(a, -38, 4, 1, 0.4);
	for (int i = -1; i <= 1; i += 2) {
		oval(a, i * 3.6, 11, 3, 4);
		stroke(a, a->p.pop, 1.4, 1);
		line_to(a, i * 2.4, 7.4, i * -2.6, -12);
		stroke(a, hex(0xb8b2b0), 1.5, 1);
	}
	pop(a);
	pop(a);
}

static void jar(struct art *a, double x, double y, double h, int form, struct rgb c)
{
	double w = h * 0.4;

	contact(a, x + h * 0.12, y, h * 0.5, h * 0.08, 0.5);
	if (form % 3 == 0)
		SHAPE(a, x - w * 0.4, y - h, x - w * 0.42, y - h * 0.82, x - w, y - h * 0.5,
			x - w * 0.6, y, x, y + h * 0.02, x + w * 0.6, y, x + w, y - h * 0.5,
			x + w * 0.42, y - h * 0.82, x + w * 0.4, y - h);
	else if (form % 3 == 1)
		SHAPE(a, x - w * 0.9, y - h * 0.62, x - w * 0.95, y - h * 0.3, x - w * 0.5, y, x,
			y + h * 0.02, x + w * 0.5, y, x + w * 0.95, y - h * 0.3, x + w * 0.9,
			y - h * 0.62);
	else
		SHAPE(a, x - w * 0.2, y - h, x - w * 0.22, y - h * 0.6, x - w * 0.8, y - h * 0.3,
			x - w * 0.55, y, x, y + h * 0.02, x + w * 0.55, y, x + w * 0.8, y - h * 0.3,
			x + w * 0.22, y - h * 0.6, x + w * 0.2, y - h);
	solid(a, c);
	push(a, 0, 0, 1, 0);
	rect(a, x - w, y - h * (form % 3 == 1 ? 0.63 : 1.01), w * 2, h * 0.3);
	clip(a);
	for (int i = 0; i < 5; i++)
		oval(a, x - w * 0.8 + i * w * 0.4, y - h * (form % 3 == 1 ? 0.6 : 0.86), w * 0.16,
			h * rnd(a, 0.06, 0.13));
	pop(a);
	cairo_new_path(a->cr);
	oval(a, x, y - h * (form % 3 == 1 ? 0.63 : 1),
		w * (form % 3 == 0          ? 0.42
			    : form % 3 == 1 ? 0.9
					    : 0.21),
		h * 0.045);
	flat(a, shade(c, -0.5), 1);
	CURVE(a, x - w * 0.72, y - h * 0.34, x, y - h * 0.29, x + w * 0.72, y - h * 0.34);
	CURVE(a, x - w * 0.64, y - h * 0.22, x, y - h * 0.17, x + w * 0.64, y - h * 0.22);
	stroke(a, mix(a->p.deep, hex(0x3a5f8a), 0.3), h * 0.018, 0.75);
}

static void ceramics(struct art *a)
{
	static const unsigned glazes[] = {
		0xefe7d8, 0x9cb8ac, 0x5f8a86, 0xc98a5c, 0x6a4a44, 0xd9a7a0, 0x7f93a8};
	double base = a->cy + 24 * a->s;
	struct rgb clay = hex(0xc48a63);
	int form = pick(a, 3), glaze = pick(a, 7);

	wall(a, mix(a->p.light, a->p.paper, 0.4));
	if (a->view != CLOSE)
		for (int r = 0; r < 2; r++) {
			double y = base - (38 + r * 28) * a->s;

			rect(a, -60, y, a->w + 120, 2.4);
			drop(a, 0.2, 1.6, 1.2, 0.4);
			lit(a, hex(0xb98a5c));
			for (double x = 8; x < a->w; x += 17 * a->s)
				jar(a, x, y, rnd(a, 13, 20) * a->s, form++,
					tint(a, hex(glazes[glaze++ % 7])));
		}
	else
		window_view(a, a->cx - 36 * a->s, base - 82 * a->s, 44 * a->s, 44 * a->s,
			hex(0xf3e6d2));
	rect(a, -60, base - 3, a->w + 120, a->h);
	down(a, hex(0xb5855c), hex(0x67463a));
	push(a, a->cx, base + 4 * a->s, a->s, 0);
	if (a->view == TOP) {
		for (int i = 0; i < 3; i++)
			jar(a, -28 + i * 28, 12 + (i % 2) * 8, 38 + (i % 2) * 8, form++,
				tint(a, hex(glazes[glaze++ % 7])));
		bowl(a, 2, 30, 12, 0.4, tint(a, hex(glazes[glaze % 7])));
		brush_pen(a, -32, 34, 26, -0.2);
	} else {
		contact(a, 4, 17, 40, 8, 0.5);
		oval(a, 0, 13, 34, 9);
		solid(a, hex(0x8a7a74));
		oval(a, 0, 10, 34, 9);
		lit(a, hex(0xb8aaa2));
		for (int i = 0; i < 3; i++) {
			oval(a, 0, 10, 30 - i * 6, 7.8 - i * 1.6);
			stroke(a, hex(0x94867f), 0.4, 0.8);
		}
		SHAPE(a, -13, -30, -11, -23, -20, -8, -13, 10, 0, 12.4, 13, 10, 20, -8, 11, -23, 13,
			-30);
		solid(a, clay);
		for (int i = 0; i < 7; i++)
			CURVE(a, -17 + abs(i - 3), -20 + i * 4.4, 0, -18 + i * 4.4, 17 - abs(i - 3),
				-20 + i * 4.4);
		stroke(a, shade(clay, -0.22), 0.5, 0.6);
		oval(a, 0, -30, 13, 3.4);
		lit(a, shade(clay, 0.15));
		oval(a, 0, -29.6, 10.4, 2.5);
		flat(a, shade(clay, -0.55), 1);
		push(a, 33, 27, 1, -0.25);
		box(a, -6, -3.4, 12, 7, 2.4);
		drop(a, 0.6, 1.2, 1, 0.4);
		solid(a, hex(0xf0c860));
		pop(a);
		brush_pen(a, 6, 31, 30, -0.1);
		bowl(a, -40, 26, 9, 0.4, hex(0xefe7d8));
		liquid(a, -40, 26, 8, 0.4, hex(0x9a8a7a));
		specks(a, -30, 6, 60, 20, 14, 1.2, clay, 0.8);
	}
	pop(a);
	sunbeams(a, 0.22);
}

static void embroidery(struct art *a)
{
	struct rgb cloth = chance(a, 0.3) ? mix(a->p.deep, a->p.mid, 0.2)
					  : mix(a->p.paper, hex(0xfffaf0), 0.4);
	struct rgb bloom = a->p.pop;
	double r = 33;

	table_above(a);
	push(a, a->cx, a->cy, a->s * (a->view == CLOSE ? 1.15 : 1), 0);
	SHAPE(a, -42, -38, -10, -42, 30, -40, 44, -20, 40, 20, 44, 44, 0, 41, -38, 45, -44, 10);
	drop(a, 1, 2, 2, 0.4);
	lit(a, shade(cloth, -0.04));
	oval(a, 0, 0, r, r);
	lit(a, cloth);
	dashes(a, -28, -28, 54, 56, 70, 3, 0.14, shade(cloth, -0.3), 0.3);
	branch(a, -6, 27, 15, -M_PI_2 - 0.1, 3, 1, hex(0x7a8a52), bloom);
	for (int i = 0; i < 9; i++)
		sprig(a, 0, 24, rnd(a, 14, 24), -M_PI_2 + (i - 4) * 0.3, 5,
			tint(a, hex(i % 2 ? 0x6f9a55 : 0x8fb06a)));
	for (int i = 0; i < 7; i++) {
		double x = rnd(a, -19, 19), y = rnd(a, -20, 8), k = rnd(a, 3.4, 6);
		struct rgb c = vary(a, i % 3 ? bloom : a->p.light, 0.2);

		flower(a, x, y, k, c);
		for (int j = 0; j < 15; j++) {
			double t = j * 0.419;

			line_to(a, x + cos(t) * k * 0.3, y + sin(t) * k * 0.3, x + cos(t) * k * 0.9,
				y + sin(t) * k * 0.9);
		}
		stroke(a, shade(c, 0.5), 0.3, 0.7);
	}
	if (chance(a, 0.5)) {
		SHAPE(a, 12, -22, 20, -27, 27, -22, 20, -19);
		solid(a, a->p.mid);
		SHAPE(a, 17, -22, 10, -29, 8, -21);
		solid(a, shade(a->p.mid, 0.3));
		oval(a, 24, -23, 0.7, 0.7);
		flat(a, hex(0x2a2228), 1);
	}
	oval(a, 0, 0, r + 1.5, r + 1.5);
	stroke(a, hex(0x2a1a20), 4.6, 0.18);
	oval(a, 0, 0, r, r);
	stroke(a, hex(0xb98550), 3.6, 1);
	wedge(a, 0, 0, r - 0.6, r - 0.6, 2.7, 4.6);
	stroke(a, hex(0xf6dcae), 1, 0.9);
	box(a, -3, -r - 6, 6, 5.4, 0.8);
	solid(a, hex(0xd9b06a));
	for (int i = 0; i < 4; i++) {
		double x = -40 + i * 4.6, y = 46 - i * 1.6;
		struct rgb c =
			(const struct rgb[]){a->p.pop, a->p.mid, a->p.light, hex(0x7fa35c)}[i];

		push(a, x, y, 1, 0.5);
		box(a, -2, -9, 4, 16, 1.8);
		drop(a, 0.5, 0.9, 0.8, 0.35);
		solid(a, c);
		for (int j = 0; j < 5; j++)
			line_to(a, -1.8, -6 + j * 2.8, 1.8, -5 + j * 2.8);
		stroke(a, shade(c, 0.4), 0.35, 0.8);
		pop(a);
	}
	push(a, 39, 33, 1, 0.6);
	for (int i = -1; i <= 1; i += 2) {
		oval(a, i * 3.4, 9, 2.8, 3.8);
		stroke(a, hex(0xd9b06a), 1.3, 1);
		line_to(a, i * 2.2, 5.6, i * -2.2, -11);
		stroke(a, hex(0xc4bcb8), 1.4, 1);
	}
	pop(a);
	CURVE(a, 18, -4, 30, -14, 38, -36);
	stroke(a, bloom, 0.5, 1);
	line_to(a, 38, -36, 41, -47);
	stroke(a, hex(0xe6e0dc), 0.9, 1);
	pop(a);
}

static void woodworking(struct art *a)
{
	struct rgb pale = hex(0xdcb27a);

	planks(a, -40, -40, a->w + 80, a->h + 80, 20, mix(hex(0x94653f), a->p.mid, 0.12));
	sunbeams(a, 0.28);
	push(a, a->cx, a->cy, a->s, a->view == TOP ? -0.12 : 0.1);
	for (int i = 0; i < (a->view == WIDE ? 4 : 3); i++) {
		push(a, 0, -18 + i * 19 - (a->view == WIDE ? 8 : 0), 1, rnd(a, -0.05, 0.05));
		rect(a, -44 + i * 3, -8, 82, 15);
		drop(a, 0.8, 1.6, 1.4, 0.4);
		lit(a, vary(a, pale, 0.14));
		for (int j = 0; j < 7; j++)
			CURVE(a, -43 + i * 3, -6 + j * 2, -10, -6.4 + j * 2 + rnd(a, -1, 1),
				36 + i * 3, -6 + j * 2);
		stroke(a, hex(0xa9783f), 0.3, 0.55);
		oval(a, rnd(a, -30, 20), 0, 2.4, 1.5);
		stroke(a, hex(0x9a6634), 0.6, 0.7);
		pop(a);
	}
	push(a, -8, -3, 1, -0.3);
	box(a, -22, -6.5, 44, 13, 3);
	drop(a, 1.4, 2.4, 2, 0.5);
	solid(a, hex(0x8a4f2f));
	box(a, -5, -5, 10, 10, 1);
	flat(a, hex(0x3a2620), 1);
	POLY(a, -4, -4.4, 4, -4.4, 2, 4.4, -2, 4.4);
	lit(a, hex(0xc9c3be));
	SHAPE(a, 11, -5, 18, -6, 20, 0, 18, 5, 11, 4);
	solid(a, hex(0xb5703f));
	oval(a, -15, 0, 4, 4.4);
	solid(a, hex(0xb5703f));
	pop(a);
	for (int i = 0; i < 16; i++) {
		double x = rnd(a, -42, 42), y = rnd(a, 10, 46), r = rnd(a, 1.6, 3.6);

		wedge(a, x, y, r, r * 0.8, rnd(a, 0, 2), rnd(a, 4, 6));
		stroke(a, shade(pale, rnd(a, 0, 0.4)), r * 0.42, 1);
	}
	push(a, 28, 33, 1, -0.9);
	box(a, -24, -2, 19, 4.4, 2);
	drop(a, 0.8, 1.6, 1.2, 0.4);
	solid(a, a->p.pop);
	POLY(a, -6, -1.5, 20, -2.2, 23, 0, 20, 2.2, -6, 1.5);
	down(a, hex(0xe4deda), hex(0x8e8886));
	pop(a);
	push(a, -30, 40, 1, 0.25);
	rect(a, -18, -2.4, 44, 5.2);
	drop(a, 0.6, 1, 1, 0.35);
	lit(a, hex(0xf0cf6a));
	for (int i = 0; i < 22; i++)
		line_to(a, -17 + i * 2, -2.4, -17 + i * 2, i % 5 ? -1 : 0.6);
	stroke(a, hex(0x4a3a30), 0.25, 0.9);
	pop(a);
	push(a, 30, -37, 1, 0.5);
	box(a, -1.8, -3, 3.6, 34, 1.6);
	drop(a, 0.8, 1.4, 1, 0.4);
	solid(a, hex(0xc4864a));
	box(a, -10, -9, 20, 8, 1.6);
	drop(a, 0.6, 1, 1, 0.4);
	solid(a, hex(0x6f6a70));
	pop(a);
	cup(a, -40, -40, 9, 1, mix(a->p.mid, a->p.paper, 0.3), hex(0x7a452a));
	pop(a);
}

static void canvas_picture(struct art *a, double w, double h)
{
	struct rgb top = mix(a->p.light, a->p.paper, 0.3);
	int kind = pick(a, 3);

	push(a, 0, 0, 1, 0);
	rect(a, -w / 2, -h / 2, w, h);
	clip(a);
	rect(a, -w / 2, -h / 2, w, h);
	fade(a, 0, -h / 2, 0, h / 2, top, 1, mix(a->p.pop, a->p.paper, 0.5), 1);
	if (kind == 0) {
		oval(a, w * 0.15, -h * 0.16, w * 0.14, w * 0.14);
		flat(a, a->p.pop, 0.9);
		for (int i = 0; i < 3; i++) {
			SHAPE(a, -w * 0.7, h * (0.12 + 0.15 * i), -w * 0.2, h * (0.02 + 0.16 * i),
				w * 0.2, h * (0.14 + 0.14 * i), w * 0.7, h * (0.03 + 0.16 * i),
				w * 0.7, h, -w * 0.7, h);
			flat(a, mix(a->p.mid, a->p.deep, 0.15 + 0.28 * i), 0.95);
		}
	} else if (kind == 1) {
		vase(a, 0, h * 0.36, h * 0.5, a->p.mid, a->p.pop);
	} else {
		for (int i = 0; i < 5; i++) {
			oval(a, -w * 0.3 + i * w * 0.15, h * (0.22 - 0.05 * (i % 2)), w * 0.11,
				w * 0.11);
			solid(a, i % 2 ? hex(0xe9923a) : a->p.pop);
		}
		rect(a, -w / 2, h * 0.28, w, h);
		flat(a, mix(a->p.deep, a->p.mid, 0.5), 0.9);
	}
	for (int i = 0; i < 26; i++) {
		double x = rnd(a, -w / 2, w / 2), y = rnd(a, -h / 2, h / 2);

		line_to(a, x, y, x + rnd(a, 2, 6), y + rnd(a, -1, 1));
	}
	stroke(a, hex(0xfff8ea), 0.9, 0.2);
	pop(a);
}

static void palette_board(struct art *a, double x, double y, double s)
{
	push(a, x, y, s, -0.2);
	SHAPE(a, -16, 2, -12, -9, 2, -12, 15, -6, 17, 4, 8, 7, 4, 11, -6, 11);
	drop(a, 0.8, 1.6, 1.4, 0.4);
	solid(a, hex(0xc9965f));
	oval(a, 9, 2, 2.4, 1.8);
	flat(a, hex(0x6a4a34), 1);
	for (int i = 0; i < 6; i++) {
		double t = 2.5 + i * 0.56;

		blob(a, cos(t) * 9.4, sin(t) * 6.6, 2.7, 2.2, 0.2, 8);
		solid(a, (const struct rgb[]){a->p.pop, a->p.light, a->p.mid, hex(0xfff8ea),
				 hex(0x6fa05a), a->p.deep}[i]);
	}
	pop(a);
}

static void painting(struct art *a)
{
	if (a->view == TOP) {
		table_above(a);
		push(a, a->cx, a->cy, a->s, 0);
		paper_sheet(a, -4, 0, 58, 72, -0.05, hex(0xfdf8ee));
		push(a, -4, 0, 1, -0.05);
		canvas_picture(a, 48, 62);
		pop(a);
		palette_board(a, 34, 36, 1);
		brush_pen(a, 26, -4, 54, -1.1);
		brush_pen(a, 39, -8, 46, -1.3);
		cup(a, -39, -38, 9, 1, hex(0xeee6d6), a->p.mid);
		box(a, -47, 24, 16, 26, 1.4);
		drop(a, 0.8, 1.4, 1.2, 0.4);
		solid(a, hex(0x3f383e));
		for (int i = 0; i < 8; i++) {
			box(a, -45.5 + (i % 2) * 6.8, 26 + i / 2 * 5.8, 5.8, 4.6, 0.8);
			solid(a, hex((const unsigned[]){0xd9412c, 0xf0a63a, 0xf6d55a, 0x7fa85c,
					 0x4f9a94, 0x6a5f94, 0xe79aa8, 0x8a5a3c}[i]));
		}
		pop(a);
		return;
	}
	wall(a, mix(a->p.light, a->p.paper, 0.5));
	floor_boards(a, a->cy + 30 * a->s, mix(hex(0xb98a60), a->p.mid, 0.15));
	push(a, a->cx, a->cy, a->s, 0);
	if (a->view == WIDE)
		window_view(a, -50, -52, 34, 54, hex(0xf3e6d2));
	line_to(a, -17, 44, 1, -52);
	line_to(a, 21, 44, 3, -52);
	line_to(a, 2, -50, 2, 36);
	stroke(a, hex(0xa9774a), 2.4, 1);
	rect(a, -29, 21, 62, 3.4);
	lit(a, hex(0xb98550));
	push(a, 2, -10, 1, 0);
	rect(a, -28, -32, 56, 63);
	drop(a, 1, 2, 2, 0.4);
	flat(a, hex(0xfdf6ea), 1);
	canvas_picture(a, 50, 57);
	pop(a);
	contact(a, 38, 42, 12, 3, 0.5);
	for (int i = -1; i <= 1; i++)
		line_to(a, 38, 14, 38 + i * 7, 42);
	stroke(a, hex(0x8a5f40), 1.5, 1);
	oval(a, 38, 13, 11, 3);
	solid(a, hex(0xc4935f));
	for (int i = 0; i < 5; i++) {
		line_to(a, 36 + i * 1.2, 4, 31 + i * 3.4, -12);
		stroke(a, i % 2 ? hex(0xd9aa6c) : a->p.pop, 0.9, 1);
	}
	box(a, 33.4, 1, 10, 11.4, 1.4);
	solid(a, mix(a->p.mid, a->p.paper, 0.3));
	palette_board(a, -33, 41, 0.9);
	plant_pot(a, -46, 44, 30, a->p.pop, pick(a, 4));
	pop(a);
	sunbeams(a, 0.24);
}

static void sewing(struct art *a)
{
	struct rgb body = pick(a, 2) ? mix(a->p.mid, a->p.paper, 0.25) : a->p.pop,
		   cloth = mix(a->p.light, a->p.paper, 0.3);

	table_edge(a, a->cy + 8 * a->s);
	push(a, a->cx, a->cy + 26 * a->s, a->s * (a->view == CLOSE ? 1.2 : 1.05), 0);
	if (a->view == WIDE) {
		for (int i = 0; i < 5; i++) {
			box(a, -50 + i * 8, -78, 5.4, 11, 1);
			solid(a, any(a));
		}
		rect(a, -54, -67, 46, 2);
		lit(a, hex(0xb98a5c));
	}
	contact(a, 4, 3, 42, 6, 0.5);
	box(a, -36, -8, 72, 10, 3);
	solid(a, shade(body, -0.1));
	box(a, 14, -46, 20, 42, 4);
	solid(a, body);
	SHAPE(a, 33, -50, 34, -33, 14, -31, -16, -31, -22, -26, -31, -26, -32, -44, -26, -50);
	solid(a, body);
	rect(a, -29, -26, 6, 10);
	lit(a, hex(0xb9b2ae));
	line_to(a, -26, -16, -26, -6);
	stroke(a, hex(0xe9e4e0), 0.9, 1);
	box(a, -30, -9.4, 9, 2.2, 0.6);
	lit(a, hex(0xc9c2be));
	oval(a, 36, -38, 3.4, 7.4);
	solid(a, shade(body, -0.3));
	oval(a, 24, -22, 5, 5);
	solid(a, shade(body, 0.35));
	line_to(a, 24, -26, 24, -22);
	stroke(a, a->p.deep, 0.8, 1);
	box(a, -9, -44, 18, 5, 2.4);
	flat(a, shade(body, 0.5), 0.7);
	rect(a, 9.4, -58, 1.2, 9);
	flat(a, hex(0x8a8488), 1);
	box(a, 6, -60, 8, 9, 1.2);
	solid(a, a->p.deep);
	CURVE(a, 7, -56, -10, -60, -26, -50, -27, -30);
	stroke(a, a->p.deep, 0.4, 0.9);
	SHAPE(a, -60, -7, -40, -9, -20, -8, -12, -7, -16, 2, -22, 14, -30, 26, -64, 24);
	drop(a, 0.5, 1, 1, 0.3);
	lit(a, cloth);
	for (int i = 0; i < 16; i++)
		flower(a, rnd(a, -56, -22), rnd(a, -4, 18), rnd(a, 1.2, 2.2),
			vary(a, a->p.pop, 0.15));
	CURVE(a, -52, -3, -38, -4, -24, -5);
	cairo_set_dash(a->cr, (const double[]){1.4, 1.2}, 2, 0);
	stroke(a, a->p.deep, 0.45, 0.9);
	cairo_set_dash(a->cr, NULL, 0, 0);
	for (int i = 0; i < 3; i++) {
		double x = 14 + i * 11;

		contact(a, x + 1, 20, 5, 1.6, 0.4);
		rect(a, x - 3, 10, 6, 9);
		solid(a, (const struct rgb[]){a->p.pop, a->p.mid, a->p.light}[i]);
		for (int j = 0; j < 4; j++)
			line_to(a, x - 3, 11.4 + j * 2, x + 3, 12 + j * 2);
		stroke(a, shade(a->p.deep, 0.3), 0.2, 0.4);
		oval(a, x, 10, 4, 1.3);
		oval(a, x, 19.4, 4, 1.3);
		lit(a, hex(0xd9b27c));
	}
	oval(a, -4, 18, 7, 3.4);
	solid(a, hex(0xc9432f));
	for (int i = 0; i < 6; i++) {
		line_to(a, -8 + i * 1.6, 16, -10 + i * 2.3, 10);
		stroke(a, hex(0xe9e4e0), 0.35, 1);
		oval(a, -10 + i * 2.3, 10, 0.9, 0.9);
		flat(a, i % 2 ? a->p.light : a->p.mid, 1);
	}
	pop(a);
}

const struct scene craft_scenes[] = {
	{"calligraphy", calligraphy, SCENE_LETTERS},
	{"knitting", knitting, 0},
	{"ceramics", ceramics, SCENE_LEVEL},
	{"embroidery", embroidery, 0},
	{"woodworking", woodworking, 0},
	{"painting", painting, 0},
	{"sewing", sewing, SCENE_LEVEL},
	{NULL, NULL, 0},
};
