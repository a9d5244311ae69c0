// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A relay between a store and a PostgreSQL, which loses what a network loses: everything for a while,
// or the end of a transaction.
#pragma once

#include "pg.h"

#include <stdatomic.h>

enum relay_mode {
	RELAY_FLOWS,
	RELAY_HOLDS,        // nothing passes in either direction; nobody hears of it
	RELAY_LOSES_ANSWER, // from the next COMMIT on: it arrives, and no answer to it
	RELAY_LOSES_COMMIT  // the next COMMIT does not arrive, nor any answer
};

#define RELAY_MOST 64

struct relay_pair {
	int client, server; // 0: free
	char commit[24];    // the name under which COMMIT is prepared
	bool deaf;          // nothing comes back any more
};
struct relay {
	char address[256]; // for store_config.database
	_Atomic int mode;
	_Atomic bool stop;
	int listener;
	char upstream[160];
	struct relay_pair pairs[RELAY_MOST];
	pthread_t thread;
};
void relay_start(struct relay *, const struct pg_server *);
void relay_stop(struct relay *);
