// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a person may set. One page a tab; each form comes back with what was typed when something is
// wrong with it. Pictures of the profile are in settings_profile.c.
#include "web/settings.h"

#include "web/pages.h"
#include "web/private.h"

err settings_begin(struct request *req, struct frame *f, enum settings_tab tab, struct account *me,
	struct settings_view *out)
{
	struct ctx *ctx = req->ctx;
	TRY(frame_begin(req, f, HERE_ME, W_settings_title));
	TRY(account_by_id(ctx, ctx->viewer.account, me));
	f->page_class = S("page-medium");
	*out = (struct settings_view){.frame = f,
		.tab = tab,
		.locale = me->locale,
		.show_likes = me->show_likes,
		.writes = me->writes,
		.name = me->name};
	return OK;
}

bool settings_can_be_mended(err code)
{
	return code == ERR_INVALID || code == ERR_TOO_MANY || code == ERR_TOO_LARGE ||
	       code == ERR_UNSUPPORTED || code == ERR_FORBIDDEN || code == ERR_FULL;
}

static err send(struct request *req, err failed, const struct settings_view *v)
{
	struct out o = frame_out(v->frame, 16 << 10);
	settings_page(&o, v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err settings(struct request *req)
{
	answer_redirect(req, S("/settings/profile"));
	return OK;
}

static err show_languages(struct request *req, err failed)
{
	struct frame f;
	struct account me;
	struct settings_view v;
	TRY(settings_begin(req, &f, SETTINGS_LANGUAGES, &me, &v));
	v.languages = (struct languages_view){me.reads, me.n_reads};
	if (failed)
		v.reads_problem = problem_text(req->ctx);
	return send(req, failed, &v);
}

static err languages(struct request *req)
{
	return show_languages(req, OK);
}

// The language of the interface belongs to the account (for mail and other devices) and to this
// device, where the menu may change it again.
static lang interface_language(struct request *req)
{
	int locale = locale_find(req_form(req, "locale"));
	if (locale < 0) {
		answer_cookie(req, "lang", S(""), -1, COOKIE_LAX);
		return LANG("");
	}
	lang l = locale_lang(locale);
	answer_cookie(
		req, "lang", str_copy(req->ctx->mem, lang_str(&l)), DEVICE_SECONDS, COOKIE_LAX);
	return l;
}

static err save_languages(struct request *req)
{
	struct ctx *ctx = req->ctx;
	lang reads[VIEWER_LANGS];
	str *checked;
	if (req_form_all(req, "reads", &checked) > VIEWER_LANGS)
		return fail_n(ctx, ERR_INVALID, "reads", W_account_reads_most, VIEWER_LANGS);
	struct reading_edit e = {.reads = reads,
		.writes = lang_from(req_form(req, "writes")),
		.locale = interface_language(req)};
	e.n_reads = reads_from_form(req, reads);
	return account_edit_reading(ctx, &e);
}

static err languages_send(struct request *req)
{
	err code = save_languages(req);
	if (settings_can_be_mended(code))
		return show_languages(req, code);
	TRY(code);
	redirect_with_toast(req, S("/settings/languages"), W_common_saved);
	return OK;
}

static err privacy(struct request *req)
{
	struct frame f;
	struct account me;
	struct settings_view v;
	TRY(settings_begin(req, &f, SETTINGS_PRIVACY, &me, &v));
	return send(req, OK, &v);
}

static err privacy_send(struct request *req)
{
	struct account me;
	TRY(account_by_id(req->ctx, req->ctx->viewer.account, &me));
	struct profile_edit e = {
		.display = me.display, .bio = me.bio, .show_likes = req_form(req, "likes").n > 0};
	TRY(account_edit_profile(req->ctx, &e));
	redirect_with_toast(req, S("/settings/privacy"), W_common_saved);
	return OK;
}

static err sessions_send(struct request *req)
{
	TRY(sessions_close_others(req->ctx));
	redirect_with_toast(req, S("/settings/privacy"), W_settings_signed_out);
	return OK;
}

static err show_password(struct request *req, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account me;
	struct settings_view v;
	TRY(settings_begin(req, &f, SETTINGS_PASSWORD, &me, &v));
	v.old_problem = problem_for(ctx, "old");
	v.fresh_problem = problem_for(ctx, "fresh");
	if (failed && !ctx->problem.field)
		v.problem = problem_text(ctx);
	return send(req, failed, &v);
}

static err password(struct request *req)
{
	return show_password(req, OK);
}

static err password_send(struct request *req)
{
	err code = account_change_password(req->ctx, req_form(req, "old"), req_form(req, "fresh"));
	if (settings_can_be_mended(code))
		return show_password(req, code);
	TRY(code);
	str marks; // the old ones ended with the old password
	TRY(browser_remember(
		req->ctx, req->ctx->viewer.account, req_cookie(req, BROWSER_COOKIE), &marks));
	if (marks.n)
		answer_cookie(req, BROWSER_COOKIE, marks, BROWSER_SECONDS, COOKIE_LAX);
	redirect_with_toast(req, S("/settings/password"), W_settings_password_changed);
	return OK;
}

static err look(struct request *req)
{
	struct frame f;
	struct account me;
	struct settings_view v;
	TRY(settings_begin(req, &f, SETTINGS_APPEARANCE, &me, &v));
	return send(req, OK, &v);
}

static err look_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct account me;
	TRY(account_by_id(ctx, ctx->viewer.account, &me));
	struct reading_edit e = {.reads = me.reads,
		.n_reads = me.n_reads,
		.writes = me.writes,
		.locale = interface_language(req)};
	TRY(account_edit_reading(ctx, &e));
	device_theme(req, req_form(req, "theme"));
	redirect_with_toast(req, S("/settings/appearance"), W_common_saved);
	return OK;
}

const struct route settings_routes[] = {
	PAGE(settings, "/settings", WHO_SIGNED_IN),
	PAGE(languages, "/settings/languages", WHO_SIGNED_IN),
	FORM(languages_send, "/settings/languages", WHO_SIGNED_IN),
	PAGE(privacy, "/settings/privacy", WHO_SIGNED_IN),
	FORM(privacy_send, "/settings/privacy", WHO_SIGNED_IN),
	FORM(sessions_send, "/settings/sessions", WHO_SIGNED_IN),
	PAGE(password, "/settings/password", WHO_SIGNED_IN),
	HASHING_FORM(password_send, "/settings/password", WHO_SIGNED_IN),
	PAGE(look, "/settings/appearance", WHO_SIGNED_IN),
	FORM(look_send, "/settings/appearance", WHO_SIGNED_IN),
	{.handler = NULL},
};
