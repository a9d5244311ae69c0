// SPDX-License-Identifier: AGPL-3.0-or-later
//
// main(): options, then one command.
#include "app/app.h"

#include "crypto/crypto.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_options(struct app *app)
{
	puts("Options (also keys of qiao.conf and variables QIAO_KEY):");
	for (ptrdiff_t i = 0; i < app->config.n; i++) {
		const struct option_row *row = app->config.row[i];
		str flag = str_fmt(app->mem, "%.*s %s", STR_ARGS(option_flag(app->mem, row->key)),
			row->operand);
		printf("  %-32.*s %s%s%s%s\n", STR_ARGS(flag), row->help,
			row->fallback[0] ? " [" : "", row->fallback, row->fallback[0] ? "]" : "");
	}
	puts("  --config FILE                    configuration file [DATA/qiao.conf]");
}

// The uppermost rooms' first.
static void each_command(void (*fn)(const struct command *, void *arg), void *arg)
{
	ptrdiff_t n = 0;
	while (house_rooms[n])
		n++;
	while (n-- > 0)
		for (const struct command *c = house_rooms[n]->commands; c && c->name; c++)
			fn(c, arg);
}

struct sought {
	const char *name;
	const struct command *found;
};

static void look(const struct command *c, void *arg)
{
	struct sought *s = arg;
	if (strcmp(c->name, s->name) == 0)
		s->found = c;
}

static const struct command *command_find(const char *name)
{
	struct sought s = {.name = name};
	each_command(look, &s);
	return s.found;
}

static void print_summary(const struct command *c, void *arg)
{
	(void)arg;
	printf("  %-10s %s\n", c->name, c->summary);
}

static int help(struct app *app, const struct command *c)
{
	if (c) {
		printf("usage: qiao %s %s\n\n%s.\n", c->name, c->operands, c->summary);
		if (c->help)
			printf("\n%s\n", c->help);
		puts("");
		print_options(app);
		return EXIT_OK;
	}
	puts("usage: qiao COMMAND [OPTIONS]\n\nA social network server for sharing everyday life "
	     "across languages.\n\nCommands:");
	each_command(print_summary, NULL);
	puts("");
	print_options(app);
	puts("\nqiao COMMAND --help tells more; qiao(1) tells all.");
	return EXIT_OK;
}

// Takes a flag out of argv; true when it was there.
static bool take_flag(int *argc, char **argv, const char *flag)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], flag) != 0)
			continue;
		memmove(argv + i, argv + i + 1, (size_t)(*argc - i) * sizeof *argv);
		(*argc)--;
		return true;
	}
	return false;
}

static int told(struct app *app, const struct command *c, err code)
{
	if (code == OK)
		return EXIT_OK;
	if (code == ERR_BAD_REQUEST) {
		fprintf(stderr, "usage: qiao %s %s\n", c->name, c->operands);
		return EXIT_USAGE;
	}
	if (!has_complained())
		complain("%s: %.*s", c->name, STR_ARGS(reason(&app->ctx, code)));
	return EXIT_FAILED;
}

static int run(struct app *app, const struct command *c, int argc, char **argv)
{
	if (app_open(app, c->extent) != OK)
		return EXIT_FAILED;
	app->ctx.problem = (struct problem){0};
	int code = told(app, c, c->run(&app->ctx, argc, argv));
	if (!app_close(app))
		_exit(EXIT_FAILED);
	return code;
}

static int begin(struct app *app, int argc, char **argv)
{
	str why = {0};
	bool wants_help = take_flag(&argc, argv, "--help") || take_flag(&argc, argv, "-h");
	if (take_flag(&argc, argv, "--version")) {
		printf("qiao %s\n", app_version());
		return EXIT_OK;
	}
	if (config_read(app->mem, house_rooms, &argc, argv, &app->config, &why) != OK) {
		complain("%.*s", STR_ARGS(why));
		return EXIT_USAGE;
	}
	app->house.options = app->config.at;
	const struct command *c = argc > 1 ? command_find(argv[1]) : NULL;
	if (wants_help || argc < 2) {
		int code = help(app, c);
		return argc < 2 && !wants_help ? EXIT_USAGE : code;
	}
	if (!c) {
		complain("no command '%s'; try qiao --help", argv[1]);
		return EXIT_USAGE;
	}
	return run(app, c, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct app app = {.mem = arena_new(64 << 10), .rooms = {.list = house_rooms}};
	app.house.app = &app;
	app.ctx = (struct ctx){.mem = app.mem, .now = clock_now(), .house = &app.house};
	// Many threads, little malloc: an arena each would only hold memory.
	mallopt(M_ARENA_MAX, 2);
	thread_is(THREAD_MAIN, "qiao");
	signal(SIGPIPE, SIG_IGN);
	umask(0027); // what a community keeps is nobody else's on this machine
	crypto_start();
	int code = begin(&app, argc, argv);
	arena_free(app.mem);
	return code;
}
