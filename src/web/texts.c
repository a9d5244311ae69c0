// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The host's pages (about, rules, privacy, contact), where the source is, and the two preferences of
// a device: theme and language.
#include "web/private.h"

#include "language/language.h"
#include "web/pages.h"
#include "web/texts_view.h"

static err show(struct request *req, enum community_text which, int title, int fallback)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	TRY(frame_begin(req, &f, HERE_NOWHERE, title));
	f.page_class = S("page-narrow");
	str text = f.community->texts[which];
	struct text_view v = {.frame = &f};
	if (!text.n)
		text = word_get(ctx->viewer.locale, fallback);
	frame_describe(&f, text);
	v.text = html_text(ctx->mem, text, NULL);
	v.data = which == TEXT_ABOUT && title == W_common_about && language_dictionary(ctx->house);
	if (which == TEXT_CONTACT) {
		v.contact = f.community->contact;
		v.missing = !community_is_reachable(f.community) && ctx->viewer.role >= ROLE_ADMIN;
	}
	struct out o = frame_out(&f, 8 << 10);
	text_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

static err about(struct request *req)
{
	return show(req, TEXT_ABOUT, W_common_about, W_texts_about);
}

static err rules(struct request *req)
{
	return show(req, TEXT_RULES, W_common_rules, W_texts_rules);
}

static err privacy(struct request *req)
{
	return show(req, TEXT_PRIVACY, W_common_privacy, W_texts_privacy);
}

// A page that promises a way to the host has one; else it says who reads what is wrong here.
static err contact(struct request *req)
{
	bool there = community_is_reachable(community_get(req->ctx));
	return show(req, TEXT_CONTACT, W_common_contact,
		there ? W_texts_contact : W_texts_contact_none);
}

// AGPL section 13: everybody who uses the server is offered its source.
static err source(struct request *req)
{
	const struct community *c = community_get(req->ctx);
	if (!c->source_url.n)
		return show(req, TEXT_ABOUT, W_common_source, W_texts_source);
	answer_redirect_away(req, 302, c->source_url);
	return OK;
}

void device_theme(struct request *req, str theme)
{
	bool known = str_eq(theme, S("light")) || str_eq(theme, S("dark"));
	answer_cookie(req, "theme", known ? theme : S(""), known ? DEVICE_SECONDS : -1,
		COOKIE_LAX | COOKIE_SCRIPT);
}

// Preferences of a device change nothing of anybody's, so they need no token; pages of strangers
// can then be the same for all.
static err appearance(struct request *req)
{
	device_theme(req, req_form(req, "theme"));
	answer_redirect(req, back_address(req, S("/")));
	return OK;
}

static err language(struct request *req)
{
	str tag = req_form(req, "language");
	if (locale_find(tag) < 0)
		return ERR_NOT_FOUND;
	answer_cookie(req, "lang", tag, DEVICE_SECONDS, COOKIE_LAX);
	answer_redirect(req, back_address(req, S("/")));
	return OK;
}

const struct route text_routes[] = {
	PAGE(about, "/about", WHO_ANYONE),
	PAGE(rules, "/rules", WHO_ANYONE),
	PAGE(privacy, "/privacy", WHO_ANYONE),
	PAGE(contact, "/contact", WHO_ANYONE),
	PAGE(source, "/source", WHO_ANYONE),
	FORM(appearance, "/appearance", WHO_ANYONE, .no_csrf = true),
	FORM(language, "/language", WHO_ANYONE, .no_csrf = true),
	{.handler = NULL},
};
