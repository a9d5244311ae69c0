// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What all of moderation needs: the count of what waits for them, kept in memory, and who may look. Reports
// stand in reports.c, decisions in decide.c, reading them in decisions.c, what may be reported in kinds.c and things.c.
#include "moderation/private.h"

#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#define THINGS_MOST 1000 // more that were reported are not counted

struct change_kind report_made = {.name = "moderation.report"};
struct change_kind decision_made = {.name = "moderation.decision"};

static const struct memo_key of_all = {.id = 1}; // one count for all who decide

static err start(struct ctx *ctx)
{
	struct moderation *m = mem_new(1, (ptrdiff_t)sizeof *m);
	m->waiting = memo_new(ctx->house->store, &(struct memo_spec){.most = 1});
	memo_follow(m->waiting, &report_made, MEMO_ALL);
	memo_follow(m->waiting, &decision_made, MEMO_ALL);
	memo_follow(m->waiting, &account_waits, MEMO_ALL);
	memo_follow(m->waiting, &standing_changed, MEMO_ALL);
	ctx->house->moderation = m;
	kinds_add(ctx, &reported_notes);
	kinds_add(ctx, &reported_accounts);
	return OK;
}

static void stop(struct ctx *ctx)
{
	memo_free(ctx->house->moderation->waiting);
	mem_free(ctx->house->moderation);
	ctx->house->moderation = NULL;
}

const struct room moderation_room = {.name = "moderation",
	.commands = moderation_commands,
	.extent = OPEN_ROOMS,
	.start = start,
	.stop = stop};

err moderation_waiting(struct ctx *ctx, struct waiting *out)
{
	struct memo *m = ctx->house->moderation->waiting;
	struct things_reported_row row;
	if (ctx->viewer.role < ROLE_MODERATOR || ctx->viewer.limited)
		return must_moderate(ctx);
	uint64_t moment;
	if (memo_copy(m, of_all, out, sizeof *out, &moment))
		return OK;
	TRY(things_reported(ctx, THINGS_MOST, &row));
	out->reports = row.things;
	TRY(accounts_waiting_count(ctx, &out->signups));
	memo_keep_copy(ctx, m, of_all, out, sizeof *out, 1, moment, NULL, 0);
	return OK;
}

err must_moderate(struct ctx *ctx)
{
	return permit_role(ctx, ROLE_MODERATOR);
}

str excerpt_of(struct ctx *ctx, str title, str text)
{
	str all = text;
	if (title.n)
		all = text.n ? str_fmt(ctx->mem, "%.*s\n%.*s", STR_ARGS(title), STR_ARGS(text))
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
