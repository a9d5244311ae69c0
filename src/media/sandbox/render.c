// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Masters and renditions from plain pixels. Encoded in memory first: what reaches a file is
// whole, and its size known.
#include "render.h"
#include "vips.h"
#include "webp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MASTER_QUALITY 90
#define WEBP_EFFORT 4

struct piece {
	uint32_t left, top, width, height;
};

bool write_all(int fd, const uint8_t *at, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

static uint32_t part(uint32_t fraction, uint32_t of)
{
	return (uint32_t)(((uint64_t)fraction * of + MEDIA_CROP_ONE / 2) / MEDIA_CROP_ONE);
}

static uint32_t at_least_one(uint64_t value)
{
	return value == 0 ? 1 : (uint32_t)value;
}

// The crop in pixels, narrowed to the aspect. The fractions have been checked to lie within the
// whole.
static struct piece piece_of(const struct pixels *from, const struct media_rendition *r)
{
	struct piece p = {0, 0, from->width, from->height};

	if (r->crop_width > 0 && r->crop_height > 0) {
		p.left = VIPS_MIN(part(r->crop_left, from->width), from->width - 1);
		p.top = VIPS_MIN(part(r->crop_top, from->height), from->height - 1);
		p.width = VIPS_MIN(
			at_least_one(part(r->crop_width, from->width)), from->width - p.left);
		p.height = VIPS_MIN(
			at_least_one(part(r->crop_height, from->height)), from->height - p.top);
	}
	if (r->aspect_width > 0 && r->aspect_height > 0) {
		uint64_t across = (uint64_t)p.width * r->aspect_height;
		uint64_t down = (uint64_t)p.height * r->aspect_width;
		if (across > down) {
			uint32_t width = at_least_one(down / r->aspect_height);
			p.left += (p.width - width) / 2;
			p.width = width;
		} else {
			uint32_t height = at_least_one(across / r->aspect_width);
			p.top += (p.height - height) / 2;
			p.height = height;
		}
	}
	return p;
}

// The size to scale a piece to: the aspect's height exactly, so that the cards of a row are
// level.
static struct piece scaled(struct piece p, const struct media_rendition *r)
{
	uint32_t width = VIPS_MIN(r->width, p.width);
	uint64_t over = p.width, times = p.height;

	if (r->aspect_width > 0 && r->aspect_height > 0) {
		over = r->aspect_width;
		times = r->aspect_height;
	}
	if (r->format == MEDIA_WEBP && width * times / over > MEDIA_WEBP_EDGE)
		width = at_least_one(MEDIA_WEBP_EDGE * over / times);
	uint32_t height = at_least_one((width * times + over / 2) / over);
	if (r->format == MEDIA_WEBP) // of what cannot get narrower
		height = VIPS_MIN(height, MEDIA_WEBP_EDGE);
	return (struct piece){0, 0, width, VIPS_MIN(height, p.height)};
}

static int cut_and_scale(VipsImage *from, struct piece cut, struct piece to, VipsImage **out)
{
	VipsImage *area = NULL;

	if (vips_extract_area(from, &area, (int)cut.left, (int)cut.top, (int)cut.width,
		    (int)cut.height, NULL) != 0)
		return -1;
	int failed = vips_resize(area, out, (double)to.width / cut.width, "vscale",
		(double)to.height / cut.height, NULL);
	g_object_unref(area);
	return failed;
}

static enum media_result encode(VipsImage *image, uint32_t format, uint32_t quality, int fd,
	struct media_made *made, char detail[static DETAIL_SIZE])
{
	void *bytes = NULL;
	size_t size = 0;
	int failed;

	if (format == MEDIA_WEBP)
		failed = vips_webpsave_buffer(image, &bytes, &size, "Q", (int)quality, "effort",
			WEBP_EFFORT, "strip", TRUE, NULL);
	else
		failed = vips_jpegsave_buffer(image, &bytes, &size, "Q", (int)quality,
			"optimize_coding", TRUE, "strip", TRUE, NULL);
	if (failed != 0)
		return vips_result(detail);
	if (format == MEDIA_WEBP)
		size = webp_bare_still(bytes, size);
	bool written = size > 0 && write_all(fd, bytes, size);
	g_free(bytes);
	if (!written) {
		(void)snprintf(detail, DETAIL_SIZE, "writing: %s", strerror(errno));
		return MEDIA_INTERNAL;
	}
	*made = (struct media_made){(uint32_t)image->Xsize, (uint32_t)image->Ysize, (uint32_t)size};
	return MEDIA_OK;
}

enum media_result picture_render(const struct pixels *from, const struct media_rendition *rendition,
	int fd, struct media_made *made, char detail[static DETAIL_SIZE])
{
	VipsImage *whole = vips_of_pixels(from);
	VipsImage *small = NULL;
	enum media_result result;

	if (whole == NULL)
		return vips_result(detail);
	struct piece cut = piece_of(from, rendition);
	if (cut_and_scale(whole, cut, scaled(cut, rendition), &small) != 0)
		result = vips_result(detail);
	else
		result = encode(small, rendition->format, rendition->quality, fd, made, detail);
	g_clear_object(&small);
	g_object_unref(whole);
	return result;
}

enum media_result picture_write_master(
	const struct pixels *from, int fd, struct media_made *made, char detail[static DETAIL_SIZE])
{
	VipsImage *image = vips_of_pixels(from);

	if (image == NULL)
		return vips_result(detail);
	enum media_result result = encode(image, MEDIA_JPEG, MASTER_QUALITY, fd, made, detail);
	g_object_unref(image);
	return result;
}
