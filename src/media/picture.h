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
	int moving; // width of the moving rendition, 0: none was made
	int64_t moving_bytes;
};

// A WebP as wide as `width` or the picture, whichever is less, of all of it.
struct media_rendition picture_webp(int width);

// Reads the upload, writes the master and `n` (0 to MEDIA_RENDITIONS_MAX) renditions. On an error
// files may have been begun: they are of no use. ERR_UNSUPPORTED, ERR_INVALID and ERR_TOO_LARGE are
// the picture's fault and will be the same on another try; ctx->problem.word says it to the person
// (W_media_…, problem.number its {n}), problem.text is for the log. ERR_INTERNAL is not, and may
// be tried again. Blocks: job runners and commands only.
// `moving` is an empty file for a small loop of an animation, -1: not wanted.
err picture_take(struct ctx *, struct decoder *, int upload, int master, int moving,
	struct picture_output *outputs, int n, struct picture_taken *out) CHECKED;
// From a master made by picture_take; n is at least 1.
err picture_render(
	struct ctx *, struct decoder *, int master, struct picture_output *outputs, int n) CHECKED;
