// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bytes shared by several answers, and gzip. A deflate state is 260 KB: the few in use are pooled,
// and given back when no page was compressed for a while.
#include "http/shared.h"

#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

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
	z_stream *free[DEFLATORS];
	int n;
	ms used;
};

struct deflators *deflators_new(void)
{
	struct deflators *d = mem_new(1, (ptrdiff_t)sizeof *d);
	lock_init(&d->lock);
	return d;
}

static void deflator_free(z_stream *z)
{
	deflateEnd(z);
	mem_free(z);
}

void deflators_trim(struct deflators *d, ms unused_since)
{
	lock_take(&d->lock);
	while (d->n && d->used < unused_since)
		deflator_free(d->free[--d->n]);
	lock_release(&d->lock);
}

void deflators_free(struct deflators *d)
{
	deflators_trim(d, INT64_MAX);
	mem_free(d);
}

static z_stream *deflator_take(struct deflators *d, int level)
{
	z_stream *z = NULL;
	if (d) {
		lock_take(&d->lock);
		if (d->n)
			z = d->free[--d->n];
		lock_release(&d->lock);
	}
	if (z)
		return z;
	z = mem_new(1, (ptrdiff_t)sizeof *z);
	must(deflateInit2(z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	return z;
}

static void deflator_give(struct deflators *d, z_stream *z)
{
	deflateReset(z);
	if (d) {
		lock_take(&d->lock);
		if (d->n < DEFLATORS) {
			d->free[d->n++] = z;
			d->used = clock_steady();
			z = NULL;
		}
		lock_release(&d->lock);
	}
	if (z)
		deflator_free(z);
}

static struct shared_bytes *deflate_with(z_stream *z, str bytes)
{
	union {
		const char *in;
		Bytef *bytes;
	} from = {.in = bytes.p};
	ptrdiff_t most = (ptrdiff_t)deflateBound(z, (uLong)bytes.n);
	struct shared_bytes *out = shared_room(most);
	z->next_in = from.bytes;
	z->avail_in = (uInt)bytes.n;
	z->next_out = (Bytef *)out->p;
	z->avail_out = (uInt)most;
	must(deflate(z, Z_FINISH) == Z_STREAM_END);
	out->n = most - (ptrdiff_t)z->avail_out;
	return out;
}

struct shared_bytes *deflators_gzip(struct deflators *d, str bytes)
{
	must(bytes.n < INT32_MAX);
	z_stream *z = deflator_take(d, 1);
	struct shared_bytes *out = deflate_with(z, bytes);
	deflator_give(d, z);
	return out;
}

struct shared_bytes *shared_gzip(str bytes, int level)
{
	must(bytes.n < INT32_MAX && level >= 1 && level <= 9);
	z_stream *z = deflator_take(NULL, level);
	struct shared_bytes *roomy = deflate_with(z, bytes);
	deflator_give(NULL, z);
	// Kept for long: without the room that compression did not need.
	struct shared_bytes *out = shared_new(shared_str(roomy));
	shared_drop(roomy);
	return out;
}
