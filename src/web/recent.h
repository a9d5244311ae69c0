// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The last changes, for caches: what was loaded from the database before a change came must not be
// kept after it, unless the change was about something else. Whoever keeps one keeps its lock.
#pragma once

#include "store/store.h"

#define RECENT_CHANGES 128

struct recent {
	uint64_t n; // changes so far: the moment to remember before loading
	struct change at[RECENT_CHANGES];
};
void recent_add(struct recent *, const struct change *);

// What a kept thing shows: ids of notes, comments, accounts, each as it is; and these.
#define SHOWS_NEW_NOTES ((int64_t)1)
#define SHOWS_ALL_OF(account) (-(account).v) // an account's notes and counts, not only its name

// Whether the change is about one of these.
bool change_touches(const struct change *, const int64_t *shows, ptrdiff_t n);
// Whether any change since that moment was, or they are too many to tell.
bool recent_touched(const struct recent *, uint64_t since, const int64_t *shows, ptrdiff_t n);
