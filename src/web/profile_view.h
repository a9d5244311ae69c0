// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A person's page, and lists of people.
#pragma once

#include "web/card.h"
#include "web/person_view.h"

struct profile_view {
	const struct frame *frame;
	struct account account;
	str handle;
	bool mine, followed_by, suspended;
	bool veiled;      // suspended, and not for this viewer: nothing of theirs is shown
	bool likes_shown; // may see the tab
	bool likes_tab;   // is on it
	struct follow_view follow;
	srcset cover_set;
	url avatar, cover, address, likes_address, followers_address, following_address, report;
	html bio;
	struct leads bio_leads;
	str reads; // "English, 中文"
	str since; // when the account was made
	struct deck deck;
	url next;
};

// A number as the language shortens it, in bold.
html bold_count(const struct out *, int64_t);

struct people_view {
	const struct frame *frame;
	str display;
	url address, followers_address, following_address;
	bool followers; // else following
	struct person_view *people;
	ptrdiff_t n;
	url next;
};
