// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The queue on SQLite and on PostgreSQL: done, done again, given up, done once by two queues, taken
// over from a process that was killed.
#include "jobs/jobs.h"
#include "world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "both.h"

#define DONE_MOST 1024

struct log_of_jobs {
	struct lock lock;
	int times[DONE_MOST]; // by subject
	int at_once, at_once_most;
	int ended, ended_badly;
	struct jobs *jobs;
	char payload[32];
	int64_t order[DONE_MOST]; // subjects as they began
	int n_order, gate;        // so many gated jobs may end
};

static struct log_of_jobs seen;

static void nap(ms for_how_long)
{
	nanosleep(&(struct timespec){for_how_long / 1000, for_how_long % 1000 * 1000000}, NULL);
}

static void enter(int64_t subject)
{
	lock_take(&seen.lock);
	seen.times[subject]++;
	seen.at_once++;
	seen.at_once_most = MAX(seen.at_once_most, seen.at_once);
	lock_release(&seen.lock);
}

static void leave(void)
{
	lock_take(&seen.lock);
	seen.at_once--;
	lock_release(&seen.lock);
}

static int times_of(int64_t subject)
{
	lock_take(&seen.lock);
	int times = seen.times[subject];
	lock_release(&seen.lock);
	return times;
}

static err quick(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx, (void)arg;
	enter(job->subject);
	lock_take(&seen.lock);
	snprintf(seen.payload, sizeof seen.payload, "%.*s", STR_ARGS(job->payload));
	lock_release(&seen.lock);
	nap(2);
	leave();
	return OK;
}

static err slow(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx;
	enter(job->subject);
	nap(*(ms *)arg);
	leave();
	return OK;
}

// Begins, and ends when the test opens the gate for one more.
static err gated(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx, (void)arg;
	enter(job->subject);
	lock_take(&seen.lock);
	seen.order[seen.n_order++] = job->subject;
	while (seen.gate == 0) {
		lock_release(&seen.lock);
		nap(2);
		lock_take(&seen.lock);
	}
	seen.gate--;
	lock_release(&seen.lock);
	leave();
	return OK;
}

static void open_gate(int n)
{
	lock_take(&seen.lock);
	seen.gate += n;
	lock_release(&seen.lock);
}

static int begun(void)
{
	lock_take(&seen.lock);
	int n = seen.n_order;
	lock_release(&seen.lock);
	return n;
}

// Gated, once it has been put off.
static err large(struct ctx *ctx, const struct job *job, void *arg)
{
	if (job->rank != RANK_USUAL)
		return gated(ctx, job, arg);
	assert_int_equal(job->attempt, 1);
	enter(job->subject);
	leave();
	job_put_off(job);
	return OK;
}

// What it waits for ends when the server stops.
static err cut_off(struct ctx *ctx, const struct job *job, void *arg)
{
	assert_int_equal(job->attempt, 1);
	err code = gated(ctx, job, arg);
	return times_of(job->subject) < 2 ? ERR_UNAVAILABLE : code;
}

static err no_room(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx, (void)arg;
	enter(job->subject);
	leave();
	return times_of(job->subject) < 6 ? ERR_FULL : OK;
}

static err fails_till_third(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	enter(job->subject);
	leave();
	assert_int_equal(job->attempt, times_of(job->subject));
	return job->attempt < 3 ? fail_s(ctx, ERR_IO, "place", 0, S("not yet")) : OK;
}

static err fails(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx, (void)arg;
	enter(job->subject);
	leave();
	return ERR_TIMEOUT;
}

static err useless(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)ctx, (void)arg;
	enter(job->subject);
	leave();
	return ERR_GONE;
}

static void ended(job_id id, err result, void *arg)
{
	(void)id, (void)arg;
	lock_take(&seen.lock);
	seen.ended++;
	seen.ended_badly += result != OK;
	lock_release(&seen.lock);
}

static ms short_nap = 300, long_nap = 5000;

static struct jobs *queue(struct world *w)
{
	struct jobs *jobs = jobs_new(w->house.store);
	const struct job_policy fast = {.attempts = 3, .backoff = 20, .lease = 3 * MS_SECOND};
	const struct job_policy narrow = {.concurrency = 2};
	jobs_register(jobs, S("quick"), quick, NULL, NULL);
	jobs_register(jobs, S("narrow"), slow, &short_nap, &narrow);
	jobs_register(jobs, S("long"), slow, &long_nap, &fast);
	jobs_register(jobs, S("stubborn"), fails_till_third, NULL, &fast);
	jobs_register(jobs, S("hopeless"), fails, NULL, &fast);
	jobs_register(jobs, S("useless"), useless, NULL, &fast);
	const struct job_policy waits = {.slow = true};
	jobs_register(jobs, S("picture"), gated, NULL, &waits);
	jobs_register(jobs, S("large"), large, NULL, &waits);
	const struct job_policy once = {.attempts = 1};
	jobs_register(jobs, S("cut off"), cut_off, NULL, &once);
	jobs_register(jobs, S("patient"), no_room, NULL, &fast);
	w->house.jobs = jobs;
	return jobs;
}

static struct world *begin(void **state, struct jobs **jobs)
{
	struct pg_server *pg = *state;
	if (pg)
		world_wipe(pg);
	struct world *w = world_new(pg);
	world_open(w);
	memset(&seen, 0, sizeof seen);
	lock_init(&seen.lock);
	*jobs = queue(w);
	jobs_on_end(*jobs, ended, NULL);
	return w;
}

static void end(struct world *w, struct jobs *jobs)
{
	assert_true(jobs_stop(jobs, clock_steady() + 20 * MS_SECOND));
	jobs_free(jobs);
	world_close(w);
	world_free(w);
}

static job_id add(struct world *w, str kind, int64_t subject, str unique, ms run_at)
{
	job_id id = {0};
	w->ctx.now = clock_now();
	const struct job_new job = {.kind = kind,
		.payload = S("{\"a\":1}"),
		.subject = subject,
		.run_at = run_at,
		.unique = unique};
	assert_int_equal(jobs_add(&w->ctx, &job, &id), OK);
	assert_true(id.v > 0);
	return id;
}

static err wait_for(struct world *w, job_id id, ms patience)
{
	ms deadline = clock_steady() + patience;
	err state;
	while ((state = jobs_state(&w->ctx, id)) == ERR_TIMEOUT && clock_steady() < deadline)
		nap(5);
	return state;
}

static void done_with_payload_and_told(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	job_id early = add(w, S("quick"), 1, S(""), 0); // before the queue runs
	assert_int_equal(jobs_state(&w->ctx, early), ERR_TIMEOUT);
	jobs_start(jobs, &w->house, 3);
	assert_int_equal(wait_for(w, early, 5000), OK);
	ms began = clock_steady();
	job_id id = add(w, S("quick"), 2, S(""), 0);
	assert_int_equal(wait_for(w, id, 5000), OK);
	assert_true(clock_steady() - began < 700); // woken, not found by looking
	assert_string_equal(seen.payload, "{\"a\":1}");
	job_id later = add(w, S("quick"), 3, S(""), clock_now() + 400);
	assert_int_equal(wait_for(w, later, 5000), OK);
	assert_true(clock_steady() - began >= 400);
	assert_int_equal(jobs_state(&w->ctx, (job_id){404}), ERR_NOT_FOUND);
	end(w, jobs);
	assert_int_equal(seen.ended, 3);
	assert_int_equal(seen.times[1] + seen.times[2] + seen.times[3], 3);
}

static err add_and_fail(struct ctx *ctx, void *arg)
{
	job_id id;
	const struct job_new job = {.kind = S("quick"), .payload = S(""), .subject = 5};
	(void)arg;
	TRY(jobs_add(ctx, &job, &id));
	return ERR_FORBIDDEN;
}

static void add_of(struct world *w, int64_t account, int64_t subject)
{
	w->ctx.now = clock_now();
	const struct job_new job = {.kind = S("picture"), .subject = subject, .account = {account}};
	assert_int_equal(jobs_add(&w->ctx, &job, NULL), OK);
}

static job_id add_ranked(
	struct world *w, str kind, int64_t account, int64_t subject, enum job_rank rank)
{
	job_id id = {0};
	w->ctx.now = clock_now();
	const struct job_new job = {
		.kind = kind, .subject = subject, .account = {account}, .rank = rank};
	assert_int_equal(jobs_add(&w->ctx, &job, &id), OK);
	return id;
}

static void until_begun(int n)
{
	ms deadline = clock_steady() + 20 * MS_SECOND;
	while (begun() < n && clock_steady() < deadline)
		nap(2);
	assert_int_equal(begun(), n);
}

static void assert_order(const int64_t *subjects, int n)
{
	assert_int_equal(begun(), n);
	for (int i = 0; i < n; i++)
		assert_int_equal(seen.order[i], subjects[i]);
}

// However many one account has in the queue, the others' come in between; and who comes later does not
// go before all that wait.
static void accounts_take_turns(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	for (int64_t i = 1; i <= 8; i++)
		add_of(w, 1, 100 + i);
	add_of(w, 2, 201);
	add_of(w, 2, 202);
	add_of(w, 3, 301);
	jobs_start(jobs, &w->house, 2); // one of them for pictures
	for (int i = 1; i <= 6; i++) {
		until_begun(i);
		open_gate(1);
	}
	until_begun(7);
	add_of(w, 4, 401); // 105 runs: 401 and 106 wait for the same turn, 106 for longer
	add_of(w, 4, 402);
	open_gate(7);
	until_begun(13);
	static const int64_t order[] = {
		101, 201, 301, 102, 202, 103, 104, 105, 401, 106, 402, 107, 108};
	assert_int_equal(begun(), 13);
	int at_401 = 0, at_402 = 0, at_106 = 0;
	for (int i = 0; i < 13; i++) {
		at_401 = seen.order[i] == 401 ? i : at_401;
		at_402 = seen.order[i] == 402 ? i : at_402;
		at_106 = seen.order[i] == 106 ? i : at_106;
	}
	for (int i = 0; i < 7; i++)
		assert_int_equal(seen.order[i], order[i]);
	assert_true(at_401 <= 8 && at_402 <= 11 && at_106 <= 9);
	end(w, jobs);
}

static void nobody_has_every_runner(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	jobs_start(jobs, &w->house, 4); // three for pictures, two of them for one account
	for (int64_t i = 1; i <= 10; i++)
		add_of(w, 1, 100 + i);
	until_begun(2);
	nap(1200); // the keeper has looked too
	assert_order((int64_t[]){101, 102}, 2);
	add_of(w, 2, 201);
	until_begun(3); // at once, whatever the first account has running
	assert_int_equal(seen.order[2], 201);
	add_of(w, 2, 202);
	// All runners for pictures are busy: the last one still does what is quick.
	job_id quick_one = add(w, S("quick"), 50, S(""), 0);
	assert_int_equal(wait_for(w, quick_one, 5000), OK);
	assert_int_equal(begun(), 3);
	open_gate(12);
	until_begun(12);
	end(w, jobs);
	assert_true(seen.at_once_most <= 4);
}

// One after another as each ends, and not only when the keeper looks.
static void what_waits_begins_when_one_has_ended(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	jobs_start(jobs, &w->house, 2); // one of them for pictures
	for (int64_t i = 1; i <= 10; i++)
		add_of(w, i, i);
	until_begun(1);
	nap(200); // both runners know that nothing else may begin
	ms began = clock_steady();
	for (int i = 2; i <= 10; i++) {
		open_gate(1);
		until_begun(i);
	}
	assert_true(clock_steady() - began < 4000);
	open_gate(1);
	end(w, jobs);
}

// More than is read of the queue at once; and nobody looks over and over meanwhile.
static void a_crowd_that_waits_is_in_nobodys_way(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	for (int64_t i = 1; i <= 40; i++)
		add_of(w, i, i);
	jobs_start(jobs, &w->house, 2); // one of them for pictures
	until_begun(1);
	job_id quick_one = add_ranked(w, S("quick"), 0, 500, RANK_LATER);
	assert_int_equal(wait_for(w, quick_one, 5000), OK);
	store_done(&w->ctx);
	clock_t used = clock();
	nap(1500);
	assert_true(clock() - used < CLOCKS_PER_SEC / 2);
	assert_int_equal(begun(), 1);
	open_gate(40);
	until_begun(40);
	end(w, jobs);
}

// Whatever came before them and however many there are; and within a rank accounts take turns.
static void later_ranks_come_after_all_others(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	for (int64_t i = 1; i <= 3; i++)
		add_ranked(w, S("picture"), 1, 900 + i, RANK_LAST);
	add_ranked(w, S("picture"), 2, 910, RANK_LAST);
	add_ranked(w, S("picture"), 1, 801, RANK_LATER);
	for (int64_t i = 1; i <= 3; i++)
		add_of(w, 1, 100 + i);
	jobs_start(jobs, &w->house, 2); // one of them for pictures
	until_begun(1);
	add_of(w, 1, 104); // behind one's own of this rank only
	open_gate(9);
	until_begun(9);
	assert_order((int64_t[]){101, 102, 103, 104, 801, 901, 910, 902, 903}, 9);
	end(w, jobs);
}

static void later_ranks_leave_a_runner_free(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	jobs_start(jobs, &w->house, 4); // three for pictures, two of them for later ranks
	for (int64_t i = 1; i <= 5; i++)
		add_ranked(w, S("picture"), i, 900 + i, i % 2 ? RANK_LATER : RANK_LAST);
	until_begun(2);
	nap(1200); // the keeper has looked too
	assert_int_equal(begun(), 2);
	add_of(w, 9, 109);
	until_begun(3);
	assert_int_equal(seen.order[2], 109);
	open_gate(6);
	until_begun(6);
	end(w, jobs);
}

static void what_takes_long_is_put_off(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	job_id ids[3];
	for (int64_t i = 0; i < 3; i++)
		ids[i] = add_ranked(w, S("large"), 1, 1 + i, RANK_USUAL);
	add_ranked(w, S("picture"), 2, 9, RANK_LAST);
	jobs_start(jobs, &w->house, 2);
	until_begun(1);
	for (int i = 1; i <= 3; i++) // all have been looked at before the first is done
		assert_int_equal(times_of(i), i == 1 ? 2 : 1);
	assert_int_equal(jobs_state(&w->ctx, ids[0]), ERR_TIMEOUT);
	open_gate(4);
	until_begun(4);
	assert_order((int64_t[]){1, 2, 3, 9}, 4);
	for (int i = 0; i < 3; i++)
		assert_int_equal(wait_for(w, ids[i], 5000), OK);
	struct job_info *list;
	ptrdiff_t n;
	assert_int_equal(jobs_list(&w->ctx, JOB_DONE, 10, &list, &n), OK);
	for (ptrdiff_t i = 0; i < n; i++)
		assert_int_equal(list[i].attempts, 1);
	end(w, jobs);
	assert_int_equal(seen.ended, 4); // each once
}

static void what_a_stop_cuts_off_was_no_attempt(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	job_id id = add(w, S("cut off"), 1, S(""), 0);
	jobs_start(jobs, &w->house, 2);
	until_begun(1);
	assert_false(jobs_stop(jobs, clock_steady() + 50));
	open_gate(1);
	assert_true(jobs_stop(jobs, clock_steady() + 20 * MS_SECOND));
	assert_int_equal(jobs_state(&w->ctx, id), ERR_TIMEOUT);
	store_done(&w->ctx);
	open_gate(1);
	jobs_start(jobs, &w->house, 2);
	assert_int_equal(wait_for(w, id, 5000), OK);
	assert_int_equal(times_of(1), 2);
	end(w, jobs);
	assert_int_equal(seen.ended, 1);
	assert_int_equal(seen.ended_badly, 0);
}

static void a_full_disk_gives_no_job_up(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	jobs_start(jobs, &w->house, 2);
	ms began = clock_steady();
	job_id id = add(w, S("patient"), 1, S(""), 0); // three attempts are its most
	assert_int_equal(wait_for(w, id, 15000), OK);
	assert_int_equal(times_of(1), 6);
	assert_true(clock_steady() - began <
		    3500); // its pauses are 0.6 s, the keeper's five looks take longer
	end(w, jobs);
}

static void failures_are_tried_again_then_given_up(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	jobs_start(jobs, &w->house, 2);
	assert_int_equal(store_write(&w->ctx, add_and_fail, NULL), ERR_FORBIDDEN);
	job_id good = add(w, S("stubborn"), 1, S(""), 0);
	job_id bad = add(w, S("hopeless"), 2, S(""), 0);
	job_id none = add(w, S("useless"), 3, S(""), 0);
	assert_int_equal(wait_for(w, good, 8000), OK);
	assert_int_equal(wait_for(w, bad, 8000), ERR_GONE);
	assert_int_equal(wait_for(w, none, 8000), ERR_GONE);
	assert_int_equal(times_of(1), 3);
	assert_int_equal(times_of(2), 3);
	assert_int_equal(times_of(3), 1);
	struct job_info *list;
	ptrdiff_t n;
	assert_int_equal(jobs_list(&w->ctx, JOB_GIVEN_UP, 10, &list, &n), OK);
	assert_int_equal(n, 2);
	for (ptrdiff_t i = 0; i < n; i++)
		assert_true(str_eq(list[i].last_error,
			list[i].id.v == bad.v ? S("ERR_TIMEOUT") : S("ERR_GONE")));
	struct job_count *counts;
	assert_int_equal(jobs_counts(&w->ctx, &counts, &n), OK);
	assert_int_equal(n, 3);
	assert_true(str_eq(counts[0].kind, S("hopeless")) && counts[0].given_up == 1);
	assert_int_equal(jobs_retry(&w->ctx, good), ERR_NOT_FOUND);
	assert_int_equal(jobs_retry(&w->ctx, none), OK);
	assert_int_equal(wait_for(w, none, 8000), ERR_GONE);
	assert_int_equal(times_of(3), 2);
	end(w, jobs);
	assert_int_equal(seen.times[5], 0); // was rolled back
	assert_int_equal(seen.ended, 4);
	assert_int_equal(seen.ended_badly, 3);
}

static void one_job_by_key(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	job_id first = add(w, S("narrow"), 1, S("key"), 0);
	job_id second = add(w, S("narrow"), 1, S("key"), 0);
	job_id other = add(w, S("narrow"), 2, S("other"), 0);
	assert_int_equal(first.v, second.v);
	assert_true(other.v != first.v);
	jobs_start(jobs, &w->house, 3);
	while (!times_of(1))
		nap(5);
	job_id meanwhile = add(w, S("narrow"), 1, S("key"), 0); // it runs: once more afterwards
	assert_int_equal(meanwhile.v, first.v);
	assert_int_equal(wait_for(w, first, 8000), OK);
	assert_int_equal(times_of(1), 2);
	job_id after = add(w, S("narrow"), 1, S("key"), 0);
	assert_true(after.v != first.v);
	assert_int_equal(wait_for(w, after, 8000), OK);
	for (int64_t i = 10; i < 16; i++)
		add(w, S("narrow"), i, S(""), 0);
	end(w, jobs);
	assert_int_equal(seen.at_once_most, 2); // the kind's limit
}

// Two queues on two stores, as in two processes: every job exactly once.
static void two_queues_do_each_job_once(void **state)
{
	struct jobs *jobs, *others;
	struct world *w = begin(state, &jobs);
	struct world *v = world_new(*state);
	strcpy(v->address, w->address);
	world_open(v);
	others = queue(v);
	store_tail_start(&w->ctx, w->house.store);
	job_id ids[120];
	for (int i = 0; i < 120; i++)
		ids[i] = add(w, S("quick"), i, S(""), 0);
	job_id lasting = add(w, S("long"), 300, S(""), 0); // longer than its lease
	jobs_start(jobs, &w->house, 3);
	jobs_start(others, &v->house, 3);
	for (int i = 0; i < 120; i++)
		assert_int_equal(wait_for(w, ids[i], 30000), OK);
	assert_int_equal(wait_for(w, lasting, 15000), OK);
	ms deadline = clock_steady() + 5000;
	for (;;) { // ends at the other queue are heard through the tail
		lock_take(&seen.lock);
		int n = seen.ended;
		lock_release(&seen.lock);
		if (n == 121 || clock_steady() > deadline)
			break;
		nap(20);
	}
	assert_true(jobs_stop(others, clock_steady() + 10000));
	store_tail_stop(w->house.store);
	jobs_free(others);
	world_close(v);
	world_free(v);
	end(w, jobs);
	for (int i = 0; i < 120; i++)
		assert_int_equal(seen.times[i], 1);
	assert_int_equal(seen.times[300], 1);
	assert_int_equal(seen.ended, 121);
}

static void a_killed_process_loses_no_job(void **state)
{
	struct jobs *jobs;
	struct world *w = begin(state, &jobs);
	char address[256];
	job_id id = add(w, S("long"), 1, S(""), 0);
	strcpy(address, w->address);
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		struct world *v = world_new(*state);
		must(rmdir(v->dir) == 0); // nobody will be there to do it later
		strcpy(v->address, address);
		world_open(v);
		struct jobs *mine = queue(v);
		jobs_start(mine, &v->house, 1);
		while (!times_of(1))
			nap(5);
		must(write(ready[1], "x", 1) == 1);
		for (;;)
			pause();
	}
	char x;
	assert_int_equal(read(ready[0], &x, 1), 1);
	assert_int_equal(kill(child, SIGKILL), 0);
	waitpid(child, NULL, 0);
	long_nap = 50;
	jobs_start(jobs, &w->house, 1);
	assert_int_equal(wait_for(w, id, 12000), OK);
	struct job_info *list;
	ptrdiff_t n;
	assert_int_equal(jobs_list(&w->ctx, JOB_DONE, 10, &list, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].attempts, 2);
	close(ready[0]);
	close(ready[1]);
	end(w, jobs);
	long_nap = 5000;
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(done_with_payload_and_told),
		cmocka_unit_test(failures_are_tried_again_then_given_up),
		cmocka_unit_test(one_job_by_key),
		cmocka_unit_test(accounts_take_turns),
		cmocka_unit_test(nobody_has_every_runner),
		cmocka_unit_test(what_waits_begins_when_one_has_ended),
		cmocka_unit_test(a_crowd_that_waits_is_in_nobodys_way),
		cmocka_unit_test(later_ranks_come_after_all_others),
		cmocka_unit_test(later_ranks_leave_a_runner_free),
		cmocka_unit_test(what_takes_long_is_put_off),
		cmocka_unit_test(what_a_stop_cuts_off_was_no_attempt),
		cmocka_unit_test(a_full_disk_gives_no_job_up),
		cmocka_unit_test(two_queues_do_each_job_once),
		cmocka_unit_test(a_killed_process_loses_no_job),
	};
	return run_on_both(tests);
}
