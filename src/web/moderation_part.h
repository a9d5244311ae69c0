// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the two files of moderators' pages share: the form of a decision.
#pragma once

#include "web/moderation_view.h"
#include "web/private.h"

#define FORMER_MOST 20

err moderation_begin(struct request *, struct frame *, int title) CHECKED;
err id_of_query(struct request *, const char *name, int64_t *out) CHECKED; // 0 when absent
// What the form asks for, to be decided about `want`'s thing.
err decide_by_form(struct request *, struct decision_new want) CHECKED;
// Puts what was typed, and what is wrong with it, back into the form.
void decide_again(struct request *, struct decide_view *);
bool decision_can_be_mended(err);
// Which decisions of these the account as it is now leaves possible.
unsigned decisions_left(const struct account *, unsigned decisions);
// The host's page with what is wrong in the view.
err admin_show(struct request *, struct admin_view *, int status) CHECKED;
