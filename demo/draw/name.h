/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The file name of a drawn picture, shared by the program that draws and the one that loads.
 *
 *     <scene>-<seed>-<ratio>.jpg                 without a headline
 *     <scene>-<seed>-<ratio>-<hash>.jpg          with one
 *
 * seed is decimal. ratio is 3x4, 1x1, 4x3, avatar or cover: the note's "3:4", "1:1", "4:3" with the
 * colon written x; an account's avatar and cover pictures use the words. hash is the 32-bit FNV-1a
 * of the headline's UTF-8 bytes as eight lower-case hexadecimal digits.
 */
#ifndef PICTURE_NAME_H
#define PICTURE_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum { PICTURE_NAME_MAX = 128 };

/*
 * Writes the name into out (PICTURE_NAME_MAX bytes suffice for every scene). ratio is "3:4" or "3x4", …;
 * headline may be NULL or empty. False when the ratio is unknown, the scene is not made of a-z and _,
 * or out is too small; out then holds an empty string.
 */
bool picture_name(char *out, size_t size, const char *scene, unsigned long seed, const char *ratio,
	const char *headline);

/* The ratio as it stands in file names, or NULL when it is not one. */
const char *picture_ratio(const char *ratio);

#endif
