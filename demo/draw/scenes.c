/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finds a scene among the tables of all themes. */
#include "scenes.h"

#include <string.h>

static const struct scene *const tables[] = {food_scenes, table_scenes, pet_scenes, city_scenes,
	lane_scenes, nature_scenes, study_scenes, craft_scenes, home_scenes, thing_scenes,
	play_scenes};

const struct scene *scene_at(size_t n)
{
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
		for (const struct scene *s = tables[t]; s->name; s++)
			if (!n--)
				return s;
	return NULL;
}

const struct scene *scene_named(const char *name)
{
	const struct scene *s;

	for (size_t n = 0; (s = scene_at(n)); n++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}
