// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/tongue.h"

#include "unicode/unicode.h"

#include <string.h>

enum tongue tongue_of(lang l)
{
	static const char *const tags[TONGUES] = {"en", "zh", "es", "ja", "ko", "fr"};
	for (int i = 0; i < TONGUES; i++)
		if (lang_same_base(l, lang_from(str_from(tags[i]))))
			return (enum tongue)i;
	return TONGUES;
}

bool tongue_is_spaceless(enum tongue t)
{
	return t == CHINESE || t == JAPANESE;
}

// A sign of a sentence and what it is in writing of the other kind.
static const struct {
	uint32_t narrow;
	const char *wide, *plain;
	bool ends; // a sentence
} signs[] = {{',', "，", ",", false}, {'.', "。", ".", true}, {'!', "！", "!", true},
	{'?', "？", "?", true}, {';', "；", ";", false}, {':', "：", ":", false}};

static int sign_of(uint32_t cp)
{
	switch (cp) {
	case 0xff0c:
	case 0x3001:
		return 0;
	case 0x3002:
		return 1;
	case 0xff01:
		return 2;
	case 0xff1f:
		return 3;
	case 0xff1b:
		return 4;
	case 0xff1a:
		return 5;
	default:
		for (int i = 0; i < COUNT(signs); i++)
			if (signs[i].narrow == cp)
				return i;
		return -1;
	}
}

// The answer's own signs at its end.
static str without_end(str s)
{
	while (s.n) {
		ptrdiff_t at = s.n;
		if (sign_of(utf8_before(s, &at)) < 0)
			break;
		s.n = at;
	}
	return s;
}

// "So cute" goes on as "so cute"; I stays I.
static void add_inside(struct sb *sb, str s)
{
	bool upper = s.n && s.p[0] >= 'A' && s.p[0] <= 'Z';
	bool keeps = s.n == 1 || (s.n > 1 && !(s.p[1] >= 'a' && s.p[1] <= 'z'));
	if (upper && !keeps) {
		sb_char(sb, (char)(s.p[0] | 32));
		s = str_skip(s, 1);
	}
	sb_add(sb, s);
}

static void add_sign(struct sb *sb, enum tongue t, uint32_t cp, bool *ends, bool *wrote)
{
	int sign = sign_of(cp);
	if (sign >= 0) {
		sb_add(sb, str_from(tongue_is_spaceless(t) ? signs[sign].wide : signs[sign].plain));
		*ends = *ends || signs[sign].ends;
		*wrote = true;
		return;
	}
	if (unicode_is_space(cp))
		return;
	// An emoji stands apart in writing with spaces, but not from its like.
	ptrdiff_t at = sb->n;
	bool apart = !tongue_is_spaceless(t) && cp >= 0x2190 && cp != 0xfe0f && cp != 0x200d &&
		     sb->n && utf8_before(sb_str(sb), &at) < 0x2190 && sb->p[sb->n - 1] != ' ';
	if (apart)
		sb_char(sb, ' ');
	sb_utf8(sb, cp);
	*wrote = true;
}

static bool has_sign(str s)
{
	for (ptrdiff_t at = 0; at < s.n;)
		if (sign_of(utf8_next(s, &at)) >= 0)
			return true;
	return false;
}

bool tongue_join(struct sb *sb, enum tongue t, str answer, str behind, bool begins, bool last)
{
	bool ends = false, wrote = false, own = has_sign(behind);
	str text = own || !last ? without_end(answer) : answer;
	if (begins)
		sb_add(sb, text);
	else
		add_inside(sb, text);
	for (ptrdiff_t at = 0; at < behind.n;)
		add_sign(sb, t, utf8_next(behind, &at), &ends, &wrote);
	if (!last && !wrote)
		sb_add(sb, tongue_is_spaceless(t) ? S("，") : S(","));
	if (!last && !tongue_is_spaceless(t) && answer.n)
		sb_char(sb, ' ');
	return ends || (wrote && !own) || (begins && !answer.n);
}
