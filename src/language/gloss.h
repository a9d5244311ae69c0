// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands over the words of a Chinese text: how each is read and what it most likely means there.
// It is a dictionary and never a translation.
#pragma once

#include "language/dictionary.h"

struct gloss {
	str text;           // as it stands there; borrows
	word_id id;         // 0: nothing is known of it; the rest is empty
	int reading;        // which of the word's, of dictionary_entry
	struct entry entry; // that one
	str gloss;          // the few words that fit here
};

// The words and what lies between them, together the text. In the arena.
ptrdiff_t gloss_text(const struct dictionary *, struct arena *, str text, struct gloss **out);
