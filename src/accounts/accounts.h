// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Accounts, sessions, profiles, follows, and the languages a person reads. Sessions and the small
// public part of an account (`struct person`) are kept in memory, so that naming an author and
// recognising a viewer cost no statement when warm.
#pragma once

#include "base/base.h"
#include "permit/permit.h"

struct change_kind;
// What happens here. Subject: the account.
extern struct change_kind account_made, account_waits; // waits: to be let in
extern struct change_kind account_changed;             // profile, languages, role or standing
extern struct change_kind standing_changed;            // said beside account_changed
extern struct change_kind account_counted;             // its numbers, as others' standing changed
// Subject: who is followed; actor: who follows.
extern struct change_kind follow_begun, follow_ended;
// Subject: the session, 0: all of the account; actor: the account.
extern struct change_kind session_ended;

enum standing { STANDING_GOOD, STANDING_WAITING, STANDING_SUSPENDED, STANDING_GONE };

// An account is named by its name and its host together. A host is as in DNS, in lower case and ASCII, with a
// port where it has one; "" = this server, whose names alone sign up, sign in and have a rank.
#define HANDLE_MOST 320 // bytes of name, host and signs
#define NAME_LEAST 2
#define NAME_MOST 30
#define DISPLAY_MOST 50 // characters
#define BIO_MOST 500
#define PASSWORD_LEAST 8
#define PASSWORD_MOST 200

// What a card or a comment needs of an author.
struct person {
	account_id id;
	str name, host, display; // display is never empty
	str avatar;              // random name of the picture, "" = none
	int64_t avatar_colour;
	enum role role;
	enum standing standing;
	bool welcomed; // the first steps are done, or were put off
};

struct account {
	account_id id;
	str name, host, display, bio;
	str avatar, cover; // media names, "" = none
	media_id avatar_id, cover_id;
	enum role role;
	enum standing standing;
	lang locale, writes;
	lang reads[VIEWER_LANGS];
	int n_reads;
	str topics; // separated by spaces
	bool show_likes, welcomed;
	str why;
	ms created;
	int64_t notes, followers, following, liked; // what everyone may see of each
};

struct account_new {
	str name, password; // password "" = cannot sign in
	str display;        // "" = the name
	str invite;         // code, when the community asks for one
	str why;            // when it approves by hand
	lang locale;
	const lang *reads; // VIEWER_LANGS of them count
	int n_reads;
	enum role role; // ROLE_MEMBER unless made by the command line
	ms created;     // 0 = now (the demo world backdates)
	bool trusted;   // made by the host: no sign-up rules, no waiting
};

extern const struct room accounts_room;

// Checks name, password and the community's mode. ERR_INVALID with field and word; ERR_FULL when so
// little room is left on the disk that nobody new comes in.
err account_create(struct ctx *, const struct account_new *, account_id *out) CHECKED;
err account_by_id(struct ctx *, account_id, struct account *out) CHECKED;
err account_by_name(struct ctx *, str name, struct account *out) CHECKED; // of this server
// By what is written or typed: "name", "@name", "@name@host".
err account_by_handle(struct ctx *, str handle, struct account *out) CHECKED;
// What people are called by wherever it is shown: "@name", "@name@host" of those elsewhere.
str handle_of(struct arena *, str name, str host);
// Takes it apart again, in lower case, with or without the first @.
void handle_read(struct arena *, str handle, str *name, str *host);
// Of somebody suspended only themselves and moderators see what they made of their profile. To others
// the rest is the user name: account_veil takes picture, cover, name and bio away; people_by_ids has
// done so already.
bool account_is_veiled(const struct ctx *, account_id, enum standing);
void account_veil(const struct ctx *, struct account *);
// Many at once, from memory where warm; absent ids are left zero. out has n places.
err people_by_ids(struct ctx *, const account_id *ids, ptrdiff_t n, struct person *out) CHECKED;
// good[i]: there is such an account and it is in good standing.
err people_in_good_standing(struct ctx *, const account_id *ids, ptrdiff_t n, bool *good) CHECKED;
err accounts_list(struct ctx *, enum standing, account_id before, int limit, struct account **out,
	ptrdiff_t *n) CHECKED;
// Accounts of any standing whose user names begin so, by name; no pictures. Of this server, or of the one
// that stands behind the beginning: "an@far.example".
err accounts_beginning(
	struct ctx *, str begin, int limit, struct account **out, ptrdiff_t *n) CHECKED;

struct profile_edit {
	str display, bio;
	bool show_likes;
	media_id avatar, cover; // 0 = leave, -1 = remove
};
err account_edit_profile(struct ctx *, const struct profile_edit *) CHECKED; // the viewer's own
struct reading_edit {
	const lang *reads;
	int n_reads;
	lang writes, locale;
};
err account_edit_reading(struct ctx *, const struct reading_edit *) CHECKED;
err account_edit_topics(struct ctx *, const str *topics, ptrdiff_t n) CHECKED;
// Normalised names separated by spaces; empty for a stranger.
err account_topics(struct ctx *, str *out) CHECKED;
err account_welcomed(struct ctx *) CHECKED;                            // first steps done
err account_change_password(struct ctx *, str old, str fresh) CHECKED; // ends the other sessions
// For the host and moderators (permit asked by the caller's room): no old password. ERR_NOT_FOUND of those
// elsewhere, and so account_set_role.
err account_set_password(struct ctx *, account_id, str fresh) CHECKED;
// Empties a part of somebody's profile; they may fill it anew. ERR_CONFLICT when it is empty.
enum profile_part { PROFILE_AVATAR, PROFILE_COVER, PROFILE_NAME, PROFILE_BIO };
err account_clear(struct ctx *, account_id, enum profile_part) CHECKED;
err account_set_role(struct ctx *, account_id, enum role) CHECKED;
// Inside a transaction that decides about it: nobody else does, nor changes its role or standing, until the end.
// After all notes that the transaction is about.
err account_hold(struct ctx *, account_id) CHECKED;
// Suspension ends sessions' writing. What the account did leaves the public numbers, or returns to
// them, by the job standing.settle, which is notes/'s.
err account_set_standing(struct ctx *, account_id, enum standing) CHECKED;

// Signing in: begin, hold back for as long as it says, then open. The same in time and words whatever
// was wrong, and whether the name exists or not.
struct sign_in {
	str name, password, agent;
	str network;            // where from: failures are counted by it (permit/permit.h)
	str browser;            // marks that this browser was given when somebody signed in there
	struct attempt attempt; // of sign_in_begin
};
struct signed_in {
	str token;
	str browser; // marks to give to the browser: no session, they outlive it until the password changes
};
// ERR_TOO_MANY with the seconds to wait.
err sign_in_begin(struct ctx *, struct sign_in *, ms *hold) CHECKED;
// Waits for Argon2id: worker threads only. ERR_INVALID.
err session_open(struct ctx *, struct sign_in *, struct signed_in *out) CHECKED;

// Signing up: the account, and its session with a browser that is known from now on, all or nothing.
struct sign_up {
	struct account_new account; // not trusted
	bool rules;                 // agreed to
	str agent, network, browser;
};
// As account_create; ERR_TOO_MANY with the seconds to wait, when many came from this network. Waits for
// Argon2id: worker threads only.
err sign_up(struct ctx *, const struct sign_up *, struct signed_in *out) CHECKED;
// The viewer's browser is known from now on.
err browser_remember(struct ctx *, account_id, str marks, str *out) CHECKED;

// Sessions.
err session_open_for(struct ctx *, account_id, str agent, str *token) CHECKED; // asks nobody
// Who holds this token: fills ctx->viewer, memory only when warm; ERR_NOT_FOUND when nobody.
err session_find(struct ctx *, str token) CHECKED;
// The same from the database, whatever is remembered: for pages that a rank opens.
err session_find_now(struct ctx *, str token) CHECKED;
bool session_find_warm(struct ctx *, str token, bool *known); // never asks the database
err session_close(struct ctx *, str token) CHECKED;
err sessions_close_others(struct ctx *) CHECKED; // all of the viewer's but this one

// Follows, by the viewer.
err follow_add(struct ctx *, account_id) CHECKED; // idempotent; ERR_INVALID for oneself
err follow_remove(struct ctx *, account_id) CHECKED;
struct relation {
	bool following, followed_by;
};
err relation_with(struct ctx *, account_id, struct relation *out) CHECKED; // of the viewer
err follows_among(struct ctx *, const account_id *ids, ptrdiff_t n, bool *out) CHECKED;
// Which of these follow the viewer.
err followers_among(struct ctx *, const account_id *ids, ptrdiff_t n, bool *out) CHECKED;
// Who follows an account and whom it follows, of those in good standing, the oldest accounts first.
struct person_page {
	account_id *ids;
	ptrdiff_t n;     // the limit, less at the end
	bool more;       // go on after next
	account_id next; // the last of them
};
err followers_page(
	struct ctx *, account_id, account_id after, int limit, struct person_page *out) CHECKED;
err following_page(
	struct ctx *, account_id, account_id after, int limit, struct person_page *out) CHECKED;
// Inside a transaction: brings the numbers of followers and followed in line with standing, about so
// many at a time. Begins with a zeroed struct; not `done`: call again with it.
struct follows_settling {
	account_id following, followers; // those up to here are in line
	bool out, done;                  // all that it follows is; and who follows it
};
err follows_settle(struct ctx *, account_id, int most, struct follows_settling *) CHECKED;
err follows_settled(struct ctx *, account_id, bool *out) CHECKED; // whether nothing is to be done
// Accounts whose notes nobody else sees: for whom standing matters in memory.
err accounts_hidden(struct ctx *, account_id **out, ptrdiff_t *n) CHECKED;
// Everything the feed needs at start and after a change: whom an account follows.
err following_all(struct ctx *, account_id, account_id **out, ptrdiff_t *n) CHECKED;

// False until the first account is made: nobody is at home yet.
err accounts_any(struct ctx *, bool *out) CHECKED;
err accounts_waiting_count(struct ctx *, int64_t *out) CHECKED; // to be approved

// Invitations, by admins: ERR_FORBIDDEN to others. One that is revoked, used up or has
// ended lets nobody in and is listed no more.
struct invite {
	invite_id id;
	str code;
	struct person by; // zero when that account is gone
	ms created, expires;
	int64_t uses_left;
};
err invite_create(struct ctx *, int uses, ms lifetime, str *code) CHECKED;
err invites_page(struct ctx *, invite_id before, int limit, struct invite **out,
	ptrdiff_t *n) CHECKED;                      // newest first
err invite_revoke(struct ctx *, invite_id) CHECKED; // ERR_NOT_FOUND when there is none
// For anybody who holds the code: ERR_INVALID (with field and word) when it lets nobody in.
err invite_check(struct ctx *, str code) CHECKED;
