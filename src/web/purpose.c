// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Why somebody is at the door. What cannot be told is left out; an address is only looked at.
#include "web/purpose.h"

#include "accounts/accounts.h"
#include "notes/notes.h"
#include "unicode/unicode.h"
#include "web/begun.h"
#include "web/frame.h"

#define TITLE_SHOWN 60 // characters

// What the heading says of a note with a title, of one without, of a comment.
struct said {
	int titled, untitled, comment;
};
static const struct said to_like = {
	W_account_for_like, W_account_for_like_by, W_account_for_like_comment};
static const struct said to_comment = {
	W_account_for_comment, W_account_for_comment_by, W_account_for_comment_by};

static const struct {
	str begins;
	int word;
} places[] = {
	{STR_INIT("/publish"), W_account_for_publish},
	{STR_INIT("/notifications"), W_account_for_notifications},
	{STR_INIT("/following"), W_account_for_following},
	{STR_INIT("/settings"), W_account_for_settings},
	{STR_INIT("/report"), W_account_for_report},
};

static str say(struct ctx *ctx, int word, str what)
{
	return word_fmt(ctx->mem, ctx->viewer.locale, word, &(struct word_args){.s = what});
}

// `out` stays as it is where the note is not there for a stranger.
static err of_note(struct ctx *ctx, note_id id, const struct said *said, str *out)
{
	struct note note;
	struct person author;
	err found = notes_get(ctx, id, &note);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	TRY(people_by_ids(ctx, &note.account, 1, &author));
	if (note.root.v)
		*out = say(ctx, said->comment, author.display);
	else if (note.title.n)
		*out = say(ctx, said->titled, unicode_excerpt(ctx->mem, note.title, TITLE_SHOWN));
	else
		*out = say(ctx, said->untitled, author.display);
	return OK;
}

static err of_person(struct ctx *ctx, str target, str *out)
{
	struct account whom;
	err found =
		str_starts(target, S("@")) ? account_by_handle(ctx, target, &whom) : ERR_NOT_FOUND;
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	struct person person;
	TRY(people_by_ids(ctx, &whom.id, 1, &person));
	*out = say(ctx, W_account_for_follow, person.display);
	return OK;
}

// "/note/1", whatever follows; 0: another address.
static note_id note_in(str address)
{
	note_id id = {0};
	if (!str_starts(address, S("/note/")))
		return id;
	str rest = str_skip(address, 6);
	ptrdiff_t n = 0;
	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	return id_parse(str_sub(rest, 0, n), &id.v) ? id : (note_id){0};
}

static err of_begun(struct request *req, str *out)
{
	struct begun_what what = begun_what(req, begun_carried(req));
	note_id id;
	if (str_eq(what.kind, S("follow")))
		return of_person(req->ctx, what.target, out);
	if (!id_parse(what.target, &id.v))
		return OK;
	bool like = str_eq(what.kind, S("like"));
	return of_note(req->ctx, id, like ? &to_like : &to_comment, out);
}

static err of_place(struct request *req, str *out)
{
	str back = back_address(req, S(""));
	note_id note = note_in(back);
	if (note.v && str_ends(back, S("#write")))
		return of_note(req->ctx, note, &to_comment, out);
	for (int i = 0; i < COUNT(places); i++)
		if (str_starts(back, places[i].begins))
			*out = word_get(req->ctx->viewer.locale, places[i].word);
	return OK;
}

err purpose_signin(struct request *req, str *out)
{
	*out = (str){0};
	TRY(of_begun(req, out));
	if (!out->n)
		TRY(of_place(req, out));
	if (!out->n)
		*out = word_get(req->ctx->viewer.locale, W_common_sign_in);
	return OK;
}

err purpose_signup(struct request *req, str *out)
{
	static const struct said there = {
		W_account_then_note, W_account_then_note_by, W_account_then_note_by};
	note_id note = note_in(back_address(req, S("")));
	*out = (str){0};
	return note.v ? of_note(req->ctx, note, &there, out) : OK;
}
