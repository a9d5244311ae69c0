// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Configuration: one table of options. Each is a command-line option, a key of qiao.conf and an
// environment variable (QIAO_KEY); the command line wins over the environment, that over the file,
// that over the default. Private to app/.
#pragma once

#include "base/base.h"

enum option {
	OPT_DATA,
	OPT_LISTEN,
	OPT_URL,
	OPT_DATABASE,
	OPT_TRUSTED_PROXIES,
	OPT_RATE_LIMITS,
	OPT_LISTENERS,
	OPT_WORKERS,
	OPT_RUNNERS,
	OPT_LOG,
	OPT_LOG_LEVEL,
	OPT_LOG_REQUESTS,
	OPT_SLOW_MS,
	OPT_METRICS_TOKEN,
	OPT_MEDIA_TOOL,
	OPT_RESERVE,
	OPTIONS
};

enum option_kind {
	KIND_TEXT,
	KIND_NUMBER,
	KIND_SWITCH, // on or off
	KIND_CHOICE,
	KIND_SIZE // bytes: "512M", "1G"; empty: chosen by the program
};
enum option_from { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_COMMAND_LINE };

struct option_row {
	const char
		*key; // listen, log_level…; the option is --log-level, the variable QIAO_LOG_LEVEL
	const char *operand; // as --help shows it
	const char *help;
	const char *fallback;
	enum option_kind kind;
	int64_t least, most; // KIND_NUMBER
	const char *choices; // KIND_CHOICE: "human json"
};
extern const struct option_row option_table[OPTIONS];

struct config {
	str value[OPTIONS];
	enum option_from from[OPTIONS];
	str file; // the configuration file that was read, "" = none
};

// Reads --options from argv (removing them: *argc operands are left, argv[0] first), environment and
// file. On an error a sentence for the person is in *why.
err config_read(struct arena *, int *argc, char **argv, struct config *out, str *why) CHECKED;
str config_text(const struct config *, enum option);
int64_t config_number(const struct config *, enum option);
int64_t config_size(const struct config *, enum option); // -1: empty
bool config_on(const struct config *, enum option);
// The SQLite file or PostgreSQL address in effect.
str config_database(struct arena *, const struct config *);
const char *option_from_name(enum option_from);
// "log_level" → "--log-level"
str option_flag(struct arena *, enum option);
str option_variable(struct arena *, enum option);
