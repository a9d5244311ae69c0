// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading JSON: jansson parses, the tree is copied into the arena, jansson's is freed. Depth is
// looked at before parsing, because jansson's own limit is compiled in and far too deep.
#include "json/json.h"

#include <jansson.h>
#include <math.h>

struct json {
	enum json_is is;
	ptrdiff_t n;             // elements or members
	const struct json *item; // n of them
	str *keys;               // of an object
	str text;
	double real;
	int64_t whole; // also of a bool
};

static bool too_deep(str s)
{
	int depth = 0;
	bool in_text = false;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (in_text) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_text = false;
		} else if (c == '"') {
			in_text = true;
		} else if (c == '{' || c == '[') {
			if (++depth > JSON_DEPTH)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

static void copy(struct arena *mem, json_t *from, struct json *to);

static void copy_object(struct arena *mem, json_t *from, struct json *to)
{
	to->is = JSON_IS_OBJECT;
	ptrdiff_t n = (ptrdiff_t)json_object_size(from);
	to->keys = NEW_N(mem, str, n);
	struct json *items = NEW_N(mem, struct json, n);
	to->item = items;
	const char *key;
	json_t *value;
	json_object_foreach(from, key, value)
	{
		to->keys[to->n] = str_copy(mem, str_from(key));
		copy(mem, value, &items[to->n++]);
	}
}

static void copy_list(struct arena *mem, json_t *from, struct json *to)
{
	to->is = JSON_IS_LIST;
	to->n = (ptrdiff_t)json_array_size(from);
	struct json *items = NEW_N(mem, struct json, to->n);
	to->item = items;
	for (ptrdiff_t i = 0; i < to->n; i++)
		copy(mem, json_array_get(from, (size_t)i), &items[i]);
}

static void copy(struct arena *mem, json_t *from, struct json *to)
{
	switch (json_typeof(from)) {
	case JSON_OBJECT:
		copy_object(mem, from, to);
		break;
	case JSON_ARRAY:
		copy_list(mem, from, to);
		break;
	case JSON_STRING:
		to->is = JSON_IS_STR;
		to->text = str_copy(
			mem, (str){json_string_value(from), (ptrdiff_t)json_string_length(from)});
		break;
	case JSON_INTEGER:
		to->is = JSON_IS_INT;
		to->whole = json_integer_value(from);
		to->real = (double)to->whole;
		break;
	case JSON_REAL:
		to->is = JSON_IS_REAL;
		to->real = json_real_value(from);
		if (fabs(to->real) < 9e15) // whole numbers stay exact below 2^53
			to->whole = (int64_t)to->real;
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		to->is = JSON_IS_BOOL;
		to->whole = json_is_true(from);
		break;
	case JSON_NULL:
		to->is = JSON_IS_NULL;
		break;
	}
}

err json_read(struct arena *mem, str text, ptrdiff_t most_bytes, const struct json **out)
{
	if (text.n > most_bytes)
		return ERR_TOO_LARGE;
	if (!text.n || too_deep(text))
		return ERR_BAD_REQUEST;
	json_error_t error;
	json_t *tree = json_loadb(text.p, (size_t)text.n, JSON_DECODE_ANY, &error);
	if (!tree)
		return ERR_BAD_REQUEST;
	struct json *value = NEW(mem, struct json);
	copy(mem, tree, value);
	json_decref(tree);
	*out = value;
	return OK;
}

enum json_is json_is(const struct json *v)
{
	return v ? v->is : JSON_IS_NOTHING;
}

const struct json *json_at(const struct json *v, const char *key)
{
	if (json_is(v) != JSON_IS_OBJECT)
		return NULL;
	str wanted = str_from(key);
	for (ptrdiff_t i = 0; i < v->n; i++)
		if (str_eq(v->keys[i], wanted))
			return &v->item[i];
	return NULL;
}

bool json_has(const struct json *v, const char *key)
{
	return json_at(v, key) != NULL;
}

str json_text(const struct json *v)
{
	return json_is(v) == JSON_IS_STR ? v->text : (str){0};
}

int64_t json_whole(const struct json *v)
{
	int64_t number = 0;
	if (json_is(v) == JSON_IS_INT || json_is(v) == JSON_IS_REAL)
		return v->whole;
	if (json_is(v) == JSON_IS_STR && !str_int(v->text, &number))
		return 0;
	return number;
}

str json_str(const struct json *v, const char *key)
{
	return json_text(json_at(v, key));
}

int64_t json_int(const struct json *v, const char *key)
{
	return json_whole(json_at(v, key));
}

double json_number(const struct json *v)
{
	return json_is(v) == JSON_IS_INT || json_is(v) == JSON_IS_REAL ? v->real : 0;
}

double json_double(const struct json *v, const char *key)
{
	return json_number(json_at(v, key));
}

bool json_truth(const struct json *v)
{
	if (json_is(v) == JSON_IS_STR)
		return str_eq(v->text, S("true")) || str_eq(v->text, S("1"));
	return json_is(v) == JSON_IS_BOOL && v->whole;
}

bool json_bool(const struct json *v, const char *key)
{
	return json_truth(json_at(v, key));
}

ptrdiff_t json_count(const struct json *v)
{
	return v ? v->n : 0;
}

const struct json *json_item(const struct json *v, ptrdiff_t i)
{
	return v && i >= 0 && i < v->n ? &v->item[i] : NULL;
}

str json_item_key(const struct json *v, ptrdiff_t i)
{
	return json_is(v) == JSON_IS_OBJECT && i >= 0 && i < v->n ? v->keys[i] : (str){0};
}
