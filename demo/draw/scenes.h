/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The scenes there are. A scene draws into the whole canvas and takes all it needs from struct art. */
#ifndef SCENES_H
#define SCENES_H

#include "paint.h"

struct scene {
	const char *name;
	void (*draw)(struct art *a);
	unsigned flags;
};

enum {
	SCENE_LETTERS = 1, /* holds writing: never mirrored */
	SCENE_LOW = 2,     /* a headline stands below the subject, not above */
	SCENE_LEVEL = 4,   /* the camera does not turn */
};

/* Each ends with a row whose name is NULL. */
extern const struct scene food_scenes[], table_scenes[], pet_scenes[], city_scenes[], lane_scenes[],
	nature_scenes[], study_scenes[], craft_scenes[], home_scenes[], thing_scenes[],
	play_scenes[];

/* The n-th of all scenes, or NULL behind the last. */
const struct scene *scene_at(size_t n);
const struct scene *scene_named(const char *name);

#endif
