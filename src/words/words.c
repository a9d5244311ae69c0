// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looking words up and filling their placeholders, and choosing a locale. Numbers and times stand
// in numbers.c, the plural rules in plural.c, the names of languages in languages.c.
#include "words/words.h"
#include "words/catalogue.h"

static str slot(const struct catalogue *c, ptrdiff_t i)
{
	return (str){c->text + c->at[i], (ptrdiff_t)c->at[i + 1] - (ptrdiff_t)c->at[i]};
}

static const struct catalogue *catalogue(int locale)
{
	must(locale >= 0 && locale < LOCALE_COUNT);
	return &catalogues[locale];
}

bool word_given(int locale, int word)
{
	must(word >= 0 && word < W_COUNT);
	return slot(catalogue(locale), word).n > 0;
}

const char *word_key(int word)
{
	must(word >= 0 && word < W_COUNT);
	return word_keys[word];
}

str word_get(int locale, int word)
{
	must(word >= 0 && word < W_COUNT);
	str text = slot(catalogue(locale), word);
	return text.n ? text : slot(&catalogues[LOCALE_EN], word);
}

str word_form(int locale, int word, int64_t n)
{
	const struct catalogue *c = catalogue(word_given(locale, word) ? locale : LOCALE_EN);
	if (!c->plural[word])
		return slot(c, word);
	str text = slot(c, c->plural[word] + (int)plural_of(c->family, n));
	return text.n ? text : slot(c, word);
}

str word_next(str *form, char *placeholder)
{
	ptrdiff_t at = str_find_char(*form, '{');
	*placeholder = 0;
	if (at < 0) {
		str all = *form;
		*form = str_skip(*form, form->n);
		return all;
	}
	str before = str_sub(*form, 0, at);
	ptrdiff_t end = str_find_char(*form, '}');
	must(end > at + 1);
	*placeholder = end - at > 2 ? 't' : form->p[at + 1];
	*form = str_skip(*form, end + 1);
	return before;
}

// Han, kana, and the marks and forms that are as wide.
static bool is_wide(uint32_t cp)
{
	return (cp >= 0x2e80 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0xff00 && cp <= 0xff60) || (cp >= 0x20000 && cp <= 0x3ffff);
}

static bool begins_wide(str s)
{
	ptrdiff_t at = 0;
	while (s.n && s.p[0] == '<')
		str_cut(&s, '>');
	return s.n && is_wide(utf8_next(s, &at));
}

static bool ends_wide(str s)
{
	while (s.n && s.p[s.n - 1] == '>')
		while (s.n && s.p[--s.n] != '<')
			continue;
	ptrdiff_t at = s.n;
	return s.n && is_wide(utf8_before(s, &at));
}

void word_meet(str *left, str *right)
{
	str a = *left, b = *right;
	bool spaced = a.n && a.p[a.n - 1] == ' ';
	if (spaced)
		a.n--;
	else if (b.n && b.p[0] == ' ')
		b = str_skip(b, 1);
	if (ends_wide(a) && begins_wide(b)) {
		*left = a;
		*right = b;
	}
}

static void add(struct sb *sb, str text)
{
	str left = sb_str(sb);
	word_meet(&left, &text);
	sb->n = left.n;
	sb_add(sb, text);
}

str word_fmt(struct arena *mem, int locale, int word, const struct word_args *args)
{
	str form = word_form(locale, word, args->n);
	struct sb sb = sb_new(mem, form.n + args->s.n + args->s2.n + 16);
	while (form.n) {
		char what;
		add(&sb, word_next(&form, &what));
		if (what == 'n')
			add(&sb, words_number(mem, locale, args->n));
		else if (what == 'c')
			add(&sb, words_count(mem, locale, args->n));
		else if (what)
			add(&sb, what == 's' ? args->s : args->s2);
	}
	return sb_str(&sb);
}

lang locale_lang(int locale)
{
	return catalogue(locale)->lang;
}

bool locale_rtl(int locale)
{
	return catalogue(locale)->rtl;
}

str locale_name(int locale)
{
	return words_language_itself(locale_lang(locale));
}

int locale_find(str tag)
{
	for (int i = 0; i < LOCALE_COUNT; i++)
		if (str_ieq(lang_str(&catalogues[i].lang), tag))
			return i;
	return -1;
}

// Browsers send zh-CN, zh-TW, zh: what script that means is convention (CLDR likely subtags).
static str spelled_out(str tag)
{
	static const char *const traditional[] = {"zh-TW", "zh-HK", "zh-MO", "zh-Hant"};
	if (!str_istarts(tag, S("zh")) || (tag.n > 2 && tag.p[2] != '-'))
		return tag;
	for (int i = 0; i < COUNT(traditional); i++)
		if (str_istarts(tag, str_from(traditional[i])))
			return S("zh-Hant");
	return S("zh-Hans");
}

// The locale that serves a wanted tag: itself, else one of the same base language, else -1.
static int locale_for(str wanted)
{
	str tag = spelled_out(wanted);
	int exact = locale_find(tag);
	if (exact >= 0)
		return exact;
	str base = str_cut(&tag, '-');
	for (int i = 0; i < LOCALE_COUNT; i++) {
		str ours = lang_str(&catalogues[i].lang);
		if (str_ieq(str_cut(&ours, '-'), base))
			return i;
	}
	return -1;
}

// A quality of RFC 9110 section 12.4.2 in thousandths: "0.8" is 800.
static int quality(str q)
{
	if (!q.n || (q.p[0] != '0' && q.p[0] != '1'))
		return 0;
	int value = q.p[0] == '1' ? 1000 : 0;
	int unit = 100;
	for (ptrdiff_t i = 2; i < q.n && i < 5 && q.p[1] == '.'; i++, unit /= 10)
		if (q.p[i] >= '0' && q.p[i] <= '9')
			value += (q.p[i] - '0') * unit;
	return MIN(value, 1000);
}

int locale_pick(str accept_language)
{
	int best = LOCALE_EN, best_quality = 0;
	for (str rest = accept_language; rest.p && rest.n;) {
		str item = str_cut(&rest, ',');
		str tag = str_trim(str_cut(&item, ';'));
		str weight = str_trim(item);
		int q = str_istarts(weight, S("q=")) ? quality(str_skip(weight, 2)) : 1000;
		int locale = locale_for(tag);
		if (locale >= 0 && q > best_quality) {
			best = locale;
			best_quality = q;
		}
	}
	return best;
}
