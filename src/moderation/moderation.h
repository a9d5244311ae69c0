// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports, and decisions with reasons that the person concerned is told. Every decision is kept with
// what it was about; deciding is one transaction with its effect.
#pragma once

#include "accounts/accounts.h"
#include "base/base.h"

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
enum decision_action { DECIDE_DISMISS, DECIDE_WARN, DECIDE_REMOVE, DECIDE_SUSPEND, DECIDE_RESTORE };

struct report_new {
	account_id account; // reported; 0 = the note's author
	note_id note;       // 0 = the account itself
	enum report_reason reason;
	str details;
};
err report_add(struct ctx *, const struct report_new *,
	report_id *out) CHECKED; // same person, same thing: once

struct report {
	report_id id;
	struct person *reporter, *account;
	note_id note;
	note_id root; // page to look at (the note itself or the comment's root)
	enum report_reason reason;
	enum report_state state;
	str details, excerpt;
	ms created;
	decision_id decision;
};
err reports_page(struct ctx *, enum report_state, report_id before, int limit, struct report **out,
	ptrdiff_t *n) CHECKED;
err report_get(struct ctx *, report_id, struct report *out) CHECKED;
err reports_open_count(struct ctx *, int64_t *out) CHECKED;

struct decision_new {
	report_id report; // 0 = without a report
	account_id account;
	note_id note;
	enum decision_action action;
	str reason; // told to the person; required but for a dismissal
};
// Acts (removes, suspends, restores), records, answers all open reports of the same thing, tells the
// person. ERR_FORBIDDEN against an admin or a fellow moderator unless the viewer is an admin.
err moderation_decide(struct ctx *, const struct decision_new *, decision_id *out) CHECKED;

struct decision {
	decision_id id;
	struct person *moderator, *account;
	note_id note;
	enum decision_action action;
	str reason, excerpt;
	ms created;
};
err decision_get(struct ctx *, decision_id, struct decision *out) CHECKED;
err decisions_page(struct ctx *, account_id, decision_id before, int limit, struct decision **out,
	ptrdiff_t *n) CHECKED; // account 0 = all
