// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page of a note, and two things people do there: like, follow (comment.c: answering).
// Strangers' pages are kept.
#include "web/note_view.h"

#include "json/json.h"
#include "unicode/unicode.h"
#include "web/card.h"
#include "web/kept.h"
#include "web/pages.h"
#include "web/private.h"

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

struct names {
	const struct leads *leads;
	note_id note;
};

static url topic_link(struct arena *mem, str name, void *arg)
{
	const struct names *names = arg;
	str folded = topic_fold(mem, name);
	return leads_to_topic(names->leads, folded) ? url_of_topic(mem, folded) : (url){0};
}

// Under the name that they have now, as no other leads there.
static url mention_link(struct arena *mem, str name, str *shown, void *arg)
{
	const struct names *names = arg;
	const struct lead *l = leads_to_person(names->leads, names->note, name);
	if (!l)
		return (url){0};
	if (l->host.n || !str_ieq(l->name, name))
		*shown = handle_of(mem, l->name, l->host);
	return url_of_person(mem, l->name, l->host);
}

html people_text(struct arena *mem, str text, note_id note, const struct leads *leads)
{
	struct names names = {leads, note};
	struct html_links links = {topic_link, mention_link, &names};
	return html_text(mem, text, &links);
}

html people_part(
	struct arena *mem, const struct text_part *part, note_id note, const struct leads *leads)
{
	struct names names = {leads, note};
	struct html_links links = {topic_link, mention_link, &names};
	return html_text_part(mem, part, &links);
}

void leads_kept(struct ctx *ctx, struct kept_page *page, const struct leads *leads, note_id note)
{
	for (ptrdiff_t i = 0; i < leads->n_people; i++)
		if (leads->people[i].note.v == note.v)
			kept_shows(ctx, page, leads->people[i].account.v);
}

static void fill_author(struct ctx *ctx, struct note_view *v, const struct shown_note *s)
{
	const struct person *author = s->author;
	v->author = author->display;
	v->handle = handle_of(ctx->mem, author->name, author->host);
	v->author_url = url_of_person(ctx->mem, author->name, author->host);
	v->avatar = url_of_face(ctx->mem, author->id, author->avatar, 96);
	v->follow = (struct follow_view){.action = url_below(ctx->mem, v->author_url, "/follow"),
		.on = s->follows,
		.csrf = v->frame->csrf};
	v->like = (struct like_view){
		.action = url_fmt(ctx->mem, "/note/%lld/like", (long long)v->note.id.v),
		.on = s->liked,
		.likes = v->note.likes,
		.csrf = v->frame->csrf};
}

static void preview(struct request *req, struct frame *f, const struct note_view *v)
{
	struct arena *mem = req->ctx->mem;
	f->title = v->title.n ? v->title
			      : word_fmt(mem, req->ctx->viewer.locale, W_note_of,
					&(struct word_args){.s = v->author});
	f->noindex |= v->note.visibility != VIS_PUBLIC;
	f->page_class = S("page-note");
	if (v->note.visibility <= VIS_UNLISTED)
		frame_describe(f, v->note.body.n ? v->note.body
						 : word_fmt(mem, req->ctx->viewer.locale, W_note_of,
							   &(struct word_args){.s = v->author}));
	if (v->n_slides && v->note.visibility == VIS_PUBLIC && !v->note.sensitive)
		f->picture = str_fmt(
			mem, "%.*s%.*s", STR_ARGS(req_origin(req)), STR_ARGS(v->slides[0].src.s));
}

static err fill(struct request *req, struct frame *f, struct note_view *v)
{
	struct ctx *ctx = req->ctx;
	struct shown_note shown;
	long long id = (long long)v->note.id.v;
	v->frame = f;
	v->title = v->note.title;
	TRY(shown_of(ctx, &v->note, 1, SHOWN_PAGE, &shown));
	leads_kept(ctx, v->kept, shown.leads, v->note.id);
	v->text = people_text(ctx->mem, v->note.body, v->note.id, shown.leads);
	v->offers = offers_for(ctx, &v->note);
	v->time = time_view(ctx, v->note.created);
	v->mine = shown.mine;
	v->edit = url_fmt(ctx->mem, "/note/%lld/edit", id);
	v->report = url_fmt(ctx->mem, "/report?note=%lld", id);
	v->address = url_of_note(ctx->mem, v->note.id);
	v->link = str_fmt(ctx->mem, "%.*s/note/%lld", STR_ARGS(req_origin(req)), id);
	v->signin = url_query(ctx->mem, url_fmt(ctx->mem, "/signin"), "back",
		str_fmt(ctx->mem, "/note/%lld#write", id));
	fill_author(ctx, v, &shown);
	slides_fill(ctx, v, &shown);
	TRY(comments_load(req, v));
	preview(req, f, v);
	return OK;
}

err note_show(struct request *req, int status, note_id id, str draft, str problem)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct kept_page *kept = kept_of(req);
	struct note_view v = {.draft = draft, .problem = problem, .kept = kept};
	err found = notes_get(ctx, id, &v.note);
	if (found == ERR_NOT_FOUND) {
		// A comment under what is not there any more can only be taken back.
		TRY(notes_own(ctx, id, &v.note));
		answer_redirect(req, str_fmt(ctx->mem, "/note/%lld/delete", (long long)id.v));
		return OK;
	}
	TRY(found);
	if (v.note.root.v) { // a comment is shown where it stands
		answer_redirect(req, comment_address(ctx, &v.note));
		return OK;
	}
	TRY(frame_begin(req, &f, HERE_NOWHERE, 0));
	TRY(fill(req, &f, &v));
	struct out o = frame_out(&f, 64 << 10);
	note_page(&o, &v);
	if (!kept->key.n || v.note.visibility > VIS_UNLISTED) {
		frame_send(req, status, &o);
		return OK;
	}
	kept_shows(ctx, kept, id.v);
	kept_shows(ctx, kept, v.note.account.v);
	kept_put(req, kept, out_done(&o).s);
	return OK;
}

static err note(struct request *req)
{
	note_id id;
	TRY(req_param_id(req, "id", &id.v));
	return note_show(req, 200, id, (str){0}, (str){0});
}

// What a button of ours shows now: whether it is pressed, and the number beside it (below 0: none).
static void answer_state(struct request *req, bool on, int64_t likes)
{
	struct sb sb = sb_new(req->ctx->mem, 64);
	struct json_out j = json_out(&sb);
	json_begin(&j);
	if (likes >= 0)
		json_put_int(&j, "likes", likes);
	json_put_bool(&j, "on", on);
	json_end(&j);
	answer_json(req, 200, sb_str(&sb));
}

static err like(struct request *req)
{
	struct ctx *ctx = req->ctx;
	note_id id;
	int64_t likes;
	bool on = str_eq(req_form(req, "on"), S("1"));
	TRY(req_param_id(req, "id", &id.v));
	TRY(on ? like_add(ctx, id, &likes) : like_remove(ctx, id, &likes));
	if (req_wants_json(req))
		answer_state(req, on, likes);
	else
		answer_redirect(req, referer_address(req, url_of_note(ctx->mem, id).s));
	return OK;
}

err person_by_address(struct request *req, struct account *out)
{
	str who = req_param(req, "who");
	if (!str_starts(who, S("@")))
		return ERR_NOT_FOUND;
	return account_by_handle(req->ctx, who, out);
}

static err follow(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct account whom;
	bool on = str_eq(req_form(req, "on"), S("1"));
	TRY(person_by_address(req, &whom));
	TRY(on ? follow_add(ctx, whom.id) : follow_remove(ctx, whom.id));
	if (req_wants_json(req))
		answer_state(req, on, -1);
	else
		answer_redirect(
			req, referer_address(req, url_of_person(ctx->mem, whom.name, whom.host).s));
	return OK;
}

const struct route note_routes[] = {
	KEPT_PAGE(note, "/note/:id", kept_page),
	FORM(like, "/note/:id/like", WHO_SIGNED_IN, .begins = true),
	FORM(follow, "/:who/follow", WHO_SIGNED_IN, .begins = true),
	{.handler = NULL},
};
