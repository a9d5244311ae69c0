// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whole pages of strangers, kept plain and compressed under a key that says all they depend on but
// what they show; a change of what they show ends them. The row of such a page is a KEPT_PAGE, which
// is asked for in a listener on every database; its handler is run when there is none:
//
//	struct kept_page *k = kept_of(req);
//	… load, and kept_shows(ctx, k, id) for every note, comment and person …
//	kept_put(req, k, page);                           (unless k->key is empty: then send it as it is)
#pragma once

#include "http/http.h"
#include "memo/memo.h"

struct kept_pages;
struct kept_pages *kept_new(struct store *); // listens to changes
void kept_free(struct kept_pages *);
// What ends with each change that a page shows; for tests.
struct memo *kept_memo(struct store *, int64_t most, void (*drop)(void *));

struct kept_page {
	str key;         // stranger_key; empty: not to be kept
	str variant;     // what else the page depends on, as long as there is time to make another
	uint64_t moment; // set by kept_answer
	LIST(int64_t) shows;
};
// While the database gives no answer: the youngest kept page of this address, whoever asks, with a word
// on top that says how old it is and that nothing of one's own is in it. False when there is none, or
// when it is not known any more what became of the things it shows.
bool kept_answer_busy(struct request *);
// A row's `kept`, or what it calls with a variant: true when the page was kept and was answered (with
// ETag, or 304).
bool kept_page(struct request *);
bool kept_answer(struct request *, str variant);
// What the handler fills. Empty where the row's `kept` was not asked, or did not ask here.
struct kept_page *kept_of(struct request *);
// What a page shows: ids of notes, comments, accounts, each as it is; and these.
#define SHOWS_NEW_NOTES ((int64_t)1)
#define SHOWS_ALL_OF(account) (-(account).v) // an account's notes and counts, not only its name
static inline void kept_shows(struct ctx *ctx, struct kept_page *k, int64_t id)
{
	list_push(ctx->mem, &k->shows, id);
}
// Answers with this page and keeps it, unless something it shows changed since kept_answer.
void kept_put(struct request *, const struct kept_page *, str page);
