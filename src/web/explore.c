// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Explore, following and topic pages. A stranger's explore is kept whole; signed-in pages are put
// together from kept cards.
#include "web/explore_view.h"

#include "json/json.h"
#include "notes/notes.h"
#include "unicode/unicode.h"
#include "web/kept.h"
#include "web/pages.h"
#include "web/private.h"

#define PAGE_CARDS 24
#define TABS 14
#define SUGGESTED 8
#define PAGE_ROOM (96 << 10)
#define CARDS_ASKED 120 // at once

url url_of_tab(struct arena *mem, str topic)
{
	return url_fmt(mem, "/?topic=%.*s", STR_ARGS(url_escape(mem, topic)));
}

int invite_word(const struct community *c)
{
	if (may_join(c))
		return W_explore_invite;
	return c->signup == SIGNUP_INVITE ? W_explore_invite_only : W_explore_invite_closed;
}

static url next_address(struct arena *mem, const char *path, str topic, str cursor)
{
	if (!cursor.n)
		return (url){0};
	url u = url_fmt(mem, "%s", path);
	if (topic.n)
		u = url_query(mem, u, "topic", topic);
	return url_query(mem, u, "after", cursor);
}

// The address says topic and cursor; a stranger's languages come from the browser.
static str explore_variant(struct ctx *ctx)
{
	struct sb sb = sb_new(ctx->mem, 128);
	sb_fmt(&sb, "%llu", (unsigned long long)feed_epoch(ctx->house->feed));
	for (int i = 0; i < ctx->viewer.n_reads; i++)
		sb_fmt(&sb, " %s", ctx->viewer.reads[i].tag);
	return sb_str(&sb);
}

// Signed-in pages go out as they are; strangers' are kept.
static void send(
	struct request *req, struct kept_page *kept, const struct deck *d, const struct out *o)
{
	if (!kept->key.n) {
		frame_send(req, 200, o);
		return;
	}
	deck_shows(req->ctx, d, kept);
	kept_put(req, kept, out_done(o).s);
}

static err fill_explore(struct ctx *ctx, const struct explore_query *q, struct feed_view *v)
{
	struct feed_page page;
	struct feed_topic *tabs;
	str liked;
	TRY(account_topics(ctx, &liked));
	TRY(feed_topics(ctx, liked, q->reads, q->n_reads, TABS, &tabs, &v->n_tabs));
	TRY(feed_explore(ctx, q, &page));
	TRY(deck_load(ctx, page.ids, page.n, !q->cursor.n, v->frame->csrf, &v->deck));
	v->tabs = tabs;
	v->tab = q->topic;
	v->next = next_address(ctx->mem, "/", q->topic, page.next);
	return OK;
}

// Pages without a note are not kept: the first account or note changes them.
static err first_step(struct ctx *ctx, struct feed_view *v)
{
	bool any;
	if (ctx->viewer.account.v) {
		v->first = FIRST_NOTE;
		return OK;
	}
	TRY(accounts_any(ctx, &any));
	v->first = any ? FIRST_JOIN : FIRST_HOST;
	return OK;
}

static bool explore_kept(struct request *req)
{
	return !req->ctx->viewer.account.v && kept_answer(req, explore_variant(req->ctx));
}

static err explore(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	str topic = req_query(req, "topic");
	if (topic.n && !topic_ok(topic))
		return ERR_NOT_FOUND;
	struct explore_query q = {
		.topic = topic.n ? topic_fold(ctx->mem, topic) : (str){0},
		.reads = ctx->viewer.reads,
		.n_reads = ctx->viewer.n_reads,
		.cursor = req_query(req, "after"),
		.limit = PAGE_CARDS,
	};
	struct kept_page *kept = kept_of(req);
	TRY(frame_begin(req, &f, HERE_EXPLORE, W_explore_title));
	frame_describe(&f, community_summary(&f));
	if (q.topic.n)
		f.canonical = url_query(ctx->mem, f.canonical, "topic", q.topic);
	struct feed_view v = {.frame = &f, .begins = !q.cursor.n};
	TRY(fill_explore(ctx, &q, &v));
	if (!v.deck.n && v.begins && !q.topic.n) {
		TRY(first_step(ctx, &v));
		kept->key = (str){0};
	}
	struct out o = frame_out(&f, PAGE_ROOM);
	explore_page(&o, &v);
	send(req, kept, &v.deck, &o);
	return OK;
}

static err suggest(struct ctx *ctx, struct feed_view *v)
{
	account_id *ids;
	ptrdiff_t n;
	TRY(feed_people(ctx, ctx->viewer.reads, ctx->viewer.n_reads, SUGGESTED, &ids, &n));
	return people_load(ctx, ids, n, v->frame->csrf, &v->people, &v->n_people);
}

static err following(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct feed_entries page;
	str cursor = req_query(req, "after");
	TRY(frame_begin(req, &f, HERE_FOLLOWING, W_common_following));
	struct feed_view v = {.frame = &f, .begins = !cursor.n};
	TRY(feed_following(ctx, cursor, PAGE_CARDS, &page));
	note_id *ids = NEW_N(ctx->mem, note_id, page.n);
	for (ptrdiff_t i = 0; i < page.n; i++)
		ids[i] = page.at[i].note;
	TRY(deck_load(ctx, ids, page.n, v.begins, f.csrf, &v.deck));
	v.next = next_address(ctx->mem, "/following", (str){0}, page.next);
	if (v.begins && !v.deck.n)
		TRY(suggest(ctx, &v));
	struct out o = frame_out(&f, PAGE_ROOM);
	home_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

static err topic(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct topic t;
	note_id before = {0};
	struct note_page page;
	str after = req_query(req, "after");
	if (after.n && !id_parse(after, &before.v))
		return ERR_NOT_FOUND;
	struct kept_page *kept = kept_of(req);
	TRY(topic_get(ctx, req_param(req, "name"), &t));
	TRY(frame_begin(req, &f, HERE_EXPLORE, 0));
	f.title = str_fmt(ctx->mem, "#%.*s", STR_ARGS(t.shown));
	frame_describe(&f,
		word_fmt(ctx->mem, ctx->viewer.locale, W_explore_topic_about,
			&(struct word_args){.n = t.notes, .s = f.title, .s2 = f.community->name}));
	struct feed_view v = {.frame = &f, .begins = !after.n, .topic = t.shown, .notes = t.notes};
	TRY(notes_of_topic(ctx, t.name, before, PAGE_CARDS, &page));
	TRY(deck_load(ctx, page.ids, page.n, v.begins, f.csrf, &v.deck));
	if (page.more)
		v.next = url_query(ctx->mem, url_of_topic(ctx->mem, t.name), "after",
			str_fmt(ctx->mem, "%lld", (long long)page.next.id.v));
	struct out o = frame_out(&f, PAGE_ROOM);
	topic_page(&o, &v);
	kept_shows(ctx, kept, SHOWS_NEW_NOTES);
	send(req, kept, &v.deck, &o);
	return OK;
}

// What changed on cards that a tab kept: which of them are there for this viewer, liked or not, by how many.
static err cards(struct request *req)
{
	struct ctx *ctx = req->ctx;
	str *asked;
	struct deck deck;
	ptrdiff_t n = MIN(req_query_all(req, "id", &asked), CARDS_ASKED);
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!id_parse(asked[i], &ids[i].v))
			return ERR_NOT_FOUND;
	TRY(deck_load(ctx, ids, n, false, (str){0}, &deck));
	struct sb sb = sb_new(ctx->mem, 8 << 10);
	struct json_out j = json_out(&sb);
	json_begin(&j);
	json_key(&j, "cards");
	json_begin_list(&j);
	for (ptrdiff_t i = 0; i < deck.n; i++) {
		json_begin(&j);
		json_put_id(&j, "id", deck.at[i].id.v);
		json_put_int(&j, "likes", deck.at[i].card.likes);
		json_put_bool(&j, "on", deck.at[i].liked);
		json_end(&j);
	}
	json_end_list(&j);
	json_end(&j);
	answer_json(req, 200, sb_str(&sb));
	return OK;
}

const struct route explore_routes[] = {
	KEPT_PAGE(explore, "/", explore_kept),
	PAGE(following, "/following", WHO_SIGNED_IN),
	PAGE(cards, "/cards", WHO_ANYONE),
	KEPT_PAGE(topic, "/topic/:name", kept_page),
	{.handler = NULL},
};
