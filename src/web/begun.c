// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Begun and finished: "UNTIL KIND TARGET PARENT VISIBILITY REQUEST\nTEXT", sealed with a key made of
// the browser's guest cookie. A text that would not fit into an address is not taken along; scripts
// keep every text in the tab as well, until it is seen as a comment.
#include "web/begun.h"

#include "accounts/accounts.h"
#include "crypto/crypto.h"
#include "notes/notes.h"
#include "web/choices.h"
#include "web/note_view.h"

#define BEGUN_FOR (30 * MS_MINUTE)
#define TEXT_MOST 1500 // bytes
#define PARAM_MOST (HANDLE_MOST + 1)

struct begun {
	str kind; // name of the row: "like", "follow", "comment"
	str target, parent, visibility, request, text;
	bool late; // too old to be finished without being asked again
};

// What the door says of each: that it will be finished, that it came too late for that (0: nothing);
// and what is said when it was, to who came back and to who is new.
static const struct {
	str kind;
	int asks, late, done[2];
} kinds[] = {
	{STR_INIT("like"), W_account_begun_like, 0,
		{W_account_begun_like_done, W_account_begun_like_new}},
	{STR_INIT("follow"), W_account_begun_follow, 0,
		{W_account_begun_follow_done, W_account_begun_follow_new}},
	{STR_INIT("comment"), W_account_begun_comment, W_account_begun_comment_late,
		{W_account_begun_comment_done, W_account_begun_comment_new}},
};

static int kind_of(str kind)
{
	for (int i = 0; i < COUNT(kinds); i++)
		if (str_eq(kinds[i].kind, kind))
			return i;
	return -1;
}

static struct digest key_of(struct request *req)
{
	return req_guest_key(req, S("begun"));
}

// Fields of one line: nothing in them may look like the end of one.
static str one_word(str s)
{
	bool plain = s.n && s.n <= PARAM_MOST;
	for (ptrdiff_t i = 0; plain && i < s.n; i++)
		plain = s.p[i] > ' ' && s.p[i] < 0x7f;
	return plain ? s : S("-");
}

static str no_dash(str s)
{
	return str_eq(s, S("-")) ? (str){0} : s;
}

static str seal(struct request *req)
{
	struct ctx *ctx = req->ctx;
	const struct route *row = req->route;
	if (req->method != POST || !row->begins || kind_of(str_from(row->name)) < 0)
		return (str){0};
	bool comment = str_eq(str_from(row->name), S("comment"));
	str text = comment ? req_form(req, "text") : (str){0};
	if (text.n > TEXT_MOST || (comment ? !text.n : !str_eq(req_form(req, "on"), S("1"))))
		return (str){0};
	str target =
		one_word(req_param(req, str_eq(str_from(row->name), S("follow")) ? "who" : "id"));
	str plain = str_fmt(ctx->mem, "%lld %s %.*s %.*s %.*s %.*s\n%.*s",
		(long long)(ctx->now + BEGUN_FOR), row->name, STR_ARGS(target),
		STR_ARGS(one_word(req_form(req, "parent"))),
		STR_ARGS(one_word(req_form(req, "visibility"))),
		STR_ARGS(one_word(req_form(req, "request"))), STR_ARGS(text));
	struct digest key = key_of(req);
	return crypto_seal(ctx->mem, &key, plain);
}

static bool unseal(struct request *req, str sealed, struct begun *out)
{
	str plain;
	int64_t until;
	if (!sealed.n)
		return false;
	struct digest key = key_of(req);
	if (!crypto_open(req->ctx->mem, &key, sealed, &plain))
		return false;
	str line = str_cut(&plain, '\n');
	if (!str_int(str_cut(&line, ' '), &until))
		return false;
	*out = (struct begun){.late = until < req->ctx->now};
	out->kind = str_cut(&line, ' ');
	out->target = str_cut(&line, ' ');
	out->parent = no_dash(str_cut(&line, ' '));
	out->visibility = no_dash(str_cut(&line, ' '));
	out->request = no_dash(line);
	out->text = plain;
	return true;
}

// The page where the form stood, at the card or comment it stood in.
static str where_it_began(struct request *req)
{
	struct ctx *ctx = req->ctx;
	if (req->method == GET)
		return own_address(req);
	str back = referer_address(req, S("/"));
	if (!req->route->begins || !str_starts(req->path, S("/note/")))
		return back;
	str id = req_param(req, "id");
	str note = str_fmt(ctx->mem, "/note/%.*s", STR_ARGS(id));
	str page = back;
	page = str_cut(&page, '?');
	if (str_eq(page, note))
		return back;
	bool on_note = str_starts(back, S("/note/"));
	return str_fmt(ctx->mem, "%.*s#%s-%.*s", STR_ARGS(back), on_note ? "comment" : "note",
		STR_ARGS(id));
}

str begun_door(struct request *req)
{
	struct arena *mem = req->ctx->mem;
	url door = url_query(mem, url_fmt(mem, "/signin"), "back", where_it_began(req));
	str sealed = seal(req);
	return sealed.n ? url_query(mem, door, "begun", sealed).s : door.s;
}

str begun_carried(struct request *req)
{
	str sealed = req_form(req, "begun");
	return sealed.n ? sealed : req_query(req, "begun");
}

struct begun_what begun_what(struct request *req, str sealed)
{
	struct begun b;
	if (!unseal(req, sealed, &b))
		return (struct begun_what){0};
	return (struct begun_what){b.kind, b.target};
}

int begun_word(struct request *req, str sealed)
{
	struct begun b;
	int kind = unseal(req, sealed, &b) ? kind_of(b.kind) : -1;
	if (kind < 0)
		return 0;
	return b.late ? kinds[kind].late : kinds[kind].asks;
}

struct begun_comment begun_comment(struct request *req, note_id root)
{
	struct begun b;
	note_id target;
	if (!unseal(req, req_query(req, "begun"), &b) || !str_eq(b.kind, S("comment")) ||
		!id_parse(b.target, &target.v) || target.v != root.v)
		return (struct begun_comment){0};
	return (struct begun_comment){b.text, b.visibility};
}

static err finish_follow(struct ctx *ctx, const struct begun *b)
{
	struct account whom;
	if (!str_starts(b->target, S("@")))
		return ERR_NOT_FOUND;
	TRY(account_by_handle(ctx, b->target, &whom));
	return follow_add(ctx, whom.id);
}

static err finish_comment(struct ctx *ctx, const struct begun *b, note_id root, str *address)
{
	struct note comment, root_note;
	note_id under = root, made;
	if (b->parent.n && !id_parse(b->parent, &under.v))
		return ERR_NOT_FOUND;
	struct comment_draft draft = {.under = under,
		.body = b->text,
		.visibility = b->visibility.n ? visibility_from(b->visibility) : VIS_PUBLIC,
		.request = b->request};
	TRY(notes_comment(ctx, &draft, &made));
	TRY(comment_get(ctx, made, &comment, &root_note));
	*address = comment_address(ctx, &comment);
	return OK;
}

static err finish(struct ctx *ctx, const struct begun *b, str *address)
{
	note_id id;
	int64_t likes;
	if (str_eq(b->kind, S("follow")))
		return finish_follow(ctx, b);
	if (!id_parse(b->target, &id.v))
		return ERR_NOT_FOUND;
	return str_eq(b->kind, S("like")) ? like_add(ctx, id, &likes)
					  : finish_comment(ctx, b, id, address);
}

// Back to the note, with the text in its field: what could not be posted is not lost.
static str where_it_is_written(struct ctx *ctx, const struct begun *b, str sealed)
{
	struct arena *mem = ctx->mem;
	url u = url_fmt(mem, "/note/%.*s", STR_ARGS(url_escape(mem, b->target)));
	if (b->parent.n)
		u = url_query(mem, u, "reply", b->parent);
	return str_fmt(mem, "%.*s#write", STR_ARGS(url_query(mem, u, "begun", sealed).s));
}

static int word_of_failure(err code)
{
	if (code == ERR_FORBIDDEN)
		return W_account_begun_not_yet;
	return code == ERR_NOT_FOUND || code == ERR_GONE ? W_account_begun_failed
							 : W_account_begun_again;
}

err begun_finish(
	struct request *req, str sealed, bool newcomer, struct begun_end *end, str *address)
{
	struct ctx *ctx = req->ctx;
	struct begun b;
	int kind = unseal(req, sealed, &b) ? kind_of(b.kind) : -1;
	*end = (struct begun_end){.word = sealed.n ? W_account_begun_again : 0};
	if (kind < 0)
		return OK;
	err code = b.late ? ERR_INVALID : finish(ctx, &b, address);
	if (err_is_loud(code))
		return code;
	end->done = code == OK;
	end->word = end->done ? kinds[kind].done[newcomer] : word_of_failure(code);
	if (code != OK && b.text.n)
		*address = where_it_is_written(ctx, &b, sealed);
	return OK;
}
