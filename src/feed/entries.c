// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Entries of other kinds than published: what other rooms put before those who follow somebody. They stand
// in the same timelines as notes, each at its moment; those about one note also beside each other, so
// that a reader meets it once.
#include "feed/private.h"

#include "store/store.h"

#include <string.h>

#define ENTRIES_AT_ONCE 1000

const struct entry_kind feed_published = {.name = "published"};

note_id entry_note(const struct fact *fact)
{
	if (!fact->kind)
		return (note_id){fact->id};
	return (note_id){(int64_t)((uint64_t)fact->likes << 32 | fact->comments)};
}

static struct timeline *about(const struct feed *f, note_id note)
{
	uint64_t line;
	return map_get(&f->by_note, (uint64_t)note.v, &line) ? (struct timeline *)(uintptr_t)line
							     : NULL;
}

const struct timeline *entries_about(const struct feed *f, note_id note)
{
	return about(f, note);
}

static struct timeline *about_made(struct feed *f, note_id note)
{
	struct timeline *line = about(f, note);
	if (line)
		return line;
	line = mem_new(1, (ptrdiff_t)sizeof *line);
	map_put(&f->by_note, (uint64_t)note.v, (uint64_t)(uintptr_t)line);
	return line;
}

void entry_put(struct feed *f, uint8_t kind, const struct feed_entry *e)
{
	uint32_t index = 0;
	bool placed = world_place_of(f, e->moment, &index);
	if (e->moment < f->cut || (placed && !(f->facts[index].flags & FACT_GONE)))
		return;
	struct fact fact = {.id = e->moment,
		.author = world_author(f, e->who),
		.likes = (uint32_t)((uint64_t)e->note.v >> 32),
		.comments = (uint32_t)e->note.v,
		.kind = kind,
		.born = atomic_load(&f->turn)};
	index = world_add(f, &fact, placed, index);
	line_add(f, about_made(f, e->note), index);
	f->n_entries++;
}

static void take_out(struct feed *f, uint32_t index)
{
	note_id note = entry_note(&f->facts[index]);
	struct timeline *line = about(f, note);
	line_remove(f, line, index);
	f->n_entries--;
	if (!line->n_fresh && !line->n_old) {
		map_del(&f->by_note, (uint64_t)note.v);
		mem_free(line);
	}
	world_take_out(f, index);
}

void entry_remove(struct feed *f, int64_t moment)
{
	uint32_t index;
	if (world_place_of(f, moment, &index) && f->facts[index].kind &&
		!(f->facts[index].flags & FACT_GONE))
		take_out(f, index);
}

void entries_remove(struct feed *f, note_id note)
{
	for (struct timeline *line = about(f, note); line; line = about(f, note)) {
		struct walk w = walk_below(f, line, 0);
		take_out(f, walk_take(&w));
	}
}

void entries_drop(struct feed *f)
{
	uint64_t note, line;
	for (ptrdiff_t at = 0; map_next(&f->by_note, &at, &note, &line);) {
		line_free((struct timeline *)(uintptr_t)line);
		mem_free((struct timeline *)(uintptr_t)line);
	}
	map_free(&f->by_note);
}

// As it is now: what other processes did may be heard late and in another order.
static err read_again(struct ctx *ctx, struct joined *j, const struct change *change)
{
	struct feed *f = j->feed;
	struct feed_entry *found;
	ptrdiff_t n;
	TRY(j->kind->read(ctx, (account_id){change->actor}, change->extra + 1, 1, &found, &n));
	rwlock_write(&f->world);
	if (f->rebuilding)
		map_put(&f->touched, (uint64_t)change->extra, 1);
	if (n && found->moment == change->extra)
		entry_put(f, j->index, found);
	else
		entry_remove(f, change->extra);
	rwlock_write_done(&f->world);
	return OK;
}

static void on_entry(struct ctx *ctx, const struct change *change, void *arg)
{
	struct joined *j = arg;
	if (read_again(ctx, j, change) != OK)
		feed_wake(j->feed, true);
}

void feed_join(struct feed *f, const struct entry_kind *kind)
{
	must(f->n_kinds < KINDS_MOST);
	struct joined *j = &f->kinds[f->n_kinds];
	*j = (struct joined){
		f, kind, (uint8_t)f->n_kinds++, kind == &feed_published ? 0 : INT64_MAX};
	if (kind->begun)
		store_on(f->house->store, kind->begun, on_entry, j);
	if (kind->ended)
		store_on(f->house->store, kind->ended, on_entry, j);
}

// Of a stretch of the past, as the kind's room has it.
struct stretch {
	struct joined *joined;
	int64_t before; // 0: from the newest
	struct feed_entry *at;
	ptrdiff_t n;
	bool last;
};

// What is known of this stretch and not in it went unheard.
static void sweep(struct ctx *ctx, struct feed *f, const struct stretch *s)
{
	LIST(uint32_t) gone = {0};
	int64_t lowest = s->last ? 1 : s->at[s->n - 1].moment;
	ptrdiff_t i = 0;
	for (struct walk w = walk_below(f, &f->all, s->before); walk_peek(f, &w) >= lowest;) {
		uint32_t index = walk_take(&w);
		const struct fact *fact = &f->facts[index];
		while (i < s->n && s->at[i].moment > fact->id)
			i++;
		bool there = i < s->n && s->at[i].moment == fact->id;
		if (fact->kind == s->joined->index && !there && !(fact->flags & FACT_GONE) &&
			!was_touched(f, fact->id))
			list_push(ctx->mem, &gone, index);
	}
	list_each (index, &gone)
		take_out(f, *index);
}

static err load_stretch(struct ctx *ctx, struct feed *f, struct stretch *s)
{
	rwlock_write(&f->world);
	map_free(&f->touched);
	rwlock_write_done(&f->world);
	TRY(s->joined->kind->read(ctx, (account_id){0}, s->before, ENTRIES_AT_ONCE, &s->at, &s->n));
	s->last = s->n < ENTRIES_AT_ONCE;
	rwlock_write(&f->world);
	sweep(ctx, f, s);
	for (ptrdiff_t i = 0; i < s->n; i++)
		if (!was_touched(f, s->at[i].moment))
			entry_put(f, s->joined->index, &s->at[i]);
	if (s->n)
		s->before = s->at[s->n - 1].moment;
	s->joined->reached = MIN(s->joined->reached, s->last ? 0 : s->before);
	s->last |= s->before < f->cut; // there is no room for what is older
	rwlock_write_done(&f->world);
	return OK;
}

// The newest first, of each kind, as far as there is room.
err entries_load(struct ctx *ctx, struct feed *f)
{
	for (int kind = 1; kind < f->n_kinds; kind++) {
		struct stretch s = {.joined = &f->kinds[kind]};
		while (!s.last && !feed_stopping(f)) {
			arena_reset(ctx->mem);
			TRY(load_stretch(ctx, f, &s));
			world_shed(f);
		}
	}
	return OK;
}
