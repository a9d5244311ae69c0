// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The past from the file instead of from the database. First what changed since is known; then the
// file is read once to its end, where it says whether it is whole, and once more into the world. What
// changed is taken from the database, in its place among the others.
#include "feed/checkpoint.h"

#include <fcntl.h>
#include <stdlib.h>

#define CHANGED_MOST 200000 // of more the database tells as quickly
#define AT_ONCE 1000

struct reload {
	struct feed *feed;
	struct checkpoint *file;
	struct map changed; // notes that changed since
	bool lost;          // they cannot all be named
	int64_t *ids;       // the same, newest first
	ptrdiff_t n, at;
	bool *left; // topics of the file that a changed note may have left
};

static void hear(const struct change *change, void *arg)
{
	struct reload *r = arg;
	note_id about = feed_about(change);
	r->lost |= change->kind == &changes_lost || r->changed.n >= CHANGED_MOST;
	if (about.v && !r->lost)
		map_put(&r->changed, (uint64_t)about.v, 1);
}

static int newest_first(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x < *y) - (*x > *y);
}

static err learn_changes(struct ctx *ctx, struct reload *r)
{
	uint64_t id, one;
	TRY(store_since(ctx, &r->file->mark, hear, r));
	if (r->lost)
		return ERR_NOT_FOUND;
	r->ids = mem_new(r->changed.n, (ptrdiff_t)sizeof *r->ids);
	for (ptrdiff_t at = 0; map_next(&r->changed, &at, &id, &one);)
		r->ids[r->n++] = (int64_t)id;
	if (r->n)
		qsort(r->ids, (size_t)r->n, sizeof *r->ids, newest_first);
	return OK;
}

// Topics are spelled as the database does now.
static err spell_some(struct ctx *ctx, struct reload *r, const str *names, ptrdiff_t n)
{
	struct note_topic *spelled;
	ptrdiff_t n_spelled;
	TRY(topics_spelled(ctx, names, n, &spelled, &n_spelled));
	rwlock_write(&r->feed->world);
	for (ptrdiff_t i = 0; i < n_spelled; i++)
		world_spell(r->feed, &spelled[i]);
	rwlock_write_done(&r->feed->world);
	return OK;
}

static err spell_left(struct ctx *ctx, struct reload *r)
{
	str names[AT_ONCE];
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < r->file->n_topics; i++) {
		if (r->left[i])
			names[n++] = r->file->topics[i].name;
		r->left[i] = false;
		if (n == AT_ONCE || (n && i == r->file->n_topics - 1)) {
			TRY(spell_some(ctx, r, names, n));
			n = 0;
		}
	}
	return OK;
}

// To its end, where it says whether it is whole. Its topics become known, without any notes.
static err check(struct ctx *ctx, struct reload *r)
{
	struct checkpoint *c = r->file;
	do {
		TRY(checkpoint_next(c));
		checkpoint_leave(c, &r->changed, r->left);
	} while (c->n);
	rwlock_write(&r->feed->world);
	checkpoint_place(r->feed, c);
	rwlock_write_done(&r->feed->world);
	TRY(spell_left(ctx, r));
	return checkpoint_rewind(c);
}

// What changed of the time down to `lowest`, as the database has it. What was told since the start is newer.
static err load_changed(struct ctx *ctx, struct reload *r, int64_t lowest)
{
	while (r->at < r->n && r->ids[r->at] >= lowest) {
		note_id ids[AT_ONCE];
		struct page p;
		ptrdiff_t n = 0;
		while (n < AT_ONCE && r->at < r->n && r->ids[r->at] >= lowest)
			ids[n++] = (note_id){r->ids[r->at++]};
		arena_reset(ctx->mem);
		TRY(page_of(ctx, ids, n, &p));
		rwlock_write(&r->feed->world);
		put_page(r->feed, &p);
		rwlock_write_done(&r->feed->world);
	}
	return OK;
}

static err load_pieces(struct ctx *ctx, struct reload *r)
{
	struct feed *f = r->feed;
	struct checkpoint *c = r->file;
	while (r->at < r->n && r->ids[r->at] >= f->oldest_loaded.v)
		r->at++; // newer than all that comes
	rwlock_write(&f->world);
	f->cut = MAX(f->cut, c->cut);
	f->loved_least = MAX(f->loved_least, c->loved_least);
	rwlock_write_done(&f->world);
	do {
		TRY(checkpoint_next(c));
		rwlock_write(&f->world);
		checkpoint_put(f, c, f->oldest_loaded, &r->changed, r->left);
		rwlock_write_done(&f->world);
		TRY(load_changed(ctx, r, c->n ? c->below : 1));
		rwlock_write(&f->world);
		f->reached = c->n ? MIN(f->reached, c->below) : 0;
		rwlock_write_done(&f->world);
		world_shed(f);
		if (feed_stopping(f))
			return ERR_UNAVAILABLE;
	} while (c->n);
	return spell_left(ctx, r);
}

// It was made for less memory: what it lacks there is room for now.
static bool lacks(const struct feed *f, const struct checkpoint *c)
{
	return c->cut && (!f->bound || f->bound > c->bound);
}

static err load(struct ctx *ctx, struct reload *r)
{
	if (lacks(r->feed, r->file))
		return ERR_NOT_FOUND;
	TRY(learn_changes(ctx, r));
	r->left = mem_new(r->file->n_topics, (ptrdiff_t)sizeof *r->left);
	TRY(check(ctx, r));
	return load_pieces(ctx, r);
}

static void set_reloading(struct feed *f, bool reloading)
{
	rwlock_write(&f->world);
	f->reloading = reloading;
	rwlock_write_done(&f->world);
}

err feed_reload(struct ctx *ctx, struct feed *f, str path)
{
	struct reload r = {.feed = f};
	int fd = open(str_z(ctx->mem, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return ERR_NOT_FOUND;
	TRY(checkpoint_open(fd, &r.file));
	set_reloading(f, true);
	err result = load(ctx, &r);
	set_reloading(f, false);
	atomic_fetch_add(&f->changes, (uint64_t)r.n); // the file lacks them
	checkpoint_close(r.file);
	map_free(&r.changed);
	mem_free(r.ids);
	mem_free(r.left);
	return result;
}
