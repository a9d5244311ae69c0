// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The list of rooms, lowest first; NULL ends it. Private to app/.
#pragma once

#include "base/base.h"

extern const struct room *const house_rooms[];

// The routes of all of them.
struct route_table;
const struct route_table *house_routes(struct arena *, ptrdiff_t *n);
