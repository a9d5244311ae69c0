// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Deleting a note or a comment: a page that asks, and the form it sends. Scripts that have asked
// themselves send the form alone.
#include "web/publish_view.h"

#include "web/pages.h"
#include "web/private.h"

struct target {
	struct note note;
	bool comment;
	url back; // the note, or the comments of one
};

static err find(struct request *req, struct target *out)
{
	struct ctx *ctx = req->ctx;
	struct target t = {0};
	note_id id;
	TRY(req_param_id(req, "id", &id.v));
	TRY(notes_get(ctx, id, &t.note));
	t.comment = t.note.root.v != 0;
	bool may = t.note.account.v == ctx->viewer.account.v;
	t.back = url_of_note(ctx->mem, t.comment ? t.note.root : id);
	if (t.comment) {
		struct comment c;
		TRY(comment_get(ctx, id, &c));
		may = c.may_delete;
		t.back = url_fmt(ctx->mem, "%.*s#comments", STR_ARGS(t.back.s));
	}
	if (!may)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	*out = t;
	return OK;
}

static err removal(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct target t;
	TRY(find(req, &t));
	TRY(frame_begin(req, &f, HERE_NOWHERE,
		t.comment ? W_publish_delete_comment_title : W_publish_delete_title));
	f.page_class = S("page-narrow");
	struct comment_count comments;
	TRY(comments_number(ctx, &t.note, &comments));
	struct removal_view v = {
		.frame = &f,
		.comment = t.comment,
		.title = t.note.title,
		.excerpt = unicode_excerpt(ctx->mem, t.note.body, 160),
		.language = t.note.language,
		.comments = comments.n,
		.back = t.back,
		.action = url_fmt(ctx->mem, "/note/%lld/delete", (long long)t.note.id.v),
	};
	struct out o = frame_out(&f, 8 << 10);
	removal_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

static err removal_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct target t;
	struct person me;
	TRY(find(req, &t));
	TRY(notes_delete(ctx, t.note.id));
	if (str_find(req_header(req, "Accept"), S("application/json")) >= 0) {
		answer_json(req, 200, S("{}"));
		return OK;
	}
	TRY(people_by_ids(ctx, &ctx->viewer.account, 1, &me));
	redirect_with_toast(
		req, t.comment ? t.back.s : url_of_person(ctx->mem, me.name).s, W_common_deleted);
	return OK;
}

const struct route removal_routes[] = {
	PAGE(removal, "/note/:id/delete", WHO_SIGNED_IN),
	FORM(removal_send, "/note/:id/delete", WHO_SIGNED_IN),
	{.handler = NULL},
};
