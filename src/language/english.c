// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/english.h"

#include "language/stem.h"

#include "unicode/unicode.h"

#include <string.h>

#define PHRASE_MOST 4 // words
#define SENSE 600     // a hit that is all of a sense, and no part of one

static bool in_word(bool inside, uint32_t cp)
{
	return (inside && (cp == '\'' || cp == 0x2019 || cp == '-')) ||
	       (unicode_is_letter(cp) && unicode_script(cp) != SCRIPT_HAN);
}

static ptrdiff_t word_end(str text, ptrdiff_t from)
{
	ptrdiff_t at = from;
	while (at < text.n) {
		ptrdiff_t next = at;
		if (!in_word(at > from, utf8_next(text, &next)))
			break;
		at = next;
	}
	return at;
}

// In lower case, with straight apostrophes and one space between words.
static str plain(struct arena *mem, str text)
{
	struct sb sb = sb_new(mem, text.n + 1);
	for (ptrdiff_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (cp == 0x2019)
			cp = '\'';
		if (unicode_is_space(cp)) {
			if (sb.n && sb.p[sb.n - 1] != ' ')
				sb_char(&sb, ' ');
		} else {
			sb_utf8(&sb, cp >= 'A' && cp <= 'Z' ? cp + 32 : cp);
		}
	}
	return sb_str(&sb);
}

// The best word, and the second where it says something else.
static str of_hits(struct arena *mem, const struct hit *hits, int n)
{
	if (!n)
		return S("");
	bool close = n > 1 && hits[1].score > hits[0].score - 150 &&
		     hits[0].entry.simplified.n + hits[1].entry.simplified.n <= 18;
	if (!close)
		return hits[0].entry.simplified;
	str two[] = {hits[0].entry.simplified, hits[1].entry.simplified};
	return str_join(mem, two, 2, S("；"));
}

static bool look_up(const struct dictionary *d, struct arena *mem, str text, int words,
	struct english_word *out)
{
	struct english known;
	struct stems stems;
	struct hit hits[2];
	str lower = plain(mem, text);
	if (dictionary_english(d, lower, &known)) {
		out->gloss = known.gloss;
		out->note = known.note;
		return true;
	}
	stems_of(mem, words == 1 ? known.base : lower, &stems);
	if (!stems.n || (words > 1 && stems.n < 2))
		return false;
	int n = dictionary_hits(d, stems_key(mem, &stems, 0, stems.n), hits, COUNT(hits));
	if (words > 1 && (!n || hits[0].score < SENSE))
		return false;
	out->gloss = of_hits(mem, hits, n);
	return n > 0;
}

// The longest phrase of words with single spaces between that means something; else the first word.
static ptrdiff_t longest(const struct dictionary *d, struct arena *mem, str text, ptrdiff_t at,
	struct english_word *out)
{
	ptrdiff_t ends[PHRASE_MOST];
	int n = 0;
	for (ptrdiff_t from = at; n < PHRASE_MOST; from++) {
		ptrdiff_t end = word_end(text, from);
		if (end == from)
			break;
		ends[n++] = from = end;
		if (from >= text.n || text.p[from] != ' ')
			break;
	}
	for (int words = n; words > 0; words--) {
		*out = (struct english_word){.text = str_sub(text, at, ends[words - 1])};
		if (look_up(d, mem, out->text, words, out) || words == 1)
			return ends[words - 1];
	}
	return at;
}

ptrdiff_t english_gloss(
	const struct dictionary *d, struct arena *mem, str text, struct english_word **out)
{
	LIST(struct english_word) words = {0};
	for (ptrdiff_t at = 0; at < text.n;) {
		struct english_word word = {0};
		ptrdiff_t end = word_end(text, at);
		if (end > at) {
			at = longest(d, mem, text, at, &word);
		} else {
			for (end = at; end < text.n && word_end(text, end) == end;)
				utf8_next(text, &end);
			word.text = str_sub(text, at, end);
			at = end;
		}
		list_push(mem, &words, word);
	}
	*out = words.at;
	return words.n;
}
