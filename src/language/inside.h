// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "language/language.h"
#include "language/model.h"

// What the room keeps. Files that are missing are NULL.
struct language {
	struct dictionary *dictionary;
	struct model *model;
	struct label_row *labels; // what each of the model's labels is here
	bool mind_missing;
};

struct label_row *labels_new(const struct model *);

extern const struct command language_commands[];
