// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The feed's life: the newest notes are loaded before serving begins, the rest by a thread, from the
// file or from the database. It then keeps making explore's order anew while the world changes, and
// the file now and then.
#include "feed/checkpoint.h"

#include "accounts/accounts.h"
#include "disk/disk.h"

#include <errno.h>
#include <string.h>

#define FIRST_PAGE 400
#define REBUILD_AFTER 150 // ms: the program starts and answers first
#define REBUILD_PAGE 4000
#define SNAPSHOT_EVERY MS_SECOND      // at most this often when things change
#define SNAPSHOT_IDLE (5 * MS_MINUTE) // time passes also when nothing happens
#define KEEP_EVERY (10 * MS_MINUTE)   // the file, when something changed
#define KEEP_SOONER MS_MINUTE         // when this much did:
#define KEEP_CHANGES 50000

void feed_wake(struct feed *f, bool again)
{
	lock_take(&f->lock);
	f->dirty = true;
	f->again |= again;
	waker_one(&f->waker);
	lock_release(&f->lock);
}

bool feed_stopping(struct feed *f)
{
	lock_take(&f->lock);
	bool stop = f->stop || f->again;
	lock_release(&f->lock);
	return stop;
}

static bool due(struct feed *f, ms last)
{
	lock_take(&f->lock);
	bool due = f->dirty && clock_steady() - last >= SNAPSHOT_EVERY;
	f->dirty = f->dirty && !due;
	lock_release(&f->lock);
	return due;
}

static void pause(struct feed *f, ms deadline)
{
	lock_take(&f->lock);
	while (!f->stop && waker_wait_until(&f->waker, &f->lock, deadline))
		;
	lock_release(&f->lock);
}

static void is_whole(struct feed *f)
{
	rwlock_write(&f->world);
	f->rebuilding = false;
	map_free(&f->touched);
	ptrdiff_t notes = (ptrdiff_t)f->all.n_fresh + f->all.n_old;
	rwlock_write_done(&f->world);
	if (!atomic_exchange(&f->ready, true))
		log_event(LOG_INFO, "the feeds are complete",
			LOG_Z("from", f->reloaded ? "file" : "database"), LOG_INT("notes", notes),
			LOG_INT("ms", clock_steady() - f->started));
}

static void wait_for_database(struct feed *f, err failed)
{
	log_event(LOG_WARN, "feed waits for the database", LOG_Z("error", err_name(failed)));
	pause(f, clock_steady() + MS_SECOND);
}

// What other rooms put into the feeds.
static void load_entries(struct ctx *ctx, struct feed *f)
{
	err failed = ERR_UNAVAILABLE;
	while (failed != OK && !feed_stopping(f)) {
		ctx->now = clock_now();
		failed = entries_load(ctx, f);
		store_done(ctx);
		arena_reset(ctx->mem);
		if (failed != OK)
			wait_for_database(f, failed);
	}
}

// Goes back in time to the oldest note; after a fault of the database it waits and goes on.
static void rebuild(struct ctx *ctx, struct feed *f, note_id below)
{
	bool more = true;
	ms last = clock_steady();
	while (more && !feed_stopping(f)) {
		arena_reset(ctx->mem);
		ctx->now = clock_now();
		err failed = below.v ? OK : standing_load(ctx, f);
		if (failed == OK)
			failed = load_page(ctx, f, &below, REBUILD_PAGE, &more);
		store_done(ctx);
		if (failed != OK)
			wait_for_database(f, failed);
		if (due(f, last)) {
			snapshot_make(f);
			last = clock_steady();
		}
	}
	if (!feed_stopping(f))
		is_whole(f);
}

// From the file, if there is a good one. What is missing then is read from the database.
static void load_past(struct ctx *ctx, struct feed *f)
{
	ctx->now = clock_now();
	err loaded = f->path.n ? feed_reload(ctx, f, f->path) : ERR_NOT_FOUND;
	store_done(ctx);
	arena_reset(ctx->mem);
	if (loaded == OK) {
		f->kept_at = clock_steady();
		f->reloaded = true;
		is_whole(f);
		return;
	}
	if (loaded != ERR_NOT_FOUND)
		log_event(
			LOG_WARN, "the feed's file is not used", LOG_Z("error", err_name(loaded)));
	rebuild(ctx, f, f->oldest_loaded);
}

// Changes were missed: everything is compared with the database while it goes on being served.
static void begin_again(struct feed *f)
{
	lock_take(&f->lock);
	f->again = false;
	lock_release(&f->lock);
	rwlock_write(&f->world);
	f->rebuilding = true;
	follows_forget(f);
	rwlock_write_done(&f->world);
}

// Waits until there is something to do: true to go on, false to end.
static bool wait_for_work(struct feed *f)
{
	ms deadline = clock_steady() + SNAPSHOT_IDLE;
	lock_take(&f->lock);
	while (!f->dirty && !f->stop && waker_wait_until(&f->waker, &f->lock, deadline))
		;
	f->dirty = false;
	bool go_on = !f->stop;
	lock_release(&f->lock);
	return go_on;
}

static bool is_to_be_kept(struct feed *f, bool at_end)
{
	uint64_t changes = atomic_load(&f->changes) - f->kept_changes;
	ms since = clock_steady() - f->kept_at;
	if (!f->path.n || !feed_ready(f) || disk_state(f->house->disk) != DISK_OK)
		return false;
	if (!f->kept_at)
		return true;
	return changes &&
	       (at_end || since >= KEEP_EVERY || (changes >= KEEP_CHANGES && since >= KEEP_SOONER));
}

// What is being compared with the database is not known to be true.
static void keep(struct ctx *ctx, struct feed *f, bool at_end)
{
	lock_take(&f->lock);
	bool doubtful = f->again;
	lock_release(&f->lock);
	if (doubtful || !is_to_be_kept(f, at_end))
		return;
	uint64_t changes = atomic_load(&f->changes);
	err kept = checkpoint_write(ctx, f, f->path);
	if (kept == ERR_IO)
		log_event(LOG_WARN, "the feed's file cannot be written", LOG_STR("path", f->path),
			LOG_Z("error", strerror(errno)));
	if (kept == OK)
		f->kept_changes = changes;
	f->kept_at = clock_steady(); // what failed is tried again after a while
	store_done(ctx);
	arena_reset(ctx->mem);
}

static void tidy_up(struct ctx *ctx, struct feed *f)
{
	ctx->now = clock_now();
	world_shed(f);
	world_tidy(f, false);
	rwlock_read(&f->world);
	bool unspelled = f->unspelled;
	rwlock_read_done(&f->world);
	if (unspelled && spell_all(ctx, f) != OK)
		feed_wake(f, false); // once more, in a second
	store_done(ctx);
	arena_reset(ctx->mem);
}

static void *run(void *arg)
{
	struct feed *f = arg;
	struct ctx ctx = {.mem = arena_new(64 << 10), .house = f->house};
	thread_is(THREAD_WORKER, "feed");
	pause(f, clock_steady() + REBUILD_AFTER);
	load_entries(&ctx, f);
	load_past(&ctx, f);
	do {
		lock_take(&f->lock);
		bool again = f->again;
		lock_release(&f->lock);
		if (again) {
			begin_again(f);
			load_entries(&ctx, f);
			rebuild(&ctx, f, (note_id){0});
		}
		tidy_up(&ctx, f);
		if (older_is_due(f))
			older_choose(f);
		snapshot_make(f);
		keep(&ctx, f, false);
		pause(f, clock_steady() + SNAPSHOT_EVERY);
	} while (wait_for_work(f));
	keep(&ctx, f, true);
	arena_free(ctx.mem);
	return NULL;
}

void feed_free(struct feed *f)
{
	snapshots_drop(f);
	world_drop(f);
	if (f->path.n)
		str_drop(f->path);
	mem_free(f);
}

static err load_newest(struct ctx *ctx, struct feed *f)
{
	bool more;
	TRY(standing_load(ctx, f));
	TRY(load_page(ctx, f, &f->oldest_loaded, FIRST_PAGE, &more));
	snapshot_make(f);
	return OK;
}

err feed_open(struct ctx *ctx, str path, int64_t bound, struct feed **out)
{
	struct feed *f = mem_new(1, (ptrdiff_t)sizeof *f);
	rwlock_init(&f->world);
	lock_init(&f->snapshots_lock);
	lock_init(&f->lock);
	waker_init(&f->waker);
	f->house = ctx->house;
	f->started = clock_steady();
	f->path = path.n ? str_keep(path) : path;
	f->rebuilding = true;
	f->bound = bound;
	f->reached = INT64_MAX;
	feed_join(f, &feed_published);
	// A cursor from before a restart must not mean something in another order.
	atomic_store(&f->epoch, (uint64_t)clock_now() / 1000);
	feed_listen(f, ctx->house->store);
	err loaded = load_newest(ctx, f);
	if (loaded != OK) {
		feed_free(f);
		return loaded;
	}
	*out = f;
	return OK;
}

void feed_run(struct feed *f)
{
	f->thread = thread_start(run, f);
}

bool feed_ready(struct feed *f)
{
	return atomic_load(&f->ready);
}

void feed_halt(struct feed *f)
{
	lock_take(&f->lock);
	f->stop = true;
	waker_one(&f->waker);
	lock_release(&f->lock);
	pthread_join(f->thread, NULL);
}
