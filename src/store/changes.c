// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Saying what happened, and telling who subscribed: within the transaction, and after its commit.
// Kinds are numbered as listeners come, so that a change finds its own and no others.
#include "store/inside.h"
#include "store/store.sql.h"

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

const struct change_kind *change_kind_named(str name)
{
	for (int i = 0; i < kinds.n; i++)
		if (str_eq(name, str_from(kinds.at[i]->name)))
			return kinds.at[i];
	return NULL;
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

err changes_write(struct ctx *ctx, struct db *db)
{
	if (db->flight)
		flight_begin(db->store, db->flight);
	list_each (c, &ctx->pending->changes) {
		// Numbered here and not by ctx->now, which may be old by the time the turn comes.
		c->id = (change_id){id_new(clock_now())};
		TRY(store_change_add(ctx, c->id, db->store->process, str_from(c->kind->name),
			c->subject, c->actor, c->extra));
	}
	return OK;
}

bool store_is_telling(void)
{
	return telling;
}

void store_tell(struct ctx *ctx, struct store *store, const struct change *change)
{
	lock_take(&store->telling);
	telling = true;
	list_each (l, &store->subjects[change->kind->number].listeners)
		if (l->fn)
			l->fn(ctx, change, l->arg);
	telling = false;
	lock_release(&store->telling);
}

void store_deliver(struct ctx *ctx, struct store *store)
{
	struct db_pending *pending = ctx->pending;
	struct problem problem = ctx->problem;
	ctx->pending = NULL;
	list_each (change, &pending->changes)
		store_tell(ctx, store, change);
	list_each (after, &pending->after)
		after->fn(after->arg);
	ctx->problem = problem;
}
