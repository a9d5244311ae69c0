// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a stranger began (a like, a follow, a comment) is kept sealed while they sign in or up, and
// finished then. Only the browser in which it was begun can finish it, within half an hour, by sending
// the form of the door: no link does it. A comment that cannot be posted then comes back to its field.
#pragma once

#include "http/http.h"
#include "notes/notes.h"

// Where a stranger goes who asked for what members may: the door's address, with what was begun and
// the place to come back to. Memory only.
str begun_door(struct request *);
// The sealed text as this request carries it, in the form or the query; "" = none.
str begun_carried(struct request *);
// What the door says of it: a word, 0 when there is nothing to say or it is of another browser.
int begun_word(struct request *, str sealed);
// What it is: "like", "follow" or "comment", and on what, as in the address of its form. "": none.
struct begun_what {
	str kind, target;
};
struct begun_what begun_what(struct request *, str sealed);
struct begun_end {
	int word; // how it went, with a welcome to whoever comes in; 0: there was nothing to finish
	bool done;
};
// Finishes it as ctx->viewer, who just joined (`newcomer`) or came back. `address` becomes the place
// where it can be seen, or where the comment is written on, or stays.
err begun_finish(
	struct request *, str sealed, bool newcomer, struct begun_end *, str *address) CHECKED;

// A comment under `root` that could not be posted, as the address of the note's page carries it.
struct begun_comment {
	str text, visibility; // "": there is none; as in the form
};
struct begun_comment begun_comment(struct request *, note_id root);
