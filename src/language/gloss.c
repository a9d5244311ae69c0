// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which reading, and which sense. Rules of the word come first (language/rules.tsv); where none fits, what
// stands beside it tells whether it is a verb here.
#include "language/gloss.h"

#include "language/segment.h"
#include "unicode/unicode.h"

struct place {
	const struct dictionary *dictionary;
	const struct word *words;
	ptrdiff_t n, at;
	str before, after; // the text on both sides of it
};

static bool is_one_of(str s, const char *const *list, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(s, str_from(list[i])))
			return true;
	return false;
}
#define ONE_OF(s, list) is_one_of((s), (list), COUNT(list))

static bool is_number(uint32_t cp)
{
	static const char *const digits[] = {"一", "二", "两", "三", "四", "五", "六", "七", "八",
		"九", "十", "百", "千", "万", "几", "半", "每", "这", "那", "哪", "第"};
	char bytes[4];
	return (cp >= '0' && cp <= '9') ||
	       is_one_of((str){bytes, utf8_encode(cp, bytes)}, digits, COUNT(digits));
}

static bool is_edge(uint32_t cp)
{
	return !unicode_is_letter(cp);
}

static enum pos pos_of(const struct place *p, ptrdiff_t at)
{
	return at >= 0 && at < p->n ? dictionary_pos(p->dictionary, p->words[at].id) : POS_NONE;
}

// <number>, <edge> judge the character beside it; <verb>, <noun>, <adjective> the word.
static bool kind_fits(const struct place *p, str kind, bool left)
{
	str side = left ? p->before : p->after;
	ptrdiff_t at = left ? side.n : 0;
	uint32_t cp = 0;
	if (side.n)
		cp = left ? utf8_before(side, &at) : utf8_next(side, &at);
	if (str_eq(kind, S("<number>")))
		return side.n && is_number(cp);
	if (str_eq(kind, S("<edge>")))
		return !side.n || is_edge(cp);
	enum pos pos = pos_of(p, left ? p->at - 1 : p->at + 1);
	if (str_eq(kind, S("<verb>")))
		return pos == POS_VERB;
	if (str_eq(kind, S("<noun>")))
		return pos == POS_NOUN || pos == POS_PRONOUN || pos == POS_PERSON ||
		       pos == POS_PLACE;
	return str_eq(kind, S("<adjective>")) && pos == POS_ADJECTIVE;
}

static bool side_fits(const struct place *p, str texts, bool left)
{
	if (!texts.n)
		return true;
	while (texts.p) {
		str one = str_cut(&texts, '|');
		if (str_starts(one, S("<")) ? kind_fits(p, one, left)
			: left              ? str_ends(p->before, one)
					    : str_starts(p->after, one))
			return true;
	}
	return false;
}

static int reading_of(const struct dictionary *d, word_id id, str pinyin, struct entry *entry)
{
	int n = dictionary_readings(d, id);
	for (int i = 0; i < n; i++)
		if (dictionary_entry(d, id, i, entry) && str_eq(entry->pinyin, pinyin))
			return i;
	return -1;
}

// False when no rule of the word fits.
static bool apply_rules(const struct place *p, struct gloss *g)
{
	uint32_t first, n;
	dictionary_rules(p->dictionary, g->id, &first, &n);
	for (uint32_t i = first; i < first + n; i++) {
		struct rule rule = dictionary_rule(p->dictionary, i);
		if (!side_fits(p, rule.before, true) || !side_fits(p, rule.after, false))
			continue;
		struct entry entry;
		int reading =
			rule.pinyin.n ? reading_of(p->dictionary, g->id, rule.pinyin, &entry) : -1;
		if (reading >= 0) {
			g->reading = reading;
			g->entry = entry;
		}
		g->gloss = rule.gloss.n ? rule.gloss : g->entry.gloss;
		return true;
	}
	return false;
}

static bool verb_before(const struct place *p)
{
	static const char *const before[] = {"想", "要", "会", "能", "可以", "去", "来", "在",
		"正在", "别", "不", "没", "没有", "就", "也", "都", "还", "再", "又", "请", "帮",
		"让", "一起", "先", "刚", "刚刚", "开始", "喜欢", "爱", "敢", "该", "应该", "得",
		"必须", "给我", "不要", "不想", "不能", "怎么", "一直", "经常", "已经", "我", "你",
		"他", "她", "我们", "你们", "他们", "大家", "谁"};
	return p->at > 0 && ONE_OF(p->words[p->at - 1].text, before);
}

static bool verb_after(const struct place *p)
{
	static const char *const after[] = {
		"了", "过", "着", "得", "一下", "完", "到", "起来", "出来", "下来"};
	return p->at + 1 < p->n && ONE_OF(p->words[p->at + 1].text, after);
}

static bool noun_before(const struct place *p)
{
	static const char *const before[] = {"的", "这", "那", "有", "个", "很多", "一个", "这个",
		"那个", "一些", "什么", "每个", "哪个", "是"};
	if (p->at == 0)
		return false;
	return ONE_OF(p->words[p->at - 1].text, before) || pos_of(p, p->at - 1) == POS_MEASURE;
}

static bool degree_before(const struct place *p)
{
	static const char *const before[] = {"很", "太", "真", "好", "非常", "超", "超级", "特别",
		"最", "更", "比较", "挺", "有点", "这么", "那么", "多", "真的", "巨", "贼"};
	return p->at > 0 && ONE_OF(p->words[p->at - 1].text, before);
}

static str fitting(const struct place *p, const struct gloss *g)
{
	const struct entry *e = &g->entry;
	if (e->kind != WORD_PLAIN || !e->as_verb.n || !e->as_noun.n)
		return e->gloss;
	if (noun_before(p) || degree_before(p))
		return e->as_noun;
	if (verb_after(p) || verb_before(p))
		return e->as_verb;
	switch (dictionary_pos(p->dictionary, g->id)) {
	case POS_VERB:
		return e->as_verb;
	case POS_NOUN:
	case POS_ADJECTIVE:
		return e->as_noun;
	default:
		return e->gloss;
	}
}

static struct gloss look_up(const struct place *p)
{
	const struct word *word = &p->words[p->at];
	struct gloss g = {.text = word->text, .id = word->id};
	if (!dictionary_entry(p->dictionary, word->id, 0, &g.entry)) {
		g.id = 0;
		return g;
	}
	if (!apply_rules(p, &g))
		g.gloss = fitting(p, &g);
	return g;
}

ptrdiff_t gloss_text(
	const struct dictionary *dictionary, struct arena *mem, str text, struct gloss **out)
{
	struct place p = {.dictionary = dictionary};
	struct word *words;
	p.n = segment_words(dictionary, mem, text, &words);
	p.words = words;
	*out = NEW_N(mem, struct gloss, p.n);
	for (ptrdiff_t begin = 0; p.at < p.n; p.at++) {
		ptrdiff_t end = begin + words[p.at].text.n;
		p.before = str_sub(text, 0, begin);
		p.after = str_sub(text, end, text.n);
		(*out)[p.at] = look_up(&p);
		begin = end;
	}
	return p.n;
}
