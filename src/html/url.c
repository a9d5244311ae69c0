// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Addresses that may stand in a page. The check is about what a browser would do with them: no
// scheme that runs code, no "//host" that looks like a path, no characters that browsers strip.
#include "html/html.h"

#include <stdarg.h>
#include <stdio.h>

static bool address_char(unsigned char c)
{
	return c > 0x20 && c != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '`';
}

bool url_from(str s, url *out)
{
	bool here = s.n > 0 && s.p[0] == '/' && !(s.n > 1 && s.p[1] == '/');
	str prefixes[] = {S("https://"), S("http://"), S("mailto:")};
	bool known = here;
	for (int i = 0; i < COUNT(prefixes) && !known; i++)
		known = str_istarts(s, prefixes[i]) && s.n > prefixes[i].n &&
			s.p[prefixes[i].n] != '/';
	if (!known)
		return false;
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (!address_char((unsigned char)s.p[i]))
			return false;
	*out = (url){s};
	return true;
}

url url_fmt(struct arena *mem, const char *fmt, ...)
{
	char small[256];
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	must(n >= 0);
	char *p = arena_alloc(mem, n + 1, 1, 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	url out;
	must(url_from((str){p, n}, &out));
	return out;
}

static bool unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static void add_escaped(struct sb *sb, str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (unreserved(c)) {
			sb_char(sb, (char)c);
			continue;
		}
		sb_char(sb, '%');
		sb_char(sb, hex[c >> 4]);
		sb_char(sb, hex[c & 15]);
	}
}

str url_escape(struct arena *mem, str s)
{
	struct sb sb = sb_new(mem, s.n * 3);
	add_escaped(&sb, s);
	return sb_str(&sb);
}

url url_query(struct arena *mem, url u, const char *name, str value)
{
	ptrdiff_t hash = str_find_char(u.s, '#');
	str before = str_sub(u.s, 0, hash);
	struct sb sb = sb_new(mem, u.s.n + value.n * 3 + 32);
	sb_add(&sb, before);
	sb_char(&sb, str_find_char(before, '?') < 0 ? '?' : '&');
	add_escaped(&sb, str_from(name));
	sb_char(&sb, '=');
	add_escaped(&sb, value);
	if (hash >= 0)
		sb_add(&sb, str_skip(u.s, hash));
	return (url){sb_str(&sb)};
}

bool url_none(url u)
{
	return u.s.n == 0;
}

srcset srcset_add(struct arena *mem, srcset set, url u, int width)
{
	struct sb sb = sb_new(mem, set.s.n + u.s.n + 16);
	sb_add(&sb, set.s);
	if (set.s.n)
		sb_lit(&sb, ", ");
	for (ptrdiff_t i = 0; i < u.s.n; i++) // a comma would end the candidate
		sb_add(&sb, u.s.p[i] == ',' ? S("%2C") : str_sub(u.s, i, i + 1));
	sb_fmt(&sb, " %dw", width);
	return (srcset){sb_str(&sb)};
}
