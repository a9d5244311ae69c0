// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the operator chose, by key: "data", "media_tool". app/ reads it from the command line, the
// environment and the file; rooms ask for what concerns them when they start.
#pragma once

#include "base/ctx.h"

enum option_kind {
	KIND_TEXT,
	KIND_NUMBER,
	KIND_SWITCH, // on or off
	KIND_CHOICE,
	KIND_SIZE // bytes: "512M", "1G"; empty: chosen by the program
};

// What a room lets the operator choose.
struct option_row {
	const char *key; // media_tool: the option is --media-tool, the variable QIAO_MEDIA_TOOL
	const char *operand, *help; // as --help shows them
	const char *fallback;
	enum option_kind kind;
	int64_t least, most; // KIND_NUMBER
	const char *choices; // KIND_CHOICE: "human json"
	bool secret;         // is not printed
};

struct option {
	const char *key;
	str value; // as it was given, or the fallback; checked
};

// Of a house whose options end with one without a key; the key must be among them.
str option_text(const struct house *, const char *key);
int64_t option_number(const struct house *, const char *key);
int64_t option_size(const struct house *, const char *key); // bytes; -1: empty
bool option_on(const struct house *, const char *key);

bool size_parse(str, int64_t *bytes); // "512M", "1G", "77"
