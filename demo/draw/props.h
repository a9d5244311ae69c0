/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Indoor things. k is the tilt of round vessels: 1 seen from above, about 0.45 seen from the table's edge. */
#ifndef PROPS_H
#define PROPS_H

#include "paint.h"

/* Grounds. */
void table_above(struct art *a); /* a table that fills the picture; kind and colour by the dice */
void table_edge(struct art *a, double y); /* a wall above y, a table below */
void wall(struct art *a, struct rgb c); /* a wall that fills the picture, lit from the upper left */
void floor_boards(struct art *a, double y, struct rgb c);
void planks(struct art *a, double x, double y, double w, double h, double step, struct rgb c);
void tiles(struct art *a, double x, double y, double w, double h, double cell, struct rgb c);
void backdrop(
	struct art *a, double y, double k); /* table_above when k is near 1, else table_edge */

/* Vessels: centre of the rim. */
void bowl(struct art *a, double x, double y, double r, double k,
	struct rgb c); /* empty, with inside */
void liquid(struct art *a, double x, double y, double r, double k, struct rgb c); /* fills a rim */
void plate(struct art *a, double x, double y, double r, double k, struct rgb c);
void cup(struct art *a, double x, double y, double r, double k, struct rgb c, struct rgb drink);
void glass(struct art *a, double x, double y, double w, double h, struct rgb drink, double level);
void chopsticks(struct art *a, double x, double y, double length, double turn, struct rgb c);
void scallions(struct art *a, double x, double y, double rx, double ry, int n);
void egg_half(struct art *a, double x, double y, double r, double turn);
void spoon(struct art *a, double x, double y, double length, double turn, struct rgb c);
void napkin(struct art *a, double x, double y, double size, double turn, struct rgb c);

/* Room. */
void book(struct art *a, double x, double y, double w, double h, double turn, struct rgb c);
void open_book(struct art *a, double x, double y, double size, double turn, struct rgb cover);
void book_row(struct art *a, double x, double y, double w, double h); /* standing on y */
void plant_pot(struct art *a, double x, double y, double size, struct rgb pot, int kind);
void window_view(struct art *a, double x, double y, double w, double h, struct rgb frame);
void curtain(struct art *a, double x, double y, double w, double h, struct rgb c);
void picture_frame(struct art *a, double x, double y, double w, double h, struct rgb c);
void table_lamp(struct art *a, double x, double y, double h, struct rgb c);
void pendant_lamp(struct art *a, double x, double y, double r, struct rgb c);
void cushion(struct art *a, double x, double y, double size, double turn, struct rgb c);
void rug(struct art *a, double x, double y, double rx, double ry, struct rgb c);
void pen(struct art *a, double x, double y, double length, double turn, struct rgb c);
void paper_sheet(struct art *a, double x, double y, double w, double h, double turn, struct rgb c);
void vase(struct art *a, double x, double y, double h, struct rgb c, struct rgb bloom);
void candle(struct art *a, double x, double y, double h, struct rgb c);

#endif
