// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: the community's database, opened for whoever works with it, and followed while it is served.
#include "store/inside.h"

#include <sys/stat.h>

static str address(struct ctx *ctx)
{
	str url = option_text(ctx->house, "database");
	return url.n ? url
		     : str_fmt(ctx->mem, "%.*s/qiao.db", STR_ARGS(option_text(ctx->house, "data")));
}

// A database of earlier programs was everyone's on this machine to read.
static void close_to_others(struct ctx *ctx)
{
	static const char *const files[] = {"qiao.db", "qiao.db-wal", "qiao.db-shm"};
	str data = option_text(ctx->house, "data");
	for (ptrdiff_t i = 0; i < COUNT(files); i++) {
		const char *path =
			str_z(ctx->mem, str_fmt(ctx->mem, "%.*s/%s", STR_ARGS(data), files[i]));
		struct stat st;
		if (stat(path, &st) == 0 && (st.st_mode & 07))
			chmod(path, st.st_mode & 0770);
	}
}

static void stop(struct ctx *ctx)
{
	store_done(ctx);
	store_node_return(ctx);
	store_close(ctx->house->store);
	ctx->house->store = NULL;
}

static err start(struct ctx *ctx)
{
	const struct store_config config = {.database = address(ctx)};
	close_to_others(ctx);
	id_node_set(NODE_UNLEASED); // for those who do not open the rooms
	err opened = store_open(ctx, &config, &ctx->house->store);
	if (opened != OK)
		return fail_fmt(ctx, opened, "the database cannot be opened: %.*s",
			STR_ARGS(ctx->problem.text.n ? ctx->problem.text
						     : str_from(err_name(opened))));
	err leased = ctx->house->extent >= OPEN_ROOMS ? store_node_lease(ctx) : OK;
	if (leased != OK)
		stop(ctx);
	return leased;
}

static err run(struct ctx *ctx)
{
	store_tail_start(ctx, ctx->house->store);
	return OK;
}

static bool halt(struct ctx *ctx)
{
	store_tail_stop(ctx->house->store);
	return true;
}

static void health(struct ctx *ctx, struct sb *sb)
{
	struct store *store = ctx->house->store;
	if (!store_is_heard(store))
		sb_fmt(sb,
			"warning: what other processes changed was last known %lld s ago; nothing "
			"is shown from memory\n",
			(long long)(store_unheard(store) / MS_SECOND));
}

static void metrics(struct ctx *ctx, struct sb *sb)
{
	struct store *store = ctx->house->store;
	sb_fmt(sb,
		"# TYPE changes_unheard_seconds gauge\nchanges_unheard_seconds %.3f\n"
		"# TYPE changes_delay_seconds gauge\nchanges_delay_seconds %.3f\n",
		(double)store_unheard(store) / 1000, (double)store_delay(store) / 1000);
}

static void examine(struct ctx *ctx, struct doctor *d)
{
	str where = address(ctx);
	bool postgres = is_postgres(where);
	// The address may hold a password.
	ptrdiff_t at = postgres ? str_find_char(where, '@') : -1;
	if (at >= 0)
		where = str_fmt(ctx->mem, "postgresql://…@%.*s", STR_ARGS(str_skip(where, at + 1)));
	bool ok = ctx->house->store && store_ping(ctx) == OK;
	doctor_say(d, ok, "database", where,
		postgres ? "Is PostgreSQL running, do address, user and password fit, does the "
			   "database exist?"
			 : "Is it a database of this or an older program, and owned by this user?");
	if (ok)
		doctor_say(d, true, "schema",
			str_fmt(ctx->mem, "step %d", schema_steps[schema_steps_n - 1].number), "");
}

static const struct option_row options[] = {
	{.key = "database",
		.operand = "URL",
		.help = "postgresql://… (default: SQLite in the data directory)",
		.fallback = ""},
	{0},
};

const struct room store_room = {.name = "store",
	.options = options,
	.extent = OPEN_STORE,
	.start = start,
	.run = run,
	.halt = halt,
	.stop = stop,
	.health = health,
	.metrics = metrics,
	.examine = examine};
