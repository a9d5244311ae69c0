// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Topics and mentions of a text, and reading by topic. Only public notes count for a topic.
#include "notes/private.h"

#include "store/store.h"
#include "unicode/unicode.h"

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

// In the order of names: two notes with the same topics must not wait for each other.
static void sort_topics(struct found *f)
{
	for (int i = 1; i < f->n; i++)
		for (int k = i; k > 0 && str_cmp(f->names[k - 1], f->names[k]) > 0; k--) {
			str name = f->names[k], shown = f->shown[k];
			f->names[k] = f->names[k - 1];
			f->shown[k] = f->shown[k - 1];
			f->names[k - 1] = name;
			f->shown[k - 1] = shown;
		}
}

static struct found topics_of_text(struct ctx *ctx, str title, str body)
{
	struct found f = {0};
	find_topics(ctx, title, &f);
	find_topics(ctx, body, &f);
	sort_topics(&f);
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

// A topic is spelt as the oldest public note has it: no other note's spelling is shown to anybody.
err topics_write(struct ctx *ctx, note_id id, account_id author, str title, str body, bool public)
{
	struct found f = topics_of_text(ctx, title, body);
	int64_t made;
	for (int i = 0; i < f.n; i++) {
		TRY(note_topic_insert(ctx, f.names[i], id, author, f.shown[i], public, &made));
		if (made && public)
			TRY(topic_move(ctx, f.names[i], f.shown[i], id));
	}
	return OK;
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

err topics_spell(struct ctx *ctx, note_id id, str title, str body, bool *changed)
{
	struct found f = topics_of_text(ctx, title, body);
	int64_t own, shown;
	for (int i = 0; i < f.n; i++) {
		TRY(note_topic_spell(ctx, f.names[i], id, f.shown[i], &own));
		TRY(topic_spell(ctx, f.names[i], f.shown[i], id, &shown));
		*changed |= shown > 0;
	}
	return OK;
}

static err leave_all(
	struct ctx *ctx, const struct note_topics_of_row *rows, ptrdiff_t n, note_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].counted)
			TRY(leave(ctx, rows[i].name, id));
	return OK;
}

err topics_erase(struct ctx *ctx, note_id id)
{
	struct note_topics_of_row *rows;
	ptrdiff_t n;
	int64_t gone;
	TRY(note_topics_of(ctx, id, &rows, &n));
	if (!n)
		return OK;
	TRY(note_topics_delete(ctx, id, &gone));
	return leave_all(ctx, rows, n, id);
}

err topics_show(struct ctx *ctx, note_id id, bool public)
{
	struct note_topics_of_row *rows;
	ptrdiff_t n;
	int64_t changed;
	TRY(note_topics_of(ctx, id, &rows, &n));
	if (!n)
		return OK;
	TRY(note_topics_set(ctx, id, public, &changed));
	if (!public)
		return leave_all(ctx, rows, n, id);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!rows[i].counted)
			TRY(topic_move(ctx, rows[i].name, rows[i].shown, id));
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
