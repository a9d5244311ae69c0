// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A tree with one level a path segment. A literal child is tried before the `:name` child and the
// search comes back when a literal leads nowhere, so "/a/new" and "/a/:id/edit" live together.
#include "http/routes.h"

#include <stdio.h>
#include <string.h>

struct node {
	str literal;
	LIST(struct node *) children;
	struct node *wild;      // what a `:name` segment leads to
	int rows[HTTP_METHODS]; // number of the row + 1
	unsigned methods;
};

struct routes {
	struct node root;
	LIST(const struct route *) rows;
};

static struct node *refuse(const struct route *row, const char *because, char why[HTTP_WHY])
{
	snprintf(why, HTTP_WHY, "route %s (%s): %s", row->name ? row->name : "?",
		row->path ? row->path : "?", because);
	return NULL;
}

static struct node *literal_child(const struct node *at, str segment)
{
	for (ptrdiff_t i = 0; i < at->children.n; i++)
		if (str_eq(at->children.at[i]->literal, segment))
			return at->children.at[i];
	return NULL;
}

// The node a row's path leads to, made on the way.
static struct node *grow(struct routes *routes, const struct route *row, char why[HTTP_WHY])
{
	str rest = str_from(row->path);
	if (!rest.n || rest.p[0] != '/')
		return refuse(row, "its path does not begin with a slash", why);
	struct node *at = &routes->root;
	rest = str_skip(rest, 1);
	int depth = 0, params = 0;
	while (rest.p && rest.n) {
		str segment = str_cut(&rest, '/');
		if (!segment.n || (rest.p && !rest.n) || ++depth > PATH_SEGMENTS)
			return refuse(row, "empty or too many segments", why);
		bool wild = segment.p[0] == ':';
		if (wild && (segment.n == 1 || ++params > ROUTE_PARAMS))
			return refuse(row, "a parameter without a name, or too many", why);
		struct node *next = wild ? at->wild : literal_child(at, segment);
		if (!next) {
			next = mem_new(1, (ptrdiff_t)sizeof *next);
			next->literal = segment;
			if (wild)
				at->wild = next;
			else
				list_push(NULL, &at->children, next);
		}
		at = next;
	}
	return at;
}

static bool add(struct routes *routes, const struct route *row, char why[HTTP_WHY])
{
	if (!row->name || !row->path || !row->handler || row->method >= HTTP_METHODS ||
		row->method == HEAD_ || row->method == OPTIONS_)
		return refuse(row, "name, path, handler or method is missing", why);
	struct node *node = grow(routes, row, why);
	if (!node)
		return false;
	if (node->rows[row->method])
		return refuse(row, "another row matches the same requests", why);
	list_push(NULL, &routes->rows, row);
	node->rows[row->method] = (int)routes->rows.n;
	node->methods |= 1U << row->method;
	return true;
}

struct routes *routes_compile(const struct route_table *tables, ptrdiff_t n, char why[HTTP_WHY])
{
	struct routes *routes = mem_new(1, (ptrdiff_t)sizeof *routes);
	for (ptrdiff_t t = 0; t < n; t++) {
		for (ptrdiff_t i = 0; i < tables[t].n; i++) {
			if (!add(routes, &tables[t].at[i], why)) {
				routes_free(routes);
				return NULL;
			}
		}
	}
	return routes;
}

static void free_node(struct node *node)
{
	list_each (child, &node->children) {
		free_node(*child);
		mem_free(*child);
	}
	list_free(&node->children);
	if (node->wild) {
		free_node(node->wild);
		mem_free(node->wild);
	}
}

void routes_free(struct routes *routes)
{
	if (!routes)
		return;
	free_node(&routes->root);
	list_free(&routes->rows);
	mem_free(routes);
}

static const struct node *walk(const struct node *at, const struct path *path, int depth)
{
	if (depth == path->n)
		return at->methods ? at : NULL;
	const struct node *next = literal_child(at, path->segments[depth]);
	const struct node *found = next ? walk(next, path, depth + 1) : NULL;
	if (!found && at->wild)
		found = walk(at->wild, path, depth + 1);
	return found;
}

void routes_find(const struct routes *routes, const struct path *path, enum http_method method,
	struct route_match *out)
{
	*out = (struct route_match){0};
	const struct node *node = walk(&routes->root, path, 0);
	if (!node)
		return;
	out->methods = node->methods;
	if (!node->rows[method])
		return;
	out->number = node->rows[method] - 1;
	out->route = routes->rows.at[out->number];
	str rest = str_skip(str_from(out->route->path), 1);
	for (int i = 0; i < path->n; i++) {
		str segment = str_cut(&rest, '/');
		if (segment.p[0] != ':')
			continue;
		out->names[out->n_params] = str_skip(segment, 1);
		out->values[out->n_params++] = path->segments[i];
	}
}

int routes_count(const struct routes *routes)
{
	return (int)routes->rows.n;
}

const struct route *routes_at(const struct routes *routes, int number)
{
	return routes->rows.at[number];
}
