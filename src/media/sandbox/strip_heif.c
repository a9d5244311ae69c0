// SPDX-License-Identifier: AGPL-3.0-or-later
//
// AVIF and HEIC: items in one table, the places of their bytes in another. An item may be put
// together of very many overlapping places, so that a small file stands for gigabytes: what all of
// them add up to is bounded, and metadata that is large has its places set to nothing.
#include "strip.h"

#include "walk.h"

#include <string.h>

#define TIMES_ITS_SIZE 4 // what all items together may add up to
#define BESIDES ((uint64_t)1 << 20)
#define LARGE_MAX 512 // large items looked up in the table of items
#define METADATA_MAX ((uint64_t)256 << 10)

// A piece of the file that a box holds, to be read from its front.
struct part {
	uint8_t *at;
	size_t size;
	bool cut; // something was asked for that is not there
};

static uint64_t take(struct part *p, size_t bytes)
{
	uint64_t value = 0;

	if (bytes > p->size) {
		p->cut = true;
		p->size = 0;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | p->at[i];
	p->at += bytes;
	p->size -= bytes;
	return value;
}

// What lies in the file at `at`, to be written to: boxes are found among bytes that are not.
static struct part part_of(uint8_t *file, struct bytes body)
{
	return (struct part){.at = file + (body.at - file), .size = body.size};
}

static bool is_metadata(const uint8_t *type)
{
	return memcmp(type, "Exif", 4) == 0 || memcmp(type, "mime", 4) == 0 ||
	       memcmp(type, "uri ", 4) == 0;
}

// Whether the table of items calls this one metadata.
static bool says_metadata(struct part table, uint64_t id)
{
	struct box box;
	uint64_t version = take(&table, 4) >> 24;

	(void)take(&table, version == 0 ? 2 : 4);
	struct bytes entries = {table.at, table.size};
	for (int i = 0; i < BOXES_MAX && box_next(&entries, &box) == NEXT_BOX; i++) {
		struct part entry = part_of(table.at, box.body);
		version = take(&entry, 4) >> 24;
		if (version < 2 || take(&entry, version == 2 ? 2 : 4) != id)
			continue;
		(void)take(&entry, 2);
		return entry.size >= 4 && is_metadata(entry.at);
	}
	return false;
}

struct widths { // of the numbers in the table of places
	size_t id, count, offset, length, base, index, version;
};

static struct widths widths_of(struct part *places)
{
	struct widths w = {.version = (size_t)(take(places, 4) >> 24)};
	uint64_t first = take(places, 1), second = take(places, 1);

	w.offset = (size_t)(first >> 4);
	w.length = (size_t)(first & 15);
	w.base = (size_t)(second >> 4);
	w.index = w.version > 0 ? (size_t)(second & 15) : 0;
	w.id = w.count = w.version < 2 ? 2 : 4;
	places->cut = places->cut || w.offset > 8 || w.length > 8 || w.base > 8 || w.index > 8;
	return w;
}

// The sum of an item's places; `extents` is where they begin, and how many.
static uint64_t item_size(
	struct part *places, const struct widths *w, struct part *extents, uint64_t *count)
{
	uint64_t sum = 0;

	(void)take(places, (w->version > 0 ? 4U : 2U) + w->base);
	*count = take(places, 2);
	*extents = *places;
	for (uint64_t i = 0; i < *count && !places->cut; i++) {
		(void)take(places, w->index + w->offset);
		uint64_t length = take(places, w->length);
		sum = sum + length < sum ? UINT64_MAX : sum + length;
	}
	return sum;
}

static void make_empty(struct part extents, const struct widths *w, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		(void)take(&extents, w->index + w->offset);
		if (extents.cut || extents.size < w->length)
			return;
		memset(extents.at, 0, w->length);
		(void)take(&extents, w->length);
	}
}

enum media_result strip_heif(uint8_t *data, size_t size)
{
	struct part items = {0}, places, extents;
	struct bytes meta, body;
	int large = 0;
	uint64_t sum = 0, most = (uint64_t)size * TIMES_ITS_SIZE + BESIDES, count;

	if (!box_find((struct bytes){data, size}, "meta", &meta) || meta.size < 4)
		return MEDIA_OK;
	meta = (struct bytes){meta.at + 4, meta.size - 4};
	if (!box_find(meta, "iloc", &body))
		return MEDIA_OK;
	places = part_of(data, body);
	bool named = box_find(meta, "iinf", &body);
	if (named)
		items = part_of(data, body);
	struct widths w = widths_of(&places);
	uint64_t n = take(&places, w.count);
	for (uint64_t i = 0; i < n && !places.cut; i++) {
		uint64_t id = take(&places, w.id);
		uint64_t bytes = item_size(&places, &w, &extents, &count);
		if (places.cut)
			break;
		if (bytes > METADATA_MAX && named && ++large > LARGE_MAX)
			return MEDIA_TIMEOUT;
		if (bytes > METADATA_MAX && named && says_metadata(items, id)) {
			make_empty(extents, &w, count);
			bytes = 0;
		}
		sum = sum + bytes < sum ? UINT64_MAX : sum + bytes;
		if (sum > most)
			return MEDIA_TIMEOUT;
	}
	return MEDIA_OK;
}
