// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the host decided about this community: its name, who may join, its rules and pages. Kept in
// the database, read from memory, followed through the change feed.
#pragma once

#include "base/base.h"

struct change_kind;
extern struct change_kind setting_changed;

enum signup_mode { SIGNUP_OPEN, SIGNUP_APPROVAL, SIGNUP_INVITE, SIGNUP_CLOSED };

enum community_text { // long texts; an empty one falls back to the catalogue's default
	TEXT_RULES,
	TEXT_PRIVACY,
	TEXT_ABOUT,
	TEXT_CONTACT,
	COMMUNITY_TEXTS
};

struct community {
	str name;       // shown in titles; default "Qiao"
	str summary;    // one sentence
	str contact;    // mail or other address of the host
	str mark;       // name of its picture among the media, "" = the program's own
	str source_url; // where the running source is (AGPL section 13)
	enum signup_mode signup;
	int64_t quota; // bytes that the pictures of one account may take; 0 = no bound; 5 GB unless set
	str texts[COMMUNITY_TEXTS];
};

// Reads the settings and keeps following them.
extern const struct room community_room;
// The present settings; memory only. They stay readable for ten minutes after they were replaced:
// longer than any request lasts.
const struct community *community_get(struct ctx *);
// Whether the host gave it a name of its own.
bool community_is_named(const struct community *);
// Whether the host said how to be reached.
bool community_is_reachable(const struct community *);
// Saves all of it but the mark (media_set_mark), by an admin (permit_act's errors). ERR_INVALID (with field) when a text is too long, the name is empty, or the quota is
// no sensible number.
err community_save(struct ctx *, const struct community *) CHECKED;

// A single remembered value of the server itself (public address, secret of tokens).
// ERR_NOT_FOUND when never set.
err setting_read(struct ctx *, str key, str *out) CHECKED;
err setting_write(struct ctx *, str key, str value) CHECKED;
// Sets it unless it is set already; *out is what it is then, for all processes that start at once.
err setting_first(struct ctx *, str key, str value, str *out) CHECKED;
