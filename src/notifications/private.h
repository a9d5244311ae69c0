// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "notifications/notifications.h"
#include "notifications/notifications.sql.h"
#include "shown/shown.h"

// Of notification.aside: in the list; not, as what it tells is not so, or its note is not there for the
// reader.
enum { TOLD_IN_LIST, TOLD_NOT_SO, TOLD_NOT_THERE };

#define TOLD_BATCH 200 // rows judged, or marked, at once

// Of n lines, for the viewer: there[i]. ids: room for their notes and comments, 2 n.
err told_judge(
	struct ctx *, const struct told_line *, ptrdiff_t n, note_id *ids, bool *there) CHECKED;

// Of one account, in one place: they go and come in one statement.
bool told_together(const struct told_row *, const struct told_row *);

// aside.c. Who reads says how many lines were met that are not there, and the first of them: when they are
// many a job puts them aside.
struct told_absent {
	notification_id first;
	ptrdiff_t n;
};
void told_absent_add(
	struct told_absent *, const struct told_line *, ptrdiff_t n, const bool *there);
err told_absent_leave(struct ctx *, const struct told_absent *) CHECKED;
void aside_start(struct ctx *); // registers jobs, listens to what may bring something back
