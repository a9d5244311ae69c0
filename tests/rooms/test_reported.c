// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A kind of things that a room above brings is reported, listed, decided about and removed as notes and accounts are, on
// pages as well; of a kind without its room moderators have what was kept. Rows from before there were kinds.
#include "community/community.h"
#include "moderation/private.h"
#include "notifications/notifications.h"
#include "people.h"
#include "store/store.h"
#include "web/moderation_view.h"
#include "web/pages.h"
#include "words/words.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#undef fail

#include "both.h"

// --- a room's kind ------------------------------------------------------------------------------

// Waves: one for all but a stranger, one for its own account alone.
static struct wave {
	int64_t id;
	account_id by;
	note_id at;
	ms edited;
	bool there, hidden;
} waves[2];
static int times_guarded;
static int times_shown; // how often moderators' pages asked
static ptrdiff_t shown_things;
static err removing; // what removing one comes to

static struct wave *find_wave(int64_t id)
{
	for (int i = 0; i < COUNT(waves); i++)
		if (waves[i].id == id && waves[i].there)
			return &waves[i];
	return NULL;
}

static const struct reported_words words = {.name = W_settings_cover,
	.report = W_settings_storage,
	.form = W_settings_interface,
	.remove = W_settings_as_browser,
	.remove_hint = W_settings_reads};

static err look(struct ctx *ctx, int64_t id, struct reported *out)
{
	const struct wave *wave = find_wave(id);
	(void)ctx;
	if (!wave)
		return ERR_NOT_FOUND;
	*out = (struct reported){.account = wave->by,
		.note = wave->at,
		.title = S("Hello"),
		.text = S("over there"),
		.edited = wave->edited,
		.words = &words};
	return OK;
}

static err guard(struct ctx *ctx, int64_t id, struct reported *out)
{
	const struct wave *wave = find_wave(id);
	times_guarded++;
	if (wave && wave->hidden && wave->by.v != ctx->viewer.account.v)
		return ERR_NOT_FOUND;
	return look(ctx, id, out);
}

static err show(struct ctx *ctx, struct reported_sight *sights, ptrdiff_t n)
{
	times_shown++;
	shown_things += n;
	for (ptrdiff_t i = 0; i < n; i++) {
		assert_int_equal(sights[i].account->id.v, waves[0].by.v);
		sights[i].there = find_wave(sights[i].id) != NULL;
		if (sights[i].there)
			sights[i].address =
				url_fmt(ctx->mem, "/wave/%lld", (long long)sights[i].id);
	}
	return OK;
}

static err take_away(struct ctx *ctx, int64_t id)
{
	(void)ctx;
	if (removing == OK)
		find_wave(id)->there = false;
	return removing;
}

#define WAVED 130
static const struct reported_kind waved = {.number = WAVED,
	.name = "wave",
	.decisions = DECISION(DECIDE_DISMISS) | DECISION(DECIDE_WARN) | DECISION(DECIDE_REMOVE),
	.words = &words,
	.guard = guard,
	.look = look,
	.show = show,
	.remove = take_away};

// Ids of one kind may well be those of another: a wave's is here its note's.
static note_id begin(struct town *t, struct pg_server *server)
{
	town_open(t, server);
	reported_register(t->ctx, &waved);
	note_id note = say(t, t->ann, "A note", "", VIS_PUBLIC);
	waves[0] = (struct wave){.id = note.v, .by = t->ann, .at = note, .there = true};
	waves[1] = (struct wave){.id = 7, .by = t->ann, .there = true, .hidden = true};
	times_shown = 0;
	shown_things = 0;
	removing = OK;
	return note;
}

static err report_as(struct town *t, account_id who, int64_t kind, int64_t thing, report_id *out)
{
	act_as(t, who);
	return report_add(
		t->ctx, &(struct report_new){.thing = {kind, thing}, .reason = REASON_ABUSE}, out);
}

static report_id report(struct town *t, account_id who, int64_t kind, int64_t thing)
{
	report_id id = {0};
	assert_int_equal(report_as(t, who, kind, thing, &id), OK);
	return id;
}

static err decide(struct town *t, report_id id, enum decision_action action, decision_id *out)
{
	act_as(t, t->mod);
	return moderation_decide(t->ctx,
		&(struct decision_new){.report = id, .action = action, .reason = S("Be kind")},
		out);
}

static ptrdiff_t list_open(struct town *t, struct report **out)
{
	ptrdiff_t n;
	act_as(t, t->mod);
	assert_int_equal(reports_page(t->ctx, REPORT_OPEN, (report_id){0}, 10, out, &n), OK);
	return n;
}

static void what_is_reported_is_what_its_room_shows(void **state)
{
	struct town t;
	report_id id;
	struct report *list, *alike;
	ptrdiff_t n;
	note_id note = begin(&t, *state);
	int64_t wave = waves[0].id;
	assert_int_equal(report_as(&t, t.ben, WAVED, waves[1].id, &id), ERR_NOT_FOUND);
	assert_int_equal(report_as(&t, t.ben, WAVED, 99, &id), ERR_NOT_FOUND);
	assert_int_equal(report_as(&t, t.ben, WAVED + 1, wave, &id), ERR_NOT_FOUND);
	assert_int_equal(report_as(&t, t.ann, WAVED, wave, &id), ERR_INVALID);
	assert_int_equal(t.ctx->problem.word, W_moderation_own);
	report_id first = report(&t, t.ben, WAVED, wave);
	assert_int_equal(report(&t, t.ben, WAVED, wave).v, first.v);
	report_id second = report(&t, t.cleo, WAVED, wave);
	report_id of_note = report(&t, t.cleo, REPORTED_NOTE, note.v);
	waves[1].hidden = false;
	report(&t, t.cleo, WAVED, waves[1].id);
	assert_int_equal(list_open(&t, &list), 3);
	assert_true(times_shown == 1 && shown_things == 2); // once for the page
	assert_true(list[1].id.v == of_note.v && list[1].kind->number == REPORTED_NOTE);
	const struct report *r = &list[2];
	assert_true(r->id.v == second.v && r->alike == 2 && r->kind == &waved);
	assert_true(r->thing.kind == WAVED && r->thing.id == wave);
	assert_true(str_eq(r->excerpt, S("Hello\nover there")));
	assert_true(r->account->id.v == t.ann.v && r->reporter->id.v == t.cleo.v);
	assert_true(r->now.there && r->now.words == &words);
	assert_true(str_starts(r->now.address.s, S("/wave/")));
	assert_int_equal(reports_alike(t.ctx, r, &alike, &n), OK);
	assert_true(n == 2 && alike[0].id.v == first.v && alike[1].id.v == second.v);
	town_close(&t);
}

static void an_answer_counts_until_the_thing_is_edited(void **state)
{
	struct town t;
	decision_id decision;
	struct reported now;
	struct report_mine mine;
	begin(&t, *state);
	const struct reported_thing thing = {WAVED, waves[0].id};
	report_id id = report(&t, t.ben, WAVED, thing.id);
	assert_int_equal(decide(&t, id, DECIDE_DISMISS, &decision), OK);
	assert_int_equal(report(&t, t.ben, WAVED, thing.id).v, id.v);
	assert_int_equal(reported_get(t.ctx, thing, &now), OK);
	assert_int_equal(report_mine(t.ctx, thing, &now, &mine), OK);
	assert_true(mine.decided && mine.outcome == DECIDE_DISMISS);
	act_as(&t, t.ann);
	waves[0].edited = t.ctx->now;
	assert_true(report(&t, t.ben, WAVED, thing.id).v != id.v);
	town_close(&t);
}

static struct notification first_told(struct town *t, account_id who)
{
	struct notification_page page;
	act_as(t, who);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, 9, &page), OK);
	assert_int_equal(page.n, 1);
	return page.at[0];
}

static void removing_is_the_rooms_and_all_are_told(void **state)
{
	struct town t;
	struct report r;
	struct report *list;
	struct report_outcome outcome;
	decision_id decision;
	note_id note = begin(&t, *state);
	report_id id = report(&t, t.ben, WAVED, waves[0].id);
	report_id other = report(&t, t.cleo, WAVED, waves[0].id);
	report_id of_note = report(&t, t.cleo, REPORTED_NOTE, note.v);
	const enum decision_action impossible[] = {
		DECIDE_CLEAR_BIO, DECIDE_RESTORE, DECIDE_SUSPEND, DECIDE_APPROVE};
	for (int i = 0; i < COUNT(impossible); i++) {
		assert_int_equal(decide(&t, id, impossible[i], &decision), ERR_INVALID);
		assert_string_equal(t.ctx->problem.field, "action");
	}
	removing = ERR_CONFLICT; // nothing of it happened
	assert_int_equal(decide(&t, id, DECIDE_REMOVE, &decision), ERR_CONFLICT);
	assert_int_equal(list_open(&t, &list), 2);
	removing = OK;
	assert_int_equal(decide(&t, id, DECIDE_REMOVE, &decision), OK);
	assert_false(waves[0].there);
	assert_int_equal(report_get(t.ctx, other, &r), OK);
	assert_true(r.state == REPORT_ACTED && r.decision.v == decision.v);
	assert_true(!r.now.there && url_none(r.now.address));
	assert_int_equal(list_open(&t, &list), 1);
	assert_int_equal(list[0].id.v, of_note.v);
	do_jobs(&t);
	struct notification told = first_told(&t, t.ann);
	assert_true(told.kind == MODERATED && told.thing == decision.v && told.note.v == note.v);
	told = first_told(&t, t.ben);
	assert_true(told.kind == REPORT_ANSWERED && told.note.v == note.v && told.there);
	assert_int_equal(report_outcome(t.ctx, decision, &outcome), OK);
	assert_true(str_eq(outcome.excerpt, S("Hello\nover there")));
	town_close(&t);
}

static void what_is_gone_is_not_removed_once_more(void **state)
{
	struct town t;
	struct decision d;
	decision_id decision;
	begin(&t, *state);
	report_id id = report(&t, t.ben, WAVED, waves[0].id);
	waves[0].there = false;
	assert_int_equal(decide(&t, id, DECIDE_REMOVE, &decision), ERR_INVALID);
	assert_int_equal(t.ctx->problem.word, W_moderation_already_gone);
	assert_int_equal(decide(&t, id, DECIDE_WARN, &decision), OK);
	// Without a report it is to be there.
	struct decision_new want = {
		.thing = {WAVED, waves[0].id}, .action = DECIDE_WARN, .reason = S("Not so loud")};
	assert_int_equal(moderation_decide(t.ctx, &want, &decision), ERR_NOT_FOUND);
	want.thing.id = waves[1].id;
	assert_int_equal(moderation_decide(t.ctx, &want, &decision), OK);
	assert_int_equal(decision_get(t.ctx, decision, &d), OK);
	assert_true(d.thing.kind == WAVED && d.thing.id == waves[1].id);
	assert_true(d.account->id.v == t.ann.v && str_eq(d.excerpt, S("Hello\nover there")));
	town_close(&t);
}

static void without_its_room_moderators_have_what_was_kept(void **state)
{
	struct town t;
	struct report *list;
	decision_id decision;
	begin(&t, *state);
	report_id id = report(&t, t.ben, WAVED, waves[0].id);
	waves[1].hidden = false;
	report_id other = report(&t, t.ben, WAVED, waves[1].id);
	t.ctx->house->moderation->n_kinds--; // it was the last
	assert_int_equal(list_open(&t, &list), 2);
	assert_int_equal(list[1].now.words->name, W_moderation_thing);
	assert_true(str_eq(list[1].excerpt, S("Hello\nover there")));
	assert_int_equal(decide(&t, id, DECIDE_REMOVE, &decision), ERR_INVALID);
	assert_int_equal(decide(&t, id, DECIDE_DISMISS, &decision), OK);
	assert_int_equal(list_open(&t, &list), 1);
	assert_int_equal(decide(&t, other, DECIDE_SUSPEND, &decision), OK);
	assert_int_equal(list_open(&t, &list), 0);
	town_close(&t);
}

static bool is_refused(struct town *t, const struct reported_kind *kind)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		(void)!freopen("/dev/null", "w", stderr);
		reported_register(t->ctx, kind);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void a_number_and_a_name_are_one_kinds_alone(void **state)
{
	struct town t;
	begin(&t, *state);
	struct reported_kind kind = waved;
	kind.name = "other";
	assert_true(is_refused(&t, &kind)); // the same number
	kind.number = WAVED + 1;
	assert_false(is_refused(&t, &kind));
	kind.name = "note";
	assert_true(is_refused(&t, &kind));
	kind.name = "other";
	kind.number = REPORTED_BY_ROOMS - 1;
	assert_true(is_refused(&t, &kind));
	kind.number = WAVED + 1;
	kind.remove = NULL; // though it may be decided
	assert_true(is_refused(&t, &kind));
	town_close(&t);
}

// --- on pages -----------------------------------------------------------------------------------

static bool says(struct town *t, str page, int word)
{
	return str_find(page, word_get(t->ctx->viewer.locale, word)) >= 0;
}

static struct frame frame_of(struct town *t, account_id who)
{
	act_as(t, who);
	return (struct frame){.ctx = t->ctx,
		.community = community_get(t->ctx),
		.signed_in = true,
		.csrf = S("x")};
}

static void pages_show_it_in_its_rooms_words(void **state)
{
	struct town t;
	begin(&t, *state);
	report_id id = report(&t, t.ben, WAVED, waves[0].id);
	struct frame f = frame_of(&t, t.cleo);
	struct report_form_view form = {.frame = &f,
		.kind = &waved,
		.thing = {WAVED, waves[0].id},
		.given = S("4711"),
		.back = S("/")};
	times_guarded = 0;
	assert_int_equal(report_form_fill(t.ctx, &form), OK);
	assert_int_equal(times_guarded, 1);
	struct out o = frame_out(&f, 1000);
	report_form_page(&o, &form);
	str page = out_done(&o).s;
	assert_true(says(&t, page, words.form));
	assert_true(str_find(page, S("name=\"wave\" value=\"4711\"")) >= 0);
	assert_true(str_find(page, S("Hello —")) >= 0);

	struct report *list;
	f = frame_of(&t, t.mod);
	struct reports_view reports = {.frame = &f, .n = list_open(&t, &list)};
	reports.reports = list;
	o = frame_out(&f, 1000);
	moderation_page(&o, &reports);
	assert_true(says(&t, out_done(&o).s, words.name));

	struct report_view one = {.frame = &f, .form = {.chosen = -1}};
	assert_int_equal(report_view_fill(t.ctx, id, &one), OK);
	o = frame_out(&f, 1000);
	report_page(&o, &one);
	page = out_done(&o).s;
	assert_true(says(&t, page, words.report) && says(&t, page, words.remove));
	assert_true(str_find(page, S("href=\"/wave/")) >= 0);
	assert_true(str_find(page, S("value=\"remove\"")) >= 0);
	assert_true(str_find(page, S("value=\"suspend\"")) < 0);
	waves[0].there = false;
	assert_int_equal(report_view_fill(t.ctx, id, &one), OK);
	o = frame_out(&f, 1000);
	report_page(&o, &one);
	page = out_done(&o).s;
	assert_true(says(&t, page, W_moderation_deleted));
	assert_true(str_find(page, S("value=\"remove\"")) < 0);
	town_close(&t);
}

// --- rows of before -----------------------------------------------------------------------------

#define STEP 28
#define BOTH(text) \
	{ \
		.name = "before", .sqlite = text, .postgres = text, .writes = true \
	}
#define REPORT(id, reporter, note, state, decision, alike) \
	BOTH("INSERT INTO report (id, reporter, account, note, reason, details, excerpt, state, " \
	     "created, decision, alike) VALUES (" id ", " reporter ", 70, " note ", 1, 'd', 'e" id \
	     "', " state ", 5, " decision ", " alike ")")
#define DECISION_ROW(id, note, action) \
	BOTH("INSERT INTO decision (id, moderator, account, note, action, reason, excerpt, " \
	     "until, " \
	     "created) VALUES (" id ", 3, 70, " note ", " action ", 'r', 'e', 0, 6)")

static const struct sql before[] = {
	REPORT("1", "10", "500", "0", "NULL", "0"),
	REPORT("2", "11", "500", "0", "NULL", "2"),
	REPORT("3", "10", "NULL", "0", "NULL", "1"),
	REPORT("4", "12", "501", "1", "20", "1"),
	DECISION_ROW("20", "501", "2"),
	DECISION_ROW("21", "NULL", "5"),
};

static err fill(struct ctx *ctx, void *arg)
{
	(void)arg;
	for (ptrdiff_t i = 0; i < COUNT(before); i++)
		TRY(sql_change(ctx, &before[i], NULL, NULL));
	return OK;
}

static void is_of(struct world *w, int64_t id, int64_t kind, int64_t thing)
{
	struct report_row row;
	assert_int_equal(report_row_get(&w->ctx, (report_id){id}, &row), OK);
	assert_true(row.thing_kind == kind && row.thing == thing && row.account.v == 70);
	assert_true(str_eq(row.excerpt, str_fmt(w->ctx.mem, "e%lld", (long long)id)));
}

static void was_about(struct world *w, int64_t id, int64_t kind, int64_t thing)
{
	struct decision_row row;
	assert_int_equal(decision_row_get(&w->ctx, (decision_id){id}, &row), OK);
	assert_true(row.thing_kind == kind && row.thing == thing && row.account.v == 70);
}

static void rows_of_before_are_of_notes_and_accounts(void **state)
{
	struct schema_step steps[64];
	struct report_row *rows;
	struct report_latest_row latest;
	ptrdiff_t n;
	if (*state)
		world_wipe(*state);
	struct world *w = world_new(*state);
	must(schema_steps_n <= COUNT(steps));
	memcpy(steps, schema_steps, (size_t)schema_steps_n * sizeof *steps);
	w->steps = steps;
	while (w->n_steps < schema_steps_n && steps[w->n_steps].number < STEP)
		w->n_steps++;
	world_open(w);
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	world_close(w);
	w->n_steps = schema_steps_n;
	world_open(w);
	is_of(w, 1, REPORTED_NOTE, 500);
	is_of(w, 2, REPORTED_NOTE, 500);
	is_of(w, 3, REPORTED_ACCOUNT, 70);
	is_of(w, 4, REPORTED_NOTE, 501);
	was_about(w, 20, REPORTED_NOTE, 501);
	was_about(w, 21, REPORTED_ACCOUNT, 70);
	assert_int_equal(reports_like(&w->ctx, REPORTED_NOTE, 500, REPORT_OPEN, (decision_id){0}, 9,
				 &rows, &n),
		OK);
	assert_true(n == 2 && rows[0].id.v == 1 && rows[1].id.v == 2);
	assert_int_equal(report_latest(&w->ctx, REPORTED_NOTE, 500, &latest), OK);
	assert_true(latest.id.v == 2 && latest.alike == 2);
	world_close(w);
	world_free(w);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_reported_is_what_its_room_shows),
		cmocka_unit_test(an_answer_counts_until_the_thing_is_edited),
		cmocka_unit_test(removing_is_the_rooms_and_all_are_told),
		cmocka_unit_test(what_is_gone_is_not_removed_once_more),
		cmocka_unit_test(without_its_room_moderators_have_what_was_kept),
		cmocka_unit_test(a_number_and_a_name_are_one_kinds_alone),
		cmocka_unit_test(pages_show_it_in_its_rooms_words),
		cmocka_unit_test(rows_of_before_are_of_notes_and_accounts),
	};
	return run_on_both(tests);
}
