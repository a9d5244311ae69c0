// SPDX-License-Identifier: AGPL-3.0-or-later
//
// English words as the dictionary's reverse side has them: the same rules as tools/stemmer.py, which wrote the
// keys. Both are tried with language/stems.tsv.
#pragma once

#include "base/base.h"

#define STEM_WORDS_MOST 12
struct stems {
	str words
		[STEM_WORDS_MOST]; // stemmed, without "to", "a", "of" and the like unless there is nothing else
	int n;
};
// Of an English text of a few words; those behind STEM_WORDS_MOST are left out. In the arena.
void stems_of(struct arena *, str text, struct stems *);
// The key of words [from, to): what they are without spaces, so that "skin care" and "skincare" are one.
str stems_key(struct arena *, const struct stems *, int from, int to);
