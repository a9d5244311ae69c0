// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One PostgreSQL connection: connecting, preparing, running a statement with a deadline, filling
// rows. Parameters and results travel in binary, so text needs no copy and numbers no parsing.
#include "store/pg.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { OID_BOOL = 16, OID_BYTES = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };
enum { OID_REAL4 = 700, OID_REAL8 = 701, OID_TEXTS = 1009, OID_INT8S = 1016, OID_VARCHAR = 1043 };
#define PARAMS_MOST 60

static void no_notice(void *arg, const char *message)
{
	(void)arg, (void)message;
}

// The address is looked up by libpq and may block; all else ends at the deadline.
static bool connect_until(PGconn *c, ms until)
{
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;
	while (next != PGRES_POLLING_OK) {
		ms left = until - clock_steady();
		struct pollfd p = {
			PQsocket(c), (short)(next == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
		if (next == PGRES_POLLING_FAILED || left <= 0 || p.fd < 0)
			return false;
		int ready = poll(&p, 1, (int)MIN(left, MS_HOUR));
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready > 0)
			next = PQconnectPoll(c);
	}
	return true;
}

static err script_until(struct ctx *, struct pg_conn *, const char *sql, ms until) CHECKED;

// The server ends a statement itself when its time is over, and one whose client is gone: nobody has
// to ask it to, on one more connection that may hang as well. A process that was stopped within a
// transaction gives up what it has locked.
static err set_limits(struct ctx *ctx, struct pg_conn *conn, ms until)
{
	struct problem problem = ctx->problem;
	const char *limits =
		str_z(ctx->mem, str_fmt(ctx->mem,
					"SET statement_timeout = %lld; SET "
					"idle_in_transaction_session_timeout = %lld",
					(long long)conn->patience, (long long)conn->patience));
	err set = script_until(ctx, conn, limits, until);
	if (set != OK)
		return conn->lost ? ERR_UNAVAILABLE : set;
	err known = script_until(ctx, conn, "SET client_connection_check_interval = 1000", until);
	ctx->problem = problem; // PostgreSQL knows it since version 14
	return known == OK || !conn->lost ? OK : ERR_UNAVAILABLE;
}

err pg_greet(struct ctx *ctx, const char *address, ms patience, ms until, struct pg_conn **out)
{
	const char *const keys[] = {"dbname", "client_encoding", "keepalives_idle", NULL};
	const char *const values[] = {address, "UTF8", "30", NULL};
	struct pg_conn *conn = mem_new(1, sizeof *conn);
	conn->c = PQconnectStartParams(keys, values, 1);
	conn->patience = patience;
	must(conn->c);
	err result = OK;
	if (!connect_until(conn->c, until)) {
		const char *said = PQerrorMessage(conn->c);
		result = store_fail(
			ctx, ERR_UNAVAILABLE, "connect", *said ? said : "no answer in time");
	} else {
		const char *encoding = PQparameterStatus(conn->c, "server_encoding");
		if (!encoding || strcmp(encoding, "UTF8") != 0)
			result = store_fail(
				ctx, ERR_DATABASE, "connect", "the database is not in UTF8");
	}
	if (result == OK && PQsetnonblocking(conn->c, 1) != 0)
		result = ERR_UNAVAILABLE;
	PQsetNoticeProcessor(conn->c, no_notice, NULL);
	if (result != OK) {
		pg_disconnect(conn);
		return result;
	}
	*out = conn;
	return OK;
}

err pg_connect(struct ctx *ctx, const char *address, ms patience, ms until, struct pg_conn **out)
{
	TRY(pg_greet(ctx, address, patience, until, out));
	err result = set_limits(ctx, *out, until);
	if (result != OK) {
		pg_disconnect(*out);
		*out = NULL;
	}
	return result;
}

void pg_disconnect(struct pg_conn *conn)
{
	PQfinish(conn->c);
	map_free(&conn->by_sql);
	mem_free(conn);
}

// False when the connection is lost or the deadline passed.
static bool await_socket(struct pg_conn *conn, ms deadline)
{
	for (;;) {
		int unsent = PQflush(conn->c);
		if (unsent < 0)
			return false;
		if (!unsent && !PQisBusy(conn->c))
			return true;
		ms left = deadline - clock_steady();
		struct pollfd p = {
			PQsocket(conn->c), (short)(unsent ? POLLIN | POLLOUT : POLLIN), 0};
		if (left <= 0 || p.fd < 0)
			return false;
		int ready = poll(&p, 1, (int)MIN(left, MS_HOUR));
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready > 0 && (p.revents & (POLLIN | POLLERR | POLLHUP)) &&
			!PQconsumeInput(conn->c))
			return false;
	}
}

PGresult *pg_await(struct pg_conn *conn, ms patience)
{
	PGresult *last = NULL;
	ms deadline = clock_steady() + patience;
	for (;;) {
		if (!await_socket(conn, deadline)) {
			conn->lost = true;
			PQclear(last);
			return NULL;
		}
		PGresult *next = PQgetResult(conn->c);
		if (!next)
			break;
		PQclear(last);
		last = next;
		ExecStatusType status = PQresultStatus(last);
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
			break;
	}
	if (PQstatus(conn->c) != CONNECTION_OK)
		conn->lost = true;
	return last;
}

static bool is_class(const char *state, const char *class)
{
	return strncmp(state, class, strlen(class)) == 0;
}

err pg_result_failed(
	struct ctx *ctx, struct pg_conn *conn, const PGresult *result, const char *what)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *said = result ? PQresultErrorMessage(result) : PQerrorMessage(conn->c);
	if (!state) {
		bool timeout = PQstatus(conn->c) == CONNECTION_OK && !result;
		conn->lost = true;
		return store_fail(ctx, timeout ? ERR_TIMEOUT : ERR_UNAVAILABLE, what,
			timeout ? "took too long" : said);
	}
	// 26000, 0A000: what we prepared is no longer there or no longer fits. 25P03: we were silent within
	// a transaction for too long.
	if (is_class(state, "08") || is_class(state, "57P") || is_class(state, "26000") ||
		is_class(state, "0A000") || is_class(state, "25P03")) {
		conn->lost = true;
		return store_fail(ctx, ERR_UNAVAILABLE, what, said);
	}
	if (is_class(state, "40001") || is_class(state, "40P01")) {
		conn->conflict = true;
		return store_fail(ctx, ERR_UNAVAILABLE, what, said);
	}
	err code = is_class(state, "23")               ? ERR_CONFLICT
		   : is_class(state, "53100") /*disk*/ ? ERR_FULL
		   : is_class(state, "57014")          ? ERR_TIMEOUT
		   : strcmp(state, "53300") == 0       ? ERR_UNAVAILABLE
		   : is_class(state, "55P03") /*lock*/ ? ERR_UNAVAILABLE
						       : ERR_DATABASE;
	return store_fail(ctx, code, what, said);
}

static err script_until(struct ctx *ctx, struct pg_conn *conn, const char *sql, ms until)
{
	PGresult *result = NULL;
	if (PQsendQuery(conn->c, sql))
		result = pg_await(conn, until - clock_steady());
	err code = OK;
	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		code = pg_result_failed(ctx, conn, result, "schema");
	PQclear(result);
	return code;
}

err pg_script(struct ctx *ctx, struct pg_conn *conn, const char *sql)
{
	return script_until(ctx, conn, sql, clock_steady() + MS_DAY);
}

err pg_unhurried(struct ctx *ctx, struct pg_conn *conn)
{
	return pg_script(ctx, conn,
		"SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = "
		"0");
}

#define SERVERS_HEAD_START 300 // its own word on a statement's time comes first
#define LAST_WORD MS_SECOND    // the end of a transaction gets this much in any case

// How long this statement may take.
static ms time_left(const struct ctx *ctx, const struct pg_conn *conn, const struct sql *sql)
{
	ms left = conn->patience + SERVERS_HEAD_START;
	if (ctx->deadline)
		left = MIN(left, ctx->deadline - clock_steady());
	return sql == &sql_commit || sql == &sql_rollback ? MAX(left, LAST_WORD) : left;
}

static Oid param_type(enum sql_kind kind)
{
	switch (kind) {
	case SQL_REAL:
	case SQL_OPT_REAL:
		return OID_REAL8;
	case SQL_STR:
	case SQL_LANG:
		return OID_TEXT;
	case SQL_BYTES:
		return OID_BYTES;
	case SQL_INTS:
		return OID_INT8S;
	case SQL_STRS:
		return OID_TEXTS;
	default:
		return OID_INT8;
	}
}

static err prepare(struct ctx *ctx, struct pg_conn *conn, const struct sql *sql, char name[24])
{
	uint64_t number;
	if (map_get(&conn->by_sql, (uintptr_t)sql, &number)) {
		snprintf(name, 24, "s%d", (int)number);
		return OK;
	}
	Oid types[PARAMS_MOST];
	for (int i = 0; i < sql->n_params; i++)
		types[i] = param_type(sql->params[i].kind);
	snprintf(name, 24, "s%d", ++conn->n_prepared);
	PGresult *result = NULL;
	if (PQsendPrepare(conn->c, name, sql->postgres, sql->n_params, types))
		result = pg_await(conn, time_left(ctx, conn, sql));
	err code = OK;
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		code = pg_result_failed(ctx, conn, result, sql->name);
	else
		map_put(&conn->by_sql, (uintptr_t)sql, (uint64_t)conn->n_prepared);
	PQclear(result);
	return code;
}

static void add_be32(struct sb *sb, int64_t number)
{
	uint32_t be = htobe32((uint32_t)number);
	sb_add(sb, (str){(const char *)&be, sizeof be});
}

// The binary form of an array: dimensions, has NULLs, type of items; size and lower bound; items.
static str array(struct ctx *ctx, enum sql_kind kind, struct sql_list list)
{
	struct sb sb = sb_new(ctx->mem, 20 + list.n * 12);
	add_be32(&sb, list.n ? 1 : 0);
	add_be32(&sb, 0);
	add_be32(&sb, kind == SQL_INTS ? OID_INT8 : OID_TEXT);
	if (list.n) {
		add_be32(&sb, list.n);
		add_be32(&sb, 1);
	}
	for (ptrdiff_t i = 0; i < list.n; i++) {
		if (kind == SQL_INTS) {
			uint64_t be = htobe64((uint64_t)((const int64_t *)list.at)[i]);
			add_be32(&sb, 8);
			sb_add(&sb, (str){(const char *)&be, sizeof be});
		} else {
			str s = ((const str *)list.at)[i];
			add_be32(&sb, s.n);
			sb_add(&sb, s);
		}
	}
	return sb_str(&sb);
}

struct params {
	uint64_t numbers[PARAMS_MOST];
	const char *values[PARAMS_MOST];
	int lengths[PARAMS_MOST], formats[PARAMS_MOST];
};

static void encode(
	struct ctx *ctx, const struct sql *sql, const struct sql_value *values, struct params *to)
{
	for (int i = 0; i < sql->n_params; i++) {
		const struct sql_value *v = &values[i];
		enum sql_kind kind = sql->params[i].kind;
		to->formats[i] = 1;
		to->values[i] = NULL;
		to->lengths[i] = 0;
		if (v->null)
			continue;
		str bytes = {0};
		switch (kind) {
		case SQL_STR:
		case SQL_BYTES:
		case SQL_LANG:
			bytes = v->s;
			break;
		case SQL_INTS:
		case SQL_STRS:
			bytes = array(ctx, kind, v->list);
			break;
		case SQL_REAL:
		case SQL_OPT_REAL:
			memcpy(&to->numbers[i], &v->r, sizeof v->r);
			to->numbers[i] = htobe64(to->numbers[i]);
			bytes = (str){(const char *)&to->numbers[i], 8};
			break;
		default:
			to->numbers[i] = htobe64((uint64_t)v->i);
			bytes = (str){(const char *)&to->numbers[i], 8};
		}
		to->values[i] = bytes.n ? bytes.p : "";
		must(bytes.n < INT32_MAX);
		to->lengths[i] = (int)bytes.n;
	}
}

static bool number_from(const PGresult *result, int row, int at, int64_t *out)
{
	const char *p = PQgetvalue(result, row, at);
	uint64_t be64;
	uint32_t be32;
	uint16_t be16;
	switch (PQftype(result, at)) {
	case OID_INT8:
		memcpy(&be64, p, sizeof be64);
		*out = (int64_t)be64toh(be64);
		return true;
	case OID_INT4:
		memcpy(&be32, p, sizeof be32);
		*out = (int32_t)be32toh(be32);
		return true;
	case OID_INT2:
		memcpy(&be16, p, sizeof be16);
		*out = (int16_t)be16toh(be16);
		return true;
	case OID_BOOL:
		*out = *p != 0;
		return true;
	default:
		return false;
	}
}

static bool real_from(const PGresult *result, int row, int at, double *out)
{
	const char *p = PQgetvalue(result, row, at);
	if (PQftype(result, at) == OID_REAL8) {
		uint64_t be;
		memcpy(&be, p, sizeof be);
		be = be64toh(be);
		memcpy(out, &be, sizeof be);
		return true;
	}
	if (PQftype(result, at) == OID_REAL4) {
		uint32_t be;
		float f;
		memcpy(&be, p, sizeof be);
		be = be32toh(be);
		memcpy(&f, &be, sizeof be);
		*out = (double)f;
		return true;
	}
	int64_t number;
	if (!number_from(result, row, at, &number))
		return false;
	*out = (double)number;
	return true;
}

static bool text_from(const PGresult *result, int row, int at, bool bytes, str *out)
{
	Oid type = PQftype(result, at);
	if (bytes ? type != OID_BYTES : type != OID_TEXT && type != OID_VARCHAR)
		return false;
	*out = (str){PQgetvalue(result, row, at), PQgetlength(result, row, at)};
	return true;
}

static bool read_column(struct ctx *ctx, const PGresult *result, int at_row, int at,
	const struct sql_field *field, char *row)
{
	char *to = row + field->offset;
	int64_t number;
	double real;
	str text;
	if (PQgetisnull(result, at_row, at))
		return field->null || field->kind == SQL_OPT_INT || field->kind == SQL_OPT_REAL;
	switch (field->kind) {
	case SQL_REAL:
	case SQL_OPT_REAL:
		if (!real_from(result, at_row, at, &real))
			return false;
		if (field->kind == SQL_REAL)
			memcpy(to, &real, sizeof real);
		else
			memcpy(to, &(opt_real){real, true}, sizeof(opt_real));
		return true;
	case SQL_STR:
	case SQL_BYTES:
	case SQL_LANG:
		if (!text_from(result, at_row, at, field->kind == SQL_BYTES, &text))
			return false;
		if (field->kind == SQL_LANG) {
			lang tag = lang_from(text);
			memcpy(to, &tag, sizeof tag);
		} else {
			text = str_copy(ctx->mem, text);
			memcpy(to, &text, sizeof text);
		}
		return true;
	default:
		if (!number_from(result, at_row, at, &number))
			return false;
		if (field->kind == SQL_BOOL)
			*(bool *)to = number != 0;
		else if (field->kind == SQL_OPT_INT)
			memcpy(to, &(opt_int){number, true}, sizeof(opt_int));
		else
			memcpy(to, &number, sizeof number);
		return true;
	}
}

static err read_rows(
	struct ctx *ctx, const PGresult *result, const struct sql *sql, struct sink *sink)
{
	int rows = PQntuples(result);
	int64_t changed = 0;
	if (PQnfields(result) != sql->n_columns)
		return fail_s(ctx, ERR_DATABASE, sql->name, 0, S("another number of columns"));
	for (int k = 0; sql->n_columns && k < rows && (k == 0 || sink->many); k++) {
		char *row = sink_row(ctx, sql, sink);
		for (int i = 0; i < sql->n_columns; i++)
			if (!read_column(ctx, result, k, i, &sql->columns[i], row))
				return fail_s(ctx, ERR_DATABASE, sql->name, 0,
					str_fmt(ctx->mem, "column %s has another type or is NULL",
						sql->columns[i].name));
	}
	if (str_int(str_from(PQcmdTuples((PGresult *)(uintptr_t)result)), &changed))
		sink->changed = changed;
	return OK;
}

err pg_run(struct ctx *ctx, struct pg_conn *conn, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	char name[24];
	struct params params;
	PGresult *result = NULL;
	if (time_left(ctx, conn, sql) <= 0)
		return store_fail(ctx, ERR_TIMEOUT, sql->name, "its time was over before it began");
	TRY(prepare(ctx, conn, sql, name));
	encode(ctx, sql, values, &params);
	if (PQsendQueryPrepared(
		    conn->c, name, sql->n_params, params.values, params.lengths, params.formats, 1))
		result = pg_await(conn, time_left(ctx, conn, sql));
	ExecStatusType status = PQresultStatus(result);
	err code = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
			   ? read_rows(ctx, result, sql, sink)
			   : pg_result_failed(ctx, conn, result, sql->name);
	PQclear(result);
	return code;
}
