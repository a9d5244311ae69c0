/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Towns: hills of windows, bridges, markets, lanes. Most scenes choose their own hour. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

static void heavens(struct art *a, double bottom)
{
	sky(a, bottom);
	if (a->tod == NIGHT) {
		stars(a, bottom * 0.8, 90);
		moon(a, a->w * rnd(a, 0.15, 0.85), bottom * rnd(a, 0.3, 0.45), rnd(a, 3, 5));
	} else if (a->tod != NOON) {
		sun(a, a->w * rnd(a, 0.2, 0.8), bottom * rnd(a, 0.55, 0.85), rnd(a, 4, 7));
	}
	clouds(a, 4, bottom * 0.6, 3);
}

static void skyline(struct art *a, double base, double low, double high, struct rgb c, double lamps)
{
	for (double x = -8; x < a->w + 8;) {
		double w = rnd(a, 5, 11);

		tower(a, x, base, w, rnd(a, low, high), vary(a, c, 0.06), lamps);
		x += w + rnd(a, -0.6, 2);
	}
}

static double lamps_now(const struct art *a)
{
	return a->tod == NIGHT ? 0.55 : a->tod == DUSK ? 0.4 : a->tod == GOLDEN ? 0.15 : 0.03;
}

static void stilt_house(
	struct art *a, double x, double base, double w, int storeys, struct rgb wood)
{
	double h = w * 0.34;

	for (int i = 0; i < storeys; i++) {
		double y = base - i * h * 1.28, ww = w * (1 - i * 0.07), px = x + (w - ww) / 2;

		rect(a, px, y - h, ww, h);
		down(a, shade(wood, -0.08), shade(wood, -0.3));
		for (int j = 0; j < 5; j++)
			box(a, px + ww * (0.06 + j * 0.19), y - h * 0.78, ww * 0.12, h * 0.62, 0.2);
		fade(a, 0, y - h, 0, y, hex(0xffe6a0), 1, hex(0xf6a545), 1);
		for (int j = 0; j < 5; j++)
			line_to(a, px + ww * (0.12 + j * 0.19), y - h * 0.78,
				px + ww * (0.12 + j * 0.19), y - h * 0.16);
		stroke(a, shade(wood, -0.4), 0.2, 0.8);
		tiled_roof(a, px - ww * 0.04, y - h * 0.92, ww * 1.08, h * 0.42,
			mix(hex(0x4a4454), wood, 0.3));
		for (int j = 0; j < 4; j++) {
			double lx = px + ww * (0.1 + j * 0.27);

			glow(a, lx, y - h * 0.62, h * 0.42, hex(0xff8a4a), 0.55);
			oval(a, lx, y - h * 0.66, h * 0.09, h * 0.1);
			flat(a, hex(0xe8432f), 1);
		}
	}
	for (int j = 0; j < 4; j++)
		rect(a, x + w * (0.1 + j * 0.26), base, w * 0.02, h * 0.7);
	flat(a, shade(wood, -0.4), 1);
}

static void hill_city_night(struct art *a)
{
	struct rgb hill;
	double shore = a->cy + 26 * a->s, top;

	a->tod = a->view == CLOSE ? DUSK : NIGHT;
	heavens(a, shore);
	hill = mix(hex(0x2e2c55), a->p.deep, 0.4);
	top = a->cy - (a->view == WIDE ? 12 : 22) * a->s;
	ridge(a, top - 2, 7, 7, mix(sky_low(a), hill, 0.45), hill);
	skyline(a, shore - 10, 22, 52 * a->s, mix(sky_low(a), hill, 0.55), 0.3);
	ridge(a, shore - 22, 6, 6, shade(hill, 0.08), shade(hill, -0.2));
	for (int row = 0; row < 4; row++) {
		double y = shore - 20 + row * 6;

		for (double x = -6 + rnd(a, 0, 5); x < a->w; x += rnd(a, 7, 12))
			tower(a, x, y, rnd(a, 5, 8), rnd(a, 6, 16 - row * 2),
				vary(a, mix(hill, hex(0x8a6470), 0.2 + 0.1 * row), 0.08), 0.5);
		for (int i = 0; i < 5; i++)
			foliage(a, rnd(a, 0, a->w), y + 1, rnd(a, 2, 4),
				mix(hex(0x2f4a48), hill, 0.3));
	}
	stilt_house(a, a->cx - 22 * a->s, shore - 3, 44 * a->s,
		a->view == WIDE || a->h <= a->w ? 3 : 4, hex(0x9a5a3a));
	rect(a, -60, shore - 2, a->w + 120, 4);
	flat(a, shade(hill, -0.3), 1);
	lamp_string(a, -5, shore - 3, a->w + 5, shore - 3, 0, 16, 0.4);
	water(a, shore + 2, a->h + 60, mix(sky_low(a), hill, 0.35), shade(hill, -0.25));
	for (int i = 0; i < 26; i++)
		reflection(a, rnd(a, 0, a->w), shore + 2.5, rnd(a, 10, 30), rnd(a, 0.8, 2.4),
			i % 4 ? hex(0xffc766) : a->p.pop, 0.5);
	if (a->view != TOP) {
		SHAPE(a, a->w * 0.2, a->h - 9, a->w * 0.5, a->h - 9, a->w * 0.46, a->h - 5,
			a->w * 0.24, a->h - 5);
		flat(a, hex(0x2a2138), 1);
		rect(a, a->w * 0.26, a->h - 13, a->w * 0.17, 4);
		flat(a, hex(0xffd98a), 0.95);
		tiled_roof(a, a->w * 0.25, a->h - 12.5, a->w * 0.19, 3, hex(0x8a3a30));
		reflection(a, a->w * 0.35, a->h - 5, 9, 8, hex(0xffc766), 0.6);
	}
}

static void boat(struct art *a, double x, double y, double w, struct rgb c)
{
	reflection(a, x, y + 0.5, w * 0.4, w * 0.4, shade(c, 0.3), 0.4);
	rect(a, x - w * 0.22, y - w * 0.28, w * 0.36, w * 0.16);
	flat(a, day_colour(a, hex(0xfbf1de)), 1);
	for (int i = 0; i < 3; i++)
		rect(a, x - w * 0.18 + i * w * 0.11, y - w * 0.24, w * 0.07, w * 0.08);
	flat(a, a->tod >= DUSK ? hex(0xffd27a) : hex(0x6f98a0), 1);
	SHAPE(a, x - w * 0.5, y - w * 0.13, x, y - w * 0.11, x + w * 0.56, y - w * 0.17,
		x + w * 0.4, y, x, y + w * 0.02, x - w * 0.4, y);
	lit(a, c);
}

static void river_bridge(struct art *a)
{
	double hy = a->horizon + 10, deck = hy - 3, t0 = a->w * 0.24, t1 = a->w * 0.78,
	       high = 40 * a->s;
	struct rgb steel, far;

	heavens(a, hy);
	far = sky_low(a);
	steel = day_colour(a, pick(a, 2) ? hex(0xc9482f) : mix(a->p.deep, a->p.mid, 0.3));
	ridge(a, hy - 10, 8, 7, mix(far, a->p.deep, 0.25), far);
	skyline(a, hy + 1, 5, 20, mix(far, a->p.deep, 0.42), lamps_now(a));
	for (int i = 0; i < 9; i++)
		foliage(a, rnd(a, 0, a->w), hy, rnd(a, 2, 4), leaf_colour(a));
	water(a, hy, a->h + 60, mix(far, a->p.mid, 0.15),
		day_colour(a, mix(a->p.mid, a->p.deep, 0.5)));
	for (int i = 0; i < 16; i++)
		reflection(a, rnd(a, 0, a->w), hy + 1, rnd(a, 10, 26), rnd(a, 1, 3), hex(0xffdc9c),
			a->tod >= GOLDEN ? 0.5 : 0.15);
	if (a->view == CLOSE) {
		for (int i = -1; i < 3; i++) {
			double x = a->w * (0.5 * i), w = a->w * 0.5;

			cairo_new_sub_path(a->cr);
			cairo_move_to(a->cr, x, deck + 16);
			cairo_line_to(a->cr, x, deck - 14);
			cairo_line_to(a->cr, x + w, deck - 14);
			cairo_line_to(a->cr, x + w, deck + 16);
			cairo_line_to(a->cr, x + w * 0.9, deck + 16);
			cairo_curve_to(a->cr, x + w * 0.86, deck - 13, x + w * 0.14, deck - 13,
				x + w * 0.1, deck + 16);
			cairo_close_path(a->cr);
			lit(a, day_colour(a, hex(0xb59a80)));
		}
		rect(a, -40, deck - 18, a->w + 80, 5);
		down(a, day_colour(a, hex(0xd6bfa2)), day_colour(a, hex(0x8e7664)));
		for (double x = -4; x < a->w + 4; x += 11) {
			rect(a, x, deck - 27, 0.6, 10);
			flat(a, steel, 1);
			glow(a, x + 0.3, deck - 27, 5, hex(0xffd68a), a->tod >= DUSK ? 0.8 : 0.2);
		}
		for (int i = 0; i < 5; i++)
			person(a, rnd(a, 0, a->w), deck - 17.5, rnd(a, 7, 9), any(a), 0);
		umbrella(a, a->w * 0.6, deck - 28, 4, a->p.pop);
	} else {
		double mx = (t0 + t1) / 2;

		for (int i = 0; i < 2; i++) {
			double t = i ? t1 : t0;

			POLY(a, t - 2.6, deck + 16, t - 1.4, deck - high, t + 1.4, deck - high,
				t + 2.6, deck + 16);
			lit(a, steel);
			for (int j = 1; j < 4; j++)
				rect(a, t - 2.4, deck - high * j / 4, 4.8, 1);
			flat(a, shade(steel, -0.25), 1);
		}
		for (int i = -12; i <= 12; i++) {
			double u = i / 12.0, x = mx + u * (t1 - mx);

			line_to(a, x, deck, x, deck - high * u * u * 0.94 - 2.5);
			line_to(a, t0 - (1 + u) * 14, deck, t0 - (1 + u) * 14,
				deck - high * (1 - (1 + u) * 0.48));
			line_to(a, t1 + (1 + u) * 14, deck, t1 + (1 + u) * 14,
				deck - high * (1 - (1 + u) * 0.48));
		}
		stroke(a, steel, 0.22, 0.75);
		CURVE(a, t0 - 40, deck + 12, t0, deck - high);
		CURVE(a, t1 + 40, deck + 12, t1, deck - high);
		cairo_move_to(a->cr, t0, deck - high);
		cairo_curve_to(a->cr, t0 + (mx - t0) * 0.66, deck + high * 0.3 - 2,
			t1 - (mx - t0) * 0.66, deck + high * 0.3 - 2, t1, deck - high);
		stroke(a, steel, 1, 1);
		rect(a, -40, deck - 1, a->w + 80, 3);
		down(a, shade(steel, 0.2), shade(steel, -0.3));
		for (double x = 0; x < a->w; x += 6) {
			glow(a, x, deck - 2, 2.2, hex(0xffd68a), a->tod >= DUSK ? 0.9 : 0.1);
		}
	}
	boat(a, a->w * 0.36, deck + (a->h - deck) * 0.5, 17, day_colour(a, a->p.pop));
	boat(a, a->w * 0.72, deck + (a->h - deck) * 0.3, 8, day_colour(a, a->p.deep));
	if (a->view == WIDE) {
		grass(a, -5, a->h + 4, a->w + 10, 110, 16, shade(leaf_colour(a), -0.25));
		person(a, a->w * 0.3, a->h - 2, 24, a->p.pop, 0);
		person(a, a->w * 0.42, a->h - 1, 23, a->p.light, -0.04);
	}
	birds(a, a->w * 0.6, hy * 0.4, 6, 1, shade(far, -0.5));
}

static void metro_house(struct art *a)
{
	struct rgb wall_c, track = day_colour(a, hex(0xa49a94)), car;
	double x, w = 46 * a->s, y = a->cy + 2 * a->s;
	double base = a->h + 10;

	heavens(a, a->h * 0.8);
	wall_c = day_colour(a, mix(hex(0xe9cfae), a->p.light, 0.4));
	car = day_colour(a, pick(a, 2) ? a->p.pop : hex(0xf3ead8));
	ridge(a, y + 8, 12, 8, day_colour(a, hex(0x7fa06a)), day_colour(a, hex(0x4a6b50)));
	skyline(a, y + 40, 26, 54, mix(sky_low(a), a->p.deep, 0.3), lamps_now(a));
	for (int i = 0; i < 14; i++)
		foliage(a, rnd(a, -5, a->w + 5), y + rnd(a, 24, 40), rnd(a, 6, 12), leaf_colour(a));
	x = a->cx - w / 2 + 5;
	rect(a, x + w, y - 42 * a->s, 9, base - y + 42 * a->s);
	flat(a, shade(wall_c, -0.4), 1);
	tower(a, x, base, w, base - y + 48 * a->s, wall_c, lamps_now(a) + 0.06);
	for (int i = 0; i < 12; i++) {
		double px = x + w * (0.1 + 0.22 * (i % 4)), py = y - (38 - 11 * (i / 4)) * a->s;

		box(a, px, py + 4.5, w * 0.13, 2.6, 0.3);
		flat(a, shade(wall_c, -0.3), 1);
		leaf(a, px + w * 0.05, py + 4.6, 4, 1.2, -1.2 + rnd(a, -0.6, 0.6), leaf_colour(a));
		leaf(a, px + w * 0.07, py + 4.6, 4, 1.2, -1.8 + rnd(a, -0.6, 0.6), leaf_colour(a));
	}
	box(a, x - 1, y - 9 * a->s, w + 2, 23 * a->s, 1.5);
	fade(a, x, 0, x + w, 0, shade(wall_c, -0.75), 1, shade(wall_c, -0.5), 1);
	rect(a, x, y - 9 * a->s, w, 2);
	flat(a, shade(wall_c, -0.85), 0.6);
	rect(a, -60, y + 9 * a->s, a->w + 120, 4.5 * a->s);
	down(a, shade(track, 0.2), shade(track, -0.3));
	for (double px = -10; px < a->w + 12; px += 34) {
		rect(a, px, y + 13 * a->s, 5, a->h);
		fade(a, px, 0, px + 5, 0, shade(track, 0.1), 1, shade(track, -0.35), 1);
	}
	for (int i = 0; i < 4; i++) {
		double cw = 30 * a->s, px = x - 36 * a->s + i * (cw + 0.8);

		box(a, px, y - 6.5 * a->s, cw, 15 * a->s, i == 3 ? 4 : 1.6);
		drop(a, 0, 1, 1, 0.3);
		fade(a, 0, y - 6 * a->s, 0, y + 9 * a->s, shade(car, 0.3), 1, shade(car, -0.2), 1);
		rect(a, px, y + 3.4 * a->s, cw, 1.8 * a->s);
		flat(a, a->p.deep, 0.9);
		for (int j = 0; j < 3; j++)
			box(a, px + cw * (0.08 + j * 0.31), y - 4 * a->s, cw * 0.23, 6 * a->s, 0.8);
		fade(a, 0, y - 4 * a->s, 0, y + 2 * a->s,
			a->tod >= DUSK ? hex(0xffe4a0) : hex(0x8fb4b8), 1,
			a->tod >= DUSK ? hex(0xf9c065) : hex(0x557a86), 1);
	}
	rect(a, x - 3, y - 9 * a->s, 3.2, 23 * a->s);
	rect(a, x + w, y - 9 * a->s, 2.4, 23 * a->s);
	flat(a, shade(wall_c, 0.15), 1);
	for (int i = 0; i < 6; i++)
		foliage(a, a->w * i / 5.0, a->h + 3, rnd(a, 9, 15), leaf_colour(a));
}

static void stall(struct art *a, double x, double y, double w, struct rgb c, const char *sign)
{
	double h = w * 0.78;

	rect(a, x, y - h * 0.72, w, h * 0.5);
	fade(a, 0, y - h * 0.72, 0, y - h * 0.2, hex(0xffd893), 1, hex(0xd9803c), 1);
	person(a, x + w * 0.5, y - h * 0.05, h * 0.62, mix(c, a->p.deep, 0.4), 0);
	for (int i = 0; i < 5; i++)
		paper_lantern(a, x + w * (0.1 + 0.2 * i), y - h * 0.58, w * 0.035,
			i % 2 ? hex(0xe9572f) : hex(0xf2b33f));
	box(a, x - w * 0.02, y - h * 0.3, w * 1.04, h * 0.3, 0.5);
	down(a, hex(0xa0633c), hex(0x5a3428));
	for (int i = 0; i < 7; i++) {
		oval(a, x + w * (0.09 + 0.137 * i), y - h * 0.31, w * 0.055, w * 0.045);
		solid(a, hex((const unsigned[]){
				 0xd9462f, 0xf0b83c, 0x7fa352, 0xf6e6c8}[pick(a, 4)]));
	}
	for (int i = 0; i < 8; i++) {
		double px = x - w * 0.06 + i * w * 0.14;

		cairo_new_sub_path(a->cr);
		cairo_move_to(a->cr, px + w * 0.03, y - h);
		cairo_line_to(a->cr, px + w * 0.17 - w * 0.03, y - h);
		cairo_line_to(a->cr, px + w * 0.14, y - h * 0.74);
		cairo_curve_to(
			a->cr, px + w * 0.14, y - h * 0.67, px, y - h * 0.67, px, y - h * 0.74);
		cairo_close_path(a->cr);
		down(a, i % 2 ? hex(0xfbf0da) : shade(c, 0.1),
			i % 2 ? hex(0xe0c9a4) : shade(c, -0.15));
	}
	box(a, x + w * 0.2, y - h * 1.22, w * 0.6, h * 0.2, 0.6);
	drop(a, 0, 0.6, 0.6, 0.4);
	flat(a, hex(0xfff0cc), 1);
	glow(a, x + w * 0.5, y - h * 1.1, w * 0.5, hex(0xffcf70), 0.4);
	letters(a, x + w * 0.5, y - h * 1.12, h * 0.14, "Noto Sans CJK SC Bold", sign,
		shade(c, -0.2), 1);
	glow(a, x + w * 0.5, y - h * 0.5, w * 0.7, hex(0xffc76a), 0.4);
}

static void night_market(struct art *a)
{
	static const char *const signs[] = {
		"小面", "烧烤", "糖水", "串串", "豆花", "米粉", "煎饼", "凉粉"};
	int sign = pick(a, 8);
	double street = a->cy + 20 * a->s, w = 36 * a->s * (a->view == CLOSE ? 1.5 : 1);

	a->tod = chance(a, 0.7) ? NIGHT : DUSK;
	heavens(a, street);
	skyline(a, street - 2, 24, 62 * a->s, mix(sky_low(a), a->p.deep, 0.6), 0.4);
	bokeh(a, 0, street - 50, a->w, 36, 24, 4);
	rect(a, -60, street - 2, a->w + 120, a->h);
	fade(a, 0, street, 0, a->h, mix(hex(0x6a4a52), a->p.deep, 0.3), 1, shade(a->p.deep, -0.3),
		1);
	for (double x = -w * 0.4; x < a->w; x += w * 1.12)
		stall(a, x, street + 3, w, any(a), signs[sign++ % 8]);
	for (int i = 0; i < 22; i++)
		reflection(a, rnd(a, 0, a->w), street + 5, rnd(a, 12, 30), rnd(a, 1.4, 3.4),
			i % 3 ? hex(0xffb95e) : a->p.pop, 0.24);
	for (int i = 0; i < (a->view == WIDE ? 11 : 6); i++) {
		double y = street + 9 + i * (a->h - street - 10) / (a->view == WIDE ? 12 : 7);

		person(a, rnd(a, 4, a->w - 4), y, (15 + (y - street) * 0.55) * fmax(0.8, a->s),
			vary(a, any(a), 0.1), rnd(a, -0.06, 0.06));
	}
	lamp_string(a, -6, street - 46 * a->s, a->w + 6, street - 40 * a->s, 6, 9, 0.9);
	lamp_string(a, -6, street - 38 * a->s, a->w + 6, street - 49 * a->s, 5, 8, 1.1);
}

static void lanterns(struct art *a)
{
	int rows = a->view == CLOSE ? 2 : a->view == WIDE ? 4 : 3;

	a->tod = chance(a, 0.65) ? NIGHT : DUSK;
	heavens(a, a->h);
	if (a->view == WIDE) {
		double base = a->h - 8;

		for (int i = 0; i < 2; i++) {
			double x = i ? a->w * 0.6 : -a->w * 0.14;

			rect(a, x + 3, base - 30, a->w * 0.54 - 6, 40);
			down(a, mix(hex(0x6a3f3a), a->p.deep, 0.4), shade(a->p.deep, -0.2));
			tiled_roof(a, x, base - 28, a->w * 0.54, 15,
				mix(hex(0x454054), a->p.deep, 0.3));
			for (int j = 0; j < 4; j++)
				box(a, x + 8 + j * 11, base - 24, 6, 12, 0.4);
			flat(a, hex(0xffc66b), 0.9);
		}
		for (int i = 0; i < 5; i++)
			person(a, a->w * (0.2 + 0.15 * i), a->h - rnd(a, -1, 4), rnd(a, 15, 19),
				shade(any(a), -0.2), 0);
	} else {
		branch(a, -6, a->h * 0.9, 34, -0.7, 4, 3, shade(a->p.deep, -0.2),
			a->season == WINTER ? hex(0xf9e9e4) : a->p.pop);
	}
	for (int r = 0; r < rows; r++) {
		double t = (r + 0.6) / (rows + 0.3),
		       y = a->h * t * (a->view == WIDE ? 0.62 : 0.78) + 4;
		int n = a->view == CLOSE ? 2 : 3 + (rows - r);
		double size = (a->view == CLOSE ? 13 : 4.2 + r * 2.4) * fmax(0.85, fmin(a->s, 1.2));

		CURVE(a, -5, y - size * 1.6, a->w * 0.5, y - size * 1.6 + 5, a->w + 5,
			y - size * 1.6 - 3);
		stroke(a, hex(0x2a1a26), 0.35, 0.9);
		for (int i = 0; i < n; i++) {
			double u = (i + 0.5 + (r % 2) * 0.3) / n;

			paper_lantern(a, a->w * u + rnd(a, -2, 2),
				y + 5 * (1 - 4 * (u - 0.5) * (u - 0.5)) + rnd(a, -2, 3), size,
				pick(a, 4) ? hex(0xdf3a2a) : hex(0xf0a63a));
		}
	}
	specks(a, 0, 0, a->w, a->h, 40, 0.8, hex(0xffd993), 0.5);
}

static void wheel(struct art *a, double x, double y, double r)
{
	oval(a, x, y, r, r);
	stroke(a, hex(0x3a3138), r * 0.13, 1);
	oval(a, x, y, r * 0.9, r * 0.9);
	stroke(a, hex(0xd9d0c4), r * 0.05, 1);
	for (int i = 0; i < 16; i++)
		line_to(a, x, y, x + cos(i * 0.3927) * r * 0.9, y + sin(i * 0.3927) * r * 0.9);
	stroke(a, hex(0xe9e2d6), r * 0.018, 0.7);
	oval(a, x, y, r * 0.09, r * 0.09);
	flat(a, hex(0x8a8088), 1);
}

static void bicycle(struct art *a)
{
	struct rgb frame_c = chance(a, 0.5) ? a->p.pop : mix(a->p.mid, a->p.deep, 0.3), wall_c;
	double base = a->cy + 28 * a->s;
	bool sea = a->view == WIDE;

	if (a->tod == NIGHT)
		a->tod = GOLDEN;
	if (sea) {
		heavens(a, a->horizon);
		water(a, a->horizon, base, mix(sky_low(a), a->p.mid, 0.3),
			day_colour(a, mix(a->p.mid, a->p.deep, 0.3)));
		rect(a, -60, base - 9, a->w + 120, a->h);
		down(a, day_colour(a, hex(0xd9c7ac)), day_colour(a, hex(0x8f7d70)));
		grass(a, -5, base - 7, a->w + 10, 90, 7, leaf_colour(a));
	} else {
		wall_c = mix(a->p.light, a->p.paper, rnd(a, 0, 0.6));
		wall(a, wall_c);
		box(a, a->cx - 26 * a->s, base - 74 * a->s, 24 * a->s, 34 * a->s, 1);
		drop(a, 0.3, 0.8, 1, 0.35);
		lit(a, shade(wall_c, -0.55));
		for (int i = -1; i <= 1; i += 2) {
			box(a, a->cx - 14 * a->s + (i < 0 ? -25 : 13) * a->s, base - 75 * a->s,
				12 * a->s, 36 * a->s, 0.6);
			solid(a, mix(a->p.mid, a->p.deep, 0.2));
		}
		for (int i = 0; i < 9; i++)
			sprig(a, a->w * 0.96 - i * 2, -6, rnd(a, 24, 52), 1.4 + rnd(a, -0.3, 0.7),
				9, leaf_colour(a));
		rect(a, -60, base - 3, a->w + 120, a->h);
		down(a, mix(hex(0xc9b49a), a->p.light, 0.3), mix(hex(0x8a7464), a->p.mid, 0.3));
		tiles(a, -20, base + 6, a->w + 40, a->h, 12, mix(hex(0xb09a86), a->p.light, 0.3));
		plant_pot(a, a->cx + 42 * a->s, base + 2, 27 * a->s, a->p.pop, pick(a, 4));
	}
	push(a, a->cx, base + 4, a->s * (a->view == WIDE ? 0.98 : 1.14), 0);
	contact(a, 2, 0.5, 38, 3, 0.5);
	wheel(a, -20, -14, 14);
	wheel(a, 21, -14, 14);
	POLY(a, -20, -14, -9, -32, 13, -33, -2, -13);
	line_to(a, -9, -32, -2, -13);
	line_to(a, -11, -38, -9, -32);
	line_to(a, 11, -41, 21, -14);
	stroke(a, shade(frame_c, -0.3), 2.2, 1);
	POLY(a, -20, -14, -9, -32, 13, -33, -2, -13);
	line_to(a, 11, -41, 21, -14);
	stroke(a, frame_c, 1.5, 1);
	CURVE(a, 6, -42, 11, -43, 17, -40, 15, -37);
	stroke(a, hex(0x6a4a3a), 1.5, 1);
	SHAPE(a, -17, -39, -10, -41, -5, -39, -11, -37);
	solid(a, hex(0x7a4a36));
	oval(a, -2, -13, 3.6, 3.6);
	stroke(a, hex(0x4a4048), 1.1, 1);
	line_to(a, -2, -13, 2, -8);
	stroke(a, hex(0x4a4048), 1, 1);
	POLY(a, 14, -40, 29, -40, 27, -29, 16, -29);
	lit(a, hex(0xc9975c));
	for (int i = 0; i < 3; i++)
		line_to(a, 14.6 + i * 0.5, -37 + i * 3, 28.4 - i * 0.5, -37 + i * 3);
	stroke(a, hex(0x8a6238), 0.5, 0.8);
	for (int i = 0; i < 8; i++)
		flower(a, 15 + i * 1.8, -42 - rnd(a, 0, 5), 2.6, i % 2 ? a->p.pop : hex(0xfdf0dc));
	sprig(a, 20, -41, 14, -1.2, 6, hex(0x6f9a55));
	pop(a);
	if (!sea)
		sunbeams(a, 0.22);
}

const struct scene city_scenes[] = {
	{"hill_city_night", hill_city_night, SCENE_LEVEL},
	{"river_bridge", river_bridge, SCENE_LEVEL},
	{"metro_house", metro_house, SCENE_LEVEL},
	{"night_market", night_market, SCENE_LEVEL | SCENE_LETTERS},
	{"lanterns", lanterns, SCENE_LEVEL | SCENE_LOW},
	{"bicycle", bicycle, SCENE_LEVEL},
	{NULL, NULL, 0},
};
