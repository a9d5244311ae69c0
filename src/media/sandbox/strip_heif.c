// SPDX-License-Identifier: AGPL-3.0-or-later
//
// AVIF and HEIC: items in one table, the places of their bytes in another. An item may be put
// together of very many overlapping places, so that a small file stands for gigabytes: what all of
// them add up to is bounded, and metadata that is large has its places set to nothing.
#include "strip.h"

#include "sniff.h"

#include <string.h>

#define ITEMS_MAX 20000
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

// Takes the next box off `in`; false at the end and where there is none.
static bool next_box(struct part *in, uint8_t kind[4], struct part *body)
{
	if (in->size < 8)
		return false;
	uint64_t length = big32(in->at);
	size_t header = 8;
	memcpy(kind, in->at + 4, 4);
	if (length == 1 && in->size >= 16) {
		length = (uint64_t)big32(in->at + 8) << 32 | big32(in->at + 12);
		header = 16;
	} else if (length == 0) {
		length = in->size;
	}
	if (length < header || length > in->size)
		return false;
	*body = (struct part){in->at + header, (size_t)length - header, false};
	in->at += length;
	in->size -= (size_t)length;
	return true;
}

static bool find(struct part in, const char *wanted, struct part *body)
{
	uint8_t kind[4];

	for (int i = 0; i < ITEMS_MAX && next_box(&in, kind, body); i++) {
		if (memcmp(kind, wanted, 4) == 0)
			return true;
	}
	return false;
}

static bool is_metadata(const uint8_t *type)
{
	return memcmp(type, "Exif", 4) == 0 || memcmp(type, "mime", 4) == 0 ||
	       memcmp(type, "uri ", 4) == 0;
}

// Whether the table of items calls this one metadata.
static bool says_metadata(struct part table, uint64_t id)
{
	uint8_t kind[4];
	struct part entry;
	uint64_t version = take(&table, 4) >> 24;

	(void)take(&table, version == 0 ? 2 : 4);
	for (int i = 0; i < ITEMS_MAX && next_box(&table, kind, &entry); i++) {
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
	struct part file = {data, size, false}, meta, items = {0}, places, extents;
	int large = 0;
	uint64_t sum = 0, most = (uint64_t)size * TIMES_ITS_SIZE + BESIDES, count;

	if (!find(file, "meta", &meta) || meta.size < 4)
		return MEDIA_OK;
	(void)take(&meta, 4);
	if (!find(meta, "iloc", &places))
		return MEDIA_OK;
	bool named = find(meta, "iinf", &items);
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
