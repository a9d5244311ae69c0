// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: the route tables compiled into a tree of path segments, once at start.
#pragma once

#include "http/http.h"
#include "http/parse.h"

#define ROUTE_PARAMS 8

struct routes;
struct route_match {
	const struct route *route;       // NULL: no such path, or not with this method
	const struct route_group *group; // the row's; else the path's; NULL: no such path
	int number;                      // of the row, counted over all tables
	unsigned methods;                // a bit for each method the path knows; 0: no such path
	int n_params;
	str names[ROUTE_PARAMS], values[ROUTE_PARAMS];
};
// NULL and a line in `why` when a row or a group is malformed, two rows match the same requests or two
// groups the same errors.
struct routes *routes_compile(const struct route_table *tables, ptrdiff_t n, char why[HTTP_WHY]);
void routes_free(struct routes *);
void routes_find(
	const struct routes *, const struct path *, enum http_method, struct route_match *);
int routes_count(const struct routes *);
// Whose an address without rows is: path, or the raw target where that is no proper path.
const struct route_group *routes_group(const struct routes *, str path);
const struct route *routes_at(const struct routes *, int number);
