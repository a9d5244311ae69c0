// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is shared within this room: tables, and the parts of the scanner.
#pragma once

#include "unicode/unicode.h"

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

// --- the scanner --------------------------------------------------------------------------------

// Letters, marks and numbers that look like ASCII, sorted; written at build time by lookalike.c.
extern const uint32_t lookalikes[];
extern const int n_lookalikes;

// look.c: the characters around a place, as a reader sees them.
bool is_mark(uint32_t cp);   // stands on the letter before it
bool is_hidden(uint32_t cp); // seen by nobody: joiners, variation selectors, direction marks
bool is_solid(uint32_t cp);  // a letter of a script that is written without spaces
// A letter, mark or digit of any other script: there a word goes on.
static inline bool is_word(uint32_t cp)
{
	return unicode_is_letter(cp) && !is_solid(cp) && cp != 0x20e3; // a key's frame
}
// Of a part of a host name, between its dots, as browsers take it: letters, numbers, signs and dashes
// of any script. Of ASCII, what host names have.
bool is_label(uint32_t cp);
bool is_hangul(uint32_t cp);
// The visible character before *at, without its marks, and moves *at there; 0 at the beginning.
uint32_t seen_before(str, ptrdiff_t *at);
// The visible character at *at, and moves *at past it; 0 at the end.
uint32_t seen_after(str, ptrdiff_t *at);
// The end of the longest top-level domain that stands at `at`, 0 when none does. Known are those of
// scripts whose words may touch it: Chinese, Japanese, Korean, Thai, Lao.
ptrdiff_t domain_end(str, ptrdiff_t at);
// Whether there is a dot at `at` and a host name goes on behind it. The full stop of Chinese and
// Japanese is one to browsers too; it is taken for one where no sentence can stand behind it.
bool dot_goes_on(str, ptrdiff_t at);

// Each looks whether its kind begins at `at` and how many bytes of the text are thereby decided,
// 0 when it does not begin there. The kind is TEXT_PLAIN for what is an address but no link.
ptrdiff_t topic_at(str text, ptrdiff_t at, ptrdiff_t sign, struct text_part *);
ptrdiff_t mention_at(str text, ptrdiff_t at, struct text_part *);
ptrdiff_t link_at(str text, ptrdiff_t at, struct text_part *);   // at an h or H
ptrdiff_t scheme_at(str text, ptrdiff_t at, struct text_part *); // at the colon of other addresses

// host.c: a domain name as browsers read it.
#define HOST_MOST 253
struct host {
	char ascii[HOST_MOST + 1]; // lower case, punycode
	char shown[4 * HOST_MOST]; // Unicode where it cannot be taken for another
	ptrdiff_t n_ascii, n_shown;
};
// False where browsers refuse it, find a number in it, or where there is no dot.
bool host_read(str typed, struct host *);
