// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "blobs/blobs.h"
#include "jobs/jobs.h"
#include "media/media.h"
#include "media/media.sql.h"
#include "media/picture.h"
#include "memo/memo.h"

#define OWNERS_MOST 16
#define OF_MEDIA "media" // the kind of owner of posters: media know these themselves

struct media {
	struct decoder *decoder;
	struct memo *sights; // serve.c: what is remembered of names
	const struct media_owner_kind
		*owners[OWNERS_MOST]; // what pictures belong to, as registered
	int n_owners;
};

struct picture picture_from_row(struct media_row *);
// All that belongs to the owner, and the posters of that.
err media_with_posters(struct ctx *, struct media_owner, struct media_row **, ptrdiff_t *n) CHECKED;
// What others see of it; and whether it is ready but for its loop, which is to be made of its original.
enum media_state state_of(const struct media_row *);
bool awaits_loop(const struct media_row *);

// A row that waits, made of the original `source` of that size; inside a transaction. job may be NULL:
// none.
err media_new(
	struct ctx *, media_id, enum media_use, str source, int64_t size, job_id *job) CHECKED;
// quota.c: whether the viewer may bring so many bytes more, by disk, quota and share; and by the disk or
// the share alone, the own one and that of all. ERR_FULL, ERR_TOO_MANY.
err media_check_room(struct ctx *, int64_t more) CHECKED;
err media_check_disk(struct ctx *) CHECKED;
err media_check_share(struct ctx *, int64_t own_more, int64_t all_more) CHECKED;
// Whether originals may be kept longer than they must: half of what all may have on its way is free.
err media_share_is_easy(struct ctx *, bool *easy) CHECKED;
#define UPLOAD_STALE \
	MS_HOUR // an unfinished upload this quiet has no share, and makes room for new ones
str media_random_name(struct arena *); // of a picture: its only address
// A job for a picture; `account` takes turns with others (0: nobody's turn).
err media_job(struct ctx *, str kind, media_id, account_id, str payload, job_id *out) CHECKED;
// One that makes more of a picture, which nobody waits for.
err media_job_later(struct ctx *, str kind, const struct media_row *, enum job_rank) CHECKED;

// Originals lie in the upload folder, "u" and the upload's id or "m" and the media's id.
str source_name(struct arena *, char kind, int64_t id);
int source_open(struct ctx *, str source, int flags); // fd or -1 and errno
err source_sync(struct ctx *) CHECKED;                // the folder itself
err source_remove(struct ctx *, str source) CHECKED;  // absent is OK

// Lists of widths as they are stored: rising, separated by spaces.
#define WIDTHS_MOST 12
struct widths {
	int at[WIDTHS_MOST];
	int n;
};
struct widths widths_read(str);
void widths_add(struct widths *, int width); // once, in its place
str widths_write(struct arena *, const struct widths *);

// Renditions being made: temporary files, named once their size is known.
struct making {
	struct picture_output at[MEDIA_RENDITIONS_MAX];
	struct blob_temp temps[MEDIA_RENDITIONS_MAX];
	str parts[MEDIA_RENDITIONS_MAX];
	int n;
};
err making_add(struct ctx *, struct making *, struct media_rendition wish) CHECKED;
err making_put(struct ctx *, struct making *, str name, int64_t *bytes) CHECKED;
// The files were put, but the row said no. It has gone or has another name: they go, and with another
// name the job is to run again (ERR_CONFLICT). Else another run was quicker: OK.
err making_late(struct ctx *, const struct media_row *) CHECKED;
void making_close(struct ctx *, struct making *);
// Inside the transaction that made more of a picture: says so for what it belongs to by now.
err making_told(struct ctx *, media_id) CHECKED;

// take.c, renditions.c, cover.c, loop.c: one step of a picture; nothing to do is OK.
struct how {
	bool last;  // no try follows
	bool queue; // what is made later is left to jobs
	bool light; // ERR_TIMEOUT when it would take long
};
err take(struct ctx *, const struct media_row *, struct how) CHECKED;
bool is_its_fault(err); // the picture's, not ours
// `last`: whatever happens it waits no longer.
err make_loop(struct ctx *, const struct media_row *, bool last) CHECKED;
err make_renditions(struct ctx *, const struct media_row *) CHECKED;
err make_covers(struct ctx *, const struct media_row *) CHECKED;
// Parts of a profile picture, by its use; NULL for a note's.
const struct media_rendition *profile_parts(enum media_use, int *n);
str part_of_picture(struct arena *, int width);
str part_of_moving(struct arena *, int width);
str part_of_profile(struct arena *, enum media_use, int width);
str part_of_cover(struct arena *, int width, str crop, const char *suffix);

// The row of a job's picture. When it is gone OK and *gone: what a late writer left was removed.
err row_of_job(struct ctx *, const struct job *, struct media_row *, bool *gone) CHECKED;

// What each kind of job does; arg is unused.
err job_take(struct ctx *, const struct job *, void *arg) CHECKED;
err job_renditions(struct ctx *, const struct job *, void *arg) CHECKED;
err job_covers(struct ctx *, const struct job *, void *arg) CHECKED;
err job_loop(struct ctx *, const struct job *, void *arg) CHECKED;
err job_widen(struct ctx *, const struct job *, void *arg) CHECKED;
err job_remove(struct ctx *, const struct job *, void *arg) CHECKED;
err job_unused(struct ctx *, const struct job *, void *arg) CHECKED;
err job_sweep(struct ctx *, const struct job *, void *arg) CHECKED;
err job_sweep_name(struct ctx *, const struct job *, void *arg) CHECKED; // rename.c
// The job that looks for what nobody needs; one an hour.
err sweep_plan(struct ctx *) CHECKED;
err sweep_uploads(struct ctx *, ms before) CHECKED; // upload.c

struct memo *sights_new(struct store *); // what is remembered of names
