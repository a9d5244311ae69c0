// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Public numbers against what a stranger may list, on both databases: after suspensions and their end,
// after narrowing and widening, and after thousands of acts at random with settling cut off half-way.
#include "jobs/jobs.h"
#include "notes/private.h"
#include "people.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define ROOTS_MOST 60
#define PEOPLE 6
#define TOPICS 4
#define ACTS 700

struct play {
	struct town t;
	account_id people[PEOPLE];
	bool judged[PEOPLE]; // and not settled since
	uint32_t dice;
	LIST(note_id) roots;
	LIST(note_id) comments;
};

static int roll(struct play *p, int sides)
{
	p->dice = p->dice * 1664525 + 1013904223;
	return (int)((p->dice >> 8) % (uint32_t)sides);
}

static void nothing_is_wrong(struct town *t, int64_t unsettled)
{
	struct recount r;
	assert_int_equal(notes_recount(t->ctx, false, &r), OK);
	assert_int_equal(r.notes, 0);
	assert_int_equal(r.accounts, 0);
	assert_int_equal(r.topics, 0);
	if (unsettled >= 0)
		assert_int_equal(r.standing, unsettled);
}

// --- what a stranger lists ------------------------------------------------------------------------

struct shown {
	account_id id;
	int64_t notes, liked;
};

static struct shown *sum_of(struct shown *sums, const struct play *p, account_id id)
{
	for (int i = 0; i < PEOPLE; i++)
		if (p->people[i].v == id.v)
			return &sums[i];
	assert_true(false);
	return NULL;
}

static bool stands(struct town *t, account_id id)
{
	struct account a;
	assert_int_equal(account_by_id(t->ctx, id, &a), OK);
	return a.standing == STANDING_GOOD;
}

// Likes of those in good standing, asked of each of them.
static int64_t likers(struct play *p, note_id id)
{
	int64_t n = 0;
	for (int i = 0; i < PEOPLE; i++) {
		bool likes;
		act_as(&p->t, p->people[i]);
		assert_int_equal(likes_among(p->t.ctx, &id, 1, &likes), OK);
		n += likes && stands(&p->t, p->people[i]);
	}
	act_as_stranger(&p->t);
	return n;
}

static void add_likes(struct play *p, struct shown *sums, const struct note *note)
{
	assert_int_equal(note->likes, likers(p, note->id));
	assert_int_equal(note->counted, 1);
	sum_of(sums, p, note->account)->liked += note->likes;
}

static int64_t list_answers(struct play *p, struct shown *sums, note_id parent)
{
	struct comment_page page;
	act_as_stranger(&p->t);
	assert_int_equal(comments_answers_after(p->t.ctx, parent, (note_id){0}, 500, &page), OK);
	for (ptrdiff_t i = 0; i < page.n; i++)
		add_likes(p, sums, &page.at[i]);
	return page.n;
}

static void list_comments(struct play *p, struct shown *sums, const struct note *root)
{
	struct comment_page page;
	int64_t all = 0;
	struct comment_count seen;
	assert_int_equal(comments_page(p->t.ctx, root->id, COMMENTS_NEWEST,
				 (struct comment_cursor){0}, 500, &page),
		OK);
	for (ptrdiff_t i = 0; i < page.n; i++) {
		int64_t answers = list_answers(p, sums, page.at[i].id);
		add_likes(p, sums, &page.at[i]);
		assert_int_equal(page.at[i].comments, answers);
		all += 1 + answers;
	}
	assert_int_equal(root->comments, all);
	act_as_stranger(&p->t);
	assert_int_equal(comments_number(p->t.ctx, root, &seen), OK);
	assert_int_equal(seen.n, all);
}

static void people_agree(struct play *p, const struct shown *sums)
{
	struct town *t = &p->t;
	for (int i = 0; i < PEOPLE; i++) {
		struct account a;
		struct person_page people;
		struct note_page of;
		act_as_stranger(t);
		assert_int_equal(account_by_id(t->ctx, p->people[i], &a), OK);
		assert_int_equal(a.liked, sums[i].liked);
		assert_int_equal(notes_of(t->ctx, a.id, (note_id){0}, 500, &of), OK);
		assert_int_equal(a.notes, of.n);
		bool there = stands(t, a.id); // else the lists are not there
		assert_int_equal(followers_page(t->ctx, a.id, (account_id){0}, 500, &people), OK);
		assert_int_equal(a.followers, there ? people.n : 0);
		assert_int_equal(following_page(t->ctx, a.id, (account_id){0}, 500, &people), OK);
		assert_int_equal(a.following, there ? people.n : 0);
	}
}

static const char *const spellings[TOPICS][3] = {{"#River", "#river", "#RIVER"},
	{"#Straße", "#strasse", "#STRASSE"}, {"#ΟΔΟΣ", "#οδος", "#Οδος"}, {"#Tea", "#tea", "#TeA"}};
static const char *const names[TOPICS] = {"river", "strasse", "οδος", "tea"};

static void topics_agree(struct play *p)
{
	struct town *t = &p->t;
	struct topic topic;
	act_as_stranger(t);
	for (int i = 0; i < TOPICS; i++) {
		struct note_page page;
		struct note oldest;
		str name = str_from(names[i]);
		assert_int_equal(notes_of_topic(t->ctx, name, (note_id){0}, 500, &page), OK);
		assert_int_equal(topic_get(t->ctx, name, &topic), page.n ? OK : ERR_NOT_FOUND);
		if (!page.n)
			continue;
		assert_int_equal(topic.notes, page.n);
		assert_int_equal(notes_get(t->ctx, page.ids[page.n - 1], &oldest), OK);
		assert_int_equal(oldest.visibility, VIS_PUBLIC);
		assert_true(str_find(oldest.body,
				    str_fmt(t->ctx->mem, "#%.*s", STR_ARGS(topic.shown))) >= 0);
	}
}

// Those alone whose standing changed, as the queue does.
static void all_is_settled(struct play *p)
{
	for (int i = 0; i < PEOPLE; i++) {
		if (p->judged[i])
			assert_int_equal(notes_settle(p->t.ctx, p->people[i], 0), OK);
		p->judged[i] = false;
	}
}

static void numbers_are_what_a_stranger_lists(struct play *p)
{
	struct shown sums[PEOPLE] = {0};
	nothing_is_wrong(&p->t, 0);
	list_each (id, &p->roots) {
		struct note root;
		act_as_stranger(&p->t);
		if (notes_get(p->t.ctx, *id, &root) != OK)
			continue;
		add_likes(p, sums, &root);
		list_comments(p, sums, &root);
	}
	people_agree(p, sums);
	topics_agree(p);
	store_done(p->t.ctx);
}

// --- acts at random -------------------------------------------------------------------------------

static account_id somebody(struct play *p)
{
	account_id id = p->people[roll(p, PEOPLE)];
	act_as(&p->t, id);
	return id;
}

static str text_of(struct play *p)
{
	struct sb sb = sb_new(p->t.ctx->mem, 64);
	sb_fmt(&sb, "text");
	for (int i = 0; i < TOPICS; i++)
		if (!roll(p, 3))
			sb_fmt(&sb, " %s", spellings[i][roll(p, 3)]);
	return sb_str(&sb);
}

// Often public, else anything.
static enum visibility circle(struct play *p)
{
	return roll(p, 2) ? VIS_PUBLIC : (enum visibility)roll(p, VISIBILITIES);
}

static note_id some(struct play *p, bool root)
{
	if (root || !p->comments.n)
		return p->roots.n ? p->roots.at[roll(p, (int)p->roots.n)] : (note_id){1};
	return p->comments.at[roll(p, (int)p->comments.n)];
}

static void allowed(err code)
{
	assert_true(code == OK || code == ERR_NOT_FOUND || code == ERR_FORBIDDEN ||
		    code == ERR_INVALID);
}

static void publish(struct play *p)
{
	note_id id;
	struct note_draft draft = {.body = text_of(p), .visibility = circle(p)};
	if (p->roots.n >= ROOTS_MOST)
		return;
	err code = notes_publish(p->t.ctx, &draft, &id);
	allowed(code);
	if (code == OK)
		list_push(NULL, &p->roots, id);
}

static void edit(struct play *p)
{
	struct note_draft draft = {.body = text_of(p), .visibility = circle(p)};
	note_id id = some(p, true);
	struct note note;
	if (notes_get(p->t.ctx, id, &note) == OK) {
		act_as(&p->t, note.account);
		allowed(notes_edit(p->t.ctx, id, &draft));
	}
}

static void answer(struct play *p)
{
	note_id id;
	struct comment_draft draft = {
		.under = some(p, !roll(p, 3)), .body = S("x"), .visibility = circle(p)};
	err code = notes_comment(p->t.ctx, &draft, &id);
	allowed(code);
	if (code == OK)
		list_push(NULL, &p->comments, id);
}

static void like(struct play *p)
{
	int64_t likes;
	note_id id = some(p, roll(p, 2));
	allowed(roll(p, 3) ? like_add(p->t.ctx, id, &likes) : like_remove(p->t.ctx, id, &likes));
}

static void befriend(struct play *p)
{
	account_id whom = p->people[roll(p, PEOPLE)];
	allowed(roll(p, 3) ? follow_add(p->t.ctx, whom) : follow_remove(p->t.ctx, whom));
}

static void erase(struct play *p)
{
	allowed(notes_delete(p->t.ctx, some(p, !roll(p, 4))));
}

// Suspends or restores; the settling may be cut off after a step or two, and turned round.
static void judge(struct play *p)
{
	int who = roll(p, PEOPLE);
	account_id whom = p->people[who];
	enum standing to = stands(&p->t, whom) ? STANDING_SUSPENDED : STANDING_GOOD;
	if (roll(p, 3) == 0 || whom.v == p->t.host.v) // the only admin stays
		to = STANDING_GOOD;
	assert_int_equal(account_set_standing(p->t.ctx, whom, to), OK);
	p->judged[who] = true;
	int steps = roll(p, 5);
	if (steps)
		assert_int_equal(notes_settle(p->t.ctx, whom, steps < 4 ? steps : 0), OK);
}

static void act(struct play *p)
{
	static void (*const acts[])(struct play *) = {publish, publish, edit, answer, answer,
		answer, answer, like, like, like, like, befriend, befriend, erase, judge};
	somebody(p);
	acts[roll(p, COUNT(acts))](p);
	store_done(p->t.ctx);
}

static void begin(struct play *p, void *state, uint32_t seed)
{
	*p = (struct play){.dice = seed};
	town_open(&p->t, state);
	const account_id people[] = {p->t.ann, p->t.ben, p->t.cleo, p->t.mod, p->t.mod2, p->t.host};
	for (int i = 0; i < PEOPLE; i++)
		p->people[i] = people[i];
}

static void end(struct play *p)
{
	list_free(&p->roots);
	list_free(&p->comments);
	town_close(&p->t);
}

static void whatever_happens_numbers_are_what_one_may_list(void **state)
{
	const char *seeds = getenv("COUNTS_SEEDS");
	for (uint32_t seed = 1; seed <= (seeds ? (uint32_t)atoi(seeds) : 2); seed++) {
		struct play p;
		begin(&p, *state, seed * 7919);
		settle_rows = 2 + (ptrdiff_t)seed % 3;
		for (int i = 0; i < ACTS; i++) {
			act(&p);
			if (i % 20 == 0)
				nothing_is_wrong(&p.t, -1); // half-way, too
			if (i % 100 != 99)
				continue;
			all_is_settled(&p);
			numbers_are_what_a_stranger_lists(&p);
		}
		for (int i = 0; i < PEOPLE; i++) {
			assert_int_equal(
				account_set_standing(p.t.ctx, p.people[i], STANDING_GOOD), OK);
			p.judged[i] = true;
		}
		all_is_settled(&p);
		numbers_are_what_a_stranger_lists(&p);
		settle_rows = 200;
		end(&p);
	}
}

// --- one thing at a time --------------------------------------------------------------------------

struct numbers {
	int64_t likes, comments, answers, notes, liked, followers, following, topic;
	char spelled[40];
};

// Ann's note with what the others did to it.
static struct numbers look(struct town *t, note_id note, note_id first)
{
	struct numbers n = {0};
	struct note got;
	struct account a;
	struct topic topic;
	act_as_stranger(t);
	if (notes_get(t->ctx, note, &got) == OK) {
		n.likes = got.likes;
		n.comments = got.comments;
	}
	if (notes_get(t->ctx, first, &got) == OK)
		n.answers = got.comments;
	assert_int_equal(account_by_id(t->ctx, t->ann, &a), OK);
	n.notes = a.notes;
	n.liked = a.liked;
	n.followers = a.followers;
	n.following = a.following;
	if (topic_get(t->ctx, S("bread"), &topic) == OK) {
		n.topic = topic.notes;
		snprintf(n.spelled, sizeof n.spelled, "%.*s", STR_ARGS(topic.shown));
	}
	store_done(t->ctx);
	return n;
}

static void is(struct numbers got, struct numbers want)
{
	assert_int_equal(got.likes, want.likes);
	assert_int_equal(got.comments, want.comments);
	assert_int_equal(got.answers, want.answers);
	assert_int_equal(got.notes, want.notes);
	assert_int_equal(got.liked, want.liked);
	assert_int_equal(got.followers, want.followers);
	assert_int_equal(got.following, want.following);
	assert_int_equal(got.topic, want.topic);
	assert_string_equal(got.spelled, want.spelled);
}

static void like_as(struct town *t, account_id who, note_id id)
{
	int64_t likes;
	act_as(t, who);
	assert_int_equal(like_add(t->ctx, id, &likes), OK);
}

static void judged(struct town *t, account_id whom, enum standing to)
{
	assert_int_equal(account_set_standing(t->ctx, whom, to), OK);
	assert_int_equal(notes_settle(t->ctx, whom, 0), OK);
	nothing_is_wrong(t, 0);
}

static void a_suspension_leaves_no_trace_and_ends_without_loss(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id first_spelled = say(&t, t.ben, "", "#BREAD", VIS_PUBLIC);
	note_id note = say(&t, t.ann, "", "#Bread", VIS_PUBLIC);
	note_id first = comment_on(&t, t.ben, note, "of ben", VIS_PUBLIC);
	note_id answer = comment_on(&t, t.cleo, first, "of cleo under ben", VIS_PUBLIC);
	comment_on(&t, t.ben, comment_on(&t, t.cleo, note, "of cleo", VIS_PUBLIC), "x", VIS_PUBLIC);
	comment_on(&t, t.cleo, note, "a whisper", VIS_ONLY_ME);
	like_as(&t, t.ben, note);
	like_as(&t, t.cleo, note);
	like_as(&t, t.ben, answer);
	act_as(&t, t.ben);
	assert_int_equal(follow_add(t.ctx, t.ann), OK);
	act_as(&t, t.ann);
	assert_int_equal(follow_add(t.ctx, t.ben), OK);
	struct numbers before = {2, 4, 1, 1, 2, 1, 1, 2, "BREAD"};
	is(look(&t, note, first), before);
	// Ben goes: with his comment the answer under it, which good people wrote.
	judged(&t, t.ben, STANDING_SUSPENDED);
	is(look(&t, note, first), (struct numbers){1, 1, 0, 1, 1, 0, 0, 1, "Bread"});
	struct note seen;
	act_as_stranger(&t);
	assert_int_equal(notes_get(t.ctx, answer, &seen), ERR_NOT_FOUND);
	assert_int_equal(notes_get(t.ctx, first_spelled, &seen), ERR_NOT_FOUND);
	act_as(&t, t.ann); // who owns the note reads all, but not of the suspended
	assert_int_equal(notes_get(t.ctx, first, &seen), ERR_NOT_FOUND);
	// Ann goes, too, and comes back while ben is away.
	judged(&t, t.ann, STANDING_SUSPENDED);
	is(look(&t, note, first), (struct numbers){.spelled = ""});
	judged(&t, t.ann, STANDING_GOOD);
	is(look(&t, note, first), (struct numbers){1, 1, 0, 1, 1, 0, 0, 1, "Bread"});
	judged(&t, t.ben, STANDING_GOOD);
	is(look(&t, note, first), before);
	town_close(&t);
}

// Between a return and its settling people go on writing: what they answer may not be counted yet,
// though what they write is in the number of the thread.
static void what_is_written_while_a_return_is_settled_counts(void **state)
{
	struct town t;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "", "text", VIS_PUBLIC);
	note_id first = comment_on(&t, t.cleo, note, "first", VIS_PUBLIC);
	note_id second = comment_on(&t, t.ben, first, "second", VIS_PUBLIC);
	judged(&t, t.ben, STANDING_SUSPENDED);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_GOOD), OK);
	comment_on(&t, t.cleo, second, "to ben, who is not counted yet", VIS_PUBLIC);
	is(look(&t, note, first), (struct numbers){.comments = 2, .answers = 1, .notes = 1});
	judged(&t, t.ben, STANDING_GOOD);
	is(look(&t, note, first), (struct numbers){.comments = 3, .answers = 2, .notes = 1});
	// Of a note with much below it only the first threads are done.
	for (int i = 0; i < 5; i++)
		comment_on(&t, t.cleo, note, "one more", VIS_PUBLIC);
	judged(&t, t.ann, STANDING_SUSPENDED);
	settle_rows = 2;
	assert_int_equal(account_set_standing(t.ctx, t.ann, STANDING_GOOD), OK);
	assert_int_equal(notes_settle(t.ctx, t.ann, 2), OK);
	comment_on(&t, t.ben, first, "to a thread that is done", VIS_PUBLIC);
	comment_on(&t, t.ben, note, "a thread that is not", VIS_PUBLIC);
	judged(&t, t.ann, STANDING_GOOD);
	settle_rows = 200;
	is(look(&t, note, first), (struct numbers){.comments = 10, .answers = 3, .notes = 1});
	town_close(&t);
}

static void narrowing_takes_out_of_every_number(void **state)
{
	struct town t;
	struct comment_count seen;
	struct note root;
	town_open(&t, *state);
	note_id note = say(&t, t.ann, "", "#Bread", VIS_PUBLIC);
	note_id first = comment_on(&t, t.ben, note, "one", VIS_PUBLIC);
	comment_on(&t, t.cleo, first, "two", VIS_UNLISTED);
	comment_on(&t, t.ben, note, "for ann", VIS_MENTIONED);
	like_as(&t, t.cleo, note);
	like_as(&t, t.ann, first);
	is(look(&t, note, first), (struct numbers){1, 2, 1, 1, 1, 0, 0, 1, "Bread"});
	for (int v = VIS_UNLISTED; v < VISIBILITIES; v++) {
		struct note_draft draft = {.body = S("#Bread"), .visibility = (enum visibility)v};
		act_as(&t, t.ann);
		assert_int_equal(notes_edit(t.ctx, note, &draft), OK);
		if (v == VIS_UNLISTED)
			is(look(&t, note, first), (struct numbers){1, 2, 1, 1, 1, 0, 0, 0, ""});
		else
			is(look(&t, note, first), (struct numbers){.spelled = ""});
		nothing_is_wrong(&t, 0);
	}
	struct account ben;
	assert_int_equal(account_by_id(t.ctx, t.ben, &ben), OK);
	assert_int_equal(ben.liked, 0); // a like of a comment that nobody reads any more
	struct note_draft draft = {.body = S("#bread"), .visibility = VIS_PUBLIC};
	act_as(&t, t.ann);
	assert_int_equal(notes_edit(t.ctx, note, &draft), OK);
	is(look(&t, note, first), (struct numbers){1, 0, 0, 1, 1, 0, 0, 1, "bread"});
	nothing_is_wrong(&t, 0);
	// What was narrowed stays so, but whoever reads it is told its number.
	act_as(&t, t.ann);
	assert_int_equal(notes_get(t.ctx, note, &root), OK);
	assert_int_equal(comments_number(t.ctx, &root, &seen), OK);
	assert_int_equal(seen.n, 3);
	act_as(&t, t.mod);
	assert_int_equal(comments_number(t.ctx, &root, &seen), OK);
	assert_int_equal(seen.n, 0);
	act_as(&t, t.ben);
	assert_int_equal(comments_number(t.ctx, &root, &seen), OK);
	assert_int_equal(seen.n, 2); // his own; cleo's is for her alone now
	town_close(&t);
}

static void a_topic_knows_nothing_of_private_notes(void **state)
{
	struct town t;
	struct topic topic;
	town_open(&t, *state);
	note_id secret = say(&t, t.ann, "", "#SecretProject", VIS_ONLY_ME);
	say(&t, t.ann, "", "#SecretProject", VIS_UNLISTED);
	say(&t, t.ann, "", "#SecretProject", VIS_FOLLOWERS);
	act_as_stranger(&t);
	assert_int_equal(topic_get(t.ctx, S("secretproject"), &topic), ERR_NOT_FOUND);
	note_id open = say(&t, t.ben, "", "#secretPROJECT", VIS_PUBLIC);
	assert_int_equal(topic_get(t.ctx, S("SecretProject"), &topic), OK);
	assert_true(str_eq(topic.shown, S("secretPROJECT")));
	assert_int_equal(topic.notes, 1);
	act_as(&t, t.ann);
	assert_int_equal(notes_delete(t.ctx, secret), OK);
	act_as(&t, t.ben);
	assert_int_equal(notes_delete(t.ctx, open), OK);
	assert_int_equal(topic_get(t.ctx, S("secretproject"), &topic), ERR_NOT_FOUND);
	nothing_is_wrong(&t, 0);
	town_close(&t);
}

static void one_can_always_take_back_what_one_wrote(void **state)
{
	for (int narrowed = 0; narrowed < 2; narrowed++) {
		struct town t;
		struct note seen;
		struct note_draft private = {.body = S("text"), .visibility = VIS_ONLY_ME};
		town_open(&t, *state);
		note_id note = say(&t, t.ann, "", "text", VIS_PUBLIC);
		note_id first = comment_on(&t, t.ben, note, "mine", VIS_PUBLIC);
		note_id answer = comment_on(&t, t.cleo, first, "cleo's", VIS_PUBLIC);
		note_id kept = comment_on(&t, t.cleo, note, "stays", VIS_PUBLIC);
		act_as(&t, t.ann);
		if (narrowed)
			assert_int_equal(notes_edit(t.ctx, note, &private), OK);
		else
			judged(&t, t.ann, STANDING_SUSPENDED);
		act_as(&t, t.cleo);
		assert_int_equal(notes_delete(t.ctx, first), ERR_NOT_FOUND);
		assert_int_equal(notes_own(t.ctx, first, &seen), ERR_NOT_FOUND);
		assert_int_equal(notes_delete(t.ctx, answer), OK);
		act_as(&t, t.ben);
		assert_int_equal(notes_get(t.ctx, first, &seen), ERR_NOT_FOUND);
		assert_int_equal(notes_own(t.ctx, first, &seen), OK);
		assert_int_equal(notes_delete(t.ctx, first), OK);
		assert_int_equal(notes_own(t.ctx, first, &seen), ERR_NOT_FOUND);
		act_as_stranger(&t);
		assert_int_equal(notes_own(t.ctx, kept, &seen), ERR_NOT_FOUND);
		nothing_is_wrong(&t, 0);
		judged(&t, t.ann, STANDING_GOOD);
		if (!narrowed)
			is(look(&t, note, kept), (struct numbers){.comments = 1, .notes = 1});
		town_close(&t);
	}
}

static void every_decision_is_swept_up_after(void **state)
{
	struct town t;
	struct job_info *jobs;
	ptrdiff_t n;
	ms first, swept = 0;
	town_open(&t, *state);
	first = t.ctx->now;
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_SUSPENDED), OK);
	t.ctx->now += 29 * MS_SECOND;
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_GOOD), OK);
	assert_int_equal(jobs_list(t.ctx, JOB_WAITING, 50, &jobs, &n), OK);
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(jobs[i].kind, S("standing.sweep")))
			swept = MAX(swept, jobs[i].run_at);
	assert_true(swept >= first + 59 * MS_SECOND);
	town_close(&t);
}

// --- lists ----------------------------------------------------------------------------------------

#define CROWD 45

static void lists_are_full_whoever_is_away(void **state)
{
	struct town t;
	account_id crowd[CROWD];
	struct person_page people;
	struct note_page page;
	note_id last = {0};
	town_open(&t, *state);
	for (int i = 0; i < CROWD; i++) {
		struct account_new want = {
			.name = str_fmt(t.ctx->mem, "crowd_%d", i), .trusted = true};
		assert_int_equal(account_create(t.ctx, &want, &crowd[i]), OK);
		note_id note = say(&t, crowd[i], "", "#crowd", VIS_PUBLIC);
		if (!i)
			last = note;
		like_as(&t, t.ben, note);
		act_as(&t, crowd[i]);
		assert_int_equal(follow_add(t.ctx, t.ann), OK);
		act_as(&t, t.ann);
		assert_int_equal(follow_add(t.ctx, crowd[i]), OK);
	}
	for (int i = 1; i < CROWD - 1; i++) // before anything is settled
		assert_int_equal(account_set_standing(t.ctx, crowd[i], STANDING_SUSPENDED), OK);
	act_as_stranger(&t);
	assert_int_equal(followers_page(t.ctx, t.ann, (account_id){0}, 5, &people), OK);
	assert_int_equal(people.n, 2);
	assert_int_equal(following_page(t.ctx, t.ann, (account_id){0}, 5, &people), OK);
	assert_int_equal(people.n, 2);
	assert_int_equal(notes_of_topic(t.ctx, S("crowd"), (note_id){0}, 5, &page), OK);
	assert_int_equal(page.n, 2);
	assert_int_equal(page.ids[1].v, last.v);
	assert_int_equal(likes_page(t.ctx, t.ben, (struct note_place){0}, 5, &page), OK);
	assert_int_equal(page.n, 2);
	assert_int_equal(page.ids[1].v, last.v);
	do_jobs(&t); // the queue settles it
	struct account ann;
	struct topic topic;
	assert_int_equal(account_by_id(t.ctx, t.ann, &ann), OK);
	assert_int_equal(ann.followers, 2);
	assert_int_equal(ann.following, 2);
	assert_int_equal(topic_get(t.ctx, S("crowd"), &topic), OK);
	assert_int_equal(topic.notes, 2);
	nothing_is_wrong(&t, 0);
	town_close(&t);
}

// --- recounting -----------------------------------------------------------------------------------

static err spoil(struct ctx *ctx, void *arg)
{
	const note_id *ids = arg;
	TRY(note_numbers_set(ctx, ids[0], 7, 7));
	TRY(account_numbers_set(ctx, (account_id){ids[1].v}, 1, 2, 3, 4));
	return topic_set(ctx, S("tea"), S("wrong"), 9, (note_id){1});
}

static void what_is_wrong_is_found_and_put_right(void **state)
{
	struct town t;
	struct recount r;
	struct note note;
	struct topic topic;
	town_open(&t, *state);
	note_id id = say(&t, t.ann, "", "#Tea", VIS_PUBLIC);
	like_as(&t, t.ben, id);
	assert_int_equal(store_write(t.ctx, spoil, (note_id[]){id, {t.ann.v}}), OK);
	assert_int_equal(notes_recount(t.ctx, false, &r), OK);
	assert_int_equal(r.notes, 1);
	assert_int_equal(r.accounts, 1);
	assert_int_equal(r.topics, 1);
	assert_int_equal(notes_recount(t.ctx, true, &r), OK);
	nothing_is_wrong(&t, 0);
	act_as_stranger(&t);
	assert_int_equal(notes_get(t.ctx, id, &note), OK);
	assert_int_equal(note.likes, 1);
	assert_int_equal(note.comments, 0);
	assert_int_equal(topic_get(t.ctx, S("tea"), &topic), OK);
	assert_true(str_eq(topic.shown, S("Tea")));
	assert_int_equal(topic.notes, 1);
	// Somebody whose suspension was never settled.
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_SUSPENDED), OK);
	assert_int_equal(notes_recount(t.ctx, true, &r), OK);
	assert_int_equal(r.standing, 1);
	nothing_is_wrong(&t, 0);
	assert_int_equal(notes_get(t.ctx, id, &note), OK);
	assert_int_equal(note.likes, 0);
	town_close(&t);
}

struct heard {
	note_id note;
	int64_t likes; // of the note when the first change was told
};

static void on_counted(struct ctx *ctx, const struct change *c, void *arg)
{
	struct heard *h = arg;
	int64_t comments;
	(void)c;
	if (h->likes < 0)
		assert_int_equal(note_counters(ctx, h->note, &h->likes, &comments), OK);
}

static void settling_by_hand_goes_in_steps_too(void **state)
{
	struct town t;
	struct recount r;
	town_open(&t, *state);
	struct heard heard = {.note = say(&t, t.ann, "", "text", VIS_PUBLIC), .likes = -1};
	like_as(&t, t.ben, heard.note);
	like_as(&t, t.cleo, heard.note);
	assert_int_equal(account_set_standing(t.ctx, t.ben, STANDING_SUSPENDED), OK);
	assert_int_equal(account_set_standing(t.ctx, t.cleo, STANDING_SUSPENDED), OK);
	store_on(t.ctx->house->store, &note_counted, on_counted, &heard);
	assert_int_equal(notes_recount(t.ctx, true, &r), OK);
	assert_int_equal(r.standing, 2);
	nothing_is_wrong(&t, 0);
	assert_int_equal(heard.likes, 1); // one was settled before the other
	town_close(&t);
}

#define TAGGED 310 // more than a step

static err tag_many(struct ctx *ctx, void *arg)
{
	const account_id *author = arg;
	int64_t made;
	for (int i = 0; i < TAGGED; i++) {
		struct note_row row = {.id = {id_past(ctx->now - TAGGED + i)},
			.account = *author,
			.created = ctx->now,
			.body = S("#many"),
			.counted = 1};
		TRY(note_insert(ctx, &row, &made));
		TRY(note_topic_insert(ctx, S("many"), row.id, *author, S("many"), false, &made));
	}
	return author_notes_count(ctx, *author, TAGGED);
}

static void topics_of_very_many_notes_are_put_right(void **state)
{
	struct town t;
	struct recount r;
	struct topic topic;
	town_open(&t, *state);
	assert_int_equal(store_write(t.ctx, tag_many, &t.ann), OK);
	assert_int_equal(notes_recount(t.ctx, true, &r), OK);
	assert_int_equal(r.standing, 1);
	nothing_is_wrong(&t, 0);
	assert_int_equal(topic_get(t.ctx, S("many"), &topic), OK);
	assert_int_equal(topic.notes, TAGGED);
	town_close(&t);
}

static err lose_topic(struct ctx *ctx, void *arg)
{
	(void)arg;
	return topic_delete(ctx, S("tea"));
}

static err overstate_topic(struct ctx *ctx, void *arg)
{
	return topic_set(ctx, S("tea"), S("tea"), 3, *(note_id *)arg);
}

static void a_wrong_topic_keeps_nobody_from_deleting_and_narrowing(void **state)
{
	struct town t;
	struct topic topic;
	struct note_draft private = {.body = S("#tea"), .visibility = VIS_ONLY_ME};
	town_open(&t, *state);
	for (int narrow = 0; narrow < 2; narrow++)
		for (int lost = 0; lost < 2; lost++) {
			note_id id = say(&t, t.ann, "", "#tea", VIS_PUBLIC);
			assert_int_equal(
				store_write(t.ctx, lost ? lose_topic : overstate_topic, &id), OK);
			assert_int_equal(
				narrow ? notes_edit(t.ctx, id, &private) : notes_delete(t.ctx, id),
				OK);
			assert_int_equal(topic_get(t.ctx, S("tea"), &topic), ERR_NOT_FOUND);
			nothing_is_wrong(&t, 0);
		}
	town_close(&t);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_suspension_leaves_no_trace_and_ends_without_loss),
		cmocka_unit_test(what_is_written_while_a_return_is_settled_counts),
		cmocka_unit_test(narrowing_takes_out_of_every_number),
		cmocka_unit_test(a_topic_knows_nothing_of_private_notes),
		cmocka_unit_test(one_can_always_take_back_what_one_wrote),
		cmocka_unit_test(every_decision_is_swept_up_after),
		cmocka_unit_test(lists_are_full_whoever_is_away),
		cmocka_unit_test(what_is_wrong_is_found_and_put_right),
		cmocka_unit_test(settling_by_hand_goes_in_steps_too),
		cmocka_unit_test(topics_of_very_many_notes_are_put_right),
		cmocka_unit_test(a_wrong_topic_keeps_nobody_from_deleting_and_narrowing),
		cmocka_unit_test(whatever_happens_numbers_are_what_one_may_list),
	};
	return run_on_both(tests);
}
