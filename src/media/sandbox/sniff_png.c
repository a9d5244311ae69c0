// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PNG: walks the chunks, and reads those that say what the colours mean. libvips looks only at ICC
// profiles. Of several, code points go before a profile, a profile before gamma and chromaticities.
#include "sniff.h"

#include <string.h>

static double fraction(const uint8_t *at)
{
	return big32(at) / 100000.0;
}

static bool is(struct bytes file, size_t chunk, const char *kind, uint32_t length, uint32_t least)
{
	return length >= least && sniff_starts(file, chunk + 4, kind, 4);
}

// Not believed when it is no gamma one meets (0.1 to 5), or no triangle of colours.
static void take_colours(struct bytes file, size_t chunk, uint32_t length, struct colours *out)
{
	const uint8_t *body = file.at + chunk + 8;

	if (is(file, chunk, "cICP", length, 4)) {
		out->primaries = body[0];
		out->transfer = body[1];
		out->codes_first = true;
	} else if (is(file, chunk, "gAMA", length, 4)) {
		double gamma = fraction(body);
		out->gamma = gamma >= 0.1 && gamma <= 5 ? gamma : 0;
	} else if (is(file, chunk, "cHRM", length, 32)) {
		double *const points[] = {out->white, out->red, out->green, out->blue};
		for (size_t i = 0; i < 8; i++)
			points[i / 2][i % 2] = fraction(body + 4 * i);
	}
}

enum media_result sniff_png(struct bytes file, struct sniffed *out)
{
	size_t at = 8;
	bool data = false, srgb = false;

	out->frames = 1;
	if (file.size - at < 8 + 13 + 4)
		return MEDIA_TRUNCATED;
	if (!sniff_starts(file, at, "\0\0\0\15IHDR", 8))
		return MEDIA_BROKEN;
	out->width = big32(file.at + at + 8);
	out->height = big32(file.at + at + 12);
	enum media_result limits = sniff_limits(out->width, out->height);
	if (limits != MEDIA_OK)
		return limits;

	for (;;) {
		if (file.size - at < 12)
			return MEDIA_TRUNCATED;
		if (sniff_starts(file, at + 4, "IEND", 4))
			break;
		uint32_t length = big32(file.at + at);
		if (length > 0x7fffffff)
			return MEDIA_BROKEN;
		if (file.size - at - 12 < length)
			return MEDIA_TRUNCATED;
		if (sniff_starts(file, at + 4, "IDAT", 4))
			data = true;
		else if (!data)
			take_colours(file, at, length, &out->colours);
		srgb = srgb || sniff_starts(file, at + 4, "sRGB", 4);
		if (is(file, at, "acTL", length, 8))
			out->frames = big32(file.at + at + 8);
		at += (size_t)length + 12;
	}
	if (out->frames == 0)
		out->frames = 1;
	if (srgb)
		out->colours.gamma = 0;
	return data ? MEDIA_OK : MEDIA_BROKEN;
}
