// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Normal forms, through ICU's UTF-16 where the fast look finds something to do.
#include "unicode/unicode.h"
#include "unicode/inside.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static bool all_plain(str s)
{
	for (ptrdiff_t i = 0; i < s.n;)
		if (!plain(utf8_next(s, &i)))
			return false;
	return true;
}

// The text normalised by an ICU instance; what ICU refuses (it has no reason to) stays as it was.
static str normalise(struct arena *mem, str s, const UNormalizer2 *how)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0, n_out;
	int32_t room = (int32_t)s.n + 1;
	must(s.n < 64 << 20);
	UChar *from = NEW_N(mem, UChar, room);
	u_strFromUTF8(from, room, &n, s.p, (int32_t)s.n, &status);
	UChar *to = NULL;
	for (int32_t room_out = n + n / 2 + 32;; room_out = n_out + 1) {
		if (U_FAILURE(status))
			return s;
		to = NEW_N(mem, UChar, room_out);
		n_out = unorm2_normalize(how, from, n, to, room_out, &status);
		if (status != U_BUFFER_OVERFLOW_ERROR)
			break;
		status = U_ZERO_ERROR;
	}
	char *bytes = arena_alloc(mem, (ptrdiff_t)n_out * 3 + 1, 1, 1);
	int32_t n_bytes = 0;
	u_strToUTF8(bytes, n_out * 3 + 1, &n_bytes, to, n_out, &status);
	return U_FAILURE(status) ? s : (str){bytes, n_bytes};
}

str unicode_nfc(struct arena *mem, str s)
{
	if (all_plain(s))
		return s;
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	return U_FAILURE(status) ? s : normalise(mem, s, nfc);
}

str unicode_fold(struct arena *mem, str s)
{
	bool easy = true;
	for (ptrdiff_t i = 0; i < s.n && easy;) {
		uint32_t cp = utf8_next(s, &i);
		easy = cp < 0x7f || (cp >= HAN_FIRST && cp <= HAN_LAST);
	}
	if (easy)
		return str_lower(mem, s);
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
	return U_FAILURE(status) ? str_lower(mem, s) : normalise(mem, s, fold);
}

static bool control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xfeff || cp == 0xfffd ||
	       (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef) ||
	       (cp >= 0xfff9 && cp <= 0xfffb);
}

// The end of the plain words from `at` on, behind something visible, that one space each is between: taken
// over as a whole.
static ptrdiff_t words_end(str s, ptrdiff_t at)
{
	for (ptrdiff_t next = at; next < s.n; at = next) {
		next += s.p[next] == ' ';
		uint32_t cp = next < s.n ? utf8_next(s, &next) : 0;
		if (cp <= ' ' || !plain(cp))
			break;
	}
	return at;
}

str unicode_line(struct arena *mem, str s)
{
	struct sb sb = sb_new(mem, s.n);
	bool space = false;
	for (ptrdiff_t from = 0, i = 0; i < s.n; from = i) {
		uint32_t cp = utf8_next(s, &i);
		if (unicode_is_space(cp)) {
			space = sb.n > 0;
			continue;
		}
		if (control(cp))
			continue;
		if (space)
			sb_char(&sb, ' ');
		space = false;
		i = words_end(s, i);
		sb_add(&sb, str_sub(s, from, i));
	}
	return unicode_nfc(mem, sb_str(&sb));
}

str unicode_body(struct arena *mem, str s)
{
	struct sb sb = sb_new(mem, s.n);
	ptrdiff_t ends = 0, spaces = 0; // line ends and spaces not yet written
	for (ptrdiff_t from = 0, i = 0; i < s.n; from = i) {
		uint32_t cp = utf8_next(s, &i);
		if (cp == '\r' && i < s.n && s.p[i] == '\n')
			continue;
		if (cp == '\n' || cp == '\r' || cp == 0x2028 || cp == 0x2029 || cp == 0x85) {
			ends++;
			spaces = 0;
		} else if (cp == ' ' || cp == '\t') {
			spaces++;
		} else if (!control(cp)) {
			for (ptrdiff_t n = sb.n ? MIN(ends, 3) : 0; n > 0; n--)
				sb_char(&sb, '\n');
			for (ptrdiff_t n = sb.n ? spaces : 0; n > 0; n--)
				sb_char(&sb, ' ');
			ends = spaces = 0;
			i = words_end(s, i);
			sb_add(&sb, str_sub(s, from, i));
		}
	}
	return unicode_nfc(mem, sb_str(&sb));
}
