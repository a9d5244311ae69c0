// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What pages write through. Escaping copies runs between the five characters that mean something in
// HTML, so that plain text costs one look per byte and one copy.
#include "html/html.h"

#include <string.h>

static const char *const entities[256] = {
	['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

static void escape(struct sb *sb, str s)
{
	ptrdiff_t from = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		const char *entity = entities[(unsigned char)s.p[i]];
		if (!entity)
			continue;
		sb_add(sb, str_sub(s, from, i));
		sb_add(sb, str_from(entity));
		from = i + 1;
	}
	sb_add(sb, str_skip(s, from));
}

html html_escape(struct arena *mem, str s)
{
	struct sb sb = sb_new(mem, s.n + s.n / 8);
	escape(&sb, s);
	return (html){sb_str(&sb)};
}

struct out out_new(struct ctx *ctx, int locale, ptrdiff_t room)
{
	return (struct out){.sb = sb_new(ctx->mem, room), .ctx = ctx, .locale = locale};
}

html out_done(const struct out *o)
{
	must(!o->n_gaps);
	return (html){sb_str(&o->sb)};
}

void out_gap(struct out *o, int name)
{
	must(o->n_gaps < GAPS_MOST);
	o->gaps[o->n_gaps++] = (struct gap){(int32_t)o->sb.n, name};
}

struct gapped out_done_gapped(const struct out *o)
{
	struct gapped g = {.text = sb_str(&o->sb), .n_gaps = o->n_gaps};
	memcpy(g.gaps, o->gaps, sizeof g.gaps);
	return g;
}

void out_gapped(struct out *o, const struct gapped *g,
	void (*fill)(struct out *, int name, void *arg), void *arg)
{
	ptrdiff_t at = 0;
	for (int i = 0; i < g->n_gaps; i++) {
		out_bytes(o, g->text.p + at, g->gaps[i].at - at);
		fill(o, g->gaps[i].name, arg);
		at = g->gaps[i].at;
	}
	out_bytes(o, g->text.p + at, g->text.n - at);
}

void out_str(struct out *o, str s)
{
	escape(&o->sb, s);
}

void out_uint(struct out *o, uint64_t v)
{
	sb_uint(&o->sb, v);
}

void out_int(struct out *o, int64_t v)
{
	sb_int(&o->sb, v);
}

void out_lang(struct out *o, lang l)
{
	out_str(o, lang_str(&l));
}

// What comes next in a word that began at `from`.
static str met(struct out *o, ptrdiff_t from, str right)
{
	str left = str_skip(sb_str(&o->sb), from);
	word_meet(&left, &right);
	o->sb.n = from + left.n;
	return right;
}

static void arg(struct out *o, ptrdiff_t from, struct out_arg a)
{
	str text = met(o, from, a.s);
	if (a.safe)
		out_html(o, (html){text});
	else
		out_str(o, text);
}

void out_word_args(struct out *o, int word, int64_t n, struct out_arg s, struct out_arg s2)
{
	str form = word_form(o->locale, word, n);
	ptrdiff_t from = o->sb.n;
	while (form.n) {
		char what;
		out_html(o, (html){met(o, from, word_next(&form, &what))});
		if (what == 'n')
			out_html(o, (html){words_number(o->sb.mem, o->locale, n)});
		else if (what == 'c')
			out_html(o, (html){words_count(o->sb.mem, o->locale, n)});
		else if (what)
			arg(o, from, what == 's' ? s : s2);
	}
}
