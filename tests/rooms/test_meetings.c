// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two transactions on the same rows: the first stops before its commit, when all it does has been done,
// and the second begins. Either order is right; what is wrong is that both succeed and neither knows of
// the other. PostgreSQL's READ COMMITTED forbids nothing of it by itself: each of these is held by a row
// lock, a unique index or a statement that says its condition (docs/decisions/growth.md). On SQLite the
// second waits for its turn.
#include "moderation/moderation.h"
#include "notes/private.h"
#include "people.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define A_WHILE (250 * MS_SECOND / 1000)

struct deed {
	err (*fn)(struct ctx *, struct deed *);
	struct town *town;
	account_id who;
	note_id note, made;
	account_id whom;
	report_id report;
	enum visibility visibility;
	const char *text, *request;
	err result;
	atomic_bool ended;
};

// Where the first one stops.
static struct stop {
	struct lock lock;
	struct waker changed;
	const struct change_kind *at; // NULL: it has stopped, or need not
	bool stopped, go;
} stop;

static err stop_here(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx, (void)arg;
	lock_take(&stop.lock);
	if (stop.at == c->kind) {
		stop.at = NULL;
		stop.stopped = true;
		waker_all(&stop.changed);
		while (!stop.go)
			waker_wait(&stop.changed, &stop.lock);
	}
	lock_release(&stop.lock);
	return OK;
}

static void *perform(void *arg)
{
	struct deed *a = arg;
	struct town own = *a->town;
	struct ctx ctx = {.mem = arena_new(4096), .house = a->town->ctx->house};
	thread_is(THREAD_WORKER, "act");
	own.ctx = &ctx;
	act_as(&own, a->who);
	a->result = a->fn(&ctx, a);
	store_done(&ctx);
	arena_free(ctx.mem);
	atomic_store(&a->ended, true);
	return NULL;
}

static bool ends_within(struct deed *a, ms time)
{
	ms until = clock_steady() + time;
	while (!atomic_load(&a->ended) && clock_steady() < until)
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	return atomic_load(&a->ended);
}

// The first stops where it says this change; the second is begun meanwhile. Whether that waited.
static bool meet(
	struct town *t, const struct change_kind *at, struct deed *first, struct deed *second)
{
	pthread_t one, two;
	first->town = second->town = t;
	atomic_store(&second->ended, false);
	lock_take(&stop.lock);
	stop.at = at;
	stop.stopped = stop.go = false;
	one = thread_start(perform, first);
	while (!stop.stopped)
		waker_wait(&stop.changed, &stop.lock);
	lock_release(&stop.lock);
	two = thread_start(perform, second);
	bool waited = !ends_within(second, A_WHILE);
	lock_take(&stop.lock);
	stop.go = true;
	waker_all(&stop.changed);
	lock_release(&stop.lock);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return waited;
}

static void open_town(struct town *t, void *state)
{
	struct change_kind *const kinds[] = {&note_published, &note_edited, &note_deleted,
		&note_liked, &note_unliked, &comment_published, &comment_deleted, &follow_begun,
		&note_changed, &decision_made, &standing_changed};
	town_open(t, state);
	for (ptrdiff_t i = 0; i < COUNT(kinds); i++)
		store_within(t->ctx->house->store, kinds[i], stop_here, NULL);
}

// --- acts ---------------------------------------------------------------------------------------

static err publish(struct ctx *ctx, struct deed *a)
{
	struct note_draft draft = {.title = S("Of two"),
		.body = str_from(a->text),
		.visibility = a->visibility,
		.request = str_from(a->request ? a->request : "")};
	return notes_publish(ctx, &draft, &a->made);
}

static err comment(struct ctx *ctx, struct deed *a)
{
	struct comment_draft draft = {.under = a->note, .body = S("said at the same time")};
	return notes_comment(ctx, &draft, &a->made);
}

static err like(struct ctx *ctx, struct deed *a)
{
	int64_t likes;
	return like_add(ctx, a->note, &likes);
}

static err unlike(struct ctx *ctx, struct deed *a)
{
	int64_t likes;
	return like_remove(ctx, a->note, &likes);
}

static err edit(struct ctx *ctx, struct deed *a)
{
	struct note_draft draft = {.body = str_from(a->text), .visibility = a->visibility};
	return notes_edit(ctx, a->note, &draft);
}

static err delete (struct ctx *ctx, struct deed *a)
{
	return notes_delete(ctx, a->note);
}

static err follow(struct ctx *ctx, struct deed *a)
{
	return follow_add(ctx, a->whom);
}

static err suspend(struct ctx *ctx, struct deed *a)
{
	TRY(account_set_standing(ctx, a->whom, STANDING_SUSPENDED));
	return notes_settle(ctx, a->whom, 0);
}

static err restore(struct ctx *ctx, struct deed *a)
{
	TRY(account_set_standing(ctx, a->whom, STANDING_GOOD));
	return notes_settle(ctx, a->whom, 0);
}

static err dismiss(struct ctx *ctx, struct deed *a)
{
	decision_id id;
	struct decision_new want = {.report = a->report, .action = DECIDE_DISMISS};
	return moderation_decide(ctx, &want, &id);
}

static err remove_it(struct ctx *ctx, struct deed *a)
{
	decision_id id;
	struct decision_new want = {.thing = {REPORTED_NOTE, a->note.v},
		.action = DECIDE_REMOVE,
		.reason = S("not here")};
	return moderation_decide(ctx, &want, &id);
}

// --- what must be -------------------------------------------------------------------------------

// Every number is the sum of its rows.
static void all_is_counted(struct town *t)
{
	struct recount r;
	act_as_stranger(t);
	assert_int_equal(notes_recount(t->ctx, false, &r), OK);
	assert_int_equal(r.notes, 0);
	assert_int_equal(r.accounts, 0);
	assert_int_equal(r.topics, 0);
	assert_int_equal(r.standing, 0);
	store_done(t->ctx);
}

static struct note_row row_of(struct town *t, note_id id)
{
	struct note_row row;
	assert_int_equal(note_get(t->ctx, id, &row), OK);
	return row;
}

static ptrdiff_t below(struct town *t, note_id id)
{
	struct note_below_row *rows;
	ptrdiff_t n;
	assert_int_equal(note_below(t->ctx, id, 10, &rows, &n), OK);
	store_done(t->ctx);
	return n;
}

static void finish(struct town *t)
{
	do_jobs(t);
	all_is_counted(t);
	town_close(t);
}

// --- meetings -----------------------------------------------------------------------------------

static void a_comment_is_never_wider_than_its_note(void **state)
{
	for (int turn = 0; turn < 2; turn++) {
		struct town t;
		open_town(&t, *state);
		note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
		act_as(&t, t.ann);
		struct deed narrow = {.fn = edit,
			.who = t.ann,
			.note = note,
			.text = "for me",
			.visibility = VIS_ONLY_ME};
		struct deed says = {.fn = comment, .who = t.ben, .note = note};
		bool waited = turn ? meet(&t, &note_edited, &narrow, &says)
				   : meet(&t, &comment_published, &says, &narrow);
		assert_true(waited);
		assert_int_equal(narrow.result, OK);
		assert_int_equal(says.result, turn ? ERR_NOT_FOUND : OK);
		if (!turn)
			assert_int_equal(row_of(&t, says.made).visibility, VIS_ONLY_ME);
		assert_int_equal(row_of(&t, note).comments, 0);
		finish(&t);
	}
}

static void an_answer_is_never_wider_than_its_note(void **state)
{
	struct town t;
	open_town(&t, *state);
	note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
	note_id first = comment_on(&t, t.cleo, note, "first", VIS_PUBLIC);
	struct deed narrow = {
		.fn = edit, .who = t.ann, .note = note, .text = "x", .visibility = VIS_ONLY_ME};
	struct deed says = {.fn = comment, .who = t.ben, .note = first};
	assert_true(meet(&t, &comment_published, &says, &narrow));
	assert_int_equal(narrow.result, OK);
	assert_int_equal(says.result, OK);
	assert_int_equal(row_of(&t, says.made).visibility, VIS_ONLY_ME);
	finish(&t);
}

static void nothing_stands_under_what_is_deleted(void **state)
{
	for (int turn = 0; turn < 3; turn++) {
		struct town t;
		open_town(&t, *state);
		note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
		struct deed gone = {.fn = delete, .who = t.ann, .note = note};
		struct deed says = {.fn = comment, .who = t.ben, .note = note};
		if (turn == 2)
			gone = (struct deed){.fn = remove_it, .who = t.mod, .note = note};
		bool waited = turn == 1 ? meet(&t, &note_deleted, &gone, &says)
					: meet(&t, &comment_published, &says, &gone);
		assert_true(waited);
		assert_int_equal(gone.result, OK);
		assert_int_equal(says.result, turn == 1 ? ERR_NOT_FOUND : OK);
		do_jobs(&t);
		assert_int_equal(below(&t, note), 0);
		finish(&t);
	}
}

static void nothing_stands_under_a_deleted_comment(void **state)
{
	for (int turn = 0; turn < 2; turn++) {
		struct town t;
		open_town(&t, *state);
		note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
		note_id first = comment_on(&t, t.cleo, note, "first", VIS_PUBLIC);
		struct deed gone = {.fn = delete, .who = t.cleo, .note = first};
		struct deed says = {.fn = comment, .who = t.ben, .note = first};
		bool waited = turn ? meet(&t, &comment_deleted, &gone, &says)
				   : meet(&t, &comment_published, &says, &gone);
		assert_true(waited);
		assert_int_equal(gone.result, OK);
		assert_int_equal(says.result, turn ? ERR_NOT_FOUND : OK);
		do_jobs(&t);
		assert_int_equal(below(&t, note), 0);
		finish(&t);
	}
}

static void a_like_is_in_the_list_and_the_number_of_its_note(void **state)
{
	for (int turn = 0; turn < 2; turn++) {
		struct town t;
		struct account ann;
		open_town(&t, *state);
		note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
		struct deed narrow = {.fn = edit,
			.who = t.ann,
			.note = note,
			.text = "x",
			.visibility = VIS_FOLLOWERS};
		struct deed likes = {.fn = like, .who = t.ben, .note = note};
		act_as(&t, t.ben);
		assert_int_equal(follow_add(t.ctx, t.ann), OK);
		bool waited = turn ? meet(&t, &note_edited, &narrow, &likes)
				   : meet(&t, &note_liked, &likes, &narrow);
		assert_true(waited);
		assert_int_equal(narrow.result, OK);
		assert_int_equal(likes.result, OK);
		assert_int_equal(account_by_id(t.ctx, t.ann, &ann), OK);
		assert_int_equal(ann.liked, 0); // of what everyone may see
		finish(&t);
	}
}

static void a_like_goes_with_its_note(void **state)
{
	struct town t;
	open_town(&t, *state);
	note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
	struct deed gone = {.fn = delete, .who = t.ann, .note = note};
	struct deed likes = {.fn = like, .who = t.ben, .note = note};
	assert_true(meet(&t, &note_liked, &likes, &gone));
	assert_int_equal(gone.result, OK);
	do_jobs(&t);
	struct liked_note *left;
	ptrdiff_t n;
	assert_int_equal(
		likings_open(t.ctx, t.ben, INT64_MAX, (note_id){INT64_MAX}, 10, &left, &n), OK);
	assert_int_equal(n, 0);
	finish(&t);
}

// Nobody waits for anybody, and all are counted: by a job, or by whoever must know.
static void likes_of_one_note_do_not_wait(void **state)
{
	for (int turn = 0; turn < 5; turn++) {
		struct town t;
		struct account ann;
		struct recount r;
		struct note_draft narrow = {.body = S("x"), .visibility = VIS_FOLLOWERS};
		open_town(&t, *state);
		bool postgres = store_is_postgres(t.ctx->house->store);
		note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
		note_id other = say(&t, t.ann, "Another", "", VIS_PUBLIC);
		struct deed one = {.fn = like, .who = t.ben, .note = note}, two = one;
		two.who = t.cleo;
		assert_true(meet(&t, &note_liked, &one, &two) == !postgres);
		one.note = two.note = other;
		assert_true(meet(&t, &note_liked, &one, &two) == !postgres);
		assert_int_equal(row_of(&t, note).likes, postgres ? 1 : 2);
		act_as(&t, turn == 3 ? t.cleo : t.ann);
		if (turn == 0)
			assert_int_equal(notes_edit(t.ctx, note, &narrow), OK);
		else if (turn == 1)
			assert_int_equal(notes_delete(t.ctx, note), OK);
		else if (turn == 2)
			assert_int_equal(notes_recount(t.ctx, true, &r), OK);
		else if (turn == 3)
			assert_int_equal(unlike(t.ctx, &(struct deed){.note = note}), OK);
		do_jobs(&t);
		assert_int_equal(row_of(&t, other).likes, 2);
		assert_int_equal(account_by_id(t.ctx, t.ann, &ann), OK);
		assert_int_equal(ann.liked, turn < 2 ? 2 : turn == 3 ? 3 : 4);
		finish(&t);
	}
}

static void likes_beside_the_number_go_with_their_comment(void **state)
{
	struct town t;
	struct account cleo;
	open_town(&t, *state);
	note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
	note_id first = comment_on(&t, t.cleo, note, "first", VIS_PUBLIC);
	struct deed one = {.fn = like, .who = t.ben, .note = first}, two = one;
	two.who = t.mod;
	meet(&t, &note_liked, &one, &two);
	act_as(&t, t.ann);
	assert_int_equal(notes_delete(t.ctx, note), OK);
	do_jobs(&t);
	assert_int_equal(account_by_id(t.ctx, t.cleo, &cleo), OK);
	assert_int_equal(cleo.liked, 0);
	finish(&t);
}

static err take_beside(struct ctx *ctx, void *arg)
{
	struct note_row row;
	return note_take(ctx, *(const note_id *)arg, &row);
}

static void counts(struct ctx *ctx, const struct change *c, void *arg)
{
	(void)ctx, (void)c;
	++*(int *)arg;
}

// Whoever read the number after the like was told read it without.
static void whoever_adds_what_was_left_tells_of_it(void **state)
{
	struct town t;
	int told = 0;
	open_town(&t, *state);
	note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
	struct deed one = {.fn = like, .who = t.ben, .note = note}, two = one;
	two.who = t.cleo;
	meet(&t, &note_liked, &one, &two);
	store_on(t.ctx->house->store, &note_counted, counts, &told);
	assert_int_equal(store_write_committed(t.ctx, take_beside, &note), OK);
	store_done(t.ctx);
	assert_int_equal(row_of(&t, note).likes, 2);
	assert_int_equal(told, store_is_postgres(t.ctx->house->store));
	finish(&t);
}

// The job that was planned for it ran before its commit.
static void what_was_left_too_late_is_counted(void **state)
{
	struct town t;
	open_town(&t, *state);
	note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
	struct deed one = {.fn = like, .who = t.ben, .note = note}, two = one;
	two.who = t.cleo;
	atomic_store(&t.ctx->house->notes->fold_planned, clock_now());
	meet(&t, &note_liked, &one, &two);
	do_jobs(&t);
	assert_int_equal(deltas_fold_left(t.ctx), OK);
	do_jobs(&t);
	assert_int_equal(row_of(&t, note).likes, 2);
	finish(&t);
}

static void the_same_person_likes_once(void **state)
{
	struct town t;
	open_town(&t, *state);
	note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
	struct deed one = {.fn = like, .who = t.ben, .note = note}, two = one;
	meet(&t, &note_liked, &one, &two);
	assert_int_equal(one.result, OK);
	assert_int_equal(two.result, OK);
	do_jobs(&t);
	assert_int_equal(row_of(&t, note).likes, 1);
	struct deed back = {.fn = unlike, .who = t.ben, .note = note}, again = back;
	meet(&t, &note_unliked, &back, &again);
	do_jobs(&t);
	assert_int_equal(row_of(&t, note).likes, 0);
	finish(&t);
}

static void the_same_person_follows_once(void **state)
{
	struct town t;
	struct account ann;
	open_town(&t, *state);
	struct deed one = {.fn = follow, .who = t.ben, .whom = t.ann}, two = one;
	meet(&t, &follow_begun, &one, &two);
	assert_int_equal(one.result, OK);
	assert_int_equal(two.result, OK);
	assert_int_equal(account_by_id(t.ctx, t.ann, &ann), OK);
	assert_int_equal(ann.followers, 1);
	finish(&t);
}

static void what_is_sent_twice_is_one_note(void **state)
{
	struct town t;
	open_town(&t, *state);
	struct deed one = {
		.fn = publish, .who = t.ann, .text = "once #only", .request = "the-form-0001"};
	struct deed two = one;
	assert_true(meet(&t, &note_published, &one, &two));
	assert_int_equal(one.result, OK);
	assert_int_equal(two.result, OK);
	assert_int_equal(one.made.v, two.made.v);
	finish(&t);
}

// Whoever is suspended while something of theirs is under way: it is settled, by the second look at the
// latest.
static void what_is_under_way_is_settled(void **state)
{
	const struct {
		err (*fn)(struct ctx *, struct deed *);
		const struct change_kind *at;
	} acts[] = {{publish, &note_published}, {comment, &comment_published}, {like, &note_liked},
		{follow, &follow_begun}};
	for (int i = 0; i < COUNT(acts); i++) {
		struct town t;
		open_town(&t, *state);
		note_id note = say(&t, t.ann, "A note", "", VIS_PUBLIC);
		struct deed does = {.fn = acts[i].fn,
			.who = t.ben,
			.note = note,
			.whom = t.ann,
			.text = "late #late"};
		struct deed ends = {.fn = suspend, .who = t.mod, .whom = t.ben};
		meet(&t, acts[i].at, &does, &ends);
		assert_int_equal(ends.result, OK);
		do_jobs(&t);
		act_as_stranger(&t);
		assert_int_equal(notes_settle(t.ctx, t.ben, 0), OK); // as the second look does
		assert_int_equal(row_of(&t, note).likes, 0);
		assert_int_equal(row_of(&t, note).comments, 0);
		finish(&t);
	}
}

// A like while its note's author is being settled: as that begins, in its midst, and as all comes back.
static void a_number_moves_while_it_is_settled(void **state)
{
	for (int turn = 0; turn < 4; turn++) {
		struct town t;
		open_town(&t, *state);
		note_id note = say(&t, t.ann, "A note", "with #topic", VIS_PUBLIC);
		comment_on(&t, t.cleo, note, "first", VIS_PUBLIC);
		struct deed likes = {.fn = like, .who = t.ben, .note = note};
		struct deed ends = {.fn = suspend, .who = t.mod, .whom = t.ann};
		struct deed backs = {.fn = restore, .who = t.mod, .whom = t.ann};
		if (turn == 0)
			meet(&t, &note_liked, &likes, &ends);
		else if (turn == 1)
			meet(&t, &standing_changed, &ends, &likes);
		else if (turn == 2)
			assert_true(meet(&t, &note_changed, &ends, &likes));
		if (turn == 3) {
			act_as(&t, t.mod);
			assert_int_equal(suspend(t.ctx, &ends), OK);
			assert_true(meet(&t, &note_changed, &backs, &likes));
			assert_int_equal(likes.result, OK);
			assert_int_equal(row_of(&t, note).likes, 1);
		}
		assert_int_equal(turn == 3 ? backs.result : ends.result, OK);
		finish(&t);
	}
}

static void a_topic_counts_those_who_come_as_another_goes(void **state)
{
	for (int turn = 0; turn < 3; turn++) {
		struct town t;
		struct topic topic;
		open_town(&t, *state);
		note_id only = say(&t, t.ann, "", "#Hotpot", VIS_PUBLIC);
		struct deed gone = {.fn = delete, .who = t.ann, .note = only};
		struct deed comes = {.fn = publish, .who = t.ben, .text = "#hotpot"};
		if (turn == 0)
			meet(&t, &note_deleted, &gone, &comes);
		else if (turn == 1)
			meet(&t, &note_published, &comes, &gone);
		else
			gone = (struct deed){.fn = publish, .who = t.cleo, .text = "#HOTPOT #new"},
			comes.text = "#New", meet(&t, &note_published, &gone, &comes);
		assert_int_equal(gone.result, OK);
		assert_int_equal(comes.result, OK);
		do_jobs(&t);
		act_as_stranger(&t);
		assert_int_equal(topic_get(t.ctx, S("hotpot"), &topic), OK);
		assert_int_equal(topic.notes, turn == 2 ? 2 : 1);
		assert_true(str_eq(topic.shown, turn == 2 ? S("Hotpot") : S("hotpot")));
		finish(&t);
	}
}

static void notes_of_one_topic_do_not_wait(void **state)
{
	for (int turn = 0; turn < 3; turn++) {
		struct town t;
		struct topic topic;
		struct recount r;
		open_town(&t, *state);
		bool postgres = store_is_postgres(t.ctx->house->store);
		note_id first = say(&t, t.ann, "", "#Hot", VIS_PUBLIC);
		struct deed one = {.fn = publish, .who = t.ben, .text = "#hot"}, two = one;
		two.who = t.cleo;
		assert_true(meet(&t, &note_published, &one, &two) == !postgres);
		act_as(&t, t.ann);
		if (turn == 0)
			assert_int_equal(notes_delete(t.ctx, first), OK);
		else if (turn == 1)
			assert_int_equal(notes_recount(t.ctx, true, &r), OK);
		do_jobs(&t);
		assert_int_equal(topic_get(t.ctx, S("hot"), &topic), OK);
		assert_int_equal(topic.notes, turn ? 3 : 2);
		assert_true(str_eq(topic.shown, turn ? S("Hot") : S("hot")));
		finish(&t);
	}
}

static void a_report_is_answered_once(void **state)
{
	struct town t;
	struct report_new said = {.reason = REASON_SPAM, .details = S("again and again")};
	report_id report;
	open_town(&t, *state);
	said.thing =
		(struct reported_thing){REPORTED_NOTE, say(&t, t.ann, "A note", "", VIS_PUBLIC).v};
	act_as(&t, t.ben);
	assert_int_equal(report_add(t.ctx, &said, &report), OK);
	struct deed one = {.fn = dismiss, .who = t.mod, .report = report};
	struct deed two = {.fn = dismiss, .who = t.mod2, .report = report};
	assert_true(meet(&t, &decision_made, &one, &two));
	assert_int_equal(one.result, OK);
	assert_int_equal(two.result, ERR_CONFLICT);
	finish(&t);
}

static err suspend_as_moderator(struct ctx *ctx, struct deed *a)
{
	decision_id id;
	struct decision_new want = {.thing = {REPORTED_ACCOUNT, a->whom.v},
		.action = DECIDE_SUSPEND,
		.reason = S("you first")};
	return moderation_decide(ctx, &want, &id);
}

static void one_admin_is_left(void **state)
{
	struct town t;
	struct account_new want = {.name = S("other_host"), .role = ROLE_ADMIN, .trusted = true};
	account_id other;
	open_town(&t, *state);
	act_as(&t, t.host);
	assert_int_equal(account_create(t.ctx, &want, &other), OK);
	struct deed one = {.fn = suspend_as_moderator, .who = t.host, .whom = other};
	struct deed two = {.fn = suspend_as_moderator, .who = other, .whom = t.host};
	assert_true(meet(&t, &standing_changed, &one, &two));
	assert_int_equal(one.result, OK);
	assert_int_equal(two.result, ERR_CONFLICT);
	act_as(&t, t.host);
	assert_int_equal(account_set_standing(t.ctx, t.host, STANDING_SUSPENDED), ERR_CONFLICT);
	finish(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_comment_is_never_wider_than_its_note),
		cmocka_unit_test(an_answer_is_never_wider_than_its_note),
		cmocka_unit_test(nothing_stands_under_what_is_deleted),
		cmocka_unit_test(nothing_stands_under_a_deleted_comment),
		cmocka_unit_test(a_like_is_in_the_list_and_the_number_of_its_note),
		cmocka_unit_test(a_like_goes_with_its_note),
		cmocka_unit_test(likes_of_one_note_do_not_wait),
		cmocka_unit_test(likes_beside_the_number_go_with_their_comment),
		cmocka_unit_test(whoever_adds_what_was_left_tells_of_it),
		cmocka_unit_test(what_was_left_too_late_is_counted),
		cmocka_unit_test(the_same_person_likes_once),
		cmocka_unit_test(the_same_person_follows_once),
		cmocka_unit_test(what_is_sent_twice_is_one_note),
		cmocka_unit_test(what_is_under_way_is_settled),
		cmocka_unit_test(a_number_moves_while_it_is_settled),
		cmocka_unit_test(a_topic_counts_those_who_come_as_another_goes),
		cmocka_unit_test(notes_of_one_topic_do_not_wait),
		cmocka_unit_test(a_report_is_answered_once),
		cmocka_unit_test(one_admin_is_left),
	};
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	lock_init(&stop.lock);
	waker_init(&stop.changed);
	return run_on_both(tests);
}
