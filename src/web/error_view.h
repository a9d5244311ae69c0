// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the page of an error shows.
#pragma once

#include "html/html.h"

struct error_view {
	str site;
	int status;  // as HTTP says it
	str text;    // what happened and what to do
	str request; // its number in the log; empty: not worth naming
};
// What to tell a person about an error that brought no word of its own.
int error_word(err);
int error_title_word(int status);
