// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where the names in people's texts lead. A mention in a note leads to whom it meant when it was
// written, who was told and may read it: not to somebody who took the name later.
#include "notes/private.h"

#include "unicode/unicode.h"

#define NAMES_MOST 300 // of a page; more stay plain text

static bool has(const str *names, ptrdiff_t n, str name)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

ptrdiff_t names_in(
	struct ctx *ctx, str text, enum text_kind kind, str *names, ptrdiff_t n, ptrdiff_t most)
{
	struct text_part part;
	if (!text_may_have(text, kind))
		return n;
	for (ptrdiff_t at = 0; n < most && text_next(text, &at, &part);) {
		if (part.kind != kind)
			continue;
		str name = kind == TEXT_TOPIC ? topic_fold(ctx->mem, part.name)
					      : str_lower(ctx->mem, part.name);
		if (!has(names, n, name))
			names[n++] = name;
	}
	return n;
}

// Only topics that somebody can look at: those with public notes.
static err topics_lead(struct ctx *ctx, const str *names, ptrdiff_t n, struct leads *out)
{
	return n ? topics_among(ctx, names, n, &out->topics, &out->n_topics) : OK;
}

// Leads that have their note, account and name in the text: who that is now.
static err people_lead(struct ctx *ctx, struct lead *leads, ptrdiff_t n, struct leads *out)
{
	account_id *ids = NEW_N(ctx->mem, account_id, n);
	struct person *people = NEW_N(ctx->mem, struct person, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = leads[i].account;
	TRY(people_by_ids(ctx, ids, n, people));
	for (ptrdiff_t i = 0; i < n; i++) {
		leads[i].name = people[i].name;
		leads[i].host = people[i].host;
		leads[i].good = people[i].id.v && people[i].standing == STANDING_GOOD;
	}
	out->people = leads;
	out->n_people = n;
	return OK;
}

err notes_leads(struct ctx *ctx, const struct note *notes, ptrdiff_t n, struct leads *out)
{
	str *topics = NEW_N(ctx->mem, str, NAMES_MOST), mention;
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct mentions_among_row *rows = NULL;
	ptrdiff_t n_topics = 0, n_ids = 0, n_rows = 0;
	*out = (struct leads){0};
	for (ptrdiff_t i = 0; i < n; i++) {
		n_topics = names_in(ctx, notes[i].body, TEXT_TOPIC, topics, n_topics, NAMES_MOST);
		if (names_in(ctx, notes[i].body, TEXT_MENTION, &mention, 0, 1))
			ids[n_ids++] = notes[i].id;
	}
	TRY(topics_lead(ctx, topics, n_topics, out));
	if (n_ids)
		TRY(mentions_among(ctx, ids, n_ids, &rows, &n_rows));
	struct lead *leads = NEW_N(ctx->mem, struct lead, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		leads[i] = (struct lead){
			.note = rows[i].note, .account = rows[i].account, .written = rows[i].name};
	return people_lead(ctx, leads, n_rows, out);
}

err text_leads(struct ctx *ctx, str text, struct leads *out)
{
	str names[NAMES_MOST];
	struct accounts_named_row *rows = NULL;
	ptrdiff_t n_rows = 0;
	*out = (struct leads){0};
	TRY(topics_lead(ctx, names, names_in(ctx, text, TEXT_TOPIC, names, 0, NAMES_MOST), out));
	ptrdiff_t n = names_in(ctx, text, TEXT_MENTION, names, 0, NAMES_MOST);
	if (n)
		TRY(accounts_named(ctx, names, n, &rows, &n_rows));
	struct lead *leads = NEW_N(ctx->mem, struct lead, n_rows);
	for (ptrdiff_t i = 0; i < n_rows; i++)
		leads[i] = (struct lead){.account = rows[i].id, .written = rows[i].name};
	return people_lead(ctx, leads, n_rows, out);
}

const struct lead *leads_to_person(const struct leads *l, note_id note, str written)
{
	for (ptrdiff_t i = 0; i < l->n_people; i++)
		if (l->people[i].good && l->people[i].note.v == note.v &&
			str_ieq(l->people[i].written, written))
			return &l->people[i];
	return NULL;
}

bool leads_to_topic(const struct leads *l, str folded)
{
	return has(l->topics, l->n_topics, folded);
}
