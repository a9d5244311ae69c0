// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A note with its pictures, and its comments in two levels.
#pragma once

#include "shown/shown.h"
#include "web/card_view.h"
#include "web/kept.h"

struct time_view {
	str iso, shown, full;
};
struct time_view time_view(struct ctx *, ms at);

// A person's text as HTML: topics and mentions that lead somewhere become links. note: whose text it
// is, 0 where it is no note's.
html people_text(struct arena *, str text, note_id, const struct leads *);
// A page that is kept ends when somebody changes whom the text mentions.
void leads_kept(struct ctx *, struct kept_page *, const struct leads *, note_id);

// What other rooms offer for a text (web.h).
struct offer_view {
	url address;
	int word;
};
struct offers_view {
	struct offer_view *at;
	ptrdiff_t n;
	str text; // id of the text's element
};
struct offers_view offers_for(struct ctx *, const struct note *);

struct follow_view {
	url action;
	bool on;
	str csrf; // "" for strangers
};

struct slide_view {
	url large, src, look; // look: the page of this picture
	srcset set;
	int width, height;
	enum picture_shape shape;
	srcset moving; // a loop of an animation; "": it is still
	str alt, average;
	bool described; // alt is its author's, else the picture's number
};

// One picture of a note, as large as can be.
struct look_view {
	const struct frame *frame;
	const struct slide_view *slide;
	int64_t number, of;
	url note, previous, next; // none at the ends
};

struct comment_view {
	note_id id;
	str author;
	url author_url, avatar;
	bool by_author; // of the note
	bool narrower;  // fewer may see it than the note
	enum visibility visibility;
	str answers; // display name of whom it answers, "" = nobody
	url answers_url;
	lang lang;
	html text;
	struct offers_view offers;
	struct time_view time;
	struct like_view like;
	url reply, report, del; // report: none on one's own; del: none when the viewer may not
	str back;
	struct comment_view *replies;
	ptrdiff_t n_replies;
	url more;       // more answers
	int64_t n_more; // that everyone may read
};

struct note_view {
	const struct frame *frame;
	struct note note;
	str author, handle;
	url author_url, avatar, address, edit, report;
	str link; // absolute address
	bool mine;
	struct follow_view follow;
	struct like_view like;
	str title;
	html text;
	struct offers_view offers;
	struct time_view time;
	str ratio;
	struct slide_view *slides;
	ptrdiff_t n_slides;
	struct comment_view *comments;
	ptrdiff_t n_comments;
	bool newest; // order of the comments
	url best_url, newest_url, more;
	url all;       // of the comments, when one thread is shown
	int64_t n_all; // comments that the viewer may read
	struct comment_count count;
	url comment_action, signin;
	str request;        // key of the comment's form: sent twice, it is one comment
	str draft, problem; // of a comment that was refused
	enum visibility comment_visibility; // chosen in the form
	note_id reply_to;                   // chosen without script
	str reply_name;
	struct kept_page *kept; // learns what the page shows
};

int word_of_circle(enum visibility); // of a comment narrower than its note

// Shows the note's page; `draft` and `problem` of a comment that was refused.
err note_show(struct request *, int status, note_id, str draft, str problem) CHECKED;
// slides.c: fills the view's slides and the stage's ratio; the cover comes first.
void slides_fill(struct ctx *, struct note_view *, const struct shown_note *);
// comment.c: fills the view's comments, by the request's order, page or thread.
err comments_load(struct request *, struct note_view *) CHECKED;
// Where a comment stands: its thread, on its note's page.
str comment_address(struct ctx *, const struct note *comment);
