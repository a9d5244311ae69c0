// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is on its way. The shares are of what there is for all of them: the room above the reserve and what
// claims hold of it already. So somebody with very many half-sent files holds a quarter, and two such still
// leave half. The owner's share counts a claim in full from its beginning, the share of all by what comes.
#include "disk/inside.h"

#define SHARE_OF_OWNER 4
#define SHARE_OF_ALL 2

static int64_t held_by(struct disk *d, uint64_t owner) REQUIRES_LOCK(d->lock)
{
	uint64_t held = 0;
	map_get(&d->by_owner, owner, &held);
	return (int64_t)held;
}

static void owe(struct disk *d, uint64_t owner, int64_t more) REQUIRES_LOCK(d->lock)
{
	int64_t held = held_by(d, owner) + more;
	must(held >= 0);
	if (held)
		map_put(&d->by_owner, owner, (uint64_t)held);
	else
		map_del(&d->by_owner, owner);
}

static void hold(struct disk *d, struct disk_claim *c, int64_t bytes) REQUIRES_LOCK(d->lock)
{
	d->held += bytes - c->held;
	c->held = bytes;
}

static int64_t pool(struct disk *d) REQUIRES_LOCK(d->lock)
{
	int64_t free = disk_measured(d);
	return free - d->reserve + d->written_then;
}

static bool fits_all(struct disk *d, const struct disk_claim *c, int64_t bytes)
	REQUIRES_LOCK(d->lock)
{
	return d->held - c->held + bytes <= pool(d) / SHARE_OF_ALL;
}

static err judge(struct disk *d, const struct disk_claim *c, int64_t bytes) REQUIRES_LOCK(d->lock)
{
	int64_t own = MIN(pool(d) / SHARE_OF_OWNER, DISK_OWNER_MOST);
	int64_t others = held_by(d, c->owner) - c->claimed;
	if (bytes > own)
		return ERR_FULL;
	if (others + bytes > own)
		return ERR_TOO_MANY;
	return fits_all(d, c, bytes) ? OK : ERR_FULL;
}

int64_t disk_counts(int64_t announced, int64_t come)
{
	return MIN(announced, 2 * come + DISK_AHEAD);
}

err disk_claim(struct disk_claim *c, int64_t bytes)
{
	struct disk *d = c->disk;
	if (!d || bytes <= c->claimed)
		return OK;
	lock_take(&d->lock);
	err code = judge(d, c, bytes);
	if (code == OK) {
		owe(d, c->owner, bytes - c->claimed);
		c->claimed = bytes;
		hold(d, c, MAX(c->held, disk_counts(bytes, c->written)));
	}
	lock_release(&d->lock);
	return code;
}

err disk_claim_write(struct disk_claim *c, int64_t bytes)
{
	struct disk *d = c->disk;
	int64_t written = c->written + bytes;
	if (!d)
		return OK;
	must(written <= c->claimed);
	int64_t wish = MAX(c->held, disk_counts(c->claimed, written));
	lock_take(&d->lock);
	// Where room has become short it goes on without an advance.
	if (wish > c->held && !fits_all(d, c, wish))
		wish = MAX(c->held, written);
	bool fits = wish == c->held || fits_all(d, c, wish);
	if (fits) {
		hold(d, c, wish);
		d->written += bytes;
		c->written = written;
	}
	lock_release(&d->lock);
	return fits ? OK : ERR_FULL;
}

void disk_claim_end(struct disk_claim *c)
{
	struct disk *d = c->disk;
	if (!d || !c->claimed)
		return;
	lock_take(&d->lock);
	owe(d, c->owner, -c->claimed);
	hold(d, c, 0);
	d->written -= c->written;
	lock_release(&d->lock);
	*c = (struct disk_claim){.disk = d, .owner = c->owner};
}

int64_t disk_claimed(struct disk *d)
{
	if (!d)
		return 0;
	lock_take(&d->lock);
	int64_t claimed = d->held;
	lock_release(&d->lock);
	return claimed;
}
