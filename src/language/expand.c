// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/expand.h"

#include "language/segment.h"
#include "language/stem.h"

#include "unicode/unicode.h"

#include <string.h>

#define HITS 16
#define PARTS_MOST 4 // words of a query that are put together
#define WHOLE 800    // that the query is a sense, and not only a part of one

struct found {
	struct expansion *out;
	int n;
};

// One that is there already keeps the better score.
static void offer(struct found *found, struct expansion one)
{
	int at = found->n;
	for (int i = 0; i < found->n; i++)
		if (str_eq(found->out[i].text, one.text)) {
			if (found->out[i].score >= one.score)
				return;
			at = i;
			break;
		}
	if (at == EXPANSION_MOST) {
		at = EXPANSION_MOST - 1;
		if (found->out[at].score >= one.score)
			return;
	}
	found->n = MAX(found->n, at + 1);
	for (; at > 0 && found->out[at - 1].score < one.score; at--)
		found->out[at] = found->out[at - 1];
	found->out[at] = one;
}

// Two Chinese words make one where the dictionary has it: 黑 + 猫.
static void compose(const struct dictionary *d, struct arena *mem, struct found *found,
	const struct hit *left, int n_left, const struct hit *right, int n_right)
{
	for (int i = 0; i < MIN(n_left, 6); i++)
		for (int k = 0; k < MIN(n_right, 6); k++) {
			str parts[] = {left[i].entry.simplified, right[k].entry.simplified};
			if (parts[0].n + parts[1].n > 48)
				continue;
			str both = str_join(mem, parts, 2, S(""));
			if (!dictionary_find(d, both))
				continue;
			offer(found, (struct expansion){both, parts[1], EXPANSION_COMPOSED,
					     (left[i].score + right[k].score) / 2 + WHOLE / 2});
		}
}

static void add_hits(
	struct found *found, const struct hit *hits, int n, int more, enum expansion_kind kind)
{
	for (int i = 0; i < n; i++)
		offer(found, (struct expansion){hits[i].entry.simplified, hits[i].entry.gloss, kind,
				     hits[i].score + more});
}

static void to_chinese(
	const struct dictionary *d, struct arena *mem, str query, struct found *found)
{
	struct hit hits[PARTS_MOST][HITS];
	int n[PARTS_MOST];
	struct stems stems;
	stems_of(mem, query, &stems);
	int words = MIN(stems.n, PARTS_MOST);
	if (!words)
		return;
	n[0] = dictionary_hits(d, stems_key(mem, &stems, 0, words), hits[0], HITS);
	add_hits(found, hits[0], n[0], words > 1 ? WHOLE : 0, EXPANSION_SAME);
	if (words == 1)
		return;
	for (int i = 0; i < words; i++)
		n[i] = dictionary_hits(d, stems_key(mem, &stems, i, i + 1), hits[i], HITS);
	for (int i = 0; i + 1 < words; i++)
		compose(d, mem, found, hits[i], n[i], hits[i + 1], n[i + 1]);
	for (int i = 0; i < words; i++) // what stands last is what it is about
		add_hits(
			found, hits[i], MIN(n[i], 4), i + 1 == words ? -100 : -300, EXPANSION_PART);
}

// A sense without what stands in brackets, and without "to ".
static str plain_sense(struct arena *mem, str sense)
{
	struct sb sb = sb_new(mem, sense.n);
	int depth = 0;
	for (ptrdiff_t i = 0; i < sense.n; i++) {
		char c = sense.p[i];
		depth += c == '(' || c == '[';
		if (!depth && (c != ' ' || (sb.n && sb.p[sb.n - 1] != ' ')))
			sb_char(&sb, c);
		depth -= depth && (c == ')' || c == ']');
	}
	str text = str_trim(sb_str(&sb));
	return str_starts(text, S("to ")) ? str_skip(text, 3) : text;
}

static bool is_poor(str sense)
{
	static const char *const poor[] = {"variant of", "old variant", "see ", "surname ", "abbr.",
		"CL:", "used in", "Taiwan pr"};
	for (int i = 0; i < COUNT(poor); i++)
		if (str_starts(sense, str_from(poor[i])))
			return true;
	return false;
}

static void add_senses(struct arena *mem, struct found *found, const struct entry *entry, int score,
	enum expansion_kind kind)
{
	str senses = entry->senses;
	str gloss = entry->gloss, near = entry->near;
	for (int order = 0; near.n; order++) {
		str one = str_cut(&near, '|');
		offer(found,
			(struct expansion){one, entry->simplified, kind, score + 400 - 20 * order});
	}
	while (gloss.n) {
		str one = str_trim(str_cut(&gloss, ';'));
		one = plain_sense(mem, one);
		if (one.n)
			offer(found, (struct expansion){one, entry->simplified, kind, score + 50});
	}
	for (int order = 0; senses.n; order++) {
		str sense = str_cut(&senses, '/');
		while (sense.n) {
			str one = str_trim(str_cut(&sense, ';'));
			bool poor = is_poor(one);
			one = plain_sense(mem, one);
			if (one.n && one.n <= 40)
				offer(found, (struct expansion){one, entry->simplified, kind,
						     score - 35 * order - (poor ? 400 : 0)});
		}
	}
}

static void to_english(
	const struct dictionary *d, struct arena *mem, str query, struct found *found)
{
	struct entry entry;
	struct word *words;
	word_id whole = dictionary_find(d, str_trim(query));
	for (int i = 0; i < dictionary_readings(d, whole); i++)
		if (dictionary_entry(d, whole, i, &entry))
			add_senses(mem, found, &entry, 1000 - 100 * i, EXPANSION_SAME);
	ptrdiff_t n = segment_words(d, mem, query, &words);
	for (ptrdiff_t i = 0; i < n && n > 1; i++)
		if (dictionary_entry(d, words[i].id, 0, &entry))
			add_senses(mem, found, &entry, 500, EXPANSION_PART);
}

int expand(const struct dictionary *d, struct arena *mem, str query,
	struct expansion out[EXPANSION_MOST])
{
	struct found found = {.out = out};
	memset(out, 0, sizeof *out * EXPANSION_MOST);
	if (unicode_text_script(query) == SCRIPT_HAN)
		to_english(d, mem, query, &found);
	else
		to_chinese(d, mem, query, &found);
	return found.n;
}
