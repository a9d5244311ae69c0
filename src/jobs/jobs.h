// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The durable queue: what is to be done later, and doing it. A job is a row that is written in the
// transaction of what makes it necessary; runner threads claim due rows by lease. At least once:
// a runner that dies leaves its lease to run out and the job is done again, so the work must bear
// being done twice. A job that fails is tried again with growing pauses; one that was given up is
// kept and listed.
#pragma once

#include "store/store.h"

struct jobs;
extern const struct room jobs_room;

extern struct change_kind job_ended; // subject: the job; extra: its err

// When a job's turn comes: one of a later rank begins only while none of an earlier one is due, and of
// the runners for slow jobs one is kept free of later ranks, if there are two.
enum job_rank { RANK_USUAL, RANK_LATER, RANK_LAST, RANKS };

struct job_new {
	str kind;    // as registered, "note.deliver"
	str payload; // whatever the kind wants, UTF-8; often empty
	int64_t subject;
	ms run_at;  // not before; 0 = at once
	str unique; // "" or a key that only one unfinished job may have
	// For whom, where the kind is slow: accounts take turns within a rank, however many jobs one of
	// them has, and none has all runners at a time. 0: nobody.
	account_id account;
	enum job_rank rank;
};

struct job {
	job_id id;
	str kind, payload;
	int64_t subject;
	ms added;    // when what made it necessary happened
	int attempt; // 1 for the first
	bool last;   // no attempt follows a failure of this one, but for ERR_FULL
	enum job_rank rank;
	bool *put_off; // see job_put_off
};

// A job of RANK_USUAL finds that it would take long: when it returns OK now, it is not done but begins
// anew with RANK_LATER. That is no attempt. Whoever waits for it goes on waiting.
void job_put_off(const struct job *);

// Does one job, on a runner thread, outside any transaction; it may wait. Its error is kept as the
// job's last error; ERR_GONE gives the job up at once, ERR_FULL never does: it is tried again, at the
// latest every minute, until there is room. ctx is fresh; ctx->viewer is nobody.
typedef err (*job_fn)(struct ctx *, const struct job *, void *arg);

struct job_policy {   // 0 = the default
	int attempts; // then it is given up; 8
	ms backoff;   // pause after the first failure, doubled each time up to 6 h, ± 25 %; 5 s
	ms lease; // a claim of a runner that died is free after this; renewed while it lives; 20 s, at least 3 s
	int concurrency; // how many of this kind run at once in this process; all runners
	bool slow; // waits for other processes: all such kinds together leave one runner to the rest
};

// The queue of this program, for ctx->house->jobs. Adding works without it (commands).
struct jobs *jobs_new(struct store *);
// At start, before jobs_start. A kind that nobody registered stays in the queue.
void jobs_register(struct jobs *, str kind, job_fn, void *arg, const struct job_policy *);
// Adds a job in the caller's transaction (or one of its own). When its unique key is taken *out is
// the job that has it; one that runs at the moment is then done once more afterwards. out may be NULL.
err jobs_add(struct ctx *, const struct job_new *, job_id *out) CHECKED;
// From now on each change of the kind leaves a job in its transaction, unless it is quiet: its subject is
// the change's, job_actor gives the change's actor. In every process that writes, so at start.
void jobs_on(struct jobs *, struct change_kind *, str job_kind);
account_id job_actor(const struct job *);
// The unfinished job with this unique key; ERR_NOT_FOUND when there is none. Adding writes even then:
// what plans the same thing again and again asks first.
err jobs_waiting(struct ctx *, str unique, job_id *out) CHECKED;

// Starts n runners (with one alone no runner can be kept free) and the thread that wakes them. The
// house is what job functions find in ctx.
void jobs_start(struct jobs *, struct house *, int n);
// Takes no new jobs and waits for those that run until the deadline passed (clock_steady); false
// when some were still running: then the queue must not be freed, and the process should end, or this is
// called again. What fails from now on was no attempt: it is done after the next start.
bool jobs_stop(struct jobs *, ms deadline);
// When the server stops, jobs have a moment to end by themselves. For those that wait for something that
// can be ended: then fn is called, in any thread. At start.
void jobs_on_cut(struct jobs *, void (*fn)(void *arg), void *arg);
void jobs_cut(struct jobs *);
void jobs_free(struct jobs *);

// Called once when a job has ended, here or in another process: OK, or its last error when it was
// given up. Not called for a try that will be repeated. It is a listener of the store (quick, no
// writes). Before jobs_start.
void jobs_on_end(struct jobs *, void (*fn)(job_id, err, void *arg), void *arg);
// How a job stands now: OK it is done, ERR_TIMEOUT it is not yet, ERR_GONE given up, ERR_NOT_FOUND.
// For whoever begins to wait after it may have ended.
err jobs_state(struct ctx *, job_id) CHECKED;

enum job_state { JOB_WAITING, JOB_DONE, JOB_GIVEN_UP };
struct job_info {
	job_id id;
	str kind;
	int64_t subject;
	enum job_state state;
	bool running;
	int attempts;
	ms added_at, run_at, done_at;
	str last_error;
};
// For the operator: jobs of one state, newest first, at most `most`.
err jobs_list(struct ctx *, enum job_state, int most, struct job_info **out, ptrdiff_t *n) CHECKED;
struct job_count {
	str kind;
	int64_t waiting, given_up;
	ms oldest; // when the longest waiting one was due; 0 = none
};
err jobs_counts(struct ctx *, struct job_count **out, ptrdiff_t *n) CHECKED;
// Puts a job that was given up back into the queue. ERR_NOT_FOUND when there is no such one.
err jobs_retry(struct ctx *, job_id) CHECKED;
