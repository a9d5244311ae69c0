// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The following feed beyond what memory holds: a merge as in memory, of walks over indexes of the database.
// The newest of each walk is found for a thousand accounts at once; what is behind it is read when its
// turn comes. So a page costs a probe of an index for each account and circle, and a few rows; and to those
// who follow very many a stretch of what everybody has.
#include "feed/private.h"

#include "accounts/accounts.h"

#include <stdlib.h>

#define HEADS_AT_ONCE 1000
#define WALK_BATCH 16
#define PASSED_MOST 20000 // entries for one page
#define VERY_MANY 1000
#define STRETCH 1000 // entries of everybody that are looked through at once
#define STRETCHES 20

struct past_walk {
	account_id who;
	uint8_t kind;
	enum visibility circle;  // of what is published
	struct feed_entry *next; // that were read, the first is the head
	ptrdiff_t n, at;
	bool end; // nothing is behind them
};

struct entries {
	struct feed_entry *at;
	ptrdiff_t n, cap;
};

struct past {
	struct feed *feed;
	int64_t before;
	ptrdiff_t limit;
	account_id *who; // the viewer, and whom he follows of those in good standing; rising
	ptrdiff_t n;
	LIST(struct past_walk) walks;
	struct entries found;
};

static int rising(const void *a, const void *b)
{
	const account_id *x = a, *y = b;
	return (x->v > y->v) - (x->v < y->v);
}

static bool copy_follows(struct ctx *ctx, struct past *p)
{
	struct feed *f = p->feed;
	uint64_t me;
	rwlock_read(&f->world);
	bool known = map_get(&f->by_account, (uint64_t)ctx->viewer.account.v, &me);
	const struct author *a = &f->authors.at[known ? me : 0];
	bool loaded = known && a->loaded;
	p->who = NEW_N(ctx->mem, account_id, loaded ? (ptrdiff_t)a->n_follows + 1 : 1);
	p->who[p->n++] = ctx->viewer.account;
	for (uint32_t i = 0; loaded && i < a->n_follows; i++)
		if (!f->authors.at[a->follows[i]].hidden)
			p->who[p->n++] = f->authors.at[a->follows[i]].id;
	rwlock_read_done(&f->world);
	return loaded;
}

static err find_whom(struct ctx *ctx, struct past *p)
{
	if (!copy_follows(ctx, p)) {
		TRY(follows_load(ctx, p->feed, ctx->viewer.account));
		p->n = 0;
		if (!copy_follows(ctx, p))
			return ERR_UNAVAILABLE; // changed again at once: the next try finds it
	}
	qsort(p->who, (size_t)p->n, sizeof *p->who, rising);
	return OK;
}

static struct feed_entry published(account_id who, note_id note)
{
	return (struct feed_entry){note.v, note, &feed_published, who};
}

static void add_walk(struct ctx *ctx, struct past *p, uint8_t kind, enum visibility circle,
	struct feed_entry head)
{
	struct feed_entry *next = NEW(ctx->mem, struct feed_entry);
	*next = head;
	next->why = p->feed->kinds[kind].kind;
	list_push(ctx->mem, &p->walks,
		(struct past_walk){
			.who = head.who, .kind = kind, .circle = circle, .next = next, .n = 1});
}

// Of friends those alone who follow the viewer back.
static err keep_friends(struct ctx *ctx, struct note_head *heads, ptrdiff_t *n)
{
	account_id *ids = NEW_N(ctx->mem, account_id, *n);
	bool *back = NEW_N(ctx->mem, bool, *n);
	ptrdiff_t kept = 0;
	for (ptrdiff_t i = 0; i < *n; i++)
		ids[i] = heads[i].account;
	if (*n)
		TRY(followers_among(ctx, ids, *n, back));
	for (ptrdiff_t i = 0; i < *n; i++)
		if (back[i] || ids[i].v == ctx->viewer.account.v)
			heads[kept++] = heads[i];
	*n = kept;
	return OK;
}

static err add_circle(struct ctx *ctx, struct past *p, const account_id *who, ptrdiff_t n_who,
	enum visibility circle)
{
	struct note_head *heads;
	ptrdiff_t n;
	TRY(notes_heads(ctx, who, n_who, circle, (note_id){p->before}, &heads, &n));
	if (circle == VIS_MUTUALS)
		TRY(keep_friends(ctx, heads, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		add_walk(ctx, p, 0, circle, published(heads[i].account, heads[i].note));
	return OK;
}

static err add_kind(
	struct ctx *ctx, struct past *p, const account_id *who, ptrdiff_t n_who, uint8_t kind)
{
	struct feed_entry *heads;
	ptrdiff_t n;
	TRY(p->feed->kinds[kind].kind->heads(ctx, who, n_who, p->before, &heads, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		add_walk(ctx, p, kind, VIS_PUBLIC, heads[i]);
	return OK;
}

static err add_walks(struct ctx *ctx, struct past *p)
{
	for (ptrdiff_t at = 0; at < p->n; at += HEADS_AT_ONCE) {
		ptrdiff_t n = MIN(p->n - at, HEADS_AT_ONCE);
		for (enum visibility v = VIS_PUBLIC; v <= VIS_MUTUALS; v++)
			TRY(add_circle(ctx, p, p->who + at, n, v));
		for (int kind = 1; kind < p->feed->n_kinds; kind++)
			TRY(add_kind(ctx, p, p->who + at, n, (uint8_t)kind));
	}
	for (enum visibility v = VIS_MUTUALS + 1; v < VISIBILITIES; v++)
		TRY(add_circle(ctx, p, &ctx->viewer.account, 1, v)); // the viewer's own
	return OK;
}

static err read_on(struct ctx *ctx, const struct past *p, struct past_walk *w)
{
	int64_t before = w->next[w->n - 1].moment;
	const struct entry_kind *kind = p->feed->kinds[w->kind].kind;
	note_id *ids;
	w->at = w->n = 0;
	if (w->kind) {
		TRY(kind->read(ctx, w->who, before, WALK_BATCH, &w->next, &w->n));
	} else {
		TRY(notes_of_circle(
			ctx, w->who, w->circle, (note_id){before}, WALK_BATCH, &ids, &w->n));
		w->next = NEW_N(ctx->mem, struct feed_entry, w->n);
		for (ptrdiff_t i = 0; i < w->n; i++)
			w->next[i] = published(w->who, ids[i]);
	}
	for (ptrdiff_t i = 0; i < w->n; i++)
		w->next[i].why = kind;
	w->end = w->n < WALK_BATCH;
	return OK;
}

// Moment of what comes after the head, 0: nothing.
static err step(struct ctx *ctx, const struct past *p, struct past_walk *w, int64_t *moment)
{
	if (++w->at == w->n && !w->end)
		TRY(read_on(ctx, p, w));
	*moment = w->at < w->n ? w->next[w->at].moment : 0;
	return OK;
}

static bool is_among(const struct past *p, account_id who)
{
	return bsearch(&who, p->who, (size_t)p->n, sizeof *p->who, rising) != NULL;
}

// As in memory: the oldest entry about a note that is for everybody, and whose author the viewer does not follow.
static err is_taken(struct ctx *ctx, const struct past *p, const struct feed_entry *e, bool *out)
{
	struct note_fact fact;
	bool older, good;
	*out = e->why == &feed_published;
	if (*out)
		return OK;
	err found = note_fact_get(ctx, e->note, &fact);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	TRY(people_in_good_standing(ctx, &fact.account, 1, &good));
	if (!good || fact.visibility > VIS_UNLISTED || is_among(p, fact.account))
		return OK;
	TRY(past_has_older(ctx, p->feed, e->note, e->moment, &older));
	*out = !older;
	return OK;
}

static err offer(struct ctx *ctx, struct past *p, const struct feed_entry *e)
{
	bool taken;
	TRY(is_taken(ctx, p, e, &taken));
	if (taken)
		list_push(ctx->mem, &p->found, *e);
	return OK;
}

// Notes of a stretch of everybody's that the viewer may see, friends' only of those who follow back.
static err choose_notes(struct ctx *ctx, const struct past *p, const struct note_fact *facts,
	ptrdiff_t n, struct entries *out)
{
	struct note_head *of_friends = NEW_N(ctx->mem, struct note_head, n);
	ptrdiff_t n_friends = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		bool own = facts[i].account.v == ctx->viewer.account.v;
		if (!own && !is_among(p, facts[i].account))
			continue;
		if (own || facts[i].visibility <= VIS_FOLLOWERS)
			list_push(ctx->mem, out, published(facts[i].account, facts[i].id));
		else if (facts[i].visibility == VIS_MUTUALS)
			of_friends[n_friends++] = (struct note_head){facts[i].account, facts[i].id};
	}
	TRY(keep_friends(ctx, of_friends, &n_friends));
	for (ptrdiff_t i = 0; i < n_friends; i++)
		list_push(ctx->mem, out, published(of_friends[i].account, of_friends[i].note));
	return OK;
}

static err choose_kind(
	struct ctx *ctx, const struct past *p, uint8_t kind, struct entries *out, int64_t *lowest)
{
	struct feed_entry *at;
	ptrdiff_t n;
	const struct entry_kind *k = p->feed->kinds[kind].kind;
	TRY(k->read(ctx, (account_id){0}, p->before, STRETCH, &at, &n));
	for (ptrdiff_t i = 0; i < n; i++) {
		at[i].why = k;
		if (is_among(p, at[i].who))
			list_push(ctx->mem, out, at[i]);
	}
	if (n == STRETCH)
		*lowest = MAX(*lowest, at[n - 1].moment);
	return OK;
}

static int newest_first(const void *a, const void *b)
{
	const struct feed_entry *x = a, *y = b;
	return (x->moment < y->moment) - (x->moment > y->moment);
}

// The next stretch of what everybody has, of each kind; as far down as all of them reach.
static err look_through(struct ctx *ctx, struct past *p, bool *end)
{
	struct note_fact *facts;
	struct entries chosen = {0};
	ptrdiff_t n;
	TRY(notes_facts(ctx, (note_id){p->before}, STRETCH, &facts, &n));
	int64_t lowest = n == STRETCH ? facts[n - 1].id.v : 1;
	TRY(choose_notes(ctx, p, facts, n, &chosen));
	for (int kind = 1; kind < p->feed->n_kinds; kind++)
		TRY(choose_kind(ctx, p, (uint8_t)kind, &chosen, &lowest));
	if (chosen.n)
		qsort(chosen.at, (size_t)chosen.n, sizeof *chosen.at, newest_first);
	for (ptrdiff_t i = 0; i < chosen.n && p->found.n < p->limit; i++)
		if (chosen.at[i].moment >= lowest)
			TRY(offer(ctx, p, &chosen.at[i]));
	p->before = lowest;
	*end = lowest == 1;
	return OK;
}

static err merge(struct ctx *ctx, struct past *p)
{
	ptrdiff_t n = 0;
	TRY(add_walks(ctx, p));
	struct head *heap = NEW_N(ctx->mem, struct head, p->walks.n);
	list_each (w, &p->walks)
		heap[n++] = (struct head){.id = w->next->moment, .past = w};
	heads_make(heap, n);
	for (int i = 0; i < PASSED_MOST && n && p->found.n < p->limit; i++) {
		struct past_walk *w = heap[0].past;
		TRY(offer(ctx, p, &w->next[w->at]));
		TRY(step(ctx, p, w, &heap[0].id));
		heads_next(heap, &n);
	}
	return OK;
}

// Who follows very many finds most of what everybody has to be of them: that is looked through first.
err past_following(struct ctx *ctx, struct feed *f, int64_t before, ptrdiff_t limit,
	struct feed_entry **out, ptrdiff_t *n_out)
{
	struct past p = {.feed = f, .before = before, .limit = limit};
	bool end = false;
	TRY(find_whom(ctx, &p));
	for (int i = 0; i < STRETCHES && p.n >= VERY_MANY && p.found.n < limit && !end; i++)
		TRY(look_through(ctx, &p, &end));
	if (p.found.n < limit && !end)
		TRY(merge(ctx, &p));
	*out = p.found.at;
	*n_out = p.found.n;
	return OK;
}
