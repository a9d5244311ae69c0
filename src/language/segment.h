// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where the words of a Chinese text end: the likeliest way to make it of the dictionary's words.
#pragma once

#include "language/dictionary.h"

struct word {
	str text;   // as it stands there; borrows
	word_id id; // 0: no word of the dictionary, or nothing but punctuation and space
};

// The words and what lies between them, together the text. In the arena.
ptrdiff_t segment_words(const struct dictionary *, struct arena *, str text, struct word **out);
