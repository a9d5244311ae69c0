// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the doors show: signing in, signing up. A text of a problem is "" where nothing is wrong.
#pragma once

#include "web/parts_view.h"

struct signin_view {
	const struct frame *frame;
	enum signup_mode mode;
	str csrf, back, begun, name;
	int asks; // a word on what was begun, 0 = nothing
	str problem;
};

struct signup_view {
	const struct frame *frame;
	enum signup_mode mode; // as it is for this visitor
	bool invited;          // the code lets somebody in
	str csrf, back, begun;
	int asks;
	str then;                       // where it leads afterwards, "" = nowhere in particular
	str name, display, why, invite; // as typed
	bool rules;
	str problem; // of no single field
	str name_problem, display_problem, password_problem, why_problem, invite_problem;
	str rules_problem;
	html rules_link, privacy_link;
};
