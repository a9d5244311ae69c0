// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao language: what the room knows of texts, a line each, for hosts and for measuring. A line in is a line
// out, whatever stands in it.
#include "language/english.h"
#include "language/expand.h"
#include "language/gloss.h"
#include "language/inside.h"
#include "language/pinyin.h"
#include "language/segment.h"

#include "unicode/unicode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct query {
	struct ctx *ctx;
	struct house *house;
	struct arena *mem;
	str text;
	lang from, to; // translate
};

// \t, \n, \\ and \| stand for what would be taken for the end of a field.
static void print_field(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\t' || c == '|' || c == '\\' || c == '\n')
			putchar('\\');
		putchar(c == '\t' ? 't' : c == '\n' ? 'n' : c);
	}
}

static bool is_word(str s)
{
	for (ptrdiff_t at = 0; at < s.n;)
		if (unicode_is_letter(utf8_next(s, &at)))
			return true;
	return false;
}

static void identify(const struct query *q)
{
	lang l = language_identify(q->house, q->text, NULL, 0).lang;
	printf("%s", l.tag[0] ? l.tag : "und");
}

static bool is_chinese(const struct query *q)
{
	return language_dictionary(q->house) && unicode_text_script(q->text) == SCRIPT_HAN;
}

static void print_word(str word, void *arg)
{
	bool *first = arg;
	printf("%s%.*s", *first ? "" : " ", STR_ARGS(word));
	*first = false;
}

static void segment(const struct query *q)
{
	struct word *words;
	bool first = true;
	if (!is_chinese(q)) {
		unicode_words(q->text, print_word, &first);
		return;
	}
	ptrdiff_t n = segment_words(language_dictionary(q->house), q->mem, q->text, &words);
	for (ptrdiff_t i = 0; i < n; i++)
		if (is_word(words[i].text))
			print_word(words[i].text, &first);
}

static void print_gloss(str word, str reading, str meaning, bool *first)
{
	if (!is_word(word))
		return;
	if (!*first)
		putchar('\t');
	*first = false;
	print_field(word);
	putchar('|');
	print_field(reading);
	putchar('|');
	print_field(meaning);
}

static void gloss(const struct query *q)
{
	const struct dictionary *d = language_dictionary(q->house);
	bool first = true;
	if (d && unicode_text_script(q->text) == SCRIPT_LATIN) {
		struct english_word *words;
		ptrdiff_t n = english_gloss(d, q->mem, q->text, &words);
		for (ptrdiff_t i = 0; i < n; i++)
			print_gloss(words[i].text, S(""), words[i].gloss, &first);
	} else if (d) {
		struct gloss *words;
		ptrdiff_t n = gloss_text(d, q->mem, q->text, &words);
		for (ptrdiff_t i = 0; i < n; i++)
			print_gloss(words[i].text, words[i].entry.pinyin, words[i].gloss, &first);
	}
}

static void expand_query(const struct query *q)
{
	struct expansion found[EXPANSION_MOST];
	if (!language_dictionary(q->house))
		return;
	int n = expand(language_dictionary(q->house), q->mem, q->text, found);
	for (int i = 0; i < n; i++) {
		if (i)
			putchar('\t');
		print_field(found[i].text);
	}
}

static void translate(const struct query *q)
{
	str out;
	if (language_phrase(q->ctx, q->mem, q->text, q->from, q->to, &out))
		print_field(out);
}

static const struct {
	const char *name;
	void (*answer)(const struct query *);
} verbs[] = {{"identify", identify}, {"segment", segment}, {"gloss", gloss},
	{"expand", expand_query}, {"translate", translate}};

// What is no UTF-8 becomes U+FFFD.
static str checked(struct arena *mem, str line)
{
	if (utf8_valid(line))
		return line;
	struct sb sb = sb_new(mem, line.n);
	for (ptrdiff_t at = 0; at < line.n;) {
		uint32_t cp = utf8_next(line, &at);
		sb_utf8(&sb, cp ? cp : 0xfffd);
	}
	return sb_str(&sb);
}

static err run(struct ctx *ctx, int argc, char **argv)
{
	size_t verb = 0;
	while (argc > 1 && verb < COUNT(verbs) && strcmp(argv[1], verbs[verb].name) != 0)
		verb++;
	bool translates = argc > 1 && strcmp(argv[1], "translate") == 0;
	if (argc != (translates ? 4 : 2) || verb == COUNT(verbs))
		return ERR_BAD_REQUEST;
	struct query q = {.ctx = ctx, .house = ctx->house, .mem = arena_new(1 << 16)};
	if (translates) {
		q.from = lang_from(str_from(argv[2]));
		q.to = lang_from(str_from(argv[3]));
	}
	char *line = NULL;
	size_t room = 0;
	for (ssize_t n; (n = getline(&line, &room, stdin)) >= 0; arena_reset(q.mem)) {
		n -= n > 0 && line[n - 1] == '\n';
		q.text = checked(q.mem, (str){line, n});
		verbs[verb].answer(&q);
		putchar('\n');
	}
	free(line);
	arena_free(q.mem);
	return ferror(stdin) || fflush(stdout) ? fail_fmt(ctx, ERR_IO, "cannot read or write") : OK;
}

const struct command language_commands[] = {
	{"language", "identify | segment | gloss | expand | translate FROM TO",
		"what is known of texts, a line each from standard input",
		"identify: the tag of its language, und when there is too little to go by.\n"
		"segment: its words, with spaces between.\n"
		"gloss: word|pin1 yin1|meaning of each word, tabs between; \\t, \\| and \\\\ are "
		"escaped.\n"
		"expand: up to ten words of the other language that mean the same, surest first.\n"
		"translate: what is covered without a network; an empty line for what is not.",
		OPEN_FILES, run},
	{0},
};
