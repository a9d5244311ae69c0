// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports, and decisions with reasons that the person concerned is told. Every decision is kept with
// what it was about; deciding is one transaction with its effect. What may be reported is of some kind: accounts
// and notes, described here, and whatever rooms above bring.
#pragma once

#include "accounts/accounts.h"
#include "base/base.h"
#include "html/html.h"

struct change_kind;
extern struct change_kind report_made, decision_made; // subject: it; actor: whose

enum report_reason {
	REASON_SPAM = 1,
	REASON_ABUSE,
	REASON_SEXUAL,
	REASON_VIOLENCE,
	REASON_MISLEADING,
	REASON_RIGHTS,
	REASON_OTHER
};
enum report_state { REPORT_OPEN, REPORT_ACTED, REPORT_DISMISSED };
enum decision_action { // stored: new ones go to the end
	DECIDE_DISMISS,
	DECIDE_WARN,
	DECIDE_REMOVE,
	DECIDE_SUSPEND,
	DECIDE_RESTORE,
	DECIDE_APPROVE, // a sign-up
	DECIDE_REFUSE,
	DECIDE_CLEAR_AVATAR, // these four empty a part of a profile
	DECIDE_CLEAR_COVER,
	DECIDE_CLEAR_NAME,
	DECIDE_CLEAR_BIO,
	DECISION_ACTIONS
};

#define DETAILS_MOST 1000 // characters of what a reporter adds
#define REASON_MOST 1000

extern const struct room moderation_room;

// --- what is reported ---------------------------------------------------------------------------

// Numbers of kinds, as rows keep them.
enum { REPORTED_ACCOUNT = 1, REPORTED_NOTE }; // a comment is a note
// Those of kinds that rooms above bring begin here.
#define REPORTED_BY_ROOMS 100

struct reported_thing {
	int64_t kind; // its number
	int64_t id;   // never 0
};

// How it is called, in words of the catalogue.
struct reported_words {
	int name;                // "Note"
	int report;              // "Reported note"
	int form;                // "Report a note"
	int remove, remove_hint; // "Remove the note" and what that does; 0 = it cannot be removed
};

// What it is now: read once for whoever reports it or decides about it.
struct reported {
	account_id account; // whose it is, for good: whom a decision concerns
	note_id note;       // that it is or stands at, 0 = none: whoever reported it is led there
	str title, text;    // what stands there; kept with a report, cut short
	lang language;
	ms edited; // an answered report counts no more for what was edited after it
	const struct reported_words *words;
};
// Of what may have become another at any time: each answer may be followed by a new report.
#define EDITED_SINCE INT64_MAX

// What moderators are shown of it now, beside what was kept with the report.
struct reported_sight {
	int64_t id;                         // given, as are the next two
	const struct person *account;       // whose it is, NULL = nobody any more
	const struct reported_words *words; // the kind's
	bool there;                         // it is, whoever may see it
	url address;                        // where it leads; none: not for the viewer to open
	const struct picture *picture;      // its cover where that is for the viewer, NULL = none
};

#define DECISION(action) (1u << (action))

// A kind of things that may be reported. Its room registers one such description at start, and neither
// this room nor the pages of web/ know anything else of them. What the functions hand out lives in ctx->mem.
struct reported_kind {
	int64_t number; // stands in rows: it never changes, and never is another's
	// Its parameter, /report?NAME=ID: no field of that form, and never another's.
	const char *name;
	unsigned decisions; // that are possible: DECISION of enum decision_action, ored
	bool is_account;    // an account itself: pages name its owner, and quote nothing
	const struct reported_words *words; // while no more is known of a thing
	// What the address gives is another name than its id: ERR_NOT_FOUND. NULL: it is the id.
	err (*find)(struct ctx *, str given, int64_t *id);
	// What the viewer reports: ERR_NOT_FOUND when there is no such thing, or not for the viewer to see.
	err (*guard)(struct ctx *, int64_t id, struct reported *out);
	// The same for moderators, whoever may see it; language, edited and words may be left out. Within the
	// transaction of a decision, as is remove: both may be run again.
	err (*look)(struct ctx *, int64_t id, struct reported *out);
	// For moderators, all of the kind that stand on one page together: fills n sights.
	err (*show)(struct ctx *, struct reported_sight *, ptrdiff_t n);
	// Removes it. An error undoes the decision. NULL where DECIDE_REMOVE is not possible.
	err (*remove)(struct ctx *, int64_t id);
};
// Only at start. Nothing is registered in a house without moderation.
void reported_register(struct ctx *, const struct reported_kind *);
// Never NULL: of a number that no room registered there is neither guard nor look, and what can be
// decided concerns its account alone.
const struct reported_kind *reported_kind_of(struct ctx *, int64_t number);
// All that are registered, in some order; NULL behind the last.
const struct reported_kind *reported_kind_at(struct ctx *, int i);
// Which decisions are possible about things of the kind: when they were reported, or without a report.
unsigned reported_decisions(const struct reported_kind *, bool by_report);

// --- reports ------------------------------------------------------------------------------------

// What the viewer may report; ERR_NOT_FOUND.
err reported_get(struct ctx *, struct reported_thing, struct reported *out) CHECKED;

struct report_new {
	struct reported_thing thing;
	enum report_reason reason;
	str details; // required with REASON_OTHER
};
// By the viewer, of what the viewer may see. The same person and thing counts once: the earlier
// report is given back while it is open, and afterwards until the thing is edited.
err report_add(struct ctx *, const struct report_new *, report_id *out) CHECKED;
// What the viewer already reported, and what came of it: never who decided, nor the reason, which is
// between the moderators and the person concerned.
struct report_mine {
	bool reported, decided;
	enum decision_action outcome; // when decided
};
// Of a thing as reported_get has just given it.
err report_mine(struct ctx *, struct reported_thing, const struct reported *,
	struct report_mine *out) CHECKED;

// What a decision answered the viewer's report with, and what was reported; ERR_NOT_FOUND when none
// of the viewer's reports was answered by it.
struct report_outcome {
	enum decision_action action;
	str excerpt;
};
err report_outcome(struct ctx *, decision_id, struct report_outcome *out) CHECKED;

struct report {
	report_id id;
	struct person *reporter, *account; // NULL = nobody any more
	struct reported_thing thing;
	const struct reported_kind *kind;
	struct reported_sight now;
	enum report_reason reason;
	enum report_state state;
	str details, excerpt;
	ms created;
	decision_id decision;
	// Reports of the same thing with the same answer, this one included: in the latest of them, which
	// stands on the page; 0 in the others.
	int64_t alike;
};
// For moderators (ERR_FORBIDDEN to others). One thing stands once on the page: by its latest report.
err reports_page(struct ctx *, enum report_state, report_id before, int limit, struct report **out,
	ptrdiff_t *n) CHECKED;
err report_get(struct ctx *, report_id, struct report *out) CHECKED;
// The report itself and the others it is counted with, oldest first; at most 100.
err reports_alike(struct ctx *, const struct report *, struct report **out, ptrdiff_t *n) CHECKED;
// What waits for a moderator: things with open reports, at most 1,000, and people who asked to join.
// Memory only when warm.
struct waiting {
	int64_t reports, signups;
};
err moderation_waiting(struct ctx *, struct waiting *out) CHECKED;

// --- decisions ----------------------------------------------------------------------------------

struct decision_new {
	report_id report;            // 0 = without a report; else it says what it is about
	struct reported_thing thing; // without a report
	enum decision_action action; // not a sign-up's
	str reason;                  // told to the person; required but for a dismissal
};
// Acts (removes, suspends, restores), records, answers all open reports of the same thing, tells the
// person; a warning only tells. ERR_FORBIDDEN against an admin or a fellow moderator unless the
// viewer is an admin, and against oneself but for an admin's dismissal; ERR_INVALID when the
// thing's kind knows no such decision, or what is to be removed is gone; ERR_CONFLICT when the report
// is answered already, the account is in no standing for it, or that part of its profile is empty.
err moderation_decide(struct ctx *, const struct decision_new *, decision_id *out) CHECKED;
// Somebody who waits to join comes in and is welcomed, or is gone. The reason is kept for fellow
// moderators, nobody else reads it. ERR_CONFLICT when the account does not wait.
err signup_decide(struct ctx *, account_id, bool approve, str reason) CHECKED;

struct decision {
	decision_id id;
	struct person *moderator; // NULL for the person concerned
	struct person *account;
	struct reported_thing thing;
	enum decision_action action;
	str reason, excerpt;
	ms created;
};
// For moderators and, of what they were told, for the person concerned; ERR_NOT_FOUND to others.
err decision_get(struct ctx *, decision_id, struct decision *out) CHECKED;
err decisions_page(struct ctx *, account_id, decision_id before, int limit, struct decision **out,
	ptrdiff_t *n) CHECKED; // for moderators; account 0 = all
