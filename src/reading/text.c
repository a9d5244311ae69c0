// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A text as paragraphs of pieces. Punctuation goes with the word beside it, as no line begins with a full stop.
#include "reading/private.h"

static const char opening[] = "（《〈「『【〔“‘([{";
static const char closing[] = "，。、；：？！）》〉」』】〕”’…—～·,.;:?!)]}%~";

struct reader {
	struct ctx *ctx;
	const struct note *note;
	const struct leads *leads;
	int *left;
	LIST(struct passage_view) passages;
	LIST(struct piece_view) pieces; // of the passage that is open
	ptrdiff_t ends;                 // line ends not yet written
};

url url_of_word(struct arena *mem, str word)
{
	return url_fmt(mem, "/word/%.*s", STR_ARGS(url_escape(mem, word)));
}

str first_meaning(str gloss)
{
	int depth = 0;
	for (ptrdiff_t i = 0; i < gloss.n; i++) {
		depth += (gloss.p[i] == '(') - (gloss.p[i] == ')');
		if (gloss.p[i] == ';' && depth == 0 && i)
			return str_sub(gloss, 0, i);
	}
	return gloss;
}

static void end_passage(struct reader *r)
{
	if (r->pieces.n)
		list_push(r->ctx->mem, &r->passages,
			(struct passage_view){r->pieces.at, r->pieces.n});
	r->pieces.at = NULL;
	r->pieces.n = r->pieces.cap = 0;
}

// One line end is a break, more are a new paragraph.
static void add(struct reader *r, struct piece_view piece)
{
	if (r->ends > 1)
		end_passage(r);
	else if (r->ends && r->pieces.n)
		list_push(r->ctx->mem, &r->pieces, (struct piece_view){.kind = PIECE_BREAK});
	r->ends = 0;
	list_push(r->ctx->mem, &r->pieces, piece);
}

static bool is_of(const char *set, str text, ptrdiff_t from, ptrdiff_t to)
{
	return str_find(str_from(set), str_sub(text, from, to)) >= 0;
}

// How much of the text's beginning closes what stands before it.
static ptrdiff_t closes(str text)
{
	ptrdiff_t at = 0;
	for (ptrdiff_t next = 0; next < text.n; at = next) {
		(void)utf8_next(text, &next);
		if (!is_of(closing, text, at, next))
			break;
	}
	return at;
}

// How much of it is left before what opens the next word.
static ptrdiff_t opens_at(str text)
{
	ptrdiff_t at = text.n;
	for (ptrdiff_t before = text.n; before > 0; at = before) {
		(void)utf8_before(text, &before);
		if (!is_of(opening, text, before, at))
			break;
	}
	return at;
}

static struct piece_view *last_of(struct reader *r)
{
	return r->pieces.n && !r->ends ? &r->pieces.at[r->pieces.n - 1] : NULL;
}

static void add_line(struct reader *r, str line)
{
	struct piece_view *last = last_of(r);
	if (last && last->kind == PIECE_WORD) {
		str tail = str_sub(line, 0, closes(line));
		last->tail = (str){last->tail.n ? last->tail.p : tail.p, last->tail.n + tail.n};
		line = str_skip(line, tail.n);
	}
	if (!line.n)
		return;
	last = last_of(r);
	if (last && last->kind == PIECE_PLAIN && last->text.p + last->text.n == line.p)
		last->text.n += line.n;
	else
		add(r, (struct piece_view){.kind = PIECE_PLAIN, .text = line});
}

static void add_plain(struct reader *r, str text)
{
	while (text.n) {
		ptrdiff_t to = str_find_char(text, '\n');
		add_line(r, str_sub(text, 0, to));
		r->ends += to >= 0;
		text = to < 0 ? (str){0} : str_skip(text, to + 1);
	}
}

static str opening_before(struct reader *r)
{
	struct piece_view *last = last_of(r);
	if (!last || last->kind != PIECE_PLAIN)
		return (str){0};
	str text = last->text;
	ptrdiff_t at = opens_at(text);
	last->text = str_sub(text, 0, at);
	if (!last->text.n)
		r->pieces.n--;
	return str_skip(text, at);
}

static void add_word(struct reader *r, const struct gloss *g)
{
	struct arena *mem = r->ctx->mem;
	struct piece_view piece = {.kind = PIECE_WORD,
		.head = opening_before(r),
		.text = g->text,
		.pinyin = pinyin_marked(mem, g->entry.pinyin),
		.gloss = first_meaning(g->gloss),
		.address = url_of_word(mem, g->text)};
	if (str_ieq(piece.pinyin, piece.text))
		piece.pinyin = (str){0};
	add(r, piece);
}

static void add_text(struct reader *r, str text)
{
	struct gloss *words;
	const struct dictionary *d = language_dictionary(r->ctx->house);
	ptrdiff_t n = *r->left > 0 ? gloss_text(d, r->ctx->mem, text, &words) : 0, at = 0;
	for (ptrdiff_t i = 0; i<n && * r->left> 0; i++) {
		if (words[i].id) {
			add_word(r, &words[i]);
			--*r->left;
		} else {
			add_plain(r, words[i].text);
		}
		at += words[i].text.n;
	}
	add_plain(r, str_skip(text, at));
}

ptrdiff_t passages_of(struct ctx *ctx, const struct note *note, const struct leads *leads, str text,
	int *left, struct passage_view **out)
{
	struct reader r = {.ctx = ctx, .note = note, .leads = leads, .left = left};
	struct text_part part;
	for (ptrdiff_t at = 0; text_next(text, &at, &part);) {
		if (part.kind == TEXT_PLAIN)
			add_text(&r, part.all);
		else
			add(&r, (struct piece_view){.kind = PIECE_PART,
					.part = people_part(ctx->mem, &part, note->id, leads)});
	}
	end_passage(&r);
	*out = r.passages.at;
	return r.passages.n;
}
