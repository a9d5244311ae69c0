// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Sessions: a random token in a cookie, its SHA-256 in the database, and both the token's account
// and what a viewer is in memory, so that a warm request asks nothing of the database.
#include "accounts/private.h"

#include "crypto/crypto.h"
#include "store/store.h"
#include "words/words.h"

#define SESSION_LIFETIME (400 * MS_DAY) // as long as browsers keep a cookie

static str digest_str(const struct digest *d)
{
	return (str){(const char *)d->b, SHA256_SIZE};
}

// Without a session: all of the account.
static void all_ended(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx;
	if (!change->subject)
		memo_end(arg, change->actor);
}

void sessions_start(struct accounts *a, struct store *store)
{
	a->sessions = memo_new(store, &(struct memo_spec){.most = SESSIONS_MOST});
	memo_follow(a->sessions, &session_ended, MEMO_SUBJECT);
	store_on(store, &session_ended, all_ended, a->sessions);
	a->viewers = memo_new(store, &(struct memo_spec){.most = SESSIONS_MOST});
	memo_follow(a->viewers, &account_changed, MEMO_SUBJECT);
	a->topics = memo_new(store, &(struct memo_spec){.most = TOPICS_KEPT});
	memo_follow(a->topics, &account_changed, MEMO_SUBJECT);
}

void sessions_stop(struct accounts *a)
{
	memo_free(a->sessions);
	memo_free(a->viewers);
	memo_free(a->topics);
}

static struct viewer viewer_from_row(const struct account_row *r)
{
	struct viewer v = {
		.account = r->id,
		// Rank rests while the account is not in good standing.
		.role = r->standing == STANDING_GOOD ? (enum role)r->role : ROLE_MEMBER,
		.limited = r->standing != STANDING_GOOD,
		.locale = locale_find(lang_str(&r->locale)),
	};
	v.n_reads = reads_parse(r->reads, v.reads);
	return v;
}

// Moments before the session and its viewer were read.
struct moments {
	uint64_t session, viewer;
};

static struct moments moments_now(struct accounts *a)
{
	struct moments now = {.session = memo_open(a->sessions)};
	memo_close(a->sessions);
	now.viewer = memo_open(a->viewers);
	memo_close(a->viewers);
	return now;
}

static void remember(struct ctx *ctx, str digest, const struct known_session *session,
	const struct viewer *v, struct moments before)
{
	struct accounts *a = ctx->house->accounts;
	const int64_t about[] = {session->id.v, session->account.v};
	memo_keep_copy(ctx, a->sessions, memo_name(digest), session, sizeof *session, 1,
		before.session, about, COUNT(about));
	memo_keep_copy(
		ctx, a->viewers, memo_id(v->account), v, sizeof *v, 1, before.viewer, &about[1], 1);
}

// The interface's language: the account's choice, else what the edge found in the browser.
static void become(struct ctx *ctx, const struct viewer *v, session_id session)
{
	int browser = ctx->viewer.locale;
	ctx->viewer = *v;
	ctx->viewer.session = session;
	if (v->locale < 0)
		ctx->viewer.locale = browser;
}

bool session_find_warm(struct ctx *ctx, str token, bool *known)
{
	struct accounts *a = ctx->house->accounts;
	struct digest digest = token_digest(token);
	struct known_session session;
	struct viewer v;
	*known = memo_copy(a->sessions, memo_name(digest_str(&digest)), &session, sizeof session,
			 NULL) &&
		 session.created > ctx->now - SESSION_LIFETIME &&
		 memo_copy(a->viewers, memo_id(session.account), &v, sizeof v, NULL);
	if (*known)
		become(ctx, &v, session.id);
	return *known;
}

err session_find(struct ctx *ctx, str token)
{
	bool known;
	if (session_find_warm(ctx, token, &known))
		return OK;
	return session_find_now(ctx, token);
}

err session_find_now(struct ctx *ctx, str token)
{
	if (token.n != TOKEN_SIZE)
		return ERR_NOT_FOUND;
	struct digest digest = token_digest(token);
	struct session_get_row session;
	struct account_row account;
	struct moments before = moments_now(ctx->house->accounts);
	TRY(session_get(ctx, digest_str(&digest), ctx->now - SESSION_LIFETIME, &session));
	TRY(account_get(ctx, session.account, &account));
	if (account.standing == STANDING_GONE || account.host.n)
		return ERR_NOT_FOUND;
	struct viewer v = viewer_from_row(&account);
	remember(ctx, digest_str(&digest),
		&(struct known_session){session.id, session.account, session.created}, &v, before);
	become(ctx, &v, session.id);
	return OK;
}

struct opening opening_of(struct ctx *ctx, account_id account, str agent, str *token)
{
	*token = token_new(ctx->mem);
	struct opening o = {
		.digest = token_digest(*token),
		.id = {id_new(ctx->now)},
		.account = account,
		.agent = str_sub(agent, 0, 200),
	};
	while (o.agent.n && !utf8_valid(o.agent))
		o.agent.n--;
	return o;
}

err session_begin(struct ctx *ctx, const struct opening *o)
{
	return session_insert(ctx, digest_str(&o->digest), o->id, o->account, ctx->now, o->agent);
}

static err open_row(struct ctx *ctx, void *arg)
{
	return session_begin(ctx, arg);
}

err session_open_for(struct ctx *ctx, account_id account, str agent, str *token)
{
	str fresh;
	struct opening o = opening_of(ctx, account, agent, &fresh);
	TRY(store_write(ctx, open_row, &o));
	*token = fresh;
	return OK;
}

static err row_by_name(struct ctx *ctx, str name, struct account_row *row)
{
	*row = (struct account_row){0};
	err found =
		name.n <= NAME_MOST ? account_get_by_handle(ctx, name, S(""), row) : ERR_NOT_FOUND;
	return found == ERR_NOT_FOUND ? OK : found;
}

err sign_in_begin(struct ctx *ctx, struct sign_in *s, ms *hold)
{
	struct account_row row;
	str name = str_lower(ctx->mem, str_trim(s->name));
	if (str_starts(name, S("@")))
		name = str_skip(name, 1);
	s->attempt = (struct attempt){.name = name, .network = s->network};
	TRY(row_by_name(ctx, name, &row));
	if (row.id.v)
		TRY(browser_known(ctx, s->browser, row.id, row.password, &s->attempt.browser));
	return permit_attempt(ctx, &s->attempt, hold);
}

static err open_known(struct ctx *ctx, const struct sign_in *s, const struct account_row *row,
	struct signed_in *out)
{
	struct signed_in in;
	TRY(browser_mark(ctx, s->browser, row->id, row->password, &in.browser));
	TRY(session_open_for(ctx, row->id, s->agent, &in.token));
	*out = in;
	return OK;
}

struct rehash {
	account_id account;
	char hash[PASSWORD_HASH_SIZE];
};

static err write_hash(struct ctx *ctx, void *arg)
{
	const struct rehash *r = arg;
	int64_t changed;
	return password_update(ctx, r->account, str_from(r->hash), &changed);
}

// A hash made when less was asked of one is made anew, as long as the password is at hand.
static err strengthen(struct ctx *ctx, str password, struct account_row *row)
{
	struct rehash r = {.account = row->id};
	if (!password_is_stale(row->password))
		return OK;
	TRY(hash_password(ctx, password, r.hash));
	TRY(store_write(ctx, write_hash, &r));
	row->password = str_copy(ctx->mem, str_from(r.hash));
	return OK;
}

err session_open(struct ctx *ctx, struct sign_in *s, struct signed_in *out)
{
	struct account_row row;
	err found = row_by_name(ctx, s->attempt.name, &row);
	// A password that nobody can have costs no hashing, whoever it is tried on.
	bool possible = utf8_count(s->password) <= PASSWORD_MOST, right = false;
	if (found == OK && possible)
		right = is_password(ctx, s->password, row.password);
	right = right && row.standing != STANDING_GONE;
	if (right)
		TRY(permit_attempt_right(ctx, &s->attempt));
	else if (found != OK)
		permit_attempt_undo(ctx, &s->attempt);
	TRY(found);
	if (!right) {
		TRY(permit_attempt_wrong(ctx, &s->attempt));
		return fail(ctx, ERR_INVALID, "password", W_account_sign_in_wrong);
	}
	TRY(strengthen(ctx, s->password, &row));
	return open_known(ctx, s, &row, out);
}

err browser_remember(struct ctx *ctx, account_id account, str marks, str *out)
{
	struct account_row row;
	TRY(account_get(ctx, account, &row));
	return browser_mark(ctx, marks, row.id, row.password, out);
}

static err close_row(struct ctx *ctx, void *arg)
{
	const struct digest *digest = arg;
	struct session_get_row session;
	int64_t n;
	err found = session_get(ctx, digest_str(digest), 0, &session);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	TRY(session_delete(ctx, digest_str(digest), &n));
	change_add(ctx, &session_ended, session.id.v, session.account.v, 0);
	return OK;
}

err session_close(struct ctx *ctx, str token)
{
	struct digest digest = token_digest(token);
	return store_write(ctx, close_row, &digest);
}
