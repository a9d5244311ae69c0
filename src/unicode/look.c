// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Characters around a place in a text, as a reader sees them: what is invisible stands between
// nothing, a mark belongs to its letter. ICU's property tables are constant data.
#include "unicode/inside.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

bool is_mark(uint32_t cp)
{
	return cp >= 0x300 && !(cp >= 0x3000 && cp <= HAN_LAST && cp != 0x3099 && cp != 0x309a) &&
	       (U_GET_GC_MASK((UChar32)cp) & (U_GC_MN_MASK | U_GC_MC_MASK)) != 0;
}

bool is_hidden(uint32_t cp)
{
	if (cp < 0xad || (cp >= HAN_FIRST && cp <= HAN_LAST))
		return false;
	return u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	       u_charType((UChar32)cp) == U_FORMAT_CHAR;
}

bool is_solid(uint32_t cp)
{
	if (cp < 0xe00)
		return false;
	if ((cp >= 0x3041 && cp <= 0x30ff && cp != 0x30fb) || (cp >= HAN_FIRST && cp <= HAN_LAST) ||
		(cp >= 0xff66 && cp <= 0xff9f))
		return true;
	if (!unicode_is_letter(cp))
		return cp == 0x3007; // the zero of Chinese numbers
	UErrorCode status = U_ZERO_ERROR;
	return uscript_breaksBetweenLetters(uscript_getScript((UChar32)cp, &status));
}

bool is_label(uint32_t cp)
{
	if (cp < 0x80)
		return cp == '-' || cp == '_' || unicode_is_letter(cp);
	if (cp == 0xb7 || cp == 0x387 || cp == 0x5f3 || cp == 0x5f4 || cp == 0xf0b ||
		cp == 0x2027 || cp == 0x30fb || cp == 0xff65)
		return true; // marks within words
	return (U_GET_GC_MASK((UChar32)cp) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK |
						     U_GC_S_MASK | U_GC_PC_MASK | U_GC_PD_MASK)) ||
	       u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC);
}

bool is_hangul(uint32_t cp)
{
	return unicode_script(cp) == SCRIPT_HANGUL;
}

// Neither has a bound: nothing that is looked past is a sign that anything begins with, so each
// character is looked past for one sign.
uint32_t seen_before(str s, ptrdiff_t *at)
{
	while (*at > 0) {
		uint32_t cp = utf8_before(s, at);
		if (!is_hidden(cp) && !is_mark(cp))
			return cp;
	}
	return 0;
}

uint32_t seen_after(str s, ptrdiff_t *at)
{
	while (*at < s.n) {
		uint32_t cp = utf8_next(s, at);
		if (!is_hidden(cp))
			return cp;
	}
	return 0;
}

// Where s goes on behind the word that stands at `at` as a reader sees it, 0 when it does not.
static ptrdiff_t behind(str s, ptrdiff_t at, str word)
{
	for (ptrdiff_t i = 0; i < word.n;)
		if (seen_after(s, &at) != utf8_next(word, &i))
			return 0;
	return at;
}

// From the Public Suffix List.
ptrdiff_t domain_end(str s, ptrdiff_t at)
{
	static const char *const known[] = {"中国", "中國", "香港", "澳门", "澳門", "台湾", "台灣",
		"臺灣", "新加坡", "佛山", "广东", "公司", "公益", "企业", "机构", "组织机构",
		"集团", "政府", "政务", "中信", "联通", "移动", "微博", "谷歌", "亚马逊", "飞利浦",
		"淡马锡", "嘉里", "嘉里大酒店", "香格里拉", "電訊盈科", "网络", "网址", "网店",
		"网站", "中文网", "在线", "信息", "新闻", "世界", "娱乐", "游戏", "时尚", "健康",
		"慈善", "招聘", "商标", "商店", "商城", "购物", "通販", "家電", "食品", "餐厅",
		"手机", "書籍", "点看", "八卦", "大拿", "天主教", "我爱你", "みんな", "コム",
		"セール", "ストア", "クラウド", "グーグル", "アマゾン", "ポイント", "ファッション",
		"한국", "삼성", "닷컴", "닷넷", "ไทย", "คอม", "ລາວ"};
	ptrdiff_t end = 0;
	for (int i = 0; i < COUNT(known); i++) {
		ptrdiff_t ends = behind(s, at, str_from(known[i]));
		end = ends > end ? ends : end;
	}
	return end;
}

static bool is_full_stop(uint32_t cp)
{
	return cp == 0x3002 || cp == 0xff61;
}

static bool is_dot(uint32_t cp)
{
	return cp == '.' || cp == 0x2024 || cp == 0xfe52 || cp == 0xff0e || is_full_stop(cp);
}

// Whether a sentence may begin with it behind a full stop of Chinese or Japanese, or a mood be shown.
static bool begins_sentence(uint32_t cp)
{
	UErrorCode status = U_ZERO_ERROR;
	switch (uscript_getScript((UChar32)cp, &status)) {
	case USCRIPT_HAN:
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_BOPOMOFO:
	case USCRIPT_YI:
		return true;
	case USCRIPT_COMMON:
	case USCRIPT_INHERITED:
		return cp >= 0x80;
	default:
		return false;
	}
}

bool dot_goes_on(str s, ptrdiff_t at)
{
	while (at < s.n) {
		uint32_t dot = seen_after(s, &at);
		ptrdiff_t from = at, next = at;
		uint32_t cp = seen_after(s, &next);
		if (!is_dot(dot) || !is_label(cp))
			return false;
		if (!is_full_stop(dot) || !begins_sentence(cp))
			return true;
		for (; is_label(cp); cp = seen_after(s, &next))
			at = next;
		if (domain_end(s, from) == at)
			return true;
	}
	return false;
}
