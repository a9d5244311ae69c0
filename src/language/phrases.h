// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The phrase memory: what people write under notes is short and alike, so much of it can be said in another
// language by somebody who once did. It covers a text or it does not: nothing is guessed.
//
// A text is found as a whole, then as a sentence with slots ("I love {food}"), then clause by clause, all or
// nothing. Emoji, names that are addressed, and the laughter between stay where they are.
#pragma once

#include "base/base.h"

struct phrases;

// Of a file that tools/phrasegen.py made: ERR_IO or ERR_INVALID with ctx->problem. Takes a few milliseconds
// for ten thousand phrases and keeps 16 bytes of each beside the mapped file.
err phrases_open(struct ctx *, const char *path, struct phrases **) CHECKED;
void phrases_close(struct phrases *); // NULL: nothing

// False when the memory does not cover all of the text. `out` is in the arena.
bool phrases_translate(
	const struct phrases *, struct arena *, str text, lang from, lang to, str *out);
