// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bytes shared by several answers, and gzip. A compressor is some hundred KB: the few in use are
// pooled, and given back when no page was compressed for a while.
#include "http/shared.h"

#include <stdatomic.h>
#include <string.h>
#include <libdeflate.h>

struct shared_bytes {
	atomic_int refs;
	ptrdiff_t n;
	char p[];
};

static struct shared_bytes *shared_room(ptrdiff_t n)
{
	struct shared_bytes *s = mem_bytes((ptrdiff_t)sizeof *s + n);
	atomic_init(&s->refs, 1);
	s->n = n;
	return s;
}

struct shared_bytes *shared_new(str bytes)
{
	struct shared_bytes *s = shared_room(bytes.n);
	if (bytes.n)
		memcpy(s->p, bytes.p, (size_t)bytes.n);
	return s;
}

struct shared_bytes *shared_ref(struct shared_bytes *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void shared_drop(struct shared_bytes *s)
{
	if (s && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		mem_free(s);
}

str shared_str(const struct shared_bytes *s)
{
	return (str){s->p, s->n};
}

#define DEFLATORS 4
struct deflators {
	struct lock lock; // guards all
	struct libdeflate_compressor *free[DEFLATORS];
	int n;
	ms used;
};

struct deflators *deflators_new(void)
{
	struct deflators *d = mem_new(1, (ptrdiff_t)sizeof *d);
	lock_init(&d->lock);
	return d;
}

void deflators_trim(struct deflators *d, ms unused_since)
{
	lock_take(&d->lock);
	while (d->n && d->used < unused_since)
		libdeflate_free_compressor(d->free[--d->n]);
	lock_release(&d->lock);
}

void deflators_free(struct deflators *d)
{
	deflators_trim(d, INT64_MAX);
	mem_free(d);
}

static struct libdeflate_compressor *compressor(int level)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(level);
	must(c != NULL);
	return c;
}

static struct libdeflate_compressor *deflator_take(struct deflators *d)
{
	struct libdeflate_compressor *c = NULL;
	lock_take(&d->lock);
	if (d->n)
		c = d->free[--d->n];
	lock_release(&d->lock);
	return c ? c : compressor(1);
}

static void deflator_give(struct deflators *d, struct libdeflate_compressor *c)
{
	lock_take(&d->lock);
	if (d->n < DEFLATORS) {
		d->free[d->n++] = c;
		d->used = clock_steady();
		c = NULL;
	}
	lock_release(&d->lock);
	libdeflate_free_compressor(c);
}

static struct shared_bytes *compress_with(struct libdeflate_compressor *c, str bytes)
{
	size_t most = libdeflate_gzip_compress_bound(c, (size_t)bytes.n);
	struct shared_bytes *out = shared_room((ptrdiff_t)most);
	size_t n = libdeflate_gzip_compress(c, bytes.p, (size_t)bytes.n, out->p, most);
	must(n > 0);
	out->n = (ptrdiff_t)n;
	return out;
}

struct shared_bytes *deflators_gzip(struct deflators *d, str bytes)
{
	struct libdeflate_compressor *c = deflator_take(d);
	struct shared_bytes *out = compress_with(c, bytes);
	deflator_give(d, c);
	return out;
}

struct shared_bytes *shared_gzip(str bytes, int level)
{
	must(level >= 1 && level <= 9);
	struct libdeflate_compressor *c = compressor(level);
	struct shared_bytes *roomy = compress_with(c, bytes);
	libdeflate_free_compressor(c);
	// Kept for long: without the room that compression did not need.
	struct shared_bytes *out = shared_new(shared_str(roomy));
	shared_drop(roomy);
	return out;
}
