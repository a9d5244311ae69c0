// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Entries stand in a map by their key, in a ring that the clock's hand goes round, and in a list for
// each id that they are about. The last ends stand in a ring of their own, for what is being read
// while they come; who reads for longer than that ring is long keeps nothing.
#include "memo/memo.h"

#include <stdatomic.h>
#include <string.h>

#define ENDS 512

struct entry;

struct link { // an entry among all that are about one id
	struct entry *entry;
	int64_t id;
	struct link *before, *after;
};

struct entry {
	struct memo_key key;
	uint64_t hash;
	void *value;
	int64_t weight;
	_Atomic bool wanted; // looked at since the hand was here; set under the lock for reading
	struct entry *before, *after; // in the ring
	ptrdiff_t n_links;
	struct link links[];
};

struct follow {
	struct memo *memo;
	unsigned ends;
	struct follow *next;
};

struct memo {
	struct memo_spec spec;
	struct store *store; // NULL in tests of pages
	// Whether the changes were heard when the memo was opened last. Whoever opened it before sees the
	// same from then on, which is no harm: what ends is ended before the changes count as heard.
	_Atomic bool trusted;
	struct rwlock lock;  // guards what follows
	struct map by_key;   // hash → entry; of two with one hash the later stays
	struct map by_about; // id → its first link
	struct entry *hand;
	int64_t weight;
	uint64_t ends; // so far
	struct {
		int64_t id;
		bool all;
	} ended[ENDS];          // the last ones
	struct follow *follows; // made at start, each where it stays: the store has its address
};

static uint64_t hash_of(struct memo_key key)
{
	uint64_t h = ((uint64_t)key.id ^ ((uint64_t)key.form << 56)) * 0x9e3779b97f4a7c15u;
	return key.name.n ? h ^ str_hash(key.name) : h;
}

static bool same_key(struct memo_key a, struct memo_key b)
{
	return a.id == b.id && a.form == b.form && str_eq(a.name, b.name);
}

static struct entry *entry_at(uint64_t value)
{
	return (struct entry *)(uintptr_t)value;
}

static struct link *link_at(uint64_t value)
{
	return (struct link *)(uintptr_t)value;
}

static struct entry *find(const struct memo *m, struct memo_key key)
{
	uint64_t value;
	if (!map_get(&m->by_key, hash_of(key), &value) || !same_key(entry_at(value)->key, key))
		return NULL;
	return entry_at(value);
}

static void link_in(struct memo *m, struct link *link)
{
	uint64_t first;
	if (map_get(&m->by_about, (uint64_t)link->id, &first)) {
		link->after = link_at(first);
		link->after->before = link;
	}
	map_put(&m->by_about, (uint64_t)link->id, (uint64_t)(uintptr_t)link);
}

static void link_out(struct memo *m, struct link *link)
{
	if (link->after)
		link->after->before = link->before;
	if (link->before)
		link->before->after = link->after;
	else if (link->after)
		map_put(&m->by_about, (uint64_t)link->id, (uint64_t)(uintptr_t)link->after);
	else
		map_del(&m->by_about, (uint64_t)link->id);
}

static void drop_value(struct memo *m, void *value)
{
	if (m->spec.drop)
		m->spec.drop(value);
	else
		mem_free(value);
}

static void take_out(struct memo *m, struct entry *e)
{
	for (ptrdiff_t i = 0; i < e->n_links; i++)
		link_out(m, &e->links[i]);
	map_del(&m->by_key, e->hash);
	if (m->hand == e)
		m->hand = e->after == e ? NULL : e->after;
	e->before->after = e->after;
	e->after->before = e->before;
	m->weight -= e->weight;
	drop_value(m, e->value);
	mem_free(e);
}

// Before the hand, so that it comes there last.
static void put_in(struct memo *m, struct entry *e)
{
	for (ptrdiff_t i = 0; i < e->n_links; i++)
		link_in(m, &e->links[i]);
	map_put(&m->by_key, e->hash, (uint64_t)(uintptr_t)e);
	if (!m->hand)
		m->hand = e->before = e->after = e;
	e->after = m->hand;
	e->before = m->hand->before;
	e->before->after = e->after->before = e;
	m->weight += e->weight;
}

static void make_room(struct memo *m, int64_t weight)
{
	while (m->hand && m->weight + weight > m->spec.most) {
		struct entry *e = m->hand;
		m->hand = e->after;
		if (!atomic_exchange(&e->wanted, false))
			take_out(m, e);
	}
}

static void note_end(struct memo *m, int64_t id, bool all)
{
	m->ended[m->ends % ENDS].id = id;
	m->ended[m->ends % ENDS].all = all;
	m->ends++;
}

static bool has_ended(const struct memo *m, uint64_t moment, const int64_t *about, ptrdiff_t n)
{
	if (m->ends - moment > ENDS)
		return true;
	for (uint64_t at = moment; at < m->ends; at++) {
		if (m->ended[at % ENDS].all)
			return true;
		for (ptrdiff_t i = 0; i < n; i++)
			if (about[i] == m->ended[at % ENDS].id)
				return true;
	}
	return false;
}

static void lost(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx;
	(void)change;
	memo_end_all(arg);
}

struct memo *memo_new(struct store *store, const struct memo_spec *spec)
{
	struct memo *m = mem_new(1, (ptrdiff_t)sizeof *m);
	m->spec = *spec;
	m->store = store;
	rwlock_init(&m->lock);
	if (store)
		store_on(store, &changes_lost, lost, m);
	return m;
}

void memo_free(struct memo *m)
{
	if (!m)
		return;
	while (m->hand)
		take_out(m, m->hand);
	map_free(&m->by_key);
	map_free(&m->by_about);
	for (struct follow *f = m->follows, *next; f; f = next) {
		next = f->next;
		mem_free(f);
	}
	mem_free(m);
}

// The lock goes from here to memo_close.
TSA(no_thread_safety_analysis) uint64_t memo_open(struct memo *m)
{
	rwlock_read(&m->lock);
	bool trusted = !m->store || store_is_heard(m->store);
	// Written only when it changes: many look at the same time.
	if (trusted != atomic_load_explicit(&m->trusted, memory_order_relaxed))
		atomic_store_explicit(&m->trusted, trusted, memory_order_relaxed);
	return m->ends;
}

const void *memo_at(struct memo *m, struct memo_key key)
{
	bool trusted = atomic_load_explicit(&m->trusted, memory_order_relaxed);
	struct entry *e = trusted ? find(m, key) : NULL;
	if (!e)
		return NULL;
	// Written only when it changes: many look at the same things at once.
	if (!atomic_load_explicit(&e->wanted, memory_order_relaxed))
		atomic_store_explicit(&e->wanted, true, memory_order_relaxed);
	return e->value;
}

void memo_each(
	struct memo *m, void (*look)(struct memo_key, const void *value, void *arg), void *arg)
{
	const struct entry *e = m->hand;
	if (!e || !atomic_load_explicit(&m->trusted, memory_order_relaxed))
		return;
	do {
		look(e->key, e->value, arg);
		e = e->after;
	} while (e != m->hand);
}

TSA(no_thread_safety_analysis) void memo_close(struct memo *m)
{
	rwlock_read_done(&m->lock);
}

static struct entry *entry_new(
	struct memo_key key, void *value, int64_t weight, const int64_t *about, ptrdiff_t n)
{
	ptrdiff_t links = n * (ptrdiff_t)sizeof(struct link);
	struct entry *e = mem_new((ptrdiff_t)sizeof *e + links + key.name.n, 1);
	char *name = (char *)(e->links + n);
	if (key.name.n)
		memcpy(name, key.name.p, (size_t)key.name.n);
	e->key = (struct memo_key){key.id, key.form, {name, key.name.n}};
	e->hash = hash_of(key);
	e->value = value;
	e->weight = weight;
	e->n_links = n;
	for (ptrdiff_t i = 0; i < n; i++)
		e->links[i] = (struct link){.entry = e, .id = about[i]};
	return e;
}

void memo_keep(struct ctx *ctx, struct memo *m, struct memo_key key, void *value, int64_t weight,
	uint64_t moment, const int64_t *about, ptrdiff_t n)
{
	uint64_t before;
	rwlock_write(&m->lock);
	bool keep = !ctx->db && weight <= m->spec.most && !has_ended(m, moment, about, n);
	if (keep) {
		if (map_get(&m->by_key, hash_of(key), &before))
			take_out(m, entry_at(before));
		make_room(m, weight);
		put_in(m, entry_new(key, value, weight, about, n));
	}
	rwlock_write_done(&m->lock);
	if (!keep)
		drop_value(m, value);
}

bool memo_copy(struct memo *m, struct memo_key key, void *out, size_t size, uint64_t *moment)
{
	uint64_t opened = memo_open(m);
	const void *value = memo_at(m, key);
	if (value)
		memcpy(out, value, size);
	memo_close(m);
	if (moment)
		*moment = opened;
	return value != NULL;
}

void memo_keep_copy(struct ctx *ctx, struct memo *m, struct memo_key key, const void *value,
	size_t size, int64_t weight, uint64_t moment, const int64_t *about, ptrdiff_t n)
{
	void *copy = mem_new((ptrdiff_t)size, 1);
	memcpy(copy, value, size);
	memo_keep(ctx, m, key, copy, weight, moment, about, n);
}

void memo_end(struct memo *m, int64_t id)
{
	uint64_t first;
	rwlock_write(&m->lock);
	note_end(m, id, false);
	while (map_get(&m->by_about, (uint64_t)id, &first))
		take_out(m, link_at(first)->entry);
	rwlock_write_done(&m->lock);
}

void memo_end_all(struct memo *m)
{
	rwlock_write(&m->lock);
	note_end(m, 0, true);
	while (m->hand)
		take_out(m, m->hand);
	rwlock_write_done(&m->lock);
}

void memo_edit(struct memo *m, int64_t id, int64_t (*edit)(void *value, void *arg), void *arg)
{
	uint64_t first;
	rwlock_write(&m->lock);
	note_end(m, id, false);
	struct link *link = map_get(&m->by_about, (uint64_t)id, &first) ? link_at(first) : NULL;
	for (; link; link = link->after) {
		int64_t weight = edit(link->entry->value, arg);
		m->weight += weight - link->entry->weight;
		link->entry->weight = weight;
	}
	make_room(m, 0);
	rwlock_write_done(&m->lock);
}

static void followed(struct ctx *ctx, const struct change *change, void *arg)
{
	const struct follow *f = arg;
	(void)ctx;
	if (f->ends & MEMO_ALL)
		memo_end_all(f->memo);
	if (f->ends & MEMO_SUBJECT)
		memo_end(f->memo, change->subject);
	if (f->ends & MEMO_ACTOR)
		memo_end(f->memo, change->actor);
	if (f->ends & MEMO_EXTRA)
		memo_end(f->memo, change->extra);
}

void memo_follow(struct memo *m, struct change_kind *kind, unsigned ends)
{
	if (!m->store)
		return;
	struct follow *f = mem_new(1, (ptrdiff_t)sizeof *f);
	*f = (struct follow){m, ends, m->follows};
	m->follows = f;
	store_on(m->store, kind, followed, f);
}

int64_t memo_weight(struct memo *m)
{
	rwlock_read(&m->lock);
	int64_t weight = m->weight;
	rwlock_read_done(&m->lock);
	return weight;
}
