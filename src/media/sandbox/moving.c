// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reads the frames of a GIF, WebP or AVIF animation small enough to be kept. Everything is bounded: how
// many frames are read and kept, their pixels together, the bytes of the loop.
#include "moving.h"

#include "planar.h"
#include "render.h"

#include <math.h>
#include <string.h>

#define SHORTEST 20 // browsers show a frame that claims less for LONGER
#define LONGER 100
#define LONGEST 10000
static const int qualities[] = {70, 50, 30};

static int delay_of(int milliseconds)
{
	return milliseconds < SHORTEST ? LONGER : VIPS_MIN(milliseconds, LONGEST);
}

// The size of a frame, for `n` of them.
static void size_of(uint32_t width, uint32_t height, int n, uint32_t *to_width, uint32_t *to_height)
{
	int kept = VIPS_MIN(n, (int)MEDIA_MOVING_FRAMES);
	double scale = sqrt(MEDIA_MOVING_PIXELS / ((double)width * height * kept));

	scale = VIPS_MIN(scale, (double)MEDIA_MOVING_EDGE / VIPS_MAX(width, height));
	scale = VIPS_MIN(scale, 1);
	*to_width = (uint32_t)VIPS_MAX(1, width * scale);
	*to_height = (uint32_t)VIPS_MAX(1, height * scale);
}

static int resize(VipsImage **image, double across, double down)
{
	VipsImage *made = NULL;

	if (across >= 1 && down >= 1)
		return 0;
	if (vips_resize(*image, &made, across, "vscale", down, NULL) != 0)
		return -1;
	g_object_unref(*image);
	*image = made;
	return 0;
}

// GIF and WebP: libvips gives all frames as one high picture.
static int load(struct bytes file, enum media_format format, int n, VipsImage **out)
{
	VipsSource *source = vips_source_new_from_memory(file.at, file.size);
	int failed = -1;

	if (source == NULL)
		return -1;
	if (format == MEDIA_GIF)
		failed = vips_gifload_source(
			source, out, "access", VIPS_ACCESS_SEQUENTIAL, "n", n, NULL);
	else
		failed = vips_webpload_source(
			source, out, "access", VIPS_ACCESS_SEQUENTIAL, "n", n, NULL);
	g_object_unref(source);
	return failed;
}

static void take_delays(VipsImage *image, struct film *film)
{
	int *delays = NULL, n = 0;

	if (vips_image_get_typeof(image, "delay") == 0 ||
		vips_image_get_array_int(image, "delay", &delays, &n) != 0)
		n = 0;
	for (int i = 0; i < film->n; i++)
		film->delays[i] = delay_of(i < n ? delays[i] : 0);
}

static int read_strip(struct bytes file, const struct sniffed *sniffed, struct film *film)
{
	struct still still = {.orientation = 1};
	int n = (int)VIPS_MIN(sniffed->frames, MEDIA_MOVING_READ);
	uint32_t width = 0, height = 0;

	if (load(file, sniffed->format, n, &still.image) != 0)
		return -1;
	int page = vips_image_get_page_height(still.image);
	film->n = still.image->Ysize / page;
	bool sane = film->n >= 2 && film->n <= (int)MEDIA_MOVING_READ;
	if (sane) {
		take_delays(still.image, film);
		size_of((uint32_t)still.image->Xsize, (uint32_t)page, film->n, &width, &height);
	}
	int failed = !sane || still_flatten(&still) != 0 ||
		     resize(&still.image, (double)width / still.image->Xsize,
			     (double)height / page) != 0 ||
		     still_plain(&still.image) != 0 ||
		     still_pixels(still.image, &still.colours, &film->strip) != 0;
	film->height = height;
	g_clear_object(&still.image);
	return failed || film->strip.height < height * (uint32_t)film->n ? -1 : 0;
}

struct reading {
	struct film *film;
	int most;
};

static int add_frame(struct still *still, int milliseconds, void *arg)
{
	struct reading *reading = arg;
	struct film *film = reading->film;
	struct pixels one = {0};
	uint32_t width = film->strip.width, height = film->height;

	if (film->n == 0) {
		size_of((uint32_t)still->image->Xsize, (uint32_t)still->image->Ysize, reading->most,
			&width, &height);
		film->height = height;
		film->strip = (struct pixels){
			g_try_malloc((size_t)width * height * 3 * (size_t)reading->most), width,
			height};
	}
	size_t size = (size_t)width * height * 3;
	int failed = film->strip.rgb == NULL || still_flatten(still) != 0 ||
		     resize(&still->image, (double)width / still->image->Xsize,
			     (double)height / still->image->Ysize) != 0 ||
		     still_plain(&still->image) != 0 ||
		     still_pixels(still->image, &still->colours, &one) != 0 || one.width != width ||
		     one.height != height;
	if (!failed) {
		memcpy(film->strip.rgb + size * (size_t)film->n, one.rgb, size);
		film->delays[film->n++] = delay_of(milliseconds);
	}
	pixels_free(&one);
	return failed ? -1 : 0;
}

// Every second or third frame, shown for as long as those left out.
static void thin(struct film *film)
{
	int step = (film->n + (int)MEDIA_MOVING_FRAMES - 1) / (int)MEDIA_MOVING_FRAMES;
	size_t size = (size_t)film->strip.width * film->height * 3;
	int kept = 0;

	for (int i = 0; step > 1 && i < film->n; i++) {
		if (i % step != 0) {
			film->delays[kept - 1] += film->delays[i];
			continue;
		}
		memmove(film->strip.rgb + size * (size_t)kept, film->strip.rgb + size * (size_t)i,
			size);
		film->delays[kept++] = film->delays[i];
	}
	if (step > 1)
		film->n = kept;
}

static enum media_result write_film(
	const struct film *film, int fd, struct media_made *made, char detail[static DETAIL_SIZE])
{
	for (size_t i = 0; i < sizeof qualities / sizeof *qualities; i++) {
		void *bytes;
		size_t size = film_encode(film, qualities[i], &bytes);
		bool fits = size > 0 && size <= MEDIA_MOVING_BYTES;
		bool written = fits && write_all(fd, bytes, size);
		g_free(bytes);
		if (written)
			*made = (struct media_made){
				film->strip.width, film->height, (uint32_t)size};
		if (fits || size == 0)
			return written ? MEDIA_OK : vips_result(detail);
	}
	return MEDIA_TOO_LARGE_FILE;
}

enum media_result picture_move(struct bytes file, const struct sniffed *sniffed, int fd,
	struct media_made *made, char detail[static DETAIL_SIZE])
{
	struct film film = {0};
	struct reading reading = {&film, (int)VIPS_MIN(sniffed->frames, MEDIA_MOVING_READ)};
	int failed = -1;

	if (sniffed->format == MEDIA_AVIF)
		failed = avif_frames(file, reading.most, add_frame, &reading);
	else if (sniffed->format == MEDIA_GIF || sniffed->format == MEDIA_WEBP)
		failed = read_strip(file, sniffed, &film);
	enum media_result result = MEDIA_BROKEN;
	if (failed == 0 && film.n >= 2) {
		thin(&film);
		result = write_film(&film, fd, made, detail);
	} else {
		vips_error_clear();
	}
	pixels_free(&film.strip);
	return result;
}
