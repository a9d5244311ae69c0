// SPDX-License-Identifier: AGPL-3.0-or-later
//
// JPEG, PNG, WebP and GIF: lists of parts, each kept or left out. Kept parts move down over those
// left out; the rest of a file whose list cannot be followed moves down whole.
#include "strip.h"

#include "walk.h"

#include <string.h>

// A file being written over itself: `to` never passes `at`.
struct strip {
	uint8_t *data;
	size_t size;
	size_t at, to;
};

static size_t left(const struct strip *s)
{
	return s->size - s->at;
}

static void keep(struct strip *s, size_t n)
{
	if (s->to != s->at)
		memmove(s->data + s->to, s->data + s->at, n);
	s->at += n;
	s->to += n;
}

static void drop(struct strip *s, size_t n)
{
	s->at += n;
}

static size_t keep_rest(struct strip *s)
{
	keep(s, left(s));
	return s->to;
}

static bool stands(const struct strip *s, size_t offset, const char *text, size_t n)
{
	return left(s) >= offset && left(s) - offset >= n &&
	       memcmp(s->data + s->at + offset, text, n) == 0;
}

// --- PNG ---------------------------------------------------------------------------------------

// Chunks that may stay besides the picture's own, each once, and how large they may be.
static const struct {
	char kind[5];
	size_t most;
} png_kinds[] = {
	{"tRNS", 256},
	{"gAMA", 4},
	{"cHRM", 32},
	{"sRGB", 1},
	{"sBIT", 4},
	{"cICP", 4},
	{"mDCv", 24},
	{"mDCV", 24},
	{"cLLi", 8},
	{"cLLI", 8},
	{"acTL", 8},
	{"iCCP", (size_t)1 << 20}, // packed
	{"eXIf", STRIP_EXIF_MAX},
};

static bool png_keeps(const uint8_t *kind, size_t length, uint32_t *seen)
{
	if ((kind[0] & 0x20) == 0 || memcmp(kind, "fcTL", 4) == 0 || memcmp(kind, "fdAT", 4) == 0)
		return true;
	for (size_t i = 0; i < sizeof png_kinds / sizeof *png_kinds; i++) {
		uint32_t bit = (uint32_t)1 << i;
		if (memcmp(kind, png_kinds[i].kind, 4) != 0)
			continue;
		bool first = (*seen & bit) == 0;
		*seen |= bit;
		return first && length <= png_kinds[i].most;
	}
	return false;
}

static size_t strip_png(struct strip *s)
{
	uint32_t seen = 0;

	if (s->size < 8)
		return keep_rest(s);
	keep(s, 8);
	while (left(s) >= 12) {
		size_t length = big32(s->data + s->at);
		const uint8_t *kind = s->data + s->at + 4;
		bool last = memcmp(kind, "IEND", 4) == 0;
		if (length > left(s) - 12)
			break;
		if (png_keeps(kind, length, &seen))
			keep(s, length + 12);
		else
			drop(s, length + 12);
		if (last)
			return s->to; // what is glued to its end is no part of it
	}
	return keep_rest(s);
}

// --- JPEG --------------------------------------------------------------------------------------

#define ICC_MARK "ICC_PROFILE"

static bool is_segment(const struct strip *s, uint8_t marker)
{
	return stands(s, 0, "\xff", 1) && left(s) >= 4 && s->data[s->at + 1] == marker &&
	       big16(s->data + s->at + 2) >= 2 && big16(s->data + s->at + 2) <= left(s) - 2;
}

// Whether the segment here begins with this, all within it.
static bool marked(const struct strip *s, const char *mark, size_t n)
{
	return big16(s->data + s->at + 2) >= 2 + n && stands(s, 4, mark, n);
}

// Bytes of all profile segments before the first scan.
static size_t jpeg_icc_size(struct strip s)
{
	size_t sum = 0;

	s.at = 2;
	while (left(&s) >= 4) {
		uint8_t marker = s.data[s.at + 1];
		if (s.data[s.at] != 0xFF || marker == 0xFF) {
			drop(&s, 1);
		} else if (marker == 0xDA || marker == 0xD9) {
			break;
		} else if (is_segment(&s, marker) && marker != 0x01 &&
			   !(marker >= 0xD0 && marker <= 0xD8) && marker != 0x00) {
			size_t length = big16(s.data + s.at + 2);
			if (marker == 0xE2 && marked(&s, ICC_MARK, sizeof ICC_MARK))
				sum += length;
			drop(&s, 2 + length);
		} else {
			drop(&s, 2);
		}
	}
	return sum;
}

struct jpeg_seen {
	bool jfif, exif, adobe, icc;
};

static bool jpeg_keeps(const struct strip *s, uint8_t marker, struct jpeg_seen *seen)
{
	bool *once = NULL;

	if (marker == 0xFE)
		return false;
	if (marker < 0xE0 || marker > 0xEF)
		return true;
	if (marker == 0xE2)
		return seen->icc && marked(s, ICC_MARK, sizeof ICC_MARK);
	if (marker == 0xE0 && marked(s, "JFIF", 5))
		once = &seen->jfif;
	else if (marker == 0xE1 && marked(s, "Exif\0", 6))
		once = &seen->exif;
	else if (marker == 0xEE && marked(s, "Adobe", 5))
		once = &seen->adobe;
	if (once == NULL || *once)
		return false;
	*once = true;
	return true;
}

static bool too_many_scans(const struct strip *s)
{
	const uint8_t *at = s->data + s->at, *end = s->data + s->size;
	size_t scans = 0;

	while (end - at >= 2 && (at = memchr(at, 0xFF, (size_t)(end - at) - 1)) != NULL) {
		if (at[1] == 0xD9)
			break;
		scans += at[1] == 0xDA;
		at++;
	}
	return scans > STRIP_SCANS_MAX;
}

static enum media_result strip_jpeg(struct strip *s, size_t *size)
{
	if (s->size < 2)
		return MEDIA_OK;
	struct jpeg_seen seen = {.icc = jpeg_icc_size(*s) <= STRIP_ICC_MAX};

	keep(s, 2);
	while (left(s) >= 4) {
		uint8_t marker = s->data[s->at + 1];
		if (s->data[s->at] != 0xFF || marker == 0xFF || marker == 0x00) {
			drop(s, 1); // decoders skip stray bytes here too
		} else if (marker == 0xDA || marker == 0xD9) {
			break;
		} else if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
			keep(s, 2);
		} else if (!is_segment(s, marker)) {
			break;
		} else {
			size_t length = 2 + (size_t)big16(s->data + s->at + 2);
			if (jpeg_keeps(s, marker, &seen))
				keep(s, length);
			else
				drop(s, length);
		}
	}
	bool endless = too_many_scans(s);
	*size = keep_rest(s);
	return endless ? MEDIA_TIMEOUT : MEDIA_OK;
}

// --- WebP --------------------------------------------------------------------------------------

#define WEBP_ICC 0x20
#define WEBP_EXIF 0x08
#define WEBP_XMP 0x04

struct webp_seen {
	bool icc, exif;
};

static bool webp_keeps(const uint8_t *kind, size_t length, struct webp_seen *seen)
{
	static const char own[][5] = {"VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF"};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		if (memcmp(kind, own[i], 4) == 0)
			return true;
	}
	bool icc = memcmp(kind, "ICCP", 4) == 0;
	if (!icc && memcmp(kind, "EXIF", 4) != 0)
		return false;
	bool *once = icc ? &seen->icc : &seen->exif;
	if (*once || length > (icc ? STRIP_ICC_MAX : STRIP_EXIF_MAX))
		return false;
	*once = true;
	return true;
}

static size_t strip_webp(struct strip *s)
{
	struct webp_seen seen = {0};
	bool extended = s->size >= 30 && memcmp(s->data + 12, "VP8X", 4) == 0;

	if (s->size < 12 || (size_t)little32(s->data + 4) > s->size - 8)
		return keep_rest(s);
	s->size = 8 + (size_t)little32(s->data + 4); // what is glued to its end is no part of it
	if (s->size < 12)
		return s->size;
	keep(s, 12);
	while (left(s) >= 8) {
		size_t length = little32(s->data + s->at + 4);
		if (length > left(s) - 8)
			break;
		bool kept = webp_keeps(s->data + s->at, length, &seen);
		// The last one's padding is often left out.
		size_t whole = 8 + length + (length & 1);
		whole = whole > left(s) ? left(s) : whole;
		if (kept)
			keep(s, whole);
		else
			drop(s, whole);
	}
	size_t size = keep_rest(s);
	uint32_t riff = (uint32_t)(size - 8);
	for (int i = 0; i < 4; i++)
		s->data[4 + i] = (uint8_t)(riff >> 8 * i);
	if (extended) {
		uint8_t gone = (uint8_t)(WEBP_XMP | (seen.icc ? 0 : WEBP_ICC) |
					 (seen.exif ? 0 : WEBP_EXIF));
		s->data[20] &= (uint8_t)~gone;
	}
	return size;
}

// --- GIF ---------------------------------------------------------------------------------------

// Length of the sub-blocks at `offset` from here with all that stands before them; 0: cut.
static size_t gif_whole(const struct strip *s, size_t offset)
{
	return gif_blocks((struct bytes){s->data + s->at, left(s)}, offset);
}

static bool gif_keeps(const struct strip *s)
{
	return stands(s, 1, "\xf9", 1) || stands(s, 1, "\xff\x0bNETSCAPE2.0", 13) ||
	       stands(s, 1,
		       "\xff\x0b"
		       "ANIMEXTS1.0",
		       13);
}

static size_t strip_gif(struct strip *s)
{
	if (s->size < 13 || s->size - 13 < gif_table(s->data[10]))
		return keep_rest(s);
	keep(s, 13 + gif_table(s->data[10]));
	while (left(s) > 0) {
		uint8_t kind = s->data[s->at];
		size_t whole = 0;
		if (kind == 0x2C && left(s) >= 10)
			whole = gif_whole(s, 10 + gif_table(s->data[s->at + 9]) + 1);
		else if (kind == 0x21)
			whole = gif_whole(s, 2);
		if (whole == 0)
			break;
		if (kind == 0x2C || gif_keeps(s))
			keep(s, whole);
		else
			drop(s, whole);
	}
	if (left(s) > 0 && s->data[s->at] == 0x3B) {
		keep(s, 1);
		return s->to;
	}
	return keep_rest(s);
}

void strip_gif_background(uint8_t *data, size_t size)
{
	size_t table = size < 13 ? 0 : gif_table(data[10]);
	int most = -1;

	for (size_t at = 13; at + 3 <= 13 + table && at + 3 <= size; at += 3) {
		int light = 2 * data[at] + 5 * data[at + 1] + data[at + 2];
		if (light > most) {
			most = light;
			data[11] = (uint8_t)((at - 13) / 3);
		}
	}
}

size_t strip_gif_clear(uint8_t *data, size_t size, size_t room)
{
	static const uint8_t frame[] = {
		0x21, 0xf9, 4, 1, 0, 0, 0, 0,    // colour 0 is transparent
		0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, // 1 by 1
		2, 2, 0x44, 1, 0, 0x3b,          // of colour 0, and the end
	};

	if (size == 0 || room < sizeof frame || (data[size - 1] != 0x3b && data[size - 1] != 0))
		return size;
	size -= data[size - 1] == 0x3b;
	memcpy(data + size, frame, sizeof frame);
	return size + sizeof frame;
}

enum media_result strip(uint8_t *data, size_t *size, enum media_format format)
{
	struct strip s = {.data = data, .size = *size};

	switch (format) {
	case MEDIA_JPEG:
		return strip_jpeg(&s, size);
	case MEDIA_PNG:
		*size = strip_png(&s);
		return MEDIA_OK;
	case MEDIA_WEBP:
		*size = strip_webp(&s);
		return MEDIA_OK;
	case MEDIA_GIF:
		*size = strip_gif(&s);
		return MEDIA_OK;
	case MEDIA_AVIF:
	case MEDIA_HEIC:
		return strip_heif(data, *size);
	case MEDIA_NONE:
	case MEDIA_FORMATS:
		break;
	}
	return MEDIA_OK;
}
