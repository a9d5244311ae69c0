/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a request to a picture: frames the scene, draws it, grades it like film, writes it. */
#ifndef RENDER_H
#define RENDER_H

#include <cairo.h>
#include <stdbool.h>

struct request {
	const char *scene;
	unsigned long seed;
	const char *ratio;    /* as in file names */
	const char *headline; /* or NULL */
};

/* The finished picture (RGB24), long edge as published times scale; NULL for an unknown scene or ratio. */
cairo_surface_t *render(const struct request *r, double scale);

/* Writes a JPEG under a temporary name and moves it to path. False with errno set, or 0 for a bad request. */
bool render_jpeg(const struct request *r, const char *path);

#endif
