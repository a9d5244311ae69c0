// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Attempts at a secret. Each is counted when it begins, as one that failed, and taken back when it was
// right: so a hundred at once are a hundred. What was counted is forgotten with time. The table never
// grows: a key shares a set of places with others, and the one with least on its account gives way.
#include "permit/private.h"

#include "words/words.h"

#include <math.h>

#define SETS 4096
#define WAYS 4
#define HELD_MOST 1024 // at once: each is a connection with its request
#define HELD_NETWORK 4

// What a name and a network, or a browser, may do by themselves: then the time doubles.
#define FREE_PAIR 10
#define FORGET_PAIR (90 * MS_SECOND)
#define FIRST_WAIT (15 * MS_SECOND)
#define LAST_WAIT (15 * MS_MINUTE)
// What all networks may do to a name, and one network to all names: then it is slow for everybody but
// the browsers that the account knows, and never shut.
#define FREE_NAME 20
#define FREE_NETWORK 30
#define FORGET_MANY (30 * MS_SECOND)
#define EACH_STEP 10
#define FIRST_HOLD MS_SECOND
#define LAST_HOLD (8 * MS_SECOND)

struct count {
	uint64_t key; // 0: a free place
	double level;
	ms at, until; // none is let through before
};

// One answer that is held back. It gives up its place when its time is over, whatever became of the
// request: nobody has to say so, and nothing can forget to.
struct held {
	uint64_t network;
	ms until;
};

struct attempts {
	struct lock lock; // guards all that follows
	struct held held[HELD_MOST];
	struct count sets[SETS][WAYS];
};

struct attempts *attempts_new(void)
{
	struct attempts *a = mem_new(1, (ptrdiff_t)sizeof *a);
	lock_init(&a->lock);
	return a;
}

void attempts_free(struct attempts *a)
{
	mem_free(a);
}

static void forget_some(struct count *c, ms now, ms each)
{
	c->level = MAX(c->level - (double)MAX(now - c->at, 0) / (double)each, 0.0);
	c->at = MAX(c->at, now);
}

// The key's place; with `make` one is found for it.
static struct count *place(struct attempts *a, uint64_t key, ms now, ms each, bool make)
{
	struct count *set = a->sets[key % SETS], *least = NULL;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key) {
			forget_some(&set[i], now, each);
			return &set[i];
		}
		if (!least || set[i].level < least->level)
			least = &set[i];
	}
	if (!make)
		return NULL;
	*least = (struct count){.key = key, .at = now};
	return least;
}

static ms doubled(ms first, ms most, double times)
{
	ms wait = first;
	for (int i = 0; i < (int)times && wait < most; i++)
		wait *= 2;
	return MIN(wait, most);
}

// Too often by itself: until when.
static ms count_pair(struct attempts *a, uint64_t key, ms now)
{
	struct count *c = place(a, key, now, FORGET_PAIR, true);
	if (c->until > now)
		return c->until - now;
	c->level += 1;
	if (c->level > FREE_PAIR - 1) // a little is forgotten between the first and the last
		c->until = now + doubled(FIRST_WAIT, LAST_WAIT, c->level - FREE_PAIR + 0.5);
	return 0;
}

// Too often by many: how slow.
static ms count_many(struct attempts *a, uint64_t key, ms now, int free)
{
	struct count *c = place(a, key, now, FORGET_MANY, true);
	c->level += 1;
	return c->level <= free ? 0 : doubled(FIRST_HOLD, LAST_HOLD, (c->level - free) / EACH_STEP);
}

// A clock that was set back frees it as well.
static bool is_over(const struct held *h, ms now)
{
	return h->until <= now || h->until > now + LAST_HOLD;
}

static bool hold(struct attempts *a, uint64_t network, ms now, ms until)
{
	struct held *free = NULL;
	int of_network = 0;
	for (int i = 0; i < HELD_MOST; i++) {
		struct held *h = &a->held[i];
		if (is_over(h, now))
			free = h;
		else
			of_network += h->network == network;
	}
	if (!free || of_network >= HELD_NETWORK)
		return false;
	*free = (struct held){network, until};
	return true;
}

static struct attempts *counted(struct ctx *ctx)
{
	struct permit *p = ctx->house->permit;
	return p && p->rate_limits ? p->attempts : NULL;
}

static err wait_for(struct ctx *ctx, ms wait)
{
	return fail_n(ctx, ERR_TOO_MANY, NULL, W_error_wait_seconds, (wait + 999) / 1000);
}

static uint64_t pair_key(struct ctx *ctx, const struct attempt *t)
{
	return key_of(ctx, "pair", t->name, t->network);
}

// The count that bars this attempt when it fails too often.
static uint64_t own_key(struct ctx *ctx, const struct attempt *t)
{
	return t->browser.n ? key_of(ctx, "browser", t->browser, t->name) : pair_key(ctx, t);
}

static uint64_t name_key(struct ctx *ctx, const struct attempt *t)
{
	return key_of(ctx, "name", t->name, S(""));
}

static uint64_t network_key(struct ctx *ctx, const struct attempt *t)
{
	return key_of(ctx, "network", t->network, S(""));
}

err permit_attempt(struct ctx *ctx, const struct attempt *t, ms *held)
{
	struct attempts *a = counted(ctx);
	*held = 0;
	if (!a)
		return OK;
	ms slow = 0;
	bool waits = true;
	lock_take(&a->lock);
	ms wait = count_pair(a, own_key(ctx, t), ctx->now);
	if (!wait && !t->browser.n) {
		uint64_t network = network_key(ctx, t);
		ms of_name = count_many(a, name_key(ctx, t), ctx->now, FREE_NAME);
		ms of_network = count_many(a, network, ctx->now, FREE_NETWORK);
		slow = MAX(of_name, of_network);
		waits = !slow || hold(a, network, ctx->now, ctx->now + slow);
	}
	lock_release(&a->lock);
	if (wait)
		return wait_for(ctx, wait);
	if (!waits)
		return wait_for(ctx, slow);
	*held = slow;
	return OK;
}

static void forgive(struct attempts *a, uint64_t key, ms now, ms each, double most)
{
	struct count *c = place(a, key, now, each, false);
	if (!c)
		return;
	c->level = MAX(c->level - most, 0.0);
	c->until = 0;
}

void permit_attempt_undo(struct ctx *ctx, const struct attempt *t)
{
	struct attempts *a = counted(ctx);
	if (!a)
		return;
	lock_take(&a->lock);
	forgive(a, own_key(ctx, t), ctx->now, FORGET_PAIR, 1);
	if (!t->browser.n) {
		forgive(a, name_key(ctx, t), ctx->now, FORGET_MANY, 1);
		forgive(a, network_key(ctx, t), ctx->now, FORGET_MANY, 1);
	}
	lock_release(&a->lock);
}

void attempts_forgive(struct attempts *a, uint64_t key, ms now)
{
	lock_take(&a->lock);
	forgive(a, key, now, FORGET_PAIR, INFINITY);
	lock_release(&a->lock);
}

static err tell_right(struct ctx *ctx, void *arg)
{
	const struct attempt *t = arg;
	int64_t here = store_process(ctx->house->store);
	change_add(ctx, &permit_forgiven, (int64_t)own_key(ctx, t), here, 0);
	if (t->browser.n)
		change_add(ctx, &permit_forgiven, (int64_t)pair_key(ctx, t), here, 0);
	return OK;
}

err permit_attempt_right(struct ctx *ctx, const struct attempt *t)
{
	struct attempt copy = *t;
	struct attempts *a = counted(ctx);
	if (!a)
		return OK;
	permit_attempt_undo(ctx, t);
	attempts_forgive(a, own_key(ctx, t), ctx->now);
	attempts_forgive(a, pair_key(ctx, t), ctx->now);
	return is_shared(ctx) ? store_write_committed(ctx, tell_right, &copy) : OK;
}

void attempts_heard(struct attempts *a, uint64_t key, enum counted what, ms now)
{
	lock_take(&a->lock);
	if (what == COUNTED_PAIR)
		count_pair(a, key, now);
	else
		count_many(a, key, now, what == COUNTED_NAME ? FREE_NAME : FREE_NETWORK);
	lock_release(&a->lock);
}

static err tell_wrong(struct ctx *ctx, void *arg)
{
	const struct attempt *t = arg;
	tell_counted(ctx, own_key(ctx, t), COUNTED_PAIR);
	if (!t->browser.n) {
		tell_counted(ctx, name_key(ctx, t), COUNTED_NAME);
		tell_counted(ctx, network_key(ctx, t), COUNTED_NETWORK);
	}
	return OK;
}

err permit_attempt_wrong(struct ctx *ctx, const struct attempt *t)
{
	struct attempt copy = *t;
	return is_shared(ctx) ? store_write_committed(ctx, tell_wrong, &copy) : OK;
}
