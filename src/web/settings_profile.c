// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The profile: names, bio, and the two pictures. A picture that was sent is taken in first, without
// a thread waiting for it; only then is the profile saved, all of it or nothing.
#include "web/settings.h"

#include "media/media.h"
#include "web/pages.h"
#include "web/private.h"

#define PATIENCE (40 * MS_SECOND)
#define LOOK_AGAIN MS_SECOND

struct portrait { // a picture on its way into the profile
	const char *field;
	enum media_use use;
	media_id id;      // 0 = none was sent
	job_id job;       // below 0: nobody told us its number
	const char *sent; // field with one that came before and was not ready in time
};
struct profile_sending {
	struct portrait parts[2];
	ms until;
};

static err show_room(struct request *req, struct settings_view *v)
{
	struct ctx *ctx = req->ctx;
	int locale = ctx->viewer.locale;
	struct media_share room = {0};
	TRY(media_share(ctx, ctx->viewer.account, &room));
	struct word_args args = {.s = words_bytes(ctx->mem, locale, room.used),
		.s2 = words_bytes(ctx->mem, locale, room.quota)};
	v->room = word_fmt(ctx->mem, locale,
		room.quota ? W_settings_storage_of : W_settings_storage_used, &args);
	v->room_used = room.quota ? (int)(MIN(room.used, room.quota) * 100 / room.quota) : -1;
	return OK;
}

static err fill(struct request *req, struct frame *f, struct settings_view *out)
{
	struct ctx *ctx = req->ctx;
	struct account me;
	struct settings_view v;
	TRY(settings_begin(req, f, SETTINGS_PROFILE, &me, &v));
	TRY(show_room(req, &v));
	v.display = me.display;
	v.bio = me.bio;
	v.own_avatar = me.avatar.n > 0;
	v.avatar = url_of_face(ctx->mem, me.id, me.avatar, 176);
	if (me.cover.n)
		v.cover = url_fmt(
			ctx->mem, "%.*s", STR_ARGS(media_path(ctx->mem, me.cover, "banner", 960)));
	if (req->method == POST) {
		v.display = req_form(req, "display");
		v.bio = req_form(req, "bio");
	}
	*out = v;
	return OK;
}

static err send(struct request *req, int status, const struct settings_view *v)
{
	struct out o = frame_out(v->frame, 16 << 10);
	settings_page(&o, v);
	frame_send(req, status, &o);
	return OK;
}

static err show_profile(struct request *req, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct settings_view v;
	TRY(fill(req, &f, &v));
	if (failed) {
		v.avatar_problem = problem_for(ctx, "avatar");
		v.cover_problem = problem_for(ctx, "cover");
		v.display_problem = problem_for(ctx, "display");
		v.bio_problem = problem_for(ctx, "bio");
		if (!ctx->problem.field)
			v.problem = problem_text(ctx);
	} else {
		f.limited_told = v.no_form = f.limited != 0;
	}
	return send(req, failed ? err_status(failed) : 200, &v);
}

// Pictures that are still being prepared stay with the form, to be sent again with it.
static err takes_longer(struct request *req, const struct profile_sending *s)
{
	struct frame f;
	struct settings_view v;
	TRY(fill(req, &f, &v));
	v.notice = word_get(req->ctx->viewer.locale, W_media_takes_longer);
	v.avatar_sent = s->parts[0].id;
	v.cover_sent = s->parts[1].id;
	return send(req, 202, &v);
}

static err profile(struct request *req)
{
	return show_profile(req, OK);
}

static media_id wanted(struct request *req, const struct portrait *p, const char *removal)
{
	if (p->id.v)
		return p->id;
	return (media_id){req_form(req, removal).n ? -1 : 0};
}

static err save(struct request *req, const struct profile_sending *s)
{
	struct ctx *ctx = req->ctx;
	struct account me;
	TRY(account_by_id(ctx, ctx->viewer.account, &me));
	struct profile_edit e = {
		.display = req_form(req, "display"),
		.bio = req_form(req, "bio"),
		.show_likes = me.show_likes,
		.avatar = wanted(req, &s->parts[0], "avatar_remove"),
		.cover = wanted(req, &s->parts[1], "cover_remove"),
	};
	return account_edit_profile(ctx, &e);
}

// OK when every picture is there; *waits when one is still being made.
static err look_at(struct request *req, struct profile_sending *s, const struct portrait **waits)
{
	struct ctx *ctx = req->ctx;
	*waits = NULL;
	for (ptrdiff_t i = 0; i < COUNT(s->parts); i++) {
		const struct portrait *p = &s->parts[i];
		struct picture made;
		if (!p->id.v)
			continue;
		TRY(picture_by_id(ctx, p->id, &made));
		if (made.state == MEDIA_FAILED)
			return fail_n(ctx, ERR_INVALID, p->field, made.word, made.problem_number);
		if (made.state == MEDIA_WAITING)
			*waits = p;
	}
	return OK;
}

// What was sent and is not going to be shown goes at once.
static err give_back(struct request *req, const struct profile_sending *s)
{
	struct problem told = req->ctx->problem;
	for (ptrdiff_t i = 0; i < COUNT(s->parts); i++) {
		err code = s->parts[i].id.v ? media_discard(req->ctx, s->parts[i].id) : OK;
		if (code != OK && code != ERR_NOT_FOUND)
			return code;
	}
	req->ctx->problem = told;
	return OK;
}

static err failed(struct request *req, const struct profile_sending *s, err code)
{
	TRY(give_back(req, s));
	return settings_can_be_mended(code) ? show_profile(req, code) : code;
}

static err go_on(struct request *req)
{
	struct profile_sending *s = req->kept;
	const struct portrait *waits;
	err code = look_at(req, s, &waits);
	if (code != OK)
		return failed(req, s, code);
	ms left = s->until - clock_steady();
	if (waits && left <= 0)
		return takes_longer(req, s);
	if (waits) {
		answer_await(
			req, waits->job, waits->job.v > 0 ? left : MIN(left, LOOK_AGAIN), go_on);
		return OK;
	}
	code = save(req, s);
	if (code != OK)
		return failed(req, s, code);
	redirect_with_toast(req, S("/settings/profile"), W_common_saved);
	return OK;
}

// One that came with this form before. What has gone meanwhile, or is not one's own, was not sent.
static err take_up(struct request *req, struct portrait *p)
{
	struct ctx *ctx = req->ctx;
	struct picture found;
	media_id id;
	if (!id_parse(req_form(req, p->sent), &id.v))
		return OK;
	err code = picture_by_id(ctx, id, &found);
	if (code == ERR_NOT_FOUND)
		return OK;
	TRY(code);
	if (found.account.v != ctx->viewer.account.v || found.use != p->use)
		return OK;
	p->id = id;
	return media_taking(ctx, id, &p->job);
}

static err take_in(struct request *req, struct portrait *p)
{
	struct req_file file;
	if (!req_file(req, p->field, 0, &file) || (!file.size && !file.name.n))
		return take_up(req, p);
	err code = picture_refused(
		req, media_add(req->ctx, file.fd, file.size, p->use, &p->id, &p->job));
	if (code != OK && req->ctx->problem.field)
		req->ctx->problem.field = p->field;
	return code;
}

static err profile_send(struct request *req)
{
	struct profile_sending *s = NEW(req->ctx->mem, struct profile_sending);
	s->parts[0] =
		(struct portrait){.field = "avatar", .use = USE_AVATAR, .sent = "avatar_sent"};
	s->parts[1] = (struct portrait){.field = "cover", .use = USE_COVER, .sent = "cover_sent"};
	s->until = clock_steady() + PATIENCE;
	req->kept = s;
	for (ptrdiff_t i = 0; i < COUNT(s->parts); i++) {
		err code = take_in(req, &s->parts[i]);
		if (code != OK)
			return failed(req, s, code);
	}
	return go_on(req);
}

const struct route settings_profile_routes[] = {
	PAGE(profile, "/settings/profile", WHO_SIGNED_IN),
	FORM(profile_send, "/settings/profile", WHO_SIGNED_IN, .max_files = 2,
		.max_body = 2 * (int64_t)PICTURE_MOST_BYTES + (1 << 20)),
	{.handler = NULL},
};
