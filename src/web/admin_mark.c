// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The community's mark: a picture that is taken in like any other, without a thread waiting for it;
// then the settings name it, and the one before goes.
#include "web/moderation_part.h"

#include "media/media.h"
#include "web/pages.h"

#define PATIENCE (40 * MS_SECOND)

struct mark_sending {
	media_id id; // 0 = none was sent
	job_id job;
	ms until;
};

// What was sent and is not going to be shown goes at once.
static err failed(struct request *req, const struct mark_sending *s, err code)
{
	struct ctx *ctx = req->ctx;
	struct admin_view v = {.settings = *community_get(ctx)};
	struct problem told = ctx->problem;
	err gone = s->id.v ? media_discard(ctx, s->id) : OK;
	if (gone != OK && gone != ERR_NOT_FOUND)
		return gone;
	ctx->problem = told;
	if (code != ERR_INVALID && code != ERR_TOO_LARGE && code != ERR_TOO_MANY)
		return code;
	v.mark_problem = problem_text(ctx);
	return admin_show(req, &v, err_status(code));
}

static err use(struct ctx *ctx, const struct mark_sending *s, const struct picture *made)
{
	if (made->state == MEDIA_FAILED)
		return fail_n(ctx, ERR_INVALID, "mark", made->word, made->problem_number);
	return media_set_mark(ctx, s->id);
}

static err go_on(struct request *req)
{
	struct mark_sending *s = req->kept;
	struct picture made;
	TRY(picture_by_id(req->ctx, s->id, &made));
	if (made.state == MEDIA_WAITING && clock_steady() < s->until) {
		answer_await(req, s->job, s->until - clock_steady(), go_on);
		return OK;
	}
	err code = use(req->ctx, s, &made);
	if (code != OK)
		return failed(req, s, code);
	redirect_with_toast(req, S("/admin"), W_admin_saved);
	return OK;
}

static err take_in(struct request *req, struct mark_sending *s)
{
	struct req_file file;
	if (!req_file(req, "mark", 0, &file) || (!file.size && !file.name.n))
		return fail(req->ctx, ERR_INVALID, "mark", W_admin_mark_none);
	return media_add(req->ctx, file.fd, file.size, USE_MARK, &s->id, &s->job);
}

static err admin_mark(struct request *req)
{
	struct mark_sending *s = NEW(req->ctx->mem, struct mark_sending);
	if (req_form(req, "remove").n) {
		TRY(media_set_mark(req->ctx, (media_id){0}));
		redirect_with_toast(req, S("/admin"), W_admin_saved);
		return OK;
	}
	s->until = clock_steady() + PATIENCE;
	req->kept = s;
	err code = take_in(req, s);
	return code == OK ? go_on(req) : failed(req, s, code);
}

const struct route admin_mark_routes[] = {
	FORM(admin_mark, "/admin/mark", WHO_ADMIN, .max_files = 1,
		.max_body = (int64_t)PICTURE_MOST_BYTES + (1 << 20)),
	{.handler = NULL},
};
