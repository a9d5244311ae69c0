// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The threads that do the jobs. A runner claims one due job at a time: the row gets a random lease
// and becomes due again when the lease ends, so that nothing has to be cleaned up after a process
// that died. The keeper renews the leases of what runs here, looks for rows that other processes
// added, and throws finished ones away.
#include "jobs/inside.h"
#include "jobs/jobs.sql.h"

#include <time.h>

#define LOOK_EVERY MS_SECOND
#define PRUNE_EVERY MS_HOUR
#define FINISHED_FOR MS_DAY
#define BACKOFF_MOST (6 * MS_HOUR)
#define FULL_MOST MS_MINUTE
#define END_TRIES 5

// What may begin now.
static void find_room(struct jobs *jobs, struct claim *c) REQUIRES_LOCK(jobs->lock)
{
	int slow = 0;
	c->n_kinds = 0;
	for (int i = 0; i < jobs->n_kinds; i++)
		slow += jobs->kinds[i].policy.slow ? jobs->kinds[i].running : 0;
	for (int i = 0; i < jobs->n_kinds; i++) {
		struct kind *kind = &jobs->kinds[i];
		if (kind->running < kind->policy.concurrency &&
			!(kind->policy.slow && slow >= slow_most(jobs)))
			c->kinds[c->n_kinds++] = kind;
	}
	full_accounts(jobs, c->full, &c->n_full);
	c->below = turns_below(jobs);
}

static void begin(struct jobs *jobs, int number, const struct claim *c) REQUIRES_LOCK(jobs->lock)
{
	enum job_rank rank = rank_of(c->row.turn);
	c->kind->running++;
	jobs->running[number] =
		(struct running){c->row.id, c->lease, c->until, c->kind, c->row.account, rank};
	jobs->served[rank] = MAX(jobs->served[rank], c->row.turn);
}

// Waits for a due job and claims it. False when the queue stops.
static bool next_job(struct jobs *jobs, struct ctx *ctx, int number, struct claim *c)
{
	bool found = false;
	lock_take(&jobs->lock);
	while (!jobs->stopping && !found) {
		if (!jobs->due || jobs->claiming) {
			waker_wait(&jobs->work, &jobs->lock);
			continue;
		}
		int64_t wakes = jobs->wakes;
		arena_reset(ctx->mem);
		ctx->now = clock_now();
		find_room(jobs, c);
		jobs->claiming = true;
		lock_release(&jobs->lock);
		err result = jobs_claim(ctx, c);
		lock_take(&jobs->lock);
		jobs->claiming = false;
		found = result == OK;
		if (found)
			begin(jobs, number, c);
		if (wakes == jobs->wakes && !(found && c->others)) {
			jobs->due = false;
			jobs->blocked = c->others;
			jobs->next_due = c->next;
			waker_one(&jobs->timer);
		}
		if (jobs->due)
			waker_one(&jobs->work); // perhaps there is one for the next runner too
	}
	lock_release(&jobs->lock);
	return found;
}

struct ending {
	const struct claim *claim;
	const struct kind *kind;
	err result;
	str error;
	bool given_up, put_off, cut_off;
	bool left; // the queue: it is not to be done again
};

// A full disk is looked at again soon, however long it has been one.
static ms pause_after(const struct kind *kind, int64_t attempts, err result)
{
	ms most = result == ERR_FULL ? FULL_MOST : BACKOFF_MOST;
	ms pause = kind->policy.backoff;
	for (int64_t i = 1; i < attempts && pause < most; i++)
		pause *= 2;
	pause = MIN(pause, most);
	return pause - pause / 4 + jobs_random() % (pause / 2 + 1);
}

// Back into the queue, as if it had not begun.
static err write_back(struct ctx *ctx, const struct ending *e)
{
	const struct job_row *row = &e->claim->row;
	int64_t turn = row->turn, changed;
	if (e->put_off)
		TRY(next_turn(ctx, ctx->house->jobs, row->account, RANK_LATER, &turn));
	return job_move(ctx, row->id, e->claim->lease, turn, ctx->now, &changed);
}

static err write_end(struct ctx *ctx, void *arg)
{
	struct ending *e = arg;
	const struct job_row *row = &e->claim->row;
	e->left = false;
	if (e->put_off || e->cut_off)
		return write_back(ctx, e);
	if (e->result != OK && !e->given_up) {
		int64_t changed;
		return job_try_later(ctx, row->id, e->claim->lease,
			ctx->now + pause_after(e->kind, row->attempts, e->result), e->error,
			&changed);
	}
	struct job_end_row end;
	err result = job_end(ctx, row->id, e->claim->lease, e->given_up ? JOB_GIVEN_UP : JOB_DONE,
		ctx->now, e->error, &end);
	if (result == ERR_NOT_FOUND) // the lease had run out and somebody else has it
		return OK;
	if (result == OK)
		change_add(ctx, &job_ended, row->id.v, 0, (int64_t)e->result);
	e->left = result == OK && end.state != JOB_WAITING;
	return result;
}

static str describe(struct ctx *ctx, err result)
{
	const struct problem *p = &ctx->problem;
	if (result == OK)
		return S("");
	str text = str_sub(p->text, 0, 300);
	while (text.n && !utf8_valid(text)) // cut within a character
		text.n--;
	return str_fmt(ctx->mem, "%s%s%s%s%.*s", err_name(result), p->field ? " " : "",
		p->field ? p->field : "", text.n ? ": " : "", STR_ARGS(text));
}

// What cannot be written down (the database is away) is left to the lease's end.
static bool end_job(struct ctx *ctx, struct ending *e)
{
	err result = ERR_UNAVAILABLE;
	for (int i = 0; i < END_TRIES && result != OK; i++) {
		if (i)
			nanosleep(&(struct timespec){1, 0}, NULL);
		ctx->now = clock_now();
		result = store_write_committed(ctx, write_end, e);
	}
	if ((e->result != OK && !e->cut_off) || result != OK)
		log_event(e->given_up || result != OK ? LOG_ERROR : LOG_WARN,
			e->given_up ? "job given up" : "job failed", LOG_STR("kind", e->kind->name),
			LOG_INT("job", e->claim->row.id.v),
			LOG_INT("attempt", e->claim->row.attempts), LOG_STR("error", e->error),
			LOG_Z("written", err_name(result)));
	return result == OK && e->left;
}

static bool is_stopping(struct jobs *jobs)
{
	lock_take(&jobs->lock);
	bool stopping = jobs->stopping;
	lock_release(&jobs->lock);
	return stopping;
}

void job_put_off(const struct job *job)
{
	must(job->rank == RANK_USUAL);
	*job->put_off = true;
}

// True when it has left the queue.
static bool do_job(struct jobs *jobs, struct ctx *ctx, const struct claim *c)
{
	bool put_off = false;
	const struct kind *kind = c->kind;
	const struct job job = {.id = c->row.id,
		.kind = c->row.kind,
		.payload = c->row.payload,
		.subject = c->row.subject,
		.added = c->row.added_at,
		.attempt = (int)c->row.attempts,
		.last = c->row.attempts >= kind->policy.attempts,
		.rank = rank_of(c->row.turn),
		.put_off = &put_off};
	struct ending e = {.claim = c, .kind = kind};
	ctx->problem = (struct problem){0};
	e.result = kind->fn(ctx, &job, kind->arg);
	store_done(ctx);
	e.put_off = put_off && e.result == OK;
	e.cut_off = e.result != OK && e.result != ERR_GONE && is_stopping(jobs);
	e.error = describe(ctx, e.result);
	// A full disk is nobody's fault and will not last: such a job waits as long as it takes.
	e.given_up = e.result == ERR_GONE || (e.result != OK && e.result != ERR_FULL && job.last);
	e.given_up &= !e.cut_off;
	return end_job(ctx, &e);
}

static void leave(struct jobs *jobs)
{
	lock_take(&jobs->lock);
	jobs->alive--;
	waker_all(&jobs->left);
	lock_release(&jobs->lock);
}

void *jobs_runner(void *arg)
{
	struct runner_start start = *(struct runner_start *)arg;
	struct jobs *jobs = start.jobs;
	mem_free(arg);
	thread_is(THREAD_RUNNER, "runner");
	struct ctx ctx = {.mem = arena_new(4096), .house = jobs->house};
	struct claim c = {0};
	while (next_job(jobs, &ctx, start.number, &c)) {
		bool left = do_job(jobs, &ctx, &c);
		ctx = (struct ctx){.mem = ctx.mem, .house = jobs->house};
		lock_take(&jobs->lock);
		c.kind->running--;
		jobs->running[start.number] = (struct running){0};
		jobs->due |= jobs->blocked || !left;
		jobs->wakes++; // for whoever looks right now
		lock_release(&jobs->lock);
	}
	arena_free(ctx.mem);
	leave(jobs);
	return NULL;
}

// --- the keeper --------------------------------------------------------------------------------

struct renewal {
	struct running *at[RUNNERS_MOST];
	struct running copy[RUNNERS_MOST];
	int n;
};

static err renew(struct ctx *ctx, void *arg)
{
	struct renewal *r = arg;
	for (int i = 0; i < r->n; i++) {
		int64_t changed;
		r->copy[i].lease_until = ctx->now + r->copy[i].kind->policy.lease;
		TRY(job_renew(
			ctx, r->copy[i].id, r->copy[i].lease, r->copy[i].lease_until, &changed));
	}
	return OK;
}

static void renew_leases(struct jobs *jobs, struct ctx *ctx)
{
	struct renewal r = {.n = 0};
	lock_take(&jobs->lock);
	for (int i = 0; i < jobs->n_runners; i++) {
		struct running *run = &jobs->running[i];
		if (run->id.v && run->lease_until - ctx->now < run->kind->policy.lease / 2) {
			r.at[r.n] = run;
			r.copy[r.n++] = *run;
		}
	}
	lock_release(&jobs->lock);
	if (!r.n || store_write_committed(ctx, renew, &r) != OK)
		return; // tried again in a second; meanwhile the lease holds
	lock_take(&jobs->lock);
	for (int i = 0; i < r.n; i++)
		if (r.at[i]->lease == r.copy[i].lease)
			r.at[i]->lease_until = r.copy[i].lease_until;
	lock_release(&jobs->lock);
}

static err prune(struct ctx *ctx, void *arg)
{
	int64_t gone;
	(void)arg;
	return jobs_prune(ctx, ctx->now - FINISHED_FOR, &gone);
}

void *jobs_keeper(void *arg)
{
	struct jobs *jobs = arg;
	struct ctx ctx = {.mem = arena_new(4096), .house = jobs->house};
	ms next_prune = 0, next_look = 0;
	thread_is(THREAD_TIMER, "job keeper");
	lock_take(&jobs->lock);
	// Goes on while jobs run, so that they keep their leases.
	while (!jobs->stopping || jobs->alive > 1) {
		lock_release(&jobs->lock);
		arena_reset(ctx.mem);
		ctx.now = clock_now();
		renew_leases(jobs, &ctx);
		if (ctx.now >= next_prune)
			next_prune = ctx.now + (store_write_committed(&ctx, prune, NULL) == OK
							       ? PRUNE_EVERY
							       : MS_MINUTE);
		store_done(&ctx);
		lock_take(&jobs->lock);
		ms now = clock_now();
		if (now >= next_look || (jobs->next_due && now >= jobs->next_due)) {
			jobs->due = true;
			jobs->wakes++;
			jobs->next_due = 0;
			next_look = now + LOOK_EVERY;
			waker_one(&jobs->work);
		}
		ms until = jobs->next_due ? MIN(next_look, jobs->next_due) : next_look;
		if (!jobs->stopping || jobs->alive > 1)
			waker_wait_until(jobs->stopping ? &jobs->left : &jobs->timer, &jobs->lock,
				clock_steady() + until - now);
	}
	lock_release(&jobs->lock);
	arena_free(ctx.mem);
	leave(jobs);
	return NULL;
}
