// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who waits for a worker of a lane, and who is next. In a narrow lane the addresses take turns (fair
// queueing by start times): what one of them sends at once waits behind the first request of every
// other, and when there is no room left, whoever has most in line gives up its last. All of it under
// the crew's lock.
#include "http/inside.h"

#define MOST_SECONDS 60

// A lane in which nothing moves: what came now would only wait for its deadline.
static bool is_stuck(const struct lane *lane, ms now)
{
	return lane->busy == lane->most && now - lane->moved > lane->patience * 3 / 5;
}

ms lane_wait(const struct lane *lane, ms now)
{
	double each = is_stuck(lane, now) ? (double)lane->patience : lane->each;
	return MIN((ms)((double)(lane->queued + 1) * each / lane->most), MOST_SECONDS * MS_SECOND);
}

// The round in which it is served: this one, or the one after the last of the same address in line.
static int64_t round_of(const struct lane *lane, const struct exchange *newcomer)
{
	int64_t round = lane->round;
	uint64_t who = address_key(newcomer->client);
	for (const struct exchange *ex = lane->first; ex; ex = ex->next)
		if (address_key(ex->client) == who)
			round = MAX(round, ex->round + 1);
	return round;
}

static struct exchange *take_last(struct lane *lane)
{
	struct exchange **at = &lane->first, *before = NULL;
	while (*at != lane->last) {
		before = *at;
		at = &before->next;
	}
	struct exchange *last = *at;
	*at = NULL;
	lane->last = before;
	lane->queued--;
	return last;
}

static void insert(struct lane *lane, struct exchange *ex)
{
	struct exchange **at = &lane->first;
	if (lane->last && lane->last->round <= ex->round)
		at = &lane->last->next;
	while (*at && (*at)->round <= ex->round)
		at = &(*at)->next;
	ex->next = *at;
	*at = ex;
	if (!ex->next)
		lane->last = ex;
	lane->queued++;
}

bool lane_add(struct lane *lane, struct exchange *ex, ms now, struct exchange **displaced)
{
	*displaced = NULL;
	if (is_stuck(lane, now))
		return false;
	ex->round = lane->in_turns ? round_of(lane, ex) : 0;
	if (lane->queued >= lane->room) {
		if (!lane->last || lane->last->round <= ex->round)
			return false;
		*displaced = take_last(lane);
	}
	if (!lane->busy)
		lane->moved = now;
	insert(lane, ex);
	return true;
}

struct exchange *lane_take(struct lane *lane)
{
	struct exchange *ex = lane->first;
	if (!ex)
		return NULL;
	lane->first = ex->next;
	if (!lane->first)
		lane->last = NULL;
	ex->next = NULL;
	lane->round = ex->round;
	lane->queued--;
	lane->busy++;
	return ex;
}

void lane_done(struct lane *lane, ms now, ms spent)
{
	lane->busy--;
	lane->moved = now;
	lane->each = lane->each * 0.9 + (double)spent * 0.1;
}
