// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The Chinese-English dictionary: one file that tools/dictgen.py compiles, mapped and never copied, so
// that all processes share its pages. Entries are CC-CEDICT's and those of our lexicon; the frequencies of words are
// jieba's. Everything may be called from any thread; what is given out borrows the map.
//
// The file, little-endian, all offsets from its beginning:
//
//	"QIAODICT", version, size of the file; then (offset, size) of each section, aligned to 16:
//	lengths   for each character from HAN_FIRST to HAN_LAST which lengths words that begin with it have (bit n-1)
//	words     hash slots {text, first ref, ln p, refs, part of speech, whether it has rules, 1}: FNV-1a, open addressing;
//	          {text, its parts with spaces between, ln p, 0, 0, 0, 2}: no word, but how such a stretch is cut
//	refs      entries of each word, the reading that comes first in front
//	entries   {simplified, traditional, pinyin, gloss, as a verb, as a noun, senses, measures, note, near, kind}
//	english   hash slots {key, first hit, hits, used}: what stem.h makes of an English phrase
//	hits      {entry, score in hundredths, number of the sense}, best first
//	rules     {word, pinyin, before, after, gloss}, by word
//	glossary  hash slots of English words in lower case {word, gloss, note, kind, used}; of kind FORM the gloss is the
//	          word that it is a form of
//	texts     {length, bytes}
//
// A word is matched in lower case; a run of Latin letters and digits in it counts as one character.
#pragma once

#include "base/base.h"

struct dictionary;

// A file that is missing, cut short or not such a dictionary: ERR_INVALID or ERR_IO, and ctx->problem says why.
// Damage within does no harm: what leads out of the file is not there.
err dictionary_open(struct ctx *, const char *path, struct dictionary **) CHECKED;
void dictionary_close(struct dictionary *); // NULL: nothing

enum word_kind {
	WORD_PLAIN,
	WORD_FUNCTION,
	WORD_MEASURE,
	WORD_SLANG,
	WORD_PARTICLE,
	WORD_ABBREVIATION
};
// jieba's, as far as they say something here.
enum pos {
	POS_NONE,
	POS_NOUN,
	POS_VERB,
	POS_ADJECTIVE,
	POS_ADVERB,
	POS_NUMBER,
	POS_MEASURE,
	POS_PRONOUN,
	POS_PREPOSITION,
	POS_CONJUNCTION,
	POS_AUXILIARY,
	POS_TIME,
	POS_PERSON,
	POS_PLACE,
	POS_MODAL,
	POS_IDIOM
};

struct entry {
	str simplified, traditional;
	str pinyin;   // syllables with tone digits, "chong2 qing4"; lü is lu:
	str gloss;    // a few words that can stand over it
	str as_verb;  // where it is one; "" when that is no sense of it
	str as_noun;  // and where it is none
	str senses;   // each ends at a /
	str measures; // "simplified|traditional|pinyin" of each, between /
	str note;     // of our lexicon: how it is used
	str near;     // what people search and tag alike in English, between |
	enum word_kind kind;
};

// A word of the dictionary by its place in it; 0 is none.
typedef uint32_t word_id;

word_id dictionary_find(const struct dictionary *, str word); // any case
int dictionary_readings(const struct dictionary *, word_id);
bool dictionary_entry(const struct dictionary *, word_id, int reading, struct entry *);
enum pos dictionary_pos(const struct dictionary *, word_id);

// How a word of a text is looked for as it grows by one unit: bytes in lower case are added to the hash.
#define WORD_UNITS_MOST 16
uint32_t dictionary_hash(uint32_t hash, str more);
#define HASH_BEGIN 2166136261u
word_id dictionary_hashed(const struct dictionary *, uint32_t hash, str word, float *ln_p);
// How a stretch that is no word is cut: its parts with spaces between; "" of a word.
str dictionary_parts(const struct dictionary *, word_id);
// Bit n-1: words of n units begin with this character; all, where that is not known.
unsigned dictionary_lengths(const struct dictionary *, uint32_t cp);

// What a word is between others. before and after: texts between |, one of which ends before or begins after
// it; a text in <> is a kind of word or place (gloss.c). Empty: whatever is there.
struct rule {
	str word, pinyin, before, after, gloss; // pinyin, gloss: "" leaves what would be without
};
// The rules of a word, in the order in which they are tried; *n of them from *first on.
void dictionary_rules(const struct dictionary *, word_id, uint32_t *first, uint32_t *n);
struct rule dictionary_rule(const struct dictionary *, uint32_t);

struct hit {
	struct entry entry;
	int score; // in hundredths
	int sense; // which of its senses
};
// The words for a key of stem.h, best first; how many.
int dictionary_hits(const struct dictionary *, str key, struct hit *, int most);

// What our lexicon says in Chinese of an English word or phrase in lower case, of which it may be a form. False: nothing.
// `base` is the word itself, also when nothing is said of it.
struct english {
	str base, gloss, note;
	enum word_kind kind;
};
bool dictionary_english(const struct dictionary *, str word, struct english *out);
