// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the pages of settings show. A text of a problem is "" where nothing is wrong.
#pragma once

#include "web/parts_view.h"

enum settings_tab {
	SETTINGS_PROFILE,
	SETTINGS_LANGUAGES,
	SETTINGS_PRIVACY,
	SETTINGS_PASSWORD,
	SETTINGS_APPEARANCE
};

struct settings_view {
	const struct frame *frame;
	enum settings_tab tab;
	str problem;  // of no single field
	str notice;   // what is not wrong
	bool no_form; // of the profile: whoever may only read is told so instead
	// profile
	str display, bio;
	url avatar, cover;
	bool own_avatar;                  // chosen, not drawn
	media_id avatar_sent, cover_sent; // still being prepared
	str avatar_problem, cover_problem, display_problem, bio_problem;
	str room;      // "312 MB of 5 GB used"
	int room_used; // of 100; below 0: there is no bound
	// languages
	struct languages_view languages;
	lang writes;
	str reads_problem;
	// languages and appearance
	lang locale; // "" = as the browser
	// privacy
	bool show_likes;
	// password
	str name, old_problem, fresh_problem;
};
