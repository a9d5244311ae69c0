/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Desks, notes, libraries, blackboards. Writing on paper is strokes unless the words are the subject. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

static void screen_content(struct art *a, double x, double y, double w, double h)
{
	rect(a, x, y, w, h);
	fade(a, x, y, x + w, y + h, mix(a->p.paper, a->p.light, 0.3), 1,
		mix(a->p.light, a->p.mid, 0.3), 1);
	rect(a, x, y, w, h * 0.1);
	flat(a, mix(a->p.deep, a->p.mid, 0.2), 1);
	for (int i = 0; i < 3; i++)
		oval(a, x + w * (0.03 + i * 0.035), y + h * 0.05, h * 0.02, h * 0.02);
	flat(a, a->p.pop, 1);
	rect(a, x, y + h * 0.1, w * 0.22, h * 0.9);
	flat(a, mix(a->p.mid, a->p.paper, 0.3), 0.8);
	for (int i = 0; i < 6; i++)
		box(a, x + w * 0.03, y + h * (0.18 + i * 0.11), w * rnd(a, 0.08, 0.16), h * 0.04,
			h * 0.02);
	flat(a, a->p.paper, 0.9);
	if (chance(a, 0.5)) {
		for (int i = 0; i < 8; i++)
			box(a, x + w * 0.28 + (i % 3) * w * 0.03, y + h * (0.18 + i * 0.09),
				w * rnd(a, 0.2, 0.55), h * 0.035, h * 0.015);
		flat(a, a->p.deep, 0.55);
	} else {
		for (int i = 0; i < 6; i++) {
			double bh = h * rnd(a, 0.15, 0.6);

			rect(a, x + w * (0.3 + i * 0.11), y + h * 0.88 - bh, w * 0.07, bh);
		}
		flat(a, a->p.pop, 0.85);
	}
}

static void laptop_front(struct art *a, double x, double y, double w)
{
	double h = w * 0.62;

	contact(a, x + 2, y + w * 0.06, w * 0.62, w * 0.07, 0.5);
	box(a, x - w / 2, y - h, w, h, 1.8);
	lit(a, hex(0x57525c));
	screen_content(a, x - w * 0.465, y - h * 0.95, w * 0.93, h * 0.88);
	POLY(a, x - w * 0.465, y - h * 0.95, x - w * 0.1, y - h * 0.95, x - w * 0.35, y - h * 0.07,
		x - w * 0.465, y - h * 0.07);
	flat(a, hex(0xffffff), 0.13);
	POLY(a, x - w * 0.5, y, x + w * 0.5, y, x + w * 0.58, y + w * 0.07, x - w * 0.58,
		y + w * 0.07);
	down(a, hex(0xdcd5cf), hex(0xa9a29f));
	rect(a, x - w * 0.12, y + w * 0.045, w * 0.24, w * 0.02);
	flat(a, hex(0x8e8886), 0.8);
}

static void desk_laptop(struct art *a)
{
	if (a->view == TOP) {
		table_above(a);
		push(a, a->cx, a->cy, a->s, 0);
		box(a, -27, -26, 54, 36, 2);
		drop(a, 1, 2, 2, 0.45);
		lit(a, hex(0x57525c));
		screen_content(a, -25, -24, 50, 32);
		box(a, -27, 9, 54, 36, 2);
		drop(a, 1, 2, 2, 0.4);
		lit(a, hex(0xd5cdc6));
		for (int r = 0; r < 4; r++)
			for (int c = 0; c < 11; c++)
				box(a, -23.5 + c * 4.3, 12.5 + r * 4.3, 3.7, 3.7, 0.6);
		flat(a, hex(0x5a545c), 0.9);
		box(a, -9, 31.5, 18, 11, 1);
		flat(a, hex(0xbab2ac), 1);
		cup(a, 42, -22, 10, 1, mix(a->p.mid, a->p.paper, 0.3), hex(0x7a452a));
		book(a, -43, 28, 24, 32, -0.15, a->p.pop);
		pen(a, -42, -12, 26, 1.2, a->p.deep);
		sprig(a, 38, 46, 30, -1.2, 8, tint(a, hex(0x6f9463)));
		oval(a, 41, 20, 5.4, 8);
		drop(a, 0.8, 1.4, 1, 0.4);
		solid(a, hex(0xf3ece2));
		paper_sheet(a, -42, -40, 20, 20, 0.12, hex(0xf7d978));
		for (int i = 0; i < 4; i++)
			line_to(a, -48, -44 + i * 3, -37, -43.5 + i * 3);
		stroke(a, a->p.deep, 0.6, 0.6);
		pop(a);
		return;
	}
	wall(a, a->tod == NIGHT ? mix(a->p.deep, a->p.mid, 0.3) : mix(a->p.light, a->p.paper, 0.3));
	push(a, a->cx, a->cy + 24 * a->s, a->s, 0);
	if (a->view == WIDE)
		window_view(a, -42, -78, 50, 52, hex(0xf3e6d2));
	else
		for (int i = 0; i < 3; i++)
			picture_frame(a, -34 + i * 24, -76 + (i % 2) * 5, 17, 21,
				i % 2 ? a->p.deep : hex(0xb98a5e));
	rect(a, -150, 0, 300, 110);
	down(a, hex(0xc2925f), hex(0x75503a));
	rect(a, -150, 0, 300, 1.2);
	flat(a, hex(0xf6dab0), 0.8);
	table_lamp(a, -39, 5, 50, a->p.pop);
	laptop_front(a, 4, 7, 52);
	plant_pot(a, 43, 5, 24, a->p.paper, pick(a, 4));
	for (int i = 0; i < 3; i++) {
		box(a, 27 + i * 0.8, 17.4 - i * 4, 24 - i * 2, 4, 0.7);
		solid(a, any(a));
	}
	cup(a, -34, 10, 7.4, 0.36, mix(a->p.mid, a->p.paper, 0.35), hex(0x7a452a));
	steam(a, -34, 8, 0.6);
	push(a, -6, 24, 1, 0);
	stretch(a, 1, 0.5);
	paper_sheet(a, 0, 0, 30, 20, 0.08, hex(0xfaf3e4));
	pen(a, 6, 2, 18, -0.4, a->p.deep);
	pop(a);
	pop(a);
	if (a->tod != NIGHT)
		sunbeams(a, 0.2);
}

static void formula(struct art *a, double x, double y, double size, int n, struct rgb ink)
{
	static const char *const set[] = {"y = ax² + bx + c", "F = ma", "sin²θ + cos²θ = 1",
		"E = mc²", "∫ f(x) dx", "Δ = b² − 4ac", "x → ∞", "a² + b² = c²", "v = s / t",
		"PV = nRT"};

	letters(a, x, y, size, "LXGW WenKai", set[n % 10], ink, 0.85);
}

static void note_page(struct art *a, double w, double h, bool squared)
{
	struct rgb ink = hex(0x4a4250);
	const struct rgb marks[] = {hex(0xf9dc62), hex(0xf7a9a0), hex(0xa8d8b4)};

	for (double y = -h / 2 + 4; y < h / 2 - 1; y += 4)
		line_to(a, -w / 2 + 1, y, w / 2 - 1, y);
	if (squared)
		for (double x = -w / 2 + 4; x < w / 2; x += 4)
			line_to(a, x, -h / 2 + 1, x, h / 2 - 1);
	stroke(a, hex(0x9fb6bd), 0.16, 0.7);
	line_to(a, -w / 2 + w * 0.16, -h / 2, -w / 2 + w * 0.16, h / 2);
	stroke(a, hex(0xe08a80), 0.25, 0.9);
	for (int i = 0; i < 5; i++) {
		double y = -h / 2 + 7 + i * h * 0.18;

		rect(a, -w / 2 + w * 0.19, y - 1.4, w * rnd(a, 0.3, 0.62), 2.8);
		flat(a, marks[pick(a, 3)], 0.8);
		if (i % 2 == 0)
			formula(a, -w / 2 + w * 0.52, y, 3.6, pick(a, 10), ink);
		for (int j = 0; j < 3; j++) {
			double yy = y + (i % 2 ? 0 : 3.8) + j * 2.6,
			       end = -w / 2 + w * rnd(a, 0.5, 0.94);

			for (double x = -w / 2 + w * 0.2; x < end; x += 2.2)
				line_to(a, x, yy + rnd(a, -0.4, 0.4), x + rnd(a, 0.8, 1.7),
					yy + rnd(a, -0.4, 0.4));
		}
		stroke(a, ink, 0.34, 0.75);
	}
	push(a, w * 0.2, h * 0.33, 1, 0);
	line_to(a, -7, 5, 8, 5);
	line_to(a, -5, 7, -5, -6);
	CURVE(a, -5, 5, -2, -4, 1, 1, 4, 3, 7, -5);
	stroke(a, a->p.pop, 0.55, 0.95);
	pop(a);
}

static void exam_notes(struct art *a)
{
	table_above(a);
	push(a, a->cx, a->cy, a->s * (a->view == CLOSE ? 1.2 : 1), 0);
	if (a->view != CLOSE)
		book(a, -27, -30, 40, 52, -0.22, a->p.pop);
	paper_sheet(a, 18, 10, 50, 68, 0.12, hex(0xfdf8ec));
	push(a, 18, 10, 1, 0.12);
	note_page(a, 50, 68, chance(a, 0.5));
	pop(a);
	paper_sheet(a, -17, 4, 48, 66, -0.07, hex(0xfffaf0));
	push(a, -17, 4, 1, -0.07);
	note_page(a, 48, 66, chance(a, 0.5));
	for (int i = 0; i < 13; i++) {
		oval(a, -22.4, -29 + i * 4.9, 0.9, 0.9);
		flat(a, hex(0x6a5f66), 0.8);
		line_to(a, -22.4, -29 + i * 4.9, -25.6, -29.6 + i * 4.9);
		stroke(a, hex(0xb8b0b4), 0.8, 1);
	}
	pop(a);
	paper_sheet(a, 30, -30, 17, 17, 0.2, hex(0xf9dd72));
	letters(a, 30, -31, 5, "LXGW WenKai Bold", pick(a, 2) ? "加油" : "A+", hex(0xc9452f), 1);
	pen(a, 8, 42, 40, -0.45, a->p.deep);
	pen(a, 20, 45, 34, -0.6, hex(0xf3c94a));
	cup(a, 40, 33, 9.5, 1, mix(a->p.mid, a->p.paper, 0.3), hex(0x7a452a));
	push(a, -39, 42, 1, 0.3);
	box(a, -9, -4, 18, 8, 1.4);
	drop(a, 0.8, 1.2, 1, 0.4);
	solid(a, hex(0xf7f0e6));
	box(a, -2, -4.2, 11.4, 8.4, 1);
	solid(a, a->p.mid);
	pop(a);
	pop(a);
}

static void library(struct art *a)
{
	double floor_y = a->cy + 28 * a->s, vx = a->cx;
	struct rgb wood = mix(hex(0x8a5c3e), a->p.mid, 0.12);

	paint_all(a, mix(a->p.paper, a->p.light, 0.5), mix(a->p.light, a->p.mid, 0.3));
	if (a->view == WIDE) {
		push(a, vx, floor_y, a->s, 0);
		window_view(a, -15, -66, 30, 50, hex(0xf3e6cf));
		pop(a);
		rect(a, -60, floor_y - 12, a->w + 120, a->h);
		down(a, shade(wood, 0.25), shade(wood, -0.25));
		for (int side = -1; side <= 1; side += 2)
			for (int i = 2; i >= 0; i--) {
				double x = vx + side * (18 + (2 - i) * 15) * a->s,
				       w = (15 + (2 - i) * 4) * a->s,
				       top = floor_y - (54 + (2 - i) * 16) * a->s;
				double low = floor_y + (2 - i) * 8 * a->s - 9,
				       left = side > 0 ? x : x - w, step = (low - top) / 6;

				rect(a, left, top, w, low - top);
				lit(a, shade(wood, -0.2 + 0.06 * (2 - i)));
				for (int r = 0; r < 6; r++) {
					rect(a, left + 1, top + 1 + r * step, w - 2, step - 1.4);
					flat(a, shade(wood, -0.6), 1);
					book_row(a, left + 1.2, top + (r + 1) * step - 0.4, w - 2.4,
						step * 0.92);
				}
			}
		pendant_lamp(a, vx, floor_y - 62 * a->s, 8 * a->s, a->p.pop);
		person(a, vx + 3, floor_y + 12 * a->s, 27 * a->s, a->p.pop, 0.05);
		return;
	}
	for (int r = -3; r < 5; r++) {
		double y = floor_y + (r - 3) * 21 * a->s, h = 21 * a->s;

		rect(a, -60, y - h, a->w + 120, h);
		flat(a, shade(wood, -0.62), 1);
		book_row(a, -12, y - 1, a->w + 24, h * 0.9);
		rect(a, -60, y - 1.2, a->w + 120, 2.6);
		drop(a, 0, 1.2, 1, 0.4);
		down(a, shade(wood, 0.2), shade(wood, -0.15));
	}
	for (int i = 0; i < 3; i++) {
		rect(a, a->w * (0.02 + 0.47 * i), -60, 3, a->h + 120);
		lit(a, wood);
	}
	if (a->view == TOP) {
		push(a, a->cx + 5, floor_y + 14 * a->s, a->s, 0);
		line_to(a, -16, 10, -9, -84);
		line_to(a, 6, 10, 4, -84);
		stroke(a, hex(0xd9a868), 2, 1);
		for (int i = 0; i < 9; i++)
			line_to(a, -15.4 + i * 0.75, 3 - i * 10, 5.7 - i * 0.2, 3 - i * 10);
		stroke(a, hex(0xc08f54), 1.6, 1);
		person(a, -4, -25, 36, a->p.pop, 0);
		pop(a);
	} else {
		rect(a, -60, floor_y + 4, a->w + 120, a->h);
		down(a, hex(0xb98558), hex(0x6f4b36));
		push(a, a->cx, floor_y + 10 * a->s, a->s, 0);
		table_lamp(a, -30, 3, 44, hex(0x5f9178));
		push(a, 10, 6, 1, 0);
		stretch(a, 1, 0.5);
		open_book(a, 0, 0, 54, 0, a->p.pop);
		pop(a);
		for (int i = 0; i < 4; i++) {
			box(a, 34 + i * 0.6, 4 - i * 5, 24 - i, 5, 0.8);
			solid(a, any(a));
		}
		pop(a);
	}
	sunbeams(a, 0.22);
}

static void blackboard(struct art *a)
{
	static const char *const words[] = {"静夜思", "y = sin x", "二十四节气", "a² + b² = c²",
		"期末加油", "Lesson 7", "早读"};
	struct rgb board = pick(a, 3) ? mix(hex(0x2f5a4c), a->p.deep, 0.15)
				      : mix(hex(0x33424f), a->p.deep, 0.3);
	struct rgb chalk = hex(0xf7f3e6);
	double w = 92 * a->s, h = 52 * a->s, x = a->cx - w / 2, y = a->cy - 32 * a->s;

	if (a->view == CLOSE) {
		w = a->w + 40;
		x = -20;
		h = 62 * a->s;
		y = a->cy - 36 * a->s;
	}
	wall(a, mix(a->p.light, a->p.paper, 0.5));
	rect(a, x, y, w, h);
	drop(a, 0.8, 1.6, 1.6, 0.4);
	lit(a, hex(0xb98554));
	rect(a, x + 2, y + 2, w - 4, h - 4);
	fade(a, x, y, x + w, y + h, shade(board, 0.12), 1, shade(board, -0.2), 1);
	for (int i = 0; i < 6; i++) {
		SHAPE(a, x + rnd(a, 4, w - 30), y + rnd(a, 6, h - 12), x + rnd(a, 10, w - 10),
			y + rnd(a, 6, h - 8), x + rnd(a, 10, w - 10), y + rnd(a, 8, h - 6));
		flat(a, chalk, 0.035);
	}
	letters(a, a->cx, y + h * 0.2, 9 * a->s, "LXGW WenKai Bold", words[pick(a, 7)], chalk,
		0.95);
	push(a, a->cx - 24 * a->s, y + h * 0.62, a->s, 0);
	line_to(a, -14, 9, 15, 9);
	line_to(a, -10, 13, -10, -11);
	stroke(a, chalk, 0.6, 0.9);
	CURVE(a, -10, 9, -4, -7, 3, 6, 9, 8, 14, -8);
	stroke(a, hex(0xf7c9a0), 0.9, 0.9);
	pop(a);
	for (int i = 0; i < 3; i++)
		formula(a, a->cx + 20 * a->s, y + h * (0.42 + 0.16 * i), 4.6 * a->s, pick(a, 10),
			i == 1 ? hex(0xf9e29a) : chalk);
	push(a, a->cx + 38 * a->s, y + h * 0.75, a->s, 0);
	POLY(a, -7, 7, 4, 7, 4, -8);
	stroke(a, hex(0xa8dcc0), 0.7, 0.9);
	pop(a);
	rect(a, x - 1, y + h, w + 2, 2.6);
	drop(a, 0, 1, 1, 0.4);
	lit(a, hex(0xc9965f));
	for (int i = 0; i < 4; i++) {
		box(a, a->cx + (i * 7 - 30) * a->s, y + h - 1.2, 5, 1.3, 0.6);
		flat(a, i % 2 ? a->p.pop : hex(0xfffaf0), 1);
	}
	box(a, a->cx + 20 * a->s, y + h - 2.6, 10, 2.8, 0.5);
	solid(a, a->p.deep);
	rect(a, -60, y + h + 22 * a->s, a->w + 120, a->h);
	down(a, hex(0xc79a6a), hex(0x7c5840));
	push(a, a->cx, y + h + 24 * a->s, a->s, 0);
	for (int i = 0; i < 4; i++) {
		box(a, -40 + i * 0.7, -5 - i * 4.4, 27 - i * 2, 4.4, 0.7);
		solid(a, any(a));
	}
	oval(a, -27, -22.5, 4.6, 4.4);
	solid(a, hex(0xd2402c));
	leaf(a, -27, -26.4, 5, 1.5, -0.7, hex(0x6a9a45));
	plant_pot(a, 35, 3, 22, a->p.pop, pick(a, 4));
	push(a, 4, 6, 1, 0);
	stretch(a, 1, 0.5);
	open_book(a, 0, 0, 38, 0.06, a->p.mid);
	pop(a);
	pop(a);
	sunbeams(a, 0.2);
}

static void bookshelf(struct art *a)
{
	struct rgb wood = mix(hex(0xb98a5c), a->p.mid, 0.15);
	double step = (a->view == CLOSE ? 36 : 26) * a->s, base = a->cy + 1.5 * step;
	int kind = pick(a, 5);

	wall(a, mix(a->p.light, a->p.paper, 0.45));
	for (int r = -1; r < 5; r++) {
		double y = base + (r - 2) * step;
		double inset = a->view == WIDE ? 12 : -6, x0 = inset, x1 = a->w - inset, x = x0 + 1;

		if (a->view == WIDE && (r < 0 || r > 3))
			continue;
		rect(a, x0, y - step, x1 - x0, step);
		fade(a, 0, y - step, 0, y, shade(wood, -0.55), 0.6, shade(wood, -0.35), 0.35);
		while (x < x1 - 6) {
			double w = fmin(rnd(a, 18, 40), x1 - x);

			switch (kind++ % 5) {
			case 0:
			case 2:
			case 3:
				book_row(a, x, y, w, step * 0.84);
				break;
			case 1:
				w = 16;
				plant_pot(a, x + 8, y, step * 0.42, a->p.pop, pick(a, 5));
				break;
			default:
				w = 18;
				for (int i = 0; i < 4; i++) {
					box(a, x + 1 + i * 0.5, y - 3 - i * 3, 16 - i * 1.2, 3,
						0.4);
					solid(a, any(a));
				}
				vase(a, x + 9, y - 12, step * 0.3, mix(a->p.paper, a->p.light, 0.4),
					a->p.pop);
			}
			x += w + 1;
		}
		rect(a, x0 - 1, y, x1 - x0 + 2, 2.2);
		drop(a, 0.2, 1.4, 1.2, 0.4);
		lit(a, wood);
	}
	if (a->view == WIDE) {
		rect(a, 9, base - 3 * step - 4, 3, 4 * step + 8);
		rect(a, a->w - 12, base - 3 * step - 4, 3, 4 * step + 8);
		lit(a, wood);
		rect(a, 9, base - 3 * step - 4, a->w - 18, 3);
		lit(a, shade(wood, 0.1));
		floor_boards(a, base + step + 2, shade(wood, -0.1));
		cushion(a, a->cx + 20, base + step + 12, 22, 0.1, a->p.pop);
		rug(a, a->cx, base + step + 24, 40, 6, a->p.mid);
	}
	lamp_string(a, -4, base - 2.6 * step, a->w + 4, base - 2.7 * step, 5, 9, 0.8);
	sunbeams(a, 0.2);
}

const struct scene study_scenes[] = {
	{"desk_laptop", desk_laptop, 0},
	{"exam_notes", exam_notes, SCENE_LETTERS},
	{"library", library, SCENE_LEVEL},
	{"blackboard", blackboard, SCENE_LETTERS | SCENE_LEVEL},
	{"bookshelf", bookshelf, SCENE_LEVEL},
	{NULL, NULL, 0},
};
