// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page of a note, and what people do there: comment, like, follow. Strangers' pages are kept.
#include "web/note_view.h"

#include "unicode/unicode.h"
#include "web/card.h"
#include "web/kept.h"
#include "web/pages.h"
#include "web/private.h"

#include <stdlib.h>

#define COMMENTS_PAGE 20
#define ANSWERS_SHOWN 3
#define ANSWERS_PAGE 50
#define DESCRIPTION 160

struct time_view time_view(struct ctx *ctx, ms at)
{
	char iso[TIME_ISO_SIZE];
	time_iso(at, iso);
	return (struct time_view){
		.iso = str_copy(ctx->mem, str_from(iso)),
		.shown = words_ago(ctx->mem, ctx->viewer.locale, ctx->now, at),
		.full = words_time(ctx->mem, ctx->viewer.locale, at),
	};
}

static url topic_link(struct arena *mem, str name, void *arg)
{
	(void)arg;
	return url_of_topic(mem, topic_fold(mem, name));
}

static url mention_link(struct arena *mem, str name, void *arg)
{
	(void)arg;
	return url_of_person(mem, str_lower(mem, name));
}

html people_text(struct arena *mem, str text)
{
	static const struct html_links links = {.topic = topic_link, .mention = mention_link};
	return html_text(mem, text, &links);
}

static struct comment_view comment_view(
	struct ctx *ctx, const struct note *root, const struct comment *c, str csrf)
{
	struct arena *mem = ctx->mem;
	long long id = (long long)c->note.id.v, root_id = (long long)root->id.v;
	struct comment_view v = {
		.id = c->note.id,
		.author = c->author->display,
		.name = c->author->name,
		.author_url = url_of_person(mem, c->author->name),
		.avatar = url_of_avatar(mem, c->author->avatar, 96),
		.by_author = c->note.account.v == root->account.v,
		.lang = c->note.language,
		.text = people_text(mem, c->note.body),
		.time = time_view(ctx, c->note.created),
		.like = {.action = url_fmt(mem, "/note/%lld/like", id),
			.on = c->liked,
			.likes = c->note.likes,
			.csrf = csrf},
		.reply = url_fmt(mem, "/note/%lld?reply=%lld#write", root_id, id),
		.report = url_fmt(mem, "/report?note=%lld", id),
		.back = str_fmt(mem, "/note/%lld#comments", root_id),
	};
	if (c->may_delete)
		v.del = url_fmt(mem, "/note/%lld/delete", id);
	if (c->answers) {
		v.answers = c->answers->display;
		v.answers_url = url_of_person(mem, c->answers->name);
	}
	return v;
}

// The answers came sorted by parent: each first-level comment gets its run of them.
static void hand_out(struct ctx *ctx, struct note_view *v, const struct comment *comments,
	const struct comment *answers, ptrdiff_t n_answers)
{
	for (ptrdiff_t i = 0; i < v->n_comments; i++) {
		struct comment_view *c = &v->comments[i];
		c->replies = NEW_N(ctx->mem, struct comment_view, n_answers);
		for (ptrdiff_t k = 0; k < n_answers; k++)
			if (answers[k].note.parent.v == c->id.v)
				c->replies[c->n_replies++] =
					comment_view(ctx, &v->note, &answers[k], v->frame->csrf);
		c->n_more = comments[i].note.comments - c->n_replies;
		if (c->n_more > 0)
			c->more = url_fmt(ctx->mem, "/note/%lld?answers=%lld#comment-%lld",
				(long long)v->note.id.v, (long long)c->id.v, (long long)c->id.v);
	}
}

static err load_comments(struct ctx *ctx, struct request *req, struct note_view *v)
{
	struct comment *list, *answers = NULL;
	ptrdiff_t n, n_answers = 0, n_parents = 0;
	int64_t cursor = 0, opened = 0;
	str after = req_query(req, "more"), open = req_query(req, "answers");
	if ((after.n && (!str_int(after, &cursor) || cursor < 0)) ||
		(open.n && !id_parse(open, &opened)))
		return ERR_NOT_FOUND;
	TRY(comments_page(ctx, v->note.id, v->newest ? COMMENTS_NEWEST : COMMENTS_BEST, cursor,
		COMMENTS_PAGE, &list, &n));
	note_id *parents = NEW_N(ctx->mem, note_id, n);
	v->comments = NEW_N(ctx->mem, struct comment_view, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		v->comments[v->n_comments++] =
			comment_view(ctx, &v->note, &list[i], v->frame->csrf);
		if (list[i].note.comments)
			parents[n_parents++] = list[i].note.id;
	}
	if (n_parents)
		TRY(comments_answers(ctx, v->note.id, parents, n_parents,
			opened ? ANSWERS_PAGE : ANSWERS_SHOWN, &answers, &n_answers));
	hand_out(ctx, v, list, answers, n_answers);
	if (n == COMMENTS_PAGE) {
		int64_t next = v->newest ? list[n - 1].note.id.v : cursor + n;
		v->more = url_fmt(ctx->mem, "/note/%lld?order=%s&more=%lld#comments",
			(long long)v->note.id.v, v->newest ? "new" : "best", (long long)next);
	}
	return OK;
}

static err load_slides(struct ctx *ctx, struct note_view *v)
{
	struct picture *pictures;
	ptrdiff_t n;
	TRY(pictures_of_note(ctx, v->note.id, &pictures, &n));
	v->slides = NEW_N(ctx->mem, struct slide_view, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct picture *p = &pictures[i];
		struct slide_view s = {
			.large = url_fmt(ctx->mem, "%.*s",
				STR_ARGS(media_path(ctx->mem, p->name, "master", 0))),
			.src = url_fmt(ctx->mem, "%.*s", STR_ARGS(picture_src(ctx->mem, p, 1080))),
			.set = {picture_srcset(ctx->mem, p)},
			.width = p->width,
			.height = p->height,
			.alt = p->alt,
			.average = average_class(ctx->mem, p->colour),
		};
		// The cover comes first: the author chose it.
		if (p->id.v == v->note.cover.v && i > 0) {
			for (ptrdiff_t k = v->n_slides; k > 0; k--)
				v->slides[k] = v->slides[k - 1];
			v->slides[0] = s;
		} else {
			v->slides[v->n_slides] = s;
		}
		v->n_slides++;
	}
	return OK;
}

static err load_author(struct ctx *ctx, struct note_view *v)
{
	struct person author;
	bool liked, follows;
	TRY(people_by_ids(ctx, &v->note.account, 1, &author));
	TRY(likes_among(ctx, &v->note.id, 1, &liked));
	TRY(follows_among(ctx, &v->note.account, 1, &follows));
	v->author = author.display;
	v->handle = author.name;
	v->author_url = url_of_person(ctx->mem, author.name);
	v->avatar = url_of_avatar(ctx->mem, author.avatar, 96);
	v->follow = (struct follow_view){
		.action = url_fmt(ctx->mem, "/@%.*s/follow", STR_ARGS(author.name)),
		.on = follows,
		.csrf = v->frame->csrf};
	v->like = (struct like_view){
		.action = url_fmt(ctx->mem, "/note/%lld/like", (long long)v->note.id.v),
		.on = liked,
		.likes = v->note.likes,
		.csrf = v->frame->csrf};
	return OK;
}

// Whom the form answers when there is no script: /note/1?reply=2.
static err load_reply(struct ctx *ctx, struct request *req, struct note_view *v)
{
	struct comment c;
	str wanted = req_query(req, "reply");
	if (!wanted.n)
		wanted = req_form(req, "parent");
	if (!wanted.n || !id_parse(wanted, &v->reply_to.v))
		return OK;
	err found = comment_get(ctx, v->reply_to, &c);
	if (found != OK)
		v->reply_to.v = 0;
	else
		v->reply_name = c.author->display;
	return found == ERR_NOT_FOUND ? OK : found;
}

static void preview(struct request *req, struct frame *f, const struct note_view *v)
{
	struct arena *mem = req->ctx->mem;
	f->title = v->title.n ? v->title
			      : word_fmt(mem, req->ctx->viewer.locale, W_note_of,
					&(struct word_args){.s = v->author});
	f->noindex = v->note.visibility != VIS_PUBLIC;
	f->page_class = S("page-note");
	f->description = unicode_excerpt(mem, v->note.body, DESCRIPTION);
	if (v->n_slides && v->note.visibility == VIS_PUBLIC && !v->note.sensitive)
		f->picture = str_fmt(
			mem, "%.*s%.*s", STR_ARGS(req_origin(req)), STR_ARGS(v->slides[0].src.s));
}

static err fill(struct request *req, struct frame *f, struct note_view *v)
{
	struct ctx *ctx = req->ctx;
	static const str ratios[] = {STR_INIT("ratio-3x4"), STR_INIT("ratio-3x4"),
		STR_INIT("ratio-1x1"), STR_INIT("ratio-4x3")};
	long long id = (long long)v->note.id.v;
	v->frame = f;
	v->title = v->note.title;
	v->text = people_text(ctx->mem, v->note.body);
	v->time = time_view(ctx, v->note.created);
	v->ratio = ratios[v->note.ratio];
	v->mine = v->note.account.v == ctx->viewer.account.v;
	v->edit = url_fmt(ctx->mem, "/note/%lld/edit", id);
	v->report = url_fmt(ctx->mem, "/report?note=%lld", id);
	v->address = url_of_note(ctx->mem, v->note.id);
	v->link = str_fmt(ctx->mem, "%.*s/note/%lld", STR_ARGS(req_origin(req)), id);
	v->newest = str_eq(req_query(req, "order"), S("new"));
	v->best_url = url_fmt(ctx->mem, "/note/%lld?order=best#comments", id);
	v->newest_url = url_fmt(ctx->mem, "/note/%lld?order=new#comments", id);
	v->comment_action = url_fmt(ctx->mem, "/note/%lld/comment", id);
	v->signin = url_fmt(ctx->mem, "/signin?back=/note/%lld", id);
	TRY(load_author(ctx, v));
	TRY(load_slides(ctx, v));
	TRY(load_comments(ctx, req, v));
	TRY(load_reply(ctx, req, v));
	preview(req, f, v);
	return OK;
}

static err show(struct request *req, int status, note_id id, str draft, str problem)
{
	struct frame f;
	struct note_view v = {.draft = draft, .problem = problem};
	TRY(notes_get(req->ctx, id, &v.note));
	TRY(frame_begin(req, &f, HERE_NOWHERE, 0));
	str key = f.signed_in
			  ? (str){0}
			  : str_fmt(req->ctx->mem, "note %lld %d %d %.*s", (long long)id.v,
				    req->ctx->viewer.locale, (int)f.theme, STR_ARGS(req->query));
	if (key.n && kept_answer(req, key))
		return OK;
	uint64_t changes = kept_changes(req);
	if (v.note.root.v) { // a comment is shown where it stands
		answer_redirect(req, str_fmt(req->ctx->mem, "/note/%lld#comment-%lld",
					     (long long)v.note.root.v, (long long)id.v));
		return OK;
	}
	TRY(fill(req, &f, &v));
	struct out o = frame_out(&f, 64 << 10);
	note_page(&o, &v);
	if (key.n && v.note.visibility <= VIS_UNLISTED)
		kept_put(req, key, out_done(&o).s, changes);
	else
		frame_send(req, status, &o);
	return OK;
}

static err note(struct request *req)
{
	note_id id;
	TRY(req_param_id(req, "id", &id.v));
	return show(req, 200, id, (str){0}, (str){0});
}

static err comment_fragment(struct request *req, note_id id)
{
	struct ctx *ctx = req->ctx;
	struct comment c;
	struct note root;
	TRY(comment_get(ctx, id, &c));
	TRY(notes_get(ctx, c.note.root, &root));
	struct comment_view v = comment_view(ctx, &root, &c, csrf_token(req));
	struct out o = out_new(ctx, ctx->viewer.locale, 2048);
	comment_item(&o, &v);
	answer_html(req, 201, out_done(&o).s);
	return OK;
}

static err comment(struct request *req)
{
	struct ctx *ctx = req->ctx;
	note_id root, under, made;
	TRY(req_param_id(req, "id", &root.v));
	under = root;
	str parent = req_form(req, "parent");
	if (parent.n && !id_parse(parent, &under.v))
		return ERR_NOT_FOUND;
	struct comment_draft draft = {.under = under, .body = req_form(req, "text")};
	err failed = notes_comment(ctx, &draft, &made);
	bool by_script = req_header(req, "X-Fragment").n > 0;
	if (failed == ERR_INVALID && !by_script)
		return show(req, 422, root, draft.body, problem_text(ctx));
	TRY(failed);
	if (by_script)
		return comment_fragment(req, made);
	answer_redirect(req, str_fmt(ctx->mem, "/note/%lld?order=new#comment-%lld",
				     (long long)root.v, (long long)made.v));
	return OK;
}

static bool wants_json(struct request *req)
{
	return str_find(req_header(req, "Accept"), S("application/json")) >= 0;
}

// Where the person was: the address of the page the form stood on, as far as it is ours.
static str referer(struct request *req, str fallback)
{
	str origin = req_origin(req), from = req_header(req, "Referer");
	url checked;
	if (!str_starts(from, origin) || from.n <= origin.n || from.p[origin.n] != '/')
		return fallback;
	from = str_skip(from, origin.n);
	return url_from(from, &checked) ? from : fallback;
}

static err like(struct request *req)
{
	struct ctx *ctx = req->ctx;
	note_id id;
	int64_t likes;
	bool on = str_eq(req_form(req, "on"), S("1"));
	TRY(req_param_id(req, "id", &id.v));
	TRY(on ? like_add(ctx, id, &likes) : like_remove(ctx, id, &likes));
	if (wants_json(req))
		answer_json(req, 200,
			str_fmt(ctx->mem, "{\"likes\":%lld,\"on\":%s}", (long long)likes,
				on ? "true" : "false"));
	else
		answer_redirect(req, referer(req, url_of_note(ctx->mem, id).s));
	return OK;
}

err person_by_address(struct request *req, struct account *out)
{
	str who = req_param(req, "who");
	if (!str_starts(who, S("@")))
		return ERR_NOT_FOUND;
	return account_by_name(req->ctx, str_skip(who, 1), out);
}

static err follow(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct account whom;
	bool on = str_eq(req_form(req, "on"), S("1"));
	TRY(person_by_address(req, &whom));
	TRY(on ? follow_add(ctx, whom.id) : follow_remove(ctx, whom.id));
	if (wants_json(req))
		answer_json(req, 200, str_fmt(ctx->mem, "{\"on\":%s}", on ? "true" : "false"));
	else
		answer_redirect(req, referer(req, url_of_person(ctx->mem, whom.name).s));
	return OK;
}

const struct route note_routes[] = {
	PAGE(note, "/note/:id", WHO_ANYONE),
	FORM(comment, "/note/:id/comment", WHO_SIGNED_IN),
	FORM(like, "/note/:id/like", WHO_SIGNED_IN),
	FORM(follow, "/:who/follow", WHO_SIGNED_IN),
	{.handler = NULL},
};
