// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Adding, listing, starting and stopping; runner.c does the jobs. Adding writes rows only: runners
// of this process are woken after the commit, those of others find the row when they look.
#include "jobs/inside.h"
#include "jobs/jobs.sql.h"

struct change_kind job_ended = {.name = "jobs.ended"};

struct jobs *jobs_new(struct store *store)
{
	struct jobs *jobs = mem_new(1, sizeof *jobs);
	jobs->store = store;
	lock_init(&jobs->lock);
	waker_init(&jobs->work);
	waker_init(&jobs->timer);
	waker_init(&jobs->left);
	return jobs;
}

void jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return;
	must(jobs->alive == 0);
	for (int i = 0; i < jobs->n_kinds; i++)
		mem_free((void *)(uintptr_t)jobs->kinds[i].name.p);
	list_free(&jobs->cuts);
	mem_free(jobs);
}

void jobs_register(
	struct jobs *jobs, str kind, job_fn fn, void *arg, const struct job_policy *policy)
{
	must(jobs->n_kinds < KINDS_MOST && jobs->n_runners == 0);
	char *name = mem_new(kind.n + 1, 1);
	for (ptrdiff_t i = 0; i < kind.n; i++)
		name[i] = kind.p[i];
	struct kind *k = &jobs->kinds[jobs->n_kinds++];
	*k = (struct kind){.name = {name, kind.n}, .fn = fn, .arg = arg};
	if (policy)
		k->policy = *policy;
	if (k->policy.attempts <= 0)
		k->policy.attempts = 8;
	if (k->policy.backoff <= 0)
		k->policy.backoff = 5 * MS_SECOND;
	if (k->policy.lease <= 0)
		k->policy.lease = 20 * MS_SECOND;
	k->policy.lease = MAX(k->policy.lease, 3 * MS_SECOND); // the keeper looks once a second
	if (k->policy.concurrency <= 0)
		k->policy.concurrency = RUNNERS_MOST;
}

struct adding {
	const struct job_new *job;
	job_id id;
};

static err add(struct ctx *ctx, void *arg)
{
	struct adding *adding = arg;
	const struct job_new *job = adding->job;
	struct job_insert_row row;
	ms at = job->run_at ? job->run_at : ctx->now;
	int64_t turn;
	TRY(next_turn(ctx, ctx->house->jobs, job->account, job->rank, &turn));
	TRY(job_insert(ctx, (job_id){id_new(ctx->now)}, job->kind, job->payload, job->subject, at,
		ctx->now, job->unique, job->account, turn, &row));
	adding->id = row.id;
	if (ctx->house->jobs && at <= ctx->now)
		store_after_commit(ctx, jobs_wake, ctx->house->jobs);
	return OK;
}

err jobs_add(struct ctx *ctx, const struct job_new *job, job_id *out)
{
	struct adding adding = {.job = job};
	must(job->kind.n > 0);
	TRY(store_write_committed(ctx, add, &adding));
	if (out)
		*out = adding.id;
	return OK;
}

err jobs_waiting(struct ctx *ctx, str unique, job_id *out)
{
	struct job_by_key_row row;
	TRY(job_by_key(ctx, unique, &row));
	*out = row.id;
	return OK;
}

void jobs_wake(void *arg)
{
	struct jobs *jobs = arg;
	lock_take(&jobs->lock);
	jobs->due = true;
	jobs->wakes++;
	waker_one(&jobs->work);
	lock_release(&jobs->lock);
}

void jobs_start(struct jobs *jobs, struct house *house, int n)
{
	must(n > 0 && n <= RUNNERS_MOST && jobs->n_runners == 0);
	jobs->house = house;
	lock_take(&jobs->lock);
	jobs->stopping = false;
	jobs->due = true;
	jobs->n_runners = n;
	jobs->alive = n + 1;
	for (int i = 0; i < n; i++) {
		struct runner_start *start = mem_new(1, sizeof *start);
		*start = (struct runner_start){jobs, i};
		jobs->threads[i] = thread_start(jobs_runner, start);
	}
	jobs->threads[n] = thread_start(jobs_keeper, jobs);
	lock_release(&jobs->lock);
}

bool jobs_stop(struct jobs *jobs, ms deadline)
{
	lock_take(&jobs->lock);
	jobs->stopping = true;
	waker_all(&jobs->work);
	waker_all(&jobs->timer);
	while (jobs->alive && waker_wait_until(&jobs->left, &jobs->lock, deadline))
		continue;
	bool all = jobs->alive == 0;
	lock_release(&jobs->lock);
	if (all && jobs->n_runners) {
		for (int i = 0; i <= jobs->n_runners; i++)
			pthread_join(jobs->threads[i], NULL);
		jobs->n_runners = 0;
	}
	return all;
}

void jobs_on_cut(struct jobs *jobs, void (*fn)(void *arg), void *arg)
{
	list_push(NULL, &jobs->cuts, (struct cut){fn, arg});
}

void jobs_cut(struct jobs *jobs)
{
	list_each (cut, &jobs->cuts)
		cut->fn(cut->arg);
}

static void heard(struct ctx *ctx, const struct change *change, void *arg)
{
	struct jobs *jobs = arg;
	(void)ctx;
	jobs->ended((job_id){change->subject}, (err)change->extra, jobs->ended_arg);
}

void jobs_on_end(struct jobs *jobs, void (*fn)(job_id, err, void *arg), void *arg)
{
	must(!jobs->ended);
	jobs->ended = fn;
	jobs->ended_arg = arg;
	store_on(jobs->store, &job_ended, heard, jobs);
}

static err leave(struct ctx *ctx, const struct change *change, void *arg)
{
	const struct leaving *leaving = arg;
	const struct job_new job = {.kind = leaving->kind,
		.subject = change->subject,
		.payload = str_fmt(ctx->mem, "%lld", (long long)change->actor)};
	return change->quiet ? OK : jobs_add(ctx, &job, NULL);
}

void jobs_on(struct jobs *jobs, struct change_kind *change, str job_kind)
{
	must(jobs->n_leavings < LEAVINGS_MOST);
	struct leaving *leaving = &jobs->leavings[jobs->n_leavings++];
	leaving->kind = job_kind;
	store_within(jobs->store, change, leave, leaving);
}

account_id job_actor(const struct job *job)
{
	int64_t id = 0;
	return str_int(job->payload, &id) ? (account_id){id} : (account_id){0};
}

err jobs_state(struct ctx *ctx, job_id id)
{
	struct job_row row;
	TRY(job_by_id(ctx, id, &row));
	return row.state == JOB_DONE ? OK : row.state == JOB_GIVEN_UP ? ERR_GONE : ERR_TIMEOUT;
}

err jobs_list(struct ctx *ctx, enum job_state state, int most, struct job_info **out, ptrdiff_t *n)
{
	struct job_row *rows;
	ptrdiff_t n_rows;
	if (state == JOB_WAITING)
		TRY(jobs_unfinished(ctx, most, &rows, &n_rows));
	else
		TRY(jobs_finished(ctx, state, most, &rows, &n_rows));
	struct job_info *list = NEW_N(ctx->mem, struct job_info, n_rows + 1);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		list[i] = (struct job_info){.id = rows[i].id,
			.kind = rows[i].kind,
			.subject = rows[i].subject,
			.state = state,
			.running = rows[i].lease != 0 && rows[i].lease_until > ctx->now,
			.attempts = (int)rows[i].attempts,
			.added_at = rows[i].added_at,
			.run_at = rows[i].run_at,
			.done_at = rows[i].done_at,
			.last_error = rows[i].last_error};
	*out = list;
	*n = n_rows;
	return OK;
}

err jobs_counts(struct ctx *ctx, struct job_count **out, ptrdiff_t *n)
{
	struct jobs_by_kind_row *rows;
	ptrdiff_t n_rows;
	TRY(jobs_by_kind(ctx, &rows, &n_rows));
	struct job_count *list = NEW_N(ctx->mem, struct job_count, n_rows + 1);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		list[i] = (struct job_count){
			rows[i].kind, rows[i].waiting, rows[i].given_up, rows[i].oldest};
	*out = list;
	*n = n_rows;
	return OK;
}

static err revive(struct ctx *ctx, void *arg)
{
	int64_t changed;
	TRY(job_revive(ctx, *(job_id *)arg, ctx->now, &changed));
	if (!changed)
		return ERR_NOT_FOUND;
	if (ctx->house->jobs)
		store_after_commit(ctx, jobs_wake, ctx->house->jobs);
	return OK;
}

err jobs_retry(struct ctx *ctx, job_id id)
{
	return store_write_committed(ctx, revive, &id);
}
