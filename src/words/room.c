// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: it keeps nothing, and says what its catalogues lack (qiao words).
#include "words/words.h"

#include <stdio.h>

static int gaps_of(int locale)
{
	const char *tag = locale_lang(locale).tag;
	int gaps = 0;
	for (int w = W_none + 1; w < W_COUNT; w++) {
		if (word_given(locale, w))
			continue;
		printf("%s lacks %s\n", tag, word_key(w));
		gaps++;
	}
	printf("%s: %d of %d words\n", tag, W_COUNT - 1 - gaps, W_COUNT - 1);
	return gaps;
}

static err run(struct ctx *ctx, int argc, char **argv)
{
	int gaps = 0;
	(void)argv;
	if (argc > 1)
		return ERR_BAD_REQUEST;
	for (int l = 0; l < LOCALE_COUNT; l++)
		gaps += gaps_of(l);
	return gaps ? fail_fmt(ctx, ERR_INVALID, "%d words are missing", gaps) : OK;
}

static const struct command commands[] = {
	{"words", "", "report what the catalogues of words lack", NULL, OPEN_NOTHING, run},
	{0},
};

const struct room words_room = {.name = "words", .commands = commands};
