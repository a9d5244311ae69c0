// SPDX-License-Identifier: AGPL-3.0-or-later
//
// UTF-8, read strictly: what passes utf8_valid may go to the database, to HTML and to ICU as it is.
#include "base/str.h"

#include <string.h>

// Length of the sequence that begins at p (of n bytes), 0 when it is not well formed.
static ptrdiff_t sequence(const unsigned char *p, ptrdiff_t n)
{
	unsigned c = p[0];
	if (c < 0x80)
		return 1;
	ptrdiff_t len = c >= 0xc2 && c <= 0xdf   ? 2
			: (c & 0xf0) == 0xe0     ? 3
			: c >= 0xf0 && c <= 0xf4 ? 4
						 : 0;
	if (len == 0 || len > n)
		return 0;
	for (ptrdiff_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = (c == 0xe0 && p[1] < 0xa0) || (c == 0xf0 && p[1] < 0x90);
	bool surrogate = c == 0xed && p[1] > 0x9f;
	bool beyond = c == 0xf4 && p[1] > 0x8f;
	return overlong || surrogate || beyond ? 0 : len;
}

// Most of what is read is ASCII: whether the next eight bytes are, and no NUL.
static bool is_plain(const unsigned char *p)
{
	uint64_t bytes, ones = 0x0101010101010101U;
	memcpy(&bytes, p, 8);
	return !((bytes | (bytes - ones)) & (0x80 * ones));
}

bool utf8_valid(str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	for (ptrdiff_t i = 0; i < s.n;) {
		if (i + 8 <= s.n && is_plain(p + i)) {
			i += 8;
			continue;
		}
		ptrdiff_t len = p[i] ? sequence(p + i, s.n - i) : 0;
		if (!len)
			return false;
		i += len;
	}
	return true;
}

uint32_t utf8_longer(str s, ptrdiff_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p + *at;
	ptrdiff_t len = sequence(p, s.n - *at);
	if (!len) {
		*at += 1;
		return 0xfffd;
	}
	*at += len;
	switch (len) {
	case 2:
		return (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
	case 3:
		return (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
	default:
		return (p[0] & 0x07U) << 18 | (p[1] & 0x3fU) << 12 | (p[2] & 0x3fU) << 6 |
		       (p[3] & 0x3fU);
	}
}

uint32_t utf8_before(str s, ptrdiff_t *at)
{
	ptrdiff_t from = *at - 1;
	while (from > 0 && from > *at - 4 && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from--;
	*at = from;
	return utf8_next(s, &from);
}

str utf8_head(str s, ptrdiff_t most)
{
	ptrdiff_t at = 0;
	for (ptrdiff_t n = 0; n < most && at < s.n; n++)
		utf8_next(s, &at);
	return str_sub(s, 0, at);
}

ptrdiff_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = 0xfffd;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

ptrdiff_t utf8_count(str s)
{
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80;
	return n;
}
