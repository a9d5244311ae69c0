// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: token buckets, by address and by account, in a table of fixed size.
#pragma once

#include "base/base.h"

struct buckets;
// Each key may spend `rate` a second, `burst` at once.
struct buckets *buckets_new(double rate, double burst);
void buckets_free(struct buckets *);
// False when the key cannot pay now; *left is what it may still spend, *wait when it could pay (ms).
bool buckets_take(struct buckets *, uint64_t key, double cost, ms now, double *left, ms *wait);
