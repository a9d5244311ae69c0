// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Sentences of the phrase memory with slots, and what can stand in them. "I have {number animals}" and 我有{number
// animal}: a slot has a type, and the forms that its language needs.
#pragma once

#include "language/tongue.h"

struct patterns;

struct patterns *patterns_new(struct arena *); // all of it lives there
// "food<tab>dumpling<tab>dumplings<tab>饺子<tab>个"; false when it is not of this form.
bool patterns_add_filler(struct patterns *, struct arena *scratch, str line);
bool patterns_add(struct patterns *, enum tongue from, enum tongue to, str source, str target);
// The answer for a folded clause, "" when no pattern is all of it.
str patterns_match(
	const struct patterns *, struct arena *, enum tongue from, enum tongue to, str folded);
