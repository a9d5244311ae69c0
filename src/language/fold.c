// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/fold.h"

#include "unicode/unicode.h"

static bool joins_words(enum script s)
{
	return s == SCRIPT_HAN || s == SCRIPT_KANA || s == SCRIPT_THAI;
}

struct folding {
	struct sb out;
	int repeats;
	uint32_t last; // what was written last, and how often
	int times;
	bool gap; // something that is no letter came since
	bool spaceless;
};

static void write(struct folding *f, uint32_t cp)
{
	bool spaceless = cp >= 0x80 && joins_words(unicode_script(cp));
	if (f->gap && f->out.n && !spaceless && !f->spaceless)
		sb_char(&f->out, ' ');
	f->gap = false;
	f->spaceless = spaceless;
	sb_utf8(&f->out, cp);
}

// A run is written when it ends: two of a kind stay, three are as many as are wanted.
static void end_run(struct folding *f)
{
	int n = f->times < 3 ? f->times : f->repeats;
	for (int i = 0; i < n; i++)
		write(f, f->last);
	f->times = 0;
}

str fold_text(struct arena *mem, str text, int repeats)
{
	struct folding f = {.out = sb_new(mem, text.n + 8), .repeats = repeats};
	str folded = unicode_fold(mem, text);
	for (ptrdiff_t at = 0; at < folded.n;) {
		uint32_t cp = utf8_next(folded, &at);
		if (cp == '\'' || cp == 0x2019 || cp == 0x2018)
			continue;
		bool letter = unicode_is_letter(cp);
		if (letter && f.times && cp == f.last && !unicode_is_digit(cp)) {
			f.times++;
			continue;
		}
		end_run(&f);
		f.gap = f.gap || !letter;
		f.last = cp;
		f.times = letter;
	}
	end_run(&f);
	return sb_str(&f.out);
}

str fold_harden(str folded)
{
	static const char *const soft[] = {"啊", "呀", "哦", "呢", "啦", "嘛", "哈", "吧", "喔",
		"噢", "哇", "诶", "欸", "嘞", "耶"};
	for (int i = 0; i < COUNT(soft); i++) {
		str one = str_from(soft[i]);
		if (str_ends(folded, one) && folded.n > one.n)
			return fold_harden(str_sub(folded, 0, folded.n - one.n));
	}
	return folded;
}

bool fold_repeats(str text)
{
	uint32_t last = 0;
	int times = 0;
	for (ptrdiff_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		times = cp == last ? times + 1 : 1;
		last = cp;
		if (times >= 3 && unicode_is_letter(cp))
			return true;
	}
	return false;
}
