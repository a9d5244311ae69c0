// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The facts of all notes, and timelines over them: of everybody, of each author, of each topic. The
// timeline of everybody also finds a note by its id. The caller holds the world's lock.
#include "feed/private.h"

#include <string.h>

static int64_t id_at(const struct feed *f, uint32_t index)
{
	return f->facts[index].id;
}

static uint32_t grown(uint32_t cap)
{
	return cap + MAX(cap / 4, 4U);
}

static void insert(uint32_t **at, uint32_t *n, uint32_t *cap, int64_t place, uint32_t index)
{
	if (*n == *cap) {
		uint32_t more = grown(*cap);
		*at = mem_resize(*at, *cap, more, (ptrdiff_t)sizeof **at);
		*cap = more;
	}
	memmove(*at + place + 1, *at + place, (size_t)(*n - place) * sizeof **at);
	(*at)[place] = index;
	++*n;
}

static void erase(uint32_t *at, uint32_t *n, int64_t place)
{
	memmove(at + place, at + place + 1, (size_t)(*n - place - 1) * sizeof *at);
	--*n;
}

// First position in falling `old` whose id is below `before`.
static int64_t first_below(const struct feed *f, const struct timeline *t, int64_t before)
{
	int64_t low = 0, high = t->n_old;
	while (low < high) {
		int64_t mid = (low + high) / 2;
		if (id_at(f, t->old[mid]) < before)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

// Last position in rising `fresh` whose id is below `before`; -1 when there is none.
static int64_t last_below(const struct feed *f, const struct timeline *t, int64_t before)
{
	int64_t low = 0, high = t->n_fresh;
	while (low < high) {
		int64_t mid = (low + high) / 2;
		if (id_at(f, t->fresh[mid]) < before)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

static bool belongs_to_fresh(const struct feed *f, const struct timeline *t, int64_t id)
{
	if (t->n_fresh && id > id_at(f, t->fresh[0]))
		return true;
	if (t->n_old && id < id_at(f, t->old[0]))
		return false;
	// Between the two: where less has to move.
	return t->n_old && t->n_fresh < t->n_old;
}

// Nearly always at the end of one of the two arrays, which costs one look there.
static void line_add(const struct feed *f, struct timeline *t, uint32_t index)
{
	int64_t id = id_at(f, index);
	if (t->n_old && id < id_at(f, t->old[t->n_old - 1]))
		insert(&t->old, &t->n_old, &t->cap_old, t->n_old, index);
	else if (t->n_fresh && id > id_at(f, t->fresh[t->n_fresh - 1]))
		insert(&t->fresh, &t->n_fresh, &t->cap_fresh, t->n_fresh, index);
	else if (belongs_to_fresh(f, t, id))
		insert(&t->fresh, &t->n_fresh, &t->cap_fresh, last_below(f, t, id) + 1, index);
	else
		insert(&t->old, &t->n_old, &t->cap_old, first_below(f, t, id), index);
}

void line_free(struct timeline *t)
{
	mem_free(t->fresh);
	mem_free(t->old);
	*t = (struct timeline){0};
}

static void line_remove(const struct feed *f, struct timeline *t, uint32_t index)
{
	int64_t fresh = last_below(f, t, id_at(f, index)) + 1;
	int64_t old = first_below(f, t, id_at(f, index)) - 1;
	if (fresh < t->n_fresh && t->fresh[fresh] == index)
		erase(t->fresh, &t->n_fresh, fresh);
	else if (old >= 0 && t->old[old] == index)
		erase(t->old, &t->n_old, old);
	if (!t->n_fresh && !t->n_old)
		line_free(t);
}

struct walk walk_below(const struct feed *f, const struct timeline *t, int64_t before)
{
	if (!before)
		return (struct walk){t, (int64_t)t->n_fresh - 1, 0};
	return (struct walk){t, last_below(f, t, before), first_below(f, t, before)};
}

int64_t walk_peek(const struct feed *f, const struct walk *w)
{
	if (w->fresh >= 0)
		return id_at(f, w->line->fresh[w->fresh]);
	return w->old < (int64_t)w->line->n_old ? id_at(f, w->line->old[w->old]) : 0;
}

uint32_t walk_take(struct walk *w)
{
	return w->fresh >= 0 ? w->line->fresh[w->fresh--] : w->line->old[w->old++];
}

uint32_t world_author(struct feed *f, account_id id)
{
	uint64_t index;
	if (map_get(&f->by_account, (uint64_t)id.v, &index))
		return (uint32_t)index;
	map_put(&f->by_account, (uint64_t)id.v, (uint64_t)f->authors.n);
	list_push(NULL, &f->authors, (struct author){.id = id});
	return (uint32_t)(f->authors.n - 1);
}

// Also one that is gone but not tidied up.
static bool find_place(const struct feed *f, note_id id, uint32_t *index)
{
	struct walk w = walk_below(f, &f->all, id.v + 1);
	if (walk_peek(f, &w) != id.v)
		return false;
	*index = walk_take(&w);
	return true;
}

bool world_find(const struct feed *f, note_id id, uint32_t *index)
{
	return find_place(f, id, index) && !(f->facts[*index].flags & FACT_GONE);
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

uint32_t world_put(struct feed *f, const struct note_fact *note)
{
	uint32_t index;
	struct fact fact = fact_from(f, note);
	bool placed = find_place(f, note->id, &index);
	fact.born = atomic_load(&f->turn);
	if (placed && !(f->facts[index].flags & FACT_GONE)) {
		fact.topics = f->facts[index].topics;
		fact.born = f->facts[index].born;
		f->facts[index] = fact;
		return index;
	}
	if (!placed)
		index = fact_place(f);
	f->facts[index] = fact;
	if (!placed)
		line_add(f, &f->all, index);
	line_add(f, &f->authors.at[fact.author].notes, index);
	return index;
}

bool world_shows(const struct feed *f, const struct fact *fact)
{
	return fact->visibility == VIS_PUBLIC && !(fact->flags & FACT_GONE) &&
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
	if (place)
		pool_give(f, place);
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

void world_remove(struct feed *f, note_id id)
{
	uint32_t index;
	if (!world_find(f, id, &index))
		return;
	untopic(f, index);
	line_remove(f, &f->authors.at[f->facts[index].author].notes, index);
	f->facts[index].flags |= FACT_GONE;
	list_push(NULL, &f->gone, index);
}

void world_drop(struct feed *f)
{
	list_each (a, &f->authors) {
		line_free(&a->notes);
		mem_free(a->follows);
		mem_free(a->follow_bits);
	}
	list_each (t, &f->topics) {
		line_free(&t->notes);
		str_drop(t->name);
		str_drop(t->shown);
	}
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
