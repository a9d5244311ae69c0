// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any file as a model of languages.
#include "language/fuzz.h"
#include "language/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, n, path);
	struct ctx ctx = {.mem = arena_new(1 << 14)};
	struct model *m;
	float shares[256];
	if (model_open(&ctx, path, &m) == OK) {
		model_judge(m, S("el gato come pescado "), shares);
		model_close(m);
	}
	arena_free(ctx.mem);
	close(fd);
	return 0;
}
