// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reporting a note, a comment or an account. What was typed stays in a form that fails; whoever
// reported already is told so instead, and what came of it.
#include "web/moderation_view.h"

#include "unicode/unicode.h"
#include "web/choices.h"
#include "web/pages.h"
#include "web/private.h"

#define EXCERPT_MOST 140

// What the address or the form names.
struct named {
	note_id note;
	account_id account;
	str account_name;
};

static str given(struct request *req, const char *name)
{
	return req->method == POST ? req_form(req, name) : req_query(req, name);
}

static err find_named(struct request *req, struct named *out)
{
	struct account a;
	struct named n = {0};
	str note = given(req, "note");
	if (note.n) {
		if (!id_parse(note, &n.note.v))
			return ERR_NOT_FOUND;
	} else {
		TRY(account_by_name(req->ctx, given(req, "account"), &a));
		n.account = a.id;
		n.account_name = a.name;
	}
	*out = n;
	return OK;
}

static err describe_note(struct ctx *ctx, note_id id, struct report_form_view *v)
{
	struct note note;
	struct person author;
	TRY(notes_get(ctx, id, &note));
	TRY(people_by_ids(ctx, &note.account, 1, &author));
	str text = note.title.n ? note.title : note.body;
	v->title = note.root.v ? W_moderation_form_comment : W_moderation_form_note;
	v->excerpt = unicode_excerpt(ctx->mem, text, EXCERPT_MOST);
	v->language = note.language;
	v->by = author.display;
	v->note = id.v;
	return OK;
}

static err describe_account(struct ctx *ctx, const struct named *n, struct report_form_view *v)
{
	struct person person;
	TRY(people_by_ids(ctx, &n->account, 1, &person));
	v->title = W_moderation_form_account;
	v->by = str_fmt(ctx->mem, "%.*s @%.*s", STR_ARGS(person.display), STR_ARGS(person.name));
	v->account = n->account_name;
	return OK;
}

static err show(struct request *req, const struct named *n, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct report_form_view v = {.frame = &f, .back = back_address(req, S("/"))};
	if (failed) {
		v.reason_problem = problem_for(ctx, "reason");
		v.details_problem = problem_for(ctx, "details");
		if (!v.reason_problem.n && !v.details_problem.n)
			v.problem = problem_text(ctx);
		v.details = req_form(req, "details");
		v.reason = choice_from(&reason_choices, req_form(req, "reason"));
	}
	TRY(n->note.v ? describe_note(ctx, n->note, &v) : describe_account(ctx, n, &v));
	if (!failed)
		TRY(report_mine(ctx, n->account, n->note, &v.mine));
	TRY(frame_begin(req, &f, HERE_NOWHERE, v.title));
	f.page_class = S("page-narrow");
	f.noindex = true;
	if (!failed && !v.mine.reported)
		f.limited_told = v.no_form = f.limited != 0;
	struct out o = frame_out(&f, 12 << 10);
	report_form_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err report_form(struct request *req)
{
	struct named n;
	TRY(find_named(req, &n));
	return show(req, &n, OK);
}

static err report_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct named n;
	report_id id;
	int reason = choice_from(&reason_choices, req_form(req, "reason"));
	TRY(find_named(req, &n));
	struct report_new want = {.account = n.account,
		.note = n.note,
		.reason = (enum report_reason)MAX(reason, 0),
		.details = req_form(req, "details")};
	err failed = report_add(ctx, &want, &id);
	if (failed == ERR_INVALID)
		return show(req, &n, failed);
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
