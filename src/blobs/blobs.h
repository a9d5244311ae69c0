// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Media files: a folder DIR/media/ab/NAME/PART, written so that a name appears only when its bytes are
// safe (a temporary name, fsync, rename, fsync of the folder), and DIR/upload with what is on its way to
// become one. DIR is the data directory, or a folder that several servers share, of any file system that
// knows flock and rename: no file is open by name alone, nothing is kept of a folder in memory. Who may
// read is media/'s matter. Nobody else knows where a file lies.
#pragma once

#include "base/base.h"

extern const struct room blobs_room;

// The folder that the operator chose.
str blobs_place(const struct house *);
// On an error errno says why.
err blobs_open(str dir, struct blobs **out) CHECKED;
void blobs_close(struct blobs *);

// A file that nobody knows yet. Zeroed it is none.
struct blob_temp {
	int fd;
	char name[32];
};
// A new empty one, to be filled.
err blobs_temp(struct blobs *, struct blob_temp *out) CHECKED;
// Makes its bytes known as name/part, in place of what was known so; it is still to be closed.
err blobs_put(struct blobs *, struct blob_temp *, str name, str part) CHECKED;
// Ends it; the file goes unless it was put.
void blobs_temp_close(struct blobs *, struct blob_temp *);
// Opens for reading; ERR_NOT_FOUND. The caller closes.
err blobs_get(struct blobs *, str name, str part, int *fd, int64_t *size) CHECKED;
// Removes every part of a name; absent is OK.
err blobs_remove(struct blobs *, str name) CHECKED;
// Makes every part of `from` known under a second name as well; the bytes are there once. Not synced.
err blobs_link(struct blobs *, str from, str name) CHECKED;
// For backup: calls fn for each file; path is what the copy calls it, "media/ab/NAME/PART". Stops at the
// first error.
err blobs_each(struct blobs *, err (*fn)(str name, str part, str path, int64_t size, void *arg),
	void *arg) CHECKED;

// What is on its way: originals, written piece by piece under a name that their row knows.
// ERR_NOT_FOUND; ERR_FULL. The caller closes.
#define ORIGINALS "upload/" // what copies call them
err blobs_original_open(struct blobs *, str name, int flags, int *fd) CHECKED;
// Gives the file without a name this one; false when it lies elsewhere and has to be copied.
bool blobs_original_adopt(struct blobs *, str name, int fd);
err blobs_originals_sync(struct blobs *) CHECKED; // their names are safe
err blobs_original_remove(struct blobs *, str name) CHECKED;
// Also temporary files that a crash left. changed: when something was last written to it.
err blobs_originals_each(struct blobs *, err (*fn)(str name, ms changed, int64_t size, void *arg),
	void *arg) CHECKED;
bool blobs_is_temp(str name); // of these
// A second name for what blobs_each told, or upload/ and an original's name; on another file system a copy.
// ERR_NOT_FOUND when it has just gone, else errno says why.
err blobs_keep(struct blobs *, str path, const char *to) CHECKED;
