// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PostgreSQL behind a pooler: who gives each transaction whatever connection is free gives it statements
// that another prepared, and settings that another made. That shows only when there is traffic, so it is
// looked for at the start, where a person reads what is wrong.
#include "store/pg.h"

#include <stdlib.h>

#define ROUNDS 8 // what others do meanwhile may hide it in one

struct probe {
	struct ctx *ctx;
	const char *address;
	ms patience, until;
};

static err greet(const struct probe *p, struct pg_conn **out)
{
	return pg_greet(p->ctx, p->address, p->patience, p->until, out);
}

// Runs a statement, and says which of the server's processes ran it if that is what it asks.
static err ask(const struct probe *p, struct pg_conn *conn, const char *sql, int *pid)
{
	PGresult *said = NULL;
	err result = OK;
	if (PQsendQuery(conn->c, sql))
		said = pg_await(conn, p->until - clock_steady());
	ExecStatusType status = PQresultStatus(said);
	if (status == PGRES_TUPLES_OK && pid)
		*pid = atoi(PQgetvalue(said, 0, 0));
	else if (status != PGRES_COMMAND_OK)
		result = pg_result_failed(p->ctx, conn, said, "connect");
	PQclear(said);
	return result != OK && conn->lost ? ERR_UNAVAILABLE : result;
}

static err process_of(const struct probe *p, struct pg_conn *conn, int *pid)
{
	return ask(p, conn, "SELECT pg_backend_pid()", pid);
}

// While the second is within a transaction it keeps what it has been given: that is what the first had, or
// the first is given something else now.
static err look_once(
	const struct probe *p, struct pg_conn *first, struct pg_conn *second, bool *shared)
{
	int had, has, other;
	TRY(process_of(p, first, &had));
	TRY(ask(p, second, "BEGIN", NULL));
	TRY(process_of(p, second, &other));
	*shared = other == had;
	if (!*shared) {
		TRY(process_of(p, first, &has));
		*shared = has != had;
	}
	return ask(p, second, "ROLLBACK", NULL);
}

static err look_closer(const struct probe *p, struct pg_conn *first)
{
	struct pg_conn *second;
	bool shared = false;
	TRY(greet(p, &second));
	err result = OK;
	for (int i = 0; i < ROUNDS && result == OK && !shared; i++)
		result = look_once(p, first, second, &shared);
	pg_disconnect(second);
	if (shared)
		return store_fail(p->ctx, ERR_CONFLICT, "connect",
			"between here and PostgreSQL stands a pooler, such as PgBouncer, that "
			"gives "
			"each transaction another connection, but statements are prepared and "
			"limits "
			"set for all of one; name PostgreSQL itself, or have it pool sessions "
			"(pool_mode = session)");
	return result;
}

// A pooler makes up the number that it greets with.
err pg_refuse_pooler(struct ctx *ctx, const char *address, ms patience, ms until)
{
	const struct probe p = {ctx, address, patience, until};
	struct pg_conn *first;
	int pid = 0;
	TRY(greet(&p, &first));
	err result = process_of(&p, first, &pid);
	if (result == OK && pid != PQbackendPID(first->c))
		result = look_closer(&p, first);
	pg_disconnect(first);
	return result;
}
