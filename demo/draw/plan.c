/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads accounts-*.json and notes-*.json. A file is told by its entries: notes have pictures, accounts faces. */
#include "plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "scenes.h"

static bool add(struct plan *plan, const json_t *picture, const char *ratio, const char *path)
{
	const char *scene = json_string_value(json_object_get(picture, "scene"));
	const char *words = json_string_value(json_object_get(picture, "headline"));
	const json_t *seed = json_object_get(picture, "seed");
	const char *shape = ratio ? picture_ratio(ratio) : NULL;

	if (!scene || !scene_named(scene) || !json_is_integer(seed) ||
		json_integer_value(seed) < 0 || !shape) {
		fprintf(stderr, "%s: no such picture: scene \"%s\", ratio \"%s\"\n", path,
			scene ? scene : "", ratio ? ratio : "");
		return false;
	}
	if (plan->count == plan->room) {
		size_t room = plan->room ? plan->room * 2 : 256;
		struct request *larger = realloc(plan->pictures, room * sizeof *larger);

		if (!larger)
			return false;
		plan->pictures = larger;
		plan->room = room;
	}
	plan->pictures[plan->count++] = (struct request){
		.scene = scene_named(scene)->name,
		.seed = (unsigned long)json_integer_value(seed),
		.ratio = shape,
		.headline = words && *words ? strdup(words) : NULL,
	};
	return true;
}

static bool add_entry(struct plan *plan, const json_t *entry, const char *path)
{
	const json_t *pictures = json_object_get(entry, "pictures");
	const char *ratio = json_string_value(json_object_get(entry, "ratio"));
	const json_t *avatar = json_object_get(entry, "avatar"),
		     *cover = json_object_get(entry, "cover");
	bool ok = true;
	json_t *picture;
	size_t i;

	if (json_is_object(avatar))
		ok = add(plan, avatar, "avatar", path) && ok;
	if (json_is_object(cover))
		ok = add(plan, cover, "cover", path) && ok;
	json_array_foreach(pictures, i, picture) ok = add(plan, picture, ratio, path) && ok;
	return ok;
}

bool plan_read(struct plan *plan, const char *path)
{
	json_error_t error;
	json_t *root = json_load_file(path, 0, &error), *entry;
	bool ok = true;
	size_t i;

	if (!json_is_array(root)) {
		fprintf(stderr, "%s:%d: %s\n", path, error.line,
			root ? "not an array" : error.text);
		json_decref(root);
		return false;
	}
	json_array_foreach(root, i, entry) ok = add_entry(plan, entry, path) && ok;
	json_decref(root);
	return ok;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free((char *)(uintptr_t)plan->pictures[i].headline);
	free(plan->pictures);
}
