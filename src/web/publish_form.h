// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The form of a note between the browser and notes/: read, kept while pictures are taken in, turned
// into a draft, shown again. Lives in the request's memory.
#pragma once

#include "web/frame.h"
#include "web/publish_view.h"

struct publish_picture {
	media_id id;
	str alt;
	job_id job;             // takes it in; 0 = not begun by this request
	str file;               // its name, when it came with this form
	struct picture *loaded; // NULL until form_load, and when it is gone
};
struct publish_form {
	note_id note; // 0 = a new one
	str request, title, body;
	enum visibility visibility;
	lang language;
	bool sensitive;
	enum ratio ratio;
	str crop;         // as the script wrote it
	media_id crop_of; // the picture it was made for, 0 = the cover
	// Without script: "start", "middle", "end". crop_other goes before crop, crop_part stands in.
	str crop_other, crop_part;
	media_id cover;
	// Without script, from 1, 0 = none: cover_other goes before cover, cover_number stands in.
	int64_t cover_other, cover_number;
	LIST(struct publish_picture) pictures;
	LIST(str) problems; // of pictures, in words
	int64_t left_out;   // files that problems tell of
	err refused;        // the status they ask for, OK = none
	ms until;           // pictures must be ready by then (clock_steady)
};

void form_blank(struct request *, struct publish_form *);
void form_read(struct request *, struct publish_form *);
err form_of_note(struct request *, const struct note *, struct publish_form *) CHECKED;
// Adds the files that came with the form. Those that cannot be used become problems; any other
// error is returned.
err form_take_files(struct request *, struct publish_form *) CHECKED;
// Reads how the pictures stand; those that failed or are gone become problems and leave the form.
// *waits is the job of one that is still on its way, 0 = none, below 0 = one whose job nobody knows.
err form_load(struct request *, struct publish_form *, job_id *waits) CHECKED;
// After form_load: pictures that are in another note leave the form.
void form_drop_used(struct publish_form *);
void form_draft(struct request *, struct publish_form *, struct note_draft *out);
// After form_load.
void form_view(struct request *, struct publish_form *, struct publish_view *out);
