// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Joining, signing in, following: the same on both databases, and exact when many do it at once.
#include "accounts/accounts.sql.h"
#include "community/community.h"
#include "crypto/crypto.h"
#include "people.h"
#include "store/sql.h"
#include "store/store.h"
#include "transcript.h"
#include "words/words.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define THREADS 8

static const char *golden;

static const char *field_of(const struct ctx *ctx)
{
	return ctx->problem.field ? ctx->problem.field : "";
}

static void outcome(const struct ctx *ctx, const char *what, err code)
{
	tell("%s: %s %s", what, result_of(code), code == OK ? "" : field_of(ctx));
}

static account_id join(struct town *t, struct account_new want)
{
	account_id id = {0};
	act_as_stranger(t);
	t->ctx->problem = (struct problem){0};
	if (!want.password.p)
		want.password = S("correct horse");
	err code = account_create(t->ctx, &want, &id);
	tell("join '%.*s': %s %s", STR_ARGS(want.name), result_of(code),
		code == OK ? "" : field_of(t->ctx));
	return id;
}

static void set_mode(struct town *t, enum signup_mode mode)
{
	act_as(t, t->host);
	struct community c = *community_get(t->ctx);
	c.signup = mode;
	assert_int_equal(community_save(t->ctx, &c), OK);
}

static void show(struct town *t, account_id id)
{
	static const char *const standings[] = {"good", "waiting", "suspended", "gone"};
	struct account a;
	assert_int_equal(account_by_id(t->ctx, id, &a), OK);
	tell("%.*s (%.*s): %s, role %d, notes %d, followers %d, following %d, liked %d%s%.*s",
		STR_ARGS(a.name), STR_ARGS(a.display), standings[a.standing], (int)a.role,
		(int)a.notes, (int)a.followers, (int)a.following, (int)a.liked,
		a.why.n ? ", because " : "", STR_ARGS(a.why));
}

static void names(struct town *t)
{
	static const char *const typed[] = {"Mei_Lin", " @tom ", "mei_lin", "MEI_LIN", "a",
		"abcdefghijklmnopqrstuvwxyz12345", "has space", "é", "12345", "_", "admin",
		"Support", ""};
	tell("-- names");
	for (int i = 0; i < COUNT(typed); i++)
		join(t, (struct account_new){.name = str_from(typed[i])});
	join(t, (struct account_new){.name = S("short"), .password = S("1234567")});
	join(t, (struct account_new){.name = S("shown"), .display = S("\xe2\x80\xae evil")});
	account_id id = join(
		t, (struct account_new){.name = S("climber"), .role = ROLE_ADMIN, .created = 5000});
	show(t, id); // no role by asking for one
	assert_true(id_time(id.v) > 1600000000000);
}

static void modes(struct town *t)
{
	str code;
	tell("-- sign-up by approval");
	set_mode(t, SIGNUP_APPROVAL);
	join(t, (struct account_new){.name = S("quiet")});
	show(t, join(t, (struct account_new){.name = S("asks"), .why = S(" I knit. ")}));
	tell("-- sign-up closed");
	set_mode(t, SIGNUP_CLOSED);
	join(t, (struct account_new){.name = S("late"), .why = S("please")});
	tell("-- sign-up by invitation");
	set_mode(t, SIGNUP_INVITE);
	join(t, (struct account_new){.name = S("stranger")});
	join(t, (struct account_new){.name = S("guesser"), .invite = S("abcdefghijkl")});
	act_as(t, t->host);
	assert_int_equal(invite_create(t->ctx, 2, MS_DAY, &code), OK);
	show(t, join(t, (struct account_new){.name = S("guest_1"), .invite = code}));
	join(t, (struct account_new){.name = S("guest_1"), .invite = code}); // costs no use
	join(t, (struct account_new){.name = S("guest_2"), .invite = code});
	join(t, (struct account_new){.name = S("guest_3"), .invite = code});
	act_as(t, t->host);
	assert_int_equal(invite_create(t->ctx, 2, MS_HOUR, &code), OK);
	t->ctx->now += 2 * MS_HOUR;
	act_as_stranger(t);
	struct account_new late = {
		.name = S("guest_4"), .invite = code, .password = S("correct horse")};
	account_id id;
	tell("after its time: %s", result_of(account_create(t->ctx, &late, &id)));
	act_as(t, t->host);
	t->ctx->viewer.limited = true;
	tell("invite while limited: %s", result_of(invite_create(t->ctx, 1, MS_DAY, &code)));
	act_as_stranger(t);
	tell("invite by a stranger: %s", result_of(invite_create(t->ctx, 1, MS_DAY, &code)));
}

// However often they are looked at; and nobody else may.
static void looking_at_invitations_costs_nothing(void **state)
{
	struct town t;
	struct invite *list;
	ptrdiff_t n;
	str code;
	town_open(&t, *state);
	t.world->house.permit = permit_new(true);
	act_as(&t, t.host);
	for (int i = 0; i < 40; i++)
		assert_int_equal(invites_page(t.ctx, (invite_id){0}, 10, &list, &n), OK);
	for (int i = 0; i < 10; i++)
		assert_int_equal(invite_create(t.ctx, 1, MS_DAY, &code), OK);
	assert_int_equal(invite_create(t.ctx, 1, MS_DAY, &code), ERR_TOO_MANY);
	assert_int_equal(invites_page(t.ctx, (invite_id){0}, 10, &list, &n), OK);
	for (ptrdiff_t i = 0; i < n; i++)
		assert_int_equal(invite_revoke(t.ctx, list[i].id), OK);
	act_as(&t, t.mod);
	assert_int_equal(invites_page(t.ctx, (invite_id){0}, 10, &list, &n), ERR_FORBIDDEN);
	assert_int_equal(invite_create(t.ctx, 1, MS_DAY, &code), ERR_FORBIDDEN);
	assert_int_equal(invite_revoke(t.ctx, (invite_id){1}), ERR_FORBIDDEN);
	permit_free(t.world->house.permit);
	t.world->house.permit = NULL;
	town_close(&t);
}

// --- sessions -----------------------------------------------------------------------------------

static void find(struct town *t, const char *what, str token)
{
	bool known;
	act_as_stranger(t);
	bool warm = session_find_warm(t->ctx, token, &known);
	act_as_stranger(t);
	err code = session_find(t->ctx, token);
	tell("%s: %s%s%s", what, result_of(code), warm ? ", warm" : "",
		code == OK && t->ctx->viewer.limited ? ", limited" : "");
}

static err enter(struct town *t, const char *name, const char *password, str *token)
{
	struct sign_in s = {
		.name = str_from(name), .password = str_from(password), .network = S("192.0.2.1")};
	struct signed_in in = {0};
	ms hold;
	TRY(sign_in_begin(t->ctx, &s, &hold));
	assert_int_equal(hold, 0);
	err code = session_open(t->ctx, &s, &in);
	*token = in.token;
	return code;
}

static void sign_in(struct town *t, const char *name, const char *password)
{
	str token;
	act_as_stranger(t);
	tell("sign in %s %s: %s", name, password, result_of(enter(t, name, password, &token)));
}

static void sessions(struct town *t)
{
	str one, two, gone = S("0123456789012345678901234567890123456789012");
	tell("-- sessions");
	sign_in(t, "mei_lin", "wrong horse");
	sign_in(t, "nobody_here", "correct horse");
	sign_in(t, "ann", ""); // made by the host without a password
	assert_int_equal(enter(t, "@Mei_Lin", "correct horse", &one), OK);
	assert_int_equal(enter(t, "mei_lin", "correct horse", &two), OK);
	find(t, "first", one);
	find(t, "first again", one);
	find(t, "no token", (str){0});
	find(t, "no such token", gone);
	find(t, "second", two);
	assert_int_equal(session_close(t->ctx, one), OK);
	assert_int_equal(session_close(t->ctx, one), OK);
	find(t, "closed", one);
	find(t, "second", two);
	assert_int_equal(enter(t, "mei_lin", "correct horse", &one), OK);
	find(t, "third", one);
	ms now = t->ctx->now;
	t->ctx->now += 400 * MS_DAY; // a session ends at its age, warm or not
	find(t, "third, very old", one);
	t->ctx->now = now;
	assert_int_equal(session_find(t->ctx, two), OK); // the one that stays
	outcome(t->ctx, "wrong old password",
		account_change_password(t->ctx, S("no"), S("battery staple")));
	outcome(t->ctx, "too short",
		account_change_password(t->ctx, S("correct horse"), S("short")));
	assert_int_equal(
		account_change_password(t->ctx, S("correct horse"), S("battery staple")), OK);
	find(t, "that changed the password", two);
	find(t, "the other", one);
	sign_in(t, "mei_lin", "correct horse");
	sign_in(t, "mei_lin", "battery staple");
	account_id mei = (assert_int_equal(session_find(t->ctx, two), OK), t->ctx->viewer.account);
	assert_int_equal(account_set_standing(t->ctx, mei, STANDING_SUSPENDED), OK);
	find(t, "suspended", two);
	find(t, "suspended", two);
	tell("follows: %s", result_of(follow_add(t->ctx, t->ann)));
	assert_int_equal(account_set_standing(t->ctx, mei, STANDING_GOOD), OK);
	find(t, "good again", two);
	assert_int_equal(account_set_password(t->ctx, mei, S("set by host")), OK);
	find(t, "after the host set a password", two);
	assert_int_equal(account_set_standing(t->ctx, mei, STANDING_GONE), OK);
	sign_in(t, "mei_lin", "set by host");
	act_as_stranger(t);
	tell("welcomed, a stranger: %s", result_of(account_welcomed(t->ctx)));
}

static err weaken(struct ctx *ctx, void *arg)
{
	const account_id *id = arg;
	char weak[crypto_pwhash_STRBYTES];
	int64_t n;
	must(crypto_pwhash_str(weak, "correct horse", 13, crypto_pwhash_OPSLIMIT_MIN,
		     crypto_pwhash_MEMLIMIT_MIN) == 0);
	return password_update(ctx, *id, str_from(weak), &n);
}

static void a_weak_hash_is_made_anew_by_who_signs_in(void **state)
{
	struct town t;
	struct account_row row;
	str token;
	town_open(&t, *state);
	assert_int_equal(store_write(t.ctx, weaken, &t.ann), OK);
	act_as_stranger(&t);
	assert_int_equal(enter(&t, "ann", "wrong horse", &token), ERR_INVALID);
	assert_int_equal(account_get(t.ctx, t.ann, &row), OK);
	assert_true(password_is_stale(row.password));
	assert_int_equal(enter(&t, "ann", "correct horse", &token), OK);
	assert_int_equal(account_get(t.ctx, t.ann, &row), OK);
	assert_false(password_is_stale(row.password));
	assert_int_equal(enter(&t, "ann", "correct horse", &token), OK);
	assert_int_equal(session_find(t.ctx, token), OK);
	town_close(&t);
}

// Which browsers an account knows: by their marks, until the password changes.
static bool knows(struct town *t, const char *name, str marks)
{
	struct sign_in s = {.name = str_from(name), .network = S("192.0.2.1"), .browser = marks};
	ms hold;
	act_as_stranger(t);
	assert_int_equal(sign_in_begin(t->ctx, &s, &hold), OK);
	return s.attempt.browser.n > 0;
}

static void known_browsers(void **state)
{
	struct town t;
	str one, both, again;
	town_open(&t, *state);
	assert_int_equal(account_set_password(t.ctx, t.ann, S("correct horse")), OK);
	assert_int_equal(account_set_password(t.ctx, t.ben, S("correct horse")), OK);
	assert_int_equal(browser_remember(t.ctx, t.ann, S(""), &one), OK);
	assert_int_equal(one.n, 0); // a house without a server has no secret to sign with
	assert_int_equal(setting_write(t.ctx, S("secret"), S("of this house")), OK);
	assert_int_equal(browser_remember(t.ctx, t.ann, S("no.mark.of_ours"), &one), OK);
	assert_int_equal(browser_remember(t.ctx, t.ben, one, &both), OK);
	assert_true(knows(&t, "ann", one) && knows(&t, "@ANN ", both) && knows(&t, "ben", both));
	assert_false(knows(&t, "ben", one) || knows(&t, "cleo", both) || knows(&t, "nobody", both));
	assert_false(knows(&t, "ann", S("")) || knows(&t, "ann", S("....")));
	for (ptrdiff_t i = 0; i < one.n; i++) { // every letter counts
		char *spoiled = str_z(t.ctx->mem, one);
		spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
		assert_false(knows(&t, "ann", str_from(spoiled)));
	}
	for (int i = 0; i < 9; i++) // bounded, and one of an account is enough
		assert_int_equal(browser_remember(t.ctx, i % 2 ? t.ann : t.host, both, &both), OK);
	assert_true(both.n < 240 && knows(&t, "ben", both) && knows(&t, "ann", both));
	assert_int_equal(account_set_password(t.ctx, t.ann, S("battery staple")), OK);
	assert_false(knows(&t, "ann", one) || knows(&t, "ann", both));
	assert_true(knows(&t, "ben", both));
	assert_int_equal(browser_remember(t.ctx, t.ann, both, &again), OK);
	assert_true(knows(&t, "ann", again));
	assert_int_equal(setting_write(t.ctx, S("secret"), S("of another")), OK);
	assert_false(knows(&t, "ann", again) || knows(&t, "ben", again));
	store_done(t.ctx);
	town_close(&t);
}

// --- follows ------------------------------------------------------------------------------------

static void relation(struct town *t, account_id me, account_id you, const char *what)
{
	struct relation r;
	act_as(t, me);
	assert_int_equal(relation_with(t->ctx, you, &r), OK);
	tell("%s: following %d, followed by %d", what, r.following, r.followed_by);
}

static void follows(struct town *t)
{
	account_id *ids;
	bool among[3];
	struct person_page page;
	ptrdiff_t n;
	tell("-- follows");
	act_as(t, t->ann);
	for (int i = 0; i < 3; i++)
		assert_int_equal(follow_add(t->ctx, t->ben), OK);
	tell("oneself: %s", result_of(follow_add(t->ctx, t->ann)));
	tell("nobody: %s", result_of(follow_add(t->ctx, (account_id){12})));
	relation(t, t->ann, t->ben, "ann and ben");
	relation(t, t->ben, t->ann, "ben and ann");
	act_as(t, t->ben);
	assert_int_equal(follow_add(t->ctx, t->ann), OK);
	relation(t, t->ann, t->ben, "ann and ben");
	act_as(t, t->ann);
	assert_int_equal(
		follows_among(t->ctx, (account_id[]){t->cleo, t->ben, t->ann}, 3, among), OK);
	tell("among cleo ben ann: %d%d%d", among[0], among[1], among[2]);
	show(t, t->ann);
	show(t, t->ben);
	for (int i = 0; i < 2; i++)
		assert_int_equal(follow_remove(t->ctx, t->ben), OK);
	show(t, t->ann);
	show(t, t->ben);
	assert_int_equal(followers_page(t->ctx, t->ann, (account_id){0}, 5, &page), OK);
	tell("ann's followers: %d, ben %d", (int)page.n, page.n == 1 && page.ids[0].v == t->ben.v);
	assert_int_equal(following_all(t->ctx, t->ben, &ids, &n), OK);
	tell("ben follows: %d", (int)n);
	act_as_stranger(t);
	tell("a stranger: %s", result_of(follow_add(t->ctx, t->ben)));
	assert_int_equal(account_set_standing(t->ctx, t->cleo, STANDING_SUSPENDED), OK);
	act_as(t, t->ann);
	tell("somebody suspended: %s", result_of(follow_add(t->ctx, t->cleo)));
	assert_int_equal(account_set_standing(t->ctx, t->cleo, STANDING_GOOD), OK);
}

// --- what is remembered -------------------------------------------------------------------------

static void person(struct town *t, account_id id)
{
	struct person p[3];
	assert_int_equal(people_by_ids(t->ctx, (account_id[]){id, {0}, {77}}, 3, p), OK);
	tell("%.*s is called '%.*s', role %d, standing %d; nobody %d %d", STR_ARGS(p[0].name),
		STR_ARGS(p[0].display), (int)p[0].role, (int)p[0].standing, (int)p[1].id.v,
		(int)p[2].id.v);
}

static err rename_and_fail(struct ctx *ctx, void *arg)
{
	struct person p;
	struct profile_edit edit = {.display = S("Never")};
	TRY(account_edit_profile(ctx, &edit));
	TRY(people_by_ids(ctx, arg, 1, &p)); // must not be kept: it will not have been
	return ERR_FORBIDDEN;
}

static void profiles(struct town *t)
{
	struct account a;
	tell("-- profiles");
	act_as(t, t->ann);
	person(t, t->ann);
	struct profile_edit edit = {
		.display = S("  Ann   of\tRye "), .bio = S("a\r\nb \x07\n\n\n\n c ")};
	assert_int_equal(account_edit_profile(t->ctx, &edit), OK);
	person(t, t->ann);
	assert_int_equal(account_by_name(t->ctx, S("ANN"), &a), OK);
	tell("bio of %d bytes", (int)a.bio.n);
	assert_int_equal(account_set_role(t->ctx, t->ann, ROLE_MODERATOR), OK);
	assert_int_equal(account_set_standing(t->ctx, t->ann, STANDING_WAITING), OK);
	person(t, t->ann);
	assert_int_equal(account_set_role(t->ctx, t->ann, ROLE_MEMBER), OK);
	assert_int_equal(account_set_standing(t->ctx, t->ann, STANDING_GOOD), OK);
	tell("undone: %s", result_of(store_write(t->ctx, rename_and_fail, &t->ann)));
	person(t, t->ann);
	edit = (struct profile_edit){.display = S("x"), .avatar = {12345}};
	tell("a picture of nobody: %s", result_of(account_edit_profile(t->ctx, &edit)));
	struct reading_edit reading = {
		.reads = (lang[]){LANG("zh-Hans"), LANG("en")}, .n_reads = 2, .writes = LANG("en")};
	assert_int_equal(account_edit_reading(t->ctx, &reading), OK);
	assert_int_equal(
		account_edit_topics(t->ctx, (str[]){S("Tea"), S("no good"), S("茶")}, 3), OK);
	assert_int_equal(account_by_id(t->ctx, t->ann, &a), OK);
	tell("reads %d: %s %s; writes %s; topics '%.*s'", a.n_reads, a.reads[0].tag, a.reads[1].tag,
		a.writes.tag, STR_ARGS(a.topics));
}

static void settings(struct town *t)
{
	tell("-- settings");
	struct community c = *community_get(t->ctx);
	act_as(t, t->mod);
	tell("by a moderator: %s", result_of(community_save(t->ctx, &c)));
	act_as(t, t->host);
	c.name = S("  ");
	outcome(t->ctx, "no name", community_save(t->ctx, &c));
	c.name = S(" Harbour ");
	c.source_url = S("javascript:x");
	outcome(t->ctx, "an address", community_save(t->ctx, &c));
	c.source_url = S("https://example.org/source");
	c.texts[TEXT_RULES] = S("Be kind.\nBe brief.");
	tell("saved: %s", result_of(community_save(t->ctx, &c)));
	const struct community *now = community_get(t->ctx);
	tell("%.*s, %.*s, %.*s", STR_ARGS(now->name), STR_ARGS(now->source_url),
		(int)str_find_char(now->texts[TEXT_RULES], '\n'), now->texts[TEXT_RULES].p);
	str value;
	tell("not set: %s", result_of(setting_read(t->ctx, S("secret"), &value)));
	assert_int_equal(setting_write(t->ctx, S("secret"), S("one")), OK);
	assert_int_equal(setting_write(t->ctx, S("secret"), S("two")), OK);
	assert_int_equal(setting_read(t->ctx, S("secret"), &value), OK);
	tell("set: %.*s", STR_ARGS(value));
}

static void called(struct town *t, const char *handle)
{
	struct account a;
	err code = account_by_handle(t->ctx, str_from(handle), &a);
	tell("%s: %s %.*s", handle, result_of(code), code == OK ? (int)a.display.n : 0,
		code == OK ? a.display.p : "");
}

static void beginning(struct town *t, const char *begin)
{
	struct account *list;
	ptrdiff_t n;
	assert_int_equal(accounts_beginning(t->ctx, str_from(begin), 10, &list, &n), OK);
	tell("those that begin with %s:", begin);
	for (ptrdiff_t i = 0; i < n; i++)
		tell("  %.*s", STR_ARGS(handle_of(t->ctx->mem, list[i].name, list[i].host)));
}

#define ONES_PASSWORD \
	"UPDATE account SET password = (SELECT one.password FROM account AS one WHERE " \
	"one.host = '' AND one.name = 'mei_lin') WHERE host <> ''"

// As if it had one after all.
static err give_password(struct ctx *ctx, void *arg)
{
	static const struct sql sql = {.name = "give_password",
		.sqlite = ONES_PASSWORD,
		.postgres = ONES_PASSWORD,
		.writes = true};
	(void)arg;
	return sql_change(ctx, &sql, NULL, NULL);
}

// Whoever has a name elsewhere has it there.
static void elsewhere(struct town *t)
{
	tell("-- of other servers");
	account_id far = from_elsewhere(t, "ann", "far.example");
	from_elsewhere(t, "ann", "near.example:8080");
	from_elsewhere(t, "anders", "far.example");
	act_as_stranger(t);
	static const char *const handles[] = {"ann", "@ann", "ann@far.example", "@ANN@Far.Example",
		"ann@near.example:8080", "ann@", "@ann@", "ann@nowhere.example", "anders",
		"@anders@far.example", "@@far.example", ""};
	for (int i = 0; i < COUNT(handles); i++)
		called(t, handles[i]);
	beginning(t, "an");
	beginning(t, "an@far.example");
	set_mode(t, SIGNUP_OPEN);
	join(t, (struct account_new){.name = S("ann")});
	join(t, (struct account_new){.name = S("anders")});
	join(t, (struct account_new){.name = S("anders@far.example")});
	called(t, "anders");
	tell("a password: %s", result_of(account_set_password(t->ctx, far, S("correct horse"))));
	tell("a rank: %s", result_of(account_set_role(t->ctx, far, ROLE_ADMIN)));
	assert_int_equal(store_write(t->ctx, give_password, NULL), OK);
	sign_in(t, "ann", "set by host");
	sign_in(t, "ann@far.example", "set by host");
	sign_in(t, "anders", "correct horse");
	str token;
	assert_int_equal(session_open_for(t->ctx, far, S("test"), &token), OK);
	tell("a session: %s", result_of(session_find(t->ctx, token)));
}

static void the_same_on_both(void **state)
{
	struct town t;
	town_open(&t, *state);
	names(&t);
	modes(&t);
	sessions(&t);
	follows(&t);
	profiles(&t);
	settings(&t);
	elsewhere(&t);
	told_is(golden);
	town_close(&t);
}

// --- many at once -------------------------------------------------------------------------------

struct one {
	struct town *t;
	int number;
	int ok, refused, wrong;
	str invite;
	account_id me;
	const account_id *all;
};

static void at_once(struct one *each, int n, void *(*run)(void *))
{
	pthread_t threads[16];
	for (int i = 0; i < n; i++)
		threads[i] = thread_start(run, &each[i]);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

static struct ctx begin(struct one *me)
{
	struct ctx ctx;
	thread_is(THREAD_WORKER, "person");
	ctx_begin(&ctx, me->t->world);
	ctx.viewer = (struct viewer){.account = me->me, .role = ROLE_MEMBER};
	return ctx;
}

static void *join_at_once(void *arg)
{
	struct one *me = arg;
	struct ctx ctx = begin(me);
	account_id id;
	for (int i = 0; i < 2; i++) { // all the same name, then each a name and the same invitation
		struct account_new want = {.name = S("wanted"), .password = S("correct horse")};
		want.invite = me->invite;
		if (i)
			want.name = str_fmt(ctx.mem, "guest_%d", me->number);
		err code = account_create(&ctx, &want, &id);
		me->ok += code == OK;
		me->refused += code == ERR_INVALID;
		me->wrong += code != OK && code != ERR_INVALID;
		store_done(&ctx);
	}
	ctx_end(&ctx);
	return NULL;
}

static void names_and_invitations_are_given_once(void **state)
{
	struct town t;
	struct one each[THREADS] = {0};
	str code;
	int ok = 0, wrong = 0;
	town_open(&t, *state);
	set_mode(&t, SIGNUP_INVITE);
	act_as(&t, t.host);
	assert_int_equal(invite_create(t.ctx, 4, MS_DAY, &code), OK);
	for (int i = 0; i < THREADS; i++)
		each[i] = (struct one){.t = &t, .number = i, .invite = code};
	at_once(each, THREADS, join_at_once);
	for (int i = 0; i < THREADS; i++) {
		ok += each[i].ok;
		wrong += each[i].wrong;
	}
	assert_int_equal(wrong, 0);
	assert_int_equal(ok, 4); // as many as the invitation had, the name among them or not
	town_close(&t);
}

static void *follow_at_random(void *arg)
{
	struct one *me = arg;
	struct ctx ctx = begin(me);
	uint32_t dice = (uint32_t)me->number;
	for (int i = 0; i < 30; i++) {
		dice = dice * 1664525 + 1013904223;
		account_id whom = me->all[(dice >> 8) % THREADS];
		err code = dice >> 30 ? follow_add(&ctx, whom) : follow_remove(&ctx, whom);
		me->wrong += code != OK && !(code == ERR_INVALID && whom.v == me->me.v);
		store_done(&ctx);
		arena_reset(ctx.mem);
	}
	ctx_end(&ctx);
	return NULL;
}

static void counters_of_follows_are_exact(void **state)
{
	struct town t;
	struct one each[THREADS] = {0};
	account_id all[THREADS], *ids;
	struct person_page page;
	ptrdiff_t n;
	int64_t sum = 0;
	town_open(&t, *state);
	for (int i = 0; i < THREADS; i++) {
		struct account_new want = {
			.name = str_fmt(t.ctx->mem, "walker_%d", i), .trusted = true};
		assert_int_equal(account_create(t.ctx, &want, &all[i]), OK);
		each[i] = (struct one){.t = &t, .number = i, .me = all[i], .all = all};
	}
	at_once(each, THREADS, follow_at_random);
	for (int i = 0; i < THREADS; i++) {
		struct account a;
		assert_int_equal(each[i].wrong, 0);
		assert_int_equal(account_by_id(t.ctx, all[i], &a), OK);
		assert_int_equal(following_all(t.ctx, all[i], &ids, &n), OK);
		assert_int_equal(a.following, n);
		assert_int_equal(followers_page(t.ctx, all[i], (account_id){0}, 100, &page), OK);
		assert_int_equal(a.followers, page.n);
		sum += page.n;
	}
	assert_true(sum > 0);
	town_close(&t);
}

// Half the threads name people and find sessions, the others change them: what is remembered at the
// end must be what is stored.
static void *look_or_change(void *arg)
{
	struct one *me = arg;
	struct ctx ctx = begin(me);
	for (int i = 0; i < 24; i++) {
		struct person p;
		if (me->number % 2) {
			me->wrong += people_by_ids(&ctx, &me->all[0], 1, &p) != OK;
			me->wrong += session_find(&ctx, me->invite) != OK;
		} else {
			enum standing s = i % 2 || i == 23 ? STANDING_SUSPENDED : STANDING_GOOD;
			me->wrong += account_set_standing(&ctx, me->all[0], s) != OK;
		}
		store_done(&ctx);
	}
	ctx_end(&ctx);
	return NULL;
}

static int64_t sessions_there(struct town *t)
{
	static const struct sql_field n = {.name = "n", .kind = SQL_INT};
	static const struct sql sql = {.name = "sessions there",
		.sqlite = "SELECT COUNT(*) FROM session",
		.postgres = "SELECT COUNT(*) FROM session",
		.columns = &n,
		.n_columns = 1,
		.row_size = sizeof(int64_t),
		.row_align = sizeof(int64_t)};
	int64_t row;
	assert_int_equal(sql_one(t->ctx, &sql, NULL, &row), OK);
	return row;
}

static void signing_up_is_all_or_nothing(void **state)
{
	struct town t;
	struct signed_in in;
	struct account a;
	town_open(&t, *state);
	set_mode(&t, SIGNUP_INVITE);
	act_as_stranger(&t);
	const lang reads[] = {LANG("zh"), LANG("en")};
	struct sign_up s = {.account = {.name = S("Dora"),
				    .password = S("a good password"),
				    .invite = S("none of ours"),
				    .reads = reads,
				    .n_reads = 2},
		.rules = true,
		.agent = S("test"),
		.network = S("192.0.2.1")};
	assert_int_equal(sign_up(t.ctx, &s, &in), ERR_INVALID);
	assert_int_equal(account_by_name(t.ctx, S("dora"), &a), ERR_NOT_FOUND);
	assert_int_equal(sessions_there(&t), 0);
	act_as(&t, t.host);
	assert_int_equal(invite_create(t.ctx, 1, MS_DAY, &s.account.invite), OK);
	act_as_stranger(&t);
	s.rules = false;
	assert_int_equal(sign_up(t.ctx, &s, &in), ERR_INVALID);
	assert_true(str_eq(str_from(t.ctx->problem.field), S("rules")));
	s.rules = true;
	assert_int_equal(sign_up(t.ctx, &s, &in), OK);
	assert_int_equal(account_by_name(t.ctx, S("dora"), &a), OK);
	assert_true(a.n_reads == 2 && str_eq(lang_str(&a.reads[0]), S("zh")));
	assert_int_equal(session_find(t.ctx, in.token), OK);
	assert_int_equal(t.ctx->viewer.account.v, a.id.v);
	assert_int_equal(sessions_there(&t), 1);
	town_close(&t);
}

static void nothing_stale_is_remembered(void **state)
{
	struct town t;
	struct one each[THREADS] = {0};
	str token;
	struct person p;
	town_open(&t, *state);
	assert_int_equal(session_open_for(t.ctx, t.ben, S("test"), &token), OK);
	for (int i = 0; i < THREADS; i++)
		each[i] = (struct one){.t = &t, .number = i, .invite = token, .all = &t.ben};
	for (int round = 0; round < 2; round++) {
		at_once(each, THREADS, look_or_change);
		act_as_stranger(&t);
		assert_int_equal(people_by_ids(t.ctx, &t.ben, 1, &p), OK);
		assert_int_equal(p.standing, STANDING_SUSPENDED);
		assert_int_equal(session_find(t.ctx, token), OK);
		assert_true(t.ctx->viewer.limited);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(each[i].wrong, 0);
	town_close(&t);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_on_both),
		cmocka_unit_test(a_weak_hash_is_made_anew_by_who_signs_in),
		cmocka_unit_test(known_browsers),
		cmocka_unit_test(looking_at_invitations_costs_nothing),
		cmocka_unit_test(names_and_invitations_are_given_once),
		cmocka_unit_test(counters_of_follows_are_exact),
		cmocka_unit_test(signing_up_is_all_or_nothing),
		cmocka_unit_test(nothing_stale_is_remembered),
	};
	must(argc == 2);
	golden = argv[1];
	return run_on_both(tests);
}
