// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any of the six formats to upright 8-bit sRGB on white. The loader is chosen by name, never by
// libvips. Rows stream from loader to the scaled-down result, so that a 200-megapixel file never
// stands in memory whole (unless its format demands it); colours are converted after scaling,
// where there are fewer pixels, and stay as deep as the file has them until then.
#include "colour.h"
#include "planar.h"
#include "vips.h"

#include <math.h>
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
	default:
		vips_error("load", "no such format");
		return -1;
	}
}

void picture_fit(uint32_t width, uint32_t height, uint32_t *fit_width, uint32_t *fit_height)
{
	double most = VIPS_MAX(width, height), least = VIPS_MIN(width, height);
	double area = (double)width * height;
	double scale = VIPS_MAX(MEDIA_MASTER_EDGE / most, MEDIA_MASTER_SHORT / least);

	scale = VIPS_MIN(VIPS_MIN(scale, sqrt(MEDIA_MASTER_PIXELS / area)), 1);
	// The short edge of a strip must not round to nothing.
	*fit_width = (uint32_t)VIPS_MAX(1, width * scale + (scale < 1 ? 0.5 : 0));
	*fit_height = (uint32_t)VIPS_MAX(1, height * scale + (scale < 1 ? 0.5 : 0));
}

// Lets JPEG and WebP decode to a smaller size, never less than twice the wanted one.
static int load_shrunk(VipsSource *source, enum media_format format, VipsImage **out)
{
	uint32_t width, height;

	if (load(source, format, 1, 1, out) != 0)
		return -1;
	picture_fit((uint32_t)(*out)->Xsize, (uint32_t)(*out)->Ysize, &width, &height);
	double factor = VIPS_MAX((*out)->Xsize / (double)width, (*out)->Ysize / (double)height);
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

int still_flatten(struct still *still)
{
	VipsImage *made = NULL;
	gboolean deep = still->image->BandFmt == VIPS_FORMAT_USHORT;

	if (!vips_image_hasalpha(still->image))
		return 0;
	double white = (deep ? 65535.0 : 255.0) * colours_paper(&still->colours);
	VipsArrayDouble *paper = vips_array_double_newv(1, white);
	int failed = vips_flatten(still->image, &made, "background", paper, NULL);

	vips_area_unref(VIPS_AREA(paper));
	return step(&still->image, failed, &made);
}

// `full` is the size the picture has in its file: a loader that shrank has rounded.
static int scale_down(VipsImage **image, const uint32_t full[2])
{
	VipsImage *made = NULL;
	uint32_t width, height;

	picture_fit(full[0], full[1], &width, &height);
	if (width >= (uint32_t)(*image)->Xsize && height >= (uint32_t)(*image)->Ysize)
		return 0;
	return step(image,
		vips_resize(*image, &made, (double)width / (*image)->Xsize, "vscale",
			(double)height / (*image)->Ysize, NULL),
		&made);
}

// Formats of numbers that are neither bytes nor 16 bits do not come from these loaders; palettes and
// few bits have become bytes there.
int still_plain(VipsImage **image)
{
	VipsImage *made = NULL;

	if ((*image)->Bands != 1 && (*image)->Bands != 3 &&
		!((*image)->Bands == 4 && (*image)->Type == VIPS_INTERPRETATION_CMYK)) {
		vips_error("decode", "%d bands", (*image)->Bands);
		return -1;
	}
	if ((*image)->BandFmt == VIPS_FORMAT_UCHAR || (*image)->BandFmt == VIPS_FORMAT_USHORT)
		return 0;
	return step(image, vips_cast(*image, &made, VIPS_FORMAT_UCHAR, NULL), &made);
}

int still_pixels(VipsImage *image, const struct colours *colours, struct pixels *out)
{
	size_t size = 0, icc_size = 0;
	const void *icc = NULL;
	void *plain = vips_image_write_to_memory(image, &size);
	struct samples_in in = {plain, (uint32_t)image->Xsize, (uint32_t)image->Ysize,
		(uint32_t)image->Bands, image->BandFmt == VIPS_FORMAT_USHORT};

	if (plain == NULL)
		return -1;
	if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
		vips_image_get_blob(image, VIPS_META_ICC_NAME, &icc, &icc_size) != 0)
		vips_error_clear();
	*out = (struct pixels){g_try_malloc((size_t)in.width * in.height * 3), in.width, in.height};
	bool done = out->rgb != NULL && colours_convert(&in, colours, icc, icc_size, out->rgb);
	g_free(plain);
	if (!done)
		vips_error("colours", "out of memory");
	return done ? 0 : -1;
}

// Turns upright, on plain pixels, where any order of reading is cheap.
static int turn(struct pixels *pixels, int orientation)
{
	size_t size = (size_t)pixels->width * pixels->height * 3;
	VipsImage *image = vips_image_new_from_memory(
		pixels->rgb, size, (int)pixels->width, (int)pixels->height, 3, VIPS_FORMAT_UCHAR);
	VipsImage *turned = NULL;
	uint8_t *upright = NULL;

	if (image == NULL)
		return -1;
	vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
	if (vips_autorot(image, &turned, NULL) == 0)
		upright = vips_image_write_to_memory(turned, &size);
	if (upright != NULL) {
		g_free(pixels->rgb);
		*pixels =
			(struct pixels){upright, (uint32_t)turned->Xsize, (uint32_t)turned->Ysize};
	}
	g_clear_object(&turned);
	g_object_unref(image);
	return upright != NULL ? 0 : -1;
}

static int open_still(struct bytes file, const struct sniffed *sniffed, struct still *out)
{
	*out = (struct still){.orientation = 1, .colours = sniffed->colours};
	if (sniffed->format == MEDIA_AVIF && avif_open(file, out) == 0)
		return 0;
	if (sniffed->format == MEDIA_AVIF || sniffed->format == MEDIA_HEIC) {
		g_clear_object(&out->image);
		if (heic_open(file, out) != 0)
			return -1;
		vips_error_clear();
		return 0;
	}
	VipsSource *source = vips_source_new_from_memory(file.at, file.size);
	if (source == NULL)
		return -1;
	int failed = load_shrunk(source, sniffed->format, &out->image);
	g_object_unref(source);
	if (failed == 0)
		out->orientation = vips_image_get_orientation(out->image);
	return failed;
}

static enum media_result decode(
	struct still *still, const struct sniffed *sniffed, struct pixels *out, char *detail)
{
	uint32_t full[2] = {(uint32_t)still->image->Xsize, (uint32_t)still->image->Ysize};
	// What the loader found, in case it differs from what the file said.
	enum media_result limits = sniff_limits(full[0], full[1]);

	if (limits != MEDIA_OK)
		return limits;
	bool shrunk = sniffed->format == MEDIA_JPEG || sniffed->format == MEDIA_WEBP;
	if (shrunk) {
		full[0] = sniffed->width;
		full[1] = sniffed->height;
	}
	bool failed = still_flatten(still) != 0 || scale_down(&still->image, full) != 0 ||
		      still_plain(&still->image) != 0 ||
		      still_pixels(still->image, &still->colours, out) != 0;
	if (failed || !vips_is_whole(sniffed->format))
		return vips_result(detail);
	vips_error_clear();
	if (still->orientation > 1 && turn(out, still->orientation) != 0)
		return vips_result(detail);
	return MEDIA_OK;
}

enum media_result picture_decode(struct bytes file, const struct sniffed *sniffed,
	struct pixels *out, char detail[static DETAIL_SIZE])
{
	struct still still;
	enum media_result result;

	*out = (struct pixels){0};
	if (open_still(file, sniffed, &still) != 0)
		result = vips_result(detail);
	else
		result = decode(&still, sniffed, out, detail);
	g_clear_object(&still.image);
	if (result != MEDIA_OK)
		pixels_free(out);
	return result;
}

void pixels_free(struct pixels *pixels)
{
	g_free(pixels->rgb);
	*pixels = (struct pixels){0};
}
