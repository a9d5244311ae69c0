// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Percent escapes, forms, cookies, paths and the small header grammars. Strict where a loose reading
// could let two readers disagree (paths), lenient where the web is (cookies).
#include "http/parse.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

err percent_decode(struct arena *mem, str raw, bool form, str *out)
{
	if (str_find_char(raw, '%') < 0 && (!form || str_find_char(raw, '+') < 0)) {
		if (!utf8_valid(raw))
			return ERR_BAD_REQUEST;
		*out = raw.p ? raw : S("");
		return OK;
	}
	char *p = NEW_N(mem, char, raw.n);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];
		if (c == '%') {
			int high = i + 2 < raw.n ? hex_value(raw.p[i + 1]) : -1;
			int low = i + 2 < raw.n ? hex_value(raw.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return ERR_BAD_REQUEST;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (form && c == '+') {
			c = ' ';
		}
		p[n++] = c;
	}
	if (!utf8_valid((str){p, n}))
		return ERR_BAD_REQUEST;
	*out = (str){p, n};
	return OK;
}

err parse_urlencoded(struct arena *mem, str raw, ptrdiff_t most, pairs *out)
{
	while (raw.p && raw.n) {
		str value = str_cut(&raw, '&');
		if (!value.n)
			continue;
		str name = str_cut(&value, '=');
		struct pair pair = {0};
		TRY(percent_decode(mem, name, true, &pair.name));
		TRY(percent_decode(mem, value, true, &pair.value));
		if (out->n >= most)
			return ERR_TOO_LARGE;
		list_push(mem, out, pair);
	}
	return OK;
}

static bool is_token_char(char c)
{
	bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	if (letter || c == '-' || (c >= '0' && c <= '9')) // nearly all
		return true;
	return c > 0x20 && c < 0x7f && str_find_char(S("()<>@,;:\\\"/[]?={}"), c) < 0;
}

bool is_token(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (!is_token_char(s.p[i]))
			return false;
	return s.n > 0;
}

err parse_cookies(struct arena *mem, str header, pairs *out)
{
	if (!utf8_valid(header))
		return ERR_BAD_REQUEST;
	while (header.p && header.n && out->n < 100) {
		str value = str_trim(str_cut(&header, ';'));
		if (str_find_char(value, '=') < 0)
			continue;
		str name = str_trim(str_cut(&value, '='));
		value = str_trim(value);
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_sub(value, 1, value.n - 1);
		if (is_token(name))
			list_push(mem, out, (struct pair){name, value});
	}
	return OK;
}

err parse_path(struct arena *mem, str raw, struct path *out)
{
	*out = (struct path){0};
	if (!raw.n || raw.p[0] != '/')
		return ERR_BAD_REQUEST;
	str rest = str_skip(raw, 1);
	if (!rest.n)
		return OK;
	while (rest.p) {
		str segment = {0};
		TRY(percent_decode(mem, str_cut(&rest, '/'), false, &segment));
		bool dots = str_eq(segment, S(".")) || str_eq(segment, S(".."));
		if (!segment.n || dots || out->n == PATH_SEGMENTS ||
			str_find_char(segment, '/') >= 0)
			return ERR_NOT_FOUND;
		out->segments[out->n++] = segment;
	}
	return OK;
}

static bool digits(str s, int64_t *out)
{
	return s.n && s.p[0] != '-' && str_int(s, out);
}

bool parse_range(str header, int64_t size, int64_t *from, int64_t *to, bool *none)
{
	*none = false;
	if (!str_starts(header, S("bytes=")))
		return false;
	str last = str_trim(str_skip(header, 6));
	if (str_find_char(last, ',') >= 0 || str_find_char(last, '-') < 0)
		return false;
	str first = str_trim(str_cut(&last, '-'));
	last = str_trim(last);
	int64_t a = 0, b = size - 1;
	if (!first.n) {
		if (!digits(last, &b))
			return false;
		a = MAX(size - b, 0);
		*none = b == 0 || size == 0;
		b = size - 1;
	} else {
		if (!digits(first, &a) || (last.n && (!digits(last, &b) || b < a)))
			return false;
		*none = a >= size;
		b = MIN(b, size - 1);
	}
	*from = a;
	*to = b;
	return true;
}

bool etag_listed(str header, str tag)
{
	if (str_eq(str_trim(header), S("*")))
		return true;
	while (header.p && header.n) {
		str one = str_trim(str_cut(&header, ','));
		if (str_starts(one, S("W/")))
			one = str_skip(one, 2);
		if (one.n >= 2 && one.p[0] == '"' && one.p[one.n - 1] == '"' &&
			str_eq(str_sub(one, 1, one.n - 1), tag))
			return true;
	}
	return false;
}

bool accepts_coding(str header, str coding)
{
	while (header.p && header.n) {
		str quality = str_cut(&header, ',');
		str name = str_trim(str_cut(&quality, ';'));
		if (!str_ieq(name, coding))
			continue;
		quality = str_trim(quality);
		if (!str_istarts(quality, S("q=")))
			return true;
		for (ptrdiff_t i = 2; i < quality.n; i++)
			if (quality.p[i] >= '1' && quality.p[i] <= '9')
				return true;
		return false;
	}
	return false;
}

str media_type(struct arena *mem, str header)
{
	return str_lower(mem, str_trim(str_cut(&header, ';')));
}

// One `name=value` or `name="value"` cut off *rest, unquoted.
static struct pair next_parameter(struct arena *mem, str *rest)
{
	struct pair pair = {0};
	*rest = str_trim(*rest);
	ptrdiff_t i = 0;
	while (i < rest->n && rest->p[i] != '=' && rest->p[i] != ';')
		i++;
	pair.name = str_lower(mem, str_trim(str_sub(*rest, 0, i)));
	if (i == rest->n || rest->p[i] == ';') {
		*rest = str_skip(*rest, i + 1);
		return pair;
	}
	*rest = str_trim(str_skip(*rest, i + 1));
	if (!rest->n || rest->p[0] != '"') {
		pair.value = str_trim(str_cut(rest, ';'));
		return pair;
	}
	struct sb sb = sb_new(mem, rest->n);
	for (i = 1; i < rest->n && rest->p[i] != '"'; i++) {
		bool escape = rest->p[i] == '\\' && i + 1 < rest->n &&
			      (rest->p[i + 1] == '"' || rest->p[i + 1] == '\\');
		i += escape;
		sb_char(&sb, rest->p[i]);
	}
	pair.value = sb_str(&sb);
	*rest = str_skip(*rest, i + 1);
	str_cut(rest, ';');
	return pair;
}

str media_parameter(struct arena *mem, str header, str name)
{
	str_cut(&header, ';');
	while (header.p && header.n) {
		struct pair pair = next_parameter(mem, &header);
		if (str_eq(pair.name, name) && pair.value.p)
			return pair.value;
	}
	return (str){0};
}
