// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Explore: engagement with time decay, computed over the newest notes by the feed's own thread into
// immutable snapshots. A page replays the order for its reader from the snapshot its cursor names,
// so paging is stable, and the same inputs give the same order.
#include "feed/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOPIC_MOST 4000 // notes of one topic that are ordered
#define ALIVE_MOST 60
#define ALIVE_FOR (14 * MS_DAY)

// A comment says more than a like; four hours are as good as new.
static double score(const struct fact *fact, ms now)
{
	double engagement = 1 + fact->likes + 3.0 * fact->comments;
	double hours = (double)MAX(now - id_time(fact->id), 0) / (double)MS_HOUR;
	return engagement / pow(hours + 4, 1.3);
}

struct scored {
	double score;
	struct entry entry;
};

static int best_first(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return (x->entry.id < y->entry.id) - (x->entry.id > y->entry.id);
}

static struct order order_line(
	const struct feed *f, const struct timeline *line, ptrdiff_t most, ms now)
{
	struct walk w = walk_below(f, line, 0);
	ptrdiff_t cap = MIN(most, (ptrdiff_t)line->n_fresh + line->n_old), n = 0;
	struct scored *found = mem_new(cap, (ptrdiff_t)sizeof *found);
	while (n < cap && walk_peek(f, &w)) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		if (fact->visibility != VIS_PUBLIC || (fact->flags & FACT_GONE))
			continue;
		found[n++] =
			(struct scored){score(fact, now), {fact->id, fact->author, fact->language}};
	}
	if (n)
		qsort(found, (size_t)n, sizeof *found, best_first);
	struct order order = {mem_new(n, (ptrdiff_t)sizeof *order.at), n};
	for (ptrdiff_t i = 0; i < n; i++)
		order.at[i] = found[i].entry;
	mem_free(found);
	return order;
}

static int most_used_first(const void *a, const void *b)
{
	const struct alive *x = a, *y = b;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return (x->topic > y->topic) - (x->topic < y->topic);
}

// How many notes of the last two weeks a topic has, and their commonest language.
static struct alive liveliness(const struct feed *f, uint32_t topic, ms now)
{
	uint32_t by_language[LANGUAGES_MOST] = {0};
	struct alive a = {.topic = topic};
	struct walk w = walk_below(f, &f->topics.at[topic].notes, 0);
	int64_t floor = id_floor(now - ALIVE_FOR);
	for (int i = 0; i < 500 && walk_peek(f, &w) > floor; i++) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		if (fact->flags & FACT_GONE)
			continue;
		a.weight += 1;
		if (++by_language[fact->language] > by_language[a.language])
			a.language = fact->language;
	}
	return a;
}

static void find_alive(const struct feed *f, struct snapshot *s)
{
	ptrdiff_t n = 0;
	struct alive *all = mem_new(f->topics.n, (ptrdiff_t)sizeof *all);
	for (ptrdiff_t i = 0; i < f->topics.n; i++) {
		all[n] = liveliness(f, (uint32_t)i, s->at);
		n += all[n].weight > 1;
	}
	if (n)
		qsort(all, (size_t)n, sizeof *all, most_used_first);
	s->alive = all;
	s->n_alive = MIN(n, ALIVE_MOST);
}

static void snapshot_free(struct snapshot *s)
{
	str key;
	void *value;
	if (!s)
		return;
	for (ptrdiff_t at = 0; strmap_next(&s->topics, &at, &key, &value);) {
		mem_free(((struct order *)value)->at);
		mem_free(value);
	}
	strmap_free(&s->topics);
	mem_free(s->all.at);
	mem_free(s->alive);
	mem_free(s);
}

void snapshot_make(struct feed *f)
{
	struct snapshot *s = mem_new(1, (ptrdiff_t)sizeof *s);
	s->at = clock_now();
	s->epoch = atomic_load(&f->epoch) + 1;
	rwlock_read(&f->world);
	s->all = order_line(f, &f->all, RECENT_MOST, s->at);
	find_alive(f, s);
	rwlock_read_done(&f->world);
	lock_take(&f->snapshots_lock);
	struct snapshot *oldest = f->snapshots[SNAPSHOTS_KEPT - 1];
	memmove(f->snapshots + 1, f->snapshots, sizeof f->snapshots - sizeof f->snapshots[0]);
	f->snapshots[0] = s;
	lock_release(&f->snapshots_lock);
	atomic_store(&f->epoch, s->epoch);
	snapshot_free(oldest); // pages are made under the snapshots' lock: nobody holds it
}

void snapshots_drop(struct feed *f)
{
	lock_take(&f->snapshots_lock);
	for (int i = 0; i < SNAPSHOTS_KEPT; i++) {
		snapshot_free(f->snapshots[i]);
		f->snapshots[i] = NULL;
	}
	lock_release(&f->snapshots_lock);
}

static const struct order *order_of_topic(struct feed *f, struct snapshot *s, str topic)
	REQUIRES_LOCK(f->snapshots_lock)
{
	struct order *known = strmap_get(&s->topics, topic);
	if (known)
		return known;
	rwlock_read(&f->world);
	uintptr_t index = (uintptr_t)strmap_get(&f->by_topic, topic);
	if (index) {
		known = mem_new(1, (ptrdiff_t)sizeof *known);
		*known = order_line(f, &f->topics.at[index - 1].notes, TOPIC_MOST, s->at);
	}
	rwlock_read_done(&f->world);
	if (known)
		strmap_put(&s->topics, topic, known);
	return known;
}

// Reads one order for one reader: first the entries in the reader's languages, then the others; an
// entry whose author was shown just before waits for the next turn.
struct reading {
	const struct order *order;
	const bool *mine; // by language index
	bool anything;    // the reader has no preference
	ptrdiff_t at;
	int pass;
	struct entry waiting[8];
	int n_waiting;
	uint32_t last_author;
	bool any_shown;
};

static const struct entry *next_of_pass(struct reading *r)
{
	while (r->at < r->order->n) {
		const struct entry *e = &r->order->at[r->at++];
		if (r->anything ? r->pass == 0 : r->mine[e->language] == (r->pass == 0))
			return e;
	}
	return NULL;
}

static bool suits(const struct reading *r, const struct entry *e)
{
	return !r->any_shown || e->author != r->last_author;
}

static bool shown(struct reading *r, struct entry e, struct entry *out)
{
	r->last_author = e.author;
	r->any_shown = true;
	*out = e;
	return true;
}

// What is left of one author alone at the end is left out rather than shown twice in a row.
static bool read_next(struct reading *r, struct entry *out)
{
	for (int i = 0; i < r->n_waiting; i++) {
		if (!suits(r, &r->waiting[i]))
			continue;
		struct entry e = r->waiting[i];
		r->n_waiting--;
		memmove(r->waiting + i, r->waiting + i + 1, (size_t)(r->n_waiting - i) * sizeof e);
		return shown(r, e, out);
	}
	while (r->pass < 2) {
		const struct entry *e = next_of_pass(r);
		if (!e) {
			r->pass++;
			r->at = 0;
		} else if (suits(r, e)) {
			return shown(r, *e, out);
		} else if (r->n_waiting < (int)COUNT(r->waiting)) {
			r->waiting[r->n_waiting++] = *e;
		}
	}
	return false;
}

static void preferred(
	struct feed *f, const struct explore_query *q, bool mine[LANGUAGES_MOST], bool *anything)
{
	rwlock_read(&f->world);
	for (int i = 0; i < f->n_languages; i++)
		for (int k = 0; k < q->n_reads; k++)
			mine[i] |= lang_eq(f->languages[i], q->reads[k]) ||
				   lang_same_base(f->languages[i], q->reads[k]);
	rwlock_read_done(&f->world);
	*anything = q->n_reads == 0;
}

static struct snapshot *snapshot_of(struct feed *f, uint64_t epoch) REQUIRES_LOCK(f->snapshots_lock)
{
	for (int i = 0; i < SNAPSHOTS_KEPT; i++)
		if (f->snapshots[i] && f->snapshots[i]->epoch == epoch)
			return f->snapshots[i];
	return f->snapshots[0]; // too old: go on in the present order, doubles are possible
}

// "EPOCH.OFFSET"
static err read_cursor(str cursor, uint64_t *epoch, int64_t *offset)
{
	int64_t e = 0, o = 0;
	str rest = cursor;
	if (cursor.n && (!str_int(str_cut(&rest, '.'), &e) || !str_int(rest, &o) || e < 0 || o < 0))
		return ERR_NOT_FOUND;
	*epoch = (uint64_t)e;
	*offset = o;
	return OK;
}

err feed_explore(struct ctx *ctx, const struct explore_query *q, struct feed_page *out)
{
	static const struct order nothing;
	struct feed *f = ctx->house->feed;
	bool mine[LANGUAGES_MOST] = {0};
	struct reading r = {.mine = mine, .order = &nothing};
	struct entry e;
	uint64_t epoch;
	int64_t offset;
	TRY(read_cursor(q->cursor, &epoch, &offset));
	struct feed_page page = {.ids = NEW_N(ctx->mem, note_id, q->limit)};
	preferred(f, q, mine, &r.anything);
	lock_take(&f->snapshots_lock);
	struct snapshot *s = snapshot_of(f, epoch);
	if (s)
		r.order = q->topic.n ? order_of_topic(f, s, q->topic) : &s->all;
	if (!r.order)
		r.order = &nothing;
	for (int64_t i = 0; i < offset && read_next(&r, &e); i++)
		;
	while (page.n < q->limit && read_next(&r, &e))
		page.ids[page.n++] = (note_id){e.id};
	bool more = page.n == q->limit && read_next(&r, &e);
	epoch = s ? s->epoch : 0;
	lock_release(&f->snapshots_lock);
	if (more)
		page.next = str_fmt(ctx->mem, "%llu.%lld", (unsigned long long)epoch,
			(long long)(offset + page.n));
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
	bool mine[LANGUAGES_MOST] = {0}, anything;
	preferred(f, &(struct explore_query){.reads = reads, .n_reads = n_reads}, mine, &anything);
	lock_take(&f->snapshots_lock);
	rwlock_read(&f->world);
	while (liked.p) {
		uintptr_t index = (uintptr_t)strmap_get(&f->by_topic, str_cut(&liked, ' '));
		if (index)
			choose(ctx, topics, &n, limit, &f->topics.at[index - 1]);
	}
	const struct snapshot *s = f->snapshots[0];
	for (int pass = 0; s && pass < 2; pass++)
		for (ptrdiff_t i = 0; i < s->n_alive; i++)
			if ((anything || mine[s->alive[i].language]) == (pass == 0) &&
				(ptrdiff_t)s->alive[i].topic < f->topics.n)
				choose(ctx, topics, &n, limit, &f->topics.at[s->alive[i].topic]);
	rwlock_read_done(&f->world);
	lock_release(&f->snapshots_lock);
	*out = topics;
	*n_out = n;
	return OK;
}
