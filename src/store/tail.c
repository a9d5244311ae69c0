// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Follows the changes that other processes make. It has a connection of its own, so that it neither
// waits for those who serve nor fails with them, and never waits for long: how long ago it last knew
// everything is what all that is kept in memory is trusted by. On SQLite a poll without any commit
// costs one pragma. A second thread does what must be done from time to time, and may wait.
#include "store/lite.h"
#include "store/pg.h"
#include "store/store.sql.h"

#include <stdatomic.h>

#define POLL_LITE (500 * MS_SECOND / 1000)
#define POLL_PG (250 * MS_SECOND / 1000)
#define PATIENCE (2 * MS_SECOND) // for one statement, or a connection
#define HEARD_WITHIN (5 * MS_SECOND)
#define LOST_PAUSE (5 * MS_SECOND)
#define CHORES_EVERY MS_SECOND
#define PRUNE_EVERY (10 * MS_MINUTE)
#define PRUNED_AT_ONCE 2000
#define NONE (-1)

struct helper { // a thread of the tail
	pthread_t thread;
	struct ctx ctx;
	struct lock lock; // guards stop
	struct waker waker;
	bool stop;
};

struct tail {
	struct store *store;
	struct helper follower, chores;
	struct ctx reading; // its db is the follower's own connection
	struct db db;
	int64_t version; // SQLite: of what was read last; NONE: nothing
	bool torn;       // reading ended when some of it had been told
	ms next_lost;    // what cannot be taken in now is not told without end
	ms next_prune;
};

// --- the connection --------------------------------------------------------------------------------

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
	if (lite_run(&tail->reading, tail->db.lite, &sql_version, NULL, &sink) != OK)
		return false;
	*version = row.version;
	return row.version == tail->version;
}

// What listeners read has the store's patience, for all of a page.
static void begin_telling(struct tail *tail)
{
	tail->follower.ctx.deadline = clock_steady() + tail->store->busy;
}

static void tell_lost(struct tail *tail)
{
	struct change lost = {.kind = &changes_lost};
	begin_telling(tail);
	tail->next_lost = clock_steady() + LOST_PAUSE;
	store_tell(&tail->follower.ctx, tail->store, TELL_OTHERS, &lost);
}

static void keep_place(struct store *store, const struct place *p)
{
	struct place kept = place_copy(NULL, p);
	lock_take(&store->heard.lock);
	list_free(&store->heard.place.awaited);
	store->heard.place = kept;
	lock_release(&store->heard.lock);
}

// The database that is there now need not be the one that was.
static err recognise(struct tail *tail)
{
	struct store *store = tail->store;
	struct place now;
	str history;
	TRY(place_history(&tail->reading, store, &history));
	if (str_eq(history, store->heard.history))
		return OK;
	TRY(place_now(&tail->reading, store, &now));
	keep_place(store, &now);
	lock_take(&store->heard.lock);
	str_drop(store->heard.history);
	store->heard.history = str_keep(history);
	lock_release(&store->heard.lock);
	tell_lost(tail);
	return OK;
}

static void disconnect(struct tail *tail)
{
	if (tail->db.pg)
		pg_disconnect(tail->db.pg);
	if (tail->db.lite)
		lite_disconnect(tail->db.lite);
	tail->db.pg = NULL;
	tail->db.lite = NULL;
	tail->version = NONE;
}

static err connect(struct tail *tail)
{
	struct store *store = tail->store;
	struct ctx *ctx = &tail->reading;
	tail->db.failed = OK;
	ctx->deadline = clock_steady() + PATIENCE;
	if (tail->db.pg || tail->db.lite)
		return OK;
	if (!store->postgres)
		return lite_watch(ctx, store, &tail->db.lite);
	TRY(pg_connect(ctx, store->pg->address, PATIENCE, ctx->deadline, &tail->db.pg));
	return recognise(tail);
}

// --- following ---------------------------------------------------------------------------------------

static void tell_all(struct tail *tail, const struct said *rows, ptrdiff_t n, bool late, ms now)
{
	struct ctx *ctx = &tail->follower.ctx;
	begin_telling(tail);
	tail->torn |= n > 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		struct change change = change_said(&rows[i]);
		change.late = late;
		if (change.kind)
			store_tell(ctx, tail->store, TELL_OTHERS, &change);
	}
	if (n)
		atomic_store(&tail->store->heard.delay, MAX(0, now - rows[n - 1].at));
}

static err follow_to(struct tail *tail, const struct place *now)
{
	struct store *store = tail->store;
	struct said *rows;
	ptrdiff_t n = PLACE_PAGE;
	bool late = tail->torn; // some of it was told then
	for (int64_t after = -1; n == PLACE_PAGE;) {
		struct arena *mem = arena_new(16 << 10);
		struct ctx page = tail->reading;
		page.mem = mem;
		page.deadline = clock_steady() + PATIENCE;
		err read = place_page(
			&page, store, &store->heard.place, now, store->process, after, &rows, &n);
		if (read == OK) {
			tell_all(tail, rows, n, late, now->at);
			after = n ? rows[n - 1].turn : after;
		}
		arena_free(mem);
		TRY(read);
	}
	return OK;
}

// Own transactions of which nobody knew whether they were committed, and that have ended by now: what is
// in the table happened. What came after it has been told already.
static err settle_doubts(struct tail *tail, const struct place *now)
{
	struct store *store = tail->store;
	LIST(int64_t) ended = {0};
	struct said *rows;
	ptrdiff_t n, kept = 0;
	lock_take(&store->heard.lock);
	list_each (work, &store->heard.doubts)
		if (place_shows(now, *work))
			list_push(tail->reading.mem, &ended, *work);
	lock_release(&store->heard.lock);
	if (!ended.n)
		return OK;
	TRY(changes_of_work(&tail->reading, ended.at, ended.n, &rows, &n));
	tell_all(tail, rows, n, true, now->at);
	lock_take(&store->heard.lock);
	list_each (work, &store->heard.doubts)
		if (!place_shows(now, *work))
			store->heard.doubts.at[kept++] = *work;
	store->heard.doubts.n = kept;
	lock_release(&store->heard.lock);
	return OK;
}

// Whether what came since the last time is all there still.
static err has_missed(struct tail *tail, const struct place *now, bool *missed)
{
	const struct place *last = &tail->store->heard.place;
	bool all = true;
	if (now->at - last->at > CHANGES_KEPT / 2)
		TRY(place_is_whole(&tail->reading, tail->store, last->oldest, last->at, &all));
	*missed = !all || now->end < last->end;
	if (clock_steady() < tail->next_lost)
		return OK;
	lock_take(&tail->store->heard.lock);
	*missed |= tail->store->heard.missed;
	tail->store->heard.missed = false;
	lock_release(&tail->store->heard.lock);
	return OK;
}

static err follow(struct tail *tail)
{
	struct store *store = tail->store;
	struct place now;
	bool missed;
	int64_t told = atomic_load(&store->told.own);
	TRY(place_now(&tail->reading, store, &now));
	TRY(has_missed(tail, &now, &missed));
	if (missed)
		tell_lost(tail);
	else if (!place_is(&now, &store->heard.place))
		TRY(follow_to(tail, &now));
	TRY(settle_doubts(tail, &now));
	keep_place(store, &now);
	store->told.own_then = told;
	tail->torn = false;
	return OK;
}

static void poll_once(struct tail *tail)
{
	ms began = clock_boot();
	int64_t version = NONE;
	arena_reset(tail->follower.ctx.mem);
	arena_reset(tail->reading.mem);
	tail->follower.ctx.now = tail->reading.now = clock_now();
	err followed = connect(tail);
	if (followed == OK && !nothing_new(tail, &version))
		followed = follow(tail);
	store_done(&tail->follower.ctx);
	if (followed == OK) {
		tail->version = version; // what could not be read is news the next time too
		atomic_store(&tail->store->heard.since, began);
	} else if (!tail->db.pg || tail->db.pg->lost) {
		disconnect(tail);
	}
}

ms store_unheard(struct store *store)
{
	int64_t since = atomic_load_explicit(&store->heard.since, memory_order_acquire);
	return since ? clock_boot() - since : 0;
}

bool store_is_heard(struct store *store)
{
	return store_unheard(store) < HEARD_WITHIN;
}

ms store_delay(struct store *store)
{
	return atomic_load(&store->heard.delay);
}

// --- chores ------------------------------------------------------------------------------------------

struct pruning {
	struct store *store;
	int64_t gone;
};

static err prune_some(struct ctx *ctx, void *arg)
{
	struct pruning *p = arg;
	int64_t strange;
	if (p->store->postgres)
		TRY(changes_drop_strange(ctx, &strange));
	if (p->store->postgres)
		return changes_prune_on_pg(ctx, CHANGES_KEPT, PRUNED_AT_ONCE, &p->gone);
	return changes_prune(ctx, clock_now() - CHANGES_KEPT, PRUNED_AT_ONCE, &p->gone);
}

// In steps, so that others can write in between. On PostgreSQL each is a transaction of its own that is
// not serialisable: it reads what everybody adds to.
static err prune(struct tail *tail)
{
	struct pruning p = {.store = tail->store, .gone = PRUNED_AT_ONCE};
	struct ctx *ctx = &tail->chores.ctx;
	while (p.gone >= PRUNED_AT_ONCE - 1) {
		arena_reset(ctx->mem);
		TRY(p.store->postgres ? pg_each(ctx, p.store, PG_WRITE, prune_some, &p)
				      : store_write(ctx, prune_some, &p));
	}
	return OK;
}

// What fails now is tried again before the next write, or in a minute.
static void do_chores(struct tail *tail)
{
	struct ctx *ctx = &tail->chores.ctx;
	ms now = clock_steady();
	ctx->now = clock_now();
	if (atomic_load(&tail->store->node.until) && store_node_lease(ctx) != OK)
		arena_reset(ctx->mem);
	if (now >= tail->next_prune)
		tail->next_prune = now + (prune(tail) == OK ? PRUNE_EVERY : MS_MINUTE);
	store_done(ctx);
}

// --- the two threads -----------------------------------------------------------------------------------

static void repeat(struct tail *tail, struct helper *h, void (*turn)(struct tail *), ms pause)
{
	lock_take(&h->lock);
	while (!h->stop) {
		lock_release(&h->lock);
		turn(tail);
		lock_take(&h->lock);
		if (!h->stop)
			waker_wait_until(&h->waker, &h->lock, clock_steady() + pause);
	}
	lock_release(&h->lock);
}

static void *run_follower(void *arg)
{
	struct tail *tail = arg;
	thread_is(THREAD_TIMER, "changes");
	repeat(tail, &tail->follower, poll_once, tail->store->postgres ? POLL_PG : POLL_LITE);
	return NULL;
}

static void *run_chores(void *arg)
{
	struct tail *tail = arg;
	thread_is(THREAD_TIMER, "chores");
	repeat(tail, &tail->chores, do_chores, CHORES_EVERY);
	return NULL;
}

static void helper_init(struct helper *h, struct house *house)
{
	h->ctx = (struct ctx){.mem = arena_new(4096), .house = house};
	lock_init(&h->lock);
	waker_init(&h->waker);
}

static void helper_stop(struct helper *h)
{
	lock_take(&h->lock);
	h->stop = true;
	lock_release(&h->lock);
	waker_one(&h->waker);
	pthread_join(h->thread, NULL);
	arena_free(h->ctx.mem);
}

void store_tail_start(struct ctx *ctx, struct store *store)
{
	must(!store->tail);
	struct tail *tail = mem_new(1, sizeof *tail);
	tail->store = store;
	tail->db.store = store;
	tail->version = NONE;
	helper_init(&tail->follower, ctx->house);
	helper_init(&tail->chores, ctx->house);
	tail->reading = (struct ctx){.mem = arena_new(4096), .house = ctx->house, .db = &tail->db};
	store->tail = tail;
	atomic_store(&store->heard.since, clock_boot());
	tail->follower.thread = thread_start(run_follower, tail);
	tail->chores.thread = thread_start(run_chores, tail);
}

void store_tail_stop(struct store *store)
{
	struct tail *tail = store->tail;
	if (!tail)
		return;
	helper_stop(&tail->follower);
	helper_stop(&tail->chores);
	atomic_store(&store->heard.since, 0);
	disconnect(tail);
	arena_free(tail->reading.mem);
	mem_free(tail);
	store->tail = NULL;
}
