// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a test saw, line by line, compared with the file that says what is right: both databases
// must give the same.
#pragma once

#include "base/base.h"

void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2), nonnull(1)));
// States that all that was told since the last time is what the file says. Prints the first lines
// that differ. With TRANSCRIPT_WRITE in the environment the file is written instead.
void told_is(const char *path);
const char *result_of(err); // "ok" or the error's slug
