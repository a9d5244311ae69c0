// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whose notes nobody else sees: known of authors in memory, so that lists leave them out before they
// are cut into pages.
#include "feed/private.h"

#include "accounts/accounts.h"

err standing_change(struct ctx *ctx, struct feed *f, account_id id)
{
	struct person p;
	uint64_t known;
	TRY(people_by_ids(ctx, &id, 1, &p));
	bool hidden = !p.id.v || p.standing != STANDING_GOOD;
	rwlock_write(&f->world);
	f->standing_turns++;
	if (hidden || map_get(&f->by_account, (uint64_t)id.v, &known)) {
		uint32_t author = world_author(f, id); // may move them all
		f->authors.at[author].hidden = hidden;
	}
	rwlock_write_done(&f->world);
	return OK;
}

// Read once more when somebody's standing changed meanwhile.
err standing_load(struct ctx *ctx, struct feed *f)
{
	for (bool loaded = false; !loaded;) {
		account_id *ids;
		ptrdiff_t n;
		rwlock_read(&f->world);
		uint32_t turns = f->standing_turns;
		rwlock_read_done(&f->world);
		TRY(accounts_hidden(ctx, &ids, &n));
		rwlock_write(&f->world);
		loaded = turns == f->standing_turns;
		list_each (a, &f->authors)
			a->hidden &= !loaded;
		for (ptrdiff_t i = 0; loaded && i < n; i++) {
			uint32_t author = world_author(f, ids[i]); // may move them all
			f->authors.at[author].hidden = true;
		}
		rwlock_write_done(&f->world);
	}
	return OK;
}
