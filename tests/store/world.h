// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the tests of the store share: a temporary directory, a store on either database with the
// program's or the contract's schema, a context to work with.
#pragma once

#include "pg.h"
#include "store/store.h"

struct world {
	char dir[64];
	struct house house;
	struct ctx ctx;
	bool postgres;
	char address[256];
	const struct schema_step *steps; // NULL = the program's own
	int n_steps;
};

extern const struct schema_step contract_steps[];
extern const int contract_steps_n;

struct world *world_new(struct pg_server *or_null); // opens nothing
void world_open(struct world *);                    // on the same database each time
err world_try_open(struct world *) CHECKED;
void world_close(struct world *);
void world_free(struct world *);     // removes the directory
void world_wipe(struct pg_server *); // an empty database again
// A context of its own for a thread of the test; end it with ctx_end.
void ctx_begin(struct ctx *, struct world *);
void ctx_end(struct ctx *);
