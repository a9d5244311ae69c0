// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The allow list: JPEG, WebP, GIF here, PNG, AVIF and HEIC in files of their own. Walks each container
// without decoding it. A cut file is found here where the container tells its own length; a cut
// JPEG shows only in decoding. What follows a picture's end (another file glued to it) is not
// looked at and never reaches an output.
#include "sniff.h"

#include "walk.h"

#include <string.h>

enum media_result sniff_limits(uint64_t width, uint64_t height)
{
	if (width == 0 || height == 0)
		return MEDIA_BROKEN;
	if (width > MEDIA_EDGE_MAX || height > MEDIA_EDGE_MAX)
		return MEDIA_TOO_LONG;
	return width * height > MEDIA_PIXELS_MAX ? MEDIA_TOO_MANY_PIXELS : MEDIA_OK;
}

bool sniff_starts(struct bytes file, size_t at, const char *with, size_t length)
{
	return file.size >= at && file.size - at >= length &&
	       memcmp(file.at + at, with, length) == 0;
}

static bool is_frame_header(uint8_t marker)
{
	return (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
		       marker != 0xCC) ||
	       marker == 0xF7;
}

// A frame's header tells how it is coded; Debian's libjpeg decodes Huffman and arithmetic coding of
// 8 bits, sequential and progressive.
static enum media_kind jpeg_kind(uint8_t marker, uint8_t bits)
{
	if (marker == 0xF7)
		return MEDIA_KIND_JPEG_LS;
	if (marker == 0xC3 || marker == 0xCB)
		return MEDIA_KIND_JPEG_LOSSLESS;
	if ((marker >= 0xC5 && marker <= 0xC7) || marker >= 0xCD)
		return MEDIA_KIND_JPEG_HIERARCHICAL;
	return bits == 8 ? MEDIA_KIND_NONE : MEDIA_KIND_JPEG_12;
}

static bool stands_alone(uint8_t marker)
{
	return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

// Segments up to the frame header. Decoders skip stray bytes between segments, so they are
// skipped here too.
static enum media_result sniff_jpeg(struct bytes file, struct sniffed *out)
{
	size_t at = 2;

	out->frames = 1;
	for (;;) {
		while (at < file.size && file.at[at] != 0xFF)
			at++;
		while (at < file.size && file.at[at] == 0xFF)
			at++;
		if (at >= file.size)
			return MEDIA_TRUNCATED;

		uint8_t marker = file.at[at++];
		if (marker == 0x00 || stands_alone(marker))
			continue;
		if (marker == 0xD9 || marker == 0xDA)
			return MEDIA_BROKEN;
		if (file.size - at < 2)
			return MEDIA_TRUNCATED;
		uint32_t length = big16(file.at + at);
		if (length < 2)
			return MEDIA_BROKEN;
		if (file.size - at < length)
			return MEDIA_TRUNCATED;
		if (is_frame_header(marker)) {
			if (length < 8)
				return MEDIA_BROKEN;
			out->height = big16(file.at + at + 3);
			out->width = big16(file.at + at + 5);
			out->kind = jpeg_kind(marker, file.at[at + 2]);
			if (out->kind != MEDIA_KIND_NONE)
				return MEDIA_UNSUPPORTED;
			return sniff_limits(out->width, out->height);
		}
		at += length;
	}
}

// The size of the picture is said by whichever of the three chunks comes first.
static enum media_result webp_size(struct bytes file, struct sniffed *out)
{
	const uint8_t *body = file.at + 20;
	size_t rest = file.size - 20;

	if (sniff_starts(file, 12, "VP8X", 4)) {
		if (rest < 10)
			return MEDIA_TRUNCATED;
		out->width = little24(body + 4) + 1;
		out->height = little24(body + 7) + 1;
	} else if (sniff_starts(file, 12, "VP8L", 4)) {
		if (rest < 5)
			return MEDIA_TRUNCATED;
		if (body[0] != 0x2F)
			return MEDIA_BROKEN;
		uint32_t bits = little32(body + 1);
		out->width = (bits & 0x3fff) + 1;
		out->height = (bits >> 14 & 0x3fff) + 1;
	} else if (sniff_starts(file, 12, "VP8 ", 4)) {
		if (rest < 10)
			return MEDIA_TRUNCATED;
		if (memcmp(body + 3, "\x9d\x01\x2a", 3) != 0)
			return MEDIA_BROKEN;
		out->width = little16(body + 6) & 0x3fff;
		out->height = little16(body + 8) & 0x3fff;
	} else {
		return MEDIA_BROKEN;
	}
	return sniff_limits(out->width, out->height);
}

static enum media_result sniff_webp(struct bytes file, struct sniffed *out)
{
	size_t at = 12;

	out->frames = 1;
	if (file.size < 20)
		return MEDIA_TRUNCATED;
	enum media_result size = webp_size(file, out);
	if (size != MEDIA_OK)
		return size;

	uint64_t end = (uint64_t)little32(file.at + 4) + 8;
	if (end > file.size)
		return MEDIA_TRUNCATED;
	uint32_t animated = 0;
	while (at + 8 <= end) {
		uint64_t length = little32(file.at + at + 4);
		if (length > end - at - 8)
			return MEDIA_BROKEN;
		if (sniff_starts(file, at, "ANMF", 4))
			animated++;
		at += 8 + (size_t)(length + (length & 1));
	}
	if (animated > 0)
		out->frames = animated;
	return MEDIA_OK;
}

// The image block whose descriptor starts at `*at`: its claimed size within the limits, and all
// of it there. Screens grow to hold their first frame.
static enum media_result gif_image(struct bytes file, size_t *at, struct sniffed *out)
{
	if (file.size - *at < 9)
		return MEDIA_TRUNCATED;
	const uint8_t *image = file.at + *at;
	uint32_t right = little16(image) + little16(image + 4);
	uint32_t bottom = little16(image + 2) + little16(image + 6);
	enum media_result limits = sniff_limits(right, bottom);
	if (limits != MEDIA_OK)
		return limits;
	if (out->frames++ == 0) {
		out->width = out->width > right ? out->width : right;
		out->height = out->height > bottom ? out->height : bottom;
		out->uncovered = little16(image) > 0 || little16(image + 2) > 0 ||
				 right < out->width || bottom < out->height;
	}
	*at = gif_blocks(file, *at + 9 + gif_table(image[8]) + 1);
	return *at == 0 ? MEDIA_TRUNCATED : MEDIA_OK;
}

static enum media_result sniff_gif(struct bytes file, struct sniffed *out)
{
	enum media_result result = MEDIA_OK;

	if (file.size < 13)
		return MEDIA_TRUNCATED;
	out->width = little16(file.at + 6);
	out->height = little16(file.at + 8);
	if (out->width > 0 && out->height > 0)
		result = sniff_limits(out->width, out->height);
	size_t at = 13 + gif_table(file.at[10]);

	while (result == MEDIA_OK) {
		// Many encoders leave the trailer out: a file that ends between blocks is whole.
		if (at >= file.size && (out->frames == 0 || at > file.size))
			return MEDIA_TRUNCATED;
		uint8_t kind = at < file.size ? file.at[at++] : 0x3B;
		if (kind == 0x2C) {
			result = gif_image(file, &at, out);
		} else if (kind == 0x21) {
			at = gif_blocks(file, at + 1);
			if (at == 0)
				return MEDIA_TRUNCATED;
		} else {
			return out->frames > 0 ? sniff_limits(out->width, out->height)
					       : MEDIA_BROKEN;
		}
	}
	return result;
}

static enum media_format format_of(struct bytes file)
{
	if (sniff_starts(file, 0, "\xff\xd8\xff", 3))
		return MEDIA_JPEG;
	if (sniff_starts(file, 0, "\x89PNG\r\n\x1a\n", 8))
		return MEDIA_PNG;
	if (sniff_starts(file, 0, "RIFF", 4) && sniff_starts(file, 8, "WEBP", 4))
		return MEDIA_WEBP;
	if (sniff_starts(file, 0, "GIF87a", 6) || sniff_starts(file, 0, "GIF89a", 6))
		return MEDIA_GIF;
	if (sniff_starts(file, 4, "ftyp", 4))
		return sniff_heif_brand(file);
	return MEDIA_NONE;
}

enum media_result sniff(const uint8_t *data, size_t size, struct sniffed *out)
{
	struct bytes file = {data, size};

	*out = (struct sniffed){.format = format_of(file)};
	if (size > MEDIA_FILE_BYTES_MAX)
		return MEDIA_TOO_LARGE_FILE;
	switch (out->format) {
	case MEDIA_JPEG:
		return sniff_jpeg(file, out);
	case MEDIA_PNG:
		return sniff_png(file, out);
	case MEDIA_WEBP:
		return sniff_webp(file, out);
	case MEDIA_GIF:
		return sniff_gif(file, out);
	case MEDIA_AVIF:
	case MEDIA_HEIC:
		return sniff_heif(file, out);
	case MEDIA_NONE:
	case MEDIA_FORMATS:
		break;
	}
	out->kind = sniff_kind(file);
	return out->kind == MEDIA_KIND_NONE ? MEDIA_UNKNOWN_FORMAT : MEDIA_UNSUPPORTED;
}
