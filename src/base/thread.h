// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Threads, locks and what a thread may wait for. Locks carry clang's thread-safety attributes; each
// says at its declaration what it guards.
#pragma once

#include "base/clock.h"

#include <pthread.h>

#if defined(__clang__)
#define TSA(x) __attribute__((x))
#else
#define TSA(x)
#endif
// On members: which lock beside it guards it. For readers only: in C, clang 14 cannot name another
// member of the struct it is still reading.
#define GUARDED_BY(lock)
#define REQUIRES_LOCK(lock) TSA(requires_capability(lock))

struct TSA(capability("mutex")) lock {
	pthread_mutex_t mutex;
};
#define LOCK_INIT \
	{ \
		PTHREAD_MUTEX_INITIALIZER \
	}
void lock_init(struct lock *);
void lock_take(struct lock *l) TSA(acquire_capability(l));
void lock_release(struct lock *l) TSA(release_capability(l));

struct TSA(capability("mutex")) rwlock {
	pthread_rwlock_t rw;
};
void rwlock_init(struct rwlock *);
void rwlock_read(struct rwlock *l) TSA(acquire_shared_capability(l));
void rwlock_read_done(struct rwlock *l) TSA(release_shared_capability(l));
void rwlock_write(struct rwlock *l) TSA(acquire_capability(l));
void rwlock_write_done(struct rwlock *l) TSA(release_capability(l));

struct waker { // a condition variable on the steady clock
	pthread_cond_t cond;
};
void waker_init(struct waker *);
void waker_wait(struct waker *, struct lock *l) TSA(requires_capability(l));
// False when the deadline (clock_steady) passed first.
bool waker_wait_until(struct waker *, struct lock *l, ms deadline) TSA(requires_capability(l));
void waker_one(struct waker *);
void waker_all(struct waker *);

// What kind of thread this is decides what it may wait for (ARCHITECTURE.md, threads).
enum thread_kind {
	THREAD_MAIN = 1,     // start-up, commands and tests: may wait for anything
	THREAD_LISTENER = 2, // network, memory, short local reads
	THREAD_WORKER = 4,   // may wait for the database
	THREAD_RUNNER = 8,   // job runner: may wait for other processes and servers
	THREAD_TIMER = 16,   // turns time into jobs
	THREAD_HASHER = 32   // a worker that may also wait for its turn to hash a password
};
void thread_is(enum thread_kind, const char *name);
enum thread_kind thread_kind(void);
// States that the calling thread is one of these kinds (a mask); called where code blocks.
void thread_must_be(unsigned kinds);
// Starts a thread with a 512 KiB stack; ends the program when the system refuses.
pthread_t thread_start(void *(*run)(void *), void *arg);
