// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Takes away what a picture decoder does not need: memory, time, files, processes, and every
// system call that is not on a list. One way only. Called after libraries are loaded and before a
// byte from outside is read.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// False when the kernel refused a step: the caller must end rather than go on unprotected.
bool sandbox_close(void);

// Starts the clock: SIGALRM ends the process MEDIA_CLOCK_SECONDS from now.
bool sandbox_start_clock(void);

// From now on at most so much processor time, of all threads, and memory beside what is in use: what a
// picture of that size may need, not what the largest may. Can only make the limits tighter.
bool sandbox_limit_work(unsigned milliseconds, size_t bytes);

// Whether so little of the allowed address space is left that a failure was for want of memory.
bool sandbox_memory_gone(void);
