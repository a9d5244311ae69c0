// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the host sets: name, who may join, the pages of text; and invitations: links that are copied
// from the list, and revoked there.
#include "web/moderation_part.h"

#include "unicode/unicode.h"
#include "web/choices.h"
#include "web/pages.h"

#define USES_USUAL 5
#define DAYS_USUAL 14
#define INVITES_SHOWN 20

static const struct {
	const char *field;
	int word;
} texts[COMMUNITY_TEXTS] = {
	[TEXT_RULES] = {"text_rules", W_admin_rules},
	[TEXT_PRIVACY] = {"text_privacy", W_admin_privacy},
	[TEXT_ABOUT] = {"text_about", W_admin_about},
	[TEXT_CONTACT] = {"text_contact", W_admin_contact_text},
};

str admin_text_field(int text)
{
	return str_from(texts[text].field);
}

int admin_text_word(int text)
{
	return texts[text].word;
}

static struct community from_form(struct request *req)
{
	struct arena *mem = req->ctx->mem;
	int signup = choice_from(&signup_choices, req_form(req, "signup"));
	struct community c = {
		.name = unicode_line(mem, req_form(req, "name")),
		.summary = unicode_line(mem, req_form(req, "summary")),
		.contact = unicode_line(mem, req_form(req, "contact")),
		.source_url = str_trim(req_form(req, "source_url")),
		.signup = signup < 0 ? community_get(req->ctx)->signup : (enum signup_mode)signup,
	};
	if (str_int(str_trim(req_form(req, "quota")), &c.quota) && c.quota >= 0 &&
		c.quota <= INT64_MAX >> 20)
		c.quota *= 1 << 20;
	else
		c.quota = -1;
	for (int i = 0; i < COMMUNITY_TEXTS; i++)
		c.texts[i] = unicode_body(mem, req_form(req, texts[i].field));
	return c;
}

// Each problem beside its field, one of no field at the top.
static void place_problem(struct ctx *ctx, struct admin_view *v)
{
	v->name_problem = problem_for(ctx, "name");
	v->summary_problem = problem_for(ctx, "summary");
	v->contact_problem = problem_for(ctx, "contact");
	v->quota_problem = problem_for(ctx, "quota");
	v->source_problem = problem_for(ctx, "source_url");
	for (int i = 0; i < COMMUNITY_TEXTS; i++)
		v->text_problems[i] = problem_for(ctx, texts[i].field);
	if (!ctx->problem.field)
		v->problem = problem_text(ctx);
}

static err load_invites(struct request *req, struct admin_view *v)
{
	struct ctx *ctx = req->ctx;
	struct invite *list;
	invite_id before;
	TRY(id_of_query(req, "before", &before.v));
	TRY(invites_page(ctx, before, INVITES_SHOWN + 1, &list, &v->n_invites));
	v->invites = list;
	if (v->n_invites > INVITES_SHOWN) {
		v->n_invites = INVITES_SHOWN;
		v->more_invites = url_fmt(ctx->mem, "/admin?before=%lld#invite",
			(long long)list[INVITES_SHOWN - 1].id.v);
	}
	return OK;
}

err admin_show(struct request *req, struct admin_view *v, int status)
{
	struct frame f;
	TRY(moderation_begin(req, &f, W_common_admin));
	TRY(load_invites(req, v));
	v->frame = &f;
	v->origin = req_origin(req);
	if (!v->quota.p)
		v->quota = str_fmt(req->ctx->mem, "%lld", (long long)(v->settings.quota >> 20));
	if (f.community->mark.n)
		v->mark = url_of_mark(req->ctx->mem, f.community->mark, 192);
	if (!v->uses) {
		v->uses = USES_USUAL;
		v->days = DAYS_USUAL;
	}
	struct out o = frame_out(&f, 32 << 10);
	admin_page(&o, v);
	frame_send(req, status, &o);
	return OK;
}

static err admin(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct admin_view v = {
		.settings = *community_get(ctx), .invite_made = req_query(req, "made").n > 0};
	return admin_show(req, &v, 200);
}

static err admin_save(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct admin_view v = {.settings = from_form(req), .quota = req_form(req, "quota")};
	err failed = community_save(ctx, &v.settings);
	if (failed == ERR_INVALID) {
		place_problem(ctx, &v);
		return admin_show(req, &v, err_status(failed));
	}
	TRY(failed);
	redirect_with_toast(req, S("/admin"), W_admin_saved);
	return OK;
}

static err admin_invite_make(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct admin_view v = {.settings = *community_get(ctx)};
	str code;
	bool numbers =
		str_int(req_form(req, "uses"), &v.uses) && str_int(req_form(req, "days"), &v.days);
	if (!numbers || v.uses < 1 || v.uses > 1000 || v.days < 1 || v.days > 365) {
		v.invite_problem = word_get(ctx->viewer.locale, W_error_not_number);
		return admin_show(req, &v, err_status(ERR_INVALID));
	}
	TRY(invite_create(ctx, (int)v.uses, v.days * MS_DAY, &code));
	answer_redirect(req, S("/admin?made=1#invite"));
	return OK;
}

static err admin_invite_revoke(struct request *req)
{
	invite_id id;
	if (!id_parse(req_form(req, "invite"), &id.v))
		return ERR_BAD_REQUEST;
	err gone = invite_revoke(req->ctx, id);
	if (gone != ERR_NOT_FOUND) // used up or revoked meanwhile is as good
		TRY(gone);
	redirect_with_toast(req, S("/admin#invite"), W_admin_revoked);
	return OK;
}

const struct route admin_routes[] = {
	PAGE(admin, "/admin", WHO_ADMIN),
	FORM(admin_save, "/admin", WHO_ADMIN),
	FORM(admin_invite_make, "/admin/invite", WHO_ADMIN),
	FORM(admin_invite_revoke, "/admin/invite/revoke", WHO_ADMIN),
	{.handler = NULL},
};
