// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cookie headers, and the other small header grammars: what comes out is valid UTF-8 from inside the
// header, and ranges lie inside the body.
#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	str header = {(const char *)bytes, (ptrdiff_t)n};
	pairs list = {0};
	err result = parse_cookies(mem, header, &list);
	must(result == OK ? utf8_valid(header) : !utf8_valid(header));
	list_each (pair, &list) {
		must(pair->name.n > 0 && utf8_valid(pair->name) && utf8_valid(pair->value));
		must(str_find_char(pair->name, '=') < 0 && str_find_char(pair->value, ';') < 0);
	}
	int64_t from = 0, to = 0;
	bool none = false;
	if (parse_range(header, 1000, &from, &to, &none) && !none)
		must(from >= 0 && from <= to && to < 1000);
	struct address a = {0};
	struct network net = {0};
	if (parse_address(header, &a)) {
		struct address again = {0};
		must(parse_address(address_text(mem, a), &again) && address_eq(a, again));
	}
	if (parse_network(header, &net))
		must(network_has(&net, net.base));
	if (utf8_valid(header)) {
		must(media_parameter(mem, header, S("boundary")).n <= header.n);
		must(media_type(mem, header).n <= header.n);
	}
	must(!etag_listed(header, S("never said")) || str_find_char(header, '*') >= 0 ||
		str_find(header, S("\"never said\"")) >= 0);
	must(!accepts_coding(header, S("br")) || n >= 2);
	arena_free(mem);
	return 0;
}
