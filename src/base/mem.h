// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Memory. Four lifetimes: program (mem_new, never freed or freed by its owner), thread, request
// (ctx->mem) and scratch (an arena made in a function and dropped at its end). Running out of
// memory ends the program: nothing above this line has to think of it.
#pragma once

#include <stddef.h>
#include <stdint.h>

// An arena hands out memory in order and takes it all back at once. Not thread safe. Debug builds
// poison what was taken back, so that ASan names a slice that was kept too long.
struct arena;
struct arena *arena_new(ptrdiff_t first_block);
void arena_free(struct arena *);
// Takes everything back; keeps one block (at most 256 KiB) for the next use.
void arena_reset(struct arena *);
// Zeroed memory. `n` items of `size` bytes; n*size is checked.
void *arena_alloc(struct arena *, ptrdiff_t n, ptrdiff_t size, ptrdiff_t align)
	__attribute__((malloc, returns_nonnull));
// The same without zeroing, for bytes that are written at once.
char *arena_bytes(struct arena *, ptrdiff_t n) __attribute__((malloc, returns_nonnull));
// Grows the allocation `old` of old_n bytes to new_n bytes, in place when it was the last one.
void *arena_grow(struct arena *, void *old, ptrdiff_t old_n, ptrdiff_t new_n)
	__attribute__((returns_nonnull));
// The same without zeroing what is new.
char *arena_grow_bytes(struct arena *, char *old, ptrdiff_t old_n, ptrdiff_t new_n)
	__attribute__((returns_nonnull));
// Bytes handed out since the last reset.
ptrdiff_t arena_used(const struct arena *);

#define NEW(mem, type) ((type *)arena_alloc((mem), 1, (ptrdiff_t)sizeof(type), _Alignof(type)))
#define NEW_N(mem, type, n) \
	((type *)arena_alloc((mem), (n), (ptrdiff_t)sizeof(type), _Alignof(type)))

// Program-lifetime memory: zeroed, owned by the caller. mem_resize zeroes what is new.
void *mem_new(ptrdiff_t n, ptrdiff_t size) __attribute__((malloc, returns_nonnull));
void *mem_resize(void *old, ptrdiff_t old_n, ptrdiff_t new_n, ptrdiff_t size);
// The same without zeroing, for bytes that are written at once.
void *mem_bytes(ptrdiff_t n) __attribute__((malloc, returns_nonnull));
void mem_free(void *);

// A growing array in an arena, or on the heap when the arena is NULL (then list_free it).
//   LIST(int) xs = {0};  list_push(mem, &xs, 7);  xs.at[0]; xs.n
#define LIST(type) \
	struct { \
		type *at; \
		ptrdiff_t n, cap; \
	}
#define list_push(mem, list, ...) \
	((list)->at = list_room( \
		 (mem), (list)->at, (list)->n, &(list)->cap, (ptrdiff_t)sizeof(*(list)->at)), \
		(void)((list)->at[(list)->n++] = (__VA_ARGS__)))
#define list_free(list) \
	(mem_free((list)->at), (list)->at = NULL, (list)->n = 0, (void)((list)->cap = 0))
#define list_each(item, list) \
	for (__typeof__((list)->at) item = (list)->at, \
				    end_of_##item = item ? item + (list)->n : item; \
		item < end_of_##item; item++)
void *list_room(struct arena *, void *at, ptrdiff_t n, ptrdiff_t *cap, ptrdiff_t size);

#define COUNT(array) ((ptrdiff_t)(sizeof(array) / sizeof(*(array))))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
