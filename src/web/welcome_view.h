// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the first steps show: one of three.
#pragma once

#include "web/parts_view.h"

enum welcome_step { WELCOME_LANGUAGES = 1, WELCOME_TOPICS, WELCOME_PEOPLE };

struct welcome_topic {
	str name, shown;
	bool on;
};
struct welcome_person {
	str handle, display, bio;
	url address, avatar, follow;
	bool following;
};
struct welcome_view {
	const struct frame *frame;
	enum welcome_step step;
	str back; // where the steps lead to in the end
	str problem;
	url skip;
	str here; // this step, to come back to after following somebody
	struct languages_view languages;
	struct welcome_topic *topics;
	ptrdiff_t n_topics;
	struct welcome_person *people;
	ptrdiff_t n_people;
};
