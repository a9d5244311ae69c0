// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reads the table of the scanner's tests, scan_cases.txt, for the tests of several rooms.
#pragma once

#include "unicode/unicode.h"

#include <stdio.h>
#include <stdlib.h>

#define CASE_LINE_MOST 16384

struct scan_case {
	str kind, line;
	str text, want, leads; // want: M(name) T(topic) L(link), the rest as it is
};

// \n, \t, \\ and \u{202E} as in C and Rust.
static inline str case_unescaped(struct arena *mem, str s)
{
	struct sb sb = sb_new(mem, s.n + 1);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\' || i + 1 == s.n) {
			sb_char(&sb, s.p[i]);
			continue;
		}
		char c = s.p[++i];
		if (c == 'u' && i + 1 < s.n && s.p[i + 1] == '{') {
			ptrdiff_t end = str_find_char(str_skip(s, i), '}') + i;
			sb_utf8(&sb,
				(uint32_t)strtoul(str_z(mem, str_sub(s, i + 2, end)), NULL, 16));
			i = end;
		} else {
			sb_char(&sb, c == 'n' ? '\n' : c == 't' ? '\t' : c);
		}
	}
	return sb_str(&sb);
}

// The next case; c->kind begins empty and is kept from one to the next.
static inline bool case_next(FILE *f, struct arena *mem, struct scan_case *c)
{
	char bytes[CASE_LINE_MOST];
	while (fgets(bytes, sizeof bytes, f)) {
		str line = str_copy(mem, str_from(bytes));
		must(str_ends(line, S("\n")));
		line = str_sub(line, 0, line.n - 1);
		if (str_starts(line, S("== ")))
			c->kind = str_skip(line, 3);
		if (str_find_char(line, '\t') < 0)
			continue;
		str rest = c->line = line;
		c->text = case_unescaped(mem, str_cut(&rest, '\t'));
		c->want = case_unescaped(mem, str_cut(&rest, '\t'));
		c->leads = case_unescaped(mem, rest);
		if (str_eq(c->want, S("=")))
			c->want = c->text;
		return true;
	}
	return false;
}
