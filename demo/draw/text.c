/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Lettering through Pango. A headline is cut into tokens (a Han character, a Latin word), and the cut
 * into lines with the narrowest widest line wins; the size then follows from the room there is.
 * Text is laid out at 1/20 unit a step, since Pango rounds to whole steps.
 */
#include "text.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TOKENS = 64, MAX_LINES = 4 };
static const double fine = 0.05;

struct setting {
	const char *font;
	int lines;
	char line[MAX_LINES][192];
	double width[MAX_LINES]; /* at size 1 */
	double size;
};

static PangoLayout *layout_of(struct art *a, const char *font, double size, const char *text)
{
	PangoLayout *layout = pango_cairo_create_layout(a->cr);
	PangoFontDescription *d = pango_font_description_from_string(font);

	pango_context_set_round_glyph_positions(pango_layout_get_context(layout), FALSE);
	pango_font_description_set_absolute_size(d, size / fine * PANGO_SCALE);
	pango_layout_set_font_description(layout, d);
	pango_font_description_free(d);
	pango_layout_set_text(layout, text, -1);
	return layout;
}

static double measure(struct art *a, const char *font, const char *text)
{
	PangoLayout *layout;
	int w, h;

	cairo_save(a->cr);
	cairo_scale(a->cr, fine, fine);
	layout = layout_of(a, font, 1, text);
	pango_layout_get_size(layout, &w, &h);
	g_object_unref(layout);
	cairo_restore(a->cr);
	return w * fine / PANGO_SCALE;
}

/* Centred on x, with the middle of the letters' body at y. */
static void put(struct art *a, double x, double y, double size, const char *font, const char *text,
	bool path)
{
	PangoLayout *layout;
	int w, h;

	cairo_save(a->cr);
	cairo_translate(a->cr, x, y);
	cairo_scale(a->cr, fine, fine);
	layout = layout_of(a, font, size, text);
	pango_layout_get_size(layout, &w, &h);
	cairo_move_to(a->cr, -w / 2.0 / PANGO_SCALE,
		size / fine * 0.36 - pango_layout_get_baseline(layout) / (double)PANGO_SCALE);
	if (path)
		pango_cairo_layout_path(a->cr, layout);
	else
		pango_cairo_show_layout(a->cr, layout);
	cairo_restore(a->cr);
	g_object_unref(layout);
}

void letters(struct art *a, double x, double y, double size, const char *font, const char *text,
	struct rgb c, double alpha)
{
	cairo_new_path(a->cr);
	cairo_set_source_rgba(a->cr, c.r, c.g, c.b, alpha);
	put(a, x, y, size, font, text, false);
	cairo_new_path(a->cr);
}

double headline_height(double w, double h)
{
	return h > w * 1.2 ? 38 : w > h * 1.2 ? 30 : 32;
}

static bool wide_char(gunichar c)
{
	return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0xff00 && c <= 0xffef) || c >= 0x20000 || (c >= 0x3000 && c <= 0x30ff);
}

static bool closes(gunichar c)
{
	return c && g_utf8_strchr("，。！？：；、）》」』”’…～,.!?:;)%％ー〜·・", -1, c);
}

static bool opens(gunichar c)
{
	return c && g_utf8_strchr("（《「『“‘(", -1, c);
}

/* Marks where a line may start; ease is the cost of cutting there, in ems. */
static int cut(const char *text, const char *at[MAX_TOKENS], double ease[MAX_TOKENS])
{
	gunichar before = 0, earlier = 0;
	int n = 0;

	for (const char *p = text; *p && n < MAX_TOKENS - 1; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		bool space = before == ' ' || before == 0x3000;
		bool may = !before || space || (wide_char(c) || wide_char(before));

		if (before && (closes(c) || opens(before) || c == ' '))
			may = false;
		if (may) {
			at[n] = p;
			if (!before || closes(before) || opens(c) || (space && closes(earlier)))
				ease[n++] = 0;
			else
				ease[n++] = space ? 0.3 : 0.55;
		}
		earlier = before;
		before = c;
	}
	at[n] = text + strlen(text);
	return n;
}

static void take(char *out, size_t size, const char *from, const char *to)
{
	size_t n = (size_t)(to - from);

	while (n && from[n - 1] == ' ')
		n--;
	if (n >= size)
		n = size - 1;
	memcpy(out, from, n);
	out[n] = '\0';
}

/* The cut into `lines` lines whose widest is narrowest; returns that width, fills first tokens. */
static double balance(
	const double *width, const double *ease, int n, int lines, int first[MAX_LINES + 1])
{
	double best[MAX_LINES + 1][MAX_TOKENS];
	int from[MAX_LINES + 1][MAX_TOKENS];

	for (int i = 0; i <= n; i++)
		best[0][i] = i ? 1e9 : 0;
	for (int l = 1; l <= lines; l++)
		for (int i = 0; i <= n; i++) {
			double sum = 0;

			best[l][i] = 1e9;
			from[l][i] = 0;
			for (int j = i - 1; j >= 0; j--) {
				double cost;

				sum += width[j];
				cost = fmax(best[l - 1][j], sum + (j ? ease[j] : 0)) +
				       (j ? ease[j] * 0.2 : 0);
				if (cost < best[l][i]) {
					best[l][i] = cost;
					from[l][i] = j;
				}
			}
		}
	for (int l = lines, i = n; l > 0; l--) {
		first[l] = i;
		i = from[l][i];
		first[l - 1] = i;
	}
	return best[lines][n];
}

static void compose(
	struct art *a, struct setting *s, const char *text, double w, double h, double cap)
{
	const char *at[MAX_TOKENS];
	double ease[MAX_TOKENS], width[MAX_TOKENS], score = 0;
	char piece[192];
	int n = cut(text, at, ease);

	for (int i = 0; i < n; i++) {
		take(piece, sizeof piece, at[i], at[i + 1]);
		width[i] = measure(a, s->font, piece) + (at[i + 1][-1] == ' ' ? 0.25 : 0);
	}
	s->lines = 0;
	for (int lines = 1; lines <= MAX_LINES && lines <= n; lines++) {
		int first[MAX_LINES + 1];
		double widest = balance(width, ease, n, lines, first), real = 0, size;

		if (widest > 1e8)
			continue;
		for (int l = 0; l < lines; l++) {
			take(piece, sizeof piece, at[first[l]], at[first[l + 1]]);
			real = fmax(real, measure(a, s->font, piece));
		}
		size = fmin(fmin(w / real, h / lines / 1.24), cap);
		if (size * (real / widest) * (1 - 0.03 * lines) > score) {
			score = size * (real / widest) * (1 - 0.03 * lines);
			s->size = size;
			s->lines = lines;
			for (int l = 0; l < lines; l++) {
				take(s->line[l], sizeof s->line[l], at[first[l]], at[first[l + 1]]);
				s->width[l] = measure(a, s->font, s->line[l]);
			}
		}
	}
}

static double line_y(const struct setting *s, double middle, int l)
{
	return middle + (l - (s->lines - 1) / 2.0) * s->size * 1.24;
}

static void sticker(struct art *a, struct setting *s, double middle)
{
	struct rgb white = hex(0xfffdf6), lemon = hex(0xffe36b);
	struct rgb body = chance(a, 0.35) ? lemon : white,
		   edge = chance(a, 0.5) ? a->p.deep : shade(a->p.pop, -0.12);
	double x = a->w / 2;

	cairo_set_line_join(a->cr, CAIRO_LINE_JOIN_ROUND);
	for (int pass = 0; pass < 3; pass++)
		for (int l = 0; l < s->lines; l++) {
			double y = line_y(s, middle, l);

			put(a, x + (pass ? 0 : s->size * 0.05), y + (pass ? 0 : s->size * 0.07),
				s->size, s->font, s->line[l], true);
			if (pass == 0)
				stroke(a, shade(edge, -0.5), s->size * 0.24, 0.5);
			else if (pass == 1)
				stroke(a, edge, s->size * 0.24, 1);
			else
				flat(a,
					s->lines > 1 && l == s->lines - 1 && body.b > 0.9 ? lemon
											  : body,
					1);
		}
}

static void label(struct art *a, struct setting *s, double middle)
{
	int coloured = s->lines > 1 ? pick(a, s->lines) : -1;

	for (int l = 0; l < s->lines; l++) {
		double y = line_y(s, middle, l), w = s->width[l] * s->size + s->size * 0.6;
		struct rgb paper = l == coloured ? a->p.pop : hex(0xfffaf0);
		double r = paper.r * 0.3 + paper.g * 0.6 + paper.b * 0.1;

		push(a, a->w / 2, y, 1, rnd(a, -0.022, 0.022));
		rect(a, -w / 2, -s->size * 0.6, w, s->size * 1.2);
		drop(a, 0.4, 0.9, 1.1, 0.4);
		fade(a, -w / 2, 0, w / 2, 0, shade(paper, 0.3), 1, shade(paper, -0.03), 1);
		letters(a, 0, 0, s->size, s->font, s->line[l], r > 0.62 ? a->p.deep : hex(0xfffaf0),
			1);
		pop(a);
	}
}

static void band(struct art *a, struct setting *s, double middle)
{
	double half = s->size * (0.62 * s->lines + 0.32);
	struct rgb c = chance(a, 0.5) ? a->p.deep : shade(a->p.pop, -0.08), ink = hex(0xfff7e6);

	rect(a, -5, middle - half, a->w + 10, 2 * half);
	drop(a, 0, 0.8, 1.2, 0.3);
	flat(a, c, 0.93);
	for (int i = -1; i <= 1; i += 2) {
		line_to(a, -5, middle + i * (half - 1.3), a->w + 5, middle + i * (half - 1.3));
		stroke(a, mix(ink, a->p.light, 0.5), 0.28, 0.8);
	}
	for (int l = 0; l < s->lines; l++)
		letters(a, a->w / 2, line_y(s, middle, l), s->size, s->font, s->line[l], ink, 1);
}

static void brushed(struct art *a, struct setting *s, double middle)
{
	struct rgb ink = hex(0xfffcf2);

	for (int l = 0; l < s->lines; l++) {
		double y = line_y(s, middle, l) + s->size * 0.3,
		       w = s->width[l] * s->size * 0.5 + s->size * 0.12;

		for (int i = 0; i < 3; i++) {
			double o = (i - 1) * s->size * 0.1;

			CURVE(a, a->w / 2 - w + rnd(a, -1, 2), y + o + rnd(a, 0, 0.8), a->w / 2,
				y + o - rnd(a, 0, 0.9), a->w / 2 + w + rnd(a, -2, 1.4),
				y + o + rnd(a, -0.8, 0.4));
			stroke(a, a->p.pop, s->size * 0.17, 0.85);
		}
	}
	for (int l = 0; l < s->lines; l++) {
		double y = line_y(s, middle, l);

		put(a, a->w / 2 + s->size * 0.02, y + s->size * 0.035, s->size, s->font, s->line[l],
			true);
		stroke(a, shade(a->p.deep, -0.3), s->size * 0.15, 0.55);
		put(a, a->w / 2, y, s->size, s->font, s->line[l], true);
		stroke(a, shade(a->p.deep, -0.1), s->size * 0.09, 0.95);
		put(a, a->w / 2, y, s->size, s->font, s->line[l], true);
		stroke(a, ink, s->size * 0.022, 1);
		letters(a, a->w / 2, y, s->size, s->font, s->line[l], ink, 1);
	}
}

static void magazine(struct art *a, struct setting *s, double middle, double y, double high)
{
	bool low = y > a->h / 4;
	struct rgb ink = hex(0xfff7e6), c = shade(a->p.deep, -0.25);
	double half = s->size * 0.62 * s->lines;

	rect(a, -5, low ? y - 12 : -5, a->w + 10, high + 17);
	if (low)
		fade(a, 0, y - 12, 0, y + high * 0.5, c, 0, c, 0.8);
	else
		fade(a, 0, y + high * 0.5, 0, y + high + 12, c, 0.8, c, 0);
	for (int l = 0; l < s->lines; l++) {
		put(a, a->w / 2, line_y(s, middle, l) + 0.3, s->size, s->font, s->line[l], true);
		stroke(a, c, 0.9, 0.5);
		letters(a, a->w / 2, line_y(s, middle, l), s->size, s->font, s->line[l], ink, 1);
	}
	for (int i = -1; i <= 1; i += 2) {
		double ry = middle + i * (half + 1.6);

		line_to(a, a->w / 2 - 12, ry, a->w / 2 - 1.6, ry);
		line_to(a, a->w / 2 + 1.6, ry, a->w / 2 + 12, ry);
		stroke(a, mix(ink, a->p.light, 0.5), 0.35, 0.9);
		oval(a, a->w / 2, ry, 0.55, 0.55);
		flat(a, a->p.pop, 1);
	}
}

enum script { LATIN, HAN, KANA, HANGUL, OTHER };

static enum script script_of(const char *text)
{
	enum script found = LATIN;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c >= 0x3040 && c <= 0x30ff)
			return KANA;
		if (c >= 0xac00 && c <= 0xd7a3)
			return HANGUL;
		if (c >= 0x4e00 && c <= 0x9fff)
			found = HAN;
		else if (c >= 0x100 && c < 0x2000 && found == LATIN)
			found = OTHER;
	}
	return found;
}

void headline(struct art *a, double y, double high, const char *text)
{
	static const char *const fonts[][3] = {
		/* sans, serif, handwriting */
		[LATIN] = {"Noto Sans CJK SC Bold", "Noto Serif Display, Noto Serif Bold",
			"Dancing Script Bold"},
		[HAN] = {"Noto Sans CJK SC Bold", "Noto Serif CJK SC Bold", "LXGW WenKai Bold"},
		[KANA] = {"Noto Sans CJK JP Bold", "Noto Serif CJK JP Bold",
			"Noto Serif CJK JP Bold"},
		[HANGUL] = {"Noto Sans CJK KR Bold", "Noto Serif CJK KR Bold",
			"Noto Sans CJK KR Bold"},
		[OTHER] = {"Noto Sans Bold", "Noto Serif Bold", "Noto Sans Bold"},
	};
	static const int face[] = {0, 0, 1, 2, 1}; /* by manner */
	static const double room[] = {0.86, 0.84, 0.86, 0.84, 0.84};
	int manner = pick(a, 5);
	double pad = 3, middle = y + high / 2 + (y < 1 ? 1.2 : -1.2);
	struct setting s = {.font = fonts[script_of(text)][face[manner]], .size = 10};

	compose(a, &s, text, fmin(a->w * room[manner], 150), high - 2 * pad - 1, high * 0.42);
	cairo_set_line_join(a->cr, CAIRO_LINE_JOIN_ROUND);
	switch (manner) {
	case 0:
		sticker(a, &s, middle);
		break;
	case 1:
		label(a, &s, middle);
		break;
	case 2:
		band(a, &s, middle);
		break;
	case 3:
		brushed(a, &s, middle);
		break;
	default:
		magazine(a, &s, middle, y, high);
	}
}
