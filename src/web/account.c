// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Signing in, up and out. A form that fails comes back with what was typed, except passwords. The
// forms of strangers here carry a token too: nobody may be signed in as somebody else unknowingly.
#include "web/account_view.h"

#include "permit/permit.h"
#include "web/begun.h"
#include "web/pages.h"
#include "web/private.h"
#include "web/purpose.h"

static void set_session(struct request *req, str token)
{
	answer_cookie(req, SESSION_COOKIE, token, BROWSER_SECONDS, COOKIE_LAX);
}

// What a person can mend is shown in the form; anything else is an error's page.
static bool is_theirs(err code)
{
	return code == ERR_INVALID || code == ERR_TOO_MANY || code == ERR_FORBIDDEN;
}

static err show_signin(struct request *req, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	TRY(frame_begin(req, &f, HERE_ME, 0));
	TRY(purpose_signin(req, &f.title));
	f.page_class = S("page-narrow");
	f.noindex = true;
	struct signin_view v = {
		.mode = f.community->signup,
		.frame = &f,
		.csrf = csrf_token(req),
		.back = back_address(req, S("")),
		.name = req->method == POST ? req_form(req, "name") : (str){0},
		.problem = failed ? problem_text(ctx) : (str){0},
		.begun = begun_carried(req),
	};
	v.asks = begun_word(req, v.begun);
	struct out o = frame_out(&f, 8 << 10);
	signin_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err signin(struct request *req)
{
	if (req->ctx->viewer.account.v) {
		answer_redirect(req, back_address(req, S("/")));
		return OK;
	}
	return show_signin(req, OK);
}

static void remember_browser(struct request *req, str marks)
{
	if (marks.n)
		answer_cookie(req, BROWSER_COOKIE, marks, BROWSER_SECONDS, COOKIE_LAX);
}

// A session that was there ends: one browser is one person at a time.
static err close_present(struct request *req)
{
	str present = req_cookie(req, SESSION_COOKIE);
	return present.n ? session_close(req->ctx, present) : OK;
}

// The new session goes on where the stranger stopped: what was begun is done now.
static err finish_begun(
	struct request *req, str token, bool newcomer, struct begun_end *end, str *address)
{
	TRY(session_find(req->ctx, token));
	return begun_finish(req, begun_carried(req), newcomer, end, address);
}

static void lead_on(struct request *req, str address, int word)
{
	if (word)
		redirect_with_toast(req, address, word);
	else
		answer_redirect(req, address);
}

static err signin_go_on(struct request *req)
{
	struct signed_in in;
	err code = session_open(req->ctx, req->kept, &in);
	if (is_theirs(code))
		return show_signin(req, code);
	TRY(code);
	TRY(close_present(req));
	set_session(req, in.token);
	remember_browser(req, in.browser);
	str back = back_address(req, S("/"));
	struct begun_end end;
	TRY(finish_begun(req, in.token, false, &end, &back));
	lead_on(req, back, end.word);
	return OK;
}

static err signin_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct sign_in *s = NEW(ctx->mem, struct sign_in);
	ms hold;
	*s = (struct sign_in){.name = req_form(req, "name"),
		.password = req_form(req, "password"),
		.agent = req_header(req, "User-Agent"),
		.network = req_network(req),
		.browser = req_cookie(req, BROWSER_COOKIE)};
	req->kept = s;
	err code = sign_in_begin(ctx, s, &hold);
	if (is_theirs(code))
		return show_signin(req, code);
	TRY(code);
	if (!hold)
		return signin_go_on(req);
	answer_later(req, hold, signin_go_on);
	return OK;
}

static err signout_send(struct request *req)
{
	TRY(close_present(req));
	answer_cookie(req, SESSION_COOKIE, S(""), -1, COOKIE_LAX);
	answer_redirect(req, S("/"));
	return OK;
}

static html link_to(struct ctx *ctx, const char *address, int word)
{
	str text = word_get(ctx->viewer.locale, word);
	return (html){str_fmt(ctx->mem, "<a class=\"link\" href=\"%s\" target=\"_blank\">%.*s</a>",
		address, STR_ARGS(text))};
}

static void typed(struct request *req, struct signup_view *v)
{
	v->name = req_form(req, "name");
	v->display = req_form(req, "display");
	v->why = req_form(req, "why");
	v->invite = req_form(req, "invite");
	v->rules = req_form(req, "rules").n > 0;
}

static void problems(struct ctx *ctx, struct signup_view *v)
{
	v->name_problem = problem_for(ctx, "name");
	v->display_problem = problem_for(ctx, "display");
	v->password_problem = problem_for(ctx, "password");
	v->why_problem = problem_for(ctx, "why");
	v->invite_problem = problem_for(ctx, "invite");
	v->rules_problem = problem_for(ctx, "rules");
	if (!ctx->problem.field)
		v->problem = problem_text(ctx);
}

static int signup_title(enum signup_mode mode)
{
	static const int titles[] = {
		[SIGNUP_OPEN] = W_account_join,
		[SIGNUP_APPROVAL] = W_account_ask,
		[SIGNUP_INVITE] = W_account_join_invited,
		[SIGNUP_CLOSED] = W_account_closed,
	};
	return titles[mode];
}

// A good invitation stands for the approval; one that is not is said to be none.
static err look_at_invitation(struct request *req, struct signup_view *v)
{
	struct ctx *ctx = req->ctx;
	if (!v->invite.n || v->mode == SIGNUP_CLOSED || v->mode == SIGNUP_OPEN)
		return OK;
	err code = invite_check(ctx, v->invite);
	if (code == OK) {
		v->invited = true;
		v->mode = SIGNUP_INVITE;
	} else if (code == ERR_INVALID && v->mode == SIGNUP_INVITE) {
		v->invite_problem = problem_text(ctx);
	} else if (code == ERR_INVALID) {
		v->problem = problem_text(ctx);
		v->invite = (str){0};
	}
	return code == ERR_INVALID ? OK : code;
}

static err show_signup(struct request *req, str invite, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	TRY(frame_begin(req, &f, HERE_NOWHERE, 0));
	f.page_class = S("page-narrow");
	frame_describe(&f, community_summary(&f));
	f.noindex = invite.n > 0;
	struct signup_view v = {
		.frame = &f,
		.mode = community_get(ctx)->signup,
		.csrf = csrf_token(req),
		.back = back_address(req, S("")),
		.invite = invite,
		.rules_link = link_to(ctx, "/rules", W_account_rules_name),
		.privacy_link = link_to(ctx, "/privacy", W_account_privacy_name),
		.begun = begun_carried(req),
	};
	v.asks = begun_word(req, v.begun);
	if (!v.asks)
		TRY(purpose_signup(req, &v.then));
	if (req->method == POST)
		typed(req, &v);
	if (failed)
		problems(ctx, &v);
	TRY(look_at_invitation(req, &v));
	f.title = word_get(ctx->viewer.locale, signup_title(v.mode));
	if (v.invited) // the way to join stays the one with the invitation
		f.signup =
			url_fmt(ctx->mem, "/join/%.*s", STR_ARGS(url_escape(ctx->mem, v.invite)));
	struct out o = frame_out(&f, 8 << 10);
	signup_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err signup(struct request *req)
{
	if (req->ctx->viewer.account.v) {
		answer_redirect(req, S("/"));
		return OK;
	}
	return show_signup(req, req_query(req, "invite"), OK);
}

static err join(struct request *req)
{
	if (req->ctx->viewer.account.v) {
		answer_redirect(req, S("/"));
		return OK;
	}
	return show_signup(req, req_param(req, "code"), OK);
}

// Begins with the languages that the browser asks for: those of the stranger.
static err create(struct request *req, struct signed_in *out)
{
	struct ctx *ctx = req->ctx;
	int chosen = locale_find(req_cookie(req, "lang"));
	struct sign_up s = {
		.account = {.name = req_form(req, "name"),
			.password = req_form(req, "password"),
			.display = req_form(req, "display"),
			.invite = req_form(req, "invite"),
			.why = str_trim(req_form(req, "why")),
			.reads = ctx->viewer.reads,
			.n_reads = ctx->viewer.n_reads},
		.rules = req_form(req, "rules").n > 0,
		.agent = req_header(req, "User-Agent"),
		.network = req_network(req),
		.browser = req_cookie(req, BROWSER_COOKIE),
	};
	if (chosen >= 0)
		s.account.locale = locale_lang(chosen);
	return sign_up(ctx, &s, out);
}

// Who came from a note is back there at once, with what was begun; the first steps wait in explore.
static err signup_go_on(struct request *req, str token)
{
	struct ctx *ctx = req->ctx;
	str back = back_address(req, S(""));
	struct begun_end end;
	TRY(finish_begun(req, token, true, &end, &back));
	bool from_note = !end.word && str_starts(back, S("/note/"));
	if (!ctx->viewer.limited && (end.done || from_note)) {
		redirect_with_toast(req, back, end.done ? end.word : W_account_welcome_back_there);
		return OK;
	}
	url next = url_fmt(ctx->mem, "/welcome");
	lead_on(req, back.n ? url_query(ctx->mem, next, "back", back).s : next.s, end.word);
	return OK;
}

static err signup_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct signed_in in;
	if (ctx->viewer.account.v) {
		answer_redirect(req, S("/welcome"));
		return OK;
	}
	err code = create(req, &in);
	if (is_theirs(code))
		return show_signup(req, (str){0}, code);
	TRY(code);
	set_session(req, in.token);
	remember_browser(req, in.browser);
	return signup_go_on(req, in.token);
}

const struct route account_routes[] = {
	PAGE(signin, "/signin", WHO_ANYONE),
	HASHING_FORM(signin_send, "/signin", WHO_ANYONE),
	PAGE(signup, "/signup", WHO_ANYONE),
	PAGE(join, "/join/:code", WHO_ANYONE),
	HASHING_FORM(signup_send, "/signup", WHO_ANYONE),
	FORM(signout_send, "/signout", WHO_ANYONE),
	{.handler = NULL},
};
