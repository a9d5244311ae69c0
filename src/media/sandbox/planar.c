// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Libavif converts planes of any sampling, depth, range and matrix; here it is asked for a strip at
// a time, with a margin so that colour is smooth across strips.
#include "planar.h"

#include <stdlib.h>
#include <string.h>

#define STRIP 64
#define MARGIN 2 // rows, even: planes of colour have half as many

struct planes {
	avifImage *image;
	void *owner;
	void (*release)(void *);
	bool grey, alpha, deep;
};

// Of constant luminance libavif knows nothing; its colours are nearly those of the usual kind.
static avifMatrixCoefficients matrix_of(const avifImage *image)
{
	return image->matrixCoefficients == AVIF_MATRIX_COEFFICIENTS_BT2020_CL
		       ? AVIF_MATRIX_COEFFICIENTS_BT2020_NCL
		       : image->matrixCoefficients;
}

static bool convert(const avifImage *view, bool alpha, bool deep, avifRGBImage *rgb)
{
	avifRGBImageSetDefaults(rgb, view);
	rgb->depth = deep ? 16 : 8;
	rgb->format = alpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
	rgb->chromaUpsampling = AVIF_CHROMA_UPSAMPLING_BILINEAR;
	avifRGBImageAllocatePixels(rgb);
	return rgb->pixels != NULL && avifImageYUVToRGB(view, rgb) == AVIF_RESULT_OK;
}

bool planar_rows(
	const avifImage *planes, uint32_t top, uint32_t rows, bool alpha, bool deep, void *to)
{
	uint32_t first = top < MARGIN ? 0 : (top - MARGIN) & ~1u;
	uint32_t last = VIPS_MIN(planes->height, top + rows + MARGIN);
	avifCropRect area = {0, first, planes->width, last - first};
	avifImage *view = avifImageCreateEmpty();
	avifRGBImage rgb = {0};

	if (view == NULL)
		return false;
	bool done = avifImageSetViewRect(view, planes, &area) == AVIF_RESULT_OK;
	if (done) {
		view->colorPrimaries = planes->colorPrimaries;
		view->matrixCoefficients = matrix_of(planes);
		view->alphaPremultiplied = planes->alphaPremultiplied;
		done = convert(view, alpha, deep, &rgb);
	}
	size_t stride = (size_t)planes->width * (alpha ? 4 : 3) * (deep ? 2 : 1);
	for (uint32_t y = 0; done && y < rows; y++)
		memcpy((uint8_t *)to + y * stride,
			rgb.pixels + (size_t)(top - first + y) * rgb.rowBytes, stride);
	avifRGBImageFreePixels(&rgb);
	avifImageDestroy(view);
	return done;
}

static size_t pel_size(const struct planes *planes)
{
	return (planes->alpha ? 4u : 3u) * (planes->deep ? 2u : 1u);
}

struct strip {
	uint8_t *at;
	int top; // -1: none yet
};

// Of grey libavif makes three equal bands.
static void copy_pels(
	const struct planes *planes, VipsPel *to, const uint8_t *from, size_t pel, int width)
{
	size_t one = planes->deep ? 2 : 1;

	if (!planes->grey) {
		memcpy(to, from, (size_t)width * pel);
		return;
	}
	for (int x = 0; x < width; x++, from += pel) {
		memcpy(to, from, one);
		to += one;
		if (planes->alpha) {
			memcpy(to, from + 3 * one, one);
			to += one;
		}
	}
}

static void *strip_start(VipsImage *image, void *a, void *b)
{
	struct strip *strip = malloc(sizeof *strip);
	const struct planes *planes = a;
	(void)image, (void)b;

	if (strip == NULL)
		return NULL;
	*strip = (struct strip){malloc(pel_size(planes) * planes->image->width * STRIP), -1};
	if (strip->at == NULL) {
		free(strip);
		return NULL;
	}
	return strip;
}

static int strip_stop(void *sequence, void *a, void *b)
{
	struct strip *strip = sequence;
	(void)a, (void)b;

	free(strip->at);
	free(strip);
	return 0;
}

static int fill(VipsRegion *region, void *sequence, void *a, void *b, gboolean *stop)
{
	const struct planes *planes = a;
	struct strip *strip = sequence;
	const VipsRect *wanted = &region->valid;
	size_t pel = pel_size(planes), line = pel * planes->image->width;
	(void)b, (void)stop;

	for (int y = wanted->top; y < VIPS_RECT_BOTTOM(wanted); y++) {
		int top = y / STRIP * STRIP;
		int rows = VIPS_MIN(STRIP, region->im->Ysize - top);
		if (strip->top != top && !planar_rows(planes->image, (uint32_t)top, (uint32_t)rows,
						 planes->alpha, planes->deep, strip->at)) {
			vips_error("planes", "unsupported feature: another matrix");
			return -1;
		}
		strip->top = top;
		VipsPel *to = region->data + (size_t)(y - wanted->top) * (size_t)region->bpl;
		copy_pels(planes, to,
			strip->at + (size_t)(y - top) * line + (size_t)wanted->left * pel, pel,
			wanted->width);
	}
	return 0;
}

static void gone(VipsImage *image, void *data)
{
	struct planes *planes = data;
	(void)image;

	planes->release(planes->owner);
	free(planes);
}

static VipsImage *image_of(struct planes *planes)
{
	VipsImage *image = vips_image_new();
	const avifImage *from = planes->image;
	VipsBandFormat format = planes->deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;

	VipsInterpretation colour =
		planes->deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
	VipsInterpretation grey =
		planes->deep ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;

	vips_image_init_fields(image, (int)from->width, (int)from->height,
		(planes->grey ? 1 : 3) + planes->alpha, format, VIPS_CODING_NONE,
		planes->grey ? grey : colour, 1, 1);
	if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_FATSTRIP, NULL) != 0 ||
		vips_image_generate(image, strip_start, fill, strip_stop, planes, NULL) != 0)
		g_clear_object(&image);
	return image;
}

// Rows come in order and whole, whatever piece is asked for: each strip is converted once.
static int in_order(struct still *out)
{
	VipsImage *rows = NULL;

	if (vips_sequential(out->image, &rows, "tile_height", STRIP, NULL) != 0)
		return -1;
	g_object_unref(out->image);
	out->image = rows;
	// Scaling then keeps rows it needs again, instead of making them anew.
	vips_image_set_int(rows, VIPS_META_SEQUENTIAL, 1);
	return 0;
}

int planar_image(avifImage *from, void *owner, void (*release)(void *), struct still *out)
{
	struct planes *planes = malloc(sizeof *planes);

	if (planes == NULL) {
		release(owner);
		return -1;
	}
	out->colours = (struct colours){
		.primaries = from->colorPrimaries, .transfer = from->transferCharacteristics};
	bool profile = from->icc.size > 0;
	bool deep = from->depth > 8 || (!profile && colours_differ(&out->colours));
	*planes = (struct planes){.image = from,
		.owner = owner,
		.release = release,
		.grey = from->yuvFormat == AVIF_PIXEL_FORMAT_YUV400,
		.alpha = from->alphaPlane != NULL,
		.deep = deep};
	out->image = image_of(planes);
	if (out->image == NULL) {
		gone(NULL, planes);
		return -1;
	}
	if (profile)
		vips_image_set_blob_copy(
			out->image, VIPS_META_ICC_NAME, from->icc.data, from->icc.size);
	g_signal_connect(out->image, "postclose", G_CALLBACK(gone), planes);
	return in_order(out);
}

int planar_orientation(int quarters, int mirror)
{
	static const int exif[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};

	return exif[quarters & 3][mirror < 0 ? 0 : mirror == 0 ? 1 : 2];
}
