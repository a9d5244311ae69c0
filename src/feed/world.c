// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The facts of all notes, and timelines over them: of everybody, of each author, of each topic. The
// caller holds the world's lock.
#include "feed/private.h"

static int64_t id_at(const struct feed *f, uint32_t index)
{
	return f->facts[index].id;
}

static void make_room(uint32_t **at, uint32_t n, uint32_t *cap)
{
	if (n < *cap)
		return;
	uint32_t more = *cap ? *cap + MAX(*cap / 2, 4U) : 4;
	*at = mem_resize(*at, *cap, more, (ptrdiff_t)sizeof **at);
	*cap = more;
}

// Inserts where the order wants it: nearly always at the end of one of the two arrays.
static void insert_rising(const struct feed *f, struct timeline *t, uint32_t index)
{
	make_room(&t->fresh, t->n_fresh, &t->cap_fresh);
	uint32_t at = t->n_fresh++;
	for (; at > 0 && id_at(f, t->fresh[at - 1]) > id_at(f, index); at--)
		t->fresh[at] = t->fresh[at - 1];
	t->fresh[at] = index;
}

static void insert_falling(const struct feed *f, struct timeline *t, uint32_t index)
{
	make_room(&t->old, t->n_old, &t->cap_old);
	uint32_t at = t->n_old++;
	for (; at > 0 && id_at(f, t->old[at - 1]) < id_at(f, index); at--)
		t->old[at] = t->old[at - 1];
	t->old[at] = index;
}

static void line_add(const struct feed *f, struct timeline *t, uint32_t index, bool rebuilding)
{
	int64_t id = id_at(f, index);
	bool newest = t->n_old == 0 || id > id_at(f, t->old[0]);
	bool below_fresh = t->n_fresh == 0 || id < id_at(f, t->fresh[0]);
	if (!newest || (rebuilding && below_fresh))
		insert_falling(f, t, index);
	else
		insert_rising(f, t, index);
}

static void line_remove(struct timeline *t, uint32_t index)
{
	for (uint32_t pass = 0; pass < 2; pass++) {
		uint32_t *at = pass ? t->old : t->fresh, *n = pass ? &t->n_old : &t->n_fresh;
		uint32_t kept = 0;
		for (uint32_t i = 0; i < *n; i++)
			if (at[i] != index)
				at[kept++] = at[i];
		*n = kept;
	}
}

static void line_free(struct timeline *t)
{
	mem_free(t->fresh);
	mem_free(t->old);
	*t = (struct timeline){0};
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

bool world_find(const struct feed *f, note_id id, uint32_t *index)
{
	uint64_t found;
	if (!map_get(&f->by_id, (uint64_t)id.v, &found))
		return false;
	*index = (uint32_t)found;
	return true;
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

void world_put(struct feed *f, const struct note_fact *note, bool rebuilding)
{
	uint32_t index;
	uint64_t ignored;
	if (rebuilding && map_get(&f->gone, (uint64_t)note->id.v, &ignored))
		return;
	if (world_find(f, note->id, &index)) {
		if (!rebuilding)
			f->facts[index] = fact_from(f, note);
		return;
	}
	if (f->n_facts == f->cap_facts) {
		ptrdiff_t more = f->cap_facts ? f->cap_facts + f->cap_facts / 2 : 256;
		f->facts = mem_resize(f->facts, f->cap_facts, more, (ptrdiff_t)sizeof *f->facts);
		f->cap_facts = more;
	}
	index = (uint32_t)f->n_facts++;
	f->facts[index] = fact_from(f, note);
	map_put(&f->by_id, (uint64_t)note->id.v, index);
	line_add(f, &f->all, index, rebuilding);
	line_add(f, &f->authors.at[f->facts[index].author].notes, index, rebuilding);
}

static str keep(str s)
{
	char *p = mem_new(s.n, 1);
	for (ptrdiff_t i = 0; i < s.n; i++)
		p[i] = s.p[i];
	return (str){p, s.n};
}

static void drop_text(str s)
{
	union {
		const char *in;
		void *out;
	} bytes = {.in = s.p};
	mem_free(bytes.out);
}

static struct topic_line *topic_of(struct feed *f, const struct note_topic *t)
{
	uintptr_t known = (uintptr_t)strmap_get(&f->by_topic, t->name);
	if (known)
		return &f->topics.at[known - 1];
	list_push(NULL, &f->topics,
		(struct topic_line){.name = keep(t->name), .shown = keep(t->shown)});
	strmap_put(&f->by_topic, t->name, (void *)(uintptr_t)f->topics.n);
	return &f->topics.at[f->topics.n - 1];
}

static bool holds(const struct feed *f, const struct timeline *t, uint32_t index)
{
	struct walk w = walk_below(f, t, id_at(f, index) + 1);
	return walk_peek(f, &w) == id_at(f, index);
}

void world_untopic(struct feed *f, note_id id)
{
	uint32_t index;
	if (!world_find(f, id, &index))
		return;
	list_each (t, &f->topics) {
		if (holds(f, &t->notes, index))
			line_remove(&t->notes, index);
	}
}

void world_topics(struct feed *f, const struct note_topic *topics, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		uint32_t index;
		if (!world_find(f, topics[i].note, &index) ||
			f->facts[index].visibility != VIS_PUBLIC)
			continue;
		struct topic_line *t = topic_of(f, &topics[i]);
		if (!holds(f, &t->notes, index))
			line_add(f, &t->notes, index,
				f->facts[index].id <
					walk_peek(f, &(struct walk){&t->notes,
							     (int64_t)t->notes.n_fresh - 1, 0}));
	}
}

void world_remove(struct feed *f, note_id id)
{
	uint32_t index;
	if (!atomic_load(&f->ready))
		map_put(&f->gone, (uint64_t)id.v, 1);
	if (!world_find(f, id, &index))
		return;
	struct fact *fact = &f->facts[index];
	fact->flags |= FACT_GONE;
	map_del(&f->by_id, (uint64_t)id.v);
	line_remove(&f->authors.at[fact->author].notes, index);
}

void world_clear(struct feed *f)
{
	list_each (a, &f->authors) {
		line_free(&a->notes);
		mem_free(a->follows);
	}
	list_each (t, &f->topics) {
		line_free(&t->notes);
		drop_text(t->name);
		drop_text(t->shown);
	}
	list_free(&f->authors);
	list_free(&f->topics);
	line_free(&f->all);
	map_free(&f->by_account);
	map_free(&f->by_id);
	map_free(&f->gone);
	strmap_free(&f->by_topic);
	mem_free(f->facts);
	f->facts = NULL;
	f->n_facts = f->cap_facts = 0;
	f->n_languages = 0;
}
