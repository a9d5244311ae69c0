// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What may be reported of the rooms below this one, as rooms above describe theirs: accounts, and notes with
// the comments under them.
#include "moderation/private.h"

#include "words/words.h"

// --- accounts -----------------------------------------------------------------------------------

static err find_account(struct ctx *ctx, str handle, int64_t *id)
{
	struct account account;
	TRY(account_by_handle(ctx, handle, &account));
	*id = account.id.v;
	return OK;
}

static const struct reported_words words_of_account = {.name = W_moderation_account,
	.report = W_moderation_report_account,
	.form = W_moderation_form_account};

static void fill_account(account_id id, const struct account_rank_row *person, struct reported *out)
{
	*out = (struct reported){.account = id,
		.title = person->display,
		.text = person->bio,
		.edited = EDITED_SINCE,
		.words = &words_of_account};
}

static err guard_account(struct ctx *ctx, int64_t id, struct reported *out)
{
	struct account_rank_row person;
	TRY(account_rank(ctx, (account_id){id}, &person));
	if (person.standing == STANDING_GONE || person.standing == STANDING_WAITING)
		return ERR_NOT_FOUND;
	fill_account((account_id){id}, &person, out);
	return OK;
}

static err look_at_account(struct ctx *ctx, int64_t id, struct reported *out)
{
	struct account_rank_row person;
	TRY(account_rank(ctx, (account_id){id}, &person));
	fill_account((account_id){id}, &person, out);
	return OK;
}

static err show_accounts(struct ctx *ctx, struct reported_sight *sights, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct person *person = sights[i].account;
		if (!person)
			continue;
		sights[i].there = true;
		sights[i].address = url_of_person(ctx->mem, person->name, person->host);
	}
	return OK;
}

const struct reported_kind reported_accounts = {.number = REPORTED_ACCOUNT,
	.name = "account",
	.decisions = DECISION(DECIDE_DISMISS) | DECISION(DECIDE_WARN) | DECISION(DECIDE_SUSPEND) |
		     DECISION(DECIDE_RESTORE) | DECISION(DECIDE_CLEAR_AVATAR) |
		     DECISION(DECIDE_CLEAR_COVER) | DECISION(DECIDE_CLEAR_NAME) |
		     DECISION(DECIDE_CLEAR_BIO),
	.is_account = true,
	.words = &words_of_account,
	.find = find_account,
	.guard = guard_account,
	.look = look_at_account,
	.show = show_accounts};

// --- notes --------------------------------------------------------------------------------------

static const struct reported_words words_of_note = {.name = W_moderation_note,
	.report = W_moderation_report_note,
	.form = W_moderation_form_note,
	.remove = W_moderation_remove_note,
	.remove_hint = W_moderation_remove_hint};
static const struct reported_words words_of_comment = {.name = W_moderation_comment,
	.report = W_moderation_report_comment,
	.form = W_moderation_form_comment,
	.remove = W_moderation_remove_comment,
	.remove_hint = W_moderation_remove_hint};

static const struct reported_words *words_by_root(note_id root)
{
	return root.v ? &words_of_comment : &words_of_note;
}

static err guard_note(struct ctx *ctx, int64_t id, struct reported *out)
{
	struct note note;
	TRY(notes_get(ctx, (note_id){id}, &note));
	*out = (struct reported){.account = note.account,
		.note = note.id,
		.title = note.title,
		.text = note.body,
		.language = note.language,
		.edited = note.edited,
		.words = words_by_root(note.root)};
	return OK;
}

static err look_at_note(struct ctx *ctx, int64_t id, struct reported *out)
{
	struct note_text_row note;
	TRY(note_text(ctx, (note_id){id}, &note));
	*out = (struct reported){
		.account = note.account, .note = {id}, .title = note.title, .text = note.body};
	return OK;
}

static void place(struct reported_sight *sight, const struct notes_places_row *at)
{
	sight->there = true;
	sight->words = words_by_root(at->root);
}

// Where it stands, for whoever may see it there.
static void lead_to(struct ctx *ctx, struct reported_sight *sight, const struct shown_note *shown)
{
	long long id = (long long)shown->note.id.v, root = (long long)shown->note.root.v;
	sight->picture = shown->cover;
	sight->address = root ? url_fmt(ctx->mem, "/note/%lld#comment-%lld", root, id)
			      : url_fmt(ctx->mem, "/note/%lld", id);
}

static err show_notes(struct ctx *ctx, struct reported_sight *sights, ptrdiff_t n)
{
	note_id *ids = NEW_N(ctx->mem, note_id, n);
	struct notes_places_row *places;
	struct shown_note *shown;
	ptrdiff_t n_places, n_shown;
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i].v = sights[i].id;
	TRY(notes_places(ctx, ids, n, &places, &n_places));
	TRY(shown_by_ids(ctx, ids, n, SHOWN_COVER, &shown, &n_shown));
	for (ptrdiff_t i = 0; i < n; i++) {
		for (ptrdiff_t k = 0; k < n_places; k++)
			if (places[k].id.v == sights[i].id)
				place(&sights[i], &places[k]);
		for (ptrdiff_t k = 0; k < n_shown; k++)
			if (shown[k].note.id.v == sights[i].id)
				lead_to(ctx, &sights[i], &shown[k]);
	}
	return OK;
}

static err remove_note(struct ctx *ctx, int64_t id)
{
	return notes_delete_as_moderator(ctx, (note_id){id});
}

const struct reported_kind reported_notes = {.number = REPORTED_NOTE,
	.name = "note",
	.decisions = DECISION(DECIDE_DISMISS) | DECISION(DECIDE_WARN) | DECISION(DECIDE_REMOVE) |
		     DECISION(DECIDE_SUSPEND),
	.words = &words_of_note,
	.guard = guard_note,
	.look = look_at_note,
	.show = show_notes,
	.remove = remove_note};
