// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pictures: taken in (resumable uploads), decoded by the sandboxed process, kept as a metadata-free
// JPEG master with WebP renditions, served only to those who may see what they belong to. A picture is
// known by a random name; `struct picture` is what a page needs to show it. Rows, addresses and sight do
// not depend on what is kept being a picture; nothing here makes videos or sounds yet.
#pragma once

#include "base/base.h"

struct change_kind;
// Subject: a picture whose state or address changed; actor: who brought it; extra: the id of what it
// belongs to, or 0.
extern struct change_kind picture_changed;

// What is made of it.
enum media_use { USE_NOTE, USE_AVATAR, USE_COVER, USE_MARK };
enum medium { MEDIA_PICTURE, MEDIA_VIDEO, MEDIA_SOUND };
enum media_state { MEDIA_WAITING, MEDIA_READY, MEDIA_FAILED };
enum ratio { RATIO_TEXT, RATIO_3_4, RATIO_1_1, RATIO_4_3 }; // of a note's card
struct aspect {
	int width, height;
};
struct aspect ratio_aspect(enum ratio); // not of RATIO_TEXT

// Of a picture so much longer than a window that it has to be scrolled: a page of text, a panorama.
enum picture_shape { SHAPE_PLAIN, SHAPE_TALL, SHAPE_WIDE };

#define PICTURE_MOST_BYTES (60 << 20)
#define PICTURES_MOST 18

// What pictures belong to is of some kind: notes, accounts, whatever has pictures. The room of these has one
// such description, registered by its start, and media knows nothing else of them.
struct media_owner_kind {
	const char *name; // stands in rows: it never changes
	// Whether the viewer may have what belongs to `id`: OK, ERR_NOT_FOUND. *is_public: everybody may, and may
	// keep it. `by`: who brought it. The answer to a stranger is remembered, so it may depend only on what
	// ends it: a change of one of `until` (NULL ends them) whose subject is `id` or `by`.
	err (*guard)(struct ctx *, int64_t id, account_id by, bool *is_public);
	struct change_kind *const *until;
};
// Only at start. Nothing is registered in a house without media.
void media_owner_register(struct ctx *, const struct media_owner_kind *);
struct media_owner {
	const struct media_owner_kind *kind;
	int64_t id; // never 0
};
// The community's own: its mark. Everybody's.
extern const struct media_owner media_of_community;

struct picture {
	media_id id;
	str name;
	account_id account; // who brought it
	int64_t owner;      // what it belongs to; 0 = nothing yet: it is for `account` alone
	enum media_use use;
	enum medium kind;
	int64_t duration; // ms, of a video or a sound
	media_id poster;  // the picture that stands for it, 0 = none
	enum media_state state;
	int width, height; // of the master
	int moving; // width of the moving rendition of an animation, 0: it is still, or there is none yet
	uint32_t colour; // 0xRRGGBB
	str blurhash, alt;
	str widths; // WebP renditions that exist, px, rising: "360 540 1080"
	str covers; // cover renditions that exist: "270 360 540"; "" while there are none for this crop
	str crop;               // 'ratio x y w h' or ""
	str problem;            // catalogue key of what went wrong, "" = nothing
	int word;               // the same as an enum word, 0 = nothing
	int64_t problem_number; // its {n}
};

extern const struct room media_room;

// Resumable uploads, by the viewer; to others they do not exist. Unfinished ones go after a day.
// What was acknowledged is safe on disk. All of these wait for the disk: workers and commands.
// ERR_TOO_LARGE, ERR_INVALID (empty), ERR_TOO_MANY (UPLOADS_MOST unfinished ones, or too many bytes
// on their way), ERR_FULL (the disk's reserve, or the person's quota).
#define UPLOADS_MOST 40
err upload_begin(struct ctx *, int64_t length, upload_id *out) CHECKED;
// How far it got, and its picture once it is complete (else 0): one look, so both belong together
// while another request adds a piece.
err upload_offset(struct ctx *, upload_id, int64_t *offset, media_id *media) CHECKED;
// Appends the bytes of `fd` at `offset` (must be the present one: ERR_CONFLICT with problem.number =
// the right one). When complete: *media is set and the job that takes it in is *job, else both are
// 0. n = 0 asks an upload that is complete for its *media again. fd is read from its beginning.
err upload_append(struct ctx *, upload_id, int64_t offset, int fd, int64_t n, enum media_use,
	media_id *media, job_id *job, int64_t *now_at) CHECKED;
// What an account's pictures take on the disk, in bytes, with what is on its way; and what the host
// lets them take, 0 = as much as there is.
struct media_share {
	int64_t used, quota;
};
err media_share(struct ctx *, account_id, struct media_share *out) CHECKED;
// A whole file at once (multipart form). Same outcome. With job NULL nothing is queued: the caller
// goes on with media_take_now.
err media_add(
	struct ctx *, int fd, int64_t size, enum media_use, media_id *out, job_id *job) CHECKED;
// Makes of a picture whatever is still to be made, right now, in this thread (commands and the demo
// world): master, renditions, and covers when media_cover was called. The picture's fault is
// ERR_INVALID with the word; the picture is then MEDIA_FAILED.
err media_take_now(struct ctx *, media_id) CHECKED;
// The same, but only the master and what is shown first; media_take_now makes the rest later.
err media_take_first(struct ctx *, media_id) CHECKED;

enum picture_shape picture_shape(const struct picture *);
err picture_by_id(struct ctx *, media_id, struct picture *out) CHECKED;
err pictures_by_ids(struct ctx *, const media_id *ids, ptrdiff_t n, struct picture **out,
	ptrdiff_t *n_out) CHECKED;
// In their order.
err pictures_of(struct ctx *, struct media_owner, struct picture **out, ptrdiff_t *n) CHECKED;
// Of many of a kind together: in the order of each, owners in no order.
err pictures_of_many(struct ctx *, const struct media_owner_kind *, const int64_t *owners,
	ptrdiff_t n, struct picture **out, ptrdiff_t *n_out) CHECKED;

// Inside the caller's transaction: the owner's pictures become exactly these, in this order, with these
// alternative texts; those that are not among them are removed. ERR_INVALID when one is not the viewer's,
// not ready, or belongs to something else; ERR_FULL when pictures are added and the disk has no room for
// what is made of them.
struct picture_place {
	media_id id;
	str alt;
};
err media_attach(
	struct ctx *, struct media_owner, const struct picture_place *, ptrdiff_t n) CHECKED;
// The same of what has one picture for a use: it becomes this one (0: none), the one before is removed.
// Names the field by the use: "avatar", "cover", "mark".
err media_attach_one(struct ctx *, struct media_owner, enum media_use, media_id) CHECKED;
// The community's mark, by an admin: the setting and what the picture belongs to, together. 0: none.
err media_set_mark(struct ctx *, media_id) CHECKED;
// Cover of a card: renditions in the ratio, by the crop (fractions in 1/10000; w = 0: centred). A job.
struct crop {
	int x, y, w, h;
};
err media_cover(struct ctx *, media_id, enum ratio, struct crop) CHECKED;
// What everyone could see is about to be narrowed: its pictures get new names, since caches
// keep the old addresses (docs/hosting.md). First, outside of the transaction, names and files; then
// the names in the caller's transaction, before media_attach: ERR_CONFLICT when a job has made more of
// a picture in between, then both are to be done again. Without the second the first undoes itself.
struct media_new_names {
	struct media_new_name {
		media_id id;
		str old, fresh;
		str widths, covers; // what is made of it has its second name
		int64_t moving;
	} * at;
	ptrdiff_t n;
};
err media_new_names(struct ctx *, struct media_owner, struct media_new_names *out) CHECKED;
err media_rename(struct ctx *, const struct media_new_names *) CHECKED;
// Inside the caller's transaction: rows go now, files when it committed (a durable job).
err media_remove(struct ctx *, const media_id *ids, ptrdiff_t n) CHECKED;
err media_remove_of(struct ctx *, struct media_owner) CHECKED;
// The job that takes in a picture that waits, for whoever did not begin it; below 0 when there is none
// (it has just ended, or no job does it).
err media_taking(struct ctx *, media_id, job_id *out) CHECKED;
// The viewer takes back a picture that belongs to nothing yet. ERR_NOT_FOUND when it is not such a one.
err media_discard(struct ctx *, media_id) CHECKED;

// What stands behind an address /media/NAME/PART. Whether the viewer may have it is decided by the guard of
// what it belongs to; of a poster, of what its video belongs to. What belongs to nothing yet is for whoever
// brought it; what belongs to a kind that no room registered is for nobody. Costs no statement for
// public pictures that are warm; otherwise a few reads.
struct media_file {
	int fd; // the caller closes
	int64_t size;
	const char *type;
	bool is_public; // immutable; else: private, no-store
};
err media_open(struct ctx *, str name, str part, struct media_file *out) CHECKED; // ERR_NOT_FOUND

// Addresses. By name alone, for what always exists of a picture that is ready: "master" (JPEG),
// "mark" (square, USE_MARK), "avatar" (square, USE_AVATAR) and "banner" (3:1, USE_COVER) in the next width that is made, and
// "webp" in exactly this width, which must be one of picture.widths.
str media_path(struct arena *, str name, const char *kind, int width);
// Of a note's picture: the narrowest WebP that is at least this wide, or the widest.
str picture_src(struct arena *, const struct picture *, int width);
str picture_srcset(struct arena *, const struct picture *); // "/media/NAME/360.webp 360w, …"
// Of an animation: a small loop (WebP) without end; "" when it is still.
str picture_moving(struct arena *, const struct picture *);
// Of a note's cover: cut to the card's ratio; the whole picture until that is made.
str picture_cover_src(struct arena *, const struct picture *, int width);
str picture_cover_srcset(struct arena *, const struct picture *);
str picture_cover_jpeg(struct arena *, const struct picture *); // for previews on other sites
