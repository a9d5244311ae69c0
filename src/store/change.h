// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What can change. The numbers are stored: new kinds go to the end.
#pragma once

#include "base/base.h"

enum change_kind {
	CHANGE_LOST,      // some changes were missed: everything kept in memory may be stale
	CHANGE_JOB_ENDED, // subject: job; extra: err
	CHANGE_SETTING,   // a setting of the community
	CHANGE_ACCOUNT,   // subject: account: profile, role or standing; extra: 1 its standing
	CHANGE_SESSION, // subject: session, actor: account: signed out; subject 0: all of the account
	CHANGE_FOLLOW, // subject: who is followed, actor: who follows, extra: 1 begins, 0 ends
	CHANGE_NOTE,   // subject: note or comment that appeared or was edited, extra: its root or 0
	CHANGE_NOTE_GONE, // subject: note or comment, extra: its root or 0
	CHANGE_LIKE, // subject: note, actor: who, extra: the note's author; negative: no longer liked
	CHANGE_MEDIA,    // subject: picture whose state changed, extra: its note or 0
	CHANGE_NOTIFIED, // subject: notification, actor: account that is told
	CHANGE_REPORT,   // subject: report or decision
	CHANGE_COUNTED, // subject: note or account whose public numbers changed, as others' standing did
	CHANGE_KINDS
};

struct change {
	change_id id;
	enum change_kind kind;
	int64_t subject, actor, extra;
};
