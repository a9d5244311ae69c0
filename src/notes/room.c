// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: whose pictures it knows, its jobs, its public numbers as the operator asks for them.
#include "notes/private.h"

#include "jobs/jobs.h"
#include "store/store.h"

#include <stdio.h>

// Pictures of a note are for whoever may see the note.
static err guard(struct ctx *ctx, int64_t id, account_id by, bool *is_public)
{
	struct note_row row;
	(void)by;
	TRY(note_get(ctx, (note_id){id}, &row));
	struct note note = note_from_row(&row);
	TRY(notes_may_see(ctx, &note));
	*is_public = is_open(note.visibility);
	return OK;
}

// After these others may see it, or no longer.
static struct change_kind *const seen_anew[] = {&note_published, &note_edited, &note_changed,
	&note_deleted, &comment_published, &comment_deleted, NULL};
static const struct media_owner_kind note_media = {
	.name = "note", .guard = guard, .until = seen_anew};

struct media_owner media_of_note(note_id id)
{
	return (struct media_owner){&note_media, id.v};
}

err pictures_of_note(struct ctx *ctx, note_id id, struct picture **out, ptrdiff_t *n)
{
	return pictures_of(ctx, media_of_note(id), out, n);
}

err pictures_of_notes(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct picture **out, ptrdiff_t *n_out)
{
	int64_t *owners = NEW_N(ctx->mem, int64_t, n);
	for (ptrdiff_t i = 0; i < n; i++)
		owners[i] = ids[i].v;
	return pictures_of_many(ctx, &note_media, owners, n, out, n_out);
}

static err start(struct ctx *ctx)
{
	const struct job_policy rescan = {.concurrency = 1};
	media_owner_register(ctx, &note_media);
	if (ctx->house->jobs)
		jobs_register(ctx->house->jobs, S("notes.rescan"), notes_rescan, NULL, &rescan);
	liked_start(ctx);
	likes_start(ctx);
	clear_start(ctx);
	settle_start(ctx);
	err planned = deltas_start(ctx);
	if (planned != OK)
		liked_stop(ctx);
	return planned;
}

static void tick(struct ctx *ctx)
{
	if (!store_is_postgres(ctx->house->store))
		return;
	err failed = deltas_fold_left(ctx); // else the next time
	(void)failed;
}

// Likes, comments, followers, topics: against the rows they are made of.
static void examine(struct ctx *ctx, struct doctor *d)
{
	struct recount r = {0};
	if (!ctx->house->store)
		return;
	err failed = notes_recount(ctx, false, &r);
	int64_t wrong = r.notes + r.accounts + r.topics;
	str text = failed != OK ? str_from(err_name(failed))
		   : wrong      ? str_fmt(ctx->mem, "%lld are wrong", (long long)wrong)
		   : r.standing ? str_fmt(ctx->mem, "%lld accounts are being settled",
					  (long long)r.standing)
				: S("every public number is right");
	doctor_say(d, failed == OK && !wrong, "numbers", text, "qiao recount puts them right.");
}

static err recount(struct ctx *ctx, int argc, char **argv)
{
	struct recount r;
	(void)argv;
	if (argc > 1)
		return ERR_BAD_REQUEST;
	TRY(notes_recount(ctx, true, &r));
	if (!r.notes && !r.accounts && !r.topics && !r.standing)
		puts("Every public number is right.");
	else
		printf("Put right: numbers of %lld notes, %lld accounts, %lld topics; settled: "
		       "%lld accounts.\n",
			(long long)r.notes, (long long)r.accounts, (long long)r.topics,
			(long long)r.standing);
	return OK;
}

static const struct command commands[] = {
	{"recount", "", "count likes, comments, followers and topics anew",
		"Puts public numbers right that differ from what they are made of. A server may "
		"run\nmeanwhile. qiao doctor says whether it is needed.",
		OPEN_ROOMS, recount},
	{0},
};

const struct room notes_room = {.name = "notes",
	.commands = commands,
	.extent = OPEN_ROOMS,
	.start = start,
	.tick = tick,
	.stop = liked_stop,
	.examine = examine};
