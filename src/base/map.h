// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Hash maps in program memory: 64-bit key to 64-bit value (ids, pointers, indices), and string key
// to pointer. Open addressing, no tombstones (deletion shifts back). Not thread safe: whoever keeps
// a map keeps its lock.
#pragma once

#include "base/str.h"

struct map { // zero it to begin; key 0 is allowed
	struct map_slot *slots;
	ptrdiff_t n, cap;
};
struct map_slot {
	uint64_t key;
	uint64_t value;
	bool used;
};
bool map_get(const struct map *, uint64_t key, uint64_t *value);
void map_put(struct map *, uint64_t key, uint64_t value);
bool map_del(struct map *, uint64_t key);
void map_free(struct map *);
// for (ptrdiff_t i = 0; map_next(&m, &i, &k, &v);) …  do not change the map meanwhile
bool map_next(const struct map *, ptrdiff_t *at, uint64_t *key, uint64_t *value);

struct strmap { // keys are copied in
	struct strmap_slot *slots;
	ptrdiff_t n, cap;
};
struct strmap_slot {
	str key;
	uint64_t hash;
	void *value;
};
void *strmap_get(const struct strmap *, str key); // NULL when absent
void strmap_put(struct strmap *, str key, void *value);
void *strmap_del(struct strmap *, str key); // returns what was there
void strmap_free(struct strmap *);
bool strmap_next(const struct strmap *, ptrdiff_t *at, str *key, void **value);
