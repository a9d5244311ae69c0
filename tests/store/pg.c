// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Calls tests/lib/postgres, whose place the build passes as POSTGRES_SCRIPT.
#include "pg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void read_line(FILE *from, char *to, int size)
{
	must(fgets(to, size, from));
	to[strcspn(to, "\n")] = 0;
}

static void command(const char *what, const char *arg)
{
	char text[512];
	must(snprintf(text, sizeof text, "exec '%s' %s '%s'", POSTGRES_SCRIPT, what, arg) <
		(int)sizeof text);
	must(system(text) == 0);
}

static void get(const char *what, struct pg_server *server)
{
	char text[512];
	must(snprintf(text, sizeof text, "exec '%s' %s %d", POSTGRES_SCRIPT, what, (int)getpid()) <
		(int)sizeof text);
	FILE *said = popen(text, "r");
	must(said);
	read_line(said, server->dir, sizeof server->dir);
	read_line(said, server->address, sizeof server->address);
	must(pclose(said) == 0);
}

void pg_server_lend(struct pg_server *server)
{
	get("lend", server);
}

void pg_server_start(struct pg_server *server)
{
	get("start", server);
}

void pg_server_halt(struct pg_server *server)
{
	command("halt", server->dir);
}

void pg_server_resume(struct pg_server *server)
{
	command("resume", server->dir);
}

void pg_server_stop(struct pg_server *server)
{
	command("stop", server->dir);
}
