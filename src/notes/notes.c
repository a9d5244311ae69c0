// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading notes: one, a profile's, the small facts the feed keeps. The rules of seeing stand in
// see.c, writing in publish.c, comments.c, likes.c and delete.c.
#include "notes/private.h"

#include "jobs/jobs.h"

struct note note_from_row(const struct note_row *r)
{
	return (struct note){
		.id = r->id,
		.account = r->account,
		.root = r->root,
		.parent = r->parent,
		.answers = r->answers,
		.created = r->created,
		.edited = r->edited,
		.visibility = (enum visibility)r->visibility,
		.language = r->language,
		.sensitive = r->sensitive,
		.title = r->title,
		.body = r->body,
		.ratio = (enum ratio)r->ratio,
		.pictures = (int)r->pictures,
		.cover = r->cover,
		.likes = r->likes,
		.comments = r->comments,
	};
}

bool is_counted(enum visibility v)
{
	return v == VIS_PUBLIC || v == VIS_UNLISTED;
}

err job_for_note(struct ctx *ctx, str kind, note_id subject, account_id actor)
{
	return jobs_add(ctx,
		&(struct job_new){
			.kind = kind,
			.subject = subject.v,
			.payload = str_fmt(ctx->mem, "%lld", (long long)actor.v),
		},
		NULL);
}

// Pictures of a note are for whoever may see the note.
static err guard(struct ctx *ctx, note_id id, account_id owner, bool *is_public)
{
	struct note_row row;
	(void)owner;
	TRY(note_get(ctx, id, &row));
	struct note note = note_from_row(&row);
	TRY(notes_may_see(ctx, &note));
	*is_public = is_counted(note.visibility);
	return OK;
}

err notes_start(struct ctx *ctx)
{
	media_guard(ctx, guard);
	return OK;
}

err notes_get(struct ctx *ctx, note_id id, struct note *out)
{
	struct note_row row;
	TRY(note_get(ctx, id, &row));
	struct note note = note_from_row(&row);
	TRY(notes_may_see(ctx, &note));
	*out = note;
	return OK;
}

// Reads pages of ids until `limit` of them are visible; a profile whose notes are mostly hidden
// from this viewer costs at most a few pages more.
err notes_of(
	struct ctx *ctx, account_id account, note_id before, int limit, note_id **out, ptrdiff_t *n)
{
	note_id *ids = NEW_N(ctx->mem, note_id, limit);
	ptrdiff_t kept = 0;
	note_id at = before.v ? before : (note_id){INT64_MAX};
	for (int page = 0; page < 5 && kept < limit; page++) {
		struct notes_of_account_row *rows;
		struct note_row *full;
		ptrdiff_t n_rows, n_full;
		TRY(notes_of_account(ctx, account, at, limit, &rows, &n_rows));
		note_id *wanted = NEW_N(ctx->mem, note_id, n_rows);
		for (ptrdiff_t i = 0; i < n_rows; i++)
			wanted[i] = at = rows[i].id;
		TRY(notes_get_many(ctx, wanted, n_rows, &full, &n_full));
		struct note *notes = NEW_N(ctx->mem, struct note, n_full);
		bool *shown = NEW_N(ctx->mem, bool, n_full);
		for (ptrdiff_t i = 0; i < n_full; i++)
			notes[i] = note_from_row(&full[i]);
		TRY(see_many(ctx, notes, n_full, shown));
		for (ptrdiff_t i = 0; i < n_rows && kept < limit; i++)
			for (ptrdiff_t k = 0; k < n_full; k++)
				if (shown[k] && notes[k].id.v == wanted[i].v)
					ids[kept++] = wanted[i];
		if (n_rows < limit)
			break;
	}
	*out = ids;
	*n = kept;
	return OK;
}

err notes_facts(struct ctx *ctx, note_id before, int limit, struct note_fact **out, ptrdiff_t *n)
{
	struct facts_before_row *rows;
	ptrdiff_t n_rows;
	TRY(facts_before(ctx, before.v ? before : (note_id){INT64_MAX}, limit, &rows, &n_rows));
	struct note_fact *facts = NEW_N(ctx->mem, struct note_fact, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++) {
		facts[i] = (struct note_fact){
			.id = rows[i].id,
			.account = rows[i].account,
			.language = rows[i].language,
			.visibility = (enum visibility)rows[i].visibility,
			.likes = rows[i].likes,
			.comments = rows[i].comments,
			.sensitive = rows[i].sensitive,
			.has_picture = rows[i].pictures > 0,
		};
	}
	*out = facts;
	*n = n_rows;
	return OK;
}

err note_fact_get(struct ctx *ctx, note_id id, struct note_fact *out)
{
	struct note_row r;
	TRY(note_get(ctx, id, &r));
	if (r.root.v)
		return ERR_NOT_FOUND;
	*out = (struct note_fact){
		.id = r.id,
		.account = r.account,
		.language = r.language,
		.visibility = (enum visibility)r.visibility,
		.likes = r.likes,
		.comments = r.comments,
		.sensitive = r.sensitive,
		.has_picture = r.pictures > 0,
	};
	return OK;
}
