// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to permit/: the table of attempts.
#pragma once

#include "permit/permit.h"

struct attempts;
struct attempts *attempts_new(void);
void attempts_free(struct attempts *);
struct attempts *permit_attempts(struct permit *); // NULL when nothing is counted
