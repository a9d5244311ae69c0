// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the pages of the unit test show.
#pragma once

#include "html/html.h"

struct test_note {
	note_id id;
	lang lang;
	str title, author;
	html body;
	url author_url, picture;
	srcset pictures;
	str tags[3];
	int n_tags;
	int64_t likes;
	bool mine;
};
