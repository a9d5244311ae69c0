// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pages: explore, notes, profiles, publishing, settings, moderation. Handlers read a form, call
// a room, fill a view; pages/*.html show it. Rooms above may have pages of their own: frame.h is what they
// need of this one, and their page files may call its pages.
#pragma once

#include "notifications/notifications.h"
#include "web/frame.h"

#define SESSION_COOKIE "session"
#define BROWSER_COOKIE "browser" // which accounts were signed in to here; opens none

extern const struct room web_room;

// How pages are asked and answered: the session's account, else a stranger with the browser's languages;
// errors as a page or, for scripts that accept it, as JSON. For other rooms' pages too.
extern const struct route_group web_group;

// What pages load: styles, scripts, icons.
extern const struct asset web_assets[];
extern const ptrdiff_t web_assets_n;

// --- texts ---------------------------------------------------------------------------------------

// What a room offers under the text of a note or comment: a quiet link, to a page that a script puts in the
// text's place where it is asked for with X-Fragment.
struct text_offer {
	int word;
	// None: not for this text or this reader. Of strangers it asks for nothing but the locale, as their pages are kept.
	url (*address)(struct ctx *, const struct note *);
};
// In a room's start. Nothing is registered in a house without pages.
void web_text_offer(struct ctx *, const struct text_offer *);

// A topic, mention or link of a note's text as HTML that leads where it does on the note's page.
html people_part(struct arena *, const struct text_part *, note_id, const struct leads *);

// --- notifications ------------------------------------------------------------------------------

// What one hears of together: the mark on a line, and what can be switched off together.
enum channel { CHANNEL_LIKES, CHANNEL_COMMENTS, CHANNEL_MENTIONS, CHANNEL_FOLLOWS, CHANNEL_HOUSE };

struct notification_line;
// How a kind of notification looks and reads. A room that brings one (notifications_register) describes it
// so when it starts.
struct notification_look {
	int64_t kind; // its number
	enum channel channel;
	str mark;                   // class of its small sign; "": that of the channel
	void (*icon)(struct out *); // the sign itself: a page part with {!icon NAME} of the room
	int words[3];    // of one person; of two and of more, where these stand in one line
	int of_comment;  // of one person, when it is about a comment; 0: the same
	bool by_picture; // the note's picture stands for its title
	bool follows;    // with a button to follow whoever did it
	url (*address)(struct ctx *, const struct notification *); // where it leads; none: nowhere
	// Of what no people did: fills the line itself. NULL: the words with people's names.
	err (*fill)(struct ctx *, const struct notification *, struct notification_line *);
};
// Nothing is registered in a house without pages.
void web_notification(struct ctx *, const struct notification_look *);
