// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PostgreSQL for a C test: tests/lib/postgres behind a few functions.
#pragma once

#include "base/base.h"

struct pg_server {
	char dir[128];
	char address[256]; // for store_config.database
};
// An empty database of one's own, on the server that all tests share where there is one.
void pg_server_lend(struct pg_server *);
// A server of one's own, for tests that do something to it. It ends with the test, also when that
// crashes.
void pg_server_start(struct pg_server *);
void pg_server_halt(struct pg_server *);   // the data stays
void pg_server_resume(struct pg_server *); // at the same address
void pg_server_stop(struct pg_server *);   // of both
