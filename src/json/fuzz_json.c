// SPDX-License-Identifier: AGPL-3.0-or-later
//
// JSON from outside: whatever is read can be written, and what was written is read as the same.
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void write_value(struct json_out *o, const struct json *v)
{
	switch (json_is(v)) {
	case JSON_IS_OBJECT:
		json_begin(o);
		for (ptrdiff_t i = 0; i < json_count(v); i++) {
			json_key_str(o, json_item_key(v, i));
			write_value(o, json_item(v, i));
		}
		json_end(o);
		break;
	case JSON_IS_LIST:
		json_begin_list(o);
		for (ptrdiff_t i = 0; i < json_count(v); i++)
			write_value(o, json_item(v, i));
		json_end_list(o);
		break;
	case JSON_IS_STR:
		must(utf8_valid(json_text(v)));
		json_add_str(o, json_text(v));
		break;
	case JSON_IS_INT:
		json_add_int(o, json_whole(v));
		break;
	case JSON_IS_REAL:
		json_add_real(o, json_number(v));
		break;
	case JSON_IS_BOOL:
		json_add_bool(o, json_truth(v));
		break;
	default:
		json_add_null(o);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *mem = arena_new(4096);
	const struct json *v = NULL, *again = NULL;
	if (json_read(mem, (str){(const char *)data, (ptrdiff_t)n}, 1 << 16, &v) == OK) {
		struct sb first = sb_new(mem, 64), second = sb_new(mem, 64);
		struct json_out o = json_out(&first);
		write_value(&o, v);
		must(json_read(mem, sb_str(&first), 1 << 20, &again) == OK);
		o = json_out(&second);
		write_value(&o, again);
		must(str_eq(sb_str(&first), sb_str(&second)));
		json_str(v, "a");
		json_int(json_at(v, "b"), "c");
	}
	arena_free(mem);
	return 0;
}
