// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The workers, started one by one when a request finds none free; the table of requests that await a
// job; and the timer thread, which ends waits at their deadlines and has the guard look for clients
// that are too slow.
#include "http/inside.h"

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
	case FLOW_WORKER:
		must(false); // a worker needs no worker
	}
}

static struct exchange *take(struct crew *crew) REQUIRES_LOCK(crew->lock)
{
	struct exchange *ex = crew->first;
	if (!ex)
		return NULL;
	crew->first = ex->next;
	if (!crew->first)
		crew->last = NULL;
	ex->next = NULL;
	crew->queued--;
	crew->busy++;
	return ex;
}

static void *worker_main(void *arg)
{
	struct http *http = arg;
	struct crew *crew = &http->crew;
	thread_is(THREAD_WORKER, "worker");
	lock_take(&crew->lock);
	for (;;) {
		struct exchange *ex = take(crew);
		if (ex) {
			lock_release(&crew->lock);
			work(http, ex);
			lock_take(&crew->lock);
			crew->busy--;
			if (!crew->busy && !crew->queued)
				waker_all(&crew->idle);
			continue;
		}
		if (crew->stop)
			break;
		crew->waiting++;
		waker_wait(&crew->wake, &crew->lock);
		crew->waiting--;
	}
	lock_release(&crew->lock);
	return NULL;
}

void crew_start(struct http *http)
{
	struct crew *crew = &http->crew;
	lock_init(&crew->lock);
	waker_init(&crew->wake);
	waker_init(&crew->idle);
	pthread_t *threads = mem_new(http->limits.workers, (ptrdiff_t)sizeof(pthread_t));
	lock_take(&crew->lock);
	crew->threads = threads;
	lock_release(&crew->lock);
	lock_init(&http->awaiting.lock);
	waker_init(&http->awaiting.wake);
}

bool crew_add(struct http *http, struct exchange *ex)
{
	struct crew *crew = &http->crew;
	lock_take(&crew->lock);
	bool room = crew->queued < http->limits.queue && !crew->stop;
	if (room) {
		if (crew->last)
			crew->last->next = ex;
		else
			crew->first = ex;
		crew->last = ex;
		crew->queued++;
		if (crew->waiting < crew->queued && crew->n < http->limits.workers)
			crew->threads[crew->n++] = thread_start(worker_main, http);
		waker_one(&crew->wake);
	}
	lock_release(&crew->lock);
	return room;
}

bool crew_drain(struct http *http, ms deadline)
{
	struct crew *crew = &http->crew;
	bool in_time = true;
	lock_take(&crew->lock);
	while (in_time && (crew->busy || crew->queued))
		in_time = waker_wait_until(&crew->idle, &crew->lock, deadline);
	in_time = !crew->busy && !crew->queued;
	lock_release(&crew->lock);
	return in_time;
}

void crew_stop(struct http *http)
{
	struct crew *crew = &http->crew;
	lock_take(&crew->lock);
	crew->stop = true;
	struct exchange *dropped = crew->first;
	crew->first = crew->last = NULL;
	crew->queued = 0;
	int n = crew->n;
	pthread_t *threads = crew->threads;
	crew->threads = NULL;
	lock_release(&crew->lock);
	waker_all(&crew->wake);
	for (int i = 0; i < n; i++)
		must(pthread_join(threads[i], NULL) == 0);
	mem_free(threads);
	while (dropped) {
		struct exchange *next = dropped->next;
		exchange_free(dropped);
		dropped = next;
	}
}

// The next handler's turn: in a worker, or, when that is impossible, an error to the client.
static void go_on(struct http *http, struct exchange *ex, bool ended)
{
	ex->next = NULL;
	ex->req.awaited = ended;
	ex->stage = STAGE_NEXT;
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
