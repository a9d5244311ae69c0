// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pinyin as it is kept ("lu:4 cha2") and as it is read (lǜ chá).
#pragma once

#include "base/base.h"

// With tone marks. What is no syllable stays as it is.
str pinyin_marked(struct arena *, str numbered);
