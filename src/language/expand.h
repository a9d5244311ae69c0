// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The words of another language that somebody may have written who meant the same: what a search asks for as
// well. Best first, with how sure we are and why.
#pragma once

#include "language/dictionary.h"

enum expansion_kind {
	EXPANSION_SAME,     // a sense of it is just that
	EXPANSION_COMPOSED, // its words' meanings, together a word
	EXPANSION_PART      // what one of its words means
};
struct expansion {
	str text; // in the arena, or borrowed from the dictionary
	str why;  // what it goes back to: the sense, or the word
	enum expansion_kind kind;
	int score; // in hundredths; more is surer
};
#define EXPANSION_MOST 10
// English to Chinese or Chinese to English, by the script of the query; how many.
int expand(
	const struct dictionary *, struct arena *, str query, struct expansion out[EXPANSION_MOST]);
