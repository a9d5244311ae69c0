// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The program: opening the rooms in order, and the commands. Private to app/.
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

// A command gets its operands: argv[0] is its own name. Returns the exit code.
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
struct command {
	const char *name;
	const char *operands; // for the usage line
	const char *summary;  // one line
	const char *help;     // more, or NULL
	enum extent extent;
	int (*run)(struct app *, int argc, char **argv);
};
extern const struct command commands[]; // ends with a row without a name

// Prints "qiao: sentence" to standard error and returns EXIT_FAILED.
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
// The same for a failed call, with what ctx->problem tells.
int complain_err(struct app *, const char *what, err code);
int usage(const struct command *); // prints the usage line to standard error, EXIT_USAGE
const struct command *command_find(const char *name);

// A bar on standard error while long work lasts, when it is a terminal; nothing otherwise.
void progress(const char *what, int64_t done, int64_t total);
void progress_end(void);

// The last lines of qiao doctor: what the server needs around it.
void app_examine(struct ctx *, struct doctor *);

int command_serve(struct app *, int argc, char **argv);
int command_backup(struct app *, int argc, char **argv);
int command_restore(struct app *, int argc, char **argv);
int command_doctor(struct app *, int argc, char **argv);
int command_recount(struct app *, int argc, char **argv);
int command_demo(struct app *, int argc, char **argv);
int command_account(struct app *, int argc, char **argv);
int command_invite(struct app *, int argc, char **argv);
int command_routes(struct app *, int argc, char **argv);
int command_jobs(struct app *, int argc, char **argv);
int command_config(struct app *, int argc, char **argv);
int command_words(struct app *, int argc, char **argv);
