// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Queries and urlencoded forms: values are valid UTF-8, never longer than what came, and written
// again they read the same.
#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void write_again(struct sb *sb, str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		sb_fmt(sb, "%%%02x", (unsigned)(unsigned char)s.p[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	pairs list = {0}, again = {0};
	if (parse_urlencoded(mem, (str){(const char *)bytes, (ptrdiff_t)n}, 50, &list) != OK) {
		arena_free(mem);
		return 0;
	}
	struct sb sb = sb_new(mem, 256);
	ptrdiff_t total = 0;
	list_each (pair, &list) {
		must(utf8_valid(pair->name) && utf8_valid(pair->value));
		total += pair->name.n + pair->value.n;
		write_again(&sb, pair->name);
		sb_char(&sb, '=');
		write_again(&sb, pair->value);
		sb_char(&sb, '&');
	}
	must(list.n <= 50 && total <= (ptrdiff_t)n);
	must(parse_urlencoded(mem, sb_str(&sb), 50, &again) == OK && again.n == list.n);
	for (ptrdiff_t i = 0; i < list.n; i++)
		must(str_eq(list.at[i].name, again.at[i].name) &&
			str_eq(list.at[i].value, again.at[i].value));
	arena_free(mem);
	return 0;
}
