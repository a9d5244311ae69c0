/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* File names of the demo world's pictures. Needs nothing but libc, so that the loader can link it too. */
#include "name.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *picture_ratio(const char *ratio)
{
	static const char *const known[] = {"3x4", "1x1", "4x3", "avatar", "cover"};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (!strcmp(ratio, known[i]))
			return known[i];
		if (strlen(ratio) == 3 && ratio[1] == ':' && ratio[0] == known[i][0] &&
			ratio[2] == known[i][2])
			return known[i];
	}
	return NULL;
}

static uint32_t fnv1a(const char *text)
{
	uint32_t hash = 2166136261U;

	for (const char *p = text; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619U;
	return hash;
}

bool picture_name(char *out, size_t size, const char *scene, unsigned long seed, const char *ratio,
	const char *headline)
{
	const char *shape = picture_ratio(ratio);
	int n;

	if (size)
		out[0] = '\0';
	if (!shape || !*scene || scene[strspn(scene, "abcdefghijklmnopqrstuvwxyz_")])
		return false;
	if (headline && *headline)
		n = snprintf(out, size, "%s-%lu-%s-%08x.jpg", scene, seed, shape,
			(unsigned)fnv1a(headline));
	else
		n = snprintf(out, size, "%s-%lu-%s.jpg", scene, seed, shape);
	if (n < 0 || (size_t)n >= size) {
		if (size)
			out[0] = '\0';
		return false;
	}
	return true;
}
