// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is known of those who look: which notes they like, which topics. Asked of the database once,
// kept in memory, bounded, followed through changes, so that a warm page costs no statement.
#pragma once

#include "store/store.h"

struct web_viewers;
struct web_viewers *viewers_new(struct store *); // listens to changes
void viewers_free(struct web_viewers *);

// Which of these notes the viewer likes; all false for a stranger. out has n places.
err viewer_likes(struct ctx *, const note_id *ids, ptrdiff_t n, bool *out) CHECKED;
// As account_topics.
err viewer_topics(struct ctx *, str *out) CHECKED;
