// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where an address stands in a text, and whether it becomes a link. It reaches as far as the URL
// standard would read it, but leaves what belongs to the sentence outside: quotes, closing brackets
// that it did not open, punctuation at its end. What a browser could read in another way than a
// person (a user's name before the host, a backslash) is an address but no link.
#include "unicode/inside.h"

#include <arpa/inet.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define LINK_MOST 4096   // bytes
#define BRACKETS_MOST 32 // open at once
#define PORT_MOST 65535

enum in_address {
	OUT,    // ends it
	IN,     // anywhere
	INNER,  // not at its end
	SYMBOL, // an emoji: at the end only where nothing but a / or the like stands before
	OPEN,
	CLOSE,
};

static enum in_address role_of_ascii(uint32_t cp)
{
	if (cp <= ' ' || cp == 0x7f || cp == '<' || cp == '>' || cp == '"' || cp == '`')
		return OUT;
	if (cp == '(' || cp == '[' || cp == '{')
		return OPEN;
	if (cp == ')' || cp == ']' || cp == '}')
		return CLOSE;
	return strchr(".,;:!?*_~'|^\\", (int)cp) ? INNER : IN;
}

// Where names begin that may have quotes or brackets themselves.
static bool name_begins(uint32_t last)
{
	return last == '/' || last == '_';
}

// Within words and titles of an address; the other punctuation of other scripts ends a sentence or a
// part of it.
static bool inner_punctuation(uint32_t cp, uint32_t last)
{
	switch (cp) {
	case 0xa1: // ¡Ay_Carmela!
	case 0xbf:
	case 0xa7: // § 175
	case 0xb6:
	case 0xb7:
	case 0x387:
	case 0x5f3:
	case 0x5f4:
	case 0xf0b:
	case 0x2019:
	case 0x2020: // daggers
	case 0x2021:
	case 0x2027:
	case 0x2032: // 5′, 5″
	case 0x2033:
	case 0x30fb:
	case 0xff65:
		return true;
	case 0x1361: // between words of Ethiopic, as a space stands behind others
		return last >= 0x1200 && last <= 0x139f;
	case 0x2018:
		return name_begins(last); // ‘Abd
	default:
		return cp >= 0x55a && cp <= 0x55f; // Armenian, on the vowel of a word
	}
}

static uint32_t closing_quote(uint32_t cp)
{
	return cp == 0xab     ? 0xbb
	       : cp == 0x2039 ? 0x203a
	       : cp == 0x201c ? 0x201d
	       : cp == 0x201e ? 0x201c
			      : 0;
}

static bool closes_quote(uint32_t cp)
{
	return cp == 0xbb || cp == 0x201c || cp == 0x201d || cp == 0x203a;
}

// A note in brackets right behind an address belongs to the sentence, in a title of other scripts it
// belongs to the title: /wiki/寄生虫（电影）. So do quotes around a title: /wiki/《三体》.
static enum in_address role_of_pair(uint32_t cp, uint32_t last)
{
	if (closing_quote(cp) && name_begins(last))
		return OPEN;
	if (closes_quote(cp))
		return CLOSE;
	int32_t bracket = u_getIntPropertyValue((UChar32)cp, UCHAR_BIDI_PAIRED_BRACKET_TYPE);
	bool title = cp >= 0x3008 && cp <= 0x300f && name_begins(last);
	if (bracket == U_BPT_OPEN && (last >= 0x80 || last == '_' || title))
		return OPEN;
	return bracket == U_BPT_CLOSE ? CLOSE : OUT;
}

static enum in_address role_of(uint32_t cp, uint32_t last)
{
	if (cp < 0x80)
		return role_of_ascii(cp);
	if (cp >= HAN_FIRST && cp <= HAN_LAST)
		return IN;
	if (cp == 0x200c || cp == 0x200d || inner_punctuation(cp, last))
		return INNER;
	uint32_t class = U_GET_GC_MASK((UChar32)cp);
	if (class & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_PC_MASK))
		return IN;
	if (class & U_GC_PD_MASK)
		return INNER;
	if (class & U_GC_S_MASK || (cp >= 0x1f000 && cp <= 0x1faff))
		return SYMBOL;
	return role_of_pair(cp, last);
}

struct walk {
	str text;
	ptrdiff_t from, end;
	bool quoted;                  // an apostrophe stands before it
	int slashes;                  // that it passed
	uint32_t open[BRACKETS_MOST]; // what would close each
	ptrdiff_t opened[BRACKETS_MOST];
	int n_open;
};

static bool closes(struct walk *w, uint32_t cp)
{
	if (!w->n_open || w->open[w->n_open - 1] != cp)
		return false;
	w->n_open--;
	return true;
}

static ptrdiff_t scheme_length(str s)
{
	return str_istarts(s, S("https://")) ? 8 : str_istarts(s, S("http://")) ? 7 : 0;
}

// What stands between addresses rather than in one that holds another: /?https://example.org
static bool lists(uint32_t cp, enum in_address role)
{
	return cp < 0x80 ? cp && strchr(",;|", (int)cp) : role != IN;
}

static uint32_t char_at(str s, ptrdiff_t at)
{
	return at < s.n ? utf8_next(s, &at) : 0;
}

// What the character before `next` is, by what stands beside it.
static enum in_address role_in(const struct walk *w, uint32_t cp, uint32_t last, ptrdiff_t next)
{
	enum in_address role = role_of(cp, last);
	uint32_t then = char_at(w->text, next);
	// Closes the quotes, unless within a word: 'https://example.org/wiki/L'Equipe'
	if (cp == '\'' && w->quoted)
		return unicode_is_letter(then) && unicode_is_letter(last) ? IN : OUT;
	// A title's own punctuation: /wiki/けいおん！_(アニメ)
	bool punctuation = cp >= 0x80 && U_GET_GC_MASK((UChar32)cp) & U_GC_PO_MASK;
	return role == OUT && punctuation && then == '_' ? INNER : role;
}

static void open_pair(struct walk *w, uint32_t cp)
{
	uint32_t quote = closing_quote(cp);
	w->opened[w->n_open] = w->end;
	w->open[w->n_open++] = quote ? quote : (uint32_t)u_getBidiPairedBracket((UChar32)cp);
}

// Quotes that nothing closed are the sentence's.
static void without_open_quotes(struct walk *w)
{
	for (int i = 0; i < w->n_open; i++)
		if (closes_quote(w->open[i])) {
			w->end = w->opened[i];
			return;
		}
}

// As far as an address can go; in a list of addresses to the next, however long the list is.
static void go(struct walk *w)
{
	uint32_t last = 0;
	bool listed = false;
	for (ptrdiff_t next = w->from; w->end < w->text.n; w->end = next) {
		if (listed && scheme_length(str_skip(w->text, w->end)))
			return;
		next = w->end;
		uint32_t cp = utf8_next(w->text, &next);
		enum in_address role = role_in(w, cp, last, next);
		if (role == OUT || (role == CLOSE && !closes(w, cp)))
			return;
		if (role == OPEN && w->n_open == BRACKETS_MOST)
			return;
		if (role == OPEN)
			open_pair(w, cp);
		// Right behind the host, what is in quotes is the sentence's.
		last = cp == '/' && w->slashes++ == 0 ? 0 : cp;
		listed = lists(cp, role);
	}
}

static bool is_symbol(uint32_t cp)
{
	return role_of(cp, 0) == SYMBOL || (cp >= 0xfe00 && cp <= 0xfe0f) || cp == 0x200d;
}

// Emoji at the end are the sentence's mood, unless they are all of a name: /😀
static ptrdiff_t without_symbols(str s, ptrdiff_t from, ptrdiff_t end)
{
	ptrdiff_t at = end, before = end;
	uint32_t cp = 0;
	bool seen = false; // not joiners and selectors alone
	while (at > from) {
		cp = utf8_before(s, &before);
		if (!is_symbol(cp))
			break;
		seen = seen || !is_hidden(cp);
		at = before;
	}
	return at == end || (seen && cp && cp < 0x80 && strchr("/=#?&-_.", (int)cp)) ? end : at;
}

// Leaves what belongs to the sentence outside.
static void trim(struct walk *w, ptrdiff_t least)
{
	while (w->end > least) {
		ptrdiff_t at = w->end;
		uint32_t cp = utf8_before(w->text, &at);
		enum in_address role = role_of(cp, 0x80);
		if (is_symbol(cp))
			at = without_symbols(w->text, least, w->end);
		else if (role == IN || role == CLOSE)
			return;
		if (at == w->end)
			return;
		w->end = at;
	}
}

static bool ends_authority(char c)
{
	return c == '/' || c == '?' || c == '#';
}

// The end of the port, 0 when it is none.
static ptrdiff_t port_end(str s, ptrdiff_t at)
{
	int64_t port = 0;
	ptrdiff_t from = at;
	while (at < s.n && at - from < 6 && s.p[at] >= '0' && s.p[at] <= '9')
		port = port * 10 + (s.p[at++] - '0');
	return at > from && port <= PORT_MOST ? at : 0;
}

static ptrdiff_t ipv6_end(str s)
{
	char text[INET6_ADDRSTRLEN], parsed[16];
	ptrdiff_t end = str_find_char(s, ']');
	if (end < 3 || end > (ptrdiff_t)sizeof text)
		return 0;
	for (ptrdiff_t i = 1; i < end; i++)
		text[i - 1] = s.p[i];
	text[end - 1] = 0;
	return inet_pton(AF_INET6, text, parsed) == 1 ? end + 1 : 0;
}

static bool looks_slash(uint32_t cp)
{
	return cp == 0x2044 || cp == 0x2215;
}

static bool host_char(uint32_t cp)
{
	return cp == '.' || cp == 0x200c || cp == 0x200d || (cp >= 0xfe00 && cp <= 0xfe0f) ||
	       (is_label(cp) && !looks_slash(cp));
}

// A letter's script, one for those that Chinese and Japanese mix; 0 for what goes with any, such as
// marks, and -1 for signs.
static int script_family(uint32_t cp)
{
	UErrorCode status = U_ZERO_ERROR;
	if (cp < 0x80)
		return USCRIPT_LATIN;
	if (!unicode_is_letter(cp) && cp != 0x3007)
		return is_hidden(cp) ? 0 : -1;
	UScriptCode script = uscript_getScript((UChar32)cp, &status);
	switch (script) {
	case USCRIPT_COMMON:
	case USCRIPT_INHERITED:
		return 0;
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_BOPOMOFO:
		return USCRIPT_HAN;
	default:
		return (int)script;
	}
}

// A dot at the very end is the root's and has no label.
static ptrdiff_t last_label(str host)
{
	ptrdiff_t at = host.n;
	if (at > 0 && host.p[at - 1] == '.')
		at--;
	while (at > 0 && host.p[at - 1] != '.')
		at--;
	return at;
}

// As far as the label at `at` is of one script.
static ptrdiff_t one_script(str host, ptrdiff_t at)
{
	int script = 0;
	for (ptrdiff_t next = at; at < host.n; at = next) {
		int family = script_family(utf8_next(host, &next));
		if (family < 0 || (family && script && family != script))
			return at;
		script = family ? family : script;
	}
	return at;
}

// Where the host ends that nothing but words may stand behind: "看https://example.org很好". No
// top-level domain mixes scripts. 0 when it is in doubt.
static ptrdiff_t without_words(str host)
{
	ptrdiff_t label = last_label(host), end = one_script(host, label);
	uint32_t first = char_at(host, label), then = char_at(host, end);
	if (is_solid(first) || is_hangul(first))
		return domain_end(host, label);
	return is_word(then) && !is_hangul(then) ? 0 : end;
}

// A sentence may go on right behind a host: "https://example.org's", "https://example.org—good".
static bool sentence_at(str s, ptrdiff_t at)
{
	char first = s.p[at];
	uint32_t cp = utf8_next(s, &at);
	return cp < 0x80 ? strchr(",;!'([{)]}", first) != NULL : role_of(cp, 0x80) != IN;
}

struct place {
	ptrdiff_t host_end, end; // of the host, of the link
};

// The host at the start of s, which is an address without its scheme; false when it is no link.
static bool find_host(str s, struct place *p)
{
	ptrdiff_t authority = 0, at = 0, next = 0;
	while (authority < s.n && !ends_authority(s.p[authority]))
		if (strchr("@\\%", s.p[authority++]))
			return false;
	if (s.n && s.p[0] == '[')
		at = ipv6_end(s);
	else
		while (at < authority && host_char(utf8_next(s, &next)))
			at = next;
	p->host_end = at;
	if (at && at < authority && s.p[at] == ':')
		at = port_end(s, at + 1);
	p->end = s.n;
	if (!at)
		return false;
	if (p->host_end == s.n)
		return (p->host_end = p->end = without_words(s)) > 0;
	if (at == authority) {
		str host = str_sub(s, 0, p->host_end);
		return one_script(host, last_label(host)) == host.n;
	}
	p->end = at;
	while (p->end == p->host_end && p->end > 0 && s.p[p->end - 1] == '.')
		p->host_end = --p->end;
	return p->host_end > 0 && sentence_at(s, at);
}

static ptrdiff_t no_link(str text, ptrdiff_t at, ptrdiff_t end, struct text_part *part)
{
	*part = (struct text_part){TEXT_PLAIN, str_sub(text, at, end), {0}};
	return end - at;
}

// Signs that browsers turn into those that end or change a host, or leave out of it.
static bool host_goes_on(str text, ptrdiff_t at)
{
	ptrdiff_t next = at;
	uint32_t cp = char_at(text, at);
	if (is_hidden(cp)) {
		cp = seen_after(text, &next);
		if (is_word(cp) || cp == '-' || cp == '_')
			return !is_hangul(cp);
	}
	return dot_goes_on(text, at) || cp == 0xff20 || cp == 0xfe6b || cp == 0xff0f ||
	       cp == 0xff3c || cp == 0xff05 || looks_slash(cp);
}

static bool ascii_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_link(str rest, struct place *p)
{
	struct host host;
	return rest.n && rest.n <= LINK_MOST && find_host(rest, p) &&
	       (rest.p[0] == '[' || host_read(str_sub(rest, 0, p->host_end), &host));
}

ptrdiff_t link_at(str text, ptrdiff_t at, struct text_part *part)
{
	ptrdiff_t scheme = scheme_length(str_skip(text, at));
	if (!scheme || (at > 0 && (ascii_alnum(text.p[at - 1]) || strchr("+-.", text.p[at - 1]))))
		return 0; // a scheme's last letters: scheme_at will come by
	struct walk w = {.text = text, .from = at, .end = at + scheme};
	w.quoted = at > 0 && text.p[at - 1] == '\'';
	go(&w);
	ptrdiff_t all = w.end, end = 0;
	without_open_quotes(&w);
	struct place p = {0};
	while (end != w.end) { // what a sentence goes on behind is shorter, and has an end itself
		w.end = end ? end : w.end;
		trim(&w, at + scheme);
		str rest = str_sub(text, at + scheme, w.end);
		if (!is_link(rest, &p) || str_find_char(rest, '\\') >= 0)
			return no_link(text, at, all, part);
		end = at + scheme + p.end;
	}
	if (p.end == p.host_end && host_goes_on(text, end))
		return no_link(text, at, all, part);
	*part = (struct text_part){TEXT_LINK, str_sub(text, at, end), str_sub(text, at, end)};
	return end - at;
}

// Addresses of other kinds are no links, and nothing in them is a topic or a mention.
ptrdiff_t scheme_at(str text, ptrdiff_t at, struct text_part *part)
{
	static const char *const known[] = {"mailto", "acct", "xmpp", "sip", "sips", "matrix",
		"tel", "urn", "skype", "intent", "http", "https", "ws", "wss", "ftp", "ftps",
		"sftp", "ssh", "git", "svn", "smb", "file"};
	struct walk w = {.text = text, .from = at, .end = at};
	if (at == 0 || !ascii_alnum(text.p[at - 1]))
		return 0;
	bool address = str_starts(str_skip(text, at), S("://"));
	for (int i = 0; i < COUNT(known) && !address; i++) {
		str word = str_from(known[i]);
		ptrdiff_t from = at - word.n;
		address = from >= 0 && str_ieq(str_sub(text, from, at), word) &&
			  (from == 0 || !ascii_alnum(text.p[from - 1]));
	}
	if (!address)
		return 0;
	go(&w);
	return no_link(text, at, w.end, part);
}

// --- what a link says ---------------------------------------------------------------------------

static bool encoded(unsigned char c, char part)
{
	if (c >= 0x80)
		return true;
	return part == '?' ? c == '\'' : part == '/' && (c == '{' || c == '}');
}

// Path, query and fragment as browsers send them.
static void add_rest(struct sb *sb, str rest)
{
	static const char hex[] = "0123456789ABCDEF";
	char part = '/';
	for (ptrdiff_t i = 0; i < rest.n; i++) {
		unsigned char c = (unsigned char)rest.p[i];
		if ((c == '?' && part == '/') || c == '#')
			part = (char)c;
		if (!encoded(c, part)) {
			sb_char(sb, (char)c);
			continue;
		}
		sb_char(sb, '%');
		sb_char(sb, hex[c >> 4]);
		sb_char(sb, hex[c & 15]);
	}
}

void text_link(struct arena *mem, str address, struct text_link *out)
{
	ptrdiff_t scheme = scheme_length(address);
	str rest = str_skip(address, scheme);
	struct place p = {0};
	struct host host = {0};
	must(scheme && find_host(rest, &p) && p.end == rest.n);
	str typed = str_sub(rest, 0, p.host_end), ascii = str_lower(mem, typed);
	out->host = ascii;
	if (rest.p[0] != '[') {
		must(host_read(typed, &host));
		ascii = (str){host.ascii, host.n_ascii};
		out->host = str_copy(mem, (str){host.shown, host.n_shown});
	}
	out->rest = str_skip(rest, p.host_end);
	struct sb sb = sb_new(mem, address.n * 2 + 16);
	sb_add(&sb, scheme == 8 ? S("https://") : S("http://"));
	sb_add(&sb, ascii);
	add_rest(&sb, out->rest);
	out->href = sb_str(&sb);
}
