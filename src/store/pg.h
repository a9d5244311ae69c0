// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PostgreSQL's shared state: one connection (pg_conn.c), the pool and transactions (pg_pool.c), what may not
// stand between (pg_pooler.c).
#pragma once

#include "store/inside.h"

#include <libpq-fe.h>

#define POOL_MOST 64
#define POOL_LEAST 8

struct pg_conn {
	PGconn *c;
	struct map by_sql; // statement's address -> number of its name
	int n_prepared;
	ms patience;       // longest statement
	bool lost;         // the connection is of no more use
	bool conflict;     // the transaction met another one and may be tried again
	enum pg_lane lane; // it is taken for
};

struct pg {
	char *address;
	struct lock lock; // guards all that follows
	struct {
		int taken, most;
		struct waker freed;
	} lanes[PG_LANES];
	struct waker calmed;
	bool once_more; // a transaction is tried again
	struct pg_conn *idle[POOL_MOST];
	int n_idle, n_open; // n_open: no more than all lanes together
	ms down_until;      // the server was not there: nobody tries before
};

err pg_connect(
	struct ctx *, const char *address, ms patience, ms until, struct pg_conn **out) CHECKED;
// The same without the limits that are set for all that follows.
err pg_greet(
	struct ctx *, const char *address, ms patience, ms until, struct pg_conn **out) CHECKED;
// ERR_CONFLICT: what answers there gives each transaction whatever connection is free.
err pg_refuse_pooler(struct ctx *, const char *address, ms patience, ms until) CHECKED;
// Within a transaction: what follows may take its time (copies).
err pg_unhurried(struct ctx *, struct pg_conn *) CHECKED;
void pg_disconnect(struct pg_conn *);
// Statements without parameters or rows: schema steps.
err pg_script(struct ctx *, struct pg_conn *, const char *sql) CHECKED;
// Waits for the result of what was sent. NULL when the connection or the patience ended.
PGresult *pg_await(struct pg_conn *, ms patience);
err pg_result_failed(struct ctx *, struct pg_conn *, const PGresult *, const char *what) CHECKED;
err pg_conn_take(struct ctx *, struct store *, enum pg_lane, struct pg_conn **out) CHECKED;
void pg_conn_give(struct store *, struct pg_conn *);
