// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What characters mean: normal forms, where words and characters end, which script and language a
// text is in, and which parts of a note are topics, mentions and links. All input is valid UTF-8.
// ICU stands behind this and is opened by the first text that needs it: ASCII, Latin and Chinese
// texts do without. Everything may be called from any thread.
#pragma once

#include "base/base.h"

// --- normal forms -------------------------------------------------------------------------------

// Normal form C; gives back `s` itself when it is so already.
str unicode_nfc(struct arena *, str s);
// For comparing: NFKC, case folded, invisible characters dropped (Unicode's NFKC_Casefold).
str unicode_fold(struct arena *, str s);
// One line: NFC, runs of white space become one space, control characters vanish, ends trimmed.
// For titles, names and other single fields.
str unicode_line(struct arena *, str s);
// Text of several lines: NFC, line ends become \n, other control characters vanish, at most two
// empty lines in a row, spaces at line ends and white space at both ends go.
str unicode_body(struct arena *, str s);

// --- characters ---------------------------------------------------------------------------------

bool unicode_is_letter(uint32_t cp); // letters, marks, digits of any script
bool unicode_is_digit(uint32_t cp);  // decimal digits of any script
bool unicode_is_space(uint32_t cp);  // white space
ptrdiff_t unicode_count(str s);      // characters as people count them (grapheme clusters)
str unicode_cut(str s, ptrdiff_t n); // the first n of them; borrows
// At most n characters; what is longer is cut at a word's end where one is near, and gets "…".
str unicode_excerpt(struct arena *, str s, ptrdiff_t n);
// Whether a display name may be so: something visible, no control or direction-changing characters,
// nothing unassigned or private, no towers of combining marks.
bool unicode_name_ok(str s);

// Words, for search: calls `each` with every word of the text in order (numbers too, no spaces or
// punctuation). Chinese, Japanese and Thai are cut by dictionary.
void unicode_words(str text, void (*each)(str word, void *arg), void *arg);

// --- languages ----------------------------------------------------------------------------------

enum script {
	SCRIPT_NONE,
	SCRIPT_LATIN,
	SCRIPT_HAN,
	SCRIPT_KANA,
	SCRIPT_HANGUL,
	SCRIPT_CYRILLIC,
	SCRIPT_ARABIC,
	SCRIPT_DEVANAGARI,
	SCRIPT_HEBREW,
	SCRIPT_GREEK,
	SCRIPT_THAI,
	SCRIPT_BENGALI,
	SCRIPT_TAMIL,
	SCRIPT_TELUGU,
	SCRIPT_GEORGIAN,
	SCRIPT_ARMENIAN,
	SCRIPT_ETHIOPIC,
	SCRIPT_OTHER,
	SCRIPT_COUNT
};
enum script unicode_script(uint32_t cp); // SCRIPT_NONE for what is no letter
// The script most letters of the text are in; links, mentions, digits and emoji do not count.
enum script unicode_text_script(str text);
enum script unicode_lang_script(lang); // that a language is written in

// The language of a text: its script decides; where a script serves many languages, the author's
// first language of that script, else the commonest one. Chinese is told apart as zh-Hans and
// zh-Hant. "" when there is too little to go by.
lang unicode_language(str text, const lang *author, int n_author);

// --- parts of a note ----------------------------------------------------------------------------

#define TOPIC_MOST 60 // characters
enum text_kind { TEXT_PLAIN, TEXT_TOPIC, TEXT_MENTION, TEXT_LINK };
struct text_part {
	enum text_kind kind;
	str all;  // as it stands in the text, with its sign
	str name; // of a topic or a mention, without; of a link its address as written
};
// Gives the parts of a text one after the other; their `all`s together are the text. Begin with
// *at = 0. The grammar, with a table of what it makes of texts in scan_cases.txt:
//
// A topic is # (or ＃, ﹟) and one of UAX #31's extended hashtag identifiers: letters, marks, digits,
// emoji, _ and + of any script, with hyphens, middle dots and joiners between them; at least one
// letter or emoji. It begins where no word goes on (scripts without spaces: anywhere).
//
// A mention is @ and [A-Za-z0-9_]{2,30} where nothing that could belong to an address stands before
// it and no host, word or path goes on behind it. Letters of scripts without spaces may stand on
// either side: 你好@name谢谢. Whether anybody has the name is not known here.
//
// A link is http:// or https:// and what the URL standard takes for an address, less the quotes,
// brackets and punctuation of the sentence around it. Its host has a dot (or is an IPv6 address);
// there is no user's name before the host. An address in doubt, or of another scheme, is plain text
// and nothing in it is a topic or a mention.
bool text_next(str text, ptrdiff_t *at, struct text_part *);
// False when no such part is in it for sure: a quick look, as most texts have neither topic nor mention.
bool text_may_have(str text, enum text_kind);
struct text_link {
	str href; // as a browser sends it: ASCII, the host in punycode
	str host; // to be shown: the same host, in Unicode where that cannot be taken for another
	str rest; // port, path, query and fragment as they were written; borrows
};
void text_link(struct arena *, str address, struct text_link *); // of a TEXT_LINK
// The form topics are compared by: unicode_fold of the name.
str topic_fold(struct arena *, str name);
// Whether a text can be a topic's name, as topic pages get it from an address: folded or not.
bool topic_ok(str name);
