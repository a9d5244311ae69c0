/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rooms, balconies and beds of vegetables. */
#include "props.h"
#include "scape.h"
#include "scenes.h"

#include <math.h>
#include <stdlib.h>

static void balcony_plants(struct art *a)
{
	double base = a->cy + 26 * a->s, hy = base - 20 * a->s;
	int kind = pick(a, 5);

	sky(a, hy);
	if (a->tod == NIGHT) {
		stars(a, hy, 60);
		moon(a, a->w * 0.25, hy * 0.3, 4);
	} else {
		sun(a, a->w * 0.25, hy * 0.45, 5);
	}
	clouds(a, 4, hy * 0.6, 3);
	for (double x = -6; x < a->w + 6; x += rnd(a, 6, 10))
		tower(a, x, hy + 20, rnd(a, 6, 10), rnd(a, 26, 52) * a->s,
			mix(sky_low(a), a->p.deep, 0.28), a->tod >= DUSK ? 0.4 : 0.04);
	if (a->view == CLOSE) {
		rect(a, -60, hy - 40 * a->s, 66, 200);
		rect(a, a->w - 6, hy - 40 * a->s, 66, 200);
		lit(a, day_colour(a, hex(0xe9d7bd)));
	}
	for (double x = -2; x < a->w + 4; x += 5)
		line_to(a, x, base - 28 * a->s, x, base);
	stroke(a, day_colour(a, mix(a->p.deep, a->p.mid, 0.2)), 0.8, 1);
	box(a, -60, base - 30 * a->s, a->w + 120, 3, 1);
	lit(a, day_colour(a, mix(a->p.deep, a->p.mid, 0.25)));
	rect(a, -60, base, a->w + 120, a->h);
	down(a, day_colour(a, hex(0xd6b48c)), day_colour(a, hex(0x8b6a52)));
	tiles(a, -20, base + 1, a->w + 40, a->h, 15,
		day_colour(a, mix(hex(0xcfa27c), a->p.light, 0.3)));
	for (int i = 0; i < 5; i++)
		plant_pot(a, a->w * (0.06 + 0.22 * i), base - 27 * a->s, 13 * a->s,
			i % 2 ? a->p.pop : a->p.paper, kind++);
	if (a->view != CLOSE) {
		push(a, a->cx + 22 * a->s, base + 20 * a->s, a->s, 0);
		contact(a, 2, 0, 19, 4, 0.5);
		for (int i = -1; i <= 1; i += 2) {
			line_to(a, i * 12, 0, i * 8, -20);
			line_to(a, i * 12 - 2, -46, i * 9, -19);
		}
		stroke(a, hex(0xb98655), 2, 1);
		box(a, -13, -22, 26, 4.4, 2);
		solid(a, hex(0xc9965f));
		box(a, -13, -46, 24, 19, 5);
		solid(a, hex(0xd6a76e));
		cushion(a, 0, -30, 17, 0.1, a->p.pop);
		pop(a);
	}
	for (int i = 0; i < 4; i++, kind++)
		plant_pot(a, a->w * (0.1 + 0.155 * i) + (i % 2) * 3,
			base + (8 + 13 * (i % 2)) * a->s, (22 + 7 * ((i + kind) % 2)) * a->s,
			(const struct rgb[]){a->p.pop, a->p.paper, hex(0xb86a48), a->p.mid}[i],
			kind);
	if (a->view == CLOSE)
		for (int i = 0; i < 2; i++)
			plant_pot(a, a->w * (0.72 + 0.17 * i), base + (10 + 10 * i) * a->s,
				30 * a->s, i ? a->p.light : a->p.pop, kind++);
	for (int i = 0; i < 10; i++)
		sprig(a, a->w * (0.05 + 0.1 * i), -4, rnd(a, 12, 30), M_PI_2 + rnd(a, -0.3, 0.3), 8,
			vary(a, tint(a, hex(0x5d8a58)), 0.2));
	lamp_string(a, -4, base - 58 * a->s, a->w + 4, base - 62 * a->s, 6, 8, 1);
	push(a, a->cx - 2, base + 24 * a->s, a->s, 0);
	contact(a, 2, 0, 10, 2.4, 0.45);
	box(a, -7, -11, 13, 11, 2);
	solid(a, a->p.mid);
	CURVE(a, 5, -3, 11, -8, 13, -14);
	stroke(a, a->p.mid, 1.8, 1);
	oval(a, 13.4, -14.6, 2.6, 1.6);
	flat(a, shade(a->p.mid, -0.2), 1);
	CURVE(a, -6, -10, -11, -12, -11, -4, -7, -3);
	stroke(a, shade(a->p.mid, -0.1), 1.3, 1);
	pop(a);
}

static void small_kitchen(struct art *a)
{
	double top = a->cy + 12 * a->s;
	struct rgb unit =
		pick(a, 2) ? mix(a->p.mid, a->p.paper, 0.25) : mix(a->p.deep, a->p.mid, 0.5);
	struct rgb wood = hex(0xc08f5c);

	wall(a, mix(a->p.light, a->p.paper, 0.55));
	tiles(a, -20, top - 34 * a->s, a->w + 40, 34 * a->s, 7, mix(a->p.paper, a->p.light, 0.4));
	push(a, a->cx, top, a->s, 0);
	if (a->view == CLOSE) {
		window_view(a, -30, -72, 44, 50, hex(0xf6ead6));
	} else {
		for (int i = 0; i < 2; i++) {
			rect(a, -48, -38 - i * 22, 62, 2.4);
			drop(a, 0.3, 1.4, 1, 0.4);
			lit(a, wood);
			for (int j = 0; j < 6; j++) {
				double x = -43 + j * 10, y = -38 - i * 22;

				switch ((j + i * 2 + pick(a, 2)) % 4) {
				case 0:
					glass(a, x, y, 8, 11, vary(a, hex(0xd99a4a), 0.2), 0.75);
					break;
				case 1:
					plant_pot(a, x, y, 9, a->p.pop, pick(a, 4));
					break;
				case 2:
					for (int n = 0; n < 3; n++)
						bowl(a, x, y - 4 - n * 2.2, 5, 0.25, any(a));
					break;
				default:
					box(a, x - 3.4, y - 11, 6.8, 11, 1);
					solid(a, any(a));
					box(a, x - 3.6, y - 12.6, 7.2, 2.4, 0.6);
					lit(a, wood);
				}
			}
		}
	}
	box(a, 20, -66, 40, 16, 1);
	drop(a, 0.6, 1.4, 1.2, 0.35);
	solid(a, unit);
	POLY(a, 26, -50, 54, -50, 62, -40, 18, -40);
	lit(a, hex(0xb9b2ac));
	for (int i = 0; i < 5; i++) {
		line_to(a, -46 + i * 7, -22, -46 + i * 7, -14);
		stroke(a, hex(0x6a5048), 0.7, 1);
		oval(a, -46 + i * 7, -10.5, 2.4, 3.6);
		solid(a, i % 2 ? wood : hex(0x8a8488));
	}
	line_to(a, -52, -22, -12, -22);
	stroke(a, hex(0x8a7468), 0.9, 1);
	rect(a, -150, -1, 300, 4.6);
	drop(a, 0, 1.6, 1.4, 0.35);
	down(a, hex(0xf3e6d0), hex(0xc9a67c));
	rect(a, -150, 3.6, 300, 110);
	down(a, unit, shade(unit, -0.2));
	for (int i = -2; i <= 2; i++) {
		box(a, i * 31 - 14.4, 8, 29, 42, 1);
		stroke(a, shade(unit, -0.3), 0.6, 0.9);
		box(a, i * 31 - 13, 9.4, 26, 39, 0.6);
		stroke(a, shade(unit, 0.35), 0.4, 0.6);
		box(a, i * 31 + 7, 13, 1.6, 8, 0.8);
		lit(a, hex(0xd9b06a));
	}
	push(a, -11, 0, 1, 0);
	contact(a, 42, -1, 17, 2.4, 0.5);
	box(a, 27, -3.4, 30, 2.8, 0.8);
	flat(a, hex(0x3f383e), 1);
	box(a, 31, -19, 22, 15.6, 3);
	solid(a, a->p.pop);
	box(a, 27.4, -15, 4, 3, 1.2);
	box(a, 52.6, -15, 4, 3, 1.2);
	flat(a, shade(a->p.pop, -0.3), 1);
	box(a, 30, -21, 24, 3.4, 1.6);
	solid(a, shade(a->p.pop, 0.1));
	oval(a, 42, -22.6, 2, 1.5);
	solid(a, hex(0x5a4a48));
	steam(a, 42, -23, 0.8);
	pop(a);
	box(a, -42, -3.6, 30, 2.8, 1);
	solid(a, wood);
	for (int i = 0; i < 5; i++) {
		oval(a, -36 + i * 4.6, -6.4, 3, 2.8);
		solid(a, hex((const unsigned[]){
				 0xd9412c, 0xe9a93a, 0x7fa34c}[(i + pick(a, 2)) % 3]));
	}
	vase(a, 3, -1, 17, mix(a->p.paper, a->p.light, 0.3), a->p.pop);
	pop(a);
	pendant_lamp(a, a->cx - 8, top - 52 * a->s, 9 * a->s, a->p.deep);
	sunbeams(a, a->tod == NIGHT ? 0.06 : 0.2);
}

static void garment(struct art *a, double x, double y, double s, int kind, struct rgb c)
{
	push(a, x, y, s, 0);
	CURVE(a, 0, -6, 2, -8.6, 0, -9.6, -1.4, -8.4);
	stroke(a, hex(0x8a7a72), 0.7, 1);
	POLY(a, 0, -6, 9, -1.4, -9, -1.4);
	stroke(a, hex(0xb98a5c), 1, 1);
	switch (kind % 4) {
	case 0:
		SHAPE(a, -4, -3.4, 0, -1.6, 4, -3.4, 10, -0.6, 13, 20, 9, 21, 8.4, 8, 8.6, 30, -8.6,
			30, -8.4, 8, -9, 21, -13, 20, -10, -0.6);
		drop(a, 0.8, 1, 1, 0.3);
		solid(a, c);
		line_to(a, 0, -1.6, 0, 30);
		stroke(a, shade(c, -0.35), 0.5, 0.8);
		for (int i = 0; i < 4; i++)
			oval(a, 1.4, 4 + i * 7, 0.7, 0.7);
		flat(a, shade(c, 0.6), 1);
		break;
	case 1:
		SHAPE(a, -3.4, -3.4, 0, 0, 3.4, -3.4, 7, -0.6, 5.6, 12, 14, 44, 0, 46, -14, 44,
			-5.6, 12, -7, -0.6);
		drop(a, 0.8, 1, 1, 0.3);
		solid(a, c);
		for (int i = -2; i <= 2; i++)
			CURVE(a, i * 1.6, 14, i * 3, 28, i * 5, 44);
		stroke(a, shade(c, -0.3), 0.5, 0.6);
		box(a, -6, 11, 12, 2, 0.8);
		flat(a, shade(c, -0.35), 0.9);
		break;
	case 2:
		SHAPE(a, -4, -3, 0, -1.4, 4, -3, 11, 0, 15, 11, 11, 13, 8.6, 9, 8.6, 25, -8.6, 25,
			-8.6, 9, -11, 13, -15, 11, -11, 0);
		drop(a, 0.8, 1, 1, 0.3);
		solid(a, c);
		for (int i = 0; i < 4; i++) {
			rect(a, -8.2, 7 + i * 4.4, 16.4, 1.7);
			flat(a, shade(c, 0.6), 0.7);
		}
		break;
	default:
		SHAPE(a, -4, -3.4, 0, 2, 4, -3.4, 11, 0, 12.6, 27, 8.8, 28, 9.4, 46, 0.4, 46, 0, 30,
			-0.4, 46, -9.4, 46, -8.8, 28, -12.6, 27, -11, 0);
		drop(a, 0.8, 1, 1, 0.3);
		solid(a, c);
		POLY(a, -4, -2.6, 0, 14, 4, -2.6, 7, 4, 0, 18, -7, 4);
		flat(a, shade(c, -0.2), 0.8);
		box(a, -9.6, 20, 19.2, 2.4, 0.8);
		flat(a, shade(c, -0.4), 0.9);
	}
	pop(a);
}

static void wardrobe(struct art *a)
{
	int kind = pick(a, 4);
	double base = a->cy + 36 * a->s;

	wall(a, mix(a->p.light, a->p.paper, 0.5));
	if (a->view == TOP) {
		table_above(a);
		push(a, a->cx, a->cy - 4, a->s, 0);
		garment(a, -18, -22, 1.5, 2, any(a));
		garment(a, 21, -25, 1.15, 1, a->p.pop);
		push(a, 24, 41, 1, 0.3);
		SHAPE(a, -11, -4, -2, -4.6, 6, -2, 12, 1, 12, 4, -11, 4);
		drop(a, 0.8, 1.4, 1, 0.4);
		solid(a, hex(0xf7efe2));
		rect(a, -11, 3, 23, 1.6);
		flat(a, a->p.deep, 1);
		pop(a);
		push(a, -24, 36, 1, -0.2);
		box(a, -13, -9, 26, 18, 4);
		drop(a, 0.8, 1.4, 1, 0.4);
		solid(a, hex(0xb9764a));
		wedge(a, 0, -8, 8, 10, M_PI, 2 * M_PI);
		stroke(a, hex(0x8a5434), 1.4, 1);
		oval(a, 0, 0, 1.6, 1.6);
		flat(a, hex(0xf0c860), 1);
		pop(a);
		for (int i = 0; i < 2; i++) {
			oval(a, -4 + i * 9, 26, 3.8, 3.2);
			stroke(a, hex(0x4a3a3a), 0.9, 1);
		}
		pop(a);
		return;
	}
	floor_boards(a, base, mix(hex(0xb98a60), a->p.mid, 0.15));
	push(a, a->cx, base, a->s, 0);
	if (a->view == WIDE) {
		box(a, -46, -92, 92, 94, 2);
		drop(a, 1, 2, 2, 0.4);
		solid(a, mix(hex(0xc79a6c), a->p.light, 0.2));
		rect(a, -42, -88, 84, 86);
		down(a, hex(0x7a5844), hex(0x5a3f34));
		rect(a, -42, -74, 84, 2);
		lit(a, hex(0xc79a6c));
		for (int i = 0; i < 3; i++) {
			box(a, -38 + i * 26, -87, 22, 13, 1.4);
			solid(a, any(a));
		}
	} else {
		rug(a, 0, 10, 46, 7, a->p.mid);
		line_to(a, -42, 2, -40, -78);
		line_to(a, 42, 2, 40, -78);
		stroke(a, hex(0xc79a6c), 2.4, 1);
	}
	line_to(a, -43, -72, 43, -72);
	stroke(a, a->view == WIDE ? hex(0xc9c0b8) : hex(0xc79a6c), 1.8, 1);
	for (int i = 0; i < 6; i++)
		garment(a, -33 + i * 13.2, -63, a->view == WIDE ? 0.92 : 1.06, kind++,
			mix(any(a), a->p.paper, rnd(a, 0, 0.5)));
	for (int i = 0; i < 3; i++) {
		push(a, -29 + i * 28, -3, 0.8, 0);
		SHAPE(a, -9, -6, -3, -6.4, 4, -3, 10, 0, 10, 3, -9, 3);
		drop(a, 0.4, 1, 0.8, 0.3);
		solid(a, any(a));
		rect(a, -9, 2.4, 19, 1.6);
		flat(a, hex(0xfaf2e4), 1);
		pop(a);
	}
	pop(a);
	plant_pot(a, a->w * 0.93, base + 8, 32 * a->s, a->p.pop, pick(a, 4));
	sunbeams(a, a->tod == NIGHT ? 0.06 : 0.22);
}

static void bedroom_window(struct art *a)
{
	double base = a->cy + 7 * a->s;
	struct rgb quilt = any(a);

	wall(a, mix(a->p.mid, a->p.paper, a->tod == NIGHT ? 0.1 : 0.55));
	push(a, a->cx, base, a->s, 0);
	window_view(a, -33, -66, 66, 54, hex(0xf6ebd9));
	if (a->season == WINTER)
		for (int i = 0; i < 30; i++) {
			oval(a, rnd(a, -32, 32), rnd(a, -65, -13), 0.5, 0.5);
			flat(a, hex(0xffffff), 0.9);
		}
	if (a->view != CLOSE) {
		curtain(a, -47, -76, 18, 82, mix(a->p.light, a->p.paper, 0.5));
		curtain(a, 29, -76, 18, 82, mix(a->p.light, a->p.paper, 0.5));
	}
	line_to(a, -52, -76, 52, -76);
	stroke(a, hex(0x9a7050), 1.4, 1);
	box(a, -52, -14, 104, 30, 5);
	solid(a, hex(0xb98a60));
	for (int i = 0; i < 2; i++) {
		box(a, -44 + i * 46, -8, 41, 19, 7);
		drop(a, 0.4, 1, 1.4, 0.3);
		solid(a, hex(0xfbf4e8));
	}
	cushion(a, 2, 4, 18, 0.12, a->p.pop);
	SHAPE(a, -56, 12, -30, 8, 0, 11, 30, 8, 56, 12, 62, 50, 66, 110, -66, 110, -62, 50);
	drop(a, 0, -1, 2, 0.25);
	lit(a, quilt);
	SHAPE(a, -56, 12, -30, 8, 0, 11, 30, 8, 56, 12, 58, 24, 30, 19, 0, 23, -30, 19, -58, 24);
	lit(a, hex(0xfdf6ea));
	for (int i = 0; i < 6; i++)
		CURVE(a, -46 + i * 18, 24, -50 + i * 20, 40, -47 + i * 19, 70);
	stroke(a, shade(quilt, 0.35), 1.6, 0.4);
	push(a, -14, 40, 1, 0);
	stretch(a, 1, 0.55);
	open_book(a, 0, 0, 36, -0.2, a->p.deep);
	pop(a);
	push(a, 20, 36, 1, 0);
	oval(a, 0, 0, 16, 5.4);
	drop(a, 0.5, 1.4, 1.2, 0.35);
	solid(a, hex(0xc9965f));
	cup(a, -2, -7, 5.4, 0.36, a->p.paper, hex(0x8a5230));
	steam(a, -2, -9, 0.6);
	pop(a);
	pop(a);
	if (a->view == WIDE)
		plant_pot(a, a->w * 0.08, base + 22, 32 * a->s, a->p.paper, pick(a, 4));
	lamp_string(a, a->cx - 52 * a->s, base - 70 * a->s, a->cx + 52 * a->s, base - 70 * a->s, 5,
		10, 0.8);
	sunbeams(a, a->tod == NIGHT ? 0.05 : 0.26);
}

static void living_room(struct art *a)
{
	double base = a->cy + 26 * a->s;
	struct rgb seat = pick(a, 2) ? a->p.mid : a->p.pop;

	wall(a, a->tod == NIGHT ? mix(a->p.deep, a->p.mid, 0.4) : mix(a->p.light, a->p.paper, 0.5));
	floor_boards(a, base - 8, mix(hex(0xb98a60), a->p.mid, 0.15));
	push(a, a->cx, base, a->s, 0);
	if (a->view == WIDE)
		window_view(a, -46, -74, 46, 52, hex(0xf6ebd9));
	else
		for (int i = 0; i < 3; i++)
			picture_frame(a, -38 + i * 20, -66 + (i % 2) * 7, 15 + (i == 1) * 3, 19,
				i % 2 ? hex(0xb98a5e) : a->p.deep);
	rug(a, 0, 16, 54, 12, mix(seat, a->p.light, 0.4));
	contact(a, -4, 3, 46, 5, 0.5);
	box(a, -44, -32, 66, 32, 7);
	solid(a, shade(seat, -0.1));
	for (int i = 0; i < 2; i++) {
		box(a, -40 + i * 29.4, -20, 28.6, 13, 3.4);
		solid(a, shade(seat, 0.1));
	}
	for (int i = 0; i < 2; i++) {
		box(a, -49 + i * 66, -24, 10, 24, 4.6);
		solid(a, seat);
	}
	for (int i = 0; i < 4; i++)
		rect(a, -44 + i * 19, 0, 2, 4);
	flat(a, hex(0x6a4434), 1);
	cushion(a, -31, -25, 14, -0.14, a->p.light);
	cushion(a, 8, -25, 14, 0.16, mix(a->p.deep, a->p.mid, 0.3));
	line_to(a, 36, 4, 38, -52);
	stroke(a, hex(0x6a4a3a), 1.2, 1);
	push(a, 38, 2, 1, 0);
	table_lamp(a, 0, 0, 62, a->p.light);
	pop(a);
	plant_pot(a, 51, 8, 34, a->p.paper, pick(a, 4));
	contact(a, -6, 22, 26, 4, 0.5);
	for (int i = -1; i <= 1; i += 2)
		line_to(a, -6 + i * 14, 14, -6 + i * 17, 24);
	stroke(a, hex(0x7a5238), 1.8, 1);
	oval(a, -6, 12, 24, 6);
	solid(a, hex(0xc4935f));
	vase(a, -14, 12, 19, mix(a->p.paper, a->p.light, 0.3), a->p.pop);
	cup(a, 4, 6, 4.4, 0.36, a->p.paper, hex(0x8a5230));
	for (int i = 0; i < 2; i++) {
		box(a, -4 + i, 13 - i * 2, 13, 2, 0.4);
		lit(a, any(a));
	}
	pop(a);
	if (a->view == CLOSE)
		pendant_lamp(a, a->cx + 10, base - 66 * a->s, 11 * a->s, a->p.pop);
	sunbeams(a, a->tod == NIGHT ? 0.06 : 0.24);
}

static void crop(struct art *a, double x, double y, double s, int kind)
{
	push(a, x, y, s, 0);
	contact(a, 0.6, 0.6, 5, 1.2, 0.4);
	switch (kind % 4) {
	case 0:
		for (int i = 0; i < 9; i++) {
			double t = -M_PI + 0.2 + i * 0.34;

			leaf(a, 0, 0, 6.4, 2.6, t, vary(a, hex(0x86b552), 0.2));
		}
		blob(a, 0, -2.4, 3.2, 2.8, 0.08, 9);
		solid(a, hex(0xb5d078));
		break;
	case 1:
		line_to(a, 0, 1, 0, -17);
		stroke(a, hex(0xb98a5c), 0.6, 1);
		for (int i = 0; i < 9; i++)
			leaf(a, 0, -2 - i * 1.7, 5, 1.6, i % 2 ? 0.4 : M_PI - 0.4,
				vary(a, hex(0x4f8a48), 0.2));
		for (int i = 0; i < 5; i++) {
			oval(a, rnd(a, -3.4, 3.4), -3 - i * 2.8, 1.7, 1.6);
			solid(a, i % 3 == 2 ? hex(0xf0a33c) : hex(0xd9392c));
		}
		break;
	case 2:
		for (int i = 0; i < 7; i++)
			leaf(a, 0, 0.2, rnd(a, 6, 9), 0.8, -M_PI_2 + (i - 3) * 0.26,
				vary(a, hex(0x5f9a4c), 0.2));
		oval(a, 0, 0.5, 1.7, 1.1);
		lit(a, hex(0xee8636));
		break;
	default:
		for (int i = 0; i < 6; i++)
			leaf(a, 0, 0, 7.4, 2.8, -M_PI + 0.3 + i * 0.5, vary(a, hex(0x5d8f4e), 0.2));
		oval(a, 2, -0.6, 4, 2.9);
		solid(a, hex(0xe98f2f));
		for (int i = -1; i <= 1; i++)
			wedge(a, 2, -0.6, 1.2 + 0.8 * abs(i), 2.7, M_PI_2, 3 * M_PI_2);
		stroke(a, hex(0xb5601c), 0.35, 0.6);
	}
	pop(a);
}

static void vegetable_garden(struct art *a)
{
	double hy = a->horizon;
	int kind = pick(a, 4), rows = a->view == CLOSE ? 4 : 6;
	struct rgb green;

	if (a->tod == NIGHT)
		a->tod = MORNING;
	if (a->season == WINTER)
		a->season = SUMMER;
	sky(a, hy);
	sun(a, a->w * 0.75, hy * 0.5, 5);
	clouds(a, 4, hy * 0.7, 4);
	green = meadow(a);
	ridge(a, hy - 3, 6, 7, mix(green, sky_low(a), 0.4), mix(green, sky_low(a), 0.2));
	for (int i = 0; i < 7; i++)
		foliage(a, a->w * i / 6.0, hy + 2, rnd(a, 6, 12), leaf_colour(a));
	if (a->view != CLOSE) {
		double x = a->w * 0.1, w = 26 * a->s, h = 17 * a->s;

		rect(a, x, hy + 5 - h, w, h);
		lit(a, day_colour(a, mix(a->p.pop, a->p.paper, 0.15)));
		POLY(a, x - 3, hy + 6 - h, x + w / 2, hy - 4 - h, x + w + 3, hy + 6 - h);
		lit(a, day_colour(a, hex(0x6a5a58)));
		box(a, x + w * 0.36, hy + 5 - h * 0.66, w * 0.28, h * 0.66, 0.4);
		flat(a, hex(0x5f4034), 1);
	}
	for (double x = -2; x < a->w + 4; x += 5) {
		POLY(a, x, hy + 8, x, hy - 2, x + 1.4, hy - 4, x + 2.8, hy - 2, x + 2.8, hy + 8);
		lit(a, day_colour(a, hex(0xf7eedd)));
	}
	rect(a, -60, hy + 6, a->w + 120, a->h);
	down(a, green, shade(green, -0.25));
	for (int r = 0; r < rows; r++) {
		double t = (r + 0.4) / rows, y = hy + 9 + (a->h - hy - 4) * t * t * 0.98,
		       s = (0.5 + 1.5 * t) * a->s;
		struct rgb soil = day_colour(a, hex(0x7a5138));

		SHAPE(a, -30, y, a->w * 0.5, y - 2.4 * s, a->w + 30, y, a->w + 30, y + 4 * s,
			a->w * 0.5, y + 4.6 * s, -30, y + 4 * s);
		down(a, shade(soil, 0.2), shade(soil, -0.25));
		for (double x = -3 + (r % 2) * 5 * s; x < a->w + 6; x += 11 * s)
			crop(a, x, y + 1, s, kind);
		kind++;
	}
	person(a, a->w * 0.72, a->h * 0.86, (a->view == CLOSE ? 40 : 28) * a->s, a->p.pop, 0.14);
	push(a, a->w * 0.72 + 1, a->h * 0.86 - (a->view == CLOSE ? 40 : 28) * a->s * 0.98,
		(a->view == CLOSE ? 1.4 : 1) * a->s, 0);
	oval(a, 0, 1, 6.4, 1.8);
	lit(a, hex(0xe9c57c));
	wedge(a, 0, 0.6, 3.2, 3, M_PI, 2 * M_PI);
	lit(a, hex(0xf0d190));
	pop(a);
	push(a, a->w * 0.3, a->h * 0.97, a->s * 1.3, 0);
	contact(a, 1, 0, 13, 2.4, 0.5);
	for (int i = 0; i < 6; i++) {
		oval(a, -8 + i * 3.2, -10 - (i % 2) * 1.6, 3.2, 3);
		solid(a, hex((const unsigned[]){0xd9412c, 0xee8f36, 0x86b552}[i % 3]));
	}
	POLY(a, -12, -9, 12, -9, 9.6, 0, -9.6, 0);
	lit(a, hex(0xc9965c));
	for (int i = 0; i < 2; i++)
		line_to(a, -11 + i, -6 + i * 3, 11 - i, -6 + i * 3);
	stroke(a, hex(0x94683c), 0.6, 0.9);
	pop(a);
}

const struct scene home_scenes[] = {
	{"balcony_plants", balcony_plants, SCENE_LEVEL},
	{"small_kitchen", small_kitchen, SCENE_LEVEL},
	{"wardrobe", wardrobe, SCENE_LEVEL},
	{"bedroom_window", bedroom_window, SCENE_LEVEL},
	{"living_room", living_room, SCENE_LEVEL},
	{"vegetable_garden", vegetable_garden, SCENE_LEVEL},
	{NULL, NULL, 0},
};
