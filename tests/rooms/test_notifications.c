// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is told of what, once, and how many are new, with the real jobs on both databases.
#include "jobs/jobs.h"
#include "notifications/notifications.h"
#include "notifications/notifications.sql.h"
#include "people.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

static int64_t new_ones(struct town *t)
{
	int64_t n;
	assert_int_equal(notifications_unread(t->ctx, &n), OK);
	return n;
}

struct told {
	struct notification *at;
	ptrdiff_t n;
	int64_t unread;
};

static struct told told(struct town *t, account_id who)
{
	struct notification_page page;
	act_as(t, who);
	int64_t unread = new_ones(t);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, 50, &page), OK);
	store_done(t->ctx);
	return (struct told){page.at, page.n, unread};
}

static void add_job(struct town *t, str kind, note_id subject, account_id actor)
{
	struct job_new job = {.kind = kind,
		.subject = subject.v,
		.payload = str_fmt(t->ctx->mem, "%lld", (long long)actor.v)};
	assert_int_equal(jobs_add(t->ctx, &job, NULL), OK);
}

static void like(struct town *t, account_id who, note_id what)
{
	int64_t likes;
	act_as(t, who);
	assert_int_equal(like_add(t->ctx, what, &likes), OK);
}

static void a_like_is_told_once_whatever_runs_twice(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Bread", "Rye with seeds", VIS_PUBLIC);
	like(&t, t.ben, note);
	add_job(&t, S("notify.like"), note, t.ben);
	do_jobs(&t);
	struct told got = told(&t, t.ann);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.unread, 1);
	assert_int_equal(got.at[0].kind, NOTE_LIKED);
	assert_int_equal(got.at[0].note.v, note.v);
	assert_int_equal(got.at[0].actor->id.v, t.ben.v);
	assert_true(got.at[0].there && got.at[0].fresh);
	assert_true(str_eq(got.at[0].excerpt, S("Bread")));
	add_job(&t, S("notify.like"), note, t.ben);
	do_jobs(&t);
	got = told(&t, t.ann);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.unread, 1);
	like(&t, t.ann, note);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ann).n, 1); // nobody is told of himself
	assert_int_equal(told(&t, t.ben).n, 0);
	town_close(&t);
}

static void a_comment_is_told_to_the_owner_and_to_whom_it_answers(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Tea", "", VIS_PUBLIC);
	note_id first = comment_on(&t, t.ben, note, "Which one?", VIS_PUBLIC);
	do_jobs(&t);
	struct told got = told(&t, t.ann);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.at[0].kind, NOTE_COMMENTED);
	assert_int_equal(got.at[0].note.v, note.v);
	assert_int_equal(got.at[0].comment.v, first.v);
	assert_true(str_eq(got.at[0].excerpt, S("Which one?")));
	note_id second = comment_on(&t, t.cleo, first, "Oolong, @ann @ben @mod_a", VIS_PUBLIC);
	add_job(&t, S("notify.comment"), second, t.cleo);
	do_jobs(&t);
	got = told(&t, t.ben);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.at[0].kind, COMMENT_ANSWERED);
	assert_int_equal(told(&t, t.ann).n, 2); // not a third time for being named
	got = told(&t, t.mod);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.at[0].kind, MENTIONED);
	// The owner answers: told to whom it answers, not to himself.
	comment_on(&t, t.ann, second, "Right", VIS_PUBLIC);
	do_jobs(&t);
	assert_int_equal(told(&t, t.cleo).at[0].kind, COMMENT_ANSWERED);
	assert_int_equal(told(&t, t.ann).n, 2);
	town_close(&t);
}

static void a_mention_is_told_to_those_who_may_see(void **state)
{
	struct town t;
	town_open(&t, *state);
	say(&t, t.ann, "", "For me: ask @ben", VIS_ONLY_ME);
	note_id note = say(&t, t.ann, "", "For @cleo and friends", VIS_MENTIONED);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ben).n, 0);
	assert_int_equal(told(&t, t.cleo).n, 1);
	// Named under a note that he cannot open.
	comment_on(&t, t.cleo, note, "@ben has one", VIS_MENTIONED);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ben).n, 0);
	assert_int_equal(told(&t, t.ann).n, 1);
	town_close(&t);
}

static void is_told(struct town *t, account_id who, ptrdiff_t n, int64_t unread)
{
	struct told got = told(t, who);
	assert_int_equal(got.n, n);
	assert_int_equal(got.unread, unread);
	ptrdiff_t fresh = 0;
	for (ptrdiff_t i = 0; i < got.n; i++)
		fresh += got.at[i].fresh;
	assert_int_equal(fresh, unread); // the number is what the list shows as new
}

static void edited(struct town *t, account_id who, note_id note, str body, enum visibility to)
{
	struct note_draft draft = {.body = body, .visibility = to};
	act_as(t, who);
	assert_int_equal(notes_edit(t->ctx, note, &draft), OK);
	do_jobs(t);
}

static void what_became_private_says_nothing_more(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "", "@ben look", VIS_PUBLIC);
	do_jobs(&t);
	is_told(&t, t.ben, 1, 1);
	edited(&t, t.ann, note, S("@ben look"), VIS_ONLY_ME);
	is_told(&t, t.ben, 0, 0);
	edited(&t, t.ann, note, S("@ben look"), VIS_FOLLOWERS); // the mentioned may read it
	is_told(&t, t.ben, 1, 1);
	edited(&t, t.ann, note, S("not for him"), VIS_PUBLIC);
	is_told(&t, t.ben, 0, 0);
	edited(&t, t.ann, note, S("for @ben after all"), VIS_MENTIONED);
	is_told(&t, t.ben, 1, 1);
	act_as(&t, t.ben);
	assert_int_equal(notifications_seen(t.ctx), OK);
	edited(&t, t.ann, note, S("@ben look"), VIS_ONLY_ME);
	edited(&t, t.ann, note, S("@ben look"), VIS_PUBLIC);
	is_told(&t, t.ben, 1, 0); // seen is seen
	// A comment that answers him goes with its note.
	note_id first = comment_on(&t, t.ben, note, "what?", VIS_PUBLIC);
	comment_on(&t, t.cleo, first, "this", VIS_PUBLIC);
	do_jobs(&t);
	is_told(&t, t.ben, 2, 1);
	edited(&t, t.ann, note, S("@ben look"), VIS_ONLY_ME);
	is_told(&t, t.ben, 0, 0);
	is_told(&t, t.ann, 2, 2); // she owns it and reads all
	town_close(&t);
}

static void what_is_taken_back_is_told_no_more(void **state)
{
	struct town t;
	int64_t likes;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Bread", "", VIS_PUBLIC);
	note_id comment = comment_on(&t, t.ann, note, "mine", VIS_PUBLIC);
	for (int again = 0; again < 3; again++) {
		like(&t, t.ben, note);
		like(&t, t.ben, comment);
		act_as(&t, t.ben);
		assert_int_equal(follow_add(t.ctx, t.ann), OK);
		do_jobs(&t);
		is_told(&t, t.ann, 3, 3); // never twice
		act_as(&t, t.ben);
		assert_int_equal(like_remove(t.ctx, note, &likes), OK);
		is_told(&t, t.ann, 2, 2);
		act_as(&t, t.ben);
		assert_int_equal(like_remove(t.ctx, comment, &likes), OK);
		assert_int_equal(follow_remove(t.ctx, t.ann), OK);
		is_told(&t, t.ann, 0, 0);
	}
	// Taken back before the job ran.
	like(&t, t.cleo, note);
	assert_int_equal(like_remove(t.ctx, note, &likes), OK);
	do_jobs(&t);
	is_told(&t, t.ann, 0, 0);
	town_close(&t);
}

static void of_the_suspended_nothing_is_told_until_they_return(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "Bread", "", VIS_PUBLIC);
	like(&t, t.ben, note);
	act_as(&t, t.ben);
	assert_int_equal(follow_add(t.ctx, t.ann), OK);
	note_id first = comment_on(&t, t.ben, note, "@cleo look", VIS_PUBLIC);
	comment_on(&t, t.cleo, first, "@ann yes", VIS_PUBLIC);
	like(&t, t.cleo, note);
	do_jobs(&t);
	is_told(&t, t.ann, 5, 5);
	is_told(&t, t.cleo, 1, 1);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_SUSPENDED), OK);
	is_told(&t, t.ann, 1, 1); // cleo's like; her answer stands under what is not there
	is_told(&t, t.cleo, 0, 0);
	act_as(&t, t.ann);
	assert_int_equal(notifications_seen(t.ctx), OK);
	is_told(&t, t.ann, 1, 0);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_GOOD), OK);
	is_told(&t, t.ann, 5, 4); // what she could not see is still new
	is_told(&t, t.cleo, 1, 1);
	do_jobs(&t);
	is_told(&t, t.ann, 5, 4);
	town_close(&t);
}

static void deletion_forgets_and_counts_right(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id keep = say(&t, t.ann, "Stays", "", VIS_PUBLIC);
	note_id gone = say(&t, t.ann, "Goes", "", VIS_PUBLIC);
	like(&t, t.cleo, gone);
	do_jobs(&t);
	act_as(&t, t.ann);
	assert_int_equal(notifications_seen(t.ctx), OK);
	assert_int_equal(told(&t, t.ann).unread, 0);
	like(&t, t.ben, gone);
	do_jobs(&t);
	like(&t, t.ben, keep);
	do_jobs(&t);
	note_id comment = comment_on(&t, t.ben, keep, "Nice", VIS_PUBLIC);
	note_id answer = comment_on(&t, t.cleo, comment, "Very", VIS_PUBLIC);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ann).unread, 4);
	assert_int_equal(told(&t, t.ben).unread, 1);
	// One like of it was seen, one not.
	act_as(&t, t.ann);
	assert_int_equal(notes_delete(t.ctx, gone), OK);
	do_jobs(&t);
	struct told got = told(&t, t.ann);
	assert_int_equal(got.n, 3);
	assert_int_equal(got.unread, 3);
	// A comment goes with the answers under it.
	act_as(&t, t.ben);
	assert_int_equal(notes_delete(t.ctx, comment), OK);
	is_told(&t, t.ann, 1, 1); // before any job has come to the answers
	is_told(&t, t.ben, 0, 0);
	do_jobs(&t);
	got = told(&t, t.ann);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.unread, 1);
	assert_int_equal(told(&t, t.ben).n, 0);
	assert_int_equal(told(&t, t.ben).unread, 0);
	struct note none;
	assert_int_equal(notes_get(t.ctx, answer, &none), ERR_NOT_FOUND);
	town_close(&t);
}

static void new_ones_are_counted_exactly_and_marked_once(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id notes[3];
	account_id people[] = {t.ben, t.cleo, t.mod, t.mod2, t.host};
	for (int i = 0; i < 3; i++)
		notes[i] = say(&t, t.ann, "One of three", "", VIS_PUBLIC);
	for (int i = 0; i < 3; i++)
		for (ptrdiff_t k = 0; k < COUNT(people); k++)
			like(&t, people[k], notes[i]);
	act_as(&t, t.ben);
	assert_int_equal(follow_add(t.ctx, t.ann), OK);
	do_jobs(&t);
	struct told got = told(&t, t.ann);
	assert_int_equal(got.unread, 16);
	assert_int_equal(got.n, 16);
	for (ptrdiff_t i = 0; i < got.n; i++)
		assert_true(got.at[i].fresh && (!i || got.at[i].id.v < got.at[i - 1].id.v));
	struct notification_page page;
	assert_int_equal(notifications_page(t.ctx, got.at[9].id, 4, &page), OK);
	assert_true(page.n == 4 && page.more);
	assert_int_equal(page.at[0].id.v, got.at[10].id.v);
	assert_int_equal(page.next.v, got.at[13].id.v);
	assert_int_equal(notifications_page(t.ctx, page.next, 4, &page), OK);
	assert_true(page.n == 2 && !page.more);
	assert_int_equal(notifications_seen(t.ctx), OK);
	assert_int_equal(new_ones(&t), 0);
	like(&t, t.ann, say(&t, t.ben, "Another", "", VIS_PUBLIC));
	comment_on(&t, t.cleo, notes[0], "New", VIS_PUBLIC);
	do_jobs(&t);
	got = told(&t, t.ann);
	assert_int_equal(got.unread, 1);
	assert_true(got.at[0].fresh && !got.at[1].fresh);
	act_as_stranger(&t);
	assert_int_equal(new_ones(&t), 0);
	town_close(&t);
}

#define MANY 1000

struct popular {
	account_id owner, other;
	note_id note, kept;
};

// Three of four are about the note, every fourth about one that stays; some are told to somebody else.
static err tell_many(struct ctx *ctx, void *arg)
{
	const struct popular *p = arg;
	int64_t made;
	for (int i = 0; i < MANY; i++) {
		struct notification_row row = {.account = i % 10 == 1 ? p->other : p->owner,
			.id = {id_past(ctx->now - MANY + i)},
			.kind = NOTE_COMMENTED,
			.note = i % 4 ? p->note : p->kept,
			.at = ctx->now,
			.fresh = i >= MANY / 2};
		TRY(notification_insert(ctx, &row, &made));
	}
	return OK;
}

static void count(struct town *t, account_id who, int want, int unread)
{
	struct notification_page page;
	act_as(t, who);
	assert_int_equal(new_ones(t), unread);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, MANY, &page), OK);
	assert_int_equal(page.n, want);
	store_done(t->ctx);
}

// More than one step of the job: those that go leave the number of what was not seen exactly.
static void what_very_many_were_told_goes_and_counts_right(void **state)
{
	struct town t;
	town_open(&t, *state);
	struct popular p = {.owner = t.ann, .other = t.ben};
	p.note = say(&t, t.ann, "Popular", "", VIS_PUBLIC);
	p.kept = say(&t, t.ann, "Kept", "", VIS_PUBLIC);
	do_jobs(&t);
	assert_int_equal(store_write(t.ctx, tell_many, &p), OK);
	int kept[2] = {0}, unread[2] = {0};
	for (int i = 0; i < MANY; i += 4) {
		kept[i % 10 == 1]++;
		unread[i % 10 == 1] += i >= MANY / 2;
	}
	act_as(&t, t.ann);
	assert_int_equal(notes_delete(t.ctx, p.note), OK);
	do_jobs(&t);
	count(&t, t.ann, kept[0], unread[0]);
	count(&t, t.ben, kept[1], unread[1]);
	town_close(&t);
}

struct flood {
	account_id to, from;
	enum notification_kind kind;
	note_id note;
	int n;
};

static err tell_flood(struct ctx *ctx, void *arg)
{
	const struct flood *f = arg;
	int64_t made;
	for (int i = 0; i < f->n; i++) {
		struct notification_row row = {.account = f->to,
			.id = {id_past(ctx->now - f->n + i)},
			.kind = (int64_t)f->kind,
			.actor = f->from,
			.note = f->note,
			.at = ctx->now,
			.fresh = true};
		TRY(notification_insert(ctx, &row, &made));
	}
	return OK;
}

static void count_told(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx;
	(void)c;
	atomic_fetch_add((_Atomic int *)arg, 1);
}

static void very_many_are_marked_in_steps(void **state)
{
	struct town t;
	_Atomic int steps = 0;
	town_open(&t, *state);
	struct flood f = {
		t.ann, t.ben, NOTE_COMMENTED, say(&t, t.ann, "Popular", "", VIS_PUBLIC), 2300};
	do_jobs(&t);
	assert_int_equal(store_write(t.ctx, tell_flood, &f), OK);
	store_on(t.ctx->house->store, &account_told, count_told, &steps);
	act_as(&t, t.ann);
	assert_int_equal(new_ones(&t), 1000); // more are not counted
	assert_int_equal(notifications_seen(t.ctx), OK);
	assert_in_range(steps, 5, 12); // the queue may have begun
	do_jobs(&t);
	assert_int_equal(steps, 12);
	assert_int_equal(new_ones(&t), 0);
	like(&t, t.cleo, f.note);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ann).unread, 1);
	town_close(&t);
}

static void only_a_change_of_standing_makes_everybody_count_anew(void **state)
{
	struct town t;
	const struct profile_edit edit = {.display = S("Cleo"), .show_likes = true};
	town_open(&t, *state);
	struct flood f = {t.ann, t.cleo, WELCOMED, {0}, 1};
	act_as(&t, t.ann);
	assert_int_equal(new_ones(&t), 0);
	assert_int_equal(store_write(t.ctx, tell_flood, &f), OK);
	act_as(&t, t.cleo);
	assert_int_equal(account_edit_profile(t.ctx, &edit), OK);
	act_as(&t, t.ann);
	assert_int_equal(new_ones(&t), 0); // from memory still
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_SUSPENDED), OK);
	assert_int_equal(new_ones(&t), 1);
	town_close(&t);
}

static void that_somebody_waits_is_told_while_one_does_and_to_whoever_decides(void **state)
{
	struct town t;
	town_open(&t, *state);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_WAITING), OK);
	add_job(&t, S("notify.signup"), (note_id){t.ben.v}, (account_id){0});
	do_jobs(&t);
	is_told(&t, t.host, 1, 1);
	is_told(&t, t.mod, 1, 1);
	is_told(&t, t.ann, 0, 0);
	assert_int_equal(account_set_role(t.ctx, t.mod, ROLE_MEMBER), OK);
	is_told(&t, t.mod, 0, 0);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_GOOD), OK);
	is_told(&t, t.host, 0, 0);
	assert_int_equal(account_set_standing(t.ctx, t.cleo, STANDING_WAITING), OK);
	is_told(&t, t.host, 1, 1);
	town_close(&t);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_like_is_told_once_whatever_runs_twice),
		cmocka_unit_test(a_comment_is_told_to_the_owner_and_to_whom_it_answers),
		cmocka_unit_test(a_mention_is_told_to_those_who_may_see),
		cmocka_unit_test(what_became_private_says_nothing_more),
		cmocka_unit_test(what_is_taken_back_is_told_no_more),
		cmocka_unit_test(of_the_suspended_nothing_is_told_until_they_return),
		cmocka_unit_test(deletion_forgets_and_counts_right),
		cmocka_unit_test(what_very_many_were_told_goes_and_counts_right),
		cmocka_unit_test(very_many_are_marked_in_steps),
		cmocka_unit_test(only_a_change_of_standing_makes_everybody_count_anew),
		cmocka_unit_test(that_somebody_waits_is_told_while_one_does_and_to_whoever_decides),
		cmocka_unit_test(new_ones_are_counted_exactly_and_marked_once),
	};
	return run_on_both(tests);
}
