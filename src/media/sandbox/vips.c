// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Starts libvips with as little of it as pictures need. Debian's build brings modules for
// ImageMagick, Poppler and OpenSlide that are loaded by default: here none is, and every loader but
// four is blocked as well. Also turns libvips' messages into results.
#include "vips.h"

#include "pixels.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>
#include <vips/vector.h>

#define THREADS 2

// libvips paints a row of tiles that cannot be read black, warns, and goes on as if all were
// well.
static atomic_bool lost_tile;

static void on_log(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain, (void)level, (void)data;
	if (message != NULL && strstr(message, "error in tile") != NULL)
		atomic_store(&lost_tile, true);
}

bool vips_is_whole(enum media_format format)
{
	if (atomic_load(&lost_tile))
		return false;
	// libjpeg fills what is missing with grey and only warns. Its other warnings are no harm.
	return format != MEDIA_JPEG ||
	       strstr(vips_error_buffer(), "premature end of data segment") == NULL;
}

bool picture_start(const char *program)
{
	static const char *const loaders[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng",
		"VipsForeignLoadWebp", "VipsForeignLoadNsgif"};

	// Two heaps instead of one a thread: each reserves 64 MB of the allowed address space.
	mallopt(M_ARENA_MAX, 2);
	// Nothing is looked for in the module folder of a home that is not there.
	setenv("VIPSHOME", "/nonexistent", 1);
	// The colour library asks for the local time, which would be read from a file.
	setenv("TZ", "UTC0", 1);
	if (vips_init(program) != 0)
		return false;
	g_log_set_default_handler(on_log, NULL);
	vips_concurrency_set(THREADS);
	vips_cache_set_max(0);
	// Vector code is written at run time, and no memory may be both written and run here.
	vips_vector_set_enabled(FALSE);
	vips_block_untrusted_set(TRUE);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < sizeof loaders / sizeof *loaders; i++)
		vips_operation_block_set(loaders[i], FALSE);
	return true;
}

VipsImage *vips_of_pixels(const struct pixels *from)
{
	VipsImage *plain =
		vips_image_new_from_memory(from->rgb, (size_t)from->width * from->height * 3,
			(int)from->width, (int)from->height, 3, VIPS_FORMAT_UCHAR);
	VipsImage *image = NULL;

	if (plain == NULL)
		return NULL;
	if (vips_copy(plain, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0)
		image = NULL;
	g_object_unref(plain);
	return image;
}

static bool says(const char *message, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcasestr(message, *words) != NULL)
			return true;
	}
	return false;
}

enum media_result vips_result(char detail[static DETAIL_SIZE])
{
	// libheif tells a conversion that found no memory from one it does not know by nothing, and
	// calls a tile without memory one of another depth.
	static const char *const memory[] = {"out of memory", "memory allocation",
		"insufficient memory", "cannot allocate", "error creating thread",
		"unsupported color conversion", "wrong tile image pixel depth", NULL};
	static const char *const cut[] = {"premature end", "truncated", "end of file",
		"unexpected end", "end of input", "not enough data", "read error", NULL};
	const char *message = vips_error_buffer();
	size_t n = 0;

	for (; message[n] != '\0' && n < DETAIL_SIZE - 1; n++)
		detail[n] = message[n] >= ' ' && message[n] <= '~' ? message[n] : ' ';
	detail[n] = '\0';
	// Of libheif and libavif.
	static const char *const unable[] = {"unsupported feature", "unsupported file-type",
		"unsupported codec", "pitm' box references", "unsupported depth", "not implemented",
		"no codec available", "arithmetic", NULL};
	enum media_result result = MEDIA_BROKEN;
	if (says(message, memory) || sandbox_memory_gone())
		result = MEDIA_MEMORY;
	else if (says(message, cut))
		result = MEDIA_TRUNCATED;
	else if (says(message, unable))
		result = MEDIA_UNSUPPORTED;
	vips_error_clear();
	return result;
}
