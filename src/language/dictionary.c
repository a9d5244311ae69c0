// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/dictionary.h"

#include "language/mapped.h"

#include <string.h>

#define VERSION 1
#define FNV_PRIME 16777619u
#define HAN_FIRST 0x4e00u
#define HAN_LAST 0x9fffu
#define ALL_LENGTHS 0xffffu

enum { LENGTHS, WORDS, REFS, ENTRIES, ENGLISH, HITS, RULES, GLOSSARY, TEXTS, SECTIONS };

struct head {
	char magic[8];
	uint32_t version, size;
	struct {
		uint32_t at, size;
	} sections[SECTIONS];
};

struct word_slot {
	uint32_t text, refs;
	float ln_p;
	uint8_t n_refs, pos, ruled, used;
};

struct entry_row {
	uint32_t simplified, traditional, pinyin, gloss, as_verb, as_noun, senses, measures, note,
		near, kind;
};

struct english_slot {
	uint32_t text, hits;
	uint16_t n_hits, used;
};

struct hit_row {
	uint32_t entry;
	int16_t score;
	uint16_t sense;
};

struct rule_row {
	uint32_t word, pinyin, before, after, gloss;
};

#define FORM 15
struct glossary_slot {
	uint32_t word, gloss, note;
	uint16_t kind, used;
};

struct dictionary {
	struct mapped map;
	const uint16_t *lengths;
	const struct word_slot *words;
	const uint32_t *refs;
	const struct entry_row *entries;
	const struct english_slot *english;
	const struct hit_row *hits;
	const struct rule_row *rules;
	const struct glossary_slot *glossary;
	const char *texts;
	uint32_t n_words, n_refs, n_entries, n_english, n_hits, n_rules, n_glossary, texts_size;
};

enum { FREE, WORD, SPLIT };

static bool is_power(uint32_t n)
{
	return n && !(n & (n - 1));
}

// The sections lie in the file, and have the sizes that looking into them relies on.
static bool lay_out(struct dictionary *d)
{
	static const uint32_t items[SECTIONS] = {sizeof(uint16_t), sizeof(struct word_slot),
		sizeof(uint32_t), sizeof(struct entry_row), sizeof(struct english_slot),
		sizeof(struct hit_row), sizeof(struct rule_row), sizeof(struct glossary_slot), 1};
	const struct head *head = (const void *)d->map.p;
	const void *at[SECTIONS];
	uint32_t n[SECTIONS];
	if (d->map.n < sizeof *head || memcmp(head->magic, "QIAODICT", 8) != 0 ||
		head->version != VERSION || head->size != d->map.n)
		return false;
	for (int i = 0; i < SECTIONS; i++) {
		uint32_t from = head->sections[i].at, size = head->sections[i].size;
		if (from % 16 || from > d->map.n || size > d->map.n - from)
			return false;
		at[i] = d->map.p + from;
		n[i] = size / items[i];
	}
	d->lengths = at[LENGTHS];
	d->words = at[WORDS];
	d->refs = at[REFS];
	d->entries = at[ENTRIES];
	d->english = at[ENGLISH];
	d->hits = at[HITS];
	d->rules = at[RULES];
	d->glossary = at[GLOSSARY];
	d->texts = at[TEXTS];
	d->n_words = n[WORDS];
	d->n_refs = n[REFS];
	d->n_entries = n[ENTRIES];
	d->n_english = n[ENGLISH];
	d->n_hits = n[HITS];
	d->n_rules = n[RULES];
	d->n_glossary = n[GLOSSARY];
	d->texts_size = n[TEXTS];
	return n[LENGTHS] > HAN_LAST - HAN_FIRST && is_power(d->n_words);
}

err dictionary_open(struct ctx *ctx, const char *path, struct dictionary **out)
{
	struct mapped map;
	*out = NULL;
	TRY(mapped_open(ctx, path, &map));
	struct dictionary *d = mem_new(1, sizeof *d);
	d->map = map;
	if (!lay_out(d)) {
		dictionary_close(d);
		return fail_fmt(ctx, ERR_INVALID, "%s: not a dictionary of this version", path);
	}
	*out = d;
	return OK;
}

void dictionary_close(struct dictionary *d)
{
	if (!d)
		return;
	mapped_close(&d->map);
	mem_free(d);
}

static str text_at(const struct dictionary *d, uint32_t at)
{
	uint16_t n;
	if (at > d->texts_size || d->texts_size - at < sizeof n)
		return S("");
	memcpy(&n, d->texts + at, sizeof n);
	if (d->texts_size - at - sizeof n < n)
		return S("");
	return (str){d->texts + at + sizeof n, n};
}

static const struct word_slot *slot_of(const struct dictionary *d, word_id word)
{
	return word && word <= d->n_words ? &d->words[word - 1] : NULL;
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

uint32_t dictionary_hash(uint32_t hash, str more)
{
	for (ptrdiff_t i = 0; i < more.n; i++)
		hash = (hash ^ lower(more.p[i])) * FNV_PRIME;
	return hash;
}

word_id dictionary_hashed(const struct dictionary *d, uint32_t hash, str word, float *ln_p)
{
	uint32_t mask = d->n_words - 1;
	for (uint32_t i = hash & mask, n = 0; n < d->n_words; i = (i + 1) & mask, n++) {
		const struct word_slot *slot = &d->words[i];
		if (!slot->used)
			return 0;
		if (str_ieq(text_at(d, slot->text), word)) {
			*ln_p = slot->ln_p;
			return i + 1;
		}
	}
	return 0;
}

str dictionary_parts(const struct dictionary *d, word_id word)
{
	const struct word_slot *slot = slot_of(d, word);
	return slot && slot->used == SPLIT ? text_at(d, slot->refs) : S("");
}

word_id dictionary_find(const struct dictionary *d, str word)
{
	float ln_p;
	return dictionary_hashed(d, dictionary_hash(HASH_BEGIN, word), word, &ln_p);
}

unsigned dictionary_lengths(const struct dictionary *d, uint32_t cp)
{
	return cp >= HAN_FIRST && cp <= HAN_LAST ? d->lengths[cp - HAN_FIRST] : ALL_LENGTHS;
}

int dictionary_readings(const struct dictionary *d, word_id word)
{
	const struct word_slot *slot = slot_of(d, word);
	return slot ? slot->n_refs : 0;
}

enum pos dictionary_pos(const struct dictionary *d, word_id word)
{
	const struct word_slot *slot = slot_of(d, word);
	return slot && slot->pos <= POS_IDIOM ? (enum pos)slot->pos : POS_NONE;
}

static bool entry_at(const struct dictionary *d, uint32_t i, struct entry *out)
{
	if (i >= d->n_entries)
		return false;
	const struct entry_row *row = &d->entries[i];
	*out = (struct entry){
		.simplified = text_at(d, row->simplified),
		.traditional = text_at(d, row->traditional),
		.pinyin = text_at(d, row->pinyin),
		.gloss = text_at(d, row->gloss),
		.as_verb = text_at(d, row->as_verb),
		.as_noun = text_at(d, row->as_noun),
		.senses = text_at(d, row->senses),
		.measures = text_at(d, row->measures),
		.note = text_at(d, row->note),
		.near = text_at(d, row->near),
		.kind = row->kind <= WORD_ABBREVIATION ? (enum word_kind)row->kind : WORD_PLAIN,
	};
	return true;
}

bool dictionary_entry(const struct dictionary *d, word_id word, int reading, struct entry *out)
{
	const struct word_slot *slot = slot_of(d, word);
	if (!slot || reading < 0 || reading >= slot->n_refs || slot->refs >= d->n_refs ||
		d->n_refs - slot->refs <= (uint32_t)reading)
		return false;
	return entry_at(d, d->refs[slot->refs + (uint32_t)reading], out);
}

struct rule dictionary_rule(const struct dictionary *d, uint32_t i)
{
	const struct rule_row *row = &d->rules[i];
	return (struct rule){text_at(d, row->word), text_at(d, row->pinyin),
		text_at(d, row->before), text_at(d, row->after), text_at(d, row->gloss)};
}

// The first rule whose word is not before this one.
static uint32_t rules_from(const struct dictionary *d, str word)
{
	uint32_t low = 0, high = d->n_rules;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (str_cmp(text_at(d, d->rules[middle].word), word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void dictionary_rules(const struct dictionary *d, word_id word, uint32_t *first, uint32_t *n)
{
	const struct word_slot *slot = slot_of(d, word);
	*first = *n = 0;
	if (!slot || !slot->ruled)
		return;
	str text = text_at(d, slot->text);
	*first = rules_from(d, text);
	while (*first + *n < d->n_rules && str_eq(text_at(d, d->rules[*first + *n].word), text))
		(*n)++;
}

static const struct english_slot *english_find(const struct dictionary *d, str key)
{
	uint32_t mask = d->n_english - 1;
	if (!is_power(d->n_english))
		return NULL;
	uint32_t i = dictionary_hash(HASH_BEGIN, key) & mask;
	for (uint32_t n = 0; n < d->n_english; i = (i + 1) & mask, n++) {
		const struct english_slot *slot = &d->english[i];
		if (!slot->used)
			return NULL;
		if (str_eq(text_at(d, slot->text), key))
			return slot;
	}
	return NULL;
}

int dictionary_hits(const struct dictionary *d, str key, struct hit *out, int most)
{
	const struct english_slot *slot = english_find(d, key);
	int n = 0;
	if (!slot || slot->hits > d->n_hits || d->n_hits - slot->hits < slot->n_hits)
		return 0;
	for (int i = 0; i < slot->n_hits && n < most; i++) {
		const struct hit_row *row = &d->hits[slot->hits + (uint32_t)i];
		if (entry_at(d, row->entry, &out[n].entry)) {
			out[n].score = row->score;
			out[n++].sense = row->sense;
		}
	}
	return n;
}

static const struct glossary_slot *glossary_find(const struct dictionary *d, str word)
{
	uint32_t mask = d->n_glossary - 1;
	if (!is_power(d->n_glossary))
		return NULL;
	uint32_t i = dictionary_hash(HASH_BEGIN, word) & mask;
	for (uint32_t n = 0; n < d->n_glossary; i = (i + 1) & mask, n++) {
		const struct glossary_slot *slot = &d->glossary[i];
		if (!slot->used)
			return NULL;
		if (str_eq(text_at(d, slot->word), word))
			return slot;
	}
	return NULL;
}

bool dictionary_english(const struct dictionary *d, str word, struct english *out)
{
	const struct glossary_slot *slot = glossary_find(d, word);
	*out = (struct english){.base = word};
	if (slot && slot->kind == FORM) {
		out->base = text_at(d, slot->gloss);
		slot = glossary_find(d, out->base);
	}
	if (!slot || slot->kind > WORD_ABBREVIATION)
		return false;
	out->gloss = text_at(d, slot->gloss);
	out->note = text_at(d, slot->note);
	out->kind = (enum word_kind)slot->kind;
	return true;
}
