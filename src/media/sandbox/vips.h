// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files that use libvips share.
#pragma once

#include "pixels.h"
#include "sandbox.h"

#include <vips/vips.h>

// The pixels as a picture of libvips', which refers to them; NULL when there is no memory.
VipsImage *vips_of_pixels(const struct pixels *);

// Empties libvips' message buffer into `detail` and says what it means.
enum media_result vips_result(char detail[static DETAIL_SIZE]);

// Whether decoding that reported success left no gaps.
bool vips_is_whole(enum media_format format);
