/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The canvas and its tools: colours, dice, paths, light, texture.
 *
 * Lengths are in units: the shorter side of a picture is 100 (a cover is cropped closer), y grows down.
 * Light always falls from the upper left; the frame mirrors whole scenes so that it does not always
 * look so. Path functions add to the current path; fill functions consume it. Scenes paint beyond the
 * canvas on all sides so that the camera may turn and move.
 */
#ifndef PAINT_H
#define PAINT_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rgb {
	double r, g, b;
};

/* Five colours that sit well together; paper is the lightest, deep the darkest, pop the accent. */
struct palette {
	struct rgb paper, light, mid, pop, deep;
};

enum tod { MORNING, NOON, GOLDEN, DUSK, NIGHT };
enum season { SPRING, SUMMER, AUTUMN, WINTER };
enum view { TOP, CLOSE, WIDE };

struct art {
	cairo_t *cr;
	double w, h;    /* the canvas */
	double cx, cy;  /* where the subject's centre belongs */
	double s;       /* how large: a subject of radius 36 s fits */
	double horizon; /* y of a landscape's horizon */
	struct palette p;
	enum tod tod;
	enum season season;
	enum view view;
	bool wide;    /* a profile cover */
	uint64_t rng; /* state of the dice */
};

/* Dice: the same seed gives the same picture. */
double rnd(struct art *a, double lo, double hi);
int pick(struct art *a, int n);
bool chance(struct art *a, double p);

/* Colours. shade() above 0 goes to warm light, below 0 to plum dark; both end at ±1. */
struct rgb hex(unsigned value);
struct rgb mix(struct rgb a, struct rgb b, double t);
struct rgb shade(struct rgb c, double t);
struct rgb vary(struct art *a, struct rgb c, double amount);
struct rgb tint(struct art *a, struct rgb c); /* a thing's own colour, drawn towards the palette */
struct rgb any(struct art *a);                /* light, mid, pop or deep */
const struct palette *palette_at(unsigned long n);

/* Paths. */
void rect(struct art *a, double x, double y, double w, double h);
void box(struct art *a, double x, double y, double w, double h, double radius);
void oval(struct art *a, double x, double y, double rx, double ry);
void wedge(struct art *a, double x, double y, double rx, double ry, double from, double to);
void blob(struct art *a, double x, double y, double rx, double ry, double wobble, int n);
void curve(struct art *a, const double *xy, size_t n, bool closed); /* smooth, through n points */
void line_to(struct art *a, double x0, double y0, double x1, double y1);
void polygon(struct art *a, const double *xy, size_t n);

#define XY(...) \
	(const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / (2 * sizeof(double))
#define SHAPE(a, ...) curve((a), XY(__VA_ARGS__), true)
#define CURVE(a, ...) curve((a), XY(__VA_ARGS__), false)
#define POLY(a, ...) polygon((a), XY(__VA_ARGS__))

/* Fills. */
void flat(struct art *a, struct rgb c, double alpha);
void fade(struct art *a, double x0, double y0, double x1, double y1, struct rgb c0, double a0,
	struct rgb c1, double a1);
void down(struct art *a, struct rgb top, struct rgb bottom); /* gradient over the path's height */
void lit(struct art *a, struct rgb c);                       /* light to shade across the path */
void solid(struct art *a, struct rgb c); /* lit, with rim light and core shade */
void stroke(struct art *a, struct rgb c, double width, double alpha);
void drop(struct art *a, double dx, double dy, double blur,
	double alpha); /* shadow; keeps the path */
void glow(struct art *a, double x, double y, double r, struct rgb c, double alpha);
void contact(struct art *a, double x, double y, double rx, double ry, double alpha);

/* A frame of reference: origin at x, y, turned (radians), scaled. */
void push(struct art *a, double x, double y, double scale, double turn);
void stretch(struct art *a, double sx, double sy);
void pop(struct art *a);
void clip(struct art *a); /* to the current path, until pop */

/* Texture. */
void paint_all(struct art *a, struct rgb top, struct rgb bottom);
void specks(struct art *a, double x, double y, double w, double h, int n, double size, struct rgb c,
	double alpha);
void dashes(struct art *a, double x, double y, double w, double h, int n, double length,
	double width, struct rgb c, double alpha);
void steam(struct art *a, double x, double y, double scale);
void bokeh(struct art *a, double x, double y, double w, double h, int n, double size);
void sunbeams(struct art *a, double alpha); /* window light across a table */

/* Lettering inside a scene (signs, paper): centred on x, y; font is a Pango description without size. */
void letters(struct art *a, double x, double y, double size, const char *font, const char *text,
	struct rgb c, double alpha);

#endif
