// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The shape of the generated tables; only for this room.
#pragma once

#include "base/base.h"
#include "words/words_list.h"

enum plural_family {
	PLURAL_ONLY,
	PLURAL_ONE,
	PLURAL_ZERO_ONE,
	PLURAL_SLAVIC,
	PLURAL_POLISH,
	PLURAL_CZECH,
	PLURAL_ARABIC
};
enum plural { PLURAL_ZERO_, PLURAL_ONE_, PLURAL_TWO_, PLURAL_FEW_, PLURAL_MANY_, PLURAL_OTHER_ };

struct catalogue {
	lang lang;
	enum plural_family family;
	bool rtl;
	const char *text;
	const uint32_t *at;     // text of slot i is text[at[i]] .. text[at[i + 1]]
	const uint16_t *plural; // 0, or the first of the word's six slots, one a category
};
extern const struct catalogue catalogues[LOCALE_COUNT];
extern const char *const word_keys[W_COUNT];

enum plural plural_of(enum plural_family, int64_t n);
