// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Follows the changes that other processes make: reads the table again and again from half a minute
// back, because commits do not become visible in the order of their ids, and passes on what it has
// not seen. On SQLite a poll without any commit costs one pragma. Also throws old changes away.
#include "store/inside.h"
#include "store/store.sql.h"

#include <stdatomic.h>

#define POLL_LITE (500 * MS_SECOND / 1000)
#define POLL_PG (250 * MS_SECOND / 1000)
#define CAUGHT_UP_WITHIN MS_HOUR // who heard nothing for longer compares everything instead
#define PRUNE_EVERY (10 * MS_MINUTE)
#define AT_ONCE 1000
#define HEARD_WITHIN (5 * MS_SECOND)

struct tail {
	struct store *store;
	struct ctx ctx;
	pthread_t thread;
	struct lock lock; // guards stop
	struct waker waker;
	bool stop;
	struct map seen; // ids that were passed on
	ms read_until, next_prune, next_forget;
	struct lite_conn *watch; // SQLite: knows whether anything was committed
	int64_t version;
};

struct version_row {
	int64_t version;
};

// SQLite: whether nothing was committed since what was read last; and what is there now.
static bool nothing_new(struct tail *tail, int64_t *version)
{
	static const struct sql_field column = {"version", SQL_INT, false, 0};
	static const struct sql sql_version = {.name = "data_version",
		.sqlite = "PRAGMA data_version",
		.columns = &column,
		.n_columns = 1,
		.row_size = sizeof(struct version_row),
		.row_align = _Alignof(struct version_row)};
	struct version_row row = {0};
	struct sink sink = {.rows = (char *)&row};
	if (tail->store->postgres)
		return false;
	if (lite_run(&tail->ctx, tail->watch, &sql_version, NULL, &sink) != OK)
		return false;
	*version = row.version;
	return row.version == tail->version;
}

void store_doubts(struct store *store)
{
	atomic_store(&store->doubts_until, clock_steady() + CHANGES_LATE);
}

// Whose changes are not read.
static int64_t known_process(struct store *store)
{
	return clock_steady() < atomic_load(&store->doubts_until) ? -1 : store->process;
}

static err read_since(struct tail *tail, change_id since)
{
	struct store *store = tail->store;
	for (;;) {
		struct store_changes_since_row *rows;
		ptrdiff_t n;
		arena_reset(tail->ctx.mem);
		TRY(store_changes_since(
			&tail->ctx, since, known_process(store), AT_ONCE, &rows, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			since = rows[i].id;
			if (map_get(&tail->seen, (uint64_t)since.v, &(uint64_t){0}))
				continue;
			map_put(&tail->seen, (uint64_t)since.v, 1);
			struct change change = {.id = rows[i].id,
				.kind = change_kind_named(rows[i].kind),
				.subject = rows[i].subject,
				.actor = rows[i].actor,
				.extra = rows[i].extra,
				.again = known_process(store) != store->process};
			if (change.kind)
				store_tell(&tail->ctx, store, &change);
		}
		if (n < AT_ONCE)
			return OK;
	}
}

bool store_is_heard(struct store *store)
{
	int64_t heard = atomic_load(&store->heard);
	return !heard || clock_steady() - heard < HEARD_WITHIN;
}

static void forget(struct tail *tail, ms now)
{
	struct map kept = {0};
	uint64_t id, one;
	for (ptrdiff_t at = 0; map_next(&tail->seen, &at, &id, &one);)
		if (id_time((int64_t)id) > now - 4 * CHANGES_LATE)
			map_put(&kept, id, one);
	map_free(&tail->seen);
	tail->seen = kept;
}

static err prune(struct ctx *ctx, void *arg)
{
	int64_t gone;
	(void)arg;
	return store_changes_prune(ctx, (change_id){id_floor(ctx->now - CHANGES_KEPT)}, &gone);
}

static void poll_once(struct tail *tail)
{
	ms now = tail->ctx.now = clock_now();
	arena_reset(tail->ctx.mem);
	if (now - tail->read_until > CAUGHT_UP_WITHIN) {
		struct change lost = {.kind = &changes_lost};
		store_tell(&tail->ctx, tail->store, &lost);
		tail->read_until = now;
	}
	int64_t version = tail->version;
	if (nothing_new(tail, &version) ||
		read_since(tail, (change_id){id_floor(tail->read_until - CHANGES_LATE)}) == OK) {
		tail->version = version; // what could not be read is news the next time too
		tail->read_until = now;
		atomic_store(&tail->store->told, now);
		atomic_store(&tail->store->heard, clock_steady());
	}
	if (now >= tail->next_forget) {
		forget(tail, now);
		tail->next_forget = now + MS_MINUTE;
	}
	// What fails now is tried again with the next poll, and before the next write.
	if (atomic_load(&tail->store->node.until) && store_node_lease(&tail->ctx) != OK)
		arena_reset(tail->ctx.mem);
	if (now >= tail->next_prune) {
		// Nobody waits for it: what fails today is pruned in ten minutes.
		err result = store_write(&tail->ctx, prune, NULL);
		tail->next_prune = now + (result == OK ? PRUNE_EVERY : MS_MINUTE);
	}
	store_done(&tail->ctx);
}

static void *run(void *arg)
{
	struct tail *tail = arg;
	ms poll = tail->store->postgres ? POLL_PG : POLL_LITE;
	thread_is(THREAD_TIMER, "changes");
	lock_take(&tail->lock);
	while (!tail->stop) {
		lock_release(&tail->lock);
		poll_once(tail);
		lock_take(&tail->lock);
		if (!tail->stop)
			waker_wait_until(&tail->waker, &tail->lock, clock_steady() + poll);
	}
	lock_release(&tail->lock);
	return NULL;
}

err store_tail_start(struct ctx *ctx, struct store *store)
{
	must(!store->tail);
	struct tail *tail = mem_new(1, sizeof *tail);
	tail->store = store;
	tail->ctx = (struct ctx){.mem = arena_new(4096), .house = ctx->house};
	lock_init(&tail->lock);
	waker_init(&tail->waker);
	tail->read_until = clock_now();
	tail->next_prune = tail->read_until + MS_MINUTE;
	if (!store->postgres) {
		err result = lite_watch(ctx, store, &tail->watch);
		if (result != OK) {
			arena_free(tail->ctx.mem);
			mem_free(tail);
			return result;
		}
	}
	store->tail = tail;
	atomic_store(&store->heard, clock_steady());
	tail->thread = thread_start(run, tail);
	return OK;
}

void store_tail_stop(struct store *store)
{
	struct tail *tail = store->tail;
	if (!tail)
		return;
	lock_take(&tail->lock);
	tail->stop = true;
	lock_release(&tail->lock);
	waker_one(&tail->waker);
	pthread_join(tail->thread, NULL);
	if (tail->watch)
		lite_disconnect(tail->watch);
	map_free(&tail->seen);
	arena_free(tail->ctx.mem);
	mem_free(tail);
	store->tail = NULL;
}
