// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Rendering cards and laying them out.
#include "web/card.h"

#include "unicode/unicode.h"
#include "web/pages.h"
#include "web/private.h"

#define TITLE_WORDS 40
#define EXCERPT 280
#define PAPERS 6

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

static void picture_part(struct ctx *ctx, const struct shown_note *c, struct card_view *v)
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

struct card_view card_view(struct ctx *ctx, const struct shown_note *c)
{
	const struct note *note = &c->note;
	struct card_view v = {
		.id = note->id,
		.address = url_of_note(ctx->mem, note->id),
		.title = note->title.n ? note->title
				       : unicode_excerpt(ctx->mem, note->body, TITLE_WORDS),
		.lang = note->language,
		.author = c->author->display,
		.author_url = url_of_person(ctx->mem, c->author->name, c->author->host),
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

struct shown_text card_write_view(struct ctx *ctx, const struct card_view *v)
{
	struct out o = out_new(ctx, ctx->viewer.locale, 2048);
	card(&o, v);
	return (struct shown_text){.written = out_done_gapped(&o)};
}

struct shown_text card_write(struct ctx *ctx, const struct shown_note *c)
{
	struct card_view v = card_view(ctx, c);
	struct shown_text t = card_write_view(ctx, &v);
	t.author = c->author->id;
	t.likes = c->note.likes;
	return t;
}

static err write_missing(struct ctx *ctx, const note_id *ids, ptrdiff_t n, const note_id *missing,
	ptrdiff_t n_missing, struct shown_text *written, struct shown_moment moment)
{
	int variant = SHOWN_CARDS + ctx->viewer.locale;
	struct shown_note *loaded;
	ptrdiff_t n_loaded;
	TRY(shown_by_ids(ctx, missing, n_missing, SHOWN_COVER, &loaded, &n_loaded));
	for (ptrdiff_t k = 0; k < n_loaded; k++) {
		struct shown_text t = card_write(ctx, &loaded[k]);
		for (ptrdiff_t i = 0; i < n; i++)
			if (ids[i].v == loaded[k].note.id.v)
				written[i] = t;
		shown_keep(ctx, &loaded[k], variant, &t, moment);
	}
	return OK;
}

err deck_load(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool eager, str csrf, struct deck *out)
{
	struct deck d = {.csrf = csrf, .eager = eager ? DECK_EAGER : 0};
	struct shown_text *written = NEW_N(ctx->mem, struct shown_text, n);
	note_id *missing = NEW_N(ctx->mem, note_id, n), *shown = NEW_N(ctx->mem, note_id, n);
	bool *liked = NEW_N(ctx->mem, bool, n);
	ptrdiff_t n_missing;
	struct shown_moment moment;
	TRY(shown_texts(ctx, ids, n, SHOWN_CARDS + ctx->viewer.locale, written, missing, &n_missing,
		&moment));
	if (n_missing)
		TRY(write_missing(ctx, ids, n, missing, n_missing, written, moment));
	d.at = NEW_N(ctx->mem, struct deck_card, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!written[i].written.text.p)
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

struct filling {
	const struct deck_card *card;
	bool eager;
};

static void fill(struct out *o, int gap, void *arg)
{
	const struct filling *f = arg;
	switch ((enum card_gap)gap) {
	case CARD_LOADING:
		if (f->eager)
			out_lit(o, "fetchpriority=\"high\"");
		else
			out_lit(o, "loading=\"lazy\"");
		break;
	case CARD_PRESSED:
		if (f->card->liked)
			out_lit(o, "value=\"0\" aria-pressed=\"true\"");
		else
			out_lit(o, "value=\"1\" aria-pressed=\"false\"");
		break;
	case CARD_COUNT:
		like_count(o, f->card->card.likes);
		break;
	}
}

void deck_write(struct out *o, const struct deck *d, ptrdiff_t i)
{
	out_gapped(o, &d->at[i].card.written, fill,
		&(struct filling){.card = &d->at[i], .eager = i < d->eager});
}
