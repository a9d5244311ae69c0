// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writing HTML safely. Four types carry what is known about a text: `str` is anything and gets
// escaped, `html` is safe as it stands, `url` is an address that was checked, `srcset` a list of
// them. Pages are .html files compiled by tools/pagegen.py to functions that write into a
// `struct out`; what a slot may hold is decided by these types, at compile time.
#pragma once

#include "base/base.h"
#include "unicode/unicode.h"
#include "words/words.h"

typedef struct html {
	str s;
} html;
// Safe HTML from a literal.
#define HTML(lit) ((html){S(lit)})
html html_escape(struct arena *, str);

// --- addresses ----------------------------------------------------------------------------------

// http://…, https://…, mailto:…, or a path of this site: one '/' at the start, not two. No white
// space, control characters, double quotes or backslashes inside; apostrophes stand in paths and are
// escaped where they are written.
typedef struct url {
	str s;
} url;
bool url_from(str s, url *out); // false when it is none of the above; borrows s
// A path from our own format; text in it must have gone through url_escape. Ends the program when
// the result is no url: url_fmt(mem, "/note/%lld", id).
url url_fmt(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
// One path segment or query value, percent-encoded.
str url_escape(struct arena *, str);
// Adds ?name=value or &name=value before a fragment.
url url_query(struct arena *, url, const char *name, str value);
bool url_none(url);

// The candidates of one picture, for srcset attributes.
typedef struct srcset {
	str s;
} srcset;
srcset srcset_add(struct arena *, srcset, url, int width);

// --- what people wrote --------------------------------------------------------------------------

// Where the topics and mentions of a text lead. A callback may be NULL or answer (url){0}: then the
// name stays plain text.
struct html_links {
	url (*topic)(struct arena *, str name, void *arg); // the name as written, without #
	// Without @. *shown is what is written, and may be changed to what stands there instead.
	url (*mention)(struct arena *, str name, str *shown, void *arg);
	void *arg;
};
// A note's or comment's text as paragraphs and line breaks, with topics, mentions and http(s)
// links as <a>; unicode.h says what these are. Each paragraph finds its own direction, links are
// read from left to right. `links` may be NULL.
html html_text(struct arena *, str text, const struct html_links *links);
// A topic, mention or link alone, without a paragraph around it; plain text is escaped.
html html_text_part(struct arena *, const struct text_part *, const struct html_links *links);

// --- writing a page -----------------------------------------------------------------------------

// A text that is written once for many, with gaps where what differs by reader goes each time it is used.
#define GAPS_MOST 6
struct gap {
	int32_t at;   // bytes of the text before it
	int32_t name; // of an enum of the page that has it
};
struct gapped {
	str text;
	struct gap gaps[GAPS_MOST]; // rising
	int n_gaps;
};

struct out {
	struct sb sb;
	struct ctx *ctx; // may be NULL where a page needs none
	int locale;
	const void *frame; // of the room that owns the pages
	struct gap gaps[GAPS_MOST];
	int n_gaps;
};
struct out out_new(struct ctx *, int locale, ptrdiff_t room); // writes into ctx->mem
html out_done(const struct out *); // borrows the builder's bytes; of what has no gaps
// The same of what may have some, and how it is used: `fill` writes what goes into a gap.
struct gapped out_done_gapped(const struct out *);
void out_gapped(struct out *, const struct gapped *,
	void (*fill)(struct out *, int name, void *arg), void *arg);
void out_gap(struct out *, int name); // what {~NAME} writes

static inline void out_bytes(struct out *o, const char *p, ptrdiff_t n)
{
	char *to = o->sb.cap - o->sb.n >= n ? o->sb.p + o->sb.n : sb_room(&o->sb, n);
	__builtin_memcpy(to, p, (size_t)n);
	o->sb.n += n;
}
#define out_lit(o, lit) out_bytes((o), "" lit, (ptrdiff_t)sizeof(lit) - 1)

void out_str(struct out *, str); // escaped, fit for text and quoted attributes
void out_int(struct out *, int64_t);
void out_uint(struct out *, uint64_t);
void out_lang(struct out *, lang);
static inline void out_html(struct out *o, html h)
{
	if (h.s.n)
		out_bytes(o, h.s.p, h.s.n);
}
static inline void out_url(struct out *o, url u)
{
	out_str(o, u.s);
}
static inline void out_srcset(struct out *o, srcset set)
{
	out_str(o, set.s);
}
#define X(name) \
	static inline void out_##name(struct out *o, name id) \
	{ \
		out_int(o, id.v); \
	}
ID_TYPES(X)
#undef X

// What a slot {expression} in text or in an ordinary attribute writes; char * and bool have no
// case and do not compile.
#define OUT_ID_CASE(name) \
	name: \
	out_##name,
#define out_value(o, value) \
	_Generic((value), ID_TYPES(OUT_ID_CASE) str \
		 : out_str, html \
		 : out_html, url \
		 : out_url, lang \
		 : out_lang, short \
		 : out_int, unsigned short \
		 : out_uint, int \
		 : out_int, unsigned \
		 : out_uint, long \
		 : out_int, unsigned long \
		 : out_uint, long long \
		 : out_int, unsigned long long \
		 : out_uint)((o), (value))

// Words. A word's own text is safe; {s} and {s2} take a str (escaped) or an html (as it is).
static inline void out_word(struct out *o, int word)
{
	out_html(o, (html){word_get(o->locale, word)});
}
struct out_arg {
	str s;
	bool safe;
};
static inline struct out_arg out_arg_str(str s)
{
	return (struct out_arg){s, false};
}
static inline struct out_arg out_arg_html(html h)
{
	return (struct out_arg){h.s, true};
}
#define OUT_ARG(value) _Generic((value), str : out_arg_str, html : out_arg_html)(value)
void out_word_args(struct out *, int word, int64_t n, struct out_arg s, struct out_arg s2);
