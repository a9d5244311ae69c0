// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lists of notes, page by page: of a person, of a topic, what somebody likes. Each is walked in the
// order of its index and judged by see.c before it is counted: a page costs the same at the end as
// at the beginning, and what others may see alone leaves no holes.
#include "notes/private.h"

#include "base/scan.h"
#include "unicode/unicode.h"

struct listing {
	err (*read)(struct ctx *, struct listing *, ptrdiff_t most, ptrdiff_t *n);
	account_id account;
	str topic;
	enum visibility widest; // none that fewer may see
	struct note_place at;   // the last row that was read
	struct note *rows;      // of the batch: what see.c needs
	struct note_place *places;
};

static void put(struct listing *l, ptrdiff_t i, const struct note *note, ms at)
{
	l->rows[i] = *note;
	l->places[i] = l->at = (struct note_place){at, note->id};
}

static note_id before(const struct listing *l)
{
	return l->at.id.v ? l->at.id : (note_id){INT64_MAX};
}

static err read_account(struct ctx *ctx, struct listing *l, ptrdiff_t most, ptrdiff_t *n)
{
	struct notes_of_account_row *rows;
	TRY(notes_of_account(ctx, l->account, before(l), most, &rows, n));
	for (ptrdiff_t i = 0; i < *n; i++)
		put(l, i,
			&(struct note){.id = rows[i].id,
				.account = l->account,
				.visibility = (enum visibility)rows[i].visibility},
			0);
	return OK;
}

static err read_topic(struct ctx *ctx, struct listing *l, ptrdiff_t most, ptrdiff_t *n)
{
	struct topic_notes_before_row *rows;
	TRY(topic_notes_before(ctx, l->topic, before(l), most, &rows, n));
	for (ptrdiff_t i = 0; i < *n; i++)
		put(l, i,
			&(struct note){.id = rows[i].id,
				.account = rows[i].account,
				.visibility = (enum visibility)rows[i].visibility},
			0);
	return OK;
}

// Comments are no cards: they are passed over, as what was deleted is, which has no author.
static err read_likes(struct ctx *ctx, struct listing *l, ptrdiff_t most, ptrdiff_t *n)
{
	struct likings_before_row *rows;
	ms at = l->at.id.v ? l->at.at : INT64_MAX;
	TRY(likings_before(ctx, l->account, at, before(l), most, &rows, n));
	for (ptrdiff_t i = 0; i < *n; i++) {
		struct note note = {.id = rows[i].note, .visibility = VIS_ONLY_ME}; // of nobody
		if (rows[i].account.v && !rows[i].root.v) {
			note.account = rows[i].account;
			note.visibility = (enum visibility)rows[i].visibility.v;
		}
		put(l, i, &note, rows[i].at);
	}
	return OK;
}

static err fill(struct ctx *ctx, struct listing *l, int limit, struct note_page *out)
{
	struct scan scan = scan_begin(limit, SCAN_MOST);
	bool *shown = NEW_N(ctx->mem, bool, scan_room(limit));
	struct note_place *kept = NEW_N(ctx->mem, struct note_place, scan_room(limit));
	ptrdiff_t n = 0, read;
	l->rows = NEW_N(ctx->mem, struct note, scan_room(limit));
	l->places = NEW_N(ctx->mem, struct note_place, scan_room(limit));
	while (scan_goes_on(&scan, n)) {
		TRY(l->read(ctx, l, scan.next, &read));
		scan_read(&scan, read);
		TRY(see_many(ctx, l->rows, read, shown));
		for (ptrdiff_t i = 0; i < read; i++)
			if (shown[i] && l->rows[i].visibility <= l->widest)
				kept[n++] = l->places[i];
	}
	out->more = !scan.end || n > limit;
	out->n = MIN(n, limit);
	out->next = n > limit ? kept[limit - 1] : l->at;
	out->ids = NEW_N(ctx->mem, note_id, out->n);
	for (ptrdiff_t i = 0; i < out->n; i++)
		out->ids[i] = kept[i].id;
	return OK;
}

// Nothing of somebody suspended is shown: his notes need not be looked at.
err notes_of(struct ctx *ctx, account_id account, note_id below, int limit, struct note_page *out)
{
	struct person author;
	struct listing l = {.read = read_account,
		.account = account,
		.widest = VIS_ONLY_ME,
		.at = {.id = below}};
	*out = (struct note_page){0};
	TRY(people_by_ids(ctx, &account, 1, &author));
	if (account.v != ctx->viewer.account.v && author.standing != STANDING_GOOD)
		return OK;
	return fill(ctx, &l, limit, out);
}

err notes_of_topic(struct ctx *ctx, str topic, note_id below, int limit, struct note_page *out)
{
	struct listing l = {.read = read_topic, .widest = VIS_PUBLIC, .at = {.id = below}};
	if (!topic_ok(topic))
		return ERR_NOT_FOUND;
	l.topic = topic_fold(ctx->mem, topic);
	return fill(ctx, &l, limit, out);
}

err likes_page(struct ctx *ctx, account_id account, struct note_place below, int limit,
	struct note_page *out)
{
	struct listing l = {
		.read = read_likes, .account = account, .widest = VIS_ONLY_ME, .at = below};
	return fill(ctx, &l, limit, out);
}
