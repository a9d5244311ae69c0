// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which notes in which order. The recent world is kept in memory, and of the older what is most loved, up to
// what the host allows (--feed-memory): compact facts of notes, per author the entries, per account whom it
// follows; kept true by the change feed, and after a start loaded from a file, or else from the database,
// while pages are served. Who reads on beyond it is served from the database. Nothing here sorts in SQL.
#pragma once

#include "base/base.h"

struct change_kind;
struct entry_kind;

extern const struct room feed_room; // its file is `feed` in the data directory
bool feed_ready(struct feed *);     // memory holds all that it is to hold

// What a feed holds: at that moment this account put that note before those who follow it, and why. A note
// is its author's own entry, of the kind `feed_published`.
struct feed_entry {
	int64_t moment; // an id (base/clock.h): entries stand in the order of these, the newest first
	note_id note;
	const struct entry_kind *why;
	account_id who; // followed by the reader, or the reader
};
extern const struct entry_kind feed_published; // moment: the note's id; who: its author

// Another reason, which a room above has ("shared by"). It says a change when an entry begins and when it
// is taken back, and joins its kind when it starts. Its entries then stand in the feeds of those who follow
// `who`: of notes that everybody with the address may see. A reader meets a note once, at the oldest entry
// that is for him: a note whose author he follows is there as published, however often it is shared, and
// nothing that begins later moves what he has read. Where the oldest is taken back the note stands at the next
// one, and who has read past that misses it. Entries of a deleted note go with it.
struct entry_kind {
	const char *name;
	struct change_kind *begun, *ended; // subject: the note; actor: who; extra: the moment
	// What the kind's room has, by walks over an index of moments, of (who, moment) and of (note, moment):
	// `note`, `who` and `moment` of entries that are older than `before` (0: all of them).
	// Of one account, or of everybody (0), the newest first.
	err (*read)(struct ctx *, account_id who, int64_t before, int limit,
		struct feed_entry **out, ptrdiff_t *n);
	// Of each of these accounts (a thousand at most) the newest; in no order.
	err (*heads)(struct ctx *, const account_id *who, ptrdiff_t n, int64_t before,
		struct feed_entry **out, ptrdiff_t *n_out);
	// About one note, in no order; of very many the room may leave out the newest.
	err (*about)(struct ctx *, note_id, int64_t before, struct feed_entry **out, ptrdiff_t *n);
};
// In a room's start. The kind is a constant of the program; at most seven join.
void feed_join(struct feed *, const struct entry_kind *);

// A place in a feed, as it stands in an address ("" = the beginning). Opaque and short.
struct feed_page {
	note_id *
		ids; // in ctx->mem, at most `limit`; who may see them is judged again when their cards are loaded
	ptrdiff_t n;
	str next; // cursor of the next page, "" at the end
};

struct explore_query {
	str topic;         // "" = everything; else a normalised topic name
	const lang *reads; // the reader's languages, most wanted first
	int n_reads;
	str cursor;
	int limit;
};
// Engagement with time decay, the reader's languages first, two notes of one author in a row only
// where no other is left; stable while a person pages. What the viewer published within half an hour
// is on the first page in any case. Memory only. This interface is what a full ranking engine fills.
err feed_explore(struct ctx *, const struct explore_query *, struct feed_page *out) CHECKED;
// Number that changes whenever explore's order changed: for caches of rendered pages.
uint64_t feed_epoch(struct feed *);
// Entries of those the viewer follows (and the own), newest first: a merge of sorted lists.
struct feed_entries {
	struct feed_entry
		*at; // in ctx->mem, at most `limit`; who may see the notes is judged as above
	ptrdiff_t n;
	str next;
};
// A listener's thread is given what is in memory; beyond it ERR_UNAVAILABLE, and a worker finds it.
err feed_following(struct ctx *, str cursor, int limit, struct feed_entries *out) CHECKED;
// Topics that are alive now, for the tabs: first those that are liked (normalised names separated by
// spaces), then those that are much used in the languages of the reader.
struct feed_topic {
	str name, shown;
};
err feed_topics(struct ctx *, str liked, const lang *reads, int n_reads, int limit,
	struct feed_topic **out, ptrdiff_t *n) CHECKED;
// Whom to follow: accounts in good standing that the viewer does not follow yet and whose newest public
// notes are, by half or more, written in these languages (0: any); those that people answered most first.
err feed_people(struct ctx *, const lang *reads, int n_reads, int limit, account_id **out,
	ptrdiff_t *n) CHECKED;
