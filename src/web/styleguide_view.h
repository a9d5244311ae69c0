// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The style guide: every component, and every icon with its name.
#pragma once

#include "web/card.h"
#include "web/note_view.h"

struct styleguide_icon {
	str name;
	url address;
};
struct styleguide_view {
	const struct frame *frame;
	const struct styleguide_icon *icons;
	ptrdiff_t n_icons;
	const str *colours; // tokens
	ptrdiff_t n_colours;
	struct deck decks[2];
	struct comment_view comments[2]; // one for each theme, with an answer each
};
