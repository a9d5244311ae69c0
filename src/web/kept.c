// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The store of strangers' pages: a map of refcounted bytes. Pages older than a minute are made anew,
// since times on them are relative; when there are too many, the old ones go, then all. None is shown
// when the change feed has not been heard for a moment: it is what says that they are still right.
#include "web/kept.h"

#include "web/pages.h"
#include "web/private.h"

#include <string.h>

#define PAGES_BYTES (8 << 20)
#define PAGES_AGE MS_MINUTE

struct page {
	struct shared_bytes *plain, *gzip;
	uint64_t number; // for the ETag
	ms made;
	int64_t bytes;
	ptrdiff_t n_shows;
	int64_t shows[];
};

struct kept_pages {
	struct lock lock; // guards what follows
	struct strmap pages;
	int64_t bytes;
	uint64_t numbers;
	struct recent recent;
};

static void page_free(struct page *p)
{
	if (!p)
		return;
	shared_drop(p->plain);
	shared_drop(p->gzip);
	mem_free(p);
}

static void forget(struct kept_pages *k, str key)
{
	struct page *p = strmap_del(&k->pages, key);
	if (p)
		k->bytes -= p->bytes;
	page_free(p);
}

// Ends every page that was made before a moment or that a change is about; NULL: about none.
static void sweep(struct kept_pages *k, ms before, const struct change *c)
{
	LIST(str) ended = {0};
	struct arena *scratch = NULL;
	str key;
	void *value;
	for (ptrdiff_t at = 0; strmap_next(&k->pages, &at, &key, &value);) {
		const struct page *p = value;
		if (p->made >= before && !(c && change_touches(c, p->shows, p->n_shows)))
			continue;
		if (!scratch)
			scratch = arena_new(4096);
		list_push(scratch, &ended, str_copy(scratch, key));
	}
	list_each (name, &ended)
		forget(k, *name);
	if (scratch)
		arena_free(scratch);
}

static void on_change(struct ctx *ctx, const struct change *c, void *arg)
{
	struct kept_pages *k = arg;
	(void)ctx;
	lock_take(&k->lock);
	recent_add(&k->recent, c);
	sweep(k, 0, c);
	lock_release(&k->lock);
}

struct kept_pages *kept_new(struct store *store)
{
	struct kept_pages *k = mem_new(1, (ptrdiff_t)sizeof *k);
	lock_init(&k->lock);
	k->numbers = (uint64_t)clock_now(); // tags of an earlier run must not match
	store_listen(store, on_change, k);
	return k;
}

void kept_free(struct kept_pages *k)
{
	sweep(k, INT64_MAX, NULL);
	strmap_free(&k->pages);
	mem_free(k);
}

int64_t kept_bytes(struct kept_pages *k)
{
	lock_take(&k->lock);
	int64_t bytes = k->bytes;
	lock_release(&k->lock);
	return bytes;
}

static void answer(struct request *req, const struct page *p)
{
	answer_cache(req, CACHE_PRIVATE, 0);
	answer_header(req, "Vary", S("Cookie, Accept-Language, Accept-Encoding"));
	if (!answer_etag(req, str_fmt(req->ctx->mem, "%llx", (unsigned long long)p->number)))
		answer_shared(req, 200, S("text/html; charset=utf-8"), p->plain, p->gzip);
}

// No address holds a line feed.
static str whole_key(struct request *req, const struct kept_page *page)
{
	return str_fmt(req->ctx->mem, "%.*s\n%.*s", STR_ARGS(page->key), STR_ARGS(page->variant));
}

bool kept_answer(struct request *req, struct kept_page *page)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	if (!page->key.n)
		return false;
	bool heard = store_is_heard(req->ctx->house->store);
	lock_take(&k->lock);
	page->since = k->recent.n;
	struct page *p = strmap_get(&k->pages, whole_key(req, page));
	if (p && (!heard || req->ctx->now - p->made > PAGES_AGE))
		p = NULL;
	if (p)
		answer(req, p);
	lock_release(&k->lock);
	return p != NULL;
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

static struct page *find_any(struct kept_pages *k, str wanted)
{
	struct page *best = NULL;
	int best_fit = 1;
	str key;
	void *value;
	for (ptrdiff_t at = 0; strmap_next(&k->pages, &at, &key, &value);) {
		struct page *p = value;
		int fit = fits(key, wanted);
		if (fit < best_fit || (best && fit == best_fit && p->made <= best->made))
			continue;
		best = p;
		best_fit = fit;
	}
	return best;
}

bool kept_answer_busy(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct kept_pages *k = ctx->house->web ? ctx->house->web->pages : NULL;
	struct shared_bytes *bytes = NULL;
	ms made = 0;
	if (!k || req->method != GET || !store_is_heard(ctx->house->store))
		return false;
	str wanted = page_key(req);
	lock_take(&k->lock);
	struct page *p = find_any(k, wanted);
	if (p) {
		bytes = shared_ref(p->plain);
		made = p->made;
	}
	lock_release(&k->lock);
	if (!p)
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

static struct page *page_new(struct request *req, const struct kept_page *page, str text)
{
	const int64_t *shows = page->shows.at;
	ptrdiff_t n = page->shows.n;
	struct page *p = mem_new((ptrdiff_t)sizeof *p + n * (ptrdiff_t)sizeof *shows, 1);
	p->plain = shared_new(text);
	p->gzip = shared_gzip(text, 4);
	p->made = req->ctx->now;
	p->bytes = text.n + shared_str(p->gzip).n + (n + 32) * (ptrdiff_t)sizeof *shows;
	p->n_shows = n;
	if (n)
		memcpy(p->shows, shows, (size_t)n * sizeof *shows);
	return p;
}

void kept_put(struct request *req, const struct kept_page *page, str text)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	struct page *p = page_new(req, page, text);
	str key = whole_key(req, page);
	lock_take(&k->lock);
	p->number = ++k->numbers;
	answer(req, p);
	bool stale = recent_touched(&k->recent, page->since, p->shows, p->n_shows);
	if (!stale) {
		if (k->bytes + p->bytes > PAGES_BYTES)
			sweep(k, req->ctx->now - PAGES_AGE, NULL);
		if (k->bytes + p->bytes > PAGES_BYTES)
			sweep(k, INT64_MAX, NULL);
		forget(k, key);
		strmap_put(&k->pages, key, p);
		k->bytes += p->bytes;
		p = NULL;
	}
	lock_release(&k->lock);
	page_free(p);
}
