// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A person's page with notes or likes, and the lists of followers and followed.
#include "web/profile_view.h"

#include "web/pages.h"
#include "web/private.h"

#define PAGE_CARDS 24
#define PAGE_PEOPLE 40

static str joined_languages(struct ctx *ctx, const struct account *a)
{
	str names[VIEWER_LANGS];
	for (int i = 0; i < a->n_reads; i++)
		names[i] = words_language(ctx->viewer.locale, a->reads[i]);
	return words_list(ctx->mem, ctx->viewer.locale, names, a->n_reads);
}

html bold_count(const struct out *o, int64_t n)
{
	str shown = words_count(o->ctx->mem, o->locale, n);
	return (html){str_fmt(o->ctx->mem, "<b>%.*s</b>", STR_ARGS(shown))};
}

static url banner_of(struct arena *mem, str name, int width)
{
	return url_fmt(mem, "%.*s", STR_ARGS(media_path(mem, name, "banner", width)));
}

static err fill(struct request *req, struct frame *f, struct profile_view *v)
{
	struct ctx *ctx = req->ctx;
	struct arena *mem = ctx->mem;
	const struct account *a = &v->account;
	struct relation relation;
	TRY(relation_with(ctx, a->id, &relation));
	v->frame = f;
	v->mine = a->id.v == ctx->viewer.account.v;
	v->suspended = a->standing == STANDING_SUSPENDED;
	v->veiled = account_is_veiled(ctx, a->id, a->standing);
	v->likes_shown = v->mine || (a->show_likes && !v->veiled);
	v->followed_by = relation.followed_by && !v->suspended;
	v->avatar = url_of_face(mem, a->id, a->avatar, 256);
	if (a->cover.n) {
		url small = banner_of(mem, a->cover, 720);
		v->cover = banner_of(mem, a->cover, 1440);
		v->cover_set =
			srcset_add(mem, srcset_add(mem, (srcset){0}, small, 720), v->cover, 1440);
	}
	v->handle = handle_of(mem, a->name, a->host);
	v->address = url_of_person(mem, a->name, a->host);
	v->likes_address = url_below(mem, v->address, "/likes");
	v->followers_address = url_below(mem, v->address, "/followers");
	v->following_address = url_below(mem, v->address, "/following");
	v->report = url_query(mem, url_fmt(mem, "/report"), "account", v->handle);
	v->follow = (struct follow_view){.action = url_below(mem, v->address, "/follow"),
		.on = relation.following,
		.csrf = f->csrf};
	TRY(text_leads(ctx, a->bio, &v->bio_leads));
	v->bio = people_text(mem, a->bio, (note_id){0}, &v->bio_leads);
	v->reads = joined_languages(ctx, a);
	v->since = words_date(mem, ctx->viewer.locale, ctx->now, a->created);
	f->title = a->display;
	f->shortlink = url_fmt(mem, "/account/%lld", (long long)a->id.v);
	f->noindex |= a->standing != STANDING_GOOD;
	if (a->standing == STANDING_GOOD)
		frame_describe(f, a->bio.n ? a->bio
					   : word_fmt(mem, ctx->viewer.locale, W_profile_notes_of,
						     &(struct word_args){.s = a->display,
							     .s2 = f->community->name}));
	return OK;
}

// Who is gone, or is to be let in, has no profile but for themselves.
static err has_profile(struct ctx *ctx, const struct account *a)
{
	bool there = a->standing != STANDING_GONE && a->standing != STANDING_WAITING;
	return there || a->id.v == ctx->viewer.account.v ? OK : ERR_NOT_FOUND;
}

static err begin(struct request *req, struct frame *f, struct profile_view *v)
{
	TRY(person_by_address(req, &v->account));
	TRY(has_profile(req->ctx, &v->account));
	account_veil(req->ctx, &v->account);
	bool mine = v->account.id.v == req->ctx->viewer.account.v;
	TRY(frame_begin(req, f, mine ? HERE_ME : HERE_NOWHERE, 0));
	return fill(req, f, v);
}

static void send(struct request *req, struct kept_page *kept, const struct profile_view *v)
{
	struct ctx *ctx = req->ctx;
	struct out o = frame_out(v->frame, 96 << 10);
	profile_page(&o, v);
	if (!kept->key.n) {
		frame_send(req, 200, &o);
		return;
	}
	kept_shows(ctx, kept, SHOWS_ALL_OF(v->account.id));
	leads_kept(ctx, kept, &v->bio_leads, (note_id){0});
	deck_shows(ctx, &v->deck, kept);
	kept_put(req, kept, out_done(&o).s);
}

static err profile(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct profile_view v = {0};
	note_id before = {0};
	struct note_page page;
	str after = req_query(req, "after");
	if (after.n && !id_parse(after, &before.v))
		return ERR_NOT_FOUND;
	struct kept_page *kept = kept_of(req);
	TRY(begin(req, &f, &v));
	TRY(notes_of(ctx, v.account.id, before, PAGE_CARDS, &page));
	TRY(deck_load(ctx, page.ids, page.n, !after.n, f.csrf, &v.deck));
	if (page.more)
		v.next = url_query(ctx->mem, v.address, "after",
			str_fmt(ctx->mem, "%lld", (long long)page.next.id.v));
	send(req, kept, &v);
	return OK;
}

// "TIME.ID" of the like that was shown last.
static bool read_place(str text, struct note_place *out)
{
	*out = (struct note_place){0};
	return !text.n || (str_int(str_cut(&text, '.'), &out->at) && id_parse(text, &out->id.v));
}

static err likes(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct profile_view v = {.likes_tab = true};
	struct note_place before;
	struct note_page page;
	str after = req_query(req, "after");
	if (!read_place(after, &before))
		return ERR_NOT_FOUND;
	struct kept_page kept = {0}; // shows what one person likes: other people's acts change it
	TRY(begin(req, &f, &v));
	if (!v.likes_shown)
		return ERR_NOT_FOUND;
	f.noindex = true;
	TRY(likes_page(ctx, v.account.id, before, PAGE_CARDS, &page));
	TRY(deck_load(ctx, page.ids, page.n, !after.n, f.csrf, &v.deck));
	if (page.more)
		v.next = url_query(ctx->mem, v.likes_address, "after",
			str_fmt(ctx->mem, "%lld.%lld", (long long)page.next.at,
				(long long)page.next.id.v));
	send(req, &kept, &v);
	return OK;
}

err people_load(struct ctx *ctx, const account_id *ids, ptrdiff_t n, str csrf,
	struct person_view **out, ptrdiff_t *n_out)
{
	struct person *people = NEW_N(ctx->mem, struct person, n);
	bool *follows = NEW_N(ctx->mem, bool, n);
	struct person_view *rows = NEW_N(ctx->mem, struct person_view, n);
	ptrdiff_t shown = 0;
	TRY(people_by_ids(ctx, ids, n, people));
	TRY(follows_among(ctx, ids, n, follows));
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!people[i].id.v || people[i].standing != STANDING_GOOD)
			continue;
		url address = url_of_person(ctx->mem, people[i].name, people[i].host);
		rows[shown++] = (struct person_view){
			.display = people[i].display,
			.handle = handle_of(ctx->mem, people[i].name, people[i].host),
			.address = address,
			.avatar = url_of_face(ctx->mem, people[i].id, people[i].avatar, 96),
			.follow = {.action = url_below(ctx->mem, address, "/follow"),
				.on = follows[i],
				.csrf = csrf},
			.is_viewer = people[i].id.v == ctx->viewer.account.v,
		};
	}
	*out = rows;
	*n_out = shown;
	return OK;
}

static err people(struct request *req, bool followers)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct account a;
	account_id after = {0};
	struct person_page page;
	str cursor = req_query(req, "after");
	if (cursor.n && !id_parse(cursor, &after.v))
		return ERR_NOT_FOUND;
	TRY(person_by_address(req, &a));
	if (a.standing != STANDING_GOOD)
		return ERR_NOT_FOUND;
	TRY(frame_begin(
		req, &f, HERE_NOWHERE, followers ? W_profile_followers_title : W_common_following));
	f.page_class = S("page-narrow");
	f.noindex = true;
	struct people_view v = {.frame = &f,
		.display = a.display,
		.followers = followers,
		.address = url_of_person(ctx->mem, a.name, a.host)};
	v.followers_address = url_below(ctx->mem, v.address, "/followers");
	v.following_address = url_below(ctx->mem, v.address, "/following");
	TRY(followers ? followers_page(ctx, a.id, after, PAGE_PEOPLE, &page)
		      : following_page(ctx, a.id, after, PAGE_PEOPLE, &page));
	TRY(people_load(ctx, page.ids, page.n, f.csrf, &v.people, &v.n));
	if (page.more)
		v.next = url_query(ctx->mem, followers ? v.followers_address : v.following_address,
			"after", str_fmt(ctx->mem, "%lld", (long long)page.next.v));
	struct out o = frame_out(&f, 32 << 10);
	people_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

// The address that stays, whatever people call themselves.
static err account(struct request *req)
{
	struct account a;
	account_id id;
	TRY(req_param_id(req, "id", &id.v));
	TRY(account_by_id(req->ctx, id, &a));
	TRY(has_profile(req->ctx, &a));
	answer_redirect(req, url_of_person(req->ctx->mem, a.name, a.host).s);
	return OK;
}

static err followers(struct request *req)
{
	return people(req, true);
}

static err followed(struct request *req)
{
	return people(req, false);
}

const struct route profile_routes[] = {
	KEPT_PAGE(profile, "/:who", kept_page),
	PAGE(account, "/account/:id", WHO_ANYONE),
	PAGE(likes, "/:who/likes", WHO_ANYONE),
	PAGE(followers, "/:who/followers", WHO_ANYONE),
	PAGE(followed, "/:who/following", WHO_ANYONE),
	{.handler = NULL},
};
