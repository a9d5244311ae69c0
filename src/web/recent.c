// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which change concerns what is shown. Ids of all kinds are made by one counter, so that a note's id
// is never an account's.
#include "web/recent.h"

void recent_add(struct recent *r, const struct change *c)
{
	r->at[r->n++ % RECENT_CHANGES] = *c;
}

static bool has(const int64_t *shows, ptrdiff_t n, int64_t id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (shows[i] == id)
			return true;
	return false;
}

bool change_touches(const struct change *c, const int64_t *shows, ptrdiff_t n)
{
	switch (c->kind) {
	case CHANGE_LOST:
	case CHANGE_SETTING: // the community's name is on every page
		return true;
	case CHANGE_NOTE:
	case CHANGE_NOTE_GONE:
		if (c->extra) // a comment: its note shows it and their number, its author loses its likes
			return has(shows, n, c->subject) || has(shows, n, c->extra) ||
			       (c->kind == CHANGE_NOTE_GONE &&
				       has(shows, n, SHOWS_ALL_OF((account_id){c->actor})));
		return has(shows, n, c->subject) || has(shows, n, SHOWS_NEW_NOTES) ||
		       has(shows, n, SHOWS_ALL_OF((account_id){c->actor}));
	case CHANGE_LIKE:
		return has(shows, n, c->subject) ||
		       has(shows, n,
			       SHOWS_ALL_OF((account_id){c->extra > 0 ? c->extra : -c->extra}));
	case CHANGE_COUNTED:
		return has(shows, n, c->subject) ||
		       has(shows, n, SHOWS_ALL_OF((account_id){c->subject}));
	case CHANGE_MEDIA:
		return c->extra && has(shows, n, c->extra);
	case CHANGE_ACCOUNT:
		return has(shows, n, c->subject) ||
		       has(shows, n, SHOWS_ALL_OF((account_id){c->subject}));
	case CHANGE_FOLLOW:
		return has(shows, n, SHOWS_ALL_OF((account_id){c->subject})) ||
		       has(shows, n, SHOWS_ALL_OF((account_id){c->actor}));
	default:
		return false;
	}
}

bool recent_touched(const struct recent *r, uint64_t since, const int64_t *shows, ptrdiff_t n)
{
	if (r->n - since > RECENT_CHANGES)
		return true;
	for (uint64_t i = since; i < r->n; i++)
		if (change_touches(&r->at[i % RECENT_CHANGES], shows, n))
			return true;
	return false;
}
