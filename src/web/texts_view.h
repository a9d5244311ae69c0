// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A page of the host's words.
#pragma once

#include "web/frame.h"

struct text_view {
	const struct frame *frame;
	html text;
	str contact;  // "" = none given
	bool data;    // what dictionaries are made of is named
	bool missing; // the host, who is looking, has not said how to be reached
};
