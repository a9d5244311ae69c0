// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Page addresses: no segment of an accepted path can climb, be empty or hide a slash, and the router
// answers for every one of them.
#include "http/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static err nothing(struct request *req)
{
	(void)req;
	return OK;
}

static const struct route rows[] = {
	{.name = "home", .path = "/", .handler = nothing},
	{.name = "new", .path = "/note/new", .handler = nothing},
	{.name = "note", .path = "/note/:id", .handler = nothing},
	{.name = "likes", .path = "/note/:id/likes", .handler = nothing},
	{.name = "any", .path = "/:a/:b/:c", .handler = nothing},
	{0},
};
static const struct route_group group = {.name = "all"};
static const struct route_table table = {&group, rows};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(4096);
	struct path path;
	if (parse_path(mem, (str){(const char *)bytes, (ptrdiff_t)n}, &path) == OK) {
		for (int i = 0; i < path.n; i++) {
			str s = path.segments[i];
			must(s.n > 0 && utf8_valid(s) && str_find_char(s, '/') < 0);
			must(!str_eq(s, S(".")) && !str_eq(s, S("..")));
		}
		char why[HTTP_WHY];
		struct routes *routes = routes_compile(&table, 1, why);
		must(routes != NULL);
		struct route_match match;
		routes_find(routes, &path, GET, &match);
		must(!match.route || match.n_params <= path.n);
		must(path.n != 3 || match.route);
		must(path.n < 4 || !match.route);
		routes_free(routes);
	}
	arena_free(mem);
	return 0;
}
