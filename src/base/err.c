// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The table behind the closed list of errors, and the end of the program when a promise broke.
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name, *slug;
	int status, loud;
} errors[ERR_COUNT] = {
#define X(name, status, slug, loud) {#name, slug, status, loud},
	ERR_LIST(X)
#undef X
};

err err_of_write(int number)
{
	return number == ENOSPC || number == EDQUOT ? ERR_FULL : ERR_IO;
}

int err_status(err code)
{
	must(code < ERR_COUNT);
	return errors[code].status;
}

const char *err_slug(err code)
{
	must(code < ERR_COUNT);
	return errors[code].slug;
}

const char *err_name(err code)
{
	must(code < ERR_COUNT);
	return errors[code].name;
}

int err_is_loud(err code)
{
	must(code < ERR_COUNT);
	return errors[code].loud;
}

void must_failed(const char *cond, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, cond);
	abort();
}
