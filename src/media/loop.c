// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The loop of an animation. It may cost seconds that nobody waits for, so it comes last: the picture has
// been shown as a still since it was taken in, and its original was kept until now. Whatever goes wrong
// with the loop, the picture stays as it is.
#include "media/private.h"

#include "words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct looping {
	const struct media_row *row;
	struct picture_moved made;
	int64_t size; // of the original, which goes
	int64_t changed;
};

static err set_moving(struct ctx *ctx, void *arg)
{
	struct looping *l = arg;
	const struct media_row *row = l->row;
	TRY(media_set_moving(
		ctx, row->id, row->name, l->made.width, l->made.bytes - l->size, &l->changed));
	return l->changed ? making_told(ctx, row->id) : OK;
}

static void log_still(struct ctx *ctx, const struct media_row *row, err code)
{
	bool its_fault = is_its_fault(code);
	log_event(LOG_INFO, "animation stays still", LOG_INT("media", row->id.v),
		LOG_Z("why", its_fault ? word_key(ctx->problem.word) : err_name(code)),
		LOG_STR("detail", its_fault ? ctx->problem.text : S("")));
}

static err render(struct ctx *ctx, struct looping *l, int source, struct blob_temp *file)
{
	TRY(picture_move(ctx, ctx->house->media->decoder, source, file->fd, &l->made));
	if (!l->made.width)
		return OK;
	return blobs_put(
		ctx->house->blobs, file, l->row->name, part_of_moving(ctx->mem, l->made.width));
}

static err with_source(struct ctx *ctx, struct looping *l, int source)
{
	struct stat st;
	struct blob_temp file;
	if (fstat(source, &st) != 0)
		return ERR_IO;
	l->size = st.st_size;
	TRY(blobs_temp(ctx->house->blobs, &file));
	err code = render(ctx, l, source, &file);
	blobs_temp_close(ctx->house->blobs, &file);
	return code;
}

// An original that is gone, as after a backup was put back, is no reason to wait any longer.
static err try_once(struct ctx *ctx, struct looping *l)
{
	int source = source_open(ctx, l->row->source, O_RDONLY);
	if (source < 0)
		return errno == ENOENT ? OK : ERR_IO;
	err code = with_source(ctx, l, source);
	close(source);
	return code;
}

err make_loop(struct ctx *ctx, const struct media_row *row, bool last)
{
	struct looping l = {.row = row};
	if (!awaits_loop(row))
		return OK;
	err code = try_once(ctx, &l);
	bool later = code == ERR_FULL || code == ERR_UNAVAILABLE;
	if (later || (code != OK && !is_its_fault(code) && !last))
		return code;
	if (code != OK) {
		l.made = (struct picture_moved){0};
		log_still(ctx, row, code);
	}
	TRY(store_write(ctx, set_moving, &l));
	if (!l.changed)
		TRY(making_late(ctx, row));
	return source_remove(ctx, row->source);
}

err job_loop(struct ctx *ctx, const struct job *job, void *arg)
{
	struct media_row row;
	bool gone;
	(void)arg;
	TRY(row_of_job(ctx, job, &row, &gone));
	return gone ? OK : make_loop(ctx, &row, job->last);
}
