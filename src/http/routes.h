// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: the route tables compiled into a tree of path segments, once at start.
#pragma once

#include "http/http.h"
#include "http/parse.h"

#define ROUTE_PARAMS 8

struct routes;
struct route_match {
	const struct route *route; // NULL: no such path, or not with this method
	int number;                // of the row, counted over all tables
	unsigned methods;          // a bit for each method the path knows; 0: no such path
	int n_params;
	str names[ROUTE_PARAMS], values[ROUTE_PARAMS];
};
// NULL and a line in `why` when a row is malformed or two rows match the same requests.
struct routes *routes_compile(const struct route_table *tables, ptrdiff_t n, char why[HTTP_WHY]);
void routes_free(struct routes *);
void routes_find(
	const struct routes *, const struct path *, enum http_method, struct route_match *);
int routes_count(const struct routes *);
const struct route *routes_at(const struct routes *, int number);
