// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Script first: kana, Hangul, Thai and the like say it all, and Chinese is told apart by its characters. Where
// a script serves many languages the model judges between them; of its 176 labels only those count that
// people write in, which takes most of its mistakes away.
#include "language/inside.h"

#include "unicode/unicode.h"

#define PRIOR 4.0F      // what an author's own language weighs more
#define SURE_LETTERS 12 // with fewer, a guess below SURE is none
#define LEAST_LETTERS 4 // with fewer, only a language of the author's is one
#define SURE 0.5F
#define LABELS_MOST 256
#define WORDS_MOST 2000 // bytes that are judged

static const struct {
	const char *label, *tag;
	enum script script;
} spoken[] = {
	{"en", "en", SCRIPT_LATIN},
	{"es", "es", SCRIPT_LATIN},
	{"fr", "fr", SCRIPT_LATIN},
	{"de", "de", SCRIPT_LATIN},
	{"it", "it", SCRIPT_LATIN},
	{"pt", "pt", SCRIPT_LATIN},
	{"ca", "ca", SCRIPT_LATIN},
	{"nl", "nl", SCRIPT_LATIN},
	{"sv", "sv", SCRIPT_LATIN},
	{"da", "da", SCRIPT_LATIN},
	{"no", "no", SCRIPT_LATIN},
	{"nn", "no", SCRIPT_LATIN},
	{"fi", "fi", SCRIPT_LATIN},
	{"is", "is", SCRIPT_LATIN},
	{"pl", "pl", SCRIPT_LATIN},
	{"cs", "cs", SCRIPT_LATIN},
	{"sk", "sk", SCRIPT_LATIN},
	{"hu", "hu", SCRIPT_LATIN},
	{"ro", "ro", SCRIPT_LATIN},
	{"sl", "sl", SCRIPT_LATIN},
	{"hr", "hr", SCRIPT_LATIN},
	{"lt", "lt", SCRIPT_LATIN},
	{"lv", "lv", SCRIPT_LATIN},
	{"et", "et", SCRIPT_LATIN},
	{"sq", "sq", SCRIPT_LATIN},
	{"tr", "tr", SCRIPT_LATIN},
	{"az", "az", SCRIPT_LATIN},
	{"uz", "uz", SCRIPT_LATIN},
	{"vi", "vi", SCRIPT_LATIN},
	{"id", "id", SCRIPT_LATIN},
	{"ms", "ms", SCRIPT_LATIN},
	{"tl", "tl", SCRIPT_LATIN},
	{"sw", "sw", SCRIPT_LATIN},
	{"eu", "eu", SCRIPT_LATIN},
	{"gl", "gl", SCRIPT_LATIN},
	{"cy", "cy", SCRIPT_LATIN},
	{"ga", "ga", SCRIPT_LATIN},
	{"mt", "mt", SCRIPT_LATIN},
	{"af", "af", SCRIPT_LATIN},
	{"eo", "eo", SCRIPT_LATIN},
	{"lb", "lb", SCRIPT_LATIN},
	{"ru", "ru", SCRIPT_CYRILLIC},
	{"uk", "uk", SCRIPT_CYRILLIC},
	{"bg", "bg", SCRIPT_CYRILLIC},
	{"sr", "sr", SCRIPT_CYRILLIC},
	{"be", "be", SCRIPT_CYRILLIC},
	{"mk", "mk", SCRIPT_CYRILLIC},
	{"kk", "kk", SCRIPT_CYRILLIC},
	{"ky", "ky", SCRIPT_CYRILLIC},
	{"tg", "tg", SCRIPT_CYRILLIC},
	{"mn", "mn", SCRIPT_CYRILLIC},
	{"tt", "tt", SCRIPT_CYRILLIC},
	{"ar", "ar", SCRIPT_ARABIC},
	{"fa", "fa", SCRIPT_ARABIC},
	{"ur", "ur", SCRIPT_ARABIC},
	{"ps", "ps", SCRIPT_ARABIC},
	{"ckb", "ckb", SCRIPT_ARABIC},
	{"sd", "sd", SCRIPT_ARABIC},
	{"ug", "ug", SCRIPT_ARABIC},
	{"hi", "hi", SCRIPT_DEVANAGARI},
	{"mr", "mr", SCRIPT_DEVANAGARI},
	{"ne", "ne", SCRIPT_DEVANAGARI},
	{"he", "he", SCRIPT_HEBREW},
	{"yi", "yi", SCRIPT_HEBREW},
	{"bn", "bn", SCRIPT_BENGALI},
	{"as", "as", SCRIPT_BENGALI},
};

struct label_row {
	lang lang;
	enum script script; // SCRIPT_NONE: not one that counts
};

struct label_row *labels_new(const struct model *model)
{
	struct label_row *rows = mem_new(model_labels(model), sizeof *rows);
	for (int i = 0; i < model_labels(model); i++)
		for (int k = 0; k < COUNT(spoken); k++)
			if (str_eq(model_label(model, i), str_from(spoken[k].label)))
				rows[i] = (struct label_row){
					lang_from(str_from(spoken[k].tag)), spoken[k].script};
	return rows;
}

// The words of a text as the model was taught with: without links, names, digits, signs.
struct cleaned {
	char bytes[WORDS_MOST + 8];
	ptrdiff_t n;
	int letters;
};

static void clean_part(struct cleaned *c, str s)
{
	for (ptrdiff_t at = 0; at < s.n && c->n < WORDS_MOST;) {
		uint32_t cp = utf8_next(s, &at);
		bool letter = unicode_is_letter(cp) && !unicode_is_digit(cp);
		bool joins = cp == '\'' || cp == 0x2019 || cp == 0x200c;
		if (letter || (joins && c->n && c->bytes[c->n - 1] != ' '))
			c->n += utf8_encode(cp == 0x2019 ? '\'' : cp, c->bytes + c->n);
		else if (c->n && c->bytes[c->n - 1] != ' ')
			c->bytes[c->n++] = ' ';
		c->letters += letter;
	}
	if (c->n && c->bytes[c->n - 1] != ' ')
		c->bytes[c->n++] = ' ';
}

static void clean(struct cleaned *c, str text)
{
	struct text_part part;
	c->n = c->letters = 0;
	for (ptrdiff_t at = 0; text_next(text, &at, &part);)
		if (part.kind == TEXT_PLAIN)
			clean_part(c, part.all);
		else if (part.kind == TEXT_TOPIC)
			clean_part(c, part.name);
}

static bool writes(const lang *author, int n, lang l)
{
	for (int i = 0; i < n; i++)
		if (lang_same_base(author[i], l))
			return true;
	return false;
}

// Too little to go by: OK is written in every language.
static bool is_little(int letters, float share, bool own)
{
	return letters < SURE_LETTERS && !own && (letters < LEAST_LETTERS || share < SURE);
}

static struct identified judge(const struct language *language, str text, enum script script,
	const lang *author, int n_author)
{
	float shares[LABELS_MOST], sum = 0;
	int best = -1;
	struct cleaned cleaned;
	clean(&cleaned, text);
	model_judge(language->model, (str){cleaned.bytes, cleaned.n}, shares);
	for (int i = 0; i < model_labels(language->model); i++) {
		const struct label_row *row = &language->labels[i];
		if (row->script != script)
			continue;
		if (writes(author, n_author, row->lang))
			shares[i] *= PRIOR;
		sum += shares[i];
		if (best < 0 || shares[i] > shares[best])
			best = i;
	}
	if (best < 0 || sum <= 0 ||
		is_little(cleaned.letters, shares[best] / sum,
			writes(author, n_author, language->labels[best].lang)))
		return (struct identified){0};
	return (struct identified){
		language->labels[best].lang, (int)(100 * shares[best] / sum + 0.5F)};
}

struct identified language_identify(
	const struct house *house, str text, const lang *author, int n_author)
{
	const struct language *language = house->language;
	enum script script = unicode_text_script(text);
	bool shared = script == SCRIPT_LATIN || script == SCRIPT_CYRILLIC ||
		      script == SCRIPT_ARABIC || script == SCRIPT_DEVANAGARI ||
		      script == SCRIPT_HEBREW || script == SCRIPT_BENGALI;
	lang guess = unicode_language(text, author, n_author);
	if (shared && language && language->model && !lang_eq(guess, LANG("ja")))
		return judge(language, text, script, author, n_author);
	return (struct identified){guess, !guess.tag[0] ? 0 : shared ? 50 : 99};
}

// --- spans --------------------------------------------------------------------------------------

// Han and kana are one writing; whether Hangul is with them does not matter.
static enum script writing(uint32_t cp)
{
	enum script script = unicode_script(cp);
	return script == SCRIPT_KANA ? SCRIPT_HAN : script;
}

// A stretch in one writing, with the signs and digits behind it.
struct stretch {
	str text;
	enum script script;
	int letters;
};

static ptrdiff_t stretch_end(str text, ptrdiff_t at, struct stretch *out)
{
	ptrdiff_t end = at;
	*out = (struct stretch){.script = SCRIPT_NONE};
	while (end < text.n) {
		ptrdiff_t next = end;
		enum script script = writing(utf8_next(text, &next));
		if (script != SCRIPT_NONE && out->script != SCRIPT_NONE && script != out->script)
			break;
		if (script != SCRIPT_NONE)
			out->script = script;
		out->letters += script != SCRIPT_NONE;
		end = next;
	}
	out->text = str_sub(text, at, end);
	return end;
}

// A single word of another writing is part of the text around it: 我的iPhone.
static bool stands_alone(const struct stretch *s)
{
	int least = s->script == SCRIPT_HAN || s->script == SCRIPT_HANGUL ? 2 : 8;
	return s->letters >= least &&
	       (s->script != SCRIPT_LATIN || str_find_char(str_trim(s->text), ' ') >= 0);
}

ptrdiff_t language_spans(const struct house *house, struct arena *mem, str text, const lang *author,
	int n_author, struct span **out)
{
	LIST(struct stretch) parts = {0};
	for (ptrdiff_t at = 0; at < text.n;) {
		struct stretch next;
		at = stretch_end(text, at, &next);
		struct stretch *last = parts.n ? &parts.at[parts.n - 1] : NULL;
		bool joins = last && (!stands_alone(&next) || !stands_alone(last) ||
					     next.script == last->script);
		if (!joins) {
			list_push(mem, &parts, next);
			continue;
		}
		if (stands_alone(&next) && !stands_alone(last))
			last->script = next.script;
		last->text.n += next.text.n;
		last->letters += next.letters;
	}
	*out = NEW_N(mem, struct span, parts.n);
	for (ptrdiff_t i = 0; i < parts.n; i++)
		(*out)[i] = (struct span){parts.at[i].text,
			language_identify(house, parts.at[i].text, author, n_author).lang};
	return parts.n;
}
