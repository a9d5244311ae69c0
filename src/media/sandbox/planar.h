// SPDX-License-Identifier: AGPL-3.0-or-later
//
// AVIF and HEIC: from their decoders' planes to a picture of libvips' that is converted a strip at a
// time, so that only the planes stand in memory whole.
#pragma once

#include "colour.h"
#include "vips.h"

#include <avif/avif.h>

// A picture or animation that was opened. Its image is upright but for `orientation` (as in EXIF).
struct still {
	VipsImage *image;
	struct colours colours;
	int orientation;
};

// RGB or RGBA of planes, 16 bits where the planes have more than 8 or their numbers are no sRGB.
// `owner` is what the planes live in; `release` is called with it when the image is gone, and at
// once on failure. The planes' colours and profile go to `out`.
int planar_image(avifImage *planes, void *owner, void (*release)(void *), struct still *out);
// Rows of RGB or RGBA to memory, for frames of an animation: width * height * bands bytes.
bool planar_rows(
	const avifImage *planes, uint32_t top, uint32_t rows, bool alpha, bool deep, void *to);

// Turning and mirroring of a picture's container as EXIF says it: quarters anti-clockwise, then
// mirror (-1 none, 0 top and bottom, 1 left and right exchanged).
int planar_orientation(int quarters, int mirror);

// decode.c: steps of every picture. On white; bytes or 16 bits of grey, RGB or CMYK; to sRGB.
int still_flatten(struct still *);
int still_plain(VipsImage **image);
int still_pixels(VipsImage *image, const struct colours *, struct pixels *out);

int avif_open(struct bytes file, struct still *out);
// Calls `frame` for each of the first `most` frames with how long it is shown, until it gives less than 0.
int avif_frames(struct bytes file, int most,
	int (*frame)(struct still *, int milliseconds, void *arg), void *arg);
int heic_open(struct bytes file, struct still *out);
