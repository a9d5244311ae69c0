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
	const struct route_group *group; // of its first row
};

struct row {
	const struct route *route;
	const struct route_group *group;
};

struct routes {
	struct node root;
	LIST(struct row) rows;
	LIST(const struct route_group *) groups;
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

static bool add(struct routes *routes, const struct row *new, char why[HTTP_WHY])
{
	const struct route *row = new->route;
	if (!row->name || !row->path || !row->handler || row->method >= HTTP_METHODS ||
		row->method == HEAD_ || row->method == OPTIONS_)
		return refuse(row, "name, path, handler or method is missing", why);
	bool kept = row->run == RUN_KEPT;
	if (kept != (row->kept != NULL) || (kept && row->method != GET))
		return refuse(
			row, "what answers from memory is a GET row with RUN_KEPT and kept", why);
	struct node *node = grow(routes, row, why);
	if (!node)
		return false;
	if (node->rows[row->method])
		return refuse(row, "another row matches the same requests", why);
	list_push(NULL, &routes->rows, *new);
	node->rows[row->method] = (int)routes->rows.n;
	node->methods |= 1U << row->method;
	if (!node->group)
		node->group = new->group;
	return true;
}

static str prefix_of(const struct route_group *group)
{
	return group->prefix ? str_from(group->prefix) : (str){0};
}

static bool refuse_group(const struct route_group *group, const char *because, char why[HTTP_WHY])
{
	snprintf(why, HTTP_WHY, "routes of %s: %s", group->name ? group->name : "?", because);
	return false;
}

static bool add_group(struct routes *routes, const struct route_group *group, char why[HTTP_WHY])
{
	str prefix = prefix_of(group);
	list_each (known, &routes->groups) {
		if (*known == group)
			return true;
		if (str_eq(prefix_of(*known), prefix))
			return refuse_group(
				group, "another group answers under the same prefix", why);
	}
	if (prefix.n && (prefix.p[0] != '/' || str_ends(prefix, S("/"))))
		return refuse_group(group, "a prefix begins with a slash and ends without", why);
	// Whatever a browser adds by itself must not speak for anybody.
	if (group->cors && !group->tokens)
		return refuse_group(group, "other origins may call only what goes by tokens", why);
	list_push(NULL, &routes->groups, group);
	return true;
}

static bool add_table(struct routes *routes, const struct route_table *table, char why[HTTP_WHY])
{
	if (!add_group(routes, table->group, why))
		return false;
	for (const struct route *row = table->at; row->name || row->path; row++)
		if (!add(routes, &(struct row){row, table->group}, why))
			return false;
	return true;
}

static bool complete(const struct routes *routes, char why[HTTP_WHY])
{
	if (routes_group(routes, S("/")))
		return true;
	snprintf(why, HTTP_WHY, "routes: no group without a prefix answers for what is not there");
	return false;
}

struct routes *routes_compile(const struct route_table *tables, ptrdiff_t n, char why[HTTP_WHY])
{
	struct routes *routes = mem_new(1, (ptrdiff_t)sizeof *routes);
	bool good = true;
	for (ptrdiff_t t = 0; good && t < n; t++)
		good = add_table(routes, &tables[t], why);
	if (good && complete(routes, why))
		return routes;
	routes_free(routes);
	return NULL;
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
	list_free(&routes->groups);
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
	out->group = node->group;
	if (!node->rows[method])
		return;
	out->number = node->rows[method] - 1;
	out->route = routes->rows.at[out->number].route;
	out->group = routes->rows.at[out->number].group;
	str rest = str_skip(str_from(out->route->path), 1);
	for (int i = 0; i < path->n; i++) {
		str segment = str_cut(&rest, '/');
		if (segment.p[0] != ':')
			continue;
		out->names[out->n_params] = str_skip(segment, 1);
		out->values[out->n_params++] = path->segments[i];
	}
}

const struct route_group *routes_group(const struct routes *routes, str path)
{
	const struct route_group *best = NULL;
	for (ptrdiff_t i = 0; i < routes->groups.n; i++) {
		const struct route_group *group = routes->groups.at[i];
		str prefix = prefix_of(group);
		bool under = str_starts(path, prefix) &&
			     (!prefix.n || path.n == prefix.n || path.p[prefix.n] == '/');
		if (under && (!best || prefix.n > prefix_of(best).n))
			best = group;
	}
	return best;
}

int routes_count(const struct routes *routes)
{
	return (int)routes->rows.n;
}

const struct route *routes_at(const struct routes *routes, int number)
{
	return routes->rows.at[number].route;
}
