// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "memo/memo.h"
#include "shown/shown.h"

struct shown {
	struct memo *texts;   // note and variant → a written text; texts.c
	struct memo *numbers; // note → how often it is liked
};
// The two listen to changes.
struct memo *texts_new(struct store *);
struct memo *numbers_new(struct store *);
