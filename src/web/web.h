// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pages: explore, notes, profiles, publishing, settings, moderation. Handlers read a form, call
// a room, fill a view; pages/*.html show it. Rooms above may have pages of their own: frame.h is what they
// need of this one, and their page files may call its pages.
#pragma once

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
