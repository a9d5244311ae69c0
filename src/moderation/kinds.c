// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The kinds of things that may be reported: those described in things.c, whose rooms stand below, and those that
// rooms above register.
#include "moderation/private.h"

#include "words/words.h"

const struct reported_kind *reported_kind_at(struct ctx *ctx, int i)
{
	const struct moderation *m = ctx->house->moderation;
	return i < m->n_kinds ? m->kinds[i] : NULL;
}

static const struct reported_kind *find_kind(struct ctx *ctx, int64_t number)
{
	const struct moderation *m = ctx->house->moderation;
	for (int i = 0; i < m->n_kinds; i++)
		if (m->kinds[i]->number == number)
			return m->kinds[i];
	return NULL;
}

static bool name_is_taken(struct ctx *ctx, const char *name)
{
	const struct moderation *m = ctx->house->moderation;
	for (int i = 0; i < m->n_kinds; i++)
		if (str_eq(str_from(m->kinds[i]->name), str_from(name)))
			return true;
	return false;
}

void kinds_add(struct ctx *ctx, const struct reported_kind *kind)
{
	struct moderation *m = ctx->house->moderation;
	bool removes = kind->decisions & DECISION(DECIDE_REMOVE);
	must(m->n_kinds < REPORTED_KINDS_MOST && !find_kind(ctx, kind->number));
	must(!name_is_taken(ctx, kind->name) && removes == (kind->remove != NULL));
	m->kinds[m->n_kinds++] = kind;
}

void reported_register(struct ctx *ctx, const struct reported_kind *kind)
{
	if (!ctx->house->moderation)
		return;
	must(kind->number >= REPORTED_BY_ROOMS);
	kinds_add(ctx, kind);
}

unsigned reported_decisions(const struct reported_kind *kind, bool by_report)
{
	return kind->decisions & ~DECISION(by_report ? DECIDE_RESTORE : DECIDE_DISMISS);
}

// --- of a room that is not here -----------------------------------------------------------------

static err nobodys(struct ctx *ctx, int64_t id, struct reported *out)
{
	(void)ctx, (void)id, (void)out;
	return ERR_NOT_FOUND;
}

// It may well be there: nobody can say, so nobody is told that it is gone.
static err show_nobodys(struct ctx *ctx, struct reported_sight *sights, ptrdiff_t n)
{
	(void)ctx;
	for (ptrdiff_t i = 0; i < n; i++)
		sights[i].there = true;
	return OK;
}

static const struct reported_words words_of_nobodys = {
	.name = W_moderation_thing, .report = W_moderation_report_thing, .form = W_common_report};

static const struct reported_kind kind_of_nobody = {.name = "",
	.decisions = DECISION(DECIDE_DISMISS) | DECISION(DECIDE_WARN) | DECISION(DECIDE_SUSPEND),
	.words = &words_of_nobodys,
	.guard = nobodys,
	.look = nobodys,
	.show = show_nobodys};

const struct reported_kind *reported_kind_of(struct ctx *ctx, int64_t number)
{
	const struct reported_kind *known = find_kind(ctx, number);
	return known ? known : &kind_of_nobody;
}
