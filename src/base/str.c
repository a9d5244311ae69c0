// SPDX-License-Identifier: AGPL-3.0-or-later
//
// String slices: comparing, cutting, copying, numbers. UTF-8 stands in utf8.c, building in sb.c.
#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

str str_from(const char *z)
{
	return z ? (str){z, (ptrdiff_t)strlen(z)} : (str){0};
}

bool str_eq(str a, str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, (size_t)a.n) == 0);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_ieq(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (ptrdiff_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

// Eight bytes at once: a top bit is set in the result if one of them is below 0x20 or is 0x7f. Exact for the
// first of them, which is enough for yes or no.
static uint64_t controls_among(uint64_t bytes)
{
	uint64_t ones = 0x0101010101010101U, tops = 0x80 * ones, del = bytes ^ (0x7f * ones);
	return (((bytes - 0x20 * ones) & ~bytes) | ((del - ones) & ~del)) & tops;
}

bool str_has_controls(str s)
{
	ptrdiff_t i = 0;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t bytes;
		memcpy(&bytes, s.p + i, 8);
		if (controls_among(bytes))
			return true;
	}
	for (; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

int str_cmp(str a, str b)
{
	ptrdiff_t n = MIN(a.n, b.n);
	int c = n ? memcmp(a.p, b.p, (size_t)n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_istarts(str s, str prefix)
{
	return s.n >= prefix.n && str_ieq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(str s, str suffix)
{
	return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
}

ptrdiff_t str_find(str s, str what)
{
	if (what.n == 0)
		return 0;
	if (s.n < what.n)
		return -1;
	const char *at = memmem(s.p, (size_t)s.n, what.p, (size_t)what.n);
	return at ? at - s.p : -1;
}

ptrdiff_t str_find_char(str s, char what)
{
	const char *at = s.n ? memchr(s.p, what, (size_t)s.n) : NULL;
	return at ? at - s.p : -1;
}

str str_sub(str s, ptrdiff_t from, ptrdiff_t to)
{
	from = MAX(0, MIN(from, s.n));
	to = to < 0 ? s.n : MIN(to, s.n);
	return s.p ? (str){s.p + from, MAX(0, to - from)} : (str){0};
}

str str_skip(str s, ptrdiff_t n)
{
	return str_sub(s, n, -1);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

str str_cut(str *rest, char sep)
{
	ptrdiff_t at = str_find_char(*rest, sep);
	str part = str_sub(*rest, 0, at);
	*rest = at < 0 ? (str){0} : str_skip(*rest, at + 1);
	return part;
}

str str_copy(struct arena *mem, str s)
{
	char *p = arena_bytes(mem, s.n);
	if (s.n)
		memcpy(p, s.p, (size_t)s.n);
	return (str){p, s.n};
}

str str_keep(str s)
{
	char *p = mem_new(s.n, 1);
	if (s.n)
		memcpy(p, s.p, (size_t)s.n);
	return (str){p, s.n};
}

char *str_keep_z(str s, const char *more)
{
	size_t n = strlen(more);
	char *p = mem_bytes(s.n + (ptrdiff_t)n + 1);
	if (s.n)
		memcpy(p, s.p, (size_t)s.n);
	memcpy(p + s.n, more, n + 1);
	return p;
}

void str_drop(str s)
{
	union {
		const char *in;
		void *out;
	} bytes = {.in = s.p};
	mem_free(bytes.out);
}

char *str_z(struct arena *mem, str s)
{
	char *p = arena_bytes(mem, s.n + 1);
	if (s.n)
		memcpy(p, s.p, (size_t)s.n);
	p[s.n] = '\0';
	return p;
}

str str_lower(struct arena *mem, str s)
{
	char *p = arena_bytes(mem, s.n);
	for (ptrdiff_t i = 0; i < s.n; i++)
		p[i] = lower(s.p[i]);
	return (str){p, s.n};
}

str str_vfmt(struct arena *mem, const char *fmt, va_list ap)
{
	char near[256]; // formatting costs more than copying: most texts are formatted once
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(near, sizeof near, fmt, ap);
	must(n >= 0);
	char *p = arena_bytes(mem, n + 1);
	if (n < (int)sizeof near)
		memcpy(p, near, (size_t)n + 1);
	else
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (str){p, n};
}

str str_fmt(struct arena *mem, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	str s = str_vfmt(mem, fmt, ap);
	va_end(ap);
	return s;
}

str str_join(struct arena *mem, const str *parts, ptrdiff_t n, str between)
{
	struct sb sb = sb_new(mem, 64);
	for (ptrdiff_t i = 0; i < n; i++) {
		if (i)
			sb_add(&sb, between);
		sb_add(&sb, parts[i]);
	}
	return sb_str(&sb);
}

bool str_int(str s, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	ptrdiff_t i = negative;
	int64_t v = 0;
	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		int digit = s.p[i] - '0';
		if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_sub_overflow(v, digit, &v)) // negative: INT64_MIN has no positive
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, v, &v))
		return false;
	*out = v;
	return true;
}

// A stranger who can guess the hash can make a map slow: the seed is new in each process.
static uint64_t hash_seed(void)
{
	static uint64_t seed;
	uint64_t now = __atomic_load_n(&seed, __ATOMIC_RELAXED);
	if (now)
		return now;
	uint64_t fresh = 0;
	if (getrandom(&fresh, sizeof fresh, 0) != (ssize_t)sizeof fresh || !fresh)
		fresh = 0x9e3779b97f4a7c15U;
	__atomic_compare_exchange_n(&seed, &now, fresh, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return __atomic_load_n(&seed, __ATOMIC_RELAXED);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t r = (__uint128_t)a * b;
	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

uint64_t str_hash(str s)
{
	uint64_t h = hash_seed() ^ (uint64_t)s.n;
	ptrdiff_t i = 0;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t w;
		memcpy(&w, s.p + i, 8);
		h = mix(h ^ w, 0xa0761d6478bd642fU);
	}
	uint64_t tail = 0;
	if (i < s.n)
		memcpy(&tail, s.p + i, (size_t)(s.n - i));
	return mix(h ^ tail, 0xe7037ed1a0b428dbU) ^ (h >> 32);
}
