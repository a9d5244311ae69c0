// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Copies rows of any table: PostgreSQL's binary COPY on one side, SQLite values on the other. The
// statements are made here from the schema's own names, because they are about all tables alike.
#include "store/copy.h"
#include "store/pg.h"

#include <endian.h>
#include <sqlite3.h>
#include <string.h>

#define TELL_EVERY 1000

err copy_stopped(struct ctx *ctx)
{
	return fail_s(ctx, ERR_UNAVAILABLE, "copy", 0, S("stopped"));
}

static err advance(struct ctx *ctx, struct meter *meter)
{
	bool tell = ++meter->done % TELL_EVERY == 0 && meter->fn;
	if (tell && !meter->fn(meter->done, MAX(meter->total, meter->done), meter->arg))
		return copy_stopped(ctx);
	return OK;
}

static err prepare(struct ctx *ctx, struct lite_conn *conn, str sql, sqlite3_stmt **out)
{
	sqlite3 *db = lite_handle(conn);
	if (sqlite3_prepare_v2(db, sql.p, (int)sql.n, out, NULL) != SQLITE_OK)
		return lite_failed(ctx, db, "copy");
	return OK;
}

static str column_text(struct ctx *ctx, sqlite3_stmt *stmt, int at)
{
	const char *p = (const char *)sqlite3_column_text(stmt, at);
	return str_copy(ctx->mem, (str){p, sqlite3_column_bytes(stmt, at)});
}

static err columns_of(struct ctx *ctx, struct lite_conn *file, struct copy_table *table)
{
	sqlite3_stmt *stmt;
	TRY(prepare(ctx, file, str_fmt(ctx->mem, "PRAGMA table_info(%.*s)", STR_ARGS(table->name)),
		&stmt));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct copy_column column = {
			column_text(ctx, stmt, 1), column_text(ctx, stmt, 2).p[0]};
		list_push(ctx->mem, &table->columns, column);
	}
	sqlite3_finalize(stmt);
	TRY(prepare(ctx, file,
		str_fmt(ctx->mem, "SELECT COUNT(*) FROM %.*s", STR_ARGS(table->name)), &stmt));
	if (sqlite3_step(stmt) == SQLITE_ROW)
		table->rows = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return OK;
}

err copy_tables_of(struct ctx *ctx, struct lite_conn *file, struct copy_tables *out)
{
	sqlite3_stmt *stmt;
	struct copy_tables tables = {0};
	TRY(prepare(ctx, file,
		S("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN "
		  "('schema_step', 'change') "
		  "AND name NOT LIKE 'sqlite%' ORDER BY name"),
		&stmt));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct copy_table table = {.name = column_text(ctx, stmt, 0)};
		list_push(ctx->mem, &tables.list, table);
	}
	sqlite3_finalize(stmt);
	list_each (table, &tables.list) {
		TRY(columns_of(ctx, file, table));
		tables.rows += table->rows;
	}
	*out = tables;
	return OK;
}

str copy_list(struct ctx *ctx, const struct copy_table *table)
{
	struct sb sb = sb_new(ctx->mem, 200);
	for (ptrdiff_t i = 0; i < table->columns.n; i++) {
		sb_add(&sb, i ? S(", ") : S(""));
		sb_add(&sb, table->columns.at[i].name);
	}
	return sb_str(&sb);
}

err copy_has_rows(struct ctx *ctx, struct db *db, const struct copy_table *table, bool *out)
{
	str sql = str_fmt(ctx->mem, "SELECT 1 FROM %.*s LIMIT 1", STR_ARGS(table->name));
	err code = OK;
	if (db->lite) {
		sqlite3_stmt *stmt;
		TRY(prepare(ctx, db->lite, sql, &stmt));
		*out = sqlite3_step(stmt) == SQLITE_ROW;
		sqlite3_finalize(stmt);
		return OK;
	}
	PGresult *result = NULL;
	if (PQsendQuery(db->pg->c, str_z(ctx->mem, sql)))
		result = pg_await(db->pg, MS_HOUR);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		*out = PQntuples(result) > 0;
	else
		code = pg_result_failed(ctx, db->pg, result, "restore");
	PQclear(result);
	return code;
}

static err prepare_insert(
	struct ctx *ctx, struct lite_conn *to, const struct copy_table *table, sqlite3_stmt **out)
{
	struct sb sb = sb_new(ctx->mem, 300);
	str list = copy_list(ctx, table);
	sb_fmt(&sb, "INSERT INTO %.*s (%.*s) VALUES (", STR_ARGS(table->name), STR_ARGS(list));
	for (ptrdiff_t i = 0; i < table->columns.n; i++)
		sb_add(&sb, i ? S(",?") : S("?"));
	sb_char(&sb, ')');
	return prepare(ctx, to, sb_str(&sb), out);
}

static err prepare_select(
	struct ctx *ctx, struct lite_conn *from, const struct copy_table *table, sqlite3_stmt **out)
{
	str list = copy_list(ctx, table);
	return prepare(ctx, from,
		str_fmt(ctx->mem, "SELECT %.*s FROM %.*s", STR_ARGS(list), STR_ARGS(table->name)),
		out);
}

err copy_file_to_lite(struct ctx *ctx, struct lite_conn *file, struct lite_conn *to,
	const struct copy_table *table, struct meter *meter)
{
	sqlite3_stmt *from, *into;
	int rc;
	TRY(prepare_select(ctx, file, table, &from));
	err result = prepare_insert(ctx, to, table, &into);
	if (result != OK) {
		sqlite3_finalize(from);
		return result;
	}
	while (result == OK && (rc = sqlite3_step(from)) != SQLITE_DONE) {
		if (rc != SQLITE_ROW) {
			result = lite_failed(ctx, lite_handle(file), "copy");
			break;
		}
		for (int i = 0; i < table->columns.n; i++)
			sqlite3_bind_value(into, i + 1, sqlite3_column_value(from, i));
		if (sqlite3_step(into) != SQLITE_DONE)
			result = lite_failed(ctx, lite_handle(to), "copy");
		sqlite3_reset(into);
		if (result == OK)
			result = advance(ctx, meter);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(into);
	return result;
}

// --- PostgreSQL to file ------------------------------------------------------------------------

struct reader { // of one message of COPY; ok until it was too short
	const char *p;
	int n;
	bool ok;
};

static const char *read_bytes(struct reader *r, int n)
{
	static const char none[8];
	if (n < 0 || n > r->n) {
		r->ok = false;
		return none;
	}
	const char *p = r->p;
	r->p += n;
	r->n -= n;
	return p;
}

static int32_t read32(struct reader *r)
{
	uint32_t be;
	memcpy(&be, read_bytes(r, 4), 4);
	return (int32_t)be32toh(be);
}

static int16_t read16(struct reader *r)
{
	uint16_t be;
	memcpy(&be, read_bytes(r, 2), 2);
	return (int16_t)be16toh(be);
}

// One row: number of fields, each with its length (-1 NULL) and bytes.
static bool bind_row(struct reader *r, const struct copy_table *table, sqlite3_stmt *into)
{
	for (int i = 0; i < table->columns.n && r->ok; i++) {
		int length = read32(r);
		if (length < 0) {
			sqlite3_bind_null(into, i + 1);
			continue;
		}
		const char *p = read_bytes(r, length);
		char type = table->columns.at[i].type;
		uint64_t be = 0;
		if (!r->ok || ((type == 'I' || type == 'R') && length != 8))
			return false;
		if (type == 'I' || type == 'R') {
			double real;
			memcpy(&be, p, 8);
			be = be64toh(be);
			memcpy(&real, &be, 8);
			if (type == 'I')
				sqlite3_bind_int64(into, i + 1, (int64_t)be);
			else
				sqlite3_bind_double(into, i + 1, real);
		} else if (type == 'T') {
			sqlite3_bind_text(into, i + 1, p, length, SQLITE_TRANSIENT);
		} else if (length == 0) {
			sqlite3_bind_zeroblob(into, i + 1, 0);
		} else {
			sqlite3_bind_blob(into, i + 1, p, length, SQLITE_TRANSIENT);
		}
	}
	return r->ok;
}

static err copy_message(struct ctx *ctx, struct lite_conn *file, const struct copy_table *table,
	sqlite3_stmt *into, struct reader *r, struct meter *meter)
{
	int fields = read16(r);
	if (fields == -1 && r->ok) // the trailer
		return OK;
	if (fields != table->columns.n || !bind_row(r, table, into))
		return fail_s(ctx, ERR_DATABASE, "copy", 0, table->name);
	int rc = sqlite3_step(into);
	sqlite3_reset(into);
	if (rc != SQLITE_DONE)
		return lite_failed(ctx, lite_handle(file), "copy");
	return advance(ctx, meter);
}

static err receive(struct ctx *ctx, struct pg_conn *from, struct lite_conn *file,
	const struct copy_table *table, sqlite3_stmt *into, struct meter *meter)
{
	char *message;
	int n;
	bool first = true;
	err result = OK;
	while ((n = PQgetCopyData(from->c, &message, 0)) > 0) {
		struct reader r = {message, n, true};
		if (first) { // signature, flags, length of what follows in the header
			read_bytes(&r, 15);
			read_bytes(&r, read32(&r));
		}
		first = false;
		if (r.n > 0)
			result = copy_message(ctx, file, table, into, &r, meter);
		PQfreemem(message);
		if (result != OK) { // the rest of the table is not waited for
			from->lost = true;
			return result;
		}
	}
	PGresult *last = pg_await(from, MS_HOUR);
	if (result == OK && (n != -1 || PQresultStatus(last) != PGRES_COMMAND_OK))
		result = pg_result_failed(ctx, from, last, "copy");
	PQclear(last);
	return result;
}

static err start_copy(struct ctx *ctx, struct pg_conn *conn, str sql, ExecStatusType expected)
{
	PGresult *result = NULL;
	err code = OK;
	if (PQsendQuery(conn->c, str_z(ctx->mem, sql)))
		result = pg_await(conn, MS_HOUR);
	if (PQresultStatus(result) != expected)
		code = pg_result_failed(ctx, conn, result, "copy");
	PQclear(result);
	return code;
}

err copy_pg_to_file(struct ctx *ctx, struct pg_conn *from, struct lite_conn *file,
	const struct copy_table *table, struct meter *meter)
{
	sqlite3_stmt *into;
	str list = copy_list(ctx, table);
	TRY(prepare_insert(ctx, file, table, &into));
	err result = start_copy(ctx, from,
		str_fmt(ctx->mem, "COPY %.*s (%.*s) TO STDOUT (FORMAT binary)",
			STR_ARGS(table->name), STR_ARGS(list)),
		PGRES_COPY_OUT);
	if (result == OK)
		result = receive(ctx, from, file, table, into, meter);
	sqlite3_finalize(into);
	return result;
}

// --- file to PostgreSQL ------------------------------------------------------------------------

static void add_be(struct sb *sb, uint64_t number, int bytes)
{
	uint64_t be = htobe64(number);
	sb_add(sb, (str){(const char *)&be + 8 - bytes, bytes});
}

static void add_row(struct sb *sb, const struct copy_table *table, sqlite3_stmt *from)
{
	add_be(sb, (uint64_t)table->columns.n, 2);
	for (int i = 0; i < table->columns.n; i++) {
		char type = table->columns.at[i].type;
		if (sqlite3_column_type(from, i) == SQLITE_NULL) {
			add_be(sb, UINT32_MAX, 4);
		} else if (type == 'I') {
			add_be(sb, 8, 4);
			add_be(sb, (uint64_t)sqlite3_column_int64(from, i), 8);
		} else if (type == 'R') {
			double real = sqlite3_column_double(from, i);
			uint64_t bits;
			memcpy(&bits, &real, 8);
			add_be(sb, 8, 4);
			add_be(sb, bits, 8);
		} else {
			const void *p = sqlite3_column_blob(from, i);
			int n = sqlite3_column_bytes(from, i);
			add_be(sb, (uint64_t)n, 4);
			if (n)
				sb_add(sb, (str){p, n});
		}
	}
}

static bool send(struct pg_conn *to, struct sb *sb)
{
	must(sb->n <= INT32_MAX);
	bool sent = PQputCopyData(to->c, sb->p, (int)sb->n) == 1;
	sb->n = 0;
	return sent;
}

err copy_file_to_pg(struct ctx *ctx, struct lite_conn *file, struct pg_conn *to,
	const struct copy_table *table, struct meter *meter)
{
	sqlite3_stmt *from;
	str list = copy_list(ctx, table);
	TRY(prepare_select(ctx, file, table, &from));
	err result = start_copy(ctx, to,
		str_fmt(ctx->mem, "COPY %.*s (%.*s) FROM STDIN (FORMAT binary)",
			STR_ARGS(table->name), STR_ARGS(list)),
		PGRES_COPY_IN);
	if (result != OK) {
		sqlite3_finalize(from);
		return result;
	}
	struct sb sb = sb_new(NULL, 65536);
	bool sent = PQsetnonblocking(to->c, 0) == 0;
	int rc = SQLITE_DONE;
	sb_add(&sb, (str){"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19});
	while (sent && result == OK && (rc = sqlite3_step(from)) == SQLITE_ROW) {
		add_row(&sb, table, from);
		if (sb.n > 60000)
			sent = send(to, &sb);
		result = advance(ctx, meter);
	}
	if (result == OK && rc != SQLITE_DONE)
		result = lite_failed(ctx, lite_handle(file), "copy");
	add_be(&sb, UINT16_MAX, 2);
	sent = sent && send(to, &sb);
	sb_free(&sb);
	sqlite3_finalize(from);
	if (PQputCopyEnd(to->c, result == OK ? NULL : "stopped, or the file is damaged") != 1)
		to->lost = true;
	PGresult *last = pg_await(to, MS_HOUR);
	if (result == OK && (!sent || PQresultStatus(last) != PGRES_COMMAND_OK))
		result = pg_result_failed(ctx, to, last, "copy");
	PQclear(last);
	if (PQsetnonblocking(to->c, 1) != 0)
		to->lost = true;
	return result;
}
