// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is on its way. A claim counts in full from its beginning, whether its bytes come or not. The
// shares are of what there is for all of them: the room above the reserve and what claims hold of it
// already. So somebody with very many half-sent files holds a quarter, and two such still leave half.
#include "disk/inside.h"

#define SHARE_OF_OWNER 4
#define SHARE_OF_ALL 2

static int64_t held_by(struct disk *d, uint64_t owner) REQUIRES_LOCK(d->lock)
{
	uint64_t held = 0;
	map_get(&d->by_owner, owner, &held);
	return (int64_t)held;
}

static void hold(struct disk *d, uint64_t owner, int64_t more) REQUIRES_LOCK(d->lock)
{
	int64_t held = held_by(d, owner) + more;
	must(held >= 0);
	if (held)
		map_put(&d->by_owner, owner, (uint64_t)held);
	else
		map_del(&d->by_owner, owner);
	d->claimed += more;
}

static err judge(struct disk *d, const struct disk_claim *c, int64_t bytes) REQUIRES_LOCK(d->lock)
{
	int64_t free = disk_measured(d), pool = free - d->reserve + d->written_then;
	int64_t own = MIN(pool / SHARE_OF_OWNER, DISK_OWNER_MOST);
	int64_t others = held_by(d, c->owner) - c->claimed;
	if (bytes > own)
		return ERR_FULL;
	if (others + bytes > own)
		return ERR_TOO_MANY;
	return d->claimed - c->claimed + bytes > pool / SHARE_OF_ALL ? ERR_FULL : OK;
}

err disk_claim(struct disk_claim *c, int64_t bytes)
{
	struct disk *d = c->disk;
	if (!d || bytes <= c->claimed)
		return OK;
	lock_take(&d->lock);
	err code = judge(d, c, bytes);
	if (code == OK) {
		hold(d, c->owner, bytes - c->claimed);
		c->claimed = bytes;
	}
	lock_release(&d->lock);
	return code;
}

void disk_claim_written(struct disk_claim *c, int64_t bytes)
{
	if (!c->disk)
		return;
	must(c->written + bytes <= c->claimed);
	lock_take(&c->disk->lock);
	c->disk->written += bytes;
	lock_release(&c->disk->lock);
	c->written += bytes;
}

void disk_claim_end(struct disk_claim *c)
{
	if (!c->disk || !c->claimed)
		return;
	lock_take(&c->disk->lock);
	hold(c->disk, c->owner, -c->claimed);
	c->disk->written -= c->written;
	lock_release(&c->disk->lock);
	*c = (struct disk_claim){.disk = c->disk, .owner = c->owner};
}

int64_t disk_claimed(struct disk *d)
{
	if (!d)
		return 0;
	lock_take(&d->lock);
	int64_t claimed = d->claimed;
	lock_release(&d->lock);
	return claimed;
}
