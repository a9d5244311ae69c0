// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "moderation/moderation.h"
#include "moderation/moderation.sql.h"
#include "notes/notes.h"
#include "memo/memo.h"
#include "shown/shown.h"

#define EXCERPT_MOST 300

struct moderation {
	struct memo *waiting; // one struct waiting
};

extern const struct command moderation_commands[]; // command.c

// OK for a moderator in good standing. Reading counts as no act.
err must_moderate(struct ctx *) CHECKED;
// What stands there, cut short: a note's title and text, or a profile's name and text.
str excerpt_of(struct ctx *, str title, str body);
// People by id on the heap of the request; NULL where there is nobody.
err people_for(struct ctx *, const account_id *, ptrdiff_t n, struct person **out) CHECKED;
