// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reporting whatever rooms say may be reported. What was typed stays in a form that fails; whoever
// reported already is told so instead, and what came of it.
#include "web/moderation_view.h"

#include "unicode/unicode.h"
#include "web/choices.h"
#include "web/pages.h"
#include "web/private.h"

#define EXCERPT_MOST 140

static str given(struct request *req, const char *name)
{
	return req->method == POST ? req_form(req, name) : req_query(req, name);
}

// What the address or the form names: the kind by its name, the thing as the kind knows it.
static err find_named(struct request *req, struct report_form_view *v)
{
	const struct reported_kind *kind;
	for (int i = 0; (kind = reported_kind_at(req->ctx, i)); i++) {
		v->given = given(req, kind->name);
		if (v->given.n)
			break;
	}
	if (!kind)
		return ERR_NOT_FOUND;
	v->kind = kind;
	v->thing.kind = kind->number;
	if (kind->find)
		return kind->find(req->ctx, v->given, &v->thing.id);
	return id_parse(v->given, &v->thing.id) ? OK : ERR_NOT_FOUND;
}

err report_form_fill(struct ctx *ctx, struct report_form_view *v)
{
	struct reported now;
	struct person owner;
	TRY(reported_get(ctx, v->thing, &now));
	TRY(people_by_ids(ctx, &now.account, 1, &owner));
	if (!v->refused)
		TRY(report_mine(ctx, v->thing, &now, &v->mine));
	v->title = now.words->form;
	v->by = owner.display;
	if (v->kind->is_account) {
		str handle = handle_of(ctx->mem, owner.name, owner.host);
		v->by = str_fmt(ctx->mem, "%.*s %.*s", STR_ARGS(owner.display), STR_ARGS(handle));
		return OK;
	}
	v->excerpt = unicode_excerpt(ctx->mem, now.title.n ? now.title : now.text, EXCERPT_MOST);
	v->language = now.language;
	return OK;
}

// What was typed, and what is wrong with it.
static void typed_again(struct request *req, struct report_form_view *v)
{
	struct ctx *ctx = req->ctx;
	v->reason_problem = problem_for(ctx, "reason");
	v->details_problem = problem_for(ctx, "details");
	if (!v->reason_problem.n && !v->details_problem.n)
		v->problem = problem_text(ctx);
	v->details = req_form(req, "details");
	v->reason = choice_from(&reason_choices, req_form(req, "reason"));
}

static err show(struct request *req, struct report_form_view *v, err failed)
{
	struct frame f;
	v->frame = &f;
	v->back = back_address(req, S("/"));
	v->refused = failed != OK;
	TRY(report_form_fill(req->ctx, v));
	if (v->refused)
		typed_again(req, v);
	TRY(frame_begin(req, &f, HERE_NOWHERE, v->title));
	f.page_class = S("page-narrow");
	f.noindex = true;
	if (!v->refused && !v->mine.reported)
		f.limited_told = v->no_form = f.limited != 0;
	struct out o = frame_out(&f, 12 << 10);
	report_form_page(&o, v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err report_form(struct request *req)
{
	struct report_form_view v = {0};
	TRY(find_named(req, &v));
	return show(req, &v, OK);
}

static err report_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct report_form_view v = {0};
	report_id id;
	int reason = choice_from(&reason_choices, req_form(req, "reason"));
	TRY(find_named(req, &v));
	struct report_new want = {.thing = v.thing,
		.reason = (enum report_reason)MAX(reason, 0),
		.details = req_form(req, "details")};
	err failed = report_add(ctx, &want, &id);
	if (failed == ERR_INVALID)
		return show(req, &v, failed);
	TRY(failed);
	url done = url_query(
		ctx->mem, url_fmt(ctx->mem, "/report/done"), "back", back_address(req, S("/")));
	answer_redirect(req, done.s);
	return OK;
}

static err report_done(struct request *req)
{
	struct frame f;
	struct report_form_view v = {.frame = &f, .back = back_address(req, S("/"))};
	TRY(frame_begin(req, &f, HERE_NOWHERE, W_common_report));
	f.page_class = S("page-narrow");
	f.noindex = true;
	struct out o = frame_out(&f, 8 << 10);
	report_done_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

const struct route report_routes[] = {
	PAGE(report_form, "/report", WHO_SIGNED_IN),
	FORM(report_send, "/report", WHO_SIGNED_IN),
	PAGE(report_done, "/report/done", WHO_SIGNED_IN),
	{.handler = NULL},
};
