// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The program: opening the rooms in order, and its own commands. Private to app/.
#pragma once

#include "app/config.h"
#include "app/rooms.h"
#include "base/base.h"

struct app {
	struct arena *mem; // program lifetime
	struct config config;
	struct house house;      // its `app` is this
	struct rooms rooms;      // how far they are open
	struct ctx ctx;          // of the main thread, for commands
	struct serving *serving; // serve.c
};

// Opens the rooms. On an error a sentence for the person was printed.
err app_open(struct app *, enum extent) CHECKED;
// False when a room did not end: the process is to end at once.
bool app_close(struct app *);
// Version of the program: "0.1.0".
const char *app_version(void);

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
// Prints "qiao: sentence" to standard error. What a command returns then is not told again.
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool has_complained(void);
// What ctx->problem tells, as a sentence; else the name of the error.
str reason(struct ctx *, err code);

// A bar on standard error while long work lasts, when it is a terminal; nothing otherwise.
void progress(const char *what, int64_t done, int64_t total);
void progress_end(void);

// The last lines of qiao doctor: what the server needs around it.
void app_examine(struct ctx *, struct doctor *);

extern const struct command app_commands[]; // commands.c
err command_serve(struct ctx *, int argc, char **argv) CHECKED;
err command_backup(struct ctx *, int argc, char **argv) CHECKED;
err command_restore(struct ctx *, int argc, char **argv) CHECKED;
err command_doctor(struct ctx *, int argc, char **argv) CHECKED;
err command_demo(struct ctx *, int argc, char **argv) CHECKED;
