// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: opens the files, or does without.
#include "language/inside.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

// The folder of the data: what the operator says, else language/ beside this program (in the build folder), else
// where an installed program has it.
static bool path_of(const struct house *house, const char *name, char *path)
{
	static const char *const places[] = {"language", "../share/qiao/language"};
	str folder = option_text(house, "language_data");
	char self[PATH_MAX];
	if (folder.n)
		return snprintf(path, PATH_MAX, "%.*s/%s", STR_ARGS(folder), name) < PATH_MAX;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	while (n > 0 && self[n - 1] != '/')
		n--;
	for (ptrdiff_t i = 0; n > 0 && i < COUNT(places); i++) {
		int made = snprintf(path, PATH_MAX, "%.*s%s/%s", (int)n, self, places[i], name);
		if (made < PATH_MAX && access(path, R_OK) == 0)
			return true;
	}
	return false;
}

// A file that is there and cannot be used is an error; one that is not there is done without.
static err start(struct ctx *ctx)
{
	struct language *language = mem_new(1, sizeof *language);
	char path[PATH_MAX];
	err code = OK;
	lock_init(&language->lock);
	if (path_of(ctx->house, "zh.dict", path) && access(path, R_OK) == 0)
		code = dictionary_open(ctx, path, &language->dictionary);
	if (code == OK && path_of(ctx->house, "lid.176.ftz", path) && access(path, R_OK) == 0)
		code = model_open(ctx, path, &language->model);
	if (language->model)
		language->labels = labels_new(language->model);
	ctx->house->language = language;
	return code;
}

static void stop(struct ctx *ctx)
{
	struct language *language = ctx->house->language;
	dictionary_close(language->dictionary);
	model_close(language->model);
	phrases_close(language->phrases);
	mem_free(language->labels);
	mem_free(language);
	ctx->house->language = NULL;
}

const struct dictionary *language_dictionary(const struct house *house)
{
	return house->language->dictionary;
}

// Read by the first text that asks: it takes longer than the server may to start.
static const struct phrases *memory(struct ctx *ctx)
{
	struct language *language = ctx->house->language;
	char path[PATH_MAX];
	lock_take(&language->lock);
	// One that cannot be read covers nothing, which qiao doctor says.
	if (!language->phrases_tried && path_of(ctx->house, "phrases.txt", path) &&
		phrases_open(ctx, path, &language->phrases) != OK)
		ctx->problem = (struct problem){0};
	language->phrases_tried = true;
	const struct phrases *phrases = language->phrases;
	lock_release(&language->lock);
	return phrases;
}

bool language_phrase(struct ctx *ctx, struct arena *mem, str text, lang from, lang to, str *out)
{
	const struct phrases *phrases = memory(ctx);
	return phrases && phrases_translate(phrases, mem, text, from, to, out);
}

static void examine(struct ctx *ctx, struct doctor *d)
{
	char path[PATH_MAX];
	bool there = path_of(ctx->house, "zh.dict", path) && access(path, R_OK) == 0;
	doctor_say(d, there, "dictionary Chinese-English", there ? str_from(path) : S("missing"),
		"Words of Chinese notes cannot be looked up: build with the data (make deps "
		"build), or name its "
		"folder by language_data.");
	there = path_of(ctx->house, "lid.176.ftz", path) && access(path, R_OK) == 0;
	doctor_say(d, there, "identification of languages", there ? str_from(path) : S("missing"),
		"Languages are told apart by their script alone: build with the data (make deps "
		"build), or name its "
		"folder by language_data.");
	struct phrases *phrases = NULL;
	there = path_of(ctx->house, "phrases.txt", path) && phrases_open(ctx, path, &phrases) == OK;
	phrases_close(phrases);
	doctor_say(d, there, "phrase memory", there ? str_from(path) : S("missing"),
		"Nothing is translated without a provider: build with the data (make deps build), "
		"or name its "
		"folder by language_data.");
}

static const struct option_row options[] = {
	{.key = "language_data",
		.operand = "DIR",
		.help = "dictionaries and the like (default: language/ beside this program)",
		.fallback = ""},
	{0},
};

const struct room language_room = {.name = "language",
	.options = options,
	.commands = language_commands,
	.extent = OPEN_FILES,
	.start = start,
	.stop = stop,
	.examine = examine};
