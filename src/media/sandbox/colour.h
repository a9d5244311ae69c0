// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a picture's numbers mean, and making 8 bits of sRGB of them: an ICC profile of any kind, code
// points (ISO/IEC 23091-2, "nclx" or PNG's cICP), or PNG's gamma and chromaticities. High dynamic
// range is mapped: paper white (203 nits) becomes nearly white, what is brighter shares the rest.
#pragma once

#include "pixels.h"

#include <stddef.h>

enum { CICP_BT709 = 1, CICP_PQ = 16, CICP_HLG = 18 };

// Whether code points or gamma and chromaticities say something other than sRGB.
bool colours_differ(const struct colours *);
// Of the picture's full scale, the number that stands for paper white: what transparency is laid on.
double colours_paper(const struct colours *);

// Bands of 8 or 16 bits, rows one after the other.
struct samples_in {
	const void *at;
	uint32_t width, height;
	uint32_t bands; // 1 (grey), 3 (RGB), 4 (CMYK, as libvips holds it)
	bool deep;      // uint16_t
};

// Writes width * height * 3 bytes of sRGB. A profile that cannot be used counts as none. False when
// there is no memory.
bool colours_convert(const struct samples_in *, const struct colours *, const void *icc,
	size_t icc_size, uint8_t *out);
