// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rooms of the domain opened on a test's database, with a few people who do things.
#pragma once

#include "accounts/accounts.h"
#include "notes/notes.h"
#include "world.h"

struct town {
	struct world *world;
	struct ctx *ctx;
	struct option options[10];
	struct rooms rooms;
	account_id ann, ben, cleo, mod, mod2, host; // three members, two moderators, an admin
	bool running;                               // the queue
};

void town_open(struct town *, struct pg_server *or_null);
void town_close(struct town *);
// Somebody of another server, in good standing.
account_id from_elsewhere(struct town *, const char *name, const char *host);
// From now on ctx acts for this person, as who he is now.
void act_as(struct town *, account_id);
void act_as_stranger(struct town *);
note_id say(struct town *, account_id, const char *title, const char *body, enum visibility);
note_id comment_on(struct town *, account_id, note_id under, const char *body, enum visibility);
// A picture of a person's that is ready to be published; there is no file of it.
media_id picture_there(struct town *, account_id);
// Runs what is in the queue until nothing waits.
void do_jobs(struct town *);
