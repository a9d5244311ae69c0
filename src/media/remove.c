// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Removing: rows at once, files by a job in the same transaction. The sweep is a job that plans the
// next before it begins; it removes what was sent but never published, profile pictures nobody
// shows, and abandoned uploads.
#include "media/private.h"

#include "words/words.h"

#define LOOSE_FOR MS_DAY
#define SWEEP_EVERY MS_HOUR
#define SWEEP_MOST 100

static err remove_row(struct ctx *ctx, const struct media_row *row)
{
	str payload = str_fmt(ctx->mem, "%.*s %.*s", STR_ARGS(row->name), STR_ARGS(row->source));
	change_add(ctx, &picture_changed, row->id.v, row->account.v, row->note.v);
	return media_job(ctx, S("media.remove"), row->id, (account_id){0}, payload, NULL);
}

struct removing {
	const media_id *ids;
	ptrdiff_t n;
};

static err remove_all(struct ctx *ctx, void *arg)
{
	const struct removing *r = arg;
	struct media_row *rows;
	ptrdiff_t n;
	int64_t gone;
	TRY(media_get_many(ctx, r->ids, r->n, &rows, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		TRY(remove_row(ctx, &rows[i]));
	return media_delete_many(ctx, r->ids, r->n, &gone);
}

err media_remove(struct ctx *ctx, const media_id *ids, ptrdiff_t n)
{
	struct removing r = {ids, n};
	return n ? store_write(ctx, remove_all, &r) : OK;
}

static err remove_of_note(struct ctx *ctx, void *arg)
{
	struct media_row *rows;
	ptrdiff_t n;
	TRY(media_of_note(ctx, *(const note_id *)arg, &rows, &n));
	media_id *ids = NEW_N(ctx->mem, media_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	return media_remove(ctx, ids, n);
}

err media_remove_of_note(struct ctx *ctx, note_id note)
{
	return store_write(ctx, remove_of_note, &note);
}

static err is_shown(struct ctx *ctx, const struct media_row *row, bool *shown)
{
	struct media_shown_by_row *by;
	struct mark_is_row mark;
	ptrdiff_t n;
	TRY(media_shown_by(ctx, row->account, row->id, &by, &n));
	*shown = row->note.v || n > 0;
	if (row->use != USE_MARK)
		return OK;
	err found = mark_is(ctx, row->name, &mark);
	*shown = found == OK;
	return found == ERR_NOT_FOUND ? OK : found;
}

static err discard(struct ctx *ctx, void *arg)
{
	const media_id *id = arg;
	struct media_row row;
	bool shown;
	TRY(media_get(ctx, *id, &row));
	TRY(is_shown(ctx, &row, &shown));
	if (shown || !ctx->viewer.account.v || row.account.v != ctx->viewer.account.v)
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
	bool shown;
	err code = media_get(ctx, *id, &row);
	if (code != OK)
		return code == ERR_NOT_FOUND ? OK : code;
	TRY(is_shown(ctx, &row, &shown));
	return shown ? OK : media_remove(ctx, id, 1);
}

err media_unshown(struct ctx *ctx, media_id id)
{
	return store_write(ctx, remove_unused, &id);
}

// Left by a release that removed such pictures by a job.
err job_unused(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return media_unshown(ctx, (media_id){job->subject});
}

struct sweeping {
	enum media_use use;
	ptrdiff_t n;
};

static err sweep_some(struct ctx *ctx, void *arg)
{
	struct sweeping *s = arg;
	ms before = ctx->now - LOOSE_FOR;
	media_id ids[SWEEP_MOST];
	if (s->use == USE_NOTE) {
		struct media_loose_of_notes_row *rows;
		TRY(media_loose_of_notes(ctx, before, SWEEP_MOST, &rows, &s->n));
		for (ptrdiff_t i = 0; i < s->n; i++)
			ids[i] = rows[i].id;
	} else {
		struct media_loose_of_profiles_row *rows;
		TRY(media_loose_of_profiles(
			ctx, (int64_t)s->use, before, SWEEP_MOST, &rows, &s->n));
		for (ptrdiff_t i = 0; i < s->n; i++)
			ids[i] = rows[i].id;
	}
	return media_remove(ctx, ids, s->n);
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
	for (enum media_use use = USE_NOTE; use <= USE_MARK; use++) {
		struct sweeping s = {.use = use};
		do
			TRY(store_write(ctx, sweep_some, &s));
		while (s.n == SWEEP_MOST);
	}
	return sweep_uploads(ctx, ctx->now - LOOSE_FOR);
}
