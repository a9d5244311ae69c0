// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pages: explore, notes, profiles, publishing, settings, moderation. Handlers read a form, call
// a room, fill a view; pages/*.html show it. app/ hands the routes and callbacks to http/.
#pragma once

#include "http/http.h"

#define SESSION_COOKIE "session"
#define BROWSER_COOKIE "browser" // which accounts were signed in to here; opens none

// Makes the caches of this room; after the domain rooms were started, before serving.
err web_start(struct ctx *) CHECKED;
void web_stop(struct house *);

// All rows, one table an area, in mem.
const struct route_table *web_routes(struct arena *mem, ptrdiff_t *n);

// What pages load: styles, scripts, icons.
extern const struct asset web_assets[];
extern const ptrdiff_t web_assets_n;

// http_config.identify: the session's account, else a stranger with the browser's languages.
err web_identify(struct request *) CHECKED;
// http_config.on_error: a page, a fragment or JSON, in the person's language.
err web_on_error(struct request *, err) CHECKED;
