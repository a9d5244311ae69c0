// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Thin wrappers over pthreads: what can only fail by our own mistake ends the program, so callers
// read as prose. The kind of a thread is thread-local and checked where code blocks.
#include "base/thread.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

static _Thread_local enum thread_kind kind_of_this;

void thread_is(enum thread_kind kind, const char *name)
{
	kind_of_this = kind;
	prctl(PR_SET_NAME, name, 0, 0, 0);
}

enum thread_kind thread_kind(void)
{
	return kind_of_this ? kind_of_this : THREAD_MAIN;
}

void thread_must_be(unsigned kinds)
{
	must(((unsigned)thread_kind() & kinds) != 0);
}

pthread_t thread_start(void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 512 << 10);
	int failed = pthread_create(&thread, &attr, run, arg);
	pthread_attr_destroy(&attr);
	if (failed) {
		fprintf(stderr, "cannot start a thread: error %d\n", failed);
		abort();
	}
	return thread;
}

void lock_init(struct lock *l)
{
	pthread_mutex_init(&l->mutex, NULL);
}

void lock_take(struct lock *l) TSA(no_thread_safety_analysis)
{
	must(pthread_mutex_lock(&l->mutex) == 0);
}

void lock_release(struct lock *l) TSA(no_thread_safety_analysis)
{
	must(pthread_mutex_unlock(&l->mutex) == 0);
}

void rwlock_init(struct rwlock *l)
{
	pthread_rwlockattr_t attr;
	pthread_rwlockattr_init(&attr);
	// Readers come in a steady stream: without this a writer could wait for ever.
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&l->rw, &attr);
	pthread_rwlockattr_destroy(&attr);
}

void rwlock_read(struct rwlock *l) TSA(no_thread_safety_analysis)
{
	must(pthread_rwlock_rdlock(&l->rw) == 0);
}

void rwlock_read_done(struct rwlock *l) TSA(no_thread_safety_analysis)
{
	must(pthread_rwlock_unlock(&l->rw) == 0);
}

void rwlock_write(struct rwlock *l) TSA(no_thread_safety_analysis)
{
	must(pthread_rwlock_wrlock(&l->rw) == 0);
}

void rwlock_write_done(struct rwlock *l) TSA(no_thread_safety_analysis)
{
	must(pthread_rwlock_unlock(&l->rw) == 0);
}

void waker_init(struct waker *w)
{
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->cond, &attr);
	pthread_condattr_destroy(&attr);
}

void waker_wait(struct waker *w, struct lock *l)
{
	must(pthread_cond_wait(&w->cond, &l->mutex) == 0);
}

bool waker_wait_until(struct waker *w, struct lock *l, ms deadline)
{
	struct timespec t = {(time_t)(deadline / 1000), (long)(deadline % 1000) * 1000000};
	int result = pthread_cond_timedwait(&w->cond, &l->mutex, &t);
	must(result == 0 || result == ETIMEDOUT);
	return result == 0;
}

void waker_one(struct waker *w)
{
	pthread_cond_signal(&w->cond);
}

void waker_all(struct waker *w)
{
	pthread_cond_broadcast(&w->cond);
}
