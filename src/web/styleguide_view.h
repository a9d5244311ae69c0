// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The style guide: every component, and every icon with its name.
#pragma once

#include "web/frame.h"

struct styleguide_icon {
	str name;
	url address;
};
struct styleguide_view {
	const struct frame *frame;
	const struct styleguide_icon *icons;
	ptrdiff_t n_icons;
};
