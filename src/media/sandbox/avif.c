// SPDX-License-Identifier: AGPL-3.0-or-later
//
// AVIF through libavif, which browsers use as well: stills, grids, and image sequences, of which the
// first frame is the picture. Without its strictness about properties that matter to nobody.
#include "planar.h"

static void release(void *owner)
{
	avifDecoderDestroy(owner);
}

static avifDecoder *decoder_new(struct bytes file, avifDecoderSource source)
{
	avifDecoder *decoder = avifDecoderCreate();

	if (decoder == NULL)
		return NULL;
	decoder->maxThreads = 2;
	decoder->requestedSource = source;
	decoder->ignoreExif = AVIF_TRUE;
	decoder->ignoreXMP = AVIF_TRUE;
	decoder->imageSizeLimit = MEDIA_PIXELS_MAX;
	decoder->imageDimensionLimit = MEDIA_EDGE_MAX;
	decoder->imageCountLimit = 0;
	decoder->strictFlags = AVIF_STRICT_DISABLED;
	if (avifDecoderSetIOMemory(decoder, file.at, file.size) != AVIF_RESULT_OK) {
		avifDecoderDestroy(decoder);
		return NULL;
	}
	return decoder;
}

// Crops to the clean aperture; one that does not fit counts as none.
static int crop(const avifImage *from, VipsImage **image)
{
	avifCropRect area;
	avifDiagnostics unused;
	VipsImage *made = NULL;

	if ((from->transformFlags & AVIF_TRANSFORM_CLAP) == 0 ||
		!avifCropRectConvertCleanApertureBox(
			&area, &from->clap, from->width, from->height, from->yuvFormat, &unused))
		return 0;
	if (vips_extract_area(*image, &made, (int)area.x, (int)area.y, (int)area.width,
		    (int)area.height, NULL) != 0)
		return -1;
	g_object_unref(*image);
	*image = made;
	return 0;
}

int avif_open(struct bytes file, struct still *out)
{
	avifDecoder *decoder = decoder_new(file, AVIF_DECODER_SOURCE_AUTO);
	avifResult result = decoder == NULL ? AVIF_RESULT_OUT_OF_MEMORY : avifDecoderParse(decoder);

	*out = (struct still){.orientation = 1};
	if (result == AVIF_RESULT_OK)
		result = avifDecoderNextImage(decoder);
	if (result != AVIF_RESULT_OK) {
		vips_error("avif", "%s", avifResultToString(result));
		if (decoder != NULL)
			avifDecoderDestroy(decoder);
		return -1;
	}
	avifImage *planes = decoder->image;
	int quarters = planes->transformFlags & AVIF_TRANSFORM_IROT ? planes->irot.angle : 0;
	int mirror = planes->transformFlags & AVIF_TRANSFORM_IMIR ? planes->imir.mode : -1;
	out->orientation = planar_orientation(quarters, mirror);
	if (planar_image(planes, decoder, release, out) != 0)
		return -1;
	return crop(planes, &out->image);
}

static void keep(void *owner)
{
	(void)owner;
}

int avif_frames(struct bytes file, int most,
	int (*frame)(struct still *, int milliseconds, void *arg), void *arg)
{
	avifDecoder *decoder = decoder_new(file, AVIF_DECODER_SOURCE_TRACKS);
	int result = decoder == NULL || avifDecoderParse(decoder) != AVIF_RESULT_OK ? -1 : 0;

	for (int i = 0; result == 0 && i < most; i++) {
		struct still still = {.orientation = 1};
		avifResult next = avifDecoderNextImage(decoder);
		if (next == AVIF_RESULT_NO_IMAGES_REMAINING)
			break;
		result = next == AVIF_RESULT_OK ? planar_image(decoder->image, NULL, keep, &still)
						: -1;
		if (result == 0)
			result = frame(
				&still, (int)(decoder->imageTiming.duration * 1000 + 0.5), arg);
		g_clear_object(&still.image);
	}
	if (decoder != NULL)
		avifDecoderDestroy(decoder);
	return result;
}
