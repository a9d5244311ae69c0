// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The store of strangers' pages: a map of refcounted bytes. Pages older than a minute are made anew,
// since times on them are relative; when there are too many, the old ones go, then all.
#include "web/kept.h"

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

bool kept_answer(struct request *req, struct kept_page *page)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	if (!page->key.n)
		return false;
	lock_take(&k->lock);
	page->since = k->recent.n;
	struct page *p = strmap_get(&k->pages, page->key);
	if (p && req->ctx->now - p->made > PAGES_AGE) {
		forget(k, page->key);
		p = NULL;
	}
	if (p)
		answer(req, p);
	lock_release(&k->lock);
	return p != NULL;
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
	lock_take(&k->lock);
	p->number = ++k->numbers;
	answer(req, p);
	bool stale = recent_touched(&k->recent, page->since, p->shows, p->n_shows);
	if (!stale) {
		if (k->bytes + p->bytes > PAGES_BYTES)
			sweep(k, req->ctx->now - PAGES_AGE, NULL);
		if (k->bytes + p->bytes > PAGES_BYTES)
			sweep(k, INT64_MAX, NULL);
		forget(k, page->key);
		strmap_put(&k->pages, page->key, p);
		k->bytes += p->bytes;
		p = NULL;
	}
	lock_release(&k->lock);
	page_free(p);
}
