// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "language/language.h"
#include "reading/reading.h"
#include "reading/reading_view.h"

// Where a word has its page.
url url_of_word(struct arena *, str word);
// What stands under a word: the first of a gloss's meanings.
str first_meaning(str gloss);

// text.c
// Looks a text up, as far as `*left` words go. Topics, mentions and links lead where they do on the note's page.
ptrdiff_t passages_of(struct ctx *, const struct note *, const struct leads *, str text, int *left,
	struct passage_view **out);

// words.c: a text; word.c: a word
extern const struct route words_routes[], word_routes[];
extern const struct text_offer words_offer;
