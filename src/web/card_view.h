// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a card of the grid shows. Nothing in it depends on who looks: gaps are left for that.
#pragma once

#include "web/frame.h"

struct like_view {
	url action;
	bool on;
	int64_t likes;
	str csrf; // "" for strangers
};

// How wide a column is, never less than grid-rows.css makes it: what a browser chooses a cover by.
#define CARD_SIZES \
	"(min-width: 1900px) 256px, (min-width: 1240px) 17vw, (min-width: 1000px) 21vw, " \
	"(min-width: 720px) 27vw, (min-width: 600px) 31vw, calc(50vw - 12px)"

struct card_view {
	note_id id;
	url address;
	str title; // of the link: the title, or the first words
	lang lang;
	str ratio, lines; // classes
	bool words;       // a text card
	str excerpt, words_class;
	int paper;
	url src;
	srcset set;
	int width, height;
	str alt, average; // classes of the average colour
	int pictures;
	bool moving; // its cover is an animation
	bool sensitive;
	str author;
	url author_url, avatar;
	url like_action;
};

// What is put into a card where it is used.
enum card_gap { CARD_LOADING, CARD_PRESSED, CARD_COUNT };
