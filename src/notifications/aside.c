// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lines that are not there any more, where they are many: read past again and again they would make the
// list slow, and hide what is behind them. A job puts them aside. Whatever may make some of them true
// again brings them back into the list, where they are judged as all are: it need not know whether
// they are, and a line that comes back too early is put aside once more.
#include "notifications/private.h"

#include "jobs/jobs.h"
#include "notes/notes.h"
#include "store/store.h"

#define ABSENT_MANY 100            // met by one page
#define BACK_STEP 300              // lines that come back at once
#define ONCE_MORE (30 * MS_SECOND) // what is kept in memory of people is true again by then

// --- away ---------------------------------------------------------------------------------------

// Whether somebody waits is known only now, and it is one line; of a kind whose room is not here nobody
// would bring it back.
static bool may_stand_aside(struct ctx *ctx, const struct told_line *line)
{
	return line->kind != SIGNUPS_WAIT && told_is_known(ctx, line->kind);
}

void told_absent_add(struct ctx *ctx, struct told_absent *a, const struct told_line *lines,
	ptrdiff_t n, const bool *there)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		if (there[i] || !may_stand_aside(ctx, &lines[i]))
			continue;
		if (!a->n++)
			a->first = lines[i].id;
	}
}

err told_absent_leave(struct ctx *ctx, const struct told_absent *a)
{
	account_id me = ctx->viewer.account;
	job_id waits;
	if (a->n < ABSENT_MANY)
		return OK;
	str unique = str_fmt(ctx->mem, "aside %lld", (long long)me.v);
	err found = jobs_waiting(ctx, unique, &waits);
	if (found != ERR_NOT_FOUND)
		return found;
	return jobs_add(ctx,
		&(struct job_new){.kind = S("notify.aside"),
			.subject = me.v,
			.payload = str_fmt(ctx->mem, "%lld", (long long)a->first.v),
			.unique = unique},
		NULL);
}

struct putting {
	notification_id before, after; // before: looked at so far; the body may run again
	bool more;
};

static err put_all(struct ctx *ctx, const struct told_line *lines, ptrdiff_t n, const bool *there,
	int where, ptrdiff_t *put)
{
	notification_id *ids = NEW_N(ctx->mem, notification_id, n);
	ptrdiff_t n_ids = 0;
	for (ptrdiff_t i = 0; i < n; i++)
		if (!there[i] && may_stand_aside(ctx, &lines[i]) &&
			lines[i].so == (where == TOLD_NOT_THERE))
			ids[n_ids++] = lines[i].id;
	*put += n_ids;
	return n_ids ? notifications_put_aside(ctx, ctx->viewer.account, ids, n_ids, where) : OK;
}

static err put_some(struct ctx *ctx, void *arg)
{
	struct putting *p = arg;
	struct told_line *lines;
	ptrdiff_t n, put = 0;
	TRY(notifications_before(ctx, ctx->viewer.account, p->before, TOLD_BATCH, &lines, &n));
	note_id *ids = NEW_N(ctx->mem, note_id, 2 * n);
	bool *there = NEW_N(ctx->mem, bool, n);
	TRY(told_judge(ctx, lines, n, ids, there));
	TRY(put_all(ctx, lines, n, there, TOLD_NOT_SO, &put));
	TRY(put_all(ctx, lines, n, there, TOLD_NOT_THERE, &put));
	p->after = n ? lines[n - 1].id : p->before;
	p->more = n == TOLD_BATCH && put;
	return OK;
}

// From the first that was met, as long as there are such.
static err on_aside(struct ctx *ctx, const struct job *job, void *arg)
{
	struct putting p = {.more = true};
	(void)arg;
	if (!str_int(job->payload, &p.after.v))
		return ERR_GONE;
	p.after.v++;
	ctx->viewer = (struct viewer){.account = {job->subject}, .role = ROLE_MEMBER};
	while (p.more) {
		p.before = p.after;
		TRY(store_write(ctx, put_some, &p));
	}
	return OK;
}

// --- back ---------------------------------------------------------------------------------------

struct bringing {
	told_find_fn find;
	int64_t about;
	bool more;
};

static err find_of_actor(
	struct ctx *ctx, int64_t id, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	return aside_of_actor(ctx, (account_id){id}, most, rows, n);
}

static err find_aside_of_note(
	struct ctx *ctx, int64_t id, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	return aside_of_note(ctx, (note_id){id}, most, rows, n);
}

static err find_of_reader(
	struct ctx *ctx, int64_t id, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	return aside_of_reader(ctx, (account_id){id}, most, rows, n);
}

static err find_any(
	struct ctx *ctx, int64_t id, ptrdiff_t most, struct told_row **rows, ptrdiff_t *n)
{
	(void)id;
	return aside_not_there(ctx, most, rows, n);
}

static err bring_of_one(struct ctx *ctx, const struct told_row *rows, ptrdiff_t n)
{
	notification_id *ids = NEW_N(ctx->mem, notification_id, n);
	for (ptrdiff_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	change_add(ctx, &account_told, 0, rows[0].account.v, 0);
	return notifications_put_back(ctx, rows[0].account, rows[0].aside, ids, n);
}

static err bring_some(struct ctx *ctx, void *arg)
{
	struct bringing *b = arg;
	struct told_row *rows;
	ptrdiff_t n, from = 0;
	TRY(b->find(ctx, b->about, BACK_STEP, &rows, &n));
	b->more = n == BACK_STEP;
	for (ptrdiff_t i = 1; i <= n; i++) {
		if (i < n && told_together(&rows[i], &rows[from]))
			continue;
		TRY(bring_of_one(ctx, rows + from, i - from));
		from = i;
	}
	return OK;
}

err told_bring_back(struct ctx *ctx, told_find_fn find, int64_t about)
{
	struct bringing b = {.find = find, .about = about, .more = true};
	while (b.more)
		TRY(store_write(ctx, bring_some, &b));
	return OK;
}

// Of somebody who came back: what they did, and whatever stands under what they wrote.
static err on_back_actor(struct ctx *ctx, const struct job *job, void *arg)
{
	struct account who;
	(void)arg;
	err found = account_by_id(ctx, (account_id){job->subject}, &who);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found;
	if (who.standing != STANDING_GOOD)
		return OK;
	TRY(told_bring_back(ctx, find_of_actor, job->subject));
	return told_bring_back(ctx, find_any, 0);
}

static err on_back_note(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return told_bring_back(ctx, find_aside_of_note, job->subject);
}

static err on_back_reader(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)arg;
	return told_bring_back(ctx, find_of_reader, job->subject);
}

static err leave(struct ctx *ctx, str kind, int64_t subject)
{
	return jobs_add(ctx,
		&(struct job_new){.kind = kind,
			.subject = subject,
			.unique =
				str_fmt(ctx->mem, "%.*s %lld", STR_ARGS(kind), (long long)subject)},
		NULL);
}

// Once more later: what was put aside at the same moment may have been judged by what memory still held.
static err on_standing(struct ctx *ctx, const struct change *c, void *arg)
{
	struct job_new again = {
		.kind = S("returns.sweep"), .subject = c->subject, .run_at = ctx->now + ONCE_MORE};
	(void)arg;
	TRY(leave(ctx, S("notify.back-actor"), c->subject));
	return jobs_add(ctx, &again, NULL);
}

// Another circle, or its author is there again.
static err on_note(struct ctx *ctx, const struct change *c, void *arg)
{
	struct told_row *rows;
	ptrdiff_t n;
	(void)arg;
	TRY(aside_of_note(ctx, (note_id){c->subject}, 1, &rows, &n));
	return n ? leave(ctx, S("notify.back-note"), c->subject) : OK;
}

// Notes for followers and friends are there now.
static err on_follow_begun(struct ctx *ctx, const struct change *c, void *arg)
{
	const int64_t both[] = {c->subject, c->actor};
	(void)arg;
	for (int i = 0; i < COUNT(both); i++) {
		struct told_row *rows;
		ptrdiff_t n;
		TRY(aside_of_reader(ctx, (account_id){both[i]}, 1, &rows, &n));
		if (n)
			TRY(leave(ctx, S("notify.back-reader"), both[i]));
	}
	return OK;
}

void aside_start(struct ctx *ctx)
{
	struct jobs *jobs = ctx->house->jobs;
	struct store *store = ctx->house->store;
	struct change_kind *const notes[] = {&note_edited, &note_changed, &note_counted};
	jobs_register(jobs, S("notify.aside"), on_aside, NULL, NULL);
	jobs_register(jobs, S("notify.back-actor"), on_back_actor, NULL, NULL);
	jobs_register(jobs, S("returns.sweep"), on_back_actor, NULL, NULL);
	jobs_register(jobs, S("notify.back-note"), on_back_note, NULL, NULL);
	jobs_register(jobs, S("notify.back-reader"), on_back_reader, NULL, NULL);
	store_within(store, &standing_changed, on_standing, NULL);
	store_within(store, &follow_begun, on_follow_begun, NULL);
	for (ptrdiff_t i = 0; i < COUNT(notes); i++)
		store_within(store, notes[i], on_note, NULL);
}
