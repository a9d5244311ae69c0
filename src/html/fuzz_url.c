// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Addresses from outside: what passes cannot leave its attribute, its scheme or this site, and
// stays so when something is added to it.
#include "html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void harmless(url u)
{
	bool here = u.s.p[0] == '/';
	must(here || str_istarts(u.s, S("http://")) || str_istarts(u.s, S("https://")) ||
		str_istarts(u.s, S("mailto:")));
	must(!here || u.s.n == 1 || (u.s.p[1] != '/' && u.s.p[1] != '\\'));
	for (ptrdiff_t i = 0; i < u.s.n; i++)
		must((unsigned char)u.s.p[i] > ' ' &&
			str_find_char(S("\"<>\\`\x7f"), u.s.p[i]) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *mem = arena_new(4096);
	str text = {(const char *)data, (ptrdiff_t)n};
	url u, again;
	if (url_from(text, &u)) {
		harmless(u);
		u = url_query(mem, u, "q", text);
		harmless(u);
		must(url_from(u.s, &again));
		str set = srcset_add(mem, srcset_add(mem, (srcset){0}, u, 1), u, 2).s;
		must(str_find_char(set, ',') == str_find(set, S(" 1w, ")) + 3);
	}
	harmless(url_fmt(mem, "/t/%.*s", STR_ARGS(url_escape(mem, text))));
	must(str_eq(html_escape(mem, url_escape(mem, text)).s, url_escape(mem, text)));
	arena_free(mem);
	return 0;
}
