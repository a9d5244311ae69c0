// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two generations: what is asked for goes to the young one; when that is full the old one is
// dropped and the young one becomes old. Who comes again is asked once more at most, and there is
// no list of use to keep on every look.
#include "web/viewers.h"

#include "accounts/accounts.h"
#include "notes/notes.h"
#include "web/private.h"
#include "web/recent.h"

#include <string.h>

#define VIEWERS_MOST 2000  // in a generation
#define ANSWERS_MOST 60000 // in a generation: 24 bytes each, and the room of the maps
#define ANSWERS_EACH 4000  // of one viewer

struct known {
	struct map likes; // note id → whether he likes it
	str topics;       // on the heap; p NULL = not asked yet
};

struct web_viewers {
	struct rwlock lock;    // guards what follows
	struct map young, old; // account → struct known
	ptrdiff_t answers;     // of the young
	struct recent recent;
};

static struct known *known_at(uint64_t value)
{
	return (struct known *)(uintptr_t)value;
}

static void drop(struct map *viewers)
{
	uint64_t key, value;
	for (ptrdiff_t at = 0; map_next(viewers, &at, &key, &value);) {
		map_free(&known_at(value)->likes);
		mem_free((void *)(uintptr_t)known_at(value)->topics.p);
		mem_free(known_at(value));
	}
	map_free(viewers);
}

static struct known *find(const struct web_viewers *w, int64_t account)
{
	uint64_t value;
	if (map_get(&w->young, (uint64_t)account, &value) ||
		map_get(&w->old, (uint64_t)account, &value))
		return known_at(value);
	return NULL;
}

// Requires the lock for writing. The viewer in the young generation.
static struct known *young(struct web_viewers *w, int64_t account)
{
	uint64_t value;
	if (map_get(&w->young, (uint64_t)account, &value))
		return known_at(value);
	if (w->young.n >= VIEWERS_MOST || w->answers >= ANSWERS_MOST) {
		drop(&w->old);
		w->old = w->young;
		w->young = (struct map){0};
		w->answers = 0;
	}
	if (map_get(&w->old, (uint64_t)account, &value))
		map_del(&w->old, (uint64_t)account);
	else
		value = (uint64_t)(uintptr_t)mem_new(1, (ptrdiff_t)sizeof(struct known));
	map_put(&w->young, (uint64_t)account, value);
	w->answers += known_at(value)->likes.n;
	return known_at(value);
}

static void set_topics(struct known *k, str topics)
{
	mem_free((void *)(uintptr_t)k->topics.p);
	k->topics = (str){0};
	if (!topics.p)
		return;
	char *copy = mem_new(topics.n + 1, 1);
	memcpy(copy, topics.p, (size_t)topics.n);
	k->topics = (str){copy, topics.n};
}

static void on_change(struct ctx *ctx, const struct change *c, void *arg)
{
	struct web_viewers *w = arg;
	struct known *k;
	(void)ctx;
	if (c->kind != CHANGE_LIKE && c->kind != CHANGE_ACCOUNT && c->kind != CHANGE_LOST)
		return;
	rwlock_write(&w->lock);
	recent_add(&w->recent, c);
	if (c->kind == CHANGE_LOST) {
		drop(&w->young);
		drop(&w->old);
		w->answers = 0;
	} else if (c->kind == CHANGE_LIKE) {
		uint64_t before;
		k = find(w, c->actor);
		if (k && map_get(&k->likes, (uint64_t)c->subject, &before))
			map_put(&k->likes, (uint64_t)c->subject, c->extra > 0);
	} else {
		k = find(w, c->subject);
		if (k)
			set_topics(k, (str){0});
	}
	rwlock_write_done(&w->lock);
}

struct web_viewers *viewers_new(struct store *store)
{
	struct web_viewers *w = mem_new(1, (ptrdiff_t)sizeof *w);
	rwlock_init(&w->lock);
	store_listen(store, on_change, w);
	return w;
}

void viewers_free(struct web_viewers *w)
{
	drop(&w->young);
	drop(&w->old);
	mem_free(w);
}

// Whether this person liked something or was changed since: what was loaded may be older than that.
static bool acted_since(const struct web_viewers *w, uint64_t since, int64_t account)
{
	const struct recent *r = &w->recent;
	if (r->n - since > RECENT_CHANGES)
		return true;
	for (uint64_t i = since; i < r->n; i++) {
		const struct change *c = &r->at[i % RECENT_CHANGES];
		if (c->kind == CHANGE_LOST || c->actor == account || c->subject == account)
			return true;
	}
	return false;
}

// Answers what is known; the places of the rest go to `asked`.
static ptrdiff_t from_memory(struct web_viewers *w, int64_t account, const note_id *ids,
	ptrdiff_t n, bool *out, ptrdiff_t *asked, uint64_t *since)
{
	ptrdiff_t n_asked = 0;
	uint64_t likes;
	rwlock_read(&w->lock);
	const struct known *k = find(w, account);
	*since = w->recent.n;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (k && map_get(&k->likes, (uint64_t)ids[i].v, &likes))
			out[i] = likes != 0;
		else
			asked[n_asked++] = i;
	}
	rwlock_read_done(&w->lock);
	return n_asked;
}

static void keep_likes(struct web_viewers *w, int64_t account, const note_id *ids,
	const bool *likes, ptrdiff_t n, uint64_t since)
{
	rwlock_write(&w->lock);
	if (!acted_since(w, since, account)) {
		struct known *k = young(w, account);
		if (k->likes.n > ANSWERS_EACH) {
			w->answers -= k->likes.n;
			map_free(&k->likes);
		}
		ptrdiff_t before = k->likes.n;
		for (ptrdiff_t i = 0; i < n; i++)
			map_put(&k->likes, (uint64_t)ids[i].v, likes[i]);
		w->answers += k->likes.n - before;
	}
	rwlock_write_done(&w->lock);
}

err viewer_likes(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out)
{
	struct web_viewers *w = ctx->house->web->viewers;
	int64_t me = ctx->viewer.account.v;
	uint64_t since;
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = false;
	if (!me || !n)
		return OK;
	ptrdiff_t *asked = NEW_N(ctx->mem, ptrdiff_t, n);
	ptrdiff_t n_asked = from_memory(w, me, ids, n, out, asked, &since);
	if (!n_asked)
		return OK;
	note_id *unknown = NEW_N(ctx->mem, note_id, n_asked);
	bool *likes = NEW_N(ctx->mem, bool, n_asked);
	for (ptrdiff_t i = 0; i < n_asked; i++)
		unknown[i] = ids[asked[i]];
	TRY(likes_among(ctx, unknown, n_asked, likes));
	for (ptrdiff_t i = 0; i < n_asked; i++)
		out[asked[i]] = likes[i];
	keep_likes(w, me, unknown, likes, n_asked, since);
	return OK;
}

err viewer_topics(struct ctx *ctx, str *out)
{
	struct web_viewers *w = ctx->house->web->viewers;
	int64_t me = ctx->viewer.account.v;
	str topics = {0};
	if (!me) {
		*out = topics;
		return OK;
	}
	rwlock_read(&w->lock);
	const struct known *k = find(w, me);
	uint64_t since = w->recent.n;
	bool known = k && k->topics.p;
	if (known)
		topics = str_copy(ctx->mem, k->topics);
	rwlock_read_done(&w->lock);
	if (!known) {
		TRY(account_topics(ctx, &topics));
		rwlock_write(&w->lock);
		if (!acted_since(w, since, me))
			set_topics(young(w, me), topics.p ? topics : S(""));
		rwlock_write_done(&w->lock);
	}
	*out = topics;
	return OK;
}
