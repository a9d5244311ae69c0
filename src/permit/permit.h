// SPDX-License-Identifier: AGPL-3.0-or-later
//
// May this account do this now: role, standing, and how often. Asked by every writing verb of the
// domain rooms before they write; there is no score of a person, only limits that are the same for all.
#pragma once

#include "base/base.h"

enum act {
	ACT_PUBLISH, // a note
	ACT_COMMENT,
	ACT_LIKE,
	ACT_FOLLOW,
	ACT_UPLOAD, // a picture
	ACT_EDIT,   // own notes, own profile
	ACT_REPORT,
	ACT_INVITE,
	ACT_MODERATE, // moderators and admins
	ACT_ADMINISTER,
	ACT_COUNT
};

struct permit *permit_new(bool rate_limits);
void permit_free(struct permit *);
// OK, or ERR_SIGN_IN (a stranger), ERR_FORBIDDEN (role, standing), ERR_TOO_MANY (with the seconds to
// wait in problem.number). Counts the act. Jobs, commands and tests run with rate limits off by
// acting under a context whose house has none (ctx->house->permit NULL = no rate limits). Role
// and standing are those that the account has in the database now.
err permit_act(struct ctx *, enum act) CHECKED;
// Whether the viewer has this rank now: asks the database. ERR_SIGN_IN, ERR_FORBIDDEN.
err permit_role(struct ctx *, enum role least) CHECKED;
// Acts of somebody not signed in, counted under a key such as "sign-up NETWORK".
err permit_try(struct ctx *, str key, int most, ms within) CHECKED;
