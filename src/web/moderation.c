// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports as moderators see them: the list, one with everything that was said about it, and the form
// that decides. Sign-ups and accounts are in moderation_people.c.
#include "web/moderation_part.h"

#include "web/choices.h"
#include "web/pages.h"

#define PAGE_SIZE 20

err moderation_begin(struct request *req, struct frame *f, int title)
{
	TRY(frame_begin(req, f, HERE_ME, title));
	f->page_class = S("page-medium");
	f->noindex = true;
	return OK;
}

err id_of_query(struct request *req, const char *name, int64_t *out)
{
	str text = req_query(req, name);
	int64_t id = 0;
	if (text.n && !id_parse(text, &id))
		return ERR_NOT_FOUND;
	*out = id;
	return OK;
}

static err open_reports(struct request *req, struct reports_view *v)
{
	struct ctx *ctx = req->ctx;
	struct report *list;
	report_id before;
	TRY(id_of_query(req, "before", &before.v));
	TRY(reports_page(ctx, REPORT_OPEN, before, PAGE_SIZE + 1, &list, &v->n));
	v->reports = list;
	if (v->n > PAGE_SIZE) {
		v->n = PAGE_SIZE;
		v->next = url_fmt(
			ctx->mem, "/moderation?before=%lld", (long long)list[PAGE_SIZE - 1].id.v);
	}
	return OK;
}

static err decided(struct request *req, struct reports_view *v)
{
	struct ctx *ctx = req->ctx;
	struct decision *list;
	decision_id before;
	TRY(id_of_query(req, "before", &before.v));
	TRY(decisions_page(ctx, (account_id){0}, before, PAGE_SIZE + 1, &list, &v->n));
	v->decisions = list;
	if (v->n > PAGE_SIZE) {
		v->n = PAGE_SIZE;
		v->next = url_fmt(ctx->mem, "/moderation?state=decided&before=%lld",
			(long long)list[PAGE_SIZE - 1].id.v);
	}
	return OK;
}

static err moderation(struct request *req)
{
	struct frame f;
	struct reports_view v = {
		.frame = &f, .decided = str_eq(req_query(req, "state"), S("decided"))};
	TRY(v.decided ? decided(req, &v) : open_reports(req, &v));
	TRY(moderation_begin(req, &f, W_common_moderation));
	struct out o = frame_out(&f, 32 << 10);
	v.open = f.waiting.reports;
	moderation_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

bool decision_can_be_mended(err code)
{
	return code == ERR_INVALID || code == ERR_FORBIDDEN || code == ERR_CONFLICT;
}

void decide_again(struct request *req, struct decide_view *v)
{
	struct ctx *ctx = req->ctx;
	v->action_problem = problem_for(ctx, "action");
	v->reason_problem = problem_for(ctx, "reason");
	if (!v->action_problem.n && !v->reason_problem.n)
		v->problem = problem_text(ctx);
	v->reason = req_form(req, "reason");
	v->chosen = choice_from(&action_choices, req_form(req, "action"));
}

err decide_by_form(struct request *req, struct decision_new want)
{
	decision_id id;
	int action = choice_from(&action_choices, req_form(req, "action"));
	if (action < 0)
		return fail(req->ctx, ERR_INVALID, "action", W_error_choose_one);
	want.action = (enum decision_action)action;
	want.reason = req_form(req, "reason");
	return moderation_decide(req->ctx, &want, &id);
}

unsigned decisions_left(const struct account *about, unsigned decisions)
{
	const struct {
		enum decision_action action;
		bool possible;
	} by_account[] = {{DECIDE_SUSPEND, about->standing == STANDING_GOOD},
		{DECIDE_RESTORE, about->standing == STANDING_SUSPENDED},
		{DECIDE_CLEAR_AVATAR, about->avatar.n > 0},
		{DECIDE_CLEAR_COVER, about->cover.n > 0},
		{DECIDE_CLEAR_NAME, !str_eq(about->display, about->name)},
		{DECIDE_CLEAR_BIO, about->bio.n > 0}};
	for (int i = 0; i < COUNT(by_account); i++)
		if (!by_account[i].possible)
			decisions &= ~DECISION(by_account[i].action);
	return decisions;
}

err report_view_fill(struct ctx *ctx, report_id id, struct report_view *v)
{
	struct report *r = &v->report, *alike;
	struct decision *former;
	TRY(report_get(ctx, id, r));
	if (!r->account)
		return ERR_NOT_FOUND;
	TRY(reports_alike(ctx, r, &alike, &v->n_alike));
	TRY(account_by_id(ctx, r->account->id, &v->about));
	TRY(decisions_page(ctx, v->about.id, (decision_id){0}, FORMER_MOST, &former, &v->n_former));
	v->alike = alike;
	v->former = former;
	v->form.action = url_of_report(ctx->mem, id);
	v->form.words = r->now.words;
	v->form.possible = decisions_left(&v->about, reported_decisions(r->kind, true));
	if (!r->now.there)
		v->form.possible &= ~DECISION(DECIDE_REMOVE);
	return OK;
}

static err show_report(struct request *req, report_id id, err failed)
{
	struct frame f;
	struct report_view v = {.frame = &f, .form = {.chosen = -1}};
	if (failed)
		decide_again(req, &v.form);
	TRY(report_view_fill(req->ctx, id, &v));
	TRY(moderation_begin(req, &f, v.report.now.words->report));
	struct out o = frame_out(&f, 32 << 10);
	report_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err report(struct request *req)
{
	report_id id;
	TRY(req_param_id(req, "id", &id.v));
	return show_report(req, id, OK);
}

static err report_decide(struct request *req)
{
	report_id id;
	TRY(req_param_id(req, "id", &id.v));
	err failed = decide_by_form(req, (struct decision_new){.report = id});
	if (decision_can_be_mended(failed))
		return show_report(req, id, failed);
	TRY(failed);
	redirect_with_toast(req, S("/moderation"), W_moderation_done);
	return OK;
}

const struct route moderation_routes[] = {
	PAGE(moderation, "/moderation", WHO_MODERATOR),
	PAGE(report, "/moderation/report/:id", WHO_MODERATOR),
	FORM(report_decide, "/moderation/report/:id", WHO_MODERATOR),
	{.handler = NULL},
};
