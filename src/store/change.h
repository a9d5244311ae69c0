// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What happened. The room that does a thing defines the kind, in its own header, and says the change
// once, in the transaction that makes it so; it knows nothing of who cares. Rooms above subscribe to
// a kind: with a job (jobs_on), within the transaction (store_within), or at once after the commit, in
// every process (store_on).
#pragma once

#include "base/base.h"

// struct change_kind note_liked = {.name = "notes.liked"};
struct change_kind {
	const char *name; // stored: never gets another meaning
	int number;       // in this process, from 1; 0 while nobody listens
};

struct change {
	const struct change_kind *kind;
	int64_t subject, actor, extra; // as the kind says
	bool late; // it, or what came after it, may have been told here before: forget, do not count
	bool quiet; // ctx->quiet: no jobs of jobs_on. Known in this process only.
};

// Some changes were missed: everything kept in memory may be stale.
extern struct change_kind changes_lost;
