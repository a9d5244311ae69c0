// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Publishing and editing. Everything a note consists of appears in one transaction: row, pictures,
// topics, mentions, counters, what is to be told. The form's request key makes sending twice one note.
#include "notes/private.h"

#include "language/language.h"
#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

#define EDIT_TRIES 3 // while jobs still make renditions of its pictures

static const struct act publishing = {
	.name = "publish", .burst = 20, .per_hour = 40, .least = ROLE_MEMBER, .everywhere = true};

struct publishing {
	const struct note_draft *draft;
	str title, body;
	note_id id;
	struct note before;           // when editing
	struct media_new_names names; // of its pictures, when it was everyone's and is no longer
	int counted;                  // see notes.h
	bool again;                   // the form was sent before
	struct ledger ledger;         // made anew each time the body runs
};

static err check_pictures(struct ctx *ctx, const struct note_draft *d)
{
	if (d->n_pictures > PICTURES_MOST)
		return fail_n(ctx, ERR_INVALID, "pictures", W_error_too_many_files, PICTURES_MOST);
	for (int i = 0; i < d->n_pictures; i++)
		if (utf8_count(d->pictures[i].alt) > ALT_MOST)
			return fail_n(ctx, ERR_INVALID, "alt", W_error_too_long, ALT_MOST);
	if (d->n_pictures && (d->cover < 0 || d->cover >= d->n_pictures))
		return fail(ctx, ERR_INVALID, "cover", W_error_choose_one);
	return OK;
}

static err check(struct ctx *ctx, const struct note_draft *d, struct publishing *p)
{
	p->draft = d;
	p->title = unicode_line(ctx->mem, d->title);
	p->body = unicode_body(ctx->mem, d->body);
	if (utf8_count(p->title) > TITLE_MOST)
		return fail_n(ctx, ERR_INVALID, "title", W_error_too_long, TITLE_MOST);
	if (utf8_count(p->body) > BODY_MOST)
		return fail_n(ctx, ERR_INVALID, "body", W_error_too_long, BODY_MOST);
	if (d->visibility < 0 || d->visibility >= VISIBILITIES || d->ratio < RATIO_TEXT ||
		d->ratio > RATIO_4_3)
		return fail(ctx, ERR_INVALID, "visibility", W_error_choose_one);
	TRY(check_pictures(ctx, d));
	if (!p->title.n && !p->body.n && !d->n_pictures)
		return fail(ctx, ERR_INVALID, "body", W_note_empty);
	return OK;
}

static media_id cover_of(const struct note_draft *d)
{
	return d->n_pictures ? d->pictures[d->cover].id : (media_id){0};
}

static enum ratio ratio_of(const struct note_draft *d)
{
	if (!d->n_pictures)
		return RATIO_TEXT;
	return d->ratio == RATIO_TEXT ? RATIO_3_4 : d->ratio;
}

err language_of(struct ctx *ctx, account_id author, str text, lang *out)
{
	struct author_writing_row row;
	lang writes[VIEWER_LANGS + 1];
	int n = 0;
	TRY(author_writing(ctx, author, &row));
	if (row.writes.tag[0])
		writes[n++] = row.writes;
	for (str rest = row.reads; rest.p && n <= VIEWER_LANGS;) {
		lang l = lang_from(str_cut(&rest, ' '));
		if (l.tag[0])
			writes[n++] = l;
	}
	lang told = language_identify(ctx->house, text, writes, n).lang;
	*out = told.tag[0] ? told
			   : row.writes; // too little to go by: what the author usually writes
	return OK;
}

static err language(struct ctx *ctx, struct publishing *p, lang *out)
{
	if (p->draft->language.tag[0]) {
		*out = p->draft->language;
		return OK;
	}
	str text = str_fmt(ctx->mem, "%.*s\n%.*s", STR_ARGS(p->title), STR_ARGS(p->body));
	return language_of(ctx, ctx->viewer.account, text, out);
}

static err pictures(struct ctx *ctx, struct publishing *p)
{
	const struct note_draft *d = p->draft;
	TRY(media_attach(ctx, media_of_note(p->id), d->pictures, d->n_pictures));
	return d->n_pictures ? media_cover(ctx, cover_of(d), ratio_of(d), d->crop) : OK;
}

// What the author keeps for himself is read by nobody else, whoever is named in it.
static enum mention_reach reach_of(enum visibility v)
{
	return is_open(v) || v == VIS_ONLY_ME ? REACH_NOTHING : REACH_NARROW;
}

static err texts(struct ctx *ctx, struct publishing *p)
{
	bool mentions;
	bool public = p->draft->visibility == VIS_PUBLIC && p->counted == COUNTED;
	TRY(topics_write(ctx, p->id, ctx->viewer.account, p->title, p->body, public, &p->ledger));
	TRY(mentions_write(ctx, p->id, p->body, reach_of(p->draft->visibility), &mentions));
	if (mentions)
		change_add(ctx, &note_mentions, p->id.v, ctx->viewer.account.v, 0);
	return OK;
}

static err insert(struct ctx *ctx, struct publishing *p, lang written_in, int64_t *made)
{
	const struct note_draft *d = p->draft;
	ms created = d->created ? d->created : ctx->now;
	struct note_row row = {
		.id = {d->created ? id_past(created) : id_new(created)},
		.account = ctx->viewer.account,
		.created = created,
		.visibility = (int64_t)d->visibility,
		.language = written_in,
		.sensitive = d->sensitive,
		.title = p->title,
		.body = p->body,
		.ratio = (int64_t)ratio_of(d),
		.pictures = d->n_pictures,
		.cover = cover_of(d),
		.counted = is_open(d->visibility),
		.request = d->request,
	};
	p->id = row.id;
	p->counted = (int)row.counted;
	return note_insert(ctx, &row, made);
}

err note_sent_before(struct ctx *ctx, str request, bool *again, note_id *out)
{
	struct note_by_request_row row;
	*again = false;
	if (!request.n)
		return OK;
	err found = note_by_request(ctx, ctx->viewer.account, request, &row);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found;
	*again = true;
	*out = row.id;
	return OK;
}

static err publish(struct ctx *ctx, void *arg)
{
	struct publishing *p = arg;
	lang written_in;
	int64_t made;
	p->ledger = (struct ledger){0};
	p->again = false;
	TRY(language(ctx, p, &written_in));
	TRY(insert(ctx, p, written_in, &made));
	if (!made)
		return note_sent_before(ctx, p->draft->request, &p->again, &p->id);
	if (p->draft->n_pictures)
		TRY(pictures(ctx, p));
	TRY(texts(ctx, p));
	tally_add(ctx, &p->ledger.notes, ctx->viewer.account.v, p->counted);
	TRY(ledger_write(ctx, &p->ledger));
	TRY(author_learn_language(ctx, ctx->viewer.account, written_in));
	change_add(ctx, &note_published, p->id.v, ctx->viewer.account.v, 0);
	return OK;
}

err notes_publish(struct ctx *ctx, const struct note_draft *draft, note_id *out)
{
	struct publishing p = {0};
	TRY(check(ctx, draft, &p));
	TRY(note_sent_before(ctx, draft->request, &p.again, &p.id));
	if (!p.again)
		TRY(permit_write_once(ctx, &publishing, publish, &p, &p.again));
	*out = p.id;
	return OK;
}

// One that everyone could read stays in the numbers, or stays out of them where its author's return
// is still being settled.
static int counted_after(const struct note *before, enum visibility after)
{
	if (!is_open(after))
		return 0;
	return is_open(before->visibility) ? before->counted : 1;
}

static err count_anew(struct ctx *ctx, struct publishing *p)
{
	ptrdiff_t room = list_rows;
	int by = (p->counted == COUNTED) - (p->before.counted == COUNTED);
	TRY(narrow_begin(ctx, p->id, p->draft->visibility, &p->ledger));
	if (!by)
		return OK;
	TRY(likes_list(ctx, p->id, by > 0, &room));
	tally_add(ctx, &p->ledger.notes, p->before.account.v, by);
	tally_add(ctx, &p->ledger.liked, p->before.account.v, by * p->before.likes);
	return OK;
}

static err edit(struct ctx *ctx, void *arg)
{
	struct publishing *p = arg;
	const struct note_draft *d = p->draft;
	struct note_row row;
	lang written_in;
	p->ledger = (struct ledger){0};
	TRY(note_take(ctx, p->id, &row));
	p->before = note_from_row(&row);
	TRY(notes_may_see(ctx, &p->before));
	if (p->before.account.v != ctx->viewer.account.v || p->before.root.v)
		return fail(ctx, ERR_FORBIDDEN, NULL, W_error_forbidden);
	TRY(language(ctx, p, &written_in));
	p->counted = counted_after(&p->before, d->visibility);
	TRY(note_update(ctx, p->id, ctx->now, (int64_t)d->visibility, p->counted, written_in,
		d->sensitive, p->title, p->body, (int64_t)ratio_of(d), d->n_pictures, cover_of(d)));
	TRY(count_anew(ctx, p));
	TRY(media_rename(ctx, &p->names));
	TRY(pictures(ctx, p));
	TRY(texts(ctx, p));
	change_add(ctx, &note_edited, p->id.v, ctx->viewer.account.v, 0);
	return ledger_write(ctx, &p->ledger);
}

err notes_edit(struct ctx *ctx, note_id id, const struct note_draft *draft)
{
	struct publishing p = {.id = id};
	TRY(check(ctx, draft, &p));
	TRY(permit_act(ctx, &act_edit));
	TRY(notes_get(ctx, id, &p.before));
	bool narrowed = p.before.account.v == ctx->viewer.account.v &&
			p.before.visibility <= VIS_UNLISTED && draft->visibility > VIS_UNLISTED;
	err code = ERR_CONFLICT;
	for (int tries = 0; code == ERR_CONFLICT && tries < EDIT_TRIES; tries++) {
		if (narrowed)
			TRY(media_new_names(ctx, media_of_note(id), &p.names));
		code = store_write_committed(ctx, edit, &p);
	}
	return code;
}
