// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to disk/.
#pragma once

#include "disk/disk.h"

struct disk {
	struct disk_config config;
	enum disk_state told;             // the timer's: what it said last
	char *dir, *media, *ballast_path; // media: NULL, it lies in dir
	int64_t ballast_size;
	int64_t reserve;

	struct lock lock; // guards all that follows
	int64_t free, size;
	ms measured;         // clock_steady, 0: never
	bool ballast;        // it lies there
	ms gave_way;         // when it was given up, 0: never
	struct map by_owner; // owner -> bytes claimed
	int64_t held, written;
	int64_t written_then; // when it was measured: together with what was free
};

// What is free, asked again when the last answer is old.
int64_t disk_measured(struct disk *d) REQUIRES_LOCK(d->lock);
