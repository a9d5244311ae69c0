// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any file as a phrase memory, and any text asked of one: the input is both, parted at the first NUL.
#include "language/fuzz.h"
#include "language/phrases.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char path[FUZZ_PATH];
	const uint8_t *nul = n ? memchr(data, 0, n) : NULL;
	size_t file = nul ? (size_t)(nul - data) : n, behind = nul ? n - file - 1 : 0;
	int fd = fuzz_file(data, file, path);
	struct ctx ctx = {.mem = arena_new(1 << 14)};
	struct phrases *p;
	str text = {nul ? (const char *)nul + 1 : "", (ptrdiff_t)behind}, out;
	if (utf8_valid(text) && phrases_open(&ctx, path, &p) == OK) {
		(void)phrases_translate(p, ctx.mem, text, LANG("en"), LANG("zh-Hans"), &out);
		(void)phrases_translate(p, ctx.mem, text, LANG("zh-Hans"), LANG("en"), &out);
		phrases_close(p);
	}
	arena_free(ctx.mem);
	close(fd);
	return 0;
}
