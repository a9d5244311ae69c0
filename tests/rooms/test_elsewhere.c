// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two of one name, one of them of another server, are two people: in mentions, follows, notifications, cards and
// lists, cold and warm, on both databases. And what stood before accounts had a host stands after.
#include "accounts/accounts.sql.h"
#include "jobs/jobs.h"
#include "notes/private.h"
#include "notifications/notifications.h"
#include "people.h"
#include "store/store.h"
#include "web/card.h"
#include "web/note_view.h"
#include "web/person_view.h"
#include "web/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define STEP 29
#define FAR "far.example"

static void open_town(struct town *t, void **state, account_id *far)
{
	town_open(t, *state);
	assert_int_equal(web_room.start(t->ctx), OK);
	*far = from_elsewhere(t, "ann", FAR);
}

static void close_town(struct town *t)
{
	web_room.stop(t->ctx);
	town_close(t);
}

static bool has(str text, const char *what)
{
	return str_find(text, str_from(what)) >= 0;
}

static ptrdiff_t told(struct town *t, account_id who)
{
	struct notification_page page;
	act_as(t, who);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, 50, &page), OK);
	store_done(t->ctx);
	return page.n;
}

static str written(struct town *t, note_id id)
{
	struct shown_note s;
	act_as_stranger(t);
	assert_int_equal(shown_by_id(t->ctx, id, SHOWN_LEADS, &s), OK);
	store_done(t->ctx);
	return people_text(t->ctx->mem, s.note.body, id, s.leads).s;
}

static void people_here_name_people_here(void **state)
{
	struct town t;
	account_id far;
	open_town(&t, state, &far);
	note_id id = say(&t, t.ben, "", "Hello @Ann, not @zed", VIS_MENTIONED);
	from_elsewhere(&t, "zed", FAR);
	note_id later = say(&t, t.ben, "", "@zed @ann@far.example @ANN", VIS_PUBLIC);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ann), 2);
	assert_int_equal(told(&t, far), 0);
	struct note note;
	act_as(&t, t.ann);
	assert_int_equal(notes_get(t.ctx, id, &note), OK);
	act_as(&t, far);
	assert_int_equal(notes_get(t.ctx, id, &note), ERR_NOT_FOUND);
	assert_true(str_eq(
		written(&t, later), S("<p dir=\"auto\">@zed @ann@far.example <a class=\"mention\" "
				      "href=\"/@ann\">@ANN</a></p>")));
	close_town(&t);
}

struct meant {
	note_id note;
	account_id who;
};

static err mention(struct ctx *ctx, void *arg)
{
	const struct meant *m = arg;
	TRY(mention_insert(ctx, m->who, m->note, S("zed"), ctx->viewer.account, REACH_NOTHING));
	change_add(ctx, &note_changed, m->note.v, 0, 0);
	return OK;
}

#define CALLED_OTHERWISE "UPDATE account SET name = 'anna' WHERE name = 'cleo' AND host = ''"

static err rename_cleo(struct ctx *ctx, void *arg)
{
	static const struct sql sql = {.name = "rename",
		.sqlite = CALLED_OTHERWISE,
		.postgres = CALLED_OTHERWISE,
		.writes = true};
	account_id *id = arg;
	TRY(sql_change(ctx, &sql, NULL, NULL));
	change_add(ctx, &account_changed, id->v, 0, 0);
	return OK;
}

// A mention is of an account, and shown as that is called now.
static void a_mention_shows_whom_it_means(void **state)
{
	struct town t;
	account_id far;
	open_town(&t, state, &far);
	note_id id = say(&t, t.ben, "", "With @zed and @Cleo.", VIS_PUBLIC);
	struct meant m = {id, far};
	assert_int_equal(store_write(t.ctx, mention, &m), OK);
	assert_true(has(written(&t, id), "href=\"/@ann@far.example\">@ann@far.example</a>"));
	assert_true(has(written(&t, id), "href=\"/@cleo\">@Cleo</a>"));
	assert_int_equal(store_write(t.ctx, rename_cleo, &t.cleo), OK);
	assert_true(has(written(&t, id), "href=\"/@anna\">@anna</a>"));
	// Read once more, the text still says so.
	assert_int_equal(jobs_add(t.ctx, &(struct job_new){.kind = S("notes.rescan")}, NULL), OK);
	do_jobs(&t);
	assert_true(has(written(&t, id), ">@ann@far.example</a>") &&
		    has(written(&t, id), ">@anna</a>"));
	close_town(&t);
}

static struct deck load(struct town *t, const note_id *ids, ptrdiff_t n)
{
	struct deck d;
	assert_int_equal(deck_load(t->ctx, ids, n, true, S(""), &d), OK);
	assert_int_equal(d.n, n);
	store_done(t->ctx);
	return d;
}

static void their_cards_lead_to_each(void **state)
{
	struct town t;
	account_id far;
	open_town(&t, state, &far);
	note_id ids[] = {
		say(&t, t.ann, "Near", "x", VIS_PUBLIC), say(&t, far, "Far", "x", VIS_PUBLIC)};
	for (int i = 0; i < 2; i++) { // cold, then warm
		act_as(&t, t.ben);
		struct deck d = load(&t, ids, 2);
		str near = d.at[0].card.written.text, there = d.at[1].card.written.text;
		assert_true(has(near, "href=\"/@ann\"") && !has(near, FAR));
		assert_true(has(there, "href=\"/@ann@far.example\"") && !has(there, "\"/@ann\""));
		str note = str_fmt(t.ctx->mem, "href=\"/note/%lld\"", (long long)ids[1].v);
		assert_true(str_find(there, note) >= 0);
	}
	struct note_page page;
	assert_int_equal(notes_of(t.ctx, far, (note_id){0}, 10, &page), OK);
	assert_true(page.n == 1 && page.ids[0].v == ids[1].v);
	close_town(&t);
}

static void each_is_followed_alone(void **state)
{
	struct town t;
	account_id far;
	struct relation r;
	struct person_view *rows;
	ptrdiff_t n;
	open_town(&t, state, &far);
	act_as(&t, t.ben);
	assert_int_equal(follow_add(t.ctx, far), OK);
	assert_int_equal(relation_with(t.ctx, far, &r), OK);
	assert_true(r.following);
	assert_int_equal(relation_with(t.ctx, t.ann, &r), OK);
	assert_false(r.following);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ann), 0);
	act_as(&t, far);
	assert_int_equal(follow_add(t.ctx, t.ben), OK);
	do_jobs(&t);
	assert_int_equal(told(&t, t.ben), 1);
	for (int i = 0; i < 2; i++) {
		act_as(&t, t.ben);
		const account_id both[] = {t.ann, far};
		assert_int_equal(people_load(t.ctx, both, 2, S(""), &rows, &n), OK);
		assert_int_equal(n, 2);
		assert_true(str_eq(rows[0].handle, S("@ann")) && !rows[0].follow.on);
		assert_true(str_eq(rows[1].handle, S("@ann@far.example")) && rows[1].follow.on);
		assert_true(str_eq(rows[1].follow.action.s, S("/@ann@far.example/follow")));
		store_done(t.ctx);
	}
	close_town(&t);
}

// --- what stood before --------------------------------------------------------------------------

#define BOTH(text) \
	{ \
		.name = "before", .sqlite = text, .postgres = text, .writes = true \
	}
#define ACCOUNT(id, name) \
	BOTH("INSERT INTO account (id, name, display, bio, role, standing, locale, reads, " \
	     "writes, " \
	     "topics, show_likes, welcomed, password, why, created, notes, followers, following, " \
	     "liked) VALUES (" id ", '" name \
	     "', '', '', 1, 0, '', '', '', '', 0, 0, '', '', 1, 0, 0, 0, 0)")
#define MENTION(account) \
	BOTH("INSERT INTO mention (account, note, author, reach) VALUES (" account ", 500, 1, 0)")

static const struct sql before[] = {ACCOUNT("1", "ann"), ACCOUNT("2", "ben"),
	BOTH("INSERT INTO note (id, account, created, edited, visibility, language, sensitive, "
	     "title, "
	     "body, ratio, pictures, likes, comments) VALUES (500, 1, 1, 0, 0, 'en', 0, '', "
	     "'@ben @gone', 0, 0, 0, 0)"),
	MENTION("2"), MENTION("3")};

static err fill(struct ctx *ctx, void *arg)
{
	(void)arg;
	for (ptrdiff_t i = 0; i < COUNT(before); i++)
		TRY(sql_change(ctx, &before[i], NULL, NULL));
	return OK;
}

static void all_that_stood_is_of_here(void **state)
{
	struct account_row row;
	struct mentions_among_row *rows;
	ptrdiff_t n;
	note_id note = {500};
	if (*state)
		world_wipe(*state);
	struct world *w = world_new(*state);
	w->steps = schema_steps;
	while (w->n_steps < schema_steps_n && w->steps[w->n_steps].number < STEP)
		w->n_steps++;
	world_open(w);
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	world_close(w);
	w->n_steps = schema_steps_n;
	world_open(w);
	assert_int_equal(account_get_by_handle(&w->ctx, S("ben"), S(""), &row), OK);
	assert_true(row.id.v == 2 && !row.host.n);
	assert_int_equal(mentions_among(&w->ctx, &note, 1, &rows, &n), OK);
	assert_int_equal(n, 2);
	assert_true(rows[0].account.v == 2 && str_eq(rows[0].name, S("ben")));
	assert_true(rows[1].account.v == 3 && !rows[1].name.n);
	world_close(w);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_here_name_people_here),
		cmocka_unit_test(a_mention_shows_whom_it_means),
		cmocka_unit_test(their_cards_lead_to_each),
		cmocka_unit_test(each_is_followed_alone),
		cmocka_unit_test(all_that_stood_is_of_here),
	};
	return run_on_both(tests);
}
