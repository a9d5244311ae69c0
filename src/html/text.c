// SPDX-License-Identifier: AGPL-3.0-or-later
//
// People's text as HTML. Where topics, mentions and links are is said by unicode/'s scanner; here
// they become elements, and everything else is escaped.
#include "html/html.h"

#define SHOWN_MOST 40 // characters of an address

struct writer {
	struct out out;
	const struct html_links *links;
	bool open;      // a paragraph
	ptrdiff_t ends; // line ends not yet written
};

// A link shows its address without scheme: the host is never hidden, a long path is.
static void link_text(struct writer *w, str address)
{
	str shown = str_skip(address, str_find(address, S("://")) + 3);
	if (str_ends(shown, S("/")))
		shown = str_sub(shown, 0, shown.n - 1);
	ptrdiff_t host = 0;
	while (host < shown.n && str_find_char(S("/?#"), shown.p[host]) < 0)
		host++;
	if (shown.n <= MAX(SHOWN_MOST, host)) {
		out_str(&w->out, shown);
		return;
	}
	out_str(&w->out, str_sub(shown, 0, MAX(SHOWN_MOST - 1, host)));
	out_lit(&w->out, "…");
}

static url target(struct writer *w, const struct text_part *part)
{
	url to = {0};
	const struct html_links *links = w->links;
	if (part->kind == TEXT_LINK && !url_from(part->name, &to))
		return (url){0};
	if (part->kind == TEXT_TOPIC && links && links->topic)
		return links->topic(w->out.sb.mem, part->name, links->arg);
	if (part->kind == TEXT_MENTION && links && links->mention)
		return links->mention(w->out.sb.mem, part->name, links->arg);
	return to;
}

static void part_out(struct writer *w, const struct text_part *part)
{
	url to = target(w, part);
	if (url_none(to)) {
		out_str(&w->out, part->all);
		return;
	}
	if (part->kind == TEXT_LINK)
		out_lit(&w->out, "<a class=\"link\" rel=\"nofollow noopener ugc\" href=\"");
	else if (part->kind == TEXT_TOPIC)
		out_lit(&w->out, "<a class=\"topic\" href=\"");
	else
		out_lit(&w->out, "<a class=\"mention\" href=\"");
	out_url(&w->out, to);
	out_lit(&w->out, "\">");
	if (part->kind == TEXT_LINK)
		link_text(w, part->name);
	else
		out_str(&w->out, part->all);
	out_lit(&w->out, "</a>");
}

// Writes the line ends seen so far: one is a break, more are a new paragraph. None stands at a
// paragraph's start or end.
static void flow(struct writer *w)
{
	if (w->open && w->ends > 1)
		out_lit(&w->out, "</p>");
	if (!w->open || w->ends > 1)
		out_lit(&w->out, "<p dir=\"auto\">");
	else if (w->ends == 1)
		out_lit(&w->out, "<br>");
	w->open = true;
	w->ends = 0;
}

static void plain_out(struct writer *w, str text)
{
	while (text.n) {
		if (text.p[0] == '\n') {
			w->ends++;
			text = str_skip(text, 1);
			continue;
		}
		ptrdiff_t to = str_find_char(text, '\n');
		str line = str_sub(text, 0, to < 0 ? text.n : to);
		text = str_skip(text, line.n);
		if (w->ends && to >= 0 && !str_trim(line).n)
			continue; // white space alone on its line
		flow(w);
		out_str(&w->out, line);
	}
}

html html_text(struct arena *mem, str text, const struct html_links *links)
{
	struct writer w = {.out.sb = sb_new(mem, text.n + text.n / 4 + 64), .links = links};
	struct text_part part;
	text = str_trim(text);
	for (ptrdiff_t at = 0; text_next(text, &at, &part);) {
		if (part.kind == TEXT_PLAIN) {
			plain_out(&w, part.all);
		} else {
			flow(&w);
			part_out(&w, &part);
		}
	}
	if (w.open)
		out_lit(&w.out, "</p>");
	return out_done(&w.out);
}
