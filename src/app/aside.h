// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A folder for what a command makes in the data directory while it works: gone when the command
// ends, also by a signal; after a crash or kill -9 gone with the next start of any program that
// opens this directory to serve, back up or restore, and within seconds beside a running server. Private
// to app/.
#pragma once

#include "base/base.h"

struct aside {
	str path; // DATA/KIND-PID
	int fd;   // holds its lock, by which others know that somebody still works here
};
// Sweeps what others left, makes the folder, and from now on has the first signal
// that a terminal, a service manager or a limit ends programs with only set what aside_stopped tells.
// ERR_IO with errno.
err aside_open(struct arena *, str data, const char *kind, struct aside *out) CHECKED;
bool aside_stopped(void); // the work is to end early, tidily
void aside_close(struct arena *, struct aside *);
// Removes the folders whose command no longer runs.
void aside_sweep(struct arena *, str data);
