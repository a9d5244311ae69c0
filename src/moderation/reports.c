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

err reported_get(struct ctx *ctx, struct reported_thing thing, struct reported *out)
{
	return reported_kind_of(ctx, thing.kind)->guard(ctx, thing.id, out);
}

// ERR_NOT_FOUND when the viewer has not reported it yet, or that counts no more.
static err earlier(struct ctx *ctx, struct reported_thing thing, const struct reported *now,
	struct report_by_row *out)
{
	TRY(report_by(ctx, ctx->viewer.account, thing.kind, thing.id, out));
	return out->state == REPORT_OPEN || now->edited <= out->created ? OK : ERR_NOT_FOUND;
}

// The new one is the latest, and says how many there are.
static err take_place(struct ctx *ctx, struct reported_thing thing, int64_t *alike)
{
	struct report_latest_row latest;
	*alike = 1;
	err found = report_latest(ctx, thing.kind, thing.id, &latest);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found;
	*alike += latest.alike;
	return report_no_longer_latest(ctx, latest.id);
}

static err add(struct ctx *ctx, void *arg)
{
	struct reporting *r = arg;
	const struct report_new *want = r->want;
	struct reported now;
	struct report_by_row before;
	int64_t alike;
	TRY(reported_get(ctx, want->thing, &now));
	if (now.account.v == ctx->viewer.account.v)
		return fail(ctx, ERR_INVALID, NULL, W_moderation_own);
	err found = earlier(ctx, want->thing, &now, &before);
	if (found == OK)
		r->id = before.id;
	if (found != ERR_NOT_FOUND)
		return found;
	TRY(take_place(ctx, want->thing, &alike));
	r->id = (report_id){id_new(ctx->now)};
	const struct report_row row = {.id = r->id,
		.reporter = ctx->viewer.account,
		.account = now.account,
		.thing_kind = want->thing.kind,
		.thing = want->thing.id,
		.reason = (int64_t)want->reason,
		.details = r->details,
		.excerpt = excerpt_of(ctx, now.title, now.text),
		.state = REPORT_OPEN,
		.created = ctx->now,
		.alike = alike};
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

err report_mine(struct ctx *ctx, struct reported_thing thing, const struct reported *now,
	struct report_mine *out)
{
	struct report_by_row before;
	*out = (struct report_mine){0};
	if (!ctx->viewer.account.v)
		return OK;
	err found = earlier(ctx, thing, now, &before);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found;
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

static struct report from_row(struct ctx *ctx, const struct report_row *r)
{
	return (struct report){
		.id = r->id,
		.thing = {r->thing_kind, r->thing},
		.kind = reported_kind_of(ctx, r->thing_kind),
		.reason = (enum report_reason)r->reason,
		.state = (enum report_state)r->state,
		.details = r->details,
		.excerpt = r->excerpt,
		.created = r->created,
		.decision = r->decision,
		.alike = r->alike,
	};
}

// What is to be seen of those of one kind now.
static err show_kind(
	struct ctx *ctx, const struct reported_kind *kind, struct report *reports, ptrdiff_t n)
{
	struct reported_sight *sights = NEW_N(ctx->mem, struct reported_sight, n);
	ptrdiff_t *at = NEW_N(ctx->mem, ptrdiff_t, n), n_sights = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (reports[i].kind != kind)
			continue;
		at[n_sights] = i;
		sights[n_sights++] = (struct reported_sight){.id = reports[i].thing.id,
			.account = reports[i].account,
			.words = kind->words};
	}
	TRY(kind->show(ctx, sights, n_sights));
	for (ptrdiff_t i = 0; i < n_sights; i++)
		reports[at[i]].now = sights[i];
	return OK;
}

static bool met_before(const struct report *reports, ptrdiff_t i)
{
	for (ptrdiff_t k = 0; k < i; k++)
		if (reports[k].kind == reports[i].kind)
			return true;
	return false;
}

static err complete(
	struct ctx *ctx, const struct report_row *rows, ptrdiff_t n, struct report **out)
{
	struct report *list = NEW_N(ctx->mem, struct report, n);
	account_id *ids = NEW_N(ctx->mem, account_id, 2 * n);
	struct person **people = NEW_N(ctx->mem, struct person *, 2 * n);
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[2 * i] = rows[i].reporter;
		ids[2 * i + 1] = rows[i].account;
	}
	TRY(people_for(ctx, ids, 2 * n, people));
	for (ptrdiff_t i = 0; i < n; i++) {
		list[i] = from_row(ctx, &rows[i]);
		list[i].reporter = people[2 * i];
		list[i].account = people[2 * i + 1];
	}
	for (ptrdiff_t i = 0; i < n; i++)
		if (!met_before(list, i))
			TRY(show_kind(ctx, list[i].kind, list, n));
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
	TRY(reports_like(ctx, report->thing.kind, report->thing.id, (int64_t)report->state,
		report->decision, ALIKE_MOST, &rows, &found));
	TRY(complete(ctx, rows, found, out));
	*n = found;
	return OK;
}
