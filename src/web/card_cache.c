// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Written cards, kept until something that they show changes; their number of likes follows.
#include "web/card_cache.h"

#include "notes/notes.h"
#include "web/private.h"

#include <string.h>

#define CACHE_BYTES (24 << 20)
#define CARD_COST 256 // of the memo, a card

struct kept_card {
	account_id author;
	int64_t likes;
	int32_t n, pressed_at, count_at, lazy_at;
	char bytes[];
};

static int64_t weight_of(const struct kept_card *k)
{
	return (int64_t)sizeof *k + k->n + CARD_COST;
}

static int64_t count(void *value, void *arg)
{
	struct kept_card *k = value;
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

struct memo *cards_new(struct store *store)
{
	struct memo *m = memo_new(store, &(struct memo_spec){.most = CACHE_BYTES});
	struct change_kind *const ends[] = {&note_published, &note_edited, &note_changed,
		&note_deleted, &note_counted, &account_changed};
	for (ptrdiff_t i = 0; i < COUNT(ends); i++)
		memo_follow(m, ends[i], MEMO_SUBJECT);
	memo_follow(m, &picture_changed, MEMO_EXTRA);
	store_on(store, &note_liked, on_liked, m);
	store_on(store, &note_unliked, on_liked, m);
	return m;
}

ptrdiff_t cards_find(struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct written_card *out,
	uint64_t *moment)
{
	struct memo *cards = ctx->house->web->cards;
	ptrdiff_t missing = 0;
	*moment = memo_open(cards);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct kept_card *k = memo_at(cards, memo_form(ids[i], ctx->viewer.locale));
		out[i] = (struct written_card){0};
		missing += !k;
		if (k)
			out[i] = (struct written_card){
				.text = str_copy(ctx->mem, (str){k->bytes, k->n}),
				.pressed_at = k->pressed_at,
				.count_at = k->count_at,
				.lazy_at = k->lazy_at,
				.author = k->author,
				.likes = k->likes};
	}
	memo_close(cards);
	return missing;
}

void cards_keep(struct ctx *ctx, note_id note, const struct written_card *c, uint64_t moment)
{
	const int64_t about[] = {note.v, c->author.v};
	struct kept_card *k = mem_new((ptrdiff_t)sizeof *k + c->text.n, 1);
	k->author = c->author;
	k->likes = c->likes;
	k->n = (int32_t)c->text.n;
	k->pressed_at = (int32_t)c->pressed_at;
	k->count_at = (int32_t)c->count_at;
	k->lazy_at = (int32_t)c->lazy_at;
	memcpy(k->bytes, c->text.p, (size_t)c->text.n);
	memo_keep(ctx, ctx->house->web->cards, memo_form(note, ctx->viewer.locale), k, weight_of(k),
		moment, about, COUNT(about));
}
