// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Places in the order of changes that are kept outside the database: what was learnt up to there is
// made true by what came after. A place lies well before what was told last, because commits do not
// become visible in the order of their ids and clocks differ: some changes are told once more, none
// is left out. A change that was there then bears witness that the database was not put back since.
#include "store/inside.h"
#include "store/store.sql.h"

#include <stdatomic.h>
#include <string.h>

#define BEHIND (CHANGES_LATE + 2 * MS_MINUTE) // of two clocks of one community
#define AT_ONCE 1000
#define EVERYBODY (-1) // no process has this number

struct place {
	int64_t database; // when its first schema step was made
	int64_t schema;   // of the steps that it has
	int64_t after;    // id of a change
	int64_t told;     // ms
	int64_t witness;  // id of a change; 0: there was none
};
_Static_assert(sizeof(struct place) <= STORE_MARK_BYTES, "");

static int64_t schema_of(const struct store *store)
{
	uint64_t sum = 0xcbf29ce484222325U;
	for (int i = 0; i < store->n_steps; i++)
		for (const char *c = store->steps[i].hash; *c; c++)
			sum = (sum ^ (unsigned char)*c) * 0x100000001b3U;
	return (int64_t)sum;
}

static err describe(struct ctx *ctx, struct place *p)
{
	struct store_born_row born;
	TRY(store_born(ctx, &born));
	p->database = born.at;
	p->schema = schema_of(ctx->house->store);
	return OK;
}

// What others did up to this moment was told, and what was done here by who began before it.
static ms told_until(struct store *store)
{
	ms told = atomic_load(&store->told);
	lock_take(&store->flights.lock);
	if (store->flights.first)
		told = MIN(told, store->flights.first->since);
	lock_release(&store->flights.lock);
	return told;
}

err store_mark(struct ctx *ctx, struct store_mark *out)
{
	struct place p = {.told = told_until(ctx->house->store)};
	struct store_newest_row newest;
	p.after = id_floor(p.told - BEHIND);
	TRY(describe(ctx, &p));
	TRY(store_newest(ctx, &newest));
	p.witness = newest.id.v;
	*out = (struct store_mark){0};
	memcpy(out->bytes, &p, sizeof p);
	return OK;
}

// Whether none of what came after the place was thrown away: nothing of that time ever is, or something
// older is still there, and what is older goes first.
static err is_whole(struct ctx *ctx, const struct place *p)
{
	struct store_oldest_row oldest;
	if (p->told > clock_now() - CHANGES_KEPT + 10 * MS_MINUTE)
		return OK;
	TRY(store_oldest(ctx, &oldest));
	return oldest.id.v && oldest.id.v <= p->after ? OK : ERR_NOT_FOUND;
}

// Whether it is a place of this database as it is now.
static err belongs(struct ctx *ctx, const struct place *p)
{
	struct place here = {0};
	TRY(describe(ctx, &here));
	if (p->database != here.database || p->schema != here.schema)
		return ERR_NOT_FOUND;
	if (p->after < 0 || p->told > clock_now() + MS_MINUTE)
		return ERR_NOT_FOUND; // the clock stands earlier than it did
	if (p->witness) {
		struct store_change_is_row is;
		TRY(store_change_is(ctx, (change_id){p->witness}, &is));
	}
	return is_whole(ctx, p);
}

static err tell_all(struct ctx *ctx, change_id since, store_since_fn fn, void *arg)
{
	for (;;) {
		struct store_changes_since_row *rows;
		ptrdiff_t n;
		arena_reset(ctx->mem);
		TRY(store_changes_since(ctx, since, EVERYBODY, AT_ONCE, &rows, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			since = rows[i].id;
			struct change change = {.id = rows[i].id,
				.kind = change_kind_named(rows[i].kind),
				.subject = rows[i].subject,
				.actor = rows[i].actor,
				.extra = rows[i].extra,
				.again = true};
			if (change.kind)
				fn(&change, arg);
		}
		if (n < AT_ONCE)
			return OK;
	}
}

err store_since(struct ctx *ctx, const struct store_mark *mark, store_since_fn fn, void *arg)
{
	struct place p;
	memcpy(&p, mark->bytes, sizeof p);
	TRY(belongs(ctx, &p));
	struct ctx inner = *ctx;
	inner.mem = arena_new(64 << 10);
	err result = tell_all(&inner, (change_id){p.after}, fn, arg);
	if (result == OK)
		result = is_whole(&inner, &p); // also while it was being read
	arena_free(inner.mem);
	return result;
}
