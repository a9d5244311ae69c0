// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The facts of all notes, and timelines over them: of everybody, of each author, of each topic. The
// timeline of everybody also finds an entry by its moment. The caller holds the world's lock.
#include "feed/private.h"

#include <string.h>

uint32_t world_author(struct feed *f, account_id id)
{
	uint64_t index;
	if (map_get(&f->by_account, (uint64_t)id.v, &index))
		return (uint32_t)index;
	map_put(&f->by_account, (uint64_t)id.v, (uint64_t)f->authors.n);
	list_push(NULL, &f->authors, (struct author){.id = id});
	return (uint32_t)(f->authors.n - 1);
}

bool world_place_of(const struct feed *f, int64_t moment, uint32_t *index)
{
	struct walk w = walk_below(f, &f->all, moment + 1);
	if (walk_peek(f, &w) != moment)
		return false;
	*index = walk_take(&w);
	return true;
}

bool world_find(const struct feed *f, note_id id, uint32_t *index)
{
	return world_place_of(f, id.v, index) && !(f->facts[*index].flags & FACT_GONE) &&
	       !f->facts[*index].kind;
}

int world_language(const struct feed *f, lang l)
{
	for (int i = 0; i < f->n_languages; i++)
		if (lang_eq(f->languages[i], l))
			return i;
	return -1;
}

static uint8_t language_index(struct feed *f, lang l)
{
	int found = world_language(f, l);
	if (found >= 0)
		return (uint8_t)found;
	if (f->n_languages == LANGUAGES_MOST)
		return 0;
	f->languages[f->n_languages] = l;
	return (uint8_t)f->n_languages++;
}

static uint32_t counter(int64_t n)
{
	return (uint32_t)MAX(0, MIN(n, (int64_t)UINT32_MAX));
}

static struct fact fact_from(struct feed *f, const struct note_fact *note)
{
	return (struct fact){
		.id = note->id.v,
		.author = world_author(f, note->account),
		.likes = counter(note->likes),
		.comments = counter(note->comments),
		.language = language_index(f, note->language),
		.visibility = (uint8_t)note->visibility,
		.flags = (uint8_t)((note->sensitive ? FACT_SENSITIVE : 0) |
				   (note->has_picture ? FACT_PICTURE : 0)),
	};
}

uint32_t world_add(struct feed *f, const struct fact *fact, bool placed, uint32_t index)
{
	if (!placed)
		index = fact_place(f);
	f->facts[index] = *fact;
	if (!placed)
		line_add(f, &f->all, index);
	line_add(f, &f->authors.at[fact->author].entries, index);
	return index;
}

uint32_t world_put(struct feed *f, const struct note_fact *note)
{
	uint32_t index;
	struct fact fact = fact_from(f, note);
	bool placed = world_place_of(f, note->id.v, &index);
	fact.born = atomic_load(&f->turn);
	if (placed && !(f->facts[index].flags & FACT_GONE)) {
		fact.topics = f->facts[index].topics;
		fact.born = f->facts[index].born;
		f->facts[index] = fact;
		return index;
	}
	return world_add(f, &fact, placed, index);
}

bool world_shows(const struct feed *f, const struct fact *fact)
{
	return fact->visibility == VIS_PUBLIC && !(fact->flags & FACT_GONE) && !fact->kind &&
	       !f->authors.at[fact->author].hidden;
}

const struct fact *order_fact(const struct feed *f, const struct order *order, uint32_t index)
{
	const struct fact *fact = &f->facts[index];
	bool later = (int32_t)(fact->born - order->turn) > 0; // another has its place
	return later || !world_shows(f, fact) ? NULL : fact;
}

void world_count(struct feed *f, note_id id, int64_t likes, int64_t comments)
{
	uint32_t index;
	if (!world_find(f, id, &index))
		return;
	f->facts[index].likes = counter(likes);
	f->facts[index].comments = counter(comments);
}

uint32_t world_topic(struct feed *f, const struct note_topic *t)
{
	uintptr_t known = (uintptr_t)strmap_get(&f->by_topic, t->name);
	if (known)
		return (uint32_t)known - 1;
	struct topic_line line = {.name = str_keep(t->name), .shown = str_keep(t->shown)};
	uint32_t index = (uint32_t)f->topics.n;
	if (f->free_topics.n)
		f->topics.at[index = f->free_topics.at[--f->free_topics.n]] = line;
	else
		list_push(NULL, &f->topics, line);
	strmap_put(&f->by_topic, t->name, (void *)(uintptr_t)(index + 1));
	return index;
}

void world_spell(struct feed *f, const struct note_topic *t)
{
	uintptr_t known = (uintptr_t)strmap_get(&f->by_topic, t->name);
	if (!known || str_eq(f->topics.at[known - 1].shown, t->shown))
		return;
	str_drop(f->topics.at[known - 1].shown);
	f->topics.at[known - 1].shown = str_keep(t->shown);
}

ptrdiff_t world_topic_names(struct ctx *ctx, const struct feed *f, note_id id, str **out)
{
	uint32_t index;
	if (!world_find(f, id, &index) || !f->facts[index].topics)
		return 0;
	const uint32_t *at = &f->pool.at[f->facts[index].topics];
	*out = NEW_N(ctx->mem, str, *at);
	for (uint32_t i = 0; i < *at; i++)
		(*out)[i] = str_copy(ctx->mem, f->topics.at[at[i + 1]].name);
	return *at;
}

static void untopic(struct feed *f, uint32_t note)
{
	uint32_t place = f->facts[note].topics;
	for (uint32_t i = 1; place && i <= f->pool.at[place]; i++) {
		struct timeline *notes = &f->topics.at[f->pool.at[place + i]].notes;
		line_remove(f, notes, note);
		f->emptied += !notes->n_fresh && !notes->n_old;
	}
	if (place) {
		f->n_noted -= f->pool.at[place];
		pool_give(f, place);
	}
	f->facts[note].topics = 0;
}

static bool has_topics(const struct feed *f, uint32_t note, const uint32_t *topics, ptrdiff_t n)
{
	uint32_t place = f->facts[note].topics;
	if (!place || !n)
		return !place && !n;
	return f->pool.at[place] == n &&
	       memcmp(f->pool.at + place + 1, topics, (size_t)n * sizeof *topics) == 0;
}

void world_place(struct feed *f, uint32_t note, const uint32_t *topics, ptrdiff_t n)
{
	if (f->facts[note].visibility != VIS_PUBLIC)
		n = 0;
	if (has_topics(f, note, topics, n))
		return;
	untopic(f, note);
	if (!n)
		return;
	uint32_t place = pool_place(f, n);
	f->facts[note].topics = place;
	f->n_noted += n;
	for (ptrdiff_t i = 0; i < n; i++) {
		f->pool.at[place + 1 + i] = topics[i];
		line_add(f, &f->topics.at[topics[i]].notes, note);
	}
}

void world_topics(struct feed *f, uint32_t note, const struct note_topic *topics, ptrdiff_t n)
{
	uint32_t at[NOTE_TOPICS_MOST];
	n = f->facts[note].visibility == VIS_PUBLIC ? MIN(n, NOTE_TOPICS_MOST) : 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		at[i] = world_topic(f, &topics[i]);
		world_spell(f, &topics[i]);
	}
	world_place(f, note, at, n);
}

void world_take_out(struct feed *f, uint32_t index)
{
	untopic(f, index);
	line_remove(f, &f->authors.at[f->facts[index].author].entries, index);
	f->facts[index].flags |= FACT_GONE;
	list_push(NULL, &f->gone, index);
}

void world_remove(struct feed *f, note_id id)
{
	uint32_t index;
	if (world_find(f, id, &index))
		world_take_out(f, index);
}

void world_drop(struct feed *f)
{
	list_each (a, &f->authors) {
		line_free(&a->entries);
		mem_free(a->follows);
		mem_free(a->follow_bits);
	}
	list_each (t, &f->topics) {
		line_free(&t->notes);
		str_drop(t->name);
		str_drop(t->shown);
	}
	entries_drop(f);
	list_free(&f->authors);
	list_free(&f->topics);
	list_free(&f->pool);
	list_free(&f->gone);
	list_free(&f->free);
	list_free(&f->free_topics);
	line_free(&f->all);
	map_free(&f->by_account);
	map_free(&f->touched);
	strmap_free(&f->by_topic);
	mem_free(f->facts);
}
