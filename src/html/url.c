// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Addresses that may stand in a page. The check is about what a browser would do with them: no
// scheme that runs code, no "//host" that looks like a path, no characters that browsers strip.
#include "html/html.h"

static const bool not_in_address[256] = {
	[0x7f] = true, ['"'] = true, ['<'] = true, ['>'] = true, ['\\'] = true, ['`'] = true};

static bool address_char(unsigned char c)
{
	return c > 0x20 && !not_in_address[c];
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
	va_list ap;
	url out;
	va_start(ap, fmt);
	bool fits = url_from(str_vfmt(mem, fmt, ap), &out);
	va_end(ap);
	must(fits);
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
	ptrdiff_t from = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (unreserved(c))
			continue;
		sb_add(sb, str_sub(s, from, i));
		from = i + 1;
		sb_char(sb, '%');
		sb_char(sb, hex[c >> 4]);
		sb_char(sb, hex[c & 15]);
	}
	sb_add(sb, str_skip(s, from));
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
	for (str rest = u.s; rest.p;) { // a comma would end the candidate
		sb_add(&sb, str_cut(&rest, ','));
		if (rest.p)
			sb_lit(&sb, "%2C");
	}
	sb_char(&sb, ' ');
	sb_int(&sb, width);
	sb_char(&sb, 'w');
	return (srcset){sb_str(&sb)};
}
