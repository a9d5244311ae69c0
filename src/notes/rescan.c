// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading every text once more after the grammar of topics and mentions has changed: a schema step
// asks for this job. A mention that the text no longer shows is taken back, with the right to read
// that came with it; none is added, for nobody meant it as one. Topics are written anew, and spelt as
// the oldest public note has them. Each job reads some notes and adds the next.
#include "notes/private.h"

#include "jobs/jobs.h"
#include "store/store.h"
#include "unicode/unicode.h"

#define NOTES_AT_ONCE 200
#define NAMES_MOST 100

static err mentions_again(struct ctx *ctx, const struct note_texts_after_row *note, bool *changed)
{
	str names[NAMES_MOST];
	struct mentions_among_row *rows;
	ptrdiff_t n_rows;
	TRY(mentions_among(ctx, &note->id, 1, &rows, &n_rows));
	if (!n_rows)
		return OK;
	ptrdiff_t n = names_in(ctx, note->body, TEXT_MENTION, names, 0, NAMES_MOST);
	for (ptrdiff_t i = 0; i < n_rows; i++) {
		bool shown = false;
		for (ptrdiff_t k = 0; k < n && !shown; k++)
			shown = str_eq(rows[i].name, names[k]);
		if (shown)
			continue;
		*changed = true;
		TRY(mention_delete(ctx, rows[i].account, note->id));
	}
	return OK;
}

static err topics_again(
	struct ctx *ctx, const struct note_texts_after_row *note, bool *changed, struct ledger *l)
{
	bool public = note->visibility == VIS_PUBLIC && note->counted == COUNTED, same;
	TRY(topics_are(ctx, note->id, note->title, note->body, &same));
	if (!same) {
		*changed = true;
		TRY(topics_write(ctx, note->id, note->account, note->title, note->body, public, l));
	}
	return topics_spell(ctx, note->id, note->title, note->body, changed, l);
}

// As they are while nobody else is at them; those that came meanwhile were written by the rules of now.
static err texts_locked(
	struct ctx *ctx, note_id after, struct note_texts_after_row **rows, ptrdiff_t *n)
{
	struct settling_begin_row alone;
	struct note_now *now;
	ptrdiff_t n_now, n_read;
	if (store_is_postgres(ctx->house->store))
		TRY(settling_begin(ctx, &alone)); // nobody else holds several notes
	TRY(note_texts_after(ctx, after, NOTES_AT_ONCE, rows, n));
	note_id *ids = NEW_N(ctx->mem, note_id, *n), last = after;
	for (ptrdiff_t i = 0; i < *n; i++)
		last = ids[i] = (*rows)[i].id;
	if (*n)
		TRY(notes_lock(ctx, ids, *n, &now, &n_now));
	TRY(note_texts_after(ctx, after, NOTES_AT_ONCE, rows, &n_read));
	for (*n = 0; *n < n_read && (*rows)[*n].id.v <= last.v;)
		(*n)++;
	return OK;
}

static err some(struct ctx *ctx, void *arg)
{
	const struct job *job = arg;
	struct note_texts_after_row *rows;
	struct ledger l = {0};
	ptrdiff_t n;
	TRY(texts_locked(ctx, (note_id){job->subject}, &rows, &n));
	for (ptrdiff_t i = 0; i < n; i++) {
		bool changed = false;
		TRY(mentions_again(ctx, &rows[i], &changed));
		if (!rows[i].root.v)
			TRY(topics_again(ctx, &rows[i], &changed, &l));
		if (changed)
			change_add(ctx, &note_changed, rows[i].id.v, rows[i].account.v,
				rows[i].root.v);
	}
	TRY(ledger_write(ctx, &l));
	if (!n)
		return OK;
	return jobs_add(
		ctx, &(struct job_new){.kind = job->kind, .subject = rows[n - 1].id.v}, NULL);
}

err notes_rescan(struct ctx *ctx, const struct job *job, void *arg)
{
	struct job from = *job;
	(void)arg;
	return store_write_committed(ctx, some, &from);
}
