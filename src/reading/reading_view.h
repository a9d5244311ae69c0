// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A text cut into its words, and what is known of a word.
#pragma once

#include "web/web.h"

enum piece_kind {
	PIECE_PLAIN, // what is no word, or not known
	PIECE_WORD,
	PIECE_PART, // a topic, mention or link
	PIECE_BREAK
};
struct piece_view {
	enum piece_kind kind;
	str text;
	str head, tail;    // of a word: punctuation that stays on its line
	str pinyin, gloss; // of a word; "": it is read as it is written
	url address;       // of a word: its page
	html part;
};
struct passage_view {
	struct piece_view *at;
	ptrdiff_t n;
};

struct words_view {
	const struct frame *frame;
	lang lang;
	str author;
	url plain; // the same without the words
	bool comment;
	struct passage_view title;
	struct passage_view *paragraphs;
	ptrdiff_t n_paragraphs;
	bool cut; // the text is longer than what is looked up
};

struct reading_view {
	str pinyin;
	str *senses;
	ptrdiff_t n_senses;
	str note; // how it is used; "": nothing is said
};
struct measure_view {
	str word, pinyin;
	url address;
};
struct mention_view {
	url address;
	str title, author;
	lang lang;
};
struct word_view {
	const struct frame *frame;
	str simplified;
	str traditional; // "": the same
	struct reading_view *readings;
	ptrdiff_t n_readings;
	struct measure_view *measures;
	ptrdiff_t n_measures;
	struct mention_view *notes; // recent ones that have it
	ptrdiff_t n_notes;
};
