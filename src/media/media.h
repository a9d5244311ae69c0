// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pictures: taken in (resumable uploads), decoded by the sandboxed process, kept as a metadata-free
// JPEG master with WebP renditions, served only to those who may see their note. A picture is known
// by a random name; `struct picture` is what a page needs to show it.
#pragma once

#include "base/base.h"

enum media_use { USE_NOTE, USE_AVATAR, USE_COVER };
enum media_state { MEDIA_WAITING, MEDIA_READY, MEDIA_FAILED };
enum ratio { RATIO_TEXT, RATIO_3_4, RATIO_1_1, RATIO_4_3 }; // of a note's card

#define PICTURE_MOST_BYTES (60 << 20)
#define PICTURES_MOST 18

struct picture {
	media_id id;
	str name;
	account_id account;
	note_id note; // 0 = none yet
	enum media_state state;
	int width, height; // of the master
	uint32_t colour;   // 0xRRGGBB
	str blurhash, alt;
	str widths;  // WebP renditions that exist, px, rising: "360 540 1080"
	str covers;  // cover renditions that exist: "270 540"
	str crop;    // 'ratio x y w h' or ""
	str problem; // catalogue key of what went wrong, "" = nothing
};

err media_start(
	struct ctx *, str tool_path) CHECKED; // registers its jobs; house->blobs must be there

// Resumable uploads, by the viewer.
err upload_begin(struct ctx *, int64_t length, upload_id *out) CHECKED;
err upload_offset(struct ctx *, upload_id, int64_t *offset) CHECKED;
// Appends the bytes of `fd` at `offset` (must be the present one: ERR_CONFLICT with problem.number =
// the right one). When complete: *media is set and the job that takes it in is *job.
err upload_append(struct ctx *, upload_id, int64_t offset, int fd, int64_t n, enum media_use,
	media_id *media, job_id *job, int64_t *now_at) CHECKED;
// A whole file at once (multipart form). Same outcome.
err media_add(
	struct ctx *, int fd, int64_t size, enum media_use, media_id *out, job_id *job) CHECKED;
// Takes a picture in right now, in this thread (commands and the demo world).
err media_take_now(struct ctx *, media_id) CHECKED;

err picture_by_id(struct ctx *, media_id, struct picture *out) CHECKED;
err pictures_by_ids(struct ctx *, const media_id *ids, ptrdiff_t n, struct picture **out,
	ptrdiff_t *n_out) CHECKED;
err pictures_of_note(struct ctx *, note_id, struct picture **out, ptrdiff_t *n) CHECKED;

// Called by notes/ inside its transaction: the note's pictures become exactly these, in this order,
// with these alternative texts; pictures of the note that are not among them are removed. ERR_INVALID
// when one is not the viewer's, not ready, or belongs to another note.
struct picture_place {
	media_id id;
	str alt;
};
err media_attach(struct ctx *, note_id, const struct picture_place *, ptrdiff_t n) CHECKED;
// Cover of a card: renditions in the ratio, by the crop (fractions in 1/10000; w = 0: centred). A job.
struct crop {
	int x, y, w, h;
};
err media_cover(struct ctx *, media_id, enum ratio, struct crop) CHECKED;
// Inside the caller's transaction: rows go now, files when it committed (a durable job).
err media_remove(struct ctx *, const media_id *ids, ptrdiff_t n) CHECKED;
err media_remove_of_note(struct ctx *, note_id) CHECKED;

// What stands behind an address /media/NAME/PART. Whether the viewer may see it is decided by the
// callback given to media_guard (notes/ knows); avatars and covers are public.
typedef err (*media_guard_fn)(struct ctx *, note_id, account_id owner, bool *is_public);
void media_guard(struct ctx *, media_guard_fn);
struct media_file {
	int fd; // the caller closes
	int64_t size;
	const char *type;
	bool is_public; // else: private, no-store
};
err media_open(struct ctx *, str name, str part, struct media_file *out) CHECKED; // ERR_NOT_FOUND
// Addresses: /media/NAME/540.webp, /media/NAME/master.jpg, /media/NAME/cover-540.webp
str media_path(struct arena *, str name, const char *kind, int width);
