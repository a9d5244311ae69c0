// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The first steps of a new member: languages, topics, people. Each can be skipped, and every answer
// is saved at once; the settings change them later.
#include "web/welcome_view.h"

#include "feed/feed.h"
#include "web/pages.h"
#include "web/private.h"

#define TOPICS_SHOWN 24
#define PEOPLE_SHOWN 8

static url step_address(struct ctx *ctx, int step, str back)
{
	url u = url_fmt(ctx->mem, "/welcome?step=%d", step);
	return back.n ? url_query(ctx->mem, u, "back", back) : u;
}

static bool is_liked(str liked, str name)
{
	while (liked.p)
		if (str_eq(str_cut(&liked, ' '), name))
			return true;
	return false;
}

static err topics(struct ctx *ctx, const struct account *me, struct welcome_view *v)
{
	struct feed_topic *found;
	TRY(feed_topics(
		ctx, me->topics, me->reads, me->n_reads, TOPICS_SHOWN, &found, &v->n_topics));
	v->topics = NEW_N(ctx->mem, struct welcome_topic, v->n_topics);
	for (ptrdiff_t i = 0; i < v->n_topics; i++)
		v->topics[i] = (struct welcome_topic){
			found[i].name, found[i].shown, is_liked(me->topics, found[i].name)};
	return OK;
}

static err people(struct ctx *ctx, const struct account *me, struct welcome_view *v)
{
	account_id *ids;
	bool *following;
	TRY(feed_people(ctx, me->reads, me->n_reads, PEOPLE_SHOWN, &ids, &v->n_people));
	v->people = NEW_N(ctx->mem, struct welcome_person, v->n_people);
	following = NEW_N(ctx->mem, bool, v->n_people);
	TRY(follows_among(ctx, ids, v->n_people, following));
	for (ptrdiff_t i = 0; i < v->n_people; i++) {
		struct account a;
		TRY(account_by_id(ctx, ids[i], &a));
		url address = url_of_person(ctx->mem, a.name, a.host);
		v->people[i] = (struct welcome_person){
			.handle = handle_of(ctx->mem, a.name, a.host),
			.display = a.display,
			.bio = unicode_excerpt(ctx->mem, a.bio, 120),
			.address = address,
			.avatar = url_of_face(ctx->mem, a.id, a.avatar, 96),
			.follow = url_below(ctx->mem, address, "/follow"),
			.following = following[i],
		};
	}
	return OK;
}

static err fill(struct ctx *ctx, struct welcome_view *v, const struct account *me)
{
	switch (v->step) {
	case WELCOME_LANGUAGES:
		v->languages = (struct languages_view){me->reads, me->n_reads};
		return OK;
	case WELCOME_TOPICS:
		return topics(ctx, me, v);
	case WELCOME_PEOPLE:
		return people(ctx, me, v);
	}
	return OK;
}

static err show(struct request *req, int64_t step, err failed)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account me;
	TRY(frame_begin(req, &f, HERE_NOWHERE, W_account_welcome));
	TRY(account_by_id(ctx, ctx->viewer.account, &me));
	f.page_class = S("page-narrow");
	struct welcome_view v = {
		.frame = &f,
		.step = (enum welcome_step)MIN(MAX(step, WELCOME_LANGUAGES), WELCOME_PEOPLE),
		.back = back_address(req, S("")),
		.problem = failed ? problem_text(ctx) : (str){0},
	};
	v.skip = step_address(ctx, (int)v.step + 1, v.back);
	v.here = step_address(ctx, (int)v.step, v.back).s;
	TRY(fill(ctx, &v, &me));
	struct out o = frame_out(&f, 16 << 10);
	welcome_page(&o, &v);
	frame_send(req, failed ? err_status(failed) : 200, &o);
	return OK;
}

static err welcome(struct request *req)
{
	int64_t step;
	if (!str_int(req_query(req, "step"), &step))
		step = WELCOME_LANGUAGES;
	return show(req, step, OK);
}

static err save_languages(struct request *req)
{
	struct ctx *ctx = req->ctx;
	lang reads[VIEWER_LANGS];
	str *checked;
	struct account me;
	if (req_form_all(req, "reads", &checked) > VIEWER_LANGS)
		return fail_n(ctx, ERR_INVALID, "reads", W_account_reads_most, VIEWER_LANGS);
	TRY(account_by_id(ctx, ctx->viewer.account, &me));
	struct reading_edit e = {.reads = reads, .writes = me.writes, .locale = me.locale};
	e.n_reads = reads_from_form(req, reads);
	return account_edit_reading(ctx, &e);
}

static err save(struct request *req, int64_t step)
{
	struct ctx *ctx = req->ctx;
	str *names;
	ptrdiff_t n;
	switch (step) {
	case WELCOME_LANGUAGES:
		return save_languages(req);
	case WELCOME_TOPICS:
		n = req_form_all(req, "topics", &names);
		return account_edit_topics(ctx, names, n);
	case WELCOME_PEOPLE:
		return account_welcomed(ctx);
	default:
		return ERR_NOT_FOUND;
	}
}

static err welcome_send(struct request *req)
{
	struct ctx *ctx = req->ctx;
	int64_t step;
	if (!str_int(req_form(req, "step"), &step))
		return ERR_NOT_FOUND;
	err code = save(req, step);
	if (code == ERR_INVALID)
		return show(req, step, code);
	TRY(code);
	str back = back_address(req, S(""));
	if (req_form(req, "later").n)
		answer_redirect(req, S("/"));
	else if (req_form(req, "up").n)
		answer_redirect(req, step_address(ctx, (int)step, back).s);
	else if (step < WELCOME_PEOPLE)
		answer_redirect(req, step_address(ctx, (int)step + 1, back).s);
	else
		redirect_with_toast(req, back.n ? back : S("/"),
			back.n ? W_account_welcome_back_there : W_account_welcome_done);
	return OK;
}

const struct route welcome_routes[] = {
	PAGE(welcome, "/welcome", WHO_SIGNED_IN),
	FORM(welcome_send, "/welcome", WHO_SIGNED_IN),
	{.handler = NULL},
};
