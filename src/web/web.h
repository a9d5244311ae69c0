// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pages: explore, notes, profiles, publishing, settings, moderation. Handlers read a form, call
// a room, fill a view; pages/*.html show it. app/ hands the routes and callbacks to http/.
#pragma once

#include "http/http.h"

#define SESSION_COOKIE "session"

// Makes the caches of this room; after the domain rooms were started.
err web_start(struct ctx *) CHECKED;
void web_stop(struct web *);

// All rows, one table an area.
const struct route_table *web_routes(ptrdiff_t *n);
extern const struct asset web_assets[];
ptrdiff_t web_assets_count(void);

// http_config.identify: the session's account, else a stranger with the browser's languages.
err web_identify(struct request *) CHECKED;
// http_config.on_error: a page, a fragment or JSON, in the person's language.
err web_on_error(struct request *, err) CHECKED;
