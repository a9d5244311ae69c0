// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pictures through the sandboxed decoder: an upload becomes a master with its first renditions, a
// master becomes further renditions. Files are descriptors; where they lie is the caller's matter.
// What is only to be read should be open for reading only: the decoder gets the same right.
// Private to media/.
#pragma once

#include "media/decoder.h"

// One rendition to make and what became of it.
struct picture_output {
	struct media_rendition wish; // see protocol.h
	int fd;                      // open for writing, empty; the caller closes
	int width, height;
	int64_t bytes;
};

struct picture_taken {
	enum media_format format; // of the upload
	int frames;
	int width, height; // of the master
	int64_t bytes;
	uint32_t colour; // 0xRRGGBB
	char blurhash[32];
};

struct picture_moved {
	int width; // 0: nothing in it moves
	int64_t bytes;
};

// A WebP as wide as `width` or the picture, whichever is less, of all of it.
struct media_rendition picture_webp(int width);

// Reads the upload, writes the master and `n` (0 to MEDIA_RENDITIONS_MAX) renditions. On an error
// files may have been begun: they are of no use. ERR_UNSUPPORTED, ERR_INVALID and ERR_TOO_LARGE are
// the picture's fault and will be the same on another try; ctx->problem.word says it to the person
// (W_media_…, problem.number its {n}), problem.text is for the log. ERR_INTERNAL is not, and may
// be tried again; so is ERR_UNAVAILABLE: the server stops. Blocks: job runners and commands only.
// `light`: only if it takes little, else ERR_TIMEOUT, soon, which says nothing of the picture.
err picture_take(struct ctx *, struct decoder *, int upload, int master, bool light,
	struct picture_output *outputs, int n, struct picture_taken *out) CHECKED;
// From an upload that picture_take took: a small loop of an animation into the empty file `moving`.
// Errors as there; what costs too much is the picture's fault too.
err picture_move(
	struct ctx *, struct decoder *, int upload, int moving, struct picture_moved *out) CHECKED;
// From a master made by picture_take; n is at least 1.
err picture_render(
	struct ctx *, struct decoder *, int master, struct picture_output *outputs, int n) CHECKED;
