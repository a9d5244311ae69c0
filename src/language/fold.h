// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What two ways to write the same have in common: sooo cute!! and So cute. 哈哈哈哈哈 and 哈哈.
#pragma once

#include "base/base.h"

// Letters and digits in one case, words with single spaces between; signs, emoji and apostrophes go. Scripts
// without spaces have none. What is repeated three times and more stands `repeats` (1 or 2) times.
str fold_text(struct arena *, str text, int repeats);
// Without a softening particle at its end (啊 呀 呢 啦 …); the text itself where there is none, or nothing else.
str fold_harden(str folded);
// Whether something in it is repeated three times and more.
bool fold_repeats(str text);
