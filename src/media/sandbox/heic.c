// SPDX-License-Identifier: AGPL-3.0-or-later
//
// HEIC through libheif, which also opens what libavif finds too odd. It gives planes of red, green and
// blue, of every depth, range and matrix: to libavif these are a matrix too, the identity. Only of
// grey it gives one plane. What the numbers mean it leaves to us.
#include "planar.h"

#include <libheif/heif.h>
#include <stdlib.h>

struct opened {
	struct heif_context *context;
	struct heif_image *image;
	avifImage *planes;
};

static void release(void *owner)
{
	struct opened *opened = owner;

	if (opened->planes != NULL)
		avifImageDestroy(opened->planes);
	heif_image_release(opened->image);
	heif_context_free(opened->context);
	free(opened);
}

static bool plane(struct opened *o, enum heif_channel channel, int at)
{
	int stride = 0;
	uint8_t *data = heif_image_get_plane(o->image, channel, &stride);

	if (data == NULL || stride <= 0)
		return false;
	o->planes->yuvPlanes[at] = data;
	o->planes->yuvRowBytes[at] = (uint32_t)stride;
	return true;
}

static bool take_planes(struct opened *o)
{
	avifImage *to = o->planes;
	enum heif_channel first = heif_channel_Y;

	switch (heif_image_get_colorspace(o->image)) {
	case heif_colorspace_monochrome:
		to->yuvFormat = AVIF_PIXEL_FORMAT_YUV400;
		break;
	case heif_colorspace_RGB:
		to->yuvFormat = AVIF_PIXEL_FORMAT_YUV444;
		first = heif_channel_G;
		break;
	default:
		return false;
	}
	int width = heif_image_get_width(o->image, first);
	int height = heif_image_get_height(o->image, first);
	int depth = heif_image_get_bits_per_pixel_range(o->image, first);
	if (width < 1 || height < 1 || (depth != 8 && depth != 10 && depth != 12))
		return false;
	to->width = (uint32_t)width;
	to->height = (uint32_t)height;
	to->depth = (uint32_t)depth;
	if (first == heif_channel_Y)
		return plane(o, heif_channel_Y, 0);
	return plane(o, heif_channel_G, 0) && plane(o, heif_channel_B, 1) &&
	       plane(o, heif_channel_R, 2);
}

static void take_alpha(struct opened *o, const struct heif_image_handle *handle)
{
	int stride = 0;
	uint8_t *data = heif_image_get_plane(o->image, heif_channel_Alpha, &stride);

	if (data == NULL ||
		heif_image_get_bits_per_pixel_range(o->image, heif_channel_Alpha) !=
			(int)o->planes->depth ||
		heif_image_get_width(o->image, heif_channel_Alpha) != (int)o->planes->width ||
		heif_image_get_height(o->image, heif_channel_Alpha) != (int)o->planes->height)
		return;
	o->planes->alphaPlane = data;
	o->planes->alphaRowBytes = (uint32_t)stride;
	o->planes->alphaPremultiplied = heif_image_handle_is_premultiplied_alpha(handle) != 0;
}

static void take_colours(struct opened *o, const struct heif_image_handle *handle)
{
	struct heif_color_profile_nclx *codes = NULL;
	avifImage *to = o->planes;
	size_t size = heif_image_handle_get_raw_color_profile_size(handle);

	to->yuvRange = AVIF_RANGE_FULL;
	to->matrixCoefficients = to->yuvFormat == AVIF_PIXEL_FORMAT_YUV400
					 ? AVIF_MATRIX_COEFFICIENTS_BT601
					 : AVIF_MATRIX_COEFFICIENTS_IDENTITY;
	(void)heif_image_handle_get_nclx_color_profile(handle, &codes);
	if (codes != NULL) {
		to->colorPrimaries = (avifColorPrimaries)codes->color_primaries;
		to->transferCharacteristics =
			(avifTransferCharacteristics)codes->transfer_characteristics;
		if (to->yuvFormat == AVIF_PIXEL_FORMAT_YUV400 && !codes->full_range_flag)
			to->yuvRange = AVIF_RANGE_LIMITED;
		heif_nclx_color_profile_free(codes);
	}
	if (size > 0 && size < MEDIA_FILE_BYTES_MAX) {
		avifRWDataRealloc(&to->icc, size);
		if (heif_image_handle_get_raw_color_profile(handle, to->icc.data).code !=
			heif_error_Ok)
			avifRWDataFree(&to->icc);
	}
}

static int failed(const char *message)
{
	vips_error("heic", "%s", message);
	return -1;
}

static int decode(struct opened *o, const struct heif_image_handle *handle)
{
	struct heif_error error = heif_decode_image(
		handle, &o->image, heif_colorspace_undefined, heif_chroma_undefined, NULL);

	if (error.code != heif_error_Ok)
		return failed(error.message);
	o->planes = avifImageCreateEmpty();
	if (o->planes == NULL)
		return failed("out of memory");
	if (!take_planes(o))
		return failed("planes of an unknown kind");
	take_alpha(o, handle);
	take_colours(o, handle);
	return 0;
}

static int open_file(struct opened *o, struct bytes file)
{
	struct heif_image_handle *handle = NULL;

	o->context = heif_context_alloc();
	if (o->context == NULL)
		return failed("out of memory");
	heif_context_set_max_decoding_threads(o->context, 2);
	heif_context_set_maximum_image_size_limit(o->context, (int)MEDIA_EDGE_MAX);
	struct heif_error error =
		heif_context_read_from_memory_without_copy(o->context, file.at, file.size, NULL);
	if (error.code == heif_error_Ok)
		error = heif_context_get_primary_image_handle(o->context, &handle);
	if (error.code != heif_error_Ok)
		return failed(error.message);
	int result = decode(o, handle);
	heif_image_handle_release(handle);
	return result;
}

int heic_open(struct bytes file, struct still *out)
{
	struct opened *o = calloc(1, sizeof *o);

	*out = (struct still){.orientation = 1};
	if (o == NULL)
		return failed("out of memory");
	if (open_file(o, file) != 0) {
		// Of an item that is another one, turned or cropped, it says there was nothing in it.
		if (sniff_heif_has_item(file, "iden"))
			failed("unsupported feature: iden");
		release(o);
		return -1;
	}
	return planar_image(o->planes, o, release, out);
}
