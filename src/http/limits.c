// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Token buckets. The table never grows: a key shares a set of eight places with others, and the one
// that was full longest gives way, so a flood of addresses can only make the limits milder.
#include "http/limits.h"

#define SETS 512
#define WAYS 8
#define LOCKS 16

struct bucket {
	uint64_t key;
	double tokens;
	ms at;
};

struct buckets {
	double rate, burst;
	struct lock locks[LOCKS]; // guard the sets whose number ends alike
	struct bucket sets[SETS][WAYS];
};

struct buckets *buckets_new(double rate, double burst)
{
	struct buckets *b = mem_new(1, (ptrdiff_t)sizeof *b);
	b->rate = rate;
	b->burst = burst;
	for (int i = 0; i < LOCKS; i++)
		lock_init(&b->locks[i]);
	return b;
}

void buckets_free(struct buckets *b)
{
	mem_free(b);
}

static struct bucket *place(struct buckets *b, struct bucket *set, uint64_t key)
{
	struct bucket *oldest = &set[0];
	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].at < oldest->at)
			oldest = &set[i];
	}
	*oldest = (struct bucket){key, b->burst, 0};
	return oldest;
}

bool buckets_take(struct buckets *b, uint64_t key, double cost, ms now, double *left, ms *wait)
{
	uint64_t spread = key * 0x9e3779b97f4a7c15U;
	ptrdiff_t set = (ptrdiff_t)(spread >> 40) % SETS;
	struct lock *lock = &b->locks[set % LOCKS];
	lock_take(lock);
	struct bucket *bucket = place(b, b->sets[set], key);
	double gained = bucket->at ? (double)MAX(now - bucket->at, 0) * b->rate / 1000 : 0;
	bucket->tokens = MIN(bucket->tokens + gained, b->burst);
	bucket->at = now;
	bool can = bucket->tokens >= cost;
	if (can)
		bucket->tokens -= cost;
	*left = bucket->tokens;
	lock_release(lock);
	*wait = can ? 0 : (ms)((cost - *left) * 1000 / b->rate) + 1;
	return can;
}
