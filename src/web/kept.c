// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The store of strangers' pages: a map of refcounted bytes, emptied when it grows too large, when
// something shown changed, or when it is older than a minute (times on pages are relative).
#include "web/kept.h"

#include "store/store.h"
#include "web/private.h"

#define PAGES_BYTES (8 << 20)
#define PAGES_AGE MS_MINUTE

struct page {
	struct shared_bytes *plain, *gzip;
	uint64_t number; // for the ETag
};

struct kept_pages {
	struct lock lock; // guards what follows
	struct strmap pages;
	int64_t bytes;
	uint64_t changes, numbers;
	ms begun;
};

static void empty(struct kept_pages *k, ms now)
{
	str key;
	void *value;
	for (ptrdiff_t at = 0; strmap_next(&k->pages, &at, &key, &value);) {
		struct page *p = value;
		shared_drop(p->plain);
		shared_drop(p->gzip);
		mem_free(p);
	}
	strmap_free(&k->pages);
	k->bytes = 0;
	k->begun = now;
}

static void on_change(struct ctx *ctx, const struct change *c, void *arg)
{
	struct kept_pages *k = arg;
	if (c->kind == CHANGE_JOB_ENDED || c->kind == CHANGE_SESSION ||
		c->kind == CHANGE_NOTIFIED || c->kind == CHANGE_REPORT)
		return;
	lock_take(&k->lock);
	k->changes++;
	empty(k, ctx->now);
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
	empty(k, 0);
	mem_free(k);
}

static void answer(struct request *req, const struct page *p)
{
	answer_cache(req, CACHE_PRIVATE, 0);
	answer_header(req, "Vary", S("Cookie, Accept-Language, Accept-Encoding"));
	if (!answer_etag(req, str_fmt(req->ctx->mem, "%llx", (unsigned long long)p->number)))
		answer_shared(req, 200, S("text/html; charset=utf-8"), p->plain, p->gzip);
}

bool kept_answer(struct request *req, str key)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	lock_take(&k->lock);
	if (req->ctx->now - k->begun > PAGES_AGE)
		empty(k, req->ctx->now);
	struct page *p = strmap_get(&k->pages, key);
	if (p)
		answer(req, p);
	lock_release(&k->lock);
	return p != NULL;
}

uint64_t kept_changes(struct request *req)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	lock_take(&k->lock);
	uint64_t changes = k->changes;
	lock_release(&k->lock);
	return changes;
}

void kept_put(struct request *req, str key, str page, uint64_t changes)
{
	struct kept_pages *k = req->ctx->house->web->pages;
	struct page *p = mem_new(1, (ptrdiff_t)sizeof *p);
	p->plain = shared_new(page);
	p->gzip = shared_gzip(page, 4);
	lock_take(&k->lock);
	p->number = ++k->numbers;
	answer(req, p);
	bool stale = k->changes != changes;
	if (!stale && k->bytes > PAGES_BYTES)
		empty(k, req->ctx->now);
	if (!stale && !strmap_get(&k->pages, key)) {
		strmap_put(&k->pages, key, p);
		k->bytes += page.n + page.n / 4;
		p = NULL;
	}
	lock_release(&k->lock);
	if (p) {
		shared_drop(p->plain);
		shared_drop(p->gzip);
		mem_free(p);
	}
}
