// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Arenas and the heap. The only file that calls malloc. An arena is a chain of blocks, newest
// first; under ASan what is not handed out is poisoned, so every allocation has a red zone.
#include "base/mem.h"

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#endif
#ifdef ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) poison((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (size_t)(n))
#define RED_ZONE 16
// Not inlined: gcc takes what is told of memory that holds nothing yet for a use of it.
__attribute__((noinline)) static void poison(void *p, ptrdiff_t n)
{
	__asan_poison_memory_region(p, (size_t)n);
}
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE 0
#endif

#define BLOCK_KEPT (256 << 10)
#define BLOCK_MOST (4 << 20)

struct block {
	struct block *older;
	ptrdiff_t size, used;
	_Alignas(16) char bytes[];
};

struct arena {
	struct block *newest;
	ptrdiff_t first_block, handed_out;
};

static void *there(void *p, ptrdiff_t bytes)
{
	if (!p) {
		fprintf(stderr, "out of memory: %td bytes\n", bytes);
		abort();
	}
	return p;
}

static void *heap(ptrdiff_t bytes)
{
	return there(calloc(1, (size_t)MAX(bytes, 1)), bytes);
}

static ptrdiff_t product(ptrdiff_t n, ptrdiff_t size)
{
	ptrdiff_t bytes = 0;
	must(n >= 0 && size > 0 && !__builtin_mul_overflow(n, size, &bytes));
	must(bytes < PTRDIFF_MAX / 4);
	return bytes;
}

static void add_block(struct arena *a, ptrdiff_t least)
{
	ptrdiff_t size = a->newest ? MIN(a->newest->size * 2, BLOCK_MOST) : a->first_block;
	size = MAX(size, least);
	// Not cleared: what is handed out is, where that was promised.
	struct block *b = there(malloc(sizeof *b + (size_t)size), size);
	*b = (struct block){.size = size, .older = a->newest};
	a->newest = b;
	POISON(b->bytes, size);
}

struct arena *arena_new(ptrdiff_t first_block)
{
	struct arena *a = heap((ptrdiff_t)sizeof *a);
	a->first_block = MAX(first_block, 256);
	return a;
}

static void free_block(struct block *b)
{
	UNPOISON(b->bytes, b->size);
	free(b);
}

void arena_reset(struct arena *a)
{
	struct block *keep = NULL;
	while (a->newest) {
		struct block *b = a->newest;
		a->newest = b->older;
		if (b->size <= BLOCK_KEPT && (!keep || b->size > keep->size)) {
			if (keep)
				free_block(keep);
			keep = b;
		} else {
			free_block(b);
		}
	}
	if (keep) {
		keep->older = NULL;
		keep->used = 0;
		POISON(keep->bytes, keep->size);
	}
	a->newest = keep;
	a->handed_out = 0;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->newest) {
		struct block *b = a->newest;
		a->newest = b->older;
		free_block(b);
	}
	free(a);
}

static char *hand_out(struct arena *a, ptrdiff_t bytes, ptrdiff_t align)
{
	struct block *b = a->newest;
	ptrdiff_t at = b ? (b->used + align - 1) & -align : 0;
	if (!b || at + bytes + RED_ZONE > b->size) {
		add_block(a, bytes + RED_ZONE);
		b = a->newest;
		at = 0;
	}
	b->used = at + bytes + RED_ZONE;
	a->handed_out += bytes;
	UNPOISON(b->bytes + at, bytes);
	return b->bytes + at;
}

void *arena_alloc(struct arena *a, ptrdiff_t n, ptrdiff_t size, ptrdiff_t align)
{
	ptrdiff_t bytes = product(n, size);
	must(align > 0 && align <= 16);
	char *p = hand_out(a, bytes, align);
	if (bytes)
		memset(p, 0, (size_t)bytes);
	return p;
}

char *arena_bytes(struct arena *a, ptrdiff_t n)
{
	return hand_out(a, product(n, 1), 1);
}

char *arena_grow_bytes(struct arena *a, char *old, ptrdiff_t old_n, ptrdiff_t new_n)
{
	must(new_n >= old_n && old_n >= 0);
	struct block *b = a->newest;
	bool last = old && b && old >= b->bytes && old + old_n + RED_ZONE == b->bytes + b->used;
	if (last && old + new_n + RED_ZONE <= b->bytes + b->size) {
		b->used += new_n - old_n;
		a->handed_out += new_n - old_n;
		UNPOISON(old, new_n);
		return old;
	}
	char *fresh = hand_out(a, new_n, 16);
	if (old_n)
		memcpy(fresh, old, (size_t)old_n);
	return fresh;
}

void *arena_grow(struct arena *a, void *old, ptrdiff_t old_n, ptrdiff_t new_n)
{
	char *p = arena_grow_bytes(a, old, old_n, new_n);
	if (new_n > old_n)
		memset(p + old_n, 0, (size_t)(new_n - old_n));
	return p;
}

ptrdiff_t arena_used(const struct arena *a)
{
	return a->handed_out;
}

void *mem_new(ptrdiff_t n, ptrdiff_t size)
{
	return heap(product(n, size));
}

void *mem_resize(void *old, ptrdiff_t old_n, ptrdiff_t new_n, ptrdiff_t size)
{
	ptrdiff_t old_bytes = product(old_n, size), bytes = product(new_n, size);
	char *p = there(realloc(old, (size_t)MAX(bytes, 1)), bytes);
	if (bytes > old_bytes)
		memset(p + old_bytes, 0, (size_t)(bytes - old_bytes));
	return p;
}

void *mem_bytes(ptrdiff_t n)
{
	must(n >= 0);
	return there(malloc((size_t)MAX(n, 1)), n);
}

void mem_free(void *p)
{
	free(p);
}

void *list_room(struct arena *mem, void *at, ptrdiff_t n, ptrdiff_t *cap, ptrdiff_t size)
{
	if (n < *cap)
		return at;
	ptrdiff_t more = *cap ? *cap * 2 : 8;
	if (mem)
		at = arena_grow(mem, at, product(*cap, size), product(more, size));
	else
		at = mem_resize(at, *cap, more, size);
	*cap = more;
	return at;
}
