// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Open-addressing hash maps at three quarters full at most; deletion moves later slots back, so
// there are no tombstones and a map that shrinks in use stays fast.
#include "base/map.h"

#include <string.h>

static uint64_t spread(uint64_t key)
{
	key ^= key >> 32;
	key *= 0xd6e8feb86659fd93U;
	key ^= key >> 32;
	return key;
}

static ptrdiff_t wrap(uint64_t hash, ptrdiff_t cap)
{
	return (ptrdiff_t)(hash & (uint64_t)(cap - 1));
}

static ptrdiff_t slot_of(const struct map *m, uint64_t key)
{
	ptrdiff_t i = wrap(spread(key), m->cap);
	while (m->slots[i].used && m->slots[i].key != key)
		i = wrap((uint64_t)i + 1, m->cap);
	return i;
}

bool map_get(const struct map *m, uint64_t key, uint64_t *value)
{
	if (!m->cap)
		return false;
	const struct map_slot *s = &m->slots[slot_of(m, key)];
	if (s->used)
		*value = s->value;
	return s->used;
}

static void map_rehash(struct map *m, ptrdiff_t cap)
{
	struct map bigger = {.slots = mem_new(cap, (ptrdiff_t)sizeof *m->slots), .cap = cap};
	for (ptrdiff_t i = 0; i < m->cap; i++) {
		if (m->slots[i].used)
			bigger.slots[slot_of(&bigger, m->slots[i].key)] = m->slots[i];
	}
	bigger.n = m->n;
	mem_free(m->slots);
	*m = bigger;
}

void map_put(struct map *m, uint64_t key, uint64_t value)
{
	if (m->n * 4 >= m->cap * 3)
		map_rehash(m, m->cap ? m->cap * 2 : 16);
	struct map_slot *s = &m->slots[slot_of(m, key)];
	m->n += !s->used;
	*s = (struct map_slot){key, value, true};
}

bool map_del(struct map *m, uint64_t key)
{
	if (!m->cap)
		return false;
	ptrdiff_t hole = slot_of(m, key);
	if (!m->slots[hole].used)
		return false;
	for (ptrdiff_t i = wrap((uint64_t)hole + 1, m->cap); m->slots[i].used;
		i = wrap((uint64_t)i + 1, m->cap)) {
		ptrdiff_t home = wrap(spread(m->slots[i].key), m->cap);
		if (wrap((uint64_t)(i - home), m->cap) >= wrap((uint64_t)(i - hole), m->cap)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole] = (struct map_slot){0};
	m->n--;
	return true;
}

void map_free(struct map *m)
{
	mem_free(m->slots);
	*m = (struct map){0};
}

bool map_next(const struct map *m, ptrdiff_t *at, uint64_t *key, uint64_t *value)
{
	while (*at < m->cap) {
		const struct map_slot *s = &m->slots[(*at)++];
		if (s->used) {
			*key = s->key;
			*value = s->value;
			return true;
		}
	}
	return false;
}

static ptrdiff_t strslot_of(const struct strmap *m, str key, uint64_t hash)
{
	ptrdiff_t i = wrap(hash, m->cap);
	while (m->slots[i].key.p && !(m->slots[i].hash == hash && str_eq(m->slots[i].key, key)))
		i = wrap((uint64_t)i + 1, m->cap);
	return i;
}

void *strmap_get(const struct strmap *m, str key)
{
	if (!m->cap)
		return NULL;
	return m->slots[strslot_of(m, key, str_hash(key))].value;
}

static void strmap_rehash(struct strmap *m, ptrdiff_t cap)
{
	struct strmap bigger = {
		.slots = mem_new(cap, (ptrdiff_t)sizeof *m->slots), .n = m->n, .cap = cap};
	for (ptrdiff_t i = 0; i < m->cap; i++) {
		const struct strmap_slot *s = &m->slots[i];
		if (s->key.p)
			bigger.slots[strslot_of(&bigger, s->key, s->hash)] = *s;
	}
	mem_free(m->slots);
	*m = bigger;
}

void strmap_put(struct strmap *m, str key, void *value)
{
	if (m->n * 4 >= m->cap * 3)
		strmap_rehash(m, m->cap ? m->cap * 2 : 16);
	uint64_t hash = str_hash(key);
	struct strmap_slot *s = &m->slots[strslot_of(m, key, hash)];
	if (!s->key.p) {
		char *copy = mem_new(key.n + 1, 1);
		if (key.n)
			memcpy(copy, key.p, (size_t)key.n);
		s->key = (str){copy, key.n};
		s->hash = hash;
		m->n++;
	}
	s->value = value;
}

void *strmap_del(struct strmap *m, str key)
{
	if (!m->cap)
		return NULL;
	ptrdiff_t hole = strslot_of(m, key, str_hash(key));
	if (!m->slots[hole].key.p)
		return NULL;
	void *value = m->slots[hole].value;
	str_drop(m->slots[hole].key);
	for (ptrdiff_t i = wrap((uint64_t)hole + 1, m->cap); m->slots[i].key.p;
		i = wrap((uint64_t)i + 1, m->cap)) {
		ptrdiff_t home = wrap(m->slots[i].hash, m->cap);
		if (wrap((uint64_t)(i - home), m->cap) >= wrap((uint64_t)(i - hole), m->cap)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole] = (struct strmap_slot){0};
	m->n--;
	return value;
}

void strmap_free(struct strmap *m)
{
	for (ptrdiff_t i = 0; i < m->cap; i++)
		str_drop(m->slots[i].key);
	mem_free(m->slots);
	*m = (struct strmap){0};
}

bool strmap_next(const struct strmap *m, ptrdiff_t *at, str *key, void **value)
{
	while (*at < m->cap) {
		const struct strmap_slot *s = &m->slots[(*at)++];
		if (s->key.p) {
			*key = s->key;
			*value = s->value;
			return true;
		}
	}
	return false;
}
