// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading explore: the order of a snapshot as a reader of certain languages gets it. A cursor names
// the snapshot and how far one has read in it; the same inputs give the same page.
#include "feed/private.h"

#include "store/store.h"

#include <string.h>

#define TOPIC_NOTES_MOST 4000    // notes of one topic that are ordered
#define READINGS_MOST 400        // of one snapshot
#define OWN_FOR (30 * MS_MINUTE) // a note is sure of its author's first page

void reading_free(struct reading *r)
{
	list_free(&r->shown);
	list_free(&r->waiting);
	mem_free(r);
}

// The next of this pass, or -1 when it is over. What was deleted or hidden meanwhile is passed over.
static int64_t next_of_pass(const struct feed *f, struct reading *r)
{
	while (r->at < r->order->n) {
		uint32_t index = r->order->at[r->at++];
		const struct fact *fact = order_fact(f, r->order, index);
		if (!fact)
			continue;
		if (r->anything ? r->pass == 0 : r->mine[fact->language] == (r->pass == 0))
			return index;
	}
	return -1;
}

static bool suits(const struct feed *f, const struct reading *r, uint32_t index)
{
	return !r->shown.n ||
	       f->facts[index].author != f->facts[r->shown.at[r->shown.n - 1]].author;
}

static bool waits(const struct reading *r)
{
	return r->first_waiting < r->waiting.n;
}

// What is left at the end is all of one author, with nobody to come between: it follows in a row,
// since nothing may be hidden by its place.
static void end(struct reading *r)
{
	r->done = true;
	for (; waits(r); r->first_waiting++)
		list_push(NULL, &r->shown, r->waiting.at[r->first_waiting]);
	list_free(&r->waiting);
	r->first_waiting = 0;
}

static void show_next(const struct feed *f, struct reading *r)
{
	if (waits(r) && suits(f, r, r->waiting.at[r->first_waiting])) {
		list_push(NULL, &r->shown, r->waiting.at[r->first_waiting++]);
		return;
	}
	while (r->pass < 2) {
		int64_t next = next_of_pass(f, r);
		if (next < 0) {
			r->pass++;
			r->at = 0;
		} else if (suits(f, r, (uint32_t)next)) {
			list_push(NULL, &r->shown, (uint32_t)next);
			return;
		} else {
			list_push(NULL, &r->waiting, (uint32_t)next);
		}
	}
	end(r);
}

void world_read_by(const struct feed *f, const lang *reads, int n_reads, bool *mine)
{
	for (int i = 0; i < f->n_languages; i++)
		for (int k = 0; k < n_reads; k++)
			mine[i] |= lang_same_base(f->languages[i], reads[k]);
	int wordless = world_language(f, (lang){0}); // pictures without a text are for everyone
	if (wordless >= 0)
		mine[wordless] = true;
}

static const struct order *order_of(struct feed *f, struct snapshot *s, str topic)
{
	struct order *known = strmap_get(&s->topics, topic);
	if (!topic.n)
		return &s->all;
	if (known)
		return known;
	uintptr_t index = (uintptr_t)strmap_get(&f->by_topic, topic);
	if (!index)
		return NULL;
	known = order_line(f, &f->topics.at[index - 1].notes, TOPIC_NOTES_MOST, s->at);
	s->bytes += known->n * (ptrdiff_t)sizeof *known->at;
	strmap_put(&s->topics, topic, known);
	return known;
}

static void forget_readings(struct snapshot *s)
{
	str key;
	void *value;
	for (ptrdiff_t at = 0; strmap_next(&s->readings, &at, &key, &value);)
		reading_free(value);
	strmap_free(&s->readings);
}

// The readers of the same languages read the same.
static struct reading *reading_of(
	struct ctx *ctx, struct feed *f, struct snapshot *s, const struct explore_query *q)
{
	bool mine[LANGUAGES_MOST] = {0};
	struct sb key = sb_new(ctx->mem, 256);
	world_read_by(f, q->reads, q->n_reads, mine);
	sb_fmt(&key, "%d", q->n_reads == 0);
	for (int i = 0; i < f->n_languages; i++)
		if (mine[i])
			sb_fmt(&key, " %d", i);
	sb_fmt(&key, "#%.*s", STR_ARGS(q->topic));
	struct reading *known = strmap_get(&s->readings, sb_str(&key));
	if (known)
		return known;
	const struct order *order = order_of(f, s, q->topic);
	if (!order)
		return NULL;
	if (s->readings.n >= READINGS_MOST)
		forget_readings(s);
	known = mem_new(1, (ptrdiff_t)sizeof *known);
	known->order = order;
	known->anything = q->n_reads == 0;
	memcpy(known->mine, mine, sizeof mine);
	s->bytes += (ptrdiff_t)sizeof *known;
	strmap_put(&s->readings, sb_str(&key), known);
	return known;
}

// Where a page begins: "EPOCH.OFFSET", and ".ID" of the oldest of the viewer's own notes that stood
// on the first page before their turn.
struct place {
	uint64_t epoch;
	int64_t offset, own;
};

static err read_cursor(str cursor, struct place *out)
{
	int64_t epoch = 0, offset = 0, own = 0;
	str rest = cursor;
	if (cursor.n && (!str_int(str_cut(&rest, '.'), &epoch) ||
				!str_int(str_cut(&rest, '.'), &offset) || epoch < 0 || offset < 0))
		return ERR_NOT_FOUND;
	if (rest.n && (!str_int(rest, &own) || own < 0))
		return ERR_NOT_FOUND;
	*out = (struct place){(uint64_t)epoch, MIN(offset, ORDER_MOST), own};
	return OK;
}

static str write_cursor(struct arena *mem, const struct place *p)
{
	str plain = str_fmt(mem, "%llu.%lld", (unsigned long long)p->epoch, (long long)p->offset);
	return p->own ? str_fmt(mem, "%.*s.%lld", STR_ARGS(plain), (long long)p->own) : plain;
}

static bool has_topic(const struct feed *f, const struct fact *fact, uint32_t topic)
{
	uint32_t n = fact->topics ? f->pool.at[fact->topics] : 0;
	for (uint32_t i = 1; i <= n; i++)
		if (f->pool.at[fact->topics + i] == topic)
			return true;
	return false;
}

// One page as it is put together: notes of the reading, and between them the viewer's own.
struct sheet {
	const struct feed *f;
	struct reading *r;
	struct place at;
	uint32_t me;        // author index
	LIST(uint32_t) own; // to be shown on this page
	ptrdiff_t n_own;    // of these are on it
	uint32_t last;      // author of the note shown last
	int limit;
	struct feed_page *page;
};

// The viewer's newest notes that belong here, newest first, so many that others have room.
static void find_own(struct ctx *ctx, struct sheet *s, account_id viewer, str topic)
{
	const struct feed *f = s->f;
	uint64_t me;
	if (!viewer.v || !map_get(&f->by_account, (uint64_t)viewer.v, &me))
		return;
	s->me = (uint32_t)me;
	uintptr_t tab = topic.n ? (uintptr_t)strmap_get(&f->by_topic, topic) : 0;
	struct walk w = walk_below(f, &f->authors.at[me].entries, 0);
	int64_t floor = id_floor(ctx->now - OWN_FOR);
	while (walk_peek(f, &w) > floor && s->own.n < s->limit / 2) {
		uint32_t index = walk_take(&w);
		const struct fact *fact = &f->facts[index];
		if (!world_shows(f, fact) || (topic.n && !has_topic(f, fact, (uint32_t)(tab - 1))))
			continue;
		list_push(ctx->mem, &s->own, index);
		s->at.own = fact->id;
	}
}

static bool before_its_turn(const struct sheet *s, const struct fact *fact)
{
	return s->at.own && fact->author == s->me && fact->id >= s->at.own;
}

// The next note of the reading that is there and did not stand on the first page already; -1 at the end.
static int64_t next_of_reading(struct sheet *s)
{
	struct reading *r = s->r;
	for (;; s->at.offset++) {
		while (!r->done && r->shown.n <= s->at.offset)
			show_next(s->f, r);
		if (s->at.offset >= r->shown.n)
			return -1;
		uint32_t index = r->shown.at[s->at.offset];
		const struct fact *fact = order_fact(s->f, r->order, index);
		if (fact && !before_its_turn(s, fact)) // not hidden since
			return index;
	}
}

// Own ones early, but not two in a row as long as there are others; the page has room for them all.
static bool own_is_next(const struct sheet *s, int64_t next)
{
	ptrdiff_t left = s->own.n - s->n_own;
	if (!left || next < 0 || s->limit - s->page->n <= left)
		return left > 0;
	return (!s->page->n || s->last != s->me) && s->f->facts[next].author != s->me;
}

static void fill_sheet(struct sheet *s)
{
	struct feed_page *page = s->page;
	while (page->n < s->limit) {
		int64_t next = next_of_reading(s);
		bool own = own_is_next(s, next);
		if (!own && next < 0)
			return;
		const struct fact *fact =
			&s->f->facts[own ? s->own.at[s->n_own++] : (uint32_t)next];
		s->at.offset += !own;
		s->last = fact->author;
		page->ids[page->n++] = (note_id){fact->id};
	}
}

static void read_page(struct ctx *ctx, const struct feed *f, struct snapshot *s, struct reading *r,
	const struct explore_query *q, struct place at, struct feed_page *page)
{
	ptrdiff_t before = r->shown.cap;
	struct sheet sheet = {.f = f, .r = r, .at = at, .limit = q->limit, .page = page};
	uint64_t me;
	if (!q->cursor.n)
		find_own(ctx, &sheet, ctx->viewer.account, q->topic);
	else if (at.own && map_get(&f->by_account, (uint64_t)ctx->viewer.account.v, &me))
		sheet.me = (uint32_t)me;
	else
		sheet.at.own = 0;
	fill_sheet(&sheet);
	if (next_of_reading(&sheet) >= 0) {
		s->used = true;
		sheet.at.epoch = s->epoch;
		page->next = write_cursor(ctx->mem, &sheet.at);
	}
	s->bytes += (r->shown.cap - before) * (ptrdiff_t)sizeof *r->shown.at;
}

err feed_explore(struct ctx *ctx, const struct explore_query *q, struct feed_page *out)
{
	struct feed *f = ctx->house->feed;
	struct place at;
	TRY(read_cursor(q->cursor, &at));
	struct feed_page page = {.ids = NEW_N(ctx->mem, note_id, q->limit)};
	lock_take(&f->snapshots_lock);
	rwlock_read(&f->world);
	struct snapshot *s = snapshot_of(f, at.epoch);
	struct reading *r = reading_of(ctx, f, s, q);
	if (r)
		read_page(ctx, f, s, r, q, at, &page);
	rwlock_read_done(&f->world);
	lock_release(&f->snapshots_lock);
	*out = page;
	return OK;
}

uint64_t feed_epoch(struct feed *f)
{
	return atomic_load(&f->epoch);
}

static bool is_chosen(const struct feed_topic *topics, ptrdiff_t n, str name)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(topics[i].name, name))
			return true;
	return false;
}

// A topic that no public note has any more is not named.
static bool is_alive(const struct feed *f, const struct topic_line *t)
{
	for (struct walk w = walk_below(f, &t->notes, 0); walk_peek(f, &w);)
		if (world_shows(f, &f->facts[walk_take(&w)]))
			return true;
	return false;
}

static void choose(struct ctx *ctx, const struct feed *f, struct feed_topic *topics, ptrdiff_t *n,
	int limit, const struct topic_line *t)
{
	if (*n < limit && !is_chosen(topics, *n, t->name) && is_alive(f, t))
		topics[(*n)++] = (struct feed_topic){
			str_copy(ctx->mem, t->name), str_copy(ctx->mem, t->shown)};
}

err feed_topics(struct ctx *ctx, str liked, const lang *reads, int n_reads, int limit,
	struct feed_topic **out, ptrdiff_t *n_out)
{
	struct feed *f = ctx->house->feed;
	struct feed_topic *topics = NEW_N(ctx->mem, struct feed_topic, limit);
	ptrdiff_t n = 0;
	bool mine[LANGUAGES_MOST] = {0};
	// Who may see a note is asked when its card is loaded; nobody asks about the name of a topic.
	if (!store_is_heard(ctx->house->store))
		limit = 0;
	lock_take(&f->snapshots_lock);
	rwlock_read(&f->world);
	world_read_by(f, reads, n_reads, mine);
	while (liked.p) {
		uintptr_t index = (uintptr_t)strmap_get(&f->by_topic, str_cut(&liked, ' '));
		if (index)
			choose(ctx, f, topics, &n, limit, &f->topics.at[index - 1]);
	}
	const struct snapshot *s = f->snapshots[0];
	for (int pass = 0; pass < 2; pass++)
		for (ptrdiff_t i = 0; i < s->n_alive; i++)
			if ((!n_reads || mine[s->alive[i].language]) == (pass == 0))
				choose(ctx, f, topics, &n, limit, &f->topics.at[s->alive[i].topic]);
	rwlock_read_done(&f->world);
	lock_release(&f->snapshots_lock);
	*out = topics;
	*n_out = n;
	return OK;
}
