// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What pages and apps show of notes and comments, loaded for whoever looks: each part in one look for all of
// them, however many, and only the parts that are asked for. And what was written of a note, kept for
// all who read it alike, as long as nothing that it shows changes.
#pragma once

#include "accounts/accounts.h"
#include "html/html.h"
#include "notes/notes.h"

extern const struct room shown_room;

// --- loaded --------------------------------------------------------------------------------------

enum shown_parts {
	SHOWN_COVER = 1,
	SHOWN_PICTURES = 2, // all of them, and which is the cover
	SHOWN_TOPICS = 4,
	SHOWN_LEADS = 8,   // where the names in the text lead
	SHOWN_LIKED = 16,  // by the viewer
	SHOWN_FOLLOWS = 32 // the viewer, the author
};
#define SHOWN_COMMENT (SHOWN_LEADS | SHOWN_LIKED)
#define SHOWN_PAGE (SHOWN_PICTURES | SHOWN_LEADS | SHOWN_LIKED | SHOWN_FOLLOWS)

// Everything lives in the request's memory. A part that was not asked for is as if there were none.
struct shown_note {
	struct note note;             // its text whole
	const struct person *author;  // as the viewer may see them
	const struct person *answers; // whom a comment answers, NULL: nobody
	const struct picture *cover;  // NULL: a text card
	const struct picture *pictures;
	ptrdiff_t n_pictures; // in the author's order
	const struct note_topic *topics;
	ptrdiff_t n_topics;        // of a public note
	const struct leads *leads; // of this and the others loaded with it
	bool mine, liked, follows, may_delete;
};

// Of these, in their order; those gone or not visible to the viewer are left out.
err shown_by_ids(struct ctx *, const note_id *ids, ptrdiff_t n, unsigned parts,
	struct shown_note **out, ptrdiff_t *n_out) CHECKED;
err shown_by_id(struct ctx *, note_id, unsigned parts, struct shown_note *out) CHECKED;
// Of notes that notes/ has just given to this viewer: out has room for n.
err shown_of(struct ctx *, const struct note *, ptrdiff_t n, unsigned parts,
	struct shown_note *out) CHECKED;
// The same of comments under this note: whoever owns it may delete them.
err shown_under(struct ctx *, const struct note *root, const struct note *comments, ptrdiff_t n,
	struct shown_note **out) CHECKED;
// A comment, and the note it stands under. ERR_NOT_FOUND when the viewer sees it not, or it is none.
err shown_comment(struct ctx *, note_id, struct shown_note *out, struct note *root) CHECKED;

// Where somebody has a profile: /@name, /@name@host of those elsewhere.
url url_of_person(struct arena *, str name, str host);

// --- written, and kept -----------------------------------------------------------------------------

// What was written of a note that everyone may see, with gaps for what differs by reader. A variant is whatever
// makes one text of a note differ from another: for cards their locale (a room that writes others
// begins above them).
enum { SHOWN_CARDS = 0, SHOWN_OTHERS = 1000 };
struct shown_text {
	struct gapped written; // text.p NULL: there is none
	account_id author;
	int64_t likes; // as they are now
};
// When one looked at what is kept.
struct shown_moment {
	uint64_t texts, numbers;
};
// Copies those that are kept and that the viewer may see. `missing`: those that are to be loaded, in their
// order, room for n. Returns how many these are; the moment is for shown_keep.
err shown_texts(struct ctx *, const note_id *ids, ptrdiff_t n, int variant, struct shown_text *out,
	note_id *missing, ptrdiff_t *n_missing, struct shown_moment *) CHECKED;
// Keeps one that was written of what was read after the moment, unless not everyone may see the note; none
// of comments, whose row may be open for a moment longer than their note.
void shown_keep(struct ctx *, const struct shown_note *, int variant, const struct shown_text *,
	struct shown_moment);
int64_t shown_kept(struct ctx *); // bytes; for tests and metrics
