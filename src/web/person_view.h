// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A row of a list of people.
#pragma once

#include "web/note_view.h"

struct person_view {
	str display, handle, about;
	url address, avatar;
	struct follow_view follow;
	bool is_viewer;
};
// The rows of these accounts, in their order; those who are suspended or gone are left out.
err people_load(struct ctx *, const account_id *ids, ptrdiff_t n, str csrf,
	struct person_view **out, ptrdiff_t *n_out) CHECKED;
