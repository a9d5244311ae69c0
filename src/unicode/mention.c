// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whether an @ and a name speak to somebody here or belong to an address. What is in doubt is no
// mention: a note for those mentioned must not reach whoever happens to have the name.
#include "unicode/inside.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define SIGNS_MOST 64    // right before an @
#define QUOTED_MOST 2048 // bytes of a quoted part or a comment

static bool ascii_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool among(const char *signs, uint32_t cp)
{
	return cp && cp < 0x80 && strchr(signs, (int)cp);
}

static bool is_at(uint32_t cp)
{
	return cp == '@' || cp == 0xff20 || cp == 0xfe6b;
}

// Signs that hold an address, a path or a handle together: right before an @ it is one of these.
static bool joins(uint32_t cp)
{
	return among("./\\%=_", cp) || is_at(cp) || cp == 0xff0e || cp == 0xfe52 || cp == 0x2024 ||
	       (cp >= 0x80 && (U_GET_GC_MASK((UChar32)cp) & U_GC_PC_MASK));
}

// Signs that the local part of a mail address may hold, and a sentence too: what stands before
// them decides.
static bool attached(uint32_t cp)
{
	switch (cp) {
	case 0x58a: // hyphens of other scripts; a dash stands between sentences
	case 0x5be:
	case 0x2010:
	case 0x2011:
	case 0xfe63:
	case 0xff0d:
	case 0xb7: // dots and marks that words of some script hold within
	case 0x387:
	case 0x2027:
	case 0x30fb:
	case 0xff65:
	case 0x5f3:
	case 0x5f4:
	case 0x2018: // quotes, as keyboards and programs make them of ' and "
	case 0x2019:
	case 0x201c:
	case 0x201d:
		return true;
	default:
		return among("!#$&'*+-?^`{|}~\"", cp);
	}
}

// Read as a letter or digit of a name, though it is neither: x², Ⅷ, Ⓙ. Circled numbers count a list.
static bool holds(uint32_t cp)
{
	if (is_word(cp) || cp < 0xaa)
		return is_word(cp);
	if (is_solid(cp) || (cp >= 0x2460 && cp <= 0x249b) || (cp >= 0x24ea && cp <= 0x24ff) ||
		(cp >= 0x2776 && cp <= 0x2793) || (cp >= 0x3200 && cp <= 0x33ff))
		return false;
	return u_hasBinaryProperty((UChar32)cp, UCHAR_XID_CONTINUE) ||
	       (cp >= 0x24b6 && cp <= 0x24e9) ||
	       (U_GET_GC_MASK((UChar32)cp) & (U_GC_NL_MASK | U_GC_NO_MASK)) != 0;
}

// Whether the " right before `at` ends a quoted text: "john doe"@host. Of a long line, whether it
// stands behind something.
static bool quote_ends(str s, ptrdiff_t at)
{
	int quotes = 0;
	ptrdiff_t quote = at - 1;
	for (int n = 0; at > 0 && s.p[at - 1] != '\n'; n++) {
		if (n == QUOTED_MOST)
			return s.p[quote - 1] != ' ';
		quotes += s.p[--at] == '"';
	}
	return quotes % 2 == 0;
}

// Letters without spaces before an @ are a sentence: 你好@name. Not so when they are held to an
// address or a handle themselves: @用户@name, a.用户@name.
static bool sentence_before(str s, ptrdiff_t at)
{
	uint32_t cp = seen_before(s, &at);
	while (is_solid(cp))
		cp = seen_before(s, &at);
	if (is_at(cp) || among("/\\%=_+&", cp))
		return false;
	if (!among(".-", cp))
		return true;
	cp = seen_before(s, &at);
	return !is_word(cp) || unicode_is_digit(cp); // "1.谢谢" counts a list
}

// The bracket at `at`, of ASCII or wide: 1 opens, -1 closes.
static int bracket_at(str s, ptrdiff_t at)
{
	switch ((unsigned char)s.p[at]) {
	case '(':
		return 1;
	case ')':
		return -1;
	case 0xef:
		return str_starts(str_skip(s, at), S("（"))   ? 1
		       : str_starts(str_skip(s, at), S("）")) ? -1
							      : 0;
	default:
		return 0;
	}
}

// A comment in brackets may stand in an address: john(work)@host. Moves *at, where it closes, to
// where it opens, or leaves it where nothing in its line does; false when that is too far to see.
static bool skip_comment(str s, ptrdiff_t *at)
{
	int open = 0;
	for (ptrdiff_t i = *at; i >= 0 && s.p[i] != '\n'; i--) {
		if (*at - i > QUOTED_MOST)
			return false;
		int bracket = bracket_at(s, i);
		open -= bracket;
		if (bracket > 0 && open == 0) {
			*at = i;
			return true;
		}
	}
	return true;
}

static bool nothing_before(str s, ptrdiff_t at)
{
	ptrdiff_t from = at, here = at;
	uint32_t cp = seen_before(s, &here);
	for (int n = 0; attached(cp); n++) {
		if (n > SIGNS_MOST || (cp == '"' && quote_ends(s, from)))
			return false;
		from = here;
		cp = seen_before(s, &here);
	}
	if (cp == ')' || cp == 0xff09) {
		if (!skip_comment(s, &here))
			return false;
		cp = seen_before(s, &here);
	}
	if (is_solid(cp)) {
		utf8_next(s, &here);
		return sentence_before(s, here);
	}
	return !joins(cp) && !holds(cp);
}

// A host name from `at` on: labels, and a dot that more follows.
static bool is_host(str s, ptrdiff_t at)
{
	ptrdiff_t next = at;
	while (is_label(seen_after(s, &next)))
		at = next;
	return dot_goes_on(s, at);
}

// Whether what stands between the name and a second @ makes one address of them: @name+tag@host.
// Two people with words between them are not: @name和@other.
static bool second_at(str s, ptrdiff_t at)
{
	bool solid = true;
	uint32_t last = 0, cp = seen_after(s, &at);
	while (is_label(cp) || attached(cp) || among(".=%/", cp)) {
		solid = solid && (is_solid(cp) || is_hangul(cp));
		last = cp;
		cp = seen_after(s, &at);
	}
	return is_at(cp) && last && (holds(last) || (solid && is_host(s, at)));
}

// @name:example.org, @name:8080 and @https://example.org are addresses, "@name: thanks" is not.
static bool server_after(str s, ptrdiff_t at)
{
	ptrdiff_t next = at;
	uint32_t cp = seen_after(s, &next);
	return unicode_is_digit(cp) || among("/\\:", cp) || is_host(s, at) ||
	       str_istarts(str_skip(s, at), S("localhost"));
}

static bool goes_on(str s, ptrdiff_t at)
{
	ptrdiff_t next = at;
	uint32_t cp = seen_after(s, &next);
	if (!cp)
		return false;
	if (is_at(cp) || (is_word(cp) && !is_hangul(cp)))
		return true;
	if (cp == ':')
		return server_after(s, next);
	if (cp == '/' || cp == '%' || cp == '\\') {
		cp = seen_after(s, &next);
		return cp && unicode_is_letter(cp);
	}
	return is_host(s, at) || second_at(s, at);
}

ptrdiff_t mention_at(str text, ptrdiff_t at, struct text_part *part)
{
	ptrdiff_t end = at + 1;
	while (end < text.n && ascii_name(text.p[end]))
		end++;
	ptrdiff_t n = end - at - 1;
	if (n < 2 || n > 30 || !nothing_before(text, at) || goes_on(text, end))
		return 0;
	*part = (struct text_part){
		TEXT_MENTION, str_sub(text, at, end), str_sub(text, at + 1, end)};
	return n + 1;
}
