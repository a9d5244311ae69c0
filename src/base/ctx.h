// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The request context: the only thing passed around. It carries what one request, job or command
// works with: memory, time, database connection, who is asking, and what went wrong.
#pragma once

#include "base/clock.h"
#include "base/every_room.h"

// A language tag as we store it: "en", "zh-Hans", "zh-Hant", "pt"…; "" is unknown.
typedef struct lang {
	char tag[12];
} lang;
#define LANG(lit) ((lang){"" lit})
bool lang_eq(lang a, lang b);
bool lang_same_base(lang a, lang b); // zh-Hans and zh-Hant are one here
lang lang_from(str tag);             // "" when it is no well-formed short tag
str lang_str(const lang *);

enum role { ROLE_NONE, ROLE_MEMBER, ROLE_MODERATOR, ROLE_ADMIN };

#define VIEWER_LANGS 8
// Who is asking. Filled once at the edge (or by a job for the account it works for).
struct viewer {
	account_id account; // 0: a stranger
	session_id session;
	enum role role;           // as it counts now: no more than a member while limited
	bool limited;             // may read, not write (suspended or waiting for approval)
	int locale;               // interface language: a `enum locale` of words/
	lang reads[VIEWER_LANGS]; // languages the person reads, most wanted first
	int n_reads;
};

// What went wrong, in terms that the edge puts into the person's language.
struct problem {
	const char *field; // form field or NULL
	int word;          // an `enum word` of words/, 0 none
	int64_t number;    // the {n} of the word
	str text;          // the {s} of the word, in ctx->mem
};

// How much of the house is open.
enum extent {
	OPEN_NOTHING,
	OPEN_FILES, // what is read from files beside the program
	OPEN_STORE, // the database and what it needs
	OPEN_ROOMS, // all that commands need; jobs can be added but nobody runs them
	OPEN_SERVER // all
};

// What was opened: how much, with which options, and of each room of LAYERS what it keeps, under its name:
// house->notes is a struct notes *. A room touches only its own.
struct house {
	enum extent extent;
	const struct option *options;
#define X(room) struct room *room;
	EVERY_ROOM(X)
#undef X
};

struct db;         // store/: a connection, or the open transaction
struct db_pending; // store/: changes and wake-ups of the open transaction

struct ctx {
	struct arena *mem; // everything here lives until the answer is sent
	ms now;
	ms deadline;     // of clock_steady: what waits for the database gives up then; 0 = none
	int64_t request; // number in the log
	struct viewer viewer;
	struct problem problem;
	bool quiet; // nobody is told of what is done: imports, the demo world
	struct house *house;
	struct db *db;
	struct db_pending *pending;
};

// Records what a person needs to know and returns the code: return fail(ctx, ERR_INVALID, "title",
// W_note_title_too_long);
err fail(struct ctx *, err code, const char *field, int word) CHECKED;
err fail_n(struct ctx *, err code, const char *field, int word, int64_t n) CHECKED;
err fail_s(struct ctx *, err code, const char *field, int word, str s) CHECKED;
// What the operator needs to know, in English.
err fail_fmt(struct ctx *, err code, const char *fmt, ...) CHECKED
	__attribute__((format(printf, 3, 4)));
