// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a room says of itself, so that the house can be opened, served and closed without knowing it. A
// room that keeps anything while the program runs, or has routes, commands or threads, has one
//
//	const struct room waves_room = {.name = "waves", .extent = OPEN_ROOMS, .start = start, …};
//
// and stands with it in the list of app/rooms.c, above the rooms it needs. Everything may be left out.
//
//	up      start, from the lowest room to the highest; then, in a server, run in the same order
//	down    halt, from the highest to the lowest; then stop in the same order
//
// What a room registers (jobs, listeners of changes) it registers in start, when no other thread runs yet.
// Steps of the schema, words and pages are found in the room's folder.
#pragma once

#include "base/options.h"

struct route_table;
struct doctor;

// A command of the program: `qiao jobs retry 7` calls it with {"jobs", "retry", "7"}.
struct command {
	const char *name;
	const char *operands; // for the usage line
	const char *summary;  // one line
	const char *help;     // more, or NULL
	enum extent extent;   // what is open while it runs
	// ERR_BAD_REQUEST: the operands make no sense, and the usage line is shown. Of any other error the person
	// reads what ctx->problem has (fail, fail_fmt).
	err (*run)(struct ctx *, int argc, char **argv);
};

struct room {
	const char *name;
	const struct option_row *options; // one without a key ends them
	const struct command *commands;   // one without a name ends them
	const struct route_table *routes; // of http/; one without a group ends them
	enum extent extent;               // the least with which it is opened
	// Opens what it keeps, as ctx->house->NAME, on the heap: ctx->mem is for the moment. Begins no threads. One
	// that fails leaves nothing behind, and what the operator should know in ctx->problem (fail_fmt).
	err (*start)(struct ctx *);
	// Begins its threads, after all rooms have started. Only in a server.
	err (*run)(struct ctx *);
	// From the timer's thread, every few seconds while the server runs.
	void (*tick)(struct ctx *);
	// Takes nothing new and ends its threads; false when it did not in good time: then nothing is stopped,
	// and the process is to end at once. After run, and after those of all rooms above.
	bool (*halt)(struct ctx *);
	// Gives back what start made. No other thread runs any more.
	void (*stop)(struct ctx *);

	// What it says to the operator, where it is open: lines "warning: …" of /healthz, memory only; and of
	// /metrics, as Prometheus text.
	void (*health)(struct ctx *, struct sb *);
	void (*metrics)(struct ctx *, struct sb *);
	// To qiao doctor, with doctor_say. The database is open, or nothing is, when that is not possible.
	void (*examine)(struct ctx *, struct doctor *);
};

// A line: in order, or to be mended, and how.
void doctor_say(struct doctor *, bool ok, const char *what, str text, const char *advice);
struct doctor {
	int faults;
};

// Rooms that are opened together, lowest first, and how far that has come.
struct rooms {
	const struct room *const *list; // NULL ends it
	int started, running;           // so many of the list had their turn
	bool stuck;                     // a room did not halt: what its threads use stays there
};
// Starts those that belong to this extent, and runs them in a server. When one fails those that were begun
// are closed again, and ctx->problem.text says what failed.
err rooms_up(struct ctx *, struct rooms *, enum extent) CHECKED;
// False when they are stuck: the process is to end at once.
bool rooms_down(struct ctx *, struct rooms *);
