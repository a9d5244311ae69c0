// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The demo world: people, notes and comments read from demo/*.json, and how they are brought in.
// Private to app/.
#pragma once

#include "app/app.h"
#include "media/media.h"

#define DEMO_PASSWORD "bridge-demo"
#define DEMO_HOST "demo" // the account that may moderate and administer

struct demo_picture {
	str file; // as qiao-draw names it
	str alt;
	enum media_use use;
	ptrdiff_t owner; // index of the account
	ms at;           // when it was uploaded
	media_id id;
	bool done; // taken in, or its note is there already
};

struct demo_comment {
	str by, text;
	int likes;
	ptrdiff_t parent; // index in the note's comments, -1 = first level
	note_id id;
};

struct demo_note {
	ptrdiff_t by; // index of the account
	lang language;
	str title, body, request;
	ms created;
	enum ratio ratio;
	int likes;
	LIST(struct demo_comment) comments; // a comment stands before its answers
	ptrdiff_t first_picture;
	int n_pictures;
	note_id id; // not 0: is there already
	media_id cover;
};

struct demo_account {
	str name, display, bio;
	lang writes, reads[VIEWER_LANGS];
	int n_reads;
	str topics[30], follows[60];
	int n_topics, n_follows;
	ptrdiff_t avatar, cover; // indices of pictures, -1 = none
	ms created;
	account_id id;
};

struct demo_world {
	LIST(struct demo_account) accounts;
	LIST(struct demo_note) notes;       // oldest first
	LIST(struct demo_picture) pictures; // in the order in which they are wanted
	struct strmap by_name;              // account name → index + 1
};

// Reads accounts-*.json and notes-*.json of a folder. On an error a sentence was printed. Times are
// counted back from ctx->now.
err demo_read(struct app *, str dir, struct demo_world *out) CHECKED;
void demo_free(struct demo_world *); // also after demo_read failed
// Index of the account of this name, -1 when there is none.
ptrdiff_t demo_account_named(const struct demo_world *, str name);
// Brings the world in; what is there already is left alone. `pictures` is the folder of the drawn
// pictures. Prints what went wrong.
err demo_load(struct app *, struct demo_world *, str pictures) CHECKED;
void demo_print_sign_in(bool filled); // as whom, with which password
// Fills an empty community with so many notes: made-up people, texts mixed from the world's, likes
// and comments; a few of the drawn pictures, used again and again. The same number gives the same.
err demo_fill(struct app *, struct demo_world *, int64_t notes, str pictures) CHECKED;

// A small generator of numbers that gives the same everywhere (splitmix64, Steele et al. 2014).
struct dice {
	uint64_t state;
};
uint64_t dice_next(struct dice *);
int64_t dice_below(struct dice *, int64_t n); // 0 … n-1
double dice_unit(struct dice *);              // [0, 1)
