// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Buckets that fill with what was done and leak with time, one for each (account, act) and each key of
// permit_try. One that is empty again is the same as none, so old ones are simply dropped.
#include "permit/private.h"

#define BUCKETS_MOST 100000

struct bucket {
	double used; // acts, of those that it holds
	double per_ms;
	ms at;
};

struct act_buckets {
	struct lock lock;
	struct map by_key; // guarded by lock; to struct bucket
};

struct act_buckets *act_buckets_new(void)
{
	struct act_buckets *b = mem_new(1, (ptrdiff_t)sizeof *b);
	lock_init(&b->lock);
	return b;
}

// Too many keys at once is an attack on memory: forget all, which only forgives.
static void forget_all(struct act_buckets *all) REQUIRES_LOCK(all->lock)
{
	uint64_t key, value;
	for (ptrdiff_t at = 0; map_next(&all->by_key, &at, &key, &value);)
		mem_free((struct bucket *)(uintptr_t)value);
	map_free(&all->by_key);
}

void act_buckets_free(struct act_buckets *all)
{
	lock_take(&all->lock);
	forget_all(all);
	lock_release(&all->lock);
	mem_free(all);
}

// The bucket as it is now.
static struct bucket *bucket_at(struct act_buckets *all, uint64_t key, ms now)
	REQUIRES_LOCK(all->lock)
{
	uint64_t value;
	struct bucket *b;
	if (all->by_key.n > BUCKETS_MOST)
		forget_all(all);
	if (map_get(&all->by_key, key, &value)) {
		b = (struct bucket *)(uintptr_t)value;
		b->used = MAX(b->used - (double)MAX(now - b->at, 0) * b->per_ms, 0.0);
	} else {
		b = mem_new(1, (ptrdiff_t)sizeof *b);
		map_put(&all->by_key, key, (uint64_t)(uintptr_t)b);
	}
	b->at = now;
	return b;
}

ms act_buckets_take(struct act_buckets *all, uint64_t key, ms now, double burst, double per_ms)
{
	ms wait = 0;
	lock_take(&all->lock);
	struct bucket *b = bucket_at(all, key, now);
	b->per_ms = per_ms;
	if (b->used + 1 <= burst)
		b->used += 1;
	else
		wait = (ms)((b->used + 1 - burst) / per_ms) + 1;
	lock_release(&all->lock);
	return wait;
}

void act_buckets_give_back(struct act_buckets *all, uint64_t key, ms now)
{
	lock_take(&all->lock);
	struct bucket *b = bucket_at(all, key, now);
	b->used = MAX(b->used - 1, 0.0);
	lock_release(&all->lock);
}

void act_buckets_heard(struct act_buckets *all, uint64_t key, ms now)
{
	lock_take(&all->lock);
	bucket_at(all, key, now)->used += 1;
	lock_release(&all->lock);
}
