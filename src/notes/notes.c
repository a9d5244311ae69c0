// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading notes: one, a profile's, the small facts the feed keeps. The rules of seeing stand in
// see.c, writing in publish.c, comments.c, likes.c and delete.c.
#include "notes/private.h"

#include "jobs/jobs.h"

struct change_kind note_published = {.name = "notes.published"};
struct change_kind note_edited = {.name = "notes.edited"};
struct change_kind note_changed = {.name = "notes.changed"};
struct change_kind note_deleted = {.name = "notes.deleted"};
struct change_kind note_mentions = {.name = "notes.mentions"};
struct change_kind comment_published = {.name = "notes.commented"};
struct change_kind comment_deleted = {.name = "notes.comment-deleted"};
struct change_kind comment_erased = {.name = "notes.comment-erased"};
struct change_kind note_liked = {.name = "notes.liked"};
struct change_kind note_unliked = {.name = "notes.unliked"};
struct change_kind note_counted = {.name = "notes.counted"};

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
		.counted = (int)r->counted,
	};
}

bool is_open(enum visibility v)
{
	return v == VIS_PUBLIC || v == VIS_UNLISTED;
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

err notes_get_held(struct ctx *ctx, note_id id, struct note *out)
{
	struct note_row row;
	TRY(note_hold(ctx, id, &row));
	struct note note = note_from_row(&row);
	TRY(notes_may_see(ctx, &note));
	*out = note;
	return OK;
}

err notes_own(struct ctx *ctx, note_id id, struct note *out)
{
	struct note_row row;
	account_id me = ctx->viewer.account;
	if (!me.v)
		return ERR_NOT_FOUND;
	TRY(note_get(ctx, id, &row));
	if (row.account.v != me.v)
		return ERR_NOT_FOUND;
	*out = note_from_row(&row);
	return OK;
}

static struct note_fact *facts_from(struct ctx *ctx, const struct fact_row *rows, ptrdiff_t n)
{
	struct note_fact *facts = NEW_N(ctx->mem, struct note_fact, n);
	for (ptrdiff_t i = 0; i < n; i++) {
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
	return facts;
}

err notes_facts(struct ctx *ctx, note_id before, int limit, struct note_fact **out, ptrdiff_t *n)
{
	struct fact_row *rows;
	TRY(facts_before(ctx, before.v ? before : (note_id){INT64_MAX}, limit, &rows, n));
	*out = facts_from(ctx, rows, *n);
	return OK;
}

err notes_facts_of(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct note_fact **out, ptrdiff_t *n_out)
{
	struct fact_row *rows;
	TRY(facts_by_ids(ctx, ids, n, &rows, n_out));
	*out = facts_from(ctx, rows, *n_out);
	return OK;
}

err notes_heads(struct ctx *ctx, const account_id *ids, ptrdiff_t n, enum visibility visibility,
	note_id before, struct note_head **out, ptrdiff_t *n_out)
{
	struct notes_heads_of_row *rows;
	ptrdiff_t n_rows, kept = 0;
	TRY(notes_heads_of(ctx, ids, n, (int64_t)visibility, before, &rows, &n_rows));
	*out = NEW_N(ctx->mem, struct note_head, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		if (rows[i].note.v)
			(*out)[kept++] = (struct note_head){rows[i].account, rows[i].note};
	*n_out = kept;
	return OK;
}

err notes_of_circle(struct ctx *ctx, account_id account, enum visibility visibility, note_id before,
	int limit, note_id **out, ptrdiff_t *n)
{
	return notes_of_account(ctx, account, (int64_t)visibility, before, limit, out, n);
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

err note_counters(struct ctx *ctx, note_id id, int64_t *likes, int64_t *comments)
{
	struct note_numbers_row row;
	TRY(note_numbers(ctx, id, &row));
	*likes = row.likes;
	*comments = row.comments;
	return OK;
}

err note_likes(struct ctx *ctx, const note_id *ids, ptrdiff_t n, int64_t *likes)
{
	struct notes_likes_row *rows;
	ptrdiff_t n_rows;
	if (!n)
		return OK;
	TRY(notes_likes(ctx, ids, n, &rows, &n_rows));
	for (ptrdiff_t i = 0; i < n; i++)
		for (ptrdiff_t k = 0; k < n_rows; k++)
			if (rows[k].id.v == ids[i].v)
				likes[i] = rows[k].likes;
	return OK;
}
