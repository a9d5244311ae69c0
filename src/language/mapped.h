// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A file of data, mapped to be read: processes share its pages.
#pragma once

#include "base/base.h"

struct mapped {
	const char *p;
	size_t n;
};
// ERR_IO: it cannot be read; ERR_INVALID: it is empty or has 2 GB and more. ctx->problem says which.
err mapped_open(struct ctx *, const char *path, struct mapped *) CHECKED;
void mapped_close(struct mapped *);
