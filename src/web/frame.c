// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The frame of pages: who looks, what is marked, what is told once. Preferences of the device
// (theme, a stranger's language) are cookies.
#include "web/frame.h"

#include "notifications/notifications.h"
#include "unicode/unicode.h"
#include "web/begun.h"
#include "web/face.h"

#define TOAST_COOKIE "toast"
#define DESCRIPTION 160 // characters

static enum theme theme_of(struct request *req)
{
	str t = req_cookie(req, "theme");
	if (str_eq(t, S("light")))
		return THEME_LIGHT;
	return str_eq(t, S("dark")) ? THEME_DARK : THEME_SYSTEM;
}

static int toast_of(struct request *req)
{
	str key = req_cookie(req, TOAST_COOKIE);
	int64_t word;
	if (!key.n)
		return 0;
	answer_cookie(req, TOAST_COOKIE, S(""), -1, COOKIE_LAX);
	return str_int(key, &word) && word > 0 && word < W_COUNT ? (int)word : 0;
}

str own_address(struct request *req)
{
	struct arena *mem = req->ctx->mem;
	return req->query.n ? str_fmt(mem, "%.*s?%.*s", STR_ARGS(req->path), STR_ARGS(req->query))
			    : req->path;
}

static err signed_in_part(struct request *req, struct frame *f)
{
	struct ctx *ctx = req->ctx;
	TRY(people_by_ids(ctx, &ctx->viewer.account, 1, &f->me));
	f->me_url = url_of_person(ctx->mem, f->me.name, f->me.host);
	f->me_avatar = url_of_face(ctx->mem, f->me.id, f->me.avatar, 96);
	TRY(notifications_unread(ctx, &f->unread));
	f->csrf = csrf_token(req);
	f->toast = toast_of(req);
	if (ctx->viewer.limited)
		f->limited = f->me.standing == STANDING_WAITING ? W_account_waiting
								: W_account_suspended;
	if (ctx->viewer.role >= ROLE_MODERATOR && !ctx->viewer.limited)
		TRY(moderation_waiting(ctx, &f->waiting));
	return OK;
}

// The way in, and back to this page; from a door to where that leads.
static url door(struct request *req, const char *path)
{
	struct arena *mem = req->ctx->mem;
	url u = url_fmt(mem, "%s", path);
	bool at_door = str_eq(req->path, S("/signin")) || str_eq(req->path, S("/signup"));
	str back = at_door              ? back_address(req, S("/"))
		   : req->method == GET ? own_address(req)
					: S("/");
	if (!str_eq(back, S("/")))
		u = url_query(mem, u, "back", back);
	str begun = at_door ? begun_carried(req) : (str){0};
	return begun.n ? url_query(mem, u, "begun", begun) : u;
}

// The address of this page without what was asked with it, as links of ours write it.
static url canonical_of(struct request *req)
{
	struct arena *mem = req->ctx->mem;
	struct sb sb = sb_new(mem, 128);
	str rest = str_skip(req->path, 1);
	url out;
	sb_add(&sb, req_origin(req));
	do {
		str part = str_cut(&rest, '/'), name, host;
		if (!str_starts(part, S("@"))) {
			sb_fmt(&sb, "/%.*s", STR_ARGS(url_escape(mem, part)));
			continue;
		}
		handle_read(mem, part, &name, &host);
		sb_add(&sb, url_of_person(mem, name, host).s);
	} while (rest.p);
	return url_from(sb_str(&sb), &out) ? out : (url){0};
}

err frame_begin(struct request *req, struct frame *out, enum here here, int title)
{
	struct ctx *ctx = req->ctx;
	struct frame f = {
		.ctx = ctx,
		.community = community_get(ctx),
		.here = here,
		.theme = theme_of(req),
		.signed_in = ctx->viewer.account.v != 0,
		.back = own_address(req),
		// The further pages of a list are others by tomorrow.
		.noindex = req_query(req, "after").n || req_query(req, "before").n,
	};
	f.canonical = canonical_of(req);
	if (title)
		f.title = word_get(ctx->viewer.locale, title);
	if (f.signed_in) {
		TRY(signed_in_part(req, &f));
	} else {
		f.signin = door(req, "/signin");
		f.signup = door(req, "/signup");
	}
	*out = f;
	return OK;
}

str page_key(struct request *req)
{
	str address = own_address(req);
	struct sb sb = sb_new(req->ctx->mem, address.n + 16);
	sb_int(&sb, req->ctx->viewer.locale);
	sb_char(&sb, ' ');
	sb_int(&sb, (int)theme_of(req));
	sb_char(&sb, ' ');
	sb_add(&sb, address);
	return sb_str(&sb);
}

void frame_describe(struct frame *f, str text)
{
	struct arena *mem = f->ctx->mem;
	str head = utf8_head(text, 4 * DESCRIPTION); // a character may have several code points
	f->description = unicode_excerpt(mem, unicode_line(mem, head), DESCRIPTION);
}

str community_summary(const struct frame *f)
{
	str own = f->community->summary;
	return own.n ? own : word_get(f->ctx->viewer.locale, W_account_join_hint);
}

str stranger_key(struct request *req)
{
	return req->ctx->viewer.account.v ? (str){0} : page_key(req);
}

struct out frame_out(const struct frame *f, ptrdiff_t room)
{
	struct out o = out_new(f->ctx, f->ctx->viewer.locale, room);
	o.frame = f;
	return o;
}

void frame_send(struct request *req, int status, const struct out *o)
{
	answer_html(req, status, out_done(o).s);
}

void redirect_with_toast(struct request *req, str address, int word)
{
	answer_cookie(req, TOAST_COOKIE, str_fmt(req->ctx->mem, "%d", word), 60, COOKIE_LAX);
	answer_redirect(req, address);
}

str back_address(struct request *req, str fallback)
{
	str wanted = req_form(req, "back");
	url checked;
	if (!wanted.p)
		wanted = req_query(req, "back");
	if (!wanted.n || wanted.p[0] != '/' || !url_from(wanted, &checked))
		return fallback;
	return wanted;
}

str referer_address(struct request *req, str fallback)
{
	str origin = req_origin(req), from = req_header(req, "Referer");
	url checked;
	if (!str_starts(from, origin) || from.n <= origin.n || from.p[origin.n] != '/')
		return fallback;
	from = str_skip(from, origin.n);
	return url_from(from, &checked) ? from : fallback;
}

str problem_text(struct ctx *ctx)
{
	const struct problem *p = &ctx->problem;
	if (!p->word)
		return (str){0};
	return word_fmt(ctx->mem, ctx->viewer.locale, p->word,
		&(struct word_args){.n = p->number, .s = p->text});
}

str problem_for(struct ctx *ctx, const char *field)
{
	const char *at = ctx->problem.field;
	return at && str_eq(str_from(at), str_from(field)) ? problem_text(ctx) : (str){0};
}

url url_of_note(struct arena *mem, note_id id)
{
	return url_fmt(mem, "/note/%lld", (long long)id.v);
}

url url_below(struct arena *mem, url u, const char *rest)
{
	return url_fmt(mem, "%.*s%s", STR_ARGS(u.s), rest);
}

url url_of_topic(struct arena *mem, str name)
{
	return url_fmt(mem, "/topic/%.*s", STR_ARGS(url_escape(mem, name)));
}

url url_of_face(struct arena *mem, account_id who, str media_name, int size)
{
	if (!media_name.n)
		return url_fmt(mem, "/face/%08x.svg", face_seed(who));
	return url_fmt(mem, "%.*s", STR_ARGS(media_path(mem, media_name, "avatar", size)));
}

url url_of_mark(struct arena *mem, str media_name, int size)
{
	return url_fmt(mem, "%.*s", STR_ARGS(media_path(mem, media_name, "mark", size)));
}
