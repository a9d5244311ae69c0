/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The list of pictures that the demo world's accounts and notes name. */
#ifndef PLAN_H
#define PLAN_H

#include <stddef.h>

#include "render.h"

struct plan {
	struct request *pictures; /* strings belong to the plan */
	size_t count, room;
};

/* Adds the pictures of one JSON file. False when the file cannot be read as such; why is on stderr. */
bool plan_read(struct plan *plan, const char *path);
void plan_free(struct plan *plan);

#endif
