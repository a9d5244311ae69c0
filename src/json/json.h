// SPDX-License-Identifier: AGPL-3.0-or-later
//
// JSON: written as a stream, read into an arena. Reading a wrong shape gives an empty value, never
// an error: what must be there is checked by whoever needs it.
#pragma once

#include "base/base.h"

// --- writing ------------------------------------------------------------------------------------
//
//   struct json_out o = json_out(&sb);
//   json_begin(&o);  json_put_str(&o, "name", name);  json_key(&o, "tags");  json_begin_list(&o); …
//
// Commas and escapes are the writer's business; beginning and ending in pairs is the caller's (a
// release checks it too). At most 60 levels.

struct json_out {
	struct sb *sb;
	uint64_t filled; // a bit per level: something stands there already
	uint64_t lists;  // a bit per level: it is a list
	int depth;
	bool after_key;
};
struct json_out json_out(struct sb *);
void json_begin(struct json_out *); // {
void json_end(struct json_out *);   // }
void json_begin_list(struct json_out *);
void json_end_list(struct json_out *);
void json_key(struct json_out *, const char *key);
void json_key_str(struct json_out *, str key);
// Values: in a list, after json_key, or alone.
void json_add_str(struct json_out *, str);
void json_add_int(struct json_out *, int64_t);
void json_add_real(struct json_out *, double); // null when it is no number
void json_add_bool(struct json_out *, bool);
void json_add_null(struct json_out *);
void json_add_raw(struct json_out *, str json); // written JSON, as it is
// Key and value.
void json_put_str(struct json_out *, const char *key, str);
void json_put_str_or_null(struct json_out *, const char *key, str); // "" is null
void json_put_int(struct json_out *, const char *key, int64_t);
void json_put_id(struct json_out *, const char *key, int64_t); // as a string: "123"
void json_put_real(struct json_out *, const char *key, double);
void json_put_bool(struct json_out *, const char *key, bool);
void json_put_null(struct json_out *, const char *key);
void json_put_time(struct json_out *, const char *key, ms); // ISO 8601; 0 is null

// --- reading ------------------------------------------------------------------------------------

struct json; // a value in an arena; NULL is the empty value everywhere
enum json_is {
	JSON_IS_NOTHING,
	JSON_IS_NULL,
	JSON_IS_BOOL,
	JSON_IS_INT,
	JSON_IS_REAL,
	JSON_IS_STR,
	JSON_IS_LIST,
	JSON_IS_OBJECT
};

#define JSON_DEPTH 32
// Reads one value that is the whole text. ERR_TOO_LARGE beyond most_bytes, ERR_BAD_REQUEST for what
// is no JSON, is deeper than JSON_DEPTH, holds invalid UTF-8 or NUL. Of equal keys the last counts.
err json_read(struct arena *, str text, ptrdiff_t most_bytes, const struct json **out) CHECKED;

enum json_is json_is(const struct json *);
// Members of an object: empty, 0, false when absent or of another kind.
const struct json *json_at(const struct json *, const char *key);
bool json_has(const struct json *, const char *key);
str json_str(const struct json *, const char *key);
int64_t json_int(
	const struct json *, const char *key); // also of a whole real, and a decimal string
double json_double(const struct json *, const char *key);
bool json_bool(const struct json *, const char *key); // also of "true" and "1"
// The value itself.
str json_text(const struct json *);
int64_t json_whole(const struct json *);
double json_number(const struct json *);
bool json_truth(const struct json *);
// Elements of a list, members of an object in order.
ptrdiff_t json_count(const struct json *);
const struct json *json_item(const struct json *, ptrdiff_t i);
str json_item_key(const struct json *, ptrdiff_t i);
