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

static const char *const english_cries[] = {"oh my god", "oh my gosh", "omg", "wow", "haha",
	"hahaha", "lol", "lmao", "ngl", "tbh", "honestly", "aww", "aw", "yes", "no", "ok", "okay",
	"thanks", "thank you", "please", "pls", "congrats", "congratulations", "damn", "same",
	"girl", "bro", "bestie", "ugh", "yay", "hi", "hey", "hello", "sorry"};
static const char *const chinese_cries[] = {"我的天", "天哪", "天呐", "我天", "妈呀", "救命",
	"哇塞", "哇哦", "哇", "笑死我了", "笑死", "绝了", "谢谢", "感谢", "恭喜", "请问", "对不起",
	"不好意思", "说实话", "真的", "是的", "哈喽", "你好", "呜呜"};

static bool parts_words(str text, ptrdiff_t at)
{
	return at <= 0 || at >= text.n || text.p[at] == ' ' || text.p[at - 1] == ' ';
}

// 哈哈哈 and 啊啊啊, however long.
static ptrdiff_t laughter(str text, bool at_end)
{
	static const char *const sounds[] = {"哈", "啊", "呜", "嘿", "嘻"};
	for (int i = 0; i < COUNT(sounds); i++) {
		str one = str_from(sounds[i]);
		ptrdiff_t n = 0;
		while (n + one.n <= text.n &&
			str_eq(at_end ? str_sub(text, text.n - n - one.n, text.n - n)
				      : str_sub(text, n, n + one.n),
				one))
			n += one.n;
		if (n >= 2 * one.n && n < text.n)
			return n;
	}
	return 0;
}

ptrdiff_t tongue_exclaims(enum tongue t, str text, bool at_end)
{
	const char *const *list = t == CHINESE ? chinese_cries : english_cries;
	ptrdiff_t n = t == CHINESE ? COUNT(chinese_cries) : COUNT(english_cries);
	if (t != CHINESE && t != ENGLISH)
		return 0;
	ptrdiff_t laughs = t == CHINESE ? laughter(text, at_end) : 0;
	for (ptrdiff_t i = 0; !laughs && i < n; i++) {
		str one = str_from(list[i]);
		bool there =
			text.n > one.n && str_ieq(at_end ? str_sub(text, text.n - one.n, text.n)
							 : str_sub(text, 0, one.n),
						  one);
		if (there && (t == CHINESE || parts_words(text, at_end ? text.n - one.n : one.n)))
			return one.n;
	}
	return laughs;
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
