// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Characters around a place in a text, as a reader sees them: what is invisible stands between
// nothing, a mark belongs to its letter. ICU's property tables are constant data.
#include "unicode/inside.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define STEPS 64 // characters looked at; what goes on longer is no address
#define LABEL_MOST 63

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
	return cp == '-' || cp == '_' || unicode_is_letter(cp) || cp == 0xb7 || cp == 0x30fb ||
	       cp == 0x3007 ||
	       (cp >= 0xa9 && u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC));
}

bool is_hangul(uint32_t cp)
{
	return unicode_script(cp) == SCRIPT_HANGUL;
}

uint32_t seen_before(str s, ptrdiff_t *at)
{
	uint32_t cp = 0;
	for (int n = 0; *at > 0 && n < STEPS; n++) {
		cp = utf8_before(s, at);
		if (!is_hidden(cp) && !is_mark(cp))
			return cp;
	}
	return *at > 0 ? cp : 0;
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

// Top-level domains that people write behind a full stop of their own script.
static bool is_domain(str label)
{
	static const char *const known[] = {"中国", "中國", "公司", "网络", "網路", "香港", "台湾",
		"台灣", "澳门", "澳門", "新加坡", "网址", "网站", "网店", "中文网", "商城", "商店",
		"在线", "集团", "手机", "移动", "微博", "我爱你", "政务", "公益", "机构", "信息",
		"世界", "娱乐", "游戏", "みんな", "コム"};
	for (int i = 0; i < COUNT(known); i++)
		if (str_eq(label, str_from(known[i])))
			return true;
	return false;
}

bool dot_goes_on(str s, ptrdiff_t at)
{
	ptrdiff_t from = at, end;
	uint32_t dot = seen_after(s, &from);
	if (dot != '.' && dot != 0xff0e && dot != 0x3002 && dot != 0xff61)
		return false;
	end = from;
	uint32_t cp = seen_after(s, &end);
	// Scripts that do not end their sentences so can only mean a host.
	if (dot == '.' || dot == 0xff0e || cp < 0x80 || is_word(cp))
		return cp && is_label(cp);
	for (int n = 0; n < LABEL_MOST && cp && is_label(cp); n++) {
		ptrdiff_t next = end;
		cp = seen_after(s, &next);
		if (!cp || !is_label(cp))
			break;
		end = next;
	}
	return is_domain(str_sub(s, from, end));
}
