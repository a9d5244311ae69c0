// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Characters' classes, scripts, and the language of a text by its script. ICU's property tables are
// constant data in its library: looking there opens nothing.
#include "unicode/unicode.h"
#include "unicode/inside.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

bool unicode_is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
		       (cp >= '0' && cp <= '9');
	if (cp >= HAN_FIRST && cp <= HAN_LAST)
		return true;
	return (U_GET_GC_MASK((UChar32)cp) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

bool unicode_is_digit(uint32_t cp)
{
	return cp < 0x80 ? cp >= '0' && cp <= '9'
			 : u_charType((UChar32)cp) == U_DECIMAL_DIGIT_NUMBER;
}

bool unicode_is_space(uint32_t cp)
{
	return cp < 0x80 ? cp == ' ' || (cp >= '\t' && cp <= '\r') : u_isUWhiteSpace((UChar32)cp);
}

static bool refused_in_names(uint32_t cp)
{
	if (cp == 0x200c || cp == 0x200d) // joiners hold emoji and Persian words together
		return false;
	if (cp == 0x115f || cp == 0x1160 || cp == 0x3164 || cp == 0xffa0 ||
		cp == 0x2800) // empty letters
		return true;
	if ((cp >= 0xe0020 && cp <= 0xe007f) ||
		(cp >= 0x1f000 && cp <= 0x1faff)) // flags; emoji newer than ICU
		return false;
	uint32_t refused = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK |
			   U_GC_CN_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
	return (U_GET_GC_MASK((UChar32)cp) & refused) != 0;
}

bool unicode_name_ok(str s)
{
	int marks = 0;
	bool visible = false;
	for (ptrdiff_t i = 0; i < s.n;) {
		uint32_t cp = utf8_next(s, &i);
		if (plain(cp) && cp >= 0x20) {
			visible = visible || (cp != ' ' && cp != 0x3000);
			marks = 0;
			continue;
		}
		if (refused_in_names(cp))
			return false;
		uint32_t class = U_GET_GC_MASK((UChar32)cp);
		marks = class & U_GC_M_MASK ? marks + 1 : 0;
		if (marks > 4)
			return false;
		visible = visible ||
			  (class & (U_GC_L_MASK | U_GC_N_MASK | U_GC_P_MASK | U_GC_S_MASK)) != 0;
	}
	return visible;
}

enum script unicode_script(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 32) >= 'a' && (cp | 32) <= 'z' ? SCRIPT_LATIN : SCRIPT_NONE;
	if (cp >= HAN_FIRST && cp <= HAN_LAST)
		return SCRIPT_HAN;
	if (!(U_GET_GC_MASK((UChar32)cp) & U_GC_L_MASK))
		return SCRIPT_NONE;
	static const struct {
		UScriptCode code;
		enum script script;
	} known[] = {{USCRIPT_LATIN, SCRIPT_LATIN}, {USCRIPT_HAN, SCRIPT_HAN},
		{USCRIPT_HIRAGANA, SCRIPT_KANA}, {USCRIPT_KATAKANA, SCRIPT_KANA},
		{USCRIPT_HANGUL, SCRIPT_HANGUL}, {USCRIPT_CYRILLIC, SCRIPT_CYRILLIC},
		{USCRIPT_ARABIC, SCRIPT_ARABIC}, {USCRIPT_DEVANAGARI, SCRIPT_DEVANAGARI},
		{USCRIPT_HEBREW, SCRIPT_HEBREW}, {USCRIPT_GREEK, SCRIPT_GREEK},
		{USCRIPT_THAI, SCRIPT_THAI}, {USCRIPT_BENGALI, SCRIPT_BENGALI},
		{USCRIPT_TAMIL, SCRIPT_TAMIL}, {USCRIPT_TELUGU, SCRIPT_TELUGU},
		{USCRIPT_GEORGIAN, SCRIPT_GEORGIAN}, {USCRIPT_ARMENIAN, SCRIPT_ARMENIAN},
		{USCRIPT_ETHIOPIC, SCRIPT_ETHIOPIC}, {USCRIPT_COMMON, SCRIPT_NONE},
		{USCRIPT_INHERITED, SCRIPT_NONE}};
	UErrorCode status = U_ZERO_ERROR;
	UScriptCode code = uscript_getScript((UChar32)cp, &status);
	for (int i = 0; i < COUNT(known); i++)
		if (known[i].code == code)
			return known[i].script;
	return SCRIPT_OTHER;
}

// Letters per script; a Han, kana or Hangul character counts twice: it says more than a letter.
struct letters {
	int64_t of[SCRIPT_COUNT];
	int64_t all;
	int64_t simplified, traditional;
};

static void count_part(struct letters *count, str s)
{
	for (ptrdiff_t i = 0; i < s.n;) {
		uint32_t cp = utf8_next(s, &i);
		enum script script = unicode_script(cp);
		if (script == SCRIPT_NONE)
			continue;
		int weight =
			script == SCRIPT_HAN || script == SCRIPT_KANA || script == SCRIPT_HANGUL
				? 2
				: 1;
		count->of[script] += weight;
		count->all += weight;
		count->simplified += han_in(only_simplified, cp);
		count->traditional += han_in(only_traditional, cp);
	}
}

static struct letters count_letters(str text)
{
	struct letters count = {0};
	struct text_part part;
	for (ptrdiff_t at = 0; text_next(text, &at, &part);)
		if (part.kind == TEXT_PLAIN || part.kind == TEXT_TOPIC)
			count_part(&count, part.all);
	return count;
}

static enum script commonest(const struct letters *count)
{
	enum script best = SCRIPT_NONE;
	for (enum script s = SCRIPT_LATIN; s < SCRIPT_COUNT; s++)
		if (count->of[s] > count->of[best])
			best = s;
	return best;
}

enum script unicode_text_script(str text)
{
	struct letters count = count_letters(text);
	return commonest(&count);
}

// What a script says without knowing the author; the first of several is the commonest.
static const struct {
	lang lang;
	enum script script;
} scripts[] = {{{"en"}, SCRIPT_LATIN}, {{"zh-Hans"}, SCRIPT_HAN}, {{"zh-Hant"}, SCRIPT_HAN},
	{{"yue"}, SCRIPT_HAN}, {{"ja"}, SCRIPT_KANA}, {{"ko"}, SCRIPT_HANGUL},
	{{"ru"}, SCRIPT_CYRILLIC}, {{"uk"}, SCRIPT_CYRILLIC}, {{"bg"}, SCRIPT_CYRILLIC},
	{{"sr"}, SCRIPT_CYRILLIC}, {{"be"}, SCRIPT_CYRILLIC}, {{"mk"}, SCRIPT_CYRILLIC},
	{{"kk"}, SCRIPT_CYRILLIC}, {{"ky"}, SCRIPT_CYRILLIC}, {{"tg"}, SCRIPT_CYRILLIC},
	{{"mn"}, SCRIPT_CYRILLIC}, {{"ar"}, SCRIPT_ARABIC}, {{"fa"}, SCRIPT_ARABIC},
	{{"ur"}, SCRIPT_ARABIC}, {{"ug"}, SCRIPT_ARABIC}, {{"ps"}, SCRIPT_ARABIC},
	{{"ckb"}, SCRIPT_ARABIC}, {{"sd"}, SCRIPT_ARABIC}, {{"hi"}, SCRIPT_DEVANAGARI},
	{{"mr"}, SCRIPT_DEVANAGARI}, {{"ne"}, SCRIPT_DEVANAGARI}, {{"he"}, SCRIPT_HEBREW},
	{{"yi"}, SCRIPT_HEBREW}, {{"el"}, SCRIPT_GREEK}, {{"th"}, SCRIPT_THAI},
	{{"bn"}, SCRIPT_BENGALI}, {{"as"}, SCRIPT_BENGALI}, {{"ta"}, SCRIPT_TAMIL},
	{{"te"}, SCRIPT_TELUGU}, {{"ka"}, SCRIPT_GEORGIAN}, {{"hy"}, SCRIPT_ARMENIAN},
	{{"am"}, SCRIPT_ETHIOPIC}, {{"ti"}, SCRIPT_ETHIOPIC}, {{"zh"}, SCRIPT_HAN}};

// Languages whose script is not known here (my, km, lo, gu, pa …) must not pass for Latin.
static const char *const other_scripts[] = {
	"my", "km", "lo", "gu", "pa", "kn", "ml", "or", "si", "bo", "dz", "dv"};

enum script unicode_lang_script(lang l)
{
	for (int i = 0; i < COUNT(scripts); i++)
		if (lang_eq(scripts[i].lang, l))
			return scripts[i].script;
	for (int i = 0; i < COUNT(scripts); i++)
		if (lang_same_base(scripts[i].lang, l))
			return scripts[i].script;
	for (int i = 0; i < COUNT(other_scripts); i++)
		if (str_eq(lang_str(&l), str_from(other_scripts[i])))
			return SCRIPT_OTHER;
	return l.tag[0] ? SCRIPT_LATIN : SCRIPT_NONE;
}

static bool knows(const lang *author, int n, lang l)
{
	for (int i = 0; i < n; i++)
		if (lang_eq(author[i], l))
			return true;
	return false;
}

// The author's first language written in that script, else the commonest; "" when none is known.
static lang of_script(enum script script, const lang *author, int n, bool *known)
{
	for (int i = 0; i < n; i++)
		if (unicode_lang_script(author[i]) == script) {
			*known = true;
			return author[i];
		}
	*known = false;
	for (int i = 0; i < COUNT(scripts); i++)
		if (scripts[i].script == script)
			return scripts[i].lang;
	return (lang){0};
}

static lang chinese(const struct letters *count, const lang *author, int n)
{
	if (knows(author, n, LANG("ja")) && !knows(author, n, LANG("zh-Hans")) &&
		!knows(author, n, LANG("zh-Hant")) && count->simplified == 0)
		return LANG("ja");
	if (count->simplified != count->traditional)
		return count->simplified > count->traditional ? LANG("zh-Hans") : LANG("zh-Hant");
	bool known;
	lang own = of_script(SCRIPT_HAN, author, n, &known);
	return known && !lang_eq(own, LANG("zh")) ? own : LANG("zh-Hans");
}

lang unicode_language(str text, const lang *author, int n_author)
{
	struct letters count = count_letters(text);
	int64_t kana = count.of[SCRIPT_KANA], han = count.of[SCRIPT_HAN];
	if (kana > 0 && kana * 8 >= han && (kana + han) * 3 >= count.all)
		return LANG("ja");
	enum script script = commonest(&count);
	if (script == SCRIPT_NONE)
		return (lang){0};
	if (script == SCRIPT_HAN)
		return chinese(&count, author, n_author);
	bool known;
	lang guess = of_script(script, author, n_author, &known);
	bool shared = script == SCRIPT_LATIN || script == SCRIPT_CYRILLIC ||
		      script == SCRIPT_ARABIC || script == SCRIPT_DEVANAGARI;
	return shared && !known && count.all < 12 ? (lang){0} : guess;
}
