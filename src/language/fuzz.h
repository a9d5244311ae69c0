// SPDX-License-Identifier: AGPL-3.0-or-later
//
// For fuzz targets of what is opened by its path: the input as a file in memory.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define FUZZ_PATH 40

static inline int fuzz_file(const uint8_t *data, size_t n, char path[FUZZ_PATH])
{
	int fd = memfd_create("fuzz", 0);
	if (fd >= 0 && write(fd, data, n) != (ssize_t)n)
		n = 0;
	snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
	return fd;
}
