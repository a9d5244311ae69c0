// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Deciding: the effect, the record, the answer to the reports and the telling are one transaction.
// Rank is read inside it, so that a role that was just given or taken counts. Whoever is suspended is gone with
// it, since all that is shown asks for standing; the public numbers follow after it, in transactions of their own.
#include "moderation/private.h"

#include "notifications/notifications.h"
#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#define SETTLE_STEPS 8
#define SETTLE_WITHIN MS_SECOND

static const struct act moderating = {.name = "moderate",
	.burst = 200,
	.per_hour = 2000,
	.least = ROLE_MODERATOR,
	.always = true};

struct deciding {
	const struct decision_new *want;
	str reason;
	struct decision_row row; // made anew each time the body runs, as is the rest
	const struct reported_kind *kind;
	note_id note;                  // that the thing is or stands at, while it is there
	struct account_rank_row about; // whom it concerns
};

// A report is answered once, of two who decide at the same time by the first.
static err find_report(struct ctx *ctx, report_id id, struct report_row *out)
{
	TRY(report_row_get(ctx, id, out));
	return out->state == REPORT_OPEN ? OK
					 : fail(ctx, ERR_CONFLICT, NULL, W_moderation_answered);
}

// As the report says, or as is asked for.
static err find_row(struct ctx *ctx, struct deciding *d)
{
	const struct decision_new *want = d->want;
	struct report_row report;
	d->row.thing_kind = want->thing.kind;
	d->row.thing = want->thing.id;
	if (!want->report.v)
		return OK;
	TRY(find_report(ctx, want->report, &report));
	d->row.account = report.account;
	d->row.thing_kind = report.thing_kind;
	d->row.thing = report.thing;
	d->row.excerpt = report.excerpt;
	return OK;
}

// What was reported may be gone; it is decided about nevertheless, but not removed.
static err look(struct ctx *ctx, struct deciding *d)
{
	const struct decision_new *want = d->want;
	struct reported now = {0};
	err found = d->kind->look(ctx, d->row.thing, &now);
	if (found == ERR_NOT_FOUND && want->action == DECIDE_REMOVE)
		return fail(ctx, ERR_INVALID, "action", W_moderation_already_gone);
	if (found != OK && !(found == ERR_NOT_FOUND && want->report.v))
		return found;
	d->note = now.note;
	if (want->report.v)
		return OK;
	d->row.account = now.account;
	d->row.excerpt = excerpt_of(ctx, now.title, now.text);
	return OK;
}

static err find_thing(struct ctx *ctx, struct deciding *d)
{
	enum decision_action action = d->want->action;
	TRY(find_row(ctx, d));
	d->kind = reported_kind_of(ctx, d->row.thing_kind);
	if (!(reported_decisions(d->kind, d->want->report.v) & DECISION(action)))
		return fail(ctx, ERR_INVALID, "action", W_error_choose_one);
	TRY(look(ctx, d));
	return account_rank(ctx, d->row.account, &d->about);
}

// A lone admin must be able to answer a report of himself: that nothing is wrong.
static err check_rank(struct ctx *ctx, const struct deciding *d)
{
	bool is_admin = ctx->viewer.role == ROLE_ADMIN;
	if (d->row.account.v == ctx->viewer.account.v &&
		!(is_admin && d->want->action == DECIDE_DISMISS))
		return fail(ctx, ERR_FORBIDDEN, NULL, W_moderation_oneself);
	if (d->about.role >= ROLE_MODERATOR && !is_admin)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_moderation_rank);
	return OK;
}

static err change_standing(struct ctx *ctx, const struct deciding *d, enum standing to)
{
	int64_t now = d->about.standing;
	bool fits = to == STANDING_GOOD ? now == STANDING_SUSPENDED
					: now == STANDING_GOOD || now == STANDING_SUSPENDED;
	if (!fits)
		return fail(ctx, ERR_CONFLICT, NULL, W_moderation_standing);
	return account_set_standing(ctx, d->row.account, to);
}

static err act(struct ctx *ctx, const struct deciding *d)
{
	switch (d->want->action) {
	case DECIDE_SUSPEND:
		return change_standing(ctx, d, STANDING_SUSPENDED);
	case DECIDE_RESTORE:
		return change_standing(ctx, d, STANDING_GOOD);
	case DECIDE_CLEAR_AVATAR:
		return account_clear(ctx, d->row.account, PROFILE_AVATAR);
	case DECIDE_CLEAR_COVER:
		return account_clear(ctx, d->row.account, PROFILE_COVER);
	case DECIDE_CLEAR_NAME:
		return account_clear(ctx, d->row.account, PROFILE_NAME);
	case DECIDE_CLEAR_BIO:
		return account_clear(ctx, d->row.account, PROFILE_BIO);
	default:
		return OK;
	}
}

static err record(struct ctx *ctx, struct deciding *d)
{
	d->row.id = (decision_id){id_new(ctx->now)};
	d->row.moderator = ctx->viewer.account;
	d->row.action = (int64_t)d->want->action;
	d->row.reason = d->reason;
	d->row.created = ctx->now;
	return decision_insert(ctx, &d->row);
}

// Giving an account back answers nothing that was said against it.
static err answer(struct ctx *ctx, const struct deciding *d)
{
	const struct decision_row *row = &d->row;
	int64_t state = row->action == DECIDE_DISMISS ? REPORT_DISMISSED : REPORT_ACTED;
	if (row->action == DECIDE_RESTORE)
		return OK;
	TRY(reports_answer(ctx, row->thing_kind, row->thing, state, row->id));
	return notifications_tell_reporters(ctx, row->id, d->note);
}

// Before the account is locked, as everybody does who changes notes and numbers of accounts.
static err remove_thing(struct ctx *ctx, const struct deciding *d)
{
	if (d->want->action != DECIDE_REMOVE)
		return OK;
	err removed = d->kind->remove(ctx, d->row.thing);
	if (removed != ERR_NOT_FOUND)
		return removed;
	// Somebody else was at it.
	return d->want->report.v ? fail(ctx, ERR_CONFLICT, NULL, W_moderation_answered)
				 : fail(ctx, ERR_INVALID, "action", W_moderation_already_gone);
}

// Decisions on one account are made one after the other: what was found is so until the end.
static err hold_account(struct ctx *ctx, struct deciding *d)
{
	struct report_row report;
	TRY(account_hold(ctx, d->row.account));
	if (d->want->report.v)
		TRY(find_report(ctx, d->want->report, &report));
	TRY(account_rank(ctx, d->row.account, &d->about));
	return check_rank(ctx, d);
}

static err decide(struct ctx *ctx, void *arg)
{
	struct deciding *d = arg;
	*d = (struct deciding){.want = d->want, .reason = d->reason};
	TRY(find_thing(ctx, d));
	TRY(check_rank(ctx, d));
	TRY(remove_thing(ctx, d));
	TRY(hold_account(ctx, d));
	TRY(act(ctx, d));
	TRY(record(ctx, d));
	TRY(answer(ctx, d));
	change_add(ctx, &decision_made, d->row.id.v, ctx->viewer.account.v, 0);
	if (d->want->action == DECIDE_DISMISS)
		return OK;
	return notifications_tell_decision(ctx, d->row.account, d->row.id, d->note);
}

static err check_reason(struct ctx *ctx, str typed, bool required, str *out)
{
	*out = unicode_body(ctx->mem, typed);
	if (required && !out->n)
		return fail(ctx, ERR_INVALID, "reason", W_error_required);
	if (utf8_count(*out) > REASON_MOST)
		return fail_n(ctx, ERR_INVALID, "reason", W_error_too_long, REASON_MOST);
	return OK;
}

// The numbers of most accounts are right before the answer leaves. What cannot be done now the job does.
static void settle(struct ctx *ctx, const struct deciding *d)
{
	struct problem before = ctx->problem;
	ms deadline = ctx->deadline, soon = clock_steady() + SETTLE_WITHIN;
	if (d->want->action != DECIDE_SUSPEND && d->want->action != DECIDE_RESTORE)
		return;
	ctx->deadline = deadline ? MIN(deadline, soon) : soon;
	if (notes_settle(ctx, d->row.account, SETTLE_STEPS) != OK)
		ctx->problem = before;
	ctx->deadline = deadline;
}

err moderation_decide(struct ctx *ctx, const struct decision_new *want, decision_id *out)
{
	struct deciding d = {.want = want};
	TRY(must_moderate(ctx));
	if ((unsigned)want->action >= DECISION_ACTIONS)
		return fail(ctx, ERR_INVALID, "action", W_error_choose_one);
	TRY(check_reason(ctx, want->reason, want->action != DECIDE_DISMISS, &d.reason));
	TRY(permit_act(ctx, &moderating));
	TRY(store_write_committed(ctx, decide, &d));
	*out = d.row.id;
	settle(ctx, &d);
	return OK;
}

struct joining {
	account_id account;
	bool approve;
	str reason;
};

static err decide_signup(struct ctx *ctx, void *arg)
{
	const struct joining *j = arg;
	struct account_rank_row about;
	TRY(account_rank(ctx, j->account, &about));
	if (about.standing != STANDING_WAITING)
		return fail(ctx, ERR_CONFLICT, NULL, W_moderation_answered);
	TRY(account_set_standing(ctx, j->account, j->approve ? STANDING_GOOD : STANDING_GONE));
	struct decision_row row = {.id = {id_new(ctx->now)},
		.moderator = ctx->viewer.account,
		.account = j->account,
		.thing_kind = REPORTED_ACCOUNT,
		.thing = j->account.v,
		.action = j->approve ? DECIDE_APPROVE : DECIDE_REFUSE,
		.reason = j->reason,
		.excerpt = excerpt_of(ctx, (str){0}, about.why),
		.created = ctx->now};
	TRY(decision_insert(ctx, &row));
	change_add(ctx, &decision_made, row.id.v, ctx->viewer.account.v, 0);
	return j->approve ? notifications_tell_welcome(ctx, j->account) : OK;
}

err signup_decide(struct ctx *ctx, account_id account, bool approve, str reason)
{
	struct joining j = {.account = account, .approve = approve};
	TRY(must_moderate(ctx));
	TRY(check_reason(ctx, reason, false, &j.reason));
	TRY(permit_act(ctx, &moderating));
	return store_write(ctx, decide_signup, &j);
}
