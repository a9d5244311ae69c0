// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Loading cards: rows, authors, covers, each in one statement for all of them.
#include "notes/private.h"

#define EXCERPT 300

struct loading {
	struct note *notes;
	ptrdiff_t n;
	struct person *authors;
	struct picture *covers;
	ptrdiff_t n_covers;
};

static err load_authors(struct ctx *ctx, struct loading *l)
{
	account_id *ids = NEW_N(ctx->mem, account_id, l->n);
	l->authors = NEW_N(ctx->mem, struct person, l->n);
	for (ptrdiff_t i = 0; i < l->n; i++)
		ids[i] = l->notes[i].account;
	return people_by_ids(ctx, ids, l->n, l->authors);
}

static err load_covers(struct ctx *ctx, struct loading *l)
{
	media_id *ids = NEW_N(ctx->mem, media_id, l->n);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < l->n; i++)
		if (l->notes[i].cover.v)
			ids[n++] = l->notes[i].cover;
	if (!n)
		return OK;
	return pictures_by_ids(ctx, ids, n, &l->covers, &l->n_covers);
}

static struct picture *cover_of(const struct loading *l, const struct note *note)
{
	for (ptrdiff_t i = 0; i < l->n_covers; i++)
		if (note->cover.v && l->covers[i].id.v == note->cover.v)
			return &l->covers[i];
	return NULL;
}

err notes_cards(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct card **out, ptrdiff_t *n_out)
{
	struct note_row *rows;
	struct loading l = {0};
	ptrdiff_t kept = 0;
	*out = NULL;
	*n_out = 0;
	if (!n)
		return OK;
	TRY(notes_get_many(ctx, ids, n, &rows, &l.n));
	l.notes = NEW_N(ctx->mem, struct note, l.n);
	bool *shown = NEW_N(ctx->mem, bool, l.n);
	for (ptrdiff_t i = 0; i < l.n; i++)
		l.notes[i] = note_from_row(&rows[i]);
	TRY(see_with_roots(ctx, l.notes, l.n, shown));
	TRY(load_authors(ctx, &l));
	TRY(load_covers(ctx, &l));
	struct card *cards = NEW_N(ctx->mem, struct card, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		for (ptrdiff_t k = 0; k < l.n; k++) {
			if (l.notes[k].id.v != ids[i].v || !shown[k])
				continue;
			cards[kept] =
				(struct card){l.notes[k], &l.authors[k], cover_of(&l, &l.notes[k])};
			cards[kept].note.body = utf8_head(l.notes[k].body, EXCERPT);
			kept++;
			break;
		}
	}
	*out = cards;
	*n_out = kept;
	return OK;
}
