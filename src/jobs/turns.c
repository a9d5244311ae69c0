// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whose turn it is: which number a new job gets, and what may not begin while others run.
#include "jobs/inside.h"
#include "jobs/jobs.sql.h"

enum job_rank rank_of(int64_t turn)
{
	return (enum job_rank)MIN(MAX(turn / TURNS, 0), RANKS - 1);
}

// The latest turn that was claimed. A queue that was left by the process before goes on where it stood:
// counting anew would put whoever comes now before all who wait.
static err turns_served(struct ctx *ctx, struct jobs *jobs, enum job_rank rank, int64_t *served)
{
	struct job_first_turn_row first = {.turn = 1};
	lock_take(&jobs->lock);
	bool known = jobs->served_known[rank];
	*served = jobs->served[rank];
	lock_release(&jobs->lock);
	if (known)
		return OK;
	err code = job_first_turn(ctx, rank * TURNS - 1, (rank + 1) * TURNS, &first);
	if (code != OK && code != ERR_NOT_FOUND)
		return code;
	lock_take(&jobs->lock);
	jobs->served_known[rank] = true;
	jobs->served[rank] = MAX(jobs->served[rank], first.turn - 1);
	*served = jobs->served[rank];
	lock_release(&jobs->lock);
	return OK;
}

// Behind the account's own jobs of the rank, and not before those that others have already waited for: so
// accounts alternate, and one that comes now has not saved up turns from when it had nothing to do.
err next_turn(
	struct ctx *ctx, struct jobs *jobs, account_id account, enum job_rank rank, int64_t *turn)
{
	int64_t first = rank * TURNS, served = 0;
	struct job_last_turn_row last = {.turn = first};
	must(rank >= RANK_USUAL && rank < RANKS);
	if (jobs)
		TRY(turns_served(ctx, jobs, rank, &served));
	if (account.v) {
		err code = job_last_turn(ctx, account, first, first + TURNS, &last);
		if (code != OK && code != ERR_NOT_FOUND)
			return code;
	}
	*turn = MAX(last.turn, served) + 1;
	return OK;
}

// One runner is for what is not slow.
int slow_most(const struct jobs *jobs)
{
	return MAX(jobs->n_runners - 1, 1);
}

// Of those for slow jobs one account never has the last: whoever comes finds a runner, if not at once then
// after one job.
void full_accounts(struct jobs *jobs, account_id full[RUNNERS_MOST], ptrdiff_t *n)
{
	int most = MAX(slow_most(jobs) - 1, 1);
	*n = 0;
	for (int i = 0; i < jobs->n_runners; i++) {
		account_id account = jobs->running[i].account;
		int has = 0;
		for (int k = 0; k <= i; k++)
			has += jobs->running[k].account.v == account.v;
		if (account.v && has == most)
			full[(*n)++] = account;
	}
}

// Nor have later ranks: what comes first need not wait until one of them has ended.
int64_t turns_below(struct jobs *jobs)
{
	int most = MAX(slow_most(jobs) - 1, 1), later = 0;
	for (int i = 0; i < jobs->n_runners; i++)
		later += jobs->running[i].rank > RANK_USUAL;
	return later < most ? RANKS * TURNS : TURNS;
}
