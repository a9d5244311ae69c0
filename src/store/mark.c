// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Places in the order of changes that are kept outside the database: what was learnt up to there is
// made true by what came after. A snapshot of PostgreSQL also awaits what other databases of the
// server have under way, for hours may be: so each that is awaited is kept by its number, as far as there
// is room. Where it is not known so well some changes are told once more, none is left out. A change
// that was there then bears witness that the database was not put back since.
#include "store/inside.h"
#include "store/store.sql.h"

#include <string.h>

#define AWAITED_MOST 30

struct kept_place {
	int64_t database; // when its first schema step was made
	int64_t schema;   // of the steps that it has
	int64_t history;
	int64_t from;                             // all below this number was told
	int64_t end;                              // this one and all above were not
	int64_t n_awaited, awaited[AWAITED_MOST]; // nor were these between the two; rising
	int64_t at;                               // ms, by the database's clock
	struct {
		int64_t work, turn, at;
	} witness;
};
_Static_assert(sizeof(struct kept_place) == STORE_MARK_BYTES, "");

static uint64_t digest(uint64_t sum, const char *p, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++)
		sum = (sum ^ (unsigned char)p[i]) * 0x100000001b3U;
	return sum;
}

#define DIGEST_BEGIN 0xcbf29ce484222325U

static int64_t schema_of(const struct store *store)
{
	uint64_t sum = DIGEST_BEGIN;
	for (int i = 0; i < store->n_steps; i++)
		sum = digest(sum, store->steps[i].hash, (ptrdiff_t)strlen(store->steps[i].hash));
	return (int64_t)sum;
}

static err describe(struct ctx *ctx, struct kept_place *p)
{
	struct store_born_row born;
	str history;
	TRY(store_born(ctx, &born));
	TRY(place_history(ctx, ctx->house->store, &history));
	p->database = born.at;
	p->schema = schema_of(ctx->house->store);
	p->history = (int64_t)digest(DIGEST_BEGIN, history.p, history.n);
	return OK;
}

// Nothing from this number on counts as told.
static void end_at(struct kept_place *p, int64_t work)
{
	p->from = MIN(p->from, work);
	p->end = MIN(p->end, work);
	while (p->n_awaited && p->awaited[p->n_awaited - 1] >= p->end)
		p->n_awaited--;
}

static void keep(struct kept_place *p, const struct place *heard)
{
	p->from = heard->oldest;
	p->end = heard->end;
	p->at = heard->at;
	p->n_awaited = MIN(heard->awaited.n, AWAITED_MOST);
	for (ptrdiff_t i = 0; i < p->n_awaited; i++)
		p->awaited[i] = heard->awaited.at[i];
	if (heard->awaited.n > AWAITED_MOST)
		end_at(p, heard->awaited.at[AWAITED_MOST]);
}

// What others did there was told; of what was done here and is not told yet nothing lies below its end.
static void told_until(struct store *store, struct kept_place *p)
{
	lock_take(&store->heard.lock);
	keep(p, &store->heard.place);
	list_each (work, &store->heard.doubts)
		end_at(p, *work);
	lock_release(&store->heard.lock);
	lock_take(&store->flights.lock);
	if (store->flights.first)
		end_at(p, store->flights.first->since);
	lock_release(&store->flights.lock);
}

err store_mark(struct ctx *ctx, struct store_mark *out)
{
	struct kept_place p = {0};
	struct said newest;
	told_until(ctx->house->store, &p);
	TRY(describe(ctx, &p));
	TRY(place_newest(ctx, ctx->house->store, INT64_MAX, &newest));
	p.witness.work = newest.work;
	p.witness.turn = newest.turn;
	p.witness.at = newest.at;
	*out = (struct store_mark){0};
	memcpy(out->bytes, &p, sizeof p);
	return OK;
}

static err hear_witness(struct ctx *ctx, const struct kept_place *p)
{
	struct said row;
	if (ctx->house->store->postgres)
		TRY(change_at_on_pg(ctx, p->witness.work, p->witness.turn, &row));
	else
		TRY(change_at(ctx, p->witness.turn, &row));
	return row.at == p->witness.at ? OK : ERR_NOT_FOUND;
}

static err is_whole(struct ctx *ctx, const struct kept_place *p)
{
	bool whole;
	TRY(place_is_whole(ctx, ctx->house->store, p->from, p->at, &whole));
	return whole ? OK : ERR_NOT_FOUND;
}

// Whether it is a place of this database as it is now.
static err belongs(struct ctx *ctx, const struct kept_place *p, const struct place *now)
{
	struct kept_place here = {0};
	TRY(describe(ctx, &here));
	if (p->database != here.database || p->schema != here.schema ||
		p->history != here.history || p->from < 0 || p->from > p->end ||
		p->end > now->end || p->n_awaited < 0 || p->n_awaited > AWAITED_MOST)
		return ERR_NOT_FOUND;
	TRY(hear_witness(ctx, p));
	return is_whole(ctx, p);
}

static err tell_from(struct ctx *ctx, struct kept_place *p, const struct place *now,
	store_since_fn fn, void *arg)
{
	const struct place since = {
		.oldest = p->from, .end = p->end, .awaited = {.at = p->awaited, .n = p->n_awaited}};
	struct said *rows;
	ptrdiff_t n = PLACE_PAGE;
	for (int64_t after = -1; n == PLACE_PAGE;) {
		arena_reset(ctx->mem);
		TRY(place_page(ctx, ctx->house->store, &since, now, NOBODY, after, &rows, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			struct change change = change_said(&rows[i]);
			change.late = true;
			after = rows[i].turn;
			if (change.kind)
				fn(&change, arg);
		}
	}
	return OK;
}

err store_since(struct ctx *ctx, const struct store_mark *mark, store_since_fn fn, void *arg)
{
	struct kept_place p;
	struct place now;
	memcpy(&p, mark->bytes, sizeof p);
	TRY(place_now(ctx, ctx->house->store, &now));
	TRY(belongs(ctx, &p, &now));
	struct ctx inner = *ctx;
	inner.mem = arena_new(64 << 10);
	err result = tell_from(&inner, &p, &now, fn, arg);
	if (result == OK)
		result = is_whole(&inner, &p); // also while it was being read
	arena_free(inner.mem);
	return result;
}
