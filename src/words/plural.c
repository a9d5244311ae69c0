// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Plural rules for whole numbers, from CLDR: https://cldr.unicode.org/index/cldr-spec/plural-rules.
// A family serves all languages with the same rule; tools/wordgen.py says which belong to it.
#include "words/catalogue.h"

static bool within(int64_t v, int64_t from, int64_t to)
{
	return v >= from && v <= to;
}

static enum plural slavic(int64_t n)
{
	if (n % 10 == 1 && n % 100 != 11)
		return PLURAL_ONE_;
	return within(n % 10, 2, 4) && !within(n % 100, 12, 14) ? PLURAL_FEW_ : PLURAL_MANY_;
}

static enum plural polish(int64_t n)
{
	if (n == 1)
		return PLURAL_ONE_;
	return within(n % 10, 2, 4) && !within(n % 100, 12, 14) ? PLURAL_FEW_ : PLURAL_MANY_;
}

static enum plural arabic(int64_t n)
{
	if (n <= 2)
		return n == 0 ? PLURAL_ZERO_ : n == 1 ? PLURAL_ONE_ : PLURAL_TWO_;
	if (within(n % 100, 3, 10))
		return PLURAL_FEW_;
	return within(n % 100, 11, 99) ? PLURAL_MANY_ : PLURAL_OTHER_;
}

enum plural plural_of(enum plural_family family, int64_t n)
{
	if (n < 0)
		n = n == INT64_MIN ? INT64_MAX : -n;
	switch (family) {
	case PLURAL_ONLY:
		return PLURAL_OTHER_;
	case PLURAL_ONE:
		return n == 1 ? PLURAL_ONE_ : PLURAL_OTHER_;
	case PLURAL_ZERO_ONE:
		return n <= 1 ? PLURAL_ONE_ : PLURAL_OTHER_;
	case PLURAL_SLAVIC:
		return slavic(n);
	case PLURAL_POLISH:
		return polish(n);
	case PLURAL_CZECH:
		return n == 1 ? PLURAL_ONE_ : within(n, 2, 4) ? PLURAL_FEW_ : PLURAL_OTHER_;
	case PLURAL_ARABIC:
		return arabic(n);
	}
	return PLURAL_OTHER_;
}
