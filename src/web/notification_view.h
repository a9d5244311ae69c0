// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the page of notifications shows: lines, some of which tell of several people at once.
#pragma once

#include "notifications/notifications.h"
#include "web/parts_view.h"

enum age { AGE_DAY, AGE_WEEK, AGE_OLDER };

struct notification_line {
	enum notification_kind kind;
	enum age age;
	str look_class;             // of its small sign
	void (*icon)(struct out *); // the sign of a room's kind, else NULL
	bool of_house;              // nobody did it
	url avatar;
	html text;
	url address; // none: what it tells of is gone
	str quote;
	url picture, follow; // none: not shown
	bool following, fresh;
	ms at;
};

struct notification_view {
	const struct frame *frame;
	const struct notification_line *lines;
	ptrdiff_t n;
	bool fresh; // at least one is new
	url next;   // none: the end
};
// The lines of what a page of them has; those are left out of which no room says how they look.
err notification_lines(
	struct ctx *, const struct notification *, ptrdiff_t n, struct notification_view *) CHECKED;
int age_word(enum age);
ptrdiff_t end_of_age(
	const struct notification_view *, ptrdiff_t from); // lines of one age end there
