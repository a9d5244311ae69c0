// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The areas of pages, each a file with its rows; a row without a handler ends them.
#pragma once

#include "web/frame.h"
#include "web/web.h"

extern const struct route
	text_routes[]; // texts.c: about, rules, privacy, contact, source, preferences
