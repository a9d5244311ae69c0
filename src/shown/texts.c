// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Written texts, kept until something that they show changes; their number of likes follows.
#include "shown/private.h"

#include <string.h>

#define TEXTS_BYTES (24 << 20)
#define TEXT_COST 256 // of the memo, a text

struct kept_text {
	account_id author;
	int64_t likes;
	struct gapped written; // its text is the bytes below
	char bytes[];
};

static int64_t weight_of(const struct kept_text *k)
{
	return (int64_t)sizeof *k + k->written.text.n + TEXT_COST;
}

static int64_t count(void *value, void *arg)
{
	struct kept_text *k = value;
	k->likes = MAX(0, k->likes + *(int *)arg);
	return weight_of(k);
}

static void on_liked(struct ctx *ctx, const struct change *c, void *arg)
{
	int by = c->kind == &note_liked ? 1 : -1;
	(void)ctx;
	if (c->late)
		memo_end(arg, c->subject);
	else
		memo_edit(arg, c->subject, count, &by);
}

struct memo *texts_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = TEXTS_BYTES});
	struct change_kind *const ends[] = {&note_published, &note_edited, &note_changed,
		&note_deleted, &note_counted, &account_changed};
	for (ptrdiff_t i = 0; i < COUNT(ends); i++)
		memo_follow(m, ends[i], MEMO_SUBJECT);
	memo_follow(m, &picture_changed, MEMO_EXTRA);
	store_on(store, &note_liked, on_liked, m);
	store_on(store, &note_unliked, on_liked, m);
	return m;
}

static struct shown_text copy(struct ctx *ctx, const struct kept_text *k)
{
	struct shown_text t = {.written = k->written, .author = k->author, .likes = k->likes};
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

err shown_texts(struct ctx *ctx, const note_id *ids, ptrdiff_t n, int variant,
	struct shown_text *out, note_id *missing, ptrdiff_t *n_missing, uint64_t *moment)
{
	struct note_ref *kept = NEW_N(ctx->mem, struct note_ref, n);
	bool *seen = NEW_N(ctx->mem, bool, n);
	ptrdiff_t n_kept = from_memory(ctx, ids, n, variant, out, kept, moment), k = 0;
	TRY(notes_seen(ctx, kept, n_kept, seen));
	*n_missing = 0;
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!out[i].written.text.p)
			missing[(*n_missing)++] = ids[i];
		else if (!seen[k++])
			out[i] = (struct shown_text){0};
	}
	return OK;
}

static bool is_for_all(const struct shown_note *s)
{
	return s->note.visibility == VIS_PUBLIC && !s->note.root.v &&
	       s->author->standing == STANDING_GOOD;
}

void shown_keep(struct ctx *ctx, const struct shown_note *s, int variant,
	const struct shown_text *t, uint64_t moment)
{
	const int64_t about[] = {s->note.id.v, t->author.v};
	str text = t->written.text;
	if (!is_for_all(s))
		return;
	struct kept_text *k = mem_new((ptrdiff_t)sizeof *k + text.n, 1);
	*k = (struct kept_text){.author = t->author, .likes = t->likes, .written = t->written};
	memcpy(k->bytes, text.p, (size_t)text.n);
	k->written.text = (str){k->bytes, text.n};
	memo_keep(ctx, ctx->house->shown->texts, memo_form(s->note.id, variant), k, weight_of(k),
		moment, about, COUNT(about));
}

int64_t shown_kept(struct ctx *ctx)
{
	return memo_weight(ctx->house->shown->texts);
}
