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

const struct command commands[] = {
	{"serve", "", "serve the community", NULL, OPEN_NOTHING, command_serve},
	{"demo", "[--notes N] [--from DIR] [--pictures DIR] [--if-empty]",
		"load the demo world, once",
		"Reads accounts-*.json and notes-*.json of a folder (default: the one that came "
		"with the\n"
		"program) and their pictures as qiao-draw paints them (default: painted now).\n"
		"--notes N fills an empty community with N made-up notes instead, for measuring.\n"
		"--if-empty does nothing where people are already.",
		OPEN_ROOMS, command_demo},
	{"account",
		"create NAME [--password-stdin] [--role ROLE] | role NAME ROLE | password NAME | "
		"suspend NAME | restore NAME | list",
		"make and change accounts", NULL, OPEN_ROOMS, command_account},
	{"invite", "[USES]", "make an invitation code", NULL, OPEN_ROOMS, command_invite},
	{"routes", "", "list every address and who may ask for it", NULL, OPEN_NOTHING,
		command_routes},
	{"jobs", "[waiting|done|failed] | retry ID", "list what is to be done", NULL, OPEN_STORE,
		command_jobs},
	{"backup", "FILE", "write database and media into one file, while the server runs",
		"FILE is a tar archive with a list of SHA-256 sums; `qiao restore` checks them "
		"all.\n"
		"Settings outside the data directory (qiao.conf elsewhere, the environment) are "
		"not in it.",
		OPEN_ROOMS, command_backup},
	{"restore", "FILE", "fill an empty data directory (and --database) from a backup",
		"Everything is checked before anything is written. A backup of a community on "
		"SQLite can be\n"
		"restored into PostgreSQL and the other way round.",
		OPEN_ROOMS, command_restore},
	{"doctor", "", "look whether everything is in order, and say what to do",
		"Exit code 0: in order; 1: something must be mended.", OPEN_NOTHING,
		command_doctor},
	{"recount", "", "count likes, comments, followers and topics anew",
		"Puts public numbers right that differ from what they are made of. A server may "
		"run\n"
		"meanwhile. qiao doctor says whether it is needed.",
		OPEN_ROOMS, command_recount},
	{"config", "", "print the effective configuration and where each value came from", NULL,
		OPEN_NOTHING, command_config},
	{"words", "", "report what the catalogues of words lack", NULL, OPEN_NOTHING,
		command_words},
	{0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

int usage(const struct command *c)
{
	fprintf(stderr, "usage: qiao %s %s\n", c->name, c->operands);
	return EXIT_USAGE;
}

static void print_options(void)
{
	struct arena *mem = arena_new(4096);
	puts("Options (also keys of qiao.conf and variables QIAO_KEY):");
	for (int i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_table[i];
		str flag = str_fmt(
			mem, "%.*s %s", STR_ARGS(option_flag(mem, (enum option)i)), row->operand);
		printf("  %-32.*s %s%s%s%s\n", STR_ARGS(flag), row->help,
			row->fallback[0] ? " [" : "", row->fallback, row->fallback[0] ? "]" : "");
	}
	puts("  --config FILE                    configuration file [DATA/qiao.conf]");
	arena_free(mem);
}

static int help(const struct command *c)
{
	if (c) {
		printf("usage: qiao %s %s\n\n%s.\n", c->name, c->operands, c->summary);
		if (c->help)
			printf("\n%s\n", c->help);
		puts("");
		print_options();
		return EXIT_OK;
	}
	puts("usage: qiao COMMAND [OPTIONS]\n\nA social network server for sharing everyday life "
	     "across languages.\n\nCommands:");
	for (c = commands; c->name; c++)
		printf("  %-10s %s\n", c->name, c->summary);
	puts("");
	print_options();
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

static int run(struct app *app, const struct command *c, int argc, char **argv)
{
	if (app_open(app, c->extent) != OK)
		return EXIT_FAILED;
	int code = c->run(app, argc, argv);
	app_close(app);
	return code;
}

int main(int argc, char **argv)
{
	// Static: what lives as long as the program stays within reach of the leak checker to the end.
	static struct app app;
	str why = {0};
	mallopt(M_ARENA_MAX,
		2); // many threads, little malloc: an arena each would only hold memory
	app.mem = arena_new(64 << 10);
	thread_is(THREAD_MAIN, "qiao");
	signal(SIGPIPE, SIG_IGN);
	umask(0027); // what a community keeps is nobody else's on this machine
	crypto_start();
	bool wants_help = take_flag(&argc, argv, "--help") || take_flag(&argc, argv, "-h");
	if (take_flag(&argc, argv, "--version")) {
		printf("qiao %s\n", app_version());
		return EXIT_OK;
	}
	if (config_read(app.mem, &argc, argv, &app.config, &why) != OK) {
		complain("%.*s", STR_ARGS(why));
		return EXIT_USAGE;
	}
	const struct command *c = argc > 1 ? command_find(argv[1]) : NULL;
	if (wants_help || argc < 2) {
		int code = help(c);
		return argc < 2 && !wants_help ? EXIT_USAGE : code;
	}
	if (!c) {
		complain("no command '%s'; try qiao --help", argv[1]);
		return EXIT_USAGE;
	}
	return run(&app, c, argc - 1, argv + 1);
}
