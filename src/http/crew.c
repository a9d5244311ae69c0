// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The workers of each lane, started one by one when a request finds none free; the table of requests
// that await a job; and the timer thread, which ends waits at their deadlines and has the guard look
// for clients that are too slow.
#include "http/inside.h"
#include "words/words.h"

#define WATCHERS 2
#define WATCH_QUEUE 64

static void work(struct http *http, struct exchange *ex)
{
	switch (exchange_advance(ex)) {
	case FLOW_AWAIT:
		await_add(http, ex);
		return;
	case FLOW_ANSWER:
	case FLOW_BODY: // the listener reads it
		guard_return(http, ex);
		return;
	case FLOW_ON:
	case FLOW_WORKER:
		must(false); // a worker needs no worker
	}
}

static enum lane_kind lane_of(const struct exchange *ex)
{
	const struct route *route = ex->req.route;
	if (route && route->run == RUN_WATCH)
		return LANE_WATCH;
	if (!route || ex->req.method == GET)
		return LANE_READ;
	// Who it is and whether the body may come is asked before: that is no work for the few.
	return route->run == RUN_HASH && ex->stage >= STAGE_RUN ? LANE_HASH : LANE_WRITE;
}

void exchange_begin_wait(struct exchange *ex)
{
	ex->ctx.deadline = clock_steady() + ex->http->limits.patience;
}

static void *worker_main(void *arg)
{
	struct lane *lane = arg;
	struct http *http = lane->http;
	struct crew *crew = &http->crew;
	thread_is(lane == &crew->lanes[LANE_HASH] ? THREAD_HASHER : THREAD_WORKER, "worker");
	lock_take(&crew->lock);
	for (;;) {
		struct exchange *ex = lane_take(lane);
		if (ex) {
			lock_release(&crew->lock);
			ms began = clock_steady();
			// Its queue is short and its work is not the database's.
			if (lane == &crew->lanes[LANE_HASH])
				exchange_begin_wait(ex);
			work(http, ex);
			ms now = clock_steady();
			lock_take(&crew->lock);
			lane_done(lane, now, now - began);
			if (!lane->busy && !lane->queued)
				waker_all(&crew->idle);
			continue;
		}
		if (crew->stop)
			break;
		lane->waiting++;
		waker_wait(&lane->wake, &crew->lock);
		lane->waiting--;
	}
	lock_release(&crew->lock);
	return NULL;
}

static void lane_start(struct http *http, enum lane_kind kind, int most, int room)
{
	struct lane *lane = &http->crew.lanes[kind];
	*lane = (struct lane){.http = http,
		.most = most,
		.room = room,
		.patience = http->limits.patience,
		.in_turns = kind == LANE_HASH || kind == LANE_WATCH,
		.each = kind == LANE_HASH ? 250 : 20,
		.threads = mem_new(most, (ptrdiff_t)sizeof(pthread_t))};
	waker_init(&lane->wake);
}

// Writers that wait for one another leave room for readers, and the other way round, where both wait
// for the same database connections. Elsewhere writers need no restraint: the more of them wait
// together, the fewer commits they cost. What hashes passwords has threads of its own.
void crew_prepare(struct http *http)
{
	const struct http_limits *l = &http->limits;
	struct crew *crew = &http->crew;
	lock_init(&crew->lock);
	waker_init(&crew->idle);
	lane_start(http, LANE_READ, MAX(l->workers * 3 / 4, 1), l->queue);
	lane_start(http, LANE_WRITE, http->config.reads_wait ? MAX(l->workers / 2, 1) : l->workers,
		l->queue);
	lane_start(http, LANE_HASH, l->hashers, l->hash_queue);
	lane_start(http, LANE_WATCH, WATCHERS, WATCH_QUEUE);
	lock_init(&http->awaiting.lock);
	waker_init(&http->awaiting.wake);
}

static void too_busy(struct exchange *ex, ms wait)
{
	ex->rate_wait = wait;
	ex->ctx.problem =
		(struct problem){.word = W_error_busy_seconds, .number = wait / MS_SECOND + 1};
}

bool crew_add(struct http *http, struct exchange *ex)
{
	struct crew *crew = &http->crew;
	struct lane *lane = &crew->lanes[lane_of(ex)];
	struct exchange *displaced = NULL;
	ms now = clock_steady();
	lock_take(&crew->lock);
	bool room = !crew->stop && lane_add(lane, ex, now, &displaced);
	ms wait = lane_wait(lane, now);
	if (room) {
		if (lane->waiting < lane->queued && lane->n < lane->most)
			lane->threads[lane->n++] = thread_start(worker_main, lane);
		waker_one(&lane->wake);
	}
	lock_release(&crew->lock);
	if (!room)
		too_busy(ex, wait);
	if (displaced) {
		too_busy(displaced, wait);
		exchange_refuse(displaced, ERR_UNAVAILABLE);
		guard_return(http, displaced);
	}
	return room;
}

static bool is_working(const struct crew *crew) REQUIRES_LOCK(crew->lock)
{
	for (int i = 0; i < LANES; i++)
		if (crew->lanes[i].busy || crew->lanes[i].queued)
			return true;
	return false;
}

bool crew_drain(struct http *http, ms deadline)
{
	struct crew *crew = &http->crew;
	bool in_time = true;
	lock_take(&crew->lock);
	while (in_time && is_working(crew))
		in_time = waker_wait_until(&crew->idle, &crew->lock, deadline);
	in_time = !is_working(crew);
	lock_release(&crew->lock);
	return in_time;
}

void crew_stop(struct http *http)
{
	struct crew *crew = &http->crew;
	lock_take(&crew->lock);
	crew->stop = true;
	lock_release(&crew->lock);
	for (int i = 0; i < LANES; i++) {
		struct lane *lane = &crew->lanes[i];
		lock_take(&crew->lock);
		struct exchange *dropped = lane->first;
		lane->first = lane->last = NULL;
		lane->queued = 0;
		int n = lane->n;
		lock_release(&crew->lock);
		waker_all(&lane->wake);
		for (int k = 0; k < n; k++)
			must(pthread_join(lane->threads[k], NULL) == 0);
		mem_free(lane->threads);
		lane->threads = NULL;
		while (dropped) {
			struct exchange *next = dropped->next;
			exchange_free(dropped);
			dropped = next;
		}
	}
}

// The next handler's turn: in a worker, or, when that is impossible, an error to the client.
static void go_on(struct http *http, struct exchange *ex, bool ended)
{
	ex->next = NULL;
	ex->req.awaited = ended;
	ex->stage = STAGE_NEXT;
	exchange_begin_wait(ex);
	if (crew_add(http, ex))
		return;
	exchange_refuse(ex, ERR_UNAVAILABLE);
	guard_return(http, ex);
}

static bool ended_already(struct awaiting *a, job_id job) REQUIRES_LOCK(a->lock)
{
	for (int i = 0; i < ENDED_JOBS; i++)
		if (a->ended[i] == job.v)
			return true;
	return false;
}

void await_add(struct http *http, struct exchange *ex)
{
	struct awaiting *a = &http->awaiting;
	exchange_drop_files(ex); // their bytes shall not be held for as long as the wait lasts
	lock_take(&a->lock);
	bool ended = ended_already(a, ex->answer.job);
	bool wait = !ended && !a->stop;
	if (wait) {
		ex->next = a->first;
		a->first = ex;
	}
	lock_release(&a->lock);
	if (wait)
		waker_one(&a->wake);
	else
		go_on(http, ex, ended);
}

// Takes out what awaits this job, or, with job 0, what is overdue.
static struct exchange *take_out(struct awaiting *a, job_id job, ms now) REQUIRES_LOCK(a->lock)
{
	struct exchange *out = NULL;
	for (struct exchange **at = &a->first; *at;) {
		struct exchange *ex = *at;
		bool match = job.v ? ex->answer.job.v == job.v : ex->answer.deadline <= now;
		if (!match) {
			at = &ex->next;
			continue;
		}
		*at = ex->next;
		ex->next = out;
		out = ex;
	}
	return out;
}

static void all_go_on(struct http *http, struct exchange *list, bool ended)
{
	while (list) {
		struct exchange *next = list->next;
		go_on(http, list, ended);
		list = next;
	}
}

void http_job_ended(struct http *http, job_id job)
{
	struct awaiting *a = &http->awaiting;
	lock_take(&a->lock);
	// The job may end before its request has come to wait for it.
	a->ended[a->n_ended++ % ENDED_JOBS] = job.v;
	struct exchange *list = job.v ? take_out(a, job, 0) : NULL;
	lock_release(&a->lock);
	all_go_on(http, list, true);
}

void await_stop(struct http *http)
{
	struct awaiting *a = &http->awaiting;
	lock_take(&a->lock);
	a->stop = true;
	struct exchange *list = take_out(a, (job_id){0}, INT64_MAX);
	lock_release(&a->lock);
	waker_all(&a->wake);
	must(pthread_join(http->timer, NULL) == 0);
	all_go_on(http, list, false);
}

void *timer_main(void *arg)
{
	struct http *http = arg;
	struct awaiting *a = &http->awaiting;
	thread_is(THREAD_TIMER, "http timer");
	ms sweep = 0;
	lock_take(&a->lock);
	while (!a->stop) {
		ms now = clock_steady();
		struct exchange *due = take_out(a, (job_id){0}, now);
		lock_release(&a->lock);
		all_go_on(http, due, false);
		if (now >= sweep)
			sweep = guard_sweep(http, now);
		lock_take(&a->lock);
		ms until = sweep;
		for (const struct exchange *ex = a->first; ex; ex = ex->next)
			until = MIN(until, ex->answer.deadline);
		if (!a->stop)
			waker_wait_until(&a->wake, &a->lock, until);
	}
	lock_release(&a->lock);
	return NULL;
}
