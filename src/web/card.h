// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cards in the order a feed wants them. Public cards are rendered once for each locale and kept,
// bounded, as long as nothing they show changes; twenty warm cards cost one statement (which of them
// the viewer likes) or none.
#pragma once

#include "web/card_view.h"

struct web_cards;
struct web_cards *cards_new(struct store *); // listens to changes
void cards_free(struct web_cards *);

#define DECK_EAGER 6 // pictures of the first screen

struct deck_card {
	note_id id;
	str before, after; // the written card around its like button
	int64_t likes;
	bool liked;
};
struct deck {
	struct deck_card *at;
	ptrdiff_t n;
	str csrf;
};
// Loads the cards of these notes that the viewer may see, in their order; `eager`: the page begins
// with them.
err deck_load(struct ctx *, const note_id *ids, ptrdiff_t n, bool eager, str csrf,
	struct deck *out) CHECKED;
void deck_write(struct out *, const struct deck *, ptrdiff_t i);

// The view of a card, before it is written; for tests.
struct card_view card_view(struct ctx *, const struct card *, bool eager);
// Class of an average colour: avg-RGB, each channel in four levels.
str average_class(struct arena *, uint32_t rgb);
