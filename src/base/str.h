// SPDX-License-Identifier: AGPL-3.0-or-later
//
// String slices. A `str` borrows: pointer and signed length, no terminating NUL promised, UTF-8
// that was checked where it came in. The bytes live as long as the arena they were put in.
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct str {
	const char *p;
	ptrdiff_t n;
} str;

// A literal as a str; also usable in static initialisers with STR_INIT.
#define S(lit) ((str){"" lit, (ptrdiff_t)sizeof(lit) - 1})
#define STR_INIT(lit) \
	{ \
		"" lit, (ptrdiff_t)sizeof(lit) - 1 \
	}
#define STR_ARGS(s) (int)(s).n, (s).p // for printf's %.*s

str str_from(const char *z); // of a C string; NULL gives the empty str
bool str_eq(str a, str b);
bool str_ieq(str a, str b); // ASCII case folded
int str_cmp(str a, str b);  // bytewise, like memcmp
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_istarts(str s, str prefix);
ptrdiff_t str_find(str s, str what);              // index or -1
ptrdiff_t str_find_char(str s, char what);        // index or -1
str str_sub(str s, ptrdiff_t from, ptrdiff_t to); // clamped; to < 0 means the end
str str_skip(str s, ptrdiff_t n);
str str_trim(str s); // ASCII white space at both ends
// Cuts `*rest` at the first `sep`: returns the part before it, leaves the part after it. Without a
// `sep` returns all and leaves the empty str. `*rest` is done when its p is NULL.
str str_cut(str *rest, char sep);
str str_copy(struct arena *, str);
str str_keep(str);                       // a copy on the heap, for memory that outlives requests
char *str_keep_z(str, const char *more); // the two as one, on the heap: mem_free
void str_drop(str);                      // gives such a copy back
char *str_z(struct arena *, str);        // NUL-terminated copy
str str_lower(struct arena *, str);      // ASCII only
str str_fmt(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
str str_vfmt(struct arena *, const char *fmt, va_list)
	__attribute__((format(printf, 2, 0), nonnull(2)));
str str_join(struct arena *, const str *parts, ptrdiff_t n, str between);
bool str_has_controls(str s); // bytes below the blank, or DEL
// Decimal; refuses anything but an optional '-' and digits, and overflow.
bool str_int(str s, int64_t *out);
uint64_t str_hash(str s); // for maps in memory only: seeded anew by each process
bool utf8_valid(str s);   // strict: no surrogates, no overlong forms, no NUL
// Decodes the code point at s[*at] and moves *at past it; U+FFFD and one byte on a broken sequence.
uint32_t utf8_longer(str s, ptrdiff_t *at); // of what is not ASCII
static inline uint32_t utf8_next(str s, ptrdiff_t *at)
{
	unsigned char first = (unsigned char)s.p[*at];
	if (first >= 0x80)
		return utf8_longer(s, at);
	*at += 1;
	return first;
}
// Moves *at, above 0, to the code point before it and decodes that.
uint32_t utf8_before(str s, ptrdiff_t *at);
str utf8_head(str s, ptrdiff_t most); // at most so many code points of the beginning
ptrdiff_t utf8_encode(uint32_t cp, char out[4]);
ptrdiff_t utf8_count(str s); // code points

// A builder of strings in an arena (or on the heap when mem is NULL; then sb_free it).
struct sb {
	struct arena *mem;
	char *p;
	ptrdiff_t n, cap;
};
struct sb sb_new(struct arena *, ptrdiff_t room);
char *sb_room(struct sb *, ptrdiff_t n); // at least n writable bytes at the end; then add to sb->n
void sb_add(struct sb *, str);
void sb_char(struct sb *, char);
void sb_int(struct sb *, int64_t);
void sb_uint(struct sb *, uint64_t);
void sb_utf8(struct sb *, uint32_t cp);
void sb_fmt(struct sb *, const char *fmt, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
#define sb_lit(sb, lit) sb_add((sb), S(lit))
str sb_str(const struct sb *); // borrows the builder's bytes
void sb_free(struct sb *);
