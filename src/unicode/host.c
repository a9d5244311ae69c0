// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Domain names as browsers read them (UTS #46, as the URL standard calls it), and how they are
// shown. A label is shown in Unicode when all its letters are of one script, Chinese, Japanese and
// Korean counting as one each, and when they cannot be taken for ASCII; else in punycode. That is
// UTS #39's restriction level "single script", with its table of confusable characters.
#include "unicode/inside.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>

#define LABEL_MOST 63
#define SCRIPTS_MOST 64

static UIDNA *idna;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_idna(void)
{
	UErrorCode status = U_ZERO_ERROR;
	idna = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
				       UIDNA_NONTRANSITIONAL_TO_ASCII |
				       UIDNA_NONTRANSITIONAL_TO_UNICODE,
		&status);
	if (U_FAILURE(status))
		idna = NULL;
}

// --- ASCII names --------------------------------------------------------------------------------

static bool digits(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

// A last label that browsers take for a number makes the whole an IPv4 address.
static bool is_number(str label)
{
	return digits(label) || str_istarts(label, S("0x"));
}

static bool is_ipv4(str s)
{
	char text[INET_ADDRSTRLEN], parsed[4];
	if (s.n >= (ptrdiff_t)sizeof text)
		return false;
	memcpy(text, s.p, (size_t)s.n);
	text[s.n] = 0;
	return inet_pton(AF_INET, text, parsed) == 1;
}

static bool ascii_label(str label)
{
	for (ptrdiff_t i = 0; i < label.n; i++) {
		char c = label.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return label.n > 0 && label.n <= LABEL_MOST;
}

// Labels of the right form, at least two, the last no number; or an IPv4 address as everybody
// writes it.
static bool ascii_ok(str host)
{
	str rest = host, label = {0};
	int n = 0;
	if (str_ends(rest, S(".")))
		rest = str_sub(rest, 0, rest.n - 1);
	for (; rest.p; n++) {
		label = str_cut(&rest, '.');
		if (!ascii_label(label))
			return false;
	}
	return n > 1 && (!is_number(label) || is_ipv4(host));
}

// --- how a label is shown -----------------------------------------------------------------------

struct scripts {
	UScriptCode of[SCRIPTS_MOST];
	int n;
	bool any; // nothing narrowed them yet
};

static void also(struct scripts *s, UScriptCode with, UScriptCode together)
{
	for (int i = 0; i < s->n; i++)
		if (s->of[i] == with && s->n < SCRIPTS_MOST) {
			s->of[s->n++] = together;
			return;
		}
}

// The scripts a letter belongs to; Chinese, Japanese and Korean are written in several at once.
static struct scripts scripts_of(uint32_t cp)
{
	struct scripts s = {0};
	UErrorCode status = U_ZERO_ERROR;
	s.n = uscript_getScriptExtensions((UChar32)cp, s.of, SCRIPTS_MOST - 8, &status);
	s.any = U_FAILURE(status) || s.n == 0 || s.of[0] == USCRIPT_COMMON ||
		s.of[0] == USCRIPT_INHERITED;
	also(&s, USCRIPT_HAN, USCRIPT_HAN_WITH_BOPOMOFO);
	also(&s, USCRIPT_HAN, USCRIPT_JAPANESE);
	also(&s, USCRIPT_HAN, USCRIPT_KOREAN);
	also(&s, USCRIPT_HIRAGANA, USCRIPT_JAPANESE);
	also(&s, USCRIPT_KATAKANA, USCRIPT_JAPANESE);
	also(&s, USCRIPT_HANGUL, USCRIPT_KOREAN);
	also(&s, USCRIPT_BOPOMOFO, USCRIPT_HAN_WITH_BOPOMOFO);
	return s;
}

static void narrow(struct scripts *all, const struct scripts *by)
{
	struct scripts both = {0};
	if (by->any)
		return;
	if (all->any) {
		*all = *by;
		return;
	}
	for (int i = 0; i < all->n; i++)
		for (int k = 0; k < by->n; k++)
			if (all->of[i] == by->of[k] && both.n < SCRIPTS_MOST)
				both.of[both.n++] = all->of[i];
	*all = both;
}

static bool looks_ascii(uint32_t cp)
{
	int from = 0, to = n_lookalikes;
	while (from < to) {
		int middle = (from + to) / 2;
		if (lookalikes[middle] < cp)
			from = middle + 1;
		else
			to = middle;
	}
	return cp < 0x80 || (from < n_lookalikes && lookalikes[from] == cp);
}

// Letters, marks, digits and hyphens; a middle dot between two l, as Catalan has it. No mark stands
// on an ASCII letter that has no such accent, nor are there towers of them.
static bool char_ok(uint32_t cp, uint32_t last, uint32_t before_last)
{
	if (cp == 0xb7)
		return last == 'l';
	if (last == 0xb7 && cp != 'l')
		return false;
	if (cp == '-' || cp == '_' || cp == 0x3007 || cp == 0x30fb)
		return true;
	if (is_mark(cp))
		return last >= 0x80 && !(is_mark(last) && is_mark(before_last));
	return unicode_is_letter(cp);
}

static bool label_ok(str label)
{
	struct scripts scripts = {.any = true};
	bool ascii = true;
	uint32_t last = 0, before_last = 0;
	for (ptrdiff_t at = 0; at < label.n;) {
		uint32_t cp = utf8_next(label, &at);
		struct scripts own = scripts_of(cp);
		if (!char_ok(cp, last, before_last))
			return false;
		narrow(&scripts, &own);
		ascii = ascii && looks_ascii(cp);
		before_last = last;
		last = cp;
	}
	return !ascii && last != 0xb7 && (scripts.any || scripts.n > 0);
}

static bool all_ascii(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

static void show(struct host *out, str ascii, str unicode)
{
	out->n_shown = 0;
	while (ascii.p && unicode.p) {
		str label = str_cut(&ascii, '.'), wide = str_cut(&unicode, '.');
		if (!all_ascii(wide) && label_ok(wide))
			label = wide;
		if (out->n_shown + label.n + 1 > (ptrdiff_t)sizeof out->shown)
			return;
		memcpy(out->shown + out->n_shown, label.p, (size_t)label.n);
		out->n_shown += label.n;
		if (ascii.p)
			out->shown[out->n_shown++] = '.';
	}
}

// --- both ---------------------------------------------------------------------------------------

static bool international(str typed, struct host *out)
{
	// What the standard does not check either.
	const uint32_t allowed =
		UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode status = U_ZERO_ERROR;
	char wide[sizeof out->shown];
	pthread_once(&once, open_idna);
	if (!idna)
		return false;
	int32_t n = uidna_nameToASCII_UTF8(
		idna, typed.p, (int32_t)typed.n, out->ascii, HOST_MOST, &info, &status);
	if (U_FAILURE(status) || (info.errors & ~allowed))
		return false;
	out->n_ascii = n;
	str ascii = {out->ascii, n};
	int32_t n_wide = uidna_nameToUnicodeUTF8(
		idna, out->ascii, n, wide, (int32_t)sizeof wide, &info, &status);
	if (U_FAILURE(status) || (info.errors & ~allowed) || !ascii_ok(ascii))
		return false;
	show(out, ascii, (str){wide, n_wide});
	return out->n_shown > 0;
}

bool host_read(str typed, struct host *out)
{
	if (!typed.n || typed.n > (ptrdiff_t)sizeof out->shown)
		return false;
	bool plain = typed.n <= HOST_MOST;
	for (ptrdiff_t i = 0; i < typed.n && plain; i++) {
		char c = typed.p[i];
		out->ascii[i] = out->shown[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
		plain = (unsigned char)c < 0x80;
	}
	if (!plain || str_find((str){out->ascii, typed.n}, S("xn--")) >= 0)
		return international(typed, out);
	out->n_ascii = out->n_shown = typed.n;
	return ascii_ok((str){out->ascii, typed.n});
}
