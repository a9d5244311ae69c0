// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The languages people write and read here. Each has its name in the catalogue (language.words) and
// its own name, which is the same in every interface and so stands here.
#include "words/words.h"

static const struct language languages[] = {
	{LANG("en"), W_language_en, STR_INIT("English")},
	{LANG("zh-Hans"), W_language_zh_hans, STR_INIT("简体中文")},
	{LANG("zh-Hant"), W_language_zh_hant, STR_INIT("繁體中文")},
	{LANG("ja"), W_language_ja, STR_INIT("日本語")},
	{LANG("ko"), W_language_ko, STR_INIT("한국어")},
	{LANG("es"), W_language_es, STR_INIT("Español")},
	{LANG("fr"), W_language_fr, STR_INIT("Français")},
	{LANG("de"), W_language_de, STR_INIT("Deutsch")},
	{LANG("pt"), W_language_pt, STR_INIT("Português")},
	{LANG("it"), W_language_it, STR_INIT("Italiano")},
	{LANG("ru"), W_language_ru, STR_INIT("Русский")},
	{LANG("ar"), W_language_ar, STR_INIT("العربية")},
	{LANG("hi"), W_language_hi, STR_INIT("हिन्दी")},
	{LANG("id"), W_language_id, STR_INIT("Bahasa Indonesia")},
	{LANG("vi"), W_language_vi, STR_INIT("Tiếng Việt")},
	{LANG("th"), W_language_th, STR_INIT("ไทย")},
	{LANG("tr"), W_language_tr, STR_INIT("Türkçe")},
	{LANG("nl"), W_language_nl, STR_INIT("Nederlands")},
	{LANG("pl"), W_language_pl, STR_INIT("Polski")},
	{LANG("uk"), W_language_uk, STR_INIT("Українська")},
	{LANG("cs"), W_language_cs, STR_INIT("Čeština")},
	{LANG("sv"), W_language_sv, STR_INIT("Svenska")},
	{LANG("da"), W_language_da, STR_INIT("Dansk")},
	{LANG("no"), W_language_no, STR_INIT("Norsk")},
	{LANG("fi"), W_language_fi, STR_INIT("Suomi")},
	{LANG("el"), W_language_el, STR_INIT("Ελληνικά")},
	{LANG("he"), W_language_he, STR_INIT("עברית")},
	{LANG("fa"), W_language_fa, STR_INIT("فارسی")},
	{LANG("ur"), W_language_ur, STR_INIT("اردو")},
	{LANG("bn"), W_language_bn, STR_INIT("বাংলা")},
	{LANG("ta"), W_language_ta, STR_INIT("தமிழ்")},
	{LANG("te"), W_language_te, STR_INIT("తెలుగు")},
	{LANG("ms"), W_language_ms, STR_INIT("Bahasa Melayu")},
	{LANG("tl"), W_language_tl, STR_INIT("Tagalog")},
	{LANG("hu"), W_language_hu, STR_INIT("Magyar")},
	{LANG("ro"), W_language_ro, STR_INIT("Română")},
	{LANG("bg"), W_language_bg, STR_INIT("Български")},
	{LANG("sk"), W_language_sk, STR_INIT("Slovenčina")},
	{LANG("hr"), W_language_hr, STR_INIT("Hrvatski")},
	{LANG("sr"), W_language_sr, STR_INIT("Српски")},
	{LANG("ca"), W_language_ca, STR_INIT("Català")},
	{LANG("ka"), W_language_ka, STR_INIT("ქართული")},
	{LANG("hy"), W_language_hy, STR_INIT("Հայերեն")},
	{LANG("am"), W_language_am, STR_INIT("አማርኛ")},
	{LANG("sw"), W_language_sw, STR_INIT("Kiswahili")},
	{LANG("mn"), W_language_mn, STR_INIT("Монгол")},
	{LANG("yue"), W_language_yue, STR_INIT("粵語")},
};

const struct language *words_languages(ptrdiff_t *n)
{
	*n = COUNT(languages);
	return languages;
}

// The language itself, else the one it is a kind of: pt-BR is shown as pt, nb and nn as no.
static const struct language *find(lang wanted)
{
	if (lang_same_base(wanted, LANG("nb")) || lang_same_base(wanted, LANG("nn")))
		wanted = LANG("no");
	for (ptrdiff_t i = 0; i < COUNT(languages); i++)
		if (lang_eq(languages[i].lang, wanted))
			return &languages[i];
	for (ptrdiff_t i = 0; i < COUNT(languages); i++)
		if (lang_same_base(languages[i].lang, wanted))
			return &languages[i];
	return NULL;
}

str words_language(int locale, lang wanted)
{
	const struct language *known = find(wanted);
	return word_get(locale, known ? known->word : W_language_unknown);
}

str words_language_itself(lang wanted)
{
	const struct language *known = find(wanted);
	return known ? known->itself : (str){0};
}
