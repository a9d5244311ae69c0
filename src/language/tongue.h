// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The languages that the phrase memory has, and how each puts clauses together.
#pragma once

#include "base/base.h"

enum tongue { ENGLISH, CHINESE, SPANISH, JAPANESE, KOREAN, FRENCH, TONGUES };
enum tongue tongue_of(lang); // TONGUES: none of them
bool tongue_is_spaceless(enum tongue);

// The length of an exclamation that the text begins with or ends with ("omg so cute", 哈哈哈太好笑了); 0: none.
ptrdiff_t tongue_exclaims(enum tongue, str text, bool at_end);

// Writes an answer and the signs that stood behind what was asked, as they stand in this language. `begins`: a
// sentence begins with it; whether one begins behind it. An answer without signs behind it, at the end, keeps its own.
bool tongue_join(struct sb *, enum tongue, str answer, str signs, bool begins, bool last);
