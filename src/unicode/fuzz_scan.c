// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any text through the scanner: nothing is lost, every part stands for itself, a link shows the host
// it leads to, a link ends where no host goes on, and no mention is part of an address: as far as can
// be told without the scanner, and by what it makes of the same host behind https://.
#include "unicode/unicode.h"

#include <string.h>
#include <unicode/uchar.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void same_alone(const struct text_part *part)
{
	struct text_part again;
	ptrdiff_t at = 0;
	must(text_next(part->all, &at, &again) && again.kind == part->kind);
	must(str_eq(again.all, part->all) && str_eq(again.name, part->name));
}

static str host_of(str href)
{
	str rest = str_skip(href, str_find(href, S("://")) + 3);
	ptrdiff_t end = 0;
	bool brackets = false;
	for (; end < rest.n && !strchr("/?#", rest.p[end]); end++) {
		brackets = (brackets || rest.p[end] == '[') && rest.p[end] != ']';
		if (rest.p[end] == ':' && !brackets)
			break;
	}
	return str_sub(rest, 0, end);
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The address behind the host is what was written, but for what had to be encoded.
static void same_rest(str href, str rest)
{
	str host = host_of(href);
	ptrdiff_t at = host.p + host.n - href.p;
	for (ptrdiff_t i = 0; i < rest.n; i++, at++) {
		must(at < href.n);
		if (href.p[at] == rest.p[i])
			continue;
		must(href.p[at] == '%' && at + 2 < href.n);
		must((unsigned char)(hex(href.p[at + 1]) << 4 | hex(href.p[at + 2])) ==
			(unsigned char)rest.p[i]);
		at += 2;
	}
	must(at == href.n);
}

static bool spaced(enum script script) // written with spaces between words, but for Korean
{
	return script == SCRIPT_LATIN || script == SCRIPT_CYRILLIC || script == SCRIPT_GREEK ||
	       script == SCRIPT_ARABIC || script == SCRIPT_HEBREW || script == SCRIPT_DEVANAGARI;
}

static uint32_t char_at(str s, ptrdiff_t at)
{
	return at < s.n ? utf8_next(s, &at) : 0;
}

// No top-level domain is of two scripts, nor do words of a sentence belong to it.
static void check_last_label(str host)
{
	enum script script = SCRIPT_NONE;
	if (str_ends(host, S("."))) // the root's
		host.n--;
	for (ptrdiff_t at = host.n; at > 0;) {
		uint32_t cp = utf8_before(host, &at);
		enum script own = unicode_script(cp);
		if (cp == '.')
			return;
		if (!spaced(own) && own != SCRIPT_HANGUL && own != SCRIPT_HAN)
			continue;
		must(script == SCRIPT_NONE || own == script);
		script = own;
	}
}

static bool hidden(uint32_t cp) // also the fillers of Korean, letters that nobody sees
{
	return u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

// No more of the host stands behind it, nor behind what is a dot to browsers or nothing at all.
static void check_host_ends(str text, str link, str rest)
{
	ptrdiff_t at = link.p + link.n - text.p, next = at;
	uint32_t cp = char_at(text, at);
	bool dot = cp == 0x3002 || cp == 0xff0e || cp == 0xff61;
	if (rest.n || !(dot || hidden(cp)))
		return;
	(void)utf8_next(text, &next);
	cp = char_at(text, next);
	must(!(cp < 0x80 && alnum((char)cp)) && (!spaced(unicode_script(cp)) || hidden(cp)));
}

static void check_link(struct arena *mem, str text, const struct text_part *part)
{
	struct text_link link, shown;
	struct text_part again;
	ptrdiff_t at = 0;
	text_link(mem, part->name, &link);
	must(utf8_valid(link.host) && link.host.n > 0);
	must(str_starts(link.href, S("http://")) || str_starts(link.href, S("https://")));
	for (ptrdiff_t i = 0; i < link.href.n; i++)
		must(link.href.p[i] > ' ' && link.href.p[i] < 0x7f &&
			!strchr("<>\"`\\", link.href.p[i]));
	must(str_find_char(host_of(link.href), '@') < 0);
	str address = str_skip(part->all, str_find(part->all, S("://")) + 3);
	check_last_label(str_sub(address, 0, address.n - link.rest.n));
	check_host_ends(text, part->all, link.rest);
	// What is shown, typed into an address bar, leads to the same host.
	str typed = str_fmt(mem, "https://%.*s/", STR_ARGS(link.host));
	must(text_next(typed, &at, &again) && again.kind == TEXT_LINK && at == typed.n);
	text_link(mem, again.name, &shown);
	must(str_eq(host_of(shown.href), host_of(link.href)) && str_eq(shown.host, link.host));
	same_rest(link.href, link.rest);
	// And where it leads, written down, is the same link.
	at = 0;
	must(text_next(link.href, &at, &again) && again.kind == TEXT_LINK);
	text_link(mem, again.name, &shown);
	must(str_eq(host_of(shown.href), host_of(link.href)));
}

// Nothing that a name is read with stands before it, whatever its class.
static void check_before(str text, ptrdiff_t at)
{
	if (at == 0)
		return;
	uint32_t cp = utf8_before(text, &at);
	if (hidden(cp))
		return;
	must(!(U_GET_GC_MASK((UChar32)cp) & U_GC_PC_MASK));
	must(!spaced(unicode_script(cp)) && unicode_script(cp) != SCRIPT_HANGUL);
	if (cp != 0x3007)
		must(!(U_GET_GC_MASK((UChar32)cp) & U_GC_NL_MASK));
}

// What would be a host to a link does not begin with it.
static void check_no_host(struct arena *mem, str behind)
{
	struct text_part part;
	ptrdiff_t at = 0;
	str address = str_fmt(mem, "https://%.*s", STR_ARGS(behind));
	must(text_next(address, &at, &part) && part.kind != TEXT_LINK);
}

static void check_mention(struct arena *mem, str text, const struct text_part *part)
{
	ptrdiff_t from = part->all.p - text.p, end = from + part->all.n;
	check_before(text, from);
	check_no_host(mem, str_skip(text, from + 1));
	must(part->name.n >= 2 && part->name.n <= 30);
	if (from > 0)
		must(!alnum(text.p[from - 1]) && !strchr("._%/@=\\", text.p[from - 1]));
	if (end < text.n)
		must(!alnum(text.p[end]) && !strchr("_@", text.p[end]));
	if (end + 1 < text.n && strchr(".:/%", text.p[end]))
		must(text.p[end] == ':' ? !(text.p[end + 1] >= '0' && text.p[end + 1] <= '9')
					: !alnum(text.p[end + 1]));
	for (ptrdiff_t i = from; i > 2 && strchr("/?#&=.:-~", text.p[i - 1]); i--)
		must(!str_eq(str_sub(text, i - 3, i), S("://")) || i < 4 || !alnum(text.p[i - 4]));
}

static void check_topic(struct arena *mem, const struct text_part *part)
{
	must(topic_ok(part->name) && utf8_count(part->name) <= TOPIC_MOST);
	str fold = topic_fold(mem, part->name);
	must(utf8_valid(fold) && topic_ok(fold) && str_eq(topic_fold(mem, fold), fold));
}

static void check(struct arena *mem, str text)
{
	struct text_part part;
	ptrdiff_t covered = 0;
	bool plain = false;
	for (ptrdiff_t at = 0; text_next(text, &at, &part);) {
		must(part.all.p == text.p + covered && part.all.n > 0);
		covered += part.all.n;
		must(at == covered && utf8_valid(part.all));
		must(!(plain && part.kind == TEXT_PLAIN));
		plain = part.kind == TEXT_PLAIN;
		if (plain)
			continue;
		same_alone(&part);
		if (part.kind == TEXT_LINK)
			check_link(mem, text, &part);
		else if (part.kind == TEXT_MENTION)
			check_mention(mem, text, &part);
		else
			check_topic(mem, &part);
	}
	must(covered == text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *mem = arena_new(1 << 14);
	str text = {(const char *)data, (ptrdiff_t)n};
	if (utf8_valid(text)) {
		check(mem, text);
		text = unicode_body(mem, text); // as notes are stored
		check(mem, text);
		topic_ok(text);
	}
	arena_free(mem);
	return 0;
}
