// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The queue as this process sees it: what it can do, who does it.
#pragma once

#include "jobs/jobs.h"
#include "jobs/jobs.sql.h"

#define KINDS_MOST 64
#define RUNNERS_MOST 64

struct kind {
	str name;
	job_fn fn;
	void *arg;
	struct job_policy policy;
	int running; // in this process
};

// What a runner looks for, and what it found.
struct claim {
	struct kind *kinds[KINDS_MOST]; // that may run one more
	int n_kinds;
	account_id full[RUNNERS_MOST]; // accounts that have as many jobs running as they may
	ptrdiff_t n_full;
	int64_t below; // turns of ranks that may run

	struct kind *kind;
	int64_t lease;
	ms until;
	struct job_row row;
	bool others; // more are due, or may be
	ms next;     // when those are due that are not, as far as we know; 0 = none
};

struct running {   // what a runner is at
	job_id id; // 0: nothing
	int64_t lease;
	ms lease_until;
	struct kind *kind;
	account_id account;
	enum job_rank rank;
};

#define LEAVINGS_MOST 32

struct leaving { // what jobs_on asked for
	str kind;
};

struct cut { // what jobs_on_cut asked for
	void (*fn)(void *);
	void *arg;
};

struct jobs {
	struct store *store;
	struct house *house;
	struct kind kinds[KINDS_MOST]; // fixed once started, but for `running`
	int n_kinds;
	void (*ended)(job_id, err, void *);
	void *ended_arg;
	struct leaving leavings[LEAVINGS_MOST];
	int n_leavings;
	LIST(struct cut) cuts; // on the heap

	struct lock lock;   // guards all that follows
	struct waker work;  // for runners: there may be due jobs
	struct waker timer; // for the keeper
	struct waker left;  // a thread has ended
	bool stopping;
	bool due;      // there may be due jobs that may begin
	bool blocked;  // there are due jobs, or may be, that may begin when one that runs has ended
	int64_t wakes; // how often that may have changed, so that no change is lost
	bool claiming; // a runner looks for a job; one at a time, for the limits by kind
	ms next_due;   // as far as we know; 0 = nothing waits
	int alive;     // threads
	int n_runners;
	int64_t served[RANKS];    // the latest turn of each rank that was claimed
	bool served_known[RANKS]; // also what was claimed before this process began
	struct running running[RUNNERS_MOST];
	pthread_t threads[RUNNERS_MOST + 1];
};

extern const struct command jobs_commands[]; // command.c
void jobs_wake(void *jobs);                  // there may be due jobs

// turns.c: a turn is a number within its rank; in the table they stand one after another.
#define TURNS ((int64_t)1 << 48)
enum job_rank rank_of(int64_t turn);
// The turn of a new job; inside its transaction.
err next_turn(struct ctx *, struct jobs *, account_id, enum job_rank, int64_t *turn) CHECKED;
// By what the runners are at: below which turn one more may be claimed, and which accounts have as many
// jobs running as they may.
int64_t turns_below(struct jobs *jobs) REQUIRES_LOCK(jobs->lock);
void full_accounts(struct jobs *jobs, account_id full[RUNNERS_MOST], ptrdiff_t *n)
	REQUIRES_LOCK(jobs->lock);
// claim.c: claims the due job whose turn it is of those that may begin; ERR_NOT_FOUND when there is none.
err jobs_claim(struct ctx *, struct claim *) CHECKED;
int64_t jobs_random(void);          // not negative
int slow_most(const struct jobs *); // how many slow jobs run at once
void *jobs_runner(void *arg);
void *jobs_keeper(void *arg);
struct runner_start {
	struct jobs *jobs;
	int number;
};
