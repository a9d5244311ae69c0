// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The house, from the ground up: a room stands above those it needs, app/ above all.
#include "app/rooms.h"

#include "http/http.h"

// clang-format off
#define ROOMS(X) \
	X(words) \
	X(language) \
	X(disk) \
	X(store) \
	X(jobs) \
	X(egress) \
	X(blobs) \
	X(permit) \
	X(community) \
	X(media) \
	X(accounts) \
	X(notes) \
	X(shown) \
	X(notifications) \
	X(feed) \
	X(moderation) \
	X(web) \
	X(reading) \
	X(app)
// clang-format on

#define X(name) extern const struct room name##_room;
ROOMS(X)
#undef X

#define X(name) &name##_room,
const struct room *const house_rooms[] = {ROOMS(X) NULL};
#undef X

const struct route_table *house_routes(struct arena *mem, ptrdiff_t *n)
{
	LIST(struct route_table) all = {0};
	for (const struct room *const *room = house_rooms; *room; room++)
		for (const struct route_table *t = (*room)->routes; t && t->group; t++)
			list_push(mem, &all, *t);
	*n = all.n;
	return all.at;
}
