// SPDX-License-Identifier: AGPL-3.0-or-later
#include "webp.h"

#include "sniff.h"

#include <string.h>

#define HEADER 12
#define CHUNK 8
#define FRAME_HEAD 16
#define ANIMATED 0x02
#define ALPHA 0x10

static bool is(const uint8_t *chunk, const char *kind)
{
	return memcmp(chunk, kind, 4) == 0;
}

static size_t chunk_size(const uint8_t *chunk)
{
	size_t body = little32(chunk + 4);

	return CHUNK + body + (body & 1);
}

// Writes down how long the file is now.
static size_t ends_at(uint8_t *webp, size_t size)
{
	for (size_t i = 0; i < 4; i++)
		webp[4 + i] = (uint8_t)((size - CHUNK) >> 8 * i);
	return size;
}

size_t webp_bare_still(uint8_t *webp, size_t size)
{
	for (size_t at = HEADER; at + CHUNK <= size;) {
		size_t length = chunk_size(webp + at);
		if (length > size - at)
			return 0;
		if (is(webp + at, "VP8 ")) {
			memmove(webp + HEADER, webp + at, length);
			return ends_at(webp, HEADER + length);
		}
		at += length;
	}
	return 0;
}

// Whether a frame holds a coded picture and nothing more than transparency besides.
static bool frame_is_bare(const uint8_t *chunk, size_t size)
{
	bool picture = false;

	if (size < CHUNK + FRAME_HEAD)
		return false;
	for (size_t at = CHUNK + FRAME_HEAD; at + CHUNK <= size;) {
		size_t length = chunk_size(chunk + at);
		if (length > size - at)
			return false;
		bool coded = is(chunk + at, "VP8 ") || is(chunk + at, "VP8L");
		if (!coded && !is(chunk + at, "ALPH"))
			return false;
		picture = picture || coded;
		at += length;
	}
	return picture;
}

size_t webp_bare_animation(uint8_t *webp, size_t size)
{
	size_t to = HEADER;
	int frames = 0;

	for (size_t at = HEADER; at + CHUNK <= size;) {
		size_t length = chunk_size(webp + at);
		if (length > size - at)
			return 0;
		bool head = is(webp + at, "VP8X"), frame = is(webp + at, "ANMF");
		if (frame && !frame_is_bare(webp + at, length))
			return 0;
		if (head || frame || is(webp + at, "ANIM")) {
			memmove(webp + to, webp + at, length);
			if (head)
				webp[to + CHUNK] &= ANIMATED | ALPHA;
			frames += frame;
			to += length;
		}
		at += length;
	}
	return frames > 1 ? ends_at(webp, to) : 0;
}
