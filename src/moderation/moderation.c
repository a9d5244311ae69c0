// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What all of moderation needs: the count of what waits for them, kept in memory, and who may look. Reports
// stand in reports.c, decisions in decide.c, reading them in decisions.c.
#include "moderation/private.h"

#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#define THINGS_MOST 1000 // more that were reported are not counted

static void on_change(struct ctx *ctx, const struct change *change, void *arg)
{
	struct moderation *m = arg;
	(void)ctx;
	bool somebody_waits = change->kind == CHANGE_ACCOUNT && change->extra; // or no longer
	if (change->kind != CHANGE_REPORT && change->kind != CHANGE_LOST && !somebody_waits)
		return;
	lock_take(&m->lock);
	m->known = false;
	m->generation++;
	lock_release(&m->lock);
}

err moderation_start(struct ctx *ctx)
{
	struct moderation *m = mem_new(1, (ptrdiff_t)sizeof *m);
	lock_init(&m->lock);
	ctx->house->moderation = m;
	store_listen(ctx->house->store, on_change, m);
	return OK;
}

err moderation_waiting(struct ctx *ctx, struct waiting *out)
{
	struct moderation *m = ctx->house->moderation;
	struct things_reported_row row;
	if (ctx->viewer.role < ROLE_MODERATOR || ctx->viewer.limited)
		return must_moderate(ctx);
	lock_take(&m->lock);
	bool known = m->known;
	struct waiting waiting = m->waiting;
	uint64_t generation = m->generation;
	lock_release(&m->lock);
	if (!known) {
		TRY(things_reported(ctx, THINGS_MOST, &row));
		waiting.reports = row.things;
		TRY(accounts_waiting_count(ctx, &waiting.signups));
		lock_take(&m->lock);
		// A change that came while we counted may not be in our count.
		if (m->generation == generation) {
			m->waiting = waiting;
			m->known = true;
		}
		lock_release(&m->lock);
	}
	*out = waiting;
	return OK;
}

err must_moderate(struct ctx *ctx)
{
	return permit_role(ctx, ROLE_MODERATOR);
}

str excerpt_of(struct ctx *ctx, str title, str body)
{
	str all = body;
	if (title.n)
		all = body.n ? str_fmt(ctx->mem, "%.*s\n%.*s", STR_ARGS(title), STR_ARGS(body))
			     : title;
	return unicode_excerpt(ctx->mem, all, EXCERPT_MOST);
}

err people_for(struct ctx *ctx, const account_id *ids, ptrdiff_t n, struct person **out)
{
	struct person *people = NEW_N(ctx->mem, struct person, n);
	TRY(people_by_ids(ctx, ids, n, people));
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = people[i].id.v ? &people[i] : NULL;
	return OK;
}
