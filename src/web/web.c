// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is asking, what went wrong, and the list of all routes.
#include "web/web.h"

#include "accounts/accounts.h"
#include "json/json.h"
#include "store/store.h"
#include "web/begun.h"
#include "web/card_cache.h"
#include "web/error_view.h"
#include "web/frame.h"
#include "web/kept.h"
#include "web/pages.h"
#include "web/private.h"

static const struct route *const areas[] = {
	explore_routes,
	note_routes,
	slide_routes,
	comment_routes,
	profile_routes,
	text_routes,
	account_routes,
	welcome_routes,
	media_routes,
	face_routes,
	styleguide_routes,
	publish_routes,
	upload_routes,
	removal_routes,
	settings_routes,
	settings_profile_routes,
	notification_routes,
	report_routes,
	moderation_routes,
	moderation_people_routes,
	decision_routes,
	admin_routes,
	admin_mark_routes,
};

err web_start(struct ctx *ctx)
{
	struct web *web = mem_new(1, (ptrdiff_t)sizeof *web);
	web->cards = cards_new(ctx->house->store);
	web->pages = kept_new(ctx->house->store);
	ctx->house->web = web;
	return OK;
}

void web_stop(struct house *house)
{
	memo_free(house->web->cards);
	kept_free(house->web->pages);
	mem_free(house->web);
	house->web = NULL;
}

const struct route_table *web_routes(struct arena *mem, ptrdiff_t *n)
{
	struct route_table *tables = NEW_N(mem, struct route_table, COUNT(areas));
	for (ptrdiff_t i = 0; i < COUNT(areas); i++) {
		tables[i].at = areas[i];
		while (areas[i][tables[i].n].handler)
			tables[i].n++;
	}
	*n = COUNT(areas);
	return tables;
}

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
static err found(struct request *req)
{
	int chosen = locale_find(req_cookie(req, "lang"));
	if (chosen >= 0)
		req->ctx->viewer.locale = chosen;
	return OK;
}

bool deferred(struct request *req)
{
	if (!http_in_place(req) || !store_is_postgres(req->ctx->house->store))
		return false;
	answer_defer(req);
	return true;
}

// Rank may have been taken away in another process a moment ago: pages it opens ask the account.
static bool needs_rank(const struct request *req)
{
	return req->route && (req->route->who == WHO_MODERATOR || req->route->who == WHO_ADMIN);
}

err web_identify(struct request *req)
{
	struct ctx *ctx = req->ctx;
	bool known, now = needs_rank(req);
	stranger(req);
	str token = req_cookie(req, SESSION_COOKIE);
	if (!token.n)
		return OK;
	if (!now && session_find_warm(ctx, token, &known))
		return found(req);
	if (deferred(req))
		return OK;
	err code = now ? session_find_now(ctx, token) : session_find(ctx, token);
	return code == OK || code == ERR_NOT_FOUND ? found(req) : code;
}

static str sentence(struct request *req, err code)
{
	str told = problem_text(req->ctx);
	return told.n ? told : word_get(req->ctx->viewer.locale, error_word(code));
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

err web_on_error(struct request *req, err code)
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
		.text = sentence(req, code),
	};
	if (err_is_loud(code))
		v.request = str_fmt(ctx->mem, "%lld", (long long)ctx->request);
	struct out o = out_new(ctx, ctx->viewer.locale, 4096);
	error_page(&o, &v);
	answer_html(req, err_status(code), out_done(&o).s);
	return OK;
}
