// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: the data directory, which all others stand in, and an eye on how much is left.
#include "disk/inside.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static err start(struct ctx *ctx)
{
	const struct disk_config config = {.dir = option_text(ctx->house, "data"),
		.media = option_text(ctx->house, "media"),
		.reserve = option_size(ctx->house, "reserve"),
		.ballast = ctx->house->extent == OPEN_SERVER};
	if (mkdir(str_z(ctx->mem, config.dir), 0750) != 0 && errno != EEXIST)
		return fail_fmt(ctx, ERR_IO, "cannot make the data directory %.*s: %s",
			STR_ARGS(config.dir), strerror(errno));
	if (disk_open(&config, &ctx->house->disk) != OK)
		return fail_fmt(ctx, ERR_IO, "cannot look at the disk of %.*s%s%.*s",
			STR_ARGS(config.dir), config.media.n ? " or " : "", STR_ARGS(config.media));
	return OK;
}

static void tell(struct disk *disk, enum disk_state now)
{
	static const struct {
		enum log_level level;
		const char *text;
	} news[] = {
		[DISK_OK] = {LOG_INFO, "the disk has room again"},
		[DISK_LOW] = {LOG_WARN, "the disk runs full: no more pictures are taken in"},
		[DISK_FULL] = {LOG_ERROR,
			"the disk is full: nothing but deleting and moderating works"},
	};
	log_event(news[now].level, news[now].text, LOG_INT("free_mb", disk_free(disk) >> 20),
		LOG_INT("reserve_mb", disk_reserve(disk) >> 20));
}

static void tick(struct ctx *ctx)
{
	struct disk *disk = ctx->house->disk;
	disk_tend(disk);
	enum disk_state now = disk_state(disk);
	if (now != disk->told)
		tell(disk, now);
	disk->told = now;
}

static void stop(struct ctx *ctx)
{
	disk_close(ctx->house->disk);
	ctx->house->disk = NULL;
}

static void health(struct ctx *ctx, struct sb *sb)
{
	struct disk *disk = ctx->house->disk;
	enum disk_state state = disk_state(disk);
	if (state != DISK_OK)
		sb_fmt(sb, "warning: disk %s: %lld MB free, reserve %lld MB\n",
			disk_state_name(state), (long long)(disk_free(disk) >> 20),
			(long long)(disk_reserve(disk) >> 20));
}

static void metrics(struct ctx *ctx, struct sb *sb)
{
	struct disk *disk = ctx->house->disk;
	sb_fmt(sb,
		"# TYPE disk_free_bytes gauge\ndisk_free_bytes %lld\n"
		"# TYPE disk_reserve_bytes gauge\ndisk_reserve_bytes %lld\n"
		"# TYPE uploads_claimed_bytes gauge\nuploads_claimed_bytes %lld\n",
		(long long)disk_free(disk), (long long)disk_reserve(disk),
		(long long)disk_claimed(disk));
}

static void examine_room(struct ctx *ctx, struct doctor *d, str dir)
{
	const struct disk_config config = {.dir = dir,
		.media = option_text(ctx->house, "media"),
		.reserve = option_size(ctx->house, "reserve")};
	struct disk *disk;
	if (disk_open(&config, &disk) != OK) {
		doctor_say(
			d, false, "disk", dir, "The system does not say how much room there is.");
		return;
	}
	doctor_say(d, disk_state(disk) == DISK_OK, "disk",
		str_fmt(ctx->mem, "%lld MB free, of which uploads leave %lld MB (reserve)",
			(long long)(disk_free(disk) >> 20), (long long)(disk_reserve(disk) >> 20)),
		disk_state(disk) == DISK_LOW
			? "No pictures are taken in: make room, move the data directory, or lower "
			  "the reserve."
			: "Only deleting and moderating still work: make room, or move the data "
			  "directory.");
	disk_close(disk);
}

static void examine_media(struct ctx *ctx, struct doctor *d)
{
	str dir = option_text(ctx->house, "media");
	if (dir.n)
		doctor_say(d, access(str_z(ctx->mem, dir), R_OK | W_OK | X_OK) == 0, "media", dir,
			"This folder must be mounted, and belong to the user that all servers run "
			"as.");
}

static void examine(struct ctx *ctx, struct doctor *d)
{
	str dir = option_text(ctx->house, "data");
	const char *path = str_z(ctx->mem, dir);
	struct statvfs fs;
	bool there = access(path, R_OK | W_OK | X_OK) == 0;
	doctor_say(d, there, "data", dir,
		"This directory must belong to the user the server runs as: mkdir, chown.");
	examine_media(ctx, d);
	if (!there || statvfs(path, &fs) != 0)
		return;
	examine_room(ctx, d, dir);
	doctor_say(d, fs.f_favail == 0 || fs.f_favail > 10000, "files",
		str_fmt(ctx->mem, "%llu more files fit", (unsigned long long)fs.f_favail),
		"The file system runs out of inodes: a picture takes eight to ten files.");
}

// clang-format off
static const struct option_row options[] = {
	{.key = "data", .operand = "DIR", .help = "directory of database, media and configuration", .fallback = "./data"},
	{.key = "media", .operand = "DIR", .help = "folder of media files, which servers may share (default: in the data directory)", .fallback = ""},
	{.key = "reserve", .operand = "SIZE", .kind = KIND_SIZE, .fallback = "",
		.help = "room on the disk that uploads leave free: 512M, 2G (default: 5 % of it, at most 1G)"},
	{0},
};
// clang-format on

const struct room disk_room = {.name = "disk",
	.options = options,
	.extent = OPEN_STORE,
	.start = start,
	.tick = tick,
	.stop = stop,
	.health = health,
	.metrics = metrics,
	.examine = examine};
