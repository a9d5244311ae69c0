// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Jobs that turn what happened into notifications, the pages of them, and how many are new, which is
// kept in memory for whoever was seen lately. A row is shown as long as what it tells is so, and counted as
// it is shown. A job may run twice: `once` makes the second silent.
// What is told bears the time at which it happened, not that of the job.
#include "notifications/private.h"

#include "base/scan.h"
#include "jobs/jobs.h"
#include "notes/notes.h"
#include "store/store.h"

#include <stdlib.h>

struct change_kind account_told = {.name = "notifications.told"};

#define COUNTS_WEIGHT 200000 // one for each thing that a count was judged by
#define COUNTED_MOST 1000    // more new ones are not counted
#define LINES_MOST 50000     // read for one page
#define MARK_STEPS 5         // what is counted is marked at once, more by a job
#define EXCERPT 120
#define FORGET_STEP 300 // notifications that go at once

struct telling {
	struct notification_row row;
};

static err tell(struct ctx *ctx, void *arg)
{
	struct telling *t = arg;
	int64_t fresh, back;
	t->row.id = (notification_id){id_past(ctx->now)};
	t->row.at = ctx->now;
	t->row.fresh = true;
	TRY(notification_insert(ctx, &t->row, &fresh));
	// Told before, it may be there again: liked once more, named once more.
	if (!fresh && t->row.once.n)
		TRY(notification_put_back_once(ctx, t->row.account, t->row.once, &back));
	change_add(ctx, &account_told, fresh ? t->row.id.v : 0, t->row.account.v, 0);
	return OK;
}

err told_tell(struct ctx *ctx, const struct notification_row *row, str once)
{
	struct telling t = {.row = *row};
	if (!row->account.v || row->account.v == row->actor.v)
		return OK;
	t.row.once = once;
	return store_write_committed(ctx, tell, &t);
}

// As the person who is told, so that nobody hears of what they may not see.
static err note_for(struct ctx *ctx, account_id reader, note_id id, struct note *out)
{
	struct viewer before = ctx->viewer;
	ctx->viewer = (struct viewer){.account = reader, .role = ROLE_MEMBER};
	err found = notes_get(ctx, id, out);
	ctx->viewer = before;
	return found;
}

static err on_follow(struct ctx *ctx, const struct job *job, void *arg)
{
	account_id actor = job_actor(job);
	(void)arg;
	ctx->now = job->added;
	return told_tell(ctx,
		&(struct notification_row){
			.account = {job->subject}, .kind = FOLLOWED, .actor = actor},
		str_fmt(ctx->mem, "follow %lld", (long long)actor.v));
}

static err on_like(struct ctx *ctx, const struct job *job, void *arg)
{
	account_id actor = job_actor(job);
	note_id id = {job->subject};
	struct note note;
	(void)arg;
	ctx->now = job->added;
	ctx->viewer = (struct viewer){.account = actor, .role = ROLE_MEMBER};
	err found = notes_get(ctx, id, &note);
	if (found == ERR_NOT_FOUND)
		return OK; // deleted meanwhile
	TRY(found);
	struct notification_row row = {.account = note.account,
		.kind = note.root.v ? COMMENT_LIKED : NOTE_LIKED,
		.actor = actor,
		.note = note.root.v ? note.root : id,
		.comment = note.root.v ? id : (note_id){0}};
	return told_tell(ctx, &row,
		str_fmt(ctx->mem, "like %lld %lld", (long long)actor.v, (long long)id.v));
}

// Whoever was told of the comment itself is not told again of being named in it.
static err tell_mentioned(
	struct ctx *ctx, const struct note *note, account_id answered, account_id owner)
{
	account_id *ids;
	ptrdiff_t n;
	TRY(notes_mentioned(ctx, note->id, &ids, &n));
	for (ptrdiff_t i = 0; i < n; i++) {
		struct note seen;
		if (ids[i].v == answered.v || ids[i].v == owner.v)
			continue;
		err may = note_for(ctx, ids[i], note->id, &seen);
		if (may == ERR_NOT_FOUND)
			continue;
		TRY(may);
		struct notification_row row = {.account = ids[i],
			.kind = MENTIONED,
			.actor = note->account,
			.note = note->root.v ? note->root : note->id,
			.comment = note->root.v ? note->id : (note_id){0}};
		TRY(told_tell(ctx, &row, str_fmt(ctx->mem, "mention %lld", (long long)note->id.v)));
	}
	return OK;
}

static err on_mention(struct ctx *ctx, const struct job *job, void *arg)
{
	struct note note;
	(void)arg;
	ctx->now = job->added;
	err found = note_for(ctx, job_actor(job), (note_id){job->subject}, &note);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	return tell_mentioned(ctx, &note, (account_id){0}, (account_id){0});
}

static err on_comment(struct ctx *ctx, const struct job *job, void *arg)
{
	account_id actor = job_actor(job);
	struct note comment, root;
	(void)arg;
	ctx->now = job->added;
	err found = note_for(ctx, actor, (note_id){job->subject}, &comment);
	if (found == OK)
		found = note_for(ctx, actor, comment.root, &root);
	if (found == ERR_NOT_FOUND)
		return OK;
	TRY(found);
	str once = str_fmt(ctx->mem, "comment %lld", (long long)comment.id.v);
	struct notification_row row = {.actor = actor, .note = root.id, .comment = comment.id};
	account_id answered = comment.answers;
	if (answered.v) {
		struct note seen;
		row.account = answered;
		row.kind = COMMENT_ANSWERED;
		err may = note_for(ctx, answered, comment.id, &seen);
		if (may == OK)
			TRY(told_tell(ctx, &row, once));
		else if (may != ERR_NOT_FOUND)
			return may;
	}
	if (root.account.v != answered.v) {
		row.account = root.account;
		row.kind = NOTE_COMMENTED;
		TRY(told_tell(ctx, &row, once));
	}
	return tell_mentioned(ctx, &comment, answered, root.account);
}

static err erase(
	struct ctx *ctx, account_id of, int64_t aside, const notification_id *ids, ptrdiff_t n)
{
	int64_t gone;
	if (aside == TOLD_IN_LIST)
		return notifications_delete(ctx, of, ids, n, &gone);
	return notifications_delete_aside(ctx, of, aside, ids, n, &gone);
}

bool told_together(const struct told_row *a, const struct told_row *b)
{
	return a->account.v == b->account.v && a->aside == b->aside;
}

static err forget_of_one(struct ctx *ctx, const struct told_row *rows, ptrdiff_t n)
{
	notification_id *ids = NEW_N(ctx->mem, notification_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	change_add(ctx, &account_told, 0, rows[0].account.v, 0);
	return erase(ctx, rows[0].account, rows[0].aside, ids, n);
}

struct forgetting {
	told_find_fn find;
	int64_t of;
	bool more;
};

static err find_of_note(
	struct ctx *ctx, int64_t of, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	TRY(told_of_note(ctx, (note_id){of}, most, rows, n));
	return *n ? OK : told_of_comment(ctx, (note_id){of}, most, rows, n);
}

// A part of what people were told of something: of a popular note there is very much.
static err forget(struct ctx *ctx, void *arg)
{
	struct forgetting *f = arg;
	struct told_row *rows;
	ptrdiff_t n, from = 0;
	TRY(f->find(ctx, f->of, FORGET_STEP, &rows, &n));
	f->more = n > 0;
	for (ptrdiff_t i = 1; i <= n; i++) {
		if (i < n && told_together(&rows[i], &rows[from]))
			continue;
		TRY(forget_of_one(ctx, rows + from, i - from));
		from = i;
	}
	return OK;
}

// What is told again takes the place of what was told before, so that a hundred are one line.
static err tell_anew(struct ctx *ctx, void *arg)
{
	struct telling *t = arg;
	struct told_once_row before;
	err found = told_once(ctx, t->row.account, t->row.once, &before);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	if (found == OK)
		TRY(erase(ctx, t->row.account, before.aside, &before.id, 1));
	return tell(ctx, t);
}

static err on_signup(struct ctx *ctx, const struct job *job, void *arg)
{
	account_id *who;
	ptrdiff_t n;
	(void)arg;
	ctx->now = job->added;
	TRY(deciders(ctx, &who, &n));
	for (ptrdiff_t i = 0; i < n; i++) {
		struct telling t = {
			.row = {.account = who[i], .kind = SIGNUPS_WAIT, .once = S("signups")}};
		TRY(store_write(ctx, tell_anew, &t));
	}
	return OK;
}

#define REPORTERS_AT_ONCE 100

// Those whose reports a decision answered; the payload is the note that they are led to.
static err on_report(struct ctx *ctx, const struct job *job, void *arg)
{
	decision_id decision = {job->subject};
	str once = str_fmt(ctx->mem, "report %lld", (long long)decision.v);
	struct notification_row row = {.kind = REPORT_ANSWERED, .thing = {decision.v, true}};
	account_id *who, after = {0};
	ptrdiff_t n;
	(void)arg;
	if (!str_int(job->payload, &row.note.v))
		row.note.v = 0;
	ctx->now = job->added;
	do {
		TRY(reporters_after(ctx, decision, after, REPORTERS_AT_ONCE, &who, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			row.account = after = who[i];
			TRY(told_tell(ctx, &row, once));
		}
	} while (n == REPORTERS_AT_ONCE);
	return OK;
}

err told_forget(struct ctx *ctx, told_find_fn find, int64_t about)
{
	struct forgetting f = {.find = find, .of = about, .more = true};
	while (f.more)
		TRY(store_write(ctx, forget, &f));
	return OK;
}

static err on_forget(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return told_forget(ctx, find_of_note, job->subject);
}

static void listen(struct memo *counts)
{
	memo_follow(counts, &standing_changed,
		MEMO_ALL); // others are told of what they did, or no more
	memo_follow(counts, &account_changed, MEMO_SUBJECT); // its role
	memo_follow(counts, &account_told, MEMO_ACTOR);
	memo_follow(counts, &note_liked, MEMO_EXTRA);
	memo_follow(counts, &note_unliked, MEMO_EXTRA);
	memo_follow(counts, &follow_begun, MEMO_SUBJECT | MEMO_ACTOR);
	memo_follow(counts, &follow_ended, MEMO_SUBJECT | MEMO_ACTOR);
	memo_follow(counts, &note_edited, MEMO_SUBJECT);
	memo_follow(counts, &note_changed, MEMO_SUBJECT);
	memo_follow(counts, &note_deleted, MEMO_SUBJECT);
	// Its answers are of the same note, as every count that was judged by them is.
	memo_follow(counts, &comment_deleted, MEMO_SUBJECT | MEMO_EXTRA);
}

err told_judge(struct ctx *ctx, struct told_line *lines, ptrdiff_t n, note_id *ids, bool *there)
{
	bool by_rooms = false;
	bool *seen = NEW_N(ctx->mem, bool, 2 * n);
	note_id *asked = NEW_N(ctx->mem, note_id, 2 * n); // what is not so is not asked for
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[2 * i] = lines[i].note;
		ids[2 * i + 1] = lines[i].comment;
		asked[2 * i] = lines[i].so ? lines[i].note : (note_id){0};
		asked[2 * i + 1] = lines[i].so ? lines[i].comment : (note_id){0};
	}
	TRY(notes_there(ctx, asked, 2 * n, seen));
	for (ptrdiff_t i = 0; i < n; i++) {
		const struct told_line *l = &lines[i];
		bool visible = (!l->note.v || seen[2 * i]) && (!l->comment.v || seen[2 * i + 1]);
		there[i] = l->so && (visible || l->thing.has); // a decision is told without
		by_rooms |= l->kind >= TOLD_BY_ROOMS;
		if (l->kind >= TOLD_BY_ROOMS && !l->comment.v)
			ids[2 * i + 1].v = l->thing.v;
	}
	return by_rooms ? told_judge_rooms(ctx, lines, n, there) : OK;
}

// New ones, some at a time.
struct fresh {
	notification_id before; // goes on from here
	ptrdiff_t n;            // that were read
	notification_id *ids;   // of those that are there for the viewer
	ptrdiff_t n_there;
	note_id *judged; // notes and comments that were looked at: 2 n, some 0
	struct told_absent absent;
};

static err next_fresh(struct ctx *ctx, struct fresh *f, ptrdiff_t most)
{
	struct told_line *lines;
	TRY(notifications_fresh(ctx, ctx->viewer.account, f->before, most, &lines, &f->n));
	bool *there = NEW_N(ctx->mem, bool, f->n);
	f->ids = NEW_N(ctx->mem, notification_id, f->n);
	f->judged = NEW_N(ctx->mem, note_id, 2 * f->n);
	f->n_there = 0;
	TRY(told_judge(ctx, lines, f->n, f->judged, there));
	told_absent_add(ctx, &f->absent, lines, f->n, there);
	for (ptrdiff_t i = 0; i < f->n; i++) {
		f->before = lines[i].id;
		if (there[i])
			f->ids[f->n_there++] = lines[i].id;
	}
	return OK;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

// Each once: a hundred likes are of one note.
static ptrdiff_t distinct(int64_t *ids, ptrdiff_t n)
{
	ptrdiff_t kept = 0;
	qsort(ids, (size_t)n, sizeof *ids, by_number);
	for (ptrdiff_t i = 0; i < n; i++)
		if (!kept || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	return kept;
}

static err count_fresh(struct ctx *ctx, int64_t *count, uint64_t moment)
{
	struct fresh f = {.before = {INT64_MAX}};
	struct scan scan = {
		.want = COUNTED_MOST, .next = TOLD_BATCH, .batch = TOLD_BATCH, .most = LINES_MOST};
	account_id me = ctx->viewer.account;
	LIST(int64_t) about = {0};
	list_push(ctx->mem, &about, me.v);
	*count = 0;
	while (scan_goes_on(&scan, *count)) {
		TRY(next_fresh(ctx, &f, scan.next));
		scan_read(&scan, f.n);
		*count += f.n_there;
		for (ptrdiff_t i = 0; i < 2 * f.n; i++)
			if (f.judged[i].v)
				list_push(ctx->mem, &about, f.judged[i].v);
	}
	*count = MIN(*count, COUNTED_MOST);
	about.n = distinct(about.at, about.n);
	memo_keep_copy(ctx, ctx->house->notifications->counts, memo_id(me), count, sizeof *count,
		about.n + 4, moment, about.at, about.n);
	return OK;
}

err notifications_unread(struct ctx *ctx, int64_t *out)
{
	struct memo *counts = ctx->house->notifications->counts;
	*out = 0;
	if (!ctx->viewer.account.v)
		return OK;
	uint64_t moment;
	bool known = memo_copy(counts, memo_id(ctx->viewer.account), out, sizeof *out, &moment);
	return known ? OK : count_fresh(ctx, out, moment);
}

struct marking {
	notification_id before, after; // before: marked so far; the body may run again
	bool more;
};

static err mark(struct ctx *ctx, void *arg)
{
	struct marking *m = arg;
	struct fresh f = {.before = m->before};
	TRY(next_fresh(ctx, &f, TOLD_BATCH));
	m->after = f.before;
	m->more = f.n == TOLD_BATCH;
	TRY(told_absent_leave(ctx, &f.absent));
	if (!f.n_there)
		return OK;
	change_add(ctx, &account_told, 0, ctx->viewer.account.v, 0);
	return notifications_mark(ctx, ctx->viewer.account, f.ids, f.n_there);
}

// In steps, so that others can write in between; after a few of them the rest is for a job.
static err mark_some(struct ctx *ctx, notification_id before)
{
	struct marking m = {.before = before, .more = true};
	account_id me = ctx->viewer.account;
	for (int i = 0; m.more && i < MARK_STEPS; i++) {
		TRY(store_write(ctx, mark, &m));
		m.before = m.after;
	}
	if (!m.more)
		return OK;
	return jobs_add(ctx,
		&(struct job_new){.kind = S("notify.seen"),
			.subject = me.v,
			.payload = str_fmt(ctx->mem, "%lld", (long long)m.before.v),
			.unique = str_fmt(ctx->mem, "seen %lld", (long long)me.v)},
		NULL);
}

static err on_seen(struct ctx *ctx, const struct job *job, void *arg)
{
	notification_id before;
	(void)arg;
	if (!str_int(job->payload, &before.v))
		return ERR_GONE;
	ctx->viewer = (struct viewer){.account = {job->subject}, .role = ROLE_MEMBER};
	return mark_some(ctx, before);
}

err notifications_seen(struct ctx *ctx)
{
	return mark_some(ctx, (notification_id){INT64_MAX});
}

static const struct note *find(
	const struct shown_note *shown, ptrdiff_t n, note_id id, const struct picture **cover)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		if (!id.v || shown[i].note.id.v != id.v)
			continue;
		if (cover)
			*cover = shown[i].cover;
		return &shown[i].note;
	}
	return NULL;
}

static void fill_texts(struct notification *out, const struct shown_note *shown, ptrdiff_t n)
{
	const struct picture *cover = NULL;
	const struct note *note = find(shown, n, out->note, &cover);
	const struct note *comment = find(shown, n, out->comment, NULL);
	if (!note || (out->comment.v && !comment))
		return;
	out->picture = cover;
	out->there = true;
	if (comment)
		out->excerpt = utf8_head(comment->body, EXCERPT);
	else
		out->excerpt = utf8_head(note->title.n ? note->title : note->body, EXCERPT);
}

// Lines from page->next on that are there for the viewer; fills the page but for its rows.
static err lines_there(
	struct ctx *ctx, int limit, struct told_line **out, struct notification_page *page)
{
	struct scan scan = scan_begin(limit, LINES_MOST);
	struct told_absent absent = {0};
	notification_id at = page->next;
	LIST(struct told_line) kept = {0};
	struct told_line *lines;
	ptrdiff_t read;
	scan.batch = MAX(TOLD_BATCH, limit + 1);
	while (scan_goes_on(&scan, kept.n)) {
		TRY(notifications_before(ctx, ctx->viewer.account, at, scan.next, &lines, &read));
		scan_read(&scan, read);
		note_id *ids = NEW_N(ctx->mem, note_id, 2 * read);
		bool *there = NEW_N(ctx->mem, bool, read);
		TRY(told_judge(ctx, lines, read, ids, there));
		told_absent_add(ctx, &absent, lines, read, there);
		for (ptrdiff_t i = 0; i < read; i++) {
			at = lines[i].id;
			if (there[i])
				list_push(ctx->mem, &kept, lines[i]);
		}
	}
	page->more = kept.n > limit;
	page->n = MIN(kept.n, limit);
	if (page->n)
		page->next = kept.at[page->n - 1].id;
	*out = kept.at;
	return told_absent_leave(ctx, &absent);
}

err notifications_page(
	struct ctx *ctx, notification_id before, int limit, struct notification_page *out)
{
	struct notification_page page = {.next = before.v ? before : (notification_id){INT64_MAX}};
	struct told_line *rows;
	struct shown_note *shown;
	ptrdiff_t n_shown;
	TRY(lines_there(ctx, limit, &rows, &page));
	ptrdiff_t n = page.n;
	note_id *ids = NEW_N(ctx->mem, note_id, 2 * n);
	account_id *actors = NEW_N(ctx->mem, account_id, n);
	struct person *people = NEW_N(ctx->mem, struct person, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		ids[2 * i] = rows[i].note;
		ids[2 * i + 1] = rows[i].comment;
		actors[i] = rows[i].actor;
	}
	TRY(shown_by_ids(ctx, ids, 2 * n, SHOWN_COVER, &shown, &n_shown));
	TRY(people_by_ids(ctx, actors, n, people));
	struct notification *list = NEW_N(ctx->mem, struct notification, n);
	for (ptrdiff_t i = 0; i < n; i++) {
		list[i] = (struct notification){.id = rows[i].id,
			.kind = (enum notification_kind)rows[i].kind,
			.actor = people[i].id.v ? &people[i] : NULL,
			.note = rows[i].note,
			.comment = rows[i].comment,
			.thing = rows[i].thing.v,
			.at = rows[i].at,
			.fresh = rows[i].fresh};
		fill_texts(&list[i], shown, n_shown);
	}
	page.at = list;
	*out = page;
	return OK;
}

err notifications_tell_decision(
	struct ctx *ctx, account_id account, decision_id decision, note_id note)
{
	struct telling t = {.row = {.account = account,
				    .kind = MODERATED,
				    .thing = {decision.v, true},
				    .note = note}};
	return tell(ctx, &t);
}

err notifications_tell_welcome(struct ctx *ctx, account_id account)
{
	struct telling t = {.row = {.account = account, .kind = WELCOMED, .once = S("welcome")}};
	return tell(ctx, &t);
}

err notifications_tell_reporters(struct ctx *ctx, decision_id decision, note_id note)
{
	const struct job_new job = {.kind = S("notify.report"),
		.subject = decision.v,
		.payload = str_fmt(ctx->mem, "%lld", (long long)note.v)};
	return jobs_add(ctx, &job, NULL);
}

static err start(struct ctx *ctx)
{
	struct notifications *n = mem_new(1, (ptrdiff_t)sizeof *n);
	struct jobs *jobs = ctx->house->jobs;
	n->counts = memo_new(ctx->house->store, &(struct memo_spec){.most = COUNTS_WEIGHT});
	listen(n->counts);
	ctx->house->notifications = n;
	aside_start(ctx);
	kinds_start(ctx);
	jobs_register(jobs, S("notify.follow"), on_follow, NULL, NULL);
	jobs_register(jobs, S("notify.like"), on_like, NULL, NULL);
	jobs_register(jobs, S("notify.mention"), on_mention, NULL, NULL);
	jobs_register(jobs, S("notify.comment"), on_comment, NULL, NULL);
	jobs_register(jobs, S("notify.forget"), on_forget, NULL, NULL);
	jobs_register(jobs, S("notify.seen"), on_seen, NULL, NULL);
	jobs_register(jobs, S("notify.signup"), on_signup, NULL, NULL);
	jobs_register(jobs, S("notify.report"), on_report, NULL, NULL);
	jobs_on(jobs, &follow_begun, S("notify.follow"));
	jobs_on(jobs, &note_liked, S("notify.like"));
	jobs_on(jobs, &note_mentions, S("notify.mention"));
	jobs_on(jobs, &comment_published, S("notify.comment"));
	jobs_on(jobs, &note_deleted, S("notify.forget"));
	jobs_on(jobs, &comment_deleted, S("notify.forget"));
	jobs_on(jobs, &comment_erased, S("notify.forget"));
	jobs_on(jobs, &account_waits, S("notify.signup"));
	return OK;
}

static void stop(struct ctx *ctx)
{
	memo_free(ctx->house->notifications->counts);
	mem_free(ctx->house->notifications);
	ctx->house->notifications = NULL;
}

const struct room notifications_room = {
	.name = "notifications", .extent = OPEN_ROOMS, .start = start, .stop = stop};
