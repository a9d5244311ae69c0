// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Times and ids. A time is milliseconds since 1970 UTC. An id is a 63-bit number: the time << 20,
// 8 bits of node, 12 bits of sequence; ordered by time and 19 digits long in decimal from 2000 to
// 2248. Ids of different things are different types; 0 means none.
#pragma once

#include "base/str.h"

typedef int64_t ms;
#define MS_SECOND ((ms)1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)

ms clock_now(void);     // wall clock
ms clock_steady(void);  // only for durations and deadlines
ms clock_boot(void);    // the same, and goes on while the machine sleeps: how old something is
int64_t clock_us(void); // steady, microseconds
#define TIME_ISO_SIZE 25
// 2026-11-23T15:24:04.000Z (24 characters and NUL)
void time_iso(ms at, char out[TIME_ISO_SIZE]);
// Thu, 23 Nov 2026 15:24:04 GMT, as HTTP writes it
void time_http(ms at, char out[30]);
bool time_parse_iso(str s, ms *out);

#define ID_TYPES(X) \
	X(account_id) \
	X(session_id) \
	X(note_id) \
	X(media_id) \
	X(upload_id) \
	X(job_id) \
	X(notification_id) \
	X(report_id) \
	X(decision_id) \
	X(invite_id)
#define X(name) \
	typedef struct name { \
		int64_t v; \
	} name;
ID_TYPES(X)
#undef X

// The next id for this moment; thread safe, never twice from one process. Wrap it in the type:
// (note_id){id_new(ctx->now)}.
int64_t id_new(ms now);
// An id of a moment that is over, for what is dated back; ids of the living never meet it.
int64_t id_past(ms at);
// Which of up to 256 processes of one community this is; 0 at first (store/ leases it).
void id_node_set(int node);
ms id_time(int64_t id);
int64_t id_floor(ms at);            // the smallest id of that millisecond
bool id_parse(str s, int64_t *out); // decimal, positive
