// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A PostgreSQL of one's own for a C test: tests/lib/postgres behind four functions. It ends with
// the test, also when that crashes.
#pragma once

#include "base/base.h"

struct pg_server {
	char dir[128];
	char address[256]; // for store_config.database
};
void pg_server_start(struct pg_server *);
void pg_server_halt(struct pg_server *);   // the data stays
void pg_server_resume(struct pg_server *); // at the same address
void pg_server_stop(struct pg_server *);
