// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/segment.h"

#include "unicode/unicode.h"

// A run is what words can be made of: Chinese characters, and Latin words and numbers as one unit each.
struct run {
	const struct dictionary *dictionary;
	str text;
	int32_t *starts; // of the units, and the end
	int32_t n;
	float *best;  // ln p of the likeliest words from here on
	uint8_t *len; // units of the first of them
	word_id *ids; // and which it is
};

#define UNKNOWN (-20.0F) // ln p of a unit that is no word

static bool is_han(uint32_t cp)
{
	return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && unicode_script(cp) == SCRIPT_HAN);
}

static bool in_run(uint32_t cp)
{
	return is_han(cp) || unicode_is_letter(cp);
}

// The end of the unit that begins at `at`.
static ptrdiff_t unit_end(str text, ptrdiff_t at)
{
	ptrdiff_t next = at;
	if (is_han(utf8_next(text, &next)))
		return next;
	while (next < text.n) {
		ptrdiff_t before = next;
		uint32_t cp = utf8_next(text, &next);
		if (is_han(cp) || !unicode_is_letter(cp))
			return before;
	}
	return next;
}

static str unit(const struct run *run, int32_t from, int32_t to)
{
	return str_sub(run->text, run->starts[from], run->starts[to]);
}

// From the end, so that what follows a word is known.
static void weigh_from(struct run *run, int32_t at)
{
	ptrdiff_t first = run->starts[at];
	unsigned lengths = dictionary_lengths(run->dictionary, utf8_next(run->text, &first));
	uint32_t hash = HASH_BEGIN;
	run->best[at] = UNKNOWN + run->best[at + 1];
	run->len[at] = 1;
	run->ids[at] = 0;
	for (int32_t n = 1; n <= MIN(run->n - at, WORD_UNITS_MOST) && lengths >> (n - 1); n++) {
		float ln_p;
		hash = dictionary_hash(hash, unit(run, at + n - 1, at + n));
		if (!(lengths >> (n - 1) & 1))
			continue;
		word_id id = dictionary_hashed(run->dictionary, hash, unit(run, at, at + n), &ln_p);
		if (id && ln_p + run->best[at + n] > run->best[at]) {
			run->best[at] = ln_p + run->best[at + n];
			run->len[at] = (uint8_t)n;
			run->ids[at] = id;
		}
	}
}

typedef LIST(struct word) word_list;

static void add_word(
	struct arena *mem, word_list *words, const struct dictionary *dictionary, struct word word)
{
	str parts = dictionary_parts(dictionary, word.id);
	if (!parts.n) {
		list_push(mem, words, word);
		return;
	}
	for (ptrdiff_t at = 0; parts.n;) {
		str text = str_sub(word.text, at, at + str_cut(&parts, ' ').n);
		list_push(mem, words, (struct word){text, dictionary_find(dictionary, text)});
		at += text.n;
	}
}

static void add_run(
	struct arena *mem, word_list *words, const struct dictionary *dictionary, str text)
{
	struct run run = {.dictionary = dictionary, .text = text};
	run.starts = NEW_N(mem, int32_t, text.n + 1);
	for (ptrdiff_t at = 0; at < text.n; at = unit_end(text, at))
		run.starts[run.n++] = (int32_t)at;
	run.starts[run.n] = (int32_t)text.n;
	run.best = NEW_N(mem, float, run.n + 1);
	run.len = NEW_N(mem, uint8_t, run.n);
	run.ids = NEW_N(mem, word_id, run.n);
	for (int32_t at = run.n - 1; at >= 0; at--)
		weigh_from(&run, at);
	for (int32_t at = 0; at < run.n; at += run.len[at])
		add_word(mem, words, dictionary,
			(struct word){unit(&run, at, at + run.len[at]), run.ids[at]});
}

// The end of what begins at `at` and is all of a run, or all of none.
static ptrdiff_t stretch(str text, ptrdiff_t at, bool *run)
{
	ptrdiff_t next = at;
	*run = in_run(utf8_next(text, &next));
	while (next < text.n) {
		ptrdiff_t before = next;
		if (in_run(utf8_next(text, &next)) != *run)
			return before;
	}
	return next;
}

ptrdiff_t segment_words(
	const struct dictionary *dictionary, struct arena *mem, str text, struct word **out)
{
	word_list words = {0};
	for (ptrdiff_t at = 0, end; at < text.n; at = end) {
		bool run;
		end = stretch(text, at, &run);
		str part = str_sub(text, at, end);
		if (run)
			add_run(mem, &words, dictionary, part);
		else
			list_push(mem, &words, (struct word){part, 0});
	}
	*out = words.at;
	return words.n;
}
