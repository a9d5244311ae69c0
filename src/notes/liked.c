// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which notes people like, in memory: a page of twenty cards asks it once for whoever looks. All likes
// of a person are kept as sorted ids, loaded when first asked and kept true by changes; whoever likes
// very much is asked of the database each time.
#include "notes/private.h"

#include "store/store.h"

#include <string.h>

#define LIKES_MOST 4000       // of one person
#define KEPT_MOST (512 << 10) // ids of all, 4 MB; more forgets all

struct likes_of {
	int64_t *notes; // rising
	ptrdiff_t n, cap;
};

struct notes {
	struct rwlock lock;    // guards what follows
	struct map by_account; // → struct likes_of on the heap
	ptrdiff_t kept;        // ids
	uint64_t changes;      // so far: what was loaded before one is not kept after it
};

static struct likes_of *likes_at(uint64_t value)
{
	return (struct likes_of *)(uintptr_t)value;
}

static void forget_all(struct notes *m)
{
	uint64_t key, value;
	for (ptrdiff_t at = 0; map_next(&m->by_account, &at, &key, &value);) {
		mem_free(likes_at(value)->notes);
		mem_free(likes_at(value));
	}
	map_free(&m->by_account);
	m->kept = 0;
}

// Where the note stands, or would.
static ptrdiff_t place_of(const struct likes_of *l, int64_t note)
{
	ptrdiff_t low = 0, high = l->n;
	while (low < high) {
		ptrdiff_t mid = (low + high) / 2;
		if (l->notes[mid] < note)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool holds(const struct likes_of *l, int64_t note)
{
	ptrdiff_t at = place_of(l, note);
	return at < l->n && l->notes[at] == note;
}

static void insert(struct likes_of *l, int64_t note)
{
	ptrdiff_t at = place_of(l, note);
	if (at < l->n && l->notes[at] == note)
		return;
	if (l->n == l->cap) {
		ptrdiff_t more = l->cap + MAX(l->cap / 2, 8);
		l->notes = mem_resize(l->notes, l->cap, more, (ptrdiff_t)sizeof *l->notes);
		l->cap = more;
	}
	memmove(l->notes + at + 1, l->notes + at, (size_t)(l->n - at) * sizeof *l->notes);
	l->notes[at] = note;
	l->n++;
}

static void delete (struct likes_of *l, int64_t note)
{
	ptrdiff_t at = place_of(l, note);
	if (at == l->n || l->notes[at] != note)
		return;
	l->n--;
	memmove(l->notes + at, l->notes + at + 1, (size_t)(l->n - at) * sizeof *l->notes);
}

static void on_change(struct ctx *ctx, const struct change *c, void *arg)
{
	struct notes *m = arg;
	uint64_t value;
	(void)ctx;
	if (c->kind != CHANGE_LIKE && c->kind != CHANGE_LOST)
		return;
	rwlock_write(&m->lock);
	m->changes++;
	if (c->kind == CHANGE_LOST) {
		forget_all(m);
	} else if (map_get(&m->by_account, (uint64_t)c->actor, &value)) {
		struct likes_of *l = likes_at(value);
		m->kept -= l->n;
		if (c->extra > 0)
			insert(l, c->subject);
		else
			delete (l, c->subject);
		m->kept += l->n;
	}
	rwlock_write_done(&m->lock);
}

void liked_start(struct ctx *ctx)
{
	struct notes *m = mem_new(1, (ptrdiff_t)sizeof *m);
	rwlock_init(&m->lock);
	ctx->house->notes = m;
	if (ctx->house->store)
		store_listen(ctx->house->store, on_change, m);
}

void notes_stop(struct house *house)
{
	if (!house->notes)
		return;
	forget_all(house->notes);
	mem_free(house->notes);
	house->notes = NULL;
}

static bool from_memory(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out, uint64_t *changes)
{
	struct notes *m = ctx->house->notes;
	uint64_t value;
	rwlock_read(&m->lock);
	bool known = map_get(&m->by_account, (uint64_t)ctx->viewer.account.v, &value);
	for (ptrdiff_t i = 0; known && i < n; i++)
		out[i] = holds(likes_at(value), ids[i].v);
	*changes = m->changes;
	rwlock_read_done(&m->lock);
	return known;
}

static void keep(struct notes *m, account_id account, const struct likings_all_row *rows,
	ptrdiff_t n, uint64_t changes)
{
	uint64_t value;
	struct likes_of *l = mem_new(1, (ptrdiff_t)sizeof *l);
	l->notes = mem_new(n, (ptrdiff_t)sizeof *l->notes);
	for (ptrdiff_t i = 0; i < n; i++)
		l->notes[i] = rows[i].note.v;
	l->n = l->cap = n;
	rwlock_write(&m->lock);
	if (m->kept > KEPT_MOST)
		forget_all(m);
	bool wanted =
		m->changes == changes && !map_get(&m->by_account, (uint64_t)account.v, &value);
	if (wanted) {
		map_put(&m->by_account, (uint64_t)account.v, (uint64_t)(uintptr_t)l);
		m->kept += n + 16; // with what the entry itself takes
	}
	rwlock_write_done(&m->lock);
	if (!wanted) {
		mem_free(l->notes);
		mem_free(l);
	}
}

static err from_store(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out)
{
	struct likings_of_row *rows;
	ptrdiff_t n_rows;
	TRY(likings_of(ctx, ctx->viewer.account, ids, n, &rows, &n_rows));
	for (ptrdiff_t r = 0; r < n_rows; r++)
		for (ptrdiff_t i = 0; i < n; i++)
			out[i] |= ids[i].v == rows[r].note.v;
	return OK;
}

err likes_among(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out)
{
	struct likings_all_row *rows;
	ptrdiff_t n_rows;
	uint64_t changes;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = false;
	if (!ctx->viewer.account.v || !n)
		return OK;
	// Within a transaction memory does not know yet what was just written.
	if (!ctx->house->notes || ctx->pending)
		return from_store(ctx, ids, n, out);
	if (from_memory(ctx, ids, n, out, &changes))
		return OK;
	TRY(likings_all(ctx, ctx->viewer.account, LIKES_MOST + 1, &rows, &n_rows));
	if (n_rows > LIKES_MOST)
		return from_store(ctx, ids, n, out);
	struct likes_of all = {NEW_N(ctx->mem, int64_t, n_rows), n_rows, n_rows};
	for (ptrdiff_t r = 0; r < n_rows; r++)
		all.notes[r] = rows[r].note.v;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = holds(&all, ids[i].v);
	keep(ctx->house->notes, ctx->viewer.account, rows, n_rows, changes);
	return OK;
}
