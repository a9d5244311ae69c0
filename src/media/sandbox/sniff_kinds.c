// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files that are no picture taken here, by their first bytes: only so that a person is told "this is a TIFF
// picture" instead of "this is damaged".
#include "sniff.h"

#include <string.h>

#define TEXT_LOOKED_AT 1024
#define TAGS_MAX 200

struct mark {
	size_t at;
	const char *bytes;
	size_t n;
	enum media_kind kind;
};

#define MARK(place, text, what) \
	{ \
		place, text, sizeof text - 1, what \
	}

static const struct mark marks[] = {
	MARK(0, "\xff\x0a", MEDIA_KIND_JPEG_XL),
	MARK(0, "\0\0\0\14JXL \r\n\x87\n", MEDIA_KIND_JPEG_XL),
	MARK(0, "\0\0\0\14jP  \r\n\x87\n", MEDIA_KIND_JPEG_2000),
	MARK(0, "\xff\x4f\xff\x51", MEDIA_KIND_JPEG_2000),
	MARK(0, "II\xbc", MEDIA_KIND_JPEG_XR),
	MARK(0, "8BPS", MEDIA_KIND_PSD),
	MARK(0, "%PDF-", MEDIA_KIND_PDF),
	MARK(0, "FUJIFILMCCD-RAW", MEDIA_KIND_RAW),
	MARK(0, "IIRO", MEDIA_KIND_RAW),
	MARK(0, "IIRS", MEDIA_KIND_RAW),
	MARK(0, "MMOR", MEDIA_KIND_RAW),
	MARK(0, "IIU\0", MEDIA_KIND_RAW),
	MARK(0, "\0MRM", MEDIA_KIND_RAW),
	MARK(0, "FOVb", MEDIA_KIND_RAW),
	MARK(4, "ftypcrx ", MEDIA_KIND_RAW),
	MARK(0, "\x76\x2f\x31\x01", MEDIA_KIND_HDR),
	MARK(0, "#?RADIANCE", MEDIA_KIND_HDR),
	MARK(0, "#?RGBE", MEDIA_KIND_HDR),
	MARK(0, "\x1a\x45\xdf\xa3", MEDIA_KIND_VIDEO),
	MARK(8, "AVI LIST", MEDIA_KIND_VIDEO),
	MARK(0, "OggS", MEDIA_KIND_VIDEO),
	MARK(0, "FLV\1", MEDIA_KIND_VIDEO),
	MARK(0, "\0\0\1\xba", MEDIA_KIND_VIDEO),
	MARK(0, "\0\0\1\xb3", MEDIA_KIND_VIDEO),
	MARK(4, "moov", MEDIA_KIND_VIDEO),
	MARK(4, "mdat", MEDIA_KIND_VIDEO),
	MARK(4, "wide", MEDIA_KIND_VIDEO),
	MARK(4, "ftypmif", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypmsf", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypmiaf", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypavci", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypavcs", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypjpeg", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypjpgs", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypj2k", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypvvi", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypevm", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftypunif", MEDIA_KIND_HEIF_CODEC),
	MARK(4, "ftyp", MEDIA_KIND_VIDEO),
};

static uint32_t number(const uint8_t *p, bool big, bool wide)
{
	if (wide)
		return big ? big32(p) : little32(p);
	return big ? big16(p) : little16(p);
}

// A camera's own file is a TIFF as well: it says DNG, or has the camera's name and further pictures.
static enum media_kind tiff_kind(struct bytes file)
{
	bool big = file.at[0] == 'M', make = false, more = false;

	if (sniff_starts(file, 8, "CR", 2))
		return MEDIA_KIND_RAW;
	if (file.size < 8)
		return MEDIA_KIND_TIFF;
	size_t at = number(file.at + 4, big, true);
	if (at > file.size || file.size - at < 2)
		return MEDIA_KIND_TIFF;
	uint32_t tags = number(file.at + at, big, false);
	at += 2;
	for (uint32_t i = 0; i < tags && i < TAGS_MAX && file.size - at >= 12; i++, at += 12) {
		uint32_t tag = number(file.at + at, big, false);
		if (tag == 0xc612)
			return MEDIA_KIND_RAW;
		make = make || tag == 0x010f;
		more = more || tag == 0x014a;
	}
	return make && more ? MEDIA_KIND_RAW : MEDIA_KIND_TIFF;
}

static bool is_svg(struct bytes file)
{
	size_t end = file.size < TEXT_LOOKED_AT ? file.size : TEXT_LOOKED_AT;
	size_t at = sniff_starts(file, 0, "\xef\xbb\xbf", 3) ? 3 : 0;

	while (at < end && (file.at[at] == ' ' || (file.at[at] >= '\t' && file.at[at] <= '\r')))
		at++;
	if (!sniff_starts(file, at, "<?xml", 5) && !sniff_starts(file, at, "<!--", 4) &&
		!sniff_starts(file, at, "<svg", 4) && !sniff_starts(file, at, "<!DOCTYPE svg", 13))
		return false;
	return at < end && memmem(file.at + at, end - at, "<svg", 4) != NULL;
}

// Two letters are little to go by: the size of the header must be one that there is.
static bool is_bmp(struct bytes file)
{
	if (!sniff_starts(file, 0, "BM", 2) || file.size < 26)
		return false;
	uint32_t header = little32(file.at + 14);
	return header == 12 || (header >= 16 && header <= 124);
}

// An icon or a pointer says how many pictures it has. A TARGA picture may begin alike, with a 0 there.
static bool is_icon(struct bytes file)
{
	return file.size >= 6 &&
	       (sniff_starts(file, 0, "\0\0\1\0", 4) || sniff_starts(file, 0, "\0\0\2\0", 4)) &&
	       little16(file.at + 4) > 0;
}

enum media_kind sniff_kind(struct bytes file)
{
	static const char *const tiffs[] = {"II*\0", "MM\0*", "II+\0", "MM\0+"};

	for (size_t i = 0; i < sizeof tiffs / sizeof *tiffs; i++) {
		if (sniff_starts(file, 0, tiffs[i], 4))
			return tiff_kind(file);
	}
	// Brands that are cut tell nothing.
	if (sniff_starts(file, 4, "ftyp", 4) && file.size < big32(file.at))
		return MEDIA_KIND_NONE;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (sniff_starts(file, marks[i].at, marks[i].bytes, marks[i].n))
			return marks[i].kind;
	}
	if (is_icon(file))
		return MEDIA_KIND_ICO;
	if (is_bmp(file))
		return MEDIA_KIND_BMP;
	return is_svg(file) ? MEDIA_KIND_SVG : MEDIA_KIND_NONE;
}
