// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The bridge: which language a text is in, and what its words mean to somebody who does not read it. No
// network and no provider: all is made from files beside the program (docs/decisions/language.md). What a
// missing file costs is said by `qiao doctor`; everything else works without. Any thread may call.
#pragma once

#include "language/dictionary.h"
#include "language/gloss.h"
#include "language/pinyin.h"

// NULL where the file is missing.
const struct dictionary *language_dictionary(const struct house *);

struct identified {
	lang lang;      // "" when there is too little to go by
	int confidence; // percent
};
// The author's languages weigh a little: who writes Catalan and Spanish, writes Catalan in two words that
// could be either.
struct identified language_identify(
	const struct house *, str text, const lang *author, int n_author);

// Parts of a text that are in other languages each, together the text. One part in most cases. In the arena.
struct span {
	str text; // borrows
	lang lang;
};
ptrdiff_t language_spans(const struct house *, struct arena *, str text, const lang *author,
	int n_author, struct span **out);

// What the phrase memory says for all of a text in another language; false where it does not cover it. `out` is in
// the arena.
bool language_phrase(struct ctx *, struct arena *, str text, lang from, lang to, str *out);
