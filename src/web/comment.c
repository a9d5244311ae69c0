// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Comments under a note, in two levels, and writing one. A page shows either the first level with the
// beginning of its answers, or one thread with all of them (/note/1?answers=2).
#include "crypto/crypto.h"
#include "web/begun.h"
#include "web/choices.h"
#include "web/kept.h"
#include "web/note_view.h"
#include "web/pages.h"
#include "web/private.h"

#define COMMENTS_PAGE 20
#define ANSWERS_SHOWN 3
#define ANSWERS_PAGE 50

int word_of_circle(enum visibility visibility)
{
	static const int words[VISIBILITIES] = {
		[VIS_FOLLOWERS] = W_note_circle_followers,
		[VIS_MUTUALS] = W_note_circle_mutuals,
		[VIS_MENTIONED] = W_note_circle_mentioned,
		[VIS_ONLY_ME] = W_note_circle_me,
	};
	return words[visibility] ? words[visibility] : W_note_circle_all;
}

// A stranger's way there leads through the door.
static url reply_address(struct ctx *ctx, long long root, long long id)
{
	url form = url_fmt(ctx->mem, "/note/%lld?reply=%lld#write", root, id);
	return ctx->viewer.account.v
		       ? form
		       : url_query(ctx->mem, url_fmt(ctx->mem, "/signin"), "back", form.s);
}

static struct comment_view comment_view(
	struct ctx *ctx, const struct note *root, const struct shown_note *c, str csrf)
{
	struct arena *mem = ctx->mem;
	long long id = (long long)c->note.id.v, root_id = (long long)root->id.v;
	struct comment_view v = {
		.id = c->note.id,
		.author = c->author->display,
		.author_url = url_of_person(mem, c->author->name, c->author->host),
		.avatar = url_of_face(mem, c->author->id, c->author->avatar, 96),
		.by_author = c->note.account.v == root->account.v,
		.visibility = c->note.visibility,
		.narrower = c->note.visibility > root->visibility,
		.lang = c->note.language,
		.text = people_text(mem, c->note.body, c->note.id, c->leads),
		.offers = offers_for(ctx, &c->note),
		.time = time_view(ctx, c->note.created),
		.like = {.action = url_fmt(mem, "/note/%lld/like", id),
			.on = c->liked,
			.likes = c->note.likes,
			.csrf = csrf},
		.reply = reply_address(ctx, root_id, id),
		.back = str_fmt(mem, "/note/%lld#comments", root_id),
	};
	if (c->note.account.v != ctx->viewer.account.v)
		v.report = url_fmt(mem, "/report?note=%lld", id);
	if (c->may_delete)
		v.del = url_fmt(mem, "/note/%lld/delete", id);
	if (c->answers) {
		v.answers = c->answers->display;
		v.answers_url = url_of_person(mem, c->answers->name, c->answers->host);
	}
	return v;
}

static struct comment_view shown(
	struct ctx *ctx, const struct note_view *v, const struct shown_note *c)
{
	kept_shows(ctx, v->kept, c->note.id.v);
	kept_shows(ctx, v->kept, c->author->id.v);
	leads_kept(ctx, v->kept, c->leads, c->note.id);
	if (c->answers)
		kept_shows(ctx, v->kept, c->answers->id.v);
	return comment_view(ctx, &v->note, c, v->frame->csrf);
}

// The answers came sorted by parent: each first-level comment gets its run of them.
static void hand_out(struct ctx *ctx, struct note_view *v, const struct shown_note *comments,
	const struct shown_note *answers, ptrdiff_t n_answers)
{
	ptrdiff_t k = 0;
	for (ptrdiff_t i = 0; i < v->n_comments; i++) {
		struct comment_view *c = &v->comments[i];
		for (k = 0; k < n_answers && answers[k].note.parent.v != c->id.v;)
			k++;
		c->replies = NEW_N(ctx->mem, struct comment_view, ANSWERS_SHOWN);
		bool more = false;
		for (; k < n_answers && answers[k].note.parent.v == c->id.v; k++) {
			more = c->n_replies == ANSWERS_SHOWN;
			if (!more)
				c->replies[c->n_replies++] = shown(ctx, v, &answers[k]);
		}
		// The public number; whoever may read more than the public is told that there is more.
		c->n_more = MAX(comments[i].note.comments - c->n_replies, 0);
		if (more)
			c->more = url_fmt(ctx->mem, "/note/%lld?answers=%lld#comment-%lld",
				(long long)v->note.id.v, (long long)c->id.v, (long long)c->id.v);
	}
}

// "RANK.ID" of the best, "ID" of the newest and of answers.
static bool read_cursor(str text, bool ranked, struct comment_cursor *out)
{
	*out = (struct comment_cursor){0};
	if (!text.n)
		return true;
	if (ranked && (!str_int(str_cut(&text, '.'), &out->rank) || out->rank < 0))
		return false;
	return id_parse(text, &out->id.v);
}

static str cursor_text(struct arena *mem, bool ranked, struct comment_cursor c)
{
	return ranked ? str_fmt(mem, "%lld.%lld", (long long)c.rank, (long long)c.id.v)
		      : str_fmt(mem, "%lld", (long long)c.id.v);
}

static bool has_narrower(const struct comment_count *c, note_id id)
{
	for (ptrdiff_t i = 0; i < c->n_narrower; i++)
		if (c->narrower[i].v == id.v)
			return true;
	return false;
}

static err load_answers(struct ctx *ctx, const struct note_view *v, const note_id *parents,
	ptrdiff_t n_parents, struct shown_note **out, ptrdiff_t *n)
{
	struct note *answers;
	TRY(comments_answers(ctx, &v->note, parents, n_parents, ANSWERS_SHOWN + 1, &answers, n));
	return shown_under(ctx, &v->note, answers, *n, out);
}

static err load_first_level(struct ctx *ctx, struct note_view *v, struct comment_cursor cursor)
{
	struct comment_page page;
	struct shown_note *comments, *answers = NULL;
	ptrdiff_t n_answers = 0, n_parents = 0;
	TRY(comments_under(ctx, &v->note, v->newest ? COMMENTS_NEWEST : COMMENTS_BEST, cursor,
		COMMENTS_PAGE, &page));
	TRY(shown_under(ctx, &v->note, page.at, page.n, &comments));
	note_id *parents = NEW_N(ctx->mem, note_id, page.n);
	v->comments = NEW_N(ctx->mem, struct comment_view, page.n);
	for (ptrdiff_t i = 0; i < page.n; i++) {
		v->comments[v->n_comments++] = shown(ctx, v, &comments[i]);
		if (page.at[i].comments || has_narrower(&v->count, page.at[i].id))
			parents[n_parents++] = page.at[i].id;
	}
	if (n_parents)
		TRY(load_answers(ctx, v, parents, n_parents, &answers, &n_answers));
	hand_out(ctx, v, comments, answers, n_answers);
	if (page.more)
		v->more = url_fmt(ctx->mem, "/note/%lld?order=%s&more=%.*s#comments",
			(long long)v->note.id.v, v->newest ? "new" : "best",
			STR_ARGS(cursor_text(ctx->mem, !v->newest, page.next)));
	return OK;
}

static err load_thread(struct ctx *ctx, struct note_view *v, note_id top, note_id after)
{
	struct shown_note first, *answers;
	struct note root;
	struct comment_page page;
	TRY(shown_comment(ctx, top, &first, &root));
	if (first.note.root.v != v->note.id.v || first.note.parent.v)
		return ERR_NOT_FOUND;
	TRY(comments_answers_after(ctx, top, after, ANSWERS_PAGE, &page));
	TRY(shown_under(ctx, &root, page.at, page.n, &answers));
	v->comments = NEW(ctx->mem, struct comment_view);
	v->comments[v->n_comments++] = shown(ctx, v, &first);
	v->comments->replies = NEW_N(ctx->mem, struct comment_view, page.n);
	for (ptrdiff_t i = 0; i < page.n; i++)
		v->comments->replies[v->comments->n_replies++] = shown(ctx, v, &answers[i]);
	v->all = url_fmt(ctx->mem, "/note/%lld#comments", (long long)v->note.id.v);
	if (page.more)
		v->more = url_fmt(ctx->mem, "/note/%lld?answers=%lld&more=%lld#comments",
			(long long)v->note.id.v, (long long)top.v, (long long)page.next.id.v);
	return OK;
}

// Whom the form answers when there is no script: /note/1?reply=2.
static err load_reply(struct request *req, struct note_view *v)
{
	struct shown_note c;
	struct note root;
	note_id id;
	str wanted = req_query(req, "reply");
	if (!wanted.n)
		wanted = req_form(req, "parent");
	if (!wanted.n || !id_parse(wanted, &id.v))
		return OK;
	err found = shown_comment(req->ctx, id, &c, &root);
	if (found == OK && c.note.root.v == v->note.id.v) {
		v->reply_to = id;
		v->reply_name = c.author->display;
	}
	return found == ERR_NOT_FOUND ? OK : found;
}

// As wide as the note where nothing is asked for; notes/ keeps it from being wider.
static enum visibility wanted_visibility(struct request *req, enum visibility root)
{
	str wanted = req_form(req, "visibility");
	return wanted.n ? visibility_from(wanted) : root;
}

// What was begun before the door and could not be posted behind it stands in its field again.
static void take_up(struct request *req, struct note_view *v)
{
	struct begun_comment begun = begun_comment(req, v->note.id);
	if (!begun.text.n || v->draft.n)
		return;
	v->draft = begun.text;
	if (begun.visibility.n)
		v->comment_visibility = visibility_from(begun.visibility);
}

err comments_load(struct request *req, struct note_view *v)
{
	struct ctx *ctx = req->ctx;
	long long id = (long long)v->note.id.v;
	struct comment_cursor cursor;
	note_id top = {0};
	str thread = req_query(req, "answers");
	v->newest = str_eq(req_query(req, "order"), S("new"));
	if ((thread.n && !id_parse(thread, &top.v)) ||
		!read_cursor(req_query(req, "more"), !top.v && !v->newest, &cursor))
		return ERR_NOT_FOUND;
	v->best_url = url_fmt(ctx->mem, "/note/%lld?order=best#comments", id);
	v->newest_url = url_fmt(ctx->mem, "/note/%lld?order=new#comments", id);
	v->comment_action = url_fmt(ctx->mem, "/note/%lld/comment", id);
	if (v->frame->signed_in)
		v->request = token_new(ctx->mem);
	v->comment_visibility = wanted_visibility(req, v->note.visibility);
	if (v->frame->signed_in)
		take_up(req, v);
	TRY(comments_number(ctx, &v->note, &v->count));
	TRY(top.v ? load_thread(ctx, v, top, cursor.id) : load_first_level(ctx, v, cursor));
	v->n_all = MAX(v->count.n, v->n_comments);
	return load_reply(req, v);
}

str comment_address(struct ctx *ctx, const struct note *c)
{
	long long root = (long long)c->root.v, id = (long long)c->id.v;
	struct note top;
	if (!c->parent.v)
		return str_fmt(ctx->mem, "/note/%lld?answers=%lld#comment-%lld", root, id, id);
	// In a long thread the page begins right before it.
	if (notes_get(ctx, c->parent, &top) == OK && top.comments > ANSWERS_PAGE)
		return str_fmt(ctx->mem, "/note/%lld?answers=%lld&more=%lld#comment-%lld", root,
			(long long)c->parent.v, id - 1, id);
	return str_fmt(
		ctx->mem, "/note/%lld?answers=%lld#comment-%lld", root, (long long)c->parent.v, id);
}

static err fragment(struct request *req, note_id id)
{
	struct ctx *ctx = req->ctx;
	struct shown_note c;
	struct note root;
	struct comment_count count;
	TRY(shown_comment(ctx, id, &c, &root));
	TRY(comments_number(ctx, &root, &count));
	struct comment_view v = comment_view(ctx, &root, &c, csrf_token(req));
	struct out o = out_new(ctx, ctx->viewer.locale, 2048);
	comment_fragment(&o, &v, count.n);
	answer_html(req, 201, out_done(&o).s);
	return OK;
}

static err comment(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct note comment, note;
	note_id root, under, made;
	TRY(req_param_id(req, "id", &root.v));
	under = root;
	str parent = req_form(req, "parent");
	if (parent.n && !id_parse(parent, &under.v))
		return ERR_NOT_FOUND;
	struct comment_draft draft = {.under = under,
		.body = req_form(req, "text"),
		.visibility = wanted_visibility(req, VIS_PUBLIC),
		.request = req_form(req, "request")};
	err failed = notes_comment(ctx, &draft, &made);
	bool by_script = req_header(req, "X-Fragment").n > 0;
	if (failed == ERR_INVALID && !by_script)
		return note_show(req, 422, root, draft.body, problem_text(ctx));
	TRY(failed);
	if (by_script)
		return fragment(req, made);
	TRY(comment_get(ctx, made, &comment, &note));
	if (comment.parent.v)
		answer_redirect(req, comment_address(ctx, &comment));
	else // among all the others: the newest come first
		answer_redirect(req, str_fmt(ctx->mem, "/note/%lld?order=new#comment-%lld",
					     (long long)root.v, (long long)made.v));
	return OK;
}

const struct route comment_routes[] = {
	FORM(comment, "/note/:id/comment", WHO_SIGNED_IN, .begins = true),
	{.handler = NULL},
};
