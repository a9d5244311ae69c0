// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Uploads in pieces. The file holds at least the bytes the row counts, each synced before it is
// counted; what lies behind them was never acknowledged and is written over. The lock on the file
// keeps two requests for one upload apart, also of two processes.
#include "media/private.h"

#include "disk/disk.h"
#include "permit/permit.h"
#include "words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define PIECE (64 << 10)
#define SWEEP_MOST 100

static const struct act uploading = {
	.name = "upload", .burst = 90, .per_hour = 360, .least = ROLE_MEMBER};

static str upload_source(struct ctx *ctx, upload_id id)
{
	return source_name(ctx->mem, 'u', id.v);
}

static err check_size(struct ctx *ctx, int64_t size)
{
	if (size > PICTURE_MOST_BYTES)
		return fail_n(
			ctx, ERR_TOO_LARGE, "picture", W_media_too_large, PICTURE_MOST_BYTES >> 20);
	if (size < 1)
		return fail(ctx, ERR_INVALID, "picture", W_media_empty);
	return OK;
}

// Uploads that were given up: their rows go within the transaction, their files after it.
struct dropped {
	upload_id *ids;
	ptrdiff_t n;
};

static err drop_stale(
	struct ctx *ctx, const struct upload_row *rows, ptrdiff_t n, struct dropped *d)
{
	int64_t gone;
	*d = (struct dropped){.ids = NEW_N(ctx->mem, upload_id, n)};
	for (ptrdiff_t i = 0; i < n; i++)
		if (rows[i].touched < ctx->now - UPLOAD_STALE)
			d->ids[d->n++] = rows[i].id;
	return d->n ? uploads_delete(ctx, d->ids, d->n, &gone) : OK;
}

// Somebody whose page was closed again and again should not have to wait a day.
static err make_room(struct ctx *ctx, int64_t more, bool begins, struct dropped *d)
{
	struct upload_row *rows;
	ptrdiff_t n;
	*d = (struct dropped){0};
	TRY(uploads_unfinished(ctx, ctx->viewer.account, &rows, &n));
	err room = media_check_room(ctx, more);
	bool many = begins && n >= UPLOADS_MOST;
	if (!many && room != ERR_TOO_MANY && room != ERR_FULL)
		return room;
	TRY(drop_stale(ctx, rows, n, d));
	if (many && !d->n)
		return fail_n(ctx, ERR_TOO_MANY, "picture", W_media_too_many_uploads, UPLOADS_MOST);
	return d->n ? media_check_room(ctx, more) : room;
}

// What stays is found by the sweep: nobody's upload fails for it.
static void remove_dropped(struct ctx *ctx, const struct dropped *d)
{
	for (ptrdiff_t i = 0; i < d->n; i++) {
		err ignored = source_remove(ctx, upload_source(ctx, d->ids[i]));
		(void)ignored;
	}
}

struct beginning {
	int64_t length;
	upload_id id;
	struct dropped dropped;
};

static err begin(struct ctx *ctx, void *arg)
{
	struct beginning *b = arg;
	TRY(make_room(ctx, b->length, true, &b->dropped));
	struct upload_row row = {.id = {id_new(ctx->now)},
		.account = ctx->viewer.account,
		.length = b->length,
		.touched = ctx->now};
	b->id = row.id;
	return upload_insert(ctx, &row);
}

err upload_begin(struct ctx *ctx, int64_t length, upload_id *out)
{
	struct beginning b = {.length = length};
	TRY(permit_act(ctx, &uploading));
	TRY(check_size(ctx, length));
	TRY(store_write(ctx, begin, &b));
	remove_dropped(ctx, &b.dropped);
	*out = b.id;
	return OK;
}

static err own_upload(struct ctx *ctx, upload_id id, struct upload_row *out)
{
	struct upload_row row;
	if (!ctx->viewer.account.v)
		return fail(ctx, ERR_SIGN_IN, NULL, W_error_sign_in);
	TRY(upload_get(ctx, id, &row));
	if (row.account.v != ctx->viewer.account.v)
		return ERR_NOT_FOUND;
	*out = row;
	return OK;
}

err upload_offset(struct ctx *ctx, upload_id id, int64_t *offset, media_id *media)
{
	struct upload_row row = {0};
	TRY(own_upload(ctx, id, &row));
	*offset = row.received;
	*media = row.media;
	return OK;
}

static err copy(struct ctx *ctx, int from, int to, int64_t at, int64_t n)
{
	char *piece = arena_alloc(ctx->mem, PIECE, 1, 1);
	for (int64_t done = 0; done < n;) {
		ssize_t got = pread(from, piece, (size_t)MIN(PIECE, n - done), done);
		if (got <= 0)
			return got < 0 ? ERR_IO : ERR_BAD_REQUEST;
		for (ssize_t put = 0; put < got;) {
			ssize_t wrote =
				pwrite(to, piece + put, (size_t)(got - put), at + done + put);
			if (wrote < 0)
				return err_of_write(errno);
			put += wrote;
		}
		done += got;
	}
	return fdatasync(to) == 0 ? OK : err_of_write(errno);
}

struct appending {
	struct upload_row row; // as it was before
	int64_t offset, n;
	int fd;
	enum media_use use;
	media_id media;
	job_id job;
};

static err wrong_offset(struct ctx *ctx, int64_t right)
{
	return fail_n(ctx, ERR_CONFLICT, "offset", W_media_wrong_offset, right);
}

static err grow(struct ctx *ctx, void *arg)
{
	struct appending *a = arg;
	int64_t now_at = a->offset + a->n, changed;
	bool complete = now_at == a->row.length;
	a->media = (media_id){complete ? id_new(ctx->now) : 0};
	a->job = (job_id){0};
	TRY(upload_grow(ctx, a->row.id, a->offset, now_at, ctx->now, a->media, &changed));
	if (!changed)
		return ERR_NOT_FOUND; // was abandoned meanwhile
	if (!complete)
		return OK;
	return media_new(
		ctx, a->media, a->use, upload_source(ctx, a->row.id), a->row.length, &a->job);
}

static err append_to(struct ctx *ctx, struct appending *a, int file)
{
	if (flock(file, LOCK_EX | LOCK_NB) != 0)
		return wrong_offset(ctx, a->row.received);
	TRY(own_upload(ctx, a->row.id, &a->row)); // again: now nobody else changes it
	if (a->row.media.v || a->offset != a->row.received)
		return wrong_offset(ctx, a->row.received);
	if (a->n > a->row.length - a->offset)
		return fail(ctx, ERR_BAD_REQUEST, "length", W_media_wrong_length);
	TRY(copy(ctx, a->fd, file, a->offset, a->n));
	if (!a->offset)
		TRY(source_sync(ctx));
	return store_write(ctx, grow, a);
}

static err append(struct ctx *ctx, struct appending *a)
{
	int file = source_open(ctx, upload_source(ctx, a->row.id), O_RDWR | O_CREAT);
	if (file < 0)
		return err_of_write(errno);
	err code = append_to(ctx, a, file);
	close(file);
	return code;
}

// Whether it may go on. Its owner's share was looked at when it began, that of all only for as much as has
// come; one long silent has lost both.
static err check_goes_on(struct ctx *ctx, const struct upload_row *row, int64_t n)
{
	int64_t was = disk_counts(row->length, row->received);
	int64_t becomes = disk_counts(row->length, row->received + n);
	TRY(media_check_disk(ctx));
	if (row->touched >= ctx->now - UPLOAD_STALE)
		return becomes > was ? media_check_share(ctx, 0, becomes - was) : OK;
	return media_check_share(ctx, row->length - row->received, becomes - row->received);
}

err upload_append(struct ctx *ctx, upload_id id, int64_t offset, int fd, int64_t n,
	enum media_use use, media_id *media, job_id *job, int64_t *now_at)
{
	struct appending a = {.offset = offset, .n = n, .fd = fd, .use = use};
	TRY(own_upload(ctx, id, &a.row));
	if (offset != a.row.received)
		return wrong_offset(ctx, a.row.received);
	if (n < 0)
		return fail(ctx, ERR_BAD_REQUEST, "length", W_media_wrong_length);
	if (n) {
		TRY(check_goes_on(ctx, &a.row, n));
		TRY(append(ctx, &a));
	} else
		a.media = a.row.media;
	*media = a.media;
	*job = a.job;
	*now_at = offset + n;
	return OK;
}

struct adding {
	media_id id;
	int64_t size;
	enum media_use use;
	bool queue;
	job_id job;
	struct dropped dropped;
};

static err add(struct ctx *ctx, void *arg)
{
	struct adding *a = arg;
	str source = source_name(ctx->mem, 'm', a->id.v);
	// Here, so that two at once do not both find the last room.
	TRY(make_room(ctx, a->size, false, &a->dropped));
	return media_new(ctx, a->id, a->use, source, a->size, a->queue ? &a->job : NULL);
}

static err keep(struct ctx *ctx, int fd, int64_t size, str source)
{
	if (blobs_original_adopt(ctx->house->blobs, source, fd)) // nothing is copied
		return fdatasync(fd) == 0 ? source_sync(ctx) : err_of_write(errno);
	int file = source_open(ctx, source, O_RDWR | O_CREAT | O_EXCL);
	if (file < 0)
		return err_of_write(errno);
	err code = copy(ctx, fd, file, 0, size);
	close(file);
	return code == OK ? source_sync(ctx) : code;
}

err media_add(struct ctx *ctx, int fd, int64_t size, enum media_use use, media_id *out, job_id *job)
{
	struct adding a = {
		.id = {id_new(ctx->now)}, .size = size, .use = use, .queue = job != NULL};
	str source = source_name(ctx->mem, 'm', a.id.v);
	TRY(permit_act(ctx, &uploading));
	TRY(check_size(ctx, size));
	TRY(media_check_disk(ctx));
	err code = keep(ctx, fd, size, source);
	if (code == OK)
		code = store_write(ctx, add, &a);
	if (code != OK) {
		err ignored = source_remove(ctx, source); // else the sweep finds it
		(void)ignored;
		return code;
	}
	*out = a.id;
	if (job)
		*job = a.job;
	remove_dropped(ctx, &a.dropped);
	return OK;
}

struct sweeping {
	ms before;
	struct upload_row *rows;
	ptrdiff_t n;
};

static err drop_old(struct ctx *ctx, void *arg)
{
	struct sweeping *s = arg;
	int64_t gone;
	TRY(uploads_old(ctx, s->before, SWEEP_MOST, &s->rows, &s->n));
	if (!s->n)
		return OK;
	upload_id *ids = NEW_N(ctx->mem, upload_id, s->n);
	for (ptrdiff_t i = 0; i < s->n; i++)
		ids[i] = s->rows[i].id;
	return uploads_delete(ctx, ids, s->n, &gone);
}

// Whether a file in the upload folder belongs to a row that still needs it.
static err is_needed(struct ctx *ctx, str file, bool *needed)
{
	int64_t id;
	struct uploads_among_row *uploads;
	struct media_row media;
	ptrdiff_t n;
	*needed = true;
	if (file.n < 2 || (file.p[0] != 'u' && file.p[0] != 'm') ||
		!id_parse(str_skip(file, 1), &id))
		return OK; // not ours
	if (file.p[0] == 'u') {
		TRY(uploads_among(ctx, &(upload_id){id}, 1, &uploads, &n));
		*needed = n > 0;
		return OK;
	}
	err code = media_get(ctx, (media_id){id}, &media);
	*needed = code == OK && str_eq(media.source, file);
	return code == ERR_NOT_FOUND ? OK : code;
}

struct straying {
	struct ctx *ctx;
	ms before;
};

static err remove_stray(str name, ms changed, int64_t size, void *arg)
{
	const struct straying *s = arg;
	bool needed = false;
	(void)size;
	if (changed >= s->before)
		return OK;
	if (!blobs_is_temp(name))
		TRY(is_needed(s->ctx, name, &needed));
	return needed ? OK : source_remove(s->ctx, name);
}

err sweep_uploads(struct ctx *ctx, ms before)
{
	struct sweeping s = {.before = before};
	do {
		TRY(store_write(ctx, drop_old, &s));
		for (ptrdiff_t i = 0; i < s.n; i++)
			// Of a complete one the picture owns the file.
			if (!s.rows[i].media.v)
				TRY(source_remove(ctx, upload_source(ctx, s.rows[i].id)));
	} while (s.n == SWEEP_MOST);
	struct straying strays = {ctx, before};
	return blobs_originals_each(ctx->house->blobs, remove_stray, &strays);
}
