// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whom somebody follows: read from the database when first asked, and again after it changed.
#include "feed/private.h"

#include "accounts/accounts.h"

#include <stdlib.h>

#define VERY_MANY 1000

static void set_bits(struct author *a, uint32_t n_authors)
{
	mem_free(a->follow_bits);
	a->follow_bits = NULL;
	a->n_bits = 0;
	if (a->n_follows < VERY_MANY)
		return;
	a->n_bits = n_authors;
	a->follow_bits = mem_new((n_authors + 63) / 64, (ptrdiff_t)sizeof *a->follow_bits);
	for (uint32_t i = 0; i < a->n_follows; i++)
		a->follow_bits[a->follows[i] / 64] |= 1ULL << a->follows[i] % 64;
}

static int64_t bytes_of(const struct author *a)
{
	return (int64_t)a->n_follows * (int64_t)sizeof *a->follows +
	       (a->n_bits + 63) / 64 * (int64_t)sizeof *a->follow_bits;
}

// By bits of those who follow very many; of others among the few.
bool follows_have(const struct author *a, uint32_t whom)
{
	if (a->follow_bits)
		return whom < a->n_bits && a->follow_bits[whom / 64] >> whom % 64 & 1;
	uint32_t low = 0, high = a->n_follows;
	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (a->follows[mid] < whom)
			low = mid + 1;
		else
			high = mid;
	}
	return low < a->n_follows && a->follows[low] == whom;
}

static int rising(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void set_follows(struct feed *f, uint32_t who, const account_id *ids, ptrdiff_t n)
{
	uint32_t *follows = mem_new(n, (ptrdiff_t)sizeof *follows);
	for (ptrdiff_t i = 0; i < n; i++)
		follows[i] = world_author(f, ids[i]);
	if (n)
		qsort(follows, (size_t)n, sizeof *follows, rising);
	struct author *a = &f->authors.at[who];
	f->follows_bytes -= bytes_of(a);
	mem_free(a->follows);
	a->follows = follows;
	a->n_follows = (uint32_t)n;
	set_bits(a, (uint32_t)f->authors.n);
	f->follows_bytes += bytes_of(a);
	a->loaded = true;
}

// A list that changed while it was read is read once more.
err follows_load(struct ctx *ctx, struct feed *f, account_id viewer)
{
	for (bool loaded = false; !loaded;) {
		account_id *ids;
		ptrdiff_t n;
		rwlock_write(&f->world);
		uint32_t me = world_author(f, viewer), turns = f->authors.at[me].follow_turns;
		rwlock_write_done(&f->world);
		TRY(following_all(ctx, viewer, &ids, &n));
		rwlock_write(&f->world);
		loaded = f->authors.at[me].loaded;
		if (!loaded && f->authors.at[me].follow_turns == turns) {
			set_follows(f, me, ids, n);
			loaded = true;
		}
		rwlock_write_done(&f->world);
	}
	return OK;
}

void follows_forget(struct feed *f)
{
	list_each (a, &f->authors) {
		a->follow_turns++;
		a->loaded = false;
	}
}

void follows_give(struct feed *f)
{
	follows_forget(f);
	list_each (a, &f->authors) {
		mem_free(a->follows);
		mem_free(a->follow_bits);
		a->follows = NULL;
		a->follow_bits = NULL;
		a->n_follows = a->n_bits = 0;
	}
	f->follows_bytes = 0;
}

// Read anew when next wanted: what other processes do may be heard late and in another order.
void follows_change(struct feed *f, account_id follower)
{
	uint64_t index;
	rwlock_write(&f->world);
	if (map_get(&f->by_account, (uint64_t)follower.v, &index)) {
		f->authors.at[index].follow_turns++;
		f->authors.at[index].loaded = false;
	}
	rwlock_write_done(&f->world);
}
