// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The small public part of accounts, cached: cards and comments name authors without a statement
// when warm. What is handed out is copied into the request's memory, and veiled there.
#include "accounts/private.h"

static void drop(void *value)
{
	struct person *p = value;
	str_drop(p->name);
	str_drop(p->host);
	str_drop(p->display);
	str_drop(p->avatar);
	mem_free(p);
}

struct memo *people_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = PEOPLE_MOST, .drop = drop});
	memo_follow(m, &account_changed, MEMO_SUBJECT);
	return m;
}

bool account_is_veiled(const struct ctx *ctx, account_id id, enum standing standing)
{
	return standing != STANDING_GOOD && id.v != ctx->viewer.account.v &&
	       ctx->viewer.role < ROLE_MODERATOR;
}

static void veil(const struct ctx *ctx, struct person *p)
{
	if (!p->id.v || !account_is_veiled(ctx, p->id, p->standing))
		return;
	p->display = p->name;
	p->avatar = (str){0};
	p->avatar_colour = 0;
}

void account_veil(const struct ctx *ctx, struct account *a)
{
	if (!account_is_veiled(ctx, a->id, a->standing))
		return;
	a->display = a->name;
	a->bio = a->avatar = a->cover = (str){0};
	a->n_reads = 0;
}

static struct person copy(struct arena *mem, const struct person *p)
{
	struct person c = *p;
	c.name = str_copy(mem, p->name);
	c.host = str_copy(mem, p->host);
	c.display = str_copy(mem, p->display);
	c.avatar = str_copy(mem, p->avatar);
	return c;
}

static void remember(struct ctx *ctx, const struct person *p, uint64_t moment)
{
	struct person *kept = mem_new(1, (ptrdiff_t)sizeof *kept);
	*kept = *p;
	kept->name = str_keep(p->name);
	kept->host = p->host.n ? str_keep(p->host) : (str){0}; // few have one
	kept->display = str_keep(p->display);
	kept->avatar = str_keep(p->avatar);
	memo_keep(ctx, ctx->house->accounts->people, memo_id(p->id), kept, 1, moment, &p->id.v, 1);
}

static struct person from_row(const struct people_get_row *r)
{
	return (struct person){
		.id = r->id,
		.name = r->name,
		.host = r->host,
		.display = r->display.n ? r->display : r->name,
		.avatar = r->avatar,
		.avatar_colour = r->colour.v,
		.role = (enum role)r->role,
		.standing = (enum standing)r->standing,
		.welcomed = r->welcomed,
	};
}

// Fills what is known; collects the ids that are not.
static ptrdiff_t from_memory(struct ctx *ctx, const account_id *ids, ptrdiff_t n,
	struct person *out, account_id *missing, uint64_t *moment)
{
	struct memo *people = ctx->house->accounts->people;
	ptrdiff_t n_missing = 0;
	*moment = memo_open(people);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct person *known = ids[i].v ? memo_at(people, memo_id(ids[i])) : NULL;
		out[i] = known ? copy(ctx->mem, known) : (struct person){0};
		if (!known && ids[i].v)
			missing[n_missing++] = ids[i];
	}
	memo_close(people);
	return n_missing;
}

static err load(struct ctx *ctx, const account_id *ids, ptrdiff_t n, struct person *out)
{
	account_id *missing = NEW_N(ctx->mem, account_id, n);
	uint64_t moment;
	ptrdiff_t n_missing = from_memory(ctx, ids, n, out, missing, &moment), n_rows;
	struct people_get_row *rows;
	if (!n_missing)
		return OK;
	TRY(people_get(ctx, missing, n_missing, &rows, &n_rows));
	for (ptrdiff_t r = 0; r < n_rows; r++) {
		struct person p = from_row(&rows[r]);
		remember(ctx, &p, moment);
		for (ptrdiff_t i = 0; i < n; i++)
			if (ids[i].v == p.id.v)
				out[i] = p;
	}
	return OK;
}

err people_in_good_standing(struct ctx *ctx, const account_id *ids, ptrdiff_t n, bool *good)
{
	struct memo *people = ctx->house->accounts->people;
	bool all = true;
	memo_open(people);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct person *known = ids[i].v ? memo_at(people, memo_id(ids[i])) : NULL;
		good[i] = known && known->standing == STANDING_GOOD;
		all &= known || !ids[i].v;
	}
	memo_close(people);
	if (all)
		return OK;
	struct person *loaded = NEW_N(ctx->mem, struct person, n);
	TRY(load(ctx, ids, n, loaded));
	for (ptrdiff_t i = 0; i < n; i++)
		good[i] = loaded[i].id.v && loaded[i].standing == STANDING_GOOD;
	return OK;
}

err people_by_ids(struct ctx *ctx, const account_id *ids, ptrdiff_t n, struct person *out)
{
	TRY(load(ctx, ids, n, out));
	for (ptrdiff_t i = 0; i < n; i++)
		veil(ctx, &out[i]);
	return OK;
}
