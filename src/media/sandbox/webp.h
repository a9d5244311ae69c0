// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Keeps of a WebP that was written here the picture and nothing else: libvips' encoder adds a chunk of
// EXIF of its own making, asked for or not. Both work in place and give the size of what is left, 0 when
// there is no picture in it.
#pragma once

#include <stddef.h>
#include <stdint.h>

size_t webp_bare_still(uint8_t *webp, size_t size);
size_t webp_bare_animation(uint8_t *webp, size_t size); // the frames and what times them
