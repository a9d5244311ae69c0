// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Brings a database to the schema of this program: applies the numbered steps that it has not had
// yet, each in a transaction of its own, and refuses a database that is newer than the program.
#include "store/inside.h"

static err apply_one(struct ctx *ctx, struct store *store, const struct schema_engine *engine,
	const struct schema_step *step)
{
	for (const char *const *sql = store->postgres ? step->postgres : step->sqlite; *sql; sql++)
		TRY(engine->run(ctx, engine->on, *sql));
	return step->number ? engine->record(ctx, engine->on, step) : OK;
}

static err apply_rest(struct ctx *ctx, struct store *store, const struct schema_engine *engine)
{
	int64_t have;
	int newest = store->steps[store->n_steps - 1].number;
	TRY(engine->recorded(ctx, engine->on, &have));
	if (have > newest)
		return fail_s(ctx, ERR_CONFLICT, "schema", 0,
			str_fmt(ctx->mem,
				"the database has schema step %d, this program knows only %d: it "
				"was "
				"opened by a newer version; run that version or restore a backup",
				(int)have, newest));
	for (int i = 0; i < store->n_steps; i++) {
		const struct schema_step *step = &store->steps[i];
		if (step->number > have)
			TRY(apply_one(ctx, store, engine, step));
	}
	return OK;
}

// All missing steps in one transaction: two programs that start at once wait for each other at its
// beginning, and a failing step leaves the database as it was.
err schema_apply(struct ctx *ctx, struct store *store, const struct schema_engine *engine)
{
	TRY(engine->run(ctx, engine->on, store->postgres ? "BEGIN" : "BEGIN IMMEDIATE"));
	if (store->postgres)
		TRY(engine->run(ctx, engine->on, "SELECT pg_advisory_xact_lock(7310867294108)"));
	err result = apply_one(ctx, store, engine, &store->steps[0]);
	if (result == OK)
		result = apply_rest(ctx, store, engine);
	if (result == OK)
		return engine->run(ctx, engine->on, "COMMIT");
	struct problem problem = ctx->problem;
	if (engine->run(ctx, engine->on, "ROLLBACK") == OK)
		ctx->problem = problem;
	return result;
}
