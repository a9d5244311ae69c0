// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the tests of this room share: a directory with a database, files and the real decoder; jobs
// that run; pictures to send.
#pragma once

#include "media/private.h"

struct world {
	char dir[64];
	struct option options[4];
	struct house house;
	const struct room *rooms[8]; // that are open, in their order
	int n_rooms;
	struct ctx ctx; // of account 1
};

struct world *world_new(void);                       // nothing runs yet
void world_add(struct world *, const struct room *); // opens one more
void world_reopen(struct world *);                   // as after a restart
void world_end(struct world *);                      // closes everything, removes the directory
void world_run(struct world *);                      // starts the jobs
void world_settle(struct world *);                   // waits until no job is due, then stops them
struct ctx as(struct world *, int64_t account);
void commit(struct world *, struct change_kind *, int64_t subject); // only this change

int file_of(const void *bytes, ptrdiff_t n); // an open file with these bytes
#define GPS_MARK "41.40338N-2.17403E"
int jpeg_with_gps(ptrdiff_t *n);                 // 16 by 16, its place in EXIF and in a comment
int png_of(int width, int height, ptrdiff_t *n); // a gradient
// Of so many frames of 16 by 16; `bad`: the second cannot be decoded, though the file is whole.
int gif_of(int frames, bool bad, ptrdiff_t *n);
media_id sent(struct world *, int fd, ptrdiff_t n, enum media_use); // by media_add, queued
media_id ready(struct world *, int width, int height);              // taken in, all made

// What pictures of these tests belong to: anybody may have them. test_asked counts how often that was asked,
// test_changed says that it may be otherwise.
struct media_owner of_test(int64_t id);
extern int test_asked;
extern struct change_kind test_changed;
// A video of the viewer's with a poster, both ready, in a file of a few bytes each ("clip.mp4", "master.jpg").
media_id video_of(struct world *, struct media_owner, media_id *poster);

int files_of(struct world *, str name);      // how many parts lie on disk
int files_in_all(struct world *);            // of all names
int originals(struct world *);               // files in the upload folder
bool any_file_has(struct world *, str what); // any byte sequence, any file on disk
