// SPDX-License-Identifier: AGPL-3.0-or-later
//
// People as moderators see them: who waits to join, accounts by name, one account with the decisions
// about it and the form for the next.
#include "web/moderation_part.h"

#include "web/pages.h"

#define PAGE_SIZE 50

static err signups(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account *list;
	account_id before;
	struct signups_view v = {.frame = &f};
	TRY(id_of_query(req, "before", &before.v));
	TRY(accounts_list(ctx, STANDING_WAITING, before, PAGE_SIZE + 1, &list, &v.n));
	v.accounts = list;
	if (v.n > PAGE_SIZE) {
		v.n = PAGE_SIZE;
		v.next = url_fmt(ctx->mem, "/moderation/signups?before=%lld",
			(long long)list[PAGE_SIZE - 1].id.v);
	}
	TRY(moderation_begin(req, &f, W_moderation_signups));
	struct out o = frame_out(&f, 16 << 10);
	signups_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

static err signup_decide_form(struct request *req)
{
	account_id id;
	str decision = req_form(req, "decision");
	bool approve = str_eq(decision, S("approve"));
	if (!id_parse(req_form(req, "account"), &id.v) ||
		(!approve && !str_eq(decision, S("refuse"))))
		return ERR_BAD_REQUEST;
	TRY(signup_decide(req->ctx, id, approve, (str){0}));
	redirect_with_toast(req, S("/moderation/signups"),
		approve ? W_moderation_approved : W_moderation_refused);
	return OK;
}

static err accounts(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account *list;
	str name = str_trim(req_query(req, "name"));
	if (str_starts(name, S("@")))
		name = str_skip(name, 1);
	struct accounts_view v = {.frame = &f, .name = name};
	if (name.n)
		TRY(accounts_beginning(ctx, name, PAGE_SIZE, &list, &v.n));
	else
		TRY(accounts_list(
			ctx, STANDING_SUSPENDED, (account_id){0}, PAGE_SIZE, &list, &v.n));
	v.accounts = list;
	TRY(moderation_begin(req, &f, W_moderation_accounts));
	struct out o = frame_out(&f, 16 << 10);
	accounts_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

static err show_account(struct request *req, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account about;
	struct decision *former;
	struct account_view v = {.frame = &f, .about = &about};
	v.form = (struct decide_view){.chosen = -1};
	if (failed)
		decide_again(req, &v.form);
	TRY(account_by_handle(ctx, req_param(req, "name"), &about));
	TRY(decisions_page(ctx, about.id, (decision_id){0}, FORMER_MOST, &former, &v.n_former));
	v.former = former;
	v.form.action = url_of_moderated(ctx->mem, about.name, about.host);
	const struct reported_kind *kind = reported_kind_of(ctx, REPORTED_ACCOUNT);
	v.form.words = kind->words;
	v.form.possible = decisions_left(&about, reported_decisions(kind, false));
	TRY(moderation_begin(req, &f, 0));
	f.title = about.display;
	struct out o = frame_out(&f, 16 << 10);
	moderated_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err account(struct request *req)
{
	return show_account(req, OK);
}

static err account_decide(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct account about;
	TRY(account_by_handle(ctx, req_param(req, "name"), &about));
	err failed =
		decide_by_form(req, (struct decision_new){.thing = {REPORTED_ACCOUNT, about.id.v}});
	if (decision_can_be_mended(failed))
		return show_account(req, failed);
	TRY(failed);
	redirect_with_toast(
		req, url_of_moderated(ctx->mem, about.name, about.host).s, W_moderation_done);
	return OK;
}

const struct route moderation_people_routes[] = {
	PAGE(signups, "/moderation/signups", WHO_MODERATOR),
	FORM(signup_decide_form, "/moderation/signups", WHO_MODERATOR),
	PAGE(accounts, "/moderation/accounts", WHO_MODERATOR),
	PAGE(account, "/moderation/account/:name", WHO_MODERATOR),
	FORM(account_decide, "/moderation/account/:name", WHO_MODERATOR),
	{.handler = NULL},
};
