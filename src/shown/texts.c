// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Written texts, kept until something that they show changes. Their number of likes, which changes more often
// than anything else, is kept beside them and read anew, in one statement for a page.
#include "shown/private.h"

#include <string.h>

#define TEXTS_BYTES (24 << 20)
#define TEXT_COST 256      // of the memo, a text
#define NUMBERS_MOST 20000 // as many as there is room for texts of a thousand bytes

struct kept_text {
	account_id author;
	struct gapped written; // its text is the bytes below
	char bytes[];
};

struct memo *texts_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = TEXTS_BYTES});
	struct change_kind *const ends[] = {
		&note_published, &note_edited, &note_changed, &note_deleted, &account_changed};
	for (ptrdiff_t i = 0; i < COUNT(ends); i++)
		memo_follow(m, ends[i], MEMO_SUBJECT);
	memo_follow(m, &picture_changed, MEMO_EXTRA);
	return m;
}

struct memo *numbers_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = NUMBERS_MOST});
	struct change_kind *const ends[] = {&note_liked, &note_unliked, &note_counted, &note_edited,
		&note_changed, &note_deleted};
	for (ptrdiff_t i = 0; i < COUNT(ends); i++)
		memo_follow(m, ends[i], MEMO_SUBJECT);
	return m;
}

static struct shown_text copy(struct ctx *ctx, const struct kept_text *k)
{
	struct shown_text t = {.written = k->written, .author = k->author};
	t.written.text = str_copy(ctx->mem, k->written.text);
	return t;
}

static ptrdiff_t from_memory(struct ctx *ctx, const note_id *ids, ptrdiff_t n, int variant,
	struct shown_text *out, struct note_ref *kept, uint64_t *moment)
{
	struct memo *texts = ctx->house->shown->texts;
	ptrdiff_t n_kept = 0;
	*moment = memo_open(texts);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct kept_text *k = memo_at(texts, memo_form(ids[i], variant));
		out[i] = k ? copy(ctx, k) : (struct shown_text){0};
		if (k)
			kept[n_kept++] = (struct note_ref){ids[i], k->author};
	}
	memo_close(texts);
	return n_kept;
}

static void keep_number(struct ctx *ctx, note_id id, int64_t likes, uint64_t moment)
{
	memo_keep_copy(ctx, ctx->house->shown->numbers, memo_id(id), &likes, sizeof likes, 1,
		moment, &id.v, 1);
}

// Of those that have a text. `unknown` holds the places in `out` of those whose number is not kept.
static ptrdiff_t numbers_from_memory(struct ctx *ctx, const note_id *ids, ptrdiff_t n,
	struct shown_text *out, ptrdiff_t *unknown, uint64_t *moment)
{
	struct memo *numbers = ctx->house->shown->numbers;
	ptrdiff_t n_unknown = 0;
	*moment = memo_open(numbers);
	for (ptrdiff_t i = 0; i < n; i++) {
		const int64_t *likes = memo_at(numbers, memo_id(ids[i]));
		if (likes)
			out[i].likes = *likes;
		else if (out[i].written.text.p)
			unknown[n_unknown++] = i;
	}
	memo_close(numbers);
	return n_unknown;
}

static err fill_numbers(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct shown_text *out, uint64_t *moment)
{
	ptrdiff_t *places = NEW_N(ctx->mem, ptrdiff_t, n);
	note_id *unknown = NEW_N(ctx->mem, note_id, n);
	int64_t *likes = NEW_N(ctx->mem, int64_t, n);
	ptrdiff_t n_unknown = numbers_from_memory(ctx, ids, n, out, places, moment);
	for (ptrdiff_t i = 0; i < n_unknown; i++)
		unknown[i] = ids[places[i]];
	TRY(note_likes(ctx, unknown, n_unknown, likes));
	for (ptrdiff_t i = 0; i < n_unknown; i++) {
		out[places[i]].likes = likes[i];
		keep_number(ctx, unknown[i], likes[i], *moment);
	}
	return OK;
}

err shown_texts(struct ctx *ctx, const note_id *ids, ptrdiff_t n, int variant,
	struct shown_text *out, note_id *missing, ptrdiff_t *n_missing, struct shown_moment *moment)
{
	struct note_ref *kept = NEW_N(ctx->mem, struct note_ref, n);
	bool *seen = NEW_N(ctx->mem, bool, n);
	ptrdiff_t n_kept = from_memory(ctx, ids, n, variant, out, kept, &moment->texts), k = 0;
	TRY(notes_seen(ctx, kept, n_kept, seen));
	*n_missing = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!out[i].written.text.p)
			missing[(*n_missing)++] = ids[i];
		else if (!seen[k++])
			out[i] = (struct shown_text){0};
	}
	return fill_numbers(ctx, ids, n, out, &moment->numbers);
}

static bool is_for_all(const struct shown_note *s)
{
	return s->note.visibility == VIS_PUBLIC && !s->note.root.v &&
	       s->author->standing == STANDING_GOOD;
}

void shown_keep(struct ctx *ctx, const struct shown_note *s, int variant,
	const struct shown_text *t, struct shown_moment moment)
{
	const int64_t about[] = {s->note.id.v, t->author.v};
	str text = t->written.text;
	if (!is_for_all(s))
		return;
	struct kept_text *k = mem_new((ptrdiff_t)sizeof *k + text.n, 1);
	*k = (struct kept_text){.author = t->author, .written = t->written};
	memcpy(k->bytes, text.p, (size_t)text.n);
	k->written.text = (str){k->bytes, text.n};
	memo_keep(ctx, ctx->house->shown->texts, memo_form(s->note.id, variant), k,
		(int64_t)sizeof *k + text.n + TEXT_COST, moment.texts, about, COUNT(about));
	keep_number(ctx, s->note.id, t->likes, moment.numbers);
}

int64_t shown_kept(struct ctx *ctx)
{
	return memo_weight(ctx->house->shown->texts);
}
