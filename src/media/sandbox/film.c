// SPDX-License-Identifier: AGPL-3.0-or-later
//
// libvips writes the animation; of its file the frames are kept and what times them, as of a still the
// image chunk alone.
#include "moving.h"

#include "vips.h"

#include <string.h>

#define HEADER 12
#define CHUNK 8
#define EFFORT 2
#define FRAME_HEAD 16
#define ANIMATED 0x02

static bool is(const uint8_t *chunk, const char *kind)
{
	return memcmp(chunk, kind, 4) == 0;
}

static size_t chunk_size(const uint8_t *chunk)
{
	size_t body = little32(chunk + 4);

	return CHUNK + body + (body & 1);
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

static size_t bare_animation(uint8_t *webp, size_t size)
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
				webp[to + CHUNK] &= ANIMATED | 0x10;
			frames += frame;
			to += length;
		}
		at += length;
	}
	for (size_t i = 0; i < 4; i++)
		webp[4 + i] = (uint8_t)((to - 8) >> 8 * i);
	return frames > 1 ? to : 0;
}

static VipsImage *image_of(const struct film *film)
{
	const struct pixels *strip = &film->strip;
	uint32_t height = film->height * (uint32_t)film->n;
	VipsImage *plain = vips_image_new_from_memory(strip->rgb, (size_t)strip->width * height * 3,
		(int)strip->width, (int)height, 3, VIPS_FORMAT_UCHAR);
	VipsImage *image = NULL;

	if (plain == NULL)
		return NULL;
	if (vips_copy(plain, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) == 0) {
		vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, (int)film->height);
		vips_image_set_int(image, "loop", 0);
		vips_image_set_array_int(image, "delay", film->delays, film->n);
	}
	g_object_unref(plain);
	return image;
}

size_t film_encode(const struct film *film, int quality, void **out)
{
	VipsImage *image = image_of(film);
	size_t size = 0;

	*out = NULL;
	if (image != NULL &&
		vips_webpsave_buffer(image, out, &size, "Q", quality, "effort", EFFORT, NULL) == 0)
		size = bare_animation(*out, size);
	else
		size = 0;
	g_clear_object(&image);
	return size;
}
