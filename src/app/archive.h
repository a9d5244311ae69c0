// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One file that holds many: a ustar archive (any tar reads it) whose last member lists the SHA-256
// of all others, in the form that sha256sum checks. Private to app/.
#pragma once

#include "base/base.h"

#define ARCHIVE_LIST "SHA256SUMS"

struct archive_writer {
	int fd;         // owned by the caller
	struct sb sums; // on the heap
	int64_t written;
};
// `name` has at most 99 bytes. The errors are ERR_IO with errno.
err archive_add(struct archive_writer *, str name, str bytes, ms changed) CHECKED;
err archive_end(struct archive_writer *, ms now) CHECKED; // the list and the end mark; frees

struct archive_member {
	str name, bytes; // slices of the archive
};
// Reads what stands at *at and moves on. ERR_NOT_FOUND at the end, ERR_INVALID when it is no such
// archive, is cut short, or has a name that could lead out of a folder.
err archive_next(str archive, int64_t *at, struct archive_member *out) CHECKED;
// Checks every member against the list: each exactly once, none missing. `done` is told how far it
// is and may be NULL.
err archive_check(struct arena *, str archive, void (*done)(int64_t, int64_t)) CHECKED;
