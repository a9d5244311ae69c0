// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who may see a note: the one place of these rules, also of what is kept of notes in memory. Many are
// judged together, so that a page of twenty costs the same few statements as one.
#include "notes/private.h"

struct sight {
	const struct note *notes;
	ptrdiff_t n;
	bool *shown;
	account_id *authors; // of those that need asking
	ptrdiff_t n_authors;
	bool *follows, *followed; // per author: the viewer follows, is followed
	bool *mentioned;          // per note
};

static ptrdiff_t author_index(const struct sight *s, account_id id)
{
	for (ptrdiff_t i = 0; i < s->n_authors; i++)
		if (s->authors[i].v == id.v)
			return i;
	return -1;
}

static bool needs_asking(struct ctx *ctx, const struct note *note)
{
	return note->visibility > VIS_UNLISTED && note->visibility < VIS_ONLY_ME &&
	       ctx->viewer.account.v && note->account.v != ctx->viewer.account.v;
}

static err ask_follows(struct ctx *ctx, struct sight *s)
{
	struct relations_among_row *rows;
	ptrdiff_t n;
	TRY(relations_among(ctx, ctx->viewer.account, s->authors, s->n_authors, &rows, &n));
	for (ptrdiff_t r = 0; r < n; r++)
		(rows[r].back ? s->followed : s->follows)[author_index(s, rows[r].id)] = true;
	return OK;
}

static err ask_mentions(struct ctx *ctx, struct sight *s)
{
	note_id *naming;
	ptrdiff_t n_naming, n_ids = 0;
	note_id *ids = NEW_N(ctx->mem, note_id, s->n);
	for (ptrdiff_t i = 0; i < s->n; i++)
		if (needs_asking(ctx, &s->notes[i]))
			ids[n_ids++] = s->notes[i].id;
	TRY(mentions_for(ctx, ctx->viewer.account, ids, n_ids, &naming, &n_naming));
	for (ptrdiff_t k = 0; k < n_naming; k++)
		for (ptrdiff_t i = 0; i < s->n; i++)
			s->mentioned[i] |= s->notes[i].id.v == naming[k].v;
	// Whom a comment answers is spoken to, with or without an @.
	for (ptrdiff_t i = 0; i < s->n; i++)
		s->mentioned[i] |= s->notes[i].answers.v == ctx->viewer.account.v;
	return OK;
}

static bool judge(struct ctx *ctx, const struct sight *s, ptrdiff_t i)
{
	const struct note *note = &s->notes[i];
	ptrdiff_t author = author_index(s, note->account);
	if (note->account.v == ctx->viewer.account.v && note->account.v)
		return true;
	switch (note->visibility) {
	case VIS_PUBLIC:
	case VIS_UNLISTED:
		return true;
	case VIS_FOLLOWERS:
		return s->mentioned[i] || (author >= 0 && s->follows[author]);
	case VIS_MUTUALS:
		return s->mentioned[i] ||
		       (author >= 0 && s->follows[author] && s->followed[author]);
	case VIS_MENTIONED:
		return s->mentioned[i];
	default:
		return false;
	}
}

// What somebody suspended wrote is seen by himself alone, and so is what stands below it.
static err stands(struct ctx *ctx, const struct note *notes, ptrdiff_t n, bool *out)
{
	account_id *authors = NEW_N(ctx->mem, account_id, n), me = ctx->viewer.account;
	for (ptrdiff_t i = 0; i < n; i++)
		authors[i] = notes[i].account;
	TRY(people_in_good_standing(ctx, authors, n, out));
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] |= me.v && authors[i].v == me.v;
	return OK;
}

static err drop_suspended(struct ctx *ctx, const struct note *notes, ptrdiff_t n, bool *shown)
{
	bool *stand = NEW_N(ctx->mem, bool, n);
	TRY(stands(ctx, notes, n, stand));
	for (ptrdiff_t i = 0; i < n; i++)
		shown[i] &= stand[i];
	return OK;
}

// What stands between an author and the viewer; not the author's standing.
static err judge_all(struct ctx *ctx, const struct note *notes, ptrdiff_t n, bool *shown)
{
	struct sight s = {.notes = notes, .n = n, .shown = shown};
	s.authors = NEW_N(ctx->mem, account_id, n);
	s.follows = NEW_N(ctx->mem, bool, n);
	s.followed = NEW_N(ctx->mem, bool, n);
	s.mentioned = NEW_N(ctx->mem, bool, n);
	for (ptrdiff_t i = 0; i < n; i++)
		if (needs_asking(ctx, &notes[i]) && author_index(&s, notes[i].account) < 0)
			s.authors[s.n_authors++] = notes[i].account;
	if (s.n_authors) {
		TRY(ask_follows(ctx, &s));
		TRY(ask_mentions(ctx, &s));
	}
	for (ptrdiff_t i = 0; i < n; i++)
		shown[i] = judge(ctx, &s, i);
	return OK;
}

err see_many(struct ctx *ctx, const struct note *notes, ptrdiff_t n, bool *shown)
{
	TRY(judge_all(ctx, notes, n, shown));
	return drop_suspended(ctx, notes, n, shown);
}

err notes_seen(struct ctx *ctx, const struct note_ref *refs, ptrdiff_t n, bool *shown)
{
	struct note *notes = NEW_N(ctx->mem, struct note, n);
	for (ptrdiff_t i = 0; i < n; i++)
		notes[i] = (struct note){
			.id = refs[i].id, .account = refs[i].account, .visibility = VIS_PUBLIC};
	return judge_all(ctx, notes, n, shown);
}

// Whoever owns the note reads every comment under it.
err see_below(struct ctx *ctx, const struct note *root, const struct note *notes, ptrdiff_t n,
	bool *shown)
{
	bool owner = root->account.v && root->account.v == ctx->viewer.account.v;
	if (!owner)
		return see_many(ctx, notes, n, shown);
	for (ptrdiff_t i = 0; i < n; i++)
		shown[i] = true;
	return drop_suspended(ctx, notes, n, shown);
}

struct note note_from_sight(const struct note_sight *s)
{
	return (struct note){.id = s->id,
		.account = s->account,
		.root = s->root,
		.parent = s->parent,
		.answers = s->answers,
		.visibility = (enum visibility)s->visibility};
}

static err load(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct note **out, ptrdiff_t *n_out)
{
	struct note_sight *rows;
	*n_out = 0;
	*out = NULL;
	if (!n)
		return OK;
	TRY(note_sights(ctx, ids, n, &rows, n_out));
	*out = NEW_N(ctx->mem, struct note, *n_out);
	for (ptrdiff_t i = 0; i < *n_out; i++)
		(*out)[i] = note_from_sight(&rows[i]);
	return OK;
}

static ptrdiff_t note_index(const struct note *notes, ptrdiff_t n, note_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (notes[i].id.v == id.v)
			return i;
	return -1;
}

// The rows that comments stand under: their notes, and what answers answer.
static err load_above(
	struct ctx *ctx, const struct note *notes, ptrdiff_t n, struct note **out, ptrdiff_t *n_out)
{
	note_id *ids = NEW_N(ctx->mem, note_id, 2 * n);
	ptrdiff_t n_ids = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (notes[i].root.v)
			ids[n_ids++] = notes[i].root;
		if (notes[i].parent.v)
			ids[n_ids++] = notes[i].parent;
	}
	return load(ctx, ids, n_ids, out, n_out);
}

err see_with_roots(struct ctx *ctx, const struct note *notes, ptrdiff_t n, bool *shown)
{
	struct note *above;
	ptrdiff_t n_above;
	account_id me = ctx->viewer.account;
	TRY(see_many(ctx, notes, n, shown));
	TRY(load_above(ctx, notes, n, &above, &n_above));
	if (!n_above) {
		for (ptrdiff_t i = 0; i < n; i++)
			shown[i] &= !notes[i].root.v;
		return OK;
	}
	bool *above_shown = NEW_N(ctx->mem, bool, n_above);
	bool *above_stands = NEW_N(ctx->mem, bool, n_above), *stand = NEW_N(ctx->mem, bool, n);
	TRY(see_many(ctx, above, n_above, above_shown));
	TRY(stands(ctx, above, n_above, above_stands));
	TRY(stands(ctx, notes, n, stand));
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!notes[i].root.v)
			continue;
		ptrdiff_t r = note_index(above, n_above, notes[i].root);
		ptrdiff_t p = note_index(above, n_above, notes[i].parent);
		bool owner = r >= 0 && me.v && above[r].account.v == me.v;
		shown[i] = r >= 0 && above_shown[r] &&
			   (!notes[i].parent.v || (p >= 0 && above_stands[p])) && stand[i] &&
			   (shown[i] || owner);
	}
	return OK;
}

err notes_may_see(struct ctx *ctx, const struct note *note)
{
	bool shown;
	TRY(see_with_roots(ctx, note, 1, &shown));
	return shown ? OK : ERR_NOT_FOUND;
}

err notes_visible(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct note **out, ptrdiff_t *n_out)
{
	struct note_row *rows = NULL;
	ptrdiff_t n_rows = 0, kept = 0;
	if (n)
		TRY(notes_get_many(ctx, ids, n, &rows, &n_rows));
	struct note *notes = NEW_N(ctx->mem, struct note, n_rows);
	struct note *list = NEW_N(ctx->mem, struct note, n);
	bool *shown = NEW_N(ctx->mem, bool, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		notes[i] = note_from_row(&rows[i]);
	if (n_rows)
		TRY(see_with_roots(ctx, notes, n_rows, shown));
	for (ptrdiff_t i = 0; i < n; i++) {
		ptrdiff_t at = note_index(notes, n_rows, ids[i]);
		if (at >= 0 && shown[at])
			list[kept++] = notes[at];
	}
	*out = list;
	*n_out = kept;
	return OK;
}

err notes_there(struct ctx *ctx, const note_id *ids, ptrdiff_t n, bool *out)
{
	struct note *notes;
	ptrdiff_t n_notes;
	TRY(load(ctx, ids, n, &notes, &n_notes));
	bool *shown = NEW_N(ctx->mem, bool, n_notes);
	if (n_notes)
		TRY(see_with_roots(ctx, notes, n_notes, shown));
	for (ptrdiff_t i = 0; i < n; i++) {
		ptrdiff_t at = note_index(notes, n_notes, ids[i]);
		out[i] = at >= 0 && shown[at];
	}
	return OK;
}
