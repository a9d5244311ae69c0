// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/pinyin.h"

#include <string.h>

// The mark stands on a, else on e, else on the o of ou, else on the last vowel.
static ptrdiff_t marked_vowel(str s)
{
	static const char vowels[] = "aeiouAEIOU";
	ptrdiff_t last = -1;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = (char)(s.p[i] | 32);
		if (c == 'a' || c == 'e')
			return i;
		if (c == 'o' && i + 1 < s.n && (s.p[i + 1] | 32) == 'u')
			return i;
		if (memchr(vowels, s.p[i], sizeof vowels - 1))
			last = i;
	}
	return last;
}

static void add_vowel(struct sb *sb, char vowel, bool umlaut, int tone)
{
	static const char *const marks[][5] = {
		{"ā", "á", "ǎ", "à", "a"},
		{"ē", "é", "ě", "è", "e"},
		{"ī", "í", "ǐ", "ì", "i"},
		{"ō", "ó", "ǒ", "ò", "o"},
		{"ū", "ú", "ǔ", "ù", "u"},
		{"ǖ", "ǘ", "ǚ", "ǜ", "ü"},
		{"Ā", "Á", "Ǎ", "À", "A"},
		{"Ē", "É", "Ě", "È", "E"},
		{"Ī", "Í", "Ǐ", "Ì", "I"},
		{"Ō", "Ó", "Ǒ", "Ò", "O"},
		{"Ū", "Ú", "Ǔ", "Ù", "U"},
		{"Ǖ", "Ǘ", "Ǚ", "Ǜ", "Ü"},
	};
	static const char order[] = "aeiou";
	int row = (int)(strchr(order, vowel | 32) - order);
	if (umlaut)
		row = 5;
	sb_add(sb, str_from(marks[vowel & 32 ? row : row + 6][tone - 1]));
}

static void add_syllable(struct sb *sb, str s)
{
	int tone = s.n > 1 ? s.p[s.n - 1] - '0' : 0;
	if (tone < 1 || tone > 5) {
		sb_add(sb, s);
		return;
	}
	s = str_sub(s, 0, s.n - 1);
	ptrdiff_t mark = marked_vowel(s);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		bool umlaut = (s.p[i] | 32) == 'u' && i + 1 < s.n && s.p[i + 1] == ':';
		if (i == mark || umlaut)
			add_vowel(sb, s.p[i], umlaut, i == mark ? tone : 5);
		else
			sb_char(sb, s.p[i]);
		i += umlaut;
	}
}

str pinyin_marked(struct arena *mem, str numbered)
{
	struct sb sb = sb_new(mem, numbered.n + 8);
	for (bool first = true; numbered.p; first = false) {
		if (!first)
			sb_char(&sb, ' ');
		add_syllable(&sb, str_cut(&numbered, ' '));
	}
	return sb_str(&sb);
}
