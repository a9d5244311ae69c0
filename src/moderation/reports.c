// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reporting, and the reports as moderators read them. What stood there is copied into the report, so
// that an edit afterwards hides nothing. One thing that many reported stands once on the list.
#include "moderation/private.h"

#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#define ALIKE_MOST 100 // shown together

static const struct act reporting = {
	.name = "report", .burst = 10, .per_hour = 40, .least = ROLE_MEMBER, .always = true};

struct reporting {
	const struct report_new *want;
	str details;
	report_id id;
};

struct thing {
	account_id account;
	str excerpt;
	ms edited;
};

// The note or account as the viewer sees it now.
static err look_at(struct ctx *ctx, account_id account, note_id id, struct thing *out)
{
	struct account_rank_row person;
	struct note note;
	if (id.v) {
		TRY(notes_get(ctx, id, &note));
		*out = (struct thing){
			note.account, excerpt_of(ctx, note.title, note.body), note.edited};
		return OK;
	}
	TRY(account_rank(ctx, account, &person));
	if (person.standing == STANDING_GONE || person.standing == STANDING_WAITING)
		return ERR_NOT_FOUND;
	*out = (struct thing){account, excerpt_of(ctx, person.display, person.bio), 0};
	return OK;
}

// ERR_NOT_FOUND when the viewer has not reported it yet.
static err earlier(struct ctx *ctx, account_id account, note_id note, struct report_row *out)
{
	struct report_of_note_by_row by_note;
	struct report_of_account_by_row by_account;
	account_id me = ctx->viewer.account;
	if (note.v) {
		TRY(report_of_note_by(ctx, me, note, account, &by_note));
		*out = (struct report_row){
			.id = by_note.id, .state = by_note.state, .created = by_note.created};
		return OK;
	}
	TRY(report_of_account_by(ctx, me, account, &by_account));
	*out = (struct report_row){
		.id = by_account.id, .state = by_account.state, .created = by_account.created};
	return OK;
}

// A profile that was decided about may be reported for what happened since.
static bool still_counts(const struct report_row *before, note_id note, ms edited)
{
	return before->state == REPORT_OPEN || (note.v && edited <= before->created);
}

static err add(struct ctx *ctx, void *arg)
{
	struct reporting *r = arg;
	const struct report_new *want = r->want;
	struct thing thing;
	struct report_row before;
	struct report_latest_row latest = {0};
	TRY(look_at(ctx, want->account, want->note, &thing));
	if (thing.account.v == ctx->viewer.account.v)
		return fail(ctx, ERR_INVALID, NULL, W_moderation_own);
	err found = earlier(ctx, thing.account, want->note, &before);
	if (found == OK && still_counts(&before, want->note, thing.edited)) {
		r->id = before.id;
		return OK;
	}
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	found = report_latest(ctx, thing.account, want->note, &latest);
	if (found == OK)
		TRY(report_no_longer_latest(ctx, latest.id));
	else if (found != ERR_NOT_FOUND)
		return found;
	r->id = (report_id){id_new(ctx->now)};
	const struct report_row row = {.id = r->id,
		.reporter = ctx->viewer.account,
		.account = thing.account,
		.note = want->note,
		.reason = (int64_t)want->reason,
		.details = r->details,
		.excerpt = thing.excerpt,
		.state = REPORT_OPEN,
		.created = ctx->now,
		.alike = latest.alike + 1};
	TRY(report_insert(ctx, &row));
	change_add(ctx, &report_made, r->id.v, ctx->viewer.account.v, 0);
	return OK;
}

err report_add(struct ctx *ctx, const struct report_new *want, report_id *out)
{
	struct reporting r = {.want = want, .details = unicode_body(ctx->mem, want->details)};
	if (want->reason < REASON_SPAM || want->reason > REASON_OTHER)
		return fail(ctx, ERR_INVALID, "reason", W_error_choose_one);
	if (want->reason == REASON_OTHER && !r.details.n)
		return fail(ctx, ERR_INVALID, "details", W_error_required);
	if (utf8_count(r.details) > DETAILS_MOST)
		return fail_n(ctx, ERR_INVALID, "details", W_error_too_long, DETAILS_MOST);
	TRY(permit_act(ctx, &reporting));
	TRY(store_write(ctx, add, &r));
	*out = r.id;
	return OK;
}

static err outcome_of(struct ctx *ctx, report_id id, enum decision_action *out)
{
	struct report_action_row row;
	TRY(report_action(ctx, id, &row));
	*out = (enum decision_action)row.action;
	return OK;
}

err report_mine(struct ctx *ctx, account_id account, note_id note, struct report_mine *out)
{
	struct report_row before;
	struct thing thing;
	TRY(look_at(ctx, account, note, &thing));
	*out = (struct report_mine){0};
	if (!ctx->viewer.account.v)
		return OK;
	err found = earlier(ctx, thing.account, note, &before);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	if (!still_counts(&before, note, thing.edited))
		return OK;
	*out = (struct report_mine){.reported = true, .decided = before.state != REPORT_OPEN};
	return out->decided ? outcome_of(ctx, before.id, &out->outcome) : OK;
}

err report_outcome(struct ctx *ctx, decision_id decision, struct report_outcome *out)
{
	struct report_answered_row row;
	TRY(report_answered(ctx, decision, ctx->viewer.account, &row));
	*out = (struct report_outcome){(enum decision_action)row.action, row.excerpt};
	return OK;
}

static struct report from_row(const struct report_row *r)
{
	return (struct report){
		.id = r->id,
		.note = r->note,
		.reason = (enum report_reason)r->reason,
		.state = (enum report_state)r->state,
		.details = r->details,
		.excerpt = r->excerpt,
		.created = r->created,
		.decision = r->decision,
		.alike = r->alike,
	};
}

static void place(struct report *report, const struct notes_places_row *places, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!report->note.v || places[i].id.v != report->note.v)
			continue;
		report->is_comment = places[i].root.v != 0;
		report->root = places[i].root.v ? places[i].root : places[i].id;
	}
}

static void picture(struct report *report, const struct shown_note *shown, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!report->note.v || shown[i].note.id.v != report->note.v)
			continue;
		report->visible = true;
		report->picture = shown[i].cover;
	}
}

static err complete(
	struct ctx *ctx, const struct report_row *rows, ptrdiff_t n, struct report **out)
{
	struct report *list = NEW_N(ctx->mem, struct report, n);
	account_id *ids = NEW_N(ctx->mem, account_id, 2 * n);
	struct person **people = NEW_N(ctx->mem, struct person *, 2 * n);
	note_id *notes = NEW_N(ctx->mem, note_id, n);
	struct notes_places_row *places;
	struct shown_note *shown;
	ptrdiff_t n_places, n_shown;
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[2 * i] = rows[i].reporter;
		ids[2 * i + 1] = rows[i].account;
		notes[i] = rows[i].note;
	}
	TRY(people_for(ctx, ids, 2 * n, people));
	TRY(notes_places(ctx, notes, n, &places, &n_places));
	TRY(shown_by_ids(ctx, notes, n, SHOWN_COVER, &shown, &n_shown));
	for (ptrdiff_t i = 0; i < n; i++) {
		list[i] = from_row(&rows[i]);
		list[i].reporter = people[2 * i];
		list[i].account = people[2 * i + 1];
		place(&list[i], places, n_places);
		picture(&list[i], shown, n_shown);
	}
	*out = list;
	return OK;
}

err reports_page(struct ctx *ctx, enum report_state state, report_id before, int limit,
	struct report **out, ptrdiff_t *n)
{
	struct report_row *rows;
	ptrdiff_t found;
	report_id top = before.v ? before : (report_id){INT64_MAX};
	TRY(must_moderate(ctx));
	TRY(reports_before(ctx, (int64_t)state, top, limit, &rows, &found));
	TRY(complete(ctx, rows, found, out));
	*n = found;
	return OK;
}

err report_get(struct ctx *ctx, report_id id, struct report *out)
{
	struct report_row row;
	struct report *one;
	TRY(must_moderate(ctx));
	TRY(report_row_get(ctx, id, &row));
	TRY(complete(ctx, &row, 1, &one));
	*out = *one;
	return OK;
}

err reports_alike(struct ctx *ctx, const struct report *report, struct report **out, ptrdiff_t *n)
{
	struct report_row *rows;
	ptrdiff_t found;
	TRY(must_moderate(ctx));
	account_id account = report->account ? report->account->id : (account_id){0};
	TRY(reports_like(ctx, account, (int64_t)report->state, report->note, report->decision,
		ALIKE_MOST, &rows, &found));
	TRY(complete(ctx, rows, found, out));
	*n = found;
	return OK;
}
