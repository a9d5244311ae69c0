// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Taking a picture in: from the original come the master and what is shown first, then the original
// goes. Every step may be done twice; the row changes its state once. When the row has gone
// meanwhile, the files just written are removed again.
#include "media/private.h"

#include "disk/disk.h"
#include "words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct taking {
	const struct media_row *row;
	struct picture_taken taken;
	struct making made;
	str widths;
	int64_t bytes;
	bool keep; // the original, for a loop
	struct how how;
	const struct problem *problem;
	int64_t changed;
};

err row_of_job(struct ctx *ctx, const struct job *job, struct media_row *out, bool *gone)
{
	str source = job->payload, name = str_cut(&source, ' ');
	err code = media_get(ctx, (media_id){job->subject}, out);
	*gone = code == ERR_NOT_FOUND;
	if (!*gone)
		return code;
	TRY(blobs_remove(ctx->house->blobs, name));
	return source_remove(ctx, source);
}

static err set_ready(struct ctx *ctx, void *arg)
{
	struct taking *t = arg;
	const struct media_row *row = t->row;
	TRY(media_set_ready(ctx, row->id, t->taken.width, t->taken.height, t->taken.colour,
		str_from(t->taken.blurhash), t->widths, t->bytes + (t->keep ? row->bytes : 0),
		t->keep ? MEDIA_WAITING : MEDIA_READY, t->keep ? row->source : S(""), &t->changed));
	if (!t->changed)
		return OK;
	change_add(ctx, &picture_changed, row->id.v, row->account.v, row->owner.v);
	if (!t->how.queue || row->use != USE_NOTE)
		return OK;
	TRY(media_job_later(ctx, S("media.renditions"), row, RANK_LATER));
	return t->keep ? media_job_later(ctx, S("media.loop"), row, RANK_LAST) : OK;
}

static err set_failed(struct ctx *ctx, void *arg)
{
	struct taking *t = arg;
	const struct media_row *row = t->row;
	TRY(media_set_failed(ctx, row->id, str_from(word_key(t->problem->word)), t->problem->number,
		&t->changed));
	if (t->changed)
		change_add(ctx, &picture_changed, row->id.v, row->account.v, row->owner.v);
	return OK;
}

static err wishes(struct ctx *ctx, struct taking *t)
{
	int n;
	const struct media_rendition *parts = profile_parts((enum media_use)t->row->use, &n);
	if (!n)
		return making_add(ctx, &t->made, picture_webp(MEDIA_CARD_WIDTH));
	for (int i = 0; i < n; i++)
		TRY(making_add(ctx, &t->made, parts[i]));
	return OK;
}

static void name_parts(struct ctx *ctx, struct taking *t)
{
	struct widths w = {0};
	for (int i = 0; i < t->made.n; i++) {
		const struct picture_output *made = &t->made.at[i];
		enum media_use use = (enum media_use)t->row->use;
		widths_add(&w, made->width);
		t->made.parts[i] = use == USE_NOTE
					   ? part_of_picture(ctx->mem, made->width)
					   : part_of_profile(ctx->mem, use, (int)made->wish.width);
	}
	t->widths = widths_write(ctx->mem, &w);
}

static err decode(struct ctx *ctx, struct taking *t, int source, struct blob_temp *master)
{
	struct blobs *blobs = ctx->house->blobs;
	TRY(picture_take(ctx, ctx->house->media->decoder, source, master->fd, t->how.light,
		t->made.at, t->made.n, &t->taken));
	if (t->taken.frames > 1 && t->row->use == USE_NOTE)
		TRY(media_share_is_easy(ctx, &t->keep));
	name_parts(ctx, t);
	TRY(blobs_put(blobs, master, t->row->name, S("master.jpg")));
	TRY(making_put(ctx, &t->made, t->row->name, &t->bytes));
	t->bytes += t->taken.bytes;
	TRY(store_write(ctx, set_ready, t));
	// Either it was taken in by somebody else just now, then the files are as good as theirs, or
	// it was removed.
	if (!t->changed) {
		struct media_row now;
		err code = media_get(ctx, t->row->id, &now);
		if (code == ERR_NOT_FOUND)
			return blobs_remove(blobs, t->row->name);
		return code;
	}
	return OK;
}

static err with_files(struct ctx *ctx, struct taking *t, int source)
{
	struct blob_temp master;
	TRY(blobs_temp(ctx->house->blobs, &master));
	err code = wishes(ctx, t);
	if (code == OK)
		code = decode(ctx, t, source, &master);
	making_close(ctx, &t->made);
	blobs_temp_close(ctx->house->blobs, &master);
	return code;
}

static err try_once(struct ctx *ctx, struct taking *t)
{
	int source = source_open(ctx, t->row->source, O_RDONLY);
	if (source < 0)
		return ERR_IO;
	err code = with_files(ctx, t, source);
	close(source);
	return code;
}

bool is_its_fault(err code)
{
	return code == ERR_UNSUPPORTED || code == ERR_INVALID || code == ERR_TOO_LARGE;
}

// The person is told in words; whoever runs the server finds here why, and nothing of the picture.
static void log_refusal(const struct taking *t)
{
	log_event(LOG_INFO, "picture refused", LOG_INT("media", t->row->id.v),
		LOG_Z("why", word_key(t->problem->word)), LOG_STR("detail", t->problem->text),
		LOG_INT("bytes", t->row->bytes));
}

err take(struct ctx *ctx, const struct media_row *row, struct how how)
{
	struct taking t = {.row = row, .how = how};
	if (row->kind != MEDIA_PICTURE || state_of(row) != MEDIA_WAITING)
		return OK;
	err code = try_once(ctx, &t);
	// The decoder cannot tell a full disk from any other trouble with its output.
	if (code == ERR_INTERNAL && disk_state(ctx->house->disk) == DISK_FULL)
		code = ERR_FULL;
	bool later =
		code == ERR_FULL || code == ERR_UNAVAILABLE || (code == ERR_TIMEOUT && how.light);
	if (later || (code != OK && !is_its_fault(code) && !how.last))
		return code;
	if (code != OK) {
		struct problem ours = {.word = W_media_failed, .text = ctx->problem.text};
		struct problem why = is_its_fault(code) ? ctx->problem : ours;
		t.problem = &why;
		TRY(store_write(ctx, set_failed, &t));
		log_refusal(&t);
	}
	if (code != OK || !t.keep)
		TRY(source_remove(ctx, row->source));
	return is_its_fault(code) ? OK : code;
}

// Everybody's first try is a short one. What is large begins again behind whatever can be done at once,
// so that many who send such pictures do not keep others waiting.
err job_take(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_row row;
	bool gone;
	struct how how = {.last = job->last, .queue = true, .light = job->rank == RANK_USUAL};
	(void)arg;
	TRY(row_of_job(ctx, job, &row, &gone));
	err code = gone ? OK : take(ctx, &row, how);
	if (code != ERR_TIMEOUT || !how.light)
		return code;
	job_put_off(job);
	return OK;
}

static err take_now(struct ctx *ctx, media_id id, struct media_row *row)
{
	TRY(media_get(ctx, id, row));
	TRY(take(ctx, row, (struct how){.last = true}));
	TRY(media_get(ctx, id, row));
	if (row->state != MEDIA_FAILED)
		return OK;
	struct picture p = picture_from_row(row);
	return fail_n(ctx, ERR_INVALID, "picture", p.word, p.problem_number);
}

err media_take_first(struct ctx *ctx, media_id id)
{
	struct media_row row;
	return take_now(ctx, id, &row);
}

err media_take_now(struct ctx *ctx, media_id id)
{
	struct media_row row;
	TRY(take_now(ctx, id, &row));
	TRY(make_loop(ctx, &row, true));
	TRY(make_renditions(ctx, &row));
	TRY(media_get(ctx, id, &row));
	return make_covers(ctx, &row);
}
