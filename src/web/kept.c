// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Strangers' pages: refcounted bytes in a memo. Pages older than a minute are made anew, since times on
// them are relative. Ids of all kinds are made by one counter, so that a note's id is never an account's.
#include "web/kept.h"

#include "web/pages.h"
#include "web/private.h"

#include <stdatomic.h>
#include <stdio.h>

#define PAGES_BYTES (8 << 20)
#define PAGES_AGE MS_MINUTE

#define TAG_SIZE 17 // a number in hex

#define LINK_BYTES 48 // of the memo, for each thing a page shows

struct page {
	struct shared_bytes *plain, *gzip;
	char tag[TAG_SIZE]; // for the ETag
	ms made;
};

struct kept_pages {
	struct memo *pages; // variant of an address → struct page
	_Atomic uint64_t numbers;
};

static void drop(void *value)
{
	struct page *p = value;
	shared_drop(p->plain);
	shared_drop(p->gzip);
	mem_free(p);
}

// A note itself, and where an account's notes and the newest stand.
static void on_note(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	memo_end(arg, c->subject);
	if (c->extra) {
		memo_end(arg, c->extra); // a comment that changed: its note shows it
		return;
	}
	memo_end(arg, SHOWS_NEW_NOTES);
	memo_end(arg, SHOWS_ALL_OF((account_id){c->actor}));
}

// Its note shows it and their number; its author loses its likes when it goes.
static void on_comment(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	memo_end(arg, c->subject);
	memo_end(arg, c->extra);
	if (c->kind == &comment_deleted)
		memo_end(arg, SHOWS_ALL_OF((account_id){c->actor}));
}

// Whose it is has a number of likes received.
static void on_like(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	memo_end(arg, c->subject);
	memo_end(arg, SHOWS_ALL_OF((account_id){c->extra}));
}

static void on_account(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	memo_end(arg, c->subject);
	memo_end(arg, SHOWS_ALL_OF((account_id){c->subject}));
}

static void on_follow(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	memo_end(arg, SHOWS_ALL_OF((account_id){c->subject}));
	memo_end(arg, SHOWS_ALL_OF((account_id){c->actor}));
}

struct memo *kept_memo(struct store *store, int64_t most, void (*drop_page)(void *))
{
	const struct {
		struct change_kind *kind;
		change_fn fn;
	} heard[] = {{&note_published, on_note}, {&note_edited, on_note}, {&note_changed, on_note},
		{&note_deleted, on_note}, {&comment_published, on_comment},
		{&comment_deleted, on_comment}, {&note_liked, on_like}, {&note_unliked, on_like},
		{&account_made, on_account}, {&account_changed, on_account},
		{&account_counted, on_account}, {&follow_begun, on_follow},
		{&follow_ended, on_follow}};
	struct memo *m = memo_new(store, &(struct memo_spec){.most = most, .drop = drop_page});
	for (ptrdiff_t i = 0; i < COUNT(heard); i++)
		store_on(store, heard[i].kind, heard[i].fn, m);
	memo_follow(m, &note_counted, MEMO_SUBJECT);
	memo_follow(m, &picture_changed, MEMO_EXTRA);
	memo_follow(m, &setting_changed, MEMO_ALL); // the community's name is on every page
	// Of those whom a page did not show because they were away it does not say that it is about them.
	memo_follow(m, &standing_changed, MEMO_ALL);
	return m;
}

struct kept_pages *kept_new(struct store *store)
{
	struct kept_pages *k = mem_new(1, (ptrdiff_t)sizeof *k);
	atomic_store(&k->numbers, (uint64_t)clock_now()); // tags of an earlier run must not match
	k->pages = kept_memo(store, PAGES_BYTES, drop);
	return k;
}

void kept_free(struct kept_pages *k)
{
	memo_free(k->pages);
	mem_free(k);
}

static void answer(struct request *req, const struct page *p)
{
	answer_cache(req, CACHE_PRIVATE, 0);
	answer_header(req, "Vary", S("Cookie, Accept-Language, Accept-Encoding"));
	if (!answer_etag(req, str_copy(req->ctx->mem, str_from(p->tag))))
		answer_shared(req, 200, S("text/html; charset=utf-8"), p->plain, p->gzip);
}

// No address holds a line feed.
static str whole_key(struct request *req, const struct kept_page *page)
{
	const str parts[] = {page->key, page->variant};
	return str_join(req->ctx->mem, parts, COUNT(parts), S("\n"));
}

bool kept_answer(struct request *req, str variant)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	struct kept_page *page = NEW(req->ctx->mem, struct kept_page);
	*page = (struct kept_page){.key = stranger_key(req), .variant = variant};
	req->kept = page;
	if (!page->key.n)
		return false;
	page->moment = memo_open(k->pages);
	const struct page *p = memo_at(k->pages, memo_name(whole_key(req, page)));
	if (p && req->ctx->now - p->made > PAGES_AGE)
		p = NULL;
	if (p)
		answer(req, p);
	memo_close(k->pages);
	return p != NULL;
}

bool kept_page(struct request *req)
{
	return kept_answer(req, (str){0});
}

struct kept_page *kept_of(struct request *req)
{
	return req->kept ? req->kept : NEW(req->ctx->mem, struct kept_page);
}

// How well a kept page fits who asks: 0 not at all; the language counts more than the theme. A key is
// "LANGUAGE THEME ADDRESS" and a variant.
static int fits(str key, str wanted)
{
	str language = str_cut(&wanted, ' '), theme = str_cut(&wanted, ' ');
	bool same_language = str_eq(str_cut(&key, ' '), language);
	bool same_theme = str_eq(str_cut(&key, ' '), theme);
	if (!str_eq(str_cut(&key, '\n'), wanted))
		return 0;
	return 1 + 2 * same_language + same_theme;
}

struct search {
	str wanted;
	const struct page *best;
	int fit;
};

static void consider(struct memo_key key, const void *value, void *arg)
{
	struct search *s = arg;
	const struct page *p = value;
	int fit = fits(key.name, s->wanted);
	if (!fit || fit < s->fit || (s->best && fit == s->fit && p->made <= s->best->made))
		return;
	s->best = p;
	s->fit = fit;
}

bool kept_answer_busy(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct kept_pages *k = ctx->house->web ? ctx->house->web->pages : NULL;
	struct shared_bytes *bytes = NULL;
	ms made = 0;
	if (!k || req->method != GET)
		return false;
	struct search search = {.wanted = page_key(req)};
	memo_open(k->pages);
	memo_each(k->pages, consider, &search);
	if (search.best) {
		bytes = shared_ref(search.best->plain);
		made = search.best->made;
	}
	memo_close(k->pages);
	if (!bytes)
		return false;
	str page = str_copy(ctx->mem, shared_str(bytes));
	shared_drop(bytes);
	ptrdiff_t main = str_find(page, S("<main"));
	ptrdiff_t end = main < 0 ? -1 : str_find_char(str_skip(page, main), '>');
	must(end >= 0);
	struct out bar = out_new(ctx, ctx->viewer.locale, 1024);
	// Whose session it is may be what the database does not tell.
	busy_bar(&bar, made, req_cookie(req, SESSION_COOKIE).n > 0);
	const str parts[] = {
		str_sub(page, 0, main + end + 1), out_done(&bar).s, str_skip(page, main + end + 1)};
	answer_html(req, 200, str_join(ctx->mem, parts, COUNT(parts), S("")));
	return true;
}

void kept_put(struct request *req, const struct kept_page *page, str text)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	struct page *p = mem_new(1, (ptrdiff_t)sizeof *p);
	p->plain = shared_new(text);
	p->gzip = shared_gzip(text, 4);
	snprintf(p->tag, sizeof p->tag, "%llx",
		(unsigned long long)atomic_fetch_add(&k->numbers, 1) + 1);
	p->made = req->ctx->now;
	answer(req, p);
	int64_t weight = text.n + shared_str(p->gzip).n + (page->shows.n + 32) * LINK_BYTES;
	memo_keep(req->ctx, k->pages, memo_name(whole_key(req, page)), p, weight, page->moment,
		page->shows.at, page->shows.n);
}
