// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/stem.h"

#include <string.h>

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool ends_with_one(str s, const char *const *endings, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_ends(s, str_from(endings[i])))
			return true;
	return false;
}

static bool has_vowel(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (strchr("aeiouy", s.p[i]))
			return true;
	return false;
}

// Without the plural.
static ptrdiff_t singular(char *p, ptrdiff_t n)
{
	static const char *const es[] = {"ches", "shes", "sses", "xes", "zes", "oes"};
	static const char *const kept[] = {"ss", "us", "is"};
	str s = {p, n};
	if (n > 4 && str_ends(s, S("ies"))) {
		p[n - 3] = 'y';
		return n - 2;
	}
	if (n > 4 && ends_with_one(s, es, COUNT(es)))
		return n - 2;
	return n > 3 && p[n - 1] == 's' && !ends_with_one(s, kept, COUNT(kept)) ? n - 1 : n;
}

// Without -ing and -ed, and what they doubled.
static bool is_short(const char *p)
{
	return !strchr("aeiou", p[0]) && strchr("aeiou", p[1]) && !strchr("aeiouwxy", p[2]);
}

static ptrdiff_t bare(char *p, ptrdiff_t n)
{
	static const char *const endings[] = {"ing", "ed"};
	for (int i = 0; i < COUNT(endings); i++) {
		str ending = str_from(endings[i]);
		ptrdiff_t left = n - ending.n;
		if (left <= 2 || !str_ends((str){p, n}, ending) || !has_vowel((str){p, left}))
			continue;
		bool doubled =
			left > 3 && p[left - 1] == p[left - 2] && strchr("bdfgmnprt", p[left - 1]);
		if (left == 3 && is_short(p)) // baking is of bake, and fixing of fix
			p[left++] = 'e';
		return left - doubled;
	}
	return n;
}

// `p` has the word in lower case, and is its own.
static str stem(char *p, ptrdiff_t n)
{
	if (n > 2 && p[n - 2] == '\'' && p[n - 1] == 's')
		n -= 2;
	ptrdiff_t to = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		if (p[i] != '\'')
			p[to++] = p[i];
	n = bare(p, singular(p, to));
	if (n > 4 && p[n - 1] == 'e')
		n--;
	if (n > 3 && p[n - 1] == 'i')
		p[n - 1] = 'y';
	return (str){p, n};
}

static bool is_empty(str word)
{
	static const char *const empty[] = {"to", "a", "an", "the", "of", "sth", "sb", "be",
		"one's", "oneself", "one", "is", "are", "for", "in", "on"};
	for (int i = 0; i < COUNT(empty); i++)
		if (str_eq(word, str_from(empty[i])))
			return true;
	return false;
}

// The end of the word at `at`: letters and digits, and an apostrophe with letters behind it.
static ptrdiff_t word_end(str s, ptrdiff_t at)
{
	while (at < s.n && is_plain(s.p[at]))
		at++;
	ptrdiff_t behind = at + 1;
	while (at < s.n && s.p[at] == '\'' && behind < s.n && s.p[behind] >= 'a' &&
		s.p[behind] <= 'z')
		behind++;
	return behind > at + 1 ? behind : at;
}

static void collect(struct arena *mem, str lower, struct stems *out, bool all)
{
	out->n = 0;
	for (ptrdiff_t at = 0; at < lower.n && out->n < STEM_WORDS_MOST;) {
		if (!is_plain(lower.p[at])) {
			at++;
			continue;
		}
		ptrdiff_t end = word_end(lower, at);
		str word = str_sub(lower, at, end);
		at = end;
		if (all || !is_empty(word)) {
			char *own = arena_bytes(mem, word.n);
			memcpy(own, word.p, (size_t)word.n);
			out->words[out->n++] = stem(own, word.n);
		}
	}
}

void stems_of(struct arena *mem, str text, struct stems *out)
{
	str lower = str_lower(mem, text);
	collect(mem, lower, out, false);
	if (!out->n)
		collect(mem, lower, out, true);
}

str stems_key(struct arena *mem, const struct stems *stems, int from, int to)
{
	str key = str_join(mem, stems->words + from, to - from, S(""));
	key.n -= key.n > 4 && key.p[key.n - 1] == 'e';
	return key;
}
