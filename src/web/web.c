// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is asking, what went wrong, and the list of all routes.
#include "web/web.h"

#include "accounts/accounts.h"
#include "json/json.h"
#include "store/store.h"
#include "web/begun.h"
#include "web/error_view.h"
#include "web/frame.h"
#include "web/kept.h"
#include "web/pages.h"
#include "web/private.h"

static bool known(struct request *);
static err identify(struct request *);
static err on_error(struct request *, err);

const struct route_group web_group = {
	.name = "pages", .known = known, .identify = identify, .on_error = on_error};

static const struct route_table tables[] = {
	{&web_group, explore_routes},
	{&web_group, note_routes},
	{&web_group, slide_routes},
	{&web_group, comment_routes},
	{&web_group, profile_routes},
	{&web_group, text_routes},
	{&web_group, account_routes},
	{&web_group, welcome_routes},
	{&web_group, media_routes},
	{&web_group, face_routes},
	{&web_group, styleguide_routes},
	{&web_group, publish_routes},
	{&web_group, upload_routes},
	{&web_group, removal_routes},
	{&web_group, settings_routes},
	{&web_group, settings_profile_routes},
	{&web_group, notification_routes},
	{&web_group, report_routes},
	{&web_group, moderation_routes},
	{&web_group, moderation_people_routes},
	{&web_group, decision_routes},
	{&web_group, admin_routes},
	{&web_group, admin_mark_routes},
	{0},
};

static err start(struct ctx *ctx)
{
	struct web *web = mem_new(1, (ptrdiff_t)sizeof *web);
	web->pages = kept_new(ctx->house->store);
	ctx->house->web = web;
	return OK;
}

static void stop(struct ctx *ctx)
{
	kept_free(ctx->house->web->pages);
	mem_free(ctx->house->web);
	ctx->house->web = NULL;
}

const struct room web_room = {
	.name = "web", .extent = OPEN_SERVER, .routes = tables, .start = start, .stop = stop};

// The languages a stranger's browser names, as languages to read.
static void stranger(struct request *req)
{
	struct viewer *v = &req->ctx->viewer;
	str accept = req_header(req, "Accept-Language");
	int chosen = locale_find(req_cookie(req, "lang"));
	*v = (struct viewer){.locale = chosen >= 0 ? chosen : locale_pick(accept)};
	v->reads[v->n_reads++] = locale_lang(v->locale);
	while (accept.p && v->n_reads < VIEWER_LANGS) {
		str item = str_cut(&accept, ',');
		lang l = lang_from(str_trim(str_cut(&item, ';')));
		bool known = !l.tag[0];
		for (int i = 0; !known && i < v->n_reads; i++)
			known = lang_same_base(v->reads[i], l);
		if (!known)
			v->reads[v->n_reads++] = l;
	}
}

// The language chosen on this device goes before the account's.
static void speak_as_here(struct request *req)
{
	int chosen = locale_find(req_cookie(req, "lang"));
	if (chosen >= 0)
		req->ctx->viewer.locale = chosen;
}

// Rank may have been taken away in another process a moment ago: pages it opens ask the account.
static bool needs_rank(const struct request *req)
{
	return req->route && (req->route->who == WHO_MODERATOR || req->route->who == WHO_ADMIN);
}

static bool known(struct request *req)
{
	bool known;
	stranger(req);
	str token = req_cookie(req, SESSION_COOKIE);
	if (token.n && (needs_rank(req) || !session_find_warm(req->ctx, token, &known)))
		return false;
	if (token.n)
		speak_as_here(req);
	return true;
}

static err identify(struct request *req)
{
	err code = session_find_now(req->ctx, req_cookie(req, SESSION_COOKIE));
	if (code != OK && code != ERR_NOT_FOUND)
		return code;
	speak_as_here(req);
	return OK;
}

// Refused before anybody looked at it, and not for want of rank: a form of a session that has ended.
static bool is_outdated(const struct request *req, err code)
{
	return code == ERR_FORBIDDEN && !req->ctx->problem.word && req->method == POST &&
	       !needs_rank(req);
}

static str sentence(struct request *req, err code)
{
	str told = problem_text(req->ctx);
	int word = is_outdated(req, code) ? W_error_outdated : error_word(code);
	return told.n ? told : word_get(req->ctx->viewer.locale, word);
}

static void answer_json_error(struct request *req, err code)
{
	struct sb sb = sb_new(req->ctx->mem, 256);
	struct json_out j = json_out(&sb);
	json_begin(&j);
	json_put_str(&j, "error", sentence(req, code));
	json_put_str(&j, "code", str_from(err_slug(code)));
	if (req->ctx->problem.field)
		json_put_str(&j, "field", str_from(req->ctx->problem.field));
	json_end(&j);
	answer_json(req, err_status(code), sb_str(&sb));
}

// Once more where that may help and changes nothing; else back to where one came from.
static void way_on(struct request *req, err code, struct error_view *v)
{
	bool again = req->method == GET && (code == ERR_TOO_MANY || err_is_loud(code));
	str here = own_address(req);
	str to = again ? here : referer_address(req, here);
	if ((!again && str_eq(to, here)) || str_eq(to, S("/")) || !url_from(to, &v->on))
		return;
	v->on_word = again ? W_common_retry : W_common_back;
}

// A page, a fragment or JSON, in the person's language.
static err on_error(struct request *req, err code)
{
	struct ctx *ctx = req->ctx;
	bool busy = code == ERR_UNAVAILABLE || code == ERR_TIMEOUT;
	if (busy && !req_wants_json(req) && kept_answer_busy(req))
		return OK;
	if (req_wants_json(req)) {
		answer_json_error(req, code);
		return OK;
	}
	if (code == ERR_SIGN_IN && req->route) {
		answer_redirect(req, begun_door(req));
		return OK;
	}
	struct error_view v = {
		.site = ctx->house->community ? community_get(ctx)->name : S("Qiao"),
		.status = err_status(code),
		.title = is_outdated(req, code) ? W_error_title_outdated : error_title(code),
		.text = sentence(req, code),
	};
	way_on(req, code, &v);
	if (err_is_loud(code))
		v.request = str_fmt(ctx->mem, "%lld", (long long)ctx->request);
	struct out o = out_new(ctx, ctx->viewer.locale, 4096);
	error_page(&o, &v);
	answer_html(req, err_status(code), out_done(&o).s);
	return OK;
}
