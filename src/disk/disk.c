// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How much is free, the reserve, the ballast.
#include "disk/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ANSWER_HOLDS ((ms)250)
#define RESERVE_MOST ((int64_t)1 << 30)
#define RESERVE_SHARE 20 // of the disk
#define BALLAST_MOST ((int64_t)16 << 20)
#define BALLAST_LEAST ((int64_t)2 << 20)
#define BALLAST_SHARE 4 // of the reserve
// Writers that failed together each ask for room; what one gave up helps them all.
#define GIVEN_UP_HELPS (5 * MS_SECOND)

static bool ask_one(const char *dir, int64_t *free, int64_t *size)
{
	struct statvfs fs;
	int got;
	do
		got = statvfs(dir, &fs);
	while (got != 0 && errno == EINTR);
	if (got != 0)
		return false;
	*free = MIN(*free, (int64_t)fs.f_bavail * (int64_t)fs.f_frsize);
	*size = MIN(*size, (int64_t)fs.f_blocks * (int64_t)fs.f_frsize);
	return true;
}

// Of two disks the one with less: what comes lies on either for a while.
static bool ask_system(struct disk *d, int64_t *free, int64_t *size)
{
	if (d->config.measure)
		return d->config.measure(d->config.arg, free, size);
	*free = *size = INT64_MAX;
	return ask_one(d->dir, free, size) && (!d->media || ask_one(d->media, free, size));
}

int64_t disk_measured(struct disk *d)
{
	ms now = clock_steady();
	int64_t free, size;
	if (d->measured && now - d->measured < ANSWER_HOLDS)
		return d->free;
	d->measured = now;
	if (ask_system(d, &free, &size)) { // else the last answer has to do
		d->free = free;
		d->size = size;
		d->written_then = d->written;
	}
	return d->free;
}

err disk_open(const struct disk_config *config, struct disk **out)
{
	struct disk *d = mem_new(1, (ptrdiff_t)sizeof *d);
	d->config = *config;
	d->dir = str_keep_z(config->dir, "");
	d->media = config->media.n ? str_keep_z(config->media, "") : NULL;
	d->ballast_path = str_keep_z(config->dir, "/ballast");
	lock_init(&d->lock);
	if (!ask_system(d, &d->free, &d->size)) {
		disk_close(d);
		return ERR_IO;
	}
	d->reserve =
		config->reserve >= 0 ? config->reserve : MIN(d->size / RESERVE_SHARE, RESERVE_MOST);
	d->ballast_size = MIN(MAX(d->reserve / BALLAST_SHARE, BALLAST_LEAST), BALLAST_MOST);
	disk_tend(d);
	*out = d;
	return OK;
}

void disk_close(struct disk *d)
{
	if (!d)
		return;
	map_free(&d->by_owner);
	mem_free(d->dir);
	mem_free(d->media);
	mem_free(d->ballast_path);
	mem_free(d);
}

int64_t disk_reserve(const struct disk *d)
{
	return d ? d->reserve : 0;
}

int64_t disk_free(struct disk *d)
{
	if (!d)
		return INT64_MAX;
	lock_take(&d->lock);
	int64_t free = disk_measured(d);
	lock_release(&d->lock);
	return free;
}

enum disk_state disk_state(struct disk *d)
{
	if (!d)
		return DISK_OK;
	lock_take(&d->lock);
	int64_t free = disk_measured(d);
	// Given up and not made again: whatever statvfs says this instant, there was no room.
	bool full = free < d->ballast_size || (d->gave_way && !d->ballast);
	lock_release(&d->lock);
	return full ? DISK_FULL : free < d->reserve ? DISK_LOW : DISK_OK;
}

const char *disk_state_name(enum disk_state state)
{
	static const char *const names[] = {"ok", "low", "full"};
	return names[state];
}

err disk_admits(struct disk *d, int64_t bytes)
{
	if (!d)
		return OK;
	return disk_state(d) == DISK_OK && bytes <= disk_free(d) - d->reserve ? OK : ERR_FULL;
}

static bool make_ballast(const struct disk *d)
{
	int fd = open(d->ballast_path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return false;
	int failed = posix_fallocate(fd, 0, (off_t)d->ballast_size);
	if (!failed)
		failed = ftruncate(fd, (off_t)d->ballast_size); // an older one may be larger
	close(fd);
	if (failed)
		unlink(d->ballast_path);
	return !failed;
}

static bool lies_there(const struct disk *d)
{
	struct stat st;
	return lstat(d->ballast_path, &st) == 0 && S_ISREG(st.st_mode) &&
	       (int64_t)st.st_blocks * 512 >= d->ballast_size && st.st_size == d->ballast_size;
}

static bool wants_ballast(struct disk *d)
{
	lock_take(&d->lock);
	if (!d->ballast && lies_there(d))
		d->ballast = true;
	// Not the moment somebody made a little room, or it would go to and fro.
	bool wants = !d->ballast && disk_measured(d) >= 3 * d->ballast_size;
	lock_release(&d->lock);
	return wants;
}

void disk_tend(struct disk *d)
{
	if (!d || !d->config.ballast || !wants_ballast(d))
		return;
	// Without the lock: this may take its time, and whoever receives a file needs it.
	bool made = make_ballast(d);
	lock_take(&d->lock);
	d->ballast = made;
	d->measured = 0;
	lock_release(&d->lock);
}

bool disk_give_way(struct disk *d)
{
	if (!d)
		return false;
	lock_take(&d->lock);
	ms now = clock_steady();
	bool helps = d->gave_way && now - d->gave_way < GIVEN_UP_HELPS;
	if (d->ballast && unlink(d->ballast_path) == 0) {
		d->ballast = false;
		d->gave_way = now;
		d->measured = 0;
		helps = true;
	}
	lock_release(&d->lock);
	return helps;
}
