// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What hangs on something that was deleted or narrowed, step by step: a note may have a hundred
// thousand likes and comments, and nobody else could write while they all went at once. They are
// for nobody from the first moment, because what they stand under is not there, or not for these
// readers (see.c). The first step is done with the thing itself, so that small things are gone whole.
#include "notes/private.h"

#include "jobs/jobs.h"
#include "store/store.h"

#define ROWS_MOST 200   // comments of a step
#define LIKES_MOST 1000 // likes of a step

static err later(struct ctx *ctx, str kind, note_id subject, str payload)
{
	return jobs_add(ctx,
		&(struct job_new){.kind = kind, .subject = subject.v, .payload = payload}, NULL);
}

// --- deleting -----------------------------------------------------------------------------------

struct clearing {
	note_id of, root; // root: of a first-level comment, whose answers go; 0 = of is a note
	bool more;
	struct ledger *ledger;
};

// Everybody loses the likes that go, of what was in a number.
static void uncount_likes(
	struct ctx *ctx, const struct note_below_row *rows, ptrdiff_t n, struct ledger *l)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].counted == COUNTED)
			tally_add(ctx, &l->liked, rows[i].account.v, -rows[i].likes);
}

// How many of the rows go in this step: as many as have no more likes in all than it may delete.
static ptrdiff_t fitting(const struct note_below_row *rows, ptrdiff_t n)
{
	int64_t likes = 0;
	ptrdiff_t fit = 0;
	while (fit < n && likes + rows[fit].likes <= LIKES_MOST)
		likes += rows[fit++].likes;
	return fit;
}

static err clear_likes(struct ctx *ctx, note_id id, bool *more)
{
	int64_t gone;
	TRY(likings_delete_some(ctx, id, LIKES_MOST - 1, &gone));
	*more = gone == LIKES_MOST;
	return OK;
}

// Nobody likes or answers them any more; what was done until now is in their numbers.
static err take_hold(struct ctx *ctx, const note_id *ids, struct note_below_row *rows, ptrdiff_t n)
{
	struct note_now *now;
	ptrdiff_t n_now;
	TRY(notes_take(ctx, ids, n, &now, &n_now));
	for (ptrdiff_t i = 0; i < n; i++)
		rows[i].counted = UNCOUNTED; // one that somebody else has deleted is in no number
	for (ptrdiff_t k = 0; k < n_now; k++)
		for (ptrdiff_t i = 0; i < n; i++)
			if (rows[i].id.v == now[k].id.v) {
				rows[i].counted = now[k].counted;
				rows[i].likes = now[k].likes;
			}
	return OK;
}

// One that is liked more than a step may delete loses its likes first.
static err clear_rows(struct ctx *ctx, struct note_below_row *rows, ptrdiff_t n, struct clearing *c)
{
	bool *more = &c->more;
	ptrdiff_t fit = fitting(rows, n);
	int64_t gone;
	*more = n == ROWS_MOST || fit < n;
	if (!fit && n) {
		TRY(clear_likes(ctx, rows[0].id, more));
		fit = *more ? 0 : 1;
		*more = true;
	}
	note_id *ids = NEW_N(ctx->mem, note_id, fit);
	for (ptrdiff_t i = 0; i < fit; i++)
		ids[i] = rows[i].id;
	TRY(take_hold(ctx, ids, rows, fit));
	for (ptrdiff_t i = 0; i < fit; i++) {
		if (rows[i].pictures)
			TRY(media_remove_of(ctx, media_of_note(rows[i].id)));
		// Whoever was told of something below a note was told of the note.
		if (c->root.v)
			change_add(ctx, &comment_erased, rows[i].id.v, rows[i].account.v, 0);
	}
	TRY(likings_delete_of(ctx, ids, fit, &gone));
	TRY(mentions_delete_of(ctx, ids, fit, &gone));
	TRY(notes_delete_many(ctx, ids, fit, &gone));
	uncount_likes(ctx, rows, fit, c->ledger);
	return OK;
}

static err clear_step(struct ctx *ctx, struct clearing *c)
{
	struct note_below_row *rows;
	ptrdiff_t n;
	TRY(clear_likes(ctx, c->of, &c->more));
	if (c->more)
		return OK;
	if (c->root.v)
		TRY(note_answers_to(ctx, c->root, c->of, ROWS_MOST, &rows, &n));
	else
		TRY(note_below(ctx, c->of, ROWS_MOST, &rows, &n));
	return clear_rows(ctx, rows, n, c);
}

static err clear_alone(struct ctx *ctx, void *arg)
{
	struct clearing *c = arg;
	struct ledger l = {0};
	c->ledger = &l;
	TRY(clear_step(ctx, c));
	return ledger_write(ctx, &l);
}

err clear_begin(struct ctx *ctx, const struct note *note, struct ledger *l)
{
	struct clearing c = {.of = note->id, .root = note->root, .ledger = l};
	TRY(clear_step(ctx, &c));
	if (!c.more)
		return OK;
	return later(ctx, S("notes.clear"), note->id,
		str_fmt(ctx->mem, "%lld", (long long)note->root.v));
}

static err on_clear(struct ctx *ctx, const struct job *job, void *arg)
{
	struct clearing c = {.of = {job->subject}, .more = true};
	(void)arg;
	if (!str_int(job->payload, &c.root.v))
		return ERR_GONE;
	while (c.more)
		TRY(store_write_committed(ctx, clear_alone, &c));
	return OK;
}

// --- narrowing ----------------------------------------------------------------------------------

struct narrowing {
	note_id root, last; // last: what is written afterwards knows how narrow the note is
	int64_t visibility;
	int64_t changed;
	struct ledger *ledger;
};

// What is not for everyone any more leaves the public numbers.
static err narrow_step(struct ctx *ctx, struct narrowing *n)
{
	struct astray_note *rows;
	struct note_now *now;
	ptrdiff_t found, n_now;
	TRY(comments_wider(ctx, n->root, n->visibility, n->last, ROWS_MOST, &rows, &found));
	note_id *ids = NEW_N(ctx->mem, note_id, found);
	for (ptrdiff_t i = 0; i < found; i++)
		ids[i] = rows[i].id;
	n->changed = found;
	if (!found)
		return OK;
	TRY(notes_take(ctx, ids, found, &now, &n_now));
	TRY(notes_narrow(ctx, ids, found, n->visibility));
	return is_open((enum visibility)n->visibility) ? OK
						       : notes_flip(ctx, rows, found, 0, n->ledger);
}

// The note first: nobody is at what stands below it.
static err narrow_alone(struct ctx *ctx, void *arg)
{
	struct narrowing *n = arg;
	struct ledger l = {0};
	struct note_now *now;
	ptrdiff_t n_now;
	n->ledger = &l;
	TRY(notes_take(ctx, &n->root, 1, &now, &n_now));
	TRY(narrow_step(ctx, n));
	return ledger_write(ctx, &l);
}

err narrow_begin(struct ctx *ctx, note_id root, enum visibility visibility, struct ledger *l)
{
	struct narrowing n = {.root = root,
		.last = {id_new(ctx->now)},
		.visibility = (int64_t)visibility,
		.ledger = l};
	TRY(narrow_step(ctx, &n));
	if (n.changed < ROWS_MOST)
		return OK;
	return later(ctx, S("notes.narrow"), root,
		str_fmt(ctx->mem, "%d %lld", (int)visibility, (long long)n.last.v));
}

static err on_narrow(struct ctx *ctx, const struct job *job, void *arg)
{
	struct narrowing n = {.root = {job->subject}, .changed = ROWS_MOST};
	str rest = job->payload;
	(void)arg;
	if (!str_int(str_cut(&rest, ' '), &n.visibility) || !str_int(rest, &n.last.v))
		return ERR_GONE;
	while (n.changed == ROWS_MOST)
		TRY(store_write_committed(ctx, narrow_alone, &n));
	return OK;
}

void clear_start(struct ctx *ctx)
{
	jobs_register(ctx->house->jobs, S("notes.clear"), on_clear, NULL, NULL);
	jobs_register(ctx->house->jobs, S("notes.narrow"), on_narrow, NULL, NULL);
}
