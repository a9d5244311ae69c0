// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the operator asks over HTTP: /healthz and /metrics. Private to app/.
#pragma once

#include "app/app.h"
#include "http/http.h"

// All routes of the program: the pages' and these. `http` is read when /metrics is asked.
const struct route_table *operations_routes(struct app *, struct http **http, ptrdiff_t *n);
