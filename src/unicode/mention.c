// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whether an @ and a name speak to somebody here or belong to an address. What is in doubt is no
// mention: a note for those mentioned must not reach whoever happens to have the name.
#include "unicode/inside.h"

#include <string.h>
#include <unicode/uscript.h>

#define LOCAL_MOST 64 // characters of an address before its @
#define HOST_CHARS 255

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
	return among("./\\%=_", cp) || is_at(cp) || cp == 0xff0e;
}

// Signs that the local part of a mail address may hold, and a sentence too: what stands before
// them decides.
static bool attached(uint32_t cp)
{
	return among("!#$&'*+-?^`{|}~\"", cp) || cp == 0x2019 || cp == 0x201d;
}

// Whether the " right before `at` ends a quoted text: "john doe"@host.
static bool quote_ends(str s, ptrdiff_t at)
{
	int quotes = 0;
	for (int n = 0; at > 0 && s.p[at - 1] != '\n' && n < 4 * LOCAL_MOST; n++)
		quotes += s.p[--at] == '"';
	return quotes % 2 == 0;
}

// Letters without spaces before an @ are a sentence: 你好@name. Not so when they are held to an
// address or a handle themselves: @用户@name, a.用户@name.
static bool sentence_before(str s, ptrdiff_t at)
{
	uint32_t cp = seen_before(s, &at);
	for (int n = 0; is_solid(cp); n++) {
		if (n > LOCAL_MOST)
			return true;
		cp = seen_before(s, &at);
	}
	if (is_at(cp) || among("/\\%=_+&", cp))
		return false;
	if (!among(".-", cp))
		return true;
	cp = seen_before(s, &at);
	return !is_word(cp) || unicode_is_digit(cp); // "1.谢谢" counts a list
}

// A comment in brackets may stand in an address: john(work)@host. Moves *at before it.
static uint32_t before_brackets(str s, ptrdiff_t *at)
{
	uint32_t cp = ')';
	for (int n = 0; n < LOCAL_MOST && cp && cp != '('; n++)
		cp = seen_before(s, at);
	return cp == '(' ? seen_before(s, at) : ' ';
}

static bool nothing_before(str s, ptrdiff_t at)
{
	ptrdiff_t from = at, here = at;
	uint32_t cp = seen_before(s, &here);
	for (int n = 0; attached(cp); n++) {
		if (n > LOCAL_MOST || (cp == '"' && quote_ends(s, from)))
			return false;
		from = here;
		cp = seen_before(s, &here);
	}
	if (cp == ')')
		cp = before_brackets(s, &here);
	if (is_solid(cp)) {
		utf8_next(s, &here);
		return sentence_before(s, here);
	}
	return !joins(cp) && !is_word(cp);
}

static bool is_hangul(uint32_t cp)
{
	return unicode_script(cp) == SCRIPT_HANGUL;
}

// A host name from `at` on: labels, and a dot that more follows.
static bool is_host(str s, ptrdiff_t at)
{
	ptrdiff_t next = at;
	uint32_t cp = seen_after(s, &next);
	for (int n = 0; cp && is_label(cp) && n < HOST_CHARS; n++) {
		at = next;
		cp = seen_after(s, &next);
	}
	return dot_goes_on(s, at);
}

// Whether what stands between the name and a second @ makes one address of them: @name+tag@host.
// Two people with words between them are not: @name和@other.
static bool second_at(str s, ptrdiff_t at)
{
	bool solid = true;
	uint32_t last = 0;
	for (int n = 0; n < LOCAL_MOST; n++) {
		uint32_t cp = seen_after(s, &at);
		if (is_at(cp))
			return last && (is_word(last) || (solid && is_host(s, at)));
		if (!is_label(cp) && !attached(cp) && !among(".=%/", cp))
			return false;
		solid = solid && (is_solid(cp) || is_hangul(cp));
		last = cp;
	}
	return false;
}

// @name:example.org and @name:8080 are addresses, "@name: thanks" is not.
static bool server_after(str s, ptrdiff_t at)
{
	ptrdiff_t next = at;
	return unicode_is_digit(seen_after(s, &next)) || is_host(s, at) ||
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
