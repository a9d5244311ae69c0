// SPDX-License-Identifier: AGPL-3.0-or-later
//
// AVIF and HEIC: boxes in boxes (ISO/IEC 14496-12 and 23008-12). Only the boxes that tell sizes
// are opened. Every `ispe` counts against the limits, not only the primary picture's: tiles and
// thumbnails are decoded too.
#include "sniff.h"

#include <string.h>

#define BRANDS_MAX 64
#define BOXES_MAX 20000

struct box {
	const uint8_t *kind;
	struct bytes body;
};

enum next { NEXT_BOX, NEXT_END, NEXT_CUT };

static bool is_kind(const uint8_t *kind, const char *name)
{
	return memcmp(kind, name, 4) == 0;
}

// Takes the next box off `in`.
static enum next next_box(struct bytes *in, struct box *out)
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

// Finds the first box of a kind; false when there is none.
static bool find(struct bytes in, const char *kind, struct bytes *body)
{
	struct box box;

	for (int i = 0; i < BOXES_MAX && next_box(&in, &box) == NEXT_BOX; i++) {
		if (is_kind(box.kind, kind)) {
			*body = box.body;
			return true;
		}
	}
	return false;
}

static enum media_format format_of_brand(const uint8_t *brand)
{
	static const char avif[][5] = {"avif", "avis"};
	static const char heic[][5] = {"heic", "heix", "heim", "heis", "hevc", "hevx"};

	for (size_t i = 0; i < sizeof avif / sizeof *avif; i++) {
		if (is_kind(brand, avif[i]))
			return MEDIA_AVIF;
	}
	for (size_t i = 0; i < sizeof heic / sizeof *heic; i++) {
		if (is_kind(brand, heic[i]))
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
	if (!is_kind(file.at + 8, "mif1") && !is_kind(file.at + 8, "msf1"))
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

	for (int i = 0; i < BOXES_MAX && (next = next_box(&properties, &box)) == NEXT_BOX; i++) {
		if (!is_kind(box.kind, "ispe"))
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

// Frames of an image sequence: the longest track's number of samples.
static uint32_t frames_of(struct bytes movie)
{
	uint32_t most = 1;
	struct box box;

	for (int i = 0; i < BOXES_MAX && next_box(&movie, &box) == NEXT_BOX; i++) {
		struct bytes media, information, table, samples;
		if (!is_kind(box.kind, "trak") || !find(box.body, "mdia", &media) ||
			!find(media, "minf", &information) || !find(information, "stbl", &table) ||
			!find(table, "stsz", &samples) || samples.size < 12)
			continue;
		uint32_t count = big32(samples.at + 8);
		most = count > most ? count : most;
	}
	return most;
}

enum media_result sniff_heif(struct bytes file, struct sniffed *out)
{
	struct bytes meta = {0}, movie = {0}, properties, container;
	bool data = false;
	struct box box;
	enum next next = NEXT_BOX;

	out->frames = 1;
	for (int i = 0; i < BOXES_MAX && (next = next_box(&file, &box)) == NEXT_BOX; i++) {
		if (is_kind(box.kind, "meta"))
			meta = box.body;
		else if (is_kind(box.kind, "moov"))
			movie = box.body;
		else if (is_kind(box.kind, "mdat"))
			data = true;
	}
	// Some phones glue data of their own to the end: a bad box after the picture is no harm.
	if (next == NEXT_CUT && (meta.size == 0 || !data))
		return MEDIA_TRUNCATED;
	if (meta.size < 4)
		return MEDIA_BROKEN;
	struct bytes boxes = {meta.at + 4, meta.size - 4};
	// Small pictures may lie in the meta box itself.
	if (!data && !find(boxes, "idat", &properties))
		return MEDIA_TRUNCATED;
	if (!find(boxes, "iprp", &properties) || !find(properties, "ipco", &container))
		return MEDIA_BROKEN;
	enum media_result result = sizes(container, out);
	if (result != MEDIA_OK)
		return result;
	out->frames = frames_of(movie);
	return out->frames > MEDIA_FRAMES_MAX ? MEDIA_TOO_MANY_FRAMES : MEDIA_OK;
}
