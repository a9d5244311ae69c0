// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The following feed: a merge of the newest notes of everybody the viewer follows, by a heap over
// their timelines. Whom somebody follows is read when first asked, and again after it changed.
#include "feed/private.h"

#include "accounts/accounts.h"

static void set_follows(struct feed *f, uint32_t who, const account_id *ids, ptrdiff_t n)
{
	uint32_t *follows = mem_new(n, (ptrdiff_t)sizeof *follows);
	for (ptrdiff_t i = 0; i < n; i++)
		follows[i] = world_author(f, ids[i]);
	struct author *a = &f->authors.at[who];
	mem_free(a->follows);
	a->follows = follows;
	a->n_follows = (uint32_t)n;
	a->loaded = true;
}

// A list that changed while it was read is read once more.
static err load_follows(struct ctx *ctx, struct feed *f, account_id viewer)
{
	for (bool loaded = false; !loaded;) {
		account_id *ids;
		ptrdiff_t n;
		rwlock_write(&f->world);
		uint32_t me = world_author(f, viewer), turns = f->authors.at[me].follow_turns;
		rwlock_write_done(&f->world);
		TRY(following_all(ctx, viewer, &ids, &n));
		rwlock_write(&f->world);
		loaded = f->authors.at[me].loaded;
		if (!loaded && f->authors.at[me].follow_turns == turns) {
			set_follows(f, me, ids, n);
			loaded = true;
		}
		rwlock_write_done(&f->world);
	}
	return OK;
}

void follows_forget(struct feed *f)
{
	list_each (a, &f->authors) {
		a->follow_turns++;
		a->loaded = false;
	}
}

// Read anew when next wanted: what other processes do may be heard late and in another order.
void follows_change(struct feed *f, account_id follower)
{
	uint64_t index;
	rwlock_write(&f->world);
	if (map_get(&f->by_account, (uint64_t)follower.v, &index)) {
		f->authors.at[index].follow_turns++;
		f->authors.at[index].loaded = false;
	}
	rwlock_write_done(&f->world);
}

struct head {
	int64_t id;
	struct walk walk;
};

static void sift_down(struct head *heap, ptrdiff_t n, ptrdiff_t i)
{
	for (;;) {
		ptrdiff_t big = i, left = 2 * i + 1;
		if (left < n && heap[left].id > heap[big].id)
			big = left;
		if (left + 1 < n && heap[left + 1].id > heap[big].id)
			big = left + 1;
		if (big == i)
			return;
		struct head h = heap[i];
		heap[i] = heap[big];
		heap[big] = h;
		i = big;
	}
}

static void add_head(
	const struct feed *f, struct head *heap, ptrdiff_t *n, uint32_t author, int64_t before)
{
	struct head h = {.walk = walk_below(f, &f->authors.at[author].notes, before)};
	h.id = walk_peek(f, &h.walk);
	if (h.id)
		heap[(*n)++] = h;
}

static void merge(struct ctx *ctx, const struct feed *f, const struct author *me, uint32_t me_index,
	int64_t before, int limit, struct feed_page *page)
{
	struct head *heap = NEW_N(ctx->mem, struct head, (ptrdiff_t)me->n_follows + 1);
	ptrdiff_t n = 0;
	add_head(f, heap, &n, me_index, before);
	for (uint32_t i = 0; i < me->n_follows; i++)
		add_head(f, heap, &n, me->follows[i], before);
	for (ptrdiff_t i = n / 2 - 1; i >= 0; i--)
		sift_down(heap, n, i);
	while (n && page->n < limit) {
		const struct fact *fact = &f->facts[walk_take(&heap[0].walk)];
		if (fact->visibility != VIS_ONLY_ME || fact->author == me_index)
			page->ids[page->n++] = (note_id){fact->id};
		heap[0].id = walk_peek(f, &heap[0].walk);
		if (!heap[0].id)
			heap[0] = heap[--n];
		sift_down(heap, n, 0);
	}
	if (n && page->n)
		page->next = str_fmt(ctx->mem, "%lld", (long long)page->ids[page->n - 1].v);
}

static bool merge_if_loaded(
	struct ctx *ctx, struct feed *f, int64_t before, int limit, struct feed_page *page)
{
	uint64_t index;
	bool loaded = false;
	rwlock_read(&f->world);
	if (map_get(&f->by_account, (uint64_t)ctx->viewer.account.v, &index)) {
		const struct author *me = &f->authors.at[index];
		loaded = me->loaded;
		if (loaded)
			merge(ctx, f, me, (uint32_t)index, before, limit, page);
	}
	rwlock_read_done(&f->world);
	return loaded;
}

err feed_following(struct ctx *ctx, str cursor, int limit, struct feed_page *out)
{
	struct feed *f = ctx->house->feed;
	struct feed_page page = {.ids = NEW_N(ctx->mem, note_id, limit)};
	int64_t before = 0;
	if (!ctx->viewer.account.v)
		return ERR_SIGN_IN;
	if (cursor.n && !id_parse(cursor, &before))
		return ERR_NOT_FOUND;
	if (!merge_if_loaded(ctx, f, before, limit, &page)) {
		TRY(load_follows(ctx, f, ctx->viewer.account));
		if (!merge_if_loaded(ctx, f, before, limit, &page))
			return ERR_UNAVAILABLE; // changed again at once: the next try finds it
	}
	*out = page;
	return OK;
}
