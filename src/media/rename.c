// SPDX-License-Identifier: AGPL-3.0-or-later
//
// New names for the pictures of what is no longer for everyone. What everyone may have is
// kept for a year by browsers and by caches on the way, under an address that is all they look at;
// so the address goes, and the picture gets another. The files get their second name first: a page
// that shows the new address finds the picture behind it at once.
#include "media/private.h"

#define SWEEP_AFTER (10 * MS_MINUTE) // longer than an edit takes, or a job that still writes

// What stands under this name goes, unless a picture is called so by then.
static err sweep_later(struct ctx *ctx, media_id id, str name, ms at)
{
	struct job_new job = {.kind = S("media.name.sweep"),
		.payload = name,
		.subject = id.v,
		.run_at = at,
		.unique = str_fmt(
			ctx->mem, "media.name.sweep %.*s %lld", STR_ARGS(name), (long long)at)};
	return jobs_add(ctx, &job, NULL);
}

// Before the first file has its name: a crash leaves nothing behind.
static err promise(struct ctx *ctx, void *arg)
{
	const struct media_new_names *names = arg;
	for (ptrdiff_t i = 0; i < names->n; i++)
		TRY(sweep_later(ctx, names->at[i].id, names->at[i].fresh, ctx->now + SWEEP_AFTER));
	return OK;
}

err media_new_names(struct ctx *ctx, struct media_owner owner, struct media_new_names *out)
{
	struct media_row *rows;
	struct media_new_names names = {0};
	TRY(media_with_posters(ctx, owner, &rows, &names.n));
	names.at = NEW_N(ctx->mem, struct media_new_name, names.n);
	for (ptrdiff_t i = 0; i < names.n; i++)
		names.at[i] = (struct media_new_name){.id = rows[i].id,
			.old = rows[i].name,
			.fresh = media_random_name(ctx->mem),
			.widths = rows[i].widths,
			.covers = rows[i].covers,
			.moving = rows[i].moving};
	if (names.n)
		TRY(store_write(ctx, promise, &names));
	for (ptrdiff_t i = 0; i < names.n; i++) {
		err linked = blobs_link(ctx->house->blobs, names.at[i].old, names.at[i].fresh);
		if (linked != OK && linked != ERR_NOT_FOUND) // it waits for its first file
			return linked;
	}
	*out = names;
	return OK;
}

// It has its old name still: a job has made more of it, under that name alone.
static err check_has_gone(struct ctx *ctx, const struct media_new_name *one)
{
	struct media_row row;
	err code = media_get(ctx, one->id, &row);
	if (code == OK && str_eq(row.name, one->old))
		return ERR_CONFLICT;
	return code == ERR_NOT_FOUND ? OK : code;
}

static err rename_all(struct ctx *ctx, void *arg)
{
	const struct media_new_names *names = arg;
	for (ptrdiff_t i = 0; i < names->n; i++) {
		const struct media_new_name *one = &names->at[i];
		int64_t renamed;
		TRY(media_set_name(ctx, one->id, one->old, one->widths, one->covers, one->moving,
			one->fresh, &renamed));
		if (!renamed) { // somebody else was faster, or removed it
			TRY(check_has_gone(ctx, one));
			continue;
		}
		TRY(sweep_later(ctx, one->id, one->old, ctx->now));
		TRY(sweep_later(ctx, one->id, one->old, ctx->now + SWEEP_AFTER));
		change_add(ctx, &picture_changed, one->id.v, ctx->viewer.account.v, 0);
	}
	return OK;
}

err media_rename(struct ctx *ctx, const struct media_new_names *names)
{
	struct media_new_names copy = *names;
	return copy.n ? store_write(ctx, rename_all, &copy) : OK;
}

err job_sweep_name(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_sight row;
	(void)arg;
	err found = media_behind(ctx, job->payload, &row);
	return found == ERR_NOT_FOUND ? blobs_remove(ctx->house->blobs, job->payload) : found;
}
