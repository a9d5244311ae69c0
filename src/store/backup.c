// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Copies of the whole database. A copy is always one SQLite file, from either database, so that a
// backup can be looked into anywhere and a community can move from one database to the other. It is
// written beside its place, synced and renamed: a file under the final name is whole.
#include "store/copy.h"
#include "store/lite.h"
#include "store/pg.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAGES_AT_ONCE 256

static err io_failed(struct ctx *ctx, const char *what)
{
	return store_fail(ctx, ERR_IO, what, strerror(errno));
}

// Copies pages. The source holds a read transaction: writers elsewhere do not make it begin again.
static err copy_pages(
	struct ctx *ctx, struct lite_conn *from, struct lite_conn *to, struct meter *meter)
{
	sqlite3_backup *backup =
		sqlite3_backup_init(lite_handle(to), "main", lite_handle(from), "main");
	if (!backup)
		return lite_failed(ctx, lite_handle(to), "backup");
	int rc;
	bool go_on = true;
	do {
		rc = sqlite3_backup_step(backup, PAGES_AT_ONCE);
		int total = sqlite3_backup_pagecount(backup);
		if (meter->fn)
			go_on = meter->fn(
				total - sqlite3_backup_remaining(backup), total, meter->arg);
		if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
			nanosleep(&(struct timespec){0, 5000000}, NULL);
	} while (go_on && (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED));
	bool finished = sqlite3_backup_finish(backup) == SQLITE_OK;
	if (!go_on)
		return copy_stopped(ctx);
	if (!finished || rc != SQLITE_DONE)
		return lite_failed(ctx, lite_handle(to), "backup");
	return lite_script(ctx, to, "PRAGMA journal_mode=DELETE");
}

static err backup_lite(
	struct ctx *ctx, struct store *store, struct lite_conn *to, struct meter *meter)
{
	struct lite_conn *from;
	TRY(lite_watch(ctx, store, &from));
	err result = lite_script(ctx, from, "BEGIN; SELECT COUNT(*) FROM schema_step;");
	if (result == OK)
		result = copy_pages(ctx, from, to, meter);
	lite_disconnect(from);
	return result;
}

static err backup_pg_tables(
	struct ctx *ctx, struct pg_conn *from, struct lite_conn *to, struct meter *meter)
{
	struct copy_tables tables;
	struct sink none = {0};
	TRY(copy_tables_of(ctx, to, &tables));
	TRY(pg_run(ctx, from, &sql_begin_read, NULL, &none));
	TRY(pg_unhurried(ctx, from));
	TRY(lite_script(ctx, to, "BEGIN IMMEDIATE"));
	list_each (table, &tables.list)
		TRY(copy_pg_to_file(ctx, from, to, table, meter));
	TRY(lite_script(ctx, to, "COMMIT"));
	return pg_run(ctx, from, &sql_rollback, NULL, &none);
}

static err backup_pg(
	struct ctx *ctx, struct store *store, struct lite_conn *to, struct meter *meter)
{
	struct store as_lite = {.steps = store->steps, .n_steps = store->n_steps};
	struct pg_conn *from;
	TRY(lite_schema(ctx, &as_lite, to));
	TRY(pg_conn_take(ctx, store, PG_READ, &from));
	err result = backup_pg_tables(ctx, from, to, meter);
	pg_conn_give(store, from); // with its transaction still open it is closed
	return result;
}

static err sync_file(struct ctx *ctx, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return io_failed(ctx, path);
	int failed = fsync(fd);
	close(fd);
	return failed ? io_failed(ctx, path) : OK;
}

static err put_in_place(struct ctx *ctx, const char *part, str path)
{
	const char *to = str_z(ctx->mem, path);
	ptrdiff_t slash = path.n;
	while (slash > 0 && path.p[slash - 1] != '/')
		slash--;
	TRY(sync_file(ctx, part, O_RDONLY));
	if (rename(part, to) != 0)
		return io_failed(ctx, to);
	return sync_file(ctx, slash ? str_z(ctx->mem, str_sub(path, 0, slash)) : ".",
		O_RDONLY | O_DIRECTORY);
}

static err remove_file(struct ctx *ctx, const char *path)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return io_failed(ctx, path);
	return OK;
}

err store_backup(struct ctx *ctx, str to_path, store_progress progress, void *arg)
{
	struct store *store = ctx->house->store;
	struct meter meter = {.fn = progress, .arg = arg};
	struct lite_conn *to;
	const char *part = str_z(ctx->mem, str_fmt(ctx->mem, "%.*s.part", STR_ARGS(to_path)));
	thread_must_be(THREAD_MAIN | THREAD_RUNNER);
	must(!ctx->db);
	TRY(remove_file(ctx, part));
	TRY(lite_connect(ctx, part, LITE_FILE, store->busy, &to));
	err result = store->postgres ? backup_pg(ctx, store, to, &meter)
				     : backup_lite(ctx, store, to, &meter);
	lite_disconnect(to);
	if (result == OK)
		result = put_in_place(ctx, part, to_path);
	if (result != OK) {
		struct problem problem = ctx->problem;
		if (remove_file(ctx, part) == OK)
			ctx->problem = problem;
	}
	return result;
}

// --- restore -----------------------------------------------------------------------------------

static err check_whole(struct ctx *ctx, struct lite_conn *file)
{
	sqlite3_stmt *stmt;
	bool whole = false;
	if (sqlite3_prepare_v2(lite_handle(file), "PRAGMA quick_check(1)", -1, &stmt, NULL) ==
		SQLITE_OK) {
		if (sqlite3_step(stmt) == SQLITE_ROW)
			whole = strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
		sqlite3_finalize(stmt);
	}
	return whole ? OK : fail_s(ctx, ERR_INVALID, "backup", 0, S("the file is damaged"));
}

static bool belongs_to_start(str table) // has rows on a server that never had a member
{
	return str_eq(table, S("node")) || str_eq(table, S("job")) || str_eq(table, S("setting"));
}

struct restoring {
	struct lite_conn *file;
	struct copy_tables tables;
	struct meter meter;
};

static err make_room(struct ctx *ctx, const struct copy_table *table)
{
	const char *name = str_z(ctx->mem, table->name);
	if (belongs_to_start(table->name)) {
		const char *sql = str_z(ctx->mem, str_fmt(ctx->mem, "DELETE FROM %s", name));
		return ctx->db->pg ? pg_script(ctx, ctx->db->pg, sql)
				   : lite_script(ctx, ctx->db->lite, sql);
	}
	bool has_rows = false;
	TRY(copy_has_rows(ctx, ctx->db, table, &has_rows));
	if (has_rows)
		return fail_s(ctx, ERR_CONFLICT, "restore", 0,
			str_fmt(ctx->mem, "the database is in use: %s has rows", name));
	return OK;
}

static err restore_tables(struct ctx *ctx, void *arg)
{
	struct restoring *r = arg;
	r->meter.done = 0;
	if (ctx->db->pg)
		TRY(pg_unhurried(ctx, ctx->db->pg));
	list_each (table, &r->tables.list)
		TRY(make_room(ctx, table));
	list_each (table, &r->tables.list) {
		if (ctx->db->pg)
			TRY(copy_file_to_pg(ctx, r->file, ctx->db->pg, table, &r->meter));
		else
			TRY(copy_file_to_lite(ctx, r->file, ctx->db->lite, table, &r->meter));
	}
	change_add(ctx, &changes_lost, 0, 0, 0);
	return OK;
}

// The file's own schema may be older: a copy of it is brought up to date, never the file itself.
static err open_copy(struct ctx *ctx, struct store *store, const char *from, const char *part,
	struct lite_conn **out)
{
	struct store as_lite = {.steps = store->steps, .n_steps = store->n_steps};
	struct lite_conn *source, *copy;
	struct meter quiet = {0};
	if (access(from, R_OK) != 0)
		return io_failed(ctx, from);
	TRY(remove_file(ctx, part));
	err result = lite_connect(ctx, from, LITE_READ, store->busy, &source);
	if (result == ERR_DATABASE) // not a database at all
		return fail_s(ctx, ERR_INVALID, "backup", 0, ctx->problem.text);
	TRY(result);
	result = check_whole(ctx, source);
	if (result != OK) {
		lite_disconnect(source);
		return result;
	}
	result = lite_connect(ctx, part, LITE_FILE, store->busy, &copy);
	if (result != OK) {
		lite_disconnect(source);
		return result;
	}
	result = copy_pages(ctx, source, copy, &quiet);
	lite_disconnect(source);
	if (result == OK)
		result = lite_schema(ctx, &as_lite, copy);
	if (result != OK) {
		lite_disconnect(copy);
		return result;
	}
	*out = copy;
	return OK;
}

err store_restore(struct ctx *ctx, str from_path, store_progress progress, void *arg)
{
	struct store *store = ctx->house->store;
	struct restoring r = {.meter = {.fn = progress, .arg = arg}};
	const char *part = str_z(ctx->mem, str_fmt(ctx->mem, "%.*s.part", STR_ARGS(from_path)));
	thread_must_be(THREAD_MAIN | THREAD_RUNNER);
	err result = open_copy(ctx, store, str_z(ctx->mem, from_path), part, &r.file);
	if (result == OK) {
		result = copy_tables_of(ctx, r.file, &r.tables);
		r.meter.total = r.tables.rows;
		if (result == OK)
			result = store_write(ctx, restore_tables, &r);
		lite_disconnect(r.file);
	}
	struct problem problem = ctx->problem;
	if (remove_file(ctx, part) == OK)
		ctx->problem = problem;
	return result;
}
