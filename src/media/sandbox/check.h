// SPDX-License-Identifier: AGPL-3.0-or-later
//
// `--check`: whether each format really decodes on this machine, inside the sandbox.
#pragma once

// Prints one line a format; the exit status: 0 when all decode.
int check(const char *program);
