// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The feed's life: the newest notes are loaded before serving begins, the rest by a thread that then
// keeps making explore's order anew while the world changes; changes are applied as they commit.
#include "feed/private.h"

#include "accounts/accounts.h"
#include "store/store.h"

#define FIRST_PAGE 400
#define REBUILD_AFTER 150 // ms: the program starts and answers first
#define REBUILD_PAGE 4000
#define SNAPSHOT_EVERY MS_SECOND      // at most this often when things change
#define SNAPSHOT_IDLE (5 * MS_MINUTE) // time passes also when nothing happens

struct page {
	note_id below; // 0: from the top
	struct note_fact *facts;
	struct note_topic *topics;
	ptrdiff_t n, n_topics;
	bool last;
};

static err read_page(struct ctx *ctx, struct page *p, int limit)
{
	TRY(notes_facts(ctx, p->below, limit, &p->facts, &p->n));
	note_id *ids = NEW_N(ctx->mem, note_id, p->n);
	for (ptrdiff_t i = 0; i < p->n; i++)
		ids[i] = p->facts[i].id;
	p->last = p->n < limit;
	return notes_topics(ctx, ids, p->n, &p->topics, &p->n_topics);
}

static bool was_touched(const struct feed *f, int64_t id)
{
	uint64_t ignored;
	return map_get(&f->touched, (uint64_t)id, &ignored);
}

// Whatever of this stretch of time is known and not in the database went unheard.
static void sweep(struct ctx *ctx, struct feed *f, const struct page *p)
{
	LIST(note_id) gone = {0};
	struct walk w = walk_below(f, &f->all, p->below.v);
	int64_t lowest = p->last ? 1 : p->facts[p->n - 1].id.v;
	ptrdiff_t i = 0;
	while (walk_peek(f, &w) >= lowest) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		while (i < p->n && p->facts[i].id.v > fact->id)
			i++;
		bool there = i < p->n && p->facts[i].id.v == fact->id;
		if (!there && !(fact->flags & FACT_GONE) && !was_touched(f, fact->id))
			list_push(ctx->mem, &gone, (note_id){fact->id});
	}
	list_each (id, &gone)
		world_remove(f, *id);
}

static void put_page(struct ctx *ctx, struct feed *f, const struct page *p)
{
	ptrdiff_t from = p->n_topics; // they come rising, the notes falling
	sweep(ctx, f, p);
	for (ptrdiff_t i = 0; i < p->n; i++) {
		ptrdiff_t to = from;
		while (from > 0 && p->topics[from - 1].note.v == p->facts[i].id.v)
			from--;
		if (!was_touched(f, p->facts[i].id.v))
			world_topics(f, world_put(f, &p->facts[i]), p->topics + from, to - from);
	}
}

// One page of the past. What changes while it is read is left to the change, which is newer.
static err load_page(struct ctx *ctx, struct feed *f, note_id *below, int limit, bool *more)
{
	struct page p = {.below = *below};
	rwlock_write(&f->world);
	map_free(&f->touched);
	rwlock_write_done(&f->world);
	TRY(read_page(ctx, &p, limit));
	rwlock_write(&f->world);
	put_page(ctx, f, &p);
	rwlock_write_done(&f->world);
	if (p.n)
		*below = p.facts[p.n - 1].id;
	*more = !p.last;
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

// Goes back in time to the oldest note; after a fault of the database it waits and goes on.
static void rebuild(struct ctx *ctx, struct feed *f, note_id below)
{
	bool more = true;
	ms last = clock_steady();
	while (more && !stopping(f)) {
		arena_reset(ctx->mem);
		ctx->now = clock_now();
		err failed = below.v ? OK : standing_load(ctx, f);
		if (failed == OK)
			failed = load_page(ctx, f, &below, REBUILD_PAGE, &more);
		store_done(ctx);
		if (failed != OK) {
			log_event(LOG_WARN, "feed waits for the database",
				LOG_Z("error", err_name(failed)));
			pause(f, clock_steady() + MS_SECOND);
		}
		if (due(f, last)) {
			snapshot_make(f);
			last = clock_steady();
		}
	}
	if (stopping(f))
		return;
	rwlock_write(&f->world);
	f->rebuilding = false;
	map_free(&f->touched);
	rwlock_write_done(&f->world);
	atomic_store(&f->ready, true);
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

static void *run(void *arg)
{
	struct feed *f = arg;
	struct ctx ctx = {.mem = arena_new(64 << 10), .house = f->house};
	thread_is(THREAD_WORKER, "feed");
	pause(f, clock_steady() + REBUILD_AFTER);
	rebuild(&ctx, f, f->oldest_loaded);
	do {
		lock_take(&f->lock);
		bool again = f->again;
		lock_release(&f->lock);
		if (again) {
			begin_again(f);
			rebuild(&ctx, f, (note_id){0});
		}
		snapshot_make(f);
		pause(f, clock_steady() + SNAPSHOT_EVERY);
	} while (wait_for_work(f));
	arena_free(ctx.mem);
	return NULL;
}

static void touch(struct feed *f, note_id id)
{
	if (f->rebuilding)
		map_put(&f->touched, (uint64_t)id.v, 1);
}

// Topics that a note has left may have lost the note that spelled them.
static err spell_anew(struct ctx *ctx, struct feed *f, const str *names, ptrdiff_t n)
{
	struct note_topic *spelled;
	ptrdiff_t n_spelled;
	if (!n)
		return OK;
	TRY(topics_spelled(ctx, names, n, &spelled, &n_spelled));
	rwlock_write(&f->world);
	for (ptrdiff_t i = 0; i < n_spelled; i++)
		world_spell(f, &spelled[i]);
	rwlock_write_done(&f->world);
	return OK;
}

static err note_gone(struct ctx *ctx, struct feed *f, note_id id)
{
	str *names = NULL;
	rwlock_write(&f->world);
	ptrdiff_t n = world_topic_names(ctx, f, id, &names);
	touch(f, id);
	world_remove(f, id);
	rwlock_write_done(&f->world);
	return spell_anew(ctx, f, names, n);
}

// Numbers and texts are read rather than carried by changes: what other processes did may be heard
// late, and what is read then is at least as new as what was told.
static err note_read(struct ctx *ctx, struct feed *f, note_id id)
{
	struct note_fact fact;
	struct note_topic *topics;
	str *names = NULL;
	ptrdiff_t n;
	TRY(note_fact_get(ctx, id, &fact));
	TRY(notes_topics(ctx, &id, 1, &topics, &n));
	rwlock_write(&f->world);
	ptrdiff_t n_names = world_topic_names(ctx, f, id, &names);
	touch(f, id);
	world_topics(f, world_put(f, &fact), topics, n);
	rwlock_write_done(&f->world);
	return spell_anew(ctx, f, names, n_names);
}

// Of a comment nothing is known; a note that is not known is still to come from the past.
static err counters_changed(struct ctx *ctx, struct feed *f, note_id id)
{
	uint32_t index;
	int64_t likes, comments;
	rwlock_read(&f->world);
	bool known = world_find(f, id, &index), rebuilding = f->rebuilding;
	rwlock_read_done(&f->world);
	if (!known)
		return rebuilding ? note_read(ctx, f, id) : OK;
	TRY(note_counters(ctx, id, &likes, &comments));
	rwlock_write(&f->world);
	touch(f, id);
	world_count(f, id, likes, comments);
	rwlock_write_done(&f->world);
	return OK;
}

// What could not be read is compared with the database later.
static void applied(struct feed *f, err failed)
{
	wake(f, failed != OK && failed != ERR_NOT_FOUND);
}

static void on_lost(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx, (void)change;
	wake(arg, true);
}

static void on_note(struct ctx *ctx, const struct change *change, void *arg)
{
	bool comment = change->extra != 0; // of a note_changed: nothing of it is known
	if (!comment)
		applied(arg, note_read(ctx, arg, (note_id){change->subject}));
}

static void on_gone(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, note_gone(ctx, arg, (note_id){change->subject}));
}

static void on_comment(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, counters_changed(ctx, arg, (note_id){change->extra}));
}

static void on_count(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, counters_changed(ctx, arg, (note_id){change->subject}));
}

// Pages show names and leave out who is suspended.
static void on_account(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, standing_change(ctx, arg, (account_id){change->subject}));
}

static void on_follow(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx;
	follows_change(arg, (account_id){change->actor});
}

static void listen(struct feed *f, struct store *store)
{
	struct change_kind *const notes[] = {&note_published, &note_edited, &note_changed};
	struct change_kind *const counts[] = {&note_liked, &note_unliked, &note_counted};
	for (ptrdiff_t i = 0; i < COUNT(notes); i++)
		store_on(store, notes[i], on_note, f);
	for (ptrdiff_t i = 0; i < COUNT(counts); i++)
		store_on(store, counts[i], on_count, f);
	store_on(store, &note_deleted, on_gone, f);
	store_on(store, &comment_published, on_comment, f);
	store_on(store, &comment_deleted, on_comment, f);
	store_on(store, &account_made, on_account, f);
	store_on(store, &account_changed, on_account, f);
	store_on(store, &follow_begun, on_follow, f);
	store_on(store, &follow_ended, on_follow, f);
	store_on(store, &changes_lost, on_lost, f);
}

err feed_start(struct ctx *ctx)
{
	struct feed *f = mem_new(1, (ptrdiff_t)sizeof *f);
	note_id below = {0};
	bool more;
	rwlock_init(&f->world);
	lock_init(&f->snapshots_lock);
	lock_init(&f->lock);
	waker_init(&f->waker);
	f->house = ctx->house;
	f->rebuilding = true;
	// A cursor from before a restart must not mean something in another order.
	atomic_store(&f->epoch, (uint64_t)clock_now() / 1000);
	listen(f, ctx->house->store);
	TRY(standing_load(ctx, f));
	TRY(load_page(ctx, f, &below, FIRST_PAGE, &more));
	f->oldest_loaded = below;
	snapshot_make(f);
	ctx->house->feed = f;
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
	world_drop(f);
	mem_free(f);
}
