// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading Chinese without knowing it: a note or comment word by word, with the reading over each word and a short
// meaning under it, and a page of every word. All of it is looked up (language/); nothing is translated.
#pragma once

#include "base/room.h"

extern const struct room reading_room;
