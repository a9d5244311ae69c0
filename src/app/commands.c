// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The list of commands, and the small ones: routes, jobs, config, words, invite.
#include "app/app.h"

#include "accounts/accounts.h"
#include "community/community.h"
#include "jobs/jobs.h"
#include "web/web.h"
#include "words/words.h"
#include "app/operations.h"

#include <stdio.h>
#include <string.h>
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

static const char *who_name(enum http_who who)
{
	static const char *const names[] = {
		"anyone", "signed in", "moderator", "admin", "this machine"};
	return names[who];
}

static const char *run_name(enum http_run run)
{
	static const char *const names[] = {"memory", "kept", "read", "wait", "hash"};
	return names[run];
}

int command_routes(struct app *app, int argc, char **argv)
{
	ptrdiff_t n;
	if (argc > 1)
		return usage(command_find(argv[0]));
	const struct route_table *tables = operations_routes(app->mem, &n);
	for (ptrdiff_t t = 0; t < n; t++)
		for (const struct route *r = tables[t].at; r->name; r++)
			printf("%-6s %-28s %-22s %-10s %s\n", http_method_name(r->method), r->path,
				r->name, who_name(r->who), run_name(r->run));
	return EXIT_OK;
}

static void print_job(const struct job_info *j)
{
	char due[TIME_ISO_SIZE];
	time_iso(j->state == JOB_DONE ? j->done_at : j->run_at, due);
	printf("%lld  %-20.*s %s  attempts %d%s%s%.*s\n", (long long)j->id.v, STR_ARGS(j->kind),
		due, j->attempts, j->running ? "  running" : "", j->last_error.n ? "  " : "",
		STR_ARGS(j->last_error));
}

int command_jobs(struct app *app, int argc, char **argv)
{
	enum job_state state = JOB_WAITING;
	struct job_info *jobs;
	ptrdiff_t n;
	int64_t id;
	if (argc == 3 && strcmp(argv[1], "retry") == 0 && id_parse(str_from(argv[2]), &id)) {
		err failed = jobs_retry(&app->ctx, (job_id){id});
		return failed == OK ? EXIT_OK : complain_err(app, "retry", failed);
	}
	if (argc == 2 && strcmp(argv[1], "done") == 0)
		state = JOB_DONE;
	else if (argc == 2 && strcmp(argv[1], "failed") == 0)
		state = JOB_GIVEN_UP;
	else if (argc > 2 || (argc == 2 && strcmp(argv[1], "waiting") != 0))
		return usage(command_find(argv[0]));
	err failed = jobs_list(&app->ctx, state, 1000, &jobs, &n);
	if (failed != OK)
		return complain_err(app, "jobs", failed);
	for (ptrdiff_t i = 0; i < n; i++)
		print_job(&jobs[i]);
	return EXIT_OK;
}

int command_config(struct app *app, int argc, char **argv)
{
	const struct config *c = &app->config;
	if (argc > 1)
		return usage(command_find(argv[0]));
	if (c->file.n)
		printf("# file: %.*s\n", STR_ARGS(c->file));
	for (ptrdiff_t i = 0; i < c->n; i++) {
		bool hidden = c->row[i]->secret && c->at[i].value.n;
		str value = hidden ? S("(set)") : c->at[i].value;
		printf("%-16s = %-32.*s # %s\n", c->at[i].key, STR_ARGS(value),
			option_from_name(c->from[i]));
	}
	return EXIT_OK;
}

int command_words(struct app *app, int argc, char **argv)
{
	int gaps = 0;
	(void)app;
	if (argc > 1)
		return usage(command_find(argv[0]));
	for (int l = 0; l < LOCALE_COUNT; l++) {
		lang tag = locale_lang(l);
		int missing = 0;
		for (int w = W_none + 1; w < W_COUNT; w++) {
			if (word_given(l, w))
				continue;
			printf("%s lacks %s\n", tag.tag, word_key(w));
			missing++;
		}
		printf("%s: %d of %d words\n", tag.tag, W_COUNT - 1 - missing, W_COUNT - 1);
		gaps += missing;
	}
	return gaps ? EXIT_FAILED : EXIT_OK;
}

static err any_admin(struct app *app, account_id *out)
{
	struct account *list;
	ptrdiff_t n;
	account_id before = {0};
	do {
		TRY(accounts_list(&app->ctx, STANDING_GOOD, before, 200, &list, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			if (list[i].role == ROLE_ADMIN) {
				*out = list[i].id;
				return OK;
			}
			before = list[i].id;
		}
	} while (n == 200);
	return ERR_NOT_FOUND;
}

int command_invite(struct app *app, int argc, char **argv)
{
	int64_t uses = 1;
	str code;
	if (argc > 2 ||
		(argc == 2 && (!str_int(str_from(argv[1]), &uses) || uses < 1 || uses > 1000)))
		return usage(command_find(argv[0]));
	if (any_admin(app, &app->ctx.viewer.account) != OK)
		return complain("an invitation is given by an admin: qiao account create NAME "
				"--role admin");
	app->ctx.viewer.role = ROLE_ADMIN;
	err failed = invite_create(&app->ctx, (int)uses, 30 * MS_DAY, &code);
	if (failed != OK)
		return complain_err(app, "invite", failed);
	// A link where the address is known that it begins with, else the code alone.
	str url = option_text(&app->house, "url"), known;
	if (!url.n && setting_read(&app->ctx, S("url"), &known) == OK)
		url = known;
	printf("%.*s%s%.*s\n", STR_ARGS(url), url.n ? "/join/" : "", STR_ARGS(code));
	return EXIT_OK;
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
