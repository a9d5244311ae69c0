// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An animated WebP of plain frames, with nothing in it but them.
#pragma once

#include "pixels.h"

// Frames of one size, one below the other, and how long each is shown.
struct film {
	struct pixels strip;
	uint32_t height; // of a frame
	int n;
	int delays[MEDIA_MOVING_READ]; // milliseconds
};

// `*out` is g_malloc'd; its size, 0 on failure.
size_t film_encode(const struct film *, int quality, void **out);
