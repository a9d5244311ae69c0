// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Log lines on standard error, human or JSON. Only the edges log (http/, jobs/, app/), once each. Text
// may be anything, from anybody: controls, line ends, direction marks, invisible characters and broken
// UTF-8 are escaped, so that a line neither moves a terminal nor reads as another.
#pragma once

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_form { LOG_HUMAN, LOG_JSON };

void log_setup(enum log_form, enum log_level least);
// One event with fields. `event` is a fixed short name ("request", "job failed"); fields are
// typed: log_event(LOG_INFO, "listening", LOG_STR("at", address), LOG_INT("port", 8080));
struct log_field {
	const char *name;
	str text;
	int64_t number;
	bool is_number;
};
#define LOG_STR(name, value) ((struct log_field){(name), (value), 0, false})
#define LOG_Z(name, value) ((struct log_field){(name), str_from(value), 0, false})
#define LOG_INT(name, value) ((struct log_field){(name), {0}, (int64_t)(value), true})
void log_fields(enum log_level, const char *event, const struct log_field *, int n);
#define log_event(level, event, ...) \
	log_fields((level), (event), (const struct log_field[]){__VA_ARGS__}, \
		(int)(sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field)))
