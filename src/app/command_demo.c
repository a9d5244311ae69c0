// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao demo: loads the demo world once, or fills a database to any size. Draws the pictures first
// unless they are given; drawn ones are thrown away when they are in the house.
#include "app/demo.h"

#include "accounts/accounts.h"
#include "community/community.h"

#include <errno.h>
#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct demo_options {
	str from, pictures;
	int64_t notes; // 0 = the demo world itself
	bool if_empty; // a community with members is left alone without a word
};

static bool parse(int argc, char **argv, struct demo_options *out)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "--if-empty") == 0) {
			out->if_empty = true;
			continue;
		}
		if (!value)
			return false;
		if (strcmp(argv[i], "--from") == 0)
			out->from = str_from(value);
		else if (strcmp(argv[i], "--pictures") == 0)
			out->pictures = str_from(value);
		else if (strcmp(argv[i], "--notes") != 0 ||
			 !str_int(str_from(value), &out->notes) || out->notes < 1 ||
			 out->notes > 10000000)
			return false;
		i++;
	}
	return true;
}

// A file or folder that stands in one place beside an installed program and in another in the build
// folder.
static str beside(struct app *app, const char *installed, const char *built)
{
	const char *const places[] = {installed, built};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	while (n > 0 && self[n - 1] != '/')
		n--;
	for (int i = 0; n > 0 && i < COUNT(places); i++) {
		str path = str_fmt(app->mem, "%.*s%s", (int)n, self, places[i]);
		if (access(str_z(app->mem, path), R_OK) == 0)
			return path;
	}
	return (str){0};
}

static err draw(struct app *app, str from, str into)
{
	LIST(char *) argv = {0};
	str tool = beside(app, "../libexec/qiao/qiao-draw", "../demo/draw/qiao-draw");
	int status;
	pid_t pid;
	DIR *dir = opendir(str_z(app->mem, from));
	if (!tool.n || !dir) {
		complain("qiao-draw, which paints the pictures, is not there; paint them elsewhere "
			 "and name their folder by --pictures");
		if (dir)
			closedir(dir);
		return ERR_NOT_FOUND;
	}
	list_push(app->mem, &argv, str_z(app->mem, tool));
	list_push(app->mem, &argv, str_z(app->mem, into));
	for (struct dirent *e; (e = readdir(dir));) {
		str path = str_fmt(app->mem, "%.*s/%s", STR_ARGS(from), e->d_name);
		if (str_ends(path, S(".json")))
			list_push(app->mem, &argv, str_z(app->mem, path));
	}
	closedir(dir);
	list_push(app->mem, &argv, NULL);
	errno = posix_spawn(&pid, argv.at[0], NULL, NULL, argv.at, environ);
	if (errno != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
		complain("painting the pictures failed");
		return ERR_UNAVAILABLE;
	}
	return OK;
}

static void erase(struct app *app, str folder)
{
	DIR *dir = opendir(str_z(app->mem, folder));
	if (!dir)
		return;
	for (struct dirent *e; (e = readdir(dir));)
		if (str_ends(str_from(e->d_name), S(".jpg")))
			unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
	rmdir(str_z(app->mem, folder));
}

void demo_print_sign_in(bool filled)
{
	printf("Sign in as " DEMO_HOST " (admin)%s; password \"" DEMO_PASSWORD "\".\n",
		filled ? "" : ", xiaoman_cq, maya_eats or anybody else there");
}

static err put_in(
	struct app *app, const struct demo_options *o, str pictures, struct demo_world *world)
{
	TRY(demo_read(app, o->from, world));
	if (o->notes)
		return demo_fill(app, world, o->notes, pictures);
	TRY(demo_load(app, world, pictures));
	printf("The demo world is there: %td accounts, %td notes, %td pictures.\n",
		world->accounts.n, world->notes.n, world->pictures.n);
	return OK;
}

static err bring_in(struct app *app, const struct demo_options *o, str pictures)
{
	struct demo_world world = {0};
	err failed = put_in(app, o, pictures, &world);
	demo_free(&world);
	return failed;
}

// A load that was cut off goes on; a community that people made is none of a demo's business.
static err may_begin(struct app *app, const struct demo_options *o, bool *members)
{
	struct account *any;
	str known;
	ptrdiff_t n;
	err found = setting_read(&app->ctx, S("demo"), &known);
	*members = false;
	if (found != ERR_NOT_FOUND)
		return found;
	TRY(accounts_list(&app->ctx, STANDING_GOOD, (account_id){0}, 1, &any, &n));
	*members = n > 0;
	return n || o->notes ? OK : setting_write(&app->ctx, S("demo"), S("begun"));
}

static err load(struct ctx *ctx, struct demo_options *o)
{
	struct app *app = ctx->house->app;
	if (!o->from.n)
		o->from = beside(app, "../share/qiao/demo", "../../demo");
	if (!o->from.n)
		return fail_fmt(ctx, ERR_NOT_FOUND,
			"no demo world beside this program; name its folder by --from");
	str pictures = o->pictures;
	if (!pictures.n) {
		pictures = str_fmt(
			ctx->mem, "%.*s/demo-pictures", STR_ARGS(option_text(ctx->house, "data")));
		TRY(draw(app, o->from, pictures));
	}
	TRY(bring_in(app, o, pictures));
	if (!o->pictures.n)
		erase(app, pictures);
	demo_print_sign_in(o->notes > 0);
	return OK;
}

err command_demo(struct ctx *ctx, int argc, char **argv)
{
	struct demo_options o = {0};
	str known = {0};
	bool members;
	if (!parse(argc, argv, &o))
		return ERR_BAD_REQUEST;
	err found = may_begin(ctx->house->app, &o, &members);
	if (found == OK)
		found = setting_read(ctx, S("demo"), &known);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	if (members)
		return o.if_empty ? OK
				  : fail_fmt(ctx, ERR_CONFLICT,
					    "this community has members already: choose another "
					    "--data or --database for the demo");
	if (known.n && !str_eq(known, S("begun")) && !o.notes) {
		demo_print_sign_in(str_eq(known, S("filled")));
		return OK;
	}
	return load(ctx, &o);
}
