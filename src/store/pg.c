// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PostgreSQL's side: not connected yet.
#include "store/inside.h"

err pg_open(struct ctx *ctx, struct store *store, str address)
{
	(void)store, (void)address;
	return store_fail(ctx, ERR_UNSUPPORTED, "postgresql", "not in this build");
}
void pg_close(struct store *store)
{
	(void)store;
}
err pg_read(struct ctx *ctx, struct store *store, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	(void)store, (void)sql, (void)values, (void)sink;
	return fail(ctx, ERR_UNSUPPORTED, NULL, 0);
}
err pg_write(struct ctx *ctx, struct store *store, store_body body, void *arg)
{
	(void)store, (void)body, (void)arg;
	return fail(ctx, ERR_UNSUPPORTED, NULL, 0);
}
err pg_run(struct ctx *ctx, struct pg_conn *conn, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	(void)conn, (void)sql, (void)values, (void)sink;
	return fail(ctx, ERR_UNSUPPORTED, NULL, 0);
}
