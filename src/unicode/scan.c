// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Finds topics, mentions and links in a text, in one pass. Shared by what stores them (notes/) and
// what shows them (html/), so that both always agree.
#include "unicode/unicode.h"
#include "unicode/inside.h"

#define LINK_MOST 2000 // bytes

static bool ascii_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static uint32_t before(str s, ptrdiff_t at)
{
	ptrdiff_t from = at - 1;
	while (from > 0 && from > at - 4 && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from--;
	return utf8_next(s, &from);
}

// Scripts that put no spaces between words: there a topic may follow a letter directly.
static bool spaceless(uint32_t cp)
{
	enum script script = unicode_script(cp);
	return script == SCRIPT_HAN || script == SCRIPT_KANA || script == SCRIPT_THAI;
}

static bool topic_char(uint32_t cp)
{
	return cp == '_' || cp == 0x200c || unicode_is_letter(cp);
}

// The name at the start of s, empty when there is none.
static str topic_name(str s)
{
	ptrdiff_t end = 0, n = 0;
	bool word = false;
	for (ptrdiff_t at = 0; at < s.n; n++) {
		uint32_t cp = utf8_next(s, &at);
		if (!topic_char(cp) || n > TOPIC_MOST)
			break;
		word = word || !(unicode_is_digit(cp) || cp == '_' || cp == 0x200c);
		end = at;
	}
	return word && n <= TOPIC_MOST ? str_sub(s, 0, end) : (str){0};
}

bool topic_ok(str name)
{
	return name.n > 0 && topic_name(name).n == name.n;
}

str topic_fold(struct arena *mem, str name)
{
	return unicode_fold(mem, name);
}

static bool topic_at(str text, ptrdiff_t at, ptrdiff_t sign, struct text_part *part)
{
	if (at > 0) {
		uint32_t cp = before(text, at);
		if (cp == '/' || cp == '&' || cp == '_' ||
			(unicode_is_letter(cp) && !spaceless(cp)))
			return false;
	}
	str name = topic_name(str_skip(text, at + sign));
	if (!name.n)
		return false;
	*part = (struct text_part){TEXT_TOPIC, str_sub(text, at, at + sign + name.n), name};
	return true;
}

static bool mention_at(str text, ptrdiff_t at, struct text_part *part)
{
	if (at > 0) {
		char c = text.p[at - 1];
		if (ascii_alnum(c) || c == '_' || c == '/' || c == '@' || c == '.')
			return false;
	}
	ptrdiff_t end = at + 1;
	while (end < text.n && (ascii_alnum(text.p[end]) || text.p[end] == '_'))
		end++;
	if (end - at < 3 || end - at > 31 ||
		(end + 1 < text.n && text.p[end] == '@' && ascii_alnum(text.p[end + 1])))
		return false;
	*part = (struct text_part){
		TEXT_MENTION, str_sub(text, at, end), str_sub(text, at + 1, end)};
	return true;
}

static bool link_char(char c)
{
	return c > 0x20 && c < 0x7f && c != '<' && c != '>' && c != '"' && c != '\'' && c != '\\' &&
	       c != '`' && c != '{' && c != '}' && c != '|' && c != '^';
}

// Where an address ends that goes on as long as it can: not with punctuation of the sentence.
static ptrdiff_t link_end(str text, ptrdiff_t from)
{
	ptrdiff_t end = from, open = 0;
	while (end < text.n && end - from <= LINK_MOST && link_char(text.p[end])) {
		if (text.p[end] == '(')
			open++;
		if (text.p[end] == ')' && --open < 0)
			break;
		end++;
	}
	while (end > from && str_find_char(S(".,;:!?*_~"), text.p[end - 1]) >= 0)
		end--;
	if (end > from && text.p[end - 1] == '(')
		end--;
	return end;
}

// A host name with a dot inside, perhaps a port; no user part, which only serves to mislead.
static bool host_ok(str authority)
{
	str port = authority;
	str host = str_cut(&port, ':');
	ptrdiff_t dot = str_find_char(host, '.');
	if (dot <= 0 || dot == host.n - 1 || host.n > 253)
		return false;
	for (ptrdiff_t i = 0; i < host.n; i++)
		if (!ascii_alnum(host.p[i]) && host.p[i] != '-' && host.p[i] != '.')
			return false;
	for (ptrdiff_t i = 0; i < port.n; i++)
		if (port.p[i] < '0' || port.p[i] > '9')
			return false;
	return port.n <= 5;
}

static bool link_at(str text, ptrdiff_t at, struct text_part *part)
{
	str rest = str_skip(text, at);
	ptrdiff_t scheme = str_istarts(rest, S("https://"))  ? 8
			   : str_istarts(rest, S("http://")) ? 7
							     : 0;
	if (!scheme || (at > 0 && ascii_alnum(text.p[at - 1])))
		return false;
	ptrdiff_t end = link_end(text, at);
	str address = str_sub(text, at, end);
	ptrdiff_t host = scheme;
	while (host < address.n && address.p[host] != '/' && address.p[host] != '?' &&
		address.p[host] != '#')
		host++;
	if (end - at > LINK_MOST || !host_ok(str_sub(address, scheme, host)))
		return false;
	*part = (struct text_part){TEXT_LINK, address, address};
	return true;
}

static bool special_at(str text, ptrdiff_t at, struct text_part *part)
{
	switch (text.p[at]) {
	case '#':
		return topic_at(text, at, 1, part);
	case '\xef': // U+FF03, the # of Chinese and Japanese keyboards
		return str_starts(str_skip(text, at), S("＃")) && topic_at(text, at, 3, part);
	case '@':
		return mention_at(text, at, part);
	case 'h':
	case 'H':
		return link_at(text, at, part);
	default:
		return false;
	}
}

bool text_next(str text, ptrdiff_t *at, struct text_part *part)
{
	if (*at >= text.n)
		return false;
	if (special_at(text, *at, part)) {
		*at += part->all.n;
		return true;
	}
	ptrdiff_t end = *at + 1;
	struct text_part next;
	while (end < text.n && !special_at(text, end, &next))
		end++;
	*part = (struct text_part){TEXT_PLAIN, str_sub(text, *at, end), {0}};
	*at = end;
	return true;
}
