// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Up and down a list of rooms: the order, each once, also when something fails.
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#undef fail

static struct {
	char told[200]; // what was called: "+a" started, "a" runs, "!a" halted, "-a" stopped
	const char *fails, *stuck;
} now;

static err note(const char *what)
{
	strcat(now.told, what);
	strcat(now.told, " ");
	return now.fails && strcmp(now.fails, what) == 0 ? ERR_IO : OK;
}

#define ROOM(a, how_much) \
	static err start_##a(struct ctx *ctx) \
	{ \
		(void)ctx; \
		return note("+" #a); \
	} \
	static err run_##a(struct ctx *ctx) \
	{ \
		(void)ctx; \
		return note(#a); \
	} \
	static bool halt_##a(struct ctx *ctx) \
	{ \
		(void)ctx; \
		return note("!" #a) == OK && (!now.stuck || strcmp(now.stuck, #a) != 0); \
	} \
	static void stop_##a(struct ctx *ctx) \
	{ \
		(void)ctx; \
		err told = note("-" #a); \
		(void)told; \
	} \
	static const struct room a = {.name = #a, \
		.extent = (how_much), \
		.start = start_##a, \
		.run = run_##a, \
		.halt = halt_##a, \
		.stop = stop_##a}

ROOM(a, OPEN_STORE);
ROOM(b, OPEN_ROOMS);
ROOM(c, OPEN_SERVER);
ROOM(d, OPEN_ROOMS);
static const struct room empty = {.name = "empty", .extent = OPEN_STORE};
static const struct room *const all[] = {&a, &b, &empty, &c, &d, NULL};

static bool up_and_down(enum extent extent, const char *fails, const char *stuck, str *problem)
{
	struct house house = {0};
	struct ctx ctx = {.mem = arena_new(1024), .house = &house};
	struct rooms rooms = {.list = all};
	now = (typeof(now)){.fails = fails, .stuck = stuck};
	err opened = rooms_up(&ctx, &rooms, extent);
	*problem = str_keep(ctx.problem.text);
	bool ended = rooms_down(&ctx, &rooms);
	assert_true(ended == !rooms.stuck);
	assert_true(rooms_down(&ctx, &rooms) == ended); // and nothing is done twice
	arena_free(ctx.mem);
	return opened == OK && ended;
}

static void go(enum extent extent, const char *fails, const char *stuck, const char *told,
	const char *problem)
{
	str said;
	bool good = up_and_down(extent, fails, stuck, &said);
	assert_string_equal(now.told, told);
	assert_true(str_eq(said, str_from(problem)));
	assert_int_equal(good, !fails && !stuck);
	str_drop(said);
}

static void rooms_go_up_and_down_in_their_order(void **state)
{
	(void)state;
	go(OPEN_SERVER, NULL, NULL, "+a +b +c +d a b c d !d !c !b !a -d -c -b -a ", "");
	go(OPEN_ROOMS, NULL, NULL, "+a +b +d -d -b -a ", "");
	go(OPEN_STORE, NULL, NULL, "+a -a ", "");
	go(OPEN_NOTHING, NULL, NULL, "", ""); // and more later:
	struct house house = {0};
	struct ctx ctx = {.house = &house};
	struct rooms rooms = {.list = all};
	assert_int_equal(rooms_up(&ctx, &rooms, OPEN_NOTHING), OK);
	assert_int_equal(rooms_up(&ctx, &rooms, OPEN_STORE), OK);
	assert_true(rooms_down(&ctx, &rooms));
}

static void what_was_begun_is_ended(void **state)
{
	(void)state;
	go(OPEN_SERVER, "+a", NULL, "+a ", "a cannot start: ERR_IO");
	go(OPEN_SERVER, "+c", NULL, "+a +b +c -b -a ", "c cannot start: ERR_IO");
	go(OPEN_SERVER, "c", NULL, "+a +b +c +d a b c !b !a -d -c -b -a ",
		"c cannot start: ERR_IO");
	go(OPEN_SERVER, "a", NULL, "+a +b +c +d a -d -c -b -a ", "a cannot start: ERR_IO");
}

static void under_threads_that_go_on_nothing_is_freed(void **state)
{
	(void)state;
	go(OPEN_SERVER, NULL, "c", "+a +b +c +d a b c d !d !c !b !a ", "");
	go(OPEN_SERVER, "d", "b", "+a +b +c +d a b c d !c !b !a ", "d cannot start: ERR_IO");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rooms_go_up_and_down_in_their_order),
		cmocka_unit_test(what_was_begun_is_ended),
		cmocka_unit_test(under_threads_that_go_on_nothing_is_freed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
