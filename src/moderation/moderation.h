// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports, and decisions with reasons that the person concerned is told. Every decision is kept with
// what it was about; deciding is one transaction with its effect.
#pragma once

#include "accounts/accounts.h"
#include "base/base.h"

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

struct report_new {
	account_id account; // reported; 0 = the note's author
	note_id note;       // 0 = the account itself
	enum report_reason reason;
	str details; // required with REASON_OTHER
};
// By the viewer, of what the viewer may see. The same person and thing counts once: the earlier
// report is given back while it is open, and that of a note until the note is edited.
err report_add(struct ctx *, const struct report_new *, report_id *out) CHECKED;
// What the viewer already reported, and what came of it: never who decided, nor the reason, which is
// between the moderators and the person concerned.
struct report_mine {
	bool reported, decided;
	enum decision_action outcome; // when decided
};
err report_mine(struct ctx *, account_id, note_id, struct report_mine *out) CHECKED;

// What a decision answered the viewer's report with, and what was reported; ERR_NOT_FOUND when none
// of the viewer's reports was answered by it.
struct report_outcome {
	enum decision_action action;
	str excerpt;
};
err report_outcome(struct ctx *, decision_id, struct report_outcome *out) CHECKED;

struct report {
	report_id id;
	struct person *reporter, *account;
	note_id note;
	note_id root; // page to look at (the note itself or the comment's root), 0 = deleted
	bool is_comment;
	bool visible;                  // the viewer may open it
	const struct picture *picture; // the note's cover where visible, NULL = none
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

struct decision_new {
	report_id report;   // 0 = without a report; else it says account and note
	account_id account; // 0 = the note's author
	note_id note;
	enum decision_action action; // not a sign-up's
	str reason;                  // told to the person; required but for a dismissal
};
// Acts (removes, suspends, restores), records, answers all open reports of the same thing, tells the
// person; a warning only tells. ERR_FORBIDDEN against an admin or a fellow moderator unless the
// viewer is an admin, and against oneself but for an admin's dismissal; ERR_CONFLICT when the report
// is answered already, the account is in no standing for it, or that part of its profile is empty.
err moderation_decide(struct ctx *, const struct decision_new *, decision_id *out) CHECKED;
// Somebody who waits to join comes in and is welcomed, or is gone. The reason is kept for fellow
// moderators, nobody else reads it. ERR_CONFLICT when the account does not wait.
err signup_decide(struct ctx *, account_id, bool approve, str reason) CHECKED;

struct decision {
	decision_id id;
	struct person *moderator; // NULL for the person concerned
	struct person *account;
	note_id note;
	enum decision_action action;
	str reason, excerpt;
	ms created;
};
// For moderators and, of what they were told, for the person concerned; ERR_NOT_FOUND to others.
err decision_get(struct ctx *, decision_id, struct decision *out) CHECKED;
err decisions_page(struct ctx *, account_id, decision_id before, int limit, struct decision **out,
	ptrdiff_t *n) CHECKED; // for moderators; account 0 = all
