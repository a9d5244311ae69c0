/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Outdoor things: sky, weather, hills, plants, water, houses, passers-by. */
#ifndef SCAPE_H
#define SCAPE_H

#include "paint.h"

struct rgb leaf_colour(struct art *a); /* of this season, another each call */
struct rgb meadow(struct art *a);      /* the ground's colour in this season */
struct rgb sky_low(struct art *a);     /* the sky's colour at the horizon: what distance fades to */
struct rgb day_colour(struct art *a, struct rgb c); /* a thing's colour in this hour's light */

void sky(struct art *a, double bottom);
void sun(struct art *a, double x, double y, double r);
void moon(struct art *a, double x, double y, double r);
void stars(struct art *a, double bottom, int n);
void cloud(struct art *a, double x, double y, double size, double alpha);
void clouds(struct art *a, double top, double bottom, int n);
void ridge(struct art *a, double y, double amp, double step, struct rgb top, struct rgb bottom);
void water(struct art *a, double y0, double y1, struct rgb far, struct rgb near);
void reflection(
	struct art *a, double x, double y, double length, double width, struct rgb c, double alpha);
void snowfall(struct art *a, int n);
void rain(struct art *a, int n, double alpha);

void foliage(struct art *a, double x, double y, double r, struct rgb c);
void tree(struct art *a, double x, double y, double h, struct rgb c);
void conifer(struct art *a, double x, double y, double h, struct rgb c, double snow);
void grass(struct art *a, double x, double y, double w, int n, double h, struct rgb c);
void leaf(
	struct art *a, double x, double y, double length, double width, double turn, struct rgb c);
void sprig(struct art *a, double x, double y, double length, double turn, int n, struct rgb c);
void flower(struct art *a, double x, double y, double r, struct rgb c);
void branch(struct art *a, double x, double y, double length, double turn, int depth, double width,
	struct rgb bark, struct rgb bloom);

/* A house front or tower with windows; lamps is the share of lit windows. */
void tower(struct art *a, double x, double base, double w, double h, struct rgb c, double lamps);
void tiled_roof(struct art *a, double x, double y, double w, double h, struct rgb c);
void paper_lantern(struct art *a, double x, double y, double r, struct rgb c);
void lamp_string(
	struct art *a, double x0, double y0, double x1, double y1, double sag, int n, double r);
void person(struct art *a, double x, double y, double h, struct rgb coat, double lean);
void umbrella(struct art *a, double x, double y, double r, struct rgb c);
void birds(struct art *a, double x, double y, int n, double size, struct rgb c);

#endif
