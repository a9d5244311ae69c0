// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Telling a person that something happened. Written by jobs that changes of notes/ and accounts/
// leave, and by moderation/. One is there as long as what it tells is so and the person may see it: a like that is
// taken back, a note that was narrowed, somebody suspended take theirs along, and bring them back.
#pragma once

#include "accounts/accounts.h"
#include "base/base.h"

struct change_kind;
// Subject: a notification or 0; actor: the account whose list changed.
extern struct change_kind account_told;

enum notification_kind {
	NOTE_LIKED = 1,
	COMMENT_LIKED,
	NOTE_COMMENTED,
	COMMENT_ANSWERED,
	MENTIONED,
	FOLLOWED,
	MODERATED,      // a decision concerns the person; the reason stands in moderation/
	WELCOMED,       // an approved sign-up
	SIGNUPS_WAIT,   // to whoever decides: somebody asked to join; one line for all of them
	REPORT_ANSWERED // to whoever reported: a decision was made
};
// Numbers from here on are of kinds that other rooms bring.
#define TOLD_BY_ROOMS 100

// A kind that a room above brings: it registers it at start, tells with notifications_tell, and describes to
// web/ how it looks (notification_look). A line of a kind that no room registered is not shown.
struct told_thing {
	account_id reader, actor;
	int64_t thing;
};
struct told_kind {
	int64_t number; // stands in rows: it never changes, and never is another's
	// Whether what n lines tell to the viewer is (still) so, and for the viewer to know: so[i]. Asked once for
	// all lines of the kind that are read together. NULL: always. That the actor is in good standing is known.
	err (*still_true)(struct ctx *, const struct told_thing *, ptrdiff_t n, bool *so);
	// It may be otherwise after a change of one of these whose subject is the thing. NULL ends them.
	struct change_kind *const *until;
};

struct notification {
	notification_id id;
	enum notification_kind kind; // or the number of a room's
	struct person *actor;        // NULL: the community itself
	note_id note, comment;
	bool there;  // the note (and comment) is; else of a decision about one gone
	str excerpt; // of the comment, or the note's title
	const struct picture *picture; // the note's cover, NULL = none
	int64_t thing; // a decision, of those of moderators; of a room's kind what its room knows
	ms at;
	bool fresh; // not seen before
};

extern const struct room notifications_room;
struct notification_page {
	struct notification *at;
	ptrdiff_t n;          // the limit, less at the end
	bool more;            // go on from next
	notification_id next; // the last of them
};
// The viewer's, newest first; before 0 = the newest. Reading does not mark.
err notifications_page(
	struct ctx *, notification_id before, int limit, struct notification_page *out) CHECKED;
// All that are there for the viewer: as many as are counted at once, more soon after.
err notifications_seen(struct ctx *) CHECKED;
// Of the viewer: how many are new, at most 1,000. Memory only when warm.
err notifications_unread(struct ctx *, int64_t *out) CHECKED;
// At start. Nothing is registered in a house without notifications.
void notifications_register(struct ctx *, const struct told_kind *);
// Inside a transaction of the caller, or by a job: tells `reader` of the thing, but for what they did
// themselves. `once`: told only once to each ("" = as often as it is told); a second time it is there again if it was
// not so meanwhile. It is to begin with the room's name.
err notifications_tell(
	struct ctx *, const struct told_kind *, const struct told_thing *, str once) CHECKED;
// The thing is gone: what was told of it goes, in steps. By a job, not in a transaction.
err notifications_forget(struct ctx *, int64_t thing) CHECKED;
// Inside a transaction of the caller: tells `account` about a decision; the note is what it is about or stands at, 0 =
// none.
err notifications_tell_decision(struct ctx *, account_id, decision_id, note_id) CHECKED;
err notifications_tell_welcome(struct ctx *, account_id) CHECKED;
// The same: those whose reports this decision answered are told, but for the moderator who made it, and led to the note.
err notifications_tell_reporters(struct ctx *, decision_id, note_id) CHECKED;
