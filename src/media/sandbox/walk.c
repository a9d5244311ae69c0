// SPDX-License-Identifier: AGPL-3.0-or-later
#include "walk.h"

#include <string.h>

bool box_is(const uint8_t *kind, const char *name)
{
	return memcmp(kind, name, 4) == 0;
}

enum next box_next(struct bytes *in, struct box *out)
{
	if (in->size == 0)
		return NEXT_END;
	if (in->size < 8)
		return NEXT_CUT;
	uint64_t length = big32(in->at);
	size_t header = 8;
	if (length == 1) {
		if (in->size < 16)
			return NEXT_CUT;
		length = (uint64_t)big32(in->at + 8) << 32 | big32(in->at + 12);
		header = 16;
	} else if (length == 0) {
		length = in->size;
	}
	if (length < header || length > in->size)
		return NEXT_CUT;
	out->kind = in->at + 4;
	out->body = (struct bytes){in->at + header, (size_t)length - header};
	in->at += length;
	in->size -= (size_t)length;
	return NEXT_BOX;
}

bool box_find(struct bytes in, const char *kind, struct bytes *body)
{
	struct box box;

	for (int i = 0; i < BOXES_MAX && box_next(&in, &box) == NEXT_BOX; i++) {
		if (box_is(box.kind, kind)) {
			*body = box.body;
			return true;
		}
	}
	return false;
}

size_t gif_table(uint8_t flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

size_t gif_blocks(struct bytes file, size_t at)
{
	while (at < file.size) {
		size_t length = file.at[at];
		at += 1 + length;
		if (length == 0)
			return at;
	}
	return 0;
}
