// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Finds topics, mentions and links in a text, in one pass. Shared by what stores them (notes/) and
// what shows them (html/), so that both always agree. Here also: topics, which are UAX #31's
// extended hashtag identifiers.
#include "unicode/inside.h"

#include <unicode/uchar.h>

// What a character is in a topic's name.
enum role_in_topic {
	ENDS,
	WORD,   // a letter or an emoji: a name needs one
	DIGIT,  // digits and _: may begin a name
	FOLLOW, // marks, variation selectors, +: only behind another
	MEDIAL, // hyphens, middle dots, joiners: only between others
};

// Beyond what UAX #31 has between letters: dots and joiners that words of some script need.
static bool is_medial(uint32_t cp)
{
	switch (cp) {
	case '-':
	case 0xb7: // col·lecció
	case 0x387:
	case 0x58a: // Armenian hyphen
	case 0x5be: // Hebrew maqaf, geresh, gershayim
	case 0x5f3:
	case 0x5f4:
	case 0xf0b: // between Tibetan syllables
	case 0x200c:
	case 0x200d:
	case 0x2010:
	case 0x2011:
	case 0x2027:
	case 0x30a0:
	case 0x30fb: // レオナルド・ダ・ヴィンチ
	case 0xff65:
		return true;
	default:
		return false;
	}
}

// Without those whose form for comparison is no topic (‼ is "!!").
static bool is_emoji(uint32_t cp)
{
	return cp >= 0xa9 && cp != 0x203c && cp != 0x2049 &&
	       ((cp >= 0x1f1e6 && cp <= 0x1f1ff) || cp == 0x20e3 ||
		       u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC));
}

static enum role_in_topic role_of(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 32) >= 'a' && (cp | 32) <= 'z'    ? WORD
		       : (cp >= '0' && cp <= '9') || cp == '_' ? DIGIT
		       : cp == '+'                             ? FOLLOW
		       : cp == '-'                             ? MEDIAL
							       : ENDS;
	if (cp >= HAN_FIRST && cp <= HAN_LAST)
		return WORD;
	if (is_medial(cp))
		return MEDIAL;
	if (cp == 0xff9e || cp == 0xff9f) // narrow voicing marks, compared as marks
		return FOLLOW;
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_XID_CONTINUE)) {
		uint32_t class = U_GET_GC_MASK((UChar32)cp);
		return class & U_GC_M_MASK                     ? FOLLOW
		       : class & (U_GC_ND_MASK | U_GC_PC_MASK) ? DIGIT
							       : WORD;
	}
	if ((cp >= 0x1f3fb && cp <= 0x1f3ff) || (cp >= 0xe0020 && cp <= 0xe007f))
		return FOLLOW; // skin tones, the letters of flags
	return is_emoji(cp) ? WORD : ENDS;
}

// The name at the start of s, empty when there is none.
static str topic_name(str s)
{
	ptrdiff_t end = 0;
	int length = 0, n = 1;
	bool word = false, open = false; // open: a hyphen or the like waits for what it joins
	for (ptrdiff_t at = 0; at < s.n && length <= TOPIC_MOST; n++) {
		uint32_t cp = utf8_next(s, &at);
		enum role_in_topic role = cp == 0x20e3 ? FOLLOW : role_of(cp);
		bool hidden = is_hidden(cp); // compared as if it were not there
		if (role == ENDS || (end == 0 && (hidden || role > DIGIT)))
			break;
		if (!hidden) {
			word = word || role == WORD || cp == 0x20e3;
			open = role == MEDIAL;
		}
		if (open || role == MEDIAL)
			continue;
		end = at;
		length = n;
	}
	return word && length <= TOPIC_MOST ? str_sub(s, 0, end) : (str){0};
}

// The form for comparison may have more characters than what was written, up to four for one, and a
// middle dot at its end (Ŀ).
bool topic_ok(str name)
{
	bool word = false;
	ptrdiff_t at = 0;
	for (int n = 0; at < name.n; n++) {
		uint32_t cp = utf8_next(name, &at);
		enum role_in_topic role = role_of(cp);
		if (role == ENDS || n == 4 * TOPIC_MOST)
			return false;
		word = word || (role == WORD && !is_hidden(cp));
	}
	return word;
}

str topic_fold(struct arena *mem, str name)
{
	return unicode_fold(mem, name);
}

ptrdiff_t topic_at(str text, ptrdiff_t at, ptrdiff_t sign, struct text_part *part)
{
	ptrdiff_t from = at;
	uint32_t cp = seen_before(text, &from);
	if (cp == '/' || cp == '&' || cp == '_' || is_word(cp))
		return 0;
	str name = topic_name(str_skip(text, at + sign));
	if (!name.n)
		return 0;
	*part = (struct text_part){TEXT_TOPIC, str_sub(text, at, at + sign + name.n), name};
	return sign + name.n;
}

// Bytes at which something may begin; all others are passed over without a look.
static const bool notable[256] = {
	['#'] = true, ['@'] = true, [':'] = true, ['h'] = true, ['H'] = true, [0xef] = true};

static ptrdiff_t special_at(str text, ptrdiff_t at, struct text_part *part)
{
	str rest;
	switch (text.p[at]) {
	case '#':
		return topic_at(text, at, 1, part);
	case '\xef': // the # of Chinese and Japanese keyboards, and the small one
		rest = str_skip(text, at);
		return str_starts(rest, S("＃")) || str_starts(rest, S("﹟"))
			       ? topic_at(text, at, 3, part)
			       : 0;
	case '@':
		return mention_at(text, at, part);
	case ':':
		return scheme_at(text, at, part);
	default: // an h, and most are of no address
		return at + 1 < text.n && (text.p[at + 1] | 0x20) == 't' ? link_at(text, at, part)
									 : 0;
	}
}

bool text_may_have(str text, enum text_kind kind)
{
	if (kind == TEXT_MENTION)
		return str_find_char(text, '@') >= 0;
	return kind != TEXT_TOPIC || str_find_char(text, '#') >= 0 ||
	       str_find(text, S("＃")) >= 0 || str_find(text, S("﹟")) >= 0;
}

bool text_next(str text, ptrdiff_t *at, struct text_part *part)
{
	ptrdiff_t end = *at;
	struct text_part next;
	if (end >= text.n)
		return false;
	while (end < text.n) {
		ptrdiff_t n =
			notable[(unsigned char)text.p[end]] ? special_at(text, end, &next) : 0;
		if (n && next.kind != TEXT_PLAIN && end == *at) {
			*part = next;
			*at += n;
			return true;
		}
		if (n && next.kind != TEXT_PLAIN)
			break;
		end += n ? n : 1;
	}
	*part = (struct text_part){TEXT_PLAIN, str_sub(text, *at, end), {0}};
	*at = end;
	return true;
}
