// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Configuration: the options of all rooms. Each is a command-line option, a key of qiao.conf and an
// environment variable (QIAO_KEY); the command line wins over the environment, that over the file,
// that over the default. Private to app/.
#pragma once

#include "base/base.h"

enum option_from { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_COMMAND_LINE };

struct config {
	ptrdiff_t n;
	struct option *at;             // for the house: one without a key ends them
	const struct option_row **row; // what each is
	enum option_from *from;
	str file; // the configuration file that was read, "" = none
};

// Reads --options of these rooms from argv (removing them: *argc operands are left, argv[0] first),
// environment and file. On an error a sentence for the person is in *why.
err config_read(struct arena *, const struct room *const *rooms, int *argc, char **argv,
	struct config *out, str *why) CHECKED;
const char *option_from_name(enum option_from);
// "log_level" → "--log-level"
str option_flag(struct arena *, const char *key);
