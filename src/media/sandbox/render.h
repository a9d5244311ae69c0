// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What writing stills and animations shares.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool write_all(int fd, const uint8_t *at, size_t size);
