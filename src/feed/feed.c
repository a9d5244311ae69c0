// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The feed's life: the newest notes are loaded before serving begins, the rest by a thread that then
// keeps making explore's order anew while the world changes; changes are applied as they commit.
#include "feed/private.h"

#include "store/store.h"

#define FIRST_PAGE 400
#define REBUILD_PAGE 4000
#define SNAPSHOT_EVERY MS_SECOND      // at most this often when things change
#define SNAPSHOT_IDLE (5 * MS_MINUTE) // time passes also when nothing happens

static err load_page(struct ctx *ctx, struct feed *f, note_id *before, int limit, bool *more)
{
	struct note_fact *facts;
	struct note_topic *topics;
	ptrdiff_t n, n_topics;
	TRY(notes_facts(ctx, *before, limit, &facts, &n));
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = facts[i].id;
	TRY(notes_topics(ctx, ids, n, &topics, &n_topics));
	rwlock_write(&f->world);
	for (ptrdiff_t i = 0; i < n; i++)
		world_put(f, &facts[i], true);
	world_topics(f, topics, n_topics);
	rwlock_write_done(&f->world);
	if (n)
		*before = ids[n - 1];
	*more = n == limit;
	return OK;
}

static void wake(struct feed *f, bool again)
{
	lock_take(&f->lock);
	f->dirty = true;
	f->again |= again;
	waker_one(&f->waker);
	lock_release(&f->lock);
}

static bool stopping(struct feed *f)
{
	lock_take(&f->lock);
	bool stop = f->stop || f->again;
	lock_release(&f->lock);
	return stop;
}

// Goes back in time to the oldest note; after a fault of the database it waits and goes on.
static void rebuild(struct ctx *ctx, struct feed *f, note_id before)
{
	bool more = true;
	while (more && !stopping(f)) {
		arena_reset(ctx->mem);
		ctx->now = clock_now();
		err failed = load_page(ctx, f, &before, REBUILD_PAGE, &more);
		store_done(ctx);
		if (failed != OK) {
			log_event(LOG_WARN, "feed waits for the database",
				LOG_Z("error", err_name(failed)));
			lock_take(&f->lock);
			waker_wait_until(&f->waker, &f->lock, clock_steady() + MS_SECOND);
			lock_release(&f->lock);
		}
	}
	if (stopping(f))
		return;
	rwlock_write(&f->world);
	map_free(&f->gone);
	atomic_store(&f->ready, true);
	rwlock_write_done(&f->world);
}

static note_id oldest_known(struct feed *f)
{
	rwlock_read(&f->world);
	const struct timeline *t = &f->all;
	uint32_t index = t->n_old ? t->old[t->n_old - 1] : t->n_fresh ? t->fresh[0] : UINT32_MAX;
	note_id id = {index == UINT32_MAX ? 0 : f->facts[index].id};
	rwlock_read_done(&f->world);
	return id;
}

static void begin_again(struct feed *f)
{
	lock_take(&f->lock);
	f->again = false;
	lock_release(&f->lock);
	rwlock_write(&f->world);
	atomic_store(&f->ready, false);
	world_clear(f);
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

static void rest(struct feed *f)
{
	ms deadline = clock_steady() + SNAPSHOT_EVERY;
	lock_take(&f->lock);
	while (!f->stop && waker_wait_until(&f->waker, &f->lock, deadline))
		;
	lock_release(&f->lock);
}

static void *run(void *arg)
{
	struct feed *f = arg;
	struct ctx ctx = {.mem = arena_new(64 << 10), .house = f->house};
	thread_is(THREAD_WORKER, "feed");
	rebuild(&ctx, f, oldest_known(f));
	do {
		lock_take(&f->lock);
		bool again = f->again;
		lock_release(&f->lock);
		if (again) {
			begin_again(f);
			rebuild(&ctx, f, (note_id){0});
		}
		snapshot_make(f);
		rest(f);
	} while (wait_for_work(f));
	arena_free(ctx.mem);
	return NULL;
}

static void note_changed(struct ctx *ctx, struct feed *f, note_id id)
{
	struct note_fact fact;
	struct note_topic *topics;
	ptrdiff_t n;
	if (note_fact_get(ctx, id, &fact) != OK || notes_topics(ctx, &id, 1, &topics, &n) != OK)
		return;
	rwlock_write(&f->world);
	world_put(f, &fact, false);
	world_untopic(f, id);
	world_topics(f, topics, n);
	rwlock_write_done(&f->world);
}

static void liked(struct feed *f, note_id id, bool begins)
{
	uint32_t index;
	rwlock_write(&f->world);
	if (world_find(f, id, &index) && (begins || f->facts[index].likes))
		f->facts[index].likes += begins ? 1 : UINT32_MAX;
	rwlock_write_done(&f->world);
}

static void on_change(struct ctx *ctx, const struct change *change, void *arg)
{
	struct feed *f = arg;
	note_id subject = {change->subject}, root = {change->extra};
	switch (change->kind) {
	case CHANGE_LOST:
		wake(f, true);
		return;
	case CHANGE_NOTE:
		note_changed(ctx, f, root.v ? root : subject);
		break;
	case CHANGE_NOTE_GONE:
		if (root.v) {
			note_changed(ctx, f, root);
			break;
		}
		rwlock_write(&f->world);
		world_remove(f, subject);
		rwlock_write_done(&f->world);
		break;
	case CHANGE_LIKE:
		liked(f, subject, change->extra == 1);
		break;
	case CHANGE_FOLLOW:
		follows_change(f, (account_id){change->actor}, (account_id){change->subject},
			change->extra == 1);
		return;
	case CHANGE_ACCOUNT: // a suspended author's notes go, a new name must be shown
		break;
	default:
		return;
	}
	wake(f, false);
}

err feed_start(struct ctx *ctx)
{
	struct feed *f = mem_new(1, (ptrdiff_t)sizeof *f);
	note_id before = {0};
	bool more;
	rwlock_init(&f->world);
	lock_init(&f->snapshots_lock);
	lock_init(&f->lock);
	waker_init(&f->waker);
	f->house = ctx->house;
	TRY(load_page(ctx, f, &before, FIRST_PAGE, &more));
	snapshot_make(f);
	ctx->house->feed = f;
	store_listen(ctx->house->store, on_change, f);
	f->thread = thread_start(run, f);
	return OK;
}

bool feed_ready(struct feed *f)
{
	return atomic_load(&f->ready);
}

void feed_stop(struct feed *f)
{
	lock_take(&f->lock);
	f->stop = true;
	waker_one(&f->waker);
	lock_release(&f->lock);
	pthread_join(f->thread, NULL);
	snapshots_drop(f);
	world_clear(f);
	mem_free(f);
}
