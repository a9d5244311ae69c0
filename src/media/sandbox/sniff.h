// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looks at a picture's bytes before any decoder does: which format it is by its first bytes, how
// large it claims to be, how many frames it has, and whether it is all there. Reads nothing
// outside the given bytes.
#pragma once

#include "../protocol.h"

#include <stdbool.h>
#include <stddef.h>

struct sniffed {
	enum media_format format;
	uint32_t width;
	uint32_t height;
	uint32_t frames;
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

// The AVIF and HEIC part of `sniff`, in sniff_heif.c.
enum media_format sniff_heif_brand(struct bytes file);
enum media_result sniff_heif(struct bytes file, struct sniffed *out);

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
