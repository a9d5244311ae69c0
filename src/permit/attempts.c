// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Attempts at a secret. Each is counted when it begins, as one that failed, and taken back when it was
// right: so a hundred at once are a hundred. What was counted is forgotten with time. The table never
// grows: a key shares a set of places with others, and the one with least on its account gives way.
#include "permit/attempts.h"

#include "words/words.h"

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
	int held;
};

struct attempts {
	struct lock lock; // guards all that follows
	int held;
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
		bool free = !set[i].held;
		if (free && (!least || set[i].level < least->level))
			least = &set[i];
	}
	if (!make || !least)
		return NULL;
	*least = (struct count){.key = key, .at = now};
	return least;
}

static uint64_t key_of(struct ctx *ctx, const char *kind, str one, str two)
{
	uint64_t key =
		str_hash(str_fmt(ctx->mem, "%s %.*s %.*s", kind, STR_ARGS(one), STR_ARGS(two)));
	return key ? key : 1;
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
	if (!c)
		return 0;
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
	if (!c)
		return LAST_HOLD;
	c->level += 1;
	return c->level <= free ? 0 : doubled(FIRST_HOLD, LAST_HOLD, (c->level - free) / EACH_STEP);
}

static bool hold(struct attempts *a, uint64_t network, ms now)
{
	struct count *c = place(a, network, now, FORGET_MANY, true);
	if (!c || a->held >= HELD_MOST || c->held >= HELD_NETWORK)
		return false;
	c->held++;
	a->held++;
	return true;
}

static struct attempts *counted(struct ctx *ctx)
{
	return ctx->house->permit ? permit_attempts(ctx->house->permit) : NULL;
}

static err wait_for(struct ctx *ctx, ms wait)
{
	return fail_n(ctx, ERR_TOO_MANY, NULL, W_error_wait_seconds, (wait + 999) / 1000);
}

err permit_attempt(struct ctx *ctx, struct attempt *t, ms *held)
{
	struct attempts *a = counted(ctx);
	*held = 0;
	t->held = false;
	if (!a)
		return OK;
	bool known = t->browser.n > 0;
	uint64_t own = known ? key_of(ctx, "browser", t->browser, t->name)
			     : key_of(ctx, "pair", t->name, t->network);
	uint64_t network = key_of(ctx, "network", t->network, S(""));
	lock_take(&a->lock);
	ms wait = count_pair(a, own, ctx->now);
	ms slow = 0;
	if (!wait && !known) {
		ms of_name =
			count_many(a, key_of(ctx, "name", t->name, S("")), ctx->now, FREE_NAME);
		ms of_network = count_many(a, network, ctx->now, FREE_NETWORK);
		slow = MAX(of_name, of_network);
		t->held = slow && hold(a, network, ctx->now);
	}
	lock_release(&a->lock);
	if (wait)
		return wait_for(ctx, wait);
	if (slow && !t->held)
		return wait_for(ctx, slow);
	*held = slow;
	return OK;
}

void permit_attempt_go_on(struct ctx *ctx, struct attempt *t)
{
	struct attempts *a = counted(ctx);
	if (!a || !t->held)
		return;
	t->held = false;
	lock_take(&a->lock);
	struct count *c =
		place(a, key_of(ctx, "network", t->network, S("")), ctx->now, FORGET_MANY, false);
	if (c && c->held)
		c->held--;
	a->held--;
	lock_release(&a->lock);
}

static void take_back(struct attempts *a, uint64_t key, ms now, ms each, bool all)
{
	struct count *c = place(a, key, now, each, false);
	if (!c)
		return;
	c->level = all ? 0 : MAX(c->level - 1, 0.0);
	c->until = 0;
}

void permit_attempt_right(struct ctx *ctx, const struct attempt *t)
{
	struct attempts *a = counted(ctx);
	if (!a)
		return;
	lock_take(&a->lock);
	if (t->browser.n) {
		take_back(a, key_of(ctx, "browser", t->browser, t->name), ctx->now, FORGET_PAIR,
			true);
	} else {
		take_back(a, key_of(ctx, "name", t->name, S("")), ctx->now, FORGET_MANY, false);
		take_back(
			a, key_of(ctx, "network", t->network, S("")), ctx->now, FORGET_MANY, false);
	}
	take_back(a, key_of(ctx, "pair", t->name, t->network), ctx->now, FORGET_PAIR, true);
	lock_release(&a->lock);
}
