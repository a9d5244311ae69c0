// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the publish and edit pages show, and the page that asks before something is deleted. A text
// of a problem is "" where nothing is wrong.
#pragma once

#include "web/parts_view.h"

struct publish_tile {
	media_id id;
	str alt;
	url picture;
	int number; // from 1
	bool cover, first, last;
	bool waits; // it is being prepared: there is nothing to show yet
};
struct publish_view {
	const struct frame *frame;
	bool edit;
	url action, removal;
	str request; // random: sending the form twice publishes once
	str title, body;
	enum visibility visibility;
	lang language; // "" = as recognised
	bool sensitive;
	enum ratio ratio;
	str crop; // "x,y,width,height" in thousandths, "" = centred
	media_id cover;
	url cover_picture;
	const struct publish_tile *tiles;
	ptrdiff_t n_tiles;
	const str *picture_problems;
	ptrdiff_t n_picture_problems;
	int64_t left_out; // files that these tell of
	str problem, title_problem, body_problem;
	bool no_form; // whoever may only read is told so instead
	str notice;   // what is not wrong
	str room;     // a word on the room for pictures when it is nearly used up
};

struct removal_view {
	const struct frame *frame;
	bool comment;
	str title, excerpt;
	lang language;
	int64_t comments;
	url action, back;
};
