// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The number of this process among all that write to one database: it stands in every id that is made
// here, so no two processes may have the same. It is leased from the database; the lease is so much
// longer than clocks differ that nobody takes a number whose owner lives. Whoever was stopped for
// longer than its lease takes a number again before it writes anything.
#include "store/inside.h"
#include "store/store.sql.h"

#include <stdatomic.h>

#define NODES NODE_UNLEASED
#define LEASE (3 * MS_MINUTE)
#define RENEW_EVERY (20 * MS_SECOND)
#define SKEW_MOST MS_MINUTE // of two clocks: so much of a lease is not relied on

static _Thread_local bool leasing; // this thread writes what it leases, with the number it had

struct leased {
	int64_t number, until;
};

static err take_free(struct ctx *ctx, struct store *store, struct leased *l)
{
	struct node_take_row taken;
	struct node_next_row next;
	int64_t made;
	err found = node_take(ctx, clock_now(), l->until, store->process, &taken);
	if (found == OK)
		l->number = taken.number;
	if (found != ERR_NOT_FOUND)
		return found;
	TRY(node_next(ctx, &next));
	if (next.number >= NODES)
		return fail_s(ctx, ERR_CONFLICT, NULL, 0,
			S("255 processes have written to this database within three minutes"));
	TRY(node_add(ctx, next.number, store->process, l->until, &made));
	l->number = next.number;
	return made ? OK : ERR_UNAVAILABLE;
}

static err lease(struct ctx *ctx, void *arg)
{
	struct leased *l = arg;
	struct store *store = ctx->house->store;
	int64_t kept = 0;
	l->until = clock_now() + LEASE;
	if (l->number >= 0)
		TRY(node_renew(ctx, l->number, store->process, l->until, &kept));
	return kept ? OK : take_free(ctx, store, l);
}

static err lease_now(struct ctx *ctx, struct store *store)
{
	struct leased l = {.number = store->node.number};
	ms begun = clock_steady();
	TRY(store_write(ctx, lease, &l));
	if (l.number != store->node.number)
		id_node_set((int)l.number);
	store->node.number = l.number;
	atomic_store(&store->node.until, begun + LEASE - SKEW_MOST);
	return OK;
}

err store_node_lease(struct ctx *ctx)
{
	struct store *store = ctx->house->store;
	err result;
	lock_take(&store->node.lock);
	int64_t until = atomic_load(&store->node.until);
	bool fresh = until && until - clock_steady() > LEASE - SKEW_MOST - RENEW_EVERY;
	leasing = true;
	result = fresh ? OK : lease_now(ctx, store);
	leasing = false;
	lock_release(&store->node.lock);
	return result;
}

bool node_has_lapsed(struct store *store)
{
	int64_t until = atomic_load(&store->node.until);
	return !leasing && until && clock_steady() >= until;
}

static err give_back(struct ctx *ctx, void *arg)
{
	struct store *store = arg;
	int64_t kept;
	return node_renew(ctx, store->node.number, store->process, 0, &kept);
}

void store_node_return(struct ctx *ctx)
{
	struct store *store = ctx->house->store;
	if (!atomic_exchange(&store->node.until, 0))
		return;
	// Who cannot be told finds the lease run out.
	err told = store_write(ctx, give_back, store);
	(void)told;
	store_done(ctx);
}
