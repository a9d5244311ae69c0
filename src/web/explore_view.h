// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Feeds of cards: explore with its tabs, following, a topic.
#pragma once

#include "feed/feed.h"
#include "web/card.h"
#include "web/person_view.h"

// What a place without notes offers.
enum first_step {
	FIRST_NONE,
	FIRST_HOST, // there is no account yet
	FIRST_JOIN,
	FIRST_NOTE
};

struct feed_view {
	const struct frame *frame;
	struct deck deck;
	url next;    // none at the end
	bool begins; // the first page

	// explore
	const struct feed_topic *tabs;
	ptrdiff_t n_tabs;
	str tab; // normalised name of the one that is shown, "" = everything

	enum first_step first;

	// topic
	str topic;
	int64_t notes;

	// following, when nobody is followed yet
	struct person_view *people;
	ptrdiff_t n_people;
};
url url_of_tab(struct arena *, str topic);
int invite_word(const struct community *); // what strangers are told of joining
