// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Notes, comments, likes, topics: who sees what, and that numbers are exact, on both databases.
#include "notes/notes.sql.h"
#include "people.h"
#include "shown/shown.h"
#include "store/store.h"
#include "transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define THREADS 16

static const char *golden;

static const char *const vis_names[VISIBILITIES] = {
	"public", "unlisted", "followers", "mutuals", "mentioned", "only me"};

// --- publishing ---------------------------------------------------------------------------------

static void show_account(struct town *t, account_id id)
{
	struct account a;
	assert_int_equal(account_by_id(t->ctx, id, &a), OK);
	tell("  %.*s: notes %d, liked %d", STR_ARGS(a.name), (int)a.notes, (int)a.liked);
}

static void show_topic(struct town *t, const char *name)
{
	struct topic topic = {0};
	struct note_page page = {0};
	err code = topic_get(t->ctx, str_from(name), &topic);
	if (code == OK)
		code = notes_of_topic(t->ctx, str_from(name), (note_id){0}, 50, &page);
	tell("  topic %s: %s '%.*s' %d, lists %d", name, result_of(code), STR_ARGS(topic.shown),
		(int)topic.notes, (int)page.n);
}

static void show_note(struct town *t, note_id id)
{
	struct note note;
	struct note_topic *topics;
	account_id *mentioned;
	ptrdiff_t n = 0, m = 0;
	err code = notes_get(t->ctx, id, &note);
	if (code != OK) {
		tell("  note: %s", result_of(code));
		return;
	}
	assert_int_equal(notes_topics(t->ctx, &id, 1, &topics, &n), OK);
	assert_int_equal(notes_mentioned(t->ctx, id, &mentioned, &m), OK);
	tell("  note '%.*s' '%.*s' %s %s%s: likes %d, comments %d, topics %d, mentions %d%s",
		STR_ARGS(note.title), STR_ARGS(note.body), vis_names[note.visibility],
		note.language.tag, note.sensitive ? " veiled" : "", (int)note.likes,
		(int)note.comments, (int)n, (int)m, note.edited ? ", edited" : "");
}

static void refused(struct town *t, const char *what, struct note_draft draft)
{
	note_id id;
	act_as(t, t->ann);
	err code = notes_publish(t->ctx, &draft, &id);
	tell("%s: %s %s", what, result_of(code),
		t->ctx->problem.field ? t->ctx->problem.field : "");
}

static str many(struct town *t, const char *what, int n)
{
	struct sb sb = sb_new(t->ctx->mem, 64);
	for (int i = 0; i < n; i++)
		sb_add(&sb, str_from(what));
	return sb_str(&sb);
}

static void publishing(struct town *t)
{
	note_id one, two, other;
	tell("-- publishing");
	struct note_draft draft = {.title = S("  Rye   bread "),
		.body = S("For @ben and @nobody: #Bread #bread #黑麦\n#2024"),
		.request = S("key-1")};
	act_as(t, t->ann);
	assert_int_equal(notes_publish(t->ctx, &draft, &one), OK);
	assert_int_equal(notes_publish(t->ctx, &draft, &two), OK);
	tell("the same key: %s", one.v == two.v ? "the same note" : "two notes");
	act_as(t, t->ben);
	assert_int_equal(notes_publish(t->ctx, &draft, &other), OK);
	tell("of another person: %s", one.v == other.v ? "the same note" : "two notes");
	assert_int_equal(notes_delete(t->ctx, other), OK);
	show_note(t, one);
	show_account(t, t->ann);
	show_account(t, t->ben);
	show_topic(t, "BREAD");
	show_topic(t, "黑麦");
	show_topic(t, "2024");
	act_as(t, t->ann);
	draft = (struct note_draft){
		.title = S("Spelt"), .body = S("#Spelt, @cleo"), .sensitive = true};
	assert_int_equal(notes_edit(t->ctx, one, &draft), OK);
	show_note(t, one);
	show_topic(t, "bread");
	show_topic(t, "spelt");
	draft.visibility = VIS_UNLISTED;
	assert_int_equal(notes_edit(t->ctx, one, &draft), OK);
	show_account(t, t->ann);
	show_topic(t, "spelt");
	draft.visibility = VIS_FOLLOWERS;
	assert_int_equal(notes_edit(t->ctx, one, &draft), OK);
	show_account(t, t->ann);
	draft.visibility = VIS_PUBLIC;
	assert_int_equal(notes_edit(t->ctx, one, &draft), OK);
	show_account(t, t->ann);
	show_topic(t, "spelt");
	act_as(t, t->ben);
	tell("edit by another: %s", result_of(notes_edit(t->ctx, one, &draft)));
	tell("delete by another: %s", result_of(notes_delete(t->ctx, one)));
	refused(t, "nothing", (struct note_draft){.body = S(" \n ")});
	refused(t, "long title", (struct note_draft){.title = many(t, "长", TITLE_MOST + 1)});
	refused(t, "long body", (struct note_draft){.body = many(t, "é", BODY_MOST + 1)});
	refused(t, "full body", (struct note_draft){.body = many(t, "é", BODY_MOST)});
	refused(t, "no such visibility",
		(struct note_draft){.body = S("x"), .visibility = VISIBILITIES});
	refused(t, "no such picture",
		(struct note_draft){.body = S("x"),
			.pictures = &(struct picture_place){.id = {99}},
			.n_pictures = 1});
	act_as(t, t->ann);
	t->ctx->viewer.limited = true;
	tell("limited: %s", result_of(notes_publish(t->ctx, &draft, &two)));
	assert_int_equal(notes_delete(t->ctx, one), OK); // may still take back
	show_note(t, one);
	show_topic(t, "spelt");
	show_account(t, t->ann);
}

static void dated_back(struct town *t)
{
	note_id ids[3];
	struct note_page of;
	tell("-- dated back");
	for (int i = 0; i < 3; i++) {
		struct note_draft draft = {
			.body = S("then"), .created = 1700000000000 + i % 2 * MS_DAY};
		act_as(t, t->cleo);
		assert_int_equal(notes_publish(t->ctx, &draft, &ids[i]), OK);
		assert_int_equal(id_time(ids[i].v), draft.created);
	}
	assert_int_equal(notes_of(t->ctx, t->cleo, (note_id){0}, 9, &of), OK);
	tell("newest first: %d, the day after %d, rising %d", (int)of.n, of.ids[0].v == ids[1].v,
		of.ids[1].v > of.ids[2].v);
	for (int i = 0; i < 3; i++)
		assert_int_equal(notes_delete(t->ctx, ids[i]), OK);
}

// --- who sees what ------------------------------------------------------------------------------

enum who { STRANGER, MEMBER, FOLLOWER, MUTUAL, MENTIONED_ONE, AUTHOR, WHOS };

// Ann writes; ben follows her, cleo and she follow each other, mod is mentioned, mod2 is anybody.
static void become(struct town *t, enum who who)
{
	const account_id all[WHOS] = {
		[MEMBER] = t->mod2,
		[FOLLOWER] = t->ben,
		[MUTUAL] = t->cleo,
		[MENTIONED_ONE] = t->mod,
		[AUTHOR] = t->ann,
	};
	if (who == STRANGER)
		act_as_stranger(t);
	else
		act_as(t, all[who]);
}

static bool in(const note_id *ids, ptrdiff_t n, note_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (ids[i].v == id.v)
			return true;
	return false;
}

static bool in_comments(const struct note *list, ptrdiff_t n, note_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (list[i].id.v == id.v)
			return true;
	return false;
}

static bool by_get(struct town *t, note_id id, note_id root)
{
	struct note note;
	err code = notes_get(t->ctx, id, &note);
	(void)root;
	assert_true(code == OK || code == ERR_NOT_FOUND);
	return code == OK;
}

static bool by_cards(struct town *t, note_id id, note_id root)
{
	struct shown_note *cards;
	ptrdiff_t n;
	(void)root;
	assert_int_equal(shown_by_ids(t->ctx, &id, 1, SHOWN_COVER, &cards, &n), OK);
	return n == 1 && cards[0].note.id.v == id.v && cards[0].author->id.v;
}

static bool by_profile(struct town *t, note_id id, note_id root)
{
	struct note_page page;
	(void)root;
	assert_int_equal(notes_of(t->ctx, t->ann, (note_id){0}, 50, &page), OK);
	return in(page.ids, page.n, id);
}

static bool by_newest(struct town *t, note_id id, note_id root)
{
	struct comment_page page;
	struct comment_cursor start = {0};
	err code = comments_page(t->ctx, root, COMMENTS_NEWEST, start, 50, &page);
	return code == OK && in_comments(page.at, page.n, id);
}

static bool by_best(struct town *t, note_id id, note_id root)
{
	struct comment_page page;
	struct comment_cursor start = {0};
	err code = comments_page(t->ctx, root, COMMENTS_BEST, start, 50, &page);
	return code == OK && in_comments(page.at, page.n, id);
}

static bool by_comment(struct town *t, note_id id, note_id root)
{
	struct note c, note;
	(void)root;
	return comment_get(t->ctx, id, &c, &note) == OK;
}

typedef bool (*way)(struct town *, note_id, note_id root);

static void row(struct town *t, const char *what, way seen, note_id id, note_id root)
{
	char line[2 * WHOS + 1] = "";
	for (int who = 0; who < WHOS; who++) {
		become(t, (enum who)who);
		strcat(line, seen(t, id, root) ? " x" : " -");
		store_done(t->ctx);
	}
	tell("  %-9s%s", what, line);
}

static void relations(struct town *t)
{
	act_as(t, t->ben);
	assert_int_equal(follow_add(t->ctx, t->ann), OK);
	act_as(t, t->cleo);
	assert_int_equal(follow_add(t->ctx, t->ann), OK);
	act_as(t, t->ann);
	assert_int_equal(follow_add(t->ctx, t->cleo), OK);
}

static void seen_notes(struct town *t)
{
	tell("-- notes: stranger, member, follower, mutual, mentioned, author");
	for (int v = 0; v < VISIBILITIES; v++) {
		note_id id = say(t, t->ann, "", "For @mod_a", (enum visibility)v);
		tell("%s", vis_names[v]);
		row(t, "get", by_get, id, (note_id){0});
		row(t, "cards", by_cards, id, (note_id){0});
		row(t, "profile", by_profile, id, (note_id){0});
	}
	note_id id = say(t, t->ann, "", "For @mod_a", VIS_PUBLIC);
	assert_int_equal(account_set_standing(t->ctx, t->ann, STANDING_SUSPENDED), OK);
	tell("public, the author is suspended");
	row(t, "get", by_get, id, (note_id){0});
	row(t, "cards", by_cards, id, (note_id){0});
	row(t, "profile", by_profile, id, (note_id){0});
	assert_int_equal(account_set_standing(t->ctx, t->ann, STANDING_GOOD), OK);
}

static void comment_rows(struct town *t, note_id id, note_id root)
{
	row(t, "get", by_get, id, root);
	row(t, "comment", by_comment, id, root);
	row(t, "cards", by_cards, id, root);
	row(t, "newest", by_newest, id, root);
	row(t, "best", by_best, id, root);
}

static void comments_seen(struct town *t)
{
	tell("-- ann's comments under a public note of the host");
	note_id root = say(t, t->host, "Root", "", VIS_PUBLIC);
	for (int v = 0; v < VISIBILITIES; v++) {
		tell("%s", vis_names[v]);
		comment_rows(t, comment_on(t, t->ann, root, "@mod_a", (enum visibility)v), root);
	}
	struct note seen;
	note_id hidden = comment_on(t, t->ann, root, "x", VIS_ONLY_ME);
	act_as(t, t->host);
	tell("the owner of the note reads all: %s", result_of(notes_get(t->ctx, hidden, &seen)));
	tell("-- ben's public comment under a note of ann's");
	for (int v = 0; v < VISIBILITIES - 2; v++) {
		root = say(t, t->ann, "Root", "@mod_a @ben", (enum visibility)v);
		tell("%s", vis_names[v]);
		note_id id =
			comment_on(t, v == VIS_MUTUALS ? t->cleo : t->ben, root, "x", VIS_PUBLIC);
		comment_rows(t, id, root);
	}
	// Whom a comment answers reads it.
	root = say(t, t->host, "Root", "", VIS_PUBLIC);
	note_id first = comment_on(t, t->mod2, root, "first", VIS_PUBLIC);
	note_id answer = comment_on(t, t->ann, first, "just you", VIS_MENTIONED);
	tell("an answer to the member, for those mentioned");
	row(t, "get", by_get, answer, root);
	tell("a comment of somebody suspended");
	first = comment_on(t, t->ann, root, "x", VIS_PUBLIC);
	assert_int_equal(account_set_standing(t->ctx, t->ann, STANDING_SUSPENDED), OK);
	comment_rows(t, first, root);
	assert_int_equal(account_set_standing(t->ctx, t->ann, STANDING_GOOD), OK);
}

static void narrowing(struct town *t)
{
	struct note note;
	tell("-- comments follow their note");
	note_id root = say(t, t->ann, "Root", "", VIS_PUBLIC);
	note_id wide = comment_on(t, t->ben, root, "wide", VIS_PUBLIC);
	note_id narrow = comment_on(t, t->ben, root, "narrow", VIS_MENTIONED);
	note_id answer = comment_on(t, t->ben, wide, "answer", VIS_UNLISTED);
	act_as(t, t->ann);
	struct note_draft draft = {.title = S("Root"), .visibility = VIS_FOLLOWERS};
	assert_int_equal(notes_edit(t->ctx, root, &draft), OK);
	draft.visibility = VIS_PUBLIC; // what was narrowed stays so
	assert_int_equal(notes_edit(t->ctx, root, &draft), OK);
	const note_id all[] = {wide, narrow, answer};
	for (int i = 0; i < COUNT(all); i++) {
		assert_int_equal(notes_get(t->ctx, all[i], &note), OK);
		tell("%.*s: %s", STR_ARGS(note.body), vis_names[note.visibility]);
	}
	act_as(t, t->mod2);
	struct comment_draft under = {.under = wide, .body = S("x")};
	tell("under what one does not see: %s", result_of(notes_comment(t->ctx, &under, &wide)));
}

// --- comments -----------------------------------------------------------------------------------

static void print_comments(const char *what, const struct note *list, ptrdiff_t n)
{
	struct sb sb = {0};
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(&sb, " %.*s", STR_ARGS(list[i].body));
	tell("%s:%.*s", what, STR_ARGS(sb_str(&sb)));
	sb_free(&sb);
}

static void orders(struct town *t)
{
	struct comment_page page;
	struct comment_cursor start = {0};
	int64_t likes;
	note_id c[6];
	tell("-- comments in order");
	note_id root = say(t, t->ann, "Root", "", VIS_PUBLIC);
	for (int i = 0; i < 6; i++)
		c[i] = comment_on(t, i % 2 ? t->ben : t->cleo, root,
			(const char *[]){"a", "b", "c", "d", "e", "f"}[i],
			i == 4 ? VIS_ONLY_ME : VIS_PUBLIC);
	for (int i = 0; i < 3; i++)
		comment_on(t, t->ann, c[3], "answer", VIS_PUBLIC);
	const account_id fans[] = {t->ann, t->ben, t->cleo};
	for (int i = 0; i < 3; i++) {
		act_as(t, fans[i]);
		assert_int_equal(like_add(t->ctx, c[2], &likes), OK);
	}
	assert_int_equal(like_add(t->ctx, c[0], &likes), OK);
	act_as(t, t->mod2); // does not see e
	assert_int_equal(comments_page(t->ctx, root, COMMENTS_BEST, start, 3, &page), OK);
	print_comments("best", page.at, page.n);
	assert_int_equal(comments_page(t->ctx, root, COMMENTS_BEST, page.next, 3, &page), OK);
	print_comments("then", page.at, page.n);
	assert_int_equal(comments_page(t->ctx, root, COMMENTS_NEWEST, start, 2, &page), OK);
	print_comments("newest", page.at, page.n);
	assert_int_equal(comments_page(t->ctx, root, COMMENTS_NEWEST, page.next, 9, &page), OK);
	print_comments("then", page.at, page.n);
}

static void levels(struct town *t)
{
	struct shown_note one;
	struct note *list;
	ptrdiff_t n;
	struct note note;
	struct comment_page page;
	tell("-- two levels");
	note_id root = say(t, t->ann, "Root", "", VIS_PUBLIC);
	note_id first = comment_on(t, t->ben, root, "first", VIS_PUBLIC);
	note_id second = comment_on(t, t->cleo, first, "second", VIS_PUBLIC);
	note_id third = comment_on(t, t->ben, second, "third", VIS_PUBLIC);
	note_id other = comment_on(t, t->cleo, root, "other", VIS_PUBLIC);
	for (int i = 0; i < 4; i++)
		comment_on(t, t->ann, other, (const char *[]){"w", "x", "y", "z"}[i], VIS_PUBLIC);
	assert_int_equal(shown_comment(t->ctx, third, &one, &note), OK);
	tell("third stands under first: %d, answers %.*s, may be deleted by the owner: %d",
		one.note.parent.v == first.v, STR_ARGS(one.answers->name), one.may_delete);
	assert_int_equal(notes_get(t->ctx, root, &note), OK);
	assert_int_equal(
		comments_answers(t->ctx, &note, (note_id[]){first, other}, 2, 2, &list, &n), OK);
	print_comments("first answers", list, n);
	assert_int_equal(comments_answers_after(t->ctx, other, list[n - 1].id, 9, &page), OK);
	print_comments("then", page.at, page.n);
	struct comment_draft again = {.under = root, .body = S("once"), .request = S("key-c")};
	act_as(t, t->ben);
	assert_int_equal(notes_comment(t->ctx, &again, &first), OK);
	assert_int_equal(notes_comment(t->ctx, &again, &second), OK);
	tell("the same key: %s", first.v == second.v ? "the same comment" : "two comments");
	show_note(t, root);
	tell("comments of an answer: %s",
		result_of(comments_answers_after(t->ctx, root, (note_id){0}, 9, &page)));
	again = (struct comment_draft){.under = root, .body = S(" \n")};
	tell("empty: %s", result_of(notes_comment(t->ctx, &again, &first)));
	again.body = many(t, "x", COMMENT_MOST + 1);
	tell("long: %s", result_of(notes_comment(t->ctx, &again, &first)));
	again = (struct comment_draft){.under = {5}, .body = S("x")};
	tell("under nothing: %s", result_of(notes_comment(t->ctx, &again, &first)));
	again.under = root;
	act_as_stranger(t);
	tell("a stranger: %s", result_of(notes_comment(t->ctx, &again, &first)));
}

static void like_as(struct town *t, account_id who, note_id id)
{
	int64_t likes;
	act_as(t, who);
	assert_int_equal(like_add(t->ctx, id, &likes), OK);
}

static int64_t liked(struct town *t, account_id id)
{
	struct account a;
	assert_int_equal(account_by_id(t->ctx, id, &a), OK);
	return a.liked;
}

static void deleting(struct town *t)
{
	struct note_below_row *below;
	note_id *likings;
	account_id *mentions;
	ptrdiff_t n, n_likings, n_mentions;
	tell("-- deleting");
	int64_t ben = liked(t, t->ben), cleo = liked(t, t->cleo), ann = liked(t, t->ann);
	note_id root = say(t, t->ann, "Root", "#gone @cleo", VIS_PUBLIC);
	note_id first = comment_on(t, t->ben, root, "first @ann", VIS_PUBLIC);
	note_id second = comment_on(t, t->cleo, first, "second", VIS_PUBLIC);
	note_id kept = comment_on(t, t->cleo, root, "kept", VIS_PUBLIC);
	note_id under = comment_on(t, t->ben, kept, "under", VIS_PUBLIC);
	like_as(t, t->ann, first);
	like_as(t, t->ann, second);
	like_as(t, t->ben, second);
	like_as(t, t->ann, under);
	like_as(t, t->cleo, root);
	tell("liked: ben %d, cleo %d, ann %d", (int)(liked(t, t->ben) - ben),
		(int)(liked(t, t->cleo) - cleo), (int)(liked(t, t->ann) - ann));
	show_note(t, root);
	act_as(t, t->cleo);
	tell("a comment by another: %s", result_of(notes_delete(t->ctx, first)));
	act_as(t, t->ann);
	assert_int_equal(notes_delete(t->ctx, first), OK); // the note's owner
	tell("again: %s", result_of(notes_delete(t->ctx, first)));
	show_note(t, root);
	show_note(t, second);
	tell("liked: ben %d, cleo %d, ann %d", (int)(liked(t, t->ben) - ben),
		(int)(liked(t, t->cleo) - cleo), (int)(liked(t, t->ann) - ann));
	act_as(t, t->ben);
	assert_int_equal(notes_delete(t->ctx, under), OK);
	show_note(t, root);
	show_note(t, kept);
	show_topic(t, "gone");
	assert_int_equal(notes_delete_as_moderator(t->ctx, root), OK);
	show_note(t, root);
	show_note(t, kept);
	show_topic(t, "gone");
	tell("liked: ben %d, cleo %d, ann %d", (int)(liked(t, t->ben) - ben),
		(int)(liked(t, t->cleo) - cleo), (int)(liked(t, t->ann) - ann));
	const note_id all[] = {root, first, second, kept, under};
	for (int i = 0; i < COUNT(all); i++) {
		assert_int_equal(mentioned_in(t->ctx, all[i], &mentions, &n_mentions), OK);
		assert_int_equal(n_mentions, 0);
	}
	const account_id people[] = {t->ann, t->ben, t->cleo};
	for (int i = 0; i < COUNT(people); i++) {
		assert_int_equal(
			likings_of(t->ctx, people[i], all, COUNT(all), &likings, &n_likings), OK);
		assert_int_equal(n_likings, 0);
	}
	assert_int_equal(note_below(t->ctx, root, 99, &below, &n), OK);
	tell("left below: %d", (int)n);
}

static void liking(struct town *t)
{
	int64_t likes;
	bool among[2];
	struct note_page page;
	tell("-- likes");
	note_id one = say(t, t->ann, "One", "", VIS_PUBLIC),
		two = say(t, t->ann, "Two", "", VIS_ONLY_ME);
	act_as(t, t->ben);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(like_add(t->ctx, one, &likes), OK);
		tell("likes %d", (int)likes);
	}
	tell("what one does not see: %s", result_of(like_add(t->ctx, two, &likes)));
	assert_int_equal(likes_among(t->ctx, (note_id[]){two, one}, 2, among), OK);
	tell("among: %d%d", among[0], among[1]);
	assert_int_equal(likes_page(t->ctx, t->ben, (struct note_place){0}, 9, &page), OK);
	tell("newest like: %d", page.n > 0 && page.ids[0].v == one.v);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(like_remove(t->ctx, one, &likes), OK);
		tell("likes %d", (int)likes);
	}
	act_as_stranger(t);
	tell("a stranger: %s", result_of(like_add(t->ctx, one, &likes)));
}

static void pages(struct town *t)
{
	struct note_page page;
	tell("-- a profile of which much is hidden");
	for (int i = 0; i < 40; i++)
		say(t, t->host, "", "x", i % 10 ? VIS_ONLY_ME : VIS_PUBLIC);
	act_as_stranger(t);
	assert_int_equal(notes_of(t->ctx, t->host, (note_id){0}, 3, &page), OK);
	tell("first page: %d", (int)page.n);
	assert_int_equal(notes_of(t->ctx, t->host, page.next.id, 3, &page), OK);
	tell("second page: %d", (int)page.n); // with the two roots from before
}

static void the_same_on_both(void **state)
{
	struct town t;
	town_open(&t, *state);
	publishing(&t);
	dated_back(&t);
	relations(&t);
	seen_notes(&t);
	comments_seen(&t);
	narrowing(&t);
	orders(&t);
	levels(&t);
	deleting(&t);
	liking(&t);
	pages(&t);
	told_is(golden);
	town_close(&t);
}

// --- many at once -------------------------------------------------------------------------------

#define NOTES 3

struct one {
	struct town *t;
	int number, wrong;
	account_id me;
	note_id notes[NOTES];
	note_id published;
};

static void begin(struct one *me, struct ctx *ctx)
{
	thread_is(THREAD_WORKER, "person");
	ctx_begin(ctx, me->t->world);
	ctx->viewer = (struct viewer){.account = me->me, .role = ROLE_MEMBER};
}

static void at_once(struct one *each, void *(*run)(void *))
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		threads[i] = thread_start(run, &each[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void people(struct town *t, struct one *each)
{
	for (int i = 0; i < THREADS; i++) {
		struct account_new want = {
			.name = str_fmt(t->ctx->mem, "reader_%d", i), .trusted = true};
		each[i] = (struct one){.t = t, .number = i};
		assert_int_equal(account_create(t->ctx, &want, &each[i].me), OK);
	}
}

static void *like_at_random(void *arg)
{
	struct one *me = arg;
	struct ctx ctx;
	uint32_t dice = (uint32_t)me->number;
	begin(me, &ctx);
	for (int i = 0; i < 20; i++) {
		int64_t likes;
		dice = dice * 1664525 + 1013904223;
		note_id id = me->notes[(dice >> 8) % NOTES];
		err code = dice >> 30 ? like_add(&ctx, id, &likes) : like_remove(&ctx, id, &likes);
		me->wrong += code != OK;
		store_done(&ctx);
		arena_reset(ctx.mem);
	}
	ctx_end(&ctx);
	return NULL;
}

static void likes_are_exact(void **state)
{
	struct town t;
	struct one each[THREADS];
	int64_t stored[NOTES] = {0}, sum = 0;
	note_id notes[NOTES];
	town_open(&t, *state);
	people(&t, each);
	for (int i = 0; i < NOTES; i++)
		notes[i] = say(&t, t.ann, "", "x", VIS_PUBLIC);
	for (int i = 0; i < THREADS; i++)
		memcpy(each[i].notes, notes, sizeof notes);
	at_once(each, like_at_random);
	do_jobs(&t); // the numbers, where they met
	for (int i = 0; i < THREADS; i++) {
		bool among[NOTES];
		assert_int_equal(each[i].wrong, 0);
		act_as(&t, each[i].me);
		assert_int_equal(likes_among(t.ctx, notes, NOTES, among), OK);
		for (int k = 0; k < NOTES; k++)
			stored[k] += among[k];
	}
	for (int k = 0; k < NOTES; k++) {
		struct note note;
		assert_int_equal(notes_get(t.ctx, notes[k], &note), OK);
		assert_int_equal(note.likes, stored[k]);
		sum += stored[k];
	}
	assert_true(sum > 0);
	assert_int_equal(liked(&t, t.ann), sum);
	town_close(&t);
}

// All with one key of one person, then each a note with topics in another order.
static void *publish_at_once(void *arg)
{
	struct one *me = arg;
	struct ctx ctx;
	note_id id;
	begin(me, &ctx);
	ctx.viewer.account = me->t->ben;
	struct note_draft draft = {.body = S("once"), .request = S("the key")};
	me->wrong += notes_publish(&ctx, &draft, &me->published) != OK;
	store_done(&ctx);
	ctx.viewer.account = me->me;
	draft = (struct note_draft){
		.body = me->number % 2 ? S("#one #two #three") : S("#three #two #one")};
	for (int i = 0; i < 5; i++) {
		me->wrong += notes_publish(&ctx, &draft, &id) != OK;
		if (i % 2)
			me->wrong += notes_delete(&ctx, id) != OK;
		struct comment_draft comment = {.under = me->notes[0], .body = S("x")};
		me->wrong += notes_comment(&ctx, &comment, &id) != OK;
		if (i % 2)
			me->wrong += notes_delete(&ctx, id) != OK;
		store_done(&ctx);
	}
	ctx_end(&ctx);
	return NULL;
}

static void publishing_and_deleting_are_exact(void **state)
{
	struct town t;
	struct one each[THREADS];
	struct topic topic;
	struct note note;
	struct account a;
	struct note_page page;
	town_open(&t, *state);
	people(&t, each);
	note_id root = say(&t, t.ann, "", "x", VIS_PUBLIC);
	for (int i = 0; i < THREADS; i++)
		each[i].notes[0] = root;
	at_once(each, publish_at_once);
	do_jobs(&t);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(each[i].wrong, 0);
		assert_int_equal(each[i].published.v, each[0].published.v);
	}
	act_as(&t, t.ben);
	assert_int_equal(account_by_id(t.ctx, t.ben, &a), OK);
	assert_int_equal(a.notes, 1);
	const str names[] = {S("one"), S("two"), S("three")};
	for (int i = 0; i < COUNT(names); i++) {
		assert_int_equal(topic_get(t.ctx, names[i], &topic), OK);
		assert_int_equal(notes_of_topic(t.ctx, names[i], (note_id){0}, 999, &page), OK);
		assert_int_equal(page.n, THREADS * 3);
		assert_int_equal(topic.notes, page.n);
	}
	assert_int_equal(notes_get(t.ctx, root, &note), OK);
	assert_int_equal(note.comments, THREADS * 3);
	town_close(&t);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_on_both),
		cmocka_unit_test(likes_are_exact),
		cmocka_unit_test(publishing_and_deleting_are_exact),
	};
	must(argc == 2);
	golden = argv[1];
	return run_on_both(tests);
}
