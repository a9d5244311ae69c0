// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The commands of the program itself, and the small ones of them: routes, config.
#include "app/app.h"

#include "http/http.h"

#include <stdio.h>
#include <unistd.h>

static const char *who_name(enum http_who who)
{
	static const char *const names[] = {
		"anyone", "signed in", "moderator", "admin", "this machine"};
	return names[who];
}

static const char *run_name(enum http_run run)
{
	static const char *const names[] = {"memory", "kept", "read", "wait", "hash", "watch"};
	return names[run];
}

static err print_routes(struct ctx *ctx, int argc, char **argv)
{
	ptrdiff_t n;
	(void)argv;
	if (argc > 1)
		return ERR_BAD_REQUEST;
	const struct route_table *tables = house_routes(ctx->mem, &n);
	for (ptrdiff_t t = 0; t < n; t++)
		for (const struct route *r = tables[t].at; r->name; r++)
			printf("%-6s %-28s %-22s %-10s %s\n", http_method_name(r->method), r->path,
				r->name, who_name(r->who), run_name(r->run));
	return OK;
}

static err print_config(struct ctx *ctx, int argc, char **argv)
{
	const struct config *c = &ctx->house->app->config;
	(void)argv;
	if (argc > 1)
		return ERR_BAD_REQUEST;
	if (c->file.n)
		printf("# file: %.*s\n", STR_ARGS(c->file));
	for (ptrdiff_t i = 0; i < c->n; i++) {
		bool hidden = c->row[i]->secret && c->at[i].value.n;
		str value = hidden ? S("(set)") : c->at[i].value;
		printf("%-16s = %-32.*s # %s\n", c->at[i].key, STR_ARGS(value),
			option_from_name(c->from[i]));
	}
	return OK;
}

void progress(const char *what, int64_t done, int64_t total)
{
	static int64_t last;
	int64_t now = clock_us();
	if (!isatty(STDERR_FILENO) || total <= 0 || (now - last < 100000 && done < total))
		return;
	last = now;
	int filled = (int)(done * 30 / total);
	fprintf(stderr, "\r%-18s [%.*s%.*s] %3lld%%", what, filled,
		"##############################", 30 - filled, "                              ",
		(long long)(done * 100 / total));
}

void progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
}

const struct command app_commands[] = {
	{"serve", "", "serve the community", NULL, OPEN_NOTHING, command_serve},
	{"demo", "[--notes N] [--from DIR] [--pictures DIR] [--if-empty]",
		"load the demo world, once",
		"Reads accounts-*.json and notes-*.json of a folder (default: the one that came "
		"with the\n"
		"program) and their pictures as qiao-draw paints them (default: painted now).\n"
		"--notes N fills an empty community with N made-up notes instead, for measuring.\n"
		"--if-empty does nothing where people are already.",
		OPEN_ROOMS, command_demo},
	{"routes", "", "list every address and who may ask for it", NULL, OPEN_NOTHING,
		print_routes},
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
	{"config", "", "print the effective configuration and where each value came from", NULL,
		OPEN_NOTHING, print_config},
	{0},
};
