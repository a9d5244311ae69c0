// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Topics and mentions of a text, and reading by topic. Only public notes count for a topic.
#include "notes/private.h"

#include "store/store.h"
#include "unicode/unicode.h"

#include <stdlib.h>

#define MENTIONS_MOST 30

struct found {
	str names[NOTE_TOPICS_MOST], shown[NOTE_TOPICS_MOST];
	int n;
};

static void find_topics(struct ctx *ctx, str text, struct found *f)
{
	struct text_part part;
	if (!text_may_have(text, TEXT_TOPIC))
		return;
	for (ptrdiff_t at = 0; f->n < NOTE_TOPICS_MOST && text_next(text, &at, &part);) {
		if (part.kind != TEXT_TOPIC)
			continue;
		str name = topic_fold(ctx->mem, part.name);
		bool known = false;
		for (int i = 0; !known && i < f->n; i++)
			known = str_eq(f->names[i], name);
		if (known)
			continue;
		f->names[f->n] = name;
		f->shown[f->n++] = part.name;
	}
}

static struct found topics_of_text(struct ctx *ctx, str title, str body)
{
	struct found f = {0};
	find_topics(ctx, title, &f);
	find_topics(ctx, body, &f);
	return f;
}

// The topic loses a public note. One that has none any more is not there, whatever others write. What
// is written of it may be wrong: that is for recounting to say, and keeps nobody from deleting.
static err leave(struct ctx *ctx, str name, note_id note)
{
	struct topic_less_row left;
	struct topic_oldest_row oldest;
	TRY(topic_take(ctx, name));
	err found = topic_less(ctx, name, &left);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	if (left.notes > 0 && left.source.v != note.v)
		return OK;
	if (left.notes > 0)
		found = topic_oldest(ctx, name, &oldest);
	if (left.notes <= 0 || found == ERR_NOT_FOUND)
		return topic_delete(ctx, name);
	TRY(found);
	return topic_respell(ctx, name, oldest.shown, oldest.note);
}

static ptrdiff_t place_of(const struct note_topics_of_row *rows, ptrdiff_t n, str name)
{
	ptrdiff_t i = 0;
	while (i < n && !str_eq(rows[i].name, name))
		i++;
	return i;
}

static void note_move(struct ctx *ctx, struct ledger *l, str name, str shown, note_id note, int by)
{
	list_push(ctx->mem, &l->topics, ((struct topic_move){name, shown, note, by}));
}

// Those that are not in the text any more.
static err drop_others(struct ctx *ctx, note_id id, const struct note_topics_of_row *rows,
	ptrdiff_t n, const struct found *f, struct ledger *l)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		int k = 0;
		while (k < f->n && !str_eq(rows[i].name, f->names[k]))
			k++;
		if (k < f->n)
			continue;
		TRY(note_topic_delete(ctx, rows[i].name, id));
		if (rows[i].counted)
			note_move(ctx, l, rows[i].name, rows[i].shown, id, -1);
	}
	return OK;
}

// One that it had already, which may be spelled otherwise, and the note be public now, or no more.
static err keep_one(struct ctx *ctx, note_id id, const struct note_topics_of_row *row, str shown,
	bool public, struct ledger *l)
{
	int64_t spelled;
	TRY(note_topic_spell(ctx, row->name, id, shown, &spelled));
	if (row->counted != public || (public && spelled))
		note_move(ctx, l, row->name, shown, id, public - row->counted);
	return OK;
}

// A topic is spelt as the oldest public note has it: no other note's spelling is shown to anybody.
err topics_write(struct ctx *ctx, note_id id, account_id author, str title, str body, bool public,
	struct ledger *l)
{
	struct found f = topics_of_text(ctx, title, body);
	struct note_topics_of_row *rows;
	ptrdiff_t n;
	int64_t made;
	TRY(note_topics_of(ctx, id, &rows, &n));
	TRY(drop_others(ctx, id, rows, n, &f, l));
	for (int i = 0; i < f.n; i++) {
		ptrdiff_t at = place_of(rows, n, f.names[i]);
		if (at < n) {
			TRY(keep_one(ctx, id, &rows[at], f.shown[i], public, l));
			continue;
		}
		TRY(note_topic_insert(ctx, f.names[i], id, author, f.shown[i], public, &made));
		if (made && public)
			note_move(ctx, l, f.names[i], f.shown[i], id, 1);
	}
	return n ? note_topics_set(ctx, id, public, &made) : OK;
}

err topics_are(struct ctx *ctx, note_id id, str title, str body, bool *same)
{
	struct found f = topics_of_text(ctx, title, body);
	struct note_topics_of_row *rows;
	ptrdiff_t n;
	TRY(note_topics_of(ctx, id, &rows, &n));
	*same = n == f.n;
	for (ptrdiff_t i = 0; *same && i < n; i++) {
		ptrdiff_t k = 0;
		while (k < n && !str_eq(rows[i].name, f.names[k]))
			k++;
		*same = k < n;
	}
	return OK;
}

err topics_spell(struct ctx *ctx, note_id id, str title, str body, bool *changed, struct ledger *l)
{
	struct found f = topics_of_text(ctx, title, body);
	struct topics_named_row *rows;
	ptrdiff_t n;
	int64_t own;
	for (int i = 0; i < f.n; i++)
		TRY(note_topic_spell(ctx, f.names[i], id, f.shown[i], &own));
	TRY(topics_named(ctx, f.names, f.n, &rows, &n));
	for (ptrdiff_t k = 0; k < n; k++)
		for (int i = 0; i < f.n; i++) {
			if (rows[k].source.v != id.v || !str_eq(rows[k].name, f.names[i]) ||
				str_eq(rows[k].shown, f.shown[i]))
				continue;
			note_move(ctx, l, f.names[i], f.shown[i], id, 0);
			*changed = true;
		}
	return OK;
}

err topics_erase(struct ctx *ctx, note_id id, struct ledger *l)
{
	struct note_topics_of_row *rows;
	ptrdiff_t n;
	int64_t gone;
	TRY(note_topics_of(ctx, id, &rows, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].counted)
			note_move(ctx, l, rows[i].name, rows[i].shown, id, -1);
	return n ? note_topics_delete(ctx, id, &gone) : OK;
}

err topics_show(struct ctx *ctx, note_id id, bool public, struct ledger *l)
{
	struct note_topics_of_row *rows;
	ptrdiff_t n;
	int64_t changed;
	TRY(note_topics_of(ctx, id, &rows, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].counted != public)
			note_move(ctx, l, rows[i].name, rows[i].shown, id, public ? 1 : -1);
	return n ? note_topics_set(ctx, id, public, &changed) : OK;
}

static int by_name(const void *a, const void *b)
{
	const struct topic_move *x = a, *y = b;
	int order = str_cmp(x->name, y->name);
	return order ? order : (x->note.v > y->note.v) - (x->note.v < y->note.v);
}

// In the order of names: two with the same topics must not wait for each other.
err topics_move(struct ctx *ctx, struct topic_move *moves, ptrdiff_t n)
{
	int64_t spelled;
	if (n)
		qsort(moves, (size_t)n, sizeof *moves, by_name);
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct topic_move *m = &moves[i];
		if (m->by < 0)
			TRY(leave(ctx, m->name, m->note));
		else if (m->by > 0)
			TRY(topic_move(ctx, m->name, m->shown, m->note));
		else
			TRY(topic_spell(ctx, m->name, m->shown, m->note, &spelled));
	}
	return OK;
}

err mentions_write(struct ctx *ctx, note_id id, str text, enum mention_reach reach, bool *any)
{
	str names[MENTIONS_MOST];
	struct accounts_named_row *named;
	ptrdiff_t n_named;
	int64_t gone;
	*any = false;
	TRY(mentions_delete_of(ctx, &id, 1, &gone));
	ptrdiff_t n = names_in(ctx, text, TEXT_MENTION, names, 0, MENTIONS_MOST);
	if (!n)
		return OK;
	TRY(accounts_named(ctx, names, n, &named, &n_named));
	for (ptrdiff_t i = 0; i < n_named; i++)
		TRY(mention_insert(
			ctx, named[i].id, id, named[i].name, ctx->viewer.account, reach));
	*any = n_named > 0;
	return OK;
}

err notes_mentioned(struct ctx *ctx, note_id id, account_id **out, ptrdiff_t *n)
{
	return mentioned_in(ctx, id, out, n);
}

err topic_get(struct ctx *ctx, str typed, struct topic *out)
{
	struct topic_public_row row;
	if (!topic_ok(typed))
		return ERR_NOT_FOUND;
	str name = topic_fold(ctx->mem, typed);
	TRY(topic_public(ctx, name, &row));
	*out = (struct topic){row.name, row.shown, row.notes};
	return OK;
}

err notes_topics(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct note_topic **out, ptrdiff_t *n_out)
{
	struct note_topics_among_row *rows;
	ptrdiff_t n_rows;
	TRY(note_topics_among(ctx, ids, n, &rows, &n_rows));
	struct note_topic *topics = NEW_N(ctx->mem, struct note_topic, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		topics[i] = (struct note_topic){rows[i].note, rows[i].name, rows[i].shown};
	*out = topics;
	*n_out = n_rows;
	return OK;
}

err topics_spelled(
	struct ctx *ctx, const str *names, ptrdiff_t n, struct note_topic **out, ptrdiff_t *n_out)
{
	struct topics_named_row *rows;
	TRY(topics_named(ctx, names, n, &rows, n_out));
	*out = NEW_N(ctx->mem, struct note_topic, *n_out);
	for (ptrdiff_t i = 0; i < *n_out; i++)
		(*out)[i] = (struct note_topic){.name = rows[i].name, .shown = rows[i].shown};
	return OK;
}
