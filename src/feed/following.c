// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The following feed: a merge of the newest notes of everybody the viewer follows, by a heap over
// their timelines. Who follows very many finds most of the newest notes to be of them: these are
// looked through first. Whom somebody follows is read when first asked, and again after it changed.
// Only what the viewer sees is taken, so that pages are full and lead on from what is on them: notes for
// friends of those who follow back, notes for few where they name the viewer.
#include "feed/private.h"

#include "accounts/accounts.h"

#define VERY_MANY 1000
#define LOOKED_AT_MOST 20000 // notes of everybody for one page
#define MERGED_MOST 500000   // notes of those who are followed for one page
#define ASKED_AT_ONCE 1000

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

// Which authors follow the viewer back, by account: as far as their notes for those have been met.
struct friends {
	struct map known; // account → whether
	LIST(account_id) unknown;
};

struct merging {
	const struct feed *f;
	const struct author *me;
	uint32_t me_index;
	int64_t before; // what comes next is older; 0: from the newest
	ptrdiff_t limit;
	struct friends *friends;
	LIST(note_id) ids;
};

static bool follows_back(struct ctx *ctx, struct merging *m, account_id author)
{
	uint64_t back;
	if (map_get(&m->friends->known, (uint64_t)author.v, &back))
		return back;
	map_put(&m->friends->known, (uint64_t)author.v, false);
	list_push(ctx->mem, &m->friends->unknown, author);
	return false;
}

// Of somebody followed. Notes for those whom they name are found by the names.
static bool is_seen(struct ctx *ctx, struct merging *m, const struct fact *fact)
{
	const struct author *author = &m->f->authors.at[fact->author];
	if (fact->author == m->me_index)
		return true;
	if (author->hidden)
		return false;
	return fact->visibility <= VIS_FOLLOWERS ||
	       (fact->visibility == VIS_MUTUALS && follows_back(ctx, m, author->id));
}

static void take(struct ctx *ctx, struct merging *m, uint32_t index)
{
	const struct fact *fact = &m->f->facts[index];
	m->before = fact->id;
	if (is_seen(ctx, m, fact))
		list_push(ctx->mem, &m->ids, (note_id){fact->id});
}

// The newest notes of everybody: true when the page is full or there are no more.
static bool look_through(struct ctx *ctx, struct merging *m)
{
	struct walk w = walk_below(m->f, &m->f->all, m->before);
	for (int i = 0; i < LOOKED_AT_MOST && m->ids.n < m->limit; i++) {
		if (!walk_peek(m->f, &w))
			return true;
		uint32_t index = walk_take(&w);
		const struct fact *fact = &m->f->facts[index];
		if ((fact->author == m->me_index || is_followed(m->me, fact->author)) &&
			!(fact->flags & FACT_GONE))
			take(ctx, m, index);
		else
			m->before = fact->id;
	}
	return m->ids.n == m->limit;
}

// By a heap over the timelines of all. What others keep for themselves is passed over, up to a bound.
static void merge(struct ctx *ctx, struct merging *m)
{
	struct head *heap = NEW_N(ctx->mem, struct head, (ptrdiff_t)m->me->n_follows + 1);
	ptrdiff_t n = 0;
	add_head(m->f, heap, &n, m->me_index, m->before);
	for (uint32_t i = 0; i < m->me->n_follows; i++)
		add_head(m->f, heap, &n, m->me->follows[i], m->before);
	for (ptrdiff_t i = n / 2 - 1; i >= 0; i--)
		sift_down(heap, n, i);
	for (int i = 0; n && i < MERGED_MOST && m->ids.n < m->limit; i++) {
		take(ctx, m, walk_take(&heap[0].walk));
		heap[0].id = walk_peek(m->f, &heap[0].walk);
		if (!heap[0].id)
			heap[0] = heap[--n];
		sift_down(heap, n, 0);
	}
}

static bool merge_if_loaded(struct ctx *ctx, struct feed *f, struct merging *m)
{
	uint64_t index;
	bool loaded = false;
	rwlock_read(&f->world);
	if (map_get(&f->by_account, (uint64_t)ctx->viewer.account.v, &index)) {
		m->f = f;
		m->me = &f->authors.at[index];
		m->me_index = (uint32_t)index;
		loaded = m->me->loaded;
		if (loaded && (!m->me->follow_bits || !look_through(ctx, m)))
			merge(ctx, m);
	}
	rwlock_read_done(&f->world);
	return loaded;
}

static err ask_friends(struct ctx *ctx, struct friends *friends)
{
	for (ptrdiff_t at = 0; at < friends->unknown.n; at += ASKED_AT_ONCE) {
		const account_id *ids = friends->unknown.at + at;
		ptrdiff_t n = MIN(friends->unknown.n - at, ASKED_AT_ONCE);
		bool *back = NEW_N(ctx->mem, bool, n);
		TRY(followers_among(ctx, ids, n, back));
		for (ptrdiff_t i = 0; i < n; i++)
			map_put(&friends->known, (uint64_t)ids[i].v, back[i]);
	}
	friends->unknown.n = 0;
	return OK;
}

// From memory, the newest first. Once more where notes for friends were met: then it is known of whom.
static err find(struct ctx *ctx, int64_t before, ptrdiff_t limit, struct friends *friends,
	struct merging *out)
{
	struct feed *f = ctx->house->feed;
	for (int turn = 0; turn < 2; turn++) {
		struct merging m = {.before = before, .limit = limit, .friends = friends};
		if (!merge_if_loaded(ctx, f, &m)) {
			TRY(load_follows(ctx, f, ctx->viewer.account));
			if (!merge_if_loaded(ctx, f, &m))
				return ERR_UNAVAILABLE; // changed again at once: the next try finds it
		}
		*out = m;
		if (turn || !friends->unknown.n)
			break;
		TRY(ask_friends(ctx, friends));
	}
	return OK;
}

// Two lists, newest first, as one; what stands in both once.
static ptrdiff_t join(
	const note_id *a, ptrdiff_t n_a, const note_id *b, ptrdiff_t n_b, note_id *out)
{
	ptrdiff_t n = 0, i = 0, k = 0;
	while (i < n_a || k < n_b) {
		bool from_a = k == n_b || (i < n_a && a[i].v >= b[k].v);
		note_id next = from_a ? a[i++] : b[k++];
		if (!n || out[n - 1].v != next.v)
			out[n++] = next;
	}
	return n;
}

err feed_following(struct ctx *ctx, str cursor, int limit, struct feed_page *out)
{
	struct friends friends = {0};
	struct merging found;
	struct note_page naming;
	int64_t before = 0;
	if (!ctx->viewer.account.v)
		return ERR_SIGN_IN;
	if (cursor.n && !id_parse(cursor, &before))
		return ERR_NOT_FOUND;
	err failed = find(ctx, before, limit + 1, &friends, &found);
	map_free(&friends.known);
	TRY(failed);
	TRY(notes_naming(ctx, (note_id){before}, limit + 1, &naming));
	note_id *ids = NEW_N(ctx->mem, note_id, found.ids.n + naming.n);
	ptrdiff_t n = join(found.ids.at, found.ids.n, naming.ids, naming.n, ids);
	struct feed_page page = {.ids = ids, .n = MIN(n, limit)};
	if (n > limit)
		page.next = str_fmt(ctx->mem, "%lld", (long long)ids[limit - 1].v);
	*out = page;
	return OK;
}
