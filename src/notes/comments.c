// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Comments in two levels: an answer to an answer stands under the same first-level comment and
// names whom it answers.
#include "notes/private.h"

#include "permit/permit.h"
#include "store/store.h"
#include "unicode/unicode.h"
#include "words/words.h"

static const struct act commenting = {
	.name = "comment", .burst = 30, .per_hour = 240, .least = ROLE_MEMBER};

struct commenting {
	const struct comment_draft *draft;
	str body;
	note_id id;
	bool again; // the form was sent before
};

// Never wider than the note, nor than the comment it answers: whoever is answered reads it, and a
// whisper to the note's owner stays between the two.
static enum visibility circle(
	const struct comment_draft *draft, const struct note *under, const struct note *root)
{
	enum visibility widest = root->visibility;
	if (under->root.v)
		widest = MAX(widest, MIN(under->visibility, VIS_MENTIONED));
	return MAX(draft->visibility, widest);
}

// In the public numbers at once when what it hangs on is: the note, or the first-level comment. Else
// it is settled with that. Whom an answer answers does not matter: that author's return may wait to be
// settled, and brings back only what the author wrote.
static err is_counted(
	struct ctx *ctx, const struct note_row *row, const struct note *under, bool *out)
{
	struct note_row thread = {
		.counted = under->counted}; // the note, or the first-level comment
	*out = false;
	if (!is_open((enum visibility)row->visibility))
		return OK;
	if (under->parent.v)
		TRY(note_hold(ctx, under->parent, &thread));
	*out = thread.counted == COUNTED;
	return OK;
}

static err insert(
	struct ctx *ctx, struct commenting *c, const struct note *under, const struct note *root)
{
	lang written_in;
	int64_t made;
	bool counted;
	TRY(language_of(ctx, ctx->viewer.account, c->body, &written_in));
	bool top = !under->root.v;
	bool mentions; // told with the comment
	struct ledger l = {0};
	struct note_row row = {
		.id = {c->draft->created ? id_past(c->draft->created) : id_new(ctx->now)},
		.account = ctx->viewer.account,
		.root = root->id,
		.parent = top               ? (note_id){0}
			  : under->parent.v ? under->parent
					    : under->id,
		.answers = top ? (account_id){0} : under->account,
		.created = c->draft->created ? c->draft->created : ctx->now,
		.visibility = (int64_t)circle(c->draft, under, root),
		.language = written_in,
		.body = c->body,
		.request = c->draft->request,
	};
	TRY(is_counted(ctx, &row, under, &counted));
	row.counted = counted;
	TRY(note_insert(ctx, &row, &made));
	if (!made)
		return note_sent_before(ctx, c->draft->request, &c->again, &c->id);
	c->id = row.id;
	TRY(mentions_write(ctx, row.id, c->body, REACH_NOTHING, &mentions));
	if (counted)
		tally_add(ctx, &l.comments, root->id.v, 1);
	if (counted && row.parent.v)
		tally_add(ctx, &l.comments, row.parent.v, 1);
	change_add(ctx, &comment_published, row.id.v, row.account.v, root->id.v);
	return ledger_write(ctx, &l);
}

// From the note down, as whoever deletes, narrows or settles it: so they wait, and not each for the other.
static err comment(struct ctx *ctx, void *arg)
{
	struct commenting *c = arg;
	struct note under, root;
	struct note_row thread;
	c->again = false;
	TRY(notes_get(ctx, c->draft->under, &under));
	TRY(notes_get_held(ctx, under.root.v ? under.root : under.id, &root));
	if (under.parent.v)
		TRY(note_hold(ctx, under.parent, &thread));
	if (under.root.v)
		TRY(notes_get_held(ctx, under.id, &under));
	else
		under = root;
	return insert(ctx, c, &under, &root);
}

err notes_comment(struct ctx *ctx, const struct comment_draft *draft, note_id *out)
{
	struct commenting c = {.draft = draft, .body = unicode_body(ctx->mem, draft->body)};
	if (!c.body.n)
		return fail(ctx, ERR_INVALID, "body", W_error_required);
	if (utf8_count(c.body) > COMMENT_MOST)
		return fail_n(ctx, ERR_INVALID, "body", W_error_too_long, COMMENT_MOST);
	TRY(note_sent_before(ctx, draft->request, &c.again, &c.id));
	if (!c.again)
		TRY(permit_write_once(ctx, &commenting, comment, &c, &c.again));
	*out = c.id;
	return OK;
}
