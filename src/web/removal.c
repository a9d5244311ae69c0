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
	url back, after; // of who changes their mind; of who deletes
};

// The comments of the note; the own profile where that is not there for the viewer.
static err comments_or_home(struct ctx *ctx, note_id root_id, url home, url *out)
{
	struct note root;
	err there = notes_get(ctx, root_id, &root);
	if (there != OK && there != ERR_NOT_FOUND)
		return there;
	*out = there == OK ? url_fmt(ctx->mem, "/note/%lld#comments", (long long)root_id.v) : home;
	return OK;
}

static err find(struct request *req, struct target *out)
{
	struct ctx *ctx = req->ctx;
	struct target t = {0};
	struct person me;
	note_id id;
	TRY(req_param_id(req, "id", &id.v));
	TRY(notes_deletable(ctx, id, &t.note));
	TRY(people_by_ids(ctx, &ctx->viewer.account, 1, &me));
	url home = url_of_person(ctx->mem, me.name, me.host);
	t.comment = t.note.root.v != 0;
	t.back = url_of_note(ctx->mem, id);
	t.after = home;
	if (t.comment) {
		TRY(comments_or_home(ctx, t.note.root, home, &t.back));
		t.after = t.back;
	}
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
	TRY(find(req, &t));
	TRY(notes_delete(ctx, t.note.id));
	if (req_wants_json(req))
		answer_json(req, 200, S("{}"));
	else
		redirect_with_toast(req, t.after.s, W_common_deleted);
	return OK;
}

const struct route removal_routes[] = {
	PAGE(removal, "/note/:id/delete", WHO_SIGNED_IN),
	FORM(removal_send, "/note/:id/delete", WHO_SIGNED_IN),
	{.handler = NULL},
};
