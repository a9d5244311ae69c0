// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Tables shared within this room.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Bit maps of U+4E00..U+9FFF, written at build time by hanmap.c.
#define HAN_FIRST 0x4e00
#define HAN_LAST 0x9fff
extern const uint8_t only_simplified[];
extern const uint8_t only_traditional[];

static inline bool han_in(const uint8_t *map, uint32_t cp)
{
	return cp >= HAN_FIRST && cp <= HAN_LAST &&
	       (map[(cp - HAN_FIRST) / 8] >> (cp - HAN_FIRST) % 8 & 1);
}

// Characters that stand alone whatever follows or precedes (unless that is not plain itself), are
// in every normal form's composed shape, and so need no tables: most of what is written here.
static inline bool plain(uint32_t cp)
{
	return (cp >= 0x20 && cp < 0x7f) || cp == '\n' || cp == '\t' ||
	       (cp >= 0xae && cp < 0x300) || (cp >= 0x400 && cp < 0x483) ||
	       (cp >= 0x2010 && cp <= 0x2027) || (cp >= 0x3001 && cp <= 0x3029) ||
	       (cp >= 0x3041 && cp <= 0x3096) || (cp >= 0x30a1 && cp <= 0x30ff) ||
	       (cp >= HAN_FIRST && cp <= HAN_LAST) || (cp >= 0xac00 && cp <= 0xd7a3) ||
	       (cp >= 0xff01 && cp <= 0xff60);
}
