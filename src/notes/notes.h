// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Notes and comments (one table: a comment is a note with a root), likes, topics, mentions. Holds
// every rule of who may see and do what with them. Publishing leaves changes (feed/) and jobs
// (notifications/): nothing above is called from here.
#pragma once

#include "base/base.h"
#include "media/media.h"

struct change_kind;
// What happens here. Subject: the note or comment; actor: who did it, or whose it is.
extern struct change_kind note_published, note_edited, note_deleted;
extern struct change_kind note_changed;  // shown otherwise: topics read anew, its author came back;
					 // extra: of a comment its note
extern struct change_kind note_mentions; // a note's text, written now, names somebody
extern struct change_kind comment_published, comment_deleted; // extra: its note
extern struct change_kind comment_erased;                     // it went with what it answered
extern struct change_kind note_liked, note_unliked; // a note or comment; extra: whose it is
extern struct change_kind note_counted;             // its numbers changed, as others' standing did

enum visibility {
	VIS_PUBLIC,   // everyone, in explore
	VIS_UNLISTED, // everyone with the address, not in explore or topics
	VIS_FOLLOWERS,
	VIS_MUTUALS, // those who follow each other
	VIS_MENTIONED,
	VIS_ONLY_ME,
	VISIBILITIES
};

#define TITLE_MOST 100 // characters
#define BODY_MOST 5000
#define COMMENT_MOST 2000
#define ALT_MOST 1500

// A stored row, for feeds and rules.
struct note {
	note_id id;
	account_id account;
	note_id root, parent; // 0 = a note itself; 0 = first level
	account_id answers;
	ms created, edited;
	enum visibility visibility;
	lang language;
	bool sensitive;
	str title, body;
	enum ratio ratio;
	int pictures;
	media_id cover;
	int64_t likes, comments; // public numbers: of people in good standing, for everyone to see
	int counted;             // 1: everyone may see it, and it is in such numbers itself
};

struct note_draft {
	str title, body;
	enum visibility visibility;
	lang language; // "" = by script and the author's setting
	bool sensitive;
	const struct picture_place *pictures;
	int n_pictures;
	int cover;        // index of the cover picture
	enum ratio ratio; // of the card; RATIO_TEXT when there are no pictures
	struct crop crop;
	str request; // random key of the form: the same key publishes once; "" = none
	ms created;  // 0 = now (the demo world backdates)
};

struct comment_draft {
	note_id under; // the note, or the comment that is answered
	str body;
	enum visibility visibility; // made narrower where the root, or the comment answered, is
	str request;
	ms created;
};

extern const struct room notes_room;

err notes_publish(struct ctx *, const struct note_draft *, note_id *out) CHECKED;
err notes_edit(struct ctx *, note_id,
	const struct note_draft *) CHECKED; // pictures may be added, removed, reordered
err notes_comment(struct ctx *, const struct comment_draft *, note_id *out) CHECKED;
// By the author, the owner of the root, or a moderator (decided by the caller's room): with
// everything under it and its media. An author takes back also what nobody sees any more, because
// what it stands under is of somebody suspended, or narrowed.
err notes_delete(struct ctx *, note_id) CHECKED;
err notes_delete_as_moderator(struct ctx *, note_id) CHECKED;

// ERR_NOT_FOUND also when the viewer may not see it.
err notes_get(struct ctx *, note_id, struct note *out) CHECKED;
err notes_may_see(struct ctx *, const struct note *) CHECKED; // OK or ERR_NOT_FOUND
// What the viewer wrote, whether or not it can be seen where it stands; ERR_NOT_FOUND of others'.
err notes_own(struct ctx *, note_id, struct note *out) CHECKED;
// What the viewer may delete: what they wrote, wherever it stands, and comments under their own notes.
// ERR_FORBIDDEN of what they only see, ERR_NOT_FOUND of the rest.
err notes_deletable(struct ctx *, note_id, struct note *out) CHECKED;
// What a note's pictures belong to.
struct media_owner media_of_note(note_id);
// In their order. Whether the viewer may see the note is for the caller to know.
err pictures_of_note(struct ctx *, note_id, struct picture **out, ptrdiff_t *n) CHECKED;
err pictures_of_notes(struct ctx *, const note_id *ids, ptrdiff_t n, struct picture **out,
	ptrdiff_t *n_out) CHECKED; // of many: notes in no order
// Which of these notes and comments are there for the viewer to see; absent ones are not.
err notes_there(struct ctx *, const note_id *ids, ptrdiff_t n, bool *out) CHECKED;
// The same, loaded, in the order of ids; those gone or not visible to the viewer are left out. At most
// three statements; two more when there are comments among them.
err notes_visible(
	struct ctx *, const note_id *ids, ptrdiff_t n, struct note **out, ptrdiff_t *n_out) CHECKED;
// Which of these the viewer may see, of notes that are known to be public and their authors to be in
// good standing, as what was kept of them says: no statement where nothing else is to be asked.
struct note_ref {
	note_id id;
	account_id account; // its author
};
err notes_seen(struct ctx *, const struct note_ref *, ptrdiff_t n, bool *shown) CHECKED;

enum comment_order { COMMENTS_BEST, COMMENTS_NEWEST };
// Of what not everyone may see the lists hold what a viewer meets among ten thousand such rows; what
// everyone may see they hold whole.
//
// Where a list of comments was left: the rank is that of the best, else 0; all zero begins. A
// comment that is liked between two pages may move over this place: it is then met twice or not at
// all; the others are met once.
struct comment_cursor {
	int64_t rank;
	note_id id;
};
struct comment_page {
	struct note *at;            // that the viewer may see
	ptrdiff_t n;                // the limit, less at the end
	bool more;                  // go on from next
	struct comment_cursor next; // the last of them
};
// First-level comments of a note.
err comments_page(struct ctx *, note_id root, enum comment_order, struct comment_cursor, int limit,
	struct comment_page *out) CHECKED;
// The same, of a note that notes_get has just given to this viewer.
err comments_under(struct ctx *, const struct note *root, enum comment_order, struct comment_cursor,
	int limit, struct comment_page *out) CHECKED;
// The first answers, oldest first, at most `each` under every one of these first-level comments of
// one note, in the order of these. The note is as notes_get has just given it to this viewer.
err comments_answers(struct ctx *, const struct note *root, const note_id *parents,
	ptrdiff_t n_parents, int each, struct note **out, ptrdiff_t *n) CHECKED;
// Answers under one first-level comment, oldest first.
err comments_answers_after(
	struct ctx *, note_id parent, note_id after, int limit, struct comment_page *out) CHECKED;

// A comment and the note it stands under. ERR_NOT_FOUND when the viewer sees it not, or it is none.
err comment_get(struct ctx *, note_id, struct note *out, struct note *root) CHECKED;
// How many comments under a note: the public number and those of the newest others that the viewer may
// see. `narrower`: first-level comments whose answers are among those.
struct comment_count {
	int64_t n;
	note_id *narrower;
	ptrdiff_t n_narrower;
};
err comments_number(struct ctx *, const struct note *root, struct comment_count *out) CHECKED;

err like_add(struct ctx *, note_id, int64_t *likes) CHECKED; // idempotent
err like_remove(struct ctx *, note_id, int64_t *likes) CHECKED;
err likes_among(struct ctx *, const note_id *ids, ptrdiff_t n, bool *out) CHECKED; // by the viewer

// Where a list of notes was left; at: when it was liked, 0 in other lists; all zero begins.
struct note_place {
	ms at;
	note_id id;
};
struct note_page {
	note_id *ids;           // that the viewer may see
	ptrdiff_t n;            // the limit, less at the end
	bool more;              // go on from next
	struct note_place next; // the last of them
};
// Notes that somebody likes, what was liked last first; comments are not among them.
err likes_page(
	struct ctx *, account_id, struct note_place, int limit, struct note_page *out) CHECKED;
// A profile's notes, newest first; before 0 = the newest.
err notes_of(struct ctx *, account_id, note_id before, int limit, struct note_page *out) CHECKED;
// Notes that not everyone may see, of those whom the viewer follows, which name the viewer; newest first.
err notes_naming(struct ctx *, note_id before, int limit, struct note_page *out) CHECKED;
// Public notes of a topic, newest first.
err notes_of_topic(
	struct ctx *, str topic, note_id before, int limit, struct note_page *out) CHECKED;
struct topic {
	str name, shown;
	int64_t notes;
};
// The name is normalised first. A topic that no public note has is none: ERR_NOT_FOUND.
err topic_get(struct ctx *, str name, struct topic *out) CHECKED;

// Brings the public numbers in line with an account's standing, in steps of a bounded size, at most so
// many (0: until all is done). Whoever changes standing leaves the job standing.settle, which does this.
err notes_settle(struct ctx *, account_id, int steps) CHECKED;

// For the operator: compares the public numbers with what they are made of. What was wrong is counted,
// and put right when `repair` is asked for, a few hundred in a transaction while a server may run.
struct recount {
	int64_t notes, accounts, topics; // with a wrong number
	int64_t standing; // accounts that are not settled; a server settles them by itself
};
err notes_recount(struct ctx *, bool repair, struct recount *out) CHECKED;

// Whom a note or comment mentions.
err notes_mentioned(struct ctx *, note_id, account_id **out, ptrdiff_t *n) CHECKED;

// Where the names in people's texts lead, for a page's texts together: at most three statements.
struct lead {
	note_id note; // 0: of a text that is no note
	account_id account;
	str written;    // what the text calls them, folded
	str name, host; // what they are called by now
	bool good;      // not suspended now
};
struct leads {
	struct lead *people; // all that are meant: what shows them changes when they do
	ptrdiff_t n_people;
	str *topics; // folded
	ptrdiff_t n_topics;
};
// Of notes and comments: those their mentions meant when they were written.
err notes_leads(struct ctx *, const struct note *, ptrdiff_t n, struct leads *out) CHECKED;
// Of any other text: those who have the names now.
err text_leads(struct ctx *, str text, struct leads *out) CHECKED;
// By the name as the text has it; NULL: nowhere.
const struct lead *leads_to_person(const struct leads *, note_id, str written);
bool leads_to_topic(const struct leads *, str folded); // there are public notes

// For feed/: every public note's small facts, newest first.
struct note_fact {
	note_id id;
	account_id account;
	lang language;
	enum visibility visibility;
	int64_t likes, comments;
	bool sensitive, has_picture;
};
err notes_facts(struct ctx *, note_id before, int limit, struct note_fact **out,
	ptrdiff_t *n) CHECKED; // newest first
// Of these, in no order; those that are gone, and comments, are left out.
err notes_facts_of(struct ctx *, const note_id *ids, ptrdiff_t n, struct note_fact **out,
	ptrdiff_t *n_out) CHECKED;
// Of each of these accounts (a thousand at most) the newest note for one circle of people that is older than
// `before`; those that have none are left out. In no order, whoever may see them.
struct note_head {
	account_id account;
	note_id note;
};
err notes_heads(struct ctx *, const account_id *ids, ptrdiff_t n, enum visibility, note_id before,
	struct note_head **out, ptrdiff_t *n_out) CHECKED;
// An account's notes for one circle, newest first, whoever may see them.
err notes_of_circle(struct ctx *, account_id, enum visibility, note_id before, int limit,
	note_id **out, ptrdiff_t *n) CHECKED;
err note_fact_get(struct ctx *, note_id, struct note_fact *out) CHECKED;
err note_counters(struct ctx *, note_id, int64_t *likes, int64_t *comments) CHECKED;
// How often each is liked, whoever may see it; of one that is gone what was there stays. A number that changed is told
// of by note_liked, note_unliked, note_counted, note_changed, note_edited or note_deleted.
err note_likes(struct ctx *, const note_id *ids, ptrdiff_t n, int64_t *likes) CHECKED;
#define NOTE_TOPICS_MOST 30
struct note_topic {
	note_id note;
	str name, shown;
};
err notes_topics(struct ctx *, const note_id *ids, ptrdiff_t n, struct note_topic **out,
	ptrdiff_t *n_out) CHECKED; // of the public ones
// How topics are spelled now, by normalised names; those that no public note has are left out.
err topics_spelled(struct ctx *, const str *names, ptrdiff_t n, struct note_topic **out,
	ptrdiff_t *n_out) CHECKED;
