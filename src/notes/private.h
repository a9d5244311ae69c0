// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "accounts/accounts.h"
#include "notes/notes.h"
#include "notes/notes.sql.h"
#include "unicode/unicode.h"

#include <stdatomic.h>

// Of note.counted; the third: not in the numbers, and what is below may or may not be.
enum { UNCOUNTED, COUNTED, IN_THE_MAKING };
// Of liking.listed: no list has it, as it is of a comment; the list for everyone, of a note that is
// COUNTED; the list of those that fewer may see.
enum like_list { LISTED_NOWHERE, LISTED_OPEN, LISTED_NARROW };
// Of mention.reach: a note that not everyone may read, and whoever is named in it may.
enum mention_reach { REACH_NOTHING, REACH_NARROW };

// Of delta.kind: likes of a note, likes that an account received.
enum delta_kind { DELTA_LIKES, DELTA_LIKED };

struct notes {
	struct memo *liked; // account → which notes it likes; liked.c
	_Atomic int64_t
		fold_planned; // when this process last left a job that adds deltas; deltas.c
};

struct note note_from_row(const struct note_row *);
// Inside a transaction that hangs something on the note: as notes_get, and until the end nobody deletes it
// or changes who may see it, or whether it is in the numbers.
err notes_get_held(struct ctx *, note_id, struct note *out) CHECKED;
struct note note_from_sight(const struct note_sight *); // enough to judge it
// Which of n notes the viewer may see: shown[i]. At most three statements, none when all are public
// and their authors known. Of comments whose note the viewer sees, or owns, already.
err see_many(struct ctx *, const struct note *notes, ptrdiff_t n, bool *shown) CHECKED;
// Comments of a note that the viewer sees: whoever owns the note reads them all.
err see_below(struct ctx *, const struct note *root, const struct note *notes, ptrdiff_t n,
	bool *shown) CHECKED;
// The same for any notes and comments: a comment is seen only where its note is, an answer only where
// the author of what it answers is in good standing.
err see_with_roots(struct ctx *, const struct note *notes, ptrdiff_t n, bool *shown) CHECKED;

// deltas.c. Inside a transaction: a number goes up or down by one, soon where others are at it.
err likes_move(struct ctx *, note_id, int by) CHECKED;
err author_liked_move(struct ctx *, account_id, int by) CHECKED;
// Inside a transaction that narrows, deletes or settles: whatever hangs something on these has ended, nothing
// new comes until the end, and their likes are all in the number. Of what is there.
err note_take(struct ctx *, note_id, struct note_row *out) CHECKED;
err notes_take(struct ctx *, const note_id *, ptrdiff_t n, struct note_now **, ptrdiff_t *) CHECKED;
err topic_move(
	struct ctx *, str name, str shown, note_id source) CHECKED; // has one more public note
err topic_take(
	struct ctx *, str name) CHECKED;    // the topic's number has all its notes, until the end
err deltas_fold(struct ctx *) CHECKED;      // all of them, now
err deltas_fold_soon(struct ctx *) CHECKED; // by a job
// By a job, if there are any: of a commit that took longer than the job waited that was planned for it.
err deltas_fold_left(struct ctx *) CHECKED;
err deltas_start(struct ctx *) CHECKED; // registers it

void liked_start(struct ctx *); // what people like, in memory
void liked_stop(struct ctx *);
void likes_start(struct ctx *);  // registers its job
void settle_start(struct ctx *); // registers its jobs
extern ptrdiff_t settle_rows;    // that change in one transaction, about; few in tests

// likes.c. Inside a transaction that changed whether everyone may see the note: its likes are in the
// right list, as many as there is room for at once, the others by a job. *room: less so many rows.
err likes_list(struct ctx *, note_id, bool counted, ptrdiff_t *room) CHECKED;
err likes_list_all(struct ctx *, note_id) CHECKED; // in transactions of its own
extern ptrdiff_t list_rows;                        // that change in one transaction; few in tests

struct ledger;

// clear.c. Inside a transaction: what hangs on something that is deleted, comments of a note that is
// narrowed. The first step at once, the others by a job.
err clear_begin(struct ctx *, const struct note *, struct ledger *) CHECKED;
err narrow_begin(struct ctx *, note_id root, enum visibility, struct ledger *) CHECKED;
void clear_start(struct ctx *); // registers the jobs

bool is_open(enum visibility); // to everyone: public and unlisted

// publish.c. Whether the viewer's form with this key was sent before, and what became of it.
err note_sent_before(struct ctx *, str request, bool *again, note_id *out) CHECKED;

// Sums by id, so that each number is changed once and in the order of ids, as all do who change many.
struct tally {
	LIST(struct sum) sums;
};
struct sum {
	int64_t id, by;
};
void tally_add(struct ctx *, struct tally *, int64_t id, int64_t by);
void tally_merge(struct tally *); // each id once, rising

// What a transaction does to numbers that others change as well: said while its notes are locked, written
// when all of them are, in the one order of locks (docs/decisions/growth.md): notes, topics, accounts.
struct topic_move {
	str name, shown;
	note_id note;
	int by; // the topic has one public note more, or less; 0: this one may be spelled otherwise
};
struct ledger {
	struct tally comments;     // of notes and first-level comments
	struct tally notes, liked; // of accounts: notes, likes that they received
	LIST(struct topic_move) topics;
};
err ledger_write(struct ctx *, struct ledger *) CHECKED;

// Inside a transaction. Rows say `to` in note.counted from now on, and the numbers follow.
err notes_flip(
	struct ctx *, const struct astray_note *, ptrdiff_t n, int to, struct ledger *) CHECKED;

// Inside a transaction: topics and mentions of a note's text as it is now, and no others. public: everyone
// sees it.
err topics_write(struct ctx *, note_id, account_id author, str title, str body, bool public,
	struct ledger *) CHECKED;
err topics_erase(struct ctx *, note_id, struct ledger *) CHECKED;
// Its topics are public from now on, or not.
err topics_show(struct ctx *, note_id, bool public, struct ledger *) CHECKED;
err topics_move(struct ctx *, struct topic_move *, ptrdiff_t n) CHECKED; // of a ledger
// any: there are some.
err mentions_write(struct ctx *, note_id, str text, enum mention_reach, bool *any) CHECKED;

// Whether the note's topics are those of its text; then: the spelling of those of which it is the
// first public note.
err topics_are(struct ctx *, note_id, str title, str body, bool *same) CHECKED;
err topics_spell(
	struct ctx *, note_id, str title, str body, bool *changed, struct ledger *) CHECKED;
// Adds the names of one kind in a text, as they are compared, each once, up to `most`; how many
// there are then.
ptrdiff_t names_in(struct ctx *, str text, enum text_kind, str *names, ptrdiff_t n, ptrdiff_t most);

struct job;
err notes_rescan(struct ctx *, const struct job *, void *arg) CHECKED; // the job "notes.rescan"

// By script, the author's setting and the languages the author reads.
err language_of(struct ctx *, account_id author, str text, lang *out) CHECKED;
