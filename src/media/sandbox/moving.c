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

// Of `n` frames every first, second or third is kept, shown for as long as those left out as well.
static int step_of(int n)
{
	return (n + (int)MEDIA_MOVING_FRAMES - 1) / (int)MEDIA_MOVING_FRAMES;
}

// Counts the delay of frame `i` of the animation; whether the frame is kept.
static bool keeps(struct film *film, int i, int step, int milliseconds)
{
	if (i % step != 0) {
		film->delays[film->n - 1] += delay_of(milliseconds);
		return false;
	}
	film->delays[film->n++] = delay_of(milliseconds);
	return true;
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

// Linear: half the time of what stills are made with, and not seen in what moves.
static int resize(VipsImage **image, double across, double down)
{
	VipsImage *made = NULL;

	if (across >= 1 && down >= 1)
		return 0;
	if (vips_resize(
		    *image, &made, across, "vscale", down, "kernel", VIPS_KERNEL_LINEAR, NULL) != 0)
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

static int join(VipsImage **image, VipsImage **frames, int n)
{
	VipsImage *made = NULL;

	if (vips_arrayjoin(frames, &made, n, "across", 1, NULL) != 0)
		return -1;
	g_object_unref(*image);
	*image = made;
	return 0;
}

// Leaves the kept ones of the `n` frames, each `page` high: what is left out costs no resizing.
static int thin(VipsImage **image, int page, int n, struct film *film)
{
	VipsImage *frames[MEDIA_MOVING_FRAMES] = {0};
	int *delays = NULL, n_delays = 0, failed = 0;

	if (vips_image_get_typeof(*image, "delay") == 0 ||
		vips_image_get_array_int(*image, "delay", &delays, &n_delays) != 0)
		n_delays = 0;
	for (int i = 0; i < n && failed == 0; i++) {
		int delay = i < n_delays ? delays[i] : 0;
		if (keeps(film, i, step_of(n), delay))
			failed = vips_crop(*image, &frames[film->n - 1], 0, page * i,
				(*image)->Xsize, page, NULL);
	}
	if (failed == 0 && film->n < n)
		failed = join(image, frames, film->n);
	for (int i = 0; i < film->n; i++)
		g_clear_object(&frames[i]);
	return failed;
}

static int read_strip(struct bytes file, const struct sniffed *sniffed, struct film *film)
{
	struct still still = {.orientation = 1};
	int most = (int)VIPS_MIN(sniffed->frames, MEDIA_MOVING_READ);
	uint32_t width = 0, height = 0;

	if (load(file, sniffed->format, most, &still.image) != 0)
		return -1;
	int page = vips_image_get_page_height(still.image);
	int n = still.image->Ysize / page;
	bool sane = n >= 2 && n <= (int)MEDIA_MOVING_READ;
	if (sane)
		size_of((uint32_t)still.image->Xsize, (uint32_t)page, n, &width, &height);
	int failed = !sane || thin(&still.image, page, n, film) != 0 ||
		     still_flatten(&still) != 0 ||
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
	int read;
};

static int add_frame(struct still *still, int milliseconds, void *arg)
{
	struct reading *reading = arg;
	struct film *film = reading->film;
	struct pixels one = {0};
	uint32_t width = film->strip.width, height = film->height;

	if (reading->read == 0) {
		int kept = VIPS_MIN(reading->most, (int)MEDIA_MOVING_FRAMES);
		size_of((uint32_t)still->image->Xsize, (uint32_t)still->image->Ysize, reading->most,
			&width, &height);
		film->height = height;
		film->strip = (struct pixels){
			g_try_malloc((size_t)width * height * 3 * (size_t)kept), width, height};
	}
	if (!keeps(film, reading->read++, step_of(reading->most), milliseconds))
		return 0;
	size_t size = (size_t)width * height * 3;
	int failed = film->strip.rgb == NULL || still_flatten(still) != 0 ||
		     resize(&still->image, (double)width / still->image->Xsize,
			     (double)height / still->image->Ysize) != 0 ||
		     still_plain(&still->image) != 0 ||
		     still_pixels(still->image, &still->colours, &one) != 0 || one.width != width ||
		     one.height != height;
	if (!failed)
		memcpy(film->strip.rgb + size * (size_t)(film->n - 1), one.rgb, size);
	pixels_free(&one);
	return failed ? -1 : 0;
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
	struct reading reading = {&film, (int)VIPS_MIN(sniffed->frames, MEDIA_MOVING_READ), 0};
	int failed = -1;

	if (sniffed->format == MEDIA_AVIF)
		failed = avif_frames(file, reading.most, add_frame, &reading);
	else if (sniffed->format == MEDIA_GIF || sniffed->format == MEDIA_WEBP)
		failed = read_strip(file, sniffed, &film);
	enum media_result result = MEDIA_BROKEN;
	if (failed == 0 && film.n >= 2) {
		result = write_film(&film, fd, made, detail);
	} else {
		vips_error_clear();
	}
	pixels_free(&film.strip);
	return result;
}
