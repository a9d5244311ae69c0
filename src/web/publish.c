// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Publishing and editing a note. Pictures that come with the form are taken in while the connection
// waits and no thread does; whatever is wrong in the end, the form comes back with everything that
// was typed and the good pictures in it.
#include "web/publish_form.h"

#include "web/pages.h"
#include "web/private.h"

#define FORM_BYTES ((int64_t)512 << 20)
#define LOOK_AGAIN MS_SECOND
#define FORM_FILES 40 // more than a note takes: the rest is refused with words, not with an error

static bool can_be_mended(err code)
{
	return code == ERR_INVALID || code == ERR_TOO_MANY || code == ERR_FORBIDDEN ||
	       code == ERR_CONFLICT || code == ERR_FULL;
}

static void problems(struct ctx *ctx, struct publish_form *f, struct publish_view *v)
{
	if (f->left_out)
		return; // each file's trouble is told with its name
	str all = problem_text(ctx);
	v->title_problem = problem_for(ctx, "title");
	v->body_problem = problem_for(ctx, "body");
	if (v->title_problem.n || v->body_problem.n || !all.n)
		return;
	str pictures = problem_for(ctx, "pictures"), alt = problem_for(ctx, "alt");
	if (!pictures.n && !alt.n) {
		v->problem = all;
		return;
	}
	list_push(ctx->mem, &f->problems, all);
	v->picture_problems = f->problems.at;
	v->n_picture_problems = f->problems.n;
}

// Said when less than a fifth is left.
static err room_near(struct ctx *ctx, struct publish_view *v)
{
	struct media_share room = {0};
	if (!v->frame->community->quota)
		return OK; // a sum of all the person's pictures
	TRY(media_share(ctx, ctx->viewer.account, &room));
	if (!room.quota || room.used / 4 < room.quota / 5)
		return OK;
	struct word_args args = {.s = words_bytes(ctx->mem, ctx->viewer.locale, room.used),
		.s2 = words_bytes(ctx->mem, ctx->viewer.locale, room.quota)};
	v->room = word_fmt(ctx->mem, ctx->viewer.locale, W_publish_room_near, &args);
	return OK;
}

static err view(
	struct request *req, struct publish_form *f, struct frame *frame, struct publish_view *out)
{
	TRY(frame_begin(req, frame, f->note.v ? HERE_NOWHERE : HERE_PUBLISH,
		f->note.v ? W_publish_edit_title : W_publish_title));
	frame->page_class = S("page-medium");
	form_view(req, f, out);
	out->frame = frame;
	return room_near(req->ctx, out);
}

static err send(struct request *req, int status, const struct publish_view *v)
{
	struct out o = frame_out(v->frame, 32 << 10);
	publish_page(&o, v);
	frame_send(req, status, &o);
	return OK;
}

static err show(struct request *req, struct publish_form *f, err failed)
{
	struct frame frame;
	struct publish_view v;
	TRY(view(req, f, &frame, &v));
	if (failed) // with what was written
		problems(req->ctx, f, &v);
	else
		frame.limited_told = v.no_form = frame.limited != 0;
	return send(req, failed ? err_status(failed) : 200, &v);
}

// Nothing is wrong: the form comes back as it is, and goes through when it is sent again.
static err takes_longer(struct request *req, struct publish_form *f)
{
	struct frame frame;
	struct publish_view v;
	TRY(view(req, f, &frame, &v));
	v.notice = word_get(req->ctx->viewer.locale, W_publish_takes_longer);
	return send(req, 202, &v);
}

static err publish(struct request *req)
{
	struct publish_form f;
	form_blank(req, &f);
	return show(req, &f, OK);
}

static err own_note(struct request *req, struct note *out)
{
	struct ctx *ctx = req->ctx;
	note_id id;
	struct note note = {0};
	TRY(req_param_id(req, "id", &id.v));
	TRY(notes_get(ctx, id, &note));
	if (note.root.v || note.account.v != ctx->viewer.account.v)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	*out = note;
	return OK;
}

static err edit(struct request *req)
{
	struct note note;
	struct publish_form f;
	TRY(own_note(req, &note));
	TRY(form_of_note(req, &note, &f));
	return show(req, &f, OK);
}

static err save(struct request *req, struct publish_form *f, note_id *out)
{
	struct note_draft draft;
	form_draft(req, f, &draft);
	if (!f->note.v)
		return notes_publish(req->ctx, &draft, out);
	*out = f->note;
	return notes_edit(req->ctx, f->note, &draft);
}

static err go_on(struct request *req)
{
	struct publish_form *f = req->kept;
	job_id waits;
	note_id id;
	TRY(form_load(req, f, &waits));
	ms left = f->until - clock_steady();
	if (waits.v && left > 0) {
		answer_await(req, waits, waits.v > 0 ? left : MIN(left, LOOK_AGAIN), go_on);
		return OK;
	}
	if (f->problems.n)
		return show(req, f, f->refused != OK ? f->refused : ERR_INVALID);
	if (waits.v)
		return takes_longer(req, f);
	err code = save(req, f, &id);
	if (can_be_mended(code)) {
		form_drop_used(f);
		return show(req, f, code);
	}
	TRY(code);
	redirect_with_toast(
		req, url_of_note(req->ctx->mem, id).s, f->note.v ? W_common_saved : W_publish_done);
	return OK;
}

static err sent(struct request *req, note_id note)
{
	struct publish_form *f = NEW(req->ctx->mem, struct publish_form);
	form_read(req, f);
	f->note = note;
	req->kept = f;
	err code = form_take_files(req, f);
	if (can_be_mended(code)) {
		job_id waits;
		struct problem told = req->ctx->problem;
		TRY(form_load(req, f, &waits));
		req->ctx->problem = told;
		return show(req, f, code);
	}
	TRY(code);
	return go_on(req);
}

static err publish_send(struct request *req)
{
	return sent(req, (note_id){0});
}

static err edit_send(struct request *req)
{
	struct note note;
	TRY(own_note(req, &note));
	return sent(req, note.id);
}

const struct route publish_routes[] = {
	PAGE(publish, "/publish", WHO_SIGNED_IN),
	FORM(publish_send, "/publish", WHO_SIGNED_IN, .max_body = FORM_BYTES,
		.max_files = FORM_FILES),
	PAGE(edit, "/note/:id/edit", WHO_SIGNED_IN),
	FORM(edit_send, "/note/:id/edit", WHO_SIGNED_IN, .max_body = FORM_BYTES,
		.max_files = FORM_FILES),
	{.handler = NULL},
};
