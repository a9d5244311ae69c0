// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The interface's words, for pages, errors, mail and commands. The catalogues are the .words files
// in this folder, one folder a locale, one file an area; tools/wordgen.py compiles them. A word is
// an `enum word` (W_explore_title), a locale an `enum locale` (LOCALE_EN); both travel as int.
// A word's text may stand in HTML as it is: it holds none of & < > " '.
#pragma once

#include "base/base.h"
#include "words/words_list.h"

extern const struct room words_room;

// The text of a word; English where the locale has none. Two array reads. Of a word with plural
// forms: the one for "other".
str word_get(int locale, int word);

// What fills the placeholders: {n} the number with grouped digits, {c} the same number as a count
// (12.3k, 1.2万), {s} and {s2} texts. n also chooses the plural form.
struct word_args {
	int64_t n;
	str s, s2;
};
// The text before its placeholders are filled, in the plural form for n.
str word_form(int locale, int word, int64_t n);
str word_fmt(struct arena *, int locale, int word, const struct word_args *);
#define word_n(mem, locale, word, number) \
	word_fmt((mem), (locale), (word), &(struct word_args){.n = (number)})
// Cuts a form at its next placeholder: returns the text before it and says which it was ('n', 'c',
// 's', 't' for {s2}, 0 at the end). For writers that put safe HTML into {s}.
str word_next(str *form, char *placeholder);
// Chinese has a space where it meets Latin letters and digits, so the catalogues have one beside each
// placeholder. It goes where what fills the placeholder is Chinese there too: left is what was written
// so far, right what comes next, plain or HTML.
void word_meet(str *left, str *right);
// False when this locale shows the English text instead.
bool word_given(int locale, int word);
const char *word_key(int word); // "explore_title"

int locale_pick(str accept_language); // the best of ours; English when nothing fits
int locale_find(str tag);             // exactly this tag, or -1
lang locale_lang(int locale);
bool locale_rtl(int locale);
str locale_name(int locale); // in its own language

str words_number(struct arena *, int locale, int64_t n);                   // 12,345
str words_bytes(struct arena *, int locale, int64_t n);                    // 312 MB, 4.5 GB
str words_list(struct arena *, int locale, const str *names, ptrdiff_t n); // one, two, three
str words_count(struct arena *, int locale, int64_t n); // 987, 12.3k, 1.2万, 3.4M, 2.1亿
// "just now", "5 min ago" … for a week, then the date.
str words_ago(struct arena *, int locale, ms now, ms at);
str words_date(struct arena *, int locale, ms now, ms at); // the year only when it is not this one
str words_time(struct arena *, int locale, ms at);         // in full, UTC

// A language a person may write or read, as shown in pickers, commonest first.
struct language {
	lang lang;
	int word;   // its name in the interface's language
	str itself; // its name in that language
};
const struct language *words_languages(ptrdiff_t *n);
// The name of a language in the interface's language; "Unknown language" for others.
str words_language(int locale, lang lang);
// The language itself: 简体中文, English.
str words_language_itself(lang lang);
