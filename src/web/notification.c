// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page of notifications. Showing it marks them as seen, so it is a page that writes; a browser
// that fetches it in advance does not. Likes of one thing that follow each other are one line. How each
// kind looks, reads and where it leads stands in one table, beside those that other rooms bring.
#include "web/notification_view.h"

#include "web/moderation_view.h"
#include "web/pages.h"
#include "web/private.h"

#define PAGE_SIZE 40

int age_word(enum age age)
{
	static const int words[] = {
		W_notification_day, W_notification_week, W_notification_earlier};
	return words[age];
}

ptrdiff_t end_of_age(const struct notification_view *v, ptrdiff_t from)
{
	ptrdiff_t end = from + 1;
	while (end < v->n && v->lines[end].age == v->lines[from].age)
		end++;
	return end;
}

// By how long ago, not by calendar: nobody's midnight is known here.
static enum age age_of(ms now, ms at)
{
	if (now - at < MS_DAY)
		return AGE_DAY;
	return now - at < 7 * MS_DAY ? AGE_WEEK : AGE_OLDER;
}

static html name_of(struct ctx *ctx, const struct notification *n)
{
	str name = n->actor ? n->actor->display
			    : word_get(ctx->viewer.locale, W_notification_somebody);
	html safe = html_escape(ctx->mem, name);
	return (html){str_fmt(ctx->mem, "<b dir=\"auto\">%.*s</b>", STR_ARGS(safe.s))};
}

// The sentence with the names of the first two of `count` people.
static html sentence(struct ctx *ctx, int word, const struct notification *first,
	const struct notification *second, ptrdiff_t count)
{
	struct out o = out_new(ctx, ctx->viewer.locale, 256);
	out_word_args(&o, word, count - 2, out_arg_html(name_of(ctx, first)),
		out_arg_html(second ? name_of(ctx, second) : HTML("")));
	return out_done(&o);
}

static int word_of_decision(enum decision_action action)
{
	switch (action) {
	case DECIDE_WARN:
		return W_notification_warned;
	case DECIDE_REMOVE:
		return W_notification_removed;
	case DECIDE_SUSPEND:
		return W_notification_suspended;
	case DECIDE_RESTORE:
		return W_notification_restored;
	case DECIDE_CLEAR_AVATAR:
	case DECIDE_CLEAR_COVER:
	case DECIDE_CLEAR_NAME:
	case DECIDE_CLEAR_BIO:
		return meaning_of_action(action);
	default:
		return W_notification_decided;
	}
}

// What the moderators decided, and why.
static err of_decision(
	struct ctx *ctx, const struct notification *n, struct notification_line *line)
{
	struct decision d;
	err found = decision_get(ctx, (decision_id){n->thing}, &d);
	line->text.s = word_get(ctx->viewer.locale, W_notification_decided);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	line->text.s = word_get(ctx->viewer.locale, word_of_decision(d.action));
	line->quote = d.reason;
	line->address = url_fmt(ctx->mem, "/decision/%lld", (long long)n->thing);
	return OK;
}

// What came of a report; what was reported stands below.
static err of_report(struct ctx *ctx, const struct notification *n, struct notification_line *line)
{
	struct report_outcome r;
	err found = report_outcome(ctx, (decision_id){n->thing}, &r);
	line->text.s = word_get(ctx->viewer.locale, W_notification_report_answered);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	line->text.s = word_get(ctx->viewer.locale, word_of_outcome(r.action));
	line->quote = r.excerpt;
	return OK;
}

// As it is now, not as it was when the first of them asked.
static err of_signups(struct ctx *ctx, const struct notification *n, struct notification_line *line)
{
	struct waiting waiting = {0};
	(void)n;
	if (ctx->viewer.role >= ROLE_MODERATOR && !ctx->viewer.limited) {
		TRY(moderation_waiting(ctx, &waiting));
		line->address = url_fmt(ctx->mem, "/moderation/signups");
	}
	line->text.s =
		word_n(ctx->mem, ctx->viewer.locale, W_notification_signups, waiting.signups);
	return OK;
}

// --- kinds --------------------------------------------------------------------------------------

static url to_person(struct ctx *ctx, const struct notification *n)
{
	return n->actor ? url_of_person(ctx->mem, n->actor->name, n->actor->host) : (url){0};
}

static url to_welcome(struct ctx *ctx, const struct notification *n)
{
	(void)n;
	return url_fmt(ctx->mem, "/welcome");
}

static url to_note(struct ctx *ctx, const struct notification *n)
{
	if (!n->there)
		return (url){0};
	if (n->comment.v)
		return url_fmt(ctx->mem, "/note/%lld#comment-%lld", (long long)n->note.v,
			(long long)n->comment.v);
	return url_of_note(ctx->mem, n->note);
}

static const str channel_looks[] = {
	[CHANNEL_LIKES] = STR_INIT("notif-kind-like"),
	[CHANNEL_COMMENTS] = STR_INIT("notif-kind-comment"),
	[CHANNEL_MENTIONS] = STR_INIT("notif-kind-mention"),
	[CHANNEL_FOLLOWS] = STR_INIT("notif-kind-follow"),
	[CHANNEL_HOUSE] = STR_INIT("notif-kind-mod"),
};

// Those that notifications/ knows itself.
static const struct notification_look looks[] = {
	[NOTE_LIKED] = {.channel = CHANNEL_LIKES,
		.words = {W_notification_note_liked, W_notification_note_liked_two,
			W_notification_note_liked_many},
		.by_picture = true,
		.address = to_note},
	[COMMENT_LIKED] = {.channel = CHANNEL_LIKES,
		.words = {W_notification_comment_liked, W_notification_comment_liked_two,
			W_notification_comment_liked_many},
		.address = to_note},
	[NOTE_COMMENTED] = {.channel = CHANNEL_COMMENTS,
		.words = {W_notification_commented},
		.address = to_note},
	[COMMENT_ANSWERED] = {.channel = CHANNEL_COMMENTS,
		.words = {W_notification_answered},
		.address = to_note},
	[MENTIONED] = {.channel = CHANNEL_MENTIONS,
		.words = {W_notification_mentioned_note},
		.of_comment = W_notification_mentioned_comment,
		.address = to_note},
	[FOLLOWED] = {.channel = CHANNEL_FOLLOWS,
		.words = {W_notification_followed},
		.follows = true,
		.address = to_person},
	[WELCOMED] = {.channel = CHANNEL_HOUSE,
		.words = {W_notification_welcomed},
		.address = to_welcome},
	[MODERATED] = {.channel = CHANNEL_HOUSE, .address = to_note, .fill = of_decision},
	[REPORT_ANSWERED] = {.channel = CHANNEL_HOUSE, .address = to_note, .fill = of_report},
	[SIGNUPS_WAIT] = {.channel = CHANNEL_HOUSE, .address = to_note, .fill = of_signups},
};

void web_notification(struct ctx *ctx, const struct notification_look *look)
{
	struct web *web = ctx->house->web;
	if (!web)
		return;
	must(web->n_looks < LOOKS_MOST && look->kind >= TOLD_BY_ROOMS);
	web->looks[web->n_looks++] = look;
}

// NULL: no room says how it looks.
static const struct notification_look *look_of(struct ctx *ctx, int64_t kind)
{
	const struct web *web = ctx->house->web;
	if (kind > 0 && kind < COUNT(looks))
		return &looks[kind];
	for (int i = 0; web && i < web->n_looks; i++)
		if (web->looks[i]->kind == kind)
			return web->looks[i];
	return NULL;
}

static bool is_together(struct ctx *ctx, const struct notification *a, const struct notification *b)
{
	const struct notification_look *look = look_of(ctx, a->kind);
	return a->kind == b->kind && look && look->words[1] && a->note.v == b->note.v &&
	       a->comment.v == b->comment.v && a->thing == b->thing && a->fresh == b->fresh &&
	       age_of(ctx->now, a->at) == age_of(ctx->now, b->at);
}

// Of what people did.
static void of_people(struct ctx *ctx, const struct notification *n, ptrdiff_t count,
	struct notification_line *line)
{
	const struct notification_look *kind = look_of(ctx, n->kind);
	int word = kind->words[MIN(count, 3) - 1];
	if (kind->of_comment && n->comment.v)
		word = kind->of_comment;
	if (n->actor)
		line->avatar = url_of_face(ctx->mem, n->actor->id, n->actor->avatar, 96);
	if (kind->follows && n->actor)
		line->follow = url_below(ctx->mem,
			url_of_person(ctx->mem, n->actor->name, n->actor->host), "/follow");
	if (n->there && n->picture)
		line->picture = url_fmt(
			ctx->mem, "%.*s", STR_ARGS(picture_cover_src(ctx->mem, n->picture, 120)));
	line->text = sentence(ctx, word, n, count > 1 ? n + 1 : NULL, count);
}

static err fill(struct ctx *ctx, const struct notification *n, ptrdiff_t count, bool following,
	struct notification_line *line)
{
	const struct notification_look *kind = look_of(ctx, n->kind);
	*line = (struct notification_line){.kind = n->kind,
		.age = age_of(ctx->now, n->at),
		.look_class = kind->mark.n ? kind->mark : channel_looks[kind->channel],
		.address = kind->address ? kind->address(ctx, n) : (url){0},
		.icon = kind->icon,
		.of_house = kind->channel == CHANNEL_HOUSE,
		.quote = kind->by_picture && n->picture ? (str){0} : n->excerpt,
		.following = following,
		.fresh = n->fresh,
		.at = n->at};
	if (kind->fill)
		return kind->fill(ctx, n, line);
	of_people(ctx, n, count, line);
	return OK;
}

err notification_lines(
	struct ctx *ctx, const struct notification *list, ptrdiff_t n, struct notification_view *v)
{
	struct notification_line *lines = NEW_N(ctx->mem, struct notification_line, n);
	account_id *actors = NEW_N(ctx->mem, account_id, n);
	bool *follows = NEW_N(ctx->mem, bool, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct notification_look *look = look_of(ctx, list[i].kind);
		if (look && look->follows && list[i].actor)
			actors[i] = list[i].actor->id;
	}
	TRY(follows_among(ctx, actors, n, follows));
	for (ptrdiff_t i = 0, end; i < n; i = end) {
		end = i + 1;
		v->fresh |= list[i].fresh; // also what has no look: it was met
		if (!look_of(ctx, list[i].kind))
			continue;
		for (; end < n && is_together(ctx, &list[i], &list[end]);)
			end++;
		TRY(fill(ctx, &list[i], end - i, follows[i], &lines[v->n++]));
	}
	v->lines = lines;
	return OK;
}

static bool is_fetched_ahead(struct request *req)
{
	return str_find(req_header(req, "Sec-Purpose"), S("prefetch")) >= 0 ||
	       str_find(req_header(req, "Purpose"), S("prefetch")) >= 0;
}

static err notifications(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct notification_page page;
	struct notification_view v = {.frame = &f};
	notification_id before = {0};
	if (req_query(req, "before").n && !id_parse(req_query(req, "before"), &before.v))
		return ERR_NOT_FOUND;
	TRY(notifications_page(ctx, before, PAGE_SIZE, &page));
	TRY(notification_lines(ctx, page.at, page.n, &v));
	if (v.fresh && !is_fetched_ahead(req))
		TRY(notifications_seen(ctx));
	TRY(frame_begin(req, &f, HERE_NOTIFICATIONS, W_common_notifications));
	f.page_class = S("page-narrow");
	if (page.more)
		v.next = url_fmt(ctx->mem, "/notifications?before=%lld", (long long)page.next.v);
	struct out o = frame_out(&f, 32 << 10);
	notification_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

static err notifications_read(struct request *req)
{
	TRY(notifications_seen(req->ctx));
	answer_redirect(req, S("/notifications"));
	return OK;
}

const struct route notification_routes[] = {
	{.name = "notifications",
		.method = GET,
		.path = "/notifications",
		.handler = notifications,
		.who = WHO_SIGNED_IN,
		.run = RUN_WAIT},
	FORM(notifications_read, "/notifications/read", WHO_SIGNED_IN),
	{.handler = NULL},
};
