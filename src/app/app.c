// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Opening the house: rooms from the ground up, each with what it needs. Only this room knows them all.
#include "app/app.h"

#include "accounts/accounts.h"
#include "blobs/blobs.h"
#include "community/community.h"
#include "disk/disk.h"
#include "jobs/jobs.h"
#include "media/media.h"
#include "moderation/moderation.h"
#include "notes/notes.h"
#include "notifications/notifications.h"
#include "permit/permit.h"
#include "store/store.h"
#include "words/words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *app_version(void)
{
	return PROGRAM_VERSION;
}

int complain(const char *fmt, ...)
{
	va_list ap;
	fputs("qiao: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return EXIT_FAILED;
}

int complain_err(struct app *app, const char *what, err code)
{
	const struct problem *p = &app->ctx.problem;
	str told = {0};
	if (p->word)
		told = word_fmt(app->mem, LOCALE_EN, p->word,
			&(struct word_args){.n = p->number, .s = p->text});
	else if (p->text.n)
		told = p->text;
	if (told.n)
		return complain("%s: %.*s", what, STR_ARGS(told));
	return complain("%s: %s", what, err_name(code));
}

str app_media_tool(struct app *app)
{
	str tool = config_text(&app->config, OPT_MEDIA_TOOL);
	char self[4096];
	ssize_t n = tool.n ? 0 : readlink("/proc/self/exe", self, sizeof self);
	while (n > 0 && self[n - 1] != '/')
		n--;
	if (tool.n || n <= 0)
		return tool;
	// In the build folder the program stands one level below its picture process's folder.
	str beside = str_fmt(app->mem, "%.*sqiao-media", (int)n, self);
	if (access(str_z(app->mem, beside), X_OK) == 0)
		return beside;
	return str_fmt(app->mem, "%.*smedia/sandbox/qiao-media", (int)n, self);
}

static err make_data_dir(struct app *app)
{
	str dir = config_text(&app->config, OPT_DATA);
	if (mkdir(str_z(app->mem, dir), 0750) == 0 || errno == EEXIST)
		return OK;
	complain("cannot make the data directory %.*s: %s", STR_ARGS(dir), strerror(errno));
	return ERR_IO;
}

// A database of earlier programs was everyone's on this machine to read.
static void close_to_others(struct arena *mem, str data)
{
	static const char *const files[] = {"qiao.db", "qiao.db-wal", "qiao.db-shm"};
	for (ptrdiff_t i = 0; i < COUNT(files); i++) {
		const char *path = str_z(mem, str_fmt(mem, "%.*s/%s", STR_ARGS(data), files[i]));
		struct stat st;
		if (stat(path, &st) == 0 && (st.st_mode & 07))
			chmod(path, st.st_mode & 0770);
	}
}

static err open_disk(struct app *app)
{
	const struct disk_config config = {.dir = config_text(&app->config, OPT_DATA),
		.reserve = config_size(&app->config, OPT_RESERVE),
		.ballast = app->serves};
	err failed = disk_open(app->mem, &config, &app->house.disk);
	if (failed != OK)
		complain("cannot look at the disk of %.*s", STR_ARGS(config.dir));
	return failed;
}

static err open_store(struct app *app)
{
	struct store_config config = {.database = config_database(app->mem, &app->config)};
	TRY(make_data_dir(app));
	close_to_others(app->mem, config_text(&app->config, OPT_DATA));
	TRY(open_disk(app));
	err failed = store_open(&app->ctx, &config, &app->house.store);
	if (failed != OK)
		complain_err(app, "the database cannot be opened", failed);
	return failed;
}

static err open_rooms(struct app *app)
{
	struct ctx *ctx = &app->ctx;
	TRY(store_node_lease(ctx));
	app->house.jobs = jobs_new(app->house.store);
	TRY(blobs_open(app->mem, config_text(&app->config, OPT_DATA), &app->house.blobs));
	TRY(community_start(ctx));
	TRY(media_start(ctx, app_media_tool(app)));
	TRY(accounts_start(ctx));
	TRY(notes_start(ctx));
	TRY(notifications_start(ctx));
	TRY(moderation_start(ctx));
	return OK;
}

err app_open(struct app *app, enum extent extent)
{
	app->ctx = (struct ctx){.mem = app->mem, .now = clock_now(), .house = &app->house};
	if (extent == OPEN_NOTHING)
		return OK;
	id_node_set(NODE_UNLEASED); // for commands that do not open the rooms
	TRY(open_store(app));
	err failed = extent == OPEN_ROOMS ? open_rooms(app) : OK;
	if (failed != OK)
		complain_err(app, "cannot start", failed);
	return failed;
}

void app_close(struct app *app)
{
	if (!app->house.store) {
		disk_close(app->house.disk);
		app->house.disk = NULL;
		return;
	}
	store_done(&app->ctx);
	if (app->house.jobs)
		jobs_free(app->house.jobs);
	store_node_return(&app->ctx);
	store_close(app->house.store);
	app->house.store = NULL;
	disk_close(app->house.disk);
	app->house.disk = NULL;
}
