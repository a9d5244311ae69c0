// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writing JSON into a string builder; the nesting is kept in two words of bits.
#include "json/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct json_out json_out(struct sb *sb)
{
	return (struct json_out){.sb = sb};
}

static void value_begins(struct json_out *o)
{
	uint64_t bit = 1ULL << o->depth;
	must(o->depth == 0 || o->after_key || (o->lists & bit));
	if (!o->after_key && (o->filled & bit))
		sb_char(o->sb, ',');
	o->filled |= bit;
	o->after_key = false;
}

static void begin(struct json_out *o, char c, bool list)
{
	value_begins(o);
	must(o->depth < 60);
	uint64_t bit = 1ULL << ++o->depth;
	o->filled &= ~bit;
	o->lists = list ? o->lists | bit : o->lists & ~bit;
	sb_char(o->sb, c);
}

static void end(struct json_out *o, char c, bool list)
{
	must(o->depth > 0 && !o->after_key && !(o->lists >> o->depth & 1) == !list);
	o->depth--;
	sb_char(o->sb, c);
}

void json_begin(struct json_out *o)
{
	begin(o, '{', false);
}

void json_end(struct json_out *o)
{
	end(o, '}', false);
}

void json_begin_list(struct json_out *o)
{
	begin(o, '[', true);
}

void json_end_list(struct json_out *o)
{
	end(o, ']', true);
}

static void escaped(struct sb *sb, str s)
{
	sb_char(sb, '"');
	ptrdiff_t from = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		sb_add(sb, str_sub(s, from, i));
		from = i + 1;
		if (c == '"' || c == '\\') {
			sb_char(sb, '\\');
			sb_char(sb, (char)c);
		} else if (c == '\n') {
			sb_lit(sb, "\\n");
		} else {
			sb_fmt(sb, "\\u%04x", c);
		}
	}
	sb_add(sb, str_skip(s, from));
	sb_char(sb, '"');
}

void json_key_str(struct json_out *o, str key)
{
	uint64_t bit = 1ULL << o->depth;
	must(o->depth > 0 && !o->after_key && !(o->lists & bit));
	if (o->filled & bit)
		sb_char(o->sb, ',');
	o->filled |= bit;
	escaped(o->sb, key);
	sb_char(o->sb, ':');
	o->after_key = true;
}

void json_key(struct json_out *o, const char *key)
{
	json_key_str(o, str_from(key));
}

void json_add_str(struct json_out *o, str s)
{
	value_begins(o);
	escaped(o->sb, s);
}

void json_add_int(struct json_out *o, int64_t v)
{
	value_begins(o);
	sb_int(o->sb, v);
}

void json_add_real(struct json_out *o, double v)
{
	value_begins(o);
	if (!isfinite(v)) {
		sb_lit(o->sb, "null");
		return;
	}
	char text[32];
	int n = snprintf(text, sizeof text, "%.15g", v == 0 ? 0.0 : v); // never "-0"
	if (strtod(text, NULL) != v)
		n = snprintf(text, sizeof text, "%.17g", v);
	sb_add(o->sb, (str){text, n});
}

void json_add_bool(struct json_out *o, bool v)
{
	value_begins(o);
	sb_add(o->sb, v ? S("true") : S("false"));
}

void json_add_null(struct json_out *o)
{
	value_begins(o);
	sb_lit(o->sb, "null");
}

void json_add_raw(struct json_out *o, str json)
{
	value_begins(o);
	sb_add(o->sb, json);
}

void json_put_str(struct json_out *o, const char *key, str s)
{
	json_key(o, key);
	json_add_str(o, s);
}

void json_put_str_or_null(struct json_out *o, const char *key, str s)
{
	json_key(o, key);
	if (s.n)
		json_add_str(o, s);
	else
		json_add_null(o);
}

void json_put_int(struct json_out *o, const char *key, int64_t v)
{
	json_key(o, key);
	json_add_int(o, v);
}

void json_put_id(struct json_out *o, const char *key, int64_t id)
{
	json_key(o, key);
	value_begins(o);
	sb_char(o->sb, '"');
	sb_int(o->sb, id);
	sb_char(o->sb, '"');
}

void json_put_real(struct json_out *o, const char *key, double v)
{
	json_key(o, key);
	json_add_real(o, v);
}

void json_put_bool(struct json_out *o, const char *key, bool v)
{
	json_key(o, key);
	json_add_bool(o, v);
}

void json_put_null(struct json_out *o, const char *key)
{
	json_key(o, key);
	json_add_null(o);
}

void json_put_time(struct json_out *o, const char *key, ms at)
{
	char text[TIME_ISO_SIZE];
	time_iso(at, text);
	json_put_str_or_null(o, key, at ? str_from(text) : (str){0});
}
