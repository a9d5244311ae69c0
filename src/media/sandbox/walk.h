// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Steps through containers that looking and stripping take alike: they must see the same parts.
// Nothing outside the given bytes is read.
#pragma once

#include "sniff.h"

#define BOXES_MAX 20000 // looked at in one list

// AVIF and HEIC: a box of ISO/IEC 14496-12.
struct box {
	const uint8_t *kind;
	struct bytes body;
};

enum next { NEXT_BOX, NEXT_END, NEXT_CUT };

// Takes the next box off `in`.
enum next box_next(struct bytes *in, struct box *out);
bool box_is(const uint8_t *kind, const char *name);
// Finds the first box of a kind; false when there is none.
bool box_find(struct bytes in, const char *kind, struct bytes *body);

// GIF: the bytes of a table of colours, by the flags that announce it.
size_t gif_table(uint8_t flags);
// Skips the sub-blocks at `at`: the place after them, or 0 when the file ends before.
size_t gif_blocks(struct bytes file, size_t at);
