// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Brings a database to the schema of this program: applies the numbered steps that it has not had
// yet, each in a transaction of its own, and refuses a database that is newer than the program.
#include "store/inside.h"
#include "store/store.sql.h"

static err apply_one(struct ctx *ctx, struct store *store, const struct schema_engine *engine,
	const struct schema_step *step)
{
	for (const char *const *sql = store->postgres ? step->postgres : step->sqlite; *sql; sql++)
		TRY(engine->run(ctx, engine->on, *sql));
	return step->number ? engine->record(ctx, engine->on, step) : OK;
}

static err refuse(struct ctx *ctx, str why)
{
	return fail_s(ctx, ERR_CONFLICT, "schema", 0, why);
}

// What was applied must be what this program knows under that number.
static err compare(struct ctx *ctx, struct store *store, const struct store_step *have, ptrdiff_t n)
{
	int newest = store->steps[store->n_steps - 1].number;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (have[i].number > newest)
			return refuse(ctx, str_fmt(ctx->mem,
						   "the database has schema step %d, this program "
						   "knows only %d: it was "
						   "opened by a newer version; run that version or "
						   "restore a backup",
						   (int)have[i].number, newest));
		for (int k = 0; k < store->n_steps; k++)
			if (store->steps[k].number == have[i].number &&
				!str_eq(str_from(store->steps[k].hash), have[i].hash))
				return refuse(
					ctx, str_fmt(ctx->mem,
						     "schema step %d of the database is not this "
						     "program's: it was "
						     "opened by a version that was never released",
						     (int)have[i].number));
	}
	return OK;
}

// A step below one that was applied came too late: whatever it does was to be done before.
static err refuse_late(
	struct ctx *ctx, struct store *store, const struct store_step *have, ptrdiff_t n)
{
	int64_t highest = n ? have[n - 1].number : 0;
	ptrdiff_t at = 0;
	for (int i = 1; i < store->n_steps && store->steps[i].number < highest; i++) {
		while (have[at].number < store->steps[i].number)
			at++;
		if (have[at].number != store->steps[i].number)
			return refuse(ctx, str_fmt(ctx->mem,
						   "the database has schema step %d and lacks step "
						   "%d: it was opened by a version that was never "
						   "released",
						   (int)highest, store->steps[i].number));
	}
	return OK;
}

static err apply_rest(struct ctx *ctx, struct store *store, const struct schema_engine *engine)
{
	struct store_step *have;
	ptrdiff_t n;
	TRY(engine->recorded(ctx, engine->on, &have, &n));
	TRY(compare(ctx, store, have, n));
	TRY(refuse_late(ctx, store, have, n));
	int64_t highest = n ? have[n - 1].number : 0;
	for (int i = 0; i < store->n_steps; i++)
		if (store->steps[i].number > highest)
			TRY(apply_one(ctx, store, engine, &store->steps[i]));
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
