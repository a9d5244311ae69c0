// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Values of options by their keys: asked when something starts, so a search through a few dozen will do.
#include "base/options.h"

#include "base/err.h"

str option_text(const struct house *house, const char *key)
{
	const struct option *o = house->options;
	while (o && o->key && !str_eq(str_from(o->key), str_from(key)))
		o++;
	must(o && o->key);
	return o->value;
}

int64_t option_number(const struct house *house, const char *key)
{
	int64_t n = 0;
	must(str_int(option_text(house, key), &n));
	return n;
}

int64_t option_size(const struct house *house, const char *key)
{
	str value = option_text(house, key);
	int64_t n = -1;
	must(!value.n || size_parse(value, &n));
	return n;
}

bool option_on(const struct house *house, const char *key)
{
	return str_eq(option_text(house, key), S("on"));
}

bool size_parse(str text, int64_t *bytes)
{
	static const char units[] = "KMGT";
	int shift = 0;
	int64_t n;
	for (int i = 0; text.n && units[i]; i++)
		if (text.p[text.n - 1] == units[i] || text.p[text.n - 1] == units[i] + 32)
			shift = 10 * (i + 1);
	if (shift)
		text.n--;
	if (!str_int(text, &n) || n < 0 || n > INT64_MAX >> shift)
		return false;
	*bytes = n << shift;
	return true;
}
