// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Places in the change feed, and what was said between two of them. The order is the database's: no
// clock of a process is asked. SQLite commits one transaction after the other; a place is the number
// of the next change. PostgreSQL commits many at once, and not in the order of any number that they
// bear: a place is a snapshot, by which of each transaction it is known whether it was there. What one
// snapshot shows and an earlier one did not is read once, in the order in which the changes were
// numbered at the end of their transactions: who saw another's work did so after its commit, and so
// has the higher number. A transaction that takes its time holds nobody up.
#include "store/inside.h"
#include "store/store.sql.h"

#include <string.h>

static bool is_awaited(const struct place *p, int64_t work)
{
	for (ptrdiff_t i = 0; i < p->awaited.n; i++)
		if (p->awaited.at[i] == work)
			return true;
	return false;
}

bool place_shows(const struct place *p, int64_t work)
{
	return work < p->end && !is_awaited(p, work);
}

bool place_is(const struct place *p, const struct place *other)
{
	return p->end == other->end && p->awaited.n == other->awaited.n &&
	       (!p->awaited.n || memcmp(p->awaited.at, other->awaited.at,
					 (size_t)p->awaited.n * sizeof *p->awaited.at) == 0);
}

struct place place_copy(struct arena *mem, const struct place *p)
{
	struct place copy = {.oldest = p->oldest, .end = p->end, .at = p->at};
	for (ptrdiff_t i = 0; i < p->awaited.n; i++)
		list_push(mem, &copy.awaited, p->awaited.at[i]);
	return copy;
}

// As PostgreSQL writes it: the oldest that is under way, the first that has not begun, and all that
// are under way: 100:104:100,102
static bool snapshot_read(struct arena *mem, str text, struct place *out)
{
	struct place p = {0};
	int64_t work;
	str oldest = str_cut(&text, ':'), end = str_cut(&text, ':');
	if (!str_int(oldest, &p.oldest) || !str_int(end, &p.end))
		return false;
	while (text.n) {
		if (!str_int(str_cut(&text, ','), &work))
			return false;
		list_push(mem, &p.awaited, work);
	}
	*out = p;
	return true;
}

err place_now(struct ctx *ctx, const struct store *store, struct place *out)
{
	struct place p = {0};
	if (store->postgres) {
		struct changes_snapshot_row row;
		TRY(changes_snapshot(ctx, &row));
		if (!snapshot_read(ctx->mem, row.snapshot, &p))
			return fail_s(ctx, ERR_DATABASE, "snapshot", 0, row.snapshot);
		p.at = row.at;
	} else {
		struct changes_last_row row;
		TRY(changes_last(ctx, &row));
		p.oldest = p.end = row.turn + 1;
		p.at = clock_now(); // a file is on the machine of its processes
	}
	*out = p;
	return OK;
}

// Not everybody who hosts a database lets it be asked: then nothing is known of its history.
err place_history(struct ctx *ctx, const struct store *store, str *out)
{
	struct changes_history_row row = {0};
	err asked = store->postgres ? changes_history(ctx, &row) : OK;
	if (asked == ERR_DATABASE && ctx->db)
		ctx->db->failed = OK;
	*out = row.name;
	return asked == ERR_DATABASE ? OK : asked;
}

err place_page(struct ctx *ctx, const struct store *store, const struct place *since,
	const struct place *until, int64_t but_of, int64_t after, struct said **out, ptrdiff_t *n)
{
	if (store->postgres)
		return changes_new(ctx, since->end, since->awaited.at, since->awaited.n, until->end,
			until->awaited.at, until->awaited.n, but_of, after, PLACE_PAGE, out, n);
	return changes_between(
		ctx, MAX(since->end, after + 1), until->end, but_of, PLACE_PAGE, out, n);
}

err place_newest(struct ctx *ctx, const struct store *store, int64_t before, struct said *out)
{
	return store->postgres ? changes_newest_on_pg(ctx, before, out)
			       : changes_newest(ctx, before, out);
}

// What is not old is never thrown away; and of what is, always the first.
err place_is_whole(struct ctx *ctx, const struct store *store, int64_t from, ms at, bool *out)
{
	struct place now;
	struct said before = {0};
	TRY(place_now(ctx, store, &now));
	ms old = now.at - CHANGES_KEPT;
	if (at > old + 10 * MS_MINUTE && at < now.at + MS_MINUTE) {
		*out = true;
		return OK;
	}
	err found = place_newest(ctx, store, from, &before);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	*out = found == OK && before.at < old;
	return OK;
}
