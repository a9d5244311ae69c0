// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The string builder: grows in an arena, in place when it was the last allocation there.
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct sb sb_new(struct arena *mem, ptrdiff_t room)
{
	struct sb sb = {.mem = mem};
	sb_room(&sb, MAX(room, 16));
	return sb;
}

char *sb_room(struct sb *sb, ptrdiff_t n)
{
	if (sb->cap - sb->n < n) {
		ptrdiff_t cap = MAX(sb->cap * 2, sb->n + n);
		sb->p = sb->mem ? arena_grow_bytes(sb->mem, sb->p, sb->cap, cap)
				: mem_resize(sb->p, sb->cap, cap, 1);
		sb->cap = cap;
	}
	return sb->p + sb->n;
}

void sb_add(struct sb *sb, str s)
{
	if (!s.n)
		return;
	memcpy(sb_room(sb, s.n), s.p, (size_t)s.n);
	sb->n += s.n;
}

void sb_char(struct sb *sb, char c)
{
	*sb_room(sb, 1) = c;
	sb->n++;
}

void sb_uint(struct sb *sb, uint64_t v)
{
	char digits[20];
	ptrdiff_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	sb_add(sb, (str){digits + at, (ptrdiff_t)sizeof digits - at});
}

void sb_int(struct sb *sb, int64_t v)
{
	if (v < 0)
		sb_char(sb, '-');
	sb_uint(sb, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void sb_utf8(struct sb *sb, uint32_t cp)
{
	char bytes[4];
	sb_add(sb, (str){bytes, utf8_encode(cp, bytes)});
}

void sb_fmt(struct sb *sb, const char *fmt, ...)
{
	va_list ap, again;
	ptrdiff_t room = sb->cap - sb->n;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(room > 0 ? sb->p + sb->n : NULL, (size_t)MAX(room, 0), fmt, ap);
	va_end(ap);
	must(n >= 0);
	if (n >= room)
		vsnprintf(sb_room(sb, n + 1), (size_t)n + 1, fmt, again);
	va_end(again);
	sb->n += n;
}

str sb_str(const struct sb *sb)
{
	return (str){sb->p, sb->n};
}

void sb_free(struct sb *sb)
{
	must(!sb->mem);
	mem_free(sb->p);
	*sb = (struct sb){0};
}
