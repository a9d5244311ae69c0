// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whom a reader could follow: authors of the newest public notes, judged by the languages these are
// written in. What an account says of itself does not count.
#include "feed/private.h"

#include "accounts/accounts.h"

#include <stdlib.h>

#define NOTES_LOOKED_AT 6000 // of those that everyone may see
#define CANDIDATES_MOST 300

struct candidate {
	account_id id;
	int readable, other; // notes with a text
	int64_t echo;        // what people made of those that can be read
};

struct tally {
	struct map places; // author index → place in the list, and one
	LIST(struct candidate) list;
};

static struct candidate *candidate_of(struct ctx *ctx, struct tally *t, uint64_t author)
{
	uint64_t place;
	if (map_get(&t->places, author, &place))
		return &t->list.at[place];
	map_put(&t->places, author, (uint64_t)t->list.n);
	list_push(ctx->mem, &t->list,
		(struct candidate){.id = ctx->house->feed->authors.at[author].id});
	return &t->list.at[t->list.n - 1];
}

static void count_notes(struct ctx *ctx, const struct feed *f, const bool *mine, struct tally *t)
{
	int wordless = world_language(f, (lang){0});
	struct walk w = walk_below(f, &f->all, 0);
	for (int n = 0; n < NOTES_LOOKED_AT && walk_peek(f, &w);) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		if (!world_shows(f, fact) || fact->language == wordless)
			continue;
		n++;
		struct candidate *c = candidate_of(ctx, t, fact->author);
		if (!mine[fact->language]) {
			c->other++;
			continue;
		}
		c->readable++;
		c->echo += 1 + fact->likes + 3 * (int64_t)fact->comments;
	}
}

static int most_echo_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->echo != y->echo)
		return x->echo < y->echo ? 1 : -1;
	return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

// At least half of what they write, and something.
static ptrdiff_t keep_readable(struct candidate *list, ptrdiff_t n)
{
	ptrdiff_t kept = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		if (list[i].readable && list[i].readable >= list[i].other)
			list[kept++] = list[i];
	if (kept)
		qsort(list, (size_t)kept, sizeof *list, most_echo_first);
	return MIN(kept, CANDIDATES_MOST);
}

static void find(struct ctx *ctx, const lang *reads, int n_reads, struct tally *t)
{
	struct feed *f = ctx->house->feed;
	bool mine[LANGUAGES_MOST] = {0};
	rwlock_read(&f->world);
	world_read_by(f, reads, n_reads, mine);
	for (int i = 0; i < LANGUAGES_MOST && !n_reads; i++)
		mine[i] = true;
	count_notes(ctx, f, mine, t);
	rwlock_read_done(&f->world);
	map_free(&t->places);
	t->list.n = keep_readable(t->list.at, t->list.n);
}

err feed_people(struct ctx *ctx, const lang *reads, int n_reads, int limit, account_id **out,
	ptrdiff_t *n_out)
{
	struct tally t = {0};
	ptrdiff_t n = 0;
	find(ctx, reads, n_reads, &t);
	account_id *ids = NEW_N(ctx->mem, account_id, t.list.n);
	struct person *people = NEW_N(ctx->mem, struct person, t.list.n);
	bool *followed = NEW_N(ctx->mem, bool, t.list.n);
	for (ptrdiff_t i = 0; i < t.list.n; i++)
		ids[i] = t.list.at[i].id;
	TRY(people_by_ids(ctx, ids, t.list.n, people));
	TRY(follows_among(ctx, ids, t.list.n, followed));
	for (ptrdiff_t i = 0; i < t.list.n && n < limit; i++)
		if (people[i].id.v && people[i].standing == STANDING_GOOD && !followed[i] &&
			ids[i].v != ctx->viewer.account.v)
			ids[n++] = ids[i];
	*out = ids;
	*n_out = n;
	return OK;
}
