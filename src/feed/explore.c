// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading explore: the order of a snapshot as a reader of certain languages gets it. A cursor names
// the snapshot and how far one has read in it; the same inputs give the same page.
#include "feed/private.h"

#include <string.h>

#define TOPIC_MOST 4000   // notes of one topic that are ordered
#define READINGS_MOST 400 // of one snapshot

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
		const struct fact *fact = &f->facts[index];
		if (fact->visibility != VIS_PUBLIC || (fact->flags & FACT_GONE))
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

// What is left of one author alone at the end is left out rather than shown twice in a row; where
// there is no other author at all, there is nobody to come between.
static void end(struct reading *r)
{
	r->done = true;
	for (bool alone = r->shown.n == 1; alone && waits(r); r->first_waiting++)
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

static void preferred(const struct feed *f, const lang *reads, int n_reads, bool *mine)
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
	known = order_line(f, &f->topics.at[index - 1].notes, TOPIC_MOST, s->at);
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
	preferred(f, q->reads, q->n_reads, mine);
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

// "EPOCH.OFFSET"
static err read_cursor(str cursor, uint64_t *epoch, int64_t *offset)
{
	int64_t e = 0, o = 0;
	str rest = cursor;
	if (cursor.n && (!str_int(str_cut(&rest, '.'), &e) || !str_int(rest, &o) || e < 0 || o < 0))
		return ERR_NOT_FOUND;
	*epoch = (uint64_t)e;
	*offset = MIN(o, RECENT_MOST);
	return OK;
}

static void read_page(const struct feed *f, struct snapshot *s, struct reading *r, int64_t offset,
	int limit, struct feed_page *page)
{
	ptrdiff_t before = r->shown.cap;
	while (!r->done && r->shown.n <= offset + limit)
		show_next(f, r);
	s->bytes += (r->shown.cap - before) * (ptrdiff_t)sizeof *r->shown.at;
	for (int64_t i = offset; i < r->shown.n && page->n < limit; i++)
		page->ids[page->n++] = (note_id){f->facts[r->shown.at[i]].id};
}

err feed_explore(struct ctx *ctx, const struct explore_query *q, struct feed_page *out)
{
	struct feed *f = ctx->house->feed;
	uint64_t epoch;
	int64_t offset;
	TRY(read_cursor(q->cursor, &epoch, &offset));
	struct feed_page page = {.ids = NEW_N(ctx->mem, note_id, q->limit)};
	lock_take(&f->snapshots_lock);
	rwlock_read(&f->world);
	struct snapshot *s = snapshot_of(f, epoch);
	struct reading *r = reading_of(ctx, f, s, q);
	if (r)
		read_page(f, s, r, offset, q->limit, &page);
	if (r && r->shown.n > offset + page.n) {
		s->used = true;
		page.next = str_fmt(ctx->mem, "%llu.%lld", (unsigned long long)s->epoch,
			(long long)(offset + page.n));
	}
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

static void choose(struct ctx *ctx, struct feed_topic *topics, ptrdiff_t *n, int limit,
	const struct topic_line *t)
{
	if (*n < limit && !is_chosen(topics, *n, t->name))
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
	lock_take(&f->snapshots_lock);
	rwlock_read(&f->world);
	preferred(f, reads, n_reads, mine);
	while (liked.p) {
		uintptr_t index = (uintptr_t)strmap_get(&f->by_topic, str_cut(&liked, ' '));
		if (index)
			choose(ctx, topics, &n, limit, &f->topics.at[index - 1]);
	}
	const struct snapshot *s = f->snapshots[0];
	for (int pass = 0; pass < 2; pass++)
		for (ptrdiff_t i = 0; i < s->n_alive; i++)
			if ((!n_reads || mine[s->alive[i].language]) == (pass == 0))
				choose(ctx, topics, &n, limit, &f->topics.at[s->alive[i].topic]);
	rwlock_read_done(&f->world);
	lock_release(&f->snapshots_lock);
	*out = topics;
	*n_out = n;
	return OK;
}
