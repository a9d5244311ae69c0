// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Filling a page of a list of which some rows are not for the reader: they are read in batches that
// grow, from where the last one ended, until the page is full or the list is. Whoever meets nothing
// but what others may see stops after a bound and goes on from there on the next page: no page
// costs more, however many rows are hidden.
#pragma once

#include "base/base.h"

#define SCAN_BATCH 250  // rows at once
#define SCAN_MOST 10000 // rows for one page

struct scan {
	ptrdiff_t want; // rows that fill the page, and one that says that there are more
	ptrdiff_t next; // how many to read now
	ptrdiff_t seen, most;
	bool end; // of the list
};

static inline struct scan scan_begin(ptrdiff_t limit, ptrdiff_t most)
{
	return (struct scan){.want = limit + 1, .next = limit + 1, .most = most};
}

// Room for what is kept: no batch is read when the page is full.
static inline ptrdiff_t scan_room(ptrdiff_t limit)
{
	return limit + MAX(limit + 1, SCAN_BATCH);
}

// After a batch: n of scan.next rows were there, `kept` of all so far are for the reader.
static inline void scan_read(struct scan *s, ptrdiff_t n)
{
	s->end = n < s->next;
	s->seen += n;
	s->next = MAX(s->next, MIN(2 * s->next, SCAN_BATCH));
}

static inline bool scan_goes_on(const struct scan *s, ptrdiff_t kept)
{
	return !s->end && kept < s->want && s->seen < s->most;
}
