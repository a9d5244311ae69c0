// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of the settings share.
#pragma once

#include "web/settings_view.h"

// Begins a page of the settings with what the account says; fill in the tab's own.
err settings_begin(struct request *, struct frame *, enum settings_tab, struct account *me,
	struct settings_view *out) CHECKED;
// The form is shown again; any other error is an error's page.
bool settings_can_be_mended(err);
