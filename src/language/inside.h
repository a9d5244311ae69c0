// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "language/language.h"
#include "language/model.h"
#include "language/phrases.h"

#include "base/thread.h"

// What the room keeps. Files that are missing are NULL.
struct language {
	struct dictionary *dictionary;
	struct model *model;
	struct label_row *labels; // what each of the model's labels is here
	struct lock lock;         // for what is opened by whoever needs it first
	struct phrases *phrases;
	bool phrases_tried;
};

struct label_row *labels_new(const struct model *);

extern const struct command language_commands[];
