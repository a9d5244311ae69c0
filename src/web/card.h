// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cards in the order a feed wants them. Public cards are rendered once for each locale and kept,
// bounded, as long as nothing they show changes; twenty warm cards cost one statement (which of them
// the viewer likes) or none.
#pragma once

#include "shown/shown.h"
#include "web/card_view.h"
#include "web/kept.h"

#define DECK_EAGER 6 // pictures of the first screen

struct deck_card {
	note_id id;
	struct shown_text card; // written in the viewer's locale
	bool liked;
};
struct deck {
	struct deck_card *at;
	ptrdiff_t n;
	ptrdiff_t eager; // so many begin the page: their pictures are wanted at once
	str csrf;
};
// Loads the cards of these notes that the viewer may see, in their order; `eager`: the page begins
// with them.
err deck_load(struct ctx *, const note_id *ids, ptrdiff_t n, bool eager, str csrf,
	struct deck *out) CHECKED;
void deck_shows(struct ctx *, const struct deck *, struct kept_page *);
void deck_write(struct out *, const struct deck *, ptrdiff_t i);

// The view of a card, and the card as it is kept; for tests.
struct card_view card_view(struct ctx *, const struct shown_note *);
struct shown_text card_write(struct ctx *, const struct shown_note *);
// A made-up card, for the style guide: without author and likes.
struct shown_text card_write_view(struct ctx *, const struct card_view *);
// Which of the papers (1 to 6) a note of words stands on, on its card and on its page.
int paper_of(note_id);
// Classes of an average colour: "avg avg-r5 avg-g3 avg-b2", each channel in sixteen levels.
str average_class(struct arena *, uint32_t rgb);
