// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The style guide: every component, and every icon with its name.
#pragma once

#include "web/note_view.h"

struct styleguide_icon {
	str name;
	url address;
};
struct styleguide_view {
	const struct frame *frame;
	const struct styleguide_icon *icons;
	ptrdiff_t n_icons;
	struct comment_view comments[2]; // one for each theme, with an answer each
};
