// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lists of notes, page by page: of a person, of a topic, what somebody likes. Each is made of walks,
// whose rows stand in an index in the order of the list: what everyone may see in one, what fewer may
// see in others, which are walked for those alone to whom it can be open. See.c has the last word of
// each row before it is counted.
#include "notes/private.h"

#include "base/scan.h"
#include "unicode/unicode.h"

#include <stdlib.h>

struct listing;
struct walk {
	err (*read)(
		struct ctx *, const struct listing *, struct walk *, ptrdiff_t most, ptrdiff_t *n);
	enum visibility circle; // of notes for one circle of people
	ptrdiff_t most;         // rows for one page
	struct note_place at;   // the last row that was read; all zero: none
	struct note *rows;      // of the batch: what see.c needs
	struct note_place *places;
};

struct listing {
	account_id account;
	str topic;
	enum visibility widest; // none that fewer may see
	struct walk walks[VISIBILITIES + 1];
	int n_walks;
	LIST(struct note_place) kept; // of all walks, for the reader
	struct note_place last;       // what comes behind is on no page yet; all zero: not known
};

static struct walk *add_walk(struct listing *l, struct note_place from, ptrdiff_t most,
	err (*read)(struct ctx *, const struct listing *, struct walk *, ptrdiff_t, ptrdiff_t *))
{
	struct walk *w = &l->walks[l->n_walks++];
	*w = (struct walk){.read = read, .most = most, .at = from};
	return w;
}

static void make_room(struct ctx *ctx, struct walk *w, ptrdiff_t n)
{
	w->rows = NEW_N(ctx->mem, struct note, n);
	w->places = NEW_N(ctx->mem, struct note_place, n);
}

static void put(struct walk *w, ptrdiff_t i, const struct note *note, ms at)
{
	w->rows[i] = *note;
	w->places[i] = w->at = (struct note_place){at, note->id};
}

static note_id before(const struct walk *w)
{
	return w->at.id.v ? w->at.id : (note_id){INT64_MAX};
}

static err read_circle(
	struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most, ptrdiff_t *n)
{
	note_id *ids;
	TRY(notes_of_account(ctx, l->account, (int64_t)w->circle, before(w), most, &ids, n));
	make_room(ctx, w, *n);
	for (ptrdiff_t i = 0; i < *n; i++)
		put(w, i,
			&(struct note){
				.id = ids[i], .account = l->account, .visibility = w->circle},
			0);
	return OK;
}

// Notes for fewer that name the viewer, who may therefore read them.
static err read_mentions(
	struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most, ptrdiff_t *n)
{
	struct mentions_by_row *rows;
	TRY(mentions_by(ctx, ctx->viewer.account, l->account, before(w), most, &rows, n));
	make_room(ctx, w, *n);
	for (ptrdiff_t i = 0; i < *n; i++)
		put(w, i,
			&(struct note){.id = rows[i].id,
				.account = l->account,
				.visibility = (enum visibility)rows[i].visibility},
			0);
	return OK;
}

// Of anybody; only people whom the viewer follows are wanted.
static err read_naming(
	struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most, ptrdiff_t *n)
{
	struct mentions_narrow_row *rows;
	TRY(mentions_narrow(ctx, l->account, before(w), most, &rows, n));
	make_room(ctx, w, *n);
	for (ptrdiff_t i = 0; i < *n; i++)
		put(w, i,
			&(struct note){.id = rows[i].note,
				.account = rows[i].author,
				.visibility = rows[i].followed ? VIS_MENTIONED : VIS_ONLY_ME},
			0);
	return OK;
}

static err read_topic(
	struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most, ptrdiff_t *n)
{
	struct topic_notes_before_row *rows;
	TRY(topic_notes_before(ctx, l->topic, before(w), most, &rows, n));
	make_room(ctx, w, *n);
	for (ptrdiff_t i = 0; i < *n; i++)
		put(w, i,
			&(struct note){.id = rows[i].id,
				.account = rows[i].account,
				.visibility = VIS_PUBLIC},
			0);
	return OK;
}

// What was deleted has no author and is of nobody.
static void put_liked(struct ctx *ctx, struct walk *w, const struct liked_note *rows, ptrdiff_t n)
{
	make_room(ctx, w, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		struct note note = {.id = rows[i].note, .visibility = VIS_ONLY_ME};
		if (rows[i].account.v && !rows[i].root.v) {
			note.account = rows[i].account;
			note.visibility = (enum visibility)rows[i].visibility.v;
		}
		put(w, i, &note, rows[i].at);
	}
}

static err read_likes(
	struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most, ptrdiff_t *n)
{
	struct liked_note *rows;
	ms at = w->at.id.v ? w->at.at : INT64_MAX;
	TRY(likings_open(ctx, l->account, at, before(w), most, &rows, n));
	put_liked(ctx, w, rows, *n);
	return OK;
}

static err read_narrow_likes(
	struct ctx *ctx, const struct listing *l, struct walk *w, ptrdiff_t most, ptrdiff_t *n)
{
	struct liked_note *rows;
	ms at = w->at.id.v ? w->at.at : INT64_MAX;
	TRY(likings_narrow(ctx, l->account, at, before(w), most, &rows, n));
	put_liked(ctx, w, rows, *n);
	return OK;
}

// Newest first.
static int in_order(const void *a, const void *b)
{
	const struct note_place *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? 1 : -1;
	return (x->id.v < y->id.v) - (x->id.v > y->id.v);
}

static bool has_passed(const struct listing *l, const struct walk *w)
{
	return l->last.id.v && w->at.id.v && in_order(&l->last, &w->at) < 0;
}

// As much of one walk as the page may need.
static err gather(struct ctx *ctx, struct listing *l, struct walk *w, int limit)
{
	struct scan scan = scan_begin(limit, w->most);
	ptrdiff_t n = 0, read;
	while (scan_goes_on(&scan, n) && !has_passed(l, w)) {
		TRY(w->read(ctx, l, w, scan.next, &read));
		scan_read(&scan, read);
		bool *shown = NEW_N(ctx->mem, bool, read);
		TRY(see_many(ctx, w->rows, read, shown));
		for (ptrdiff_t i = 0; i < read; i++) {
			if (!shown[i] || w->rows[i].visibility > l->widest)
				continue;
			list_push(ctx->mem, &l->kept, w->places[i]);
			if (++n == limit + 1 && !l->last.id.v)
				l->last = w->places[i];
		}
	}
	return OK;
}

// In the order of the list, each once: two walks may meet the same note.
static void merge(struct listing *l)
{
	struct note_place *kept = l->kept.at;
	ptrdiff_t n = 0;
	if (l->kept.n)
		qsort(kept, (size_t)l->kept.n, sizeof *kept, in_order);
	for (ptrdiff_t i = 0; i < l->kept.n; i++)
		if (!n || kept[n - 1].id.v != kept[i].id.v)
			kept[n++] = kept[i];
	l->kept.n = n;
}

static err fill(struct ctx *ctx, struct listing *l, int limit, struct note_page *out)
{
	for (int i = 0; i < l->n_walks; i++)
		TRY(gather(ctx, l, &l->walks[i], limit));
	if (l->n_walks > 1)
		merge(l);
	struct note_page page = {.n = MIN(l->kept.n, limit), .more = l->kept.n > limit};
	page.ids = NEW_N(ctx->mem, note_id, page.n);
	for (ptrdiff_t i = 0; i < page.n; i++) {
		page.ids[i] = l->kept.at[i].id;
		page.next = l->kept.at[i];
	}
	*out = page;
	return OK;
}

// The widest circle of an author's that the viewer is in as a whole.
static err circle_of(struct ctx *ctx, account_id author, enum visibility *out)
{
	struct relation r;
	*out = VIS_UNLISTED;
	if (!ctx->viewer.account.v)
		return OK;
	if (author.v == ctx->viewer.account.v) {
		*out = VIS_ONLY_ME;
		return OK;
	}
	TRY(relation_with(ctx, author, &r));
	if (r.following)
		*out = r.followed_by ? VIS_MUTUALS : VIS_FOLLOWERS;
	return OK;
}

// Nothing of somebody suspended is shown: his notes need not be looked at.
err notes_of(struct ctx *ctx, account_id account, note_id below, int limit, struct note_page *out)
{
	struct person author;
	struct listing l = {.account = account, .widest = VIS_ONLY_ME};
	struct note_place from = {.id = below};
	enum visibility widest;
	bool own = account.v == ctx->viewer.account.v;
	*out = (struct note_page){0};
	TRY(people_by_ids(ctx, &account, 1, &author));
	if (!own && author.standing != STANDING_GOOD)
		return OK;
	TRY(circle_of(ctx, account, &widest));
	for (enum visibility v = VIS_PUBLIC; v <= widest; v++)
		add_walk(&l, from, SCAN_OPEN, read_circle)->circle = v;
	if (ctx->viewer.account.v && !own)
		add_walk(&l, from, SCAN_OPEN, read_mentions);
	return fill(ctx, &l, limit, out);
}

err notes_naming(struct ctx *ctx, note_id below, int limit, struct note_page *out)
{
	struct listing l = {.account = ctx->viewer.account, .widest = VIS_MENTIONED};
	add_walk(&l, (struct note_place){.id = below}, SCAN_NARROW, read_naming);
	return fill(ctx, &l, limit, out);
}

err notes_of_topic(struct ctx *ctx, str topic, note_id below, int limit, struct note_page *out)
{
	struct listing l = {.widest = VIS_PUBLIC};
	if (!topic_ok(topic))
		return ERR_NOT_FOUND;
	l.topic = topic_fold(ctx->mem, topic);
	add_walk(&l, (struct note_place){.id = below}, SCAN_OPEN, read_topic);
	return fill(ctx, &l, limit, out);
}

err likes_page(struct ctx *ctx, account_id account, struct note_place below, int limit,
	struct note_page *out)
{
	struct listing l = {.account = account, .widest = VIS_ONLY_ME};
	add_walk(&l, below, SCAN_OPEN, read_likes);
	if (ctx->viewer.account.v)
		add_walk(&l, below, SCAN_NARROW, read_narrow_likes);
	return fill(ctx, &l, limit, out);
}
