// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Loading what is shown of notes: a look for each part, all notes together.
#include "shown/private.h"

struct loading {
	const struct note *notes;
	ptrdiff_t n;
	struct shown_note *out;
	note_id *ids;
	account_id *authors;
};

static err load_people(struct ctx *ctx, const struct loading *l)
{
	account_id *ids = NEW_N(ctx->mem, account_id, 2 * l->n);
	struct person *people = NEW_N(ctx->mem, struct person, 2 * l->n);
	ptrdiff_t n = l->n;
	for (ptrdiff_t i = 0; i < l->n; i++) {
		ids[i] = l->authors[i];
		if (l->notes[i].answers.v)
			ids[n++] = l->notes[i].answers;
	}
	TRY(people_by_ids(ctx, ids, n, people));
	n = l->n;
	for (ptrdiff_t i = 0; i < l->n; i++) {
		l->out[i].author = &people[i];
		if (l->notes[i].answers.v)
			l->out[i].answers = &people[n++];
	}
	return OK;
}

static const struct picture *find(const struct picture *pictures, ptrdiff_t n, media_id id)
{
	for (ptrdiff_t i = 0; id.v && i < n; i++)
		if (pictures[i].id.v == id.v)
			return &pictures[i];
	return NULL;
}

static err load_covers(struct ctx *ctx, const struct loading *l)
{
	media_id *ids = NEW_N(ctx->mem, media_id, l->n);
	struct picture *covers;
	ptrdiff_t n = 0, n_covers;
	for (ptrdiff_t i = 0; i < l->n; i++)
		if (l->notes[i].cover.v)
			ids[n++] = l->notes[i].cover;
	TRY(pictures_by_ids(ctx, ids, n, &covers, &n_covers));
	for (ptrdiff_t i = 0; i < l->n; i++)
		l->out[i].cover = find(covers, n_covers, l->notes[i].cover);
	return OK;
}

// They come in the order of each note, notes mixed.
static err load_pictures(struct ctx *ctx, const struct loading *l)
{
	note_id *ids = NEW_N(ctx->mem, note_id, l->n);
	struct picture *all;
	ptrdiff_t n = 0, n_all;
	for (ptrdiff_t i = 0; i < l->n; i++)
		if (l->notes[i].pictures)
			ids[n++] = l->ids[i];
	TRY(pictures_of_notes(ctx, ids, n, &all, &n_all));
	struct picture *sorted = NEW_N(ctx->mem, struct picture, n_all);
	for (ptrdiff_t i = 0, k = 0; i < l->n; i++) {
		struct shown_note *s = &l->out[i];
		s->pictures = &sorted[k];
		for (ptrdiff_t p = 0; p < n_all; p++)
			if (all[p].owner == l->ids[i].v)
				sorted[k++] = all[p];
		s->n_pictures = &sorted[k] - s->pictures;
		s->cover = find(s->pictures, s->n_pictures, l->notes[i].cover);
	}
	return OK;
}

static err load_topics(struct ctx *ctx, const struct loading *l)
{
	struct note_topic *all;
	ptrdiff_t n_all;
	TRY(notes_topics(ctx, l->ids, l->n, &all, &n_all));
	struct note_topic *sorted = NEW_N(ctx->mem, struct note_topic, n_all);
	for (ptrdiff_t i = 0, k = 0; i < l->n; i++) {
		l->out[i].topics = &sorted[k];
		for (ptrdiff_t t = 0; t < n_all; t++)
			if (all[t].note.v == l->ids[i].v)
				sorted[k++] = all[t];
		l->out[i].n_topics = &sorted[k] - l->out[i].topics;
	}
	return OK;
}

static err load_leads(struct ctx *ctx, const struct loading *l)
{
	struct leads *leads = NEW(ctx->mem, struct leads);
	TRY(notes_leads(ctx, l->notes, l->n, leads));
	for (ptrdiff_t i = 0; i < l->n; i++)
		l->out[i].leads = leads;
	return OK;
}

static err load_liked(struct ctx *ctx, const struct loading *l)
{
	bool *liked = NEW_N(ctx->mem, bool, l->n);
	TRY(likes_among(ctx, l->ids, l->n, liked));
	for (ptrdiff_t i = 0; i < l->n; i++)
		l->out[i].liked = liked[i];
	return OK;
}

static err load_follows(struct ctx *ctx, const struct loading *l)
{
	bool *follows = NEW_N(ctx->mem, bool, l->n);
	TRY(follows_among(ctx, l->authors, l->n, follows));
	for (ptrdiff_t i = 0; i < l->n; i++)
		l->out[i].follows = follows[i];
	return OK;
}

err shown_of(struct ctx *ctx, const struct note *notes, ptrdiff_t n, unsigned parts,
	struct shown_note *out)
{
	struct loading l = {.notes = notes, .n = n, .out = out};
	account_id me = ctx->viewer.account;
	if (!n)
		return OK;
	l.ids = NEW_N(ctx->mem, note_id, n);
	l.authors = NEW_N(ctx->mem, account_id, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		bool mine = me.v && notes[i].account.v == me.v;
		l.ids[i] = notes[i].id;
		l.authors[i] = notes[i].account;
		out[i] = (struct shown_note){.note = notes[i], .mine = mine, .may_delete = mine};
	}
	TRY(load_people(ctx, &l));
	if (parts & SHOWN_PICTURES)
		TRY(load_pictures(ctx, &l));
	else if (parts & SHOWN_COVER)
		TRY(load_covers(ctx, &l));
	if (parts & SHOWN_TOPICS)
		TRY(load_topics(ctx, &l));
	if (parts & SHOWN_LEADS)
		TRY(load_leads(ctx, &l));
	if (parts & SHOWN_LIKED)
		TRY(load_liked(ctx, &l));
	if (parts & SHOWN_FOLLOWS)
		TRY(load_follows(ctx, &l));
	return OK;
}

err shown_by_ids(struct ctx *ctx, const note_id *ids, ptrdiff_t n, unsigned parts,
	struct shown_note **out, ptrdiff_t *n_out)
{
	struct note *notes;
	TRY(notes_visible(ctx, ids, n, &notes, n_out));
	*out = NEW_N(ctx->mem, struct shown_note, *n_out);
	return shown_of(ctx, notes, *n_out, parts, *out);
}

err shown_by_id(struct ctx *ctx, note_id id, unsigned parts, struct shown_note *out)
{
	struct note note;
	TRY(notes_get(ctx, id, &note));
	return shown_of(ctx, &note, 1, parts, out);
}

err shown_under(struct ctx *ctx, const struct note *root, const struct note *comments, ptrdiff_t n,
	struct shown_note **out)
{
	account_id me = ctx->viewer.account;
	bool owns = me.v && root->account.v == me.v;
	*out = NEW_N(ctx->mem, struct shown_note, n);
	TRY(shown_of(ctx, comments, n, SHOWN_COMMENT, *out));
	for (ptrdiff_t i = 0; i < n; i++)
		(*out)[i].may_delete |= owns;
	return OK;
}

err shown_comment(struct ctx *ctx, note_id id, struct shown_note *out, struct note *root)
{
	struct note note;
	struct shown_note *one;
	TRY(comment_get(ctx, id, &note, root));
	TRY(shown_under(ctx, root, &note, 1, &one));
	*out = *one;
	return OK;
}

url url_of_person(struct arena *mem, str name, str host)
{
	str there = host.n ? url_escape(mem, host) : host;
	return url_fmt(mem, "/@%.*s%s%.*s", STR_ARGS(url_escape(mem, name)), host.n ? "@" : "",
		STR_ARGS(there));
}
