// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The small public part of accounts, cached: cards and comments name authors without a statement
// when warm. What is handed out is copied into the request's memory, and veiled there.
#include "accounts/private.h"

static str keep(str s)
{
	char *p = mem_new(s.n, 1);
	for (ptrdiff_t i = 0; i < s.n; i++)
		p[i] = s.p[i];
	return (str){p, s.n};
}

static void drop_text(str s)
{
	union {
		const char *in;
		void *out;
	} bytes = {.in = s.p};
	mem_free(bytes.out);
}

static void drop(struct person *p)
{
	drop_text(p->name);
	drop_text(p->display);
	drop_text(p->avatar);
	mem_free(p);
}

static struct person *stored(uint64_t value)
{
	return (struct person *)(uintptr_t)value;
}

static void drop_all(struct accounts *a) REQUIRES_LOCK(a->people_lock)
{
	uint64_t key, value;
	for (ptrdiff_t at = 0; map_next(&a->people, &at, &key, &value);)
		drop(stored(value));
	map_free(&a->people);
}

void people_forget(struct accounts *a, account_id id)
{
	uint64_t value;
	rwlock_write(&a->people_lock);
	a->people_changes++;
	if (!id.v) {
		drop_all(a);
	} else if (map_get(&a->people, (uint64_t)id.v, &value)) {
		map_del(&a->people, (uint64_t)id.v);
		drop(stored(value));
	}
	rwlock_write_done(&a->people_lock);
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
	c.display = str_copy(mem, p->display);
	c.avatar = str_copy(mem, p->avatar);
	return c;
}

static void remember(struct accounts *a, const struct person *p, uint64_t changes)
{
	uint64_t value;
	rwlock_write(&a->people_lock);
	if (a->people_changes == changes) {
		struct person *heap = mem_new(1, (ptrdiff_t)sizeof *heap);
		*heap = *p;
		heap->name = keep(p->name);
		heap->display = keep(p->display);
		heap->avatar = keep(p->avatar);
		if (a->people.n >= PEOPLE_MOST)
			drop_all(a);
		if (map_get(&a->people, (uint64_t)p->id.v, &value))
			drop(stored(value));
		map_put(&a->people, (uint64_t)p->id.v, (uint64_t)(uintptr_t)heap);
	}
	rwlock_write_done(&a->people_lock);
}

static struct person from_row(const struct people_get_row *r)
{
	return (struct person){
		.id = r->id,
		.name = r->name,
		.display = r->display.n ? r->display : r->name,
		.avatar = r->avatar,
		.avatar_colour = r->colour.v,
		.role = (enum role)r->role,
		.standing = (enum standing)r->standing,
	};
}

// Fills what is known; collects the ids that are not.
static ptrdiff_t from_memory(struct ctx *ctx, const account_id *ids, ptrdiff_t n,
	struct person *out, account_id *missing, uint64_t *changes)
{
	struct accounts *a = ctx->house->accounts;
	ptrdiff_t n_missing = 0;
	uint64_t value;
	rwlock_read(&a->people_lock);
	*changes = a->people_changes;
	for (ptrdiff_t i = 0; i < n; i++) {
		out[i] = (struct person){0};
		if (!ids[i].v)
			continue;
		if (map_get(&a->people, (uint64_t)ids[i].v, &value))
			out[i] = copy(ctx->mem, stored(value));
		else
			missing[n_missing++] = ids[i];
	}
	rwlock_read_done(&a->people_lock);
	return n_missing;
}

static err load(struct ctx *ctx, const account_id *ids, ptrdiff_t n, struct person *out)
{
	account_id *missing = NEW_N(ctx->mem, account_id, n);
	uint64_t changes;
	ptrdiff_t n_missing = from_memory(ctx, ids, n, out, missing, &changes), n_rows;
	struct people_get_row *rows;
	if (!n_missing)
		return OK;
	TRY(people_get(ctx, missing, n_missing, &rows, &n_rows));
	for (ptrdiff_t r = 0; r < n_rows; r++) {
		struct person p = from_row(&rows[r]);
		// A transaction sees what may be undone, or what has changed since it began.
		if (!ctx->db)
			remember(ctx->house->accounts, &p, changes);
		for (ptrdiff_t i = 0; i < n; i++)
			if (ids[i].v == p.id.v)
				out[i] = p;
	}
	return OK;
}

err people_by_ids(struct ctx *ctx, const account_id *ids, ptrdiff_t n, struct person *out)
{
	TRY(load(ctx, ids, n, out));
	for (ptrdiff_t i = 0; i < n; i++)
		veil(ctx, &out[i]);
	return OK;
}
