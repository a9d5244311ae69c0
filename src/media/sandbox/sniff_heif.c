// SPDX-License-Identifier: AGPL-3.0-or-later
//
// AVIF and HEIC: boxes in boxes (ISO/IEC 14496-12 and 23008-12). Only the boxes that tell sizes
// are opened. Every `ispe` counts against the limits, not only the primary picture's: tiles and
// thumbnails are decoded too.
#include "walk.h"

#include <string.h>

#define BRANDS_MAX 64

static enum media_format format_of_brand(const uint8_t *brand)
{
	static const char avif[][5] = {"avif", "avis"};
	static const char heic[][5] = {"heic", "heix", "heim", "heis", "hevc", "hevx"};

	for (size_t i = 0; i < sizeof avif / sizeof *avif; i++) {
		if (box_is(brand, avif[i]))
			return MEDIA_AVIF;
	}
	for (size_t i = 0; i < sizeof heic / sizeof *heic; i++) {
		if (box_is(brand, heic[i]))
			return MEDIA_HEIC;
	}
	return MEDIA_NONE;
}

enum media_format sniff_heif_brand(struct bytes file)
{
	if (file.size < 16)
		return MEDIA_NONE;
	size_t length = big32(file.at);
	if (length < 16 || length > 16 + 4 * BRANDS_MAX)
		return MEDIA_NONE;
	if (length > file.size)
		length = file.size;
	enum media_format format = format_of_brand(file.at + 8);
	if (format != MEDIA_NONE)
		return format;
	// "mif1" names the container only: a compatible brand must say what is in it.
	if (!box_is(file.at + 8, "mif1") && !box_is(file.at + 8, "msf1"))
		return MEDIA_NONE;
	for (size_t at = 16; at + 4 <= length && format == MEDIA_NONE; at += 4)
		format = format_of_brand(file.at + at);
	return format;
}

// The largest size said by an `ispe`, each within the limits.
static enum media_result sizes(struct bytes properties, struct sniffed *out)
{
	struct box box;
	enum next next = NEXT_BOX;

	for (int i = 0; i < BOXES_MAX && (next = box_next(&properties, &box)) == NEXT_BOX; i++) {
		if (!box_is(box.kind, "ispe"))
			continue;
		if (box.body.size < 12)
			return MEDIA_BROKEN;
		uint32_t width = big32(box.body.at + 4);
		uint32_t height = big32(box.body.at + 8);
		enum media_result limits = sniff_limits(width, height);
		if (limits != MEDIA_OK)
			return limits;
		if ((uint64_t)width * height > (uint64_t)out->width * out->height) {
			out->width = width;
			out->height = height;
		}
	}
	return next == NEXT_END && out->width > 0 ? MEDIA_OK : MEDIA_BROKEN;
}

// The table of samples of a track; false when there is none.
static bool sample_table(struct bytes track, struct bytes *table)
{
	struct bytes media, information;

	return box_find(track, "mdia", &media) && box_find(media, "minf", &information) &&
	       box_find(information, "stbl", table);
}

// Frames of an image sequence: the longest track's number of samples.
static uint32_t frames_of(struct bytes movie)
{
	uint32_t most = 1;
	struct box box;

	for (int i = 0; i < BOXES_MAX && box_next(&movie, &box) == NEXT_BOX; i++) {
		struct bytes table, samples;
		if (!box_is(box.kind, "trak") || !sample_table(box.body, &table) ||
			!box_find(table, "stsz", &samples) || samples.size < 12)
			continue;
		uint32_t count = big32(samples.at + 8);
		most = count > most ? count : most;
	}
	return most;
}

// The size of the frames of a sequence that has no still. Only of AV1: libheif reads no tracks.
static enum media_result track_size(struct bytes movie, struct sniffed *out)
{
	struct box box;

	for (int i = 0; i < BOXES_MAX && box_next(&movie, &box) == NEXT_BOX; i++) {
		struct bytes table, entries, entry;
		if (!box_is(box.kind, "trak") || !sample_table(box.body, &table) ||
			!box_find(table, "stsd", &entries) || entries.size < 8)
			continue;
		entries.at += 8;
		entries.size -= 8;
		if (!box_find(entries, "av01", &entry) || entry.size < 28)
			continue;
		uint32_t width = big16(entry.at + 24), height = big16(entry.at + 26);
		enum media_result limits = sniff_limits(width, height);
		if (limits != MEDIA_OK)
			return limits;
		if ((uint64_t)width * height > (uint64_t)out->width * out->height) {
			out->width = width;
			out->height = height;
		}
	}
	if (out->width > 0)
		return MEDIA_OK;
	out->kind = MEDIA_KIND_HEIF_SEQUENCE;
	return MEDIA_UNSUPPORTED;
}

static enum media_result still_size(struct bytes meta, bool data, struct sniffed *out)
{
	struct bytes properties, container;
	struct bytes boxes = {meta.at + 4, meta.size - 4};

	// Small pictures may lie in the meta box itself.
	if (!data && !box_find(boxes, "idat", &properties))
		return MEDIA_TRUNCATED;
	if (!box_find(boxes, "iprp", &properties) || !box_find(properties, "ipco", &container))
		return MEDIA_BROKEN;
	return sizes(container, out);
}

enum media_result sniff_heif(struct bytes file, struct sniffed *out)
{
	struct bytes meta = {0}, movie = {0};
	bool data = false;
	struct box box;
	enum next next = NEXT_BOX;

	out->frames = 1;
	for (int i = 0; i < BOXES_MAX && (next = box_next(&file, &box)) == NEXT_BOX; i++) {
		// Libraries read the first one; a further one would be judged by nobody.
		if (box_is(box.kind, "meta") && meta.at != NULL)
			return MEDIA_BROKEN;
		if (box_is(box.kind, "meta"))
			meta = box.body;
		else if (box_is(box.kind, "moov"))
			movie = box.body;
		else if (box_is(box.kind, "mdat"))
			data = true;
	}
	// Some phones glue data of their own to the end: a bad box after the picture is no harm.
	if (next == NEXT_CUT && ((meta.size == 0 && movie.size == 0) || !data))
		return MEDIA_TRUNCATED;
	if (movie.size > 0) {
		out->frames = frames_of(movie);
		if (out->format == MEDIA_AVIF || meta.size < 4) {
			enum media_result result = track_size(movie, out);
			if (meta.size < 4 || result == MEDIA_TOO_MANY_PIXELS ||
				result == MEDIA_TOO_LONG)
				return result;
		}
	}
	if (meta.size < 4)
		return MEDIA_BROKEN;
	out->kind = MEDIA_KIND_NONE;
	return still_size(meta, data, out);
}

bool sniff_heif_has_item(struct bytes file, const char *type)
{
	struct bytes meta, items;
	struct box box;

	if (!box_find(file, "meta", &meta) || meta.size < 4)
		return false;
	if (!box_find((struct bytes){meta.at + 4, meta.size - 4}, "iinf", &items) || items.size < 8)
		return false;
	size_t head = items.at[0] == 0 ? 6 : 8; // version, flags, how many
	items = (struct bytes){items.at + head, items.size - head};
	for (int i = 0; i < BOXES_MAX && box_next(&items, &box) == NEXT_BOX; i++) {
		size_t at = box.body.size > 0 && box.body.at[0] == 2 ? 8 : 10;
		if (sniff_starts(box.body, at, type, 4))
			return true;
	}
	return false;
}

// A last box may say 0 for "to the end": writes down how long it really is.
static void mend_boxes(uint8_t *data, size_t size, bool top)
{
	struct bytes in = {data, size};
	struct box box;
	for (int i = 0; i < BOXES_MAX && box_next(&in, &box) == NEXT_BOX; i++) {
		uint8_t *head = data + (box.kind - 4 - data);
		size_t length = (size_t)(in.at - head);
		if (big32(head) == 0)
			for (size_t k = 0; k < 4; k++)
				head[k] = (uint8_t)(length >> (24 - 8 * k));
		if (top && box_is(box.kind, "meta") && box.body.size >= 4)
			mend_boxes(data + (box.body.at + 4 - data), box.body.size - 4, false);
	}
}

void sniff_heif_mend(uint8_t *data, size_t size)
{
	mend_boxes(data, size, true);
}
