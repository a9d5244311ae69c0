/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Old lanes, temples, harbours, and towns in rain and under fireworks. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

static void temple(struct art *a)
{
	double base = a->cy + 26 * a->s, w = 76 * a->s, x;
	struct rgb red, tile;

	sky(a, base);
	if (a->tod == NIGHT) {
		stars(a, base * 0.8, 80);
		moon(a, a->w * 0.78, base * 0.3, 5);
	} else {
		sun(a, a->w * 0.8, base * 0.42, 5);
	}
	clouds(a, 6, base * 0.55, 3);
	red = day_colour(a, hex(0xb5402f));
	tile = day_colour(a, chance(a, 0.5) ? hex(0xd59a3f) : hex(0x55606a));
	ridge(a, base - 32, 12, 8, mix(sky_low(a), a->p.deep, 0.25), sky_low(a));
	ridge(a, base - 20, 8, 6, mix(sky_low(a), a->p.deep, 0.42), mix(sky_low(a), a->p.mid, 0.4));
	for (int i = 0; i < 9; i++)
		foliage(a, rnd(a, -6, a->w + 6), base - 6, rnd(a, 8, 16), leaf_colour(a));
	rect(a, -60, base, a->w + 120, a->h);
	down(a, day_colour(a, hex(0xd8c4a2)), day_colour(a, hex(0x97826e)));
	x = a->cx - w / 2;
	if (a->view == TOP) {
		for (int i = 4; i >= 0; i--) {
			double ww = w * (0.62 - 0.075 * (4 - i) * 1.15),
			       y = base - (4 - i) * 13 * a->s;

			rect(a, a->cx - ww * 0.36, y - 8 * a->s, ww * 0.72, 9 * a->s);
			lit(a, red);
			for (int j = 0; j < 3; j++)
				box(a, a->cx - ww * 0.28 + j * ww * 0.21, y - 8 * a->s, ww * 0.14,
					7 * a->s, 0.6);
			flat(a, a->tod >= DUSK ? hex(0xffcf7a) : shade(red, -0.5), 1);
			tiled_roof(a, a->cx - ww * 0.5, y - 6.6 * a->s, ww, 7 * a->s, tile);
		}
		line_to(a, a->cx, base - 65 * a->s, a->cx, base - 73 * a->s);
		stroke(a, hex(0xd9a548), 1.2, 1);
	} else {
		box(a, x - 4, base - 5, w + 8, 9, 0.5);
		down(a, day_colour(a, hex(0xe3d5ba)), day_colour(a, hex(0xa2907c)));
		rect(a, x + w * 0.08, base - 31 * a->s, w * 0.84, 27 * a->s);
		lit(a, shade(red, -0.12));
		for (int i = 0; i < 4; i++)
			box(a, x + w * (0.15 + 0.19 * i), base - 24 * a->s, w * 0.12, 19 * a->s,
				0.5);
		flat(a, a->tod >= DUSK ? hex(0xffcb74) : shade(red, -0.5), 1);
		for (int i = 0; i < 6; i++) {
			rect(a, x + w * (0.1 + 0.155 * i), base - 31 * a->s, w * 0.028, 27 * a->s);
			lit(a, red);
		}
		rect(a, x + w * 0.06, base - 32 * a->s, w * 0.88, 3.4 * a->s);
		flat(a, day_colour(a, hex(0x3f7a74)), 1);
		tiled_roof(a, x, base - 31 * a->s, w, 17 * a->s, tile);
		rect(a, x + w * 0.27, base - 54 * a->s, w * 0.46, 8 * a->s);
		lit(a, red);
		tiled_roof(a, x + w * 0.18, base - 52 * a->s, w * 0.64, 13 * a->s, tile);
		for (int i = 0; i < 4; i++)
			paper_lantern(a, x + w * (0.2 + 0.2 * i), base - 25 * a->s, 2.3 * a->s,
				hex(0xe0452f));
	}
	for (int i = 0; i < 6; i++) {
		double t = i / 6.0, sw = w * (0.3 + 0.35 * t);

		box(a, a->cx - sw / 2, base + 2 + t * 22, sw, 3.9, 0.3);
		down(a, day_colour(a, hex(0xf0e4cb)), day_colour(a, hex(0xb3a08a)));
	}
	contact(a, a->cx, a->h - 12, 9, 3, 0.5);
	SHAPE(a, a->cx - 6, a->h - 22, a->cx + 6, a->h - 22, a->cx + 7, a->h - 15, a->cx + 3,
		a->h - 11, a->cx - 3, a->h - 11, a->cx - 7, a->h - 15);
	solid(a, hex(0x5a5048));
	steam(a, a->cx, a->h - 23, 0.8);
	person(a, a->cx + 16, a->h - 10, 17 * a->s, a->p.pop, 0.06);
	person(a, a->cx - 20, base + 16, 13 * a->s, a->p.light, -0.03);
	branch(a, -4, a->h * 0.25, 17, 0.2, 3, 2, day_colour(a, hex(0x5a4038)),
		a->season == SPRING ? hex(0xf6bcc4) : leaf_colour(a));
}

static void old_alley(struct art *a)
{
	double vx = a->cx + rnd(a, -6, 6), vy = a->horizon + 4, gap = 9;
	struct rgb left, right, stone;

	if (a->tod == NIGHT && chance(a, 0.5))
		a->tod = DUSK;
	sky(a, vy);
	cloud(a, vx, vy * 0.4, 1, 0.7);
	left = day_colour(a, mix(hex(0xf0e2c8), a->p.light, 0.5));
	right = day_colour(a, mix(hex(0xdcc3a4), a->p.mid, 0.35));
	stone = day_colour(a, hex(0xa8988a));
	tower(a, vx - 7, vy + 6, 14, 17, mix(sky_low(a), left, 0.5), 0.2);
	POLY(a, -60, a->h + 60, vx - gap, vy + 4, vx + gap, vy + 4, a->w + 60, a->h + 60);
	fade(a, 0, vy, 0, a->h, shade(stone, 0.2), 1, shade(stone, -0.3), 1);
	for (int i = 1; i < 14; i++) {
		double t = i / 14.0, y = vy + 4 + (a->h - vy) * t * t;

		for (int j = -5; j <= 5; j++) {
			double x = vx + j * (2.2 + 11 * t * t * 1.6) + (i % 2) * 2 * t;

			line_to(a, x, y, x + 1.4 + 12 * t * t, y);
		}
		stroke(a, shade(stone, -0.4), 0.3 + 0.4 * t, 0.4);
	}
	for (int side = -1; side <= 1; side += 2)
		for (int i = 3; i >= 0; i--) {
			double n0 = i / 4.0, f = gap + (a->w * 0.62 - gap) * pow(1 - n0, 1.7);
			double f1 = gap + (a->w * 0.62 - gap) * pow(1 - n0 - 0.25, 1.7),
			       k = f / (a->w * 0.62);
			double x = vx + side * f, x1 = vx + side * fmax(f1, gap),
			       top = vy - k * (52 + (i % 2) * 14) * a->s - 6;
			double low = vy + 4 + k * (a->h - vy) * 0.86;
			double top1 = vy + (top - vy) * 0.55, low1 = vy + 4 + (low - vy - 4) * 0.5;
			struct rgb c = vary(a, side < 0 ? left : right, 0.1);

			POLY(a, x, top, x1, top1, x1, low1, x, low, x + side * 90, low + 40,
				x + side * 90, top - 20);
			fade(a, x - side * 10, 0, x1, 0, c, 1, shade(c, -0.25), 1);
			POLY(a, x + side * 60, top - 18, x - side * k * 4, top - 2,
				x1 - side * k * 2, top1 - 1, x1, top1 + 3 * k, x, top + 3 * k);
			flat(a, day_colour(a, hex(0x55505c)), 1);
			for (int j = 0; j < 2; j++) {
				double wx = x + (x1 - x) * (0.2 + 0.42 * j),
				       hh = (low - top) * (0.2 - 0.05 * j);
				double wy = top + (low - top) * 0.26 + j * 3,
				       ww = fabs(x1 - x) * 0.24;

				box(a, wx - (side > 0 ? ww : 0), wy, ww, hh, 0.3);
				flat(a, a->tod >= GOLDEN ? hex(0xffce7d) : shade(c, -0.5), 1);
				rect(a, wx - (side > 0 ? ww : 0) - 0.4, wy + hh, ww + 0.8, 0.9);
				flat(a, shade(c, 0.3), 1);
			}
			if (i < 3)
				paper_lantern(a, x - side * k * 7, top + k * 26, 1 + k * 4.6,
					hex(0xe2492f));
			if (i % 2 == 0)
				for (int j = 0; j < 5; j++)
					sprig(a, x, top + 2, k * rnd(a, 12, 24),
						M_PI_2 + rnd(a, -0.5, 0.5), 6, leaf_colour(a));
			if (i < 2)
				plant_pot(
					a, x - side * 3, low + 1, 11 * k + 3, a->p.pop, pick(a, 4));
		}
	CURVE(a, vx - a->w * 0.3, vy - 26, vx, vy - 18, vx + a->w * 0.34, vy - 30);
	stroke(a, hex(0x4a3a3a), 0.3, 0.9);
	for (int i = 0; i < 6; i++) {
		rect(a, vx - a->w * 0.22 + i * a->w * 0.08, vy - 22 + fabs(i - 2.5) * -1.1 + 0.6,
			a->w * 0.055, 7);
		lit(a, mix(any(a), hex(0xfaf0e0), 0.3));
	}
	if (a->view == WIDE)
		umbrella(a, vx + 2, vy + 10, 7, a->p.pop);
	person(a, vx + 2, vy + 34 * a->s, (a->view == CLOSE ? 34 : 24) * a->s, a->p.pop, 0.04);
	if (a->view == WIDE)
		umbrella(a, vx + 2, vy + 34 * a->s - 21 * a->s, 10 * a->s, a->p.pop);
	if (a->season == WINTER)
		snowfall(a, 90);
}

static void sail_boat(struct art *a, double x, double y, double h, struct rgb hull, struct rgb sail)
{
	reflection(a, x, y, h * 0.5, h * 0.2, shade(sail, -0.05), 0.4);
	POLY(a, x + h * 0.02, y - h, x + h * 0.02, y - h * 0.17, x + h * 0.42, y - h * 0.17);
	lit(a, sail);
	POLY(a, x - h * 0.02, y - h * 0.88, x - h * 0.02, y - h * 0.17, x - h * 0.3, y - h * 0.17);
	lit(a, shade(sail, -0.12));
	SHAPE(a, x - h * 0.36, y - h * 0.13, x, y - h * 0.11, x + h * 0.44, y - h * 0.15,
		x + h * 0.3, y, x, y + h * 0.015, x - h * 0.28, y);
	lit(a, hull);
}

static void harbor(struct art *a)
{
	double hy = a->horizon;
	struct rgb far;

	sky(a, hy);
	far = sky_low(a);
	if (a->tod == NIGHT) {
		stars(a, hy, 80);
		moon(a, a->w * 0.3, hy * 0.5, 4);
	} else {
		sun(a, a->w * 0.3, hy - rnd(a, 4, 18), 6);
	}
	clouds(a, 4, hy * 0.7, 4);
	ridge(a, hy - 8, 9, 7, mix(far, a->p.deep, 0.28), far);
	for (double x = a->w * 0.3; x < a->w + 6; x += rnd(a, 4.5, 6)) {
		double w = rnd(a, 5, 7), h = rnd(a, 9, 17);
		struct rgb c = day_colour(a, mix(hex((const unsigned[]){0xd96a4a, 0xf0c26a,
							 0xf3e6cf, 0x8fb3a6, 0xc9855f}[pick(a, 5)]),
						     a->p.light, 0.15));

		tower(a, x, hy + 2, w, h, c, a->tod >= DUSK ? 0.5 : 0.04);
		POLY(a, x - 0.5, hy + 2 - h, x + w / 2, hy - 2 - h, x + w + 0.5, hy + 2 - h);
		flat(a, day_colour(a, hex(0x9a4a3a)), 1);
	}
	water(a, hy + 2, a->h + 60, mix(far, a->p.mid, 0.3),
		day_colour(a, mix(a->p.mid, a->p.deep, 0.5)));
	reflection(a, a->w * 0.3, hy + 3, a->h * 0.35, 3.5, hex(0xffe3ae), 0.55);
	if (a->view != CLOSE) {
		double x = a->w * 0.12, h = 36 * a->s;

		blob(a, x, hy + 5, 14, 5, 0.15, 9);
		lit(a, day_colour(a, hex(0x7a6a62)));
		POLY(a, x - 4, hy + 2, x - 2.6, hy - h, x + 2.6, hy - h, x + 4, hy + 2);
		lit(a, day_colour(a, hex(0xf9f0e0)));
		for (int i = 0; i < 3; i++)
			POLY(a, x - 3.8 + i * 0.4, hy - h * 0.1 - i * h * 0.3, x + 3.8 - i * 0.4,
				hy - h * 0.1 - i * h * 0.3, x + 3.6 - i * 0.4,
				hy - h * 0.25 - i * h * 0.3, x - 3.6 + i * 0.4,
				hy - h * 0.25 - i * h * 0.3);
		flat(a, day_colour(a, hex(0xc9452f)), 0.95);
		rect(a, x - 2, hy - h - 4.5, 4, 4.5);
		flat(a, hex(0xffdf8f), 1);
		glow(a, x, hy - h - 2, 12, hex(0xffd98a), a->tod >= DUSK ? 0.9 : 0.35);
		wedge(a, x, hy - h - 4.4, 2.8, 3, M_PI, 2 * M_PI);
		flat(a, day_colour(a, hex(0xb03a2a)), 1);
	}
	for (int i = 0; i < 5; i++) {
		double t = (i + 0.5) / 5, y = hy + 6 + (a->h - hy) * t * t * 0.75;

		sail_boat(a, a->w * (0.18 + 0.66 * fmod(i * 0.62 + 0.2, 1)), y,
			(8 + 34 * t * t) * a->s, day_colour(a, any(a)),
			day_colour(a, i % 2 ? hex(0xfdf5e6) : shade(a->p.pop, 0.2)));
	}
	if (a->view == CLOSE) {
		rect(a, -60, a->h - 15, a->w + 120, 40);
		planks(a, -20, a->h - 15, a->w + 40, 30, 8, day_colour(a, hex(0x8e6a4e)));
		for (int i = 0; i < 4; i++) {
			box(a, a->w * (0.08 + 0.28 * i), a->h - 25, 4.6, 18, 1.5);
			solid(a, day_colour(a, hex(0x6e5040)));
		}
		person(a, a->w * 0.74, a->h - 6, 27 * a->s, a->p.pop, 0.05);
	}
	birds(a, a->w * 0.6, hy * 0.45, 7, 1.1, day_colour(a, hex(0xfffaf0)));
}

static void rain_window(struct art *a)
{
	double sill = a->cy + 32 * a->s;

	a->tod = a->tod == NOON ? DUSK : a->tod == MORNING ? NIGHT : a->tod;
	sky(a, a->h * 0.9);
	rect(a, -60, -60, a->w + 120, a->h + 120);
	flat(a, mix(hex(0x3d5468), a->p.deep, 0.4), 0.6);
	for (double x = -6; x < a->w + 6; x += rnd(a, 6, 11))
		tower(a, x, sill + 8, rnd(a, 7, 12), rnd(a, 20, 62) * a->s,
			mix(hex(0x3f5266), a->p.deep, rnd(a, 0.3, 0.7)), 0.28);
	bokeh(a, -5, sill - 50 * a->s, a->w + 10, 50 * a->s, 40, 6);
	rain(a, 120, 0.22);
	for (int i = 0; i < 150; i++) {
		double x = rnd(a, 0, a->w), y = rnd(a, 0, sill), r = rnd(a, 0.3, 1);

		oval(a, x, y, r, r * 1.25);
	}
	fade(a, 0, 0, 0, sill, hex(0xffffff), 0.42, hex(0xffe6c0), 0.42);
	for (int i = 0; i < 18; i++) {
		double x = rnd(a, 0, a->w), y = rnd(a, 0, sill * 0.7), l = rnd(a, 6, 26);

		CURVE(a, x, y, x + rnd(a, -0.6, 0.6), y + l * 0.5, x, y + l);
		stroke(a, hex(0xf4f8f4), 0.5, 0.35);
		oval(a, x, y + l, 0.95, 1.5);
		flat(a, hex(0xffffff), 0.75);
	}
	for (int i = 0; i < 2; i++) {
		rect(a, a->w * (0.5 * i + 0.24), -60, 3, sill + 60);
		flat(a, hex(0x5a4440), i ? 1 : 0);
	}
	rect(a, -60, a->h * 0.2, a->w + 120, a->view == WIDE ? 2.4 : 0.01);
	flat(a, hex(0x5a4440), 1);
	rect(a, -60, sill - 1.5, a->w + 120, a->h);
	down(a, hex(0x9a6f52), hex(0x553c34));
	rect(a, -60, sill - 1.5, a->w + 120, 1);
	flat(a, hex(0xe9b98a), 0.7);
	push(a, a->cx, sill + 12, a->s, 0);
	if (a->view == TOP) {
		open_book(a, -14, 7, 50, -0.08, a->p.pop);
	} else {
		for (int i = 0; i < 3; i++) {
			box(a, -38 + i, -4 - i * 5, 38 - i * 3, 5, 0.8);
			solid(a, any(a));
		}
	}
	cup(a, 18, -16, 11, 0.34, mix(a->p.light, a->p.paper, 0.3), hex(0x7a452a));
	steam(a, 18, -18, 1);
	plant_pot(a, 43, 0, 28, a->p.pop, pick(a, 4));
	candle(a, -43, 2, 9, a->p.paper);
	pop(a);
	if (a->view == CLOSE)
		curtain(a, -10, -10, 22, a->h * 0.9, mix(a->p.mid, a->p.paper, 0.25));
}

static void burst(struct art *a, double x, double y, double r, struct rgb c)
{
	int n = 16 + pick(a, 12);

	glow(a, x, y, r * 1.2, c, 0.4);
	for (int i = 0; i < n; i++) {
		double t = i * 2 * M_PI / n, l = r * rnd(a, 0.75, 1.05), x1 = x + cos(t) * l,
		       y1 = y + sin(t) * l + r * 0.12;

		CURVE(a, x + cos(t) * l * 0.25, y + sin(t) * l * 0.25, x + cos(t) * l * 0.65,
			y + sin(t) * l * 0.65, x1, y1);
	}
	stroke(a, shade(c, 0.2), r * 0.028, 0.95);
	for (int ring = 1; ring <= 3; ring++)
		for (int i = 0; i < n; i++) {
			double t = (i + ring * 0.5) * 2 * M_PI / n, l = r * (0.3 + 0.25 * ring);

			oval(a, x + cos(t) * l, y + sin(t) * l + r * 0.04 * ring, r * 0.03,
				r * 0.03);
		}
	flat(a, hex(0xfff3cf), 0.95);
	glow(a, x, y, r * 0.3, hex(0xffffff), 0.8);
}

static void fireworks(struct art *a)
{
	double hy = a->cy + 30 * a->s;
	int n = a->view == CLOSE ? 4 : 7;

	a->tod = NIGHT;
	sky(a, hy);
	stars(a, hy, 60);
	for (int i = 0; i < n; i++) {
		double x = a->w * (0.16 + 0.68 * fmod(i * 0.618 + 0.3, 1)),
		       y = hy * (0.16 + 0.5 * fmod(i * 0.37, 1));
		double r = (a->view == CLOSE ? rnd(a, 16, 26) : rnd(a, 9, 19)) * a->s;
		struct rgb c = hex((const unsigned[]){
			0xffb84d, 0xff7a5c, 0xf7a1c0, 0xffe08a, 0x8fe0c4}[pick(a, 5)]);

		CURVE(a, x - 2, hy, x - 1, (y + hy) / 2, x, y);
		stroke(a, shade(c, 0.4), 0.4, 0.35);
		burst(a, x, y, r, c);
	}
	for (double x = -6; x < a->w + 6; x += rnd(a, 5, 10))
		tower(a, x, hy + 1, rnd(a, 6, 10), rnd(a, 6, 26) * a->s,
			mix(hex(0x2a2850), a->p.deep, 0.4), 0.45);
	water(a, hy, a->h + 60, hex(0x5d4a74), mix(hex(0x1c1f42), a->p.deep, 0.4));
	for (int i = 0; i < 22; i++)
		reflection(a, rnd(a, 0, a->w), hy + 1, rnd(a, 12, 30), rnd(a, 1, 4),
			hex((const unsigned[]){0xffc766, 0xff8a6c, 0xf7a1c0}[pick(a, 3)]), 0.5);
	rect(a, -60, a->h - 7, a->w + 120, 60);
	flat(a, hex(0x1c1a34), 1);
	for (int i = 0; i < (a->view == WIDE ? 9 : 4); i++)
		person(a,
			a->w * (0.12 + (i + rnd(a, -0.2, 0.2)) * 0.78 / (a->view == WIDE ? 8 : 3)),
			a->h - 4, (a->view == WIDE ? 17 : 27) * a->s,
			shade(mix(any(a), a->p.deep, 0.4), -0.25), rnd(a, -0.05, 0.05));
}

const struct scene lane_scenes[] = {
	{"temple", temple, SCENE_LEVEL},
	{"old_alley", old_alley, SCENE_LEVEL},
	{"harbor", harbor, SCENE_LEVEL},
	{"rain_window", rain_window, SCENE_LEVEL},
	{"fireworks", fireworks, SCENE_LEVEL | SCENE_LOW},
	{NULL, NULL, 0},
};
