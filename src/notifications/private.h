// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "memo/memo.h"
#include "notifications/notifications.h"
#include "notifications/notifications.sql.h"
#include "shown/shown.h"

// Of notification.aside: in the list; not, as what it tells is not so, or its note is not there for the
// reader.
enum { TOLD_IN_LIST, TOLD_NOT_SO, TOLD_NOT_THERE };

#define ROOMS_KINDS_MOST 32
#define TOLD_BATCH 200 // rows judged, or marked, at once

// Of n lines, for the viewer: there[i]. ids: room for the notes and comments, or things, that they tell of, 2 n.
// Of rooms' kinds a line's `so` becomes what their room says.
err told_judge(struct ctx *, struct told_line *, ptrdiff_t n, note_id *ids, bool *there) CHECKED;

struct notifications {
	struct memo *counts; // account → how many are new; about the account and what they tell of
	const struct told_kind *kinds[ROOMS_KINDS_MOST];
	int n_kinds;
};

// kinds.c
bool told_is_known(struct ctx *, int64_t kind); // here, or of a room that is here
// Of n lines those of rooms' kinds, of which there is one at least: there[i], and `so`.
err told_judge_rooms(struct ctx *, struct told_line *, ptrdiff_t n, bool *there) CHECKED;
// Inside a transaction: one that was told before is there again.
err told_tell(struct ctx *, const struct notification_row *, str once) CHECKED;
// A step of those that tell of something: they go, or come back into the list.
typedef err (*told_find_fn)(
	struct ctx *, int64_t about, ptrdiff_t most, struct told_row **, ptrdiff_t *n);
err told_forget(struct ctx *, told_find_fn, int64_t about) CHECKED;
err told_bring_back(struct ctx *, told_find_fn, int64_t about) CHECKED;
void kinds_start(struct ctx *); // registers its job

// Of one account, in one place: they go and come in one statement.
bool told_together(const struct told_row *, const struct told_row *);

// aside.c. Who reads says how many lines were met that are not there, and the first of them: when they are
// many a job puts them aside.
struct told_absent {
	notification_id first;
	ptrdiff_t n;
};
void told_absent_add(struct ctx *, struct told_absent *, const struct told_line *, ptrdiff_t n,
	const bool *there);
err told_absent_leave(struct ctx *, const struct told_absent *) CHECKED;
void aside_start(struct ctx *); // registers jobs, listens to what may bring something back
