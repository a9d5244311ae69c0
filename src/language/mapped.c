// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static err map(struct ctx *ctx, int fd, const char *path, struct mapped *out)
{
	struct stat info;
	if (fstat(fd, &info) != 0)
		return fail_fmt(ctx, ERR_IO, "%s: %s", path, strerror(errno));
	if (info.st_size <= 0 || info.st_size > INT32_MAX)
		return fail_fmt(ctx, ERR_INVALID, "%s: empty, or far too large", path);
	void *at = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return fail_fmt(ctx, ERR_IO, "%s: %s", path, strerror(errno));
	*out = (struct mapped){at, (size_t)info.st_size};
	return OK;
}

err mapped_open(struct ctx *ctx, const char *path, struct mapped *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_fmt(ctx, ERR_IO, "%s: %s", path, strerror(errno));
	err code = map(ctx, fd, path, out);
	close(fd);
	return code;
}

void mapped_close(struct mapped *m)
{
	munmap((void *)(uintptr_t)m->p, m->n);
}
