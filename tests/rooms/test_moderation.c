// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports and decisions on both databases: counted once, decided once, with effect, told to whom it
// concerns, by whoever may.
#include "community/community.h"
#include "moderation/moderation.h"
#include "notifications/notifications.h"
#include "people.h"
#include "words/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

static struct reported_thing about_note(note_id id)
{
	return (struct reported_thing){REPORTED_NOTE, id.v};
}

static struct reported_thing about_account(account_id id)
{
	return (struct reported_thing){REPORTED_ACCOUNT, id.v};
}

static report_id report(struct town *t, account_id who, struct reported_thing thing)
{
	report_id id = {0};
	struct report_new want = {
		.thing = thing, .reason = REASON_SPAM, .details = S("It sells something")};
	act_as(t, who);
	assert_int_equal(report_add(t->ctx, &want, &id), OK);
	return id;
}

static int64_t open_count(struct town *t)
{
	struct waiting waiting = {-1, -1};
	act_as(t, t->mod);
	assert_int_equal(moderation_waiting(t->ctx, &waiting), OK);
	store_done(t->ctx);
	return waiting.reports;
}

static err decide(struct town *t, account_id who, struct decision_new want, decision_id *out)
{
	decision_id ignored;
	act_as(t, who);
	return moderation_decide(t->ctx, &want, out ? out : &ignored);
}

static struct report get(struct town *t, report_id id)
{
	struct report r;
	act_as(t, t->mod);
	assert_int_equal(report_get(t->ctx, id, &r), OK);
	return r;
}

static ptrdiff_t told(struct town *t, account_id who, struct notification **out)
{
	struct notification_page page;
	act_as(t, who);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, 50, &page), OK);
	*out = page.at;
	return page.n;
}

static void the_same_thing_counts_once_a_person(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Buy", "Cheap watches", VIS_PUBLIC);
	assert_int_equal(open_count(&t), 0);
	report_id first = report(&t, t.ben, about_note(note));
	assert_int_equal(report(&t, t.ben, about_note(note)).v, first.v);
	report_id second = report(&t, t.cleo, about_note(note));
	assert_true(second.v != first.v);
	report_id profile = report(&t, t.cleo, about_account(t.ann));
	assert_int_equal(report(&t, t.cleo, about_account(t.ann)).v, profile.v);
	assert_int_equal(open_count(&t), 2);
	struct report *list, *alike;
	ptrdiff_t n, n_alike;
	assert_int_equal(reports_page(t.ctx, REPORT_OPEN, (report_id){0}, 10, &list, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id.v, profile.v);
	assert_int_equal(list[1].id.v, second.v);
	assert_int_equal(list[1].alike, 2);
	assert_true(list[1].now.there && list[1].thing.id == note.v);
	assert_true(str_eq(list[1].excerpt, S("Buy\nCheap watches")));
	assert_int_equal(list[1].account->id.v, t.ann.v);
	assert_int_equal(reports_alike(t.ctx, &list[1], &alike, &n_alike), OK);
	assert_int_equal(n_alike, 2);
	assert_int_equal(alike[0].reporter->id.v, t.ben.v);
	assert_int_equal(reports_page(t.ctx, REPORT_OPEN, profile, 10, &list, &n), OK);
	assert_int_equal(n, 1);
	town_close(&t);
}

// The number stands in the latest report of a thing, so that it is never counted.
static void how_many_reported_a_thing_is_kept_with_the_latest(void **state)
{
	struct town t;
	struct report *list;
	ptrdiff_t n;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Buy", "Cheap watches", VIS_PUBLIC);
	report_id ids[] = {report(&t, t.ben, about_note(note)),
		report(&t, t.cleo, about_note(note)), report(&t, t.mod2, about_note(note))};
	report_id profile = report(&t, t.mod2, about_account(t.ann));
	const int64_t alike[] = {0, 0, 3};
	for (int i = 0; i < COUNT(ids); i++)
		assert_int_equal(get(&t, ids[i]).alike, alike[i]);
	assert_int_equal(get(&t, profile).alike, 1);
	assert_int_equal(open_count(&t), 2);
	// Answered by any of them, they are so together; what is reported afterwards begins anew.
	assert_int_equal(
		decide(&t, t.mod, (struct decision_new){.report = ids[0], .action = DECIDE_DISMISS},
			NULL),
		OK);
	assert_int_equal(get(&t, ids[2]).alike, 3);
	assert_int_equal(open_count(&t), 1);
	struct note_draft draft = {.body = S("Cheaper watches")};
	act_as(&t, t.ann);
	assert_int_equal(notes_edit(t.ctx, note, &draft), OK);
	report_id again = report(&t, t.ben, about_note(note));
	assert_int_equal(get(&t, again).alike, 1);
	assert_int_equal(reports_page(t.ctx, REPORT_DISMISSED, (report_id){0}, 9, &list, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id.v, ids[2].v);
	assert_int_equal(reports_page(t.ctx, REPORT_OPEN, (report_id){0}, 9, &list, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(open_count(&t), 2);
	town_close(&t);
}

static void what_cannot_be_reported(void **state)
{
	struct town t;
	report_id id;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Mine", "", VIS_PUBLIC);
	note_id hidden = say(&t, t.ann, "Mine alone", "", VIS_ONLY_ME);
	struct report_new want = {.thing = about_note(note), .reason = REASON_SPAM};
	act_as(&t, t.ann);
	assert_int_equal(report_add(t.ctx, &want, &id), ERR_INVALID);
	assert_int_equal(t.ctx->problem.word, W_moderation_own);
	act_as_stranger(&t);
	assert_int_equal(report_add(t.ctx, &want, &id), ERR_SIGN_IN);
	act_as(&t, t.ben);
	want.thing = about_note(hidden);
	assert_int_equal(report_add(t.ctx, &want, &id), ERR_NOT_FOUND);
	want.thing = about_note(note);
	want.reason = REASON_OTHER;
	assert_int_equal(report_add(t.ctx, &want, &id), ERR_INVALID);
	assert_string_equal(t.ctx->problem.field, "details");
	want.reason = 0;
	assert_int_equal(report_add(t.ctx, &want, &id), ERR_INVALID);
	assert_string_equal(t.ctx->problem.field, "reason");
	want = (struct report_new){.thing = {REPORTED_ACCOUNT, 12345}, .reason = REASON_SPAM};
	assert_int_equal(report_add(t.ctx, &want, &id), ERR_NOT_FOUND);
	assert_int_equal(open_count(&t), 0);
	town_close(&t);
}

static void removing_answers_every_report_of_it_and_tells_why(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Buy", "Cheap watches", VIS_PUBLIC);
	note_id other = say(&t, t.ann, "Fine", "", VIS_PUBLIC);
	report_id a = report(&t, t.ben, about_note(note));
	report_id b = report(&t, t.cleo, about_note(note));
	report_id c = report(&t, t.cleo, about_note(other));
	decision_id decision;
	struct decision_new want = {.report = a, .action = DECIDE_REMOVE, .reason = S(" \n ")};
	assert_int_equal(decide(&t, t.mod, want, NULL), ERR_INVALID);
	assert_string_equal(t.ctx->problem.field, "reason");
	want.reason = S("Advertising is named as such.");
	assert_int_equal(decide(&t, t.mod, want, &decision), OK);
	assert_int_equal(get(&t, a).state, REPORT_ACTED);
	assert_int_equal(get(&t, b).state, REPORT_ACTED);
	assert_int_equal(get(&t, b).decision.v, decision.v);
	assert_false(get(&t, a).now.there);
	assert_int_equal(get(&t, c).state, REPORT_OPEN);
	assert_int_equal(open_count(&t), 1);
	struct note gone;
	act_as(&t, t.ann);
	assert_int_equal(notes_get(t.ctx, note, &gone), ERR_NOT_FOUND);
	do_jobs(&t); // forgets what was told of the note, not the decision
	struct notification *list;
	assert_int_equal(told(&t, t.ann, &list), 1);
	assert_int_equal(list[0].kind, MODERATED);
	assert_int_equal(list[0].thing, decision.v);
	assert_null(list[0].actor);
	struct decision d;
	assert_int_equal(decision_get(t.ctx, decision, &d), OK);
	assert_null(d.moderator);
	assert_true(str_eq(d.reason, S("Advertising is named as such.")));
	assert_true(str_eq(d.excerpt, S("Buy\nCheap watches")));
	act_as(&t, t.mod2);
	assert_int_equal(decision_get(t.ctx, decision, &d), OK);
	assert_int_equal(d.moderator->id.v, t.mod.v);
	// The reporters learn what came of it; neither the decision itself nor who made it is theirs.
	const account_id reporters[] = {t.ben, t.cleo};
	struct report_outcome outcome;
	for (int i = 0; i < COUNT(reporters); i++) {
		act_as(&t, reporters[i]);
		assert_int_equal(decision_get(t.ctx, decision, &d), ERR_NOT_FOUND);
		assert_int_equal(told(&t, reporters[i], &list), 1);
		assert_int_equal(list[0].kind, REPORT_ANSWERED);
		assert_null(list[0].actor);
		assert_int_equal(report_outcome(t.ctx, (decision_id){list[0].thing}, &outcome), OK);
		assert_int_equal(outcome.action, DECIDE_REMOVE);
		assert_true(str_eq(outcome.excerpt, S("Buy\nCheap watches")));
	}
	const account_id others[] = {t.ann, t.mod, t.mod2};
	for (int i = 0; i < COUNT(others); i++) {
		act_as(&t, others[i]);
		assert_int_equal(report_outcome(t.ctx, decision, &outcome), ERR_NOT_FOUND);
	}
	want.report = b;
	assert_int_equal(decide(&t, t.mod2, want, NULL), ERR_CONFLICT);
	want = (struct decision_new){
		.report = c, .action = DECIDE_REMOVE, .reason = S("It went with the other")};
	act_as(&t, t.ann);
	assert_int_equal(notes_delete(t.ctx, other), OK);
	assert_int_equal(decide(&t, t.mod, want, NULL), ERR_INVALID);
	assert_int_equal(t.ctx->problem.word, W_moderation_already_gone);
	town_close(&t);
}

static err mine_of(struct town *t, note_id note, struct report_mine *out)
{
	struct reported now;
	TRY(reported_get(t->ctx, about_note(note), &now));
	return report_mine(t->ctx, about_note(note), &now, out);
}

static void a_dismissal_tells_nobody(void **state)
{
	struct town t;
	struct report_mine mine;
	struct notification *list;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Soup", "", VIS_PUBLIC);
	report_id id = report(&t, t.ben, about_note(note));
	assert_int_equal(mine_of(&t, note, &mine), OK);
	assert_true(mine.reported && !mine.decided);
	struct decision_new want = {.report = id, .action = DECIDE_DISMISS};
	decision_id decision;
	assert_int_equal(decide(&t, t.mod, want, &decision), OK);
	assert_int_equal(get(&t, id).state, REPORT_DISMISSED);
	assert_int_equal(told(&t, t.ann, &list), 0);
	struct decision d;
	assert_int_equal(decision_get(t.ctx, decision, &d), ERR_NOT_FOUND);
	act_as(&t, t.ben);
	assert_int_equal(mine_of(&t, note, &mine), OK);
	assert_true(mine.reported && mine.decided);
	// The same words need no second look; edited ones do.
	assert_int_equal(report(&t, t.ben, about_note(note)).v, id.v);
	act_as(&t, t.ann);
	assert_int_equal(
		notes_edit(t.ctx, note, &(struct note_draft){.title = S("Snake oil")}), OK);
	assert_true(report(&t, t.ben, about_note(note)).v != id.v);
	assert_int_equal(open_count(&t), 1);
	town_close(&t);
}

static void suspending_and_restoring(void **state)
{
	struct town t;
	struct note hidden;
	struct notification *list;
	struct decision *decisions;
	ptrdiff_t n;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Seen", "", VIS_PUBLIC);
	report_id id = report(&t, t.ben, about_account(t.ann));
	struct decision_new want = {
		.report = id, .action = DECIDE_SUSPEND, .reason = S("Only advertising")};
	assert_int_equal(decide(&t, t.mod, want, NULL), OK);
	act_as(&t, t.ben);
	assert_int_equal(notes_get(t.ctx, note, &hidden), ERR_NOT_FOUND);
	act_as(&t, t.ann);
	assert_true(t.ctx->viewer.limited);
	assert_int_equal(
		notes_publish(t.ctx, &(struct note_draft){.title = S("x")}, &note), ERR_FORBIDDEN);
	want = (struct decision_new){.thing = about_account(t.ann),
		.action = DECIDE_RESTORE,
		.reason = S("It was a misunderstanding")};
	assert_int_equal(decide(&t, t.mod, want, NULL), OK);
	assert_int_equal(decide(&t, t.mod, want, NULL), ERR_CONFLICT); // nothing to restore
	act_as(&t, t.ann);
	assert_false(t.ctx->viewer.limited);
	assert_int_equal(told(&t, t.ann, &list), 2);
	act_as(&t, t.mod);
	assert_int_equal(decisions_page(t.ctx, t.ann, (decision_id){0}, 10, &decisions, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(decisions[0].action, DECIDE_RESTORE);
	assert_int_equal(decisions[1].action, DECIDE_SUSPEND);
	assert_int_equal(
		decisions_page(t.ctx, (account_id){0}, decisions[0].id, 10, &decisions, &n), OK);
	assert_int_equal(n, 1);
	town_close(&t);
}

static void rank_decides_who_decides(void **state)
{
	struct town t;
	town_open(&t, *state);
	struct decision_new warn = {.action = DECIDE_WARN, .reason = S("Be kind")};
	struct report *list;
	ptrdiff_t n;
	warn.thing = about_account(t.ann);
	assert_int_equal(decide(&t, t.ben, warn, NULL), ERR_FORBIDDEN);
	assert_int_equal(
		reports_page(t.ctx, REPORT_OPEN, (report_id){0}, 10, &list, &n), ERR_FORBIDDEN);
	act_as_stranger(&t);
	assert_int_equal(
		reports_page(t.ctx, REPORT_OPEN, (report_id){0}, 10, &list, &n), ERR_SIGN_IN);
	assert_int_equal(decide(&t, t.mod, warn, NULL), OK);
	warn.thing = about_account(t.mod2);
	assert_int_equal(decide(&t, t.mod, warn, NULL), ERR_FORBIDDEN);
	assert_int_equal(t.ctx->problem.word, W_moderation_rank);
	assert_int_equal(decide(&t, t.host, warn, NULL), OK);
	warn.thing = about_account(t.host);
	assert_int_equal(decide(&t, t.mod, warn, NULL), ERR_FORBIDDEN);
	warn.thing = about_account(t.mod);
	assert_int_equal(decide(&t, t.mod, warn, NULL), ERR_FORBIDDEN);
	// A moderator does not wave a report of himself through; the host may, there is nobody above.
	struct decision_new pass = {.action = DECIDE_DISMISS};
	pass.report = report(&t, t.ben, about_account(t.mod));
	assert_int_equal(decide(&t, t.mod, pass, NULL), ERR_FORBIDDEN);
	assert_int_equal(decide(&t, t.mod2, pass, NULL), ERR_FORBIDDEN);
	assert_int_equal(decide(&t, t.host, pass, NULL), OK);
	pass.report = report(&t, t.ben, about_account(t.host));
	assert_int_equal(decide(&t, t.host, pass, NULL), OK);
	// A moderator who was suspended moderates no more.
	struct decision_new out = {.thing = about_account(t.mod2),
		.action = DECIDE_SUSPEND,
		.reason = S("Took sides")};
	assert_int_equal(decide(&t, t.host, out, NULL), OK);
	warn.thing = about_account(t.ann);
	assert_int_equal(decide(&t, t.mod2, warn, NULL), ERR_FORBIDDEN);
	town_close(&t);
}

// A session in memory says moderator still; the account says otherwise.
static void rank_is_what_the_account_says_now(void **state)
{
	struct town t;
	struct report *list;
	struct decision *decisions;
	ptrdiff_t n;
	decision_id id;
	town_open(&t, *state);
	struct decision_new warn = {
		.thing = about_account(t.ann), .action = DECIDE_WARN, .reason = S("Be kind")};
	static const struct {
		enum role role;
		enum standing standing;
	} after[] = {{ROLE_MODERATOR, STANDING_SUSPENDED}, {ROLE_MODERATOR, STANDING_WAITING},
		{ROLE_MODERATOR, STANDING_GONE}, {ROLE_MEMBER, STANDING_GOOD},
		{ROLE_ADMIN, STANDING_SUSPENDED}};
	account_id joins = {0};
	for (int i = 0; i < COUNT(after); i++) {
		assert_int_equal(account_set_role(t.ctx, t.mod2, ROLE_MODERATOR), OK);
		assert_int_equal(account_set_standing(t.ctx, t.mod2, STANDING_GOOD), OK);
		act_as(&t, t.mod2);
		struct viewer was = t.ctx->viewer;
		assert_int_equal(account_set_role(t.ctx, t.mod2, after[i].role), OK);
		assert_int_equal(account_set_standing(t.ctx, t.mod2, after[i].standing), OK);
		t.ctx->viewer = was;
		assert_int_equal(moderation_decide(t.ctx, &warn, &id), ERR_FORBIDDEN);
		assert_int_equal(reports_page(t.ctx, REPORT_OPEN, (report_id){0}, 10, &list, &n),
			ERR_FORBIDDEN);
		assert_int_equal(decisions_page(t.ctx, (account_id){0}, (decision_id){0}, 10,
					 &decisions, &n),
			ERR_FORBIDDEN);
		assert_int_equal(signup_decide(t.ctx, joins, true, (str){0}), ERR_FORBIDDEN);
	}
	town_close(&t);
}

// A session that was read before the decision writes nothing more.
static void what_is_written_asks_the_account(void **state)
{
	struct town t;
	note_id id;
	int64_t likes;
	town_open(&t, *state);
	note_id note = say(&t, t.ben, "Bread", "Rye", VIS_PUBLIC);
	act_as(&t, t.ann);
	struct viewer was = t.ctx->viewer;
	struct note_draft draft = {.title = S("Tea"),
		.body = S("Green"),
		.visibility = VIS_PUBLIC,
		.request = S("one")};
	struct comment_draft under = {.under = note, .body = S("Good"), .request = S("two")};
	assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_SUSPENDED), OK);
	t.ctx->viewer = was;
	assert_int_equal(notes_publish(t.ctx, &draft, &id), ERR_FORBIDDEN);
	assert_int_equal(notes_comment(t.ctx, &under, &id), ERR_FORBIDDEN);
	assert_int_equal(like_add(t.ctx, note, &likes), ERR_FORBIDDEN);
	assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_GOOD), OK);
	t.ctx->viewer = was;
	assert_int_equal(like_add(t.ctx, note, &likes), OK);
	assert_int_equal(likes, 1);
	town_close(&t);
}

static void a_comment_is_removed_without_its_note(void **state)
{
	struct town t;
	struct note note;
	town_open(&t, *state);
	note_id root = say(&t, t.ann, "Note", "", VIS_PUBLIC);
	note_id comment = comment_on(&t, t.ben, root, "Rude", VIS_PUBLIC);
	report_id id = report(&t, t.ann, about_note(comment));
	struct report seen = get(&t, id);
	assert_int_equal(seen.now.words->name, W_moderation_comment);
	assert_true(str_eq(seen.now.address.s, str_fmt(t.ctx->mem, "/note/%lld#comment-%lld",
						       (long long)root.v, (long long)comment.v)));
	assert_int_equal(seen.account->id.v, t.ben.v);
	struct decision_new want = {
		.report = id, .action = DECIDE_REMOVE, .reason = S("Be kind to people")};
	assert_int_equal(decide(&t, t.mod, want, NULL), OK);
	act_as(&t, t.ann);
	assert_int_equal(notes_get(t.ctx, comment, &note), ERR_NOT_FOUND);
	assert_int_equal(notes_get(t.ctx, root, &note), OK);
	assert_int_equal(note.comments, 0);
	town_close(&t);
}

static account_id ask_to_join(struct town *t, str name)
{
	account_id id;
	struct account_new want = {
		.name = name, .password = S("long enough words"), .why = S("I bake")};
	act_as_stranger(t);
	assert_int_equal(account_create(t->ctx, &want, &id), OK);
	return id;
}

static void whoever_waits_comes_in_or_is_gone(void **state)
{
	struct town t;
	struct account a;
	struct notification *list;
	town_open(&t, *state);
	act_as(&t, t.host);
	struct community settings = *community_get(t.ctx);
	settings.signup = SIGNUP_APPROVAL;
	assert_int_equal(community_save(t.ctx, &settings), OK);
	account_id in = ask_to_join(&t, S("ning_bakes")), out = ask_to_join(&t, S("spam_spam"));
	act_as(&t, t.ben);
	assert_int_equal(signup_decide(t.ctx, in, true, (str){0}), ERR_FORBIDDEN);
	act_as(&t, t.mod);
	assert_int_equal(signup_decide(t.ctx, in, true, (str){0}), OK);
	assert_int_equal(signup_decide(t.ctx, out, false, S("A machine")), OK);
	assert_int_equal(signup_decide(t.ctx, out, true, (str){0}), ERR_CONFLICT);
	assert_int_equal(account_by_id(t.ctx, in, &a), OK);
	assert_int_equal(a.standing, STANDING_GOOD);
	assert_int_equal(account_by_id(t.ctx, out, &a), OK);
	assert_int_equal(a.standing, STANDING_GONE);
	assert_int_equal(told(&t, in, &list), 1);
	assert_int_equal(list[0].kind, WELCOMED);
	struct decision_new want = {
		.thing = about_account(out), .action = DECIDE_RESTORE, .reason = S("Back door")};
	assert_int_equal(decide(&t, t.mod, want, NULL), ERR_CONFLICT);
	town_close(&t);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_thing_counts_once_a_person),
		cmocka_unit_test(how_many_reported_a_thing_is_kept_with_the_latest),
		cmocka_unit_test(what_cannot_be_reported),
		cmocka_unit_test(removing_answers_every_report_of_it_and_tells_why),
		cmocka_unit_test(a_dismissal_tells_nobody),
		cmocka_unit_test(suspending_and_restoring),
		cmocka_unit_test(rank_decides_who_decides),
		cmocka_unit_test(rank_is_what_the_account_says_now),
		cmocka_unit_test(what_is_written_asks_the_account),
		cmocka_unit_test(a_comment_is_removed_without_its_note),
		cmocka_unit_test(whoever_waits_comes_in_or_is_gone),
	};
	return run_on_both(tests);
}
