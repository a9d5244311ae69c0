// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What somebody is at the door for, told from what was begun and from where the door leads back to.
#pragma once

#include "http/http.h"

// The heading of signing in: "Sign in to comment on …", or simply "Sign in". A note that the stranger
// may not see is not named.
err purpose_signin(struct request *, str *out) CHECKED;
// Where signing up leads afterwards, as a sentence; "" where there is nothing to say.
err purpose_signup(struct request *, str *out) CHECKED;
