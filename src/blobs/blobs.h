// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Media files on disk, under DATA/media/ab/NAME/PART, written so that a name appears only when its
// bytes are safe (temporary file, fsync, rename, fsync of the folder). Who may read is media/'s matter.
#pragma once

#include "base/base.h"

extern const struct room blobs_room;

// On an error errno says why.
err blobs_open(str dir, struct blobs **out) CHECKED;
void blobs_close(struct blobs *);
// A new empty file on the same file system, to be filled and then put or closed. Returns its fd.
err blobs_temp(struct blobs *, int *fd) CHECKED;
// Makes the temporary file's bytes known as name/part; the caller still closes fd.
err blobs_put(struct blobs *, int fd, str name, str part) CHECKED;
// Opens for reading; ERR_NOT_FOUND. The caller closes.
err blobs_get(struct blobs *, str name, str part, int *fd, int64_t *size) CHECKED;
// Removes every part of a name; absent is OK.
err blobs_remove(struct blobs *, str name) CHECKED;
// Makes every part of `from` known under a second name as well; the bytes are there once. Not synced.
err blobs_link(struct blobs *, str from, str name) CHECKED;
// Calls fn for each file (path is relative to DATA), for backup and for finding files that nothing
// refers to. Stops at the first error.
err blobs_each(struct blobs *, err (*fn)(str name, str part, str path, int64_t size, void *arg),
	void *arg) CHECKED;
// Folder of the unfinished uploads (same file system).
const char *blobs_upload_dir(struct blobs *);
