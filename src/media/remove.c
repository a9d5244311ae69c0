// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Removing: rows at once, files by a job in the same transaction. The sweep is a job that plans the
// next before it begins; it removes what belongs to nothing a day after it was sent, and abandoned
// uploads.
#include "media/private.h"

#define LOOSE_FOR MS_DAY
#define SWEEP_EVERY MS_HOUR
#define SWEEP_MOST 100

static err remove_row(struct ctx *ctx, const struct media_row *row)
{
	str payload = str_fmt(ctx->mem, "%.*s %.*s", STR_ARGS(row->name), STR_ARGS(row->source));
	change_add(ctx, &picture_changed, row->id.v, row->account.v, row->owner.v);
	return media_job(ctx, S("media.remove"), row->id, (account_id){0}, payload, NULL);
}

struct removing {
	const media_id *ids;
	ptrdiff_t n;
};

// Posters of those that are no pictures.
static err posters(struct ctx *ctx, const struct media_row *rows, ptrdiff_t n,
	struct media_row **out, ptrdiff_t *n_out)
{
	int64_t *videos = NEW_N(ctx->mem, int64_t, n);
	ptrdiff_t n_videos = 0;
	*n_out = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].kind != MEDIA_PICTURE)
			videos[n_videos++] = rows[i].id.v;
	return n_videos ? posters_of(ctx, videos, n_videos, out, n_out) : OK;
}

err media_with_posters(
	struct ctx *ctx, struct media_owner owner, struct media_row **out, ptrdiff_t *n_out)
{
	struct media_row *rows, *more;
	ptrdiff_t n, n_more;
	TRY(media_of(ctx, str_from(owner.kind->name), owner.id, &rows, &n));
	TRY(posters(ctx, rows, n, &more, &n_more));
	struct media_row *all = NEW_N(ctx->mem, struct media_row, n + n_more);
	for (ptrdiff_t i = 0; i < n + n_more; i++)
		all[i] = i < n ? rows[i] : more[i - n];
	*out = all;
	*n_out = n + n_more;
	return OK;
}

static err remove_rows(struct ctx *ctx, const struct media_row *rows, ptrdiff_t n)
{
	media_id *ids = NEW_N(ctx->mem, media_id, n);
	int64_t gone;
	for (ptrdiff_t i = 0; i < n; i++) {
		TRY(remove_row(ctx, &rows[i]));
		ids[i] = rows[i].id;
	}
	return n ? media_delete_many(ctx, ids, n, &gone) : OK;
}

static err remove_all(struct ctx *ctx, void *arg)
{
	const struct removing *r = arg;
	struct media_row *rows, *more;
	ptrdiff_t n, n_more;
	TRY(media_get_many(ctx, r->ids, r->n, &rows, &n));
	TRY(posters(ctx, rows, n, &more, &n_more));
	TRY(remove_rows(ctx, rows, n));
	return remove_rows(ctx, more, n_more);
}

err media_remove(struct ctx *ctx, const media_id *ids, ptrdiff_t n)
{
	struct removing r = {ids, n};
	return n ? store_write(ctx, remove_all, &r) : OK;
}

static err remove_of(struct ctx *ctx, void *arg)
{
	struct media_row *rows;
	ptrdiff_t n;
	TRY(media_with_posters(ctx, *(const struct media_owner *)arg, &rows, &n));
	return remove_rows(ctx, rows, n);
}

err media_remove_of(struct ctx *ctx, struct media_owner owner)
{
	return store_write(ctx, remove_of, &owner);
}

static err discard(struct ctx *ctx, void *arg)
{
	const media_id *id = arg;
	struct media_row row;
	TRY(media_get(ctx, *id, &row));
	if (row.owner.has || !ctx->viewer.account.v || row.account.v != ctx->viewer.account.v)
		return ERR_NOT_FOUND;
	return media_remove(ctx, id, 1);
}

err media_discard(struct ctx *ctx, media_id id)
{
	return store_write(ctx, discard, &id);
}

err job_remove(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_row row;
	bool gone;
	(void)arg;
	TRY(row_of_job(ctx, job, &row, &gone));
	return gone ? OK : ERR_INTERNAL; // it was added with the row's end
}

static err remove_unused(struct ctx *ctx, void *arg)
{
	const media_id *id = arg;
	struct media_row row;
	err code = media_get(ctx, *id, &row);
	if (code != OK)
		return code == ERR_NOT_FOUND ? OK : code;
	return row.owner.has ? OK : media_remove(ctx, id, 1);
}

// Left by a release that removed a profile's former pictures by a job.
err job_unused(struct ctx *ctx, const struct job *job, void *arg)
{
	media_id id = {job->subject};
	(void)arg;
	return store_write(ctx, remove_unused, &id);
}

static err sweep_some(struct ctx *ctx, void *arg)
{
	struct media_loose_row *rows;
	ptrdiff_t *n = arg;
	media_id ids[SWEEP_MOST];
	TRY(media_loose(ctx, ctx->now - LOOSE_FOR, SWEEP_MOST, &rows, n));
	for (ptrdiff_t i = 0; i < *n; i++)
		ids[i] = rows[i].id;
	return media_remove(ctx, ids, *n);
}

err sweep_plan(struct ctx *ctx)
{
	// Of one hour there is one, however many processes plan it; the one that runs is of an
	// earlier hour than the next.
	int64_t hour = ctx->now / SWEEP_EVERY + 1;
	struct job_new job = {.kind = S("media.sweep"),
		.subject = hour,
		.run_at = hour * SWEEP_EVERY,
		.unique = str_fmt(ctx->mem, "media.sweep %lld", (long long)hour)};
	job_id planned;
	err found = jobs_waiting(ctx, job.unique, &planned);
	return found == ERR_NOT_FOUND ? jobs_add(ctx, &job, NULL) : found;
}

err job_sweep(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)job, (void)arg;
	TRY(sweep_plan(ctx));
	ptrdiff_t n;
	do
		TRY(store_write(ctx, sweep_some, &n));
	while (n == SWEEP_MOST);
	return sweep_uploads(ctx, ctx->now - LOOSE_FOR);
}
