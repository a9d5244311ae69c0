// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any of the six formats to upright 8-bit sRGB on white. The loader is chosen by name, never by
// libvips. Rows stream from loader to the scaled-down result, so that a 100-megapixel file never
// stands in memory whole (unless its format demands it); colours are converted after scaling,
// where there are fewer pixels.
#include "vips.h"

#include <string.h>

static int load(
	VipsSource *source, enum media_format format, int shrink, double scale, VipsImage **out)
{
	switch (format) {
	case MEDIA_JPEG:
		return vips_jpegload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL,
			"fail_on", VIPS_FAIL_ON_TRUNCATED, "shrink", shrink, NULL);
	case MEDIA_PNG:
		return vips_pngload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
			VIPS_FAIL_ON_TRUNCATED, NULL);
	case MEDIA_WEBP:
		return vips_webpload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL,
			"fail_on", VIPS_FAIL_ON_TRUNCATED, "scale", scale, NULL);
	case MEDIA_GIF:
		return vips_gifload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
			VIPS_FAIL_ON_TRUNCATED, NULL);
	case MEDIA_AVIF:
	case MEDIA_HEIC:
		return vips_heifload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL,
			"fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
	case MEDIA_NONE:
	case MEDIA_FORMATS:
		break;
	}
	vips_error("load", "no such format");
	return -1;
}

// Lets JPEG and WebP decode to a smaller size, never less than twice the wanted one.
static int load_shrunk(VipsSource *source, enum media_format format, uint32_t edge, VipsImage **out)
{
	if (load(source, format, 1, 1, out) != 0)
		return -1;
	int longest = VIPS_MAX((*out)->Xsize, (*out)->Ysize);
	double factor = (double)longest / edge;
	int shrink = factor >= 16 ? 8 : factor >= 8 ? 4 : factor >= 4 ? 2 : 1;
	double scale = factor >= 4 ? 2 / factor : 1;
	if ((format == MEDIA_JPEG && shrink > 1) || (format == MEDIA_WEBP && scale < 1)) {
		g_clear_object(out);
		return load(source, format, shrink, scale, out);
	}
	return 0;
}

// Replaces `*image` by what a step made of it.
static int step(VipsImage **image, int failed, VipsImage *const *made)
{
	if (failed != 0)
		return -1;
	g_object_unref(*image);
	*image = *made;
	return 0;
}

static int flatten(VipsImage **image)
{
	VipsImage *made = NULL;
	gboolean deep = (*image)->BandFmt == VIPS_FORMAT_USHORT;
	VipsArrayDouble *white = vips_array_double_newv(1, deep ? 65535.0 : 255.0);
	int failed = vips_flatten(*image, &made, "background", white, NULL);

	vips_area_unref(VIPS_AREA(white));
	return step(image, failed, &made);
}

static int scale_down(VipsImage **image, uint32_t edge)
{
	VipsImage *made = NULL;
	double longest = VIPS_MAX((*image)->Xsize, (*image)->Ysize);

	if (longest <= edge)
		return 0;
	// The short edge of a strip must not round to nothing.
	double across = VIPS_MAX(edge / longest, 1.0 / (*image)->Xsize);
	double down = VIPS_MAX(edge / longest, 1.0 / (*image)->Ysize);
	return step(image, vips_resize(*image, &made, across, "vscale", down, NULL), &made);
}

// A profile that cannot be used is treated as absent: the numbers are then taken for sRGB.
static int to_srgb(VipsImage **image)
{
	VipsImage *made = NULL;
	gboolean cmyk = (*image)->Type == VIPS_INTERPRETATION_CMYK;

	if (cmyk || vips_image_get_typeof(*image, VIPS_META_ICC_NAME) != 0) {
		int failed = vips_icc_transform(*image, &made, "srgb", "embedded", TRUE,
			"input_profile", cmyk ? "cmyk" : "srgb", "intent", VIPS_INTENT_RELATIVE,
			"black_point_compensation", TRUE, NULL);
		if (failed == 0)
			return step(image, 0, &made);
		vips_error_clear();
	}
	if (step(image, vips_colourspace(*image, &made, VIPS_INTERPRETATION_sRGB, NULL), &made) !=
		0)
		return -1;
	return 0;
}

static int to_three_bytes(VipsImage **image)
{
	VipsImage *made = NULL;

	if (step(image, vips_cast(*image, &made, VIPS_FORMAT_UCHAR, NULL), &made) != 0)
		return -1;
	if ((*image)->Bands == 3)
		return 0;
	vips_error("decode", "%d bands after conversion", (*image)->Bands);
	return -1;
}

static int to_pixels(VipsImage *image, struct pixels *out)
{
	size_t size = 0;
	uint8_t *rgb = vips_image_write_to_memory(image, &size);

	if (rgb == NULL)
		return -1;
	*out = (struct pixels){rgb, (uint32_t)image->Xsize, (uint32_t)image->Ysize};
	return 0;
}

// Turns upright, on plain pixels, where any order of reading is cheap.
static int turn(struct pixels *pixels, int orientation)
{
	size_t size = (size_t)pixels->width * pixels->height * 3;
	VipsImage *image = vips_image_new_from_memory(
		pixels->rgb, size, (int)pixels->width, (int)pixels->height, 3, VIPS_FORMAT_UCHAR);
	VipsImage *turned = NULL;
	struct pixels upright;

	if (image == NULL)
		return -1;
	vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
	int failed = vips_autorot(image, &turned, NULL);
	if (failed == 0)
		failed = to_pixels(turned, &upright);
	g_clear_object(&turned);
	g_object_unref(image);
	if (failed == 0) {
		pixels_free(pixels);
		*pixels = upright;
	}
	return failed;
}

static enum media_result decode(VipsSource *source, enum media_format format, uint32_t edge,
	struct pixels *out, char detail[static DETAIL_SIZE])
{
	VipsImage *image = NULL;

	if (load_shrunk(source, format, edge, &image) != 0) {
		g_clear_object(&image);
		return vips_result(detail);
	}
	// What the loader found, in case it differs from what the file said.
	enum media_result limits = sniff_limits((uint64_t)image->Xsize, (uint64_t)image->Ysize);
	if (limits != MEDIA_OK) {
		g_object_unref(image);
		return limits;
	}
	int orientation = vips_image_get_orientation(image);
	bool failed = (vips_image_hasalpha(image) && flatten(&image) != 0) ||
		      scale_down(&image, edge) != 0 || to_srgb(&image) != 0 ||
		      to_three_bytes(&image) != 0 || to_pixels(image, out) != 0;
	g_object_unref(image);
	if (failed || !vips_is_whole(format))
		return vips_result(detail);
	vips_error_clear();
	if (orientation > 1 && turn(out, orientation) != 0)
		return vips_result(detail);
	return MEDIA_OK;
}

enum media_result picture_decode(struct bytes file, enum media_format format, uint32_t edge,
	struct pixels *out, char detail[static DETAIL_SIZE])
{
	VipsSource *source = vips_source_new_from_memory(file.at, file.size);

	*out = (struct pixels){0};
	if (source == NULL)
		return vips_result(detail);
	enum media_result result = decode(source, format, edge, out, detail);
	g_object_unref(source);
	if (result != MEDIA_OK)
		pixels_free(out);
	return result;
}

void pixels_free(struct pixels *pixels)
{
	g_free(pixels->rgb);
	*pixels = (struct pixels){0};
}
