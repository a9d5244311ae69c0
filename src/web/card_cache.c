// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two generations a locale: cards go to the young one; when that holds its share of bytes the old
// one is dropped and the young one becomes old. A card found in the old one moves to the young.
#include "web/card_cache.h"

#include "web/recent.h"

#include <string.h>

#define CACHE_BYTES (24 << 20)
#define SHARE (CACHE_BYTES / 2)
#define CARD_COST 64 // of the maps, a card

struct kept_card {
	account_id author;
	int64_t likes;
	int32_t n, pressed_at, count_at, lazy_at;
	char bytes[];
};

struct generation {
	struct map kept[LOCALE_COUNT]; // note id → struct kept_card
	int64_t bytes;
};

struct web_cards {
	struct rwlock lock; // guards what follows
	struct generation young, old;
	struct recent recent;
};

static struct kept_card *card_at(uint64_t value)
{
	return (struct kept_card *)(uintptr_t)value;
}

static int64_t size_of(const struct kept_card *c)
{
	return (int64_t)sizeof *c + c->n + CARD_COST;
}

static void empty(struct generation *g)
{
	uint64_t key, value;
	for (int l = 0; l < LOCALE_COUNT; l++) {
		for (ptrdiff_t at = 0; map_next(&g->kept[l], &at, &key, &value);)
			mem_free(card_at(value));
		map_free(&g->kept[l]);
	}
	g->bytes = 0;
}

// Takes a card out without freeing it; NULL when it is not there.
static struct kept_card *take(struct generation *g, int locale, int64_t note)
{
	uint64_t value;
	if (!map_get(&g->kept[locale], (uint64_t)note, &value))
		return NULL;
	map_del(&g->kept[locale], (uint64_t)note);
	g->bytes -= size_of(card_at(value));
	return card_at(value);
}

static void forget(struct web_cards *w, int64_t note)
{
	for (int l = 0; l < LOCALE_COUNT; l++) {
		mem_free(take(&w->young, l, note));
		mem_free(take(&w->old, l, note));
	}
}

static void forget_author_in(struct web_cards *w, const struct generation *g, int64_t author)
{
	LIST(int64_t) notes = {0};
	uint64_t key, value;
	for (int l = 0; l < LOCALE_COUNT; l++)
		for (ptrdiff_t at = 0; map_next(&g->kept[l], &at, &key, &value);)
			if (card_at(value)->author.v == author)
				list_push(NULL, &notes, (int64_t)key);
	list_each (note, &notes)
		forget(w, *note);
	list_free(&notes);
}

static void count_like(struct generation *g, int64_t note, int by)
{
	uint64_t value;
	for (int l = 0; l < LOCALE_COUNT; l++)
		if (map_get(&g->kept[l], (uint64_t)note, &value))
			card_at(value)->likes = MAX(0, card_at(value)->likes + by);
}

static void apply(struct web_cards *w, const struct change *c)
{
	switch (c->kind) {
	case CHANGE_LOST:
		empty(&w->young);
		empty(&w->old);
		break;
	case CHANGE_NOTE:
	case CHANGE_NOTE_GONE:
	case CHANGE_COUNTED:
		forget(w, c->subject);
		break;
	case CHANGE_MEDIA:
		forget(w, c->extra);
		break;
	case CHANGE_LIKE:
		count_like(&w->young, c->subject, c->extra > 0 ? 1 : -1);
		count_like(&w->old, c->subject, c->extra > 0 ? 1 : -1);
		break;
	case CHANGE_ACCOUNT:
		forget_author_in(w, &w->young, c->subject);
		forget_author_in(w, &w->old, c->subject);
		break;
	default:
		break;
	}
}

static void on_change(struct ctx *ctx, const struct change *c, void *arg)
{
	struct web_cards *w = arg;
	(void)ctx;
	rwlock_write(&w->lock);
	recent_add(&w->recent, c);
	apply(w, c);
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
	empty(&w->young);
	empty(&w->old);
	mem_free(w);
}

int64_t cards_bytes(struct web_cards *w)
{
	rwlock_read(&w->lock);
	int64_t bytes = w->young.bytes + w->old.bytes;
	rwlock_read_done(&w->lock);
	return bytes;
}

// Requires the lock for writing.
static void put(struct web_cards *w, int locale, int64_t note, struct kept_card *k)
{
	if (w->young.bytes + size_of(k) > SHARE) {
		empty(&w->old);
		w->old = w->young;
		w->young = (struct generation){0};
	}
	mem_free(take(&w->young, locale, note));
	mem_free(take(&w->old, locale, note));
	map_put(&w->young.kept[locale], (uint64_t)note, (uint64_t)(uintptr_t)k);
	w->young.bytes += size_of(k);
}

static void rejuvenate(struct web_cards *w, int locale, const note_id *ids, ptrdiff_t n)
{
	rwlock_write(&w->lock);
	for (ptrdiff_t i = 0; i < n; i++) {
		struct kept_card *k = take(&w->old, locale, ids[i].v);
		if (k)
			put(w, locale, ids[i].v, k);
	}
	rwlock_write_done(&w->lock);
}

ptrdiff_t cards_find(struct web_cards *w, struct arena *mem, int locale, const note_id *ids,
	ptrdiff_t n, struct written_card *out, uint64_t *since)
{
	ptrdiff_t missing = 0;
	bool aged = false;
	uint64_t value;
	rwlock_read(&w->lock);
	*since = w->recent.n;
	for (ptrdiff_t i = 0; i < n; i++) {
		out[i] = (struct written_card){0};
		if (!map_get(&w->young.kept[locale], (uint64_t)ids[i].v, &value)) {
			if (!map_get(&w->old.kept[locale], (uint64_t)ids[i].v, &value)) {
				missing++;
				continue;
			}
			aged = true;
		}
		const struct kept_card *k = card_at(value);
		out[i] = (struct written_card){.text = str_copy(mem, (str){k->bytes, k->n}),
			.pressed_at = k->pressed_at,
			.count_at = k->count_at,
			.lazy_at = k->lazy_at,
			.author = k->author,
			.likes = k->likes};
	}
	rwlock_read_done(&w->lock);
	if (aged)
		rejuvenate(w, locale, ids, n);
	return missing;
}

void cards_keep(
	struct web_cards *w, int locale, note_id note, const struct written_card *c, uint64_t since)
{
	int64_t shows[] = {note.v, c->author.v};
	struct kept_card *k = mem_new((ptrdiff_t)sizeof *k + c->text.n, 1);
	k->author = c->author;
	k->likes = c->likes;
	k->n = (int32_t)c->text.n;
	k->pressed_at = (int32_t)c->pressed_at;
	k->count_at = (int32_t)c->count_at;
	k->lazy_at = (int32_t)c->lazy_at;
	memcpy(k->bytes, c->text.p, (size_t)c->text.n);
	rwlock_write(&w->lock);
	bool stale = recent_touched(&w->recent, since, shows, COUNT(shows));
	if (!stale)
		put(w, locale, note.v, k);
	rwlock_write_done(&w->lock);
	if (stale)
		mem_free(k);
}
