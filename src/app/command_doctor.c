// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao doctor: looks at everything the server needs, a line each, and says what to do about what is
// not in order. Changes nothing but what opening the database changes.
#include "app/app.h"

#include "disk/disk.h"
#include "notes/notes.h"
#include "store/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLOCK_LEAST ((ms)1735689600000) // 2025: no clock is earlier than the program

struct doctor {
	struct app *app;
	int faults;
	bool serves; // a server runs on this data directory
};

static void say(struct doctor *d, bool ok, const char *what, str text, const char *advice)
{
	printf("%-8s %-14s %.*s\n", ok ? "ok" : "MEND", what, STR_ARGS(text));
	if (!ok) {
		printf("%24s%s\n", "", advice);
		d->faults++;
	}
}

static void configuration(struct doctor *d)
{
	str file = d->app->config.file;
	say(d, true, "configuration", file.n ? file : S("no file: defaults, environment, options"),
		"");
}

static void disk_room(struct doctor *d, str dir)
{
	struct arena *mem = d->app->mem;
	const struct disk_config config = {
		.dir = dir, .reserve = config_size(&d->app->config, OPT_RESERVE)};
	struct disk *disk;
	if (disk_open(mem, &config, &disk) != OK) {
		say(d, false, "disk", dir, "The system does not say how much room there is.");
		return;
	}
	say(d, disk_state(disk) == DISK_OK, "disk",
		str_fmt(mem, "%lld MB free, of which uploads leave %lld MB (reserve)",
			(long long)(disk_free(disk) >> 20), (long long)(disk_reserve(disk) >> 20)),
		disk_state(disk) == DISK_LOW
			? "No pictures are taken in: make room, move the data directory, or lower "
			  "the reserve."
			: "Only deleting and moderating still work: make room, or move the data "
			  "directory.");
	disk_close(disk);
}

static void data_directory(struct doctor *d)
{
	struct arena *mem = d->app->mem;
	str dir = config_text(&d->app->config, OPT_DATA);
	struct statvfs fs;
	bool there = (mkdir(str_z(mem, dir), 0750) == 0 || errno == EEXIST) &&
		     access(str_z(mem, dir), R_OK | W_OK | X_OK) == 0;
	say(d, there, "data", dir,
		"This directory must belong to the user the server runs as: mkdir, chown.");
	if (!there || statvfs(str_z(mem, dir), &fs) != 0)
		return;
	disk_room(d, dir);
	say(d, fs.f_favail == 0 || fs.f_favail > 10000, "files",
		str_fmt(mem, "%llu more files fit", (unsigned long long)fs.f_favail),
		"The file system runs out of inodes: a picture takes eight to ten files.");
	FILE *lock = fopen(str_z(mem, str_fmt(mem, "%.*s/lock", STR_ARGS(dir))), "r");
	if (lock) {
		d->serves = flock(fileno(lock), LOCK_EX | LOCK_NB) != 0;
		fclose(lock);
	}
}

static void database(struct doctor *d)
{
	struct app *app = d->app;
	str address = config_database(app->mem, &app->config);
	bool postgres = str_starts(address, S("postgres"));
	// The address may hold a password.
	ptrdiff_t at = str_find_char(address, '@');
	str shown = postgres && at >= 0 ? str_fmt(app->mem, "postgresql://…@%.*s",
						  STR_ARGS(str_skip(address, at + 1)))
					: address;
	bool ok = app_open(app, OPEN_STORE) == OK && store_ping(&app->ctx) == OK;
	if (app->house.store)
		store_done(&app->ctx);
	say(d, ok, "database", shown,
		postgres ? "Is PostgreSQL running, do address, user and password fit, does the "
			   "database exist?"
			 : "Is it a database of this or an older program, and owned by this user? "
			   "See the "
			   "line above.");
	if (ok)
		say(d, true, "schema",
			str_fmt(app->mem, "step %d", schema_steps[schema_steps_n - 1].number), "");
}

// Likes, comments, followers, topics: against the rows they are made of.
static void numbers(struct doctor *d)
{
	struct recount r = {0};
	if (!d->app->house.store)
		return;
	err failed = notes_recount(&d->app->ctx, false, &r);
	store_done(&d->app->ctx);
	int64_t wrong = r.notes + r.accounts + r.topics;
	str text = failed != OK ? str_from(err_name(failed))
		   : wrong      ? str_fmt(d->app->mem, "%lld are wrong", (long long)wrong)
		   : r.standing ? str_fmt(d->app->mem, "%lld accounts are being settled",
					  (long long)r.standing)
				: S("every public number is right");
	say(d, failed == OK && !wrong, "numbers", text, "qiao recount puts them right.");
}

static void pictures(struct doctor *d)
{
	struct arena *mem = d->app->mem;
	str tool = app_media_tool(d->app);
	str command = str_fmt(mem, "'%.*s' --check", STR_ARGS(tool));
	bool quotable = str_find_char(tool, '\'') < 0 && access(str_z(mem, tool), X_OK) == 0;
	FILE *p = quotable ? popen(str_z(mem, command), "re") : NULL;
	struct sb formats = sb_new(mem, 200);
	char line[200];
	while (p && fgets(line, sizeof line, p))
		if (str_ends(str_trim(str_from(line)), S(" yes")))
			sb_fmt(&formats, "%.*s ", (int)strcspn(line, " "), line);
	int status = p ? pclose(p) : -1;
	bool ok = status == 0;
	say(d, ok, "pictures", ok ? sb_str(&formats) : tool,
		"qiao-media does not decode every format here: install libvips42 and libheif1, or "
		"name "
		"the program by media_tool; run it with --check to see which.");
}

static void port(struct doctor *d)
{
	struct arena *mem = d->app->mem;
	str listen_at = config_text(&d->app->config, OPT_LISTEN);
	ptrdiff_t colon = listen_at.n;
	while (colon > 0 && listen_at.p[colon - 1] != ':')
		colon--;
	str host = str_sub(listen_at, 0, MAX(colon - 1, 0));
	if (str_starts(host, S("[")) && str_ends(host, S("]")))
		host = str_sub(host, 1, host.n - 1);
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
				.ai_socktype = SOCK_STREAM},
			*found = NULL;
	int got = getaddrinfo(host.n ? str_z(mem, host) : NULL,
		str_z(mem, str_skip(listen_at, colon)), &hints, &found);
	int fd = got == 0 ? socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
	int one = 1;
	bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
		  bind(fd, found->ai_addr, found->ai_addrlen) == 0;
	int why = errno;
	if (fd >= 0)
		close(fd);
	if (got == 0)
		freeaddrinfo(found);
	bool ours = !ok && d->serves && why == EADDRINUSE;
	say(d, ok || ours, "listen",
		ours ? str_fmt(mem, "%.*s (the server runs)", STR_ARGS(listen_at)) : listen_at,
		got != 0 ? "This is no ADDRESS:PORT."
		: why == EADDRINUSE
			? "Another program listens there: end it, or choose another --listen."
		: why == EACCES ? "Ports below 1024 are for root: listen on 8080 behind a proxy."
				: "This machine has no such address.");
}

static void clock_and_address(struct doctor *d)
{
	char at[TIME_ISO_SIZE];
	ms now = clock_now();
	str url = config_text(&d->app->config, OPT_URL);
	time_iso(now, at);
	say(d, now > CLOCK_LEAST, "clock", str_from(at),
		"The clock is wrong; ids and dates are made of it. Install an NTP client.");
	bool https = str_starts(url, S("https://"));
	say(d, !url.n || https || str_starts(url, S("http://")), "url",
		url.n ? url : S("not set: for this machine only"), "url must begin with https://");
	if (url.n && !https)
		printf("%24sWithout TLS passwords cross the network in the clear; see "
		       "docs/hosting.md.\n",
			"");
	str proxies = config_text(&d->app->config, OPT_TRUSTED_PROXIES);
	if (https && !proxies.n)
		printf("%24sSet trusted_proxies to the proxy's address, else all visitors look "
		       "like one.\n",
			"");
}

int command_recount(struct app *app, int argc, char **argv)
{
	struct recount r;
	if (argc > 1)
		return usage(command_find(argv[0]));
	err failed = notes_recount(&app->ctx, true, &r);
	if (failed != OK)
		return complain_err(app, "recount", failed);
	if (!r.notes && !r.accounts && !r.topics && !r.standing)
		puts("Every public number is right.");
	else
		printf("Put right: numbers of %lld notes, %lld accounts, %lld topics; settled: "
		       "%lld accounts.\n",
			(long long)r.notes, (long long)r.accounts, (long long)r.topics,
			(long long)r.standing);
	return EXIT_OK;
}

int command_doctor(struct app *app, int argc, char **argv)
{
	struct doctor d = {.app = app};
	if (argc > 1)
		return usage(command_find(argv[0]));
	setvbuf(stdout, NULL, _IOLBF, 0); // complaints of the rooms stand in their place
	printf("%-8s %-14s %s\n", "ok", "program", app_version());
	configuration(&d);
	data_directory(&d);
	database(&d);
	numbers(&d);
	pictures(&d);
	port(&d);
	clock_and_address(&d);
	if (!d.faults)
		puts("Everything is in order.");
	return d.faults ? EXIT_FAILED : EXIT_OK;
}
