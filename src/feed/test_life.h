// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What tests of whole worlds share: people who write, like, follow, edit and delete by chance.
#pragma once

#include "feed/test_world.h"

void dice_seed(uint32_t seed);
int dice(int sides); // 0 to sides - 1

struct life {
	note_id notes[800], comments[800];
	int n_notes, n_comments;
};
// One thing that somebody does, or tries to.
void live_once(struct world *, struct life *);
int same_world(struct feed *, struct feed *); // what a has, b has; how many notes
// Everybody's following feed is the same.
void same_following(struct world *, struct feed *, struct feed *);
// What is in memory is what a restart would read from the database; how many notes.
int equals_rebuilt(struct world *);
// Until the feed has compared what it knows with the database, as it was told to.
void wait_compared(struct feed *);
