// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How often somebody may try a password. A name is tried from a network by the one who has it or by
// one who has not; who fails there again and again has to wait, there. Many networks that try one name,
// or one network that tries many names, make it slow, and never keep the right person out. A browser
// that was signed in to the account before counts for itself: no stranger's failures slow it.
// Counted in memory, of a fixed size, by this process; not at all when rate limits are off.
#pragma once

#include "permit/permit.h"

struct attempt {
	str name;    // as typed, whether it exists or not
	str network; // req_network
	str browser; // what marks a browser that the account knows; "" = none does
	bool held;
};
// Counts one more. OK, with how long its answer is to be held back (0 most of the time), or
// ERR_TOO_MANY with the seconds to wait in problem.number.
err permit_attempt(struct ctx *, struct attempt *, ms *held) CHECKED;
// The time that it was held back is over.
void permit_attempt_go_on(struct ctx *, struct attempt *);
// It was right, or nothing was learnt: the attempt is taken back.
void permit_attempt_right(struct ctx *, const struct attempt *);

// Of permit.c.
struct attempts;
struct attempts *attempts_new(void);
void attempts_free(struct attempts *);
struct attempts *permit_attempts(struct permit *); // NULL when nothing is counted
