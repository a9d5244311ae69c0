// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Room on the disk of the data directory, and of that of media. Three things keep a community alive when it runs short:
// a reserve that uploads leave alone, shares of the rest for what is on its way, so that nobody holds
// it all, and a ballast: a file that is given up when even the database finds no room, so that people
// can still sign in, delete and moderate. Asking costs at most one statvfs a quarter of a second.
#pragma once

#include "base/base.h"

struct disk;
extern const struct room disk_room; // makes the data directory; that of media has to be there

struct disk_config {
	str dir;         // the data directory
	str media;       // where media files lie, when that is elsewhere; room is what both have
	int64_t reserve; // bytes; below 0: by the disk's size, see disk_reserve
	bool ballast;    // keep one (the server does, commands do not)
	// For tests: what is free and how large the disk is, in bytes. NULL asks the system.
	bool (*measure)(void *arg, int64_t *free, int64_t *size);
	void *arg;
};

enum disk_state {
	DISK_OK,
	DISK_LOW, // the reserve is touched: no uploads
	DISK_FULL // nearly nothing is left: only what makes room or keeps order
};

err disk_open(const struct disk_config *, struct disk **out) CHECKED;
void disk_close(struct disk *); // the ballast stays for the next start; NULL is fine

// All of these take NULL for a house without one: then there is room.
enum disk_state disk_state(struct disk *);
int64_t disk_free(struct disk *);          // what the system would let us write
int64_t disk_reserve(const struct disk *); // as configured, or 5 % of the disk and at most 1 GiB
const char *disk_state_name(enum disk_state);
// ERR_FULL unless `bytes` more fit above the reserve. Without a word: the caller knows for what.
err disk_admits(struct disk *, int64_t bytes) CHECKED;

// Room is needed at once: gives the ballast up. False when there is none to give.
bool disk_give_way(struct disk *);
// For the timer, and for it alone: makes the ballast again when there is room for it.
void disk_tend(struct disk *);

// Something of one owner (an account, an address) that arrives in a file and goes again with its
// request. Zeroed it holds nothing. One thread at a time.
struct disk_claim {
	struct disk *disk;
	uint64_t owner;
	int64_t claimed, written, held;
};
// Makes the claim at least `bytes` large. ERR_FULL: that much is not to be had, also alone.
// ERR_TOO_MANY: the owner has so much on its way already that this must wait.
err disk_claim(struct disk_claim *, int64_t bytes) CHECKED;
// So many more bytes of what was claimed are about to lie on the disk. ERR_FULL: others were faster.
err disk_claim_write(struct disk_claim *, int64_t bytes) CHECKED;
void disk_claim_end(struct disk_claim *);
// How much of the room for all something takes that was announced so large and has come so far: what has
// come, as much again, and a little to begin with. So nobody keeps others from room by announcing much and
// sending it drop by drop; the owner's own share counts what was announced.
#define DISK_AHEAD ((int64_t)64 << 10)
int64_t disk_counts(int64_t announced, int64_t come);
int64_t disk_claimed(struct disk *);         // what the claims of all take of it
#define DISK_OWNER_MOST ((int64_t)640 << 20) // of one owner, however large the disk is
