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

// A link shows its address without scheme: the host is never hidden or cut, a long path is. A host in
// letters of another direction stands apart from the path, so that neither is read as the other.
static void link_text(struct writer *w, const struct text_link *link)
{
	str rest = link->rest;
	if (str_ends(rest, S("/")))
		rest = str_sub(rest, 0, rest.n - 1);
	ptrdiff_t host = unicode_count(link->host), room = MAX(SHOWN_MOST - host, 1);
	out_lit(&w->out, "<bdi>");
	out_str(&w->out, link->host);
	out_lit(&w->out, "</bdi>");
	if (unicode_count(rest) <= room) {
		out_str(&w->out, rest);
		return;
	}
	out_str(&w->out, unicode_cut(rest, room - 1));
	out_lit(&w->out, "…");
}

static void link_out(struct writer *w, const struct text_part *part)
{
	struct text_link link;
	url to;
	text_link(w->out.sb.mem, part->name, &link);
	if (!url_from(link.href, &to)) {
		out_str(&w->out, part->all);
		return;
	}
	out_lit(&w->out, "<a class=\"link\" dir=\"ltr\" rel=\"nofollow noopener ugc\" href=\"");
	out_url(&w->out, to);
	out_lit(&w->out, "\">");
	link_text(w, &link);
	out_lit(&w->out, "</a>");
}

static url target(struct writer *w, const struct text_part *part, str *shown)
{
	const struct html_links *links = w->links;
	if (part->kind == TEXT_TOPIC && links && links->topic)
		return links->topic(w->out.sb.mem, part->name, links->arg);
	if (part->kind == TEXT_MENTION && links && links->mention)
		return links->mention(w->out.sb.mem, part->name, shown, links->arg);
	return (url){0};
}

static void name_out(struct writer *w, const struct text_part *part)
{
	str shown = part->all;
	url to = target(w, part, &shown);
	if (url_none(to)) {
		out_str(&w->out, part->all);
		return;
	}
	if (part->kind == TEXT_TOPIC)
		out_lit(&w->out, "<a class=\"topic\" href=\"");
	else
		out_lit(&w->out, "<a class=\"mention\" href=\"");
	out_url(&w->out, to);
	out_lit(&w->out, "\">");
	out_str(&w->out, shown);
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
			part.kind == TEXT_LINK ? link_out(&w, &part) : name_out(&w, &part);
		}
	}
	if (w.open)
		out_lit(&w.out, "</p>");
	return out_done(&w.out);
}

html html_text_part(struct arena *mem, const struct text_part *part, const struct html_links *links)
{
	struct writer w = {.out.sb = sb_new(mem, 128), .links = links};
	part->kind == TEXT_LINK ? link_out(&w, part) : name_out(&w, part);
	return out_done(&w.out);
}
