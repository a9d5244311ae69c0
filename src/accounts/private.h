// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "accounts/accounts.h"
#include "accounts/accounts.sql.h"
#include "crypto/crypto.h"
#include "media/media.h"
#include "memo/memo.h"

extern const struct media_owner_kind account_media; // what a profile's pictures belong to

#define PEOPLE_MOST 50000
#define SESSIONS_MOST 50000
#define TOPICS_KEPT (1 << 20) // bytes

struct accounts {
	struct memo *people;   // account → struct person
	struct memo *sessions; // token's digest → struct known_session
	struct memo *viewers;  // account → struct viewer
	struct memo *topics;   // account → the topics it chose, as text
};

struct known_session {
	session_id id;
	account_id account;
	ms created; // it ends at its age, also while it is warm
};

// Checks what a person typed. ERR_INVALID with field and word.
err check_name(struct ctx *, str typed, str *name) CHECKED;
// A name that nobody may take for himself (admin, support…).
err check_name_free(struct ctx *, str name, bool trusted) CHECKED;
err check_display(struct ctx *, str typed, str *display) CHECKED;
err check_bio(struct ctx *, str typed, str *bio) CHECKED;
// As those of crypto/: what hashing takes, and the wait for its turn, is no wait for the database.
err hash_password(struct ctx *, str password, char out[PASSWORD_HASH_SIZE]) CHECKED;
bool is_password(struct ctx *, str password, str hash); // hash "": costs the same, and is none
err check_password(struct ctx *, const char *field, str password) CHECKED;

struct account account_from_row(struct ctx *, const struct account_row *);
int reads_parse(str reads, lang out[VIEWER_LANGS]);
str reads_join(struct arena *, const lang *reads, int n);
// Which of the browser's marks is one of this account's, as it signs in now; "" = none.
err browser_known(struct ctx *, str marks, account_id, str password_hash, str *out) CHECKED;
// The browser's marks with a new one of this account.
err browser_mark(struct ctx *, str marks, account_id, str password_hash, str *out) CHECKED;
err account_row_of_viewer(struct ctx *, struct account_row *) CHECKED;

// A session with a token of its own, begun inside the caller's transaction by session_begin.
struct opening {
	struct digest digest;
	session_id id;
	account_id account;
	str agent;
};
struct opening opening_of(struct ctx *, account_id, str agent, str *token);
err session_begin(struct ctx *, const struct opening *) CHECKED;

extern const struct command accounts_commands[]; // command.c
struct memo *people_new(struct store *);
void sessions_start(struct accounts *, struct store *);
void sessions_stop(struct accounts *);
// Spends one use of an invitation inside the caller's transaction.
err invite_spend(struct ctx *, str code) CHECKED;
