// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where a value comes from, and what is refused.
#include "app/config.h"
#include "app/rooms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

// argv as main gets it: writable, ended by NULL.
static char **arguments(struct arena *mem, const char *const *words, int *argc)
{
	LIST(char *) argv = {0};
	for (; *words; words++)
		list_push(mem, &argv, str_z(mem, str_from(*words)));
	*argc = (int)argv.n;
	list_push(mem, &argv, NULL);
	return argv.at;
}

static enum option_from from(const struct config *c, const char *key)
{
	ptrdiff_t i = 0;
	while (!str_eq(str_from(c->at[i].key), str_from(key)))
		i++;
	return c->from[i];
}

// Whoever asks by key, or types it, means one.
static void keys_are_there_once(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct config c;
	str why;
	int argc;
	const char *words[] = {"qiao", NULL};
	char **argv = arguments(mem, words, &argc);
	assert_int_equal(config_read(mem, house_rooms, &argc, argv, &c, &why), OK);
	assert_true(c.n > 10);
	assert_null(c.at[c.n].key);
	for (ptrdiff_t i = 0; i < c.n; i++)
		for (ptrdiff_t k = 0; k < i; k++)
			assert_string_not_equal(c.at[i].key, c.at[k].key);
	arena_free(mem);
}

static void the_command_line_wins_over_environment_over_file(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct config c;
	str why;
	char dir[] = "/tmp/config-test-XXXXXX";
	assert_non_null(mkdtemp(dir));
	char *file = str_z(mem, str_fmt(mem, "%s/qiao.conf", dir));
	FILE *f = fopen(file, "w");
	assert_non_null(f);
	fputs("# comment\nlisten = 127.0.0.1:1\nworkers=3\nlog = json\nslow_ms = 9\n", f);
	fclose(f);
	setenv("QIAO_LISTEN", "127.0.0.1:2", 1);
	setenv("QIAO_WORKERS", "5", 1);
	int argc;
	const char *words[] = {"qiao", "serve", "--data", dir, "--listen=127.0.0.1:3", "--fast",
		"--", "--listen", NULL};
	char **argv = arguments(mem, words, &argc);
	assert_int_equal(config_read(mem, house_rooms, &argc, argv, &c, &why), OK);
	assert_int_equal(argc, 4);
	assert_string_equal(argv[1], "serve");
	assert_string_equal(argv[2], "--fast");
	assert_string_equal(argv[3], "--listen");
	const struct house house = {.options = c.at};
	assert_true(str_eq(option_text(&house, "listen"), S("127.0.0.1:3")));
	assert_int_equal(from(&c, "listen"), FROM_COMMAND_LINE);
	assert_int_equal(option_number(&house, "workers"), 5);
	assert_int_equal(from(&c, "workers"), FROM_ENVIRONMENT);
	assert_int_equal(option_number(&house, "slow_ms"), 9);
	assert_int_equal(from(&c, "log"), FROM_FILE);
	assert_true(option_on(&house, "rate_limits"));
	assert_int_equal(from(&c, "rate_limits"), FROM_DEFAULT);
	unsetenv("QIAO_LISTEN");
	unsetenv("QIAO_WORKERS");
	unlink(file);
	rmdir(dir);
	arena_free(mem);
}

static void slips_are_named(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	static const char *const bad[][2] = {{"--workers", "0"}, {"--workers", "many"},
		{"--log", "xml"}, {"--rate-limits", "yes"}, {"--config", "/nonexistent/qiao.conf"},
		{"--listen", NULL}, {"--reserve", "much"}, {"--reserve", "-1M"}, {"--reserve", "M"},
		{"--reserve", "9999999999T"}, {"--reserve", "5 %"}};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++) {
		struct config c;
		str why = {0};
		int argc;
		const char *words[] = {"qiao", bad[i][0], bad[i][1], NULL};
		char **argv = arguments(mem, words, &argc);
		assert_int_not_equal(config_read(mem, house_rooms, &argc, argv, &c, &why), OK);
		assert_true(why.n > 10);
	}
	arena_free(mem);
}

static void sizes_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} cases[] = {{"", -1}, {"0", 0}, {"77", 77}, {"3k", 3072}, {"512M", 536870912},
		{"1G", 1073741824}, {"2t", 2199023255552}};
	(void)state;
	struct arena *mem = arena_new(4096);
	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		struct config c;
		str why = {0};
		int argc;
		const char *words[] = {"qiao", "--reserve", cases[i].text, NULL};
		char **argv = arguments(mem, words, &argc);
		assert_int_equal(config_read(mem, house_rooms, &argc, argv, &c, &why), OK);
		const struct house house = {.options = c.at};
		assert_int_equal(option_size(&house, "reserve"), cases[i].bytes);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_there_once),
		cmocka_unit_test(the_command_line_wins_over_environment_over_file),
		cmocka_unit_test(slips_are_named),
		cmocka_unit_test(sizes_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
