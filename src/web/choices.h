// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The words by which forms name what can be chosen. They are part of the pages' contract: enums may
// be reordered, bookmarks, scripts and kept drafts may not break.
#pragma once

#include "community/community.h"
#include "moderation/moderation.h"
#include "notes/notes.h"

struct choices {
	const str *names; // by the enum's value; an empty one cannot be chosen
	int n;
};

extern const struct choices visibility_choices, ratio_choices, signup_choices, reason_choices,
	action_choices;

str choice_name(const struct choices *, int value);
int choice_from(const struct choices *, str name); // -1 = none of them

// What is not understood is taken for the narrowest, never for the widest.
enum visibility visibility_from(str name);
