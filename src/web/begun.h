// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a stranger began (a like, a follow, a comment) is kept sealed while they sign in or up, and
// finished then. Only the browser in which it was begun can finish it, within half an hour, by sending
// the form of the door: no link does it.
#pragma once

#include "http/http.h"

// Where a stranger goes who asked for what members may: the door's address, with what was begun and
// the place to come back to. Memory only.
str begun_door(struct request *);
// The sealed text as this request carries it, in the form or the query; "" = none.
str begun_carried(struct request *);
// What the door says of it: a word, 0 when it is none, too old, or of another browser.
int begun_word(struct request *, str sealed);
// Finishes it as ctx->viewer. `word` tells how it went (0: there was nothing to finish); `address`
// becomes the place where it can be seen, or stays.
err begun_finish(struct request *, str sealed, int *word, str *address) CHECKED;
