// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Opening and closing the whole house: whatever fails on the way up, those that were begun are closed, in
// their order and each once, and nothing of them is left.
#include "app/app.h"
#include "world.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#else
static int __lsan_do_recoverable_leak_check(void)
{
	return 0;
}
#endif

#define ROOMS_MOST 64

enum way { WELL, FAILS_AFTER, FAILS_BEFORE, DATABASE_SILENT, DOES_NOT_RUN };

// A list of the house's rooms, with this one going another way.
static struct {
	const struct room *real[ROOMS_MOST];
	struct room copy[ROOMS_MOST];
	const struct room *list[ROOMS_MOST];
	int n;
	const struct room *bad;
	enum way way;
} house;

static err start_badly(struct ctx *ctx)
{
	if (house.way == DATABASE_SILENT)
		ctx->deadline = 1; // is over: every statement fails
	err started = house.way == FAILS_BEFORE || !house.bad->start ? OK : house.bad->start(ctx);
	ctx->deadline = 0;
	if (started != OK || house.way == DATABASE_SILENT)
		return started;
	if (house.way == FAILS_AFTER && house.bad->stop)
		house.bad->stop(ctx);
	return ERR_IO;
}

static err run_badly(struct ctx *ctx)
{
	(void)ctx;
	return ERR_IO;
}

static void list_house(int bad, enum way way)
{
	for (house.n = 0; house_rooms[house.n]; house.n++) {
		must(house.n < ROOMS_MOST - 1);
		house.copy[house.n] = *house_rooms[house.n];
		house.list[house.n] = &house.copy[house.n];
	}
	house.list[house.n] = NULL;
	house.bad = bad < 0 ? NULL : house_rooms[bad];
	house.way = way;
	if (way == DOES_NOT_RUN)
		house.copy[bad].run = run_badly;
	else if (way != WELL)
		house.copy[bad].start = start_badly;
}

static void configure(struct app *app, const struct world *w)
{
	const char *const words[] = {"qiao", "--data", w->dir, "--database", w->address, "--listen",
		"127.0.0.1:0", "--media-tool", MEDIA_TOOL, "--reserve", "0"};
	char *argv[COUNT(words) + 1] = {0};
	int argc = COUNT(words);
	str why;
	for (int i = 0; i < argc; i++)
		argv[i] = str_z(app->mem, str_from(words[i]));
	must(config_read(app->mem, house_rooms, &argc, argv, &app->config, &why) == OK);
	app->house.options = app->config.at;
}

static int files_open(void)
{
	int n = 0;
	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

// The process that opens it, as main() is one: what it held is out of reach when it has ended.
static err open_and_close(const struct world *w, enum extent extent, str *told)
{
	struct app app = {.mem = arena_new(4096), .rooms = {.list = house.list}};
	app.house.app = &app;
	app.ctx = (struct ctx){.mem = app.mem, .now = clock_now(), .house = &app.house};
	configure(&app, w);
	int files = files_open();
	err opened = rooms_up(&app.ctx, &app.rooms, extent);
	if (told)
		*told = str_keep(app.ctx.problem.text);
	if (opened == OK)
		assert_true(rooms_down(&app.ctx, &app.rooms));
	assert_int_equal(app.rooms.started, 0);
	assert_int_equal(app.house.extent, OPEN_NOTHING);
	assert_int_equal(files_open(), files);
#define X(room) assert_true((void *)app.house.room == (void *)app.house.app || !app.house.room);
	EVERY_ROOM(X)
#undef X
	arena_free(app.mem);
	memset(&app, 0, sizeof app);
	return opened;
}

static struct world *place(void **state)
{
	if (*state)
		world_wipe(*state);
	return world_new(*state);
}

static void each_room_may_fail(void **state)
{
	static const enum way ways[] = {FAILS_BEFORE, FAILS_AFTER, DATABASE_SILENT, DOES_NOT_RUN};
	struct world *w = place(state);
	list_house(-1, WELL);
	assert_int_equal(open_and_close(w, OPEN_SERVER, NULL), OK);
	for (int bad = 0; house_rooms[bad]; bad++) {
		for (ptrdiff_t i = 0; i < COUNT(ways); i++) {
			str told;
			list_house(bad, ways[i]);
			err opened = open_and_close(w, OPEN_SERVER, &told);
			// Not every room asks the database when it starts.
			assert_true(opened != OK || ways[i] == DATABASE_SILENT);
			assert_true(opened == OK || told.n > 0);
			str_drop(told);
			assert_int_equal(__lsan_do_recoverable_leak_check(), 0);
		}
	}
	list_house(-1, WELL);
	assert_int_equal(open_and_close(w, OPEN_SERVER, NULL), OK);
	world_free(w);
}

static void commands_open_less(void **state)
{
	struct world *w = place(state);
	list_house(-1, WELL);
	for (enum extent extent = OPEN_NOTHING; extent <= OPEN_SERVER; extent++)
		assert_int_equal(open_and_close(w, extent, NULL), OK);
	assert_int_equal(__lsan_do_recoverable_leak_check(), 0);
	world_free(w);
}

// What is in use, missing or not ours is said in a sentence.
static void what_fails_is_said(void **state)
{
	struct world *w = place(state);
	str told;
	char lock[128];
	list_house(-1, WELL);
	assert_int_equal(open_and_close(w, OPEN_SERVER, NULL), OK);
	snprintf(lock, sizeof lock, "%s/lock", w->dir);
	int fd = open(lock, O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(open_and_close(w, OPEN_SERVER, &told), ERR_CONFLICT);
	assert_true(str_ends(told, S("another qiao serves from this directory")));
	str_drop(told);
	close(fd);
	strcpy(w->address, *state ? "postgresql:///none?host=/nowhere" : "/nowhere/at/all.db");
	assert_int_not_equal(open_and_close(w, OPEN_STORE, &told), OK);
	assert_true(str_starts(told, S("the database cannot be opened: ")));
	str_drop(told);
	assert_int_equal(__lsan_do_recoverable_leak_check(), 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_room_may_fail),
		cmocka_unit_test(commands_open_less),
		cmocka_unit_test(what_fails_is_said),
	};
	return run_on_both(tests);
}
