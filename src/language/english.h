// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands over the words of an English text for somebody who reads Chinese.
#pragma once

#include "language/dictionary.h"

struct english_word {
	str text;  // as it stands there; borrows. A phrase that means something of its own is one
	str gloss; // Chinese; "" when nothing is known of it, or it is no word
	str note;  // of our lexicon
};
// The words and what lies between them, together the text. In the arena.
ptrdiff_t english_gloss(
	const struct dictionary *, struct arena *, str text, struct english_word **out);
