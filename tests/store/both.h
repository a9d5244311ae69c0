// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The same tests on both databases: first on SQLite (*state is NULL), then on a PostgreSQL started for
// them (*state is a struct pg_server). Include after cmocka.h.
#pragma once

#include "pg.h"

int pg_setup(void **state);
int pg_teardown(void **state);
int run_on_both_n(const struct CMUnitTest *tests, size_t n); // what main returns
#define run_on_both(tests) run_on_both_n((tests), COUNT(tests))
