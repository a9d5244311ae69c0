// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Saying what happened, and telling who subscribed: within the transaction, and after its commit.
// Kinds are numbered as listeners come, so that a change finds its own and no others.
#include "store/inside.h"
#include "store/store.sql.h"

#include <stdatomic.h>

struct change_kind changes_lost = {.name = "changes.lost"};

static struct {
	struct lock lock; // guards numbering; kinds are of the program, not of a store
	struct change_kind *at[KINDS_MOST];
	int n;
} kinds = {.lock = LOCK_INIT};

// Set while listeners run: a write would wait for the commit that waits for it.
static _Thread_local bool telling;

static void number(struct change_kind *kind)
{
	lock_take(&kinds.lock);
	if (!kind->number) {
		must(kinds.n + 1 < KINDS_MOST);
		kinds.at[kinds.n++] = kind;
		kind->number = kinds.n;
	}
	lock_release(&kinds.lock);
}

static const struct change_kind *kind_named(str name)
{
	for (int i = 0; i < kinds.n; i++)
		if (str_eq(name, str_from(kinds.at[i]->name)))
			return kinds.at[i];
	return NULL;
}

struct change change_said(const struct said *row)
{
	return (struct change){.kind = kind_named(row->kind),
		.subject = row->subject,
		.actor = row->actor,
		.extra = row->extra};
}

static void listen(struct store *store, struct change_kind *kind, struct listener listener)
{
	number(kind);
	list_push(NULL, &store->subjects[kind->number].listeners, listener);
}

void store_on(struct store *store, struct change_kind *kind, change_fn fn, void *arg)
{
	listen(store, kind, (struct listener){.fn = fn, .arg = arg});
}

void store_within(struct store *store, struct change_kind *kind, change_within_fn within, void *arg)
{
	listen(store, kind, (struct listener){.within = within, .arg = arg});
}

void subjects_free(struct store *store)
{
	for (int i = 0; i < KINDS_MOST; i++)
		list_free(&store->subjects[i].listeners);
}

void change_add(struct ctx *ctx, const struct change_kind *kind, int64_t subject, int64_t actor,
	int64_t extra)
{
	must(ctx->db && ctx->pending);
	struct change change = {.kind = kind,
		.subject = subject,
		.actor = actor,
		.extra = extra,
		.quiet = ctx->quiet};
	list_push(ctx->mem, &ctx->pending->changes, change);
}

// By index: who hears of one may say more.
err changes_within(struct ctx *ctx, struct store *store)
{
	for (ptrdiff_t i = 0; i < ctx->pending->changes.n; i++) {
		struct change change = ctx->pending->changes.at[i];
		list_each (l, &store->subjects[change.kind->number].listeners)
			if (l->within)
				TRY(l->within(ctx, &change, l->arg));
	}
	return ctx->db->failed;
}

static err say_on_pg(struct ctx *ctx, struct db *db, const struct change *c)
{
	struct change_say_on_pg_row row;
	TRY(change_say_on_pg(ctx, db->store->process, str_from(c->kind->name), c->subject, c->actor,
		c->extra, &row));
	db->work = row.work;
	return OK;
}

// Numbered by the database, after all else is written.
err changes_write(struct ctx *ctx, struct db *db)
{
	if (db->flight)
		flight_begin(db->store, db->flight);
	list_each (c, &ctx->pending->changes) {
		if (db->pg)
			TRY(say_on_pg(ctx, db, c));
		else
			TRY(change_say(ctx, clock_now(), db->store->process,
				str_from(c->kind->name), c->subject, c->actor, c->extra));
	}
	return OK;
}

bool store_is_telling(void)
{
	return telling;
}

// Of another process's change it is not known whether an own one that was told saw its work; only of
// those that were told before the place from which it is read, that they did not.
void store_tell(struct ctx *ctx, struct store *store, enum teller teller, struct change *change)
{
	lock_take(&store->told.lock);
	telling = true;
	if (teller == TELL_OWN)
		atomic_fetch_add(&store->told.own, 1);
	else
		change->late |= atomic_load(&store->told.own) != store->told.own_then;
	list_each (l, &store->subjects[change->kind->number].listeners)
		if (l->fn)
			l->fn(ctx, change, l->arg);
	telling = false;
	lock_release(&store->told.lock);
}

void store_deliver(struct ctx *ctx, struct store *store)
{
	struct db_pending *pending = ctx->pending;
	struct problem problem = ctx->problem;
	ctx->pending = NULL;
	list_each (change, &pending->changes)
		store_tell(ctx, store, TELL_OWN, change);
	list_each (after, &pending->after)
		after->fn(after->arg);
	ctx->problem = problem;
}
