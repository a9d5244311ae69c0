// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: compressing an answer on its way out.
#pragma once

#include "http/http.h"

struct deflators;
struct deflators *deflators_new(void);
void deflators_free(struct deflators *);
// Frees what was not used since (clock_steady).
void deflators_trim(struct deflators *, ms unused_since);
struct shared_bytes *deflators_gzip(struct deflators *, str bytes); // fastest level
