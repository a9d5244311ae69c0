// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The worlds the store's tests work in. PostgreSQL is emptied by hand, with psql, so that nothing
// under test is needed for it.
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world *world_new(struct pg_server *server)
{
	struct world *w = mem_new(1, sizeof *w);
	strcpy(w->dir, "/tmp/store-test.XXXXXX");
	must(mkdtemp(w->dir));
	w->postgres = server != NULL;
	if (server)
		strcpy(w->address, server->address);
	else
		snprintf(w->address, sizeof w->address, "%s/test.db", w->dir);
	ctx_begin(&w->ctx, w);
	return w;
}

err world_try_open(struct world *w)
{
	struct store_config config = {.database = str_from(w->address),
		.readers = 4,
		.pool = 8,
		.steps = w->steps,
		.n_steps = w->n_steps};
	return store_open(&w->ctx, &config, &w->house.store);
}

void world_open(struct world *w)
{
	err result = world_try_open(w);
	if (result != OK)
		fprintf(stderr, "%s: %s: %.*s\n", w->address, err_name(result),
			STR_ARGS(w->ctx.problem.text));
	must(result == OK);
}

void world_close(struct world *w)
{
	store_close(w->house.store);
	w->house.store = NULL;
}

void world_free(struct world *w)
{
	char text[128];
	snprintf(text, sizeof text, "rm -rf '%s'", w->dir);
	must(system(text) == 0);
	ctx_end(&w->ctx);
	mem_free(w);
}

void world_wipe(struct pg_server *server)
{
	char text[512];
	snprintf(text, sizeof text,
		"psql -q '%s' -c 'SET client_min_messages=error' -c 'DROP SCHEMA public CASCADE' "
		"-c 'CREATE SCHEMA public'",
		server->address);
	must(system(text) == 0);
}

void ctx_begin(struct ctx *ctx, struct world *w)
{
	*ctx = (struct ctx){.mem = arena_new(4096), .now = clock_now(), .house = &w->house};
}

void ctx_end(struct ctx *ctx)
{
	arena_free(ctx->mem);
	ctx->mem = NULL;
}
