// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looks at a picture's bytes before any decoder does: which format it is by its first bytes, how
// large it claims to be, how many frames it has, and whether it is all there. Reads nothing
// outside the given bytes.
#pragma once

#include "../protocol.h"

#include <stdbool.h>
#include <stddef.h>

// What a file says of its colours besides an ICC profile.
struct colours {
	uint32_t primaries, transfer; // code points of ISO/IEC 23091-2; 0 or 2: nothing said
	double gamma;                 // of PNG: the file's exponent (0.45455); 0: nothing said
	double white[2];              // x and y; 0: nothing said
	double red[2], green[2], blue[2];
	bool codes_first; // the code points go before an ICC profile
};

struct sniffed {
	enum media_format format;
	enum media_kind kind; // why it is MEDIA_UNSUPPORTED
	uint32_t width;
	uint32_t height;
	uint32_t frames;
	bool uncovered; // of GIF: the first frame leaves some of the screen out
	struct colours colours;
};

// Bytes from outside and a place in them.
struct bytes {
	const uint8_t *at;
	size_t size;
};

// MEDIA_OK when a decoder may see it. `out->format` is set whatever the result.
enum media_result sniff(const uint8_t *data, size_t size, struct sniffed *out);

// Whether a width and height are within the limits of protocol.h.
enum media_result sniff_limits(uint64_t width, uint64_t height);

// What a file that is none of the six formats is by its first bytes, in sniff_kinds.c.
enum media_kind sniff_kind(struct bytes file);

// Whether `with` stands at `at`.
bool sniff_starts(struct bytes file, size_t at, const char *with, size_t length);

// The parts of `sniff` in files of their own.
enum media_result sniff_png(struct bytes file, struct sniffed *out);

// The AVIF and HEIC part of `sniff`, in sniff_heif.c.
enum media_format sniff_heif_brand(struct bytes file);
enum media_result sniff_heif(struct bytes file, struct sniffed *out);
// Whether there is an item of this type, of four letters.
bool sniff_heif_has_item(struct bytes file, const char *type);
// Libraries do not know a last box that is told to reach "to the end" (size 0): gives it, at the top and
// in the meta box, its size.
void sniff_heif_mend(uint8_t *data, size_t size);

static inline uint32_t big16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t big32(const uint8_t *p)
{
	return big16(p) << 16 | big16(p + 2);
}

static inline uint32_t little16(const uint8_t *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t little24(const uint8_t *p)
{
	return little16(p) | (uint32_t)p[2] << 16;
}

static inline uint32_t little32(const uint8_t *p)
{
	return little16(p) | little16(p + 2) << 16;
}
