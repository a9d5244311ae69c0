// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any file as a dictionary: opening and looking stay inside of it.
#include "language/expand.h"
#include "language/fuzz.h"
#include "language/gloss.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, n, path);
	struct ctx ctx = {.mem = arena_new(1 << 14)};
	struct dictionary *d;
	if (dictionary_open(&ctx, path, &d) == OK) {
		struct gloss *words;
		struct expansion found[EXPANSION_MOST];
		(void)gloss_text(d, ctx.mem, S("今天还在重庆吃火锅 yyds"), &words);
		(void)expand(d, ctx.mem, S("hot pot"), found);
		(void)expand(d, ctx.mem, S("火锅"), found);
		dictionary_close(d);
	}
	arena_free(ctx.mem);
	close(fd);
	return 0;
}
