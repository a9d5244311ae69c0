// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Rendering cards and laying them out. A card is written without the like button, which differs by
// viewer, and with a lazy picture; both are set right where a card is put on a page.
#include "web/card.h"

#include "unicode/unicode.h"
#include "web/card_cache.h"
#include "web/pages.h"
#include "web/private.h"

#define TITLE_WORDS 40
#define EXCERPT 280
#define PAPERS 6
#define LAZY S("loading=\"lazy\"")
#define NOT_PRESSED S("value=\"1\" aria-pressed=\"false\"")

// Width of a text as the styles count it: Han and the like are twice as wide as Latin.
static int width_of(str s, int most)
{
	int width = 0;
	for (ptrdiff_t at = 0; at < s.n && width <= most;)
		width += utf8_next(s, &at) >= 0x2e80 ? 2 : 1;
	return width;
}

static str lines_of(str title)
{
	int width = width_of(title, 30);
	return !width        ? S("lines-0")
	       : width <= 22 ? S("lines-1")
	       : width <= 26 ? S("lines-m")
			     : S("lines-2");
}

static str ratio_class(enum ratio r)
{
	static const str classes[] = {STR_INIT("ratio-3x4"), STR_INIT("ratio-3x4"),
		STR_INIT("ratio-1x1"), STR_INIT("ratio-4x3")};
	return classes[r];
}

str average_class(struct arena *mem, uint32_t rgb)
{
	return str_fmt(
		mem, "avg avg-r%x avg-g%x avg-b%x", rgb >> 20 & 15, rgb >> 12 & 15, rgb >> 4 & 15);
}

// Spread by Fibonacci hashing: notes brought from elsewhere have times in whole seconds or days, and
// would all be of one colour by their remainder.
int paper_of(note_id id)
{
	return (int)(((uint64_t)id.v * 0x9e3779b97f4a7c15 >> 32) % PAPERS) + 1;
}

static void words_part(struct ctx *ctx, const struct note *note, struct card_view *v)
{
	str text = note->body.n ? note->body : note->title;
	int width = width_of(text, 200);
	v->words = true;
	v->excerpt = unicode_excerpt(ctx->mem, text, EXCERPT);
	v->words_class = width < 70 ? S("words-short") : width > 190 ? S("words-long") : S("");
	v->ratio = width < 70 ? S("ratio-1x1") : S("ratio-3x4");
	v->paper = paper_of(note->id);
}

static void picture_part(struct ctx *ctx, const struct card *c, struct card_view *v)
{
	static const int heights[] = {720, 720, 540, 405};
	url u;
	v->ratio = ratio_class(c->note.ratio);
	v->moving = c->cover->moving > 0;
	v->width = 540;
	v->height = heights[c->note.ratio];
	if (url_from(picture_cover_src(ctx->mem, c->cover, 540), &u))
		v->src = u;
	v->set = (srcset){picture_cover_srcset(ctx->mem, c->cover)};
	v->alt = c->cover->alt;
	v->average = average_class(ctx->mem, c->cover->colour);
	v->pictures = c->note.pictures;
	v->sensitive = c->note.sensitive;
}

struct card_view card_view(struct ctx *ctx, const struct card *c)
{
	const struct note *note = &c->note;
	struct card_view v = {
		.id = note->id,
		.address = url_of_note(ctx->mem, note->id),
		.title = note->title.n ? note->title
				       : unicode_excerpt(ctx->mem, note->body, TITLE_WORDS),
		.lang = note->language,
		.author = c->author->display,
		.author_url = url_of_person(ctx->mem, c->author->name),
		.avatar = url_of_face(ctx->mem, c->author->id, c->author->avatar, 96),
		.like_action = url_fmt(ctx->mem, "/note/%lld/like", (long long)note->id.v),
	};
	if (!v.title.n)
		v.title = word_get(ctx->viewer.locale, W_note_title);
	v.lines = lines_of(v.title);
	if (c->cover)
		picture_part(ctx, c, &v);
	else
		words_part(ctx, note, &v);
	return v;
}

struct written_card card_write_view(struct ctx *ctx, struct card_view *v)
{
	struct out o = out_new(ctx, ctx->viewer.locale, 2048);
	card(&o, v);
	str text = out_done(&o).s;
	// What people wrote is escaped, so the first attributes of these forms are the card's own.
	return (struct written_card){.text = text,
		.pressed_at = str_find(text, NOT_PRESSED),
		.count_at = v->count_at,
		.lazy_at = v->words ? -1 : str_find(text, LAZY)};
}

struct written_card card_write(struct ctx *ctx, const struct card *c)
{
	struct card_view v = card_view(ctx, c);
	struct written_card w = card_write_view(ctx, &v);
	w.author = c->author->id;
	w.likes = c->note.likes;
	return w;
}

// Only what everybody may see is kept.
static bool for_all(const struct card *c)
{
	return c->note.visibility == VIS_PUBLIC && c->author->standing == STANDING_GOOD;
}

static err write_missing(struct ctx *ctx, const note_id *ids, ptrdiff_t n,
	struct written_card *written, ptrdiff_t n_missing, uint64_t moment)
{
	struct card *loaded;
	ptrdiff_t n_loaded, asked = 0;
	note_id *missing = NEW_N(ctx->mem, note_id, n_missing);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!written[i].text.p)
			missing[asked++] = ids[i];
	TRY(notes_cards(ctx, missing, asked, &loaded, &n_loaded));
	for (ptrdiff_t k = 0; k < n_loaded; k++) {
		struct written_card w = card_write(ctx, &loaded[k]);
		for (ptrdiff_t i = 0; i < n; i++)
			if (ids[i].v == loaded[k].note.id.v)
				written[i] = w;
		if (for_all(&loaded[k]))
			cards_keep(ctx, loaded[k].note.id, &w, moment);
	}
	return OK;
}

err deck_load(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool eager, str csrf, struct deck *out)
{
	struct deck d = {.csrf = csrf, .eager = eager ? DECK_EAGER : 0};
	struct written_card *written = NEW_N(ctx->mem, struct written_card, n);
	note_id *shown = NEW_N(ctx->mem, note_id, n);
	bool *liked = NEW_N(ctx->mem, bool, n);
	uint64_t moment;
	ptrdiff_t n_missing = cards_find(ctx, ids, n, written, &moment);
	if (n_missing)
		TRY(write_missing(ctx, ids, n, written, n_missing, moment));
	d.at = NEW_N(ctx->mem, struct deck_card, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!written[i].text.p)
			continue;
		shown[d.n] = ids[i];
		d.at[d.n++] = (struct deck_card){.id = ids[i], .card = written[i]};
	}
	TRY(likes_among(ctx, shown, d.n, liked));
	for (ptrdiff_t i = 0; i < d.n; i++)
		d.at[i].liked = liked[i];
	*out = d;
	return OK;
}

void deck_shows(struct ctx *ctx, const struct deck *d, struct kept_page *page)
{
	for (ptrdiff_t i = 0; i < d->n; i++) {
		kept_shows(ctx, page, d->at[i].id.v);
		kept_shows(ctx, page, d->at[i].card.author.v);
	}
}

static void write_part(struct out *o, str s)
{
	out_bytes(o, s.p, s.n);
}

void deck_write(struct out *o, const struct deck *d, ptrdiff_t i)
{
	const struct written_card *c = &d->at[i].card;
	ptrdiff_t at = 0;
	if (c->lazy_at >= 0 && i < d->eager) {
		write_part(o, str_sub(c->text, 0, c->lazy_at));
		out_lit(o, "fetchpriority=\"high\"");
		at = c->lazy_at + LAZY.n;
	}
	if (d->at[i].liked) {
		write_part(o, str_sub(c->text, at, c->pressed_at));
		out_lit(o, "value=\"0\" aria-pressed=\"true\"");
		at = c->pressed_at + NOT_PRESSED.n;
	}
	write_part(o, str_sub(c->text, at, c->count_at));
	like_count(o, c->likes);
	write_part(o, str_skip(c->text, c->count_at));
}
