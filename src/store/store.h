// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The database: SQLite or PostgreSQL behind one face. Rooms write their statements into
// `room/room.sql`, from which tools/sqlgen makes typed functions; here are opening, transactions,
// the change feed and copies. How statements are written:
//
//	--: row note_row (id note_id, account account_id, title str, created ms)
//	--: note_by_id(id note_id) one note_row
//	SELECT id, account, title, created FROM note WHERE id = :id;
//	--: notes_by_ids(ids note_id[]) many note_row
//	SELECT {note_row} FROM note WHERE id IN (:ids);                 (a row stands for its columns)
//	--: note_insert(note_row) exec                       (the parameter is const struct note_row *)
//	INSERT INTO note ({note_row}) VALUES ({:note_row});
//	--: names(ids account_id[]) many (id account_id, name str?)              struct names_row
//	--: authors(ids note_id[]) many account_id                                   an array of ids
//	--: census(since ms) changed scan: weekly, may read everything
//
// What several statements say stands once, as a part: a text with words to fill in. {GOOD} is the
// number of a C enumerator, of the room's headers or those that it may include.
//
//	--: use accounts                                       (the parts of a room below, too)
//	--: part open_to_all(what)
//	what.visibility <= {VIS_UNLISTED} AND {stands(what.account)};
//	--: open_notes(ids note_id[]) many note_id
//	SELECT id FROM note WHERE id IN (:ids) AND {open_to_all(note)};
//
// Tables belong to rooms; LAYERS says which, and which of others' a room may touch.
//
// A statement may not read a whole table, sort all it finds or skip rows by OFFSET: lists are read
// in the order of an index, from where the page before ended. Where it stays small the head ends
// with the reason: scan: …, sort: …, skip: ….
//
// What one database has alone says so, and is written in its own SQL: on: sqlite, on: postgres. A row
// lock at the end of what is read (FOR UPDATE, FOR KEY SHARE) is PostgreSQL's; on SQLite who writes is
// alone. It belongs into a transaction.
//
// one: first row or ERR_NOT_FOUND; many: array; exec: nothing; changed: number of rows. Types: int
// ms bool real str bytes lang and the ids of base/clock.h. `?` after a type: NULL stands for 0 of
// ids and times, for empty text, and for !has of opt_int and opt_real. Results live in ctx->mem.
// Errors: ERR_CONFLICT (a constraint), ERR_DATABASE, ERR_FULL (its disk is), ERR_UNAVAILABLE (the
// database cannot be reached or is too busy), ERR_TIMEOUT. Nothing waits longer than
// store_config.busy, or than ctx->deadline when that is sooner, tries that follow a failed one
// included; but a commit that was sent is given a second in any case, and a transaction whose turn on
// SQLite has come runs to its end. ctx->problem then names the statement and has the database's own
// message for the log.
#pragma once

#include "store/change.h"
#include "store/sql.h"

extern const struct room store_room;

struct store_config {
	str database; // path of the SQLite file, or postgresql://…
	int readers;  // SQLite: most connections that read; 0 = 8. Opened when first needed.
	int pool; // PostgreSQL: most connections; 0 = 20. Divided by what they are taken for (growth.md)
	ms busy; // longest wait for a connection or a lock, longest statement; 0 = 5 s
	const struct schema_step *steps; // NULL = the program's own schema
	int n_steps;
};

// Opens the database, creates what is missing and applies the schema steps that are not applied
// yet. Does not need ctx->house. ERR_CONFLICT when the database belongs to a newer program, a step that
// was applied has been changed since, or a pooler stands before it that gives each transaction another
// connection: ctx->problem.text says which.
err store_open(struct ctx *, const struct store_config *, struct store **out) CHECKED;
// After all threads that use it have ended.
void store_close(struct store *);
bool store_is_postgres(const struct store *);
int64_t store_process(const struct store *); // marks what this process says: another one for each
#define NODE_UNLEASED 255 // nobody leases it: for commands that only look and repair
// Leases a number for the ids that this process makes, after store_open and before the first id, with
// ctx->house->store set; again from time to time, which store_tail does. ERR_CONFLICT when there is
// none left: ctx->problem.text says so.
err store_node_lease(struct ctx *) CHECKED;
void store_node_return(struct ctx *); // others may have it
// The edge calls it when a request, job or command ends; states that no transaction is open.
void store_done(struct ctx *);
// Whether the database answers, for health checks.
err store_ping(struct ctx *) CHECKED;

// Runs body in one transaction on ctx->house->store: all or nothing. Rolls back when the body or
// any of its statements fails, also when the body goes on in spite of it (ERR_NOT_FOUND of a
// statement is no failure). Within a transaction it joins the outer one, and a failure of the inner
// body dooms the outer. The body may run again (PostgreSQL: serialisation conflict or lost
// connection), so it must write its results anew each time, and it may run on another thread than
// the caller's (SQLite: the transactions that wait are run together by one of their threads), with
// the caller waiting. It should not wait for anything but the database. Reads inside see the
// transaction; isolation is serialisable. Returns when the commit is durable. ERR_UNAVAILABLE when
// the connection was lost during the commit itself: then nobody knows whether it happened.
typedef err (*store_body)(struct ctx *, void *arg);
err store_write(struct ctx *, store_body, void *arg) CHECKED;
// The same where many meet on one row: on PostgreSQL READ COMMITTED. Each statement sees what was
// committed before it began; one that changes or locks a row waits for whoever has it and goes on with
// what the row is then. Nothing else that was read need still be so at the end: what must is locked, or
// is said again in the statement that changes. docs/decisions/growth.md has what is held by what.
err store_write_committed(struct ctx *, store_body, void *arg) CHECKED;

// Inside store_write only. Says what happened; stored with the transaction, told to who subscribed.
void change_add(
	struct ctx *, const struct change_kind *, int64_t subject, int64_t actor, int64_t extra);
// Inside store_write only. Called once after the commit, before store_write returns. Not durable.
void store_after_commit(struct ctx *, void (*fn)(void *arg), void *arg);

// Called for every change of the kind, each once: for this process's own before store_write returns,
// for others' from the thread of store_tail; never two at a time. Those of one process come in the
// order of their commits, or, on PostgreSQL, of commits that depend on each other; one of another
// process that may come late says so. It must be quick and must not write; ctx may be used to read.
// Register at start, before other threads use the store.
typedef void (*change_fn)(struct ctx *, const struct change *, void *arg);
// From such a function that could not do what it must: changes_lost is told, as soon as there is an answer
// of the database.
void store_missed(struct store *);
void store_on(struct store *, struct change_kind *, change_fn, void *arg);
// Called within the transaction that says such a change, after its body: what it writes becomes true
// together with the change, and its failure undoes both. It may say further changes.
typedef err (*change_within_fn)(struct ctx *, const struct change *, void *arg);
void store_within(struct store *, struct change_kind *, change_within_fn, void *arg);

// Starts the thread that follows the changes of other processes, from those that came after store_open,
// and one that prunes old ones and keeps this process's number.
void store_tail_start(struct ctx *, struct store *);
void store_tail_stop(struct store *);
// How long ago began the last reading after which all changes of other processes were known here: what
// was acknowledged before that is. 0 where no tail runs.
ms store_unheard(struct store *);
// That is less than 5 s ago: what is kept true by the change feed may be shown. Ask it when you show.
bool store_is_heard(struct store *);
// From saying to hearing the change of another process that was heard last, by the database's clock.
ms store_delay(struct store *);

// A place in the order of changes, for what is kept outside the database and shall be true again later:
// what was learnt here before it is made true by what store_since tells. Opaque bytes.
#define STORE_MARK_BYTES 320
struct store_mark {
	unsigned char bytes[STORE_MARK_BYTES];
};
// The place up to which all changes, this process's and others', have been told here.
err store_mark(struct ctx *, struct store_mark *out) CHECKED;
// Tells all changes since, and some from before, in their order; of the kinds that somebody here listens
// to. Works before store_tail_start, too; what came after store_open is told by store_on as well.
// ERR_NOT_FOUND: they are not all there any more (they are kept for a day at least), or the mark is of
// another database, of one that was put back to an earlier state, or of another schema; some may have
// been told already then. fn must not write.
typedef void (*store_since_fn)(const struct change *, void *arg);
err store_since(struct ctx *, const struct store_mark *, store_since_fn, void *arg) CHECKED;

// Writes a consistent copy as one SQLite file, whatever the database is; the server goes on
// meanwhile. The file appears under its name only when it is complete. progress may be NULL; when it
// says false the work ends early, with ERR_UNAVAILABLE and nothing left behind.
typedef bool (*store_progress)(int64_t done, int64_t total, void *arg);
err store_backup(struct ctx *, str to_path, store_progress, void *arg) CHECKED;
// Fills an empty database (no accounts, no notes: all tables but those of the ground are empty)
// from such a file. ERR_CONFLICT when it is not empty or the file is of a newer program;
// ERR_INVALID when the file is damaged. Makes a copy beside it meanwhile.
err store_restore(struct ctx *, str from_path, store_progress, void *arg) CHECKED;
