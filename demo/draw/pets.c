/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Animals: a few plain shapes each, closed eyes or backs, so that none tries to be a portrait. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>

struct coat {
	struct rgb fur, belly, mark;
};

static struct coat cat_coat(struct art *a)
{
	static const unsigned coats[5][3] = {{0xe39a4c, 0xfbe9cd, 0xb8682c},
		{0x9a97a0, 0xe9e4e2, 0x6d6a78}, {0x4a3f4c, 0xf4ebe4, 0x3a303e},
		{0xf6ead8, 0xfffaf0, 0xd9934c}, {0xb98a63, 0xf1dfc6, 0x6e4a38}};
	const unsigned *c = coats[pick(a, 5)];

	return (struct coat){hex(c[0]), hex(c[1]), hex(c[2])};
}

static void ear(struct art *a, double x, double y, double r, double side, struct rgb c)
{
	SHAPE(a, x - r * 0.5, y + r * 0.4, x + side * r * 0.3, y - r * 0.8, x + r * 0.5,
		y + r * 0.4);
	lit(a, c);
	SHAPE(a, x - r * 0.24, y + r * 0.3, x + side * r * 0.2, y - r * 0.42, x + r * 0.28,
		y + r * 0.3);
	flat(a, hex(0xe7a69a), 0.8);
}

/* Head of radius 10 at the origin. */
static void cat_head(struct art *a, struct coat c, bool asleep)
{
	ear(a, -6.6, -8, 8, -1, c.fur);
	ear(a, 6.6, -8, 8, 1, c.fur);
	SHAPE(a, -11, 1.5, -9, -6, 0, -9, 9, -6, 11, 1.5, 6, 7.6, 0, 8.8, -6, 7.6);
	solid(a, c.fur);
	SHAPE(a, -6, 4, 0, 0.4, 6, 4, 4, 7.4, 0, 8.2, -4, 7.4);
	flat(a, c.belly, 0.95);
	for (int i = -1; i <= 1; i++)
		CURVE(a, i * 2.6, -8.4 + i * i * 0.6, i * 2.3, -6.4, i * 2.1, -4.8);
	stroke(a, c.mark, 1.3, 0.8);
	for (int i = -1; i <= 1; i += 2) {
		if (asleep) {
			CURVE(a, i * 4.6 - 2, 0.4, i * 4.6, 1.5, i * 4.6 + 2, 0.4);
			stroke(a, hex(0x3a2830), 0.75, 1);
		} else {
			oval(a, i * 4.4, 0.2, 1.7, 2);
			flat(a, hex(0x33262e), 1);
			oval(a, i * 4.4 - 0.5, -0.5, 0.6, 0.7);
			flat(a, hex(0xffffff), 1);
		}
		for (int j = 0; j < 2; j++)
			line_to(a, i * 6.5, 4 + j * 1.3, i * 13, 3.2 + j * 2.4);
		stroke(a, hex(0xfff8ee), 0.25, 0.8);
		oval(a, i * 7, 3.6, 1.7, 1.1);
		flat(a, hex(0xf08a7a), 0.4);
	}
	SHAPE(a, -1.1, 2.6, 1.1, 2.6, 0, 3.9);
	flat(a, hex(0xd9776f), 1);
	CURVE(a, -2.4, 4.6, -1.2, 5.4, 0, 4.2, 1.2, 5.4, 2.4, 4.6);
	stroke(a, hex(0x6a4a48), 0.5, 0.9);
}

/* Asleep, about 56 wide, lying on y = 0. */
static void cat_asleep(struct art *a, struct coat c)
{
	contact(a, 2, -1, 34, 5, 0.5);
	CURVE(a, 24, -6, 33, -3, 28, 0.5, 10, -1.4, 2, -2);
	stroke(a, shade(c.fur, -0.15), 5.4, 1);
	SHAPE(a, -25, -2, -24, -12, -8, -20, 10, -21, 24, -13, 27, -4, 18, 0, -10, 0.4);
	solid(a, c.fur);
	for (int i = 0; i < 5; i++)
		CURVE(a, 2 + i * 4.6, -20.3 + i * i * 0.42, 3.4 + i * 4.6, -16 + i * i * 0.3,
			2.4 + i * 4.4, -12 + i * 0.5);
	stroke(a, c.mark, 1.7, 0.75);
	SHAPE(a, 12, 0, 12, -8, 19, -11, 25, -7, 24, 0);
	lit(a, shade(c.fur, -0.05));
	push(a, -17, -10, 1, 0.12);
	cat_head(a, c, true);
	pop(a);
	SHAPE(a, -20, 0.4, -19, -4, -8, -4.4, -6, -1.6, -9, 0.5);
	lit(a, c.belly);
}

/* Sitting upright seen from the back, 44 high on y = 0. */
static void cat_back(struct art *a, struct coat c)
{
	contact(a, 3, 0, 19, 3.6, 0.5);
	CURVE(a, 9, -3, 20, -2, 23, 5, 18, 13, 21, 19);
	stroke(a, c.fur, 4.2, 1);
	CURVE(a, 19.4, 12, 18.2, 14.5, 20.8, 19);
	stroke(a, c.mark, 4.2, 1);
	SHAPE(a, -13, 0, -14.5, -10, -9, -23, 0, -29, 9, -23, 14.5, -10, 13, 0, 0, 1);
	solid(a, c.fur);
	for (int i = 0; i < 3; i++)
		CURVE(a, -5 + i * 0.3, -20 + i * 5.5, 0, -18.5 + i * 5.5, 5 - i * 0.3,
			-20 + i * 5.5);
	stroke(a, c.mark, 1.8, 0.7);
	push(a, 0, -33, 1, 0);
	ear(a, -5.6, -7, 7, -1, c.fur);
	ear(a, 5.6, -7, 7, 1, c.fur);
	SHAPE(a, -9.5, 1, -8, -6, 0, -8, 8, -6, 9.5, 1, 5, 6.4, 0, 7.2, -5, 6.4);
	solid(a, c.fur);
	for (int i = -1; i <= 1; i++)
		CURVE(a, i * 2.8, -6.8, i * 2.6, -3, i * 2, 0.5);
	stroke(a, c.mark, 1.3, 0.7);
	pop(a);
}

static void sofa(struct art *a, double x, double y, double w, struct rgb c)
{
	contact(a, x + 4, y + 4, w * 0.6, 6, 0.5);
	box(a, x - w * 0.5, y - 40, w, 38, 7);
	solid(a, shade(c, -0.08));
	for (int i = -1; i <= 0; i++) {
		box(a, x + (i ? -w * 0.42 : 0.6), y - 37, w * 0.42 - 0.6, 26, 5);
		solid(a, c);
	}
	box(a, x - w * 0.45, y - 18, w * 0.9, 12, 4);
	solid(a, shade(c, 0.12));
	box(a, x - w * 0.45, y - 8, w * 0.9, 8, 2);
	solid(a, shade(c, -0.1));
	for (int i = -1; i <= 1; i += 2) {
		box(a, x + i * w * 0.5 - w * 0.07, y - 27, w * 0.14, 27, 6);
		solid(a, c);
		rect(a, x + i * w * 0.42 - 1, y - 0.5, 2.4, 5);
		flat(a, hex(0x5a3a2a), 1);
	}
}

static void cat_sofa(struct art *a)
{
	struct coat c = cat_coat(a);
	struct rgb seat = chance(a, 0.5) ? a->p.mid : a->p.pop;

	wall(a, a->tod == NIGHT ? mix(a->p.deep, a->p.mid, 0.35)
				: mix(a->p.light, a->p.paper, 0.5));
	if (a->view == TOP || a->view == CLOSE) {
		push(a, a->cx, a->cy + 14 * a->s, a->s * 1.28, 0);
		rect(a, -90, -58, 180, 70);
		down(a, shade(seat, 0.08), shade(seat, -0.16));
		for (int i = -1; i <= 1; i++) {
			box(a, -34 + i * 52, -52, 50, 46, 7);
			solid(a, shade(seat, i ? 0.02 : 0.1));
		}
		rect(a, -90, -2, 180, 90);
		fade(a, 0, -2, 0, 34, shade(seat, 0.2), 1, shade(seat, -0.22), 1);
		cushion(a, 30, -20, 27, 0.2, a->p.light);
		SHAPE(a, -50, 2, -30, -2, 0, 1, 34, -1, 46, 6, 40, 30, 44, 66, -40, 66, -44, 30);
		drop(a, 0.5, 1, 1.4, 0.3);
		lit(a, a->p.paper);
		for (int i = 0; i < 7; i++)
			CURVE(a, -46 + i * 14, 3, -44 + i * 14, 30, -45 + i * 14, 66);
		stroke(a, a->p.pop, 1.8, 0.35);
		push(a, 0, 5, 1, 0);
		cat_asleep(a, c);
		pop(a);
		pop(a);
	} else {
		picture_frame(a, a->cx - 8, a->cy - 48 * a->s, 17, 20, a->p.deep);
		floor_boards(a, a->cy + 26 * a->s, mix(hex(0xb08058), a->p.mid, 0.2));
		rug(a, a->cx, a->cy + 40 * a->s, 48, 9, a->p.pop);
		push(a, a->cx, a->cy + 34 * a->s, a->s, 0);
		sofa(a, 0, 0, 84, seat);
		cushion(a, -27, -22, 16, -0.15, a->p.light);
		push(a, 8, -17, 0.74, 0);
		cat_asleep(a, c);
		pop(a);
		plant_pot(a, 48, 6, 26, a->p.paper, pick(a, 4));
		table_lamp(a, -50, 2, 52, a->p.light);
		pop(a);
	}
	sunbeams(a, a->tod == NIGHT ? 0.08 : 0.24);
}

static void cat_window(struct art *a)
{
	struct coat c = cat_coat(a);
	double s = a->s * (a->view == CLOSE ? 1.12 : 1), base = a->cy + 30 * s,
	       w = a->view == WIDE ? 66 : 82;
	bool back = chance(a, 0.6);

	wall(a, mix(a->p.mid, a->p.paper, a->tod == NIGHT ? 0.05 : 0.45));
	push(a, a->cx, base, s, 0);
	window_view(a, -w / 2, -72, w, 72, hex(0xf3e8d8));
	if (a->season == WINTER && a->tod != GOLDEN)
		for (int i = 0; i < 50; i++) {
			oval(a, rnd(a, -w / 2, w / 2), rnd(a, -72, 0), 0.5, 0.5);
			flat(a, hex(0xffffff), 0.85);
		}
	curtain(a, -w / 2 - 14, -82, 20, 88, mix(a->p.light, a->p.paper, 0.4));
	curtain(a, w / 2 - 5, -82, 20, 88, mix(a->p.light, a->p.paper, 0.4));
	rect(a, -120, 0, 240, 5);
	lit(a, hex(0xf6ecdc));
	rect(a, -120, 5, 240, 60);
	down(a, shade(a->p.mid, -0.3), shade(a->p.mid, -0.05));
	push(a, rnd(a, -10, 6), 1.5, back ? 1.08 : 0.95, 0);
	if (back)
		cat_back(a, c);
	else
		cat_asleep(a, c);
	pop(a);
	plant_pot(a, w / 2 - 9, 2, 19, a->p.pop, pick(a, 5));
	for (int i = 0; i < 3; i++) {
		box(a, -w / 2 - 4 + i * 0.7, -3.4 - i * 3.2, 18, 3.2, 0.5);
		lit(a, any(a));
	}
	pop(a);
}

static void fluff(struct art *a, double x, double y, double rx, double ry, struct rgb c)
{
	blob(a, x, y, rx, ry, 0.05, 18);
	solid(a, c);
	for (int i = 0; i < 16; i++) {
		double t = i * 0.393, px = x + cos(t) * rx * 0.95, py = y + sin(t) * ry * 0.95;

		push(a, px, py, 1, t);
		SHAPE(a, -rx * 0.24, -rx * 0.17, rx * 0.055, 0, -rx * 0.24, rx * 0.17);
		flat(a, shade(c, cos(t - 3.9) * 0.14 - 0.02), 1);
		pop(a);
	}
}

static struct coat dog_coat(struct art *a)
{
	static const unsigned coats[4][3] = {{0xfbf4e8, 0xffffff, 0xe6d4bd},
		{0xd9a05a, 0xf3d6a2, 0xa86f36}, {0x7a5240, 0xf1dfc8, 0x523428},
		{0xe0954e, 0xfdf3e4, 0xb8692f}};
	const unsigned *c = coats[pick(a, 4)];

	return (struct coat){hex(c[0]), hex(c[1]), hex(c[2])};
}

static void dog_front(struct art *a, struct coat c)
{
	contact(a, 3, 1, 24, 5, 0.5);
	CURVE(a, 12, -6, 20, -11, 23, -19);
	stroke(a, shade(c.fur, -0.06), 9, 1);
	fluff(a, 0, -16, 17, 17, c.fur);
	fluff(a, 0, -20, 10, 11, c.belly);
	for (int i = -1; i <= 1; i += 2) {
		box(a, i * 6 - 4, -14, 8, 14.5, 4);
		solid(a, c.fur);
		oval(a, i * 6, -0.6, 5, 2.8);
		solid(a, c.belly);
	}
	CURVE(a, -10, -29.5, 0, -25.5, 10, -29.5);
	stroke(a, a->p.pop, 2.6, 1);
	oval(a, 0, -25, 2, 2);
	flat(a, hex(0xf2c14e), 1);
	push(a, 0, -39, 1, 0.04);
	for (int i = -1; i <= 1; i += 2) {
		SHAPE(a, i * 5, -10, i * 11, -17, i * 14.5, -6, i * 11, 1);
		solid(a, c.mark);
	}
	fluff(a, 0, 0, 14, 13, c.fur);
	SHAPE(a, -8, 4, 0, -3, 8, 4, 6, 10, 0, 12, -6, 10);
	flat(a, c.belly, 1);
	for (int i = -1; i <= 1; i += 2) {
		oval(a, i * 5.4, -1.6, 1.7, 2);
		flat(a, hex(0x33262a), 1);
		oval(a, i * 5.4 - 0.5, -2.3, 0.6, 0.6);
		flat(a, hex(0xffffff), 1);
	}
	SHAPE(a, -3, 9, 3, 9, 2.4, 14.5, 0, 15.6, -2.4, 14.5);
	lit(a, hex(0xee7f7a));
	CURVE(a, -5.6, 7.4, -2.6, 9.4, 0, 7.4, 2.6, 9.4, 5.6, 7.4);
	stroke(a, hex(0x4a2f2c), 0.8, 1);
	SHAPE(a, -2.8, 3, 2.8, 3, 1.4, 6, -1.4, 6);
	flat(a, hex(0x33262a), 1);
	pop(a);
}

static void dog_back(struct art *a, struct coat c)
{
	contact(a, 4, 0, 24, 4.5, 0.5);
	CURVE(a, 8, -4, 18, -4, 23, -11);
	stroke(a, shade(c.fur, -0.06), 8.5, 1);
	fluff(a, 0, -17, 16, 18, c.fur);
	push(a, -1, -40, 1, -0.12);
	for (int i = -1; i <= 1; i += 2) {
		SHAPE(a, i * 3.5, -8, i * 9, -16, i * 12, -5, i * 8, 0);
		solid(a, c.mark);
	}
	fluff(a, 0, 0, 11.5, 11, c.fur);
	pop(a);
	CURVE(a, -9.5, -31, 0, -28, 9, -31);
	stroke(a, a->p.pop, 2.6, 1);
}

static void dog_lake(struct art *a)
{
	struct rgb far = sky_low(a), green = leaf_colour(a);
	double hy = a->horizon, s = a->s * (a->view == CLOSE         ? 1.15
						   : a->view == WIDE ? 0.72
								     : 0.95);

	sky(a, hy);
	if (a->tod >= GOLDEN && a->tod != NIGHT)
		sun(a, a->w * 0.25, hy - 8, 5);
	if (a->tod == NIGHT) {
		stars(a, hy, 90);
		moon(a, a->w * 0.24, hy - 26, 4.5);
	}
	clouds(a, 6, hy * 0.6, 4);
	ridge(a, hy - 9, 9, 6, mix(far, a->p.deep, 0.3), far);
	ridge(a, hy - 3, 4, 4, mix(far, a->p.deep, 0.5), mix(far, a->p.mid, 0.5));
	for (double x = -4; x < a->w + 5; x += rnd(a, 2.5, 6))
		conifer(a, x, hy + 0.6, rnd(a, 5, 11), mix(green, a->p.deep, 0.5),
			a->season == WINTER ? 0.7 : 0);
	water(a, hy, a->h + 20, mix(far, a->p.mid, 0.25),
		day_colour(a, mix(a->p.mid, a->p.deep, 0.45)));
	reflection(
		a, a->w * 0.25, hy + 1, a->h * 0.3, 3.4, hex(0xffe2b0), a->tod == NOON ? 0.2 : 0.6);
	rect(a, -20, a->cy + 31 * a->s, a->w + 40, 4);
	planks(a, -20, a->cy + 27 * a->s, a->w + 40, 60, 9, day_colour(a, hex(0xa77d58)));
	rect(a, -20, a->cy + 27 * a->s, a->w + 40, 1.6);
	flat(a, hex(0xf7dfb4), 0.6);
	push(a, a->cx + 8, a->cy + 34 * a->s, s, 0);
	if (chance(a, 0.6))
		dog_back(a, dog_coat(a));
	else
		dog_front(a, dog_coat(a));
	pop(a);
	if (a->view != CLOSE)
		person(a, a->cx - 16 * a->s, a->cy + 36 * a->s, 42 * s, a->p.pop, 0.05);
	grass(a, -8, a->h + 4, 30, 60, 22, shade(green, -0.2));
	grass(a, a->w - 18, a->h + 4, 26, 50, 18, green);
}

static void dog_park(struct art *a)
{
	struct rgb green = leaf_colour(a), lawn;
	double hy = a->horizon;

	a->season = a->season == WINTER ? SPRING : a->season;
	lawn = day_colour(a, a->season == AUTUMN ? hex(0xc7a34f) : hex(0x93b65d));
	sky(a, hy);
	clouds(a, 4, hy * 0.6, 4);
	for (int i = 0; i < 7; i++)
		tree(a, a->w * (i + rnd(a, -0.2, 0.2)) / 6, hy + 2, rnd(a, 22, 40), leaf_colour(a));
	ridge(a, hy + 3, 2, 8, shade(lawn, 0.15), shade(lawn, -0.12));
	CURVE(a, a->w * 0.3, hy + 3, a->w * 0.55, hy + 20, a->w * 0.2, a->h + 10);
	stroke(a, day_colour(a, hex(0xe9d3ac)), 9, 0.7);
	grass(a, -5, a->h + 5, a->w + 10, 160, 9, shade(lawn, -0.2));
	for (int i = 0; i < 24; i++)
		flower(a, rnd(a, 0, a->w), rnd(a, hy + 14, a->h), rnd(a, 0.7, 1.6),
			i % 2 ? a->p.pop : hex(0xfdf4e2));
	if (a->view == WIDE) {
		person(a, a->cx - 24, a->cy + 20 * a->s, 34, a->p.pop, 0.1);
		CURVE(a, a->cx - 20, a->cy + 6 * a->s, a->cx - 6, a->cy + 14 * a->s, a->cx + 6,
			a->cy + 10 * a->s);
		stroke(a, a->p.deep, 0.6, 1);
	}
	push(a, a->cx + (a->view == WIDE ? 12 : 0), a->cy + 30 * a->s,
		a->s * (a->view == WIDE ? 0.85 : 1.3), 0);
	dog_front(a, dog_coat(a));
	oval(a, -24, -4, 5, 5);
	drop(a, 0.8, 2, 1.2, 0.4);
	solid(a, a->p.pop);
	wedge(a, -24, -4, 4, 5, -0.9, 0.9);
	stroke(a, hex(0xfff6e6), 0.8, 0.9);
	pop(a);
	foliage(a, -4, a->h * 0.1, 20, shade(green, -0.2));
}

static void rabbit_body(struct art *a, struct rgb c)
{
	contact(a, 2, 0, 24, 4, 0.5);
	for (int i = -1; i <= 1; i += 2) {
		push(a, i * 5 - 8, -28, 1, i * 0.2);
		SHAPE(a, -3.4, 2, -4.4, -14, 0, -25, 4.4, -14, 3.4, 2);
		solid(a, c);
		SHAPE(a, -1.6, 0, -2.2, -12, 0, -20, 2.2, -12, 1.6, 0);
		flat(a, hex(0xf0a9a2), 0.8);
		pop(a);
	}
	fluff(a, 21, -8, 5, 5, shade(c, 0.5));
	SHAPE(a, -16, -1, -17, -14, -6, -24, 10, -23, 22, -12, 22, -2, 10, 0.5, -6, 0.5);
	solid(a, c);
	SHAPE(a, 6, 0, 6, -9, 14, -13, 21, -7, 20, 0);
	lit(a, shade(c, 0.06));
	SHAPE(a, -20, -22, -18, -30, -8, -33, 2, -29, 4, -21, -2, -14.5, -8, -13.5, -16, -15);
	solid(a, c);
	for (int i = -1; i <= 1; i += 2) {
		oval(a, -8 + i * 6, -24, 1.5, 1.9);
		flat(a, hex(0x3a2830), 1);
		oval(a, -8.4 + i * 6, -24.7, 0.5, 0.6);
		flat(a, hex(0xffffff), 1);
		oval(a, -8 + i * 8, -20, 2, 1.3);
		flat(a, hex(0xf28f86), 0.45);
	}
	SHAPE(a, -9.2, -21.4, -6.8, -21.4, -8, -20);
	flat(a, hex(0xd9776f), 1);
	CURVE(a, -9.8, -18.6, -8.8, -18, -8, -19.4, -7.2, -18, -6.2, -18.6);
	stroke(a, hex(0x6a4a48), 0.45, 0.9);
	oval(a, -9, -1, 6, 3);
	solid(a, shade(c, 0.2));
}

static void rabbit(struct art *a)
{
	static const unsigned furs[] = {0xf8efe2, 0xcfa678, 0xa9a4a6, 0x8a6450};
	struct rgb lawn = day_colour(a, hex(0x9dbb66)), fur = hex(furs[pick(a, 4)]);
	double base = a->cy + 26 * a->s;
	bool indoor = a->view == CLOSE;

	if (indoor) {
		wall(a, mix(a->p.light, a->p.paper, 0.4));
		floor_boards(a, base - 18, mix(hex(0xb98a5e), a->p.mid, 0.15));
		plant_pot(a, a->cx + 36, base - 12, 30, a->p.paper, pick(a, 4));
		rug(a, a->cx, base + 2, 50, 13, a->p.mid);
		sunbeams(a, 0.25);
	} else {
		sky(a, a->horizon);
		clouds(a, 4, a->horizon * 0.6, 4);
		for (int i = 0; i < 6; i++)
			foliage(a, a->w * i / 5.0, a->horizon, rnd(a, 9, 17), leaf_colour(a));
		ridge(a, a->horizon + 5, 2, 7, shade(lawn, 0.2), shade(lawn, -0.1));
		grass(a, -5, base + 1, a->w + 10, 120, 7, shade(lawn, 0.08));
	}
	push(a, a->cx, base, a->s * (a->view == WIDE ? 1 : 1.28), 0);
	rabbit_body(a, fur);
	push(a, -30, -2, 1, -0.5);
	SHAPE(a, 0, 0, 3, -3, 14, 0, 3, 3);
	solid(a, hex(0xee8a3a));
	for (int i = 0; i < 3; i++)
		leaf(a, 1, 0, 8, 2, 2.7 + i * 0.4, hex(0x6ea04c));
	pop(a);
	if (a->view == WIDE) {
		push(a, 31, 4, 0.7, 0);
		rabbit_body(a, hex(furs[pick(a, 4)]));
		pop(a);
	}
	pop(a);
	if (!indoor) {
		grass(a, -5, a->h + 4, a->w + 10, 120, 14, shade(lawn, -0.22));
		for (int i = 0; i < 22; i++)
			flower(a, rnd(a, 0, a->w), a->h - rnd(a, 0, 20), rnd(a, 0.8, 1.9),
				i % 3 ? hex(0xfdf4e2) : a->p.pop);
	}
}

static void parrot(struct art *a)
{
	static const unsigned birds_[4][3] = {{0x5fae5a, 0xf3cf4a, 0xe2573a},
		{0xd9452f, 0xf0b83c, 0x3f8f8a}, {0xf2c845, 0x6fae5c, 0xe9843c},
		{0x4fa3a0, 0xf6efe0, 0xf0a24a}};
	const unsigned *c = birds_[pick(a, 4)];
	struct rgb bg = mix(a->p.light, a->p.mid, rnd(a, 0, 0.7));

	a->tod = NOON;
	paint_all(a, shade(bg, 0.25), shade(bg, -0.15));
	bokeh(a, 0, 0, a->w, a->h, 14, 12);
	for (int i = 0; i < 9; i++) {
		double side = i % 2 ? a->w + 4 : -4;

		sprig(a, side, rnd(a, 0, a->h), rnd(a, 30, 46),
			i % 2 ? M_PI + rnd(a, -0.5, 0.5) : rnd(a, -0.5, 0.5), 8, leaf_colour(a));
	}
	push(a, a->cx, a->cy + 3, a->s * (a->h > a->w ? 1.1 : 0.9), 0);
	CURVE(a, -70, 24, -20, 20, 20, 24, 70, 16);
	drop(a, 0.6, 2, 1.4, 0.3);
	stroke(a, hex(0x7a5238), 6, 1);
	CURVE(a, -70, 22.5, -20, 18.5, 20, 22.5, 70, 14.5);
	stroke(a, hex(0xb98a60), 1.4, 0.8);
	SHAPE(a, 4, 14, 14, 30, 20, 56, 12, 56, 4, 36, -3, 20);
	solid(a, hex(c[2]));
	SHAPE(a, 2, 16, 9, 32, 12, 50, 6, 48, -2, 30);
	lit(a, hex(c[0]));
	SHAPE(a, -14, 6, -17, -12, -9, -28, 2, -30, 12, -18, 15, 2, 10, 18, 0, 22, -9, 18);
	solid(a, hex(c[0]));
	SHAPE(a, -15, 4, -16, -8, -8, -12, -3, 2, -4, 16, -10, 16);
	flat(a, hex(c[1]), 0.9);
	SHAPE(a, 0, -10, 8, -14, 15, 0, 14, 22, 8, 30, 1, 14);
	solid(a, shade(hex(c[0]), -0.14));
	for (int i = 0; i < 4; i++)
		CURVE(a, 3 + i * 0.8, -2 + i * 6, 8, 1 + i * 6, 12.6 - i * 0.6, -3 + i * 6.5);
	stroke(a, hex(c[1]), 1, 0.7);
	oval(a, -6, -27, 12.6, 12);
	solid(a, hex(c[1]));
	SHAPE(a, -6, -38, 2, -50, 3, -40, 9, -46, 4, -34);
	solid(a, hex(c[2]));
	SHAPE(a, -16, -32, -24, -29, -25, -19, -20, -21, -14, -24);
	solid(a, hex(0x6a5a58));
	oval(a, -9, -29, 3, 3);
	flat(a, hex(0xfffaf0), 1);
	oval(a, -9.4, -29, 1.8, 1.9);
	flat(a, hex(0x33262a), 1);
	oval(a, -6, -22, 3, 2);
	flat(a, hex(c[2]), 0.6);
	for (int i = 0; i < 2; i++)
		CURVE(a, -5 + i * 6, 20, -6 + i * 6, 24, -3 + i * 6, 25);
	stroke(a, hex(0x5a4a4a), 2.2, 1);
	pop(a);
}

static void fish(
	struct art *a, double x, double y, double r, bool left, struct rgb c, struct rgb fin)
{
	push(a, x, y, r / 10, 0);
	stretch(a, left ? -1 : 1, 1);
	SHAPE(a, -8, 0, -17, -8, -14, 0, -17, 8);
	lit(a, fin);
	SHAPE(a, -4, -5, 0, -11, 6, -5);
	lit(a, fin);
	SHAPE(a, -10, 0, -4, -5.6, 4, -6, 10, -1, 10, 1, 4, 6, -4, 5.6);
	solid(a, c);
	for (int i = 0; i < 2; i++)
		CURVE(a, 2 - i * 5, -6 + i, 3.4 - i * 5, 0, 2 - i * 5, 6 - i);
	stroke(a, shade(c, 0.7), 1.5, 0.8);
	oval(a, 6.5, -1, 1.3, 1.3);
	flat(a, hex(0xfffaf0), 1);
	oval(a, 6.8, -1, 0.8, 0.8);
	flat(a, hex(0x33262a), 1);
	pop(a);
}

static void aquarium(struct art *a)
{
	struct rgb deep = mix(hex(0x1d5560), a->p.deep, 0.35),
		   top = mix(hex(0x8fd0c4), a->p.light, 0.3);
	int n = a->view == CLOSE ? 6 : a->view == WIDE ? 20 : 11;

	paint_all(a, top, deep);
	for (int i = 0; i < 7; i++) {
		double x = rnd(a, -10, a->w), w = rnd(a, 4, 12);

		POLY(a, x, -10, x + w, -10, x + w * 2.4 - 20, a->h, x - 26, a->h);
		fade(a, 0, 0, 0, a->h * 0.8, hex(0xfdf6dc), 0.26, top, 0);
	}
	for (int i = 0; i < 9; i++)
		blob(a, a->w * i / 8.0, a->h + 4, rnd(a, 9, 18), rnd(a, 8, 26), 0.2, 9);
	flat(a, shade(deep, -0.3), 0.6);
	rect(a, -60, a->h - 9, a->w + 120, 60);
	down(a, hex(0xe6cf9f), hex(0xb59a6c));
	for (int i = 0; i < 5; i++) {
		double x = rnd(a, 0, a->w), r = rnd(a, 5, 10);

		blob(a, x, a->h - 8, r, r * 0.7, 0.14, 9);
		solid(a, mix(hex(0x8a7a72), deep, 0.3));
	}
	for (int i = 0; i < 16; i++) {
		double x = i % 2 ? rnd(a, 0, a->w * 0.3) : rnd(a, a->w * 0.7, a->w),
		       h = rnd(a, 0.2, 0.5) * a->h, b = a->h - 6;
		struct rgb c = vary(a, hex(i % 3 ? 0x4f9a68 : 0x9cb84f), 0.2);

		CURVE(a, x, b, x + 3, b - h * 0.3, x - 3, b - h * 0.65, x + 4, b - h);
		stroke(a, c, rnd(a, 1.4, 3), 0.95);
	}
	for (int i = 0; i < 5; i++)
		branch(a, a->w * rnd(a, 0.1, 0.9), a->h - 5, rnd(a, 5, 9),
			-M_PI_2 + rnd(a, -0.2, 0.2), 3, 2.4, i % 2 ? a->p.pop : hex(0xf0938a),
			hex(0xf7c7b0));
	for (int i = 0; i < n; i++) {
		double r = a->view == CLOSE  ? rnd(a, 9, 15)
			   : a->view == WIDE ? rnd(a, 3, 6)
					     : rnd(a, 5, 10);
		struct rgb c = hex((const unsigned[]){
			0xf08a34, 0xf6cd4d, 0xe9573f, 0xf7eee0, 0xe79ab0}[pick(a, 5)]);

		fish(a, rnd(a, 8, a->w - 8), a->cy + rnd(a, -36, 34) * a->s, r, chance(a, 0.3), c,
			shade(c, -0.12));
	}
	for (int i = 0; i < 40; i++) {
		double r = rnd(a, 0.4, 1.5), x = a->w * (i % 4 + 0.5) / 4 + rnd(a, -4, 4),
		       y = rnd(a, 0, a->h);

		oval(a, x, y, r, r);
		stroke(a, hex(0xf4fbf4), 0.25, 0.7);
	}
	if (a->view == TOP) {
		push(a, a->w * 0.2, a->h + 2, 1.25, 0);
		cat_back(a,
			(struct coat){shade(a->p.deep, -0.45), a->p.deep, shade(a->p.deep, -0.6)});
		pop(a);
	}
}

const struct scene pet_scenes[] = {
	{"cat_sofa", cat_sofa, SCENE_LEVEL},
	{"cat_window", cat_window, SCENE_LEVEL},
	{"dog_lake", dog_lake, SCENE_LEVEL},
	{"dog_park", dog_park, SCENE_LEVEL},
	{"rabbit", rabbit, SCENE_LEVEL},
	{"parrot", parrot, 0},
	{"aquarium", aquarium, SCENE_LEVEL},
	{NULL, NULL, 0},
};
