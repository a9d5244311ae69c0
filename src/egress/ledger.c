// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The ledger: what left and what was kept from leaving. It has hosts, sizes and times; no paths, no headers,
// no texts.
#include "egress/inside.h"

#include "store/store.h"
#include "egress/egress.sql.h"

#define KEPT (90 * MS_DAY)
#define AT_ONCE 1000              // lines that a step prunes
#define TIME_LEFT (2 * MS_SECOND) // for the line of a request that used all of its own

static const char *const texts[] = {
#define X(result, text) [result] = text,
	RESULTS(X)
#undef X
};

const char *result_text(enum result result)
{
	return texts[result];
}

static err insert(struct ctx *ctx, void *arg)
{
	return egress_insert(ctx, arg);
}

err ledger_add(struct ctx *ctx, const struct line *line)
{
	struct egress_row row = {.id = id_new(clock_now()),
		.purpose = str_from(egress_purpose_name(line->purpose)),
		.host = line->place,
		.result = str_from(result_text(line->result)),
		.status = line->status,
		.sent = line->sent,
		.received = line->received,
		.took = line->took};
	ms deadline = ctx->deadline;
	if (deadline)
		ctx->deadline = MAX(deadline, clock_steady() + TIME_LEFT);
	err written = store_write_committed(ctx, insert, &row);
	ctx->deadline = deadline;
	return written;
}

struct pruning {
	int64_t before, gone;
};

static err prune_some(struct ctx *ctx, void *arg)
{
	struct pruning *p = arg;
	return egress_prune(ctx, p->before, AT_ONCE, &p->gone);
}

err ledger_prune(struct ctx *ctx)
{
	struct pruning p = {.before = id_floor(ctx->now - KEPT), .gone = AT_ONCE};
	while (p.gone >= AT_ONCE)
		TRY(store_write_committed(ctx, prune_some, &p));
	return OK;
}
