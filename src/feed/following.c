// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The following feed: a merge of the newest notes of everybody the viewer follows, by a heap over
// their timelines. Who follows very many finds most of the newest notes to be of them: these are
// looked through first. Whom somebody follows is read when first asked, and again after it changed.
#include "feed/private.h"

#include "accounts/accounts.h"

#define VERY_MANY 1000
#define LOOKED_AT_MOST 20000 // notes for one page

static void set_bits(struct author *a, uint32_t n_authors)
{
	mem_free(a->follow_bits);
	a->follow_bits = NULL;
	a->n_bits = 0;
	if (a->n_follows < VERY_MANY)
		return;
	a->n_bits = n_authors;
	a->follow_bits = mem_new((n_authors + 63) / 64, (ptrdiff_t)sizeof *a->follow_bits);
	for (uint32_t i = 0; i < a->n_follows; i++)
		a->follow_bits[a->follows[i] / 64] |= 1ULL << a->follows[i] % 64;
}

static bool is_followed(const struct author *me, uint32_t author)
{
	return author < me->n_bits && me->follow_bits[author / 64] >> author % 64 & 1;
}

static void set_follows(struct feed *f, uint32_t who, const account_id *ids, ptrdiff_t n)
{
	uint32_t *follows = mem_new(n, (ptrdiff_t)sizeof *follows);
	for (ptrdiff_t i = 0; i < n; i++)
		follows[i] = world_author(f, ids[i]);
	struct author *a = &f->authors.at[who];
	mem_free(a->follows);
	a->follows = follows;
	a->n_follows = (uint32_t)n;
	set_bits(a, (uint32_t)f->authors.n);
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

struct merging {
	const struct feed *f;
	const struct author *me;
	uint32_t me_index;
	int64_t before; // what comes next is older; 0: from the newest
	int limit;
	struct feed_page *page;
};

static void take(struct merging *m, uint32_t index)
{
	const struct fact *fact = &m->f->facts[index];
	m->before = fact->id;
	bool seen = fact->visibility != VIS_ONLY_ME && !m->f->authors.at[fact->author].hidden;
	if (seen || fact->author == m->me_index)
		m->page->ids[m->page->n++] = (note_id){fact->id};
}

// The newest notes of everybody: true when the page is full or there are no more.
static bool look_through(struct merging *m)
{
	struct walk w = walk_below(m->f, &m->f->all, m->before);
	for (int i = 0; i < LOOKED_AT_MOST && m->page->n < m->limit; i++) {
		if (!walk_peek(m->f, &w))
			return true;
		uint32_t index = walk_take(&w);
		const struct fact *fact = &m->f->facts[index];
		if ((fact->author == m->me_index || is_followed(m->me, fact->author)) &&
			!(fact->flags & FACT_GONE))
			take(m, index);
		else
			m->before = fact->id;
	}
	return m->page->n == m->limit;
}

// By a heap over the timelines of all. What others keep for themselves is passed over, up to a bound:
// then the page is shorter, and the next goes on. True when there is more.
static bool merge(struct ctx *ctx, struct merging *m)
{
	struct head *heap = NEW_N(ctx->mem, struct head, (ptrdiff_t)m->me->n_follows + 1);
	ptrdiff_t n = 0;
	add_head(m->f, heap, &n, m->me_index, m->before);
	for (uint32_t i = 0; i < m->me->n_follows; i++)
		add_head(m->f, heap, &n, m->me->follows[i], m->before);
	for (ptrdiff_t i = n / 2 - 1; i >= 0; i--)
		sift_down(heap, n, i);
	for (int i = 0; n && i < LOOKED_AT_MOST && m->page->n < m->limit; i++) {
		take(m, walk_take(&heap[0].walk));
		heap[0].id = walk_peek(m->f, &heap[0].walk);
		if (!heap[0].id)
			heap[0] = heap[--n];
		sift_down(heap, n, 0);
	}
	return n > 0;
}

static void fill_page(struct ctx *ctx, struct merging *m)
{
	bool more = true;
	if (!m->me->follow_bits || !look_through(m))
		more = merge(ctx, m);
	else
		more = m->page->n == m->limit;
	if (more)
		m->page->next = str_fmt(ctx->mem, "%lld", (long long)m->before);
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
			fill_page(ctx,
				&(struct merging){f, me, (uint32_t)index, before, limit, page});
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
