// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What reporting, moderating and the host's settings show.
#pragma once

#include "moderation/moderation.h"
#include "web/parts_view.h"

struct report_form_view {
	const struct frame *frame;
	const struct reported_kind *kind;
	struct reported_thing thing;
	str given; // how the address names it
	int title;
	str excerpt, by; // what is reported, and whose it is
	lang language;
	str back;
	int reason; // enum report_reason, -1 = none
	str details;
	str reason_problem, details_problem, problem;
	bool refused; // it was sent, and comes back with what is wrong
	struct report_mine mine;
	bool no_form; // whoever may only read is told so instead
};

enum section { SECTION_REPORTS, SECTION_SIGNUPS, SECTION_ACCOUNTS, SECTION_HOST };

struct reports_view {
	const struct frame *frame;
	const struct report *reports; // open ones, or
	const struct decision *decisions;
	ptrdiff_t n;
	bool decided;
	int64_t open;
	url next;
};

struct decide_view { // the form of a decision about a report or an account
	url action;
	unsigned possible;                  // DECISION of those that are offered
	const struct reported_words *words; // of what can be removed
	int chosen;                         // enum decision_action, -1 = none
	str reason;
	str action_problem, reason_problem, problem;
};

struct report_view {
	const struct frame *frame;
	struct report report;
	const struct report *alike;
	ptrdiff_t n_alike;
	struct account about;
	const struct decision *former;
	ptrdiff_t n_former;
	struct decide_view form;
};

struct signups_view {
	const struct frame *frame;
	const struct account *accounts;
	ptrdiff_t n;
	url next;
};

struct accounts_view {
	const struct frame *frame;
	str name;                       // looked for
	const struct account *accounts; // found, or the suspended ones
	ptrdiff_t n;
};

struct account_view {
	const struct frame *frame;
	const struct account *about;
	const struct decision *former;
	ptrdiff_t n_former;
	struct decide_view form;
};

struct decision_view {
	const struct frame *frame;
	const struct decision *decision;
	bool concerns_me;
};

struct admin_view {
	const struct frame *frame;
	struct community settings; // as typed
	str quota;                 // in MB, as it was typed
	str name_problem, summary_problem, contact_problem, source_problem, quota_problem, problem;
	str text_problems[COMMUNITY_TEXTS];
	url mark; // none: the program's own
	str mark_problem;
	str origin;       // of the links of invitations
	bool invite_made; // just now
	const struct invite *invites;
	ptrdiff_t n_invites;
	url more_invites; // none: these are all
	str invite_problem;
	int64_t uses, days;
};

// Of a form that names its kind and thing: what it says of them.
err report_form_fill(struct ctx *, struct report_form_view *) CHECKED;
// Of one report: all but frame and what was typed.
err report_view_fill(struct ctx *, report_id, struct report_view *) CHECKED;
int word_of_reason(enum report_reason);
int word_of_action(enum decision_action);
int word_of_outcome(enum decision_action); // a sentence for whoever reported
int word_of_standing(enum standing);
int meaning_of_action(enum decision_action); // a sentence for the person concerned
str class_of_action(enum decision_action);   // of a badge
url url_of_report(struct arena *, report_id);
url url_of_decision(struct arena *, decision_id);
url url_of_moderated(struct arena *, str name, str host); // an account's page for moderators
url cover_of_report(struct arena *, const struct report *);
str admin_text_field(int text); // its name in the form
int admin_text_word(int text);
