// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whole pages of strangers, kept plain and compressed under a key that says all they depend on. A
// change of what pages show empties the store: pages are cheap, stale ones are not.
#pragma once

#include "http/http.h"

struct kept_pages;
struct kept_pages *kept_new(struct store *); // listens to changes
void kept_free(struct kept_pages *);
// True when the page was kept: it was answered (with ETag, or 304).
bool kept_answer(struct request *, str key);
// Answers with this page and keeps it; `changes` is kept_changes() from before the page was loaded.
uint64_t kept_changes(struct request *);
void kept_put(struct request *, str key, str page, uint64_t changes);
