// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Takes out of a picture's bytes what no picture needs, before a decoder sees it: texts, comments,
// XMP, thumbnails of other programs, whatever is unknown. Such parts may be packed a thousandfold,
// and decoders unpack them before the first row. What stays: the picture, its colours (an ICC
// profile of sane size), its orientation (Exif of sane size), its frames.
#pragma once

#include "../protocol.h"

#include <stddef.h>
#include <stdint.h>

#define STRIP_ICC_MAX ((size_t)4 << 20)
#define STRIP_EXIF_MAX ((size_t)64 << 10)
#define STRIP_SCANS_MAX 200 // of a JPEG: each costs a walk over the whole picture

// Works in place on a file that `sniff` has passed, and sets *size to what is left. MEDIA_TIMEOUT
// when its parts would make a decoder work out of all proportion to its size. What is malformed
// stays as it is for the decoder to judge. Reads and writes nothing outside the given bytes.
enum media_result strip(uint8_t *data, size_t *size, enum media_format format);

// What a frame of a GIF is cleared to is transparent in browsers, in libvips the background's colour:
// that becomes the lightest there is, since pictures are laid on white.
void strip_gif_background(uint8_t *data, size_t size);
// What no frame covers is transparent too, but libvips asks for that only where a frame says that it has
// some: a last one of 1 by 1 says so, which was not counted and so is never shown. Of a file that was
// stripped, with `room` behind it to be written to; its new size.
#define STRIP_GIF_ROOM 32
size_t strip_gif_clear(uint8_t *data, size_t size, size_t room);

// The AVIF and HEIC part, in strip_heif.c: boxes refer to places in the file, so it keeps its size.
enum media_result strip_heif(uint8_t *data, size_t size);
