// SPDX-License-Identifier: AGPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail // of cmocka: base/ has another

#include "both.h"

int pg_setup(void **state)
{
	struct pg_server *server = mem_new(1, (ptrdiff_t)sizeof *server);
	pg_server_lend(server);
	*state = server;
	return 0;
}

int pg_teardown(void **state)
{
	pg_server_stop(*state);
	mem_free(*state);
	return 0;
}

int run_on_both_n(const struct CMUnitTest *tests, size_t n)
{
	int on_lite = _cmocka_run_group_tests("SQLite", tests, n, NULL, NULL);
	int on_pg = _cmocka_run_group_tests("PostgreSQL", tests, n, pg_setup, pg_teardown);
	return on_lite || on_pg;
}
