// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Written cards in memory: for each public note and locale the text around what differs by viewer
// and place. Bounded; changes end or update what they touch.
#pragma once

#include "memo/memo.h"

struct memo *cards_new(struct store *); // note and locale → a written card

// A written card. At pressed_at it says that its like button is not pressed, at count_at belongs the
// number of likes; lazy_at is where its cover's loading="lazy" begins, -1 when there is none.
struct written_card {
	str text;
	ptrdiff_t pressed_at, count_at, lazy_at;
	account_id author;
	int64_t likes;
};
// Copies those that are kept in the viewer's locale; others keep text.p NULL. Returns how many are
// missing, and the moment to hand to cards_keep.
ptrdiff_t cards_find(
	struct ctx *, const note_id *ids, ptrdiff_t n, struct written_card *out, uint64_t *moment);
void cards_keep(struct ctx *, note_id, const struct written_card *, uint64_t moment);
