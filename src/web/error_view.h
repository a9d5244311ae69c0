// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the page of an error shows.
#pragma once

#include "html/html.h"

struct error_view {
	str site;
	int status;  // as HTTP says it
	int title;   // a word: what happened
	str text;    // more of it, and what to do
	str request; // its number in the log; empty: not worth naming
	url on;      // the nearest way on: once more, or back; none: only home
	int on_word;
};
int error_title(err);
// What to tell a person about an error that brought no word of its own.
int error_word(err);
