// SPDX-License-Identifier: AGPL-3.0-or-later
#include "moving.h"

#include "vips.h"
#include "webp.h"

#define EFFORT 2

static VipsImage *image_of(const struct film *film)
{
	struct pixels all = film->strip;

	all.height = film->height * (uint32_t)film->n;
	VipsImage *image = vips_of_pixels(&all);
	if (image != NULL) {
		vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, (int)film->height);
		vips_image_set_int(image, "loop", 0);
		vips_image_set_array_int(image, "delay", film->delays, film->n);
	}
	return image;
}

size_t film_encode(const struct film *film, int quality, void **out)
{
	VipsImage *image = image_of(film);
	size_t size = 0;

	*out = NULL;
	if (image != NULL &&
		vips_webpsave_buffer(image, out, &size, "Q", quality, "effort", EFFORT, NULL) == 0)
		size = webp_bare_animation(*out, size);
	else
		size = 0;
	g_clear_object(&image);
	return size;
}
