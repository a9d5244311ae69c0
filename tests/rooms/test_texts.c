// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a text says to whom, on both databases: every case of the scanner's table as a note for those
// mentioned, where the names lead, how topics are spelt, and reading all texts once more.
#include "jobs/jobs.h"
#include "notes/private.h"
#include "notifications/notifications.h"
#include "people.h"
#include "store/store.h"
#include "unicode/scan_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "both.h"

static const char *table;

// Those whose names stand in the table, as accounts.
static const char *const names[] = {"maya", "example", "weibo", "core", "node", "ma", "jos",
	"localhost", "mayatag", "name", "cd", "types", "abcdefghijabcdefghijabcdefghij"};
#define NAMES COUNT(names)

static account_id account(struct town *t, const char *name)
{
	account_id id;
	struct account_new want = {.name = str_from(name), .role = ROLE_MEMBER, .trusted = true};
	assert_int_equal(account_create(t->ctx, &want, &id), OK);
	return id;
}

static bool is_named(const struct scan_case *c, const char *name, struct arena *mem)
{
	str mark = str_lower(mem, str_fmt(mem, "M(%s)", name));
	return str_find(str_lower(mem, c->want), mark) >= 0;
}

static bool may_read(struct town *t, account_id who, note_id id)
{
	struct note note;
	act_as(t, who);
	err found = notes_get(t->ctx, id, &note);
	assert_true(found == OK || found == ERR_NOT_FOUND);
	return found == OK;
}

static ptrdiff_t told(struct town *t, account_id who)
{
	struct notification_page page;
	act_as(t, who);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, 500, &page), OK);
	store_done(t->ctx);
	return page.n;
}

// Nobody reads a note for those mentioned, or is told of it, but by a mention that the text shows.
static void the_table_lets_nobody_in(void **state)
{
	struct town t;
	struct scan_case c = {0};
	account_id ids[NAMES];
	ptrdiff_t expected[NAMES] = {0}, n = 0, let_in = 0;
	town_open(&t, *state);
	struct arena *mem = arena_new(1 << 16);
	for (int i = 0; i < NAMES; i++)
		ids[i] = account(&t, names[i]);
	FILE *f = fopen(table, "re");
	assert_non_null(f);
	while (case_next(f, mem, &c)) {
		if (!str_starts(c.kind, S("mentions")))
			continue;
		struct note_draft draft = {.title = S("For you"), .visibility = VIS_MENTIONED};
		note_id id;
		draft.body = c.text;
		act_as(&t, t.ann);
		assert_int_equal(notes_publish(t.ctx, &draft, &id), OK);
		for (int i = 0; i < NAMES; i++) {
			bool named = is_named(&c, names[i], mem);
			if (may_read(&t, ids[i], id) != named)
				fail_msg("%.*s: %s %s", STR_ARGS(c.line), names[i],
					named ? "may not read it" : "may read it");
			expected[i] += named;
			let_in += named;
		}
		n++;
		store_done(t.ctx);
		arena_reset(t.ctx->mem);
	}
	(void)fclose(f);
	assert_true(n > 300 && let_in > 80);
	do_jobs(&t);
	for (int i = 0; i < NAMES; i++)
		if (told(&t, ids[i]) != expected[i])
			fail_msg("%s was told %d times, not %d", names[i], (int)told(&t, ids[i]),
				(int)expected[i]);
	arena_free(mem);
	town_close(&t);
}

static bool leads(struct town *t, note_id id, const char *name)
{
	struct note note;
	struct leads found;
	act_as(t, t->ann);
	assert_int_equal(notes_get(t->ctx, id, &note), OK);
	assert_int_equal(notes_leads(t->ctx, &note, 1, &found), OK);
	bool yes = leads_to_person(&found, id, str_from(name));
	assert_false(leads_to_person(&found, (note_id){id.v + 1}, str_from(name)));
	store_done(t->ctx);
	return yes;
}

// A mention is a link to whom it meant, as long as there is a page to go to.
static void names_lead_to_whom_they_meant(void **state)
{
	struct town t;
	struct leads found;
	town_open(&t, *state);
	note_id id = say(&t, t.ann, "", "@Ben @later @cleo", VIS_PUBLIC);
	note_id comment = comment_on(&t, t.ben, id, "@ann @later", VIS_PUBLIC);
	assert_true(leads(&t, id, "ben") && leads(&t, id, "CLEO"));
	assert_true(leads(&t, comment, "ann"));
	assert_false(leads(&t, id, "ann") || leads(&t, id, "later"));
	account_id later = account(&t, "later");
	assert_false(leads(&t, id, "later") || leads(&t, comment, "later"));
	do_jobs(&t);
	assert_int_equal(told(&t, later), 0);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_SUSPENDED), OK);
	assert_false(leads(&t, id, "ben"));
	assert_true(leads(&t, id, "cleo"));
	note_id during = say(&t, t.ann, "", "@ben", VIS_MENTIONED);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_GOOD), OK);
	assert_true(leads(&t, id, "ben"));
	// Whom it could not be told to then, it is not told to and not shown to now.
	assert_false(leads(&t, during, "ben") || may_read(&t, t.ben, during));
	struct note_draft again = {.body = S("@later"), .visibility = VIS_PUBLIC};
	act_as(&t, t.ann);
	assert_int_equal(notes_edit(t.ctx, id, &again), OK);
	assert_true(leads(&t, id, "later"));
	assert_false(leads(&t, id, "ben"));
	// A text that is no note leads to those who have the names now.
	assert_int_equal(text_leads(t.ctx, S("@ben @nobody josé@cleo #rye"), &found), OK);
	assert_true(leads_to_person(&found, (note_id){0}, S("Ben")));
	assert_false(leads_to_person(&found, (note_id){0}, S("nobody")) ||
		     leads_to_person(&found, (note_id){0}, S("cleo")) ||
		     leads_to_topic(&found, S("rye")));
	town_close(&t);
}

static const char *spelt(struct town *t, const char *name)
{
	struct topic topic;
	return topic_get(t->ctx, str_from(name), &topic) == OK ? str_z(t->ctx->mem, topic.shown)
							       : "";
}

static void topics_are_spelt_as_in_public(void **state)
{
	struct town t;
	struct leads found;
	town_open(&t, *state);
	say(&t, t.ben, "", "#SecretRYE", VIS_ONLY_ME);
	say(&t, t.ben, "", "#SecretRye", VIS_FOLLOWERS);
	assert_int_equal(text_leads(t.ctx, S("#secretrye"), &found), OK);
	assert_false(leads_to_topic(&found, S("secretrye")));
	say(&t, t.ann, "", "#secretRye", VIS_PUBLIC);
	assert_string_equal(spelt(&t, "SECRETRYE"), "secretRye");
	say(&t, t.cleo, "", "#Secretrye #col·lecció", VIS_PUBLIC);
	assert_string_equal(spelt(&t, "secretrye"), "secretRye");
	assert_string_equal(spelt(&t, "Col·Lecció"), "col·lecció");
	assert_int_equal(text_leads(t.ctx, S("#SECRETRYE #COL·LECCIÓ #col"), &found), OK);
	assert_true(leads_to_topic(&found, S("secretrye")));
	assert_true(leads_to_topic(&found, S("col·lecció")));
	assert_false(leads_to_topic(&found, S("col")));
	town_close(&t);
}

// As an older grammar had it: a mention in an address, a topic cut off.
static err as_before(struct ctx *ctx, void *arg)
{
	const note_id *id = arg;
	struct accounts_named_row *named;
	ptrdiff_t n;
	int64_t gone;
	str name = S("ben");
	TRY(accounts_named(ctx, &name, 1, &named, &n));
	TRY(mention_insert(ctx, named[0].id, *id, named[0].name, (account_id){0}, REACH_NOTHING));
	TRY(note_topics_delete(ctx, *id, &gone));
	TRY(topic_delete(ctx, S("col·lecció")));
	TRY(note_topic_insert(ctx, S("col"), *id, ctx->viewer.account, S("COL"), true, &gone));
	return topic_add(ctx, S("col"), S("COL"), *id);
}

static void texts_are_read_once_more(void **state)
{
	struct town t;
	struct note_topic *of;
	ptrdiff_t n;
	town_open(&t, *state);
	for (int i = 0; i < 230; i++) // more than one job reads
		say(&t, t.cleo, "", "#rye for @ann", VIS_PUBLIC);
	note_id id = say(&t, t.ann, "", "write to josé@ben, @cleo. #col·lecció", VIS_PUBLIC);
	assert_int_equal(store_write(t.ctx, as_before, &id), OK);
	assert_true(leads(&t, id, "ben"));
	assert_int_equal(jobs_add(t.ctx, &(struct job_new){.kind = S("notes.rescan")}, NULL), OK);
	do_jobs(&t);
	assert_false(leads(&t, id, "ben"));
	assert_true(leads(&t, id, "cleo"));
	assert_int_equal(notes_topics(t.ctx, &id, 1, &of, &n), OK);
	assert_int_equal(n, 1);
	assert_string_equal(str_z(t.ctx->mem, of[0].name), "col·lecció");
	struct topic topic;
	assert_int_equal(topic_get(t.ctx, S("col·lecció"), &topic), OK);
	assert_int_equal(topic.notes, 1);
	assert_string_equal(spelt(&t, "col·lecció"), "col·lecció");
	assert_int_equal(topic_get(t.ctx, S("rye"), &topic), OK);
	assert_int_equal(topic.notes, 230);
	assert_int_equal(topic_get(t.ctx, S("col"), &topic), ERR_NOT_FOUND);
	town_close(&t);
}

int main(int argc, char **argv)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_lets_nobody_in),
		cmocka_unit_test(names_lead_to_whom_they_meant),
		cmocka_unit_test(topics_are_spelt_as_in_public),
		cmocka_unit_test(texts_are_read_once_more),
	};
	table = argc > 1 ? argv[1] : "src/unicode/scan_cases.txt";
	return run_on_both(tests);
}
