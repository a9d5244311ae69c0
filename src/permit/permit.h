// SPDX-License-Identifier: AGPL-3.0-or-later
//
// May this account do this now: role, standing, and how often. Asked by every writing verb of the
// domain rooms before they write; there is no score of a person, only limits that are the same for all.
#pragma once

#include "store/store.h"

// What an account does, as the room sees it that does it: how many at once, and how many an hour after
// that. Generous to a person, tight for a script.
//	static const struct act wave = {.name = "wave", .burst = 30, .per_hour = 120, .least = ROLE_MEMBER};
struct act {
	const char *name; // counted by it
	int burst, per_hour;
	enum role least;
	bool always;     // also on a full disk: it keeps order
	bool everywhere; // counted over all processes on the database: only of permit_write
};
extern const struct act act_edit; // own notes, own profile
extern const struct act act_administer;

extern const struct room permit_room; // commands are open without it
struct permit *permit_new(bool rate_limits);
void permit_free(struct permit *);
// OK, or ERR_SIGN_IN (a stranger), ERR_FORBIDDEN (role, standing), ERR_TOO_MANY (with the seconds to
// wait in problem.number), ERR_FULL. Counts the act. Jobs, commands and tests run with rate limits off by
// acting under a context whose house has none (ctx->house->permit NULL = no rate limits). Role
// and standing are those that the account has in the database now.
err permit_act(struct ctx *, const struct act *) CHECKED;
// store_write of the body for an act that is permitted, with permit_act's errors. Role and standing are
// asked within the transaction: nothing comes between, and no reading of its own goes before.
err permit_write(struct ctx *, const struct act *, store_body, void *arg) CHECKED;
// The same of what is sent with a key, so that it is done once: where the body finds that it was done before, as
// *again says when the body has ended, nothing is counted.
err permit_write_once(
	struct ctx *, const struct act *, store_body, void *arg, const bool *again) CHECKED;
// Whether the viewer has this rank now: asks the database. ERR_SIGN_IN, ERR_FORBIDDEN.
err permit_role(struct ctx *, enum role least) CHECKED;
// ERR_FULL when so little room is left on the disk that only deleting, signing in and moderating go on.
// permit_act asks it; signing up does.
err permit_disk(struct ctx *) CHECKED;
// Acts of somebody not signed in, counted under a key such as "sign-up NETWORK", over all processes.
err permit_try(struct ctx *, str key, int most, ms within) CHECKED;

// Attempts at a password. A name is tried from a network by the one who has it or by one who has not;
// who fails there again and again has to wait, there. Many networks that try one name, or one network
// that tries many names, make it slow, and never keep the right person out. A browser that was signed in
// to the account before counts for itself: no stranger's failures slow it. Counted in memory, of a fixed
// size; not at all when rate limits are off.
struct attempt {
	str name;    // as typed, whether it exists or not
	str network; // req_network
	str browser; // what marks a browser that the account knows; "" = none does
};
// Counts one more. OK, with how long its answer is to be held back (0 most of the time), or
// ERR_TOO_MANY with the seconds to wait in problem.number.
err permit_attempt(struct ctx *, const struct attempt *, ms *held) CHECKED;
// It was wrong: it stays counted, and the other processes on the database hear of it.
err permit_attempt_wrong(struct ctx *, const struct attempt *) CHECKED;
// It was right: what failed before, there, is forgotten with it, in all processes.
err permit_attempt_right(struct ctx *, const struct attempt *) CHECKED;
// Nothing was learnt: it alone is taken back.
void permit_attempt_undo(struct ctx *, const struct attempt *);
