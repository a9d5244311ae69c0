// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The profile: names, bio, and the two pictures. A picture that was sent is taken in first, without
// a thread waiting for it; only then is the profile saved, all of it or nothing.
#include "web/settings.h"

#include "media/media.h"
#include "web/pages.h"
#include "web/private.h"

#define PATIENCE (40 * MS_SECOND)

struct portrait { // a picture on its way into the profile
	const char *field;
	enum media_use use;
	media_id id; // 0 = none was sent
	job_id job;
};
struct profile_sending {
	struct portrait parts[2];
	ms until;
};

static err show_profile(struct request *req, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account me;
	struct settings_view v;
	TRY(settings_begin(req, &f, SETTINGS_PROFILE, &me, &v));
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
	if (failed) {
		v.avatar_problem = problem_for(ctx, "avatar");
		v.cover_problem = problem_for(ctx, "cover");
		v.display_problem = problem_for(ctx, "display");
		v.bio_problem = problem_for(ctx, "bio");
		if (!ctx->problem.field)
			v.problem = problem_text(ctx);
	}
	struct out o = frame_out(&f, 16 << 10);
	settings_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
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
	for (ptrdiff_t i = 0; i < COUNT(s->parts); i++)
		if (s->parts[i].id.v)
			TRY(media_check_profile(ctx, s->parts[i].id, s->parts[i].use));
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
	if (waits && clock_steady() < s->until) {
		answer_await(req, waits->job, s->until - clock_steady(), go_on);
		return OK;
	}
	code = save(req, s);
	if (code != OK)
		return failed(req, s, code);
	redirect_with_toast(req, S("/settings/profile"), W_common_saved);
	return OK;
}

static err take_in(struct request *req, struct portrait *p)
{
	struct req_file file;
	if (!req_file(req, p->field, 0, &file) || (!file.size && !file.name.n))
		return OK;
	err code = media_add(req->ctx, file.fd, file.size, p->use, &p->id, &p->job);
	if (code != OK && req->ctx->problem.field)
		req->ctx->problem.field = p->field;
	return code;
}

static err profile_send(struct request *req)
{
	struct profile_sending *s = NEW(req->ctx->mem, struct profile_sending);
	s->parts[0] = (struct portrait){.field = "avatar", .use = USE_AVATAR};
	s->parts[1] = (struct portrait){.field = "cover", .use = USE_COVER};
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
