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
#define REPORTED_KINDS_MOST 32

struct moderation {
	struct memo *waiting; // one struct waiting
	const struct reported_kind *kinds[REPORTED_KINDS_MOST];
	int n_kinds;
};

// things.c: of the rooms below
extern const struct reported_kind reported_accounts, reported_notes;
// kinds.c. At start; the number and the name are to be no other's.
void kinds_add(struct ctx *, const struct reported_kind *);

extern const struct command moderation_commands[]; // command.c

// OK for a moderator in good standing. Reading counts as no act.
err must_moderate(struct ctx *) CHECKED;
// What stands there, cut short.
str excerpt_of(struct ctx *, str title, str text);
// People by id on the heap of the request; NULL where there is nobody.
err people_for(struct ctx *, const account_id *, ptrdiff_t n, struct person **out) CHECKED;
