// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SQLite: the file, its reader connections and its one writer. A read takes the connection that was
// given back last for the length of one statement: as many are opened as really read at once, and
// the warm one serves nearly all. Transactions go through lite_group.c.
#include "store/lite.h"
#include "store/store.sql.h"

#include <sqlite3.h>

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void library_setup(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	must(sqlite3_initialize() == SQLITE_OK);
}

static err schema_run(struct ctx *ctx, void *on, const char *sql)
{
	return lite_script(ctx, on, sql);
}

static err schema_recorded(struct ctx *ctx, void *on, struct store_step **steps, ptrdiff_t *n)
{
	struct db db = {.lite = on};
	ctx->db = &db;
	err result = store_steps(ctx, steps, n);
	ctx->db = NULL;
	return result;
}

static err schema_record(struct ctx *ctx, void *on, const struct schema_step *step)
{
	struct db db = {.lite = on};
	ctx->db = &db;
	err result = store_step_add(
		ctx, step->number, str_from(step->name), str_from(step->hash), clock_now());
	ctx->db = NULL;
	return result;
}

err lite_schema(struct ctx *ctx, struct store *store, struct lite_conn *conn)
{
	const struct schema_engine engine = {conn, schema_run, schema_recorded, schema_record};
	return schema_apply(ctx, store, &engine);
}

err lite_open(struct ctx *ctx, struct store *store, str path)
{
	pthread_once(&library_once, library_setup);
	struct lite *lite = store->lite = mem_new(1, sizeof *lite);
	lock_init(&lite->lock);
	waker_init(&lite->freed);
	lock_init(&lite->group.lock);
	lite->path = mem_new(path.n + 1, 1);
	for (ptrdiff_t i = 0; i < path.n; i++)
		lite->path[i] = path.p[i];
	lite->max = MIN(store->readers, READERS_MOST);
	TRY(lite_connect(ctx, lite->path, LITE_WRITE, store->busy, &lite->writer));
	return lite_schema(ctx, store, lite->writer);
}

void lite_close(struct store *store)
{
	struct lite *lite = store->lite;
	lock_take(&lite->lock);
	must(lite->n_idle == lite->n_open);
	for (int i = 0; i < lite->n_idle; i++)
		lite_disconnect(lite->idle[i]);
	lock_release(&lite->lock);
	if (lite->writer)
		lite_disconnect(lite->writer); // last: folds the log back into the file
	mem_free(lite->path);
	mem_free(lite);
	store->lite = NULL;
}

err lite_reader_take(struct ctx *ctx, struct store *store, struct lite_conn **out)
{
	struct lite *lite = store->lite;
	struct lite_conn *conn = NULL;
	ms deadline = 0;
	lock_take(&lite->lock);
	while (!lite->n_idle && lite->n_open == lite->max) {
		if (!deadline)
			deadline = store_until(ctx, store);
		if (!waker_wait_until(&lite->freed, &lite->lock, deadline)) {
			lock_release(&lite->lock);
			return store_fail(ctx, ERR_UNAVAILABLE, "readers", "all are busy");
		}
	}
	if (lite->n_idle)
		conn = lite->idle[--lite->n_idle];
	else
		lite->n_open++;
	lock_release(&lite->lock);
	err result = OK;
	if (!conn)
		result = lite_connect(ctx, lite->path, LITE_READ, store->busy, &conn);
	if (result != OK) {
		lock_take(&lite->lock);
		lite->n_open--;
		lock_release(&lite->lock);
		return result;
	}
	*out = conn;
	return OK;
}

void lite_reader_give(struct store *store, struct lite_conn *conn)
{
	struct lite *lite = store->lite;
	lock_take(&lite->lock);
	lite->idle[lite->n_idle++] = conn;
	lock_release(&lite->lock);
	waker_one(&lite->freed);
}

err lite_read(struct ctx *ctx, struct store *store, const struct sql *sql,
	const struct sql_value *values, struct sink *sink)
{
	struct lite_conn *conn;
	TRY(lite_reader_take(ctx, store, &conn));
	err result = lite_run(ctx, conn, sql, values, sink);
	lite_reader_give(store, conn);
	return result;
}

err lite_each(struct ctx *ctx, struct store *store, store_body body, void *arg)
{
	struct db db = {.store = store};
	TRY(lite_reader_take(ctx, store, &db.lite));
	ctx->db = &db;
	err result = body(ctx, arg);
	ctx->db = NULL;
	lite_reader_give(store, db.lite);
	return result;
}

err lite_watch(struct ctx *ctx, struct store *store, struct lite_conn **out)
{
	return lite_connect(ctx, store->lite->path, LITE_READ, store->busy, out);
}
