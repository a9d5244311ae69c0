// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao doctor: every room looks at what it needs, a line each, and says what to do about what is not in
// order. Changes nothing but what opening the database changes.
#include "app/app.h"

#include "store/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLOCK_LEAST ((ms)1735689600000) // 2025: no clock is earlier than the program

// A server runs on this data directory.
static bool is_served(struct ctx *ctx)
{
	str path = str_fmt(ctx->mem, "%.*s/lock", STR_ARGS(option_text(ctx->house, "data")));
	int fd = open(str_z(ctx->mem, path), O_RDONLY | O_CLOEXEC);
	bool served = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
	if (fd >= 0)
		close(fd);
	return served;
}

static void port(struct ctx *ctx, struct doctor *d)
{
	struct arena *mem = ctx->mem;
	str listen_at = option_text(ctx->house, "listen");
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
	bool ours = !ok && why == EADDRINUSE && is_served(ctx);
	doctor_say(d, ok || ours, "listen",
		ours ? str_fmt(mem, "%.*s (the server runs)", STR_ARGS(listen_at)) : listen_at,
		got != 0 ? "This is no ADDRESS:PORT."
		: why == EADDRINUSE
			? "Another program listens there: end it, or choose another --listen."
		: why == EACCES ? "Ports below 1024 are for root: listen on 8080 behind a proxy."
				: "This machine has no such address.");
}

static void clock_and_address(struct ctx *ctx, struct doctor *d)
{
	char at[TIME_ISO_SIZE];
	ms now = clock_now();
	str url = option_text(ctx->house, "url");
	time_iso(now, at);
	doctor_say(d, now > CLOCK_LEAST, "clock", str_from(at),
		"The clock is wrong; ids and dates are made of it. Install an NTP client.");
	bool https = str_starts(url, S("https://"));
	doctor_say(d, !url.n || https || str_starts(url, S("http://")), "url",
		url.n ? url : S("not set: for this machine only"), "url must begin with https://");
	if (url.n && !https)
		printf("%24sWithout TLS passwords cross the network in the clear; see "
		       "docs/hosting.md.\n",
			"");
	str proxies = option_text(ctx->house, "trusted_proxies");
	if (https && !proxies.n)
		printf("%24sSet trusted_proxies to the proxy's address, else all visitors look "
		       "like one.\n",
			"");
}

void app_examine(struct ctx *ctx, struct doctor *d)
{
	port(ctx, d);
	clock_and_address(ctx, d);
}

static void open_house(struct app *app, struct doctor *d)
{
	if (rooms_up(&app->ctx, &app->rooms, OPEN_STORE) != OK)
		doctor_say(d, false, "house", app->ctx.problem.text, "See what follows.");
}

err command_doctor(struct ctx *ctx, int argc, char **argv)
{
	struct app *app = ctx->house->app;
	struct doctor d = {0};
	str file = app->config.file;
	(void)argv;
	if (argc > 1)
		return ERR_BAD_REQUEST;
	doctor_say(&d, true, "program", str_from(app_version()), "");
	doctor_say(&d, true, "configuration",
		file.n ? file : S("no file: defaults, environment, options"), "");
	open_house(app, &d);
	for (const struct room *const *room = house_rooms; *room; room++) {
		if ((*room)->examine)
			(*room)->examine(&app->ctx, &d);
		if (app->house.store)
			store_done(&app->ctx);
	}
	if (d.faults)
		return fail_fmt(ctx, ERR_INVALID, "not everything is in order");
	puts("Everything is in order.");
	return OK;
}
