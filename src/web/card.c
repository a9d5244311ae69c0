// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Rendering cards and keeping them. What is kept is the text around the like button: counts and the
// viewer's own like are written anew each time.
#include "web/card.h"

#include "store/store.h"
#include "unicode/unicode.h"
#include "web/pages.h"
#include "web/private.h"

#include <string.h>

#define CACHE_BYTES (24 << 20)
#define TITLE_WORDS 40
#define EXCERPT 280

struct kept_card {
	account_id author;
	int64_t likes;
	int32_t n_before, n_after;
	char bytes[];
};

struct web_cards {
	struct rwlock lock;               // guards what follows
	struct map kept[LOCALE_COUNT][2]; // note id → struct kept_card; [1]: eager
	int64_t bytes;
	uint64_t changes; // so far: what was loaded before one is not kept after it
};

static struct kept_card *card_at(uint64_t value)
{
	return (struct kept_card *)(uintptr_t)value;
}

static int64_t size_of(const struct kept_card *c)
{
	return (int64_t)sizeof *c + c->n_before + c->n_after;
}

static void forget_all(struct web_cards *w)
{
	uint64_t key, value;
	for (int l = 0; l < LOCALE_COUNT; l++) {
		for (int e = 0; e < 2; e++) {
			for (ptrdiff_t at = 0; map_next(&w->kept[l][e], &at, &key, &value);)
				mem_free(card_at(value));
			map_free(&w->kept[l][e]);
		}
	}
	w->bytes = 0;
}

static void forget(struct web_cards *w, int64_t note)
{
	uint64_t value;
	for (int l = 0; l < LOCALE_COUNT; l++) {
		for (int e = 0; e < 2; e++) {
			struct map *m = &w->kept[l][e];
			if (!map_get(m, (uint64_t)note, &value))
				continue;
			map_del(m, (uint64_t)note);
			w->bytes -= size_of(card_at(value));
			mem_free(card_at(value));
		}
	}
}

static void forget_author(struct web_cards *w, int64_t author)
{
	for (int l = 0; l < LOCALE_COUNT; l++) {
		for (int e = 0; e < 2; e++) {
			LIST(int64_t) notes = {0};
			uint64_t key, value;
			for (ptrdiff_t at = 0; map_next(&w->kept[l][e], &at, &key, &value);)
				if (card_at(value)->author.v == author)
					list_push(NULL, &notes, (int64_t)key);
			list_each (note, &notes)
				forget(w, *note);
			list_free(&notes);
		}
	}
}

static void count_like(struct web_cards *w, int64_t note, int by)
{
	uint64_t value;
	for (int l = 0; l < LOCALE_COUNT; l++)
		for (int e = 0; e < 2; e++)
			if (map_get(&w->kept[l][e], (uint64_t)note, &value))
				card_at(value)->likes = MAX(0, card_at(value)->likes + by);
}

static void on_change(struct ctx *ctx, const struct change *c, void *arg)
{
	struct web_cards *w = arg;
	(void)ctx;
	rwlock_write(&w->lock);
	w->changes++;
	switch (c->kind) {
	case CHANGE_LOST:
		forget_all(w);
		break;
	case CHANGE_NOTE:
	case CHANGE_NOTE_GONE:
		if (!c->extra)
			forget(w, c->subject);
		break;
	case CHANGE_MEDIA:
		forget(w, c->extra);
		break;
	case CHANGE_LIKE:
		count_like(w, c->subject, c->extra ? 1 : -1);
		break;
	case CHANGE_ACCOUNT:
		forget_author(w, c->subject);
		break;
	default:
		break;
	}
	rwlock_write_done(&w->lock);
}

struct web_cards *cards_new(struct store *store)
{
	struct web_cards *w = mem_new(1, (ptrdiff_t)sizeof *w);
	rwlock_init(&w->lock);
	store_listen(store, on_change, w);
	return w;
}

void cards_free(struct web_cards *w)
{
	forget_all(w);
	mem_free(w);
}

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
	return str_fmt(mem, "avg-%u%u%u", rgb >> 22 & 3, rgb >> 14 & 3, rgb >> 6 & 3);
}

static void words_part(struct ctx *ctx, const struct note *note, struct card_view *v)
{
	str text = note->body.n ? note->body : note->title;
	int width = width_of(text, 200);
	v->words = true;
	v->excerpt = unicode_excerpt(ctx->mem, text, EXCERPT);
	v->words_class = width < 70 ? S("words-short") : width > 190 ? S("words-long") : S("");
	v->ratio = width < 70 ? S("ratio-1x1") : S("ratio-3x4");
	v->paper = (int)(id_time(note->id.v) % 6) + 1;
}

static void picture_part(struct ctx *ctx, const struct card *c, struct card_view *v)
{
	static const int heights[] = {720, 720, 540, 405};
	url u;
	v->ratio = ratio_class(c->note.ratio);
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

struct card_view card_view(struct ctx *ctx, const struct card *c, bool eager)
{
	const struct note *note = &c->note;
	struct card_view v = {
		.id = note->id,
		.address = url_of_note(ctx->mem, note->id),
		.title = note->title.n ? note->title
				       : unicode_excerpt(ctx->mem, note->body, TITLE_WORDS),
		.lang = note->language,
		.eager = eager,
		.author = c->author->display,
		.author_url = url_of_person(ctx->mem, c->author->name),
		.avatar = url_of_avatar(ctx->mem, c->author->avatar, 96),
		.like = {.action = url_fmt(ctx->mem, "/note/%lld/like", (long long)note->id.v),
			.likes = note->likes},
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

static void render(struct ctx *ctx, const struct card *c, bool eager, struct deck_card *out)
{
	struct card_view v = card_view(ctx, c, eager);
	struct out o = out_new(ctx, ctx->viewer.locale, 2048);
	card(&o, &v);
	str all = out_done(&o).s;
	*out = (struct deck_card){.id = v.id,
		.before = str_sub(all, 0, v.like_from),
		.after = str_skip(all, v.like_to),
		.likes = c->note.likes};
}

static void keep(struct web_cards *w, const struct deck_card *c, account_id author, int locale,
	bool eager, uint64_t changes)
{
	uint64_t old;
	struct kept_card *k = mem_new((ptrdiff_t)sizeof *k + c->before.n + c->after.n, 1);
	k->author = author;
	k->likes = c->likes;
	k->n_before = (int32_t)c->before.n;
	k->n_after = (int32_t)c->after.n;
	memcpy(k->bytes, c->before.p, (size_t)c->before.n);
	memcpy(k->bytes + c->before.n, c->after.p, (size_t)c->after.n);
	rwlock_write(&w->lock);
	if (w->changes != changes) {
		rwlock_write_done(&w->lock);
		mem_free(k);
		return;
	}
	if (w->bytes > CACHE_BYTES)
		forget_all(w);
	struct map *m = &w->kept[locale][eager];
	if (map_get(m, (uint64_t)c->id.v, &old)) {
		w->bytes -= size_of(card_at(old));
		mem_free(card_at(old));
	}
	map_put(m, (uint64_t)c->id.v, (uint64_t)(uintptr_t)k);
	w->bytes += size_of(k);
	rwlock_write_done(&w->lock);
}

static bool is_eager(bool eager, ptrdiff_t i)
{
	return eager && i < DECK_EAGER;
}

// Copies what is kept; collects the ids of the rest. A card found has its `before`.
static ptrdiff_t from_memory(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool eager,
	struct deck_card *cards, note_id *missing, uint64_t *changes)
{
	struct web_cards *w = ctx->house->web->cards;
	ptrdiff_t n_missing = 0;
	uint64_t value;
	rwlock_read(&w->lock);
	*changes = w->changes;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!map_get(&w->kept[ctx->viewer.locale][is_eager(eager, i)], (uint64_t)ids[i].v,
			    &value)) {
			missing[n_missing++] = ids[i];
			continue;
		}
		const struct kept_card *k = card_at(value);
		str all = str_copy(ctx->mem, (str){k->bytes, k->n_before + k->n_after});
		cards[i] = (struct deck_card){.id = ids[i],
			.before = str_sub(all, 0, k->n_before),
			.after = str_skip(all, k->n_before),
			.likes = k->likes};
	}
	rwlock_read_done(&w->lock);
	return n_missing;
}

static err load_missing(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool eager,
	struct deck_card *cards, const note_id *missing, ptrdiff_t n_missing, uint64_t changes)
{
	struct card *loaded;
	ptrdiff_t n_loaded;
	TRY(notes_cards(ctx, missing, n_missing, &loaded, &n_loaded));
	for (ptrdiff_t k = 0; k < n_loaded; k++) {
		for (ptrdiff_t i = 0; i < n; i++) {
			if (ids[i].v != loaded[k].note.id.v || cards[i].before.p)
				continue;
			const struct card *c = &loaded[k];
			render(ctx, c, is_eager(eager, i), &cards[i]);
			if (c->note.visibility == VIS_PUBLIC &&
				c->author->standing == STANDING_GOOD)
				keep(ctx->house->web->cards, &cards[i], c->author->id,
					ctx->viewer.locale, is_eager(eager, i), changes);
		}
	}
	return OK;
}

static err mark_liked(struct ctx *ctx, struct deck *d)
{
	note_id *ids = NEW_N(ctx->mem, note_id, d->n);
	bool *liked = NEW_N(ctx->mem, bool, d->n);
	for (ptrdiff_t i = 0; i < d->n; i++)
		ids[i] = d->at[i].id;
	TRY(likes_among(ctx, ids, d->n, liked));
	for (ptrdiff_t i = 0; i < d->n; i++)
		d->at[i].liked = liked[i];
	return OK;
}

err deck_load(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool eager, str csrf, struct deck *out)
{
	struct deck d = {.at = NEW_N(ctx->mem, struct deck_card, n), .csrf = csrf};
	note_id *missing = NEW_N(ctx->mem, note_id, n);
	uint64_t changes;
	ptrdiff_t n_missing = from_memory(ctx, ids, n, eager, d.at, missing, &changes);
	if (n_missing)
		TRY(load_missing(ctx, ids, n, eager, d.at, missing, n_missing, changes));
	for (ptrdiff_t i = 0; i < n; i++)
		if (d.at[i].before.p)
			d.at[d.n++] = d.at[i];
	TRY(mark_liked(ctx, &d));
	*out = d;
	return OK;
}

void deck_write(struct out *o, const struct deck *d, ptrdiff_t i)
{
	const struct deck_card *c = &d->at[i];
	out_html(o, (html){c->before});
	like_button(o, &(struct like_view){.on = c->liked, .likes = c->likes, .csrf = d->csrf});
	out_html(o, (html){c->after});
}
