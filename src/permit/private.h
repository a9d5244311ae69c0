// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "permit/permit.h"

// Several processes on one database tell each other what they counted: subject: the key; actor: the process; extra:
// what it is a key of. Heard a moment later, so that those who are very quick may do a little more.
extern struct change_kind permit_counted;
// subject: the key of a pair or a browser, whose password was right; actor: the process.
extern struct change_kind permit_forgiven;
enum counted { COUNTED_ACT, COUNTED_PAIR, COUNTED_NAME, COUNTED_NETWORK };
bool is_shared(const struct ctx *);                                // whether there may be others
void tell_counted(struct ctx *, uint64_t key, enum counted what);  // inside a transaction
uint64_t key_of(struct ctx *, const char *kind, str one, str two); // never 0

// buckets.c
struct act_buckets;
struct act_buckets *act_buckets_new(void);
void act_buckets_free(struct act_buckets *);
// Puts one in; returns how long to wait when it is full, 0 when it went in.
ms act_buckets_take(struct act_buckets *, uint64_t key, ms now, double burst, double per_ms);
void act_buckets_give_back(struct act_buckets *, uint64_t key, ms now); // one that was put in
void act_buckets_heard(struct act_buckets *, uint64_t key, ms now); // another process put one in

// attempts.c: the table of attempts.
struct attempts;
struct attempts *attempts_new(void);
void attempts_free(struct attempts *);
void attempts_heard(struct attempts *, uint64_t key, enum counted what, ms now);
void attempts_forgive(struct attempts *, uint64_t key, ms now);

struct permit {
	bool rate_limits;
	struct act_buckets *acts;
	struct attempts *attempts;
};
