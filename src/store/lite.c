// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One SQLite connection: opening, running a statement, filling rows. Which connection runs what is
// decided in lite_pool.c, transactions in lite_group.c. Prepared statements are kept on the
// connection, the least recently used goes first.
#include "store/inside.h"

#include <sqlite3.h>
#include <string.h>
#include <time.h>

#define KEPT_MOST 160

struct kept {
	const char *text;
	sqlite3_stmt *stmt;
	int64_t used;
};

struct lite_conn {
	sqlite3 *db;
	ms busy;      // longest wait for a lock
	ms until;     // when the running statement gives up its wait; a reader's also its work
	bool hurries; // a reader's statement ends at `until`, come what may
	struct kept kept[KEPT_MOST];
	int n_kept;
	int64_t tick;
	struct map by_text; // its address -> index in kept
};

sqlite3 *lite_handle(struct lite_conn *conn)
{
	return conn->db;
}

bool lite_in_transaction(struct lite_conn *conn)
{
	return !sqlite3_get_autocommit(conn->db);
}

err lite_failed(struct ctx *ctx, sqlite3 *db, const char *what)
{
	int code = sqlite3_errcode(db) & 0xff;
	bool full = code == SQLITE_FULL ||
		    (code == SQLITE_IOERR && err_of_write(sqlite3_system_errno(db)) == ERR_FULL);
	err result = full                        ? ERR_FULL
		     : code == SQLITE_CONSTRAINT ? ERR_CONFLICT
		     : code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_CANTOPEN
			     ? ERR_UNAVAILABLE
		     : code == SQLITE_INTERRUPT ? ERR_TIMEOUT
						: ERR_DATABASE;
	return store_fail(ctx, result, what, sqlite3_errmsg(db));
}

err lite_script(struct ctx *ctx, struct lite_conn *conn, const char *sql)
{
	if (sqlite3_exec(conn->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return lite_failed(ctx, conn->db, "schema");
	return OK;
}

#define LISTENER_WAIT (100 * MS_SECOND / 1000) // a listener serves all the others too
#define CHECK_EVERY 20000                      // steps of SQLite's machine, some milliseconds

static void set_until(struct ctx *ctx, struct lite_conn *conn)
{
	ms now = clock_steady();
	conn->until = now + conn->busy;
	if (ctx->deadline)
		conn->until = MIN(conn->until, ctx->deadline);
	if (thread_kind() == THREAD_LISTENER)
		conn->until = MIN(conn->until, now + LISTENER_WAIT);
}

static int wait_for_lock(void *arg, int tries)
{
	const struct lite_conn *conn = arg;
	ms pause = MIN(1 + tries, 25);
	if (clock_steady() + pause >= conn->until)
		return 0;
	nanosleep(&(struct timespec){0, pause * 1000000}, NULL);
	return 1;
}

static int is_late(void *arg)
{
	const struct lite_conn *conn = arg;
	return conn->hurries && clock_steady() >= conn->until;
}

// Memory is kept small on purpose: the file's pages are shared through mmap, so a big page cache of
// our own would only hold them twice.
static err configure(struct ctx *ctx, struct lite_conn *conn, enum lite_use use, ms busy)
{
	static const char *const pragmas[] = {
		[LITE_READ] = "PRAGMA query_only=1; PRAGMA cache_size=-512;",
		[LITE_WRITE] =
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-1024;"
			"PRAGMA journal_size_limit=16777216;",
		[LITE_FILE] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA "
			      "cache_size=-2048;",
	};
	conn->busy = busy;
	conn->until = clock_steady() + busy;
	sqlite3_busy_handler(conn->db, wait_for_lock, conn);
	// Not the writer: an interrupted statement takes the whole group's transaction with it.
	if (use == LITE_READ)
		sqlite3_progress_handler(conn->db, CHECK_EVERY, is_late, conn);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 512, 48);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	TRY(lite_script(ctx, conn,
		"PRAGMA foreign_keys=0; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=67108864;"
		"PRAGMA case_sensitive_like=1; PRAGMA trusted_schema=0;"));
	return lite_script(ctx, conn, pragmas[use]);
}

err lite_connect(
	struct ctx *ctx, const char *path, enum lite_use use, ms busy, struct lite_conn **out)
{
	struct lite_conn *conn = mem_new(1, sizeof *conn);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (use != LITE_READ)
		flags |= SQLITE_OPEN_CREATE;
	err result = OK;
	if (sqlite3_open_v2(path, &conn->db, flags, NULL) != SQLITE_OK)
		result = lite_failed(ctx, conn->db, path);
	if (result == OK)
		result = configure(ctx, conn, use, busy);
	if (result != OK) {
		lite_disconnect(conn);
		return result;
	}
	*out = conn;
	return OK;
}

void lite_disconnect(struct lite_conn *conn)
{
	for (int i = 0; i < conn->n_kept; i++)
		sqlite3_finalize(conn->kept[i].stmt);
	map_free(&conn->by_text);
	must(sqlite3_close(conn->db) == SQLITE_OK);
	mem_free(conn);
}

static sqlite3_stmt *prepared(struct lite_conn *conn, const char *text)
{
	uint64_t at;
	conn->tick++;
	if (map_get(&conn->by_text, (uintptr_t)text, &at)) {
		conn->kept[at].used = conn->tick;
		return conn->kept[at].stmt;
	}
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v3(conn->db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
		SQLITE_OK)
		return NULL;
	int slot = conn->n_kept;
	if (slot == KEPT_MOST) {
		slot = 0;
		for (int i = 1; i < KEPT_MOST; i++)
			if (conn->kept[i].used < conn->kept[slot].used)
				slot = i;
		sqlite3_finalize(conn->kept[slot].stmt);
		map_del(&conn->by_text, (uintptr_t)conn->kept[slot].text);
	} else {
		conn->n_kept++;
	}
	conn->kept[slot] = (struct kept){text, stmt, conn->tick};
	map_put(&conn->by_text, (uintptr_t)text, (uint64_t)slot);
	return stmt;
}

static bool is_list(enum sql_kind kind)
{
	return kind == SQL_INTS || kind == SQL_STRS;
}

static const char *text_for(const struct sql *sql, const struct sql_value *values)
{
	if (!sql->sqlite_single)
		return sql->sqlite;
	for (int i = 0; i < sql->n_params; i++)
		if (is_list(sql->params[i].kind) && values[i].list.n != 1)
			return sql->sqlite;
	return sql->sqlite_single;
}

static int bind_text(sqlite3_stmt *stmt, int at, str text)
{
	return sqlite3_bind_text64(
		stmt, at, text.n ? text.p : "", (sqlite3_uint64)text.n, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_single(sqlite3_stmt *stmt, int at, enum sql_kind kind, struct sql_list list)
{
	if (kind == SQL_INTS)
		return sqlite3_bind_int64(stmt, at, *(const int64_t *)list.at);
	return bind_text(stmt, at, *(const str *)list.at);
}

// A longer list goes in as JSON; json_each takes it apart again.
static str list_text(struct ctx *ctx, enum sql_kind kind, struct sql_list list)
{
	struct sb sb = sb_new(ctx->mem, 2 + list.n * 20);
	sb_char(&sb, '[');
	for (ptrdiff_t i = 0; i < list.n; i++) {
		if (i)
			sb_char(&sb, ',');
		if (kind == SQL_INTS) {
			sb_int(&sb, ((const int64_t *)list.at)[i]);
			continue;
		}
		str s = ((const str *)list.at)[i];
		sb_char(&sb, '"');
		for (ptrdiff_t k = 0; k < s.n; k++) {
			unsigned char c = (unsigned char)s.p[k];
			if (c == '"' || c == '\\')
				sb_char(&sb, '\\');
			if (c < 0x20)
				sb_fmt(&sb, "\\u%04x", c);
			else
				sb_char(&sb, (char)c);
		}
		sb_char(&sb, '"');
	}
	sb_char(&sb, ']');
	return sb_str(&sb);
}

static int bind_one(struct ctx *ctx, sqlite3_stmt *stmt, int at, enum sql_kind kind,
	const struct sql_value *value, bool single)
{
	if (value->null)
		return sqlite3_bind_null(stmt, at);
	switch (kind) {
	case SQL_INT:
	case SQL_BOOL:
	case SQL_OPT_INT:
		return sqlite3_bind_int64(stmt, at, value->i);
	case SQL_REAL:
	case SQL_OPT_REAL:
		return sqlite3_bind_double(stmt, at, value->r);
	case SQL_BYTES:
		if (value->s.n == 0)
			return sqlite3_bind_zeroblob(stmt, at, 0);
		return sqlite3_bind_blob64(
			stmt, at, value->s.p, (sqlite3_uint64)value->s.n, SQLITE_STATIC);
	case SQL_INTS:
	case SQL_STRS:
		return single ? bind_single(stmt, at, kind, value->list)
			      : bind_text(stmt, at, list_text(ctx, kind, value->list));
	default:
		return bind_text(stmt, at, value->s);
	}
}

static bool fits(enum sql_kind kind, int type)
{
	switch (kind) {
	case SQL_REAL:
	case SQL_OPT_REAL:
		return type == SQLITE_FLOAT || type == SQLITE_INTEGER;
	case SQL_BYTES:
		return type == SQLITE_BLOB;
	case SQL_STR:
	case SQL_LANG:
		return type == SQLITE_TEXT;
	default:
		return type == SQLITE_INTEGER;
	}
}

static str text_of(sqlite3_value *value)
{
	const void *bytes = sqlite3_value_blob(value); // before its length: the documented order
	return (str){bytes, sqlite3_value_bytes(value)};
}

// A column's value is used directly: in SQLITE_CONFIG_MULTITHREAD none needs protection.
static bool read_column(
	struct ctx *ctx, sqlite3_stmt *stmt, int at, const struct sql_field *field, char *row)
{
	char *to = row + field->offset;
	sqlite3_value *value = sqlite3_column_value(stmt, at);
	int type = sqlite3_value_type(value);
	if (type == SQLITE_NULL)
		return field->null || field->kind == SQL_OPT_INT || field->kind == SQL_OPT_REAL;
	if (!fits(field->kind, type))
		return false;
	switch (field->kind) {
	case SQL_INT:
		memcpy(to, &(int64_t){sqlite3_value_int64(value)}, sizeof(int64_t));
		return true;
	case SQL_BOOL:
		*(bool *)to = sqlite3_value_int64(value) != 0;
		return true;
	case SQL_OPT_INT:
		memcpy(to, &(opt_int){sqlite3_value_int64(value), true}, sizeof(opt_int));
		return true;
	case SQL_REAL:
		memcpy(to, &(double){sqlite3_value_double(value)}, sizeof(double));
		return true;
	case SQL_OPT_REAL:
		memcpy(to, &(opt_real){sqlite3_value_double(value), true}, sizeof(opt_real));
		return true;
	case SQL_LANG: {
		lang tag = lang_from(text_of(value));
		memcpy(to, &tag, sizeof tag);
		return true;
	}
	default: {
		str s = str_copy(ctx->mem, text_of(value));
		memcpy(to, &s, sizeof s);
		return true;
	}
	}
}

static err read_row(struct ctx *ctx, sqlite3_stmt *stmt, const struct sql *sql, struct sink *sink)
{
	char *row = sink_row(ctx, sql, sink);
	for (int i = 0; i < sql->n_columns; i++)
		if (!read_column(ctx, stmt, i, &sql->columns[i], row))
			return fail_s(ctx, ERR_DATABASE, sql->name, 0,
				str_fmt(ctx->mem, "column %s has another type or is NULL",
					sql->columns[i].name));
	return OK;
}

static err step_all(struct ctx *ctx, struct lite_conn *conn, sqlite3_stmt *stmt,
	const struct sql *sql, struct sink *sink)
{
	for (;;) {
		int rc = sqlite3_step(stmt);
		if (rc == SQLITE_DONE)
			break;
		if (rc != SQLITE_ROW)
			return lite_failed(ctx, conn->db, sql->name);
		if (sql->n_columns && (sink->many || !sink->found))
			TRY(read_row(ctx, stmt, sql, sink));
		// The rest of a write with RETURNING must still happen.
		if (!sink->many && !sql->writes)
			break;
	}
	sink->changed = sqlite3_changes64(conn->db);
	return OK;
}

err lite_run(struct ctx *ctx, struct lite_conn *conn, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	set_until(ctx, conn);
	// Work of the house may take its time; a request may not.
	conn->hurries = ctx->deadline != 0;
	const char *text = text_for(sql, values);
	sqlite3_stmt *stmt = prepared(conn, text);
	if (!stmt)
		return lite_failed(ctx, conn->db, sql->name);
	err result = OK;
	for (int i = 0; i < sql->n_params && result == OK; i++)
		if (bind_one(ctx, stmt, i + 1, sql->params[i].kind, &values[i],
			    text == sql->sqlite_single) != SQLITE_OK)
			result = lite_failed(ctx, conn->db, sql->name);
	if (result == OK)
		result = step_all(ctx, conn, stmt, sql, sink);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return result;
}
