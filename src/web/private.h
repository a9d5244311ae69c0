// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The areas of pages, each a file with its rows; a row without a handler ends them.
#pragma once

#include "web/frame.h"
#include "web/web.h"

// What this room keeps as long as the program runs.
#define LOOKS_MOST 32
#define OFFERS_MOST 4

struct web {
	struct kept_pages *pages;
	const struct notification_look *looks[LOOKS_MOST]; // that rooms bring
	int n_looks;
	const struct text_offer *offers[OFFERS_MOST]; // that rooms make
	int n_offers;
};

// clang-format off
// A page that is kept for strangers (kept.h); `asked` is kept_page, or says of which variant.
#define KEPT_PAGE(function, address, asked) \
	{.name = #function, .method = GET, .path = (address), .handler = (function), \
		.kept = (asked), .run = RUN_KEPT}
// A form that hashes a password.
#define HASHING_FORM(function, address, whom) \
	{.name = #function, .method = POST, .path = (address), .handler = (function), .who = (whom), \
		.run = RUN_HASH, .body = BODY_FORM}
// clang-format on

// texts.c: about, rules, privacy, contact, source; preferences of the device
extern const struct route text_routes[];
// account.c: signing in, up and out
extern const struct route account_routes[];
// welcome.c: the first steps
extern const struct route welcome_routes[];
// media_files.c: pictures
extern const struct route media_routes[];
// styleguide.c
extern const struct route styleguide_routes[];
// publish.c: writing and editing a note; upload.c: its pictures, in pieces; removal.c: deleting
extern const struct route publish_routes[];
extern const struct route upload_routes[];
extern const struct route removal_routes[];
// Notes in the log why a picture was not taken in, and returns the code.
err picture_refused(struct request *, err code) CHECKED;
// settings.c, settings_profile.c: what a person may set
extern const struct route settings_routes[];
extern const struct route settings_profile_routes[];

// As long as browsers keep a cookie: sessions, and which accounts a browser is known to.
#define BROWSER_SECONDS ((int64_t)400 * 24 * 3600)
// Preferences kept on the device.
#define DEVICE_SECONDS ((int64_t)365 * 24 * 3600)
void device_theme(struct request *, str theme); // "light", "dark", else as the system
// face.c: drawn pictures of people
extern const struct route face_routes[];
// explore.c: explore, following, topics
extern const struct route explore_routes[];
// note.c: a note; comments, likes, follows
extern const struct route note_routes[];
// slides.c: one picture of a note
extern const struct route slide_routes[];
// comment.c: writing a comment
extern const struct route comment_routes[];
// profile.c: people's pages
extern const struct route profile_routes[];
// notification.c
extern const struct route notification_routes[];
// report.c: reporting; moderation.c, moderation_people.c: what moderators see; decision.c: what the
// person concerned sees
extern const struct route report_routes[];
extern const struct route moderation_routes[];
extern const struct route moderation_people_routes[];
extern const struct route decision_routes[];
// admin.c: what the host sets
extern const struct route admin_routes[];
extern const struct route admin_mark_routes[];
