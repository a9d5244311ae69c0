// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Filling a page of a list of which some rows are not for the reader: they are read in batches that
// grow, from where the last one ended, until the page is full or the list is. A list has an index of
// what everyone may see, so that of its rows only those are passed over whose standing has just
// changed; of rows that fewer may see more are, up to a smaller bound.
//
// The next page goes on behind the last row that was shown, never behind one that was passed over:
// an address tells of nothing that its reader does not see. Where a bound is reached the list ends.
#pragma once

#include "base/base.h"

#define SCAN_BATCH 1000   // rows at once
#define SCAN_OPEN 100000  // rows for one page, of those that everyone may see
#define SCAN_NARROW 10000 // of those that fewer may see

struct scan {
	ptrdiff_t want;  // rows that fill the page, and one that says that there are more
	ptrdiff_t next;  // how many to read now
	ptrdiff_t batch; // at most
	ptrdiff_t seen, most;
	bool end; // of the list
};

static inline struct scan scan_begin(ptrdiff_t limit, ptrdiff_t most)
{
	return (struct scan){
		.want = limit + 1, .next = limit + 1, .batch = SCAN_BATCH, .most = most};
}

// After a batch: n of scan.next rows were there.
static inline void scan_read(struct scan *s, ptrdiff_t n)
{
	s->end = n < s->next;
	s->seen += n;
	s->next = MAX(s->next, MIN(2 * s->next, s->batch));
}

// `kept` of all rows so far are for the reader.
static inline bool scan_goes_on(const struct scan *s, ptrdiff_t kept)
{
	return !s->end && kept < s->want && s->seen < s->most;
}
