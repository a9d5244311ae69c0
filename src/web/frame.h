// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What every page has around it: navigation, menu, foot. A handler begins a page, writes it, sends
// it:
//	struct frame f;
//	TRY(frame_begin(req, &f, HERE_EXPLORE, W_explore_title));
//	struct out o = frame_out(&f, 64 << 10);
//	explore_page(&o, &view);      // the .html wraps itself: {<shell(v->frame)} … {/shell}
//	frame_send(req, 200, &o);
#pragma once

#include "accounts/accounts.h"
#include "community/community.h"
#include "html/html.h"
#include "moderation/moderation.h"
#include "http/http.h"
#include "notes/notes.h"
#include "shown/shown.h"

enum here { HERE_NOWHERE, HERE_EXPLORE, HERE_FOLLOWING, HERE_PUBLISH, HERE_NOTIFICATIONS, HERE_ME };
enum theme { THEME_SYSTEM, THEME_LIGHT, THEME_DARK };

struct frame {
	struct ctx *ctx;
	const struct community *community;
	str title;       // of the page, without the site's name
	str description; // for search results and link previews, what a stranger may know; "" = none
	url canonical;   // where this page lives, whatever was asked with it
	url shortlink;   // that says the same and stays, when this page's own address may change
	str picture;     // absolute address for link previews; "" = none
	enum here here;
	enum theme theme;
	bool signed_in;
	struct person me;
	url me_url, me_avatar;  // avatar "" = none
	int64_t unread;         // notifications
	struct waiting waiting; // for moderators
	str csrf;               // "" for strangers: their pages are the same for all
	str back;               // this address, for forms that come back to it
	url signin, signup;     // doors that lead back here
	int toast;              // a word shown once, 0 = none
	int limited;            // why they may only read, as a word; 0 = they may do more
	bool limited_told;      // the page itself says so
	bool narrow, noindex;
	str page_class; // of <main>
};

// The title is a word of the catalogue; set f->title afterwards for another one. `title` 0 leaves it.
err frame_begin(struct request *, struct frame *, enum here, int title) CHECKED;
// What the page is about, in a line: the beginning of the text.
void frame_describe(struct frame *, str text);
// The place in one sentence: the host's, or what is said of every place.
str community_summary(const struct frame *);
// Whether anybody may ask to join: what else is by invitation, or closed, and offers to sign in.
static inline bool may_join(const struct community *c)
{
	return c->signup == SIGNUP_OPEN || c->signup == SIGNUP_APPROVAL;
}
// Names this page among those kept for strangers (kept.h): address, language, theme. Empty for the
// signed in, whose pages are not kept.
str stranger_key(struct request *);
str page_key(struct request *); // the same name, whoever looks
struct out frame_out(const struct frame *, ptrdiff_t room);
void frame_send(struct request *, int status, const struct out *);
// A redirect that shows a word once on the next page.
void redirect_with_toast(struct request *, str address, int word);
// Where a form came from and wants to go back to: field or query `back`, only addresses of this
// site; else `fallback`.
str back_address(struct request *, str fallback);

// Where the form stood that was sent, as far as it says so and it is a page of ours; else `fallback`.
str referer_address(struct request *, str fallback);
// Path and query of this request.
str own_address(struct request *);

// The problem of a failed call as a sentence; an empty str when field is another one.
// For redrawing a form: struct form_errors e; on ERR_INVALID show it at its field.
str problem_text(struct ctx *);
str problem_for(struct ctx *, const char *field);

// Addresses of things.
url url_of_note(struct arena *, note_id);
url url_below(struct arena *, url, const char *rest); // "/follow" of a profile
url url_of_topic(struct arena *, str name);
// The picture somebody chose, in this size; else the one drawn for them.
url url_of_face(struct arena *, account_id, str media_name, int size);
url url_of_mark(struct arena *, str media_name, int size);

// Who stands behind "/@NAME" or "/@NAME@HOST" in the row's :who.
err person_by_address(struct request *, struct account *out) CHECKED;

// Rows: a page to read, a form that is sent. More fields follow as designated initialisers:
// FORM(publish, "/publish", WHO_SIGNED_IN, .max_files = 18)
// clang-format off
#define PAGE(function, address, whom, ...) \
	{.name = #function, .method = GET, .path = (address), .handler = (function), .who = (whom), \
		.run = RUN_READ, ##__VA_ARGS__}
#define FORM(function, address, whom, ...) \
	{.name = #function, .method = POST, .path = (address), .handler = (function), .who = (whom), \
		.run = RUN_WAIT, .body = BODY_FORM, ##__VA_ARGS__}
// clang-format on
