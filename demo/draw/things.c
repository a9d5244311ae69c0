/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Single things to be shown: shoes, bottles, a piano, a guitar. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

/* A low shoe, 64 long, toe to the right, sole on y = 0. */
static void shoe(struct art *a, struct rgb upper, struct rgb accent)
{
	struct rgb white = hex(0xfcf6ec);

	contact(a, 3, 1, 36, 4.4, 0.5);
	SHAPE(a, -31, -2, -32, -14, -30, -25, -26, -23, -18, -21, -12, -27, -6, -27, 4, -18, 14,
		-13, 27, -10, 33, -5, 33, -1, 0, 1);
	solid(a, upper);
	SHAPE(a, -29, -23.4, -20, -23, -12, -26.6, -16, -21, -24, -20);
	flat(a, shade(upper, -0.5), 1);
	SHAPE(a, -13, -31, -7, -32, 6, -17, 0, -14, -8, -21);
	solid(a, shade(upper, 0.4));
	SHAPE(a, 17, -13, 28, -10.4, 33, -5, 33, -1, 16, -1, 14, -7);
	lit(a, shade(upper, 0.3));
	SHAPE(a, -31, -3, -31, -15, -22, -13, -20, -3);
	lit(a, accent);
	SHAPE(a, -16, -5, -6, -15, 6, -11, -2, -10, -8, -3);
	flat(a, accent, 1);
	SHAPE(a, -10, -4, 0, -10, 10, -8, 2, -6, -2, -3);
	flat(a, accent, 0.85);
	for (int i = 0; i < 5; i++)
		line_to(a, -9 + i * 3.4, -23.4 + i * 2.6, -3.4 + i * 3, -26.6 + i * 2.6);
	stroke(a, white, 1.2, 1);
	CURVE(a, -8, -26, -15, -31, -9, -34, -6, -28, -1, -34, 2, -30, -6, -27);
	stroke(a, white, 0.9, 1);
	SHAPE(a, -33, -4, -33, 2, -28, 4.4, 28, 4.2, 35, 0, 34, -4, 10, -2.4, -14, -3);
	solid(a, white);
	CURVE(a, -32.4, 0.6, 0, 1.6, 34, -0.6);
	stroke(a, accent, 1, 0.9);
	for (int i = 0; i < 16; i++)
		line_to(a, -30 + i * 4, 2.8, -29 + i * 4, 4.2);
	stroke(a, hex(0x9a8f8a), 0.6, 0.6);
}

static void sneakers(struct art *a)
{
	const struct rgb uppers[] = {hex(0xf9f2e6), a->p.pop, mix(a->p.deep, a->p.mid, 0.15)};
	struct rgb upper = uppers[pick(a, 3)], accent = a->p.pop;

	if (upper.r == accent.r && upper.g == accent.g)
		accent = a->p.light;
	if (a->view == TOP) {
		table_above(a);
		push(a, a->cx, a->cy, a->s, 0);
		for (int i = -1; i <= 1; i += 2) {
			push(a, i * 17, 2 + i * 4, 1, i * 0.12);
			SHAPE(a, -11, 30, -12, 12, -10, -8, -13, -24, -8, -38, 0, -42, 8, -38, 13,
				-24, 10, -8, 12, 12, 11, 30, 0, 36);
			drop(a, 1.2, 2.4, 2, 0.5);
			flat(a, hex(0xfcf6ec), 1);
			SHAPE(a, -9, 29, -10, 12, -8, -8, -11, -24, -7, -36, 0, -39, 7, -36, 11,
				-24, 8, -8, 10, 12, 9, 29, 0, 34);
			solid(a, upper);
			SHAPE(a, -6.6, 28, -7, 14, 0, 9, 7, 14, 6.6, 28, 0, 31);
			flat(a, shade(upper, -0.6), 1);
			SHAPE(a, -5, 14, -4.4, -14, 0, -17, 4.4, -14, 5, 14, 0, 11);
			solid(a, shade(upper, 0.35));
			for (int j = 0; j < 6; j++) {
				line_to(a, -6, 10 - j * 4.4, 6, 8 - j * 4.4);
				line_to(a, 6, 10 - j * 4.4, -6, 8 - j * 4.4);
			}
			stroke(a, hex(0xfffaf0), 1.1, 1);
			CURVE(a, 0, 10, -8, 16, -9, 8, 0, 10, 8, 17, 9, 8, 0, 10);
			stroke(a, hex(0xfffaf0), 1.1, 1);
			for (int s = -1; s <= 1; s += 2) {
				SHAPE(a, s * 9.6, 8, s * 6, -4, s * 9, -14, s * 8, -2);
				flat(a, accent, 1);
			}
			pop(a);
		}
		box(a, -47, -50, 20, 28, 1);
		drop(a, 1, 1.6, 1.4, 0.4);
		solid(a, accent);
		for (int i = 0; i < 4; i++)
			leaf(a, 42, 44, 18, 4, -2.2 + i * 0.4, vary(a, hex(0x6f9463), 0.2));
		pop(a);
		return;
	}
	if (a->view == CLOSE) {
		wall(a, mix(a->p.light, a->p.paper, 0.3));
		oval(a, a->cx, a->cy - 6 * a->s, 38 * a->s, 38 * a->s);
		flat(a, mix(a->p.mid, a->p.paper, 0.25), 0.75);
		rect(a, -60, a->cy + 21 * a->s, a->w + 120, a->h);
		down(a, mix(a->p.light, a->p.mid, 0.35), mix(a->p.mid, a->p.deep, 0.25));
		push(a, a->cx, a->cy + 18 * a->s, a->s, 0);
		box(a, -24, 8, 48, 16, 1.4);
		drop(a, 1, 2, 2, 0.4);
		solid(a, accent);
		box(a, -26, 5, 52, 6, 1.4);
		solid(a, shade(accent, 0.14));
		push(a, 0, 1, 1.2, -0.14);
		shoe(a, upper, accent);
		pop(a);
		for (int i = 0; i < 5; i++)
			sprig(a, 44, 30, rnd(a, 26, 46), -1.9 + i * 0.22, 8,
				vary(a, tint(a, hex(0x6f9463)), 0.15));
		pop(a);
		return;
	}
	sky(a, a->horizon);
	clouds(a, 4, a->horizon * 0.7, 4);
	for (int i = 0; i < 6; i++)
		foliage(a, a->w * i / 5.0, a->horizon + 2, rnd(a, 7, 14), leaf_colour(a));
	rect(a, -60, a->horizon + 5, a->w + 120, a->h);
	down(a, day_colour(a, hex(0xd0684a)), day_colour(a, hex(0x9a3f34)));
	for (int i = -3; i <= 3; i++)
		POLY(a, a->cx + i * 9 - 0.2, a->horizon + 5, a->cx + i * 9 + 0.2, a->horizon + 5,
			a->cx + i * 46 + 1.4, a->h + 20, a->cx + i * 46 - 1.4, a->h + 20);
	flat(a, day_colour(a, hex(0xfdf4e4)), 0.9);
	push(a, a->cx - 10 * a->s, a->cy + 20 * a->s, a->s * 0.85, 0);
	shoe(a, upper, accent);
	push(a, 16, 17, 1.1, 0);
	shoe(a, upper, accent);
	pop(a);
	pop(a);
}

static void bottle(struct art *a, double x, double y, double h, int kind, struct rgb c)
{
	double w = h * (kind % 5 == 3 ? 0.62 : 0.36);

	contact(a, x + w * 0.3, y, w * 0.9, w * 0.22, 0.45);
	switch (kind % 5) {
	case 0:
		box(a, x - w / 2, y - h * 0.72, w, h * 0.72, w * 0.16);
		solid(a, c);
		rect(a, x - w * 0.16, y - h * 0.8, w * 0.32, h * 0.09);
		lit(a, hex(0xd9b27c));
		box(a, x - w * 0.13, y - h * 1.02, w * 0.26, h * 0.24, w * 0.12);
		solid(a, hex(0x3f383e));
		break;
	case 1:
		box(a, x - w * 0.42, y - h * 0.78, w * 0.84, h * 0.78, w * 0.1);
		solid(a, c);
		rect(a, x - w * 0.1, y - h * 0.9, w * 0.2, h * 0.13);
		flat(a, hex(0xf6efe4), 1);
		box(a, x - w * 0.6, y - h, w * 0.8, h * 0.11, w * 0.08);
		solid(a, hex(0xfaf4ea));
		break;
	case 2:
		SHAPE(a, x - w * 0.5, y - h * 0.3, x - w * 0.34, y - h, x + w * 0.34, y - h,
			x + w * 0.5, y - h * 0.3, x + w * 0.36, y - h * 0.2, x - w * 0.36,
			y - h * 0.2);
		solid(a, c);
		box(a, x - w * 0.34, y - h * 0.22, w * 0.68, h * 0.22, w * 0.08);
		solid(a, hex(0xfaf4ea));
		break;
	case 3:
		box(a, x - w / 2, y - h * 0.5, w, h * 0.5, w * 0.12);
		solid(a, c);
		box(a, x - w * 0.52, y - h * 0.72, w * 1.04, h * 0.24, w * 0.06);
		solid(a, hex(0xd9b27c));
		break;
	default:
		box(a, x - w * 0.4, y - h * 0.66, w * 0.8, h * 0.66, w * 0.36);
		solid(a, c);
		box(a, x - w * 0.22, y - h * 0.92, w * 0.44, h * 0.27, w * 0.08);
		solid(a, hex(0xd9b27c));
	}
	box(a, x - w * 0.3, y - h * (kind % 5 == 2 ? 0.66 : 0.42), w * 0.6, h * 0.24, 0.4);
	flat(a, hex(0xfffaf0), 0.85);
	rect(a, x - w * 0.2, y - h * (kind % 5 == 2 ? 0.58 : 0.35), w * 0.4, h * 0.025);
	rect(a, x - w * 0.14, y - h * (kind % 5 == 2 ? 0.52 : 0.29), w * 0.28, h * 0.02);
	flat(a, a->p.deep, 0.7);
	rect(a, x - w * 0.36, y - h * (kind % 5 == 3 ? 0.46 : 0.62), w * 0.08, h * 0.36);
	flat(a, hex(0xffffff), 0.45);
}

static void skincare_shelf(struct art *a)
{
	int kind = pick(a, 5);
	double base = a->cy + 22 * a->s;

	if (a->view == CLOSE) {
		struct rgb bg = mix(a->p.light, a->p.mid, rnd(a, 0.1, 0.6));

		wall(a, bg);
		oval(a, a->cx + 4, a->cy - 12 * a->s, 34 * a->s, 40 * a->s);
		flat(a, shade(bg, 0.4), 0.7);
		rect(a, -60, base + 4, a->w + 120, a->h);
		down(a, shade(bg, 0.3), shade(bg, -0.22));
		push(a, a->cx, base, a->s, 0);
		for (int i = 0; i < 3; i++) {
			double h = 10 + i * 8;

			contact(a, -26 + i * 26, 12, 16, 4, 0.4);
			rect(a, -39 + i * 26, 12 - h, 25, h);
			lit(a, mix(a->p.pop, a->p.paper, 0.35 + 0.15 * i));
			oval(a, -26.5 + i * 26, 12 - h, 12.6, 3.6);
			flat(a, mix(a->p.pop, a->p.paper, 0.55 + 0.15 * i), 1);
			bottle(a, -26.5 + i * 26, 13 - h, 42 - i * 4, kind++,
				i == 1 ? a->p.pop : mix(any(a), a->p.paper, 0.35));
		}
		sprig(a, -44, 16, 56, -1.2, 10, tint(a, hex(0x7a9d6c)));
		for (int i = 0; i < 7; i++) {
			oval(a, rnd(a, -44, 44), rnd(a, 22, 34), 3.2, 1.2);
			flat(a, hex(0xffffff), 0.35);
		}
		pop(a);
		sunbeams(a, 0.26);
		return;
	}
	wall(a, mix(a->p.paper, a->p.light, 0.35));
	tiles(a, -20, -20, a->w + 40, a->h + 40, 9, mix(a->p.paper, a->p.light, 0.45));
	rect(a, -60, -60, a->w + 120, a->h + 120);
	fade(a, 0, 0, a->w, a->h, hex(0xfff4d8), 0.35, a->p.deep, 0.3);
	if (a->view == TOP) {
		push(a, a->cx - 14 * a->s, base - 46 * a->s, a->s, 0);
		oval(a, 0, 0, 24, 28);
		drop(a, 1, 2, 2, 0.4);
		solid(a, hex(0xc9965f));
		oval(a, 0, 0, 22, 26);
		fade(a, -20, -20, 20, 24, hex(0xeef3ee), 1, mix(a->p.light, hex(0xbccfcc), 0.5), 1);
		POLY(a, -16, 10, 6, -22, 11, -19, -11, 16);
		flat(a, hex(0xffffff), 0.4);
		pop(a);
	}
	for (int r = 0; r < (a->view == WIDE ? 3 : 1); r++) {
		double y = base - (r - (a->view == WIDE ? 0.4 : 0)) * 32 * a->s,
		       x = a->cx - 38 * a->s;

		rect(a, a->cx - 48 * a->s, y, 96 * a->s, 3);
		drop(a, 0.4, 2, 1.6, 0.4);
		lit(a, hex(0xc9965f));
		for (int i = 0; i < 6; i++, x += 15.4 * a->s) {
			if ((i + r) % 5 == 4)
				plant_pot(a, x, y, 15 * a->s, a->p.pop, pick(a, 4));
			else
				bottle(a, x, y, (kind % 5 == 3 ? 17 : rnd(a, 20, 25)) * a->s, kind,
					mix(any(a), a->p.paper, rnd(a, 0.1, 0.5)));
			kind += 1 + pick(a, 2);
		}
	}
	if (a->view == TOP) {
		rect(a, -60, base + 22 * a->s, a->w + 120, a->h);
		down(a, hex(0xf6eee2), hex(0xc4b29c));
		SHAPE(a, a->cx + 6, base + 26 * a->s, a->cx + 36, base + 25 * a->s, a->cx + 38,
			base + 42 * a->s, a->cx + 4, base + 42 * a->s);
		drop(a, 0.6, 1.4, 1.2, 0.35);
		solid(a, a->p.mid);
		candle(a, a->cx - 24, base + 36 * a->s, 14, a->p.paper);
	}
	sunbeams(a, 0.24);
}

static void keys(struct art *a, double x, double y, double w, double h, int n)
{
	double k = w / n;

	rect(a, x, y, w, h);
	down(a, hex(0xfffaf0), hex(0xe6dac6));
	for (int i = 1; i < n; i++)
		line_to(a, x + i * k, y, x + i * k, y + h);
	stroke(a, hex(0x9a8c80), 0.25, 0.8);
	for (int i = 0; i < n - 1; i++)
		if (i % 7 != 2 && i % 7 != 6) {
			box(a, x + (i + 0.68) * k, y - 0.4, k * 0.64, h * 0.62, 0.4);
			drop(a, 0.3, 0.5, 0.4, 0.4);
			fade(a, 0, y, 0, y + h * 0.62, hex(0x2a242c), 1, hex(0x544a54), 1);
		}
}

static void piano(struct art *a)
{
	struct rgb wood = pick(a, 2) ? hex(0x3a2c32) : pick(a, 2) ? hex(0x8a5234) : hex(0xf2e8da);

	if (a->view == TOP) {
		paint_all(a, shade(wood, 0.05), shade(wood, -0.2));
		push(a, a->cx, a->cy, a->s, -0.2);
		rect(a, -110, -18, 220, 4);
		flat(a, a->p.pop, 1);
		keys(a, -108, -14, 216, 50, 24);
		rect(a, -110, 36, 220, 6);
		fade(a, 0, 36, 0, 42, shade(wood, 0.3), 1, shade(wood, -0.3), 1);
		rect(a, -110, -14, 220, 9);
		fade(a, 0, -14, 0, -5, hex(0x1e161c), 0.5, hex(0x1e161c), 0);
		paper_sheet(a, -8, -46, 60, 44, 0.05, hex(0xfdf7e9));
		push(a, -8, -46, 1, 0.05);
		for (int s = 0; s < 3; s++) {
			for (int i = 0; i < 5; i++)
				line_to(a, -26, -15 + s * 13 + i * 1.5, 26, -15 + s * 13 + i * 1.5);
			stroke(a, hex(0x5a5058), 0.22, 0.8);
			for (int i = 0; i < 10; i++) {
				double x = -22 + i * 5, y = -15 + s * 13 + rnd(a, 0, 6);

				oval(a, x, y, 1.1, 0.8);
				flat(a, hex(0x2c252b), 1);
				line_to(a, x + 1, y, x + 1, y - 4.4);
				stroke(a, hex(0x2c252b), 0.3, 1);
			}
		}
		pop(a);
		flower(a, 34, 14, 5, a->p.pop);
		sprig(a, 36, 16, 26, 0.5, 7, hex(0x6f9a55));
		pop(a);
		sunbeams(a, 0.22);
		return;
	}
	wall(a, mix(a->p.light, a->p.paper, 0.4));
	floor_boards(a, a->cy + 30 * a->s, mix(hex(0xb98a60), a->p.mid, 0.15));
	push(a, a->cx, a->cy + 34 * a->s, a->s, 0);
	if (a->view == WIDE)
		window_view(a, -46, -98, 40, 50, hex(0xf3e6d2));
	rug(a, 4, 8, 50, 8, a->p.mid);
	contact(a, 2, 2, 46, 5, 0.5);
	box(a, -38, -52, 76, 24, 1.4);
	solid(a, wood);
	box(a, -41, -55, 82, 4.4, 1);
	solid(a, shade(wood, 0.1));
	rect(a, -38, -14, 76, 15);
	lit(a, shade(wood, -0.2));
	for (int i = -1; i <= 1; i += 2) {
		box(a, i * 38 - 3, -28, 6, 30, 1);
		solid(a, wood);
	}
	POLY(a, -38, -28, 38, -28, 41, -20, -41, -20);
	flat(a, shade(wood, -0.35), 1);
	keys(a, -36, -26.4, 72, 6.4, 28);
	box(a, -42, -20.4, 84, 6.4, 1);
	solid(a, wood);
	for (int i = -1; i <= 1; i += 2) {
		box(a, i * 7.6 - 7, -47, 14, 17, 0.5);
		drop(a, 0.4, 0.8, 0.8, 0.35);
		lit(a, hex(0xfdf6e8));
		for (int j = 0; j < 6; j++)
			line_to(a, i * 7.6 - 5, -44 + j * 2.2, i * 7.6 + 5, -44 + j * 2.2);
		stroke(a, hex(0x6a5f66), 0.35, 0.8);
	}
	vase(a, 27, -55, 22, mix(a->p.paper, a->p.light, 0.3), a->p.pop);
	table_lamp(a, -27, -55, 26, a->p.light);
	picture_frame(a, 6, -67, 9, 12, hex(0xb98a5e));
	contact(a, 0, 17, 20, 3, 0.5);
	rect(a, -14, 4, 2.4, 13);
	rect(a, 12, 4, 2.4, 13);
	flat(a, shade(wood, -0.3), 1);
	box(a, -18, -1, 36, 6, 2);
	solid(a, a->p.pop);
	plant_pot(a, 50, 8, 32, a->p.paper, pick(a, 4));
	if (a->view == CLOSE)
		for (int i = 0; i < 4; i++) {
			double x = -20 + i * 13, y = -82 + (i % 2) * 9;

			oval(a, x, y, 2.2, 1.7);
			line_to(a, x + 2, y, x + 2, y - 9);
			CURVE(a, x + 2, y - 9, x + 5, y - 8, x + 5.4, y - 4);
			stroke(a, a->p.deep, 0.9, 0.7);
			oval(a, x, y, 2.2, 1.7);
			flat(a, a->p.deep, 0.7);
		}
	pop(a);
	sunbeams(a, 0.22);
}

static void guitar(struct art *a)
{
	struct rgb body =
		hex((const unsigned[]){0xd9934a, 0xb5602f, 0xe6bd7c, 0x7a3f2c}[pick(a, 4)]);

	if (a->view == TOP) {
		table_above(a);
	} else {
		wall(a, mix(a->p.light, a->p.paper, 0.35));
		floor_boards(a, a->cy + 38 * a->s, mix(hex(0xb98a60), a->p.mid, 0.15));
		push(a, a->cx, a->cy + 44 * a->s, a->s, 0);
		if (a->view == WIDE) {
			window_view(a, -52, -88, 36, 52, hex(0xf3e6d2));
			box(a, 18, -40, 34, 36, 2);
			solid(a, a->p.deep);
			oval(a, 35, -18, 12, 12);
			lit(a, shade(a->p.deep, 0.25));
			for (int i = 0; i < 4; i++)
				oval(a, 24 + i * 7, -35, 1.4, 1.4);
			flat(a, hex(0xf0c860), 1);
		}
		plant_pot(a, -44, 0, 36, a->p.pop, pick(a, 4));
		contact(a, 4, -2, 26, 4, 0.5);
		pop(a);
	}
	push(a, a->cx + (a->view == TOP ? 0 : 2), a->cy + (a->view == TOP ? 6 : 7) * a->s,
		a->s * 1.02, a->view == TOP ? rnd(a, 0.4, 0.7) : 0.1);
	POLY(a, -2.8, -52, 2.8, -52, 3.4, 4, -3.4, 4);
	drop(a, 1, 2, 1.6, 0.35);
	lit(a, hex(0x4a2f26));
	SHAPE(a, -16, -2, -15, -10, -6, -13, 6, -13, 15, -10, 16, -2, 12.4, 6, 19, 14, 21, 24, 16,
		33, 0, 36, -16, 33, -21, 24, -19, 14, -12.4, 6);
	drop(a, 1.4, 2.6, 2.2, 0.45);
	solid(a, body);
	SHAPE(a, -14.4, -2, -13.6, -9, -6, -11.4, 6, -11.4, 13.6, -9, 14.4, -2, 11, 6, 17.4, 14,
		19.2, 24, 14.8, 31.6, 0, 34.2, -14.8, 31.6, -19.2, 24, -17.4, 14, -11, 6);
	stroke(a, shade(body, 0.6), 0.5, 0.8);
	POLY(a, -3, -50, 3, -50, 3.4, 1, -3.4, 1);
	lit(a, hex(0x56382c));
	oval(a, 0, 5, 7.4, 7.4);
	flat(a, hex(0x2a1c1c), 1);
	oval(a, 0, 5, 8.4, 8.4);
	stroke(a, a->p.pop, 0.9, 1);
	SHAPE(a, 7, 9, 13, 8, 14, 18, 7, 20, 3, 13);
	flat(a, hex(0x5a2f26), 0.8);
	box(a, -9, 22, 18, 3.2, 1);
	solid(a, hex(0x4a2f26));
	for (int i = 0; i < 12; i++)
		line_to(a, -3.1, -48 + i * 4, 3.1, -48 + i * 4);
	stroke(a, hex(0xd9c7a8), 0.35, 0.9);
	SHAPE(a, -4.4, -52, -5, -66, 0, -68, 5, -66, 4.4, -52);
	solid(a, shade(body, -0.3));
	for (int i = 0; i < 3; i++)
		for (int s = -1; s <= 1; s += 2) {
			box(a, s * 6 - 1.4, -64 + i * 4.4, 2.8, 2, 0.9);
			lit(a, hex(0xe9dcc4));
		}
	for (int i = 0; i < 6; i++)
		line_to(a, -2.4 + i * 0.96, -60, -3 + i * 1.2, 23);
	stroke(a, hex(0xf9f1e0), 0.18, 0.9);
	pop(a);
	if (a->view == TOP) {
		push(a, a->cx, a->cy, a->s, 0);
		cup(a, -38, -36, 9, 1, mix(a->p.mid, a->p.paper, 0.3), hex(0x7a452a));
		paper_sheet(a, 36, 34, 32, 42, 0.2, hex(0xfdf7e9));
		push(a, 36, 34, 1, 0.2);
		for (int s = 0; s < 4; s++)
			for (int i = 0; i < 6; i++)
				line_to(a, -13, -17 + s * 9.4 + i * 1.1, 13,
					-17 + s * 9.4 + i * 1.1);
		stroke(a, hex(0x6a5f66), 0.18, 0.8);
		pop(a);
		for (int i = 0; i < 3; i++) {
			push(a, -36 + i * 7, 38 + i * 4, 1, i);
			SHAPE(a, -2.6, -2, 2.6, -2, 0, 3);
			drop(a, 0.4, 0.6, 0.5, 0.4);
			solid(a, i ? a->p.pop : a->p.mid);
			pop(a);
		}
		pop(a);
	}
	if (a->view != TOP)
		sunbeams(a, 0.24);
}

const struct scene thing_scenes[] = {
	{"sneakers", sneakers, SCENE_LEVEL},
	{"skincare_shelf", skincare_shelf, SCENE_LEVEL},
	{"piano", piano, SCENE_LEVEL},
	{"guitar", guitar, SCENE_LEVEL},
	{NULL, NULL, 0},
};
